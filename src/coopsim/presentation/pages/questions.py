"""The table of questions: each with its number, a strip, and how other scenarios differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from coopsim.analysis.comparing.comparison import Comparison
from coopsim.analysis.summaries import Summary
from coopsim.presentation.pages.axes import Tick
from coopsim.presentation.pages.strips import Strip, StripScale, scale_of
from coopsim.presentation.views.cells import NOT_TOLD
from coopsim.presentation.views.comparison import number_cells
from coopsim.presentation.views.result.answers import answer_sections
from coopsim.presentation.views.view import Cell, Row, Section
from coopsim.presentation.words.headlines import Headline, headlines
from coopsim.presentation.words.kinds import INDEX, LEVEL, FamilyWords
from coopsim.presentation.words.wording import Wording, kept_whole

SAME = "="  # a difference that is not detectable


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """The number of another scenario, and its paired difference with the margin."""

    value: str
    difference: str

    @property
    def is_same(self) -> bool:
        """Check whether no difference is detectable."""
        return self.difference == SAME


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question, or below it a branch or level: its number, its quantiles, how others differ.

    `share` is the length of the bar of what is a share alone.
    """

    title: str
    about: str
    level: int
    number: str
    caption: str
    strip: Strip | None
    share: float | None
    others: tuple[OtherAnswer | None, ...]


@dataclass(frozen=True, slots=True)
class QuestionTable:
    """The questions of one family, and the marks of their scale."""

    about: str
    title: str
    number: str
    ticks: tuple[Tick, ...]
    lane: str
    rows: tuple[QuestionRow, ...]


_Differing = Mapping[tuple[str, str], Headline]


def question_tables(
    summary: Summary, words: Wording, comparison: Comparison | None
) -> tuple[QuestionTable, ...]:
    """Make the tables, a family each, in the order of the terminal's."""
    found = {} if comparison is None else _differing(comparison, words)
    others = () if comparison is None else tuple(comparison.results)[1:]
    return tuple(
        _table(_Asked(summary, words, family, found, others), section)
        for family, section in answer_sections(summary, words)
    )


def _differing(comparison: Comparison, words: Wording) -> _Differing:
    return {
        (one.outcome, (one.measure.label or "") if one.family.has_parts else ""): one
        for one in headlines(comparison, words)
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    summary: Summary
    words: Wording
    family: FamilyWords
    differing: _Differing
    others: Sequence[str]

    def others_of(self, outcome: str, part: str) -> tuple[OtherAnswer | None, ...]:
        headline = self.differing.get((outcome, part))
        return tuple(
            None if headline is None else other_answer(headline, name) for name in self.others
        )


def other_answer(headline: Headline, name: str) -> OtherAnswer:
    """Write the number of one result, and how it differs from the base's."""
    value, difference = number_cells(headline, name)
    return OtherAnswer(
        value.text, SAME if difference.mark == NOT_TOLD else kept_whole(difference.text)
    )


def _table(asked: _Asked, section: Section) -> QuestionTable:
    scale = scale_of(asked.family.name, asked.summary)
    rows = tuple(
        row
        for own in _by_question(asked, section.rows)
        for row in _rows(asked, scale, own, section)
    )
    number = section.columns[0].title if section.columns else asked.family.number
    ticks, lane = (scale.ticks, scale.lane) if scale else ((), "")
    return QuestionTable(asked.family.name, section.title, number or "", ticks, lane, rows)


def _by_question(asked: _Asked, rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Put the rows of a question together; of an index the last one, at its close, is enough."""
    groups: list[list[Row]] = []
    for row in rows:
        if row.level == 0:
            groups.append([])
        groups[-1].append(row)
    if asked.family is not INDEX:
        return iter(groups)
    by_name = groupby(groups, key=lambda group: group[0].about)
    return (list(same)[-1] for _, same in by_name)


def _rows(
    asked: _Asked, scale: StripScale | None, own: list[Row], section: Section
) -> Iterator[QuestionRow]:
    first, name = own[0], own[0].about
    outcome, closing = asked.summary.outcomes[name], asked.words.closings.get(name)
    strip = scale.strip(outcome, closing) if scale and closing else None
    levels = first.listed if asked.family is LEVEL else ()
    yield QuestionRow(
        title=first.title,
        about=name,
        level=0,
        number=first.cells[0].text if first.cells else "",
        caption="" if levels else kept_whole(_caption(first, section, strip)),
        strip=strip,
        share=None,
        others=asked.others_of(name, ""),
    )
    for cell in levels:
        yield _part(asked, name, cell.name, cell)
    for row in own[1:]:
        yield _part(asked, name, row.title, replace(row.cells[0], about=row.about))


def _part(asked: _Asked, outcome: str, title: str, cell: Cell) -> QuestionRow:
    share = 100 * cell.value if isinstance(cell.value, float) else None
    others = asked.others_of(outcome, cell.about)
    return QuestionRow(title, cell.about, 1, cell.text, "", None, share, others)


def _caption(row: Row, section: Section, strip: Strip | None) -> str:
    """Write what a strip shows, or else the quantiles under their names, and what has not come."""
    listed = [f"{cell.name} {cell.text}" for cell in row.listed]
    if strip is not None:
        return ", ".join(filter(None, [strip.says, *listed]))
    told, place = [], 1
    for cell in row.cells[1:]:
        title = section.columns[place].title if cell.span == 1 else ""
        named = bool(title) and not cell.text.startswith("not by")
        told.append(f"{title} {cell.text}" if named else cell.text)
        place += cell.span
    return ", ".join(filter(None, [*told, *listed]))
