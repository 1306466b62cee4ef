"""Intervals of quantiles hold the known quantile as often as the binomial distribution says.

Tolerances are five standard errors, which a right answer misses once in two million times.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from scipy.stats import binom, poisson

from coopsim.analysis.kinds.counts import CountSummary
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.statistics.estimates import QUANTILES
from coopsim.analysis.statistics.order_statistics import quantile_interval
from coopsim.analysis.summaries import Summary, summarise
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from hand_made import split
from world import STANDARD_ERRORS, START, scenario_of

SAMPLES, RUNS = 400, 100
WORLD = """
events:
  end: {rate: 0.2 per year}
  flight: {rate: 0.4 per year, repeat: true}
outcomes:
  ends: {event: end}
  flights: {count: flight}
"""


@pytest.fixture(scope="module")
def summaries() -> list[Summary]:
    scenario = scenario_of(WORLD, end="2044-12-31")
    program = build_program(scenario)
    whole = simulate(program, 0, SAMPLES * RUNS)
    parts = split(whole, *range(RUNS, SAMPLES * RUNS, RUNS))
    return [summarise(scenario, program, [part], "") for part in parts]


def held_dates(summaries: list[Summary], key: str, rate: float) -> int:
    """Count the intervals that hold the quantile of an exponential date: -ln(1 - q) / rate."""
    wait = -math.log1p(-float(key)) / rate * YEAR / DAY
    truth, found = date.fromisoformat(START) + timedelta(int(wait)), 0
    for summary in summaries:
        outcome = summary.outcomes["ends"]
        assert isinstance(outcome, DateSummary)
        low, high = outcome.quantile_intervals[key]  # None: not by the end, after the truth
        found += low is not None and low <= truth and (high is None or truth <= high)
    return found


# With n values of which each lies below the quantile with the chance q, the values at the positions
# k and m (from 0) hold it between them with B(m) - B(k), the binomial distribution's sums. Twice
# the rate must be found out.
@pytest.mark.parametrize("key", QUANTILES)
def test_dates(summaries: list[Summary], key: str) -> None:
    low, high = quantile_interval(RUNS, float(key))
    assert low is not None
    assert high is not None
    chance = float(binom.cdf(high, RUNS, float(key)) - binom.cdf(low, RUNS, float(key)))
    error = math.sqrt(SAMPLES * chance * (1 - chance))
    assert abs(held_dates(summaries, key, 0.2) - SAMPLES * chance) <= STANDARD_ERRORS * error
    assert held_dates(summaries, key, 0.4) < SAMPLES * chance - STANDARD_ERRORS * error


# A count is Poisson with the mean 0.4 x 7305 / 365.25. Ties only add to the 95 %.
@pytest.mark.parametrize("key", QUANTILES)
def test_counts(summaries: list[Summary], key: str) -> None:
    def held(mean: float) -> int:
        truth, found = int(poisson(mean).ppf(float(key))), 0
        for summary in summaries:
            outcome = summary.outcomes["flights"]
            assert isinstance(outcome, CountSummary)
            low, high = outcome.quantile_intervals[key]
            assert low is not None
            assert high is not None
            found += low <= truth <= high
        return found

    mean = 0.4 * 7305 / 365.25
    least = SAMPLES * 0.95 - STANDARD_ERRORS * math.sqrt(SAMPLES * 0.95 * 0.05)
    assert held(mean) >= least
    assert held(2 * mean) < least
