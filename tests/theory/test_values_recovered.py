"""Every notation of an uncertain value gives back the percentiles that were written."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import beta, norm

from coopsim.scenario.notation.values import DAY, YEAR, parse_date
from world import START, Runs, assert_mean, play

RUNS = 2500
UNIFORMS = (
    np.arange(20_000) + 0.5
) / 20_000  # integrals over u: the mean over the middles of cells

Quantile = Callable[[NDArray[np.float64]], NDArray[np.float64]]

# (what is written, a number of years, the chance of taking no longer)
DURATIONS: list[tuple[str, float, float]] = [
    # `A to B` is lognormal: A the 5th percentile, B the 95th, the median between them sqrt(A B).
    ("2 to 8 years", 2, 0.05),
    ("2 to 8 years", 4, 0.5),
    ("2 to 8 years", 8, 0.95),
    ("{p5: 2 years, p95: 8 years}", 4, 0.5),
    # The three-term metalog passes through its three points.
    ("{p5: 1 year, p50: 2 years, p95: 4.5 years}", 1, 0.05),
    ("{p5: 1 year, p50: 2 years, p95: 4.5 years}", 2, 0.5),
    ("{p5: 1 year, p50: 2 years, p95: 4.5 years}", 4.5, 0.95),
    # PERT is a beta on [low, high] with a = 1 + 4 (likely - low)/(high - low), b = 6 - a.
    ("{low: 1 year, likely: 2 years, high: 5 years}", 2, float(beta(2, 4).cdf(0.25))),
    ("{low: 1 year, likely: 2 years, high: 5 years}", 3, float(beta(2, 4).cdf(0.5))),
    ("{uniform: [1 year, 3 years]}", 1.5, 0.25),
    # A triangle's share below its peak is (m - a)/(b - a).
    ("{triangular: [1 year, 2 years, 5 years]}", 2, 0.25),
    ("{normal: [3 years, 0.5 years]}", 3.5, float(norm.cdf(1))),
    ("{lognormal: [2 years, 0.5]}", 2 * math.exp(0.5), float(norm.cdf(1))),
    ("{exponential: 2 years}", 2, -math.expm1(-1)),
    # A Weibull of scale s has passed s with 1/e whatever its shape; s/2 with exp(-(1/2)^shape).
    ("{weibull: [2, 3 years]}", 3, -math.expm1(-1)),
    ("{weibull: [2, 3 years]}", 1.5, -math.expm1(-0.25)),
    # A plan: 2 years times a growth of median 1.5.
    ("{planned: 2 years, growth: {lognormal: [1.5, 0.4]}}", 3, 0.5),
    ("{planned: 2 years, growth: 1.5 to 6}", 6, 0.5),
    # Both parts uncertain: the logs add, medians multiply, variances add.
    (
        "{planned: {lognormal: [2 years, 0.3]}, growth: {lognormal: [1.5, 0.4]}}",
        3 * math.exp(0.5),
        float(norm.cdf(1)),
    ),
    ("{like: known}", 6, 0.5),
]


@pytest.fixture(scope="module")
def durations() -> Runs:
    events = "".join(f"  e{i}: {{takes: {w}}}\n" for i, (w, _, _) in enumerate(DURATIONS))
    return play(
        f"references: {{known: {{lognormal: [6 years, 1]}}}}\nevents:\n{events}", RUNS, end="2999"
    )


@pytest.mark.parametrize("case", range(len(DURATIONS)), ids=[str(case) for case in DURATIONS])
def test_durations(durations: Runs, case: int) -> None:
    _, limit, chance = DURATIONS[case]
    taken = durations.first(f"e{case}") <= math.ceil(limit * YEAR)
    assert_mean(taken, off_by(chance))


# (what is written, a day, the chance of being no later)
DATES: list[tuple[str, str, float]] = [
    # A period is uniform over its days: 2028 has 366, its third quarter 92.
    ("2028", "2028-07-01", 182 / 366),
    ("2028-Q3", "2028-08-01", 31 / 92),
    ("2028-07", "2028-07-11", 10 / 31),
    # `A to B` is normal from A's first moment to B's last.
    ("2026 to 2028", "2026-01-01", 0.05),
    ("2026 to 2028", "2029-01-01", 0.95),
    # A full day counts as its 00:00.
    ("2027-01-01 to 2031-01-01", "2027-01-01", 0.05),
    ("2027-01-01 to 2031-01-01", "2031-01-01", 0.95),
    ("{p5: 2027-01-01, p95: 2031-01-01}", "2031-01-01", 0.95),
    ("{p5: 2027-01-01, p50: 2028-01-01, p95: 2031-01-01}", "2027-01-01", 0.05),
    ("{p5: 2027-01-01, p50: 2028-01-01, p95: 2031-01-01}", "2028-01-01", 0.5),
    ("{p5: 2027-01-01, p50: 2028-01-01, p95: 2031-01-01}", "2031-01-01", 0.95),
    # 1461 days; the peak after 365.25 of them as in the durations above, half way after 730.5.
    (
        "{earliest: 2027-01-01, likely: 2028-01-01, latest: 2031-01-01}",
        "2029-01-01",
        float(beta(1 + 4 * 365 / 1461, 5 - 4 * 365 / 1461).cdf(731 / 1461)),
    ),
    ("{uniform: [2027-01-01, 2031-01-01]}", "2028-01-01", 365 / 1461),
    ("{triangular: [2027-01-01, 2028-01-01, 2031-01-01]}", "2028-01-01", 365 / 1461),
    ("{normal: [2030-01-01, 365.25 days]}", "2031-01-01", float(norm.cdf(365 / 365.25))),
    # start + (planned - start) x growth: from 2025-01-01, 1826 days are to grow to 3652.
    ("{planned: 2030-01-01, growth: {lognormal: [2, 0.5]}}", "2035-01-01", 0.5),
]


@pytest.fixture(scope="module")
def dates() -> Runs:
    events = "".join(f"  e{i}: {{date: {w}}}\n" for i, (w, _, _) in enumerate(DATES))
    return play(f"events:\n{events}", RUNS)


@pytest.mark.parametrize("case", range(len(DATES)), ids=[str(case) for case in DATES])
def test_dates(dates: Runs, case: int) -> None:
    _, day, chance = DATES[case]
    limit = parse_date(day).first - parse_date(START).first
    assert_mean(dates.first(f"e{case}") <= limit, off_by(chance))


def off_by(chance: float) -> Callable[[float], float]:
    """Give a chance times a factor, or over it where that would pass 1."""
    return lambda factor: chance * factor if chance <= 0.5 else chance / factor


# A clock with 1 year of work at speed f is done after 1/f years: it shows the factor itself.
@pytest.mark.parametrize(
    ("written", "limit", "chance"),
    [
        ("0.5 to 2", 0.5, 0.05),
        ("0.5 to 2", 1.0, 0.5),
        ("0.5 to 2", 2.0, 0.95),
        ("{p5: 0.5, p50: 0.7, p95: 1}", 0.7, 0.5),
        ("{low: 0.5, likely: 0.75, high: 1.5}", 0.75, float(beta(2, 4).cdf(0.25))),
        ("{uniform: [0.5, 1.5]}", 0.75, 0.25),
        ("{triangular: [0.5, 1, 2.5]}", 1.0, 0.25),
        ("{normal: [1, 0.2]}", 0.8, float(norm.cdf(-1))),
        ("{lognormal: [1, 0.5]}", math.exp(-0.5), float(norm.cdf(-1))),
    ],
)
def test_factors(written: str, limit: float, chance: float) -> None:
    runs = play(f"events: {{e: {{takes: 1 year, pace: [{{when: {{}}, times: {written}}}]}}}}", RUNS)
    assert_mean(YEAR / runs.first("e") <= limit, off_by(chance))


# A normal factor below 0 is clipped to 0, which stops the clock: P(N(1, 1) < 0) = Phi(-1).
def test_factors_are_clipped() -> None:
    runs = play(
        "events: {e: {takes: 1 year, pace: [{when: {}, times: {normal: [1, 1]}}]}}",
        RUNS,
        end="2999",
    )
    slow = runs.first("e") > 900 * YEAR
    assert_mean(slow, lambda factor: factor * float(norm.cdf(-1 + 1 / 900)))


# A hazard's work is hidden by its own chance; what is left is its survival at 2 years,
# the integral of exp(-2 q(u)) over u, with q the quantile function of its rate.
@pytest.mark.parametrize(
    ("written", "quantile"),
    [
        ("0.2 to 0.8 per year", lambda u: 0.4 * 2 ** (norm.ppf(u) / norm.ppf(0.95))),
        ("{p5: 0.2 per year, p95: 0.8 per year}", lambda u: 0.4 * 2 ** (norm.ppf(u) / 1.6448536)),
        (
            "{low: 1 per 5 years, likely: 0.3 per year, high: 0.05 per month}",
            lambda u: 0.2 + 0.4 * beta(2, 4).ppf(u),
        ),
        ("{uniform: [0.1 per year, 0.9 per year]}", lambda u: 0.1 + 0.8 * u),
        ("{normal: [0.5 per year, 0.1 per year]}", lambda u: 0.5 + 0.1 * norm.ppf(u)),
        ("{lognormal: [0.5 per year, 1]}", lambda u: 0.5 * np.exp(norm.ppf(u))),
    ],
)
def test_rates(written: str, quantile: Quantile) -> None:
    runs = play(f"events: {{e: {{rate: {written}}}}}", 5000)

    def survival(factor: float) -> float:
        return float(np.exp(-2 * factor * quantile(UNIFORMS)).mean())

    assert_mean(runs.first("e") > 2 * YEAR, survival)


# A chance p drawn once per run counts at both firings: both turn out with the mean of p^2.
@pytest.mark.parametrize(
    ("written", "quantile"),
    [
        ("0.2 to 0.6", lambda u: math.sqrt(0.12) * math.sqrt(3) ** (norm.ppf(u) / norm.ppf(0.95))),
        ("{uniform: [0.1, 0.9]}", lambda u: 0.1 + 0.8 * u),
        ("{low: 0.1, likely: 0.3, high: 0.9}", lambda u: 0.1 + 0.8 * beta(2, 4).ppf(u)),
        ("{normal: [0.9, 0.3]}", lambda u: 0.9 + 0.3 * norm.ppf(u)),  # clipped at 1
    ],
)
def test_chances(written: str, quantile: Quantile) -> None:
    runs = play(
        f"""
        events:
          e:
            date: {{first: 2026-01-01, every: 1 year}}
            repeat: true
            outcomes: {{yes: {{chance: {written}}}, no: {{chance: rest}}}}
        """,
        4000,
        end="2027-06-30",
    )

    def moment(power: int) -> float:
        return float((np.clip(quantile(UNIFORMS), 0, 1) ** power).mean())

    count = runs.count("e", "yes")
    assert_mean(count == 2, lambda factor: factor * moment(2))
    assert_mean(count, lambda factor: factor * 2 * moment(1))


def test_a_duration_of_calendar_units_is_never_calendar_arithmetic() -> None:
    runs = play("events: {month: {takes: 1 month}, year: {takes: 1 year}, day: {takes: 1 day}}")
    assert runs.log() == [("day", DAY), ("month", YEAR // 12), ("year", round(365.25 * DAY))]
