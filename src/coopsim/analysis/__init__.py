"""What that means: firings become answers."""
