"""The figures, and the only place that knows Matplotlib."""

from coopsim.presentation.figures.comparing import draw_comparison
from coopsim.presentation.figures.result import draw_result

__all__ = ["draw_comparison", "draw_result"]
