"""The kinds of question in figures: panels, notes below their titles, lines over one another."""
