"""What holds in every run of every scenario, whatever it says."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from replay import Replay, Story

from coopsim.errors import CoopsimError
from coopsim.scenario.loading import load_data
from coopsim.scenario.notation.values import DAY
from coopsim.simulation.building import build_program
from coopsim.simulation.draws import Draws
from coopsim.simulation.firings import COLUMNS, Firings
from coopsim.simulation.program import Program
from coopsim.simulation.sampling import initial_levels
from coopsim.simulation.simpy_model import simulate
from scenarios import Made, scenarios
from world import NEVER, Runs

pytestmark = pytest.mark.slow

# A scenario may take long to make on a busy machine, and a found fault must be found again.
SLOWLY = settings(derandomize=True, max_examples=60)
RUNS = 4


def simulated(program: Program, first_run: int = 0, runs: int = RUNS) -> Runs:
    try:
        return Runs(program, simulate(program, first_run, runs))
    except CoopsimError:
        assume(False)  # events that set each other off without end; the error has its own tests
        raise


def loaded(raw: dict[str, Any]) -> Program:
    return build_program(load_data(raw).scenario)


def stories(runs: Runs) -> list[Story]:
    first = runs.firings.first_run
    return [runs.story(run) for run in range(first, first + runs.firings.runs)]


def same(one: Firings, other: Firings) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS)


def levels_at_the_start(program: Program, run: int) -> dict[str, str]:
    draws = Draws(program.seed, program.streams, run, 1)
    levels = initial_levels(program, draws, run)
    names = [driver.name for driver in program.drivers] + [event.name for event in program.events]
    return {
        name: program.levels_of(variable)[levels[variable]] for variable, name in enumerate(names)
    }


@SLOWLY
@given(scenarios())
def test_no_firing_outside_what_it_needs(made: Made) -> None:
    runs = simulated(made.program)
    for run, story in enumerate(stories(runs)):
        replay = Replay(made.raw, levels_at_the_start(runs.program, run))
        for name, outcome, time in story:
            replay.check(name, outcome, time)


@SLOWLY
@given(scenarios())
def test_the_same_scenario_twice_is_the_same(made: Made) -> None:
    again = loaded(copy.deepcopy(made.raw))
    assert same(simulated(made.program).firings, simulated(again).firings)


# 70 runs fill whole columns of draws at once, a run alone computes each number by itself.
@SLOWLY
@given(scenarios(), st.integers(0, RUNS - 1))
def test_a_run_is_the_same_alone_in_any_block_and_among_more(made: Made, run: int) -> None:
    story = stories(simulated(made.program))[run]
    assert stories(simulated(made.program, run, 1)) == [story]
    assert stories(simulated(made.program, run, 3))[0] == story
    assert stories(simulated(made.program, 0, 70))[run] == story


STRANGERS = [
    {"takes": {"uniform": ["1 day", "20 days"]}, "repeat": True},
    {"rate": "3 per year", "when": {"d0": "l0"}, "repeat": True},
    {"upon": {"d0": "l0"}, "outcomes": {"x": {"chance": 0.5}, "y": {"chance": "rest"}}},
    {"date": {"first": "2025-01-11", "every": "10 days"}, "repeat": True, "after": {"e0": "1 day"}},
]


@SLOWLY
@given(scenarios(), st.sampled_from(STRANGERS), st.booleans())
def test_an_event_that_nothing_reads_leaves_all_others_alone(
    made: Made, stranger: dict[str, Any], first: bool
) -> None:
    events = made.raw["events"]
    added = {"stranger": stranger, **events} if first else {**events, "stranger": stranger}
    with_it = stories(simulated(loaded({**made.raw, "events": added})))
    left = [[firing for firing in story if firing[0] != "stranger"] for story in with_it]
    assert left == stories(simulated(made.program))


# Of each run, at any day, exactly one is true: nothing has happened, or one event came first.
@SLOWLY
@given(scenarios(), st.integers(0, 730))
def test_cumulative_incidences_and_survival_sum_to_one(made: Made, day: int) -> None:
    runs = simulated(made.program)
    names = [event.name for event in runs.program.events if not event.hidden]
    winners = [story[0] for story in stories(runs) if story]
    incidence = {
        name: sum(winner == name and time <= day * DAY for winner, _, time in winners) / RUNS
        for name in names
    }
    firsts = np.array([runs.first(name) for name in names])
    survival = (firsts > day * DAY).all(axis=0).mean()
    assert sum(incidence.values()) + survival == 1
    assert ((firsts == NEVER) | (firsts < runs.program.horizon)).all()
