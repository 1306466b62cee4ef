"""The line under a panel's title: the numbers that a curve does not show."""

from __future__ import annotations

from datetime import date

from coopsim.analysis.kinds.counts import CountSummary
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.firsts import FirstSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.presentation.words.numbers import date_text, rounded, whole_percent
from coopsim.presentation.words.wording import not_by
from coopsim.scenario.spec import LevelsEnd

_SHORT = 0.1  # years, below which days say more
_DAYS = 365.25  # of a year


def date_note(outcome: DateSummary, closing: date, *, by_day: bool = False) -> str:
    """Write the median date; `by_day` with its range where the simulated time is short."""
    return f"median: {_date(outcome, closing, by_day)}"


def first_note(outcome: FirstSummary, closing: date, *, by_day: bool = False) -> str:
    """Write the median date of whichever comes first."""
    return f"median of the first: {_date(outcome, closing, by_day)}"


def count_note(outcome: CountSummary, span: str) -> str:
    """Write the number in all, where a figure shows it by `span`: year, month or day."""
    low, high = outcome.quantiles["0.05"], outcome.quantiles["0.95"]
    by = "calendar year" if span == "year" else span
    mean = rounded(outcome.mean, outcome.interval)
    return f"by {by}; in all {mean} (5 to 95 %: {low} to {high})"


def gap_note(outcome: GapSummary) -> str:
    """Write the median gap, and in how many timelines there is none, as neither happened."""
    neither = whole_percent(outcome.shares["neither"], outcome.intervals["neither"])
    return f"{_years(outcome)}; neither in {neither} of timelines"


def level_note(more_cooperation: LevelsEnd | None) -> str:
    """Write what the shades of levels mean."""
    if more_cooperation is None:
        return "from light, the lowest level, to dark, the highest"
    return "darker and higher up: more cooperation"


def _date(outcome: DateSummary | FirstSummary, closing: date, by_day: bool) -> str:
    median = outcome.quantiles["0.5"]
    if median is None:
        return not_by(closing)
    low, high = outcome.quantile_intervals["0.5"]
    if by_day and low is not None and high is not None and low < high:
        return f"{median} ({low} to {high})"
    return date_text(median, outcome.quantile_intervals["0.5"])


def _years(outcome: GapSummary) -> str:
    median = outcome.quantiles["0.5"]
    if median is None:
        return "median: not seen"
    around = outcome.quantile_intervals["0.5"]
    if abs(median) < _SHORT:
        low, high = (None if end is None else _DAYS * end for end in around)
        return f"median: {rounded(_DAYS * median, (low, high), 0)} days"
    return f"median: {rounded(median, around, 1)} years"
