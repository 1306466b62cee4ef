"""Would scrambled Sobol points pay? The error of every answer, against that of plain Monte Carlo.

Replaces the first number (k = 0) of every stream in a run by a coordinate of a Sobol point, one
coordinate for each stream, and leaves all later numbers as they are. Each replicate is a net
of 2^m points with a scrambling of its own, so the spread between replicates is an honest error. The
gain of an answer is the variance that as many independent timelines would have, over the variance
seen: 2 means that half the timelines do. Differences are between two scenarios, run by run on the
same points, as `coopsim compare` takes them.

Slow, as only the SimPy model can be given other draws: some minutes on two cores. Run it as
`python bench/sobol_study.py [--help]`; docs/sobol.md tells what came of it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from coopsim.analysis.measures import Measure, measures, read
from coopsim.scenario.loading import load
from coopsim.simulation.building import build_program
from coopsim.simulation.draws import Draws
from coopsim.simulation.engines import simulate
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.simpy_model import Timeline

FloatArray = NDArray[np.float64]
SCENARIOS = Path(__file__).parent.parent / "scenarios"
SMALLEST = 64  # points


# --- points instead of numbers --------------------------------------------------------------------


class PointDraws(Draws):
    """Coordinates of points as the first numbers of some streams."""

    __slots__ = ("_begin", "_coordinates")

    def __init__(self, program: Program, first_run: int, count: int) -> None:
        super().__init__(program.seed, program.streams, first_run, count)
        self._begin = first_run
        self._coordinates: dict[int, list[float]] = {}

    def give(self, stream: int, coordinates: FloatArray) -> None:
        """Use these as the first numbers of a stream, one for each run."""
        self._coordinates[stream] = coordinates.tolist()

    def uniform(self, stream: int, run: int, k: int) -> float:
        """Get the k-th number of a stream in a run."""
        if k == 0 and stream in self._coordinates:
            return self._coordinates[stream][run - self._begin]
        return super().uniform(stream, run, k)


def wanted(name: str, which: str) -> bool:
    """Check whether a stream is given points: all are, or only what is drawn once and dates.

    First levels are left out, as what reads the timelines draws them once more.
    """
    if name.startswith("drivers."):
        return False
    once = ".value" in name or ".pace." in name or name.startswith("luck.")
    return which == "all" or once or ".date" in name


def points(dimensions: int, count: int, replicate: int, method: str) -> FloatArray:
    """Make a replicate's points, shape (count, dimensions), strictly inside the unit cube."""
    chance = np.random.default_rng([2025, replicate])
    if method == "plain":
        return chance.random((count, dimensions))
    if method == "latin":
        return qmc.LatinHypercube(dimensions, rng=chance).random(count).clip(2**-40, 1 - 2**-40)
    return qmc.Sobol(dimensions, scramble=True, rng=chance).random(count) + 2.0**-31


def played(program: Program, draws: Draws, first_run: int, runs: int) -> Firings:
    """Simulate runs with draws of our own."""
    turns = program.days_that_turn()
    columns: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    for run in range(first_run, first_run + runs):
        for event, outcome, moment in Timeline(program, draws, run).play(turns):
            for column, value in zip(columns, (run, event, outcome, moment), strict=True):
                column.append(value)
    return Firings.from_lists(first_run, runs, columns)


# --- the study ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What is studied: two scenarios, which streams, by which points, how many of them."""

    scenarios: tuple[str, str]
    which: str
    method: str
    count: int

    @property
    def sizes(self) -> list[int]:
        """List how many points of a replicate are looked at."""
        return [2**m for m in range(SMALLEST.bit_length() - 1, self.count.bit_length())]


@dataclass(frozen=True)
class Replicate:
    """Means after the first points, shape (2, measures, sizes), and variances of timelines.

    The two are the first scenario's answers, and the differences of the second from them.
    """

    means: FloatArray
    variances: FloatArray


@cache
def world(name: str) -> tuple[Program, list[Measure]]:
    """Load a shipped scenario and what is read off its timelines."""
    scenario = load(SCENARIOS / f"{name}.yaml").scenario
    program = build_program(scenario)
    return program, measures(program, scenario)


def coordinate_of(plan: Plan) -> dict[str, int]:
    """Map every stream, by its name, to its coordinate in both scenarios."""
    names = dict.fromkeys(name for one in plan.scenarios for name in world(one)[0].streams)
    return {name: i for i, name in enumerate(name for name in names if wanted(name, plan.which))}


def replicate(plan: Plan, number: int) -> Replicate:
    """Simulate both scenarios on the points of one replicate."""
    coordinate = coordinate_of(plan)
    table = points(len(coordinate), plan.count, number, plan.method)
    first_run = number * plan.count
    numbers = []
    for name in plan.scenarios:
        program, asked = world(name)
        draws = PointDraws(program, first_run, plan.count)
        for stream, path in enumerate(program.streams):
            if path in coordinate:
                draws.give(stream, table[:, coordinate[path]])
        firings = played(program, draws, first_run, plan.count)
        numbers.append(read(asked, program, firings).numbers)
    both = np.stack([numbers[0], numbers[1] - numbers[0]])
    sizes = np.array(plan.sizes)
    means = both.cumsum(axis=2)[:, :, sizes - 1] / sizes
    return Replicate(means, both.var(axis=2))


def study(plan: Plan, replicates: int, workers: int) -> tuple[FloatArray, FloatArray]:
    """Get the mean answers, shape (2, measures), and the gains, shape (2, measures, sizes)."""
    with ProcessPoolExecutor(workers) as pool:
        done = list(pool.map(replicate, [plan] * replicates, range(replicates)))
    means = np.stack([one.means for one in done])
    expected = np.mean([one.variances for one in done], axis=0)[:, :, None] / plan.sizes
    seen = means.var(axis=0, ddof=1)
    gains = np.divide(expected, seen, out=np.full_like(seen, np.nan), where=seen > 0)
    return means[..., -1].mean(axis=0), gains


# --- what came of it ------------------------------------------------------------------------------


def report(plan: Plan, values: FloatArray, gains: FloatArray) -> None:
    """Print the gains as a table, in the order of the scenario's outcomes."""
    _, asked = world(plan.scenarios[0])
    titles = ["answer", "value", *(f"{size:,}" for size in plan.sizes), "difference"]
    print(f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}")
    told = [index for index in range(len(asked)) if tells(asked[index], values[0, index])]
    for index in told:
        cells = [*gains[0, index], gains[1, index, -1]]
        row = [asked[index].text, f"{values[0, index]:.3g}", *map(one_gain, cells)]
        print(f"| {' | '.join(row)} |")
    columns = np.column_stack([gains[0, told], gains[1, told, -1]])
    summaries: dict[str, Any] = {"median": np.nanmedian, "least": np.nanmin, "most": np.nanmax}
    for name, summary in summaries.items():
        row = [f"*{name}*", "", *(f"{gain:.2f}" for gain in summary(columns, axis=0))]
        print(f"| {' | '.join(row)} |")


def one_gain(gain: float) -> str:
    """Write a gain; there is none where nothing differs between replicates."""
    return "" if np.isnan(gain) else f"{gain:.1f}"


def tells(measure: Measure, value: float) -> bool:
    """Check whether enough timelines differ for a variance to be seen."""
    return measure.unit != "share" or 0.001 < value < 0.999


def seconds(work: Any, *arguments: Any) -> float:
    """Time a call, the best of three."""
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        work(*arguments)
        took.append(time.perf_counter() - begun)
    return min(took)


def main(arguments: Sequence[str] | None = None) -> None:
    """Study what was asked for, and print the gains."""
    parser = argparse.ArgumentParser(description="Gains of quasi-Monte Carlo, answer by answer.")
    parser.add_argument("--points", type=int, default=1024, help="of a replicate; a power of two")
    parser.add_argument("--replicates", type=int, default=64)
    parser.add_argument("--method", choices=("sobol", "latin", "plain"), default="sobol")
    parser.add_argument("--streams", choices=("all", "dates"), default="all")
    parser.add_argument("--scenarios", nargs=2, default=("baseline", "thaw"))
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    plan = Plan(tuple(asked.scenarios), asked.streams, asked.method, asked.points)
    dimensions = len(coordinate_of(plan))
    report(plan, *study(plan, asked.replicates, asked.workers))
    program, _ = world(plan.scenarios[0])
    simulate(program, 0, 1)  # compiles
    timelines = seconds(simulate, program, 0, 10 * asked.points) / 10
    made = seconds(points, dimensions, asked.points, 0, asked.method)
    print(
        f"\n{asked.replicates} replicates of {asked.points:,} points in {dimensions} dimensions; "
        f"standard error of each gain {(2 / (asked.replicates - 1)) ** 0.5:.0%} of it. "
        f"Points cost {1e6 * made / asked.points:.1f} microseconds a timeline, "
        f"the timeline itself {1e6 * timelines / asked.points:.1f} on one core."
    )


if __name__ == "__main__":
    main()
