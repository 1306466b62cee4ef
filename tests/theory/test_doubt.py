"""Chance and doubt parted, where both are known: a hazard whose rate is uniform.

Tolerances are five standard errors, which a right answer misses once in two million times.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from coopsim.analysis.doubt import Doubt, doubt, doubt_streams, parted, replication
from coopsim.analysis.experiments import Effort
from coopsim.errors import UsageError
from coopsim.scenario.loading import Loaded, load_data
from coopsim.simulation.building import build_program
from coopsim.simulation.draws import Draws
from coopsim.simulation.engines import simulate
from coopsim.simulation.sampling import run_numbers
from small_world import small

A, B, H = 0.05, 0.45, 3652 / 365.25  # per year, and years to the end of 2034
RUNS, REPLICATIONS = 400, 200


def hazard(rate: object) -> Loaded:
    return load_data(
        {
            "scenario": "hazard",
            "start": "2025-01-01",
            "end": "2034-12-31",
            "seed": 11,
            "events": {"it": {"rate": rate, "judgement": "Made up."}},
            "outcomes": {"it": {"event": "it"}},
        }
    )


@pytest.fixture(scope="module")
def found() -> Doubt:
    loaded = hazard({"uniform": [f"{A} per year", f"{B} per year"]})
    return doubt(loaded, ["it"], Effort(RUNS, 1), REPLICATIONS)


def given(rate: float) -> float:
    """Get the probability that the hazard has rung, given its rate."""
    return -math.expm1(-rate * H)


# The probability given the rate rises with it, so that its percentiles are those of the rate:
# band = 1 - exp(-(A + 0.05 (B - A)) H) to 1 - exp(-(A + 0.95 (B - A)) H) = 0.503 to 0.986.
# The standard error of a percentile u of n values is sqrt(u (1 - u) / n) over their density
# there, here (B - A) H exp(-L H) times that: 0.0216 and 0.0006. Means shrunken alike keep some of
# the noise where there is most of it and lose more than it where there is least; of 200
# replications, with a standard error of 0.035 at most, that is worth less than 0.012.
def test_the_band_is_that_of_the_rate(found: Doubt) -> None:
    for end, u, bias in ((0, 0.05, 0.012), (1, 0.95, 0.012)):
        rate = A + u * (B - A)
        error = math.sqrt(u * (1 - u) / RUNS) * (B - A) * H * math.exp(-rate * H)
        exact = given(rate)
        assert found.outcomes["it"].band[end] == pytest.approx(exact, abs=5 * error + bias)


# Let q = exp(-L H). Then Var(P(it | L)) = Var(q) = E q^2 - (E q)^2, with E q^k = (exp(-k A H) -
# exp(-k B H)) / (k H (B - A)), and the variance of the indicator is E q (1 - E q).
def exact_share() -> float:
    first, second = (
        (math.exp(-k * A * H) - math.exp(-k * B * H)) / (k * H * (B - A)) for k in (1, 2)
    )
    return (second - first**2) / (first * (1 - first))


def test_the_share_of_doubt(found: Doubt) -> None:
    assert exact_share() == pytest.approx(0.188, abs=0.001)
    low, high = found.outcomes["it"].share_interval
    error = (high - low) / (2 * 1.96)
    assert found.outcomes["it"].share == pytest.approx(exact_share(), abs=5 * error)
    assert error < 0.03


def test_without_taking_out_the_noise_the_band_would_be_too_wide() -> None:
    rng = np.random.default_rng(1)
    true = 0.5 + 0.05 * rng.standard_normal(4000)
    noisy = rng.binomial(50, true) / 50
    within = noisy * (1 - noisy) * 50 / 49
    found = parted(noisy, within, 50)
    # True spread 0.05; of the noisy means sqrt(0.05^2 + 0.2475 / 50) = 0.0863.
    assert noisy.std() == pytest.approx(0.0863, abs=0.004)
    assert found.values.std() == pytest.approx(0.05, abs=0.006)
    assert found.at(5) == pytest.approx(0.5 - 1.645 * 0.05, abs=0.01)
    assert found.share == pytest.approx(0.05**2 / (0.05**2 + 0.2475), abs=0.003)


def test_a_known_rate_leaves_no_doubt() -> None:
    loaded = hazard("0.1 per year")
    with pytest.raises(UsageError) as error:
        doubt(loaded, ["it"], Effort(100, 1))
    assert str(error.value) == (
        "hazard has no doubt: no rate, factor, chance or first level is uncertain"
    )


# A doubt that the answer does not feel: all variance is chance.
def test_doubt_that_is_not_felt() -> None:
    found = doubt(small(), ["yes"], Effort(200, 1), 30).outcomes["yes"]
    assert found.share_interval[0] <= 0.0 + 1e-12
    assert found.band[1] - found.band[0] < 0.1


def test_replications_keep_doubt_and_draw_chance_anew() -> None:
    program = build_program(small("drivers.climate.initial={cold: 0.5, warm: 0.5}").scenario)
    kept = doubt_streams(program)
    assert sorted(program.streams[stream] for stream in kept) == [
        "drivers.climate.initial",
        "events.climate: cool -> cold.rate.value",
        "events.end.rate.value",
    ]
    anew = replication(program, kept, 1)
    draws = [Draws(p.seed, p.streams, 0, 20) for p in (program, anew)]
    for run in range(20):
        assert run_numbers(program, draws[0], run) == run_numbers(anew, draws[1], run)
    first, second = simulate(program, 0, 20), simulate(anew, 0, 20)
    assert first.time.tolist() != second.time.tolist()
    assert replication(program, kept, 0) is program


def test_luck_is_chance_unless_asked_otherwise() -> None:
    loaded = small("events.launch.date.growth={lognormal: [1.6, 0.4], luck: industry, share: 0.5}")
    program = build_program(loaded.scenario)
    luck = program.streams.index("luck.industry")
    assert luck not in doubt_streams(program)
    assert luck in doubt_streams(program, luck=True)


def test_one_replication_cannot_tell() -> None:
    with pytest.raises(UsageError) as error:
        doubt(small(), ["end"], Effort(100, 1), 1)
    assert str(error.value) == "at least two replications are needed to tell chance from doubt"
