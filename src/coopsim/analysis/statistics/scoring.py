"""Proper scores of forecasts by many timelines, each with its Monte Carlo error.

All are losses: 0 is perfect, less is better. A score's `effects` say by how much each timeline
moved it (its influence function, shape (runs,), mean 0), so that the standard error of any mean of
scores over the same timelines is that of the mean of their effects.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.analysis.statistics import rules
from coopsim.analysis.timelines import BoolArray, IntArray
from coopsim.scenario.notation.quantiles import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """A score, that of knowing nothing (`base`), and how each timeline moved it."""

    value: float
    base: float
    effects: FloatArray

    @property
    def se(self) -> float:
        """Get the Monte Carlo standard error."""
        return float(self.effects.std() / math.sqrt(len(self.effects)))


def mean_score(scores: Sequence[Score]) -> Score:
    """Average scores over the same timelines; their errors may be correlated."""
    return Score(
        value=float(np.mean([score.value for score in scores])),
        base=float(np.mean([score.base for score in scores])),
        effects=np.mean([score.effects for score in scores], axis=0),
    )


def brier(happened: bool, flags: BoolArray) -> Score:
    """Score a probability by its squared error (Brier, Mon. Weather Rev. 78, 1950).

    `flags` tells in which timelines it happened; the base is a probability of one half.
    """
    share, outcome = float(flags.mean()), float(happened)
    value = rules.brier([1 - share, share], int(happened))
    return Score(value, 0.25, 2 * (share - outcome) * _deviations(flags))


def smoothed(flags: BoolArray) -> float:
    """Estimate a probability that is never 0 or 1, as no finite number of timelines proves that.

    It is (k + 1/2) / (n + 1): the mean under Jeffreys' prior.
    """
    return (int(flags.sum()) + 0.5) / (len(flags) + 1)


def log_score(happened: bool, flags: BoolArray) -> Score:
    """Score the smoothed probability of what happened by minus its natural logarithm.

    Good, J. R. Stat. Soc. B 14, 1952. The base is a probability of one half.
    """
    probability = smoothed(flags)
    value = rules.log_loss(probability if happened else 1 - probability)
    slope = -1 / probability if happened else 1 / (1 - probability)
    return Score(value, math.log(2), slope * _deviations(flags))


def _deviations(flags: BoolArray) -> FloatArray:
    return flags.astype(np.float64) - float(flags.mean())


def rps(level: int, levels: IntArray, count: int) -> Score:
    """Score ordered levels by the squared errors of their cumulative shares, summed.

    Epstein, J. Appl. Meteorol. 8, 1969. `levels` has the level 0 to count - 1 of each timeline;
    the base gives all levels the same chance.
    """
    shares = np.bincount(levels, minlength=count) / len(levels)
    at_most = levels[:, np.newaxis] <= np.arange(count)
    errors = np.cumsum(shares) - (level <= np.arange(count))
    value, base = (rules.rps(each, level) for each in (shares, np.full(count, 1 / count)))
    return Score(value, base, 2 * (at_most - np.cumsum(shares)) @ errors)


def crps(moment: float | None, moments: FloatArray, closes: float) -> Score:
    """Score a date, in years: the Brier scores of `by then` at all moments from 0 on, integrated.

    Continuous ranked probability score (Matheson and Winkler, Manage. Sci. 22, 1976) of moments
    cut off at `closes`, up to which it is known what happened: what comes later, or never (None;
    infinite in `moments`), is then alike, and the score stays proper (Gneiting and Ranjan, J. Bus.
    Econ. Stat. 29, 2011). The base holds every `by then` for half likely.
    """
    cut = np.minimum(moments, closes)
    seen = closes if moment is None else min(moment, closes)
    value = float(rules.library().crps_ensemble(seen, cut, estimator="qd", backend=rules.BACKEND))
    effects = np.abs(cut - seen) - _mean_distance(cut)
    return Score(value, closes / 4, effects - effects.mean())


def _mean_distance(values: FloatArray) -> FloatArray:
    """Get the mean distance of each value to all of them, shape as the values'."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    below = np.arange(len(values))
    sum_below = np.cumsum(ordered) - ordered
    sum_above = ordered.sum() - sum_below - ordered
    above = len(values) - 1 - below
    distances = np.empty(len(values))
    distances[order] = (ordered * (below - above) - sum_below + sum_above) / len(values)
    return distances
