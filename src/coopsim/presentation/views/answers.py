"""The answers as a table in the terminal: one line for each outcome, by kind of question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from coopsim.analysis.kinds.base import OutcomeSummary
from coopsim.analysis.kinds.counts import CountSummary
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.firsts import FirstSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.kinds.indices import IndexSummary
from coopsim.analysis.kinds.levels import DriverSummary
from coopsim.analysis.summaries import Summary
from coopsim.presentation.terminal.pen import Line, Page, Section
from coopsim.presentation.words.numbers import (
    chance,
    date_text,
    estimate,
    rounded,
    whole_percent,
)
from coopsim.presentation.words.wording import (
    SIMULATION_ERROR,
    Wording,
    day_or_year,
    not_by,
    plain_id,
    timelines,
)
from coopsim.scenario.spec import Scenario

_CELL = 10  # a date
_SHOWN = {"0.05": "5 %", "0.5": "median", "0.95": "95 %"}
_NOT_BOTH = {"only_first": "only first", "only_second": "only second", "neither": "neither"}
_STEP = 5  # an index is shown every so many years


def summary_table(summary: Summary, scenario: Scenario, cross_check: str | None = None) -> Page:
    """Make the table of all answers; rich prints it at any width.

    `cross_check` is what the manifest says of it.
    """
    words = Wording.of(scenario)
    about = (
        f"{summary.scenario}-{summary.hash}: {timelines(summary.runs)}, "
        f"{summary.start} to {summary.end}, seed {summary.seed}"
    )
    sections = (
        Section(heading, tuple(_kind_lines(summary, kind, words)))
        for kind, heading in _headings(summary).items()
    )
    return Page(
        heading=(words.heading, about),
        sections=tuple(section for section in sections if section.lines),
        legend=(*_legend(summary), *_checked(cross_check)),
    )


def _headings(summary: Summary) -> dict[type[OutcomeSummary], Line]:
    return {
        DateSummary: _heading("Whether and when", "chance %"),
        FirstSummary: _heading("Which comes first", "chance %"),
        GapSummary: _heading("Years from one to the other", "both %"),
        CountSummary: _heading("How often", "mean"),
        IndexSummary: _heading("Index, 0 to 100, at end of", "mean"),
        DriverSummary: Line(f"Levels at the end of {day_or_year(summary.end)}", style="bold"),
    }


def _heading(title: str, number: str) -> Line:
    quantiles = " ".join(text.rjust(_CELL) for text in _SHOWN.values())
    return Line(title, (number, quantiles), (number, _SHOWN["0.5"].rjust(_CELL)), style="bold")


def _kind_lines(summary: Summary, kind: type[OutcomeSummary], words: Wording) -> Iterator[Line]:
    for name, outcome in summary.outcomes.items():
        if isinstance(outcome, kind):
            yield from _outcome_lines(outcome, words.closings[name], words)


def _outcome_lines(outcome: OutcomeSummary, closing: date, words: Wording) -> Iterator[Line]:
    match outcome:
        case DateSummary():
            low, high = outcome.interval
            rest = whole_percent(1 - outcome.probability, (1 - high, 1 - low))
            never = f"{not_by(closing)}: {rest}"
            happens = chance(outcome.probability, outcome.interval)
            yield _line(outcome.title, happens, _dates(outcome), never)
        case FirstSummary():
            yield from _first_lines(outcome, closing, words)
        case GapSummary():
            yield from _gap_lines(outcome)
        case CountSummary():
            counts = {key: str(count) for key, count in outcome.quantiles.items()}
            yield _line(outcome.title, estimate(outcome.mean, outcome.interval), counts)
        case IndexSummary():
            yield from _index_lines(outcome)
        case DriverSummary():
            yield _driver_line(outcome)


def _line(title: str, value: str, quantiles: Mapping[str, str | None], never: str = "") -> Line:
    """Put the quantiles into one cell, so that what is not reached is said once, in their room."""
    reached = [(quantiles[key] or "").rjust(_CELL) for key in _SHOWN if quantiles[key] is not None]
    cells = reached if len(reached) == len(_SHOWN) else [*reached, never]
    median = quantiles["0.5"]
    short = never if median is None else median.rjust(_CELL)
    return Line(title, (value, " ".join(cells)), (value, short))


def _dates(outcome: DateSummary | FirstSummary) -> dict[str, str | None]:
    return {
        key: None if day is None else date_text(day, outcome.quantile_intervals[key])
        for key, day in outcome.quantiles.items()
    }


def _first_lines(outcome: FirstSummary, closing: date, words: Wording) -> Iterator[Line]:
    rest = whole_percent(outcome.shares["neither"], outcome.intervals["neither"])
    yield _line(outcome.title, "", _dates(outcome), f"{not_by(closing)}: {rest}")
    for label, share in outcome.shares.items():
        cells = (chance(share, outcome.intervals[label]),)
        yield Line(f"  {words.branch(label)}", cells, cells)


def _gap_lines(outcome: GapSummary) -> Iterator[Line]:
    quantiles: dict[str, str | None] = {
        key: _unseen(outcome, float(key))
        if years is None
        else rounded(years, outcome.quantile_intervals[key], 1)
        for key, years in outcome.quantiles.items()
    }
    shares, intervals = outcome.shares, outcome.intervals
    line = _line(outcome.title, chance(shares["both"], intervals["both"]), quantiles)
    rest = (f"{word} {whole_percent(shares[k], intervals[k])}" for k, word in _NOT_BOTH.items())
    yield replace(line, note="" if shares["both"] == 1 else ", ".join(rest))


def _unseen(outcome: GapSummary, part: float) -> str:
    """Say where a quantile lies that no timeline shows: shorter sort first, longer last."""
    either = 1 - outcome.shares["neither"]
    if either <= 0:
        return "neither"
    return "shorter" if part * either <= outcome.shares["only_second"] else "longer"


def _index_lines(outcome: IndexSummary) -> Iterator[Line]:
    closing = max(outcome.by)
    for day, one in outcome.by.items():
        if day == closing or day.year % _STEP == 0:
            mean = estimate(one.mean, one.interval)
            levels = {key: f"{level:.0f}" for key, level in one.quantiles.items()}
            yield _line(f"{outcome.title}, {day_or_year(day)}", mean, levels)


def _driver_line(outcome: DriverSummary) -> Line:
    closing = max(outcome.shares)
    intervals = outcome.intervals[closing]
    levels = (
        f"{plain_id(level)} {whole_percent(share, intervals[level])}"
        for level, share in outcome.shares[closing].items()
    )
    return Line(outcome.title, note=", ".join(levels))


def _checked(cross_check: str | None) -> tuple[str, ...]:
    if cross_check is None:
        return ()
    return (f"cross-checked against the SimPy model: {cross_check}",)


def _legend(summary: Summary) -> tuple[str, ...]:
    """Say what the numbers are, for the kinds that are there."""
    reading = (
        f"chance %: the share of timelines in which it has happened by {summary.end}, or by the "
        "question's own date. 5 %, median, 95 %: the day by which it has happened in that share "
        "of all timelines, or the month, quarter or year where it is known no better; `not by` "
        "says where it has not, and in how many. < and > are bounds, as no number of timelines "
        "proves 0 or 100 %."
    )
    gaps = (
        "Years from one to the other are negative where the second came first; longer: the "
        "second has not happened yet, shorter: only the second has."
    )
    error = (
        f"±: 95 % {SIMULATION_ERROR}. Doubt about the model is in no ±; it shows in the spread "
        "from 5 % to 95 %, as far as the scenario writes it down, and in other scenarios."
    )
    has_gaps = any(isinstance(outcome, GapSummary) for outcome in summary.outcomes.values())
    return (reading, *([gaps] if has_gaps else []), error)
