"""Several results side by side, run by run."""
