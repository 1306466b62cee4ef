"""A watched timeline is the timeline, in every scenario, and what is noted of it fits together."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings

from coopsim.errors import CoopsimError
from coopsim.simulation.firings import COLUMNS
from coopsim.simulation.program import Program
from coopsim.simulation.simpy_model import simulate
from coopsim.simulation.watching import CauseKind, WatchedRun, recorded, watch
from scenarios import Made, scenarios

pytestmark = pytest.mark.slow

SLOWLY = settings(derandomize=True, max_examples=60)
RUNS = 3


def watched(program: Program) -> list[WatchedRun]:
    try:
        return list(watch(program, 0, RUNS))
    except CoopsimError:
        assume(False)  # events that set each other off without end
        raise


@SLOWLY
@given(scenarios())
def test_its_firings_are_those_of_the_engine(made: Made) -> None:
    for history in watched(made.program):
        ours, theirs = recorded(made.program, history), simulate(made.program, history.run, 1)
        for name in COLUMNS:
            assert getattr(ours, name).tolist() == getattr(theirs, name).tolist()


@SLOWLY
@given(scenarios())
def test_causes_come_before_what_they_cause(made: Made) -> None:
    for history in watched(made.program):
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
def test_levels_follow_the_noted_changes_and_what_waits_has_not_fired(made: Made) -> None:
    for history in watched(made.program):
        levels = list(history.initial)
        for step in history.steps:
            for change in step.changes:
                assert levels[change.driver] == change.old != change.new
                levels[change.driver] = change.new
        fired = {step.event for step in history.steps}
        events = {index for index, event in enumerate(made.program.events) if not event.hidden}
        assert {waiting.event for waiting in history.waiting} == events - fired
