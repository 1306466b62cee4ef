"""Problems of scenarios as plain text; `coopsim check` loads little more than this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coopsim.errors import Problem, told
from coopsim.printable import one_line


def counted(number: int, noun: str) -> str:
    """Count things: `1 event`, `3 events`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def problems_text(problems: Sequence[Problem]) -> str:
    """List problems, errors first, and count them."""
    return "\n".join([*told(problems), _tally(problems)])


def _tally(problems: Sequence[Problem]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    said = [counted(number, noun) for number, noun in ((errors, "error"), (warnings, "warning"))]
    return ", ".join(text for text in said if not text.startswith("0 ")) or "no problems"


def check_text(found: Mapping[str, Sequence[Problem]]) -> str:
    """List the problems of each scenario file by its name, and count them all."""
    blocks = [_file_text(file, problems) for file, problems in found.items()]
    together = [problem for problems in found.values() for problem in problems]
    if len(found) > 1:
        blocks.append(f"{counted(len(found), 'file')}: {_tally(together)}")
    return "\n".join(blocks)


def _file_text(file: str, problems: Sequence[Problem]) -> str:
    return "\n".join(
        [f"{one_line(file)}: {_tally(problems)}", *(f"  {line}" for line in told(problems))]
    )
