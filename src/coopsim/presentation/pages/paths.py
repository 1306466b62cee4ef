"""Curves as SVG paths on a square of 1,000 by 1,000, its origin at the top left."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from coopsim.analysis.timelines import IntArray
from coopsim.scenario.notation.quantiles import FloatArray

SIDE = 1000
_STRAIGHT = 5  # thousandths: less than a pixel of a chart


def line_path(across: FloatArray, up: FloatArray) -> str:
    """Draw a line through places of 0 to 1; points between which it goes straight are left out."""
    x, y = _placed(across), SIDE - _placed(up)
    kept = _corners(x, y)
    return _through(x[kept], y[kept])


def steps_path(ends: FloatArray, up: FloatArray) -> str:
    """Draw a level line between each two ends, and what leads from one to the next."""
    return _through(_placed(np.repeat(ends, 2)[1:-1]), SIDE - _placed(np.repeat(up, 2)))


def _through(x: IntArray, y: IntArray) -> str:
    """Go from place to place, each told from the one before: these numbers are the shortest."""
    steps = " ".join(f"{a},{b}" for a, b in zip(np.diff(x), np.diff(y), strict=True))
    return f"M{x[0]},{y[0]}l{steps}"


def area_below(across: FloatArray, up: FloatArray) -> str:
    """Draw what lies below a line, from one side of the square to the other."""
    return f"{line_path(across, up)}V{SIDE}H0Z"


def area_path(across: FloatArray, low: FloatArray, high: FloatArray) -> str:
    """Draw what lies between two lines."""
    back = line_path(across[::-1], low[::-1]).removeprefix("M")
    return f"{line_path(across, high)}L{back}Z"


def _placed(values: FloatArray) -> IntArray:
    placed: IntArray = np.rint(SIDE * values).astype(np.int64)
    return placed


def _corners(x: IntArray, y: IntArray) -> Sequence[int]:
    """Find the points where a line turns, and both its ends.

    From each corner on, the slopes are kept along which all points so far lie close enough, as
    Sklansky and Gonzalez do it (1980, Pattern Recognition 12).
    """
    places = list(zip(x.tolist(), y.tolist(), strict=True))
    kept, low, high = [0], -math.inf, math.inf
    for at in range(1, len(places) - 1):
        (begin_x, begin_y), here, after = places[kept[-1]], places[at], places[at + 1]
        run = abs(here[0] - begin_x)
        if run:
            low = max(low, (here[1] - begin_y - _STRAIGHT) / run)
            high = min(high, (here[1] - begin_y + _STRAIGHT) / run)
        elif abs(here[1] - begin_y) > _STRAIGHT:
            low = math.inf  # it went straight up: no slope leads past it
        ahead, rise = abs(after[0] - begin_x), after[1] - begin_y
        straight = low <= rise / ahead <= high if ahead else abs(rise) <= _STRAIGHT and low < high
        if not straight:
            kept.append(at)
            low, high = -math.inf, math.inf
    return [*kept, len(places) - 1]
