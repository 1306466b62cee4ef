"""Estimates with their Monte Carlo error: shares and means; and where quantiles lie."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from coopsim.analysis.statistics.spread import WHOLE, Z95, Spread
from coopsim.analysis.timelines import IntArray
from coopsim.scenario.notation.quantiles import FloatArray

# In percent, so that the rank ceil(p n) of an order statistic is found in whole numbers.
QUANTILES = {"0.05": 5, "0.25": 25, "0.5": 50, "0.75": 75, "0.95": 95}


Interval = tuple[float, float]
Shares = TypeVar("Shares", float, FloatArray)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of timelines, its Monte Carlo standard error and 95 % interval."""

    share: float
    se: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over timelines, its Monte Carlo standard error and 95 % interval.

    One timeline alone says nothing of the error: se and interval are then None.
    """

    mean: float
    se: float | None
    interval: Interval | None


def _score(share: Shares, runs: float, root: Callable[[Any], Any]) -> tuple[Shares, Shares]:
    """Get the middle of the score interval of a share, and half its length."""
    spread = Z95**2 / runs
    centre = (share + spread / 2) / (1 + spread)
    half = root(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    return centre, half


def wilson(successes: IntArray | FloatArray, runs: float) -> tuple[FloatArray, FloatArray]:
    """Bound shares by 95 % score intervals (Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    centre, half = _score(successes / runs, runs, np.sqrt)
    # In exact arithmetic the ends are 0 and 1 there; in floats they miss them by a hair.
    low = np.where(successes == 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(successes == runs, 1.0, np.minimum(centre + half, 1.0))
    return low, high


@lru_cache(maxsize=4096, typed=True)  # most of what is compared is as it was, or as in the base
def share_of(successes: int, runs: int) -> Share:
    """Estimate a share with its binomial standard error and Wilson interval."""
    share = successes / runs
    # One by one: arrays of one number take ten times as long.
    centre, half = _score(share, runs, math.sqrt)
    low = 0.0 if successes == 0 else max(centre - half, 0.0)
    high = 1.0 if successes == runs else min(centre + half, 1.0)
    se = math.sqrt(share * (1 - share) / runs)
    return Share(share, se, (low, high))


def newcombe(one: Share, other: Share) -> Interval:
    """Bound the difference of two independent shares at 95 %.

    The hybrid score interval, method 10 of Newcombe, Stat. Med. 17 (1998) 873.
    """
    (low, high), (other_low, other_high) = one.interval, other.interval
    change = one.share - other.share
    return (
        change - math.hypot(one.share - low, other_high - other.share),
        change + math.hypot(high - one.share, other.share - other_low),
    )


def mean_of(values: FloatArray, counts: IntArray, unit: str) -> Mean:
    """Estimate a mean from how often each value occurred, with its interval.

    The unit is `count` or `percent`, which are bounded, or `years`.
    """
    spread = Spread.of(values, counts)
    return Mean(spread.mean, spread.se, mean_interval(spread, unit))


def mean_interval(spread: Spread, unit: str, whole: float | None = None) -> Interval | None:
    """Bound a mean at 95 %; None where that cannot be told. `whole` is as of `Spread.reach`."""
    reach = spread.reach(unit, whole)
    if reach is None:
        return None
    low, high = spread.mean - reach, spread.mean + reach
    return (low, high) if unit == "years" else (max(low, 0.0), min(high, WHOLE.get(unit, math.inf)))


def rank(percent: int, runs: int) -> int:
    """Get the position, from 0, of a quantile among sorted values: ceil(p n) - 1."""
    return -(-percent * runs // 100) - 1


def written_out(values: FloatArray, counts: IntArray) -> Callable[[int], float]:
    """Get what finds the value at a position, from 0, of sorted values that occur so often."""
    reached = np.cumsum(counts)
    return lambda position: float(values[np.searchsorted(reached, position, side="right")])
