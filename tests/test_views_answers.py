"""The table of answers, whole and at every width, and that of a comparison."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from coopsim.analysis.comparing.comparison import ComparedOutcome
from coopsim.analysis.comparing.pairing import MovedShares, PairedEstimate
from coopsim.presentation.terminal.pen import Page
from coopsim.presentation.views.comparison import comparison_view
from coopsim.presentation.views.result.answers import summary_view
from coopsim.presentation.views.view import Cell, Row, Section, TableColumn, View
from hand_made import firings
from shown import printed
from ten import answered, compared

SUMMARY = """\
Ten timelines
hand-made-3f9a2c1b: 10 timelines, 2025-07-01 to 2027-06-30, seed 7

Whether and when         chance %         5 %     median       95 %
First flight               70 ±30        2025       2026 not by 2027-06-30: 30 %
Launch                     60 ±29        2026       2026 not by 2027-06-30: 40 %
... in 2025                   <28  not by 2025: >72 %

Which comes first        chance %         5 %     median       95 %
Which it is                              2025       2026 not by 2027-06-30: 10 %
  flight                   50 ±26
  launch or landing        40 ±29
  none of these            10 ±30

Years from one to the      both %         5 %     median       95 %
  other
From landing to flight     20 ±31     shorter    shorter          0
                         only first <28 %, only second 50 %, neither 30 %

How often                    mean         5 %     median       95 %
flights                  1.0 ±1.3           0          1          3

Index, 0 to 100, at end      mean         5 %     median       95 %
  of
Mood, 2025                 30 ±45           0          0        100
Mood, 2027-06-30           70 ±45           0        100        100

Levels at the end of 2027-06-30
Relations                cold <28 %, cool >72 %, warm <28 %

chance %: the share of timelines in which it has happened by 2027-06-30, or by
the question's own date. 5 %, median, 95 %: the day by which it has happened in
that share of all timelines, or the month, quarter or year if it is not known
more precisely; `not by` shows in how many it has not. < and > are bounds, as no
number of timelines proves 0 or 100 %.

Years from one to the other are negative if the second came first; longer: the
second has not happened yet; shorter: only the second has.

±: 95 % simulation error, the margin of error from a finite number of timelines;
model uncertainty is not included: it shows in the spread from 5 % to 95 %, as
far as the scenario states it, and in other scenarios.
"""

COMPARISON = """\
Differences from hand-made-3f9a2c1b, over 10 timelines of each
hand-made-3f9a2c1b: Ten timelines; seed 7
hand-made-00000000: Ten timelines; seed 7

Whether and when         chance %    difference          median  years later
First flight
  hand-made-3f9a2c1b           70                          2026
  hand-made-00000000           60       -10 ±42 ~0         2026       +0.0 ±?
Launch
  hand-made-3f9a2c1b           60                          2026
  hand-made-00000000           60        +0 ±38 ~0         2026       +0.0 ±?
Launch in 2025
  hand-made-3f9a2c1b          <28                   not by 2025
  hand-made-00000000          <28        +0 ±38 ~0  not by 2025
"""


def summary_page() -> View:
    scenario, summary, _ = answered()
    return summary_view(summary, scenario)


def comparison_page() -> View:
    return comparison_view(compared()[0], answered()[0], everything=True)


def test_the_summary_is_one_line_for_each_answer() -> None:
    assert printed(summary_page()) == SUMMARY


def test_a_comparison_is_one_line_for_each_result() -> None:
    assert printed(comparison_page()).startswith(COMPARISON)


def test_a_comparison_says_what_its_marks_mean() -> None:
    *_, reading, _, error = printed(comparison_page(), 400).splitlines()
    assert reading == (
        "difference: less hand-made-3f9a2c1b's, timeline by timeline. Results with the same "
        "seed share their luck, so differences are due to the assumptions. ~0: no detectable "
        "difference. ± is the wider side of an interval, so a detectable difference may seem "
        "to include zero. A median that one of the two does not reach has no difference. All "
        "are at the end, or at the question's own date."
    )
    assert error == (
        "±: 95 % simulation error, the margin of error from a finite number of timelines; "
        "model uncertainty is not included."
    )


def test_a_comparison_says_which_answers_move_both_ways() -> None:
    comparison = compared()[0]
    outcome = comparison.outcomes["flies"]
    *others, median = outcome.measures
    (name,) = median.moved
    both = replace(median, moved={name: MovedShares(0.3, 0.125)})
    changed = replace(
        comparison,
        outcomes=comparison.outcomes | {"flies": replace(outcome, measures=(*others, both))},
    )
    page = printed(comparison_view(changed, answered()[0], everything=True), 100)
    assert "Moved both ways" not in printed(comparison_page(), 100)
    lines = page.splitlines()
    place = lines.index("Moved both ways, in shares of the timelines")
    assert lines[place + 1] == "First flight"
    assert lines[place + 2].split(maxsplit=1) == [
        "hand-made-00000000",
        "later or never in 30 %, earlier in 12 %",
    ]
    assert "Moved both ways: with the same luck, " in page


def test_a_difference_that_is_sure_has_no_mark() -> None:
    comparison = compared()[0]
    outcome = comparison.outcomes["flies"]
    probability, *others = outcome.measures
    (name,) = probability.differences
    difference = probability.differences[name]
    assert difference is not None
    sure = replace(probability, differences={name: replace(difference, interval=(-0.2, -0.05))})
    changed = replace(
        comparison,
        outcomes=comparison.outcomes | {"flies": replace(outcome, measures=(sure, *others))},
    )
    lines = printed(comparison_view(changed, answered()[0], everything=True)).splitlines()
    assert (
        lines[7] == "  hand-made-00000000           60       -10 ±10            2026       +0.0 ±?"
    )


def test_what_does_not_differ_is_counted_and_what_differs_most_comes_first() -> None:
    comparison = compared()[0]
    page = printed(comparison_view(comparison, answered()[0]), 100)
    assert f"None of {len(comparison.outcomes)} answers differs (shown by --all).\n" in page
    (name,) = comparison.outcomes["flies"].measures[0].differences

    def differing(outcome: str, by: float) -> ComparedOutcome:
        first, *others = comparison.outcomes[outcome].measures
        moved: dict[str, PairedEstimate | None] = {
            name: PairedEstimate(by, 0.01, (by - 0.02, by + 0.02))
        }
        changed = (replace(first, differences=moved), *others)
        return replace(comparison.outcomes[outcome], measures=changed)

    two = {"flies": differing("flies", 0.1), "works": differing("works", -0.3)}
    changed = replace(comparison, outcomes=comparison.outcomes | two)
    view = comparison_view(changed, answered()[0])
    assert [row.about for row in view.sections[0].rows if not row.level] == ["works", "flies"]
    count = len(comparison.outcomes) - 2
    assert view.notes[0] == f"{count} others do not differ (shown by --all)."
    every = comparison_view(changed, answered()[0], everything=True)
    shown = [row.about for section in every.sections for row in section.rows if not row.level]
    assert shown[:2] == ["works", "flies"]
    assert set(shown) == set(comparison.outcomes)


def level_rows(*sure: str, everything: bool = False) -> list[str]:
    """Show the levels of a driver, of which some differ by 10 points, as a comparison does."""
    comparison = compared()[0]
    outcome = comparison.outcomes["relations"]
    told = PairedEstimate(-0.1, 0.02, (-0.14, -0.06))
    measures = tuple(
        replace(
            one, differences=dict.fromkeys(one.differences, told if one.label in sure else None)
        )
        for one in outcome.measures
    )
    changed = replace(comparison, outcomes={"relations": replace(outcome, measures=measures)})
    view = comparison_view(changed, answered()[0], everything=everything)
    (levels,) = (one for one in view.sections if one.title == "Levels")
    return [row.title for row in levels.rows if row.level == 1]


def test_of_many_levels_those_are_listed_that_differ() -> None:
    others = "2 others differ less, or not at all (shown by --all)"
    assert level_rows("cold") == ["at cold", others]
    other = "1 other differs less, or not at all (shown by --all)"
    assert level_rows("cold", "warm") == ["at cold", "at warm", other]
    assert level_rows("cold", everything=True) == ["at cold", "at cool", "at warm"]


def test_warnings_of_a_comparison_stand_above_its_numbers() -> None:
    comparison = replace(compared()[0], warnings=("they end on different days",))
    lines = printed(comparison_view(comparison, answered()[0])).splitlines()
    assert lines[3] == "warning: they end on different days"


NUMBER = re.compile(r"[\d.]+ ±[\d.?]+|\d{4}-\d\d-\d\d|[<>]?\d+ %")


@pytest.mark.parametrize("page", [summary_page, comparison_page])
@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_no_line_is_too_long_and_no_number_is_broken(page: object, width: int) -> None:
    assert callable(page)
    whole = set(NUMBER.findall(printed(page(), 1000)))
    text = printed(page(), width)
    assert max(map(len, text.splitlines())) <= width
    assert set(NUMBER.findall(text)) <= whole
    if width >= 80:
        assert set(NUMBER.findall(text)) == whole


def test_a_narrow_terminal_gets_the_median_alone() -> None:
    lines = printed(summary_page(), 60).splitlines()
    assert lines[4:8] == [
        "Whether and when             chance %      median",
        "First flight                   70 ±30        2026",
        "Launch                         60 ±29        2026",
        "... in 2025                       <28  not by 2025: >72 %",
    ]


def test_a_terminal_that_knows_only_ascii_is_spared_the_rest() -> None:
    scenario, summary, _ = answered(
        {"flies": {"event": "flight", "title": "Орёл à terre \N{EN DASH} gone…"}}
    )
    text = printed(summary_view(summary, scenario), 100, "ascii")
    assert text.splitlines()[4].startswith("???? a terre - gone...   70 +-30        2025")


def test_no_colour_is_used_that_could_be_asked_away(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    Console(file=file, width=80, force_terminal=True, color_system="truecolor").print(
        Page(summary_page())
    )
    assert set(re.findall(r"\x1b\[[\d;]*m", file.getvalue())) == {"\x1b[1m", "\x1b[0m"}
    monkeypatch.setenv("NO_COLOR", "1")
    quiet = io.StringIO()
    Console(file=quiet, width=80).print(Page(summary_page()))
    assert quiet.getvalue() == SUMMARY


def test_kinds_that_are_not_asked_have_no_section() -> None:
    scenario, summary, _ = answered({"flies": {"event": "flight"}})
    lines = printed(summary_view(summary, scenario)).splitlines()
    headings = [line.split("  ")[0] for line in lines if "median  " in line]
    assert headings == ["Whether and when"]
    assert "longer" not in "".join(lines)


def test_of_one_timeline_the_error_of_a_mean_is_unknown() -> None:
    one = firings([(0, "flight", "2026-01-01")], 1)
    scenario, summary, _ = answered({"flights": {"count": "flight"}}, one)
    text = printed(summary_view(summary, scenario))
    assert "1 timeline, " in text
    assert "flights    1.0 ±?           1          1          1\n" in text


def test_titles_go_on_below_themselves_and_notes_beside_them() -> None:
    rows = (
        Row("A title of many words indeed, and more", (Cell("1.0"), Cell("2"))),
        Row("B", note="x y"),
    )
    section = Section("Heading", rows, (TableColumn("mean"), TableColumn("median")))
    assert printed(View(("Top",), (section,)), 36) == (
        "Top\n"
        "\n"
        "Heading                 mean  median\n"
        "A title of many words    1.0  2\n"
        "  indeed, and more\n"
        "B                       x y\n"
    )


def test_signs_of_two_columns_keep_the_columns() -> None:
    titles = {"协议签署": "1.0", "A": "10.0", "协" * 30: "2.0"}
    rows = tuple(Row(title, (Cell(text),)) for title, text in titles.items())
    section = Section("Chinese", rows, (TableColumn("%"),))
    assert printed(View((), (section,)), 36) == (
        f"Chinese{' ' * 25}%\n"
        f"协议签署{' ' * 24}1.0\n"
        f"A{' ' * 31}10.0\n"
        f"{'协' * 15}  2.0\n"
        f"{'协' * 15}\n"
    )
