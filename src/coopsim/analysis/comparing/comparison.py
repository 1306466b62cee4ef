"""Several results side by side, and how each differs from the first, run by run."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import YEARLY, boundaries, calendar_years, day_of
from coopsim.analysis.comparing.alike import ScenarioSide, asked_alike, label_key
from coopsim.analysis.comparing.medians import median, median_bounds, median_difference
from coopsim.analysis.comparing.pairing import (
    MovedShares,
    PairedEstimate,
    PairedSums,
    aligned,
    chances,
    moments_moved,
)
from coopsim.analysis.kinds.base import Column, Query
from coopsim.analysis.outcomes import queries
from coopsim.analysis.statistics.order_statistics import Bounds
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import DrawLevels, IntArray, Timelines, drawn_levels
from coopsim.errors import UsageError
from coopsim.scenario.notation.values import YEAR
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

_GRID = 8766  # hours in a year: whole ones sum up to the same, however the runs are cut


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """One result to compare: its name, assumptions and firings, run 0 first."""

    name: str
    scenario: Scenario
    program: Program
    runs: int
    parts: Iterable[Firings]
    whole: bool = True  # else of each event only the first firing with each outcome is there


@dataclass(frozen=True, slots=True)
class ComparedNumber:
    """One number of each result by name, and of each but the base its difference.

    The unit is that of the differences: `share`, `count`, `percent` (points) or `years`.
    `over_time` is an answer's course up to its close, as in `courses`: of a date the mean years
    from the base's start until it comes, never counting as the close. A median is a date or, of
    `between`, a number of years; None where it is not reached. `intervals` are 95 %; an end of a
    median's is None as in a summary. `moved` tells in which shares of the timelines a result's
    number is above and below the base's (a median's: in which the date is later and earlier, the
    gap longer and shorter); None where the two share no luck.
    """

    measure: str
    unit: str
    day: date | None
    label: str | None
    values: dict[str, float | date | None]
    intervals: dict[str, Bounds[float | date] | None]
    differences: dict[str, PairedEstimate | None]
    moved: dict[str, MovedShares | None]


@dataclass(frozen=True, slots=True)
class ComparedOutcome:
    """All measures of one question, the headline first."""

    kind: str
    title: str
    measures: tuple[ComparedNumber, ...]


@dataclass(frozen=True, slots=True)
class ComparedResult:
    """What was compared; `paired` tells whether it shares its luck with the base.

    `sets` are what was set in it over what its file says.
    """

    scenario: str
    title: str
    seed: int
    runs: int
    paired: bool
    sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """Results side by side over their common first `runs` timelines.

    So many of all the differences would stand out `by_chance` if there were none.
    """

    base: str
    runs: int
    results: dict[str, ComparedResult]
    warnings: tuple[str, ...]
    outcomes: dict[str, ComparedOutcome]
    by_chance: float

    def __repr__(self) -> str:
        names = ", ".join(self.results)
        return f"<Comparison {names}: {self.runs:,} runs, {len(self.outcomes)} outcomes>"

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def compare(results: Sequence[Compared], draw_levels: DrawLevels = drawn_levels) -> Comparison:
    """Compare results with the first of them, on the questions that they share.

    Results of one seed share their luck, so that the differences within a run are small and
    their intervals narrow; other seeds, starts, ends and numbers of runs give a warning.
    Raises UsageError where there is nothing to compare: fewer than two results, one name
    twice, fewer than two common timelines, or no shared question.
    """
    runs = _common_runs(results)
    shared, left_out = asked_alike(
        [ScenarioSide.of(r.name, r.scenario, r.program, whole=r.whole) for r in results]
    )
    outcomes = _Outcomes(results, shared)
    for block in aligned([result.parts for result in results], runs):
        outcomes.update(block, draw_levels)
    base, compared = results[0], outcomes.compared()
    measured = [each for one in compared.values() for each in one.measures]
    looked_at = chances(found for each in measured for found in each.differences.values())
    return Comparison(
        base=base.name,
        runs=runs,
        results={r.name: _described(r, base) for r in results},
        warnings=(*_warnings(results, runs), *left_out),
        outcomes=compared,
        by_chance=looked_at / 20,
    )


def _common_runs(results: Sequence[Compared]) -> int:
    names = [result.name for result in results]
    if len(names) < 2:
        raise UsageError("a comparison needs at least two results")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"a comparison needs different results; given twice: {', '.join(twice)}")
    runs = min(result.runs for result in results)
    if runs < 2:
        raise UsageError("a comparison needs at least two timelines of each result")
    return runs


def _described(result: Compared, base: Compared) -> ComparedResult:
    return ComparedResult(
        scenario=result.program.scenario,
        title=result.scenario.title or result.program.scenario,
        seed=result.program.seed,
        runs=result.runs,
        paired=result.program.seed == base.program.seed,
        sets=result.scenario.variant,
    )


def _warnings(results: Sequence[Compared], runs: int) -> Iterator[str]:
    """Warn of what stands between the results besides their assumptions."""
    base = results[0]
    if any(result.runs != runs for result in results):
        yield f"the results differ in size: the first {runs} timelines of each are compared"
    if len({_end(result.program) for result in results}) > 1:
        last = day_of(common_end(results) - 1)
        yield f"the results end on different days: all questions close after {last}"
    for result in results[1:]:
        pair = f"{base.name} and {result.name}"
        if result.program.seed != base.program.seed:
            yield f"{pair} have different seeds, so they share no luck, and the intervals are wide"
        if result.program.start != base.program.start:
            yield f"{pair} start on different days: timelines agree less, and counts differ"


def _end(program: Program) -> int:
    return program.start + program.horizon


def common_end(results: Sequence[Compared]) -> int:
    """Find the epoch second at which the first of some results ends."""
    return min(_end(result.program) for result in results)


class _Outcomes:
    """All shared questions, gathered over blocks of runs."""

    def __init__(self, results: Sequence[Compared], shared: Sequence[str]) -> None:
        end = common_end(results)
        self._names = [result.name for result in results]
        # Closed at the common end, so that every result is asked about the same days.
        self._programs = [
            replace(result.program, horizon=end - result.program.start) for result in results
        ]
        asked = [
            queries({name: result.scenario.outcomes[name] for name in shared}, program)
            for result, program in zip(results, self._programs, strict=True)
        ]
        self._outcomes = [_Outcome(each, self._programs) for each in zip(*asked, strict=True)]

    def update(self, block: Sequence[Firings], draw_levels: DrawLevels) -> None:
        timelines = [
            Timelines(program, firings, draw_levels)
            for program, firings in zip(self._programs, block, strict=True)
        ]
        for outcome in self._outcomes:
            outcome.update(timelines)

    def compared(self) -> dict[str, ComparedOutcome]:
        return {outcome.query.name: outcome.compared(self._names) for outcome in self._outcomes}


class _Outcome:
    """One question, gathered over blocks of runs, for every result."""

    def __init__(self, asked: Sequence[Query], programs: Sequence[Program]) -> None:
        self.query, base = asked[0], programs[0]
        self._asked = asked
        self._paired = [program.seed == base.seed for program in programs]
        days = self.query.days(base, boundaries(base, YEARLY))
        moments = np.array(days.instants) + base.start
        self._looks = [moments - program.start for program in programs]
        self._first_year = max(calendar_years(program)[0] for program in programs)
        each = list(zip(asked, programs, strict=True))
        self._columns, self._places = _matched(
            [query.columns(program, days, self._first_year) for query, program in each]
        )
        self._sums = PairedSums(len(programs), len(self._columns))
        self._course_columns, self._course_places = _matched(
            [query.course_columns(program) for query, program in each]
        )
        self._courses = PairedSums(len(programs), len(self._course_columns), _GRID)
        self._moments: list[list[IntArray]] = [[] for _ in programs]
        # Years until a date count from the base's start on, wherever the others' is.
        waits = self.query.until_a_date
        self._later = [waits * (program.start - base.start) / YEAR for program in programs]

    def update(self, timelines: Sequence[Timelines]) -> None:
        block, over_time = [], []
        for result, (query, seen) in enumerate(zip(self._asked, timelines, strict=True)):
            looks = self._looks[result]
            answers = query.answer(seen, looks.tolist())
            found = answers.numbers(looks, self._first_year)
            block.append(found[:, self._places[result]])
            course = answers.course()[:, self._course_places[result]]
            over_time.append(np.rint((course + self._later[result]) * _GRID))
            moments = answers.moments()
            if moments is not None:
                self._moments[result].append(moments)
        self._sums.update(block)
        self._courses.update(over_time)

    def compared(self, names: Sequence[str]) -> ComparedOutcome:
        measures = [
            self._measure(names, sums, number, column)
            for sums, columns in (
                (self._sums, self._columns),
                (self._courses, self._course_columns),
            )
            for number, column in enumerate(columns)
        ]
        if self._moments[0]:
            measures.append(self._median(names))
        return ComparedOutcome(self.query.kind, self.query.title, tuple(measures))

    def _measure(
        self, names: Sequence[str], sums: PairedSums, number: int, column: Column
    ) -> ComparedNumber:
        return ComparedNumber(
            measure=column.measure,
            unit=column.unit,
            day=column.day,
            label=column.label,
            values={name: sums.value(result, number) for result, name in enumerate(names)},
            intervals={
                name: sums.interval(result, number, column) for result, name in enumerate(names)
            },
            differences={
                name: sums.difference(result, number, column.unit, column.whole)
                for result, name in enumerate(names)
                if result
            },
            moved={
                name: sums.moved(result, number) if self._paired[result] else None
                for result, name in enumerate(names)
                if result
            },
        )

    def _median(self, names: Sequence[str]) -> ComparedNumber:
        moments = [np.concatenate(pieces) for pieces in self._moments]
        middles = [self.query.shown(median(each)) for each in moments]
        ends = [median_bounds(each) for each in moments]
        bounded = [(self.query.shown(low), self.query.shown(high)) for low, high in ends]
        return ComparedNumber(
            measure="median",
            unit="years",
            day=None,
            label=None,
            values=dict(zip(names, middles, strict=True)),
            intervals=dict(zip(names, bounded, strict=True)),
            differences={
                name: median_difference(moments[0], other, YEAR)
                for name, other in zip(names[1:], moments[1:], strict=True)
            },
            moved={
                name: moments_moved(moments[0], other) if paired else None
                for name, other, paired in zip(
                    names[1:], moments[1:], self._paired[1:], strict=True
                )
            },
        )


def _matched(told: Sequence[Sequence[Column]]) -> tuple[list[Column], list[list[int]]]:
    """Find the numbers that all results tell, and where each of them stands in each result."""
    places = [{_key(column): place for place, column in enumerate(each)} for each in told]
    common = [column for column in told[0] if all(_key(column) in each for each in places)]
    return common, [[each[_key(column)] for column in common] for each in places]


def _key(column: Column) -> Hashable:
    """Identify the number in any of the results, whatever the order of their names."""
    named = None if column.label is None else label_key(column.label)
    return column.measure, column.day, named
