"""How the cost of the compiled engine grows: with events, with runs, and over cores."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from racing import Contender, race
from worlds import BASELINE, engine, program_of

from coopsim.scenario.loading import load, load_data
from coopsim.simulation import compiled
from coopsim.simulation.building import build_program
from coopsim.simulation.program import Program

NAMED = ("references", "drivers", "events", "outcomes")  # the sections of a scenario with names
CHUNK = 1_000  # timelines that a thread plays before it takes more


@dataclass(frozen=True)
class Share:
    """What a change of size costs: the speeds before and after, timelines a second."""

    before: float
    after: float

    @property
    def cost(self) -> float:
        """Get how many times as long a timeline takes."""
        return self.before / self.after


def baselines(copies: int) -> dict[str, Any]:
    """Make a scenario that holds the baseline several times, each time under other names."""
    tree = plain(load(BASELINE).tree)
    names = {name for section in NAMED for name in tree[section]} | set(lucks(tree))
    held = [tree, *(renamed(tree, names, copy) for copy in range(2, copies + 1))]
    sections = {section: _joined(one[section] for one in held) for section in NAMED}
    return tree | sections | {"scenario": "baselines", "title": f"The baseline, {copies} times"}


def _joined(sections: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {name: entry for section in sections for name, entry in section.items()}


def plain(node: Any) -> Any:
    """Turn a scenario's tree into dictionaries and lists, leaving out what the claims say."""
    if isinstance(node, dict):
        left_out = {"sources"}  # claims lie beside the file, and here is none
        return {str(key): plain(value) for key, value in node.items() if key not in left_out}
    return [plain(value) for value in node] if isinstance(node, list) else node


def lucks(node: Any) -> Iterator[str]:
    """Find the names of shared luck."""
    if isinstance(node, dict):
        if "luck" in node:
            yield node["luck"]
        for value in node.values():
            yield from lucks(value)
    elif isinstance(node, list):
        for value in node:
            yield from lucks(value)


def renamed(node: Any, names: set[str], copy: int) -> Any:
    """Put a number behind every name, wherever it stands."""
    if isinstance(node, dict):
        return {
            renamed(key, names, copy): renamed(value, names, copy) for key, value in node.items()
        }
    if isinstance(node, list):
        return [renamed(value, names, copy) for value in node]
    return f"{node}_{copy}" if node in names else node


def with_events(laps: int, size: float) -> dict[int, float]:
    """Measure the timelines a second of the baseline, of twice and of four times its events.

    Raises ValueError where the baseline is not held that many times.
    """
    once = program_of(BASELINE)
    programs = {1: once} | {
        copies: build_program(load_data(baselines(copies)).scenario) for copies in (2, 4)
    }
    field = [
        Contender(
            str(copies), engine(compiled.simulate, program), round(20_000 * size / copies), int
        )
        for copies, program in programs.items()
    ]
    race(field, laps)
    for one, (copies, program) in zip(field, programs.items(), strict=True):
        firings = one.firings / field[0].firings / copies
        if not 0.985 < firings < 1.015 or len(program.events) != copies * len(once.events):
            raise ValueError(f"the baseline is not held {copies} times")
    return dict(zip(programs, (one.speed for one in field), strict=True))


def with_runs(laps: int, numbers: Sequence[int]) -> dict[int, float]:
    """Measure the timelines a second of several numbers of runs."""
    play = engine(compiled.simulate, program_of(BASELINE))
    field = [Contender(f"{number:,}", play, number, int) for number in numbers]
    race(field, laps)
    return {contender.timelines: contender.speed for contender in field}


def over_cores(program: Program, laps: int, timelines: int) -> Share:
    """Measure one worker against two, by the wall clock."""
    field = [
        Contender(str(workers), _workers(program, workers), timelines, sum) for workers in (1, 2)
    ]
    race(field, laps, time.perf_counter)
    return Share(field[1].speed, field[0].speed)


def _workers(program: Program, workers: int) -> Callable[[int], list[int]]:
    def play(timelines: int) -> list[int]:
        firsts = range(0, timelines, CHUNK)
        runs = [min(CHUNK, timelines - first) for first in firsts]
        with ThreadPoolExecutor(workers) as pool:
            pieces = pool.map(partial(compiled.simulate, program), firsts, runs)
            return [len(piece) for piece in pieces]

    return play
