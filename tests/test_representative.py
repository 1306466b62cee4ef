"""Which timeline is told: held against the ten hand-made ones, whose order is plain to see."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from coopsim.analysis.stories.representative import Wish, answers, choose, most_typical, rarest
from coopsim.errors import UsageError
from coopsim.simulation.firings import Firings
from hand_made import firings, program, scenario, ten

NONE_SUCH = "`flight >= 9` holds in none of 10 timelines; more of them (--runs) may include one"
ALL = np.ones(10, dtype=np.bool_)


def chosen(wish: Wish, questions: Mapping[str, object], part: Firings | None = None) -> int:
    made = scenario(questions)
    return choose(made, program(), ten() if part is None else part, wish).run


# `launch: works` first: 2026-01-01 in runs 2 and 3, 2026-02-01 in 0, 2026-05-06 in 7, 2026-12-31
# in 9, 2027-06-30 in 6, and never in 1, 4, 5 and 8. The fifth and the sixth are in the middle.
def test_the_typical_one_is_nearest_the_median() -> None:
    works = {"works": {"event": "launch", "outcome": "works"}}
    assert chosen(Wish("typical", "works"), works) == 6
    assert chosen(Wish("typical"), works) == 6


# Flights: 2 in run 0, none in 1, 5 and 6, 3 in 4, one in each of the others, which are half of
# all and hold the median; all of them are equally near, and the first of them is taken.
def test_among_equals_the_first_is_taken() -> None:
    assert chosen(Wish("typical", "flights"), {"flights": {"count": "flight"}}) == 2


def test_ties_in_one_outcome_are_settled_by_the_others() -> None:
    questions = {
        "flights": {"count": "flight"},
        "works": {"event": "launch", "outcome": "works"},
    }
    # Of those with one flight, run 9 is the nearest the middle of `works` (its fifth).
    assert chosen(Wish("typical", "flights"), questions) == 9


def test_of_what_has_no_order_the_most_frequent_is_typical() -> None:
    first = {"first": {"first_of": ["launch", "flight", "landing"]}}
    # The flight is first in runs 0, 3, 4, 7 and 9.
    assert chosen(Wish("typical", "first"), first) == 0
    found = answers(scenario(first), program(), [ten()])
    assert most_typical(found, np.arange(10) == 2, "first") == 2


def test_a_gap_is_ordered_with_what_is_not_seen_at_its_ends() -> None:
    gap = {"gap": {"between": ["landing", "flight"]}}
    found = answers(scenario(gap), program(), [ten()])["gap"]
    assert found.kinds is not None
    # Both in 8 (at once) and 9 (a year before); none in 1, 5 and 6; elsewhere only the flight.
    assert found.kinds.tolist() == [1, 3, 1, 1, 1, 3, 3, 1, 0, 0]
    order = np.argsort(found.values, kind="stable").tolist()
    assert order == [0, 2, 3, 4, 7, 9, 8, 1, 5, 6]


def test_the_rarest_combination() -> None:
    questions = {
        "flight": {"event": "flight"},
        "works": {"event": "launch", "outcome": "works"},
    }
    found = answers(scenario(questions), program(), [ten()])
    # Both in 0, 2, 3, 7 and 9; only a flight in 4 and 8; only a launch in 6; neither in 1 and 5.
    assert rarest(found, ALL) == (6, 1)
    assert rarest(found, np.arange(10) != 6)[1] == 2


def test_of_equally_rare_ones_the_most_surprising() -> None:
    rows = [(0, "flight", "2026-01-01"), (1, "flight", "2026-01-01"), (2, "flight", "2026-01-01")]
    rows += [(1, "launch: works", "2026-01-02"), (2, "landing", "2026-01-02")]
    rows += [(3, "launch: works", "2026-01-02"), (3, "landing", "2026-01-02")]
    questions = {name: {"event": name} for name in ("flight", "launch", "landing")}
    # Each of the four combinations is there once; not to fly is rarer than anything else.
    assert chosen(Wish("rarest"), questions, firings(rows, 4)) == 3


def test_evidence_narrows_the_choice() -> None:
    questions = {"flights": {"count": "flight"}}
    made = choose(scenario(questions), program(), ten(), Wish("first", None, "landing"))
    assert (made.run, made.runs, made.matching, made.alike) == (8, 10, 2, None)
    typical = choose(scenario(questions), program(), ten(), Wish("typical", None, "not flight"))
    assert (typical.run, typical.matching) == (1, 3)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Wish("typical", "flihgts"), "no outcome 'flihgts'; did you mean 'flights'?"),
        (
            Wish("first", None, "flight >= 9"),
            NONE_SUCH,
        ),
    ],
)
def test_what_cannot_be_chosen(wish: Wish, message: str) -> None:
    with pytest.raises(UsageError) as error:
        chosen(wish, {"flights": {"count": "flight"}})
    assert str(error.value) == message


def test_a_scenario_without_questions_has_a_typical_timeline() -> None:
    assert chosen(Wish(), {}) == 0
    assert chosen(Wish("rarest"), {}) == 0
