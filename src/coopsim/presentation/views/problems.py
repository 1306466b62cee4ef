"""Problems of scenarios; `coopsim check` loads little more than this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coopsim.errors import Problem, told
from coopsim.presentation.views.view import Row, Section, View
from coopsim.presentation.words.counting import counted
from coopsim.printable import one_line


def problems_view(problems: Sequence[Problem]) -> View:
    """List problems, errors first, and count them."""
    return View((), (), notes=(*told(problems), _tally(problems)), verbatim=True)


def check_view(found: Mapping[str, Sequence[Problem]]) -> View:
    """List the problems of each scenario file by its name, and count them all."""
    together = [problem for problems in found.values() for problem in problems]
    total = (f"{counted(len(found), 'file')}: {_tally(together)}",)
    return View(
        heading=(),
        sections=tuple(_file(file, problems) for file, problems in found.items()),
        notes=total if len(found) > 1 else (),
        verbatim=True,
    )


def _file(file: str, problems: Sequence[Problem]) -> Section:
    rows = tuple(Row(line, level=1) for line in told(problems))
    return Section(f"{one_line(file)}: {_tally(problems)}", rows, about=file)


def _tally(problems: Sequence[Problem]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    said = [counted(number, noun) for number, noun in ((errors, "error"), (warnings, "warning"))]
    return ", ".join(text for text in said if not text.startswith("0 ")) or "no problems"
