"""What people write for short, as the plain scenario that is checked and simulated."""
