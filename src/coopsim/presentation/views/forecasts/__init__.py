"""What is shown of the track record."""
