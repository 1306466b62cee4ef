"""Scoring rules of chances: closed forms, and that it pays to say what one believes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from coopsim.analysis.statistics.rules import brier, date_loss, log_loss, rps
from coopsim.analysis.statistics.scoring import crps

HAIR = 1e-12


def assert_value(found: float, answer: float) -> None:
    """Hold a value against its answer, and see that half or twice of it would be noticed."""
    assert found == pytest.approx(answer, abs=HAIR)
    assert found != pytest.approx(2 * answer, abs=HAIR), "cannot fail"
    assert found != pytest.approx(answer / 2, abs=HAIR), "cannot fail"


# Of yes and no, 0.3 and 0.7, where it came: (0.7^2 + 0.7^2) / 2 = 0.49, the squared error of yes.
def test_brier_of_a_yes_or_no_is_its_squared_error() -> None:
    assert_value(brier([0.3, 0.7], 0), 0.49)
    assert_value(brier([0.3, 0.7], 1), 0.09)


# Of 0.5, 0.3, 0.2, where the second came: (0.25 + 0.49 + 0.04) / 2 = 0.39. A coin of m answers
# scores ((1 - 1/m)^2 + (m - 1) / m^2) / 2 = (1 - 1/m) / 2, so 1/3 of three.
def test_brier_of_a_choice_is_half_the_sum_of_its_squared_errors() -> None:
    assert_value(brier([0.5, 0.3, 0.2], 1), 0.39)
    assert_value(brier([1 / 3] * 3, 2), 1 / 3)


def test_log_loss_is_the_surprise_in_nats() -> None:
    assert_value(log_loss(math.exp(-1.7)), 1.7)


# Cumulative 0.1, 0.4, 1 against 0, 1, 1, where the second came: 0.01 + 0.36 = 0.37.
def test_rps_adds_up_the_squared_errors_of_what_is_cumulative() -> None:
    assert_value(rps([0.1, 0.3, 0.6], 1), 0.37)


# Chances that grow evenly from 0 to c over a time T, of what never came: the integral of
# (c t / T)^2 is c^2 T / 3. Of what came at once it is that of (1 - c t / T)^2, T (1 - c + c^2 / 3).
def test_date_loss_of_chances_that_grow_evenly() -> None:
    nodes = [(0.0, 0.0), (2.0, 0.6)]
    assert_value(date_loss(nodes, None), 0.36 * 2 / 3)
    assert_value(date_loss(nodes, 0.0), 2 * (1 - 0.6 + 0.12))
    # Split at 0.5, where the chance is 0.15: 0.15^2 x 0.5 / 3, and then from 0.85 to 0.4 over 1.5.
    rest = 1.5 * (0.85**2 + 0.85 * 0.4 + 0.4**2) / 3
    assert_value(date_loss(nodes, 0.5), 0.15**2 * 0.5 / 3 + rest)


# One half at every date: 1/4 of the time, whenever it came.
@pytest.mark.parametrize("moment", [None, 0.0, 0.7, 2.0, 5.0])
def test_date_loss_of_a_coin_is_a_quarter_of_the_time(moment: float | None) -> None:
    assert_value(date_loss([(0.0, 0.5), (2.0, 0.5)], moment), 0.5)


# It came on a node: no time is counted twice, or left out. 0 to 0.5 in 1, then 0.5 to 1 short of 1.
def test_date_loss_where_it_came_on_a_node() -> None:
    nodes = [(0.0, 0.0), (1.0, 0.5), (2.0, 1.0)]
    assert_value(date_loss(nodes, 1.0), 0.25 / 3 + 0.25 / 3)


# Between nodes a month h apart, chances that grow evenly miss F = 1 - exp(-t) by h^2 / 8 at most,
# as its second derivative is at most 1. The score, an integral of (F - o)^2 over 3 years, is then
# off by 3 x 2 x h^2 / 8 = 1/192 at most; ten thousand dates in place of F add less than 1/1000.
@pytest.mark.parametrize("moment", [None, 0.4, 1.71, 2.6])
def test_date_loss_of_monthly_chances_is_the_crps_of_the_dates_behind_them(
    moment: float | None,
) -> None:
    moments = -np.log1p(-(np.arange(10_000) + 0.5) / 10_000)
    nodes = [(month / 12, 1 - math.exp(-month / 12)) for month in range(37)]
    exact = crps(moment, moments, 3.0).value
    assert abs(date_loss(nodes, moment) - exact) <= 1 / 192 + 1 / 1000
    assert abs(date_loss(nodes, moment) - 2 * exact) > 1 / 192 + 1 / 1000, "cannot fail"


# --- proper ---------------------------------------------------------------------------------------

TRUE = (0.2, 0.5, 0.3)
RULES: dict[str, Callable[[Sequence[float], int], float]] = {
    "brier": brier,
    "log": lambda shares, place: log_loss(shares[place]),
    "rps": rps,
}


def expected(rule: Callable[[Sequence[float], int], float], said: Sequence[float]) -> float:
    """Get the mean score of what is said, where the true chances are those above."""
    return sum(chance * rule(said, place) for place, chance in enumerate(TRUE))


# Half of the sum of p (1 - p), and the entropy, are what the truth itself is expected to score.
def test_the_truth_expects_its_own_spread() -> None:
    spread = sum(chance * (1 - chance) for chance in TRUE) / 2
    assert_value(expected(brier, TRUE), spread)
    assert_value(expected(RULES["log"], TRUE), -sum(one * math.log(one) for one in TRUE))


@pytest.mark.parametrize("name", RULES)
def test_nothing_else_than_the_truth_expects_as_little(name: str) -> None:
    rule = RULES[name]
    least = expected(rule, TRUE)
    others = [
        (first, second, 1 - first - second)
        for first in np.arange(0.05, 0.9, 0.05)
        for second in np.arange(0.05, 0.95 - first, 0.05)
        if abs(first - TRUE[0]) + abs(second - TRUE[1]) > 1e-9
    ]
    assert len(others) > 100
    assert min(expected(rule, said) for said in others) > least


# Half of it comes at 1/3 of the time, a third at 2/3, the rest never: said as it is, with steps as
# steep as nodes allow, or with other chances.
@pytest.mark.parametrize("said", [(0.3, 0.5), (0.5, 0.6), (0.6, 1.0), (0.5, 1.0), (0.0, 0.0)])
def test_no_other_dates_than_the_true_ones_expect_as_little(said: tuple[float, float]) -> None:
    def mean(first: float, second: float) -> float:
        steep = 1e-9
        nodes = [
            (0.0, 0.0), (1 - steep, 0.0), (1.0, first), (2 - steep, first), (2.0, second),
            (3.0, second),
        ]  # fmt: skip
        chances = ((1.0, 0.5), (2.0, 1 / 3), (None, 1 / 6))
        return sum(chance * date_loss(nodes, moment) for moment, chance in chances)

    # What is expected of the truth: F (1 - F) over the time, 1/2 x 1/2 and then 5/6 x 1/6.
    assert mean(0.5, 5 / 6) == pytest.approx(0.25 + 5 / 36, abs=1e-8)
    assert mean(*said) > mean(0.5, 5 / 6) + 1e-3
