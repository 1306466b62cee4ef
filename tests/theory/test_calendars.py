"""Calendars: recurring dates, also behind a gate (rule 3), to the second."""

from __future__ import annotations

import math
from datetime import date

import pytest

from coopsim.scenario.notation.values import DAY
from coopsim.simulation.draws import stream_key, uniform
from world import play

# The gate is open until day 40, on days 100 to 129, and from day 200 on.
GATE = """
drivers:
  gate: {levels: [shut, open], initial: open}
events:
  shuts: {date: 2025-02-10, sets: {gate: shut}}
  opens: {date: 2025-04-11, sets: {gate: open}}
  shuts_again: {date: 2025-05-11, sets: {gate: shut}}
  stays: {date: 2025-07-20, sets: {gate: open}}
"""


def fired(calendar: str, *, when: str = "", end: str = "2025-12-31") -> list[float]:
    runs = play(f"{GATE}  e: {{date: {calendar}, repeat: true{when}}}", end=end)
    return [day for name, day in runs.in_days() if name == "e"]


def days_of(*dates: str) -> list[float]:
    return [(date.fromisoformat(day) - date(2025, 1, 1)).days for day in dates]


def test_fixed_steps() -> None:
    expected = days_of("2025-11-01", "2025-12-01", "2025-12-31")
    assert fired("{first: 2025-11-01, every: 30 days}") == expected
    assert fired("{first: 2025-12-01, every: 2 weeks}") == days_of(
        "2025-12-01", "2025-12-15", "2025-12-29"
    )
    assert fired("{first: 2025-12-31, every: 12 hours}") == [364, 364.5]
    assert fired("{first: 2025-01-01, every: 0.5 years}") == [0, 182.625]


# Whole months step the calendar from the first date: the 31st of May stays the 31st.
def test_whole_months_step_the_calendar() -> None:
    assert fired("{first: 2025-08-31, every: 1 month}") == days_of(
        "2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31"
    )
    leap = fired("{first: 2024-02-29, every: 1 year}", end="2028-12-31")
    assert leap == [0, *days_of("2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29")]
    assert fired("{first: 2025-03-15, every: 6 months}", end="2027-01-01") == days_of(
        "2025-03-15", "2025-09-15", "2026-03-15", "2026-09-15"
    )


# The one date in the past that counts is the first: due at once, the next strictly later than now.
def test_a_first_date_in_the_past_is_due_at_once() -> None:
    assert fired("{first: 2024-12-20, every: 30 days}", end="2025-03-01") == [0, 18, 48]
    found = fired("{first: 2020-06-30, every: 2 years}", end="2027-01-01")
    assert found == [0, *days_of("2026-06-30")]
    assert fired("{first: 2020-01-01, then: 30 days}", end="2025-03-15") == [0, 30, 60]


# Of the dates behind the gate (days 50, 60, ... 90) one fires, late; then the calendar goes on.
def test_missed_dates_fire_once_late() -> None:
    found = fired(
        "{first: 2025-01-11, every: 10 days}", when=", when: {gate: open}", end="2025-08-01"
    )
    before = [10, 20, 30]  # on day 40 `shuts` comes first, being declared before
    assert found == [*before, 100, 110, 120, 200, 210]


# Opened on day 100, itself a date of this calendar: the date missed and that of the day are one.
def test_the_next_date_is_strictly_later() -> None:
    found = fired(
        "{first: 2025-02-20, every: 50 days}", when=", when: {gate: open}", end="2025-08-01"
    )
    assert found == [100, 200]
    found = fired(
        "{first: 2025-02-20, every: 49 days}", when=", when: {gate: open}", end="2025-08-20"
    )
    assert found == [100, 200]
    found = fired(
        "{first: 2025-02-20, every: 51 days}", when=", when: {gate: open}", end="2025-08-20"
    )
    assert found == [100, 101, 200, 203]


def test_missed_months_fire_once_late() -> None:
    found = fired(
        "{first: 2025-01-31, every: 1 month}", when=", when: {gate: open}", end="2025-09-01"
    )
    assert found == [30, 100, *days_of("2025-04-30"), 200, *days_of("2025-07-31", "2025-08-31")]


# `then` counts from the last firing, so a late one moves all that follow.
def test_then_counts_from_the_last_firing() -> None:
    assert fired("{first: 2025-01-06, then: 20 days}", end="2025-03-10") == [5, 25, 45, 65]
    found = fired(
        "{first: 2025-01-06, then: 20 days}", when=", when: {gate: open}", end="2025-05-31"
    )
    assert found == [5, 25, 100, 120]


def test_then_is_drawn_anew_each_time() -> None:
    calendar = "{first: {uniform: [2025-01-02, 2025-01-12]}, then: {uniform: [10 days, 20 days]}}"
    runs = play(f"events: {{e: {{date: {calendar}, repeat: true}}}}", 3, end="2025-06-30")
    first, then = (stream_key(7, f"events.e.date.{part}") for part in ("first", "then"))
    for run in range(3):
        moment = math.ceil((1 + 10 * uniform(first, run, 0)) * DAY)
        for k, time in enumerate(runs.times("e", run), 1):
            assert time == moment
            moment += math.ceil((10 + 10 * uniform(then, run, k)) * DAY)


def test_an_uncertain_first_date_moves_the_calendar() -> None:
    calendar = "{first: {uniform: [2025-01-02, 2025-01-12]}, every: 1 month}"
    runs = play(f"events: {{e: {{date: {calendar}, repeat: true}}}}", 5, end="2025-03-20")
    for run in range(5):
        one, two, three = runs.times("e", run)
        assert DAY < one < 11 * DAY
        assert (two - one, three - two) == (31 * DAY, 28 * DAY)


@pytest.mark.parametrize(
    ("gates", "expected"),
    [
        (", from: 2025-01-16", [15, 20, 30]),  # day 10 is missed, and fires when the gate opens
        (", until: 2025-01-21", [10, 20]),
        (", window: {open: [[2025-01-13, 2025-01-14], [2025-01-31, 2025-02-01]]}", [12, 30]),
    ],
)
def test_calendars_and_their_gates(gates: str, expected: list[float]) -> None:
    assert fired("{first: 2025-01-11, every: 10 days}", when=gates, end="2025-02-05") == expected
