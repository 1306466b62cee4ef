"""How a scenario is changed: merged over its parent, set, moved, compared with another."""
