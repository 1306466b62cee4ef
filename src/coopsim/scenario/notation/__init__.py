"""How values, conditions and times are written, and what they stand for."""
