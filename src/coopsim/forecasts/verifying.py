"""A folder of forecasts as a whole: everything in it is read, and held against everything else.

It needs no result, no engine and not the version that made a record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from coopsim.errors import Problem, ScenarioError, UsageError
from coopsim.forecasts.files import LEDGER, QUESTIONS, RESOLUTIONS, text_of_file
from coopsim.forecasts.ledger import Ledger, LedgerLine, read_ledger
from coopsim.forecasts.question_files import read_questions
from coopsim.forecasts.questions import QuestionBook, WorldQuestion
from coopsim.forecasts.records import Record, read_record
from coopsim.forecasts.resolutions import (
    ACT_OF,
    Resolution,
    ResolutionFile,
    read_resolutions,
)
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import show
from coopsim.scenario.text.tree import problem_at
from coopsim.simulation.results.atomic import is_there

T = TypeVar("T")
Numbered = tuple[int, LedgerLine]  # a line with its number, from 1 on
RECORD_NAME = re.compile(r"\d{4}-\d\d-\d\d-[A-Za-z0-9][A-Za-z0-9_-]{0,90}\.json")
_MOST_RECORDS = 1_000
_OF_WORLD = ("question", "opens", "by", "kind", "options", "criterion", "source", "state",
             "unchanged")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record with the name of its file and its hash."""

    file: str
    sha256: str
    record: Record


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """A folder of forecasts that is whole: its records in the order in which they were made.

    `pending` is what was written and is not in the chain yet, as after a crash: a record, or the
    last resolution.
    """

    folder: Path
    book: QuestionBook
    records: tuple[Recorded, ...] = ()
    resolutions: ResolutionFile = field(default_factory=ResolutionFile)
    ledger: Ledger = field(default_factory=Ledger)
    pending: Recorded | Resolution | None = None

    @property
    def standing(self) -> Mapping[str, Resolution]:
        """Get the newest resolution of each question, by its id."""
        return self.resolutions.standing()

    def question(self, identity: str) -> WorldQuestion:
        """Find a question by its id; raises UsageError where it is not there."""
        known = self.book.questions
        if identity in known:
            return known[identity].world
        hint = near_miss(identity, known)
        found = f"found {show(identity)}, expected the id of a question of {self.folder}"
        raise UsageError(f"{found}; {hint}" if hint else found)

    def newest(self, forecaster: str) -> Recorded | None:
        """Get the newest record of a forecaster; None where there is none."""
        own = [one for one in self.records if one.record.forecaster == forecaster]
        return own[-1] if own else None


def read_folder(folder: Path, today: date, *, mending: bool = False) -> TrackRecord:
    """Read a folder of forecasts; raises ScenarioError with everything that is wrong in it.

    A folder with questions and nothing recorded yet is whole. Who is `mending` may go on where one
    act has been written and its line is still missing in the chain.
    """
    found = _Found(folder, today)
    found.read()
    if found.ledger is not None:
        if mending:
            found.pending = _without_line(found, found.ledger)
        found.problems += _against_chain(found, found.ledger)
    found.problems += _against_questions(found)
    if found.problems:
        raise ScenarioError(found.problems)
    assert found.book is not None
    assert found.ledger is not None
    records = tuple(found.records[line.of] for line in found.ledger.lines if line.records)
    resolutions = found.resolutions or ResolutionFile()
    return TrackRecord(folder, found.book, records, resolutions, found.ledger, found.pending)


@dataclass(slots=True)
class _Found:
    """What could be read of a folder, and what is wrong with it."""

    folder: Path
    today: date
    book: QuestionBook | None = None
    records: dict[str, Recorded] = field(default_factory=dict)
    resolutions: ResolutionFile | None = None
    ledger: Ledger | None = None
    pending: Recorded | Resolution | None = None
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        """Read every file, and note what is wrong with each by itself."""
        self.book = self._attempt(lambda: read_questions(self.folder / QUESTIONS))
        for path in self._record_files():
            self._attempt(partial(self._read_record, path))
        path = self.folder / RESOLUTIONS
        if self.book is not None and is_there(path):
            book = self.book
            self.resolutions = self._attempt(lambda: read_resolutions(path, book, self.today))
        self.ledger = self._attempt(self._read_ledger)

    def _attempt(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except ScenarioError as error:
            self.problems += error.problems
            return None

    def _record_files(self) -> list[Path]:
        try:
            names = sorted(path.name for path in self.folder.iterdir())
        except OSError:  # that there is no folder is told of the questions
            return []
        records = [name for name in names if name.endswith(".json") and name[0] != "."]
        for name in records[_MOST_RECORDS:]:
            self.problems.append(
                self.problem(name, "one file too many", f"{_MOST_RECORDS:,} records")
            )
        return [self.folder / name for name in records[:_MOST_RECORDS]]

    def _read_record(self, path: Path) -> None:
        if not RECORD_NAME.fullmatch(path.name):
            expected = "a name such as 2026-11-27-baseline.json: only records are called .json here"
            raise ScenarioError([self.problem(path.name, "a name that no record has", expected)])
        record, sha256 = read_record(text_of_file(path, "a recorded forecast"), str(path))
        self.records[path.name] = Recorded(path.name, sha256, record)

    def _read_ledger(self) -> Ledger:
        path = self.folder / LEDGER
        if not is_there(path) and not is_there(self.folder / RESOLUTIONS) and not self.records:
            return Ledger()
        return read_ledger(text_of_file(path, "the chain of all acts"), str(path))

    def problem(self, name: str, found: str, expected: str, line: int | None = None) -> Problem:
        """Make a problem of a file as a whole, or of a line of it."""
        return Problem("", found, expected, str(self.folder / name), line)


# --- held against the chain -----------------------------------------------------------------------


def _without_line(found: _Found, ledger: Ledger) -> Recorded | Resolution | None:
    """Find what was written last and has no line in the chain, if it is one record or entry."""
    listed = {line.of for line in ledger.lines if line.records}
    records = [one for name, one in found.records.items() if name not in listed]
    entries = found.resolutions.entries if found.resolutions else ()
    more = entries[sum(not line.records for line in ledger.lines) :]
    pending: list[Recorded | Resolution] = [*records, *more]
    return pending[0] if len(pending) == 1 else None


def _against_chain(found: _Found, ledger: Ledger) -> Iterator[Problem]:
    lines = [(number, line) for number, line in enumerate(ledger.lines, 1)]
    records = [(number, line) for number, line in lines if line.records]
    yield from _records_missing(found, records)
    yield from _records_chained(found, records)
    for name, one in found.records.items():
        if all(line.of != name for _, line in records) and one is not found.pending:
            yield found.problem(
                name,
                f"a record that is not in {LEDGER}",
                "one for each line: if recording was cut short, record the same result again; "
                "else remove the file",
            )
    if found.resolutions is not None or not is_there(found.folder / RESOLUTIONS):
        yield from _resolutions_chained(found, [pair for pair in lines if not pair[1].records])


def _records_missing(found: _Found, lines: Sequence[Numbered]) -> Iterator[Problem]:
    named: dict[str, int] = {}
    for number, line in lines:
        where = f"line {number} of {LEDGER}"
        if line.of in named:
            earlier = f"line {named[line.of]}"
            yield found.problem(LEDGER, f"{line.of} again", f"it once, as in {earlier}", number)
        named.setdefault(line.of, number)
        one = found.records.get(line.of)
        if one is None:
            if not (RECORD_NAME.fullmatch(line.of) and is_there(found.folder / line.of)):
                yield found.problem(line.of, "no such record", f"the one that {where} names")
        elif one.sha256 != line.sha256:
            expected = f"{line.sha256}, as {where} has it: the record was replaced"
            yield found.problem(line.of, f"a record with the hash {one.sha256}", expected)
        elif (one.record.made, one.record.supersedes) != (line.at, line.supersedes):
            expected = "the moment, and what is superseded, as the record says it"
            yield found.problem(LEDGER, f"another moment for {line.of}", expected, number)


def _records_chained(found: _Found, lines: Sequence[Numbered]) -> Iterator[Problem]:
    """Find records that supersede what they cannot."""
    if any(line.of not in found.records for _, line in lines):
        return  # it is told which is missing, and what it superseded is not known
    newest: dict[str, Recorded] = {}  # by forecaster
    superseded: dict[str, str] = {}
    for one in (found.records[line.of] for _, line in lines):
        replaced, before = one.record.supersedes, newest.get(one.record.forecaster)
        if replaced in superseded:
            expected = f"one that {superseded[replaced]} does not supersede already"
            yield found.problem(one.file, f"supersedes {replaced}", expected)
        elif replaced != (before.sha256 if before else None):
            name = f"{before.sha256}, that of {before.file}" if before else "nothing"
            expected = f"{name}: the newest record of {one.record.forecaster} before it"
            yield found.problem(one.file, f"supersedes {replaced or 'nothing'}", expected)
        if replaced is not None:
            superseded.setdefault(replaced, one.file)
        newest[one.record.forecaster] = one


def _resolutions_chained(found: _Found, lines: Sequence[Numbered]) -> Iterator[Problem]:
    """Find entries that were edited, removed, added or put in another order."""
    file = found.resolutions or ResolutionFile()
    standing: dict[str, str] = {}
    for position, ((number, line), entry) in enumerate(zip(lines, file.entries, strict=False)):
        if entry.sha256 != line.sha256:
            said = f"an entry of {entry.identity} that is not as it was written"
            where = f"the entry of {line.of} that line {number} of {LEDGER} names"
            yield file.problem(position, said, f"{where}: none is edited, removed or moved")
            return
        for said, expected in _wrong_act(line, entry, standing.get(entry.identity)):
            yield found.problem(LEDGER, said, expected, number)
        standing[entry.identity] = entry.sha256
    for number, line in lines[len(file.entries) :]:
        expected = f"the entry of {line.of} that line {number} of {LEDGER} names: none is removed"
        yield found.problem(RESOLUTIONS, f"no entry of {line.of}", expected)
    for position, entry in enumerate(file.entries):
        if position >= len(lines) and entry is not found.pending:
            yield file.problem(position, f"an entry of {entry.identity} without a line", _NO_LINE)


_NO_LINE = (
    f"one line for each in {LEDGER}: if resolving was cut short, resolve it so again; else remove "
    "the entry, and use `coopsim forecast resolve`"
)


def _wrong_act(
    line: LedgerLine, entry: Resolution, before: str | None
) -> Iterator[tuple[str, str]]:
    """Find what a line says of an entry and the entry does not: what was found and expected."""
    act = ACT_OF[entry.status]
    if (line.of, line.act) != (entry.identity, act):
        yield f"'{line.act}' of {line.of}", f"'{act}' of {entry.identity}, as the entry has it"
    if line.supersedes != before:
        yield (
            f"supersedes {line.supersedes or 'nothing'}",
            f"{before or 'nothing'}, the entry before it",
        )
    if entry.resolved_on.isoformat() > line.at[:10]:
        yield f"'{line.at}'", f"a moment not before {entry.resolved_on}, as the entry has it"


# --- held against the questions -------------------------------------------------------------------


def _against_questions(found: _Found) -> Iterator[Problem]:
    """Find questions that are not as they were when a forecast of them was recorded."""
    if found.book is None:
        return
    told: set[tuple[str, str]] = set()
    for one in found.records.values():
        for answered in one.record.questions:
            for key, problem in _edited(
                found.book, one.file, answered.world, str(found.folder / QUESTIONS)
            ):
                if (answered.world.identity, key) not in told:
                    yield problem
                told.add((answered.world.identity, key))


def _edited(
    book: QuestionBook, file: str, then: WorldQuestion, shown: str
) -> Iterator[tuple[str, Problem]]:
    identity = then.identity
    if identity not in book.questions:
        hint = near_miss(identity, book.questions)
        expected = f"the question {identity}, of which {file} has a forecast"
        yield "", Problem("questions", "no such id", expected, shown, None, hint)
        return
    now, place = book.questions[identity].world, ("questions", list(book.questions).index(identity))
    for key in _OF_WORLD:
        if getattr(now, key) != getattr(then, key):
            said = f"{show(_plain(getattr(now, key)))} for {identity}"
            expected = (
                f"{show(_plain(getattr(then, key)))}, as {file} has it: a question that was "
                "forecast stays as it is; another one needs an id of its own"
            )
            yield key, problem_at(book.tree, (*place, key), said, expected)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
