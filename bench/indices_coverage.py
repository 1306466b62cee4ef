"""How often the 95 % intervals of `sensitivity --method inputs` hold the truth.

Each world draws one thing once per timeline, a first level or a number, and lets an answer come of
it by a law that is known, so that both indices are known too. Many samples of each are drawn by the
generator of coopsim, and it is counted in how many of them the interval holds the index.

Run it as `python bench/indices_coverage.py [--help]`; docs/intervals.md tells what came of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

from coopsim.analysis.statistics.explained import AnswerColumns, Classes, Index, explained
from coopsim.experiments.global_indices import sliced
from coopsim.simulation.draws import stream_key, uniforms

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
YEARS = 10.0  # simulated
NEVER = np.inf
GRID = 2000


@dataclass(frozen=True, eq=False)
class World:
    """A draw, by the chances of its levels (of none it is a number), and what comes of it.

    `value` makes an answer of the level, or of the place of a number, and a number of chance;
    `at_most` is its distribution given that, at some values.
    """

    name: str
    levels: tuple[float, ...]
    value: Callable[[FloatArray, FloatArray], FloatArray]
    at_most: Callable[[FloatArray, FloatArray], FloatArray]
    values: FloatArray
    dated: bool = False

    def sample(self, repetition: int, runs: int) -> tuple[Classes, FloatArray]:
        """Draw classes and answers."""
        place, chance = (
            uniforms(stream_key(repetition, f"{self.name} {part}"), 0, runs, 0)
            for part in ("draw", "chance")
        )
        if self.levels:
            level = np.searchsorted(np.cumsum(self.levels[:-1]), place, side="right")
            return Classes(level, np.array(self.levels)), self.value(level * 1.0, chance)
        return sliced(place), self.value(place, chance)

    @cache  # noqa: B019 - worlds live as long as the study
    def truth(self, last: tuple[int, ...] = ()) -> tuple[float, float]:
        """Work out the distribution index and the first-order index.

        Levels are taken together up to each of the `last` ones.
        """
        places = np.arange(len(self.levels)) if self.levels else (np.arange(GRID) + 0.5) / GRID
        weights = np.array(self.levels) if self.levels else np.full(GRID, 1 / GRID)
        given = self.at_most(places[:, np.newaxis].astype(np.float64), self.values)
        if last:
            which = np.searchsorted(last, np.arange(len(weights)))
            belongs = np.equal.outer(np.arange(len(last)), which) * weights
            weights = belongs.sum(axis=1)
            given = belongs @ given / weights[:, np.newaxis]
        whole = weights @ given
        between, total = weights @ (given - whole) ** 2, whole * (1 - whole)
        if self.dated:
            share = np.trapezoid(between, whole) / np.trapezoid(total, whole)
            return float(share), float(between[-1] / total[-1])
        density = np.diff(whole, prepend=0.0)
        # The mean of a whole number is the sum of the chances that it is greater than 0, 1, 2 ...
        means = (1 - given).sum(axis=1)
        second = ((2 * self.values + 1) * (1 - given)).sum(axis=1)
        variance = weights @ (means - weights @ means) ** 2
        first = variance / (weights @ second - (weights @ means) ** 2)
        return float(density @ between / (density @ total)), float(first)


def hazard(
    name: str, rate: Callable[[FloatArray], FloatArray], levels: tuple[float, ...] = ()
) -> World:
    """Make a world in which something happens at a rate that depends on the draw."""

    def value(place: FloatArray, chance: FloatArray) -> FloatArray:
        when = -np.log(chance) / rate(place)
        return np.where(when <= YEARS, when, NEVER)

    def at_most(place: FloatArray, values: FloatArray) -> FloatArray:
        return -np.expm1(-rate(place) * values)

    return World(name, levels, value, at_most, np.linspace(0, YEARS, GRID), dated=True)


def rates(*by_level: float) -> Callable[[FloatArray], FloatArray]:
    """Set the rate of each level."""
    return lambda level: np.array(by_level)[level.astype(np.int64)]


def even(low: float, high: float) -> Callable[[FloatArray], FloatArray]:
    """Draw the rate from low to high."""
    return lambda place: low + (high - low) * place


def counted() -> World:
    """Make a world in which something happens often, at an uncertain rate."""

    def value(place: FloatArray, chance: FloatArray) -> FloatArray:
        return (chance[:, np.newaxis] > at_most(place[:, np.newaxis], numbers)).sum(axis=1) * 1.0

    def at_most(place: FloatArray, values: FloatArray) -> FloatArray:
        return np.asarray(pdtr(values, 2 + 6 * place))

    numbers = np.arange(40.0)
    return World("how often: 2 to 8 times", (), value, at_most, numbers)


def decided(flips: float) -> World:
    """Make a world in which the level decides, but for a few timelines."""

    def value(level: FloatArray, chance: FloatArray) -> FloatArray:
        return np.where(chance < flips, 1 - level, level)

    def at_most(level: FloatArray, values: FloatArray) -> FloatArray:
        return np.where(values >= 1, 1.0, np.where(level == 0, 1 - flips, flips))

    return World(f"decided but for {100 * flips:g} %", (0.6, 0.4), value, at_most, np.arange(2.0))


WORLDS = (
    hazard("levels .85/.15: .01, .3 a year", rates(0.01, 0.3), (0.85, 0.15)),
    hazard("levels .98/.02: .05, 1 a year", rates(0.05, 1.0), (0.98, 0.02)),
    hazard("levels .7/.27/.03: .02, .05, 2", rates(0.02, 0.05, 2.0), (0.7, 0.27, 0.03)),
    hazard("levels .5/.5: .10, .11 a year", rates(0.10, 0.11), (0.5, 0.5)),
    hazard("levels .85/.15 that do not matter", rates(0.1, 0.1), (0.85, 0.15)),
    hazard("rate .05 to .45 a year", even(0.05, 0.45)),
    hazard("rate .1 to .3 a year", even(0.1, 0.3)),
    hazard("rate .18 to .22 a year", even(0.18, 0.22)),
    hazard("rate .005 to .03 a year", even(0.005, 0.03)),
    hazard("a number that does not matter", even(0.1, 0.1)),
    hazard("the same, of what is rare", even(0.015, 0.015)),
    counted(),
    decided(0.0),
    decided(0.001),
    decided(0.006),
    decided(0.02),
)


def misses(world: World, repetition: int, runs: int) -> list[tuple[float, float, float]]:
    """Estimate both indices from one sample: is the interval too high, too low; and the value.

    Where rare levels were joined, that is the truth; where one class is left there is no index.
    """
    sampled, answers = world.sample(repetition, runs)
    numbers = np.isfinite(answers) if np.isinf(answers).any() else answers
    classes = sampled.joined()
    if len(classes.chances) < 2:
        return []
    truth = world.truth(_last(world.levels, classes.chances))
    pair = (
        explained(classes, AnswerColumns.of_dates(answers)),
        explained(classes, AnswerColumns.of_numbers(numbers * 1.0)),
    )
    return [_missed(index, true) for index, true in zip(pair, truth, strict=True)]


def _last(levels: tuple[float, ...], joined: FloatArray) -> tuple[int, ...]:
    """Find the last level of each class into which some were joined."""
    ends = np.searchsorted(np.cumsum(levels), np.cumsum(joined) - 1e-9)
    return tuple(ends.tolist()) if levels else ()


def _missed(index: Index, true: float) -> tuple[float, float, float]:
    low, high = index.interval
    return float(low > true + 1e-12), float(high < true - 1e-12), index.value


def coverage(world: World, runs: int, repetitions: int) -> FloatArray:
    """Get how often intervals are too high, too low, and the mean index, shape (2, 3)."""
    told = [one for k in range(repetitions) if (one := misses(world, k, runs))]
    return np.array(told).mean(axis=0) if told else np.full((2, 3), np.nan)


def main(argv: Sequence[str] | None = None) -> None:
    """Print a table of how often the intervals held the truth, in percent."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--runs", type=int, nargs="+", default=[500, 1000, 2000, 4000])
    parser.add_argument("--world", default="", help="only those whose name has this in it")
    parser.add_argument("--sides", action="store_true", help="show misses on each side, and means")
    asked = parser.parse_args(argv)
    print("| world | index | truth | " + " | ".join(f"{runs:,}" for runs in asked.runs) + " |")
    print("| --- | --- | --- | " + " | ".join("---" for _ in asked.runs) + " |")
    for world in WORLDS:
        if asked.world not in world.name:
            continue
        found = np.array([coverage(world, runs, asked.repetitions) for runs in asked.runs])
        for number, name in enumerate(("distribution", "first order")):
            cells = " | ".join(_cell(row, asked.sides) for row in found[:, number])
            print(f"| {world.name} | {name} | {world.truth()[number]:.4f} | {cells} |", flush=True)


def _cell(row: FloatArray, sides: bool) -> str:
    above, below, mean = row
    if np.isnan(mean):
        return "?"
    more = f" ({100 * above:.1f}, {100 * below:.1f}; {mean:.4f})" if sides else ""
    return f"{100 * (1 - above - below):.1f}{more}"


if __name__ == "__main__":
    main()
