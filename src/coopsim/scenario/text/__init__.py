"""How a file is read: YAML as a tree that knows its lines, and faults that know their place."""
