"""What is drawn: artists, limits and labels; texts inside the page that do not overlap; files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image
from scipy.optimize import isotonic_regression

from coopsim.analysis.comparing.comparison import Comparison
from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.kinds.counts import CountBars
from coopsim.analysis.kinds.dates import DateSummary, IncidenceCurve
from coopsim.analysis.kinds.firsts import CompetingCurves
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.kinds.indices import IndexFan
from coopsim.analysis.kinds.levels import LevelShares
from coopsim.errors import CoopsimError
from coopsim.presentation.figures.comparison import Atlas, draw_comparison
from coopsim.presentation.figures.differences import DifferenceRow, draw_differences
from coopsim.presentation.figures.helpers import DrawingOrder, draw_pages
from coopsim.presentation.figures.kinds.notes import date_note, gap_note, level_note
from coopsim.presentation.figures.kinds.panels import (
    Named,
    draw_competing,
    draw_counts,
    draw_fan,
    draw_gap,
    draw_incidence,
    draw_incidences,
    draw_levels,
)
from coopsim.presentation.figures.kit.labels import Margin, spread, text_width, wrap
from coopsim.presentation.figures.kit.sheets import DPI, Sheet
from coopsim.presentation.figures.kit.style import (
    LINES,
    POINTS,
    SMALL,
    TITLE,
    level_colours,
    ordered_colours,
    styled,
)
from coopsim.presentation.figures.kit.time_axis import as_years, time_axis
from coopsim.presentation.figures.result.book import Book
from coopsim.presentation.figures.result.pages import pages
from coopsim.presentation.words.wording import Wording, kept_whole
from coopsim.scenario.spec import LevelsEnd
from hand_made import firings
from ten import ASKED, answered, compared

pytestmark = pytest.mark.slow

END = date(2027, 6, 30)
LONG = "A rather long title of a question that nobody would call short, on the station and after"


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with styled():
        yield


@pytest.fixture
def ax() -> Axes:
    figure = Figure(figsize=(6, 4))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.1, 0.1, 0.5, 0.8))


def sheets(of: Book) -> Iterator[tuple[str, Sheet]]:
    return ((stem, make()) for stem, make in pages(of))


def page_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def book(*answers: object) -> Book:
    scenario, summary, curves = answered(*answers)  # type: ignore[arg-type]  # questions, firings
    return Book(Wording.of(scenario), summary, curves)


def named(name: str) -> Named:
    return book().named([name])[name]


def written(ax: Axes) -> list[str]:
    return [text.get_text().replace("\xa0", " ") for text in ax.texts]


# --- panels -----------------------------------------------------------------------------------


def test_an_incidence_has_its_band_and_the_never_share_at_the_edge(ax: Axes) -> None:
    flies = named("flies")
    assert draw_incidence(ax, flies.curve, flies.closing) is ax
    assert ax.lines[0].get_ydata()[-1] == 0.7  # type: ignore[index]  # an array
    assert ax.get_xlim() == pytest.approx((2025 + 181 / 365, 2027 + 181 / 365))
    assert len([c for c in ax.collections if isinstance(c, PolyCollection)]) == 1
    assert written(ax) == ["70 %", "not by 2027-06-30:\n30 %"]
    bracket = ax.lines[1]
    assert list(bracket.get_ydata()) == [0.7, 1]  # type: ignore[arg-type]  # a list


def test_a_curve_that_stays_at_zero_leaves_everything_to_never(ax: Axes) -> None:
    early = named("early")
    draw_incidence(ax, early.curve, early.closing)
    assert written(ax) == ["<28 %", "not by 2025:\n>72 %"]  # ten timelines


def test_the_last_day_of_a_question_that_closes_early_is_marked(ax: Axes) -> None:
    early = named("early")
    draw_incidence(ax, early.curve, early.closing)
    mark = ax.lines[1]
    assert list(mark.get_xdata()) == pytest.approx([2026, 2026])  # type: ignore[arg-type]  # a list


def test_a_certain_event_has_no_never_share(ax: Axes) -> None:
    sure = firings([(run, "flight", "2026-01-01") for run in range(4)], 4)
    found = book({"flies": {"event": "flight"}}, sure)
    curve = found.curves["flies"]
    assert isinstance(curve, IncidenceCurve)
    draw_incidence(ax, curve, found.words.closings["flies"])
    assert written(ax) == [">51 %"]  # all four timelines


def test_curves_drawn_together_differ_in_colour_and_in_dashes(ax: Axes) -> None:
    draw_incidences(ax, [named("flies"), named("works")], Margin(2))
    lines = ax.lines[:2]
    assert len({line.get_color() for line in lines}) == 2
    assert len({str(line.get_linestyle()) for line in lines}) == 2
    assert sorted(written(ax)) == [
        "First flight\n70 %, not by 2027-06-30: 30 %",
        "Launch\n60 %, not by 2027-06-30: 40 %",
    ]


def test_competing_endings_are_stacked_to_one(ax: Axes) -> None:
    curves = book().curves["first"]
    assert isinstance(curves, CompetingCurves)
    draw_competing(ax, curves, ["A flight", "Another"], Margin(2))
    tops = [collection.get_paths()[0].vertices[:, 1].max() for collection in ax.collections]  # type: ignore[index,union-attr]  # an array
    # Half fly first, 40 % have another first: the stack is at 0.5, 0.9 and, with none, at 1.
    assert tops == pytest.approx([0.5, 0.9, 1.0])
    assert ax.get_ylim() == (0, 1)
    assert written(ax) == ["A flight 50 %", "Another 40 %", "none of these 10 %"]


def test_levels_are_stacked_from_the_lowest(ax: Axes) -> None:
    levels = book().curves["relations"]
    draw_levels(ax, levels, Margin(2))  # type: ignore[arg-type]  # a driver's
    assert written(ax) == ["cold <28 %", "cool >72 %", "warm <28 %"]


@pytest.mark.parametrize(("more", "lowest"), [("first", "warm"), ("last", "cold")])
def test_more_cooperation_is_on_top_and_dark(ax: Axes, more: LevelsEnd, lowest: str) -> None:
    levels = book().curves["relations"]
    draw_levels(ax, levels, Margin(2), more)  # type: ignore[arg-type]  # a driver's
    named = dict(zip([text.split()[0] for text in written(ax)], ax.collections, strict=True))
    assert next(iter(named)) == lowest
    for name, colour in zip(("cold", "cool", "warm"), level_colours(3, more), strict=True):
        assert named[name].get_facecolor()[0] == pytest.approx(colour)
    assert level_note(more) == "darker and higher up: more cooperation"
    assert level_note(None) == "from light, the lowest level, to dark, the highest"


def test_stacked_colours_rise_in_luminance() -> None:
    for count in range(2, 9):
        grey = [
            float(np.dot(to_rgba(c)[:3], (0.2126, 0.7152, 0.0722))) for c in ordered_colours(count)
        ]
        assert grey == sorted(grey)
        assert min(np.diff(grey)) > 0.05


def test_lines_differ_in_dashes_where_colour_is_lost() -> None:
    assert len({str(dashes) for _, dashes in LINES}) == len(LINES)


def test_counts_are_bars_with_their_interval(ax: Axes) -> None:
    bars = book().curves["flights"]
    assert isinstance(bars, CountBars)
    draw_counts(ax, bars)
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(list(bars.mean))  # type: ignore[attr-defined]  # bars
    assert [bar.get_x() + bar.get_width() / 2 for bar in ax.patches] == pytest.approx(  # type: ignore[attr-defined]  # bars
        [2025, 2026, 2027]
    )
    assert len(ax.containers) == 2  # the bars, and their errors


def test_every_month_has_its_name_below_its_bar_the_first_too(ax: Axes) -> None:
    dates = np.array(["2025-08-05", "2025-09-01", "2025-10-01", "2025-10-16"], "datetime64[D]")
    values = np.array([1.0, 2.0, 0.5])
    draw_counts(ax, CountBars("count", "flights", "month", dates, values, None, None))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2025-08", "2025-09", "2025-10"]
    centres = [bar.get_x() + bar.get_width() / 2 for bar in ax.patches]  # type: ignore[attr-defined]  # bars
    assert list(ax.get_xticks()) == pytest.approx(centres)
    assert ax.get_ylabel() == "mean a month"


def test_where_every_day_counts_a_median_is_a_day_with_its_range() -> None:
    summary = book().summary.outcomes["flies"]
    assert isinstance(summary, DateSummary)
    ends = (date(2026, 9, 29), date(2026, 10, 6))
    known = replace(
        summary,
        quantiles={**summary.quantiles, "0.5": date(2026, 10, 2)},
        quantile_intervals={**summary.quantile_intervals, "0.5": ends},
    )
    closing = date(2026, 12, 31)
    assert date_note(known, closing) == "median: 2026-10"
    by_day = "median: 2026-10-02 (2026-09-29 to 2026-10-06)"
    assert date_note(known, closing, by_day=True) == by_day
    never = replace(known, quantiles={**summary.quantiles, "0.5": None})
    assert date_note(never, closing, by_day=True) == "median: not by 2026"


def test_of_one_timeline_there_are_bars_without_errors(ax: Axes) -> None:
    bars = book({"flights": {"count": "flight"}}, firings([(0, "flight", "2026-01-01")], 1))
    draw_counts(ax, bars.curves["flights"])  # type: ignore[arg-type]  # a count
    assert len(ax.containers) == 1


def test_the_fan_names_its_quantiles_and_the_mean(ax: Axes) -> None:
    fan = book().curves["mood"]
    assert isinstance(fan, IndexFan)
    draw_fan(ax, fan)
    assert written(ax) == [
        "5 %: 0", "25 %: 0", "median: 100", "75 %: 100", "95 %: 100", "mean: 70",
    ]  # fmt: skip
    assert ax.get_ylim() == (0, 100)


def test_a_gap_starts_at_those_with_only_the_second(ax: Axes) -> None:
    draw_gap(ax, book().curves["gap"])  # type: ignore[arg-type]  # a gap
    # Of the seven with either, five have only the flight, which counts as shorter than any gap;
    # a flight 365 days before the landing comes next, one in the same second last.
    values = list(ax.lines[0].get_ydata())  # type: ignore[arg-type]  # an array
    assert values == pytest.approx([5 / 7, 6 / 7, 6 / 7, 6 / 7, 1])
    assert written(ax) == ["only the\nsecond 71 %", "both 29 %"]  # two of the seven


def test_a_gap_is_noted_with_how_often_there_is_none() -> None:
    summary = book().summary.outcomes["gap"]
    assert isinstance(summary, GapSummary)
    assert (
        gap_note(summary).replace("\xa0", " ") == "median: not seen; neither in 30 % of timelines"
    )


def test_pages_say_as_of_which_day_they_are() -> None:
    for _, sheet in sheets(book()):
        assert sheet.figure.texts[1].get_text().startswith("As of 2025-07-01. ")


def test_what_all_panels_of_a_page_note_is_said_once() -> None:
    page = dict(sheets(book()))["drivers"]
    assert page.figure.texts[1].get_text() == (
        "As of 2025-07-01. Share of timelines at each level; from light, the lowest level, to "
        "dark, the highest"
    )
    assert not any(text.get_text().startswith("from light") for text in page.figure.texts)


def test_differences_are_hollow_where_they_cannot_be_told_from_zero(ax: Axes) -> None:
    rows = [
        DifferenceRow("sure", {"a": PairedEstimate(0.2, 0.01, (0.18, 0.22))}, 100),
        DifferenceRow("unsure", {"a": PairedEstimate(0.01, 0.01, (-0.01, 0.03))}, 100),
        DifferenceRow("unknown error", {"a": PairedEstimate(0.1, None, None)}, 100),
        DifferenceRow("none", {"a": None}, 100),
    ]
    draw_differences(ax, rows, ["a"], named=True)
    dots = [line for line in ax.lines if line.get_marker() not in ("None", None, "")]
    values = [np.asarray(dot.get_xdata(), dtype=float)[0] for dot in dots]
    assert values == pytest.approx([20, 1, 10])
    assert [dot.get_markerfacecolor() == "white" for dot in dots] == [False, True, True]
    assert [label.get_text() for label in ax.get_yticklabels()] == [row.label for row in rows]
    low, high = ax.get_xlim()
    assert low < 0 < high


# The other names a branch the other way round, and has a level more.
def test_overlays_pair_branches_and_levels_by_name() -> None:
    comparison, curves = compared()
    base, other = curves
    first, relations = curves[other]["first"], curves[other]["relations"]
    assert isinstance(first, CompetingCurves)
    assert isinstance(relations, LevelShares)
    turned = replace(
        first,
        labels=("landing or launch", "flight"),
        probability=first.probability[::-1],
        low=first.low[::-1],
        high=first.high[::-1],
    )
    hot = np.zeros((1, relations.shares.shape[1]))
    hotter = replace(
        relations, labels=("hot", *relations.labels), shares=np.vstack((hot, relations.shares))
    )
    changed = {base: curves[base], other: curves[other] | {"first": turned, "relations": hotter}}
    words = Wording.of(answered()[0])
    found = dict(Atlas(words, comparison, changed).overlays())
    wanted = dict(Atlas(words, comparison, curves).overlays())
    assert list(found) == list(wanted)
    for title, lines in wanted.items():
        for name, line in lines.items():
            assert found[title][name].values.tolist() == line.values.tolist()


# --- years ------------------------------------------------------------------------------------


def test_years_begin_on_their_first_of_january() -> None:
    dates = np.array(["2028-01-01", "2028-07-01", "2028-12-31"], dtype="datetime64[D]")
    assert list(as_years(dates)) == pytest.approx([2028, 2028 + 182 / 366, 2028 + 365 / 366])


@pytest.mark.parametrize(
    ("span", "ticks"),
    [
        ((2025.6, 2041.0), ["2030", "2035", "2040"]),
        ((2025.5, 2030.0), ["2026", "2027", "2028", "2029"]),
        # Three inches: five months, three days or seven years have room.
        ((2025 + 181 / 365, 2026 + 181 / 365), ["2025-07", "2025-10", "2026-01", "2026-04"]),
        ((2025 + 61 / 365, 2026 + 90 / 365), ["2025-04", "2025-07", "2025-10", "2026-01"]),
        ((2025 + 61 / 365, 2025 + 75 / 365), ["2025-03-03", "2025-03-10"]),
        ((2025 + 61 / 365, 2025 + 64 / 365), ["2025-03-03", "2025-03-04", "2025-03-05"]),
        ((2025 + 61 / 365, 2025 + 62 / 365), ["2025-03-03"]),
        ((2025.0, 2125.0), ["2040", "2060", "2080", "2100", "2120"]),
    ],
)
def test_the_axis_names_what_has_room_and_never_what_comes_after(
    ax: Axes, span: tuple[float, float], ticks: list[str]
) -> None:
    time_axis(ax, *span)
    ax.set_yticks([])
    boxes(page_of(ax))
    assert [text.get_text() for text in _ticks(ax)] == ticks


# --- labels -----------------------------------------------------------------------------------


def test_labels_apart_stay_where_they_are() -> None:
    assert list(spread([0.9, 0.1, 0.5], [0.1] * 3, 0, 1)) == pytest.approx([0.9, 0.1, 0.5])


def test_labels_that_coincide_move_apart_evenly() -> None:
    # Two of height 0.1 at 0.5 move by 0.05 each: the least sum of squares.
    assert list(spread([0.5, 0.5], [0.1, 0.1], 0, 1)) == pytest.approx([0.45, 0.55])


def test_labels_stay_within_their_bounds() -> None:
    assert list(spread([1.0, 1.0, 1.0], [0.2] * 3, 0, 1)) == pytest.approx([0.6, 0.8, 1.0])


def test_labels_too_many_are_packed_evenly() -> None:
    assert list(spread([0.0] * 5, [1.0] * 5, 0, 1)) == pytest.approx([0, 0.25, 0.5, 0.75, 1])


def test_labels_move_as_little_as_they_may_be_moved() -> None:
    rng = np.random.default_rng(3)
    for count in (1, 2, 5, 12):
        centres = np.sort(rng.random(count)).round(2)  # ties among them
        free = spread(
            centres.tolist(), [0.05] * count, -100, 100
        )  # nothing but each other in their way
        below = 0.05 * np.arange(count)
        assert list(free) == pytest.approx(isotonic_regression(centres - below).x + below)


def test_a_line_takes_each_word_that_fits() -> None:
    text = "The war is settled, and the climate thaws: Expedition 83 flies by 31 May 2031"
    for points in (1.0, 40.0, 77.0, 120.0, 200.0, 10_000.0):
        lines = [line.split(" ") for line in wrap(text, points).split("\n")]
        kept = kept_whole(text).split(" ")
        assert [word for line in lines for word in line] == kept
        for line, following in pairwise(lines):
            assert len(line) == 1 or text_width(" ".join(line)) <= points
            assert text_width(" ".join([*line, following[0]])) > points
    assert wrap("", 10) == ""


def test_text_is_wrapped_to_a_width() -> None:
    lines = wrap("one two three four five six seven", 60).split("\n")
    assert len(lines) > 1
    assert " ".join(lines) == "one two three four five six seven"
    assert max(map(text_width, lines)) <= 60


def test_a_png_has_the_dots_that_matplotlib_saves_and_no_transparency() -> None:
    _, sheet = next(sheets(book()))
    saved = io.BytesIO()
    sheet.figure.savefig(saved, format="png", dpi=DPI)
    ours, theirs = Image.open(io.BytesIO(sheet.content("png"))), Image.open(saved)
    assert (ours.mode, theirs.mode) == ("RGB", "RGBA")
    assert ours.info["dpi"] == theirs.info["dpi"] == pytest.approx((DPI, DPI), abs=0.02)
    dots = np.asarray(theirs)
    assert (dots[..., 3] == 255).all()
    assert (dots[..., :3] == np.asarray(ours)).all()


@pytest.mark.parametrize(("size", "weight"), [(SMALL, "normal"), (TITLE, "bold"), (14.0, "bold")])
def test_a_text_of_a_png_is_as_wide_as_it_was_measured(size: float, weight: str) -> None:
    figure = Figure(dpi=DPI)
    FigureCanvasAgg(figure)
    drawn = figure.text(0, 0, LONG, fontsize=size, weight=weight)
    points = drawn.get_window_extent().width / DPI * POINTS
    assert points == pytest.approx(text_width(LONG, size, weight), abs=1.5 * POINTS / DPI)


# --- pages ------------------------------------------------------------------------------------


def _ticks(ax: Axes) -> list[Text]:
    texts = []
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        pad = 1e-9 * (high - low)
        texts += [
            t.label1 for t in axis.get_major_ticks() if low - pad <= t.get_loc() <= high + pad
        ]
    return [text for text in texts if text.get_visible()]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Measure all texts of a page, in pixels."""
    figure.draw_without_rendering()
    texts = list(figure.texts)
    for ax in figure.axes:
        texts += [*ax.texts, *_ticks(ax)]
    return [
        (text.get_text(), text.get_window_extent()) for text in texts if text.get_text().strip()
    ]


def assert_readable(figure: Figure) -> None:
    """Hold that no text leaves the page or touches another."""
    found = boxes(figure)
    for text, box in found:
        outside = min(box.x0, box.y0, figure.bbox.x1 - box.x1, figure.bbox.y1 - box.y1)
        assert outside >= 0, f"clipped: {text!r}"
    for (one, a), (other, b) in combinations(found, 2):
        width = min(a.x1, b.x1) - max(a.x0, b.x0)
        height = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert width <= 1 or height <= 1.5, f"overlap: {one!r} and {other!r}"


FEW: dict[str, object] = {"flies": {"event": "flight"}, "relations": {"driver": "relations"}}
MANY: dict[str, object] = {
    f"q{number}": {"event": "flight", "title": f"{number} {LONG}"} for number in range(23)
}


def leading(*names: str) -> dict[str, object]:
    """Make headlines of some of the questions to the ten timelines."""
    return {
        name: {**asked, "headline": name in names} if isinstance(asked, dict) else asked
        for name, asked in ASKED.items()
    }


CASES: dict[str, tuple[object, ...]] = {
    "headlines": (leading("works", "relations", "mood", "early"),),
    "all headlines": (leading(*ASKED),),
    "no date leads": (leading("gap", "first"),),
    "headlines that never happen": (leading(*ASKED), firings([], 3)),
    "ten": (),
    "one question": ({"flies": {"event": "flight", "title": LONG}},),
    "many": (MANY,),
    "no dates": ({"mood": {"index": [{"when": {"flight": True}, "weight": 1}]}},),
    "one timeline": (None, firings([(0, "flight", "2026-01-01")], 1)),
    "nothing happens": (None, firings([], 3)),
}


@cache
def pages_of(case: str) -> dict[str, Sheet]:
    """Draw the pages of a case once, for all who look at them."""
    return dict(sheets(book(*CASES[case])))


@pytest.mark.parametrize("case", CASES)
def test_no_text_is_clipped_or_overlaps(case: str) -> None:
    for sheet in pages_of(case).values():
        assert_readable(sheet.figure)


@pytest.mark.parametrize(
    ("case", "stems"),
    [
        ("ten", ["overview", "events", "endings", "gaps", "counts", "drivers", "index"]),
        ("one question", ["overview", "events"]),
        ("many", ["overview", "events-1", "events-2"]),
        ("no dates", ["overview", "index"]),
        ("nothing happens", ["overview", "events", "endings", "counts", "drivers", "index"]),
    ],
)
def test_there_is_a_page_for_what_there_is(case: str, stems: list[str]) -> None:
    assert list(pages_of(case)) == stems


def test_many_questions_have_a_panel_each() -> None:
    pages = pages_of("many")
    assert [len(pages[stem].figure.axes) for stem in ("events-1", "events-2")] == [11, 12]


def test_every_page_says_what_it_is_of_and_what_its_bands_mean() -> None:
    for sheet in pages_of("ten").values():
        texts = [text.get_text().replace("\n", " ") for text in sheet.figure.texts]
        texts = [text.replace("\xa0", " ") for text in texts]
        assert texts[0] == "Ten timelines"
        assert (
            "hand-made-3f9a2c1b: 10 timelines, seed 7, 2025-07-01 to 2027-06-30. Bands and "
            "error bars: 95 % simulation error; model uncertainty is not included."
        ) in texts


def test_the_overview_leads_with_numbers_of_open_questions() -> None:
    overview = pages_of("ten")["overview"]
    texts = [text.get_text().replace("\xa0", " ") for text in overview.figure.texts]
    # `early` closes in 2025 and goes on from another title: it does not lead.
    assert texts[3:9] == [
        "70 %", "First flight", "median: 2026", "60 %", "Launch", "median: 2026",
    ]  # fmt: skip


def test_the_overview_leads_with_the_panels_of_headline_questions() -> None:
    """First the dates together, then what else is a headline, then a panel of other families."""
    assert titled(pages_of("headlines")["overview"]) == [
        "What happens, and when", "Relations", "Mood", "Which it is",
    ]  # fmt: skip
    assert titled(pages_of("all headlines")["overview"]) == [
        "What happens, and when", "flights", "From landing to flight", "Which it is",
    ]  # fmt: skip
    assert titled(pages_of("no date leads")["overview"]) == [
        "From landing to flight", "Which it is", "Mood", "flights",
    ]  # fmt: skip


def test_headlines_stand_above_the_panels_with_what_is_said_of_them() -> None:
    overview = pages_of("headlines")["overview"]
    texts = [text.get_text().replace("\xa0", " ") for text in overview.figure.texts]
    assert [text.replace("\n", " ") for text in texts[3:15]] == [
        "60 %", "Launch", "±29 by 2027-06-30, even odds by 2026",
        "not by 2025", "Launch in 2025", "in all 10 timelines",
        ">72 %", "Relations", "at the end of 2027-06-30 most often cool, >72 %",
        "70", "Mood",
        "±45 of 100 on average at the end of 2027-06-30, nine in ten between 0 and 100",
    ]  # fmt: skip


def test_the_curves_of_headlines_are_drawn_together() -> None:
    (ax, *_) = pages_of("headlines")["overview"].figure.axes
    named = {text.partition("\n")[0] for text in written(ax)}
    assert named == {"Launch", "Launch in 2025"}


def test_headlines_lead_the_page_of_their_kind() -> None:
    found = book(leading("works"))
    assert [one.title for one in found.all_named()] == ["Launch", "First flight", "Launch in 2025"]


def titled(page: Sheet) -> list[str]:
    """List the titles of panels: the bold texts but for the heading and those of head numbers."""
    bold = [text for text in page.figure.texts if text.get_fontweight() == "bold"]
    titles = [text.get_text().replace("\n", " ") for text in bold if text.get_fontsize() == TITLE]
    return titles[len(bold) - len(titles) - 1 :]  # as many as there are numbers come first


def test_a_dollar_sign_is_no_formula() -> None:
    asked: dict[str, object] = {"flies": {"event": "flight", "title": "Costs $1 to $2"}}
    for _, sheet in sheets(book(asked)):
        assert_readable(sheet.figure)
        assert any("Costs $1 to $2" in text for text, _ in boxes(sheet.figure))


# --- comparisons ------------------------------------------------------------------------------


@cache
def atlas() -> dict[str, Sheet]:
    """Draw the pages of a comparison once."""
    comparison, curves = compared()
    return dict(Atlas(Wording.of(answered()[0]), comparison, curves).sheets())


def test_a_comparison_is_readable_too() -> None:
    pages = atlas()
    assert list(pages) == ["overview", "curves", "differences"]
    for sheet in pages.values():
        assert_readable(sheet.figure)


def test_a_comparison_in_which_nothing_can_be_told_says_so_first() -> None:
    figure = atlas()["overview"].figure
    assert figure.texts[1].get_text() == (
        "As of 2025-07-01. No detectable difference from hand-made-3f9a2c1b"
    )
    assert len(figure.axes) == 3


def differing(**values: float) -> tuple[Comparison, dict[str, dict[str, Curve]]]:
    """Compare the ten timelines, made to differ at the end in these questions, and surely."""
    comparison, curves = compared()
    changed = {}
    for asked, value in values.items():
        outcome = comparison.outcomes[asked]
        last = next(each for each in outcome.measures if each.day == END)
        (name,) = last.differences
        told: dict[str, PairedEstimate | None] = {
            name: PairedEstimate(value, value / 10, (0.8 * value, 1.2 * value))
        }
        measures = tuple(
            replace(each, differences=told) if each is last else each for each in outcome.measures
        )
        changed[asked] = replace(outcome, measures=measures)
    return replace(comparison, outcomes=comparison.outcomes | changed), curves


def test_the_overview_of_a_comparison_leads_with_what_differs_most() -> None:
    comparison, curves = differing(mood=20.0)
    page = dict(Atlas(Wording.of(answered()[0]), comparison, curves).sheets())["overview"]
    assert_readable(page.figure)
    assert (
        page.figure.texts[1]
        .get_text()
        .startswith("As of 2025-07-01. What differs most from hand-made-3f9a2c1b.")
    )
    assert "Mood" in [text.get_text() for text in page.figure.texts]
    assert [label.get_text() for label in page.figure.axes[1].get_yticklabels()] == ["Mood"]


def test_no_question_fills_the_overview_of_a_comparison_with_its_parts() -> None:
    comparison, curves = compared()
    relations = comparison.outcomes["relations"]
    (name,) = relations.measures[0].differences
    told: dict[str, PairedEstimate | None] = {name: PairedEstimate(0.2, 0.02, (0.16, 0.24))}
    measures = tuple(replace(each, differences=told) for each in relations.measures)
    outcomes = comparison.outcomes | {"relations": replace(relations, measures=measures)}
    changed = replace(comparison, outcomes=outcomes)
    page = dict(Atlas(Wording.of(answered()[0]), changed, curves).sheets())["overview"]
    rows = [label.get_text() for label in page.figure.axes[-1].get_yticklabels()]
    assert len(rows) == 1
    assert rows[0].startswith("Relations: ")


def test_differences_are_of_what_differs_the_largest_first() -> None:
    comparison, curves = compared()
    outcomes = {
        name: replace(
            outcome,
            measures=tuple(
                replace(each, differences=dict.fromkeys(each.differences, _told(number)))
                for each in outcome.measures
            ),
        )
        for number, (name, outcome) in enumerate(comparison.outcomes.items())
        if name in ("flies", "works", "early")
    }
    changed = replace(comparison, outcomes=comparison.outcomes | outcomes)
    page = dict(Atlas(Wording.of(answered()[0]), changed, curves).sheets())["differences"].figure
    rows = [label.get_text() for label in page.axes[0].get_yticklabels()]
    assert rows == ["Launch in 2025", "Launch", "First flight"]
    # Of twelve: one of each question, but three branches (none of these, too) and three levels.
    assert page.texts[1].get_text().endswith("9 other numbers do not differ.")


def _told(number: int) -> PairedEstimate:
    value = 0.1 * (number + 1)
    return PairedEstimate(value, 0.01, (value - 0.02, value + 0.02))


def test_a_comparison_is_titled_by_what_is_compared() -> None:
    base, other = "hand-made-3f9a2c1b", "hand-made-00000000"
    titles = [page.figure.texts[0].get_text() for page in atlas().values()]
    assert titles == [
        f"{other} compared with {base}",
        f"{other} compared with {base}: over time",
        f"{other} compared with {base}: differences",
    ]


def test_counts_are_told_over_all_spans_and_axes_have_their_units() -> None:
    _, curves = compared()
    figure = atlas()["curves"].figure
    counts, mood = figure.axes[3], figure.axes[-1]
    sums = {}
    for name, one in curves.items():
        bars = one["flights"]
        assert isinstance(bars, CountBars)
        sums[name] = float(bars.mean.sum())
    assert sorted(written(counts)) == sorted(
        f"{name}\n{total:.1f} in all" for name, total in sums.items()
    )
    assert counts.get_ylabel() == "mean a year"
    assert mood.get_ylabel() == "mean, 0 to 100"


@pytest.mark.parametrize(
    ("headlines", "titles", "about"),
    [
        (
            (),
            ["First flight", "Mood"],
            "What differs most from hand-made-3f9a2c1b. One number for each question. By",
        ),
        (
            ("mood",),
            ["Mood", "First flight"],
            "What differs from hand-made-3f9a2c1b, headline questions first. By",
        ),
    ],
)
def test_headline_questions_lead_a_comparison_too(
    headlines: tuple[str, ...], titles: list[str], about: str
) -> None:
    comparison, curves = differing(flies=0.5, mood=20.0)
    words = replace(Wording.of(answered()[0]), headlines=headlines)
    page = dict(Atlas(words, comparison, curves).sheets())["overview"]
    assert_readable(page.figure)
    texts = [text.get_text() for text in page.figure.texts]
    assert texts[1].replace("\n", " ").startswith(f"As of 2025-07-01. {about}")
    assert texts[3:5] == titles


def test_a_comparison_overlays_each_question() -> None:
    figure = atlas()["curves"].figure
    titles = [text.get_text().replace("\n", " ") for text in figure.texts[3:]]
    assert titles == [
        "First flight", "Launch", "Launch in 2025", "flights", "From landing to flight",
        "Which it is: flight", "Which it is: launch or landing", "Relations: cold",
        "Relations: cool", "Relations: warm", "Mood",
    ]  # fmt: skip
    assert sorted(written(figure.axes[0])) == [
        "hand-made-00000000\n60 %", "hand-made-3f9a2c1b\n70 %",
    ]  # fmt: skip


# --- files ------------------------------------------------------------------------------------


def test_figures_are_written_whole_as_png_and_svg(tmp_path: Path) -> None:
    written = draw_pages(DrawingOrder(*answered(), tmp_path / "figures"))
    assert [path.name for path in written[:2]] == ["overview.png", "overview.svg"]
    assert set(written) == set((tmp_path / "figures").iterdir())
    for path in written:
        head = path.read_bytes()[:5]
        assert head == (b"\x89PNG\r" if path.suffix == ".png" else b"<?xml")


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    drawn = [draw_pages(DrawingOrder(*answered(FEW), tmp_path / name)) for name in ("one", "other")]
    for one, other in zip(*drawn, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_a_comparison_is_written_too(tmp_path: Path) -> None:
    comparison, curves = compared()
    files = draw_comparison(answered()[0], comparison, curves, tmp_path)
    assert [path.name for path in files] == [
        "overview.png", "overview.svg", "curves.png", "curves.svg", "differences.png",
        "differences.svg",
    ]  # fmt: skip


def test_the_settings_of_the_user_are_neither_read_nor_changed(tmp_path: Path) -> None:
    plain = draw_pages(DrawingOrder(*answered(FEW), tmp_path / "plain"))
    with mpl.rc_context({"font.size": 30, "savefig.bbox": "tight"}):
        before = dict(mpl.rcParams)
        theirs = draw_pages(DrawingOrder(*answered(FEW), tmp_path / "theirs"))
        assert dict(mpl.rcParams) == before
    assert [p.read_bytes() for p in plain] == [p.read_bytes() for p in theirs]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "overview.svg").mkdir()
    with pytest.raises(CoopsimError, match=r"overview\.svg cannot be written"):
        draw_pages(DrawingOrder(*answered(), tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "figures").touch()
    with pytest.raises(CoopsimError, match=r"figures cannot be made: File exists"):
        draw_pages(DrawingOrder(*answered(), tmp_path / "figures"))
