"""Answers kept while timelines are played: counted by whoever has simulated them."""
