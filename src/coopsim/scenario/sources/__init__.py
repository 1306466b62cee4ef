"""Who says so: claims, the assumptions that cite them, and what has happened since."""
