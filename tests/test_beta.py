"""Quantiles of the beta distribution against a closed form, and against those of SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special as scipys

from coopsim.scenario.notation.beta import beta, distribution, log_shares

SCORES = np.linspace(-9, 9, 289)
BELOW, ABOVE = scipys.ndtr(SCORES), scipys.ndtr(-SCORES)
HAIR = 2e-14  # of a number: some roundings


@pytest.mark.parametrize("a", [1.0, 1.001, 1.5, 2.0, 3.0, 3.7, 4.999, 5.0])
def test_shares_and_rests_are_those_of_scipy(a: float) -> None:
    shares, rests = np.exp(log_shares(a, 6 - a, BELOW, ABOVE))
    low, high = BELOW < 0.5, ABOVE < 0.5  # a float near 1 would say too little of what it leaves
    expected = scipys.betaincinv(a, 6 - a, BELOW[low]), scipys.betaincinv(6 - a, a, ABOVE[high])
    assert shares[low] == pytest.approx(expected[0], rel=HAIR, abs=0)
    assert rests[high] == pytest.approx(expected[1], rel=HAIR, abs=0)


@pytest.mark.parametrize("a", [1.0, 2.2, 5.0])
def test_shares_and_rests_make_one_to_the_last_digit(a: float) -> None:
    shares, rests = log_shares(a, 6 - a, BELOW, ABOVE)
    assert -np.expm1(shares) == pytest.approx(np.exp(rests), rel=HAIR, abs=0)
    assert -np.expm1(rests) == pytest.approx(np.exp(shares), rel=HAIR, abs=0)


def test_the_distribution_of_the_least_of_five_is_turned_round() -> None:
    shares, rests = log_shares(1.0, 5.0, BELOW, ABOVE)
    logs = [
        math.log(above) if above < 0.5 else math.log1p(-below)
        for below, above in zip(BELOW, ABOVE, strict=True)
    ]
    assert rests == pytest.approx(np.array(logs) / 5, rel=HAIR, abs=0)
    assert shares == pytest.approx(np.log(-np.expm1(rests)), rel=HAIR, abs=HAIR)


def test_the_distribution_function_and_its_slope() -> None:
    x = np.array([1e-6, 0.01, 0.2, 0.5])
    reached, slope = distribution(1.3, 4.7, x)
    assert reached == pytest.approx(scipys.betainc(1.3, 4.7, x), rel=HAIR)
    density = x**0.3 * (1 - x) ** 3.7 / beta(1.3, 4.7)
    assert slope == pytest.approx(x * density / reached, rel=HAIR)
    assert beta(1.3, 4.7) == pytest.approx(scipys.beta(1.3, 4.7), rel=HAIR)
