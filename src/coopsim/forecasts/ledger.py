"""The chain of acts: one line for each, with the hash of the line before.

A line that was edited no longer has the hash that it states of itself; one that is missing, added
or out of order breaks the chain. The chain shows edits, not time: only publication dates it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.forecasts.records import Digest, UtcMoment, canonical, digest, invalid_json, json_tree

Act = Literal["record", "resolve", "annul", "dispute"]
ACTS = get_args(Act)
_HASH = "hash"  # the key of a line's own hash


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An act: what was recorded or resolved, when (UTC), and the SHA-256 of what was written.

    `of` is the file of a record, or the id of a resolved question. `supersedes` is the SHA-256 of
    what it replaces. `previous` is the hash of the line before; of the first line it is empty.
    `hash` is the SHA-256 of all else in the line, written as canonical JSON.
    """

    act: Act
    at: UtcMoment
    of: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,200}(\.json)?$")]
    sha256: Digest
    supersedes: Digest | None
    previous: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""
    hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] = ""

    @property
    def records(self) -> bool:
        """Check whether a record was written, and no resolution."""
        return self.act == "record"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The chain, first line first."""

    lines: tuple[LedgerLine, ...] = ()

    @property
    def last(self) -> str:
        """Get the hash that the next line has to carry."""
        return self.lines[-1].hash if self.lines else ""

    def having(self, line: LedgerLine) -> Ledger:
        """Add a line at the end, with the hashes that it has there."""
        line = replace(line, previous=self.last)
        return Ledger((*self.lines, replace(line, hash=_hash_of(line))))

    def written(self) -> bytes:
        """Write the chain as the content of its file."""
        return b"".join(canonical(_tree(line)) + b"\n" for line in self.lines)


_READER = TypeAdapter(LedgerLine)


def _tree(line: LedgerLine) -> dict[str, Any]:
    tree: dict[str, Any] = _READER.dump_python(line, mode="json")
    return tree


def _hash_of(line: LedgerLine) -> str:
    return digest({key: value for key, value in _tree(line).items() if key != _HASH})


def read_ledger(text: str, shown: str) -> Ledger:
    """Read the chain from the text of its file.

    Raises ScenarioError with every line that cannot be read, was edited or is out of its place.
    """
    problems: list[Problem] = []
    lines: list[LedgerLine | None] = []
    for number, one in enumerate(text.split("\n")[:-1], 1):
        try:
            lines.append(_read(one, shown, number))
        except ScenarioError as error:
            problems += error.problems
            lines.append(None)
    if text and not text.endswith("\n"):
        found, expected = "a last line without its end", "the file as it was written"
        problems.append(Problem("", found, expected, shown, text.count("\n") + 1))
    problems += _broken(lines, shown)
    if problems:
        raise ScenarioError(sorted(problems, key=lambda problem: problem.line or 0))
    return Ledger(tuple(line for line in lines if line is not None))


def _read(text: str, shown: str, number: int) -> LedgerLine:
    tree = json_tree(text, "an act: one line of JSON", shown, number)
    try:
        line = _READER.validate_json(canonical(tree), strict=True)
    except ValidationError as error:
        raise ScenarioError(invalid_json(error, "line", shown, number)) from None
    if canonical(_tree(line)) != text.encode() or line.hash != _hash_of(line):
        found = "a line that was edited"
        expected = f"the line whose hash is {line.hash}"
        raise ScenarioError([Problem("", found, expected, shown, number)])
    return line


def _broken(lines: list[LedgerLine | None], shown: str) -> Iterator[Problem]:
    """Find where a line does not follow the one before it; what cannot be read is told already."""
    numbers = {line.hash: number for number, line in enumerate(lines, 1) if line is not None}
    before: str | None = ""
    for number, line in enumerate(lines, 1):
        if line is not None and before is not None and line.previous != before:
            follows = numbers.get(line.previous)
            place = "nothing" if not line.previous else f"line {follows}"
            found = f"a line that follows {place}" if follows or not line.previous else _GAP
            wanted = f"one that follows line {number - 1}" if before else "the first line"
            yield Problem(
                "", found, f"{wanted}: lines are missing or in another order", shown, number
            )
        before = None if line is None else line.hash


_GAP = "a line that follows one that is not there"
