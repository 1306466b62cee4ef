"""The table of answers given evidence, whole, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from coopsim.analysis.evidence.conditioning import Given
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.presentation.views.cells import change_cell, number_cell, ranged_cell
from coopsim.presentation.views.given import given_view, moved
from coopsim.presentation.views.result.sentences import SAID
from coopsim.presentation.views.view import View
from coopsim.presentation.words.wording import Wording
from shown import printed
from ten import ASKED as ASKED_OF_TEN
from ten import asked
from test_conditioning import given

WORDS = Wording.of(asked())
GIVEN = """\
Ten timelines
Given that flight; and that not launch = fails
hand-made-3f9a2c1b, seed 7: 120 of 200 timelines match, 60 ±7 %; overall: 200 timelines
warning: only 120 timelines match, so intervals are wide; `--until 400` simulates more until that
many match

Whether and when, chance %           given   overall    difference     median given  overall
First flight                           >96     70 ±7        +30 ±6       2026-01-01  2026-01
Launch                               67 ±9     60 ±7         +7 ±6             2026  2026

Which comes first, chance %          given   overall    difference
Which it is
  flight                             67 ±9     50 ±7        +17 ±6
  launch or landing                  33 ±9     40 ±7         -7 ±6
  none of these                         <4     10 ±5        -10 ±4

From one to the other, both %        given   overall    difference     median given  overall
From landing to flight               33 ±9     20 ±6        +13 ±4         not seen  not seen

How often, mean                      given   overall    difference
flights                           1.3 ±0.1  1.0 ±0.1     +0.3 ±0.1

Index, 0 to 100, mean at the end     given   overall    difference
Mood                                100 ±3     70 ±7        +30 ±6

2 others do not differ (shown by --all).
"""


def page(found: Given, width: int = 100) -> str:
    return printed(given_view(found, asked()), width)


def test_every_outcome_is_held_against_itself() -> None:
    whole = page(given(["flight", "not launch = fails"]))
    assert whole.startswith(GIVEN)


def test_the_legend_says_what_evidence_is_not() -> None:
    *_, reading, _, cause = page(given(["flight"]), 600).splitlines()
    assert reading.startswith("given: among the timelines that match, with equal weights.")
    assert cause == (
        "Evidence selects timelines and changes none: whatever is likelier with it may be "
        "caused by it, may cause it, or may share a cause with it. To see what a change would "
        "do, change the assumption with `--set` and use `coopsim compare`."
    )


def test_of_many_differences_it_is_said_how_many_chance_makes() -> None:
    found = given(["flight"])
    varies = next(one for one in found.shifts if one.unit == "share" and 0 < one.overall < 1)
    never = replace(varies, overall=0.0)
    *_, reading, _, _ = page(replace(found, shifts=(varies,) * 24 + (never,) * 9), 900).splitlines()
    assert (
        "difference. Of 24 differences, about 1 would stand out by chance alone. ±, or a range:"
        in reading
    )


def test_small_differences_have_no_minus_zero() -> None:
    assert change_cell(-0.0004, (-0.0104, 0.0096), "share", 100).text == "+0.0 ±1.0"


def test_what_the_evidence_moves_most_comes_first_and_the_rest_is_counted() -> None:
    found = given(["flight"])
    first = next(one for one in found.shifts if one.outcome == "flies")
    sizes = {"early": 0.1, "works": -0.3, "flies": 0.2}
    shifts = tuple(
        replace(
            first, outcome=name, difference=size,
            difference_interval=(size - 0.05, size + 0.05),
        )
        for name, size in sizes.items()
    )  # fmt: skip
    still = replace(first, outcome="gap", difference=0.01, difference_interval=(-0.1, 0.12))
    changed = replace(found, shifts=(still, *shifts))
    assert [one[0].outcome for one in moved(changed, WORDS)] == ["works", "flies", "early"]
    leads = replace(WORDS, headlines=("early",))
    assert [one[0].outcome for one in moved(changed, leads)] == ["early", "works", "flies"]
    lines = page(changed).splitlines()
    assert "1 other does not differ (shown by --all)." in lines
    alone = page(replace(changed, shifts=(still,))).splitlines()
    assert "The answer does not differ (shown by --all)." in alone
    whole = printed(given_view(changed, asked(), everything=True), 100)
    assert "From landing to flight" in whole
    assert "From landing to flight" not in page(changed)
    assert "shown by --all" not in whole


def test_a_question_whose_date_alone_moves_is_shown() -> None:
    found = given(["flight"])
    launch = next(one for one in found.shifts if one.outcome == "works")
    still = replace(launch, difference=0.0, difference_interval=(-0.1, 0.1))
    same = replace(found, shifts=(still,))
    assert moved(same, WORDS) == []
    summary = found.given.outcomes["works"]
    assert isinstance(summary, DateSummary)
    sooner = (date(2025, 1, 1), date(2025, 1, 2))
    earlier = replace(summary, quantile_intervals={**summary.quantile_intervals, "0.5": sooner})
    outcomes = {**found.given.outcomes, "works": earlier}
    changed = replace(same, given=replace(found.given, outcomes=outcomes))
    assert moved(changed, WORDS) == [(still,)]


def test_a_chance_near_an_end_is_written_with_its_range() -> None:
    assert ranged_cell(0.012, (0.004, 0.026), "share").text == "0.4 to 2.6"
    assert ranged_cell(0.99, (0.95, 0.995), "share").text == "95 to 100"
    assert ranged_cell(0.5, (0.4, 0.6), "share").text == "50 ±10"
    assert ranged_cell(0.0, (0.0, 0.04), "share").text == "<4"
    assert ranged_cell(2.0, (1.5, 2.5), "count").text == "2.0 ±0.5"


def test_a_narrow_terminal_does_without_medians() -> None:
    lines = page(given(["flight"]), 70).splitlines()
    (line,) = (line for line in lines if line.startswith("Launch  "))
    assert line.split() == ["Launch", "71", "±8", "60", "±7", "+11", "±5"]


def test_numbers_by_unit() -> None:
    assert number_cell(0.5, (0.4, 0.6), "share").text == "50 ±10"
    assert number_cell(2.0, (1.5, 2.5), "count").text == "2.0 ±0.5"
    assert number_cell(2.0, None, "count").text == "2.0 ±?"


def test_headline_questions_lead_as_sentences_of_the_timelines_that_match() -> None:
    found = given(["flight", "not launch = fails"])
    flights: dict[str, object] = {"count": "flight", "headline": True}
    view = given_view(found, asked({**ASKED_OF_TEN, "flights": flights}))
    assert printed(View((), view.sections[:1])) == (
        "In short, given the evidence\nflights: 1.3 ±0.1 on average, nine in ten between 1 and 3.\n"
    )
    assert view.notes[0] == SAID
