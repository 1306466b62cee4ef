"""One timeline, or two of one run, as lanes: the levels of drivers, with the events on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from coopsim.analysis.stories.divergence import divergence
from coopsim.analysis.stories.tracing import Pair, Trace
from coopsim.presentation.figures.kit.labels import text_width, wrap
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, save_pages
from coopsim.presentation.figures.kit.style import (
    INK,
    PALE,
    POINTS,
    SOFT,
    TEXT,
    inches,
    level_colours,
    text_on,
)
from coopsim.presentation.figures.kit.time_axis import as_years, time_axis
from coopsim.presentation.figures.lane_key import (
    NEVER,
    Numbers,
    key_columns,
    key_height,
    kind_of,
    write_key,
)
from coopsim.presentation.views.stories.pair import side_names
from coopsim.presentation.words.titles import Titles
from coopsim.presentation.words.variants import variant_name
from coopsim.presentation.words.wording import Wording, plain_id
from coopsim.scenario.spec import LevelsEnd
from coopsim.simulation.watching import Step

_NAMES = 2.75  # inches for the names of lanes
_LANE = 0.3  # inches
_GROUP = 0.12  # inches between the lanes of two drivers, where there are two timelines
_HEADING = 0.24  # inches for what stands above a group of lanes
_BAR = 0.74  # of a lane
_MARK = 0.125  # inches that a number needs
_ROWS = 3  # of numbers for events that move no driver


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: whose it is, and its driver; without one it has the other events."""

    trace: Trace
    driver: int | None
    name: str
    side: str = ""  # names the timeline where there are two
    gap: float = 0.0  # inches above
    heading: str = ""  # of the group that begins with it

    @property
    def more_cooperation(self) -> LevelsEnd | None:
        """Get which end of its levels is more cooperation."""
        if self.driver is None:
            return None
        name = self.trace.program.drivers[self.driver].name
        return self.trace.scenario.drivers[name].more_cooperation

    def steps(self, titles: Titles) -> Iterator[Step]:
        """Yield the firings to mark on the lane: those of events, not of drivers' own moves."""
        events = self.trace.program.events
        for step in self.trace.history.steps:
            if events[step.event].hidden or titles.is_switch(step.event):
                continue
            moved = [change.driver for change in step.changes]
            if (self.driver in moved) if self.driver is not None else not moved:
                yield step

    def segments(self) -> Iterator[tuple[float, float, int]]:
        """Yield the spans in calendar years in which the driver stays at a level."""
        assert self.driver is not None
        times, levels = [0], [self.trace.history.initial[self.driver]]
        for step in self.trace.history.steps:
            for change in step.changes:
                if change.driver == self.driver:
                    times.append(step.time)
                    levels.append(change.new)
        times.append(self.trace.program.horizon)
        years = calendar_years(self.trace, times)
        for (begins, ends), level in zip(pairwise(years), levels, strict=True):
            yield begins, ends, level


def calendar_years(trace: Trace, times: Sequence[int]) -> list[float]:
    """Turn seconds since the start into calendar years and their fractions."""
    moments = np.array([trace.program.start + time for time in times], dtype="datetime64[s]")
    years: list[float] = as_years(moments).tolist()
    return years


def draw_trace(trace: Trace, folder: Path) -> list[Path]:
    """Draw a timeline as PNG and SVG; gives the files."""
    return save_pages(((f"trace-{trace.run}", trace_sheet(each)) for each in (trace,)), folder)


def draw_pair(pair: Pair, folder: Path) -> list[Path]:
    """Draw the same run in two scenarios as PNG and SVG; gives the files."""
    return save_pages(((f"trace-{pair.left.run}", pair_sheet(each)) for each in (pair,)), folder)


def trace_sheet(trace: Trace) -> Sheet:
    """Make the page of one timeline: its lanes above, the key of its events below."""
    heading = f"{Wording.of(trace.scenario).heading}: timeline {trace.run}"
    drivers = [lane for name in _moved(trace) for lane in _lanes_of(trace, name, "")]
    lanes = [_others(trace), *_grouped([[lane] for lane in drivers])]
    return _sheet(heading, lanes, {"": trace}, None)


def pair_sheet(pair: Pair) -> Sheet:
    """Make the page of one run in two scenarios, lane by lane below each other."""
    left, right = pair.left, pair.right
    names = side_names(pair)
    moved = dict.fromkeys([*_moved(left), *_moved(right)])
    others, *drivers = (_of_both(pair, driver) for driver in (None, *moved))
    lanes = [*others, *_grouped(drivers)]
    differences = divergence(left.side, right.side).differences
    parts = differences[0].moment if differences else None
    heading = f"Timeline {left.run}: {names[0]} above, {names[1]} below"
    return _sheet(heading, lanes, dict(zip(names, (left, right), strict=True)), parts)


def _of_both(pair: Pair, driver: str | None) -> list[Lane]:
    """Make the lanes of a driver, or of the other events, in both; one where they are the same."""
    found = [
        lane
        for trace, name in zip((pair.left, pair.right), side_names(pair), strict=True)
        for lane in _lanes_of(trace, driver, name)
    ]
    if len(found) > 1 and _same(*found):
        found = [replace(found[0], side="both")]
    return [
        replace(lane, name="" if place else lane.name, gap=0.0 if place else _GROUP)
        for place, lane in enumerate(found)
    ]


def _grouped(drivers: Sequence[Sequence[Lane]]) -> Iterator[Lane]:
    """Order the lanes of drivers: first where levels are more or less cooperation."""
    for heading, directed in ((_COOPERATION, True), (_OTHER, False)):
        group = [lanes for lanes in drivers if (lanes[0].more_cooperation is not None) is directed]
        for place, (first, *more) in enumerate(group):
            yield replace(first, heading="" if place else heading)
            yield from more


def _same(left: Lane, right: Lane) -> bool:
    """Check whether two lanes show the same levels and events."""
    if left.driver is None or right.driver is None:
        return False
    shown = [
        (
            [
                (a, b, lane.trace.program.drivers[lane.driver].levels[c])
                for a, b, c in lane.segments()
            ],
            [
                lane.trace.side.facts(step)
                for step in lane.steps(Titles(lane.trace.scenario, lane.trace.program))
            ],
        )
        for lane in (left, right)
        if lane.driver is not None
    ]
    return shown[0] == shown[1]


def _moved(trace: Trace) -> list[str]:
    """List the drivers that move, in the scenario's order."""
    moved = {change.driver for step in trace.history.steps for change in step.changes}
    return [trace.program.drivers[driver].name for driver in sorted(moved)]


def _others(trace: Trace, side: str = "") -> Lane:
    return Lane(trace, None, "Events that move no driver", side)


def _lanes_of(trace: Trace, driver: str | None, side: str) -> Iterator[Lane]:
    """Yield the lane of a driver, which a timeline may lack, or of the other events."""
    if driver is None:
        yield _others(trace, side)
    for index, each in enumerate(trace.program.drivers):
        if each.name == driver:
            title = Titles(trace.scenario, trace.program).variable(index)
            yield Lane(trace, index, title, side)


def _sheet(
    heading: str, lanes: Sequence[Lane], traces: Mapping[str, Trace], parts: int | None
) -> Sheet:
    """Make a page of lanes, from the timelines by the names of their sides."""
    numbers = _numbered(lanes, traces)
    high = sum(_height(lane) for lane in lanes)
    columns = key_columns(numbers.lines(list(traces)))
    key = key_height(columns)
    days = dict.fromkeys(str(Wording.of(trace.scenario).as_of) for trace in traces.values())
    about = f"As of {' and '.join(days)}. {_ABOUT}{'' if len(traces) == 1 else f'. {_BOTH}'}"
    sheet = Sheet.make(heading, about, _footer(list(traces.values())), high + 0.35 + key)
    body = sheet.body
    box = Rectangle(body.left + _NAMES, body.bottom + key + 0.3, body.width - _NAMES, high)
    ax = sheet.axes(box)
    _draw_lanes(ax, lanes, numbers)
    if parts is not None:
        _mark_divergence(ax, calendar_years(next(iter(traces.values())), [parts])[0])
    write_key(sheet, columns, body.bottom + key)
    return sheet


_ABOUT = (
    "Lanes: levels of drivers. Numbers: events, where they move a driver; moves without a number "
    "are the driver's own"
)
_COOPERATION = "Cooperation: from light, the least, to dark, the most"
_OTHER = "Other drivers: from light, the lowest level, to dark, the highest"
_BOTH = f"In the key, the first date in each; {NEVER}: not in that timeline"


def _numbered(lanes: Sequence[Lane], traces: Mapping[str, Trace]) -> Numbers:
    """Assign numbers to all that is marked, in the order of its first date.

    Lanes that are the same in both are drawn once: the dates are of each timeline's own firings.
    """
    marked = [
        (step.time, place, lane.trace, step)
        for place, lane in enumerate(lanes)
        for step in lane.steps(Titles(lane.trace.scenario, lane.trace.program))
    ]
    numbers = Numbers()
    for _, _, trace, step in sorted(marked, key=itemgetter(0, 1)):
        numbers.of(trace, step)
    for side, trace in traces.items():
        for step in trace.history.steps:
            if kind_of(trace, step) in numbers.known:
                numbers.add(trace, step, side)
    return numbers


def _height(lane: Lane) -> float:
    """Measure a lane in inches; the one of other events has several rows of numbers."""
    return _above(lane) + (_LANE if lane.driver is not None else _ROWS * _MARK + 0.08)


def _above(lane: Lane) -> float:
    return lane.gap + (_HEADING if lane.heading else 0.0)


def _named(trace: Trace) -> str:
    return variant_name(trace.program.scenario, trace.scenario.variant)


def _footer(traces: Sequence[Trace]) -> str:
    unmoved = [f"{_named(trace)}, seed {trace.program.seed}: {_unmoved(trace)}" for trace in traces]
    return f"{'. '.join(unmoved)}. One timeline of many, not a forecast."


def _unmoved(trace: Trace) -> str:
    titles, moved = Titles(trace.scenario, trace.program), _moved(trace)
    still = [
        f"{titles.variable(index)} ({titles.level(index, trace.history.initial[index])})"
        for index, driver in enumerate(trace.program.drivers)
        if driver.name not in moved
    ]
    return f"unmoved: {', '.join(still)}" if still else "every driver moves"


def _draw_lanes(ax: Axes, lanes: Sequence[Lane], numbers: Numbers) -> None:
    high = sum(_height(lane) for lane in lanes)
    ax.set_ylim(high, 0)  # inches from the top
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
    years = [calendar_years(lane.trace, [0, lane.trace.program.horizon]) for lane in lanes]
    time_axis(ax, min(first for first, _ in years), max(last for _, last in years))
    top = 0.0
    for lane in lanes:
        below = top + _height(lane)
        top += _above(lane)
        _name(ax, lane, (top + below) / 2)
        _head(ax, lane, top)
        if lane.driver is not None:
            _draw_levels(ax, lane, (top + below) / 2)
        _draw_marks(ax, lane, top, below, numbers)
        top = below


def _name(ax: Axes, lane: Lane, middle: float) -> None:
    """Write a lane's name beside it, and whose it is where there are two."""
    width, _ = inches(ax)
    room = _NAMES - (0.62 if lane.side else 0.1)
    frame = ax.get_yaxis_transform()
    text = wrap(lane.name, room * POINTS, TEXT)
    ax.text(
        -_NAMES / width, middle, text, transform=frame, va="center", fontsize=TEXT, color=INK,
        linespacing=0.95,
    )  # fmt: skip
    ax.text(-0.06 / width, middle, lane.side, transform=frame, va="center", ha="right", color=SOFT)


def _head(ax: Axes, lane: Lane, below: float) -> None:
    """Write what a group of lanes shows above its first."""
    width, _ = inches(ax)
    ax.text(
        -_NAMES / width, below - 0.06, lane.heading, transform=ax.get_yaxis_transform(),
        va="bottom", fontsize=TEXT, color=SOFT, weight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip


def _draw_levels(ax: Axes, lane: Lane, middle: float) -> None:
    assert lane.driver is not None
    levels = lane.trace.program.drivers[lane.driver].levels
    colours = level_colours(len(levels), lane.more_cooperation)
    scale = inches(ax)[0] * POINTS / (ax.get_xlim()[1] - ax.get_xlim()[0])  # points in a year
    for begins, ends, level in lane.segments():
        colour = colours[level]
        ax.broken_barh(
            [(begins, ends - begins)], (middle - _LANE * _BAR / 2, _LANE * _BAR),
            facecolor=colour, edgecolor=PALE, linewidth=0.5,
        )  # fmt: skip
        name = plain_id(levels[level])
        if text_width(name, TEXT) + 14 < (ends - begins) * scale:
            ax.text(
                (begins + ends) / 2, middle, name, ha="center", va="center", fontsize=TEXT,
                color=text_on(colour),
            )  # fmt: skip


def _draw_marks(ax: Axes, lane: Lane, top: float, below: float, numbers: Numbers) -> None:
    """Mark the events of a lane by their numbers; where those would overlap, they alternate."""
    titles = Titles(lane.trace.scenario, lane.trace.program)
    steps = list(lane.steps(titles))
    rows = 1 if lane.driver is not None else _ROWS
    free = [-1.0] * rows  # the year up to which a row is taken
    apart = _MARK * (ax.get_xlim()[1] - ax.get_xlim()[0]) / inches(ax)[0]
    seen: set[int] = set()
    for step, year in zip(steps, calendar_years(lane.trace, [s.time for s in steps]), strict=True):
        number = numbers.of(lane.trace, step)
        row = min(range(rows), key=free.__getitem__)
        if lane.driver is None and number in seen:
            ax.plot([year], [below - 0.04], marker="|", markersize=3.5, color=SOFT)
            continue
        if free[row] <= year:
            height = (below - top - 0.08) / rows if rows > 1 else below - top
            _draw_mark(ax, year, top + (row + 0.5) * height, number)
            free[row] = year + apart
        seen.add(number)


def _draw_mark(ax: Axes, year: float, height: float, number: int) -> None:
    style: dict[str, Any] = {"clip_on": False, "zorder": 4}
    ax.plot(
        [year], [height], marker="o", markersize=8.2, color="white", markeredgecolor=INK,
        markeredgewidth=0.6, **style,
    )  # fmt: skip
    ax.text(
        year, height, str(number), ha="center", va="center_baseline", fontsize=5.2, color=INK,
        **{**style, "zorder": 5},
    )  # fmt: skip


def _mark_divergence(ax: Axes, year: float) -> None:
    ax.axvline(year, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=0.5)
    ax.annotate(
        "they diverge", (year, 0), xytext=(3, 2), textcoords="offset points", fontsize=TEXT,
        annotation_clip=False,
    )  # fmt: skip
