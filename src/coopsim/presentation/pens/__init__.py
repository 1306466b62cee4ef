"""The small pens over a view: HTML for notebooks, CSV beside figures. The large one is terminal."""
