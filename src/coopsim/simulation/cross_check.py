"""Two engines, one meaning: some timelines of every run are simulated again by the other one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coopsim.errors import CoopsimError
from coopsim.scenario.notation.values import format_date
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Chunk, Simulate
from coopsim.simulation.program import Program
from coopsim.simulation.results.parts import PART_RUNS
from coopsim.simulation.simpy_model import simulate as simulate_by_simpy

CHECKED = 32  # timelines, or all where there are fewer: a tenth of a second


class EnginesDifferError(CoopsimError):
    """Two engines disagree: none of their timelines can be trusted."""


def sample_of(blocks: Sequence[Chunk]) -> frozenset[int]:
    """Pick the runs to be checked, evenly spread over the blocks to be computed."""
    runs = sum(length for _, length in blocks)
    places = {i * runs // CHECKED for i in range(CHECKED)} if runs else set()
    picked: set[int] = set()
    for first_run, length in blocks:
        picked |= {first_run + place for place in places if 0 <= place < length}
        places = {place - length for place in places}
    return frozenset(picked)


@dataclass(frozen=True, slots=True)
class CrossChecked:
    """An engine, the runs of a sample of which the SimPy model simulates too."""

    simulate: Simulate
    sample: frozenset[int]

    def __call__(self, program: Program, first_run: int, runs: int) -> Firings:
        """Simulate runs; raises EnginesDifferError at the first difference."""
        picked = sorted(self.sample & frozenset(range(first_run, first_run + runs)))
        # Only one thread at a time may run the SimPy model. Of neighbouring blocks, which are begun
        # together, one has its turn at it before the compiled engine and one after.
        before = picked if first_run // PART_RUNS % 2 else []
        known = {run: simulate_by_simpy(program, run, 1) for run in before}
        firings = self.simulate(program, first_run, runs)
        for run in picked:
            reference = known[run] if known else simulate_by_simpy(program, run, 1)
            _compare(program, run, firings, reference)
        return firings

    @property
    def verdict(self) -> str:
        """Get what the manifest says of it, which is written only where all agreed."""
        count = len(self.sample)
        return f"{count} timelines, identical" if count != 1 else "1 timeline, identical"


def _compare(program: Program, run: int, ours: Firings, reference: Firings) -> None:
    found, expected = (_timeline(run, firings) for firings in (ours, reference))
    if found == expected:
        return
    at = next(
        (i for i, (one, other) in enumerate(zip(found, expected, strict=False)) if one != other),
        min(len(found), len(expected)),
    )
    raise EnginesDifferError(
        f"the engines differ in run {run}: the compiled engine has "
        f"{_firing(program, found, at)}, the SimPy model {_firing(program, expected, at)}. This "
        "is an error in coopsim: please report it with the scenario. Nothing is kept; "
        "`--engine simpy` runs without the compiled engine"
    )


def _timeline(run: int, firings: Firings) -> list[tuple[int, int, int]]:
    mine = firings.run == run
    columns = (firings.event[mine], firings.outcome[mine], firings.time[mine])
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _firing(program: Program, timeline: list[tuple[int, int, int]], at: int) -> str:
    if at == len(timeline):
        return "nothing more"
    event, outcome, time = timeline[at]
    named = program.events[event]
    kind = "" if len(named.outcomes) == 1 else f" ({named.outcomes[outcome].name})"
    return f"'{named.name}'{kind} on {format_date(program.start + time)} (second {time})"
