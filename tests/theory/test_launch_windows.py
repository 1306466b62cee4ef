"""Windows to the day: when a completed clock may fire (rule 5)."""

from __future__ import annotations

import math

import pytest

from coopsim.scenario.notation.values import DAY, HOUR
from world import play

LISTED = "{open: [[2025-02-01, 2025-02-10], [2025-03-01, 2025-03-01]]}"


# Day 31 is 1 February, the window's last second is in its day 40; day 59 is 1 March.
@pytest.mark.parametrize(
    ("takes", "moment"),
    [
        ("5 days", 31 * DAY),
        ("31 days", 31 * DAY),
        ("35 days", 35 * DAY),
        ("983.999 hours", math.ceil(983.999 * HOUR)),  # in the last second of 10 February
        ("41 days", 59 * DAY),
        ("1439.5 hours", 1439.5 * HOUR),  # at half past eleven on 1 March
        ("60 days", None),  # after the last window, never
    ],
)
def test_listed_windows_include_both_days(takes: str, moment: int | None) -> None:
    runs = play(f"events: {{e: {{takes: {takes}, window: {LISTED}}}}}")
    assert runs.times("e") == ([] if moment is None else [moment])


# Open on [day 10 + 20 k, day 10 + 20 k + 2 days], the end's own second included.
@pytest.mark.parametrize(
    ("hours", "fires"),
    [(1, 240), (240, 240), (288, 288), (289, 720), (700, 720), (768, 768), (769, 1200)],
)
def test_recurring_windows(hours: int, fires: int) -> None:
    window = "{opens: 2025-01-11, every: 20 days, lasts: 2 days}"
    runs = play(f"events: {{e: {{takes: {hours} hours, window: {window}}}}}")
    assert runs.times("e") == [fires * HOUR]


def test_the_end_of_a_recurring_window_is_rounded_inwards() -> None:
    window = "{opens: 2025-01-11, every: 1 month, lasts: 1.0001 hours}"  # 3600.36 seconds
    runs = play(
        f"""
        events:
          at_the_end: {{takes: 241 hours, window: {window}}}
          too_late: {{takes: 241.0002 hours, window: {window}}}
        """
    )
    assert runs.times("at_the_end") == [241 * HOUR]
    assert runs.times("too_late") == [41 * DAY]  # 11 February


# Whole months step the calendar from the first opening: the 31st becomes the last of the month.
@pytest.mark.parametrize(("day", "opens"), [(1, 30), (32, 58), (60, 89), (91, 119), (121, 150)])
def test_windows_by_the_calendar(day: int, opens: int) -> None:
    window = "{opens: 2025-01-31, every: 1 month, lasts: 1 day}"
    runs = play(f"events: {{e: {{takes: {day} days, window: {window}}}}}")
    assert runs.in_days() == [("e", opens)]


def test_windows_that_opened_before_the_start() -> None:
    runs = play(
        """
        events:
          e: {takes: 1 hour, window: {opens: 2024-12-25, every: 10 days, lasts: 4 days}}
          f: {takes: 1 hour, window: {opens: 2024-12-30, every: 10 days, lasts: 4 days}}
          g: {takes: 1 hour, window: {open: [[2024-01-01, 2024-12-31], [2024-12-30, 2025-01-02]]}}
        """
    )
    assert runs.log() == [("f", HOUR), ("g", HOUR), ("e", 3 * DAY)]


def test_windows_in_any_order_and_overlapping() -> None:
    window = (
        "{open: [[2025-03-01, 2025-03-05], [2025-02-01, 2025-02-03], [2025-02-02, 2025-02-10]]}"
    )
    runs = play(
        f"""
        events:
          a: {{takes: 1 day, window: {window}}}
          b: {{takes: 40 days, window: {window}}}
          c: {{takes: 42 days, window: {window}}}
        """
    )
    assert runs.in_days() == [("a", 31), ("b", 40), ("c", 59)]


def test_condition_and_window_must_hold_together() -> None:
    runs = play(
        f"""
        events:
          opens: {{date: 2025-02-06}}
          shut: {{date: 2025-02-04}}
          a: {{date: 2025-01-10, when: {{opens: true}}, window: {LISTED}}}
          b: {{date: 2025-01-10, when: {{shut: false}}, from: 2025-02-05, window: {LISTED}}}
          late: {{date: 2025-02-11}}
          c: {{date: 2025-01-10, when: {{late: true}}, window: {LISTED}}}
        """
    )
    assert runs.in_days() == [("shut", 34), ("opens", 36), ("a", 36), ("late", 41), ("c", 59)]


def test_a_condition_that_goes_while_waiting() -> None:
    runs = play(
        f"""
        drivers:
          door: {{levels: [shut, open], initial: open}}
        events:
          shuts: {{date: 2025-01-21, sets: {{door: shut}}}}
          opens: {{date: 2025-02-21, sets: {{door: open}}}}
          e: {{date: 2025-01-10, when: {{door: open}}, window: {LISTED}}}
        """
    )
    assert runs.times("e") == [59 * DAY]


def test_a_repeating_clock_uses_every_window() -> None:
    runs = play(f"events: {{e: {{takes: 4 days, repeat: true, window: {LISTED}}}}}")
    assert runs.in_days() == [("e", 31), ("e", 35), ("e", 39), ("e", 59)]


def test_a_named_window() -> None:
    runs = play(
        f"""
        references: {{venus: {LISTED}}}
        events: {{e: {{date: 2025-01-10, window: {{like: venus}}}}}}
        """
    )
    assert runs.in_days() == [("e", 31)]


# A window of months, quarters or years: from the first day of A to the last of B.
def test_a_window_of_months() -> None:
    window = "{open: [[2025-02, 2025-03]]}"
    runs = play(
        f"""
        events:
          a: {{takes: 1 day, window: {window}}}
          b: {{takes: 89.99 days, window: {window}}}
          c: {{takes: 90 days, window: {window}}}
        """
    )
    assert runs.in_days() == [("a", 31), ("b", 89.99)]
