"""Where an answer lies, as a strip: nine in ten, the middle half, the median, and what is unseen.

A line that goes on beyond the scale ends open. What has not come has a lane of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from coopsim.analysis.kinds.base import OutcomeSummary
from coopsim.analysis.kinds.counts import CountSummary
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.firsts import NEITHER, FirstSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.kinds.indices import IndexSummary
from coopsim.analysis.summaries import Summary
from coopsim.presentation.pages.axes import NumberAxis, Tick, TimeAxis
from coopsim.presentation.words.numbers import date_text, rounded, whole_percent
from coopsim.presentation.words.wording import not_by

_LINE, _BAR, _MEDIAN = ("0.05", "0.95"), ("0.25", "0.75"), "0.5"
_ENDS = {"0.05": "5 %", "0.25": "25 %", "0.5": "median", "0.75": "75 %", "0.95": "95 %"}

StripSpan = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Strip:
    """Places on a scale of 0 to 100, and the sentence that says the same.

    `unseen` is the length of the lane of what has not come; None where there is no such lane.
    """

    says: str
    line: StripSpan | None
    bar: StripSpan | None
    median: float | None
    opens_left: bool = False
    opens_right: bool = False
    unseen: float | None = None


@dataclass(frozen=True, slots=True)
class StripScale:
    """What the strips of one kind of question share: their marks, and whether there is a lane."""

    ticks: tuple[Tick, ...]
    lane: str
    strip: Callable[[OutcomeSummary, date], Strip | None]


def scale_of(name: str, summary: Summary) -> StripScale | None:
    """Make the scale of a family of questions; None where its answers are shares."""
    kinds = summary.outcomes.values()
    if name in ("date", "first"):
        axis = TimeAxis(summary.start, summary.end)
        return StripScale(axis.ticks, "not come", lambda one, closing: _dated(one, closing, axis))
    if name == "index":
        hundred = NumberAxis(0, 100)
        return StripScale(hundred.ticks, "", lambda one, _: _index(one, hundred))
    if name == "gap":
        gaps = _around(end for one in kinds if isinstance(one, GapSummary) for end in _known(one))
        return StripScale(gaps.ticks, "", lambda one, _: _gap(one, gaps))
    if name == "count":
        counted = [one for one in kinds if isinstance(one, CountSummary)]
        counts = _around(end for one in counted for end in one.quantiles.values())
        return StripScale(counts.ticks, "", lambda one, _: _count(one, counts))
    return None


def _known(one: GapSummary) -> list[float]:
    return [years for years in one.quantiles.values() if years is not None]


def _around(values: Iterable[float]) -> NumberAxis:
    """Reach from 0 or below to above all values, in round numbers."""
    found = [0.0, *values]
    low, high = min(found), max(found)
    step = 5 if high - low > 5 else 1
    return NumberAxis(step * (low // step), step * (high // step + 1))


def _dated(one: OutcomeSummary, closing: date, axis: TimeAxis) -> Strip | None:
    if isinstance(one, DateSummary):
        low, high = one.interval
        unseen, interval = 1 - one.probability, (1 - high, 1 - low)
    elif isinstance(one, FirstSummary):
        unseen, interval = one.shares[NEITHER], one.intervals[NEITHER]
    else:
        return None
    texts = {
        key: date_text(day, one.quantile_intervals[key])
        for key, day in one.quantiles.items()
        if day is not None
    }
    missing = f"{not_by(closing)}: {whole_percent(unseen, interval)}"
    places = {key: None if day is None else axis.at(day) for key, day in one.quantiles.items()}
    return _strip(texts, missing, places, axis.at(closing), unseen=100 * unseen)


def _gap(one: OutcomeSummary, axis: NumberAxis) -> Strip | None:
    if not isinstance(one, GapSummary) or not _known(one):
        return None
    places = {
        key: None if years is None else axis.at(years) for key, years in one.quantiles.items()
    }
    shorter = one.shares["only_second"]
    either = 1 - one.shares["neither"]
    below = [
        key for key, place in places.items() if place is None and float(key) * either <= shorter
    ]
    texts = {
        key: f"{rounded(years, one.quantile_intervals[key], 1)} years"
        if years is not None
        else ("shorter" if key in below else "longer")
        for key, years in one.quantiles.items()
    }
    return _strip(texts, "", {**places, **dict.fromkeys(below, 0.0)}, 100.0, opens_left=bool(below))


def _count(one: OutcomeSummary, axis: NumberAxis) -> Strip | None:
    if not isinstance(one, CountSummary):
        return None
    texts = {key: str(count) for key, count in one.quantiles.items()}
    return _strip(texts, "", {key: axis.at(count) for key, count in one.quantiles.items()}, 100.0)


def _index(one: OutcomeSummary, axis: NumberAxis) -> Strip | None:
    if not isinstance(one, IndexSummary):
        return None
    last = one.by[max(one.by)].quantiles
    texts = {key: f"{height:.0f}" for key, height in last.items()}
    return _strip(texts, "", {key: axis.at(height) for key, height in last.items()}, 100.0)


def _strip(
    texts: Mapping[str, str],
    missing: str,
    places: Mapping[str, float | None],
    last: float,
    **more: Any,
) -> Strip:
    """Draw as far as quantiles are reached; beyond, lines and bars go on to the last place."""
    told = [f"{_ENDS[key]} {texts[key]}" for key in _ENDS if key in texts]
    return Strip(
        says=", ".join([*told, *([missing] if missing else [])]),
        line=_between(places, _LINE, last),
        bar=_between(places, _BAR, last),
        median=places[_MEDIAN],
        opens_right=places[_LINE[0]] is not None and places[_LINE[1]] is None,
        **more,
    )


def _between(
    places: Mapping[str, float | None], keys: tuple[str, str], last: float
) -> StripSpan | None:
    low, high = (places[key] for key in keys)
    if low is None:
        return None
    return low, last if high is None else high
