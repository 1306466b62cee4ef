"""Blocks of runs over worker processes: progress, resuming, stopping.

Work is handed out in chunks of a block, so that progress shows early, two workers share even one
block, and a stop loses little. Only the parent writes; a block is written when its last
chunk is in. How the work is cut never shows in the result.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from time import perf_counter
from typing import TYPE_CHECKING

from coopsim.errors import CoopsimError
from coopsim.simulation.firings import Firings, join
from coopsim.simulation.program import Program

if TYPE_CHECKING:  # a worker does without the store, and so without loading Parquet
    from coopsim.simulation.parts import Block
    from coopsim.simulation.store import Store

# Some tenths of a second of work. Measured with the baseline: a timeline costs the same in chunks
# of 100 as of 1000 runs.
CHUNK_RUNS = 250

Simulate = Callable[[Program, int, int], Firings]  # program, first run, runs
OnProgress = Callable[[int, int], None]  # timelines done, of how many
Chunk = tuple[int, int]  # first run, runs


def run_blocks(
    program: Program,
    simulate: Simulate,
    store: Store,
    workers: int = 1,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Store:
    """Compute what a result lacks of the runs that its manifest asks for, and finish it.

    More than one worker means that many processes, to which `simulate` must be picklable; a
    script that asks for them stands below `if __name__ == "__main__"`. Raises CoopsimError when
    interrupted (Ctrl-C), when a worker dies and when a part cannot be written: the blocks that
    were finished are kept, and the same call goes on from there. An error of `simulate` is
    raised as it is.
    """
    begun = perf_counter()
    runs = store.manifest.runs
    blocks = store.missing_blocks(runs)
    if store.manifest.complete and not blocks:
        on_progress(runs, runs)
        return store
    chunks = {chunk: block for block in blocks for chunk in _chunks(block)}
    computed = _computed(program, simulate, list(chunks), workers)
    try:
        with closing(computed):
            _write(computed, chunks, program, store, _Progress(on_progress, runs, blocks))
        return store.finish(perf_counter() - begun)
    except KeyboardInterrupt:
        raise CoopsimError(f"stopped: {_kept(store)}") from None
    except BrokenProcessPool:
        reason = "a worker process ended early (killed, out of memory, or by an error shown above)"
        raise CoopsimError(f"{reason}: {_kept(store)}") from None


def _chunks(block: Block) -> Iterator[Chunk]:
    for offset in range(0, block.runs, CHUNK_RUNS):
        yield block.first_run + offset, min(CHUNK_RUNS, block.runs - offset)


class _Progress:
    """Report timelines done, those already on disk included."""

    def __init__(self, report: OnProgress, runs: int, missing: Iterable[Block]) -> None:
        self._report, self._runs = report, runs
        self._done = runs - sum(block.runs for block in missing)
        self.add(0)

    def add(self, runs: int) -> None:
        self._done += runs
        self._report(self._done, self._runs)


def _write(
    computed: Iterable[Firings],
    chunks: dict[Chunk, Block],
    program: Program,
    store: Store,
    progress: _Progress,
) -> None:
    pieces: defaultdict[Block, list[Firings]] = defaultdict(list)
    for firings in computed:
        block = chunks[firings.first_run, firings.runs]
        pieces[block].append(firings)
        if sum(piece.runs for piece in pieces[block]) == block.runs:
            store.write_part(join(pieces.pop(block)), program)
        progress.add(firings.runs)


def _kept(store: Store) -> str:
    runs = store.manifest.runs
    kept = runs - sum(block.runs for block in store.missing_blocks(runs))
    return (
        f"{kept:,} of {runs:,} timelines are kept in {store.folder}; "
        "the same command goes on from there"
    )


def _computed(
    program: Program, simulate: Simulate, chunks: list[Chunk], workers: int
) -> Generator[Firings]:
    workers = min(workers, len(chunks))
    if workers > 1:
        yield from _computed_by_workers(program, simulate, chunks, workers)
    else:
        for first_run, runs in chunks:
            yield simulate(program, first_run, runs)


def _computed_by_workers(
    program: Program, simulate: Simulate, chunks: list[Chunk], workers: int
) -> Generator[Firings]:
    # Spawned, as everywhere but on Linux by default: a fork would copy locks that the threads of
    # a progress bar or of Arrow may hold.
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    with _interrupts_held():  # half made, it would leave semaphores behind, and a complaint
        pool = ProcessPoolExecutor(workers, context, _start_worker, (theirs, program, simulate))
    with theirs, ours, pool:
        try:
            yield from _in_flight(pool, chunks, 2 * workers)
        except BaseException:
            ours.close()  # the lifeline: whoever still computes ends at once
            raise


def _in_flight(pool: ProcessPoolExecutor, chunks: list[Chunk], most: int) -> Iterator[Firings]:
    """Give the firings of chunks as they come in, with at most so many chunks handed out."""
    waiting = iter(chunks)
    with _interrupts_held():  # the workers, started here, inherit that for good
        pending = {pool.submit(_work, chunk) for chunk in islice(waiting, most)}
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        pending |= {pool.submit(_work, chunk) for chunk in islice(waiting, len(done))}
        yield from map(Future.result, done)


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


_simulations: list[Callable[[int, int], Firings]] = []  # in a worker: the one it was started for


def _start_worker(lifeline: Connection, program: Program, simulate: Simulate) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    threading.Thread(target=_die_with, args=(lifeline,), daemon=True).start()
    _simulations.append(partial(simulate, program))


def _die_with(lifeline: Connection) -> None:
    """End this worker when the parent lets go of its end of the lifeline, or dies."""
    with suppress(OSError):
        lifeline.poll(None)
    os._exit(1)


def _work(chunk: Chunk) -> Firings:
    return _simulations[0](*chunk)
