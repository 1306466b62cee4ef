"""The same runs of several results, and what each question that they share comes to in them.

Some blocks of runs are read at a time, by whichever thread is free, and added up in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import YEARLY, boundaries, calendar_years
from coopsim.analysis.comparing.alike import label_key
from coopsim.analysis.comparing.pairing import PairedSums, aligned
from coopsim.analysis.comparing.sides import (
    GRID,
    Asked,
    ColumnPlaces,
    KeptAnswers,
    Put,
    Side,
    Told,
    sums_of,
)
from coopsim.analysis.kinds.base import Answers, Column, Query
from coopsim.analysis.outcomes import queries
from coopsim.analysis.timelines import DrawLevels, IntArray
from coopsim.scenario.notation.values import YEAR
from coopsim.scenario.spec import Question, Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Each
from coopsim.simulation.program import Program

# Of some runs, the answers of each question in every result; what is made of them is handed on.
Notice = Callable[[Sequence[Sequence[Answers]]], Any]

_GRIDS = {"truths": 1, "numbers": 1, "courses": GRID}
_READ_RUNS = 3000  # at one stroke: quicker than one by one, and strokes enough for some cores


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """One result to compare: its name, assumptions and firings, run 0 first.

    As the base it is not asked again what is `kept`.
    """

    name: str
    scenario: Scenario
    program: Program
    runs: int
    parts: Iterable[Firings]
    whole: bool = True  # else of each event only the first firing with each outcome is there
    kept: KeptAnswers | None = None

    @property
    def end(self) -> int:
        """Get the epoch second at which it ends."""
        return self.program.start + self.program.horizon


def common_end(results: Sequence[Compared]) -> int:
    """Find the epoch second at which the first of some results ends."""
    return min(result.end for result in results)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What all questions come to in some blocks of runs: truths, numbers and courses in sums.

    There are `sums` of each block, in their order, so that floats add up to the same however many
    are read at one stroke. `moments` are by question and result, shape (runs,), where there are
    any.
    """

    sums: Sequence[Mapping[str, PairedSums]]
    moments: list[list[IntArray]]
    noticed: Any


class SideBySide:
    """All shared questions, and their numbers over the first runs of all results.

    `sums` has those of all questions, each with the columns of `truths`, of other `numbers` and
    of `courses`; `moments` has for each question those of every result, if there are any.
    """

    def __init__(
        self,
        results: Sequence[Compared],
        shared: Sequence[str],
        draw_levels: DrawLevels,
        *,
        closing: bool,
    ) -> None:
        """Read nothing yet; `closing` leaves out all but how each question stands in the end."""
        end = common_end(results)
        # Closed at the common end, so that every result is asked about the same days.
        programs = [_closed(result.program, end) for result in results]
        asked = [
            queries({name: result.scenario.outcomes[name] for name in shared}, program)
            for result, program in zip(results, programs, strict=True)
        ]
        self.questions = [
            SharedQuestion(each, programs, closing=closing) for each in zip(*asked, strict=True)
        ]
        self._widths = dict.fromkeys(_GRIDS, 0)
        for question in self.questions:
            question.stand(self._widths)
        self._sides = [
            Side(
                program,
                asked[number],
                Asked(self._puts(number, result), program.horizon, closing, draw_levels),
                result.kept if result is results[0] else None,
            )
            for number, (result, program) in enumerate(zip(results, programs, strict=True))
        ]
        self.sums = self._blank()
        self.moments: list[list[IntArray]] = []

    def _puts(self, number: int, result: Compared) -> tuple[Put, ...]:
        known = result.scenario.outcomes
        return tuple(one.put(number, known[one.query.name]) for one in self.questions)

    def _blank(self) -> dict[str, PairedSums]:
        count = len(self._sides)
        return {kind: PairedSums(count, self._widths[kind], grid) for kind, grid in _GRIDS.items()}

    def gather(
        self, results: Sequence[Compared], runs: int, each: Each, notice: Notice
    ) -> list[Any]:
        """Read so many runs of all results; gives what is noticed of the blocks read together."""

        def read(blocks: Sequence[Sequence[Firings]]) -> _Read:
            return self._read(blocks, notice)

        moments, noticed = [], []
        for found in each(read, _together(aligned([result.parts for result in results], runs))):
            for of_block in found.sums:
                for kind, sums in of_block.items():
                    self.sums[kind].merge(sums)
            moments.append(found.moments)
            noticed.append(found.noticed)
        for pieces in zip(*moments, strict=True):
            self.moments.append([np.concatenate(one) for one in zip(*pieces, strict=True)])
        return noticed

    def _read(self, blocks: Sequence[Sequence[Firings]], notice: Notice) -> _Read:
        by_side = zip(self._sides, zip(*blocks, strict=True), strict=True)
        told = [side.told(pieces) for side, pieces in by_side]
        each = zip(*(one.moments for one in told), strict=True)
        moments = [[one for one in of_question if one is not None] for of_question in each]
        edges = np.cumsum([0, *(base.runs for base, *_ in blocks)]).tolist()
        return _Read(
            [self._summed(told, slice(*rows)) for rows in pairwise(edges)],
            moments,
            notice([*zip(*(one.answers for one in told), strict=True)]),
        )

    def _summed(self, told: Sequence[Told], rows: slice) -> dict[str, PairedSums]:
        """Sum up some rows of what was told."""
        sums = self._blank()
        for kind in told[0].columns:
            take = sums[kind].update_truths if kind == "truths" else sums[kind].update
            take([one.columns[kind][rows] for one in told])
        return sums


def _together(blocks: Iterable[Sequence[Firings]]) -> Iterator[list[Sequence[Firings]]]:
    """Put neighbouring blocks together that are read at one stroke."""
    held: list[Sequence[Firings]] = []
    for block in blocks:
        held.append(block)
        if sum(base.runs for base, *_ in held) >= _READ_RUNS:
            yield held
            held = []
    if held:
        yield held


def _closed(program: Program, end: int) -> Program:
    """Let a program end then; as it is where it does, so that it is known again."""
    horizon = end - program.start
    return program if program.horizon == horizon else replace(program, horizon=horizon)


class SharedQuestion:
    """One question put to all results, and where its numbers stand among those of all."""

    def __init__(
        self, asked: Sequence[Query], programs: Sequence[Program], *, closing: bool
    ) -> None:
        self.query, base = asked[0], programs[0]
        self.paired = [program.seed == base.seed for program in programs]
        days = self.query.days(base, () if closing else boundaries(base, YEARLY))
        moments = np.array(days.instants) + base.start
        self._looks = [tuple((moments - program.start).tolist()) for program in programs]
        years = [calendar_years(program) for program in programs]
        self._first_year = max(past[-1] + 1 if closing else past[0] for past in years)
        each = list(zip(asked, programs, strict=True))
        columns, self._places = _matched(
            [query.columns(program, days, self._first_year) for query, program in each]
        )
        courses, self._course_places = _matched(
            [[] if closing else query.course_columns(program) for query, program in each]
        )
        # Years until a date count from the base's start on, wherever the others' is.
        waits = self.query.until_a_date
        self._later = [waits * (program.start - base.start) / YEAR for program in programs]
        self._columns = {sums_of(self.query): columns, "courses": courses}
        self._first: dict[str, int] = {}

    def stand(self, widths: dict[str, int]) -> None:
        """Take the next places among the numbers of all questions."""
        for kind, columns in self._columns.items():
            self._first[kind] = widths[kind]
            widths[kind] += len(columns)

    def columns(self) -> list[tuple[str, int, Column]]:
        """List its numbers: the sums that hold each, where it stands in them, and what it is."""
        return [
            (kind, self._first[kind] + number, column)
            for kind, columns in self._columns.items()
            for number, column in enumerate(columns)
        ]

    def put(self, result: int, question: Question) -> Put:
        """Put it to one of the results, whose scenario has it as `question`."""
        return Put(
            name=self.query.name,
            question=question,
            looks=self._looks[result],
            first_year=self._first_year,
            places=self._places[result],
            course_places=self._course_places[result],
            later=self._later[result],
        )


def _matched(told: Sequence[Sequence[Column]]) -> tuple[list[Column], list[ColumnPlaces]]:
    """Find the numbers that all results tell, and where each of them stands in each result."""
    places = [{_key(column): place for place, column in enumerate(each)} for each in told]
    common = {
        key: told[0][place]
        for key, place in places[0].items()
        if all(key in each for each in places)
    }
    return list(common.values()), [_chosen([each[key] for key in common], each) for each in places]


def _chosen(places: list[int], among: Sized) -> ColumnPlaces:
    """Write all places in their order as None, which copies nothing."""
    return None if places == [*range(len(among))] else tuple(places)


def _key(column: Column) -> Hashable:
    """Identify the number in any of the results, whatever the order of their names."""
    named = None if column.label is None else label_key(column.label)
    return column.measure, column.day, named
