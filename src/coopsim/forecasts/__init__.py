"""The track record: what was forecast, when and from which assumptions, and how it came out."""
