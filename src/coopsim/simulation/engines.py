"""The engines, and how each of them is run: one is fast, the other says what is right."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from enum import StrEnum

from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Chunk, Made, OnProgress, Simulate
from coopsim.simulation.program import Program
from coopsim.simulation.results.keeping import Keeper, Parts
from coopsim.simulation.results.store import Store
from coopsim.simulation.workers.playing import Players
from coopsim.simulation.workers.pools import Pool, Processes, Threads
from coopsim.simulation.workers.running import run_blocks

# Numba and SimPy are slow to import, and no command needs both before it simulates.
# ruff: noqa: PLC0415


class Choice(StrEnum):
    """What can be asked for."""

    auto = "auto"  # the compiled engine, some of its timelines checked by the SimPy model
    simpy = "simpy"

    @property
    def engine(self) -> str:
        """Get the name of the engine whose firings are kept."""
        return "compiled" if self is Choice.auto else "simpy"


def complete(
    store: Store,
    program: Program,
    choice: Choice,
    workers: int,
    on_progress: OnProgress = lambda _done, _total: None,
    *,
    keeper: Keeper | None = None,
    cluster: Pool | None = None,
) -> Store:
    """Compute what a result lacks by the engine that is asked for, and finish it.

    `keeper` keeps what there is of it, all firings by default; a `cluster` computes elsewhere.
    Raises CoopsimError as `run_blocks` does. Where the SimPy model contradicts the compiled engine
    nothing is kept: the folder is removed.
    """
    from coopsim.simulation.cross_check import CrossChecked, EnginesDifferError, sample_of

    keeper = keeper or Parts(store)
    asked: Simulate
    pool: Pool
    if choice is Choice.simpy:
        from coopsim.simulation import simpy_model

        asked, pool, verdict = simpy_model.simulate, Processes(), None
    else:
        asked = CrossChecked(simulate, sample_of(keeper.missing(store.manifest.runs)))
        pool, verdict = Threads(), asked.verdict
    try:
        return run_blocks(
            program,
            asked,
            store,
            workers,
            on_progress,
            pool=cluster or pool,
            keeper=keeper,
            cross_check=verdict,
        )
    except EnginesDifferError:
        store.discard()
        raise


def play_blocks(
    players: Players,
    program: Program,
    blocks: Iterable[Chunk],
    made_of: Callable[[Firings], Made],
) -> Generator[Made]:
    """Play blocks of runs in memory, and give what is made of their firings in the blocks' order.

    It is made by whoever has played. Raises StoppedError where the players are cancelled.
    """

    def work(program: Program, first_run: int, runs: int) -> Made:
        return made_of(simulate(program, first_run, runs))

    return players.play(work, ((program, block) for block in blocks))


def simulate(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate runs by the engine that is used unless another is asked for."""
    from coopsim.simulation import compiled

    return compiled.simulate(program, first_run, runs)
