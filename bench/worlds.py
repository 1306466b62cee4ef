"""The worlds that are played, and how coopsim plays them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import model72

from coopsim.scenario.loading import load
from coopsim.simulation.building import build_program
from coopsim.simulation.interfaces import Simulate
from coopsim.simulation.program import Program
from coopsim.simulation.results.parts import PART_RUNS

BASELINE = Path(__file__).parent.parent / "scenarios" / "baseline.yaml"
COMPILED, ENGINE, PLAIN = "coopsim, compiled", "coopsim, SimPy engine", "plain SimPy"


def program_of(scenario: Path) -> Program:
    """Build the program of a scenario file."""
    return build_program(load(scenario).scenario)


def programs() -> dict[str, Program]:
    """Build both worlds."""
    scenarios = {"shipped baseline": BASELINE, "72 events": model72.SCENARIO}
    return {name: program_of(scenario) for name, scenario in scenarios.items()}


def engine(simulate: Simulate, program: Program) -> Callable[[int], int]:
    """Play on with an engine, each time the runs that follow, and count their firings.

    As in `coopsim run` they come in chunks, each of which is gone before the next is made.
    """
    laps = count()

    def play(timelines: int) -> int:
        first = next(laps) * timelines
        starts = range(first, first + timelines, PART_RUNS)
        ends = [min(start + PART_RUNS, first + timelines) for start in starts]
        return sum(len(simulate(program, a, b - a)) for a, b in zip(starts, ends, strict=True))

    return play
