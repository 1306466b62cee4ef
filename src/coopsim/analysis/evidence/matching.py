"""How many timelines agree with evidence, and what is said where they are few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopsim.errors import UsageError
from coopsim.scenario.text.reading import listing
from coopsim.simulation.interfaces import Chunk

FEW = 400  # matches below which a warning is due: an interval of a share may be 10 points wide
LEAST = 30  # matches below which no answer is given
BLOCK = 1000  # more timelines are simulated to whole blocks
MOST = 1_000_000  # timelines, unless more are asked for


def whole_blocks(first_run: int, end: int) -> Iterator[Chunk]:
    """Cut runs from `first_run` to before `end` where whole blocks of all runs begin."""
    while first_run < end:
        runs = min(BLOCK - first_run % BLOCK, end - first_run)
        yield first_run, runs
        first_run += runs


@dataclass(frozen=True, slots=True)
class Matches:
    """How many of `runs` timelines agree with all of some evidence, and with each alone.

    So many were searched for as `until` says, among `most` timelines; none, if it is 0.
    """

    that: tuple[str, ...]
    runs: int
    matches: int
    alone: tuple[int, ...]
    until: int = 0
    most: int = MOST

    def check(self) -> None:
        """Raise UsageError where too few timelines match to answer anything."""
        if self.that and self.matches < LEAST:
            raise UsageError(self._too_few())

    def _too_few(self) -> str:
        evidence = listing([f"`{one}`" for one in self.that], "and")
        found = f"{self.matches} of {self.runs:,} timelines match {evidence}{self._each()}"
        if self.until and self.runs >= self.most:
            advice = "use a broader condition, or raise --most"
        else:
            advice = (
                f"use a broader condition, or simulate more: `--until {FEW}` continues until "
                "that many match"
            )
        return f"{found}; at least {LEAST} must match: {advice}"

    def _each(self) -> str:
        if len(self.that) == 1:
            return ""
        each = (f"`{text}` {count:,}" for text, count in zip(self.that, self.alone, strict=True))
        return f" (alone: {', '.join(each)})"

    def warnings(self) -> Iterator[str]:
        """Warn where fewer match than were searched for, or so few that intervals are wide."""
        if self.matches < self.until:
            yield (
                f"stopped at {self.runs:,} timelines with {self.matches:,} of the "
                f"{self.until:,} matches asked for; --most raises that limit"
            )
        elif self.that and self.matches < FEW:
            yield (
                f"only {self.matches} timelines match, so intervals are wide; `--until {FEW}` "
                "simulates more until that many match"
            )
