"""The same runs of several results, and what each question that they share comes to in them.

Blocks of runs are read each by itself, by whichever thread is free, and added up in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
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

# Of a block, the answers of each question in every result; what is made of them is handed on.
Notice = Callable[[Sequence[Sequence[Answers]]], Any]

_GRIDS = {"truths": 1, "numbers": 1, "courses": GRID}


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
class _Block:
    """What all questions come to in a block of runs: truths, numbers and courses in sums.

    `moments` are by question and result, shape (runs,), where there are any.
    """

    sums: Mapping[str, PairedSums]
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
        """Read so many runs of all results; gives what is noticed of each block."""

        def read(block: Sequence[Firings]) -> _Block:
            return self._read(block, notice)

        moments, noticed = [], []
        for block in each(read, aligned([result.parts for result in results], runs)):
            for kind, sums in block.sums.items():
                self.sums[kind].merge(sums)
            moments.append(block.moments)
            noticed.append(block.noticed)
        for pieces in zip(*moments, strict=True):
            self.moments.append([np.concatenate(one) for one in zip(*pieces, strict=True)])
        return noticed

    def _read(self, block: Sequence[Firings], notice: Notice) -> _Block:
        told = [side.told(firings) for side, firings in zip(self._sides, block, strict=True)]
        each = zip(*(one.moments for one in told), strict=True)
        moments = [[one for one in of_question if one is not None] for of_question in each]
        return _Block(
            self._summed(told), moments, notice([*zip(*(one.answers for one in told), strict=True)])
        )

    def _summed(self, told: Sequence[Told]) -> dict[str, PairedSums]:
        sums = self._blank()
        for kind in told[0].columns:
            take = sums[kind].update_truths if kind == "truths" else sums[kind].update
            take([one.columns[kind] for one in told])
        return sums


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
    common = [column for column in told[0] if all(_key(column) in each for each in places)]
    return common, [_chosen([each[_key(column)] for column in common], each) for each in places]


def _chosen(places: list[int], among: Sized) -> ColumnPlaces:
    """Write all places in their order as None, which copies nothing."""
    return None if places == [*range(len(among))] else tuple(places)


def _key(column: Column) -> Hashable:
    """Identify the number in any of the results, whatever the order of their names."""
    named = None if column.label is None else label_key(column.label)
    return column.measure, column.day, named
