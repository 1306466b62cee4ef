"""What if: variants of a scenario played with the same luck."""
