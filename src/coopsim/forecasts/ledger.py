"""The chain of acts: one line for each, with the hash of the line before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Act = Literal["record", "resolve", "annul", "dispute"]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An act: what was recorded or resolved, when (UTC), and the SHA-256 of what was written.

    `of` is the file of a record, or the id of a resolved question. `supersedes` is the SHA-256 of
    what it replaces. `previous` is the SHA-256 of the line before, as it stands in the file; of
    the first line it is empty.
    """

    act: Act
    at: str
    of: str
    sha256: str
    supersedes: str | None
    previous: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The chain, first line first, and the hash that the next line has to carry."""

    lines: tuple[LedgerLine, ...]
    last: str

    def by_hash(self) -> Mapping[str, LedgerLine]:
        """Find lines by the hash of what they wrote."""
        return {line.sha256: line for line in self.lines}
