"""Hazards: competing, changing pace on a known day, uncertain, counted, moving a driver."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.stats import norm, poisson

from coopsim.scenario.notation.values import DAY, YEAR
from world import STANDARD_ERRORS, Runs, assert_mean, play, standard_errors_off, years


@pytest.fixture(scope="module")
def rivals() -> Runs:
    return play(
        """
        events:
          a: {rate: 0.2 per year, unless: [{b: true}, {c: true}]}
          b: {rate: 3 per 10 years, unless: [{a: true}, {c: true}]}
          c: {rate: 0.5 per year, unless: [{a: true}, {b: true}]}
        """,
        8000,
    )


# Of competing exponential hazards a, b, c with sum s, the cumulative incidence of a is
#   F_a(t) = integral over 0..t of a exp(-s x) dx = a/s (1 - exp(-s t)).
@pytest.mark.parametrize(("event", "rate"), [("a", 0.2), ("b", 0.3), ("c", 0.5)])
@pytest.mark.parametrize("at", [0.5, 2.0, 50.0])
def test_competing_hazards(rivals: Runs, event: str, rate: float, at: float) -> None:
    def incidence(factor: float) -> float:
        total = 1.0 + (factor - 1) * rate
        return factor * rate / total * -math.expm1(-total * at)

    assert_mean(rivals.first(event) <= years(at), incidence)


def test_one_of_competing_hazards_wins_each_run(rivals: Runs) -> None:
    assert (rivals.count("a") + rivals.count("b") + rivals.count("c") == 1).all()


# A hazard h whose pace becomes p at t0 and 0 at t1 has survived t with probability
#   exp(-h (min(t, t0) + p (min(t, t1) - t0)+)): speeds multiply the hazard, 0 stops it.
@pytest.mark.parametrize("at", [1.5, 3.0, 4.9, 9.0])
def test_hazard_with_pace_of_a_known_day(paced: Runs, at: float) -> None:
    t0, t1 = 730 / 365.25, 1826 / 365.25  # 2027-01-01 and 2030-01-01

    def survival(factor: float) -> float:
        done = min(at, t0) + 3 * max(0.0, min(at, t1) - t0)
        return math.exp(-0.2 * factor * done)

    assert_mean(paced.first("it") > years(at), survival)


@pytest.fixture(scope="module")
def paced() -> Runs:
    return play(
        """
        events:
          change: {date: 2027-01-01}
          halt: {date: 2030-01-01}
          it:
            rate: 0.2 per year
            pace: [{by: change, "true": 3}, {when: {halt: true}, times: 0}]
        """,
        8000,
    )


# With levels left out, the rate is 0: the hazard waits until the second day, then 0.4 per year.
def test_rate_by_level() -> None:
    runs = play(
        """
        drivers:
          door: {levels: [shut, ajar, open], initial: shut}
        events:
          opening: {date: 2027-01-01, sets: {door: open}}
          it: {rate: {by: door, ajar: 9 per year, open: 0.4 per year}}
        """,
        6000,
    )
    opens = 730 * DAY
    assert runs.first("it").min() > opens
    passed = runs.first("it") <= opens + 2 * YEAR
    assert_mean(passed, lambda factor: -math.expm1(-0.4 * factor * 2))


# Given its rate L, uniform on [a, b] and drawn once per run, the hazard survives t with exp(-L t);
# the mean over L is (exp(-a t) - exp(-b t)) / ((b - a) t).
@pytest.mark.parametrize("at", [1.0, 4.0])
def test_uncertain_rate_integrated(at: float) -> None:
    runs = play("events: {it: {rate: {uniform: [0.1 per year, 0.7 per year]}}}", 8000)

    def survival(factor: float) -> float:
        low, high = 0.1 * factor, 0.7 * factor
        return (math.exp(-low * at) - math.exp(-high * at)) / ((high - low) * at)

    assert_mean(runs.first("it") > years(at), survival)


# `A to B` is lognormal, A and B its 5th and 95th percentile: survival is the integral of
# exp(-L t) over z, with log L = (log A + log B) / 2 + z (log B - log A) / (2 z_95).
def test_rate_between_percentiles_integrated() -> None:
    runs = play("events: {it: {rate: 0.1 to 0.9 per year}}", 10_000)

    def survival(factor: float) -> float:
        sigma = math.log(9) / (2 * norm.ppf(0.95))

        def given(z: float) -> float:
            return float(math.exp(-0.3 * factor * math.exp(sigma * z) * 3) * norm.pdf(z))

        return float(quad(given, -9, 9)[0])

    assert_mean(runs.first("it") > years(3), survival)


# Drawn once per run, the rate is the same at every arming: given L the count N by t is Poisson,
# so E[N (N - 1)] = E[L^2] t^2 = (a^2 + a b + b^2)/3 t^2, and not E[L]^2 t^2 (7 % less here).
def test_uncertain_rate_is_one_number_per_run() -> None:
    runs = play(
        "events: {it: {rate: {uniform: [1 per year, 9 per year]}, repeat: true}}",
        8000,
        end="2027-01-01",
    )
    count = runs.count("it", by=2 * YEAR)
    pairs = count * (count - 1)
    assert_mean(pairs, lambda factor: factor * (1 + 9 + 81) / 3 * 4)
    assert standard_errors_off(pairs, 5**2 * 4) > STANDARD_ERRORS


# A repeatable hazard is a Poisson process: P(N = k) at t has mean r t.
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_poisson_count(count: int) -> None:
    runs = play("events: {it: {rate: 0.75 per year, repeat: true}}", 6000, end="2030-01-01")
    found = runs.count("it", by=2 * YEAR) == count
    assert_mean(found, lambda factor: float(poisson.pmf(count, 1.5 * factor)))


# Renewals with uniform (0, 1) lifetimes: m(t) = t + integral of m over 0..t, so m(t) = e^t - 1
# for t <= 1 (the classic number of uniforms needed to pass 1 is m(1) + 1 = e).
@pytest.mark.parametrize("at", [0.5, 1.0])
def test_renewal_count(at: float) -> None:
    runs = play(
        "events: {it: {takes: {uniform: [0 years, 1 year]}, repeat: true}}", 8000, end="2026-06-01"
    )
    assert_mean(runs.count("it", by=years(at)), lambda factor: math.expm1(factor * at))


# Losing work on every pause changes nothing for a clock without memory.
def test_hazard_that_forgets_is_the_same_hazard() -> None:
    runs = play(
        """
        drivers:
          door: {levels: [shut, open], initial: open}
        events:
          shuts: {date: {first: 2025-07-01, every: 1 year}, repeat: true, sets: {door: shut}}
          opens: {date: {first: 2026-01-01, every: 1 year}, repeat: true, sets: {door: open}}
          it: {rate: 0.5 per year, when: {door: open}, memory: enabling}
        """,
        6000,
        end="2032-01-01",
    )
    half = 181 / 365.25  # open from 1 January to 1 July
    passed = runs.first("it") <= years(3)  # three such halves, whatever the leap day
    assert_mean(passed, lambda factor: -math.expm1(-0.5 * factor * 3 * half))


# A driver with hazards between its levels is a Markov chain: its level at t has the chances
# p0 exp(Q t), with Q the generator: rates off the diagonal, rows that sum to 0.
@pytest.mark.parametrize(
    ("level", "at"), [("low", 0.7), ("mid", 0.7), ("high", 0.7), ("low", 2.0), ("high", 2.0)]
)
def test_three_levels_against_the_matrix_exponential(chain: Runs, level: str, at: float) -> None:
    generator = np.array([[-0.5, 0.5, 0.0], [0.2, -0.5, 0.3], [0.0, 0.4, -0.4]])

    def chance(factor: float) -> float:
        start = np.array([0.8, 0.15, 0.05])
        return float((start @ expm(generator * factor * at))[LEVELS.index(level)])

    assert_mean(levels_at(chain, years(at)) == LEVELS.index(level), chance)


@pytest.mark.parametrize(("level", "share"), [("low", 0.8), ("mid", 0.15), ("high", 0.05)])
def test_the_chain_starts_as_its_mixture_says(chain: Runs, level: str, share: float) -> None:
    assert_mean(chain.first(f"at_{level}") == 0, lambda factor: factor * share)


LEVELS = ["low", "mid", "high"]


@pytest.fixture(scope="module")
def chain() -> Runs:
    return play(
        """
        drivers:
          climate:
            levels: [low, mid, high]
            initial: {low: 0.8, mid: 0.15, high: 0.05}
            switches:
              low -> mid: {rate: 0.5 per year}
              mid -> low: {rate: 0.2 per year}
              mid -> high: {rate: 0.3 per year}
              high -> mid: {rate: 0.4 per year}
        events:
          at_low: {when: {climate: low}}
          at_mid: {when: {climate: mid}}
          at_high: {when: {climate: high}}
        """,
        10_000,
        end="2028-01-01",
    )


def levels_at(runs: Runs, moment: int) -> NDArray[np.int64]:
    """Find the level in each run: where the last switch went, or whose event fired in second 0."""
    level: NDArray[np.int64] = np.argmin([runs.first(f"at_{name}") for name in LEVELS], axis=0)
    for run in range(len(runs)):
        for name, time in runs.log(run):
            if "->" in name and time <= moment:
                level[run] = LEVELS.index(name.split("-> ")[1])
    return level
