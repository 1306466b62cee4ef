"""What is shown of each answer, before any pen."""
