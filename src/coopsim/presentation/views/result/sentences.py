"""Headline questions answered in a sentence each, the news first: a date, a chance or a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from coopsim.analysis.kinds.base import OutcomeSummary
from coopsim.analysis.kinds.counts import CountSummary
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.firsts import NEITHER, FirstSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.kinds.indices import IndexSummary
from coopsim.analysis.kinds.levels import DriverSummary
from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.statistics.order_statistics import Bounds
from coopsim.analysis.summaries import Summary
from coopsim.presentation.views.cells import mean_cell
from coopsim.presentation.views.view import Cell, Row, Section
from coopsim.presentation.words.numbers import (
    chance,
    in_how_many,
    rounded,
    spoken_date,
)
from coopsim.presentation.words.wording import NBSP, Wording, day_or_year, not_by, plain_id

SAID = (
    "In short: by the middle date, or the one with even odds, it has happened in half of all "
    "timelines. A range of nine in ten leaves out one in twenty below and one in twenty above."
)
_NEARLY = 0.005  # of the timelines: what is missing of a certainty is no news
_NAMED = 3  # answers that lead side by side

_Part = str | Cell
_Parts = Iterator[_Part]


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """An answer in a sentence: what is asked, and texts and cells that together say it.

    `news` is the number, date or name to print large where a page has room for one.
    """

    title: str
    parts: tuple[_Part, ...]
    news: str

    @property
    def says(self) -> str:
        """Write what is said, without what is asked."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def text(self) -> str:
        """Write the whole sentence."""
        return f"{self.title}{' ' if self.title.endswith('?') else ': '}{self.says}."

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Get the numbers, dates and names in the sentence, in its order."""
        return tuple(part for part in self.parts if isinstance(part, Cell))


def headline_sentences(summary: Summary, words: Wording) -> dict[str, AnswerSentence]:
    """Answer the headline questions of a scenario, in its order; none where it names none."""
    return {name: sentence_of(name, summary, words) for name in words.headlines}


def headline_sections(summary: Summary, words: Wording, title: str = "In short") -> list[Section]:
    """Show the headline questions as sentences; nothing where a scenario names none."""
    rows = [
        Row(one.text, told=one.cells, about=name)
        for name, one in headline_sentences(summary, words).items()
    ]
    return [Section(title, tuple(rows))] if rows else []


def sentence_of(name: str, summary: Summary, words: Wording) -> AnswerSentence:
    """Answer one question in a sentence."""
    one = _Told(summary.outcomes[name], words.titles[name], words.closings[name], summary, words)
    parts = tuple(one.parts())
    cells = [part for part in parts if isinstance(part, Cell)]
    first = next(cell for cell in cells if cell.value is not None)
    return AnswerSentence(one.title, parts, first.text.partition(f"{NBSP}±")[0])


# --- what is said of each kind ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    outcome: OutcomeSummary
    title: str
    closing: date
    summary: Summary
    words: Wording

    def parts(self) -> _Parts:
        match self.outcome:
            case DateSummary():
                yield from self._date(self.outcome)
            case FirstSummary():
                yield from self._first(self.outcome)
            case GapSummary():
                yield from self._gap(self.outcome)
            case CountSummary():
                yield from _count(self.outcome)
            case IndexSummary():
                yield from _index(self.outcome)
            case DriverSummary():
                yield from _level(self.outcome)

    # --- dates ---

    def _date(self, outcome: DateSummary) -> _Parts:
        """Tell the date of what is as good as certain, of the rest the chance."""
        if not outcome.probability:
            low, high = outcome.interval
            yield from self._in_all(not_by(self.closing), "", (1 - high, 1 - low))
            return
        at = {key: _date_cell(outcome, key) for key in ("0.05", "0.5", "0.95")}
        early, middle, late = at["0.05"], at["0.5"], at["0.95"]
        if middle is None or early is None or late is None:
            yield _chance_cell(outcome.probability, outcome.interval)
            if not self.title.endswith(f"by {day_or_year(self.closing)}"):
                yield f" by {day_or_year(self.closing)}"
            if middle:
                yield from (", even odds by ", middle)
            if middle and early and early.text != middle.text:
                yield from (", one in twenty by ", early)
            return
        yield from ("middle date ", middle)
        if early.text == middle.text == late.text and _seen(outcome.quantile_intervals):
            yield ", the same for at least nine in ten"
        elif _seen(outcome.quantile_intervals):
            yield from _nine_in_ten(early, late, "in")
        low, high = outcome.interval
        yield from self._unless(not_by(self.closing), 1 - outcome.probability, (1 - high, 1 - low))

    def _in_all(self, what: str, more: str, interval: Interval) -> _Parts:
        """Say what holds in all timelines: the cell's value is their share."""
        runs = self.summary.runs
        yield from (Cell(what, 1.0, interval, "share"), f"{more} {in_how_many(runs, runs)}")

    def _unless(self, what: str, share: float, interval: Interval) -> _Parts:
        """Tell in how many timelines something has not happened, where they matter."""
        if share >= _NEARLY:
            yield from (f"; {what} in ", _chance_cell(share, interval))

    # --- which comes first ---

    def _first(self, outcome: FirstSummary) -> _Parts:
        branches = {label: share for label, share in outcome.shares.items() if label != NEITHER}
        of = f" of these by {day_or_year(self.closing)}"
        neither, interval = outcome.shares[NEITHER], outcome.intervals[NEITHER]
        if not any(branches.values()):
            yield from self._in_all("none", of, interval)
            return
        yield from _most_often(branches, outcome.intervals, self._branch)
        yield from self._unless(f"none{of}", neither, interval)

    def _branch(self, label: str) -> str:
        return f'"{self.words.branch(label)}"'

    # --- from one to the other ---

    def _gap(self, outcome: GapSummary) -> _Parts:
        shares, intervals = outcome.shares, outcome.intervals
        by = f"by {day_or_year(self.closing)}"
        if shares["neither"] == 1:
            yield from self._in_all("neither", f" {by}", intervals["neither"])
            return
        middle = _years_cell(outcome, "0.5")
        if middle is None:
            yield from (_chance_cell(shares["both"], intervals["both"]), f" for both {by}")
            return
        yield from ("middle gap ", replace(middle, text=f"{middle.text}{NBSP}years"))
        early, late = _years_cell(outcome, "0.05"), _years_cell(outcome, "0.95")
        if early and late and _seen(outcome.quantile_intervals):
            yield from _nine_in_ten(early, late, "at")
        low, high = intervals["both"]
        yield from self._unless(f"not both {by}", 1 - shares["both"], (1 - high, 1 - low))


def _count(outcome: CountSummary) -> _Parts:
    yield from (_mean(outcome.mean, outcome.interval, "count"), " on average")
    intervals = outcome.quantile_intervals
    ends = {
        key: Cell(str(count), count, intervals[key], "count")
        for key, count in outcome.quantiles.items()
    }
    if _seen(intervals):
        yield from _nine_in_ten(ends["0.05"], ends["0.95"], "at")


def _index(outcome: IndexSummary) -> _Parts:
    last = max(outcome.by)
    one = outcome.by[last]
    yield from (_mean(one.mean, one.interval, "percent"), " of 100 on average")
    yield f" at the end of {day_or_year(last)}"
    ends = {
        key: Cell(f"{height:.0f}", height, one.quantile_intervals[key], "percent")
        for key, height in one.quantiles.items()
    }
    if _seen(one.quantile_intervals):
        yield from _nine_in_ten(ends["0.05"], ends["0.95"], "at")


def _level(outcome: DriverSummary) -> _Parts:
    last = max(outcome.shares)
    yield f"at the end of {day_or_year(last)} "
    yield from _most_often(outcome.shares[last], outcome.intervals[last], plain_id)


# --- parts of sentences -------------------------------------------------------------------------


def _most_often(
    shares: Mapping[str, float], intervals: Mapping[str, Interval], named: Callable[[str], str]
) -> _Parts:
    """Tell what is most frequent, what is not detectably different and what comes next."""
    ordered = sorted(shares, key=lambda label: -shares[label])
    least = intervals[ordered[0]][0]
    leading = [label for label in ordered if intervals[label][1] >= least and shares[label]]
    yield "most often "
    for place, label in enumerate(leading[:_NAMED]):
        yield from (", or " if place else "", Cell(named(label), about=label), ", ")
        yield _chance_cell(shares[label], intervals[label], label)
    if len(leading) > _NAMED:
        yield f"; {len(leading) - _NAMED} more about as often"
    following = [label for label in ordered if label not in leading and shares[label]]
    if len(leading) == 1 and following:
        label = following[0]
        yield from ("; next ", Cell(named(label), about=label), ", ")
        yield _chance_cell(shares[label], intervals[label], label)


def _nine_in_ten(low: Cell, high: Cell, at: str) -> _Parts:
    """Tell between what nine in ten timelines lie; where that is one and the same, so many."""
    if low.text == high.text:
        yield from (f", at least nine in ten {at} ", low)
    else:
        yield from (", nine in ten between ", low, " and ", high)


def _seen(intervals: Mapping[str, Bounds[date]] | Mapping[str, Bounds[float]]) -> bool:
    """Check whether there are timelines enough to speak of nine in ten."""
    return all(any(end is not None for end in intervals[key]) for key in ("0.05", "0.95"))


def _chance_cell(share: float, interval: Interval, about: str = "") -> Cell:
    text = chance(share, interval, f"{NBSP}%").replace(" ", NBSP)
    return Cell(text, share, interval, "share", about=about)


def _mean(value: float, interval: Interval | None, unit: str) -> Cell:
    cell = mean_cell(value, interval, unit)
    return Cell(cell.text.replace(" ", NBSP), value, interval, unit)


def _date_cell(outcome: DateSummary, key: str) -> Cell | None:
    day, interval = outcome.quantiles[key], outcome.quantile_intervals[key]
    return None if day is None else Cell(spoken_date(day, interval), day, interval, "date")


def _years_cell(outcome: GapSummary, key: str) -> Cell | None:
    years, interval = outcome.quantiles[key], outcome.quantile_intervals[key]
    return None if years is None else Cell(rounded(years, interval, 1), years, interval, "years")
