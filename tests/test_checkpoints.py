"""The days at whose end timelines are looked at."""

from __future__ import annotations

from datetime import date

import pytest

from coopsim.analysis.checkpoints import (
    MONTHLY,
    YEARLY,
    at_ends,
    boundaries,
    calendar_years,
    day_of,
    last_day,
)
from hand_made import program, seconds


def year_ends(start: str, end: str) -> list[str]:
    made = program(start=start, end=end)
    ends = [*boundaries(made, YEARLY), made.horizon]
    return [day.isoformat() for day in at_ends(made, ends).days]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-07-01", "2027-06-30", ["2025-12-31", "2026-12-31", "2027-06-30"]),
        # A last day that is a 31 December is one key, not two.
        ("2025-08-05", "2026-12-31", ["2025-12-31", "2026-12-31"]),
        # A start on 31 December has that very evening, one on 1 January the next year's.
        ("2025-12-31", "2026-03-01", ["2025-12-31", "2026-03-01"]),
        ("2026-01-01", "2027-03-01", ["2026-12-31", "2027-03-01"]),
        ("2026-02-01", "2026-02-01", ["2026-02-01"]),
        ("1968-11-30", "1970-01-01", ["1968-12-31", "1969-12-31", "1970-01-01"]),
    ],
)
def test_year_ends_from_the_start_on_and_the_horizon(start: str, end: str, days: list[str]) -> None:
    assert year_ends(start, end) == days


def test_months_begin_strictly_within_the_simulated_time() -> None:
    made = program(start="2025-11-01", end="2026-02-28")
    moments = ["2025-12-01", "2026-01-01", "2026-02-01"]
    assert boundaries(made, MONTHLY) == tuple(seconds(m, "2025-11-01") for m in moments)


def test_calendar_years_go_from_the_start_to_the_last_day() -> None:
    assert calendar_years(program(start="2025-12-31", end="2027-12-31")) == (2025, 2026, 2027)
    assert calendar_years(program(start="2026-01-01", end="2026-01-01")) == (2026,)


def test_the_last_day_before_a_moment() -> None:
    made = program()
    assert last_day(made, made.horizon) == date(2027, 6, 30)
    assert last_day(made, seconds("2026-01-01")) == date(2025, 12, 31)


def test_a_day_holds_its_last_second_and_not_the_next_midnight() -> None:
    assert day_of(-1) == date(1969, 12, 31)
    assert day_of(86_399) == date(1970, 1, 1)
    assert day_of(86_400) == date(1970, 1, 2)


def test_checkpoints_are_in_order_and_each_once() -> None:
    made = program()
    ends = at_ends(made, [made.horizon, 86_400, made.horizon])
    assert ends.days == (date(2025, 7, 1), date(2027, 6, 30))
    assert ends.instants == (86_400, made.horizon)
