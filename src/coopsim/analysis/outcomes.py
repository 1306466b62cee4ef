"""The questions of a scenario, answered for every timeline of a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.analysis.checkpoints import YEARLY, boundaries
from coopsim.analysis.timelines import (
    NEVER,
    BoolArray,
    FloatArray,
    IntArray,
    Timelines,
    places_shape,
)
from coopsim.scenario.spec import Question
from coopsim.simulation.building import Names
from coopsim.simulation.program import Condition, Program

# A gap that cannot be seen: longer than any (only the first happened), shorter than any (only
# the second), or none at all. They sort as they should.
LONGER = NEVER
SHORTER = -NEVER
NEITHER = -NEVER - 1


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
    terms: tuple[tuple[Condition, float], ...]


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
            rows = timelines.rows(query.places[0], query.closes)
            return Counts(timelines.counts(rows, boundaries(timelines.program, YEARLY)))
        case "between":
            return _gaps(query, timelines)
        case "first_of":
            return _firsts(query, timelines)
        case "driver":
            return Levels(timelines.levels(query.variable, instants))
        case "index":
            return _indices(query, timelines, instants)
        case _:
            return _dates(query, timelines)


def _dates(query: Query, timelines: Timelines) -> Dates:
    if query.kind == "last":
        rows = timelines.last(timelines.rows(query.places[0], query.closes))
        return Dates(timelines.times(rows))
    return Dates(timelines.times(_first_rows(query, timelines).max(axis=0)))


def _first_rows(query: Query, timelines: Timelines) -> IntArray:
    """Get each place's first row in each run, shape (places, runs)."""
    rows = (timelines.rows(place, query.closes) for place in query.places)
    return np.stack([timelines.first(found) for found in rows])


def _gaps(query: Query, timelines: Timelines) -> Gaps:
    first, second = timelines.times(_first_rows(query, timelines))
    unseen = np.select([second != NEVER, first != NEVER], [SHORTER, LONGER], NEITHER)
    both = (first != NEVER) & (second != NEVER)
    seconds = np.where(both, second, 0) - np.where(both, first, 0)
    return Gaps(np.where(both, seconds, unseen))


def _firsts(query: Query, timelines: Timelines) -> Firsts:
    rows = _first_rows(query, timelines)
    earliest = rows.min(axis=0)
    branch = np.where(earliest == NEVER, len(query.places), rows.argmin(axis=0))
    return Firsts(branch, timelines.times(earliest))


def _indices(query: Query, timelines: Timelines, instants: Sequence[int]) -> Indices:
    reached = np.zeros((timelines.runs, len(instants)))
    for condition, weight in query.terms:
        reached += weight * holds(condition, timelines, instants)
    return Indices(100.0 * reached / sum(weight for _, weight in query.terms))


def holds(condition: Condition, timelines: Timelines, instants: Sequence[int]) -> BoolArray:
    """Tell where a condition holds at some instants, shape (runs, instants)."""
    shape = (timelines.runs, len(instants))
    any_row = np.zeros(shape, dtype=np.bool_)
    for row in condition:
        all_tests = np.ones(shape, dtype=np.bool_)
        for test in row:
            levels = range(len(timelines.program.levels_of(test.variable)))
            passes = np.array([bool(test.mask >> level & 1) for level in levels])
            all_tests &= passes[timelines.levels(test.variable, instants)]
        any_row |= all_tests
    return any_row
