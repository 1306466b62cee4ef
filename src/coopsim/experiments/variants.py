"""Many variants of a scenario, simulated in memory on common random numbers.

Timeline r of every variant shares its luck with timeline r of every other, so that what differs
between them is due to what was changed. Threads do the work: the engine leaves the interpreter
free while it simulates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from coopsim.analysis.measures import Measure, Samples, joined, read
from coopsim.errors import UsageError
from coopsim.simulation.engines import simulate
from coopsim.simulation.interfaces import OnProgress
from coopsim.simulation.program import Program
from coopsim.simulation.workers.pools import threads
from coopsim.simulation.workers.spawning import cores

Item = TypeVar("Item")
Made = TypeVar("Made")

_FEWEST_RUNS = 100
_BLOCK = 5_000  # runs whose firings are in memory at a time, for each thread
_AHEAD = 4  # tasks waiting for each thread


def silent(done: int, total: int) -> None:
    """Take no notice of progress."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to simulate: timelines of each variant, and in how many threads.

    Without `workers` there are as many threads as cores. `on_progress` is told the timelines done
    and in all.
    """

    runs: int
    workers: int | None = None
    on_progress: OnProgress = silent

    def __post_init__(self) -> None:
        if self.runs < _FEWEST_RUNS:
            raise UsageError(
                f"{self.runs} timelines are too few to tell effects; at least {_FEWEST_RUNS}"
            )


def measure(program: Program, asked: Sequence[Measure], runs: int, first_run: int = 0) -> Samples:
    """Simulate runs of a program, and keep only what the measures read."""
    pieces = []
    for first in range(first_run, first_run + runs, _BLOCK):
        firings = simulate(program, first, min(_BLOCK, first_run + runs - first))
        pieces.append(read(asked, program, firings))
    return joined(pieces)


def each(
    work: Callable[[Item], Made], items: Sequence[Item], effort: Effort, variants: int = 1
) -> Iterator[Made]:
    """Do some work on each item in threads, and give what it makes in the items' order.

    Progress is told in timelines, an item counting as so many variants.
    """
    size = variants * effort.runs
    workers = effort.workers or cores()
    with threads(workers) as pool:
        waiting: list[Future[Made]] = []
        rest: Iterable[Item] = iter(items)
        for done in range(len(items)):
            room = _AHEAD * workers - len(waiting)
            waiting += [pool.submit(work, item) for item in islice(rest, room)]
            yield waiting.pop(0).result()
            effort.on_progress(size * (done + 1), size * len(items))
