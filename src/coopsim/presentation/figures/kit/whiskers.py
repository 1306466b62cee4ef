"""Estimates in rows below each other, the first on top: bars, dots, and their errors as whiskers.

Every function takes an `ax` and the place of a row; a row is one high.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coopsim.analysis.statistics.estimates import Interval
from coopsim.presentation.figures.kit.labels import wrap
from coopsim.presentation.figures.kit.style import (
    FAINT,
    INK,
    SOFT,
    TEXT,
    inches,
    line_style,
    marker,
)

HALF = 0.5  # of a row, above and below its place
_STEPS = [1, 2, 2.5, 5, 10]
HATCHED: dict[str, Any] = {"hatch": "////", "edgecolor": "white", "linewidth": 0.4}
PLAIN: dict[str, Any] = {**HATCHED, "hatch": ""}
UNSURE = 0.3  # opacity of a bar that is not detectable


def draw_whisker(
    ax: Axes, place: float, interval: Interval | None, scale: float = 1.0, **line: Any
) -> None:
    """Draw the interval of an estimate as a line, if it is known."""
    if interval is not None:
        ax.plot([scale * end for end in interval], [place] * 2, **{"color": INK, **line})


def draw_capped_whisker(
    ax: Axes, place: float, value: float, interval: Interval | None, scale: float = 1.0
) -> None:
    """Draw the interval of an estimate with a cap at each end, or `?` where it is not known."""
    if interval is None:
        ax.text(scale * value, place, " ?", color=INK, fontsize=TEXT, va="center")
        return
    draw_whisker(ax, place, interval, scale, linewidth=0.9, clip_on=False)
    ends = [scale * end for end in interval]
    ax.plot(ends, [place] * 2, "|", color=INK, markersize=5, clip_on=False)


def draw_dot(
    ax: Axes, at: tuple[float, float], number: int, *, filled: bool, size: float, **more: Any
) -> None:
    """Draw an estimate of the result or series of that number; hollow if it is not `filled`."""
    colour, (x, y) = line_style(number)[0], at
    ax.plot(
        [x], [y], marker=marker(number), markersize=size, color=colour,
        markerfacecolor=colour if filled else "white", linestyle="none", **more,
    )  # fmt: skip


# --- the rows' frame ----------------------------------------------------------------------------


def shade_row(ax: Axes, place: int) -> None:
    """Shade every other row, so that the eye stays in it."""
    if place % 2 == 0:
        ax.axhspan(place - HALF, place + HALF, color=FAINT, alpha=0.35, linewidth=0)


def frame_rows(ax: Axes, count: int) -> None:
    """Set the height of the rows, and draw lines to read values by."""
    ax.set_ylim(count - HALF, -HALF)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def name_rows(ax: Axes, names: Sequence[str], points: float, colour: str = "black") -> None:
    """Write the name of each row at its left, wrapped to a width."""
    ax.set_yticks(range(len(names)), [wrap(name, points) for name in names])
    ax.tick_params(axis="y", labelcolor=colour)


def draw_zero(ax: Axes) -> None:
    """Draw the line from which differences go."""
    ax.axvline(0, color=SOFT, linewidth=0.9)


def scale_below(ax: Axes, most: int | None = None) -> None:
    """Write round numbers below the rows, at most so many, or as many as there is room for."""
    fitting = max(int(inches(ax)[0] * 1.6), 2) if most is None else most
    ax.xaxis.set_major_locator(MaxNLocator(fitting, steps=_STEPS))
