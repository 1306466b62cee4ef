"""A watched timeline is the timeline, in every scenario, and what is noted of it fits together."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings

from coopsim.errors import CoopsimError
from coopsim.scenario.loading import load_data
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import COLUMNS
from coopsim.simulation.program import Program
from coopsim.simulation.simpy_model import simulate
from coopsim.simulation.watching import CauseKind, WatchedRun, recorded, watch
from scenarios import scenarios

pytestmark = pytest.mark.slow

SLOWLY = settings(deadline=None, derandomize=True, max_examples=60)
RUNS = 3


def watched(raw: dict[str, Any]) -> tuple[Program, list[WatchedRun]]:
    program = build_program(load_data(raw).scenario)
    try:
        return program, list(watch(program, 0, RUNS))
    except CoopsimError:
        assume(False)  # events that set each other off without end
        raise


@SLOWLY
@given(scenarios())
def test_its_firings_are_those_of_the_engine(raw: dict[str, Any]) -> None:
    program, histories = watched(raw)
    for history in histories:
        ours, theirs = recorded(program, history), simulate(program, history.run, 1)
        for name in COLUMNS:
            assert getattr(ours, name).tolist() == getattr(theirs, name).tolist()


@SLOWLY
@given(scenarios())
def test_causes_come_before_what_they_cause(raw: dict[str, Any]) -> None:
    _, histories = watched(raw)
    for history in histories:
        for number, step in enumerate(history.steps):
            assert step.due <= step.time
            if step.cause.step is not None:
                assert step.cause.step < number
                assert history.steps[step.cause.step].time <= step.time
            needs = step.cause.kind in (CauseKind.CONDITION, CauseKind.TRIGGER)
            assert needs == (step.cause.variable is not None)
        assert all(one.time <= other.time for one, other in pairwise(history.steps))


@SLOWLY
@given(scenarios())
def test_levels_follow_the_noted_changes_and_what_waits_has_not_fired(raw: dict[str, Any]) -> None:
    program, histories = watched(raw)
    for history in histories:
        levels = list(history.initial)
        for step in history.steps:
            for change in step.changes:
                assert levels[change.driver] == change.old != change.new
                levels[change.driver] = change.new
        fired = {step.event for step in history.steps}
        events = {index for index, event in enumerate(program.events) if not event.hidden}
        assert {waiting.event for waiting in history.waiting} == events - fired
