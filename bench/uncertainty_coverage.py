"""How often the intervals of `coopsim sensitivity --method uncertainty` hold the truth.

In worlds where the truth is known, each a hazard whose yearly rate is drawn once per run, runs and
replications are drawn again and again, and analysed as the command does it. A stated 95 % interval
should hold the true end of the band in 92 to 98 of 100 repetitions.

`python bench/uncertainty_coverage.py [--help]`; an hour for everything. docs/sensitivity.md has the
results.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from coopsim.analysis.statistics.components import resamples, share_of_variance
from coopsim.analysis.statistics.noise import of_numbers, of_shares
from coopsim.analysis.statistics.npmle import interval, lucky_numbers, percentiles
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.draws import stream_key, uniforms

YEARS = 10
BAND = (5, 95)
Rates = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class World:
    """How a rate goes with a uniform number, and of how many such hazards the rings count."""

    rates: Rates
    hazards: int = 1

    def chances(self, u: FloatArray) -> FloatArray:
        """Get the chance that a hazard rings within the years."""
        return -np.expm1(-YEARS * self.rates(u))

    def ends(self) -> FloatArray:
        """Get the true band: chances rise with u."""
        return self.hazards * self.chances(np.array(BAND) / 100)

    def share(self) -> float:
        """Get the true share of the variance that is due to the rate."""
        fine = self.chances((np.arange(10**6) + 0.5) / 10**6)
        between = self.hazards**2 * fine.var()
        return float(between / (between + self.hazards * (fine * (1 - fine)).mean()))


def levels(*steps: tuple[float, float]) -> Rates:
    """Make a rate of several levels, each up to a cumulative chance."""
    uptos, values = zip(*steps, strict=True)
    return lambda u: np.array(values)[np.searchsorted(uptos, u)]


def lognormal(low: float, high: float) -> Rates:
    """Make a rate with a 5th and a 95th percentile."""
    spread = math.log(high / low) / (2 * float(ndtri(0.95)))
    return lambda u: math.sqrt(low * high) * np.exp(spread * ndtri(u))


WORLDS = {
    "two levels": World(levels((0.85, 0.01), (1, 0.3))),
    "rare": World(lognormal(0.0002, 0.002)),
    "lognormal": World(lognormal(0.001, 0.02)),
    "uniform": World(lambda u: 0.05 + 0.4 * u),
    "no uncertainty": World(lognormal(0.099, 0.101)),
    "three levels": World(levels((0.3, 0.01), (0.7, 0.04), (1, 0.1))),
    "a level of 5.5 %": World(levels((0.055, 0.08), (1, 0.1013))),
    "number of five": World(lognormal(0.01, 0.1), hazards=5),
}


@dataclass(frozen=True)
class Found:
    """What one analysis stated."""

    ends: tuple[float, ...]
    intervals: tuple[tuple[float, float], ...]
    share: tuple[float, float] | None


def repetition(world: World, draws: int, replications: int, number: int) -> Found:
    """Draw a world and analyse it."""
    # The published table was drawn from streams of these names.
    names = ("doubt_coverage.rates", "doubt_coverage.rings")
    rate, ring = (stream_key(number, name) for name in names)
    chances = world.chances(uniforms(rate, 0, draws, 0))
    shape = (draws, replications, world.hazards)
    rung = uniforms(ring, 0, math.prod(shape), 0).reshape(shape) < chances[:, None, None]
    numbers = rung.sum(axis=2).astype(float)
    means, within = numbers.mean(axis=1), numbers.var(axis=1, ddof=1)
    noise = (
        of_shares(means, replications)
        if world.hazards == 1
        else of_numbers(means, within, replications, (0.0, math.inf))
    )
    assert noise is not None
    ends = percentiles(noise, BAND)
    lucky = lucky_numbers(number, draws)
    stated = [interval(noise, *one, lucky) for one in zip(BAND, ends, strict=True)]
    _, share = share_of_variance(means, within, replications, resamples(number, draws))
    return Found(tuple(ends), tuple(stated), share)


def study(name: str, draws: int, replications: int, repetitions: range) -> str:
    """Make a row of the table."""
    world = WORLDS[name]
    found = [repetition(world, draws, replications, k) for k in repetitions]
    cells = [name, str(replications)]
    for end, true in enumerate(world.ends()):
        stated = np.array([one.intervals[end] for one in found])
        mean = np.mean([one.ends[end] for one in found])
        width = np.median(stated[:, 1] - stated[:, 0])
        cells += [*(f"{number:.2%}" for number in (true, mean, width)), held(stated, true)]
    shares = np.array([one.share for one in found if one.share])
    return "| " + " | ".join([*cells, held(shares, world.share())]) + " |"


def held(stated: FloatArray, true: float) -> str:
    """Write how often intervals hold the truth."""
    return f"{np.mean((stated[:, 0] <= true) & (true <= stated[:, 1])):.1%}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Study what was asked for, row by row."""
    parser = argparse.ArgumentParser(
        description="Coverage of the intervals of bands over model uncertainty."
    )
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first repetition")
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--replications", type=int, nargs="+", default=[40, 100])
    parser.add_argument("--worlds", nargs="+", choices=WORLDS, default=list(WORLDS))
    asked = parser.parse_args(arguments)
    end = ["truth", "mean", "width", "held"]
    repetitions = range(asked.first, asked.first + asked.repetitions)
    titles = ["world", "replications", *(f"low: {t}" for t in end), *(f"high: {t}" for t in end)]
    print(f"| {' | '.join([*titles, 'share: held'])} |\n|{' --- |' * (len(titles) + 1)}")
    for name in asked.worlds:
        for replications in asked.replications:
            print(study(name, asked.draws, replications, repetitions), flush=True)


if __name__ == "__main__":
    main()
