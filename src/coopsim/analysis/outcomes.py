"""The questions of a scenario, answered for every timeline of a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from coopsim.analysis.checkpoints import YEARLY, boundaries, day_of
from coopsim.analysis.timelines import (
    NEVER,
    BoolArray,
    Changes,
    FloatArray,
    IntArray,
    Timelines,
    places_shape,
)
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.scenario.spec import Question
from coopsim.simulation.building import Names
from coopsim.simulation.program import IndexedCondition, Program

# A gap that cannot be seen: longer than any (only the first happened), shorter than any (only
# the second), or none at all. They sort as they should.
LONGER = NEVER
SHORTER = -NEVER
NEITHER = -NEVER - 1

Seconds = TypeVar("Seconds", int, IntArray)


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """Hold a question in the program's terms.

    What happens from `closes` on (seconds since start) counts as never. Each place is a table
    of shape (events, outcomes) that marks the firings it stands for. `variable` is the driver
    asked about, `terms` are the conditions of an index and their weights.
    """

    name: str
    kind: str
    title: str
    closes: int
    places: tuple[BoolArray, ...]
    labels: tuple[str, ...]
    variable: int
    terms: tuple[tuple[IndexedCondition, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """Hold seconds since start or NEVER, shape (runs,)."""

    times: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Hold firings by calendar year, shape (runs, years)."""

    by_year: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Hold seconds from the first to the second, LONGER, SHORTER or NEITHER, shape (runs,)."""

    seconds: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Firsts:
    """Hold the number of the branch that came first and when, shape (runs,) each.

    Where none came, the branch is the number of branches and the time NEVER.
    """

    branch: IntArray
    times: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Hold the levels of a driver at some instants, shape (runs, instants)."""

    levels: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Indices:
    """Hold the index in percent at some instants, shape (runs, instants)."""

    percent: FloatArray


Answers = Dates | Counts | Gaps | Firsts | Levels | Indices


def queries(questions: Mapping[str, Question], program: Program) -> list[Query]:
    """Put every question in the program's terms, in their order."""
    return [_query(name, question, program) for name, question in questions.items()]


def _query(name: str, question: Question, program: Program) -> Query:
    names = Names.of(program)
    closes = program.horizon
    if question.by is not None:
        closes = min(closes, question.by.end_of_day - program.start)
    return Query(
        name=name,
        kind=question.kind,
        title=question.title or name,
        closes=closes,
        places=tuple(_place(program, events, question.outcome) for events in question.events),
        labels=tuple(" or ".join(events) for events in question.events),
        variable=-1 if question.driver is None else names.variables[question.driver],
        terms=tuple((names.condition(item.when), item.weight) for item in question.index),
    )


def _place(program: Program, events: Sequence[str], outcome: str | None) -> BoolArray:
    place = np.zeros(places_shape(program), dtype=np.bool_)
    for number, event in enumerate(program.events):
        if event.name in events:
            for position, possible in enumerate(event.outcomes):
                place[number, position] = outcome in (None, possible.name)
    return place


def answer(query: Query, timelines: Timelines, instants: Sequence[int]) -> Answers:
    """Answer one question for every timeline; drivers and indices at the given instants."""
    match query.kind:
        case "count":
            return counts(query, timelines)
        case "between":
            return gaps(query, timelines)
        case "first_of":
            return firsts(query, timelines)
        case "driver":
            return Levels(timelines.levels(query.variable, instants))
        case "index":
            return _indices(query, timelines, instants)
        case _:
            return dates(query, timelines)


def dates(query: Query, timelines: Timelines) -> Dates:
    """Answer when it happened: kinds event, last and all_of."""
    if query.kind == "last":
        rows = timelines.last(timelines.rows(query.places[0], query.closes))
        return Dates(timelines.times(rows))
    return Dates(timelines.times(_first_rows(query, timelines).max(axis=0)))


def counts(query: Query, timelines: Timelines) -> Counts:
    """Answer how often it happened: kind count."""
    rows = timelines.rows(query.places[0], query.closes)
    return Counts(timelines.counts(rows, boundaries(timelines.program, YEARLY)))


def _first_rows(query: Query, timelines: Timelines) -> IntArray:
    """Get each place's first row in each run, shape (places, runs)."""
    rows = (timelines.rows(place, query.closes) for place in query.places)
    return np.stack([timelines.first(found) for found in rows])


def first_times(query: Query, timelines: Timelines) -> IntArray:
    """Get when each of a question's events first came, NEVER if not, shape (places, runs)."""
    return timelines.times(_first_rows(query, timelines))


def gaps(query: Query, timelines: Timelines) -> Gaps:
    """Answer how long after the first the second happened: kind between."""
    first, second = first_times(query, timelines)
    unseen = np.select([second != NEVER, first != NEVER], [SHORTER, LONGER], NEITHER)
    both = (first != NEVER) & (second != NEVER)
    seconds = np.where(both, second, 0) - np.where(both, first, 0)
    return Gaps(np.where(both, seconds, unseen))


def whole_days(gap: Seconds) -> Seconds:
    """Tell a gap in days, to the nearest one."""
    return (gap + DAY // 2) // DAY


def shown(query: Query, moment: int | None) -> date | float | None:
    """Tell a moment as its day, and a gap in years to the nearest day, as summaries do."""
    if moment is None:
        return None
    return whole_days(moment) * DAY / YEAR if query.kind == "between" else day_of(moment)


def firsts(query: Query, timelines: Timelines) -> Firsts:
    """Answer which came first and when: kind first_of."""
    rows = _first_rows(query, timelines)
    earliest = rows.min(axis=0)
    branch = np.where(earliest == NEVER, len(query.places), rows.argmin(axis=0))
    return Firsts(branch, timelines.times(earliest))


def _indices(query: Query, timelines: Timelines, instants: Sequence[int]) -> Indices:
    levels = {variable: timelines.levels(variable, instants) for variable in _variables(query)}
    return Indices(_percent(query, timelines.program, levels, (timelines.runs, len(instants))))


def index_changes(query: Query, timelines: Timelines) -> tuple[FloatArray, Changes]:
    """Follow an index through time: its values in percent, and the changes among them."""

    def percent(levels: Mapping[int, IntArray], size: int) -> FloatArray:
        return _percent(query, timelines.program, levels, (size,))

    return timelines.combined(_variables(query), percent)


def _variables(query: Query) -> list[int]:
    conditions = (condition for condition, _ in query.terms)
    return sorted({test.variable for rows in conditions for row in rows for test in row})


def _percent(
    query: Query, program: Program, levels: Mapping[int, IntArray], shape: tuple[int, ...]
) -> FloatArray:
    reached = np.zeros(shape)
    for condition, weight in query.terms:
        reached += weight * _met(condition, program, levels, shape)
    percent: FloatArray = 100.0 * reached / sum(weight for _, weight in query.terms)
    return percent


def holds(condition: IndexedCondition, timelines: Timelines, instants: Sequence[int]) -> BoolArray:
    """Tell where a condition holds at some instants, shape (runs, instants)."""
    variables = {test.variable for row in condition for test in row}
    levels = {variable: timelines.levels(variable, instants) for variable in variables}
    return _met(condition, timelines.program, levels, (timelines.runs, len(instants)))


def _met(
    condition: IndexedCondition,
    program: Program,
    levels: Mapping[int, IntArray],
    shape: tuple[int, ...],
) -> BoolArray:
    """Tell where a condition holds, given the levels of its variables, all of this shape."""
    any_row = np.zeros(shape, dtype=np.bool_)
    for row in condition:
        all_tests = np.ones(shape, dtype=np.bool_)
        for test in row:
            possible = range(len(program.levels_of(test.variable)))
            passes = np.array([bool(test.mask >> level & 1) for level in possible])
            all_tests &= passes[levels[test.variable]]
        any_row |= all_tests
    return any_row
