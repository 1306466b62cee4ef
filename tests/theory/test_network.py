"""The five-activity network, a classic of stochastic activity networks.

Y = max(X1 + X4, X1 + X3 + X5, X2 + X5) with independent exponential activities of mean 1: the
bridge of Nelson, "Foundations and Methods of Stochastic Simulation" (2013), chapter 3.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import dblquad, quad

from coopsim.scenario.notation.values import YEAR
from world import Runs, assert_mean, play


@pytest.fixture(scope="module")
def network() -> Runs:
    return play(
        """
        events:
          x1: {takes: {exponential: 1 year}}
          x2: {takes: {exponential: 1 year}}
          x3: {takes: {exponential: 1 year}, after: [x1]}
          x4: {takes: {exponential: 1 year}, after: [x1]}
          x5: {takes: {exponential: 1 year}, after: [x2, x3]}
          done: {after: [x4, x5]}
        """,
        8000,
    )


def done_by(t: float) -> float:
    """Get P(Y <= t); derived by conditioning on X1 and X5, as `test_the_formula` does.

    Given X1 = a and X5 = b the rest are independent:
      P(Y <= t | a, b) = (1 - e^-(t-a)) (1 - e^-(t-a-b)) (1 - e^-(t-b)) for a + b <= t, else 0.
    Times e^-a e^-b, integrated over a + b <= t, this is the sum returned here.
    """
    return (
        (t * t / 2 - 3 * t - 3) * math.exp(-2 * t)
        + (3 - 3 * t - t * t / 2) * math.exp(-t)
        + 1
        - math.exp(-3 * t)
    )


# E[Y] = integral of 1 - P(Y <= t), with the integral of t^n e^-kt = n! / k^(n+1):
#   -(1/8 - 3/4 - 3/2) - (3 - 3 - 1) + 1/3 = 17/8 + 1 + 1/3 = 83/24.
def test_the_formula() -> None:
    def given(b: float, a: float) -> float:
        rest = -math.expm1(a - 5) * -math.expm1(a + b - 5) * -math.expm1(b - 5)
        return rest * math.exp(-a - b)

    integrated, _ = dblquad(given, 0, 5, 0, lambda a: 5 - a)
    assert done_by(5) == pytest.approx(integrated, abs=1e-9)
    assert 1 - done_by(5) == pytest.approx(0.1653297070, abs=1e-10)
    assert quad(lambda t: 1 - done_by(t), 0, 60)[0] == pytest.approx(83 / 24, abs=1e-9)


def test_chance_of_being_late(network: Runs) -> None:
    late = network.first("done") > 5 * YEAR
    assert_mean(late, lambda factor: 1 - done_by(5 / factor))


@pytest.mark.parametrize("years", [2, 3])
def test_chance_of_being_done(network: Runs, years: float) -> None:
    assert_mean(network.first("done") <= years * YEAR, lambda factor: done_by(years * factor))


def test_mean(network: Runs) -> None:
    assert_mean(network.first("done") / YEAR, lambda factor: factor * 83 / 24)


# Each activity begins in the second in which the last of those before it ends.
def test_done_when_the_last_path_is(network: Runs) -> None:
    ends = np.maximum(network.first("x4"), network.first("x5"))
    assert (network.first("done") == ends).all()
    assert (network.first("x5") > np.maximum(network.first("x2"), network.first("x3"))).all()
