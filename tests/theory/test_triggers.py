"""Triggers and lags: what sets an event off, and what is lost (rules 3 and 6)."""

from __future__ import annotations

import math

import pytest

from coopsim.scenario.notation.values import DAY
from coopsim.simulation.draws import stream_key, uniform
from world import assert_mean, play

# `calls` fires on days 5, 25, 45, ...; the door is open on days 0 to 9, 20 to 29, ...
CALLS = """
drivers:
  door: {levels: [shut, ajar, open], initial: open}
events:
  shuts: {date: {first: 2025-01-11, every: 20 days}, repeat: true, sets: {door: shut}}
  opens: {date: {first: 2025-01-21, every: 20 days}, repeat: true, sets: {door: open}}
  calls: {date: {first: 2025-01-06, every: 20 days}, repeat: true}
"""


def times(
    event: str, name: str = "e", *, world: str = CALLS, end: str = "2025-02-24"
) -> list[float]:
    runs = play(f"{world}  {name}: {event}\n", end=end)
    return [day for found, day in runs.in_days() if found == name]


def test_a_trigger_without_work_is_due_at_once() -> None:
    assert times("{upon: [calls], repeat: true}") == [5, 25, 45]


def test_without_repeat_only_the_first_trigger_counts() -> None:
    assert times("{upon: [calls]}") == [5]
    assert times("{upon: [calls], takes: 1 day}") == [6]


def test_a_trigger_with_work_arms_the_clock() -> None:
    assert times("{upon: [calls], takes: 7 days, repeat: true}") == [12, 32, 52]


def test_any_of_several_triggers() -> None:
    assert times("{upon: [calls, opens], repeat: true}") == [5, 20, 25, 40, 45]
    assert times("{upon: [calls, opens], takes: 1 day, repeat: true}") == [6, 21, 26, 41, 46]


# Armed on day 5 for 30 days, but anew on day 25: never done, as every call begins it again.
def test_a_trigger_loses_what_was_done() -> None:
    assert times("{upon: [calls], takes: 21 days, repeat: true}", end="2025-12-31") == []
    assert times("{upon: [calls], takes: 19 days, repeat: true}") == [24, 44]


def test_a_trigger_loses_even_completed_work() -> None:
    window = "window: {open: [[2025-01-30, 2025-01-31]]}"
    assert times(f"{{upon: [calls], takes: 3 days, {window}}}") == [29]
    assert times(f"{{upon: [calls], takes: 10 days, {window}}}") == []


def test_each_trigger_takes_the_next_draw() -> None:
    found = times("{upon: [calls], takes: {uniform: [1 day, 19 days]}, repeat: true}")
    key = stream_key(7, "events.e.takes")
    expected = [5 + 20 * k + 1 + 18 * uniform(key, 0, k) for k in range(3)]
    assert found == pytest.approx(expected, abs=1 / DAY)


def test_work_begun_by_a_trigger_pauses() -> None:
    assert times("{upon: [calls], takes: 7 days, when: {door: open}, repeat: true}") == [22, 42]


# The condition is asked at the trigger ...
def test_a_trigger_that_finds_the_door_shut_is_lost() -> None:
    assert times("{upon: [calls], when: {door: shut}, repeat: true}") == []
    assert times("{upon: [calls], from: 2025-01-07, until: 2025-01-26, repeat: true}") == [25]


# ... and again at its turn: `spoils` is declared before `e`, `mends` after it.
def test_a_trigger_whose_condition_goes_before_its_turn_is_lost() -> None:
    world = """
drivers:
  door: {levels: [shut, open], initial: open}
events:
  calls: {date: 2025-01-06}
  spoils: {date: 2025-01-06, sets: {door: shut}}
  e: {upon: [calls], when: {door: open}}
  f: {upon: [calls], when: {door: shut}}
  mends: {date: 2025-01-06, sets: {door: open}}
"""
    # For f the door was open at the trigger, shut at its turn: both must let it pass.
    assert play(world).in_days() == [("calls", 5), ("spoils", 5), ("mends", 5)]


def test_the_condition_may_go_and_come_back_before_the_turn() -> None:
    world = """
drivers:
  door: {levels: [shut, open], initial: open}
events:
  calls: {date: 2025-01-06}
  spoils: {date: 2025-01-06, sets: {door: shut}}
  mends: {date: 2025-01-06, sets: {door: open}}
  e: {upon: [calls], when: {door: open}}
"""
    assert ("e", 5) in play(world).in_days()


# Two triggers in one second before its turn make one firing; after its turn, another.
@pytest.mark.parametrize(("order", "count"), [("abe", 1), ("aeb", 2), ("eab", 2)])
def test_a_trigger_that_finds_the_event_due_adds_nothing(order: str, count: int) -> None:
    declared = {
        "a": "  a: {date: 2025-01-06}\n",
        "b": "  b: {date: 2025-01-06}\n",
        "e": "  e: {upon: [a, b], repeat: true}\n",
    }
    runs = play("events:\n" + "".join(declared[name] for name in order))
    assert runs.times("e") == [5 * DAY] * count


# --- entries into levels --------------------------------------------------------------------------

# Day 10: open -> shut, day 12: -> ajar, day 14: -> open, day 16: open again, day 18: -> ajar.
STEPS = """
drivers:
  door: {levels: [shut, ajar, open], initial: open}
events:
  s10: {date: 2025-01-11, sets: {door: shut}}
  s12: {date: 2025-01-13, sets: {door: ajar}}
  s14: {date: 2025-01-15, sets: {door: open}}
  s16: {date: 2025-01-17, sets: {door: open}}
  s18: {date: 2025-01-19, sets: {door: ajar}}
"""


@pytest.mark.parametrize(
    ("upon", "days"),
    [
        ("{door: ajar}", [12, 18]),
        ("{door: open}", [14]),  # being there at the start or set there again is no entry
        ("{door: [ajar, open]}", [12, 14, 18]),  # from one of the list into another is one
        ("{door: {falls_to: ajar}}", [18]),
        ("{door: {rises_to: ajar}}", [12]),
        ("{door: {falls_to: [shut, ajar]}}", [10, 18]),
        ("{door: {rises_to: open, falls_to: shut}}", [10, 14]),
        ("{door: {rises_to: shut}}", []),
        ('{s12: "true"}', [12]),
    ],
)
def test_entries_into_levels(upon: str, days: list[float]) -> None:
    assert times(f"{{upon: {upon}, repeat: true}}", world=STEPS) == days


# An event's outcome is its level: won, won again (no entry), lost, won.
def test_entries_into_outcomes() -> None:
    world = """
drivers:
  mood: {levels: [bad, good], initial: good}
events:
  sours: {date: 2025-02-15, sets: {mood: bad}}
  mends: {date: 2025-03-15, sets: {mood: good}}
  vote:
    date: {first: 2025-01-02, every: 1 month}
    repeat: true
    outcomes: {won: {chance: {by: mood, bad: 0, good: 1}}, lost: {chance: rest}}
"""
    found = times("{upon: {vote: won}, repeat: true}", world=world, end="2025-04-30")
    assert found == [1, 91]


def test_what_a_firing_leaves_as_it_was_is_no_entry() -> None:
    world = """
drivers:
  door: {levels: [shut, open], initial: open}
events:
  blinks: {date: 2025-01-06, sets: {door: shut}, outcomes: {x: {chance: 1, sets: {door: open}}}}
"""
    assert times("{upon: {door: [shut, open]}, repeat: true}", world=world) == []


# Triggers are served once the levels are set, so a condition may read what the firing did.
def test_conditions_of_triggers_read_the_levels_after() -> None:
    assert times("{upon: [shuts], when: {door: shut}, repeat: true}") == [10, 30, 50]
    assert times("{upon: [shuts], when: {door: open}, repeat: true}") == []


# A firing and the entry that it makes are one trigger.
def test_one_firing_triggers_once() -> None:
    event = "{upon: {shuts: 'true', door: shut}, takes: {uniform: [1 day, 5 days]}}"
    runs = play(f"{CALLS}  e: {event}", end="2025-01-20")
    days = 1 + 4 * uniform(stream_key(7, "events.e.takes"), 0, 0)
    assert runs.times("e") == [10 * DAY + math.ceil(days * DAY)]


# --- lags -----------------------------------------------------------------------------------------


def test_a_lag_counts_from_the_first_firing() -> None:
    assert times("{after: {calls: 30 days}}") == [35]
    assert times("{after: {calls: 30 days, opens: 5 days}}") == [35]
    assert times("{takes: 2 days, after: {calls: 30 days}}") == [37]
    assert times("{date: 2025-02-20, after: {calls: 30 days}}") == [50]


def test_a_lag_is_neither_recorded_nor_counted() -> None:
    runs = play("events: {a: {date: 2025-01-06}, b: {after: {a: 1 day}}}")
    assert runs.in_days() == [("a", 5), ("b", 6)]
    assert [event.name for event in runs.program.events] == ["a", "events.b.after.a", "b"]


# The lag stands just before its owner, so in their common second z, declared later, comes later.
def test_a_lag_stands_just_before_its_owner() -> None:
    runs = play(
        """
        events:
          y: {date: 2025-01-16}
          b: {after: {a: 10 days}}
          z: {date: 2025-01-16}
          a: {date: 2025-01-06}
        """
    )
    assert runs.log() == [
        (name, day * DAY) for name, day in [("a", 5), ("y", 15), ("b", 15), ("z", 15)]
    ]


def test_a_lag_of_nothing() -> None:
    runs = play("events: {b: {after: {a: 0 days}}, a: {date: 2025-01-06}}")
    assert runs.in_days() == [("a", 5), ("b", 5)]


# Half of a year's uniform lags are over in half a year.
def test_an_uncertain_lag() -> None:
    lag = "{uniform: [0 days, 300 days]}"
    runs = play(f"events: {{a: {{date: 2025-01-06}}, b: {{after: {{a: {lag}}}}}}}", 1000)
    assert_mean(runs.first("b") <= 80 * DAY, lambda factor: factor * 75 / 300)
    expected = 5 + 300 * uniform(stream_key(7, "events.b.after.a"), 3, 0)
    assert runs.times("b", 3) == [math.ceil(expected * DAY)]


def test_after_an_event_of_any_outcome() -> None:
    runs = play(
        """
        events:
          vote: {date: 2025-01-06, outcomes: {won: {chance: 0.5}, lost: {chance: rest}}}
          done: {after: [vote]}
          later: {after: {vote: 1 day}}
        """,
        20,
    )
    assert (runs.first("done") == 5 * DAY).all()
    assert (runs.first("later") == 6 * DAY).all()
    assert 0 < runs.count("vote", "won").sum() < 20
