"""What is known of a timeline: statements, answers given them, what marks an outcome."""
