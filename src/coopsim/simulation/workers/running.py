"""Blocks of runs over workers: progress, resuming, stopping.

An engine in Python is handed chunks of a block, so that progress shows early, two workers share
even one block, and a stop loses little; a fast one whole blocks. Only the parent writes. How the
work is cut never shows in the result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter

from coopsim.errors import CoopsimError, StoppedError
from coopsim.simulation.firings import Firings, join
from coopsim.simulation.interfaces import Chunk, OnProgress, Simulate
from coopsim.simulation.program import Program
from coopsim.simulation.results.keeping import Keeper, Parts, Piece
from coopsim.simulation.results.store import Store
from coopsim.simulation.workers.pools import LostError, Pool, Processes


def run_blocks(
    program: Program,
    simulate: Simulate,
    store: Store,
    workers: int = 1,
    on_progress: OnProgress = lambda _done, _total: None,
    *,
    pool: Pool = Processes(),  # noqa: B008  # it has no state
    keeper: Keeper | None = None,
    cross_check: str | None = None,
) -> Store:
    """Compute what a result lacks of the runs that its manifest asks for, and finish it.

    `keeper` keeps what there is of them, all firings by default. `cross_check` is what the
    manifest will say of it. More than one worker in processes need a
    `simulate` that can be pickled; a script that asks for them stands below
    `if __name__ == "__main__"`. Raises StoppedError when interrupted (Ctrl-C), CoopsimError when a
    worker dies and when a part cannot be written: the blocks that were finished are kept, and the
    same call continues from there. An error of `simulate` is raised as it is.
    """
    begun = perf_counter()
    runs = store.manifest.runs
    keeper = keeper or Parts(store)
    blocks = keeper.missing(runs)
    runs = max(runs, *(first_run + length for first_run, length in blocks), 0)
    if store.manifest.complete and not blocks:
        on_progress(runs, runs)
        return store
    job = _Job(program, simulate, keeper, _Progress(on_progress, runs, blocks))
    try:
        with closing(job.pieces(pool, blocks, workers)) as pieces:
            _keep(keeper, pieces)
        return store.finish(perf_counter() - begun, cross_check, keeper.runs)
    except KeyboardInterrupt:
        raise StoppedError(f"stopped: {_kept(store, keeper)}") from None
    except BrokenProcessPool:
        reason = "a worker process ended early (killed, out of memory, or by an error shown above)"
        raise CoopsimError(f"{reason}: {_kept(store, keeper)}") from None
    except LostError as error:
        raise CoopsimError(f"{error}: {_kept(store, keeper)}") from None


def _keep(keeper: Keeper, pieces: Iterator[Piece]) -> None:
    try:
        for piece in pieces:
            keeper.keep(piece)
    finally:
        keeper.save()


class _Progress:
    """A report of timelines done, those already on disk included."""

    def __init__(self, report: OnProgress, runs: int, missing: Sequence[Chunk]) -> None:
        self._report, self._runs = report, runs
        self._done = runs - sum(length for _, length in missing)
        self.add(0)

    def add(self, runs: int) -> None:
        self._done += runs
        self._report(self._done, self._runs)


@dataclass(frozen=True, slots=True)
class _Job:
    """What it takes to make of blocks what is to be kept of them."""

    program: Program
    simulate: Simulate
    keeper: Keeper
    progress: _Progress

    def pieces(self, pool: Pool, blocks: Sequence[Chunk], workers: int) -> Generator[Piece]:
        """Yield the blocks as they are done; what is given counts as kept afterwards."""
        if pool.chunk_runs is None:
            work = self.keeper.work(self.simulate)
            with closing(pool.compute(self.program, work, blocks, workers)) as computed:
                for piece in computed:
                    yield piece
                    self.progress.add(piece.runs)
        else:
            yield from self._joined(pool, blocks, pool.chunk_runs, workers)

    def _joined(
        self, pool: Pool, blocks: Sequence[Chunk], most: int, workers: int
    ) -> Generator[Piece]:
        chunks = {chunk: block for block in blocks for chunk in _chunks(block, most)}
        held: defaultdict[Chunk, list[Firings]] = defaultdict(list)
        with closing(pool.compute(self.program, self.simulate, list(chunks), workers)) as computed:
            for firings in computed:
                block = chunks[firings.first_run, firings.runs]
                held[block].append(firings)
                if sum(piece.runs for piece in held[block]) == block[1]:
                    yield self._piece(block, join(held.pop(block)))
                self.progress.add(firings.runs)

    def _piece(self, block: Chunk, firings: Firings) -> Piece:
        def simulated(_program: Program, first_run: int, runs: int) -> Firings:
            return firings.cut(first_run, runs)

        return self.keeper.work(simulated)(self.program, *block)


def _chunks(block: Chunk, most: int) -> Iterator[Chunk]:
    first_run, runs = block
    for offset in range(0, runs, most):
        yield first_run + offset, min(most, runs - offset)


def _kept(store: Store, keeper: Keeper) -> str:
    runs = store.manifest.runs
    kept = max(runs - sum(length for _, length in keeper.missing(runs)), 0)
    return (
        f"{kept:,} of {runs:,} timelines are kept in {store.folder}; the same command continues "
        "from there"
    )
