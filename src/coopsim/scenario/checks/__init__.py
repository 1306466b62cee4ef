"""What must hold of a scenario whose parts are each well formed, and what is worth a warning."""
