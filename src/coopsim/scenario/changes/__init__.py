"""How a scenario is changed: merged over its parent, set, moved, held against another."""
