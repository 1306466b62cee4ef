"""Quantiles of the beta distribution, for the tables of PERTs.

SciPy has them too, but takes a quarter of a second to import, and from one version to the next the
last digits may change, with which a firing may move by a second. Arrays are only added, multiplied
and divided here, which is the same on every processor; powers and logarithms are those of `math`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import repeat
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Floats: TypeAlias = NDArray[np.float64]

_TERMS = 64  # of the series below 1/2: the next would not show in a float
_CLOSE = 1e-12  # a step after which the next would not show: each triples the digits
_MOST_STEPS = 20  # four are usual


def beta(a: float, b: float) -> float:
    """Get the beta function."""
    return math.gamma(a) * math.gamma(b) / math.gamma(a + b)


def distribution(a: float, b: float, x: _Floats) -> tuple[_Floats, _Floats]:
    """Get the distribution function at some x up to 1/2, and x times its density, over it.

    The function is x^a (1 - x)^b S(x) / (a B(a, b)), with a series S of positive terms only.
    Source: NIST Digital Library of Mathematical Functions, 8.17.8.
    """
    coefficients = [1.0]
    for term in range(_TERMS):
        coefficients.append(coefficients[-1] * (a + b + term) / (a + 1 + term))
    series = np.full_like(x, coefficients.pop())
    for coefficient in reversed(coefficients):
        series *= x
        series += coefficient
    powers = _each(math.pow, x, a) * _each(math.pow, 1.0 - x, b)
    return powers * series / (a * beta(a, b)), a / ((1.0 - x) * series)


def lower_quantiles(a: float, b: float, us: _Floats) -> _Floats:
    """Get quantiles of a beta distribution for probabilities up to that of 1/2; a and b from 1 on.

    Source: Halley's method, in the logarithms of x and of the distribution function.
    """
    # The series is 1 or more, so that its power alone begins beyond every quantile.
    x = np.minimum(_each(math.pow, us * a * beta(a, b), 1.0 / a), 0.5)
    for _ in range(_MOST_STEPS):
        reached, slope = distribution(a, b, x)
        curving = slope * (a - (b - 1.0) * x / (1.0 - x) - slope)
        newton = -_each(math.log, reached / us) / slope
        steps = newton / (1.0 + newton * curving / (2.0 * slope))
        x = x * _each(math.exp, steps)
        if np.abs(steps).max(initial=0.0) < _CLOSE:
            break
    return x


def log_shares(a: float, b: float, below: _Floats, above: _Floats) -> tuple[_Floats, _Floats]:
    """Get the logarithms of quantiles, and of what they leave to 1.

    `below` are the probabilities of less, `above` those of more: a float near 1 is too coarse.
    """
    shares, rests = np.empty_like(below), np.empty_like(below)
    ((half,), _) = distribution(a, b, np.array([0.5]))
    low = below <= half
    lower, upper = lower_quantiles(a, b, below[low]), lower_quantiles(b, a, above[~low])
    shares[low], rests[low] = _each(math.log, lower), _each(math.log1p, -lower)
    shares[~low], rests[~low] = _each(math.log1p, -upper), _each(math.log, upper)
    return shares, rests


def _each(function: Callable[..., float], numbers: _Floats, *others: float) -> _Floats:
    """Call a function with each of the numbers, and what is the same for all of them."""
    called = map(function, numbers.tolist(), *map(repeat, others))
    return np.fromiter(called, np.float64, len(numbers))
