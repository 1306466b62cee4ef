"""The questions of a scenario, put in its program's terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from coopsim.analysis.kinds import kind_of
from coopsim.analysis.kinds.base import Query
from coopsim.analysis.timelines import BoolArray, places_shape
from coopsim.scenario.spec import Question
from coopsim.simulation.indexing import Names
from coopsim.simulation.program import Program


def queries(questions: Mapping[str, Question], program: Program) -> list[Query]:
    """Put every question in the program's terms, in their order."""
    names = Names.of(program)
    return [_query(name, question, program, names) for name, question in questions.items()]


def matters(asked: Iterable[Query], program: Program) -> BoolArray:
    """Mark the firings, by event and outcome, that the answers to some questions depend on."""
    marked = np.zeros(places_shape(program), dtype=np.bool_)
    for query in asked:
        marked |= query.matters(program)
    return marked


def _query(name: str, question: Question, program: Program, names: Names) -> Query:
    closes = program.horizon
    if question.by is not None:
        closes = min(closes, question.by.end_of_day - program.start)
    return kind_of(question.kind)(
        name=name,
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
