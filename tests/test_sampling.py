"""Sampling: where distributions meet streams, and calendars step."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.scenario.notation.distributions import Constant, Normal, Uniform
from coopsim.scenario.notation.values import DAY, YEAR, add_months, parse_date
from coopsim.simulation.draws import Draws, stream_key, uniform
from coopsim.simulation.program import ClockWork, Quantity
from coopsim.simulation.sampling import (
    initial_levels,
    next_date,
    run_numbers,
    sample,
    sample_work,
    unit_exponential,
)
from world import program_of

STREAMS = ("own", "other", "luck")
DRAWS = Draws(7, STREAMS, 0, 100)


def u(stream: str, run: int, k: int) -> float:
    return uniform(stream_key(7, stream), run, k)


def test_a_constant_draws_nothing() -> None:
    assert sample(Quantity(Constant(12.0), origin=2.0), DRAWS, 0, 0) == 10.0


def test_a_quantity_inverts_its_distribution_at_its_streams_number() -> None:
    quantity = Quantity(Uniform(10.0, 30.0), stream=0, origin=4.0)
    assert sample(quantity, DRAWS, 3, 2) == 6 + 20 * u("own", 3, 2)


def test_a_quantity_is_clipped() -> None:
    quantity = Quantity(Normal(0.5, 10.0), stream=0, low=0.0, high=1.0)
    drawn = {sample(quantity, DRAWS, run, 0) for run in range(50)}
    assert {0.0, 1.0} <= drawn
    assert min(drawn) == 0
    assert max(drawn) == 1


# The normal score is sqrt(R) z_luck + sqrt(1 - R) z_own, and luck has one number per run.
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("k", [0, 5])
def test_shared_luck(share: float, k: int) -> None:
    quantity = Quantity(Uniform(0.0, 1.0), stream=0, luck=2, share=share)
    normal = NormalDist()
    z = math.sqrt(share) * normal.inv_cdf(u("luck", 9, 0))
    z += math.sqrt(1 - share) * normal.inv_cdf(u("own", 9, k))
    assert sample(quantity, DRAWS, 9, k) == pytest.approx(normal.cdf(z), abs=1e-12)


def test_work_is_base_times_growth_and_no_less_than_its_floor() -> None:
    work = ClockWork(Quantity(Constant(10.0)), Quantity(Uniform(1.0, 3.0), stream=1))
    product = 10 * (1 + 2 * u("other", 4, 1))
    assert sample_work(work, DRAWS, 4, 1) == product
    assert sample_work(replace(work, floor=100.0), DRAWS, 4, 1) == 100
    assert sample_work(ClockWork(Quantity(Constant(-10.0))), DRAWS, 4, 1) == 0


def test_a_unit_exponential() -> None:
    for k in range(100):
        assert unit_exponential(1, DRAWS, 5, k) == pytest.approx(
            -math.log1p(-u("other", 5, k)), rel=1e-15
        )


# --- what is drawn once per run -------------------------------------------------------------------

PROGRAM = program_of(
    """
    drivers:
      sure: {levels: [a, b, c], initial: b}
      mixed: {levels: [a, b, c, d], initial: {d: 0, c: 0.5, a: 0.3, b: 0.2}}
    events:
      e:
        rate: {uniform: [1 per year, 3 per year]}
        when: {sure: b, mixed: a}
        pace: [{by: sure, b: 2, c: {uniform: [1, 3]}}]
    """
)


# Inverted in the order of the levels, whatever the order in which the chances are written.
def test_initial_levels() -> None:
    draws = Draws(7, PROGRAM.streams, 0, 200)
    for run in range(200):
        number = u("drivers.mixed.initial", run, 0)
        expected = 0 if number < 0.3 else 1 if number < 0.5 else 2
        assert initial_levels(PROGRAM, draws, run) == [1, expected, 0]


def test_uncertain_numbers_are_drawn_once_per_run() -> None:
    draws = Draws(7, PROGRAM.streams, 0, 3)
    for run in range(3):
        rate = 1 + 2 * u("events.e.rate.value", run, 0)
        factor = 1 + 2 * u("events.e.pace.0.c", run, 0)
        numbers = run_numbers(PROGRAM, draws, run)
        assert numbers[:2] == [1, 0]
        assert 2 in numbers
        assert numbers[PROGRAM.per_run[0][0]] * 31_557_600 == pytest.approx(rate)
        assert numbers[PROGRAM.per_run[1][0]] == factor
    assert len(PROGRAM.per_run) == 2


# --- calendars ------------------------------------------------------------------------------------

START = parse_date("2025-01-01").first


@pytest.mark.parametrize(
    ("first", "after", "date"),
    [(10, 0, 10), (10, 9, 10), (10, 10, 17), (10, 16, 17), (10, 17, 24), (-10, 0, 4), (-10, 4, 11)],
)
def test_fixed_steps_are_strictly_later(first: int, after: int, date: int) -> None:
    assert next_date(first * DAY, 0, 7 * DAY, after * DAY, START) == date * DAY


@pytest.mark.parametrize(
    ("months", "first", "after", "date"),
    [
        (1, "2025-01-31", "2025-01-31", "2025-02-28"),
        (1, "2025-01-31", "2025-02-28", "2025-03-31"),
        (1, "2025-01-31", "2025-03-30", "2025-03-31"),
        (12, "2024-02-29", "2027-06-01", "2028-02-29"),
        (1, "1990-01-01", "2030-05-01", "2030-06-01"),
        (3, "2025-11-30", "2025-12-01", "2026-02-28"),
        (1, "2026-01-01", "2025-12-31", "2026-01-01"),
    ],
)
def test_months_step_the_calendar(months: int, first: str, after: str, date: str) -> None:
    moments = [parse_date(day).first - START for day in (first, after, date)]
    assert next_date(moments[0], months, 0, moments[1], START) == moments[2]


@given(
    first=st.integers(-40 * YEAR, 40 * YEAR),
    months=st.integers(1, 30),
    after=st.integers(-40 * YEAR, 120 * YEAR),
)
def test_no_date_of_a_calendar_is_passed_over(first: int, months: int, after: int) -> None:
    dates = (add_months(START + first, step * months) - START for step in itertools.count())
    assert next_date(first, months, 0, after, START) == next(date for date in dates if date > after)
