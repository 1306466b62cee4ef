"""Single timelines: which one to tell, why it went its way, what its events waited for."""
