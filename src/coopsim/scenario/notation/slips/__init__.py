"""What people naturally write, and what a scenario writes for it."""
