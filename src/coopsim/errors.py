"""The errors coopsim raises on purpose; each carries a text fit for a user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from coopsim.printable import one_line

Severity = Literal["error", "warning"]


class CoopsimError(Exception):
    """Report a failure that a user can understand, with the exit code of the command."""

    exit_code = 1


class UsageError(CoopsimError):
    """Report a request that cannot be met as it was put (a wrong name, a wrong option)."""

    exit_code = 2


class StoppedError(CoopsimError):
    """Report that the work was stopped, by Ctrl-C or by who asked for it, and what is kept."""


class WouldLoseError(UsageError):
    """Report that timelines which were counted would be thrown away, which nobody allowed."""


class CoopsimWarning(UserWarning):
    """Tell what a user should know of something that went well all the same."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a scenario: where it is, what stands there and what was expected."""

    path: str
    found: str
    expected: str
    file: str | None = None
    line: int | None = None
    hint: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        path, expected = _brief(self.path, 200), _brief(self.expected, 1_000)
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        where = f"{place}: " if place else ""
        at = f"{path}: " if path else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{where}{self.severity}: {at}found {self.found}, expected {expected}{hint}"


def _brief(text: str, most: int) -> str:
    """Cut what is longer than anybody reads."""
    return text if len(text) <= most else f"{text[:most]}..."


MOST_TOLD = 100  # problems that are printed; who has more mends these first


def told(problems: Sequence[Problem]) -> list[str]:
    """List problems as lines, errors first; of very many the first, and how many more there are."""
    ordered = sorted(problems, key=lambda problem: problem.severity != "error")
    lines = [one_line(str(problem)) for problem in ordered[:MOST_TOLD]]
    more = len(ordered) - MOST_TOLD
    return [*lines, f"... and {more:,} more"] if more > 0 else lines


class ScenarioError(CoopsimError):
    """Report every problem of a scenario at once."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(told(self.problems)))
