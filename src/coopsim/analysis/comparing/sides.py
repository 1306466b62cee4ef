"""What one result among several tells of some of its runs: answers, numbers, moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.kinds.base import Answers, Query
from coopsim.analysis.outcomes import matters
from coopsim.analysis.timelines import DrawLevels, IntArray, Timelines, telling
from coopsim.scenario.spec import Question
from coopsim.simulation.firings import Firings, join
from coopsim.simulation.interfaces import Chunk
from coopsim.simulation.program import Program

GRID = 8766  # hours in a year: whole ones sum up to the same, however the runs are cut

# Where some columns stand among others, in their order; None: all of them.
ColumnPlaces = tuple[int, ...] | None

_KEPT_RUNS = 10_000  # some 7 KB each


@dataclass(frozen=True, slots=True)
class Put:
    """A question as it is put to one result.

    It is looked at after `looks` (seconds since start); of its numbers those at `places` count, in
    their order, and of its courses, which are `later` by so many years.
    """

    name: str
    question: Question
    looks: tuple[int, ...]
    first_year: int
    places: ColumnPlaces
    course_places: ColumnPlaces
    later: float


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is asked of one result; `closing` leaves out courses and moments."""

    puts: tuple[Put, ...]
    horizon: int
    closing: bool
    draw_levels: DrawLevels


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What some runs of one result come to.

    `columns` are the numbers of all questions of a sort side by side, shape (runs, columns);
    `moments` are by question, shape (runs,), None where there are none.
    """

    answers: Sequence[Answers]
    columns: Mapping[str, NDArray[Any]]
    moments: Sequence[IntArray | None]


class KeptAnswers:
    """What was told of timelines in memory when they were last asked the same.

    A base that is compared again and again is asked once; no more than 10,000 timelines are kept.
    """

    def __init__(self) -> None:
        self._asked: Asked | None = None
        self._blocks: dict[Chunk, Told] = {}

    def of(self, asked: Asked) -> dict[Chunk, Told]:
        """Get what is kept by blocks, if the same was asked; else forget it."""
        if self._asked != asked:
            self._asked, self._blocks = asked, {}
        return self._blocks


class Side:
    """One of the results, and what it is asked."""

    def __init__(
        self, program: Program, queries: Sequence[Query], asked: Asked, kept: KeptAnswers | None
    ) -> None:
        self._program, self._queries, self._asked = program, queries, asked
        self._matters = matters(queries, program)
        self._looks = [np.array(put.looks, dtype=np.int64) for put in asked.puts]
        self._blocks = None if kept is None else kept.of(asked)

    def told(self, pieces: Sequence[Firings]) -> Told:
        """Ask neighbouring runs, unless it is kept what they told; threads may do so at once."""
        if self._blocks is None:
            return self._tell(pieces)
        block = pieces[0].first_run, sum(piece.runs for piece in pieces)
        found = self._blocks.get(block)
        if found is None:
            found = self._tell(pieces)
            if sum(runs for _, runs in (*self._blocks, block)) <= _KEPT_RUNS:
                self._blocks[block] = found
        return found

    def _tell(self, pieces: Sequence[Firings]) -> Told:
        told = join([telling(self._matters, piece) for piece in pieces])
        timelines = Timelines(self._program, told, self._asked.draw_levels)
        each = zip(self._queries, self._asked.puts, strict=True)
        answers = [query.answer(timelines, put.looks) for query, put in each]
        if self._asked.closing:
            return Told(answers, self._columns(answers), [None] * len(answers))
        return Told(answers, self._columns(answers), [one.moments() for one in answers])

    def _columns(self, answers: Sequence[Answers]) -> dict[str, NDArray[Any]]:
        pieces: dict[str, list[NDArray[Any]]] = {}
        each = zip(self._queries, answers, self._asked.puts, self._looks, strict=True)
        for query, one, put, looks in each:
            numbers = _chosen(one.numbers(looks, put.first_year), put.places)
            pieces.setdefault(sums_of(query), []).append(numbers)
            if not self._asked.closing:
                course = _chosen(one.course(), put.course_places)
                pieces.setdefault("courses", []).append(np.rint((course + put.later) * GRID))
        return {kind: np.hstack(found) for kind, found in pieces.items()}


def sums_of(query: Query) -> str:
    """Name the sums in which a question's numbers are gathered."""
    return "truths" if query.unit == "share" else "numbers"


def _chosen(numbers: NDArray[Any], places: ColumnPlaces) -> NDArray[Any]:
    return numbers if places is None else numbers[:, places]
