"""The table of answers given evidence, whole, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace

from coopsim.analysis.evidence.conditioning import Given
from coopsim.presentation.views.cells import number_cell
from coopsim.presentation.views.given import given_view
from coopsim.presentation.views.result.sentences import SAID
from coopsim.presentation.views.view import View
from shown import printed
from ten import ASKED as ASKED_OF_TEN
from ten import asked
from test_conditioning import given

GIVEN = """\
Ten timelines
Given that flight; and that not launch = fails
hand-made-3f9a2c1b, seed 7: 120 of 200 timelines match, 60 ±7 %; overall: 200 timelines
warning: only 120 timelines match, so intervals are wide; `--until 400` simulates more until so many
match

Whether and when, chance %           given   overall    difference     median given  overall
First flight                           >96     70 ±7        +30 ±6       2026-01-01  2026-01
Launch                               67 ±9     60 ±7         +7 ±6             2026  2026
Launch in 2025                          <4      <1.9     +0.0 ±0.6 ~0   not by 2025  not by 2025

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

Levels at the end, share %           given   overall    difference
Relations
  cold                                  <4      <1.9     +0.0 ±0.6 ~0
  cool                                 >96     >98.1     +0.0 ±0.6 ~0
  warm                                  <4      <1.9     +0.0 ±0.6 ~0
"""

ASKED = """\
Ten timelines
Given that flight
hand-made-3f9a2c1b, seed 7: 140 of 200 timelines match, 70 ±7 %; overall: 200 timelines
warning: only 140 timelines match, so intervals are wide; `--until 400` simulates more until so many
match

Asked, chance %        given  overall    difference
launch = works         71 ±8    60 ±7        +11 ±5
landing before flight  14 ±7    10 ±5         +4 ±2
"""

ALONE = """\
Ten timelines
hand-made-3f9a2c1b, seed 7: 200 timelines, no evidence

Asked, chance %  overall
launch = works   60 ±7

±: 95 % simulation error: how far the number may be from the one that endless timelines would give.
It says how well the simulation knows the model's answer, not how well the model knows the world.
"""


def page(found: Given, width: int = 100) -> str:
    return printed(given_view(found, asked()), width)


def test_every_outcome_is_held_against_itself() -> None:
    whole = page(given(["flight", "not launch = fails"]))
    assert whole.startswith(GIVEN)


def test_of_what_is_asked_nothing_else_is_shown() -> None:
    assert page(given(["flight"], ["launch = works", "landing before flight"])).startswith(ASKED)


def test_without_evidence_there_is_one_column() -> None:
    assert page(given([], ["launch = works"])) == ALONE


def test_the_legend_says_what_evidence_is_not() -> None:
    *_, reading, _, cause = page(given(["flight"]), 600).splitlines()
    assert reading.startswith("given: among the timelines that match, each of which counts the")
    assert cause == (
        "Evidence chooses timelines and changes none: what is likelier given it may be caused by "
        "it, may cause it, or may share a cause with it. To see what a change would do, change "
        "the assumption: `--set`, and `coopsim compare`."
    )


def test_of_many_differences_it_is_said_how_many_chance_makes() -> None:
    found = given(["flight"])
    varies = next(one for one in found.shifts if one.unit == "share" and 0 < one.overall < 1)
    never = replace(varies, overall=0.0)
    *_, reading, _, _ = page(replace(found, shifts=(varies,) * 24 + (never,) * 9), 900).splitlines()
    assert "from zero. Of 24 differences, about 1 would stand out by chance alone. ±:" in reading


def test_small_differences_have_no_minus_zero() -> None:
    found = given(["flight"])
    first, *others = found.shifts
    less = replace(first, difference=-0.0004, difference_interval=(-0.0104, 0.0096))
    assert "+0.0 ±1.0 ~0" in page(replace(found, shifts=(less, *others)), 120)


def test_a_narrow_terminal_does_without_medians() -> None:
    lines = page(given(["flight"]), 80).splitlines()
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
