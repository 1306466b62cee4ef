"""Results side by side in one axes: curves overlaid, and differences as dots with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.kinds.counts import CountBars
from coopsim.analysis.kinds.dates import IncidenceCurve
from coopsim.analysis.kinds.firsts import CompetingCurves
from coopsim.analysis.kinds.gaps import GapCurve
from coopsim.analysis.kinds.indices import IndexFan
from coopsim.analysis.kinds.levels import LevelShares
from coopsim.analysis.timelines import FloatArray
from coopsim.presentation.figures.kit.labels import EndLabel, end_labels, wrap
from coopsim.presentation.figures.kit.style import (
    FAINT,
    POINTS,
    SOFT,
    inches,
    line_style,
    marker,
    percent_axis,
)
from coopsim.presentation.figures.kit.time_axis import as_years, daily, gap_axis, time_axis
from coopsim.presentation.figures.panels import bar_places
from coopsim.presentation.words.numbers import among, rounded, whole_percent
from coopsim.presentation.words.wording import Wording, plain_id

_BAND = 0.16  # opacity
_SPREAD = 0.56  # of a row, over which the results' dots are put
NAMES = 2.9  # inches for the names of rows

Unit = Literal["share", "count", "index", "gap"]


@dataclass(frozen=True, slots=True)
class OverlaidLine:
    """One line to overlay: years, values, and their 95 % interval if it is known.

    Shares are of `runs` timelines; of gaps, `shorter` are shorter than any that is seen. With a
    `step` each value holds for all the day that ends there.
    """

    years: FloatArray
    values: FloatArray
    low: FloatArray | None
    high: FloatArray | None
    unit: Unit
    step: bool = False
    runs: int = 0
    shorter: float = 0.0


def traces(curve: Curve, words: Wording) -> dict[str, OverlaidLine]:
    """Take a question's curve apart into lines, by the name of branch or level if it has some."""
    if isinstance(curve, GapCurve):
        gap = OverlaidLine(curve.years, curve.probability, None, None, "gap")
        return {"": replace(gap, runs=curve.runs, shorter=curve.shorter)}
    if isinstance(curve, CountBars):
        places, _ = bar_places(curve)
        return {"": OverlaidLine(places, curve.mean, curve.low, curve.high, "count")}
    if not isinstance(curve, IncidenceCurve | CompetingCurves | LevelShares | IndexFan):
        raise TypeError(type(curve).__name__)
    years, step = as_years(curve.dates), daily(curve.dates)
    match curve:
        case IncidenceCurve():
            line = (curve.probability, curve.low, curve.high)
            return {"": OverlaidLine(years, *line, "share", step, curve.runs)}
        case CompetingCurves():
            names = map(words.branch, curve.labels)
            lines = zip(names, curve.probability, curve.low, curve.high, strict=True)
            return {
                name: OverlaidLine(years, p, low, high, "share", step, curve.runs)
                for name, p, low, high in lines
            }
        case LevelShares():
            named = zip(curve.labels, curve.shares, strict=True)
            return {
                plain_id(label): OverlaidLine(years, row, None, None, "share", step, curve.runs)
                for label, row in named
            }
        case IndexFan():
            return {"": OverlaidLine(years, curve.mean, curve.low, curve.high, "index", step)}


def draw_overlay(ax: Axes, lines: Mapping[str, OverlaidLine]) -> Axes:
    """Overlay the lines of several results, each labelled with its name and last value."""
    seen = {name: line for name, line in lines.items() if len(line.years)}
    units = {line.unit for line in seen.values()}
    styles = {name: line_style(number) for number, name in enumerate(lines)}
    for name, line in seen.items():
        colour, dashes = styles[name]
        if line.low is not None and line.high is not None:
            ax.fill_between(
                line.years, line.low, line.high, color=colour, alpha=_BAND, linewidth=0,
                step="pre" if line.step else None,
            )  # fmt: skip
        ax.plot(
            line.years, line.values, color=colour, linestyle=dashes, linewidth=1.4,
            drawstyle="steps-pre" if line.step else "default",
        )  # fmt: skip
    _frame(ax, list(seen.values()), units)
    end_labels(
        ax,
        [
            EndLabel(float(line.values[-1]), f"{name} {_end(line)}", *styles[name])
            for name, line in reversed(seen.items())  # of equals, the first on top
        ],
    )
    return ax


def _frame(ax: Axes, lines: Sequence[OverlaidLine], units: set[Unit]) -> None:
    first = min(float(line.years[0]) for line in lines)
    last = max(float(line.years[-1]) for line in lines)
    if units & {"share", "gap"}:
        percent_axis(ax)
    elif units == {"index"}:
        ax.set_ylim(0, 100)
        ax.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    else:
        ax.set_ylim(0, max(ax.get_ylim()[1], 0.1))
        ax.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    if units == {"gap"}:
        unit = gap_axis(ax, min(first, 0), max(last, 0))
        ax.set_xlabel(f"{unit} from first to second")
    else:
        pad = 0.3 if units == {"count"} and last - first >= 1 else 0.0
        time_axis(ax, first - pad, last + pad)


def _end(line: OverlaidLine) -> str:
    value = float(line.values[-1]) - line.shorter
    if line.unit in ("share", "gap"):
        return whole_percent(value, among(value, line.runs))
    if line.low is None or line.high is None:
        return rounded(value, None)
    return rounded(value, (float(line.low[-1]), float(line.high[-1])))


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """Hold the differences of one number by result, scaled as they are to be drawn."""

    label: str
    differences: Mapping[str, PairedEstimate | None]
    scale: float


def draw_differences(
    ax: Axes, rows: Sequence[DifferenceRow], names: Sequence[str], *, named: bool
) -> Axes:
    """Draw each result's difference as a dot with its 95 % interval, one row for a number.

    A hollow dot cannot be told from zero, or its error is not known. The names of the rows are
    written where `named`.
    """
    for place in range(0, len(rows), 2):
        ax.axhspan(place - 0.5, place + 0.5, color=FAINT, alpha=0.35, linewidth=0)
    ax.axvline(0, color=SOFT, linewidth=0.9)
    offsets = np.linspace(-_SPREAD / 2, _SPREAD / 2, len(names)) if len(names) > 1 else [0.0]
    for place, row in enumerate(rows):
        for number, (name, offset) in enumerate(zip(names, offsets, strict=True), start=1):
            difference = row.differences.get(name)
            if difference is not None:
                _draw_difference(ax, difference, row.scale, place + offset, number)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    low, high = ax.get_xlim()
    pad = 0.04 * max(high - low, 1e-9)
    ax.set_xlim(min(low, 0) - pad, max(high, 0) + pad)
    ax.xaxis.set_major_locator(
        MaxNLocator(max(int(inches(ax)[0] * 1.6), 2), steps=[1, 2, 2.5, 5, 10])
    )
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    labels = [wrap(row.label, NAMES * POINTS - 8) for row in rows] if named else []
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", labelcolor="black", labelleft=named)
    return ax


def _draw_difference(
    ax: Axes, difference: PairedEstimate, scale: float, place: float, number: int
) -> None:
    colour = line_style(number)[0]
    value = scale * difference.value
    if difference.interval is not None:
        low, high = difference.interval
        ax.plot([scale * low, scale * high], [place] * 2, color=colour, linewidth=1.3)
    ax.plot(
        [value], [place], marker=marker(number), markersize=4.4, color=colour,
        markerfacecolor=colour if difference.told_from_zero else "white", linestyle="none",
    )  # fmt: skip
