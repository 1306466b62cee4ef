"""The distributions of uncertain values: quantile function, mean, standard deviation, support.

A value is drawn by inverting its distribution function at one uniform number, so `quantile` is all
that a simulation needs. Nothing here knows whether a number is a date, a duration or a rate.
The quantile functions themselves are in `quantiles.py`.

Every constructor raises a ValueError whose message says what was expected.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from coopsim.scenario.notation import quantiles as q
from coopsim.scenario.notation.values import LARGEST

ValueBounds: TypeAlias = tuple[float | None, float | None]

# Beyond these no mean, standard deviation or quantile could be trusted to stay finite.
_LARGEST_SIGMA = 10.0
_SMALLEST_SHAPE = 0.1

_Z95 = 1.6448536269514722  # the 95th percentile of the standard normal distribution
# The greatest |a3| / a2 of a metalog whose quantiles never fall: see Metalog. With L = logit u the
# bracket there is greatest where L tanh(L / 2) = 2, is L / 4 at that point, and this is 4 / L.
_METALOG_LIMIT = 1.6671131192019294


@dataclass(frozen=True, slots=True)
class Constant:
    """One number for certain."""

    value: float

    def __post_init__(self) -> None:
        _require_sizes(self.value)

    def quantile(self, u: float) -> float:  # noqa: ARG002 - all distributions are asked alike
        """Get the value, whatever the probability."""
        return self.value

    @property
    def mean(self) -> float:
        """Get the mean."""
        return self.value

    @property
    def sd(self) -> float:
        """Get the standard deviation, which is 0."""
        return 0.0

    @property
    def bounds(self) -> ValueBounds:
        """Get the least and the greatest value."""
        return self.value, self.value


@dataclass(frozen=True, slots=True)
class Uniform:
    """Spread evenly from `low` to `high`."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _require_sizes(self.low, self.high)
        _require(self.low <= self.high, "a low end that is not above the high end")

    def quantile(self, u: float) -> float:
        """Get the value that is not exceeded with probability u in (0, 1)."""
        return q.uniform_quantile(u, self.low, self.high)

    @property
    def mean(self) -> float:
        """Get the mean."""
        return (self.low + self.high) / 2

    @property
    def sd(self) -> float:
        """Get the standard deviation."""
        return (self.high - self.low) / math.sqrt(12)

    @property
    def bounds(self) -> ValueBounds:
        """Get the least and the greatest value."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Triangular:
    """Rise in density in a straight line from `low` to `likely` and fall so to `high`."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _require_three_points(self.low, self.likely, self.high)

    def quantile(self, u: float) -> float:
        """Get the value that is not exceeded with probability u in (0, 1)."""
        return q.triangular_quantile(u, self.low, self.likely, self.high)

    @property
    def mean(self) -> float:
        """Get the mean."""
        return self.low + (self.likely - self.low + self.high - self.low) / 3

    @property
    def sd(self) -> float:
        """Get the standard deviation."""
        left, right = self.likely - self.low, self.high - self.likely
        return math.sqrt((left * left + left * right + right * right) / 18)

    @property
    def bounds(self) -> ValueBounds:
        """Get the least and the greatest value."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Normal:
    """Follow a normal distribution."""

    mean_: float
    sd_: float

    def __post_init__(self) -> None:
        _require_sizes(self.mean_, self.sd_)
        _require(self.sd_ >= 0, "a standard deviation of 0 or more")

    def quantile(self, u: float) -> float:
        """Get the value that is not exceeded with probability u in (0, 1)."""
        return q.normal_quantile(u, self.mean_, self.sd_)

    @property
    def mean(self) -> float:
        """Get the mean."""
        return self.mean_

    @property
    def sd(self) -> float:
        """Get the standard deviation."""
        return self.sd_

    @property
    def bounds(self) -> ValueBounds:
        """Get the least and the greatest value, None where there is none."""
        return (None, None) if self.sd_ else (self.mean_, self.mean_)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A number whose logarithm is normal, with mean log `median` and standard deviation `sigma`."""

    median: float
    sigma: float

    def __post_init__(self) -> None:
        _require_sizes(self.median)
        _require(self.median > 0, "a median above 0")
        _require(
            0 <= self.sigma <= _LARGEST_SIGMA,
            f"a sigma of the log from 0 to {_LARGEST_SIGMA:g}",
        )

    def quantile(self, u: float) -> float:
        """Get the value that is not exceeded with probability u in (0, 1)."""
        return q.lognormal_quantile(u, self.median, self.sigma)

    @property
    def mean(self) -> float:
        """Get the mean."""
        return self.median * math.exp(self.sigma**2 / 2)

    @property
    def sd(self) -> float:
        """Get the standard deviation."""
        return self.mean * math.sqrt(math.expm1(self.sigma**2))

    @property
    def bounds(self) -> ValueBounds:
        """Get the least and the greatest value, None where there is none."""
        return (0.0, None) if self.sigma else (self.median, self.median)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Wait without memory, `mean_` long on average."""

    mean_: float

    def __post_init__(self) -> None:
        _require_sizes(self.mean_)
        _require(self.mean_ > 0, "a mean above 0")

    def quantile(self, u: float) -> float:
        """Get the value that is not exceeded with probability u in (0, 1)."""
        return q.exponential_quantile(u, self.mean_)

    @property
    def mean(self) -> float:
        """Get the mean."""
        return self.mean_

    @property
    def sd(self) -> float:
        """Get the standard deviation, which is the mean."""
        return self.mean_

    @property
    def bounds(self) -> ValueBounds:
        """Get the least value; there is no greatest."""
        return 0.0, None


@dataclass(frozen=True, slots=True)
class Weibull:
    """Wait with a hazard that rises with time (`shape` above 1) or falls (below 1)."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        _require_sizes(self.shape, self.scale)
        _require(self.shape >= _SMALLEST_SHAPE, f"a shape of {_SMALLEST_SHAPE:g} or more")
        _require(self.scale > 0, "a scale above 0")

    def quantile(self, u: float) -> float:
        """Get the value that is not exceeded with probability u in (0, 1)."""
        return q.weibull_quantile(u, self.shape, self.scale)

    @property
    def mean(self) -> float:
        """Get the mean."""
        return self.scale * math.gamma(1 + 1 / self.shape)

    @property
    def sd(self) -> float:
        """Get the standard deviation."""
        first, second = math.gamma(1 + 1 / self.shape), math.gamma(1 + 2 / self.shape)
        # Of a very large shape the difference is rounding, which may fall below 0.
        return self.scale * math.sqrt(max(second - first * first, 0.0))

    @property
    def bounds(self) -> ValueBounds:
        """Get the least value; there is no greatest."""
        return 0.0, None


@dataclass(frozen=True, slots=True)
class Pert:
    """Follow the beta distribution of three estimates, with the weight 4 on the likely one.

    Source: Malcolm, Roseboom, Clark and Fazar, "Application of a technique for research and
    development program evaluation", Operations Research 7, 1959.
    """

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _require_three_points(self.low, self.likely, self.high)

    def quantile(self, u: float) -> float:
        """Get the value that is not exceeded with probability u in (0, 1)."""
        return q.pert_quantile(
            u, self.low, self.high, *q.pert_nodes(self.low, self.likely, self.high)
        )

    @property
    def mean(self) -> float:
        """Get the mean."""
        return self.low + (4 * (self.likely - self.low) + self.high - self.low) / 6

    @property
    def sd(self) -> float:
        """Get the standard deviation."""
        width = self.high - self.low
        left, right = width + 4 * (self.likely - self.low), width + 4 * (self.high - self.likely)
        return math.sqrt(left * right / 7) / 6

    @property
    def bounds(self) -> ValueBounds:
        """Get the least and the greatest value."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Metalog:
    """Pass through three percentiles: the quantile is a1 + (a2 + a3 (u - 1/2)) logit u.

    Source: Keelin, "The metalog distributions", Decision Analysis 13, 2016, symmetric-percentile
    triplets. Quantiles never fall where a2 + a3 ((u - 1/2) + u (1 - u) logit u) >= 0 for all u;
    the bracket is odd about 1/2 and greatest where (2u - 1) logit u = 2, which gives the limit.
    """

    p5: float
    p50: float
    p95: float

    def __post_init__(self) -> None:
        _require_sizes(self.p5, self.p50, self.p95)
        _require(self.p5 <= self.p50 <= self.p95, "p5, p50 and p95 in rising order")
        _require(
            abs(self._skew) <= _METALOG_LIMIT * self._spread,
            "a p50 from 12.5 % to 87.5 % of the way from p5 to p95"
            " (no metalog is more lopsided than that)",
        )

    @property
    def _spread(self) -> float:
        return q.metalog_spread(self.p5, self.p95)

    @property
    def _skew(self) -> float:
        return q.metalog_skew(self.p5, self.p50, self.p95)

    def quantile(self, u: float) -> float:
        """Get the value that is not exceeded with probability u in (0, 1)."""
        return q.metalog_quantile(u, self.p5, self.p50, self.p95)

    @property
    def mean(self) -> float:
        """Get the mean."""
        return self.p50 + self._skew / 2

    @property
    def sd(self) -> float:
        """Get the standard deviation."""
        variance_of_skew = 1 / 12 + math.pi**2 / 36
        return math.hypot(
            self._spread * math.pi / math.sqrt(3), self._skew * math.sqrt(variance_of_skew)
        )

    @property
    def bounds(self) -> ValueBounds:
        """Get the least and the greatest value, None where there is none."""
        return (None, None) if self._spread else (self.p50, self.p50)


Distribution: TypeAlias = (
    Constant | Uniform | Triangular | Normal | Lognormal | Exponential | Weibull | Pert | Metalog
)


def normal_from_percentiles(p5: float, p95: float) -> Normal:
    """Get the normal distribution with these 5th and 95th percentiles.

    Raises ValueError with the expected text.
    """
    _require_sizes(p5, p95)
    _require(p5 <= p95, "a 5th percentile that is not above the 95th")
    return Normal((p5 + p95) / 2, (p95 - p5) / (2 * _Z95))


def lognormal_from_percentiles(p5: float, p95: float) -> Lognormal:
    """Get the lognormal distribution with these 5th and 95th percentiles.

    Raises ValueError with the expected text.
    """
    _require_sizes(p5, p95)
    _require(p5 > 0, "a 5th percentile above 0")
    _require(p5 <= p95, "a 5th percentile that is not above the 95th")
    # Roots apart, as the product of two tiny percentiles could be rounded to 0.
    return Lognormal(math.sqrt(p5) * math.sqrt(p95), math.log(p95 / p5) / (2 * _Z95))


def _require(holds: bool, expected: str) -> None:
    if not holds:
        raise ValueError(expected)


def _require_sizes(*numbers: float) -> None:
    # Written so that NaN fails too.
    _require(
        all(abs(number) <= LARGEST for number in numbers),
        f"numbers of at most {LARGEST:g}",
    )


def _require_three_points(low: float, likely: float, high: float) -> None:
    _require_sizes(low, likely, high)
    _require(low <= likely <= high, "a low, a likely and a high value in rising order")
