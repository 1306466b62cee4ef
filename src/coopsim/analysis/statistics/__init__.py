"""Estimates and their errors; nothing here knows of scenarios."""
