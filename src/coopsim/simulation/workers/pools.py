"""Where chunks of a simulation are computed: in turn, in threads, or in processes.

A pool gives what was made of chunks as it comes in, in any order. It computes nothing once the
generator that it gave is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, Protocol, TypeVar

from coopsim.simulation.interfaces import Chunk
from coopsim.simulation.program import Program
from coopsim.simulation.workers.heap import keep_what_is_freed
from coopsim.simulation.workers.spawning import interrupts_held, spawned

T = TypeVar("T")


class LostError(Exception):
    """A pool cannot go on; what it gave before is good."""


class Pool(Protocol):
    """Whatever computes chunks of blocks, or whole blocks."""

    @property
    def chunk_runs(self) -> int | None:
        """Get the most runs of a chunk; None where chunks are whole blocks."""
        ...

    def compute(
        self,
        program: Program,
        work: Callable[[Program, int, int], T],
        chunks: Sequence[Chunk],
        workers: int,
    ) -> Generator[T]:
        """Yield what `work` makes of each chunk, in any order."""
        ...


def in_turn(
    program: Program, work: Callable[[Program, int, int], T], chunks: Sequence[Chunk]
) -> Generator[T]:
    """Compute one chunk after the other, here."""
    for first_run, runs in chunks:
        yield work(program, first_run, runs)


@contextmanager
def threads(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Make a pool of threads for whose unfinished work nobody waits once the block is left."""
    keep_what_is_freed()
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class Threads:
    """Threads that share the cores: for an engine that does not hold the interpreter."""

    chunk_runs = None  # a block is some hundredths of a second of the compiled engine

    def compute(
        self,
        program: Program,
        work: Callable[[Program, int, int], T],
        chunks: Sequence[Chunk],
        workers: int,
    ) -> Generator[T]:
        """Yield what `work` makes of each chunk, in any order."""
        # Even one worker has a thread: the main one is free for Ctrl-C while machine code runs.
        with threads(workers) as pool:
            yield from _in_flight(pool, partial(_done, work, program), chunks, 2 * workers)


def _done(work: Callable[[Program, int, int], T], program: Program, chunk: Chunk) -> T:
    return work(program, *chunk)


class Processes:
    """Processes that share the cores: for an engine in Python."""

    # Some tenths of a second of work. Measured with the baseline: a timeline costs the same in
    # chunks of 100 as of 1000 runs.
    chunk_runs = 250

    def compute(
        self,
        program: Program,
        work: Callable[[Program, int, int], T],
        chunks: Sequence[Chunk],
        workers: int,
    ) -> Generator[T]:
        """Yield what `work` makes of each chunk, in any order; raises BrokenProcessPool."""
        workers = min(workers, len(chunks))
        if workers > 1:
            yield from _computed_by_workers(program, work, chunks, workers)
        else:
            yield from in_turn(program, work, chunks)


def _computed_by_workers(
    program: Program, work: Callable[[Program, int, int], T], chunks: Sequence[Chunk], workers: int
) -> Generator[T]:
    with spawned(workers, _take_work, program, work) as pool:
        yield from _in_flight(pool, _work, chunks, 2 * workers)


def _in_flight(
    pool: Executor, work: Callable[[Chunk], T], chunks: Sequence[Chunk], most: int
) -> Iterator[T]:
    """Yield what is made of chunks as it comes in, with at most so many chunks handed out."""
    waiting = iter(chunks)
    with interrupts_held():  # the workers, started here, inherit that for good
        pending = {pool.submit(work, chunk) for chunk in islice(waiting, most)}
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        pending |= {pool.submit(work, chunk) for chunk in islice(waiting, len(done))}
        # What is whole comes before what has failed: no finished work is lost with it.
        yield from map(Future.result, sorted(done, key=_failed))


def _failed(future: Future[T]) -> bool:
    return future.exception() is not None


_works: list[Callable[[int, int], Any]] = []  # in a worker: the one it was started for


def _take_work(program: Program, work: Callable[[Program, int, int], Any]) -> None:
    _works.append(partial(work, program))


def _work(chunk: Chunk) -> Any:
    return _works[0](*chunk)
