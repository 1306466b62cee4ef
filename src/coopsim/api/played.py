"""Timelines and what they answer: played in memory, or read from a folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from coopsim.analysis.comparing.sides import KeptAnswers
from coopsim.analysis.curves import curves_of
from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.naming import question_named
from coopsim.analysis.summaries import Summary, plain, summary_of
from coopsim.analysis.tallies import Gathered, Survey, merged
from coopsim.analysis.timelines import IntArray
from coopsim.api.scenarios import load
from coopsim.errors import UsageError
from coopsim.presentation.figures.helpers import DrawingOrder, draw_pages
from coopsim.presentation.words.counting import counted
from coopsim.scenario import limits
from coopsim.scenario.limits import default
from coopsim.scenario.loading import Loaded
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import show
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import OnProgress
from coopsim.simulation.program import Program
from coopsim.simulation.workers.playing import Cancelled, Players, never, silent
from coopsim.simulation.workers.spawning import cores

# What asks further is imported by the function that needs it: `run` stays quick.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from coopsim.analysis.answer_tables import AnswerTable, ArrowTable
    from coopsim.analysis.comparing.changes import PairedChanges
    from coopsim.analysis.comparing.comparison import Comparison
    from coopsim.analysis.comparing.side_by_side import Compared
    from coopsim.analysis.evidence.stated import AskedStatement


class FiringsLog(Protocol):
    """Where the firings of some timelines are read from."""

    @property
    def keeps_all(self) -> bool:
        """Check whether all firings are kept."""
        ...

    def firings(self) -> Iterator[Firings]:
        """Read the firings, one part at a time, run 0 first; raises CoopsimError for some."""
        ...

    def first_firings(self) -> Iterator[Firings]:
        """Read at least the first firing of each event with each outcome; raises likewise."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class InMemory:
    """Firings that are all in memory, in pieces of neighbouring runs.

    Beside them is `kept` what a comparison was told of them as its base.
    """

    pieces: tuple[Firings, ...]
    keeps_all: bool = True
    kept: KeptAnswers = field(default_factory=KeptAnswers)

    def firings(self) -> Iterator[Firings]:
        """Read the firings, one piece at a time, run 0 first."""
        return iter(self.pieces)

    def first_firings(self) -> Iterator[Firings]:
        """Read the firings: all of them."""
        return iter(self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Played:
    """Timelines of a scenario, and the answers to its questions.

    Beside the questions the summary answers `statements`, each under its text, where some were
    asked; they have no course over time, and comparisons tell of the questions alone.
    """

    loaded: Loaded
    program: Program
    summary: Summary
    gathered: Gathered
    log: FiringsLog
    statements: tuple[AskedStatement, ...] = ()

    def __repr__(self) -> str:
        questions = counted(len(self.summary.outcomes), "question")
        runs = counted(self.runs, "timeline")
        return f"<{type(self).__name__} {self.name}: {runs}, {questions}, {self.years}>"

    def _repr_html_(self) -> str:
        from coopsim.api.registry import views
        from coopsim.presentation.pens.html import html_of

        return "".join(map(html_of, views(self)))

    @property
    def scenario(self) -> Scenario:
        """Get the scenario, as it was resolved when it was played."""
        return self.loaded.scenario

    @property
    def name(self) -> str:
        """Get the name by which a comparison calls these timelines."""
        return f"{self.scenario.scenario}-{self.summary.hash}"

    @property
    def runs(self) -> int:
        """Count the timelines."""
        return self.summary.runs

    @property
    def cross_check(self) -> str | None:
        """Get how the SimPy model has checked the timelines; None where it has not."""
        return None

    @property
    def years(self) -> str:
        """Get from which day to which the timelines go."""
        return f"{self.summary.start} to {self.summary.end}"

    @property
    def keeps_all(self) -> bool:
        """Check whether all firings are kept."""
        return self.log.keeps_all

    def firings(self) -> Iterator[Firings]:
        """Read the firings, one part at a time, run 0 first.

        Raises CoopsimError where not all of them are kept.
        """
        return self.log.firings()

    def first_firings(self) -> Iterator[Firings]:
        """Read of each timeline at least the first firing of each event with each outcome.

        Raises CoopsimError where they are not kept.
        """
        return self.log.first_firings()

    def firings_table(self) -> ArrowTable:
        """Make a pyarrow Table of all firings: run, event, outcome, date, and time to the second.

        It is in memory as a whole; the parts of a large result are read one by one by `firings`.
        """
        from coopsim.analysis.answer_tables import firings_table

        return firings_table(self.program, self.firings())

    def answers(self, outcomes: Sequence[str] = ()) -> ArrowTable:
        """Make a pyarrow Table of the answers: a row for each timeline, a column for each question.

        Dates are date32, counts integers, levels and branches dictionaries, gaps years, indices
        percent, statements booleans; null is what has not come by the horizon (docs/data.md).
        With `outcomes` it is of these alone: questions by id or title, and statements. Raises
        UsageError for what is neither.
        """
        return self.answer_table(outcomes).table(self.firings())

    def answer_table(self, outcomes: Sequence[str] = ()) -> AnswerTable:
        """Get what makes the table of `answers` piece by piece, and writes it to files."""
        from coopsim.analysis.answer_tables import AnswerTable

        loaded, statements = self.loaded, self.statements
        if outcomes:
            loaded, statements = _told_apart(self.loaded, self.program, outcomes)
        summary = self.summary
        identity = {
            "scenario": summary.scenario, "hash": summary.hash, "seed": str(summary.seed),
            "runs": str(summary.runs), "start": str(summary.start), "end": str(summary.end),
        }  # fmt: skip
        questions = loaded.scenario.outcomes
        return AnswerTable.of(questions, self.program, identity, statements=statements)

    def curves(self) -> dict[str, Curve]:
        """Follow the answers through time, month by month."""
        return curves_of(self.gathered, self.program)

    def curves_to_json(self) -> dict[str, Any]:
        """Follow the answers through time as a tree for JSON: arrays as lists, dates as text."""
        tree: dict[str, Any] = plain(self.curves())
        return tree

    def asking(self, outcomes: Sequence[str]) -> Self:
        """Leave of the answers those to some questions, named by id or title; all, if none is.

        Raises UsageError, with the name of these timelines, for a question that is not there.
        """
        try:
            return self._of(_asking(self.loaded, outcomes)) if outcomes else self
        except UsageError as error:
            raise UsageError(f"{self.name}: {error}") from None

    def answering(self, loaded: Loaded) -> Self:
        """Answer the questions of the same scenario with others, or more, from these timelines."""
        survey = Survey(loaded.scenario.outcomes, self.program)
        gathered = merged(Players().each(survey.tally, self.firings()))
        summary = summary_of(gathered, loaded.scenario, self.program, loaded.hash)
        return replace(self, loaded=loaded, summary=summary, gathered=gathered, statements=())

    def changed_from(self, base: Played) -> Self:
        """Leave of the answers those that differ from another's, or that it does not have.

        Raises UsageError where the two cannot be compared.
        """
        from coopsim.presentation.words.headlines import headlines, moved_first
        from coopsim.presentation.words.wording import Wording

        found = headlines(compare(base, self), Wording.of(base.scenario))
        still = {one.outcome for one in found} - {one.outcome for one in moved_first(found)}
        return self._of(_with(self.loaded, set(self.scenario.outcomes) - still))

    def _of(self, loaded: Loaded) -> Self:
        summary = self.summary.of(loaded.scenario.outcomes)
        return replace(self, loaded=loaded, summary=summary, statements=())

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints: that of the summary."""
        return self.summary.to_json()

    def against(self, base: Played) -> PairedChanges:
        """Compare with other timelines of the same luck: paired differences, and who changes.

        Raises UsageError where the two share no luck or no question.
        """
        from coopsim.analysis.comparing.changes import changes

        return changes(compared(base), compared(self), each=Players().each)

    def figure(self, name: str = "overview") -> Any:
        """Draw one page as a matplotlib Figure, which is in no window and in no file.

        Raises UsageError for a page that is not there, listing those that are.
        """
        return self._order().figure(name)

    def draw_into(self, folder: Path, helping: Sequence[Executor] = (), **how: Any) -> list[Path]:
        """Draw the figures into a folder; gives the files, the overview first.

        How is said as to `draw_pages`: at `most` how many pages, and who is told of the first.
        Raises CoopsimError where a file cannot be written.
        """
        return draw_pages(self._order(folder), helping, **how)

    def _order(self, folder: Path = Path()) -> DrawingOrder:
        return DrawingOrder(self.scenario, self.summary, self.curves(), folder)


def compared(played: Played) -> Compared:
    """Hand timelines to a comparison.

    Raises UsageError for what are none, CoopsimError where their firings are not kept.
    """
    from coopsim.analysis.comparing.side_by_side import Compared

    if not isinstance(played, Played):
        raise UsageError(
            f"found {show(played)}, expected results, as `open_result` or `play` gives them"
        )
    parts, log = played.first_firings(), played.log
    kept = log.kept if isinstance(log, InMemory) else None
    return Compared(
        played.name, played.scenario, played.program, played.runs, parts, played.keeps_all, kept
    )


def compare(*results: Played, closing: bool = False) -> Comparison:
    """Compare results, with paired differences from the first.

    With `closing` it is told only how each question stands in the end, in half the time: at no
    other day, without calendar years, courses and medians. Raises UsageError where they cannot be
    compared, or are no results.
    """
    from coopsim.analysis.comparing import comparison

    sides = [compared(one) for one in results]
    return comparison.compare(sides, each=Players().each, closing=closing)


def draw_played(played: Played, folder: Path) -> list[Path]:
    """Draw the figures of timelines into a folder; gives the files, the overview first."""
    return played.draw_into(folder)


# --- playing ------------------------------------------------------------------------------------


def players(
    workers: int | None, on_progress: OnProgress = silent, cancelled: Cancelled = never
) -> Players:
    """Take so many threads, as many as there are cores by default; raises UsageError."""
    workers = limits.WORKERS.check("--workers", default(workers, cores()))
    return Players(workers, on_progress, cancelled)


def play(
    scenario: Loaded | str | Path | Mapping[str, Any],
    *,
    runs: int | None = None,
    outcomes: Sequence[str] = (),
    workers: int | None = None,
    cancelled: Cancelled = never,
    on_progress: OnProgress = silent,
) -> Played:
    """Play a scenario in memory and answer its questions, without a folder.

    The timelines are those of `run`, in as many threads as there are cores or `workers`; `runs`
    defaults to the scenario's. Only what is named in `outcomes` is answered, if anything is:
    questions by id or title, and statements as for `ask`, each an answer under its text. All
    firings stay in memory: 3 KB for a timeline of the baseline. The SimPy model checks none.

    `cancelled` is asked whenever a block of at most 1,000 timelines is done. Raises StoppedError
    where it says so, and gives nothing, as what has been played by then depends on the machine;
    ScenarioError for a bad scenario, UsageError for what is neither an outcome that is there nor a
    statement.
    """
    from coopsim.analysis.evidence.stated import counted_so, statement_summaries

    played_by = players(workers, on_progress, cancelled)
    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    runs = limits.RUNS.check("--runs", default(runs, loaded.scenario.runs))
    program = build_program(loaded.scenario)
    loaded, statements = _told_apart(loaded, program, outcomes)
    survey = Survey(loaded.scenario.outcomes, program)

    def work(program: Program, first_run: int, length: int) -> tuple[Firings, Gathered, IntArray]:
        firings = simulate(program, first_run, length)
        return firings, survey.tally(firings), counted_so(statements, program, firings)

    plays = ((program, block) for block in played_by.cut(runs))
    done = list(played_by.play(work, plays, runs))
    gathered = merged(tallies for _, tallies, _ in done)
    summary = summary_of(gathered, loaded.scenario, program, loaded.hash)
    counts = sum((so for *_, so in done), np.zeros(len(statements), dtype=np.int64))
    told = statement_summaries(statements, counts, runs)
    return Played(
        loaded=loaded,
        program=program,
        summary=replace(summary, outcomes={**summary.outcomes, **told}),
        gathered=gathered,
        log=InMemory(tuple(firings for firings, *_ in done)),
        statements=statements,
    )


def _asking(loaded: Loaded, outcomes: Sequence[str]) -> Loaded:
    """Leave of the questions those that are named by id or title, in the scenario's order."""
    known = loaded.scenario.outcomes
    return _with(loaded, {question_named(name, known) for name in _listed(outcomes)})


def _told_apart(
    loaded: Loaded, program: Program, outcomes: Sequence[str]
) -> tuple[Loaded, tuple[AskedStatement, ...]]:
    """Leave what is named: questions by id or title, and all else is read as statements.

    All questions are left where nothing is named.
    """
    known, named, texts = loaded.scenario.outcomes, set(), []
    if not _listed(outcomes):
        return loaded, ()
    for text in outcomes:
        try:
            named.add(question_named(text, known))
        except UsageError:
            texts.append(text)
    from coopsim.analysis.evidence.stated import stated

    return _with(loaded, named), stated(program, loaded.scenario, texts)


def _listed(outcomes: Sequence[str]) -> Sequence[str]:
    if isinstance(outcomes, str):
        raise UsageError(f"outcomes: found {show(outcomes)}, expected a list of names")
    return outcomes


def _with(loaded: Loaded, names: Collection[str]) -> Loaded:
    """Leave of the questions those of some names, in the scenario's order."""
    known = loaded.scenario.outcomes
    chosen = {name: question for name, question in known.items() if name in names}
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"outcomes": chosen}))
