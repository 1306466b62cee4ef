"""Scores against published values, brute force and the jackknife."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from coopsim.analysis.statistics.rules import Bin, reliability
from coopsim.analysis.statistics.scoring import (
    Score,
    brier,
    crps,
    log_score,
    mean_score,
    rps,
    smoothed,
)

pytestmark = pytest.mark.slow

FloatArray = NDArray[np.float64]


def flags(happened: int, runs: int) -> NDArray[np.bool_]:
    return np.arange(runs) < happened


def test_brier_of_271_in_1000_for_what_did_not_happen() -> None:
    # 0.271^2
    assert brier(False, flags(271, 1000)).value == pytest.approx(0.073441, abs=1e-12)


def test_log_score_of_0_481_for_what_did_not_happen() -> None:
    # -ln(1 - 0.481), where (k + 1/2) / (n + 1) = 240.5 / 500 = 0.481.
    assert log_score(False, flags(240, 499)).value == pytest.approx(0.6558514, abs=5e-8)


def test_rps_of_the_third_of_four_levels() -> None:
    # Cumulative shares .01 .33 .77 1 against 0 0 1 1: .0001 + .1089 + .0529 + 0 = .1619.
    levels = np.repeat(np.arange(4), [1, 32, 44, 23])
    assert rps(2, levels, 4).value == pytest.approx(0.1619, abs=1e-12)


def test_the_base_of_each_score_is_knowing_nothing() -> None:
    half = flags(500, 1000)
    assert brier(True, half).base == brier(True, half).value == 0.25
    assert log_score(True, half).base == log_score(True, half).value == math.log(2)
    even = np.repeat(np.arange(4), 25)
    assert rps(1, even, 4).base == pytest.approx(rps(1, even, 4).value)
    # One half at every date from 0 to 8: half of the timelines at 0, half after the end.
    extremes = np.array([0.0, math.inf])
    assert crps(3.0, extremes, 8.0).value == crps(3.0, extremes, 8.0).base == 2.0


def test_a_probability_is_never_0_or_1() -> None:
    assert smoothed(flags(0, 999)) == 0.0005
    assert smoothed(flags(999, 999)) == 0.9995
    assert log_score(True, flags(0, 999)).value == pytest.approx(-math.log(0.0005))
    assert log_score(False, flags(999, 999)).value == pytest.approx(-math.log(0.0005))
    assert brier(True, flags(0, 999)).value == 1.0


@pytest.mark.parametrize("moment", [0.0, 2.5, 4.0, 9.0, None])
def test_crps_is_the_integral_of_the_brier_scores_of_all_dates(moment: float | None) -> None:
    moments = np.array([0.5, 1.0, 3.0, 3.0, 5.5, 7.0, math.inf, math.inf])
    closes, steps = 6.0, 60_000
    grid = (np.arange(steps) + 0.5) * closes / steps
    share = np.mean(moments[:, np.newaxis] <= grid, axis=0)
    by_then = 0.0 if moment is None else (grid >= moment).astype(float)
    expected = np.mean((share - by_then) ** 2) * closes
    assert crps(moment, moments, closes).value == pytest.approx(expected, abs=1e-3)


def test_what_comes_after_the_last_known_day_is_not_told_from_never() -> None:
    late, never = np.array([1.0, 2.0, 7.0]), np.array([1.0, 2.0, math.inf])
    assert (
        crps(None, late, 6.0).value == crps(8.0, never, 6.0).value == crps(None, never, 6.0).value
    )


def test_a_date_that_is_forecast_exactly_scores_0() -> None:
    score = crps(2.0, np.full(10, 2.0), 6.0)
    assert score.value == pytest.approx(0.0, abs=1e-12)
    assert score.se == pytest.approx(0.0, abs=1e-12)


def test_the_error_of_a_brier_score_is_that_of_its_share() -> None:
    # d(p^2) = 2 p dp, and the standard error of p is sqrt(p (1 - p) / n).
    expected = 2 * 0.3 * math.sqrt(0.3 * 0.7 / 1000)
    assert brier(False, flags(300, 1000)).se == pytest.approx(expected, rel=1e-12)


RUNS = 400
PATTERN = np.sin(np.arange(RUNS) * 12.9898) * 43758.5453 % 1.0  # spread over (0, 1), not random
MOMENTS = np.where(PATTERN < 0.8, PATTERN * 10, math.inf)
SCORES: dict[str, Callable[[NDArray[np.intp]], Score]] = {
    "brier": lambda runs: brier(True, PATTERN[runs] < 0.3),
    "log happened": lambda runs: log_score(True, PATTERN[runs] < 0.3),
    "log did not": lambda runs: log_score(False, PATTERN[runs] < 0.3),
    "rps": lambda runs: rps(1, (PATTERN[runs] * 5).astype(np.int64), 5),
    "date": lambda runs: crps(4.0, MOMENTS[runs], 6.0),
    "no date": lambda runs: crps(None, MOMENTS[runs], 6.0),
    "mean": lambda runs: mean_score([brier(True, PATTERN[runs] < q) for q in (0.2, 0.5)]),
}


@pytest.mark.parametrize("name", SCORES)
def test_the_effect_of_each_timeline_is_what_leaving_it_out_takes_away(name: str) -> None:
    # The jackknife: without timeline r a score falls by (effect of r) / (n - 1), but for terms of
    # order 1/n^2, here within 2 % of the standard error.
    score = SCORES[name]
    every = np.arange(RUNS)
    without = np.array([score(np.delete(every, run)).value for run in every])
    pseudo = (RUNS - 1) * (without.mean() - without)
    own = score(every)
    assert own.se == pytest.approx(pseudo.std() / math.sqrt(RUNS), rel=0.02)
    assert np.corrcoef(own.effects, pseudo)[0, 1] > 0.999
    assert own.effects.mean() == pytest.approx(0.0, abs=1e-9)


def test_a_mean_of_scores_over_the_same_timelines_keeps_their_correlation() -> None:
    same = [brier(True, flags(30, 100)), brier(True, flags(30, 100))]
    assert mean_score(same).se == pytest.approx(same[0].se)
    opposite = [brier(True, flags(30, 100)), brier(False, ~flags(30, 100))]
    assert mean_score(opposite).value == pytest.approx(0.7**2)


def test_reliability_holds_forecasts_against_frequencies() -> None:
    probabilities = np.array([0.0, 0.05, 0.1, 0.69, 0.9, 1.0])
    happened = np.array([False, True, False, True, True, True])
    assert reliability(probabilities, happened) == (
        Bin(0.0, 0.1, 2, 0.025, 0.5),
        Bin(0.1, 0.3, 1, 0.1, 0.0),
        Bin(0.5, 0.7, 1, 0.69, 1.0),
        Bin(0.9, 1.0, 2, 0.95, 1.0),
    )
