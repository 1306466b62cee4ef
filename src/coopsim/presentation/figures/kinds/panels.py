"""One question drawn into one axes: every function takes an `ax`, draws and returns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coopsim.analysis.kinds.base import DateArray
from coopsim.analysis.kinds.counts import CountBars
from coopsim.analysis.kinds.dates import IncidenceCurve
from coopsim.analysis.kinds.firsts import CompetingCurves
from coopsim.analysis.kinds.gaps import GapCurve
from coopsim.analysis.kinds.indices import IndexFan
from coopsim.analysis.kinds.levels import LevelShares
from coopsim.analysis.statistics.estimates import Interval
from coopsim.presentation.figures.kit.labels import EndLabel, Margin, end_labels
from coopsim.presentation.figures.kit.style import (
    INK,
    LINES,
    NONE,
    PALE,
    SOFT,
    level_colours,
    line_style,
    ordered_colours,
    percent_axis,
)
from coopsim.presentation.figures.kit.time_axis import (
    as_years,
    bar_axis,
    daily,
    gap_axis,
    time_axis,
)
from coopsim.presentation.words.numbers import among, rounded, whole_percent
from coopsim.presentation.words.wording import not_by, plain_id
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.spec import LevelsEnd

_BAND = 0.22  # opacity


@dataclass(frozen=True, slots=True)
class Named:
    """A curve of a date with its full title and the last day of its question."""

    title: str
    closing: date
    curve: IncidenceCurve


def draw_incidence(ax: Axes, curve: IncidenceCurve, closing: date) -> Axes:
    """Draw one cumulative incidence with its band, and the never-share at the right edge.

    `closing` is the last day of the question.
    """
    colour, dashes = LINES[0]
    years = _draw_line(ax, curve.dates, (curve.probability, curve.low, curve.high), colour, dashes)
    percent_axis(ax)
    time_axis(ax, years[0], years[-1])
    closes = float(as_years(np.array([closing], dtype="datetime64[D]") + 1)[0])
    if closes < years[-1]:  # the question's own last day: after it nothing counts
        ax.axvline(closes, color=PALE, linewidth=1.2, linestyle=(0, (1, 1.5)))
    end = float(curve.probability[-1])
    labels = [EndLabel(end, _share(end, curve.runs), colour, weight="bold")]
    if end < 1:
        never = f"{not_by(closing)}:\n{_share(1 - end, curve.runs)}"
        labels.append(EndLabel((end + 1) / 2, never, PALE, ink=SOFT))
        _bracket(ax, end, 1)
    end_labels(ax, labels)
    return ax


def _share(share: float, runs: int) -> str:
    return whole_percent(share, among(share, runs))


def _bracket(ax: Axes, low: float, high: float) -> None:
    """Mark at the right edge a share of timelines in which something is not seen."""
    frame = ax.get_yaxis_transform()
    ax.plot(
        [1, 1], [low, high], transform=frame, clip_on=False, color=PALE, linewidth=2.2,
        solid_capstyle="butt",
    )  # fmt: skip


def draw_incidences(ax: Axes, curves: Sequence[Named], margin: Margin) -> Axes:
    """Draw up to six cumulative incidences together, labelled in the right margin."""
    labels = []
    for number, named in enumerate(curves):
        colour, dashes = line_style(number)
        curve = named.curve
        _draw_line(ax, curve.dates, (curve.probability, curve.low, curve.high), colour, dashes)
        end = float(curve.probability[-1])
        title = margin.wrap(named.title)
        rest = f", {not_by(named.closing)}: {_share(1 - end, curve.runs)}" if end < 1 else ""
        text = f"{title}\n{_share(end, curve.runs)}{rest}"
        labels.append(EndLabel(end, text, colour, dashes))
    years = as_years(curves[0].curve.dates)
    percent_axis(ax)
    time_axis(ax, years[0], years[-1])
    end_labels(ax, labels[::-1], margin.size)  # of equals, the first on top
    return ax


def _draw_line(
    ax: Axes,
    dates: DateArray,
    line: tuple[FloatArray, FloatArray | None, FloatArray | None],
    colour: Any,
    dashes: Any,
) -> FloatArray:
    years = as_years(dates)
    step: Any = "pre" if daily(dates) else None
    middle, low, high = line
    if low is not None and high is not None:
        ax.fill_between(years, low, high, color=colour, alpha=_BAND, linewidth=0, step=step)
    style = "steps-pre" if step else "default"
    ax.plot(years, middle, color=colour, linestyle=dashes, linewidth=1.5, drawstyle=style)
    return years


def draw_competing(
    ax: Axes, curves: CompetingCurves, branches: Sequence[str], margin: Margin
) -> Axes:
    """Stack the cumulative incidences of `first_of`; what they leave has not ended yet.

    `branches` are the titles of the labels, in their order.
    """
    none = 1 - curves.probability.sum(axis=0)
    shares = np.vstack((curves.probability, none))
    colours = [*ordered_colours(len(branches)), NONE]
    names = [*branches, "none of these"]
    keyed = list(zip(names, colours, strict=True))
    return _draw_stack(ax, curves, shares, keyed, margin)


def draw_levels(
    ax: Axes, levels: LevelShares, margin: Margin, more_cooperation: LevelsEnd | None = None
) -> Axes:
    """Stack the shares of timelines at each level of a driver, the lowest level at the bottom.

    Where one end is `more_cooperation`, that end is on top.
    """
    names = [plain_id(label) for label in levels.labels]
    keyed = list(zip(names, level_colours(len(names), more_cooperation), strict=True))
    if more_cooperation == "first":
        return _draw_stack(ax, levels, levels.shares[::-1], keyed[::-1], margin)
    return _draw_stack(ax, levels, levels.shares, keyed, margin)


def _draw_stack(
    ax: Axes,
    curve: CompetingCurves | LevelShares,
    shares: FloatArray,
    keyed: Sequence[tuple[str, Any]],
    margin: Margin,
) -> Axes:
    years = as_years(curve.dates)
    colours = [colour for _, colour in keyed]
    step = "pre" if daily(curve.dates) else None
    ax.stackplot(years, shares, colors=colours, edgecolor="white", linewidth=0.6, step=step)
    percent_axis(ax)
    ax.set_ylim(0, 1)
    time_axis(ax, years[0], years[-1])
    ends = shares[:, -1]
    middles = np.cumsum(ends) - ends / 2
    labels = [
        EndLabel(
            float(middle),
            margin.wrap(f"{name} {_share(float(end), curve.runs)}"),
            colour,
            swatch=True,
        )
        for (name, colour), middle, end in zip(keyed, middles, ends, strict=True)
    ]
    end_labels(ax, labels, margin.size)
    return ax


def draw_counts(ax: Axes, bars: CountBars) -> Axes:
    """Draw the mean count of each year, month or day as a bar with its 95 % interval."""
    places, widths = bar_places(bars)
    ax.bar(places, bars.mean, width=0.72 * widths, color=LINES[0][0], alpha=0.75, linewidth=0)
    if bars.low is not None and bars.high is not None:
        reach = np.vstack((bars.mean - bars.low, bars.high - bars.mean))
        ax.errorbar(
            places, bars.mean, yerr=reach, fmt="none", ecolor=INK, elinewidth=0.9, capsize=2
        )
    ax.set_ylim(0, max(float(ax.get_ylim()[1]), 0.1))
    ax.set_ylabel(f"mean a {bars.unit}")
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    if bars.unit == "year":
        time_axis(ax, places[0] - 0.6, places[-1] + 0.6)
    else:
        bar_axis(ax, bars.dates, "month" if bars.unit == "month" else "day")
    return ax


def bar_places(bars: CountBars) -> tuple[FloatArray, FloatArray]:
    """Place bars over the names of their years, or in the middle of their months or days."""
    edges = as_years(bars.dates)
    widths = np.diff(edges)
    return (edges[:-1] if bars.unit == "year" else edges[:-1] + widths / 2), widths


def draw_fan(ax: Axes, fan: IndexFan) -> Axes:
    """Draw an index as a fan: 5 to 95 %, 25 to 75 %, median and mean."""
    years = as_years(fan.dates)
    colour = LINES[0][0]
    p5, p25, p50, p75, p95 = fan.quantiles
    step: Any = "pre" if daily(fan.dates) else "post"
    ax.fill_between(years, p5, p95, color=colour, alpha=0.16, linewidth=0, step=step)
    ax.fill_between(years, p25, p75, color=colour, alpha=0.3, linewidth=0, step=step)
    ax.plot(years, p50, color=colour, linewidth=1.6, drawstyle=f"steps-{step}")
    colour_mean, dashes = LINES[1]
    _draw_line(ax, fan.dates, (fan.mean, fan.low, fan.high), colour_mean, dashes)
    ax.set_ylim(0, 100)
    ax.set_ylabel("index, 0 to 100")
    time_axis(ax, years[0], years[-1])
    ends = {"5 %": p5, "25 %": p25, "median": p50, "75 %": p75, "95 %": p95}
    labels = [
        EndLabel(float(q[-1]), f"{name}: {q[-1]:.0f}", colour, ink=SOFT) for name, q in ends.items()
    ]
    mean = float(fan.mean[-1])
    labels.append(EndLabel(mean, f"mean: {rounded(mean, _last(fan))}", colour_mean, dashes))
    end_labels(ax, labels)
    return ax


def _last(fan: IndexFan) -> Interval | None:
    if fan.low is None or fan.high is None:
        return None
    return float(fan.low[-1]), float(fan.high[-1])


def draw_gap(ax: Axes, gap: GapCurve) -> Axes:
    """Draw how many timelines have a gap of at most so many years, and those with an unseen one.

    Shares are among the timelines in which either event happened.
    """
    colour, dashes = LINES[0]
    ax.plot(
        gap.years, gap.probability, color=colour, linestyle=dashes, linewidth=1.5,
        drawstyle="steps-post" if len(gap.years) > 1 and np.ptp(gap.years) < 1.1 else "default",
    )  # fmt: skip
    percent_axis(ax)
    first, last = float(min(gap.years[0], 0)), float(max(gap.years[-1], 0))
    ax.set_xlabel(f"{gap_axis(ax, first, last)} from first to second")
    ax.axvline(0, color=SOFT, linewidth=0.8)
    end = float(gap.probability[-1])
    labels = [EndLabel(end, f"both {_share(end - gap.shorter, gap.runs)}", colour, weight="bold")]
    if gap.shorter:
        text = f"only the\nsecond {_share(gap.shorter, gap.runs)}"
        labels.insert(0, EndLabel(gap.shorter / 2, text, PALE, ink=SOFT))
        _bracket(ax, 0, gap.shorter)
    if end < 1:
        text = f"only the\nfirst {_share(1 - end, gap.runs)}"
        labels.append(EndLabel((end + 1) / 2, text, PALE, ink=SOFT))
        _bracket(ax, end, 1)
    end_labels(ax, labels)
    return ax
