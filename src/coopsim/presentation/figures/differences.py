"""How results differ in many numbers: dots with intervals, a row for each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.presentation.figures.kit.style import (
    POINTS,
    line_style,
)
from coopsim.presentation.figures.kit.whiskers import (
    draw_dot,
    draw_whisker,
    draw_zero,
    frame_rows,
    name_rows,
    scale_below,
    shade_row,
)

_SPREAD = 0.56  # of a row, over which the results' dots are put
NAMES = 2.9  # inches for the names of rows


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """The differences of one number by result, and the scale by which they are drawn."""

    label: str
    differences: Mapping[str, PairedEstimate | None]
    scale: float


def draw_differences(
    ax: Axes, rows: Sequence[DifferenceRow], names: Sequence[str], *, named: bool
) -> Axes:
    """Draw each result's difference as a dot with its 95 % interval, one row for a number.

    A hollow dot is no detectable difference, or its error is not known. The names of the rows are
    written where `named`.
    """
    for place in range(len(rows)):
        shade_row(ax, place)
    draw_zero(ax)
    offsets = np.linspace(-_SPREAD / 2, _SPREAD / 2, len(names)) if len(names) > 1 else [0.0]
    for place, row in enumerate(rows):
        for number, (name, offset) in enumerate(zip(names, offsets, strict=True), start=1):
            difference = row.differences.get(name)
            if difference is not None:
                _draw_difference(ax, difference, row.scale, place + offset, number)
    frame_rows(ax, len(rows))
    low, high = ax.get_xlim()
    pad = 0.04 * max(high - low, 1e-9)
    ax.set_xlim(min(low, 0) - pad, max(high, 0) + pad)
    scale_below(ax)
    name_rows(ax, [row.label for row in rows] if named else [], NAMES * POINTS - 8)
    ax.tick_params(axis="y", labelleft=named)
    return ax


def _draw_difference(
    ax: Axes, difference: PairedEstimate, scale: float, place: float, number: int
) -> None:
    colour = line_style(number)[0]
    draw_whisker(ax, place, difference.interval, scale, color=colour, linewidth=1.3)
    value, sure = scale * difference.value, difference.told_from_zero
    draw_dot(ax, (value, place), number, filled=sure, size=4.4)
