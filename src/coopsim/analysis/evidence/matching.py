"""How many timelines agree with evidence, and what is said where they are few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopsim.analysis.evidence.settled import Why, unexplained
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

    So many were searched for as `until` says, among `most` timelines; none, if it is 0. `why` says
    of evidence that always or never holds what makes it so.
    """

    that: tuple[str, ...]
    runs: int
    matches: int
    alone: tuple[int, ...]
    until: int = 0
    most: int = MOST
    why: Why = unexplained

    def check(self) -> None:
        """Raise UsageError where too few timelines match to answer anything."""
        self.check_possible()
        if self.that and self.matches < LEAST:
            raise UsageError(self._too_few())

    def check_possible(self) -> None:
        """Raise UsageError where some evidence cannot hold, so that no search would find it."""
        reasons = [self.why(text, False) for text in self._alone(0)]
        if any(one.certain for one in reasons):
            told = "; ".join(one.text for one in reasons)
            raise UsageError(f"none of {self.runs:,} timelines matches: {told}")

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
        told = [f"{found}; at least {LEAST} must match: {advice}"]
        for text in self._alone(0):
            reason = self.why(text, False)
            told += [] if reason == unexplained(text, False) else [reason.text]
        return ". ".join(told)

    def _alone(self, count: int) -> list[str]:
        """List the evidence with which alone so many timelines agree."""
        return [text for text, found in zip(self.that, self.alone, strict=True) if found == count]

    def _each(self) -> str:
        if len(self.that) == 1:
            return ""
        each = (f"`{text}` {count:,}" for text, count in zip(self.that, self.alone, strict=True))
        return f" (alone: {', '.join(each)})"

    def warnings(self) -> Iterator[str]:
        """Warn where few match, or fewer than were searched for, and of what always holds."""
        yield from (self.why(text, True).text for text in self._alone(self.runs))
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
