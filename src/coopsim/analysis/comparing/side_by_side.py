"""The same runs of several results, and what each question that they share comes to in them.

Blocks of runs are read each by itself, by whichever thread is free, and added up in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.checkpoints import YEARLY, boundaries, calendar_years
from coopsim.analysis.comparing.alike import label_key
from coopsim.analysis.comparing.pairing import PairedSums, aligned
from coopsim.analysis.kinds.base import Answers, Column, Query
from coopsim.analysis.outcomes import matters, queries
from coopsim.analysis.timelines import DrawLevels, IntArray, Timelines, telling
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import YEAR
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Each
from coopsim.simulation.program import Program

# Of a block, the answers of each question in every result; what is made of them is handed on.
Notice = Callable[[Sequence[Sequence[Answers]]], Any]

_GRID = 8766  # hours in a year: whole ones sum up to the same, however the runs are cut
_GRIDS = {"truths": 1, "numbers": 1, "courses": _GRID}


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """One result to compare: its name, assumptions and firings, run 0 first."""

    name: str
    scenario: Scenario
    program: Program
    runs: int
    parts: Iterable[Firings]
    whole: bool = True  # else of each event only the first firing with each outcome is there

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
        self._draw_levels = draw_levels
        # Closed at the common end, so that every result is asked about the same days.
        self._programs = [
            replace(result.program, horizon=end - result.program.start) for result in results
        ]
        asked = [
            queries({name: result.scenario.outcomes[name] for name in shared}, program)
            for result, program in zip(results, self._programs, strict=True)
        ]
        self._matters = [
            matters(each, program) for each, program in zip(asked, self._programs, strict=True)
        ]
        self._closing = closing
        self.questions = [
            SharedQuestion(each, self._programs, closing=closing)
            for each in zip(*asked, strict=True)
        ]
        self._widths = dict.fromkeys(_GRIDS, 0)
        for question in self.questions:
            question.stand(self._widths)
        self.sums = self._blank()
        self.moments: list[list[IntArray]] = []

    def _blank(self) -> dict[str, PairedSums]:
        count = len(self._programs)
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
        timelines = [
            Timelines(program, telling(matter, firings), self._draw_levels)
            for program, matter, firings in zip(self._programs, self._matters, block, strict=True)
        ]
        answered = [question.answered(timelines) for question in self.questions]
        moments = [[] if self._closing else _known_moments(answers) for answers in answered]
        return _Block(self._summed(answered), moments, notice(answered))

    def _summed(self, answered: Sequence[Sequence[Answers]]) -> dict[str, PairedSums]:
        sums = self._blank()
        told: dict[str, list[list[NDArray[Any]]]] = {kind: [] for kind in sums}
        for question, answers in zip(self.questions, answered, strict=True):
            told[question.kind].append(question.numbers(answers))
            if not self._closing:
                told["courses"].append(question.courses(answers))
        for kind, pieces in told.items():
            if pieces:
                columns = [np.hstack(of_result) for of_result in zip(*pieces, strict=True)]
                take = sums[kind].update_truths if kind == "truths" else sums[kind].update
                take(columns)
        return sums


class SharedQuestion:
    """One question put to all results, and where its numbers stand among those of all."""

    def __init__(
        self, asked: Sequence[Query], programs: Sequence[Program], *, closing: bool
    ) -> None:
        self.query, base = asked[0], programs[0]
        self.kind = "truths" if self.query.unit == "share" else "numbers"
        self._asked = asked
        self.paired = [program.seed == base.seed for program in programs]
        days = self.query.days(base, () if closing else boundaries(base, YEARLY))
        moments = np.array(days.instants) + base.start
        self._looks = [moments - program.start for program in programs]
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
        self._columns = {self.kind: columns, "courses": courses}
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

    def answered(self, timelines: Sequence[Timelines]) -> list[Answers]:
        """Answer it in a block of runs of every result."""
        each = zip(self._asked, timelines, self._looks, strict=True)
        return [query.answer(seen, looks.tolist()) for query, seen, looks in each]

    def numbers(self, answers: Sequence[Answers]) -> list[NDArray[Any]]:
        """Get its numbers in every result, shape (runs, columns)."""
        each = zip(answers, self._looks, self._places, strict=True)
        return [one.numbers(looks, self._first_year)[:, places] for one, looks, places in each]

    def courses(self, answers: Sequence[Answers]) -> list[FloatArray]:
        """Get its courses over time, on a grid, shape (runs, columns)."""
        each = zip(answers, self._course_places, self._later, strict=True)
        return [np.rint((one.course()[:, places] + later) * _GRID) for one, places, later in each]


def _known_moments(answers: Sequence[Answers]) -> list[IntArray]:
    return [moments for one in answers if (moments := one.moments()) is not None]


def _matched(told: Sequence[Sequence[Column]]) -> tuple[list[Column], list[list[int] | slice]]:
    """Find the numbers that all results tell, and where each of them stands in each result."""
    places = [{_key(column): place for place, column in enumerate(each)} for each in told]
    common = [column for column in told[0] if all(_key(column) in each for each in places)]
    return common, [_chosen([each[_key(column)] for column in common], each) for each in places]


def _chosen(places: list[int], among: Sized) -> list[int] | slice:
    """Write all places in their order as a slice, which copies nothing."""
    return slice(None) if places == [*range(len(among))] else places


def _key(column: Column) -> Hashable:
    """Identify the number in any of the results, whatever the order of their names."""
    named = None if column.label is None else label_key(column.label)
    return column.measure, column.day, named
