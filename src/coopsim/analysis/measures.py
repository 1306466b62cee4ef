"""Numbers read off each timeline: what a question comes to, in the notation of --outcome.

`reentry`, `reentry by 2031`, `last_swap after 2030`, `joint_end = us_leaves_iss`,
`climate = thaw on 2030`, `cooperation by 2030`: an outcome's name, the branch or level meant where
it has several, and a day on which to look instead of the question's own. What reads as a statement
about timelines too (docs/given.md) is so in the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import day_of, last_day
from coopsim.analysis.courses import course_unit, courses
from coopsim.analysis.outcomes import (
    LONGER,
    NEITHER,
    SHORTER,
    Answers,
    Counts,
    Dates,
    Firsts,
    Gaps,
    Indices,
    Levels,
    Query,
    answer,
    queries,
)
from coopsim.analysis.timelines import (
    NEVER,
    BoolArray,
    FloatArray,
    IntArray,
    Timelines,
    places_shape,
)
from coopsim.errors import UsageError
from coopsim.scenario.notation.values import parse_date
from coopsim.scenario.spec import Question
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import listing
from coopsim.simulation.firings import COLUMNS, Firings
from coopsim.simulation.program import Program

DATED = ("event", "last", "all_of")
_GAPS = ("both", "only_first", "only_second", "neither")
_UNITS = {"count": "count", "index": "percent"}
_NOTATION = re.compile(
    r"(?P<name>[^=\s]+)(?:\s*=\s*(?P<label>.+?))?"
    r"(?:\s+(?P<side>by|after|on)\s+(?P<date>\S+))?"
)


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """Hold one number of a timeline: 1 or 0 (`share`), a `count`, or an index in `percent`.

    `label` is the branch, level or share meant, `column` its place among them. With `after`, a
    date counts only where it lies later than that second (since start). `text` is how --outcome
    writes it.
    """

    text: str
    query: Query
    unit: str
    label: str | None = None
    column: int = 0
    after: int | None = None

    @property
    def dated(self) -> bool:
        """Tell whether a median goes with it: of a date, or of years from one to the other."""
        return self.query.kind in DATED or (self.query.kind == "between" and self.column == 0)

    @property
    def course_unit(self) -> str:
        """Get the unit of the answer's course over time."""
        return course_unit(self.query.kind)


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Hold what the gauges read off some runs.

    `numbers` has shape (gauges, runs), and so has `courses`: the same answers over time up to
    their close, in `Gauge.course_unit`. `moments` are by gauge: epoch seconds of a date, or
    seconds from one to the other; None where the gauge has no median.
    """

    numbers: FloatArray
    courses: FloatArray
    moments: tuple[IntArray | None, ...]


def gauges(
    program: Program, questions: Mapping[str, Question], asked: Sequence[str] = ()
) -> list[Measure]:
    """Make the gauges that are asked for, or those of all questions.

    Raises UsageError for what the scenario does not ask.
    """
    if asked:
        return [_asked(program, questions, text) for text in asked]
    return [gauge for query in queries(questions, program) for gauge in _all(query, program)]


def labels_of(query: Query, program: Program) -> tuple[str, ...]:
    """List the branches or levels of a question, or nothing where it is one number."""
    if query.kind == "first_of":
        return (*query.labels, "neither")
    if query.kind == "driver":
        return program.levels_of(query.variable)
    return _GAPS if query.kind == "between" else ()


def _all(query: Query, program: Program) -> list[Measure]:
    labels = labels_of(query, program)
    if query.kind == "between":
        labels = labels[:1]
    if not labels:
        return [Measure(query.name, query, _UNITS.get(query.kind, "share"))]
    return [
        Measure(f"{query.name} = {label}", query, "share", label, column)
        for column, label in enumerate(labels)
    ]


def _asked(program: Program, questions: Mapping[str, Question], text: str) -> Measure:
    match = _NOTATION.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"'{text}' is no outcome; expected NAME, NAME = LEVEL or NAME by DATE")
    name, label = match["name"], match["label"]
    if name not in questions:
        hint = near_miss(name, questions)
        raise UsageError(
            f"no outcome '{name}'"
            + (f"; {hint}" if hint else f"; there are {listing(questions, 'and')}")
        )
    (query,) = queries({name: questions[name]}, program)
    gauge = _labelled(query, program, label, text.strip())
    return gauge if match["side"] is None else _dated(gauge, program, match["side"], match["date"])


def _labelled(query: Query, program: Program, label: str | None, text: str) -> Measure:
    labels = labels_of(query, program)
    if label is None and (not labels or query.kind == "between"):
        unit = _UNITS.get(query.kind, "share")
        return Measure(text, query, unit, labels[0] if labels else None)
    if label not in labels:
        found = f"'{query.name}' alone" if label is None else f"'{query.name} = {label}'"
        expected = listing([f"`{query.name} = {one}`" for one in labels])
        raise UsageError(f"{found} is no one number; expected {expected or f'`{query.name}`'}")
    return Measure(text, query, "share", label, labels.index(label))


def _dated(gauge: Measure, program: Program, side: str, text: str) -> Measure:
    try:
        day = parse_date(text).end_of_day - program.start
    except ValueError as error:
        raise UsageError(f"'{text}' in '{gauge.text}' is no date; expected {error}") from None
    if not 0 < day <= program.horizon:
        first, last = day_of(program.start), last_day(program, program.horizon)
        raise UsageError(
            f"'{gauge.text}': found {text}, outside the simulated time; expected a date from "
            f"{first} to {last}"
        )
    kind = gauge.query.kind
    if side == "after":
        if kind not in DATED:
            raise UsageError(f"'{gauge.text}': `after` goes only with the date of an event")
        # It happens after a day where the last time it does lies after it.
        query = replace(gauge.query, kind="last") if kind == "event" else gauge.query
        return replace(gauge, query=query, after=day)
    if side == "on" and kind not in ("driver", "index"):
        raise UsageError(f"'{gauge.text}': `on` goes only with a level or an index; write `by`")
    if side == "by" and kind == "driver":
        asked = f"{gauge.query.name} = {gauge.label}"
        raise UsageError(
            f"'{gauge.text}': `by` would be at any time until then; for the level on that day "
            f"write `{asked} on {text}`"
        )
    return replace(gauge, query=replace(gauge.query, closes=min(gauge.query.closes, day)))


# --- reading -----------------------------------------------------------------------------------


def read(asked: Sequence[Measure], program: Program, firings: Firings) -> Samples:
    """Read gauges off every timeline of some firings of the program they were made for."""
    timelines = Timelines(program, _telling(asked, program, firings))
    answered: dict[int, tuple[Answers, FloatArray]] = {}
    for query in {id(gauge.query): gauge.query for gauge in asked}.values():
        answers = answer(query, timelines, [query.closes])
        answered[id(query)] = answers, courses(query, timelines, answers)
    found = [(gauge, *answered[id(gauge.query)]) for gauge in asked]
    return Samples(
        np.stack([_numbers(gauge, answers) for gauge, answers, _ in found]),
        np.stack([_course(gauge, columns) for gauge, _, columns in found]),
        tuple(_moments(gauge, answers, program.start) for gauge, answers, _ in found),
    )


def _course(gauge: Measure, columns: FloatArray) -> FloatArray:
    # Of a gap there is one course, whichever of its shares is meant.
    return columns[:, gauge.column if columns.shape[1] > 1 else 0]


def joined(pieces: Sequence[Samples]) -> Samples:
    """Join the readings of neighbouring runs."""
    moments = zip(*(piece.moments for piece in pieces), strict=True)
    return Samples(
        np.hstack([piece.numbers for piece in pieces]),
        np.hstack([piece.courses for piece in pieces]),
        tuple(
            np.concatenate([each for each in column if each is not None])
            if column[0] is not None
            else None
            for column in moments
        ),
    )


def _numbers(gauge: Measure, answers: Answers) -> FloatArray:
    found: Any
    match answers:
        case Dates():
            later = -1 if gauge.after is None else gauge.after
            found = (answers.times != NEVER) & (answers.times >= later)
        case Counts():
            found = answers.by_year.sum(axis=1)
        case Gaps():
            unseen = [answers.seconds == value for value in (LONGER, SHORTER, NEITHER)]
            found = [~np.any(unseen, axis=0), *unseen][gauge.column]
        case Firsts():
            found = answers.branch == gauge.column
        case Levels():
            found = answers.levels[:, 0] == gauge.column
        case Indices():
            found = answers.percent[:, 0]
    numbers: FloatArray = found.astype(np.float64)
    return numbers


def _moments(gauge: Measure, answers: Answers, start: int) -> IntArray | None:
    if not gauge.dated:
        return None
    if isinstance(answers, Gaps):
        return answers.seconds
    assert isinstance(answers, Dates)
    return np.where(answers.times == NEVER, NEVER, answers.times + start)


def _telling(asked: Sequence[Measure], program: Program, firings: Firings) -> Firings:
    """Keep only the firings that can matter to the gauges: mostly a few in a hundred."""
    shape = places_shape(program)
    queried = {id(gauge.query): gauge.query for gauge in asked}.values()
    wanted = reduce(
        np.logical_or, (_matters(query, program) for query in queried), np.zeros(shape, bool)
    )
    rows = np.flatnonzero(wanted.ravel()[firings.event * shape[1] + firings.outcome])
    columns: list[Any] = [getattr(firings, name)[rows] for name in COLUMNS]
    return Firings(firings.first_run, firings.runs, *columns)


def _matters(query: Query, program: Program) -> BoolArray:
    """Mark the firings, by event and outcome, that a question's answer depends on."""
    marked = np.zeros(places_shape(program), dtype=np.bool_)
    for place in query.places:
        marked |= place
    read_variables = {test.variable for when, _ in query.terms for row in when for test in row}
    for variable in {*read_variables, *([query.variable] if query.variable >= 0 else [])}:
        marked |= _sets(variable, program)
    return marked


def _sets(variable: int, program: Program) -> BoolArray:
    drivers = len(program.drivers)
    marked = np.zeros(places_shape(program), dtype=np.bool_)
    if variable >= drivers:
        marked[variable - drivers] = True
        return marked
    for number, event in enumerate(program.events):
        for position, outcome in enumerate(event.outcomes):
            effects = (*event.effects, *outcome.effects)
            marked[number, position] = any(effect.driver == variable for effect in effects)
    return marked
