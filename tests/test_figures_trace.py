"""What is drawn of a timeline and of causes: lanes, marks and bars; the files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes

from coopsim.analysis.stories.divergence import divergence
from coopsim.presentation.figures.causes import causes_sheet, chain_sheet, draw_causes
from coopsim.presentation.figures.kit.sheets import Sheet
from coopsim.presentation.figures.kit.style import level_colours, styled, text_on
from coopsim.presentation.figures.lane_key import Numbers
from coopsim.presentation.figures.lanes import (
    Lane,
    calendar_years,
    draw_pair,
    draw_trace,
    pair_sheet,
    trace_sheet,
)
from coopsim.presentation.views.stories.pair import side_names
from coopsim.presentation.words.titles import Titles
from coopsim.scenario.spec import LevelsEnd
from traced import STATION, counted_causes, paired, traced

LATER = STATION.replace("date: 2027-01-01, sets", "date: 2028-01-01, sets")
LONG = "A rather long title of an event which is so long that it does not stand in a single line"
PREDECESSORS = """
events:
  one: {title: The one, rate: 1 per year}
  other: {title: The other, rate: 1 per year}
  done: {title: All is done, after: [one, other]}
  dated: {title: A date, date: 2025-06-01, after: [one]}
"""


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with styled():
        yield


def only_axes(sheet: Sheet) -> Axes:
    (ax,) = sheet.figure.axes
    return ax


def written(sheet: Sheet) -> list[str]:
    texts = [*only_axes(sheet).texts, *sheet.figure.texts]
    return [text.get_text().replace("\n", " ").replace("\xa0", " ") for text in texts]


# --- lanes ------------------------------------------------------------------------------------


def test_a_lane_has_the_spans_of_its_levels_and_the_events_that_move_it() -> None:
    trace = traced()
    lane = Lane(trace, 0, "Mood")
    assert [(round(a), round(b), level) for a, b, level in lane.segments()] == [
        (2025, 2026, 1),
        (2026, 2027, 0),
        (2027, 2032, 2),
    ]
    titles = Titles(trace.scenario, trace.program)
    assert [trace.side.name(step) for step in lane.steps(titles)] == ["quarrel", "peace"]
    others = Lane(trace, None, "Others").steps(titles)
    assert [trace.side.name(step) for step in others] == [
        "party", "module", "crew", "party", "lab", "dome",
    ]  # fmt: skip


def test_calendar_years() -> None:
    assert calendar_years(traced(), [0, 365 * 86_400]) == [2025.0, 2026.0]


def test_a_timeline_on_a_page() -> None:
    sheet = trace_sheet(traced())
    texts = written(sheet)
    assert "A small station: timeline 0" in texts
    assert {"cold", "warm", "Mood between the partners", "Events that move no driver"} <= set(texts)
    # Money never moves; the key has every event once, in the order of their dates.
    assert not any(text == "Money" for text in texts)
    assert any("unmoved: Money (some)" in text for text in texts)
    key = " ".join(texts)
    places = [key.index(f"{number}  ") for number in range(1, 8)]
    assert "1  They quarrel, 2026-01-01" in key
    assert "7  The dome flies, 2030-07-02" in key
    assert places == sorted(places)


def test_darker_is_higher() -> None:
    ax = only_axes(trace_sheet(traced()))
    bars = [np.atleast_2d(collection.get_facecolor())[0] for collection in ax.collections]
    cool, cold, warm = (bar[:3] @ (0.3, 0.6, 0.1) for bar in bars[:3])
    assert warm < cool < cold


def test_two_timelines_share_the_lanes_that_are_the_same() -> None:
    pair = paired(STATION, LATER)
    sheet = pair_sheet(pair)
    texts = written(sheet)
    assert texts.count("left") == texts.count("right") == 2  # of the mood, of the other events
    assert "they diverge" in texts
    first = divergence(pair.left.side, pair.right.side).differences[0]
    (mark,) = [line for line in only_axes(sheet).lines if line.get_linestyle() == "--"]
    assert mark.get_xdata()[0] == pytest.approx(  # type: ignore[index]  # a list
        calendar_years(pair.left, [first.moment])[0]
    )
    same = written(pair_sheet(paired(STATION, STATION)))
    assert "both" in same
    assert "they diverge" not in same


def test_the_key_of_two_timelines_has_the_dates_of_each() -> None:
    pair = paired(STATION, LATER)
    sheet = pair_sheet(pair)
    left, right = side_names(pair)
    key = " ".join(written(sheet))
    for trace, side in zip((pair.left, pair.right), (left, right), strict=True):
        titles = Titles(trace.scenario, trace.program)
        for step in Lane(trace, 0, "Mood").steps(titles):
            if trace.side.name(step) == "peace":
                assert f"{side} {trace.date(step.time)}" in key
    assert "1  They quarrel, 2026-01-01" in key  # on the same day in both
    numbers = Numbers(
        {("a", "true"): 1}, ["A comes"], {(1, "left"): "2027-01-01", (1, "right"): "2028-01-01"}
    )
    assert numbers.lines(["left", "right"]) == [
        "1  A comes, left\xa02027-01-01, right\xa02028-01-01"
    ]
    del numbers.dates[1, "right"]
    assert numbers.lines(["left", "right"]) == ["1  A comes, left\xa02027-01-01, right\xa0\u2013"]
    assert numbers.lines(["left"]) == ["1  A comes, 2027-01-01"]


LUMINANCE = np.array((0.3, 0.59, 0.11))


def greys(colours: list[Any]) -> list[float]:
    return [float(mpl.colors.to_rgb(one) @ LUMINANCE) for one in colours]


@pytest.mark.parametrize("more", [None, "first", "last"])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8])
def test_levels_go_from_light_to_dark_in_grey_too(count: int, more: LevelsEnd | None) -> None:
    colours = level_colours(count, more)
    grey = greys(colours if more != "first" else colours[::-1])
    assert len(grey) == count
    assert all(above - below > 0.05 for above, below in pairwise(grey))
    # What is written on them can be read: black on light, white on dark.
    for shade, colour in zip(greys(colours), colours, strict=True):
        assert abs(greys([text_on(colour)])[0] - shade) > 0.4


def test_more_cooperation_has_one_colour_whichever_end_it_is() -> None:
    colours = level_colours(4, "last")
    assert np.array_equal(level_colours(4, "first"), colours[::-1])
    (red, _, blue), (light_red, _, light_blue) = (
        mpl.colors.to_rgb(colours[place]) for place in (-1, 0)
    )
    assert blue > red
    assert light_red > light_blue
    # Without such an end levels have no hue at all.
    assert all(len(set(np.round(mpl.colors.to_rgb(one), 2))) == 1 for one in level_colours(4))


COOPERATIVE = STATION.replace(
    "levels: [cold, cool, warm]\n", "levels: [cold, cool, warm]\n    more_cooperation: MORE\n"
)
WITH_WEATHER = COOPERATIVE.replace(
    "drivers:\n",
    "drivers:\n  weather: {title: Weather, levels: [calm, storm], initial: calm}\n",
).replace("events:\n", "events:\n  storm: {date: 2026-03-01, sets: {weather: storm}}\n")


def bars(ax: Axes) -> list[Any]:
    return [np.atleast_2d(bar.get_facecolor())[0] for bar in ax.collections]


@pytest.mark.parametrize("more", ["first", "last"])
def test_a_lane_is_coloured_by_which_end_is_more_cooperation(more: LevelsEnd) -> None:
    sheet = trace_sheet(traced(COOPERATIVE.replace("MORE", more)))
    cold, cool, warm = level_colours(3, more)
    for drawn, colour in zip(bars(only_axes(sheet)), (cool, cold, warm), strict=True):
        assert drawn == pytest.approx(colour)
    texts = written(sheet)
    assert "Cooperation: from light, the least, to dark, the most" in texts
    assert not any(text.startswith("Other drivers") for text in texts)


def test_lanes_of_cooperation_stand_above_the_others() -> None:
    sheet = trace_sheet(traced(WITH_WEATHER.replace("MORE", "last")))
    heights = {text.get_text(): text.get_position()[1] for text in only_axes(sheet).texts}
    order = [
        "Events that move no driver",
        "Cooperation: from light, the least, to dark, the most",
        "Mood between the partners",
        "Other drivers: from light, the lowest level, to dark, the highest",
        "Weather",
    ]
    assert sorted(order, key=heights.__getitem__) == order  # inches from the top


def test_the_files(tmp_path: Path) -> None:
    assert [path.name for path in draw_trace(traced(run=3), tmp_path)] == [
        "trace-3.png",
        "trace-3.svg",
    ]
    names = [path.name for path in draw_pair(paired(STATION, LATER), tmp_path / "pair")]
    assert names == ["trace-0.png", "trace-0.svg"]
    assert all(path.stat().st_size > 1000 for path in tmp_path.glob("*.png"))


# --- bars -------------------------------------------------------------------------------------


def test_the_pieces_of_a_bar_are_its_causes() -> None:
    found = counted_causes(PREDECESSORS, 100)
    event = found.of("done")
    sheet = causes_sheet(found, [event])
    ax = only_axes(sheet)
    filled = [bar for bar in ax.patches if bar.get_fill()]
    widths = [bar.get_width() for bar in filled]  # type: ignore[attr-defined]  # rectangles
    assert widths == pytest.approx([cause.share.share for cause in event.causes])
    assert sum(widths) == pytest.approx(1)
    texts = written(sheet)
    assert "All is done (>96 %)" in texts
    percent = round(100 * event.causes[0].share.share)
    title = {"one": "The one", "other": "The other"}[event.causes[0].reason.variable or ""]
    assert f'{percent} % "{title}"' in texts


def test_in_grey_the_kinds_differ_by_their_hatch_or_shade() -> None:
    found = counted_causes(PREDECESSORS, 100)
    ax = only_axes(causes_sheet(found, [found.of("dated")]))
    looks = {(bar.get_facecolor(), bar.get_hatch()) for bar in ax.patches if bar.get_fill()}
    assert len(looks) == 2


def test_a_chain_has_its_whiskers() -> None:
    found = counted_causes(PREDECESSORS, 100)
    event = found.of("done")
    sheet = chain_sheet(found, event)
    assert len(only_axes(sheet).patches) == 2
    (whiskers, *_) = only_axes(sheet).collections
    segment = whiskers.get_segments()[0]  # type: ignore[attr-defined]  # of lines
    assert [x for x, _ in segment] == pytest.approx(event.chain[0][1].interval)


def test_names_on_a_chain_do_not_run_into_each_other() -> None:
    long = PREDECESSORS.replace("The one", LONG).replace("The other", LONG)
    found = counted_causes(long, 100)
    sheet = chain_sheet(found, found.of("done"))
    assert sheet.figure.canvas is not None
    sheet.figure.canvas.draw()
    names = [text for text in only_axes(sheet).texts if text.get_text().startswith("A rather")]
    boxes = sorted((text.get_window_extent() for text in names), key=lambda box: -box.y0)
    assert len(boxes) == 2
    assert boxes[0].y0 > boxes[1].y1


def test_pages_say_as_of_which_day_and_of_what_they_are() -> None:
    found = counted_causes(PREDECESSORS, 30)
    bars, chain = causes_sheet(found, [found.of("done")]), chain_sheet(found, found.of("done"))
    assert any("As of 2025-01-01. What each event waited" in text for text in written(bars))
    assert any(text.startswith("test, as of 2025-01-01. On its") for text in written(chain))
    assert any(
        text.startswith("As of 2025-01-01. Lanes") for text in written(trace_sheet(traced()))
    )


def test_pages_of_causes(tmp_path: Path) -> None:
    found = counted_causes(PREDECESSORS, 30)
    assert [path.stem for path in draw_causes(found, [], tmp_path)] == ["causes", "causes"]
    named = draw_causes(found, ["done", "one"], tmp_path)
    assert [path.name for path in named] == [
        "causes.png", "causes.svg", "chain.png", "chain.svg",
    ]  # fmt: skip
