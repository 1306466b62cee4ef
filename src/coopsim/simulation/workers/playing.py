"""Timelines played in memory, block by block in threads, until all are there or somebody stops it.

Whoever plays without a folder plays here: one scenario, many variants of it, or timelines beyond
those of a result. Blocks are given back in their order, so that it never shows who played them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

from coopsim.errors import StoppedError
from coopsim.simulation.interfaces import Chunk, Item, Made, OnProgress
from coopsim.simulation.results.parts import PART_RUNS
from coopsim.simulation.workers.pools import threads
from coopsim.simulation.workers.spawning import cores

Cancelled = Callable[[], bool]

_LEAST_BLOCK = 50  # timelines
_BLOCKS_EACH = 4  # for each thread, so that none has long to wait for the last
_AHEAD = 4  # blocks waiting for each thread


def silent(done: int, total: int) -> None:
    """Take no notice of progress."""


def never() -> bool:
    """Stop nothing."""
    return False


@dataclass(frozen=True, slots=True)
class Players:
    """So many threads that play, as many as there are cores by default, and who watches them.

    `on_progress` is told the timelines done and in all; `cancelled` is asked after every block
    whether to stop.
    """

    workers: int = field(default_factory=cores)
    on_progress: OnProgress = silent
    cancelled: Cancelled = never

    def cut(self, runs: int, times: int = 1) -> list[Chunk]:
        """Cut runs that are played so many times into blocks that keep all threads busy."""
        each = -(-runs * times // (_BLOCKS_EACH * self.workers))
        size = min(PART_RUNS, max(_LEAST_BLOCK, each))
        return [(first, min(size, runs - first)) for first in range(0, runs, size)]

    def play(
        self,
        work: Callable[[Item, int, int], Made],
        plays: Iterable[tuple[Item, Chunk]],
        total: int | None = None,
    ) -> Generator[Made]:
        """Work on blocks of runs in threads, and give what is made of them in their order.

        What is to be played is asked for when its turn comes, and there may be no end to it; then
        there is no `total` of timelines. Raises StoppedError where `cancelled` says so.
        """
        done = 0
        for length, made in self.each(partial(_played, work), plays):
            done += length
            if total is not None:
                self.on_progress(done, total)
            yield made
            if done != total and self.cancelled():
                raise StoppedError(f"stopped: {_so_many(done, total)} simulated; none is kept")

    def each(self, work: Callable[[Item], Made], items: Iterable[Item]) -> Generator[Made]:
        """Work on items in threads, and give what is made of them in their order.

        An item is asked for when its turn comes.
        """
        ahead: deque[Future[Made]] = deque()
        with threads(self.workers) as pool:
            for item in items:
                ahead.append(pool.submit(work, item))
                if len(ahead) == _AHEAD * self.workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()


def _played(work: Callable[[Item, int, int], Made], play: tuple[Item, Chunk]) -> tuple[int, Made]:
    """Get the runs of a block, and what is made of it."""
    item, (first_run, length) = play
    return length, work(item, first_run, length)


def _so_many(done: int, total: int | None) -> str:
    if total is None:
        return f"{done:,} further timelines were"
    return f"{done:,} of {total:,} timelines were"
