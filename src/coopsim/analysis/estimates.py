"""Estimates with their Monte Carlo error: shares, means and order statistics."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coopsim.analysis.timelines import FloatArray, IntArray

Z95 = 1.959963984540054  # the 97.5th percentile of the standard normal distribution

# In percent, so that the rank ceil(p n) of an order statistic is found in whole numbers.
QUANTILES = {"0.05": 5, "0.25": 25, "0.5": 50, "0.75": 75, "0.95": 95}


Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Share:
    """Hold a share of timelines, its Monte Carlo standard error and 95 % interval."""

    share: float
    se: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Mean:
    """Hold a mean over timelines, its Monte Carlo standard error and 95 % interval.

    One timeline alone says nothing of the error: se and interval are then None.
    """

    mean: float
    se: float | None
    interval: Interval | None


def wilson(successes: IntArray | FloatArray, runs: float) -> tuple[FloatArray, FloatArray]:
    """Bound shares by 95 % score intervals (Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    share = successes / runs
    spread = Z95**2 / runs
    centre = (share + spread / 2) / (1 + spread)
    half = np.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    # In exact arithmetic the ends are 0 and 1 there; in floats they miss them by a hair.
    low = np.where(successes == 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(successes == runs, 1.0, np.minimum(centre + half, 1.0))
    return low, high


def share_of(successes: int, runs: int) -> Share:
    """Estimate a share with its binomial standard error and Wilson interval."""
    share = successes / runs
    low, high = wilson(np.array([successes]), runs)
    se = math.sqrt(share * (1 - share) / runs)
    return Share(share, se, (float(low[0]), float(high[0])))


def mean_of(values: FloatArray, counts: IntArray) -> Mean:
    """Estimate a mean from how often each value occurred, with its normal interval."""
    runs = int(counts.sum())
    mean = float(values @ counts) / runs
    if runs < 2:
        return Mean(mean, None, None)
    variance = float((values - mean) ** 2 @ counts) / (runs - 1)
    se = math.sqrt(variance / runs)
    return Mean(mean, se, (mean - Z95 * se, mean + Z95 * se))


def rank(percent: int, runs: int) -> int:
    """Get the position, from 0, of a quantile among sorted values: ceil(p n) - 1."""
    return -(-percent * runs // 100) - 1


def weighted_quantile(values: FloatArray, counts: IntArray, percent: int) -> float:
    """Get a quantile (inverted empirical distribution) of sorted values that occur so often."""
    reached = np.cumsum(counts)
    return float(values[np.searchsorted(reached, rank(percent, int(reached[-1])), side="right")])
