"""The log of a simulation: which event fired in which timeline, how it turned out, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("run", "event", "outcome", "time")


@dataclass(frozen=True, slots=True, eq=False)
class Firings:
    """The recorded firings of the runs first_run <= run < first_run + runs.

    The four columns are of one length, ordered by run and within a run in firing order:
    `event` indexes `program.events`, `outcome` that event's outcomes, `time` counts seconds
    since the start.
    """

    first_run: int
    runs: int
    run: NDArray[np.int64]
    event: NDArray[np.int32]
    outcome: NDArray[np.int32]
    time: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.run)

    @classmethod
    def from_lists(
        cls,
        first_run: int,
        runs: int,
        columns: tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[int]],
    ) -> Firings:
        """Make firings of four lists of integers: run, event, outcome, time in seconds."""
        run, event, outcome, time = columns
        return cls(
            first_run,
            runs,
            np.array(run, dtype=np.int64),
            np.array(event, dtype=np.int32),
            np.array(outcome, dtype=np.int32),
            np.array(time, dtype=np.int64),
        )

    def cut(self, first_run: int, runs: int) -> Firings:
        """Get the firings of some of the runs."""
        rows = slice(*np.searchsorted(self.run, [first_run, first_run + runs]).tolist())
        columns: dict[str, Any] = {name: getattr(self, name)[rows] for name in COLUMNS}
        return Firings(first_run, runs, **columns)

    def firsts(self) -> Firings:
        """Get of each run the first firing of each event with each outcome."""
        events, outcomes = (int(each.max(initial=0)) + 1 for each in (self.event, self.outcome))
        cells = ((self.run - self.first_run) * events + self.event) * outcomes + self.outcome
        rows = np.arange(len(self))
        first = np.empty(self.runs * events * outcomes, dtype=np.int64)
        # Of repeated indices numpy keeps the last one assigned: backwards, that is the first.
        first[cells[::-1]] = rows[::-1]
        chosen = first[cells] == rows
        columns: dict[str, Any] = {name: getattr(self, name)[chosen] for name in COLUMNS}
        return Firings(self.first_run, self.runs, **columns)


def join(pieces: Sequence[Firings]) -> Firings:
    """Join the firings of neighbouring runs, given in any order.

    Raises ValueError where runs between the pieces are missing or held twice, or where there
    is no piece at all.
    """
    ordered = sorted(pieces, key=attrgetter("first_run"))
    if not ordered:
        raise ValueError("no firings to join")
    if len(ordered) == 1:
        return ordered[0]
    for left, right in pairwise(ordered):
        if left.first_run + left.runs != right.first_run:
            raise ValueError(
                f"run {right.first_run} does not follow run {left.first_run + left.runs - 1}"
            )
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(piece, name) for piece in ordered]) for name in COLUMNS
    }
    return Firings(ordered[0].first_run, sum(piece.runs for piece in ordered), **columns)
