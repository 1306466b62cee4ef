"""The figures, and the only place that knows Matplotlib."""

from coopsim.presentation.figures.comparing import draw_comparison
from coopsim.presentation.figures.discovery import draw_discovery
from coopsim.presentation.figures.doubting import draw_doubt, draw_indices
from coopsim.presentation.figures.evidence import draw_given
from coopsim.presentation.figures.explaining import draw_attribution
from coopsim.presentation.figures.result import draw_result
from coopsim.presentation.figures.sweeping import draw_sweep
from coopsim.presentation.figures.tornado import draw_sensitivity

__all__ = [
    "draw_attribution",
    "draw_comparison",
    "draw_discovery",
    "draw_doubt",
    "draw_given",
    "draw_indices",
    "draw_result",
    "draw_sensitivity",
    "draw_sweep",
]
