"""What is kept of a run's timelines: which there are already, and what a worker hands over.

A worker makes of a block of runs what is to be kept of it, so that encoding is shared among the
workers and little goes over a network. Only the parent writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Chunk, Simulate
from coopsim.simulation.program import Program
from coopsim.simulation.results.parts import Block, Origin, encode
from coopsim.simulation.results.store import Store


@dataclass(frozen=True, slots=True)
class Piece:
    """What is kept of a block of runs: the content of its part, or tallies, or both."""

    first_run: int
    runs: int
    part: bytes | None = None
    tallies: Any = None


MakePiece = Callable[[Program, int, int], Piece]  # program, first run, runs


class Keeper(Protocol):
    """Keep of every block of runs what is to be kept."""

    @property
    def runs(self) -> int:
        """Count the runs that are there from 0 on without a gap."""
        ...

    def missing(self, runs: int) -> Sequence[Chunk]:
        """List the blocks to compute so that the runs 0 <= run < `runs` are there."""
        ...

    def work(self, simulate: Simulate) -> MakePiece:
        """Make what a worker does with a block; it can be pickled where `simulate` can."""
        ...

    def keep(self, piece: Piece) -> None:
        """Take in a block; raises CoopsimError where it cannot be written."""
        ...

    def save(self) -> None:
        """Write to disk what has been taken in; raises CoopsimError where that fails."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """Keep all firings."""

    store: Store

    @property
    def runs(self) -> int:
        """Count the runs that are there from 0 on without a gap."""
        return self.store.runs

    def missing(self, runs: int) -> list[Chunk]:
        """List the blocks to compute so that the runs 0 <= run < `runs` are there."""
        return [(block.first_run, block.runs) for block in self.store.missing_blocks(runs)]

    def work(self, simulate: Simulate) -> MakePiece:
        """Make what a worker does with a block: simulate and encode it."""
        return _Encoded(simulate, self.store.origin)

    def keep(self, piece: Piece) -> None:
        """Write a part; raises CoopsimError where that fails."""
        write_piece(self.store, piece)

    def save(self) -> None:
        """Do nothing: every part is on disk as soon as it is taken in."""


def write_piece(store: Store, piece: Piece) -> None:
    """Write the part of a piece that has one; raises CoopsimError where that fails."""
    if piece.part is not None:
        store.write_content(Block.of(piece.first_run, piece.runs), piece.part)


@dataclass(frozen=True, slots=True)
class _Encoded:
    simulate: Simulate
    origin: Origin

    def __call__(self, program: Program, first_run: int, runs: int) -> Piece:
        firings: Firings = self.simulate(program, first_run, runs)
        return Piece(first_run, runs, encode(firings, program, self.origin))
