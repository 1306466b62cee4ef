"""Numbers read off each timeline: what a question comes to, in the notation of --outcome.

`reentry`, `reentry by 2031`, `last_swap after 2030`, `joint_end = us_leaves_iss`,
`climate = thaw on 2030`, `cooperation by 2030`: an outcome's name, the branch or level meant where
it has several, and a day on which to look instead of the question's own. What is none of these is
read as a statement about a timeline (docs/given.md): `third soyuz_flight by 2027`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from coopsim.analysis.checkpoints import day_of, last_day
from coopsim.analysis.evidence.asked import Statement, Truths
from coopsim.analysis.evidence.statements import StatementError
from coopsim.analysis.kinds.base import Answers, Query
from coopsim.analysis.naming import question_named, with_ids
from coopsim.analysis.outcomes import queries
from coopsim.analysis.timelines import IntArray, Timelines, places_shape, telling
from coopsim.errors import UsageError
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import parse_date
from coopsim.scenario.spec import Question, Scenario
from coopsim.scenario.text.near import nearest
from coopsim.scenario.text.reading import listing
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

_NOTATION = re.compile(
    r"(?P<name>[^=\s]+)(?:\s*=\s*(?P<label>.+?))?"
    r"(?:\s+(?P<word>by|after|on)\s+(?P<date>\S+))?"
)


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """One number of a timeline: 1 or 0 (`share`), a `count`, or an index in `percent`.

    `label` is the branch, level or share meant, `column` its place among them. With `after`, a
    date counts only where it lies later than that second (since start). `text` is how --outcome
    writes it.
    """

    text: str
    query: Query | Statement
    unit: str
    label: str | None = None
    column: int = 0
    after: int | None = None

    @property
    def dated(self) -> bool:
        """Check whether a median goes with it: of a date, or of years from one to the other."""
        return self.query.median is not None and self.column == 0

    @property
    def course_unit(self) -> str | None:
        """Get the unit of the answer's course over time; None for a statement, which has none."""
        return self.query.course_unit


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """The numbers of some measures in some runs.

    `numbers` has shape (measures, runs), and so has `courses`: the same answers over time up to
    their close, in `Measure.course_unit`; where that is None, the number again. `moments` are by
    measure: epoch seconds of a date, or seconds from one to the other; None where the measure has
    no median.
    """

    numbers: FloatArray
    courses: FloatArray
    moments: tuple[IntArray | None, ...]


def measures(
    program: Program, scenario: Scenario, asked: Sequence[str | Measure] = ()
) -> list[Measure]:
    """Make the measures that are asked for, or those of all questions.

    What is no outcome is read as a statement; what is a measure already stays.

    Raises UsageError for what is neither an outcome of the scenario nor a statement.
    """
    if asked:
        return [
            one if isinstance(one, Measure) else _asked(program, scenario, one) for one in asked
        ]
    return [one for query in queries(scenario.outcomes, program) for one in _all(query, program)]


def chances(program: Program, scenario: Scenario, asked: Sequence[str]) -> list[Measure]:
    """Make the measures of statements; what is no statement is read as an outcome.

    So a statement means here what it means as evidence. Raises UsageError as `measures` does, and
    for a number that is no chance.
    """
    return [_chance(program, scenario, text) for text in asked]


def _chance(program: Program, scenario: Scenario, text: str) -> Measure:
    try:
        return _statement(program, scenario, text)
    except UsageError as error:
        no_statement = error
    try:
        found = outcome_measure(program, scenario.outcomes, text)
    except UsageError as error:
        told = f" (as an outcome: {error})" if _names_outcome(text, scenario.outcomes) else ""
        raise UsageError(f"{no_statement}{told}") from None
    if found.unit != "share":
        raise UsageError(f"`{text}` is a number, not a chance: write a statement")
    return found


def _names_outcome(text: str, questions: Mapping[str, Question]) -> bool:
    """Check whether a text names an outcome, or nearly, and goes on as their notation does."""
    try:
        match = _NOTATION.fullmatch(with_ids(text.strip(), questions))
    except UsageError:
        return False
    if match is None:
        return False
    return match["name"] in questions or nearest(match["name"], questions) is not None


def _all(query: Query, program: Program) -> list[Measure]:
    labels = query.measured(program)
    if not labels:
        return [Measure(query.name, query, query.unit)]
    return [
        Measure(f"{query.name} = {label}", query, query.unit, label, column)
        for column, label in enumerate(labels)
    ]


def _statement(program: Program, scenario: Scenario, text: str) -> Measure:
    statement = Statement.read(text.strip(), scenario, program)
    return Measure(statement.name, statement, statement.unit)


def _asked(program: Program, scenario: Scenario, text: str) -> Measure:
    """Read an outcome; what cannot be read as one is read as a statement."""
    try:
        return outcome_measure(program, scenario.outcomes, text)
    except UsageError as error:
        no_outcome = error
    try:
        return _statement(program, scenario, text)
    except StatementError as error:
        if error.at > 1:  # it makes sense as a statement from its first word on
            raise UsageError(f"{error} (as an outcome: {no_outcome})") from None
        raise UsageError(f"{no_outcome} (as a statement: {error})") from None


def outcome_measure(program: Program, questions: Mapping[str, Question], text: str) -> Measure:
    """Make the measure of an outcome; raises UsageError for what the scenario does not ask."""
    written, text = text.strip(), with_ids(text.strip(), questions)
    match = _NOTATION.fullmatch(text)
    if match is None:
        expected = "NAME, NAME = LEVEL or NAME by DATE"
        raise UsageError(f"'{written}' is not an outcome; expected {expected}")
    name, label = match["name"], match["label"]
    name = question_named(name, questions)
    (query,) = queries({name: questions[name]}, program)
    found = _labelled(query, program, label, text)
    if match["word"] is None:
        return found
    return _dated(found, query, program, match["word"], match["date"])


def _labelled(query: Query, program: Program, label: str | None, text: str) -> Measure:
    labels = query.labels_in(program)
    if label is None and query.one_number:
        return Measure(text, query, query.unit, labels[0] if labels else None)
    if label not in labels:
        found = f"'{query.name}' alone" if label is None else f"'{query.name} = {label}'"
        expected = listing([f"`{query.name} = {one}`" for one in labels])
        raise UsageError(
            f"{found} is not a single number; expected {expected or f'`{query.name}`'}"
        )
    return Measure(text, query, query.unit, label, labels.index(label))


def _dated(measure: Measure, query: Query, program: Program, word: str, text: str) -> Measure:
    """Look at a measure on a day instead of its question's own."""
    try:
        day = parse_date(text).end_of_day - program.start
    except ValueError as error:
        raise UsageError(f"'{text}' in '{measure.text}' is not a date; expected {error}") from None
    if not 0 < day <= program.horizon:
        first, last = day_of(program.start), last_day(program, program.horizon)
        raise UsageError(
            f"'{measure.text}': found {text}, outside the simulated time; expected a date from "
            f"{first} to {last}"
        )
    if word not in query.day_words:
        raise UsageError(f"'{measure.text}': {_instead_of(word, measure, text)}")
    if word == "after":
        return replace(measure, query=query.latest(), after=day)
    return replace(measure, query=replace(query, closes=min(query.closes, day)))


def _instead_of(word: str, measure: Measure, day: str) -> str:
    """Advise what to write where a word cannot stand before a day."""
    if word == "after":
        return "`after` goes only with the date of an event"
    if word == "on":
        return "`on` goes only with a level or an index; write `by`"
    asked = f"{measure.query.name} = {measure.label}"
    return (
        f"`by` would mean at any time until then; for the level on that day write `{asked} "
        f"on {day}`"
    )


# --- reading -----------------------------------------------------------------------------------


def read(asked: Sequence[Measure], program: Program, firings: Firings) -> Samples:
    """Read measures off every timeline of some firings of the program they were made for."""
    # Mostly a few in a hundred firings matter to the measures.
    marked = (query.matters(program) for query in _queries(asked))
    matters = reduce(np.logical_or, marked, np.zeros(places_shape(program), bool))
    timelines = Timelines(program, telling(matters, firings))
    answered: dict[int, tuple[Answers | Truths, FloatArray]] = {}
    for query in _queries(asked):
        answers: Answers | Truths = query.answer(timelines, [query.closes])
        answered[id(query)] = answers, answers.course()
    found = [(one, *answered[id(one.query)]) for one in asked]
    return Samples(
        np.stack([answers.sample(one.column, one.after or 0) for one, answers, _ in found]),
        np.stack([_course(one, columns) for one, _, columns in found]),
        tuple(answers.moments() if one.dated else None for one, answers, _ in found),
    )


def _queries(asked: Sequence[Measure]) -> list[Query | Statement]:
    """List the queries of some measures, each once."""
    return list({id(one.query): one.query for one in asked}.values())


def _course(measure: Measure, columns: FloatArray) -> FloatArray:
    # Of a gap there is one course, whichever of its shares is meant.
    return columns[:, measure.column if columns.shape[1] > 1 else 0]


def joined(pieces: Sequence[Samples]) -> Samples:
    """Join the samples of neighbouring runs."""
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
