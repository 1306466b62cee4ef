"""What released an event last, what it did to other clocks, and what never came."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coopsim.analysis.stories.causes import levels_in
from coopsim.scenario.loading import load
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import COLUMNS
from coopsim.simulation.program import Program
from coopsim.simulation.simpy_model import simulate
from coopsim.simulation.watching import (
    Cause,
    CauseKind,
    ClockEffect,
    Waiting,
    WatchedRun,
    recorded,
    watch,
)
from world import days, program_of


class Watched:
    """Hold one watched run of a small world, asked by names."""

    def __init__(self, text: str, **header: Any) -> None:
        self.program: Program = program_of(text, **header)
        self.history: WatchedRun
        (self.history,) = watch(self.program, 0, 1)
        self.names = [driver.name for driver in self.program.drivers]
        self.events = [event.name for event in self.program.events]

    def cause(self, event: str) -> tuple[str, ...]:
        """Tell the cause of an event's last firing: kind, what, its levels, by which event."""
        step = [s for s in self.history.steps if s.event == self.events.index(event)][-1]
        return self.words(step.cause)

    def words(self, cause: Cause) -> tuple[str, ...]:
        found: list[str] = [str(cause.kind)]
        if cause.variable is not None:
            found.append([*self.names, *self.events][cause.variable])
            found.append("|".join(levels_in(self.program, cause.variable, cause.mask or 0)))
        if cause.step is not None:
            found.append(self.events[self.history.steps[cause.step].event])
        return tuple(found)

    def touched(self, event: str) -> dict[str, ClockEffect]:
        """Tell what an event's first firing did to which clocks."""
        step = next(s for s in self.history.steps if s.event == self.events.index(event))
        return {self.events[touch.event]: touch.effect for touch in step.touched}

    def waiting(self, event: str) -> Waiting:
        index = self.events.index(event)
        return next(one for one in self.history.waiting if one.event == index)

    def lacking(self, event: str) -> list[tuple[str, str]]:
        return [
            ([*self.names, *self.events][test.variable], "|".join(levels_in(self.program, *test)))
            for test in self.waiting(event).tests
        ]


def test_the_baseline_watched_is_the_baseline() -> None:
    program = build_program(load("scenarios/baseline.yaml").scenario)
    firings = simulate(program, 3, 20)
    pieces = [recorded(program, history) for history in watch(program, 3, 20)]
    for name in COLUMNS:
        joined = np.concatenate([getattr(piece, name) for piece in pieces])
        assert joined.tolist() == getattr(firings, name).tolist()


# --- causes -----------------------------------------------------------------------------------


DATED = """
drivers:
  mood:
    levels: [low, middle, high]
    initial: low
events:
  lifted: {date: 2026-01-01, sets: {mood: middle}}
  raised: {date: 2027-01-01, sets: {mood: high}}
  free: {date: 2025-06-01}
  gated: {date: 2025-06-01, when: {mood: {at_least: middle}}}
  both: {date: 2025-06-01, when: {mood: high, free: true}}
  either: {date: 2025-06-01, when: [{mood: high}, {lifted: true}]}
  in_time: {date: 2028-01-01, when: {mood: high}}
  follows: {when: {mood: high}}
  held: {date: 2025-06-01, from: 2025-07-01}
  floored: {date: {planned: 2026-01-01, growth: 0.1, not_before: 2025-12-01}}
  windowed: {date: 2025-06-01, window: {open: [[2025-09-01, 2025-09-30]]}}
  open: {date: 2025-09-02, window: {open: [[2025-09-01, 2025-09-30]]}}
  late_gate:
    date: 2025-06-01
    when: {mood: high}
    window: {open: [[2025-09-01, 2025-09-30], [2027-09-01, 2027-09-30]]}
  in_the_window:
    date: 2025-06-01
    when: {mood: high}
    window: {open: [[2025-09-01, 2028-09-30]]}
"""


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        ("free", ("clock",)),
        ("gated", ("condition", "mood", "middle|high", "lifted")),
        ("both", ("condition", "mood", "high", "raised")),
        ("either", ("condition", "lifted", "true", "lifted")),
        ("in_time", ("clock",)),
        ("follows", ("condition", "mood", "high", "raised")),
        ("held", ("day",)),
        ("floored", ("day",)),
        ("windowed", ("window",)),
        ("open", ("clock",)),
        ("late_gate", ("window",)),
        ("in_the_window", ("condition", "mood", "high", "raised")),
    ],
)
def test_what_a_date_waited_for(event: str, cause: tuple[str, ...]) -> None:
    assert Watched(DATED).cause(event) == cause


WORKING = """
drivers:
  mood:
    levels: [low, high]
    initial: low
  money:
    levels: [none, some]
    initial: none
events:
  raised: {date: 2026-01-01, sets: {mood: high}}
  dropped: {date: 2026-07-01, sets: {mood: low}}
  again: {date: 2027-01-01, sets: {mood: high}}
  paid: {date: 2026-02-01, sets: {money: some}}
  plain: {takes: 3 years}
  guarded: {takes: 1 year, when: {mood: high}}
  short: {takes: 10 days, when: {mood: high}}
  paced: {takes: 1 year, pace: [{by: money, none: 0}]}
  stopped: {takes: 1 year, pace: [{when: {money: none}, times: 0}]}
  quick: {rate: {by: money, some: 1000 per year}}
  forgetful: {takes: 200 days, when: {mood: high}, memory: enabling}
  set_off: {upon: [paid], takes: 1 month}
  at_once: {upon: {mood: high}, repeat: true}
  lagged: {after: {paid: 1 year}}
"""


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        ("plain", ("clock",)),
        # Half a year from raised to dropped; the other half since it rose again.
        ("guarded", ("condition", "mood", "high", "again")),
        ("short", ("condition", "mood", "high", "raised")),
        ("paced", ("condition", "money", "some", "paid")),
        ("stopped", ("condition", "money", "some", "paid")),
        ("quick", ("condition", "money", "some", "paid")),
        # 181 days were not enough, and are lost.
        ("forgetful", ("condition", "mood", "high", "again")),
        ("set_off", ("trigger", "paid", "", "paid")),
        ("at_once", ("trigger", "mood", "high", "again")),
        ("events.lagged.after.paid", ("condition", "paid", "true", "paid")),
        (
            "lagged",
            ("condition", "events.lagged.after.paid", "true", "events.lagged.after.paid"),
        ),
    ],
)
def test_what_work_waited_for(event: str, cause: tuple[str, ...]) -> None:
    assert Watched(WORKING).cause(event) == cause


def test_when_it_had_been_due() -> None:
    watched = Watched(DATED)
    step = next(s for s in watched.history.steps if watched.events[s.event] == "gated")
    assert (step.due, step.time) == (days(151), days(365))


def test_a_date_moved_into_the_past_is_due_by_the_move() -> None:
    watched = Watched(
        """
        drivers:
          plan: {levels: [early, late], initial: late}
        events:
          hurry: {date: 2026-01-01, sets: {plan: early}}
          end: {date: {by: plan, early: 2025-06-01, late: 2030-01-01}}
        """
    )
    assert watched.cause("end") == ("condition", "plan", "early", "hurry")
    assert watched.touched("hurry") == {"end": ClockEffect.MOVED}


def test_a_clock_armed_anew_has_no_cause_of_its_last_life() -> None:
    watched = Watched(
        """
        drivers:
          mood: {levels: [low, high], initial: low}
        events:
          raised: {date: 2026-01-01, sets: {mood: high}}
          beat: {takes: 1 month, when: {mood: high}, repeat: true}
        """,
        end="2026-12-31",
    )
    beats = [s for s in watched.history.steps if watched.events[s.event] == "beat"]
    kinds = [step.cause.kind for step in beats]
    assert kinds == [CauseKind.CONDITION] + [CauseKind.CLOCK] * (len(beats) - 1)
    assert len(beats) == 11


# --- what a firing does to clocks -------------------------------------------------------------


def test_effects_on_clocks() -> None:
    watched = Watched(
        """
        drivers:
          mood: {levels: [low, high], initial: low}
        events:
          raised: {date: 2026-01-01, sets: {mood: high}}
          begins: {takes: 50 years, when: {mood: high}}
          ends: {takes: 50 years, when: {mood: low}}
          faster: {takes: 50 years, pace: [{by: mood, high: 2}]}
          slower: {takes: 50 years, pace: [{by: mood, high: 0.5}]}
          same: {takes: 50 years, pace: [{by: mood, low: 2, high: 2}]}
          loses: {takes: 50 years, when: {mood: low}, memory: enabling}
          starts: {takes: 50 years, upon: [raised]}
          waits: {date: 2025-06-01, when: {mood: high}}
          not_due: {date: 2028-06-01, when: {mood: high}}
        """
    )
    assert watched.touched("raised") == {
        "begins": ClockEffect.RELEASED,
        "ends": ClockEffect.STOPPED,
        "faster": ClockEffect.SPED_UP,
        "slower": ClockEffect.SLOWED,
        "loses": ClockEffect.STOPPED,
        "starts": ClockEffect.SET_OFF,
        "waits": ClockEffect.RELEASED,
    }
    (step,) = [s for s in watched.history.steps if watched.events[s.event] == "raised"]
    assert [tuple(change) for change in step.changes] == [(0, 0, 1)]


# --- what never came --------------------------------------------------------------------------


def test_what_an_event_waits_for_at_the_horizon() -> None:
    watched = Watched(
        """
        drivers:
          mood: {levels: [low, middle, high], initial: low}
          plan: {levels: [none, some], initial: none}
        events:
          later: {date: 2027-06-01}
          later_and: {date: 2027-06-01, when: {mood: high}}
          gated: {date: 2025-06-01, when: {mood: {at_least: middle}, plan: some}}
          nearer: {date: 2025-06-01, when: [{mood: high, plan: some}, {plan: some}]}
          works: {takes: 5 years, when: {mood: high}}
          busy: {takes: 5 years}
          still: {rate: {by: mood, high: 1 per year}}
          undated: {date: {by: plan, some: 2026-01-01}}
          not_set_off: {upon: [later]}
          over: {date: 2025-06-01, when: {mood: high}, until: 2025-12-31}
          not_yet: {rate: 1 per year, from: 2030-01-01}
          shut: {date: 2025-06-01, window: {open: [[2025-01-01, 2025-01-31]]}}
        """,
        end="2026-12-31",
    )
    kinds = {name: str(watched.waiting(name).kind) for name in watched.events}
    assert kinds == {
        "later": "clock",
        "later_and": "clock",
        "gated": "condition",
        "nearer": "condition",
        "works": "condition",
        "busy": "clock",
        "still": "condition",
        "undated": "condition",
        "not_set_off": "trigger",
        "over": "day",
        "not_yet": "day",
        "shut": "window",
    }
    assert watched.lacking("later_and") == [("mood", "high")]
    assert watched.lacking("gated") == [("mood", "middle|high"), ("plan", "some")]
    assert watched.lacking("nearer") == [("plan", "some")]
    assert watched.lacking("still") == [("mood", "high")]
    assert watched.lacking("undated") == [("plan", "some")]
    assert watched.waiting("later").done == days(365 + 365 + 151)
    assert watched.waiting("over").done == days(365)
