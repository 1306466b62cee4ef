"""The line under a panel's title: the numbers that a curve does not show."""

from __future__ import annotations

from datetime import date

from coopsim.analysis.kinds.base import OutcomeSummary
from coopsim.analysis.kinds.counts import CountSummary
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.firsts import FirstSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.kinds.indices import IndexSummary
from coopsim.presentation.words.numbers import date_text, rounded, whole_percent
from coopsim.presentation.words.wording import not_by

_SHARES = {
    "both": "both in",
    "only_first": "only the first",
    "only_second": "only the second",
    "neither": "neither",
}


_SHORT = 0.1  # years, below which days say more
_DAYS = 365.25  # of a year


def note(outcome: OutcomeSummary, closing: date, span: str = "year") -> str:
    """Say the median of an outcome, and what else its figure leaves out.

    A figure of counts shows them by `span`: year, month or day.
    """
    match outcome:
        case DateSummary():
            return f"median: {_date(outcome, closing)}"
        case FirstSummary():
            return f"median of the first: {_date(outcome, closing)}"
        case CountSummary():
            low, high = outcome.quantiles["0.05"], outcome.quantiles["0.95"]
            by = "calendar year" if span == "year" else span
            mean = rounded(outcome.mean, outcome.interval)
            return f"by {by}; in all {mean} (5 to 95 %: {low} to {high})"
        case GapSummary():
            shares = (
                f"{word} {whole_percent(outcome.shares[key], outcome.intervals[key])}"
                for key, word in _SHARES.items()
            )
            return f"{_years(outcome)}; {', '.join(shares)}"
        case IndexSummary():
            return "median, 25 to 75 % and 5 to 95 % of timelines; dashed: the mean"
        case _:
            return ""


def _date(outcome: DateSummary | FirstSummary, closing: date) -> str:
    median = outcome.quantiles["0.5"]
    if median is None:
        return not_by(closing)
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
