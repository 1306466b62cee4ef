"""What is known of each timeline early on."""

from __future__ import annotations

import numpy as np
import pytest

from coopsim.analysis.evidence.facts import is_so
from coopsim.analysis.evidence.predictors import (
    DrawnPredictor,
    drawn_columns,
    drawn_predictors,
    seen_columns,
    seen_events,
    seen_levels,
)
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.timelines import Timelines
from coopsim.scenario.loading import load_data
from coopsim.scenario.notation.values import DAY
from coopsim.simulation.building import build_program
from coopsim.simulation.draws import Draws
from coopsim.simulation.firings import Firings
from coopsim.simulation.sampling import initial_levels, run_numbers
from hand_made import program, scenario, start_cool, ten
from world import program_of

UNCERTAIN = """
drivers:
  weather: {levels: [bad, good], initial: {bad: 0.3, good: 0.7}}
  mood: {levels: [low, high], initial: high}
events:
  a: {rate: 1 to 2 per year, pace: [{by: weather, bad: {uniform: [0.5, 1]}}]}
  b:
    date: {planned: 2027-01-01, growth: {lognormal: [2, 0.3], luck: industry, share: 0.5}}
    outcomes: {yes: {chance: {uniform: [0.2, 0.4]}}, no: {chance: rest}}
"""


def test_what_is_drawn_once_per_run_is_listed_by_path() -> None:
    assert drawn_predictors(program_of(UNCERTAIN)) == [
        DrawnPredictor("events.a.rate.value", "rate"),
        DrawnPredictor("events.a.pace.0.bad", "factor"),
        DrawnPredictor("events.b.outcomes.yes.chance", "chance"),
        DrawnPredictor("luck.industry", "luck"),
        DrawnPredictor("drivers.weather.initial", "level", ("bad", "good")),
    ]


def test_the_columns_hold_what_the_engine_draws() -> None:
    made = program_of(UNCERTAIN)
    columns = drawn_columns(made, 5, 20)
    assert columns.shape == (20, 5)
    draws = Draws(made.seed, made.streams, 5, 20)
    drawn = [slot for slot, _ in made.per_run]
    for row, run in enumerate(range(5, 25)):
        numbers = run_numbers(made, draws, run)
        assert columns[row, :3].tolist() == [numbers[slot] for slot in drawn]
        assert columns[row, 3] == draws.uniform(made.streams.index("luck.industry"), run, 0)
        assert columns[row, 4] == initial_levels(made, draws, run)[0]


def test_a_program_without_uncertainty_has_no_columns() -> None:
    certain = program_of("events: {a: {rate: 1 per year}}")
    assert drawn_predictors(certain) == []
    assert drawn_columns(certain, 0, 7).shape == (7, 0)


SCENARIO, PROGRAM = scenario({}), program()
DAY_SEEN, INSTANT = "2026-01-01", 185 * DAY  # the end of that day


def statements(outcome: str) -> list[str]:
    fact = read_evidence(outcome, SCENARIO, PROGRAM)
    seen = [
        *seen_levels(PROGRAM, fact, INSTANT, DAY_SEEN),
        *seen_events(PROGRAM, fact, INSTANT, DAY_SEEN),
    ]
    return [one.statement for one in seen]


def test_what_may_be_seen_leaves_out_what_the_outcome_is_made_of() -> None:
    by = f"by {DAY_SEEN}"
    assert statements("launch = works") == [
        f"relations = cold on {DAY_SEEN}",
        f"relations = warm on {DAY_SEEN}",
        f"flight {by}",
        f"launch = fails {by}",
        f"landing {by}",
        f"thaw {by}",
        f"freeze {by}",
        f"summit = treaty {by}",
        f"summit = walkout {by}",
        f"summit = talks {by}",
    ]
    left = statements("relations = warm and flight before landing")
    assert left[:2] == [f"launch = works {by}", f"launch = fails {by}"]


def test_levels_in_between_are_ranges() -> None:
    data = {
        "scenario": "levels",
        "start": "2025-07-01",
        "end": "2027-06-30",
        "drivers": {"mood": {"levels": ["a", "b", "c", "d", "e"], "initial": "c"}},
        "events": {"x": {"rate": "1 per year"}},
    }
    loaded = load_data(data).scenario
    made = build_program(loaded)
    seen = seen_levels(made, read_evidence("x", loaded, made), INSTANT, DAY_SEEN)
    assert [one.statement for one in seen] == [
        f"mood {range_} on {DAY_SEEN}" for range_ in ("= a", "<= b", ">= d", "= e")
    ]


@pytest.mark.parametrize("outcome", ["flight", "relations = warm"])
def test_each_statement_says_what_its_column_shows(outcome: str) -> None:
    timelines = Timelines(PROGRAM, ten(), start_cool)
    fact = read_evidence(outcome, SCENARIO, PROGRAM)
    seen = [
        *seen_levels(PROGRAM, fact, INSTANT, DAY_SEEN),
        *seen_events(PROGRAM, fact, INSTANT, DAY_SEEN),
    ]
    columns = seen_columns(seen, timelines)
    assert columns.any()
    for one, column in zip(seen, columns.T, strict=True):
        read = read_evidence(one.statement, SCENARIO, PROGRAM)
        assert np.array_equal(is_so(read, timelines), column == 1)


def test_nothing_seen_makes_no_columns() -> None:
    empty = Firings.from_lists(0, 4, ([], [], [], []))
    assert seen_columns([], Timelines(PROGRAM, empty, start_cool)).shape == (4, 0)
