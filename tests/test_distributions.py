"""Quantiles, means and spreads against scipy.stats, closed forms and quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import brentq

from coopsim.scenario.notation.distributions import (
    Constant,
    Distribution,
    Exponential,
    Lognormal,
    Metalog,
    Normal,
    Pert,
    Triangular,
    Uniform,
    ValueBounds,
    Weibull,
    lognormal_from_percentiles,
    normal_from_percentiles,
)

LEVELS = [1e-12, 1e-6, 0.001, 0.05, 0.25, 0.5, 0.7, 0.95, 0.999, 1 - 1e-6, 1 - 1e-12]
LEAST, GREATEST = 2.0**-53, 1 - 2.0**-53  # what draws.py can give
TOO_LARGE = "numbers of at most 1e+100"
THREE_RISING = "a low, a likely and a high value in rising order"
TOO_LOPSIDED = (
    "a p50 from 12.5 % to 87.5 % of the way from p5 to p95 (no metalog is more lopsided than that)"
)


# --- against scipy.stats ------------------------------------------------------------------------

REFERENCES = [
    (Uniform(-2, 5), stats.uniform(-2, 7)),
    (Triangular(1, 2, 6), stats.triang(0.2, 1, 5)),
    (Triangular(1, 1, 6), stats.triang(0, 1, 5)),
    (Triangular(1, 6, 6), stats.triang(1, 1, 5)),
    (Normal(1.8e9, 3e7), stats.norm(1.8e9, 3e7)),
    (Lognormal(2.2, 0.68), stats.lognorm(0.68, scale=2.2)),
    (Lognormal(1e7, 3), stats.lognorm(3, scale=1e7)),
    (Exponential(4.5), stats.expon(scale=4.5)),
    (Weibull(1.7, 30), stats.weibull_min(1.7, scale=30)),
    (Weibull(0.5, 30), stats.weibull_min(0.5, scale=30)),
    # A beta's parameters are 1 + 4 (likely - low) / width and 1 + 4 (high - likely) / width.
    (Pert(2, 4, 24), stats.beta(1 + 8 / 22, 1 + 80 / 22, 2, 22)),
    (Pert(0, 0, 1), stats.beta(1, 5)),
    (Pert(-1, 1, 1), stats.beta(5, 1, -1, 2)),
]


@pytest.mark.parametrize(("ours", "theirs"), REFERENCES, ids=lambda d: repr(d)[:40])
def test_quantile_mean_and_sd_are_those_of_scipy(
    ours: Distribution, theirs: stats.distributions.rv_frozen
) -> None:
    assert ours.mean == pytest.approx(theirs.mean(), rel=1e-12)
    assert ours.sd == pytest.approx(theirs.std(), rel=1e-12)
    for u in LEVELS:
        assert ours.quantile(u) == pytest.approx(theirs.ppf(u), rel=1e-9)


# --- the metalog --------------------------------------------------------------------------------


def metalog_quantile(a2: float, a3: float, u: float) -> float:
    """Keelin's three-term quantile with a1 = 0, written out."""
    logit = math.log(u / (1 - u))
    return a2 * logit + a3 * (u - 0.5) * logit


def metalog_slope(a2: float, a3: float, u: float) -> float:
    """The derivative of metalog_quantile in u."""
    logit = math.log(u / (1 - u))
    return a2 / (u * (1 - u)) + a3 * ((u - 0.5) / (u * (1 - u)) + logit)


# Where the slope is least at the limit: (2u - 1) logit u = 2 above 1/2. By hand, u = 0.91678.
STEEPEST = float(brentq(lambda u: (2 * u - 1) * math.log(u / (1 - u)) - 2, 0.6, 0.99, xtol=1e-15))
# a2 + a3 ((u - 1/2) + u (1 - u) logit u) = 0 there.
LIMIT = 1 / (STEEPEST - 0.5 + STEEPEST * (1 - STEEPEST) * math.log(STEEPEST / (1 - STEEPEST)))
# With p5 = 0 and p95 = 1: a2 = 1 / (2 logit .95), a3 = (1 - 2 p50) / (.9 logit .95), so the ratio
# a3 / a2 is (1 - 2 p50) / .45 and is LIMIT where p50 is:
LEAST_P50 = (1 - 0.45 * LIMIT) / 2


@pytest.mark.parametrize("metalog", [Metalog(0, 0.3, 1), Metalog(-2, 3, 5), Metalog(1, 2, 3)])
def test_metalog_mean_and_sd_by_quadrature(metalog: Metalog) -> None:
    mean, _ = quad(metalog.quantile, 0, 1)
    variance, _ = quad(lambda u: (metalog.quantile(u) - metalog.mean) ** 2, 0, 1)
    assert metalog.mean == pytest.approx(mean, abs=1e-7)
    assert metalog.sd == pytest.approx(math.sqrt(variance), rel=1e-7)


def test_metalog_mean_is_a1_plus_half_a3() -> None:
    # Metalog(0, 0.3, 1): a1 = 0.3, a3 = (1 - 0.6) / (0.9 ln 19) = 0.4 / 2.649995.
    assert Metalog(0, 0.3, 1).mean == pytest.approx(0.3 + 0.4 / (0.9 * math.log(19)) / 2, rel=1e-15)


def test_metalog_of_even_percentiles_is_logistic() -> None:
    # a3 = 0: a logistic distribution whose scale is half the spread over logit .95.
    logistic = stats.logistic(2, 1 / math.log(19))
    metalog = Metalog(1, 2, 3)
    assert metalog.sd == pytest.approx(logistic.std(), rel=1e-14)
    for u in LEVELS:
        assert metalog.quantile(u) == pytest.approx(logistic.ppf(u), rel=1e-12)


def test_the_limit_is_where_the_slope_first_touches_zero() -> None:
    assert pytest.approx(1.66711, abs=5e-6) == LIMIT
    assert pytest.approx(0, abs=1e-12) == metalog_slope(1, -LIMIT, STEEPEST)
    grid = [n / 10_000 for n in range(1, 10_000)]
    assert min(metalog_slope(1, -LIMIT, u) for u in grid) > 0
    assert min(metalog_slope(1, -LIMIT * 1.00001, u) for u in grid) < 0


def test_metalog_at_the_limit_still_rises() -> None:
    for metalog in (Metalog(0, LEAST_P50 + 1e-12, 1), Metalog(0, 1 - LEAST_P50 - 1e-12, 1)):
        quantiles = [metalog.quantile(n / 10_000) for n in range(1, 10_000)]
        assert quantiles == sorted(quantiles)


@pytest.mark.parametrize("p50", [LEAST_P50 - 1e-12, 1 - LEAST_P50 + 1e-12, 0.0, 1.0])
def test_metalog_past_the_limit_is_refused(p50: float) -> None:
    assert refusal(Metalog, 0, p50, 1) == TOO_LOPSIDED


# The same limit in the units of dates and of rates: it has no scale.
@pytest.mark.parametrize(("low", "width"), [(1.8e9, 1.6e8), (1e-9, 1e-8)])
def test_the_limit_has_no_scale(low: float, width: float) -> None:
    high = low + width
    assert Metalog(low, low + (LEAST_P50 + 1e-6) * width, high).sd > 0
    assert refusal(Metalog, low, low + (LEAST_P50 - 1e-6) * width, high) == TOO_LOPSIDED


# --- percentiles as written are percentiles as drawn --------------------------------------------


@pytest.mark.parametrize(("p5", "p95"), [(1.7e9, 1.9e9), (-3, 5), (2, 2)])
def test_normal_percentiles_are_recovered(p5: float, p95: float) -> None:
    normal = normal_from_percentiles(p5, p95)
    assert normal.quantile(0.05) == pytest.approx(p5, rel=1e-13)
    assert normal.quantile(0.95) == pytest.approx(p95, rel=1e-13)
    assert normal.mean == (p5 + p95) / 2


@pytest.mark.parametrize(("p5", "p95"), [(2.0, 9.0), (3e-9, 1.2e-8), (1e-200, 2e-200), (4, 4)])
def test_lognormal_percentiles_are_recovered(p5: float, p95: float) -> None:
    lognormal = lognormal_from_percentiles(p5, p95)
    assert lognormal.quantile(0.05) == pytest.approx(p5, rel=1e-12)
    assert lognormal.quantile(0.95) == pytest.approx(p95, rel=1e-12)
    assert lognormal.median == pytest.approx(math.sqrt(p5) * math.sqrt(p95), rel=1e-14)


@pytest.mark.parametrize(
    ("p5", "p50", "p95"), [(0, 0.3, 1), (1.7e9, 1.76e9, 1.9e9), (-3, 2, 4), (0.02, 0.06, 0.2)]
)
def test_metalog_percentiles_are_recovered(p5: float, p50: float, p95: float) -> None:
    metalog = Metalog(p5, p50, p95)
    for u, value in ((0.05, p5), (0.5, p50), (0.95, p95)):
        assert metalog.quantile(u) == pytest.approx(value, rel=1e-13, abs=1e-15)


def test_median_and_characteristic_life_are_where_they_are_written() -> None:
    assert Lognormal(2.2, 0.68).quantile(0.5) == 2.2
    # A Weibull passes its scale with probability 1/e, whatever the shape.
    assert Weibull(3.3, 7).quantile(1 - math.exp(-1)) == pytest.approx(7, rel=1e-15)


# --- certainty and support ----------------------------------------------------------------------

CERTAIN: list[Distribution] = [
    Constant(3),
    Uniform(3, 3),
    Triangular(3, 3, 3),
    Pert(3, 3, 3),
    Normal(3, 0),
    Lognormal(3, 0),
    Metalog(3, 3, 3),
]


@pytest.mark.parametrize("certain", CERTAIN, ids=repr)
def test_no_width_is_certainty(certain: Distribution) -> None:
    assert [certain.quantile(u) for u in (LEAST, 0.3, GREATEST)] == [3, 3, 3]
    assert (certain.mean, certain.sd, certain.bounds) == (3, 0, (3, 3))


@pytest.mark.parametrize(
    ("distribution", "bounds"),
    [
        (Uniform(-2, 5), (-2, 5)),
        (Triangular(1, 2, 6), (1, 6)),
        (Pert(2, 4, 24), (2, 24)),
        (Normal(1, 2), (None, None)),
        (Lognormal(2, 0.5), (0, None)),
        (Exponential(4), (0, None)),
        (Weibull(2, 3), (0, None)),
        (Metalog(0, 0.3, 1), (None, None)),
    ],
)
def test_bounds(distribution: Distribution, bounds: ValueBounds) -> None:
    assert distribution.bounds == bounds


# --- any distribution ---------------------------------------------------------------------------

sizes = st.floats(-1e12, 1e12)
positive = st.floats(1e-12, 1e12)
three = st.tuples(sizes, sizes, sizes).map(sorted)


def metalog_within_limits(p5: float, width: float, share: float) -> Metalog:
    return Metalog(p5, p5 + share * width, p5 + width)


any_distribution: st.SearchStrategy[Distribution] = st.one_of(
    st.builds(Constant, sizes),
    three.map(lambda points: Uniform(points[0], points[2])),
    three.map(lambda points: Triangular(*points)),
    three.map(lambda points: Pert(*points)),
    st.builds(Normal, sizes, st.floats(0, 1e12)),
    st.builds(Lognormal, positive, st.floats(0, 10)),
    st.builds(Exponential, positive),
    st.builds(Weibull, st.floats(0.1, 1e6), positive),
    st.builds(
        metalog_within_limits, st.floats(-1e6, 1e6), st.floats(1, 1e6), st.floats(0.125, 0.875)
    ),
)
probabilities = st.floats(LEAST, GREATEST)


# Neighbouring numbers may fall back by rounding: the worst of 8e5 pairs was 1.1e-15 of the size of
# the numbers involved (a PERT, whose beta quantile is found by iteration).
@given(any_distribution, probabilities, st.one_of(probabilities, st.floats(0, 1e-12)))
def test_quantiles_never_fall(distribution: Distribution, one: float, other: float) -> None:
    close = other if other > 1e-12 else min(one + other, GREATEST)
    lower, higher = (distribution.quantile(u) for u in sorted((one, close)))
    size = abs(lower) + abs(distribution.mean) + distribution.sd
    assert lower <= higher + 1e-14 * size


# Where three equal points do not add up to three times one of them.
@example(Pert(439804651111.176, 439804651111.176, 439804651111.176), 0.5)
# Whose variance, a difference of two numbers near 1, is rounded to below 0.
@example(Weibull(1e8, 1.0), 0.5)
@given(any_distribution, probabilities)
def test_everything_is_finite_and_in_bounds(distribution: Distribution, u: float) -> None:
    value = distribution.quantile(u)
    low, high = distribution.bounds
    assert all(math.isfinite(number) for number in (value, distribution.mean, distribution.sd))
    assert distribution.sd >= 0
    assert low is None or low <= min(value, distribution.mean)
    assert high is None or max(value, distribution.mean) <= high


# --- impossible ones ----------------------------------------------------------------------------


def refusal(make: Callable[..., object], *numbers: float) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the caller compares the whole text
        make(*numbers)
    return str(caught.value)


@pytest.mark.parametrize(
    ("make", "numbers", "expected"),
    [
        (Uniform, (2, 1), "a low end that is not above the high end"),
        (Triangular, (1, 0, 2), THREE_RISING),
        (Triangular, (1, 3, 2), THREE_RISING),
        (Triangular, (2, 1.5, 1), THREE_RISING),
        (Pert, (1, 0, 2), THREE_RISING),
        (Pert, (1, 3, 2), THREE_RISING),
        (Normal, (0, -1), "a standard deviation of 0 or more"),
        (Lognormal, (0, 1), "a median above 0"),
        (Lognormal, (-2, 1), "a median above 0"),
        (Lognormal, (2, -0.1), "a sigma of the log from 0 to 10"),
        (Lognormal, (2, 10.1), "a sigma of the log from 0 to 10"),
        (Lognormal, (2, math.nan), "a sigma of the log from 0 to 10"),
        (Exponential, (0,), "a mean above 0"),
        (Exponential, (-1,), "a mean above 0"),
        (Weibull, (0, 1), "a shape of 0.1 or more"),
        (Weibull, (-1, 1), "a shape of 0.1 or more"),
        (Weibull, (1, 0), "a scale above 0"),
        (Metalog, (2, 1, 3), "p5, p50 and p95 in rising order"),
        (Metalog, (1, 4, 3), "p5, p50 and p95 in rising order"),
        (Metalog, (1, 1, 2), TOO_LOPSIDED),
        (normal_from_percentiles, (2, 1), "a 5th percentile that is not above the 95th"),
        (lognormal_from_percentiles, (2, 1), "a 5th percentile that is not above the 95th"),
        (lognormal_from_percentiles, (0, 1), "a 5th percentile above 0"),
        (lognormal_from_percentiles, (-1, 1), "a 5th percentile above 0"),
    ],
)
def test_impossible_ones_are_refused(
    make: Callable[..., object], numbers: tuple[float, ...], expected: str
) -> None:
    assert refusal(make, *numbers) == expected


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 2e100])
@pytest.mark.parametrize(
    ("make", "count"),
    [
        (Constant, 1),
        (Uniform, 2),
        (Triangular, 3),
        (Normal, 2),
        (Exponential, 1),
        (Weibull, 2),
        (Pert, 3),
        (Metalog, 3),
        (normal_from_percentiles, 2),
        (lognormal_from_percentiles, 2),
    ],
)
def test_endless_numbers_are_refused(
    make: Callable[..., object], count: int, number: float
) -> None:
    for position in range(count):
        numbers = [1.0] * count
        numbers[position] = number
        assert refusal(make, *numbers) == TOO_LARGE
