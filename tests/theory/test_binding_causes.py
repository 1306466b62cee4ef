"""How often which cause is the binding one, where the answer is known in closed form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from coopsim.analysis.stories.causes import chain
from coopsim.scenario.notation.values import YEAR
from coopsim.simulation.watching import CauseKind, WatchedRun, watch
from world import assert_mean, program_of

RUNS = 1500


class Ledger:
    """Hold the first firing of every event in many watched runs."""

    def __init__(self, text: str, runs: int = RUNS, **header: Any) -> None:
        self.program = program_of(text, **header)
        self.events = [event.name for event in self.program.events]
        self.histories: list[WatchedRun] = list(watch(self.program, 0, runs))

    def bound_by(self, event: str, kind: CauseKind, other: str | None = None) -> NDArray[np.bool_]:
        """Tell for each run in which an event fires whether this was its binding cause."""
        found = []
        for history in self.histories:
            step = next((s for s in history.steps if self.events[s.event] == event), None)
            if step is not None:
                by = None if step.cause.step is None else history.steps[step.cause.step].event
                same = other is None or (by is not None and self.events[by] == other)
                found.append(step.cause.kind is kind and same)
        return np.array(found)

    def on_the_chain(self, event: str, other: str) -> NDArray[np.bool_]:
        """Tell for each run in which an event fires whether another lies on its chain."""
        found = []
        for history in self.histories:
            step = next((s for s in history.steps if self.events[s.event] == event), None)
            if step is not None:
                found.append(other in {self.events[s.event] for s in chain(history, step)})
        return np.array(found)


# Two exponential predecessors with rates a = 1 and b = 3 a year: the last to finish is A where
# B < A, with probability b / (a + b) = 3/4. It is the same for what follows at once, for work that
# begins then, and for a date long past.
@pytest.mark.parametrize("timing", ["", "takes: 1 year, ", "date: 2025-01-01, "])
def test_the_last_of_two_exponential_predecessors(timing: str) -> None:
    ledger = Ledger(
        f"""
        events:
          a: {{rate: 1 per year}}
          b: {{rate: 3 per year}}
          done: {{{timing}after: [a, b]}}
        """
    )
    assert_mean(ledger.bound_by("done", CauseKind.CONDITION, "a"), lambda factor: 0.75 / factor)
    assert_mean(ledger.bound_by("done", CauseKind.CONDITION, "b"), lambda factor: 0.25 * factor)


# The critical path of A, then B, beside C: with rates 1, 2 and 0.5 a year the path over A and B is
# the longer one where C < A + B. A and B are independent of C, which is memoryless, so that
#   P(C > A + B) = E[e^(-c (A + B))] = a / (a + c) x b / (b + c) = 1 / 1.5 x 2 / 2.5 = 8/15.
# The criticality index of A, and of B, is the rest: 7/15.
def test_the_criticality_of_activities_in_a_network() -> None:
    ledger = Ledger(
        """
        events:
          a: {takes: {exponential: 1 year}}
          b: {takes: {exponential: 0.5 years}, after: [a]}
          c: {takes: {exponential: 2 years}}
          done: {after: [b, c]}
        """
    )
    for activity in ("a", "b"):
        assert_mean(ledger.on_the_chain("done", activity), lambda factor: 7 / 15 / factor)
    assert_mean(ledger.on_the_chain("done", "c"), lambda factor: 8 / 15 * factor)


# A date uniform over 360 days, and a window open for 90 of every 120: it waits for the window in
# the quarter of cases in which it falls between two.
def test_a_window_binds_where_the_date_falls_between_two() -> None:
    ledger = Ledger(
        """
        events:
          launch:
            date: {uniform: [2026-01-01, 2026-12-27]}
            window: {opens: 2026-01-01, every: 120 days, lasts: 90 days}
        """
    )
    assert_mean(ledger.bound_by("launch", CauseKind.WINDOW), lambda factor: 0.25 * factor)
    assert_mean(ledger.bound_by("launch", CauseKind.CLOCK), lambda factor: 0.75 / factor)


# A date two years ahead and a gate that opens with a hazard of h = 0.5 a year: the gate is the
# binding one where it opens after the date, with e^(-2 h) = e^-1. The horizon cuts nothing off.
def test_a_gate_binds_where_it_opens_after_the_date() -> None:
    ledger = Ledger(
        """
        drivers:
          gate:
            levels: [shut, open]
            initial: shut
            switches: {shut -> open: {rate: 0.5 per year}}
        events:
          launch: {date: {planned: 2027-01-01, growth: 1}, when: {gate: open}}
        """
    )
    waited = 730 * 86_400 / YEAR  # from 2025-01-01
    assert_mean(
        ledger.bound_by("launch", CauseKind.CONDITION),
        lambda factor: math.exp(-0.5 * factor * waited),
    )


# Work of one year that stands still while the sky is dark. It grows dark with rate d = 1 a year
# and bright again, with any rate: the work is never stopped with e^-d, and otherwise the last
# thing to release it is the light.
@pytest.mark.slow
def test_what_is_interrupted_is_released_by_what_interrupted_it() -> None:
    ledger = Ledger(
        """
        drivers:
          sky:
            levels: [dark, bright]
            initial: bright
            switches: {bright -> dark: {rate: 1 per year}, dark -> bright: {rate: 4 per year}}
        events:
          work: {takes: 1 year, when: {sky: bright}}
        """,
        end="2044-12-31",  # later than the work ever is done, and soon played
    )
    assert_mean(ledger.bound_by("work", CauseKind.CLOCK), lambda factor: math.exp(-factor))
    assert_mean(
        ledger.bound_by("work", CauseKind.CONDITION, "sky: dark -> bright"),
        lambda factor: 1 - math.exp(-factor),
    )


# Competing triggers with rates 1 and 3 a year: the first to come sets it off, each in proportion
# to its rate.
def test_the_first_trigger_is_the_cause() -> None:
    ledger = Ledger(
        """
        events:
          a: {rate: 1 per year}
          b: {rate: 3 per year}
          answer: {upon: [a, b]}
        """
    )
    assert_mean(ledger.bound_by("answer", CauseKind.TRIGGER, "a"), lambda factor: 0.25 * factor)
