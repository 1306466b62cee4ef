"""How figures look: colours that differ in luminance, line styles, sizes, shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter

from coopsim.presentation.figures.kit.fonts import families
from coopsim.scenario.spec import LevelsEnd

INK = "#1a1a1a"
SOFT = "#5f5f5f"  # second-rank text, still dark enough to read
PALE = "#a8a8a8"
FAINT = "#d9d9d9"
NONE = "#efefef"  # what did not happen

SMALL = 6.8
TEXT = 7.5
TITLE = 9.0
POINTS = 72  # per inch

# Colours of Okabe and Ito ("Color Universal Design", 2008), the pale ones left out; in grey the
# dashes tell them apart.
LINES: tuple[tuple[str, Any], ...] = (
    ("#0072B2", "-"),
    ("#D55E00", (0, (5, 1.5))),
    ("#009E73", (0, (1.2, 1.2))),
    ("#000000", (0, (6, 1.5, 1.2, 1.5))),
    ("#CC79A7", (0, (3, 1))),
    ("#E69F00", (0, (8, 2, 1.2, 2, 1.2, 2))),
    ("#56B4E9", (0, (2, 2))),
    ("#7F7F7F", (0, (10, 2))),
)
_COOPERATION = LinearSegmentedColormap.from_list("", ["#fdd3a1", "#a6abb8", "#0f3b6d"])
_GREYS = LinearSegmentedColormap.from_list("", ["#f0f0f0", "#5a5a5a"])
_DARK = 0.58  # luminance below which white can be read better
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")

_SETTINGS: Any = {  # Matplotlib's stubs list every name there is
    "font.size": TEXT,
    "text.color": INK,
    "text.parse_math": False,  # a title may hold a dollar sign
    "text.hinting": "none",  # letters stand where they were measured, in a PNG as in an SVG
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0,
    "svg.hashsalt": "coopsim",  # the ids in an SVG, else drawn anew each time
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in our style whatever the user's own settings are, and leave those alone."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**_SETTINGS, "font.family": families()})
        yield


def ordered_colours(count: int) -> list[Any]:
    """Get colours for parts of a whole, from dark to light, as of the uniform map viridis."""
    return list(mpl.colormaps["viridis"](np.linspace(0.12, 0.95, max(count, 1))))


def level_colours(count: int, more_cooperation: LevelsEnd | None = None) -> list[Any]:
    """Get colours for the levels of a driver in their order, from light for the lowest to dark.

    Where one end is `more_cooperation`, that end is dark and blue, and the other light and orange:
    two hues that the colour-blind tell apart too. Else they are greys. Luminance alone would do.
    """
    places = np.linspace(0, 1, count) if count > 1 else np.array([0.5])
    if more_cooperation == "first":
        places = places[::-1]
    return list((_GREYS if more_cooperation is None else _COOPERATION)(places))


def text_on(colour: Any) -> str:
    """Choose the ink that can be read on a colour."""
    red, green, blue = mpl.colors.to_rgb(colour)
    return "white" if 0.3 * red + 0.59 * green + 0.11 * blue < _DARK else INK


def line_style(number: int) -> tuple[str, Any]:
    """Get the colour and the dashes of a line; they come round after eight."""
    return LINES[number % len(LINES)]


def marker(number: int) -> str:
    """Get the form of a point; they come round after eight."""
    return _MARKERS[number % len(_MARKERS)]


def percent_axis(ax: Axes) -> None:
    """Write shares of 0 to 100 % beside an axis, with a little room at both ends."""
    ax.set_ylim(-0.02, 1.02)
    ax.set_yticks([0, 0.5, 1] if inches(ax)[1] < 1.6 else [0, 0.25, 0.5, 0.75, 1])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))


def inches(ax: Axes) -> tuple[float, float]:
    """Measure an axes: width and height."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes is in no figure")
    width, height = figure.get_size_inches()
    box = ax.get_position()
    return float(box.width * width), float(box.height * height)
