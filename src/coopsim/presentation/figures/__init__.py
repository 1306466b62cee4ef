"""The figures, and the only place that knows Matplotlib; a module for each kind of page."""
