"""The figures of one result: what each page shows, and how."""
