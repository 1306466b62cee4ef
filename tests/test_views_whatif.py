"""What if, and what an answer hangs on, as tables and figures."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from coopsim import api
from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.experiments.attribution import Attribution
from coopsim.experiments.epistemic import ModelUncertainty
from coopsim.experiments.sensitivity import Sensitivity
from coopsim.experiments.sweeps import Sweep
from coopsim.presentation.figures import attribution
from coopsim.presentation.figures.attribution import ChangeRow, draw_parts, panels_of
from coopsim.presentation.figures.epistemic import draw_bands
from coopsim.presentation.figures.kit.style import styled
from coopsim.presentation.figures.sensitivity import TornadoBar, draw_tornado
from coopsim.presentation.figures.sweeps import draw_curve, draw_map
from coopsim.presentation.views.cells import course_cell, difference_cell, years_cell
from coopsim.presentation.views.epistemic import end_text, epistemic_view
from coopsim.presentation.views.sensitivity import sensitivity_view
from coopsim.presentation.views.view import Cell
from coopsim.presentation.views.whatif import (
    answer_text,
    attribution_view,
    differences_view,
    sweep_view,
    threshold_sentence,
)
from coopsim.presentation.words.assumptions import (
    assumption_name,
    course_words,
    outcome_name,
)
from shown import printed
from small_world import SMALL, small

if TYPE_CHECKING:
    from coopsim.api import Answer


@pytest.fixture(scope="module")
def hangs_on() -> Sensitivity:
    return api.sensitivity(small(), ["end", "launch by 2032"], runs=400, workers=1)


@pytest.fixture(scope="module")
def explained() -> Attribution:
    new = api.load({**SMALL, "scenario": "new"}, ["events.end.rate=1 per year"])
    return api.explain(small(), new, runs=400, workers=1)


@pytest.fixture(scope="module")
def swept() -> Sweep:
    ranges = ["events.end.rate=0.02..0.3 per year"]
    return api.sweep(small(), ranges, "end by 2030", points=5, runs=400, workers=1)


@pytest.fixture(scope="module")
def bands() -> ModelUncertainty:
    return api.epistemic(small(), ["end", "ends"], runs=200, replications=20, workers=1)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("events.launch.date.growth", "T: growth of the plan"),
        ("events.launch.date", "T: date"),
        ("drivers.climate.switches.cold -> warm.rate", "T: cold -> warm rate"),
        ("events.x.outcomes.works.chance.0.is", "T: chance of works no. 1"),
        ("events.x.date.2030", "T: date 2030"),
        ("references.ageing.pace.0.times", "T: pace no. 1"),
        ("references.growth", "T"),
    ],
)
def test_names_of_assumptions(path: str, name: str) -> None:
    assert assumption_name("T", path) == name


def test_cells_of_differences() -> None:
    surely = PairedEstimate(-0.2, 0.01, (-0.22, -0.18))
    assert difference_cell(surely, "share") == Cell("-20 ±2", -0.2, (-0.22, -0.18), "share")
    perhaps = PairedEstimate(0.001, 0.01, (-0.02, 0.022))
    marked = Cell("+0 ±2", 0.001, (-0.02, 0.022), "share", mark="~0")
    assert difference_cell(perhaps, "share") == marked
    unknown = PairedEstimate(-0.3, None, None)
    assert years_cell(unknown) == Cell("-0.3 ±?", -0.3, None, "years")
    assert years_cell(None) == Cell()


def test_dates_differ_in_days_where_there_are_few() -> None:
    found = api.sensitivity(small("end=2025-06-30"), ["end"], runs=200, workers=1)
    page = printed(sensitivity_view(found, focus=True), 110)
    (heading,) = (line for line in page.splitlines() if "median" in line)
    assert heading.endswith("points of chance     days later")
    assert course_words("event", 2.0) == "years later"
    sooner = PairedEstimate(-0.02, 0.001, (-0.022, -0.018))
    assert course_cell(sooner, "years", 0.5).text == "-7.3 ±0.7"
    assert course_cell(sooner, "years", 2).text == "-0.02 ±0.01"


# Decided for it in 0.3 of the timelines, whatever the day: 92 days later in each of them.
def test_an_answer_of_which_only_the_date_changes_is_explained() -> None:
    chance = "events.decision.outcomes.yes.chance=0.3"
    new = small("scenario=new", chance, "events.decision.date=2028-04-02")
    found = api.explain(small(chance), new, ["yes"], runs=400, workers=1)
    one = found.outcomes["yes"]
    assert one.change.value == 0
    assert one.over_time is not None
    assert one.over_time.value == pytest.approx(92 / 365.25 * one.before.value)
    assert not one.shown
    page = printed(attribution_view(found), 110)
    (line,) = (line for line in page.splitlines() if line.startswith("Together, up to"))
    assert line.split()[6:] == [f"+{one.over_time.value:.2f}", "±0.01", "years", "later"]


def test_the_table_of_one_outcome(hangs_on: Sensitivity) -> None:
    page = printed(sensitivity_view(hangs_on, focus=True, most=2), 110)
    lines = page.splitlines()
    assert lines[0] == "Which assumptions drive the small results"
    assert lines[1] == (
        "11 assumptions, each moved to its low and its high: 400 timelines of each, seed 7"
    )
    assert "Operations end: rate" in page
    assert "  0.07 per year  " in page
    assert "Launch by 2032: " in page
    assert "Launch: growth of the plan" in page


def test_what_changes_no_timeline_is_said(hangs_on: Sensitivity) -> None:
    page = printed(sensitivity_view(hangs_on, focus=True, most=None), 110)
    assert "Idle: rate\n  0.1333 per year to 0.3 per year" in page
    assert "changes no timeline" in page


def test_the_table_of_all_outcomes_lists_what_is_dead() -> None:
    found = api.sensitivity(small(), runs=200, workers=1, only=["events"])
    page = printed(sensitivity_view(found, focus=False), 110)
    assert "What matters most to each answer" in page
    assert (
        "Dead: moving them changes no answer in any timeline: 1\n"
        "  events.idle.rate: 0.1333 per year to 0.3 per year\n"
    ) in page
    unmoved = replace(found, unmoved={"events.x": "chances that sum to 2"})
    page = printed(sensitivity_view(unmoved, focus=False), 110)
    assert (
        "Not moved, as the scenario would not be valid with them at an end: 1\n  events.x\n"
    ) in page


@pytest.mark.parametrize(
    ("events", "branch", "expected"),
    [
        ([["end"], ["launch"]], "launch", "Which comes first: Launch"),
        (
            [["end", "launch"], ["idle"]],
            "end or launch",
            "Which comes first: Operations end or Launch",
        ),
        ([["end"], ["launch"]], "neither", "Which comes first: none of these"),
        ([["end"], ["un_named"]], "un_named", "Which comes first: un named"),
        (
            [["end", "un_named"], ["idle"]],
            "end or un_named",
            "Which comes first: Operations end or un named",
        ),
    ],
)
def test_branches_are_named_by_the_titles_of_their_events(
    events: list[list[str]], branch: str, expected: str
) -> None:
    unnamed = {"un_named": {"rate": "0.1 per year", "judgement": "Made up."}}
    asked = {"which": {"first_of": events, "title": "Which comes first"}}
    loaded = api.load({**SMALL, "events": SMALL["events"] | unnamed, "outcomes": asked})
    found = api.sensitivity(loaded, [f"which = {branch}"], runs=100, only=["events.end"])
    ((text, base),) = found.outcomes.items()
    assert outcome_name(base, text) == expected


NEW = "  new + rate = 1 per year, until = 2030-01-01"


def test_differences_by_titles_and_by_paths() -> None:
    data = {**SMALL, "scenario": "new"}
    new = api.load(data, ["events.idle.rate=1 per year", "events.end.until=2030-01-01"])
    found = api.diff(small(), new)
    assert printed(differences_view(found), 80) == (
        "From small to new + rate = 1 per year, until = 2030-01-01\n"
        "2 differences\n"
        "\n"
        "Only in new + rate = 1 per year, until = 2030-01-01\n"
        "Operations end: not after\n"
        f"{NEW}  2030-01-01\n"
        "  rests on                                     Made up.\n"
        "\n"
        "Different\n"
        "Idle: rate\n"
        "  small                                        0.2 per year\n"
        f"{NEW}  1 per year\n"
        "  rests on                                     Made up.\n"
    )
    page = printed(differences_view(found, paths=True), 80)
    assert f"events.end.until\n{NEW}  2030-01-01\n" in page
    assert printed(differences_view(api.diff(small(), small())), 80) == (
        "From small to small\nTheir assumptions are the same.\n"
    )


def test_the_table_of_what_changes_account_for(explained: Attribution) -> None:
    page = printed(attribution_view(explained), 110)
    assert page.startswith(
        "Why new + rate = 1 per year differs from small\n"
        "400 timelines of each combination of changes"
    )
    assert (
        "What changes\n  Operations end\n"
        "    rate: {uniform: [0.05 per year, 0.45 per year]} -> 1 per year\n"
    ) in page
    assert "Together" in page
    assert "others do not differ (shown by --all)." in page
    assert "averaged over all orders in which the changes can be made" in page
    everything = printed(attribution_view(explained, everything=True), 110)
    assert "Decided for it: " in everything
    assert "Decided for it: " not in page


def test_a_sweep_of_one_chance_says_that_the_others_are_scaled() -> None:
    ranges = ["events.decision.outcomes.yes.chance=0.3..0.6"]
    found = api.sweep(small(), ranges, "yes", points=2, runs=200, workers=1)
    assert found.scaled == ("events.decision.outcomes",)
    sentence = "The other chances of events.decision.outcomes are scaled in proportion.\n"
    assert sentence in printed(sweep_view(found), 100)


def test_many_differences_say_how_many_chance_would_show(explained: Attribution) -> None:
    looked_at = [one for each in explained.outcomes.values() for one in each.differences]
    count = sum(one.interval is not None and one.se != 0 for one in looked_at)
    sentence = "Of 21 differences, about 1 would stand out by chance alone."
    assert explained.by_chance == count / 20
    few = {name: explained.outcomes[name] for name in ("end", "which = end")}
    assert "by chance" not in printed(attribution_view(replace(explained, outcomes=few)), 110)
    one = explained.outcomes["end"]
    parts = {
        str(n): one.parts["events.end"] for n in range(9)
    }  # with medians, 18 and 2, and 1 over time
    changes = tuple(replace(explained.changes[0], name=name) for name in parts)
    many = replace(explained, changes=changes, outcomes={"end": replace(one, parts=parts)})
    assert sentence in printed(attribution_view(many), 110)


def test_no_minus_before_nothing() -> None:
    found = PairedEstimate(-0.0001, 0.01, (-0.02, 0.02))
    assert difference_cell(found, "share").text == "+0 ±2"
    assert years_cell(PairedEstimate(-0.0, 0.0, (-0.0, 0.0))).text == "+0.0 ±?"


def test_the_table_of_a_sweep_tells_its_threshold(swept: Sweep) -> None:
    page = printed(sweep_view(swept), 100)
    assert page.startswith(
        "Operations end by 2030 in small\n400 timelines of each point with the same "
    )
    assert page.splitlines()[3] == "Operations end: rate, per year  chance %"
    assert page.splitlines()[4].startswith("  0.02   ")
    sentence = threshold_sentence(swept)
    assert swept.threshold is not None
    interval = swept.threshold.interval
    assert interval is not None
    assert 0.01 <= max(abs(swept.threshold.at - end) for end in interval) < 0.02
    assert sentence.startswith(
        f"Above {swept.threshold.at:.3f} per year, `Operations end by 2030` is more likely than "
        "not (95 % simulation error: "
    )
    assert threshold_sentence(replace(swept, threshold=None)) == (
        "`Operations end by 2030` does not cross 50\N{NO-BREAK SPACE}% between 0.02 and "
        "0.3 per year."
    )
    falling = replace(swept.threshold, rising=False, passes=3, interval=None)
    assert threshold_sentence(replace(swept, threshold=falling, level=0.4)) == (
        f"Below {falling.text}, `Operations end by 2030` is above 40\N{NO-BREAK SPACE}% "
        "(simulation error not known); the first of 3 crossings."
    )


def test_the_table_of_two_axes_is_a_grid() -> None:
    ranges = ["drivers.climate.initial=cold, cool", "events.end.rate=0.1..0.2 per year"]
    found = api.sweep(small(), ranges, "climate = cold", points=2, runs=200, workers=1)
    lines = printed(sweep_view(found), 100).splitlines()
    assert lines[0] == "Climate: cold at the end of 2034 in small"
    assert lines[2] == "Across: Operations end: rate, per year; in the grid: share %"
    assert lines[4:6] == [
        "Climate: level at the start    0.1  0.2",
        "  cold                       >98.1  >98.1",  # 200 of 200
    ]


def test_a_grid_that_is_too_wide_goes_on_below_with_all_its_numbers() -> None:
    ranges = ["drivers.climate.initial=cold, cool", "events.end.rate=0.1..0.2 per year"]
    found = api.sweep(small(), ranges, "end by 2030", points=5, runs=200, workers=1)
    texts = [answer_text(point.base) for point in found.points]
    assert all("±" in text for text in texts)
    for width in (120, 60, 40, 28, 20):
        page = printed(sweep_view(found), width)
        assert sorted(re.findall(r"\d+ ±\d+", page)) == sorted(texts)
        assert max(map(len, page.splitlines())) <= width
    narrow = printed(sweep_view(found), 40).splitlines()
    assert sum(line.startswith("  cold") for line in narrow) == 2  # three of five columns fit


def test_the_table_of_model_uncertainty(bands: ModelUncertainty) -> None:
    page = printed(epistemic_view(bands), 100)
    assert page.startswith(
        "Chance and model uncertainty in small\n"
        "200 draws of what we do not know, 20 timelines of each, seed 7"
    )
    assert "from the 2 numbers and starting levels that are written as uncertain" in (
        page.replace("\n", " ")
    )
    one = replace(
        bands.outcomes["end"], value=0.31, interval=(0.303, 0.317), band=(0.18, 0.46),
        low_interval=(0.15, 0.2), high_interval=(0.44, 0.5), share=0.1, share_interval=(0.06, 0.16),
    )  # fmt: skip
    unknown = replace(
        bands.outcomes["ends"], value=2.0, interval=(1.9, 2.1), band=(2.0, 2.0),
        low_interval=None, high_interval=None, share=0.0, share_interval=None,
    )  # fmt: skip
    found = replace(bands, outcomes={"end": one, "ends": unknown})
    lines = printed(epistemic_view(found), 100).splitlines()[4:6]
    assert [re.split(" {2,}", line.strip())[1:] for line in lines] == [
        ["31.0 %", "18 % (15 to 20)", "46 % (44 to 50)", "10 % (6 to 16)"],
        ["2.00", "2.0 ?", "2.0 ?", "?"],
    ]


# A finite sample never gives a band of zero width: what has always or never been seen has an end.
@pytest.mark.parametrize(
    ("value", "interval", "unit", "text"),
    [
        (1.0, (0.994, 1.0), "share", ">99.4 %"),
        (0.0, (0.0, 0.0002), "share", "<0.1 %"),
        (0.004, (0.0, 0.03), "share", "<3 %"),
        (0.0123, (0.011, 0.0199), "share", "1.2 % (1.1 to 2.0)"),
        (15.11, (14.6, 15.5), "count", "15.1 (14.6 to 15.5)"),
        (1.512, (1.49, 1.55), "count", "1.51 (1.49 to 1.55)"),
        (1512.0, (1400.0, 1700.0), "count", "1512 (1400 to 1700)"),
        (5.0, None, "count", "5.0 ?"),
    ],
)
def test_ends_of_a_band(
    value: float, interval: tuple[float, float] | None, unit: str, text: str
) -> None:
    assert end_text(value, interval, unit).replace("\N{NO-BREAK SPACE}", " ") == text


def test_bands_drawn_with_their_simulation_error(ax: Axes, bands: ModelUncertainty) -> None:
    sure = replace(
        bands.outcomes["end"], value=1.0, band=(1.0, 1.0), low_interval=(0.99, 1.0),
        high_interval=(0.999, 1.0),
    )  # fmt: skip
    unknown = replace(sure, low_interval=None, high_interval=None)
    draw_bands(ax, [("end", sure), ("end", unknown)], 100)
    drawn = [np.asarray(line.get_xdata()).tolist() for line in ax.lines]
    assert drawn.count([99.0, 100.0]) == drawn.count([99.9, 100.0]) == 2  # a line and its caps
    assert [text.get_text().strip() for text in ax.texts] == ["?", "?"]


# From no timeline to about half of them: 30 % lies between, 95 % does not.
@pytest.mark.parametrize(
    ("level", "title"), [(0.3, "chance %; white line: 30 %"), (0.95, "chance %")]
)
def test_a_grid_names_a_line_only_where_one_is_drawn(ax: Axes, level: float, title: str) -> None:
    ranges = ["events.end.rate=0.01..0.2 per year", "drivers.climate.initial=cool, cold"]
    grid = api.sweep(small(), ranges, "end by 2030", points=2, level=level, runs=200, workers=1)
    draw_map(ax, grid)
    assert ax.get_title(loc="right").replace("\N{NO-BREAK SPACE}", " ") == title
    assert bool(ax.lines) == (level == 0.3)
    numbers = {text.get_text() for text in ax.texts}
    assert numbers == {answer_text(point.base) for point in grid.points}


def test_a_map_breaks_numbers_before_their_errors_or_leaves_them_out(ax: Axes) -> None:
    ranges = ["events.end.rate=0.1..0.2 per year", "events.launch.date.growth=1..2"]
    grid = api.sweep(small(), ranges, "end by 2030", points=12, runs=100, workers=1)
    draw_map(ax, grid)
    assert {text.get_text() for text in ax.texts} == {
        answer_text(point.base).replace(" ±", "\n±") for point in grid.points
    }
    for text in list(ax.texts):
        text.remove()
    ax.set_position((0.3, 0.1, 0.2, 0.8))
    draw_map(ax, grid)
    assert {text.get_text() for text in ax.texts} == {""}


def test_a_curve_of_a_sweep_shows_the_range_of_its_values(ax: Axes, swept: Sweep) -> None:
    draw_curve(ax, swept)
    ends = [end for point in swept.points for end in point.base.interval or ()]
    low, high = ax.get_ylim()
    assert low <= min(ends) <= max(ends) <= high
    assert high - low < 1.4 * (max(ends) - min(ends))
    assert ax.get_xlim() == (0.02, 0.3)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Operations end: rate, per year", "chance\xa0%")
    labels = zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    ticks = [label.get_text() for place, label in labels if low <= place <= high]
    assert ticks == ["0", "20", "40", "60", "80"]


def test_a_curve_without_a_threshold_draws_no_line_far_off(ax: Axes, swept: Sweep) -> None:
    draw_curve(ax, replace(swept, threshold=None, level=0.99))
    assert len(ax.lines) == 1


@pytest.mark.slow
def test_figures_of_every_kind(
    tmp_path: Path,
    hangs_on: Sensitivity,
    explained: Attribution,
    swept: Sweep,
    bands: ModelUncertainty,
) -> None:
    ranges = ["drivers.climate.initial=cold, cool", "events.end.rate=0.1..0.2 per year"]
    grid = api.sweep(small(), ranges, "mood", points=2, level=30, runs=200, workers=1)
    result = api.run(small("runs=600"), out=tmp_path, workers=1)
    indices = api.global_indices(result, ["end"])
    all_found: tuple[Answer, ...] = (hangs_on, explained, swept, grid, bands, indices)
    names = [
        [path.name for path in api.draw(found, tmp_path / str(number))]
        for number, found in enumerate(all_found)
    ]
    assert names[0] == ["tornado-1.png", "tornado-1.svg", "tornado-2.png", "tornado-2.svg"]
    assert names[1][0].startswith("explained")
    assert names[2] == names[3] == ["sweep.png", "sweep.svg"]
    assert names[4] == [
        "uncertainty-1.png",
        "uncertainty-1.svg",
        "uncertainty-2.png",
        "uncertainty-2.svg",
    ]
    assert names[5] == ["indices.png", "indices.svg"]


@pytest.fixture
def ax() -> Axes:
    figure = Figure(figsize=(6, 4))
    FigureCanvasAgg(figure)
    with styled():
        return figure.add_axes((0.3, 0.1, 0.6, 0.8))


def test_bars_of_a_tornado_are_pale_without_a_detectable_effect(ax: Axes) -> None:
    sure, noise = (
        PairedEstimate(0.2, 0.02, (0.16, 0.24)),
        PairedEstimate(-0.01, 0.02, (-0.05, 0.03)),
    )
    draw_tornado(
        ax,
        [TornadoBar("A", "1", "2", (noise, sure)), TornadoBar("B", "3", "4", (sure, sure))],
        100,
        named=True,
    )
    assert [patch.get_alpha() for patch in ax.patches] == [0.3, 1.0, 1.0, 1.0]
    assert [round(patch.get_width(), 9) for patch in ax.patches] == [-1.0, 20.0, 20.0, 20.0]  # type: ignore[attr-defined]  # bars
    assert [text.get_text() for text in ax.texts] == ["1", "2", "3", "4"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["A", "B"]


def test_the_names_beside_a_map_fit_its_height(swept: Sweep) -> None:
    (axis,) = swept.axes
    long = replace(axis, title="Political climate between Washington and Moscow and beyond " * 2)
    points = swept.points[:4]
    found = replace(
        swept, axes=(replace(long, texts=long.texts[:2], numbers=(0.0, 1.0)),) * 2, points=points
    )
    figure = Figure(figsize=(6, 3))
    FigureCanvasAgg(figure)
    with styled():
        ax = figure.add_axes((0.3, 0.2, 0.6, 0.7))
        draw_map(ax, found)
        figure.canvas.draw()
    assert ax.yaxis.label.get_window_extent().height <= ax.get_window_extent().height


def test_parts_of_a_change_and_the_whole(ax: Axes) -> None:
    part = PairedEstimate(0.1, 0.02, (0.06, 0.14))
    draw_parts(
        ax, [ChangeRow("A", part, "+10 ±4"), ChangeRow("All", part, "+9 ±4", whole=True)], 100
    )
    assert [text.get_text() for text in ax.texts] == ["+10 ±4", "+9 ±4"]
    assert [patch.get_hatch() for patch in ax.patches] == ["////", ""]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["A", "All"]


def test_parts_have_two_lines_for_their_names(ax: Axes) -> None:
    part = PairedEstimate(0.1, 0.02, (0.06, 0.14))
    names = ["Sanctions are eased after the settlement", "one two three " * 8]
    draw_parts(ax, [ChangeRow(name.strip(), part, "") for name in names], 100)
    whole, cut = (label.get_text() for label in ax.get_yticklabels())
    assert whole.split("\n") == ["Sanctions are eased after the", "settlement"]
    assert cut.count("\n") == 1
    assert cut.endswith(" ...")


def test_panels_of_one_unit_have_one_scale_and_none_is_empty(explained: Attribution) -> None:
    one = explained.outcomes["end"]
    nothing = PairedEstimate(0.0, 0.01, (-0.02, 0.02))
    little = PairedEstimate(0.1, 0.02, (0.06, 0.14))
    quiet = {
        name: replace(part, share=nothing, median_share=nothing) for name, part in one.parts.items()
    }
    still = replace(one, parts=quiet, change=nothing, median_change=nothing)
    later = replace(still, median_change=little)  # its chance does not move, its median does
    small_one = replace(one, change=little, parts={
        name: replace(part, share=little) for name, part in one.parts.items()
    })  # fmt: skip
    answers = {"end": one, "yes": still, "launch": later, "gap": small_one}
    panels = {panel.name: panel for panel in panels_of(replace(explained, outcomes=answers))}
    assert {name: panel.unit for name, panel in panels.items()} == {
        "end": "years" if one.by_date else "share",
        "launch": "years",
        "gap": "years" if small_one.by_date else "share",
    }
    for panel in panels.values():
        assert any(row.difference.told_from_zero for row in panel.rows)
        alike = [each for each in panels.values() if each.unit == panel.unit]
        assert panel.reach == (
            min(each.ends[0] for each in alike), max(each.ends[1] for each in alike)
        )  # fmt: skip
        assert panel.reach[0] <= 0 <= panel.reach[1]


def test_titles_of_panels_stand_apart_and_keep_their_numbers_together(
    explained: Attribution, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = explained.outcomes["end"]
    titles = ["word " * length + "end" for length in range(1, 25)]
    bases = [replace(one.before, title=title) for title in titles]
    outcomes = {f"end{n}": replace(one, before=base) for n, base in enumerate(bases)}
    drawn: list[Figure] = []
    monkeypatch.setattr(
        attribution, "save_pages", lambda pages, _: drawn.extend(sheet.figure for _, sheet in pages)
    )
    attribution.draw_attribution(replace(explained, outcomes=outcomes), tmp_path)
    for figure in drawn:
        shown = [text for text in figure.texts if text.get_text().startswith("word")]
        left, right = sorted({text.get_position()[0] * figure.bbox.width for text in shown})
        widest = max(text.get_window_extent().width for text in shown)
        assert widest / figure.dpi < (right - left) / figure.dpi - 0.25  # inches
        assert all(text.get_text().endswith("86\xa0%\xa0to\xa0>99.0\xa0%") for text in shown)
    assert sum(len(figure.axes) for figure in drawn) == len(titles)
