"""How open questions came out: who said so, when, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path as FilePath
from typing import Any, Literal, get_args

from coopsim.errors import Problem, ScenarioError
from coopsim.forecasts.files import text_of_file
from coopsim.forecasts.ledger import Act
from coopsim.forecasts.question_files import one_of, problems_of, read_day, text_in
from coopsim.forecasts.questions import YES, PlainId, QuestionBook, WorldQuestion
from coopsim.forecasts.records import digest
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import Faults, invalid, keys_within, listing, mapping_of, show
from coopsim.scenario.text.tree import Map, Seq, problem_at
from coopsim.scenario.text.yaml_text import read_text
from coopsim.scenario.text.yaml_writing import dump

Status = Literal["resolved", "annulled", "disputed"]
STATUSES = get_args(Status)
ACT_OF: Mapping[Status, Act] = {"resolved": "resolve", "annulled": "annul", "disputed": "dispute"}
FIELDS = ("id", "status", "answer", "on", "resolved_on", "source", "seen", "early")
_TOP = "resolutions"
_HEAD = f"""\
# How open questions came out; a later entry of the same question replaces an earlier one.
# `coopsim forecast resolve` adds to it, and to ledger.jsonl, which shows every later edit.

{_TOP}:
"""


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a question came out; a later one of the same question replaces it.

    `answer` is one of the question's options, or `yes` or `no` for a date; it is missing where the
    question is annulled or disputed. `on` is the day on which it happened, or became certain;
    `resolved_on` the day on which it was written down. `early` says why it could be answered before
    it closed, where nothing had happened.
    """

    identity: PlainId
    status: Status
    answer: str | None
    on: date
    resolved_on: date
    source: str
    seen: str
    early: str | None = None

    @property
    def sha256(self) -> str:
        """Take the SHA-256 of its content, written as canonical JSON."""
        return digest(self.tree())

    def tree(self) -> dict[str, Any]:
        """Make the tree that stands in the file."""
        found = {"id": self.identity, **asdict(self)}
        del found["identity"]
        days = {key: found[key].isoformat() for key in ("on", "resolved_on")}
        return {key: value for key, value in (found | days).items() if value is not None}

    def is_as(self, other: Resolution) -> bool:
        """Check whether another one says the same, on whatever day it was written down."""
        return replace(self, resolved_on=other.resolved_on) == other


@dataclass(frozen=True, slots=True)
class ResolutionFile:
    """The entries of a file of resolutions, in its order, and its text."""

    entries: tuple[Resolution, ...] = ()
    text: str = ""
    tree: Map = field(default_factory=Map, compare=False, repr=False)

    def problem(self, position: int, found: str, expected: str) -> Problem:
        """Make a problem of an entry, with its line."""
        return problem_at(self.tree, (_TOP, position), found, expected)

    def standing(self) -> dict[str, Resolution]:
        """Get the newest entry of each question, by its id."""
        return {entry.identity: entry for entry in self.entries}

    def having(self, entry: Resolution) -> ResolutionFile:
        """Add an entry at the end of the text, whose comments stay."""
        text = self.text or _HEAD
        added = dump([entry.tree()], short=False).splitlines()
        end = "" if text.endswith("\n") else "\n"
        text += end + "".join(f"  {line}\n" for line in added)
        return ResolutionFile((*self.entries, entry), text)


def read_resolutions(path: FilePath, book: QuestionBook, today: date) -> ResolutionFile:
    """Read a file of resolutions, and check each by its question.

    Raises ScenarioError with every problem found.
    """
    return resolutions_in(text_of_file(path, "a file of resolutions"), str(path), book, today)


def resolutions_in(text: str, shown: str, book: QuestionBook, today: date) -> ResolutionFile:
    """Read the text of a file of resolutions, as `read_resolutions` does."""
    tree, problems = read_text(text, shown)
    faults = Faults()
    keys_within(tree, (_TOP,), faults)
    items = tree.get(_TOP)
    if not isinstance(items, Seq):
        faults.add(show(items), "a list of resolutions", _TOP)
    entries: list[Resolution] = []
    for position, item in enumerate(items if isinstance(items, Seq) else ()):
        with faults.at(_TOP, position):
            entry = _entry(item)
            check(entry, book, today)
            entries.append(entry)
    problems += problems_of(tree, faults)
    if problems:
        raise ScenarioError(problems)
    return ResolutionFile(tuple(entries), text, tree)


def _entry(raw: object) -> Resolution:
    data = mapping_of(raw, "a resolution with `id`, `status`, `on` and `source`")
    faults = Faults()
    keys_within(data, FIELDS, faults)
    texts: dict[str, str] = {}
    for key, what in _TEXTS.items():
        with faults.at():
            texts[key] = text_in(data, key, what)
    days: dict[str, date] = {}
    for key in ("on", "resolved_on"):
        with faults.at(key):
            days[key] = read_day(data.get(key))
    with faults.at():
        one_of(texts.get("status", "resolved"), STATUSES, "status", "what became of it")
    maybe: dict[str, str | None] = {"answer": None, "early": None}
    for key, what in (("answer", "an answer"), ("early", "why before the close")):
        with faults.at():
            maybe[key] = None if data.get(key) is None else text_in(data, key, what)
    faults.check()
    status: Status = next(one for one in STATUSES if one == texts["status"])
    return Resolution(
        texts["id"], status, maybe["answer"], days["on"], days["resolved_on"],
        texts["source"], texts["seen"], maybe["early"],
    )  # fmt: skip


_TEXTS = {
    "id": "the id of a question",
    "status": "what became of it",
    "source": "who says so, such as `NASA, 2027-03-20`",
    "seen": "what was seen, in your own words",
}


def check(entry: Resolution, book: QuestionBook, today: date) -> None:
    """Check a resolution by its question; raises Invalid with every fault."""
    question = book.questions.get(entry.identity)
    if question is None:
        hint = near_miss(entry.identity, book.questions)
        raise invalid(show(entry.identity), "the id of a question of this folder", "id", hint=hint)
    faults = Faults()
    with faults.at():
        _check_answer(entry, question.world)
    with faults.at("on"):
        _check_day(entry, question.world)
    with faults.at("on"):
        if entry.on > entry.resolved_on:
            raise invalid(f"'{entry.on}'", f"a day up to {entry.resolved_on}, when it was resolved")
    if entry.resolved_on > today:
        faults.add(f"'{entry.resolved_on}'", f"a day up to {today}, which is today", "resolved_on")
    faults.check()


def _check_answer(entry: Resolution, world: WorldQuestion) -> None:
    if entry.status != "resolved":
        if entry.answer is not None:
            expected = f"none of a question that is {entry.status}"
            raise invalid(f"the answer '{entry.answer}'", expected, "answer")
    elif entry.answer is None:
        known = listing(f"`{one}`" for one in world.answers)
        raise invalid("nothing", f"an answer of {world.identity}: {known}", "answer")
    else:
        one_of(entry.answer, world.answers, "answer", f"an answer of {world.identity}")


def _check_day(entry: Resolution, world: WorldQuestion) -> None:
    """Refuse a day on which the question was not open, and one before it could be answered."""
    if entry.on < world.opens:
        raise invalid(f"'{entry.on}'", f"a day from {world.opens} on, when {world.identity} opened")
    if entry.status != "resolved":
        return
    if entry.on > world.by:
        raise invalid(f"'{entry.on}'", f"a day up to {world.by}, when {world.identity} closed")
    came = world.is_event and entry.answer == YES
    told = entry.answer in world.answers  # else it is not known what would be early
    if told and entry.on < world.by and not came and entry.early is None:
        expected = (
            f"{world.by}, when {world.identity} closes, or in `early` why it is certain before"
        )
        raise invalid(f"'{entry.on}' for the answer '{entry.answer}'", expected)
