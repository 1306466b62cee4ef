"""What became of it: resolved questions against which a scenario's forecasts are scored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.notation.quantities import read_period
from coopsim.scenario.notation.questions import QUESTIONS
from coopsim.scenario.notation.slips.conditions import truth_meant
from coopsim.scenario.notation.values import LAST_YEAR, Period, format_date, parse_date
from coopsim.scenario.sources.claims import find_seeds, read_claims, wrong_citations
from coopsim.scenario.spec import Question, Scenario
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import (
    Faults,
    Invalid,
    Path,
    invalid,
    keys_within,
    listing,
    mapping_of,
    name_of,
    names_of,
    show,
    text_of,
)
from coopsim.scenario.text.tree import Map, Seq, problem_at
from coopsim.scenario.text.unknown import one_of_few
from coopsim.scenario.text.yaml_text import read_file

T = TypeVar("T")
ASKING = ("question", "statement", *(kind.name for kind in QUESTIONS.values() if kind.alone))
FIELDS = ("id", "title", *ASKING, "outcome", "by", "happened", "date", "level", "sources")


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement about a timeline as it is written: a scenario says what its names stand for."""

    text: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """One question and its answer.

    `asked` is a question of its own, the name of one of the scenario's outcomes, or a statement.
    Either the level of a driver at the end of the day `by` is known, or whether something happened
    by then; `day` is `by` as messages tell it. `date` is when, if that is known too, and `dated`
    the same as it was written. A statement says itself until when: its `by` is the day known.
    """

    identity: str
    title: str
    asked: Question | Stated | str
    by: Period
    day: str
    happened: bool | None
    date: Period | None
    dated: str | None
    level: str | None
    sources: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Resolutions:
    """Resolved questions; what happened is known up to the end of the day `known`."""

    title: str
    known: Period
    questions: tuple[Resolved, ...]
    tree: Map

    def asked_of(
        self, scenario: Scenario, read: Callable[[str, Period], T]
    ) -> dict[str, Question | T]:
        """Put the questions to a scenario; gives each by its id, statements as `read` reads them.

        `read` takes a statement and the day known, and raises Invalid where it cannot be answered.
        Raises ScenarioError with a problem for every name, level or day that the scenario does not
        know, and for every such statement.
        """
        problems: list[Problem] = []
        asked: dict[str, Question | T] = {}
        for one in self.questions:
            try:
                asked[one.identity] = (
                    _stated(one.asked, self.known, read)
                    if isinstance(one.asked, Stated)
                    else _put(one, one.asked, scenario)
                )
            except Invalid as error:
                problems += _problems(self.tree, one.path, error)
        if problems:
            raise ScenarioError(problems)
        return asked


def read_history(path: FilePath) -> Resolutions:
    """Read a file of resolved questions; raises ScenarioError with every problem found."""
    tree, problems = read_file(path, str(path))
    faults = Faults()
    keys_within(tree, ("title", "known", "questions"), faults)
    title, known, items = str(path), None, tree.get("questions")
    until = parse_date(str(LAST_YEAR))  # where it cannot be read what is known: all else is told
    with faults.at("title"):
        title = name_of(tree.get("title", path.stem), "a text")
    with faults.at("known"):
        until = known = _known(tree.get("known"))
    if not isinstance(items, Seq) or not items:
        faults.add(show(items), "a list of resolved questions", "questions")
    questions: list[Resolved] = []
    if isinstance(items, Seq):
        questions = _questions(items, until, faults)
    problems += _problems(tree, (), Invalid(faults.found))
    problems += _citation_problems(tree, questions, path)
    if problems or known is None:
        raise ScenarioError(problems)
    return Resolutions(title, known, tuple(questions), tree)


def _known(raw: object) -> Period:
    known = read_period(raw)
    if not known.is_day:
        raise invalid(show(raw), "the day up to which it is known what happened")
    return known


def _problems(tree: Map, path: Path, error: Invalid) -> list[Problem]:
    return [
        problem_at(tree, (*path, *fault.path), fault.found, fault.expected, fault.hint)
        for fault in error.faults
    ]


def _citation_problems(tree: Map, questions: list[Resolved], path: FilePath) -> list[Problem]:
    seeds = find_seeds(path.parent)
    cited = [((*one.path, "sources"), source) for one in questions for source in one.sources]
    if seeds is None:
        return []
    try:
        return wrong_citations(tree, cited, read_claims(seeds), None)
    except ScenarioError as error:
        return list(error.problems)


def _questions(items: Seq, known: Period, faults: Faults) -> list[Resolved]:
    questions: list[Resolved] = []
    seen: set[str] = set()
    for position, item in enumerate(items):
        with faults.at("questions", position):
            question = _resolved(item, known, ("questions", position))
            if question.identity in seen:
                raise invalid(f"'{question.identity}' again", "an id of its own", "id")
            questions.append(question)
            seen.add(question.identity)
    return questions


def _resolved(raw: object, known: Period, path: Path) -> Resolved:
    data = mapping_of(raw, "a question with its answer")
    faults = Faults()
    keys_within(data, FIELDS, faults)
    faults.check()
    with faults.at("id"):
        identity = name_of(data.get("id"), "a name for the question")
    with faults.at("title"):
        title = name_of(data.get("title"), "the question in words")
    with faults.at("sources"):
        sources = names_of(data.get("sources"), "where the answer is from: claims in seeds/")
    by = date = level = happened = None
    with faults.at("by"):
        by = _day(data.get("by"), known) or known
    with faults.at("date"):
        date = _day(data.get("date"), known)
    with faults.at("level"):
        level = None if data.get("level") is None else name_of(data["level"], "a level")
    with faults.at("happened"):
        happened = _truth(data.get("happened"))
    with faults.at():
        asked = _asked(data)
    faults.check()
    assert by is not None
    answer = _answer(data, happened, date, by)
    dated = None if date is None else text_of(data["date"])
    day = f"no `by`, so the last day known, {format_date(known.first)}"
    if data.get("by") is not None:
        day = format_date(by.first)
    return Resolved(identity, title, asked, by, day, answer, date, dated, level, sources, path)


def _day(raw: object, known: Period) -> Period | None:
    if raw is None:
        return None
    period = read_period(raw)
    if period.first > known.first:
        raise invalid(show(raw), f"a date not after {format_date(known.first)}, the day known")
    return period


def _truth(raw: object) -> bool | None:
    if raw is None or isinstance(raw, bool):
        return raw
    raise invalid(show(raw), "true or false", hint=truth_meant(raw))


def _statement(data: Mapping[str, object]) -> Stated:
    """Read a statement, which says itself what of an event, until when, or of which level."""
    for key in ("outcome", "by", "date", "level"):
        if key in data:
            raise invalid(f"'{key}' beside a statement", "it to be part of the statement", key)
    text = name_of(data["statement"], "a statement about a timeline, as for `given --that`")
    return Stated(text.strip())


def _asked(data: Mapping[str, object]) -> Question | Stated | str:
    given = [key for key in ASKING if key in data]
    if len(given) != 1:
        found = listing(given, "and") or "no question"
        raise invalid(found, f"one of {listing(ASKING)}")
    if given == ["statement"]:
        return _statement(data)
    if given == ["question"]:
        return name_of(data["question"], "the name of one of the scenario's outcomes")
    asked = {key: data[key] for key in (*given, "outcome") if key in data}
    try:
        return Question.model_validate(asked)
    except ValidationError as error:
        cause = error.errors()[0].get("ctx", {}).get("error")
        raise cause if isinstance(cause, Invalid) else invalid(show(asked), str(error)) from None


def _kinds(answer: str) -> list[str]:
    """List the kinds of question that are resolved by a `date`, or by a `level`."""
    return [kind.name for kind in QUESTIONS.values() if kind.resolved == answer]


def _answer(
    data: Mapping[str, object], happened: bool | None, date: Period | None, by: Period
) -> bool | None:
    """Check whether it happened by the day asked for; None where a level is the answer."""
    if "level" in data:
        asks = {"question", *_kinds("level")} & set(data)
        if happened is not None or date is not None or not asks:
            raise invalid("a level beside another answer", "a level for a driver, alone", "level")
        return None
    if "statement" in data and happened is None:
        raise invalid("no answer", "`happened: true` or `happened: false`")
    if happened is None and date is None:
        raise invalid("no answer", "`happened`, `date` or, for a driver, `level`")
    in_time = date is not None and date.first < by.end_of_day
    if happened is not None and date is not None and happened != in_time:
        raise invalid(f"'{data['date']}'", "a date that agrees with `happened` and `by`", "date")
    return in_time if happened is None else happened


# --- put to a scenario ------------------------------------------------------------------------


def _stated(statement: Stated, known: Period, read: Callable[[str, Period], T]) -> T:
    faults = Faults()
    with faults.at("statement"):
        return read(statement.text, known)
    raise Invalid(faults.found)


def _put(one: Resolved, asked: Question | str, scenario: Scenario) -> Question:
    """Make the scenario's question of a resolved one, open to the end of the simulated time."""
    if isinstance(asked, str):
        asked = _own(asked, scenario)
    kinds = _kinds("date" if one.level is None else "level")
    if asked.kind not in kinds:
        raise invalid(f"a question of kind {asked.kind}", f"one of kind {listing(kinds)}")
    for name in {name for place in asked.events for name in place}:
        _event(name, asked.outcome, scenario)
    if asked.driver is not None:
        _level(asked.driver, one.level or "", scenario)
    if asked.by is not None and asked.by.end_of_day < one.by.end_of_day:
        last = format_date(asked.by.end_of_day - 1)
        raise invalid(f"an outcome that closes on {last}", "one open until `by`", "question")
    _within(one.day, one.by.end_of_day - 1, "by", scenario)
    if one.date is not None:
        _within(one.dated or "", one.date.first, "date", scenario)
    return asked.model_copy(update={"by": None})


def _within(text: str, moment: int, key: str, scenario: Scenario) -> None:
    """Refuse what does not lie in the simulated time, of which alone the timelines tell."""
    start, end = scenario.start.first, scenario.end.end_of_day
    if not start <= moment < end:
        found = f"{text}, outside the simulated time"
        expected = f"a date from {format_date(start)} to {format_date(end - 1)}"
        raise invalid(found, expected, key)


def _own(name: str, scenario: Scenario) -> Question:
    _known_name(name, scenario.outcomes, f"an outcome of {scenario.scenario}", "question")
    return scenario.outcomes[name]


def _event(name: str, outcome: str | None, scenario: Scenario) -> None:
    _known_name(name, scenario.events, f"an event of {scenario.scenario}", "event")
    if outcome is not None:
        _known_name(outcome, scenario.events[name].outcomes, f"an outcome of {name}", "outcome")


def _level(driver: str, level: str, scenario: Scenario) -> None:
    _known_name(driver, scenario.drivers, f"a driver of {scenario.scenario}", "driver")
    levels = scenario.drivers[driver].levels
    if level not in levels:
        expected = f"a level of {driver}: {listing(levels)}"
        raise invalid(show(level), expected, "level", hint=near_miss(level, levels))


def _known_name(name: str, known: Collection[str], what: str, key: str) -> None:
    """Refuse a name that is none of those known."""
    if name not in known:
        raise invalid(show(name), one_of_few(what, known), key, hint=near_miss(name, known))
