"""A result: the headline questions in sentences, and all answers in tables."""
