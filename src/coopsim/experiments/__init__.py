"""What if: variants of a scenario played on the same luck."""
