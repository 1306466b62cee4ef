"""Where chunks of a simulation are computed: in turn, in threads, or in processes.

A pool gives what was made of chunks as it comes in, in any order. It computes nothing once the
generator that it gave is closed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

from coopsim.simulation.interfaces import Chunk
from coopsim.simulation.program import Program

T = TypeVar("T")


class LostError(Exception):
    """Say what a pool has lost so that it cannot go on; what it gave before is good."""


class Pool(Protocol):
    """Compute chunks of blocks, or whole blocks."""

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
        """Give what `work` makes of each chunk, in any order."""
        ...


def in_turn(
    program: Program, work: Callable[[Program, int, int], T], chunks: Sequence[Chunk]
) -> Generator[T]:
    """Compute one chunk after the other, here."""
    for first_run, runs in chunks:
        yield work(program, first_run, runs)


def cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def threads(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Make a pool of threads for whose unfinished work nobody waits once the block is left."""
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class Threads:
    """Share the cores among threads: for an engine that does not hold the interpreter."""

    chunk_runs = None  # a block is some hundredths of a second of the compiled engine

    def compute(
        self,
        program: Program,
        work: Callable[[Program, int, int], T],
        chunks: Sequence[Chunk],
        workers: int,
    ) -> Generator[T]:
        """Give what `work` makes of each chunk, in any order."""
        # Even one worker has a thread: the main one is free for Ctrl-C while machine code runs.
        with threads(workers) as pool:
            yield from _in_flight(pool, partial(_done, work, program), chunks, 2 * workers)


def _done(work: Callable[[Program, int, int], T], program: Program, chunk: Chunk) -> T:
    return work(program, *chunk)


class Processes:
    """Share the cores among processes: for an engine in Python."""

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
        """Give what `work` makes of each chunk, in any order; raises BrokenProcessPool."""
        workers = min(workers, len(chunks))
        if workers > 1:
            yield from _computed_by_workers(program, work, chunks, workers)
        else:
            yield from in_turn(program, work, chunks)


def _computed_by_workers(
    program: Program, work: Callable[[Program, int, int], T], chunks: Sequence[Chunk], workers: int
) -> Generator[T]:
    # Spawned, as everywhere but on Linux by default: a fork would copy locks that the threads of
    # a progress bar or of Arrow may hold.
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    with _interrupts_held():  # half made, it would leave semaphores behind, and a complaint
        pool = ProcessPoolExecutor(workers, context, _start_worker, (theirs, program, work))
    with theirs, ours, pool:
        try:
            yield from _in_flight(pool, _work, chunks, 2 * workers)
        except BaseException:
            ours.close()  # the lifeline: whoever still computes ends at once
            raise


def _in_flight(
    pool: Executor, work: Callable[[Chunk], T], chunks: Sequence[Chunk], most: int
) -> Iterator[T]:
    """Give what is made of chunks as it comes in, with at most so many chunks handed out."""
    waiting = iter(chunks)
    with _interrupts_held():  # the workers, started here, inherit that for good
        pending = {pool.submit(work, chunk) for chunk in islice(waiting, most)}
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        pending |= {pool.submit(work, chunk) for chunk in islice(waiting, len(done))}
        # What is whole comes before what has failed: no finished work is lost with it.
        yield from map(Future.result, sorted(done, key=_failed))


def _failed(future: Future[T]) -> bool:
    return future.exception() is not None


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C until the block is left, also from the processes started in it."""
    noted: list[int] = []
    # Only the main thread may set a handler, and Ctrl-C arrives in no other.
    main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, lambda *_: noted.append(1)) if main else None
    try:
        with _interrupts_masked():
            yield
    finally:
        if main:
            signal.signal(signal.SIGINT, handler)
    if noted:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def _interrupts_masked() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_works: list[Callable[[int, int], Any]] = []  # in a worker: the one it was started for


def _start_worker(
    lifeline: Connection, program: Program, work: Callable[[Program, int, int], Any]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    threading.Thread(target=_die_with, args=(lifeline,), daemon=True).start()
    _works.append(partial(work, program))


def _die_with(lifeline: Connection) -> None:
    """End this worker when the parent lets go of its end of the lifeline, or dies."""
    with suppress(OSError):
        lifeline.poll(None)
    os._exit(1)


def _work(chunk: Chunk) -> Any:
    return _works[0](*chunk)
