"""Which share of the variance between timelines is due to what is drawn once per run.

By one-way analysis of variance, which is unbiased (Sun, Apley and Staum, "Efficient nested
simulation for estimating the variance of a conditional expectation", Oper. Res. 59, 2011). The
interval is by the studentized bootstrap of the logarithm of F, the variance of means over that
of noise, with standard errors by the jackknife (Arvesen, Ann. Math. Stat. 40, 1969; Efron and
Tibshirani, An Introduction to the Bootstrap, 1993, chapter 12).
"""

from __future__ import annotations

import numpy as np

from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.timelines import IntArray
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.draws import stream_key, uniforms

_RESAMPLES = 200
# Wider than 2.5 to 97.5: where values have a long tail, draws show too little of it. Studied in
# bench/uncertainty_coverage.py.
_ENDS = (0.015, 0.985)
_FEW = 30  # draws with spread among their replications, and fewer tell too little


def resamples(seed: int, runs: int) -> IntArray:
    """Draw runs with replacement (Efron, Ann. Stat. 7, 1979), shape (resamples, runs)."""
    key = stream_key(seed, "analysis.resampling")
    drawn = np.stack([uniforms(key, 0, runs, k) for k in range(_RESAMPLES)])
    return (drawn * runs).astype(np.int64)


def share_of_variance(
    means: FloatArray, within: FloatArray, replications: int, again: IntArray
) -> tuple[float, Interval | None]:
    """Estimate the share by the mean and variance over each run's replications.

    There is no interval where hardly any run has spread among its replications.
    """
    chance = float(within.mean())
    between = max(float(means.var(ddof=1)) - chance / replications, 0.0)
    share = between / (between + chance) if between else 0.0
    if np.count_nonzero(within) < _FEW or not means.var():
        return share, None
    log_f, error = _log_f(means, within, replications)
    others, errors = _log_f(means[again], within[again], replications)
    low, high = np.quantile((others - log_f) / errors, _ENDS)
    # Where F is below 1 all may be chance; the interval is then the one of F = 1.
    centre = max(float(log_f), 0.0)
    ends = np.exp(centre - error * np.array([high, low]))
    bounds = np.maximum(ends - 1, 0) / (np.maximum(ends - 1, 0) + replications)
    return share, (min(share, float(bounds[0])), max(share, float(bounds[1])))


def _log_f(
    means: FloatArray, within: FloatArray, replications: int
) -> tuple[FloatArray, FloatArray]:
    """Get log F over the last axis, and its standard error."""
    runs = means.shape[-1]
    off = means - means.mean(axis=-1, keepdims=True)
    squares = (off**2).sum(axis=-1, keepdims=True)
    noise = within.sum(axis=-1, keepdims=True)
    # Without one run, the sum of squares about the mean falls by so much (Welford).
    without = (squares - off**2 * runs / (runs - 1)) / (runs - 2)
    logs = np.log(np.maximum(without, np.finfo(float).tiny)) - np.log((noise - within) / (runs - 1))
    spread = ((logs - logs.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)
    whole = np.log(replications * squares[..., 0] / (runs - 1)) - np.log(noise[..., 0] / runs)
    return whole, np.sqrt(spread * (runs - 1) / runs)
