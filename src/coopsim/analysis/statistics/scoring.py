"""Proper scores of forecasts by many timelines, each with its Monte Carlo error.

All are losses: 0 is perfect, less is better. A score's `effects` say by how much each timeline
moved it (its influence function, shape (runs,), mean 0), so that the standard error of any mean of
scores over the same timelines is that of the mean of their effects.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coopsim.analysis.timelines import BoolArray, IntArray
from coopsim.scenario.notation.quantiles import FloatArray

# Left to itself the library takes the fastest backend installed, and compiles for seconds.
_BACKEND = "numpy"


def _rules() -> Any:
    import scoringrules  # noqa: PLC0415  # it compiles for seconds as it is imported

    return scoringrules


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
    value = _rules().brier_score(outcome, share, backend=_BACKEND)
    return Score(float(value), 0.25, 2 * (share - outcome) * _deviations(flags))


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
    value = _rules().log_score(float(happened), probability, backend=_BACKEND)
    slope = -1 / probability if happened else 1 / (1 - probability)
    return Score(float(value), math.log(2), slope * _deviations(flags))


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
    value, base = (
        float(_rules().rps_score(level + 1, forecast, backend=_BACKEND))
        for forecast in (shares, np.full(count, 1 / count))
    )
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
    value = float(_rules().crps_ensemble(seen, cut, estimator="qd", backend=_BACKEND))
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


@dataclass(frozen=True, slots=True)
class Bin:
    """How often what was forecast with a probability from low to high happened."""

    low: float
    high: float
    questions: int
    forecast: float
    happened: float


EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


def reliability(probabilities: FloatArray, happened: BoolArray) -> tuple[Bin, ...]:
    """Compare mean forecasts with frequencies in bins; bins without a question are left out.

    A probability on an edge belongs to the bin above it, 1 to the last.
    """
    place = np.clip(np.searchsorted(EDGES, probabilities, side="right") - 1, 0, len(EDGES) - 2)
    return tuple(
        Bin(
            low=EDGES[number],
            high=EDGES[number + 1],
            questions=int(inside.sum()),
            forecast=float(probabilities[inside].mean()),
            happened=float(happened[inside].mean()),
        )
        for number in range(len(EDGES) - 1)
        if (inside := place == number).any()
    )
