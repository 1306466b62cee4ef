"""The terminal: the pen that lays views out, its screen, its progress bar."""
