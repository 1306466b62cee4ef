"""Shared luck: programmes of one industry slip together, each as often as before.

Two values that share luck with shares R and S have normal scores of correlation sqrt(R S), so the
chance that both stay below their quantiles p and q is the bivariate normal distribution function
there. A lognormal duration of median m and sigma 1 is below m e^z with the chance Phi(z).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import multivariate_normal, norm

from coopsim.scenario.notation.values import YEAR
from world import STANDARD_ERRORS, Runs, assert_mean, play, standard_errors_off

WORLD = """
references:
  shy: {lognormal: [1 year, 1]}
  slips: {lognormal: [1 year, 1], luck: industry, share: 0.6}
events:
  a: {takes: {lognormal: [1 year, 1], luck: industry, share: 0.9}}
  b: {takes: {lognormal: [1 year, 1], luck: industry, share: 0.4}}
  alone: {takes: {lognormal: [1 year, 1]}}
  elsewhere: {takes: {lognormal: [1 year, 1], luck: weather, share: 0.9}}
  referred: {takes: {like: slips}}
  less: {takes: {like: slips, share: 0.3}}
  moved: {takes: {like: slips, luck: weather}}
  named: {takes: {like: shy, share: 0.8}}
  named_too: {takes: {lognormal: [1 year, 1], luck: shy, share: 0.8}}
  shy_alone: {takes: {like: shy}}
  shy_alone_too: {takes: {like: shy}}
  all_of_it: {takes: {lognormal: [1 year, 1], luck: industry, share: 1}}
  all_of_it_too: {takes: {lognormal: [2 years, 1], luck: industry, share: 1}}
  none_of_it: {takes: {lognormal: [1 year, 1], luck: industry, share: 0}}
  plan: {date: {planned: 2026-01-01, growth: {lognormal: [1, 1], luck: industry, share: 0.6}}}
"""


@pytest.fixture(scope="module")
def world() -> Runs:
    return play(WORLD, 6000, end="2999")


def both_by(correlation: float, p: float, q: float) -> float:
    scores = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])
    return float(scores.cdf([p, q]))


@pytest.mark.parametrize(
    ("one", "other", "product"),
    [
        ("a", "b", 0.9 * 0.4),
        ("a", "referred", 0.9 * 0.6),
        ("a", "less", 0.9 * 0.3),
        ("elsewhere", "moved", 0.9 * 0.6),
        ("named", "named_too", 0.8 * 0.8),
        ("a", "all_of_it", 0.9),
        ("b", "plan", 0.4 * 0.6),
    ],
)
@pytest.mark.parametrize(("p", "q"), [(0.0, 0.0), (-1.0, -0.5)])
def test_together(world: Runs, one: str, other: str, product: float, p: float, q: float) -> None:
    both = _below(world, one, p) & _below(world, other, q)
    assert_mean(both, lambda factor: factor * both_by(math.sqrt(product), p, q))
    # Not independent, and the shares' product is not the correlation.
    assert standard_errors_off(both, norm.cdf(p) * norm.cdf(q)) > STANDARD_ERRORS


def _below(world: Runs, event: str, score: float) -> NDArray[np.bool_]:
    year = 365 * 86_400 if event == "plan" else YEAR
    return world.first(event) <= year * math.exp(score)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "alone"),
        ("a", "elsewhere"),
        ("a", "named"),
        ("a", "moved"),
        ("a", "none_of_it"),
        ("shy_alone", "shy_alone_too"),
    ],
)
def test_apart(world: Runs, one: str, other: str) -> None:
    both = _below(world, one, 0) & _below(world, other, 0)
    assert_mean(both, lambda factor: factor / 4)


@pytest.mark.parametrize("event", ["a", "b", "referred", "named", "all_of_it"])
def test_each_as_often_as_before(world: Runs, event: str) -> None:
    assert_mean(_below(world, event, -1), lambda factor: factor * float(norm.cdf(-1)))


def test_nothing_but_shared(world: Runs) -> None:
    one, other = world.first("all_of_it"), world.first("all_of_it_too")
    assert abs(other - 2 * one).max() <= 2  # each is rounded up to a second


# The luck of a run is one number: a repairman who is slow once is slow again, when share is 1.
def test_one_number_per_run() -> None:
    runs = play(
        "events: {e: {takes: {uniform: [0 days, 9 days], luck: x, share: 1}, repeat: true}}",
        20,
        end="2025-02-15",
    )
    for run in range(len(runs)):
        first, second, *_ = runs.times("e", run)
        assert second == 2 * first
