"""The family of commands that keeps the track record."""
