"""Curves as SVG paths on a square of 1,000 by 1,000, its origin at the top left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coopsim.scenario.notation.quantiles import FloatArray

SIDE = 1000
_STRAIGHT = 4  # thousandths: less than a pixel of a chart


def line_path(across: FloatArray, up: FloatArray) -> str:
    """Draw a line through places of 0 to 1; points between which it goes straight are left out."""
    x, y = _placed(across), SIDE - _placed(up)
    kept = _corners(x, y)
    return "M" + " ".join(f"{a},{b}" for a, b in zip(x[kept], y[kept], strict=True))


def area_below(across: FloatArray, up: FloatArray) -> str:
    """Draw what lies below a line, from one side of the square to the other."""
    return f"{line_path(across, up)}V{SIDE}H0Z"


def area_path(across: FloatArray, low: FloatArray, high: FloatArray) -> str:
    """Draw what lies between two lines."""
    back = line_path(across[::-1], low[::-1]).removeprefix("M")
    return f"{line_path(across, high)} {back}Z"


def _placed(values: FloatArray) -> FloatArray:
    placed: FloatArray = np.rint(SIDE * values).astype(np.int64)
    return placed


def _corners(x: FloatArray, y: FloatArray) -> Sequence[int]:
    """Find the points where a line turns, and both its ends."""
    kept, last = [0], len(x) - 1
    for at in range(1, last):
        begin = kept[-1]
        between = slice(begin + 1, at + 1)
        straight = y[begin] + (y[at + 1] - y[begin]) * (x[between] - x[begin]) / max(
            abs(x[at + 1] - x[begin]), 1
        ) * np.sign(x[at + 1] - x[begin])
        if np.abs(straight - y[between]).max() > _STRAIGHT:
            kept.append(at)
    return [*kept, last]
