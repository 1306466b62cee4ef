"""What is handed to the simulation: an engine, the runs to compute, and who hears of progress."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Protocol, TypeVar

from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

Chunk = tuple[int, int]  # first run, runs
Simulate = Callable[[Program, int, int], Firings]  # program, first run, runs
OnProgress = Callable[[int, int], None]  # timelines done, of how many

Item = TypeVar("Item")
Made = TypeVar("Made")


class PlayBlocks(Protocol):
    """Whoever plays blocks of runs, and gives what is made of each at once, in their order."""

    def __call__(
        self, program: Program, blocks: Iterable[Chunk], made_of: Callable[[Firings], Made], /
    ) -> Generator[Made]:
        """Play blocks; each is asked for when its turn comes."""
        ...


class Each(Protocol):
    """Whoever works on items at once, and gives what is made of them in their order."""

    def __call__(self, work: Callable[[Item], Made], items: Iterable[Item], /) -> Generator[Made]:
        """Work on items; each is asked for when its turn comes."""
        ...


def one_by_one(work: Callable[[Item], Made], items: Iterable[Item]) -> Generator[Made]:
    """Work on one item after the other, here."""
    yield from map(work, items)
