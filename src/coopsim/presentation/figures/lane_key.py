"""The key of lanes: what the numbers on them stand for, each with its first dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from coopsim.analysis.stories.tracing import Trace
from coopsim.presentation.figures.kit.labels import LINE, wrap
from coopsim.presentation.figures.kit.sheets import BODY, Sheet
from coopsim.presentation.figures.kit.style import INK, POINTS, SMALL
from coopsim.presentation.words.titles import Titles
from coopsim.presentation.words.wording import NBSP, plain_id
from coopsim.simulation.watching import Step

_COLUMNS = 3
NEVER = "\N{EN DASH}"  # not in this timeline


@dataclass(slots=True)
class Numbers:
    """A number for each event with its outcome, and the line of the key that explains it."""

    known: dict[tuple[str, str], int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    dates: dict[tuple[int, str], str] = field(default_factory=dict)  # the first, by whose it is

    def of(self, trace: Trace, step: Step) -> int:
        """Get the number of a firing's event and outcome."""
        kind = kind_of(trace, step)
        if kind not in self.known:
            self.known[kind] = len(self.known) + 1
            title = Titles(trace.scenario, trace.program).event(step.event)
            single = len(trace.program.events[step.event].outcomes) == 1
            self.texts.append(title if single else f"{title}: {plain_id(kind[1])}")
        return self.known[kind]

    def add(self, trace: Trace, step: Step, side: str) -> None:
        """Keep the date of a firing if it is the first of its side."""
        self.dates.setdefault((self.of(trace, step), side), trace.date(step.time))

    def lines(self, sides: Sequence[str]) -> list[str]:
        """Write the key: each event with its first date, or with the one of each side."""
        return [f"{n}  {text}, {self._dates(n, sides)}" for n, text in enumerate(self.texts, 1)]

    def _dates(self, number: int, sides: Sequence[str]) -> str:
        dates = [self.dates.get((number, side)) for side in sides]
        if len(set(dates)) == 1:
            return str(dates[0])
        named = zip(sides, dates, strict=True)
        return ", ".join(f"{side} {day or NEVER}".replace(" ", NBSP) for side, day in named)


def kind_of(trace: Trace, step: Step) -> tuple[str, str]:
    """Name the event and the outcome of a firing."""
    event = trace.program.events[step.event]
    return event.name, event.outcomes[step.outcome].name


def key_columns(lines: Sequence[str]) -> list[list[str]]:
    """Break the key into columns of about one height, each line wrapped to its width."""
    width = (BODY / _COLUMNS - 0.15) * POINTS
    wrapped = [wrap(line, width, SMALL) for line in lines]
    most = ceil(_lines(wrapped) / _COLUMNS)
    columns: list[list[str]] = [[] for _ in range(_COLUMNS)]
    place = 0
    for line in wrapped:
        if place < _COLUMNS - 1 and _lines(columns[place]) >= most:
            place += 1
        columns[place].append(line)
    return columns


def _lines(texts: Sequence[str]) -> int:
    return sum(text.count("\n") + 1 for text in texts)


def key_height(columns: Sequence[Sequence[str]]) -> float:
    """Measure a key in inches."""
    return max(map(_lines, columns), default=0) * SMALL * LINE * 0.94 / POINTS


def write_key(sheet: Sheet, columns: Sequence[Sequence[str]], top: float) -> None:
    """Write the columns of a key below so many inches of a page."""
    width, height = sheet.figure.get_size_inches()
    for place, column in enumerate(columns):
        left = sheet.body.left + place * sheet.body.width / _COLUMNS
        sheet.figure.text(
            left / width, top / height, "\n".join(column), va="top", fontsize=SMALL, color=INK,
            linespacing=LINE * 0.92,
        )  # fmt: skip
