"""The pen for notebooks: a view as HTML."""
