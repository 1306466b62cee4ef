"""The line under a panel's title: the numbers that a curve does not show."""

from __future__ import annotations

from datetime import date

from coopsim.analysis.summaries import (
    CountSummary,
    DateSummary,
    FirstSummary,
    GapSummary,
    IndexSummary,
    OutcomeSummary,
)
from coopsim.presentation.wording import not_by, whole_percent

_SHARES = {
    "both": "both in",
    "only_first": "only the first",
    "only_second": "only the second",
    "neither": "neither",
}


_SHORT = 0.1  # years, below which days say more


def note(outcome: OutcomeSummary, closing: date, span: str = "year") -> str:
    """Say the median of an outcome, and what else its figure leaves out.

    A figure of counts shows them by `span`: year, month or day.
    """
    match outcome:
        case DateSummary():
            return f"median: {outcome.quantiles['0.5'] or not_by(closing)}"
        case FirstSummary():
            return f"median of the first: {outcome.quantiles['0.5'] or not_by(closing)}"
        case CountSummary():
            low, high = outcome.quantiles["0.05"], outcome.quantiles["0.95"]
            by = "calendar year" if span == "year" else span
            return f"by {by}; in all {outcome.mean:.1f} (5 to 95 %: {low} to {high})"
        case GapSummary():
            shares = (f"{word} {whole_percent(outcome.shares[k])}" for k, word in _SHARES.items())
            return f"{_years(outcome)}; {', '.join(shares)}"
        case IndexSummary():
            return "median, 25 to 75 % and 5 to 95 % of timelines; dashed: the mean"
        case _:
            return ""


def _years(outcome: GapSummary) -> str:
    median = outcome.quantiles["0.5"]
    if median is None:
        return "median: not seen"
    short = abs(median) < _SHORT
    return f"median: {365.25 * median:z.0f} days" if short else f"median: {median:z.1f} years"
