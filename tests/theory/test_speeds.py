"""Speeds: what paces a clock, and what it costs to change pace (rule 4), to the second."""

from __future__ import annotations

import math

import pytest

from coopsim.scenario.notation.values import DAY, HOUR, YEAR
from coopsim.simulation.draws import stream_key, uniform
from world import play

# The mood changes on days 10, 20 and 30: fair, bad, fair, good.
MOODS = """
references:
  usual: {pace: [{by: mood, bad: 0.5}, {when: {mood: good}, times: 4}]}
  nested: {pace: [{like: usual}, {when: {}, times: 0.5}]}
  drawn: {pace: [{when: {}, times: {uniform: [1, 3]}}]}
drivers:
  mood: {levels: [bad, fair, good], initial: fair}
events:
  sours: {date: 2025-01-11, sets: {mood: bad}}
  mends: {date: 2025-01-21, sets: {mood: fair}}
  cheers: {date: 2025-01-31, sets: {mood: good}}
"""


# Work done by day 10, 20, 30: 10, 15, 25 days at speeds 1, 1/2, 1; then 4 a day.
@pytest.mark.parametrize(
    ("work", "day"),
    [(9, 9), (10, 10), (12, 14), (15, 20), (15.5, 20.5), (25, 30), (33, 32)],
)
def test_work_at_changing_speeds(work: float, day: float) -> None:
    event = f"  e: {{takes: {work} days, pace: [{{like: usual}}]}}"
    assert play(MOODS + event).times("e") == [round(day * DAY)]


def test_a_date_is_slowed_too() -> None:
    assert play(MOODS + "  e: {date: 2025-01-16, pace: [{like: usual}]}").times("e") == [20 * DAY]


# Done after 10 days at speed 1, 10 at 1/2 and 5 at 1; the gate opens before, on day 22.
def test_a_date_behind_its_gate_is_slowed_too() -> None:
    gate = "  gate: {date: 2025-01-23}\n"
    event = "  e: {date: 2025-01-21, when: {gate: true}, pace: [{like: usual}]}"
    assert play(MOODS + gate + event).times("e") == [25 * DAY]


def test_paces_multiply() -> None:
    pace = "[{by: mood, fair: 0.5}, {when: {mood: [fair, good]}, times: 3}, {when: {}, times: 2}]"
    assert play(MOODS + f"  e: {{takes: 24 days, pace: {pace}}}").times("e") == [8 * DAY]


def test_a_pace_table_may_hold_another() -> None:
    assert play(MOODS + "  e: {takes: 6 days, pace: [{like: nested}]}").times("e") == [14 * DAY]


def test_a_factor_of_a_named_table_is_one_draw() -> None:
    pace = "pace: [{like: drawn}]"
    runs = play(MOODS + f"  a: {{takes: 5 days, {pace}}}\n  b: {{date: 2025-01-06, {pace}}}", 3)
    for run in range(3):
        factor = 1 + 2 * uniform(stream_key(7, "references.drawn.pace.0.times"), run, 0)
        assert runs.times("a", run) == runs.times("b", run) == [math.ceil(5 * DAY / factor)]


# A hazard's work is -ln(1 - u), its speed the rate times every factor.
def test_a_pace_multiplies_a_hazard() -> None:
    rate = "{by: mood, fair: 0.01 per day, good: 0.02 per day}"
    runs = play(MOODS + f"  e: {{rate: {rate}, pace: [{{like: usual}}]}}", 50)
    for run in range(50):
        work = -math.log1p(-uniform(stream_key(7, "events.e.rate"), run, 0))
        if work <= 0.1:
            days = work / 0.01
        elif work <= 0.2:
            days = 10 + work / 0.01  # bad: no rate is given, so the hazard rests
        else:
            days = 30 + (work - 0.2) / 0.08
        assert runs.times("e", run)[0] == pytest.approx(days * DAY, abs=1)


def test_speed_zero_stops_a_clock() -> None:
    pace = "pace: [{by: mood, bad: 0}]"
    runs = play(MOODS + f"  a: {{takes: 12 days, {pace}}}\n  b: {{date: 2025-01-13, {pace}}}")
    assert runs.times("a") == runs.times("b") == [22 * DAY]


# Both are done before day 10 and wait for a window; no speed can stop or slow what is done.
def test_what_has_completed_is_not_stopped() -> None:
    window = "window: {open: [[2025-01-16, 2025-02-28]]}"
    runs = play(
        MOODS
        + f"""
  a: {{takes: 5 days, pace: [{{by: mood, bad: 0}}], {window}}}
  b: {{takes: 5 days, pace: [{{by: mood, bad: 0.001}}], {window}}}
  c: {{date: 2025-01-06, pace: [{{by: mood, bad: 0}}], when: {{mood: bad}}}}
    """
    )
    assert runs.times("a") == runs.times("b") == [15 * DAY]
    assert runs.times("c") == [10 * DAY]


# Found in the very second of its completion, before its turn, it has no work left either.
def test_what_completes_in_the_second_of_a_change_has_no_work_left() -> None:
    runs = play(
        MOODS
        + """
  e: {takes: 10 days, when: {mood: [fair, good]}, pace: [{by: mood, good: 0.001}]}
  f: {takes: 10 days, when: {mood: [fair, good]}, pace: [{when: {mends: true}, times: 0}]}
    """
    )
    assert runs.times("e") == [20 * DAY]
    assert runs.times("f") == [20 * DAY]


# 3600 s at speed 7 are done after 514.3 s, so in second 515 five are overpaid; `first` stops both.
def test_overpaid_work_is_done_whatever_the_speed() -> None:
    runs = play(
        """
        drivers:
          mood: {levels: [bad, fair], initial: fair}
        events:
          first: {takes: 1 hour, pace: [{when: {}, times: 7}], sets: {mood: bad}}
          e: {takes: 1 hour, pace: [{when: {}, times: 7}, {by: mood, bad: 0}]}
        """
    )
    assert runs.log() == [("first", 515), ("e", 515)]


# The rule asks for ceil(4 680 000 / 0.585), rounded to 8 000 001. A mood that swings every hour,
# but not the speed, must leave that alone: paid by the hour, the same work ends a second sooner.
def test_clocks_whose_speed_stays_are_not_touched() -> None:
    runs = play(
        """
        drivers:
          mood: {levels: [bad, fair], initial: fair}
        events:
          swings:
            date: {first: 2025-01-01, every: 1 hour}
            repeat: true
            outcomes:
              up: {chance: {by: swings, "false": 0, up: 0, down: 1}, sets: {mood: fair}}
              down: {chance: rest, sets: {mood: bad}}
          e: {takes: 1300 hours, pace: [{by: mood, bad: 0.585, fair: 0.585}]}
        """,
        end="2025-05-01",
    )
    left, moment = 1300.0 * HOUR, 0
    while left > HOUR * 0.585:
        left, moment = left - HOUR * 0.585, moment + HOUR
    assert moment + math.ceil(left / 0.585) == 8_000_000
    assert runs.times("e") == [8_000_001]


# Each change pays for the time run at the old speed and rounds up at the new one: the sum below
# is the rule, in its own order of operations.
def test_paying_and_rounding_up() -> None:
    pace = "{by: mood, fair: 0.3, bad: 0.7, good: 1.1}"
    left = 20 * DAY - 10 * DAY * 0.3
    left -= 10 * DAY * 0.7
    left -= 10 * DAY * 0.3
    expected = 30 * DAY + math.ceil(left / 1.1)
    assert play(MOODS + f"  e: {{takes: 20 days, pace: [{pace}]}}").times("e") == [expected]


def test_clocks_longer_than_any_horizon() -> None:
    slow = "{rate: 0.1 per year, pace: [{when: {}, times: 1e-300}]}"
    assert play(f"events: {{e: {slow}, f: {{takes: 1e90 years}}}}").log() == []


def test_a_rate_per_year() -> None:
    runs = play("events: {e: {rate: 4 per 2 years}}", 5)
    for run in range(5):
        work = -math.log1p(-uniform(stream_key(7, "events.e.rate"), run, 0))
        assert runs.times("e", run) == [math.ceil(work / 2 * YEAR)]
