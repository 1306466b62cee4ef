"""Assumptions named in words: the title of what they belong to, and which number of it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopsim.analysis.statistics.estimates import Interval
from coopsim.presentation.words.kinds import family_of
from coopsim.presentation.words.numbers import exact_percent, median_text, percent, rounded
from coopsim.presentation.words.wording import NBSP, not_by

if TYPE_CHECKING:
    from coopsim.experiments.base import Base

_PLAIN = {
    "date": "date",
    "takes": "how long it takes",
    "rate": "rate",
    "initial": "level at the start",
    "pace": "pace",
    "outcomes": "chance of",
    "odds": "odds of",
    "planned": "planned date",
    "growth": "growth of the plan",
    "not_before": "not before",
    "from": "not before",
    "until": "not after",
    "first": "first date",
    "every": "step",
    "then": "time between",
    "after": "lag after",
    "share": "share of luck",
}
UNIT_WORDS = {"share": "points of chance", "count": "mean number", "percent": "points of the index"}
SCALES = {"share": (100.0, 1), "count": (1.0, 2), "percent": (1.0, 1)}
_COURSE_SCALES = {"years": (1.0, 2), "count": (1.0, 2), "percent": (1.0, 1)}
_FEW_YEARS = 1.1  # below which differences of dates are told in days
_SILENT = ("switches", "chance", "times", "is", "value", "date.planned")


def assumption_name(title: str, path: str) -> str:
    """Name an assumption by its entry's title and the words of its path below the entry."""
    keys = _below_entry(path)
    words = [_word(key) for key in keys]
    if len(words) > 1 and words[0] == "date" and keys[1] in _PLAIN:
        words = words[1:]
    told = " ".join(word for word in words if word)
    return f"{title}: {told}" if told else title


def _below_entry(path: str) -> list[str]:
    """Split a path after the entry; names with dots in them stand in no entry that has numbers."""
    return path.split(".")[2:]


def _word(key: str) -> str:
    if key in _SILENT:
        return ""
    if key.isdigit() and len(key) < 3:
        return f"no. {int(key) + 1}"
    return _PLAIN.get(key, key.replace("_", " "))


def course_words(kind: str, years: float) -> str:
    """Name the unit in which an answer differs over so many years: days where they are few."""
    words = family_of(kind).course
    return words.replace("years", "days") if years < _FEW_YEARS else words


def course_scale(unit: str, years: float) -> tuple[float, int]:
    """Get by what a difference over time is multiplied, and its decimals."""
    if unit == "years" and years < _FEW_YEARS:
        return 365.25, 1
    return _COURSE_SCALES[unit]


def value_text(value: float, interval: Interval | None, unit: str) -> str:
    """Write an estimate with its unit, as finely as it is known: a share in percent."""
    if unit == "share":
        return f"{percent(value, interval)}{NBSP}%"
    return rounded(value, interval, SCALES[unit][1])


def level_text(level: float, unit: str) -> str:
    """Write a level that somebody has set, with its unit."""
    return f"{exact_percent(level)}{NBSP}%" if unit == "share" else f"{level:g}"


def outcome_name(base: Base, text: str) -> str:
    """Name an outcome: its title, and what --outcome adds to it; a statement is its own title."""
    if text == base.title:
        return text
    title = family_of(base.kind).named(base.title, base.label, base.titles)
    for side in (" by ", " after "):
        if side in text:
            title = f"{title}{side}{text.rsplit(side, 1)[1]}"
    return title


def base_text(base: Base) -> str:
    """Write what an outcome comes to with every assumption as written."""
    value = value_text(base.value, base.interval, base.unit)
    if not family_of(base.kind).median_change:
        return value
    return f"{value}, median {base_median(base) or not_by(base.closes)}"


def base_median(base: Base) -> str:
    """Write the median that goes with an outcome: a date, or years; nothing if not reached."""
    if base.median is None or base.median_interval is None:
        return ""
    text = median_text(base.median, base.median_interval)
    return f"{text} years" if isinstance(base.median, float) else text
