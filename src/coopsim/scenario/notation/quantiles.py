"""Quantile functions: plain arithmetic on floats, called by the one engine, compiled by the other.

So there is no second implementation to differ. Functions come from `math` and `special`: numpy's
own `exp` and `log` differ in the last bit from one processor to another.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from coopsim.scenario.notation.special import ndtr, ndtri

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
else:
    FloatArray = Any  # NumPy takes a while to import, and who reads a scenario needs none

_LOGIT95 = math.log(0.95 / 0.05)


def uniform_quantile(u: float, low: float, high: float) -> float:
    """Invert the distribution function of `Uniform`."""
    return min(low + u * (high - low), high)


def triangular_quantile(u: float, low: float, likely: float, high: float) -> float:
    """Invert the distribution function of `Triangular`."""
    width = high - low
    if u * width < likely - low:
        return min(low + math.sqrt(u * width * (likely - low)), likely)
    return max(high - math.sqrt((1 - u) * width * (high - likely)), likely)


def normal_quantile(u: float, mean: float, sd: float) -> float:
    """Invert the distribution function of `Normal`."""
    return normal_at(ndtri(u), mean, sd)


def normal_at(score: float, mean: float, sd: float) -> float:
    """Get what lies at a score of the standard normal distribution."""
    return mean + sd * score


def lognormal_quantile(u: float, median: float, sigma: float) -> float:
    """Invert the distribution function of `Lognormal`."""
    return lognormal_at(ndtri(u), median, sigma)


def lognormal_at(score: float, median: float, sigma: float) -> float:
    """Get what lies at a score of the standard normal distribution."""
    return median * math.exp(sigma * score)


def exponential_quantile(u: float, mean: float) -> float:
    """Invert the distribution function of `Exponential`."""
    return -mean * math.log1p(-u)


def weibull_quantile(u: float, shape: float, scale: float) -> float:
    """Invert the distribution function of `Weibull`."""
    return scale * math.pow(-math.log1p(-u), 1 / shape)


def pert_quantile(
    u: float, low: float, high: float, nodes: FloatArray, slopes: FloatArray
) -> float:
    """Invert the distribution function of `Pert`, whose curve goes through `pert_nodes`."""
    return pert_at(ndtri(u), low, high, nodes, slopes)


def pert_at(score: float, low: float, high: float, nodes: FloatArray, slopes: FloatArray) -> float:
    """Get what lies at a score of the standard normal distribution."""
    z = (score + _LAST_NODE) * _NODES_PER_UNIT
    at = int(z)
    s, rise = z - at, nodes[at + 1] - nodes[at]
    left, right = slopes[at], slopes[at + 1]
    logit = nodes[at] + s * (
        left + s * (3 * rise - 2 * left - right + s * (left + right - 2 * rise))
    )
    return min(low + (high - low) / (1 + math.exp(-logit)), high)


def pert_nodes(low: float, likely: float, high: float) -> tuple[FloatArray, FloatArray]:
    """Tabulate a PERT's quantile function: the logit of its share of the way, and its slope.

    To invert it for each draw would cost more than all else that an arming does. The logit against
    the normal score of u is nearly a straight line, so that a cubic through nodes 1/32 apart, with
    the exact slopes, is within 1e-9 of the width.
    """
    width = high - low
    return _nodes(1 + 4 * (likely - low) / width if width else 3.0)


@cache
def _nodes(a: float) -> tuple[FloatArray, FloatArray]:
    """Tabulate all PERTs of one shape: the first parameter of their beta distribution."""
    import numpy as np  # noqa: PLC0415  # only playing tabulates, and NumPy takes a while

    from coopsim.scenario.notation.beta import beta, log_shares  # noqa: PLC0415  # likewise

    b = 6 - a
    scores, below = _scores()
    left, right = log_shares(a, b, np.array(below), np.array(below[::-1]))
    log_scale = math.log(beta(a, b)) - math.log(2 * math.pi) / 2 - math.log(_NODES_PER_UNIT)
    slopes = [
        math.exp(log_scale - z * z / 2 - a * log_share - b * log_rest)
        for z, log_share, log_rest in zip(scores, left.tolist(), right.tolist(), strict=True)
    ]
    return left - right, np.array(slopes)


_LAST_NODE, _NODES_PER_UNIT = 9, 32  # in normal scores; no draw lies beyond 8.3
PERT_NODES = 2 * _LAST_NODE * _NODES_PER_UNIT + 1


@cache
def _scores() -> tuple[list[float], list[float]]:
    """List the normal scores of the nodes, and their probabilities: the same for all PERTs."""
    scores = [node / _NODES_PER_UNIT - _LAST_NODE for node in range(PERT_NODES)]
    return scores, [ndtr(z) for z in scores]


def metalog_quantile(u: float, p5: float, p50: float, p95: float) -> float:
    """Invert the distribution function of `Metalog`."""
    spread, skew = metalog_spread(p5, p95), metalog_skew(p5, p50, p95)
    return p50 + (spread + skew * (u - 0.5)) * math.log(u / (1 - u))


def metalog_spread(p5: float, p95: float) -> float:
    """Get a2 of a metalog."""
    return (p95 - p5) / (2 * _LOGIT95)


def metalog_skew(p5: float, p50: float, p95: float) -> float:
    """Get a3 of a metalog."""
    return ((p95 - p50) - (p50 - p5)) / (0.9 * _LOGIT95)
