"""Assumptions named in words: the title of what they belong to, and which number of it is meant."""

from __future__ import annotations

from coopsim.analysis.pairing import Difference
from coopsim.analysis.sensitivity import Base, told_from_zero
from coopsim.presentation.wording import branch_name, error, not_by, plain_id

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


def difference_text(difference: Difference | None, scale: float, decimals: int) -> str:
    """Write a difference with its error; `~0` marks one that cannot be told from zero."""
    if difference is None:
        return ""
    unknown = difference.interval is None
    mark = "  " if unknown or told_from_zero(difference) else "~0"
    reach = error(difference.value, difference.interval, scale, decimals)
    # Adding 0 makes a rounded -0.0 a plain 0.0.
    value = round(scale * difference.value, decimals) + 0.0
    return f"{value:+.{decimals}f} ±{reach} {mark}"


def value_text(value: float, unit: str) -> str:
    """Write a number with its unit: a share in percent, an index in points."""
    return f"{100 * value:.1f} %" if unit == "share" else f"{value:.2f}"


def outcome_name(base: Base, text: str) -> str:
    """Name an outcome: its title, and what --outcome adds to it."""
    title = base.title
    if base.label and base.kind != "between":
        branched = base.kind == "first_of"
        told = branch_name(base.label, base.titles) if branched else plain_id(base.label)
        title = f"{title}: {told}"
    for side in (" by ", " after "):
        if side in text:
            title = f"{title}{side}{text.rsplit(side, 1)[1]}"
    return title


def base_text(base: Base) -> str:
    """Say what an outcome comes to with every assumption as written."""
    value = value_text(base.value, base.unit)
    if base.kind not in ("event", "last", "all_of", "between"):
        return value
    median = base.median or not_by(base.closes)
    return f"{value}, median {f'{median:.1f} years' if isinstance(median, float) else median}"
