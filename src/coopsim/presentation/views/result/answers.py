"""The answers of a result: one row for each outcome, by kind of question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from coopsim.analysis.evidence.statement_summary import StatementSummary
from coopsim.analysis.kinds.base import OutcomeSummary
from coopsim.analysis.kinds.counts import CountSummary
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.firsts import FirstSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.kinds.indices import IndexSummary
from coopsim.analysis.kinds.levels import DriverSummary
from coopsim.analysis.summaries import Summary
from coopsim.presentation.views.cells import (
    chance_cell,
    date_cell,
    mean_cell,
    part_cell,
    whole_cell,
)
from coopsim.presentation.views.result.sentences import SAID, headline_sections
from coopsim.presentation.views.view import (
    Cell,
    ColumnGroup,
    Holds,
    Row,
    Section,
    TableColumn,
    View,
)
from coopsim.presentation.words.kinds import FAMILIES, STATED, FamilyWords, family_of
from coopsim.presentation.words.numbers import rounded, whole_percent
from coopsim.presentation.words.wording import (
    NBSP,
    SIMULATION_ERROR,
    Wording,
    day_or_year,
    not_by,
    plain_id,
    timelines,
)
from coopsim.scenario.spec import Scenario

_SHOWN = {"0.05": "5 %", "0.5": "median", "0.95": "95 %"}
_NOT_BOTH = {"only_first": "only first", "only_second": "only second", "neither": "neither"}
_LEVELS = 10  # so many levels of a driver are shown each by itself
_STEP = 5  # an index is shown every so many years


def summary_view(summary: Summary, scenario: Scenario, cross_check: str | None = None) -> View:
    """Show all answers; `cross_check` is what the manifest says of it."""
    words = Wording.of(scenario)
    about = (
        f"{summary.scenario}-{summary.hash}: {timelines(summary.runs)}, "
        f"{summary.start} to {summary.end}, seed {summary.seed}"
    )
    return View(
        heading=(words.heading, about),
        sections=(
            *headline_sections(summary, words),
            *(section for _, section in answer_sections(summary, words)),
        ),
        notes=(*_legend(summary, words), *_checked(cross_check)),
    )


def answer_sections(summary: Summary, words: Wording) -> Iterator[tuple[FamilyWords, Section]]:
    """Show all answers by family, statements first; a family without a question has no section."""
    sections = (
        (STATED, _statements(summary)),
        *((family, _section(summary, family, words)) for family in FAMILIES),
    )
    return ((family, section) for family, section in sections if section.rows)


def _section(summary: Summary, family: FamilyWords, words: Wording) -> Section:
    rows = tuple(
        row
        for name in words.in_order(summary.outcomes)
        if family_of((outcome := summary.outcomes[name]).kind) is family
        for row in _rows(name, outcome, words, summary.runs)
    )
    if not family.has_quantiles:
        return Section(f"{family.section} {day_or_year(summary.end)}", rows)
    return Section(family.section, rows, _columns(family.number))


def _statements(summary: Summary) -> Section:
    """Show the statements that were asked beside the questions."""
    rows = tuple(
        Row(one.title, (chance_cell(one.probability, one.interval),), about=name)
        for name, one in summary.outcomes.items()
        if isinstance(one, StatementSummary)
    )
    return Section(STATED.section, rows, (TableColumn(STATED.number),))


def _columns(number: str) -> tuple[TableColumn, ...]:
    group, held = ColumnGroup.QUANTILES, Holds.DATE
    return (
        TableColumn(number),
        *(TableColumn(text, held, group, kept=key == "0.5") for key, text in _SHOWN.items()),
    )


def _rows(name: str, outcome: OutcomeSummary, words: Wording, runs: int) -> Iterator[Row]:
    closing = words.closings[name]
    match outcome:
        case DateSummary():
            low, high = outcome.interval
            never = _never(closing, 1 - outcome.probability, (1 - high, 1 - low))
            happens = chance_cell(outcome.probability, outcome.interval)
            yield Row(outcome.title, (happens, *_quantiles(_dates(outcome), never)), about=name)
        case FirstSummary():
            yield from _first_rows(name, outcome, closing, words)
        case GapSummary():
            yield _gap_row(name, outcome)
        case CountSummary():
            counts = {
                key: Cell(str(count), count, outcome.quantile_intervals[key], "count")
                for key, count in outcome.quantiles.items()
            }
            mean = mean_cell(outcome.mean, outcome.interval, "count")
            yield Row(outcome.title, (mean, *_quantiles(counts)), about=name)
        case IndexSummary():
            yield from _index_rows(name, outcome)
        case DriverSummary():
            yield _driver_row(name, outcome, runs)


def _never(closing: date, share: float, interval: tuple[float, float]) -> Cell:
    """Write in the place of a quantile in how many timelines something has not happened."""
    text = f"{not_by(closing)}: {whole_percent(share, interval)}"
    return Cell(text, share, interval, "share")


def _quantiles(cells: Mapping[str, Cell | None], never: Cell | None = None) -> tuple[Cell, ...]:
    """List the quantiles shown; `never` stands once in the place of those not reached."""
    reached = [cell for key in _SHOWN if (cell := cells[key]) is not None]
    missing = len(_SHOWN) - len(reached)
    return (*reached, *([replace(never, span=missing)] if never and missing else []))


def _dates(outcome: DateSummary | FirstSummary) -> dict[str, Cell | None]:
    return {
        key: None if day is None else date_cell(day, outcome.quantile_intervals[key])
        for key, day in outcome.quantiles.items()
    }


def _first_rows(name: str, outcome: FirstSummary, closing: date, words: Wording) -> Iterator[Row]:
    never = _never(closing, outcome.shares["neither"], outcome.intervals["neither"])
    yield Row(outcome.title, (Cell(), *_quantiles(_dates(outcome), never)), about=name)
    for label, share in outcome.shares.items():
        cell = chance_cell(share, outcome.intervals[label])
        yield Row(words.branch(label), (cell,), level=1, about=label)


def _gap_row(name: str, outcome: GapSummary) -> Row:
    years = {key: _years(outcome, key) for key in outcome.quantiles}
    shares, intervals = outcome.shares, outcome.intervals
    both = chance_cell(shares["both"], intervals["both"])
    rest = tuple(
        whole_cell(word, shares[key], intervals[key], about=key)
        for key, word in _NOT_BOTH.items()
        if shares["both"] != 1
    )
    return Row(outcome.title, (both, *_quantiles(years)), listed=rest, about=name)


def _years(outcome: GapSummary, key: str) -> Cell:
    years, interval = outcome.quantiles[key], outcome.quantile_intervals[key]
    if years is None:
        return Cell(_unseen(outcome, float(key)))
    return Cell(rounded(years, interval, 1), years, interval, "years")


def _unseen(outcome: GapSummary, part: float) -> str:
    """Write where a quantile lies that no timeline shows: shorter sort first, longer last."""
    either = 1 - outcome.shares["neither"]
    if either <= 0:
        return "neither"
    return "shorter" if part * either <= outcome.shares["only_second"] else "longer"


def _index_rows(name: str, outcome: IndexSummary) -> Iterator[Row]:
    closing = max(outcome.by)
    for day, one in outcome.by.items():
        if day == closing or day.year % _STEP == 0:
            mean = mean_cell(one.mean, one.interval, "percent")
            levels = {
                key: Cell(f"{level:.0f}", level, one.quantile_intervals[key], "percent")
                for key, level in one.quantiles.items()
            }
            title = f"{outcome.title}, {day_or_year(day)}"
            yield Row(title, (mean, *_quantiles(levels)), about=name)


def _driver_row(name: str, outcome: DriverSummary, runs: int) -> Row:
    """Write the share of each level, of many levels those of the most frequent."""
    closing = max(outcome.shares)
    shares, intervals = outcome.shares[closing], outcome.intervals[closing]
    often = sorted(shares, key=lambda level: -shares[level])[:_LEVELS]
    shown = [
        whole_cell(plain_id(level), share, intervals[level], about=level)
        for level, share in shares.items()
        if level in often
    ]
    if len(shares) > _LEVELS:
        rest = sum(share for level, share in shares.items() if level not in often)
        shown.append(part_cell(f"{len(shares) - _LEVELS}{NBSP}others", rest, runs))
    return Row(outcome.title, listed=tuple(shown), about=name)


def _checked(cross_check: str | None) -> tuple[str, ...]:
    if cross_check is None:
        return ()
    return (f"cross-checked against the SimPy model: {cross_check}",)


def _legend(summary: Summary, words: Wording) -> tuple[str, ...]:
    """Explain the numbers, of the kinds that are there."""
    reading = (
        f"chance %: the share of timelines in which it has happened by {summary.end}, or by the "
        "question's own date. 5 %, median, 95 %: the day by which it has happened in that "
        "share of all timelines, or the month, quarter or year if it is not known more "
        "precisely; `not by` shows in how many it has not. < and > are bounds, as no number of "
        "timelines proves 0 or 100 %."
    )
    gaps = (
        "Years from one to the other are negative if the second came first; longer: the second "
        "has not happened yet; shorter: only the second has."
    )
    error = (
        f"±: 95 % {SIMULATION_ERROR}: it shows in the spread from 5 % to 95 %, as far as the "
        "scenario states it, and in other scenarios."
    )
    has_gaps = any(isinstance(outcome, GapSummary) for outcome in summary.outcomes.values())
    return (*([SAID] if words.headlines else []), reading, *([gaps] if has_gaps else []), error)
