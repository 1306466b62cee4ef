"""Windows as whole seconds since the start: sorted, apart, both ends included."""

from __future__ import annotations

import pytest

from coopsim.scenario.notation.timing import read_window
from coopsim.scenario.notation.values import DAY, HOUR, parse_date
from coopsim.simulation.windows import next_open, window_seconds

START = parse_date("2025-01-01").first
HORIZON = 365 * DAY


def seconds(raw: dict[str, object], horizon: int = HORIZON) -> list[tuple[float, float]]:
    """List the intervals, in days."""
    intervals = window_seconds(read_window(raw), START, horizon)
    return [(first / DAY, (last + 1) / DAY) for first, last in intervals]


def test_both_days_are_open() -> None:
    assert seconds({"open": [["2025-01-11", "2025-01-12"], ["2025-01-21", "2025-01-21"]]}) == [
        (10, 12),
        (20, 21),
    ]


def test_intervals_are_sorted_and_merged_where_they_meet() -> None:
    days = [["2025-03-01", "2025-03-02"], ["2025-01-11", "2025-01-20"]]
    days += [["2025-01-12", "2025-01-13"], ["2025-01-21", "2025-01-22"]]
    assert seconds({"open": days}) == [(10, 22), (59, 61)]


def test_what_is_over_or_not_yet_is_left_out() -> None:
    days = [
        ["2024-01-01", "2024-12-31"],
        ["2024-12-31", "2025-01-01"],
        ["2026-01-01", "2026-01-02"],
    ]
    assert seconds({"open": days}) == [(-1, 1)]


def test_recurring_windows_end_with_their_last_second() -> None:
    window = {"opens": "2025-01-11", "every": "20 days", "lasts": "1 day"}
    intervals = window_seconds(read_window(window), START, 40 * DAY)
    assert intervals == ((10 * DAY, 11 * DAY), (30 * DAY, 31 * DAY))


def test_recurring_windows_end_rounded_inwards() -> None:
    window = {"opens": "2025-01-11", "every": "20 days", "lasts": "0.33333 hours"}  # 1199.988 s
    assert window_seconds(read_window(window), START, 20 * DAY) == ((10 * DAY, 10 * DAY + 1199),)


def test_recurring_windows_step_the_calendar_from_the_first() -> None:
    window = {"opens": "2025-01-31", "every": "1 month", "lasts": "1 hour"}
    opens = [first for first, _ in window_seconds(read_window(window), START, 100 * DAY)]
    assert opens == [30 * DAY, 58 * DAY, 89 * DAY]


def test_recurring_windows_that_overlap_are_always_open() -> None:
    window = {"opens": "2025-01-11", "every": "20 days", "lasts": "21 days"}
    assert window_seconds(read_window(window), START, 60 * DAY) == ((10 * DAY, 71 * DAY),)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [(0, 10), (9, 10), (10, 10), (15, 15), (20, 20), (21, 30), (30, 30), (31, None)],
)
def test_next_open(moment: int, opens: int | None) -> None:
    assert next_open(((10, 20), (30, 30)), moment) == opens


def test_no_window_is_never_open() -> None:
    assert next_open((), 0) is None


def test_hours_are_no_days() -> None:
    window = {"opens": "2025-01-01", "every": "36 hours", "lasts": "12 hours"}
    intervals = window_seconds(read_window(window), START, 3 * DAY)
    assert intervals == ((0, 12 * HOUR), (36 * HOUR, 48 * HOUR))
