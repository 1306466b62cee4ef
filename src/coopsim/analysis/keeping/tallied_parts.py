"""All firings kept in parts, and counted by whoever has simulated them.

So the answers of a run are there with its last part. Only parts that were there before are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coopsim.analysis.tallies import Gathered, Survey, TalliedRuns, merged
from coopsim.simulation.interfaces import Chunk, Each, Simulate
from coopsim.simulation.program import Program
from coopsim.simulation.results.keeping import MakePiece, Parts, Piece
from coopsim.simulation.results.parts import Block, Origin, encode
from coopsim.simulation.results.store import Store


class TalliedParts:
    """The parts of a result, and the tallies of those that were taken in or read."""

    def __init__(self, store: Store, survey: Survey, program: Program, each: Each) -> None:
        """Take in nothing yet; `each` reads parts that were there before."""
        self._store, self._survey, self._program, self._each = store, survey, program, each
        self._parts = Parts(store)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._tallies = self._survey.blank().tallies
        self._counted: set[Block] = set()

    def go_on(self, before: TalliedParts) -> None:
        """Take over what was counted of the same folder before; nothing is then counted there."""
        self._tallies, self._counted = before._tallies, before._counted
        before._begin_anew()

    @property
    def runs(self) -> int:
        """Count the runs that are there from 0 on without a gap."""
        return self._parts.runs

    def missing(self, runs: int) -> Sequence[Chunk]:
        """List the blocks to compute so that the runs 0 <= run < `runs` are there."""
        return self._parts.missing(runs)

    def work(self, simulate: Simulate) -> MakePiece:
        """Make what a worker does with a block: simulate, count and encode it."""
        return _Tallied(simulate, self._survey, self._store.origin)

    def keep(self, piece: Piece) -> None:
        """Write a part, and take in what it counts; raises CoopsimError where writing fails."""
        self._parts.keep(piece)
        self._take(Block.of(piece.first_run, piece.runs), piece.tallies)

    def save(self) -> None:
        """Do nothing: every part is on disk as soon as it is taken in."""

    def gathered(self) -> Gathered:
        """Get the tallies of all parts; those that were not taken in are read.

        Raises CoopsimError where there is no timeline, and naming a part that cannot be trusted.
        """
        readable = self._store.readable()
        if not self._counted <= set(readable):  # another run has meanwhile written more of them
            self._begin_anew()
        lacking = [block for block in readable if block not in self._counted]
        for block, tallied in zip(lacking, self._each(self._read, lacking), strict=True):
            self._take(block, tallied)
        runs = sum(block.runs for block in self._counted)
        return merged([Gathered(runs, self._tallies)] if runs else [])

    def _read(self, block: Block) -> TalliedRuns:
        return self._survey.count([self._store.read_part(block.index, self._program)])

    def _take(self, block: Block, tallied: TalliedRuns) -> None:
        tallied.add_to(self._tallies)
        self._counted.add(block)


@dataclass(frozen=True, slots=True)
class _Tallied:
    """Work that simulates a block, counts what it answers and encodes it."""

    simulate: Simulate
    survey: Survey
    origin: Origin

    def __call__(self, program: Program, first_run: int, runs: int) -> Piece:
        firings = self.simulate(program, first_run, runs)
        tallied = self.survey.count([firings])
        return Piece(first_run, runs, encode(firings, program, self.origin), tallied)
