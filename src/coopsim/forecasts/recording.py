"""From timelines to a recorded forecast: every question of a file, asked of one scenario."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from coopsim.analysis.evidence.facts import Fact, is_so, opening
from coopsim.analysis.evidence.statements import StatementError, read_evidence
from coopsim.analysis.timelines import BoolArray, Timelines, drawn_levels
from coopsim.errors import Problem, ScenarioError, UsageError
from coopsim.experiments.asking import Band, bands
from coopsim.experiments.variants import Effort
from coopsim.forecasts.question_files import BY, statements_of
from coopsim.forecasts.questions import YES, HowAsked, OpenQuestion, QuestionBook, WorldQuestion
from coopsim.forecasts.records import DIGITS, FORMAT, Answered, Assumed, Chance, Record
from coopsim.scenario.loading import Loaded
from coopsim.scenario.notation.values import format_date, parse_date
from coopsim.scenario.text.tree import problem_at
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.results.manifest import installed_versions


@dataclass(frozen=True, slots=True, eq=False)
class AllTimelines:
    """A scenario with all firings of its timelines, piece by piece."""

    loaded: Loaded
    program: Program
    runs: int
    parts: Iterable[Firings]


@dataclass(frozen=True, slots=True)
class Making:
    """Who records a forecast, when (UTC), and what it supersedes and why, if anything."""

    forecaster: str
    made: str
    supersedes: str | None = None
    why: str | None = None


def record(played: AllTimelines, book: QuestionBook, making: Making, effort: Effort) -> Record:
    """Ask a scenario's timelines every open question, and make the record of the answers.

    The chances are shares of the timelines; `effort` says in how many threads model uncertainty is
    simulated besides. Raises ScenarioError with a problem for each statement that cannot be asked,
    and for answers of which not just one is so in every timeline.
    """
    assumed = _assumed(played)
    put = _put_all(played, book)
    for part in played.parts:
        timelines = Timelines(played.program, part, drawn_levels)
        for one in put.values():
            one.count(timelines)
    problems = [problem for one in put.values() for problem in one.problems(book)]
    if problems:
        raise ScenarioError(problems)
    asked = list(dict.fromkeys(text for one in put.values() for text in one.statements.values()))
    known = dict(
        zip(asked, bands(played.loaded, [f"({text})" for text in asked], effort), strict=True)
    )
    scenario = played.loaded.scenario.scenario
    answered = (
        put[name].answered(played.runs, known) if name in put else _silent(question, scenario)
        for name, question in book.questions.items()
    )
    return Record(
        format=FORMAT, made=making.made, forecaster=making.forecaster,
        supersedes=making.supersedes, why=making.why, assumed=assumed, questions=tuple(answered),
    )  # fmt: skip


def _assumed(played: AllTimelines) -> Assumed:
    loaded, scenario = played.loaded, played.loaded.scenario
    if scenario.as_of is None:
        raise UsageError(
            f"{scenario.scenario} does not say what was known when it was written: give it an "
            "`as_of`, such as `as_of: 2025-08-05`, and run it again"
        )
    return Assumed(
        scenario=scenario.scenario,
        title=scenario.title or scenario.scenario,
        hash=loaded.hash,
        as_of=_date(scenario.as_of.first),
        start=_date(scenario.start.first),
        end=_date(scenario.end.end_of_day - 1),
        seed=scenario.seed,
        timelines=played.runs,
        version=installed_versions()["coopsim"],
        yaml=tuple(loaded.text.splitlines()),
    )


def _date(instant: int) -> date:
    return date.fromisoformat(format_date(instant))


def _silent(question: OpenQuestion, scenario: str) -> Answered:
    return Answered(question.world, None, question.asking_of(scenario).why, {}, {}, ())


# --- putting questions ----------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Put:
    """A question as facts about a timeline, and in how many timelines they are so.

    `months` are the facts of the first answer by earlier days, the last one being `by`.
    """

    world: WorldQuestion
    asking: HowAsked
    statements: Mapping[str, str]
    facts: Mapping[str, Fact]
    months: Sequence[tuple[date, Fact]]
    so: dict[str, int] = field(default_factory=dict)
    by_month: list[int] = field(default_factory=list)
    grows: bool = True
    several: int = 0
    none: int = 0

    def count(self, timelines: Timelines) -> None:
        """Count the timelines of a part in which each answer is so."""
        found = {answer: is_so(fact, timelines) for answer, fact in self.facts.items()}
        for answer, so in found.items():
            self.so[answer] = self.so.get(answer, 0) + int(so.sum())
        if not self.world.is_event:
            right = np.sum([*found.values()], axis=0)
            self.several += int((right > 1).sum())
            self.none += int((right == 0).sum())
        elif self.grows and self.months:
            self._count_months(timelines, found[YES])

    def _count_months(self, timelines: Timelines, by_the_end: BoolArray) -> None:
        """Count by when it is so, as long as it is never undone."""
        before = np.zeros(timelines.runs, dtype=np.bool_)
        counts = []
        for _, fact in self.months[:-1]:
            so = is_so(fact, timelines)
            self.grows &= not bool((before & ~so).any())
            before = so
            counts.append(int(so.sum()))
        self.grows &= not bool((before & ~by_the_end).any())
        counts.append(int(by_the_end.sum()))
        earlier = self.by_month or [0] * len(counts)
        self.by_month = [one + other for one, other in zip(earlier, counts, strict=True)]

    def problems(self, book: QuestionBook) -> Iterator[Problem]:
        """Tell of answers that are no partition, and of a date that may be taken back."""
        if self.several or self.none:
            counts = ((self.several, "several"), (self.none, "none"))
            found = " and ".join(f"{n:,} timelines with {what}" for n, what in counts if n)
            expected = f"one answer of {self.world.identity} in every timeline"
            yield problem_at(book.tree, (*self.asking.path, "answers"), found, expected)
        if self.world.kind == "date" and not (self.grows and self.months):
            found = "a statement that stops being so, or has no `{by}`"
            expected = "one of an event, which stays so once it has happened"
            yield problem_at(book.tree, (*self.asking.path, "statement"), found, expected)

    def answered(self, runs: int, known: Mapping[str, Band | None]) -> Answered:
        """Write the shares of the timelines as chances."""
        answers = (YES,) if self.world.is_event else self.world.options
        chances = {
            answer: _chance(
                self.so.get(answer, 0), runs, known.get(self.statements.get(answer, ""))
            )
            for answer in answers
        }
        cdf: tuple[tuple[date, float], ...] = ()
        if self.grows and self.by_month:
            days = (day for day, _ in self.months)
            shares = (round(count / runs, DIGITS) for count in self.by_month)
            cdf = tuple(zip(days, shares, strict=True))
        asking = self.asking
        return Answered(self.world, asking.fit, asking.why, self.statements, chances, cdf)


def _chance(count: int, runs: int, band: Band | None) -> Chance:
    share = count / runs
    se = math.sqrt(share * (1 - share) / runs)
    ends = (
        (None, None) if band is None else tuple(round(min(max(e, 0), 1), DIGITS) for e in band.ends)
    )
    return Chance(round(share, DIGITS), round(se, DIGITS), *ends)


def _put_all(played: AllTimelines, book: QuestionBook) -> dict[str, _Put]:
    """Read the statements of all questions that the scenario is asked, by the questions' ids."""
    problems: list[Problem] = []
    found: dict[str, _Put] = {}
    for name, question in book.questions.items():
        asking = question.asking_of(played.loaded.scenario.scenario)
        if asking.answers:
            try:
                found[name] = _put(question.world, asking, played, book)
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return found


def _put(world: WorldQuestion, asking: HowAsked, played: AllTimelines, book: QuestionBook) -> _Put:
    statements = statements_of(asking, world.opens, world.by)
    problems: list[Problem] = []
    facts: dict[str, Fact] = {}
    for answer, text in statements.items():
        place = (*asking.path, "statement") if world.is_event else (*asking.path, "answers", answer)
        try:
            facts[answer] = _fact(text, world, played)
        except StatementError as error:
            said = (error.found, error.expected, error.hint)
            problems.append(problem_at(book.tree, place, *said))
        except UsageError as error:
            problems.append(problem_at(book.tree, place, f"`{text}`", str(error)))
    if problems:
        raise ScenarioError(problems)
    months = _by_month(world, asking, played) if world.is_event else []
    return _Put(world, asking, statements, facts, months)


def _fact(text: str, world: WorldQuestion, played: AllTimelines) -> Fact:
    """Read a statement, which has to count from the question's opening day on; raises UsageError.

    What a scenario simulates before that day did not count for who asked.
    """
    scenario, program = played.loaded.scenario, played.program
    fact = read_evidence(text, scenario, program)
    opens = parse_date(world.opens.isoformat()).first - program.start
    if opens > 0 and opening(fact) < opens:
        raise UsageError(
            f"a statement that says from when on it counts, such as `from {{opens}} to {{by}}`, "
            f"as {scenario.scenario} begins on {format_date(program.start)}"
        )
    return fact


def _by_month(
    world: WorldQuestion, asking: HowAsked, played: AllTimelines
) -> list[tuple[date, Fact]]:
    """Read a statement that depends on `by` for the end of each month, and for the closing day.

    There is none where one of an earlier day has no meaning, as it then tells of no event.
    """
    if BY not in asking.answers[YES]:
        return []
    try:
        return [
            (day, _fact(statements_of(asking, world.opens, day)[YES], world, played))
            for day in month_ends(world.opens, world.by)
        ]
    except UsageError:
        return []


def month_ends(opens: date, by: date) -> Iterator[date]:
    """List the last day of each month from one day on, up to another one, and that day."""
    day = opens
    while True:
        month = date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)
        if month >= by:
            yield by
            return
        yield month
        day = month + timedelta(days=1)
