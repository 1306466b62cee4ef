"""The places of a slider: an assumption as it is written, and some steps to either side.

All are texts that --set takes, in the unit and the notation in which the assumption stands: both
ends of a range move together, so that it stays as uncertain as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from coopsim.scenario.notation.quantities import LOW, NOTATIONS
from coopsim.scenario.notation.values import (
    DAY,
    add_months,
    calendar_day,
    parse_chance,
    parse_date,
)
from coopsim.scenario.sources.assumptions import Assumption

_STEPS = 8  # to either side
_DOUBLED = 4  # steps in which a number doubles
_NUMBER = re.compile(r"\s*(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?P<rest>.*)", re.DOTALL)
_SCALED = ("rate", "duration", "factor")
_SPANS = ("hour", "day", "week", "month", "year")
_MONTHS = {1: 12, 2: 3, 3: 3}  # a step of a year, a month, a day, by how many parts it has

_ORDERED = frozenset(key for one in NOTATIONS if LOW in one.roles for key in one.keys)

_Moved = Callable[[str, int], str | None]  # an end of a range, by so many steps


def value_path(path: str) -> str:
    """Get the path of the value in which a number's neighbours bound it, or the number's own."""
    around, _, last = path.rpartition(".")
    listed = last.isdigit() and around.rpartition(".")[2] in _ORDERED
    return around if last in _ORDERED or listed else path


def written(ones: Sequence[Assumption]) -> str:
    """Write a value as --set takes it, from its numbers."""
    return _joined(ones, [one.value for one in ones])


def stops(ones: Sequence[Assumption], start: int, most: float = 1.0) -> tuple[str, ...]:
    """List the places of the slider of a value, none for some kinds; what is written is one.

    A value of several numbers is moved as a whole. No date is moved before the start, in seconds
    since 1970, and no chance beyond the most that it can be.
    """
    moved = _MOVED.get(ones[0].kind)
    if moved is None or ones[0].reference is not None:
        return ()
    places = (
        [_place(one, moved, step, start, most) for one in ones]
        for step in range(-_STEPS, _STEPS + 1)
    )
    whole = ([text for text in place if text is not None] for place in places)
    return tuple(dict.fromkeys(_joined(ones, one) for one in whole if len(one) == len(ones)))


def _joined(ones: Sequence[Assumption], texts: Sequence[str]) -> str:
    keys = [one.path.rpartition(".")[2] for one in ones]
    if value_path(ones[0].path) == ones[0].path:
        return texts[0]
    if keys[0].isdigit():
        return f"[{', '.join(texts)}]"
    return f"{{{', '.join(f'{key}: {text}' for key, text in zip(keys, texts, strict=True))}}}"


def _place(one: Assumption, moved: _Moved, step: int, start: int, most: float) -> str | None:
    if not step:
        return one.value
    ends = [moved(end, step) for end in one.value.split(" to ")]
    if None in ends:
        return None
    text = " to ".join(filter(None, ends))
    if one.kind == "chance":
        return text if parse_chance(text.rpartition(" to ")[2]) <= most else None
    return None if one.kind == "date" and _is_past(text, start) else text


def _is_past(text: str, start: int) -> bool:
    return parse_date(text.partition(" to ")[0]).first < start


def _scaled(text: str, step: int) -> str | None:
    match = _NUMBER.fullmatch(text)
    if match is None or float(match["number"]) == 0:
        return None
    number, unit = f"{float(match['number']) * 2 ** (step / _DOUBLED):.3g}", match["rest"]
    if unit.strip().rstrip("s") in _SPANS:
        unit = unit.rstrip("s") + ("" if number == "1" else "s")
    return f"{number}{unit}"


def _chance(text: str, step: int) -> str | None:
    """Move the odds of a chance, as they stand: a number, or in percent."""
    match = _NUMBER.fullmatch(text)
    whole = 100.0 if "%" in text else 1.0
    share = -1.0 if match is None else float(match["number"]) / whole
    if match is None or not 0 < share < 1:
        return None
    odds = share / (1 - share) * 2 ** (2 * step / _DOUBLED)
    return f"{whole * odds / (1 + odds):.3g}{match['rest']}"


def _date(text: str, step: int) -> str | None:
    """Move a year by years, a month or a day by quarters."""
    parts = len(text.split("-"))
    try:
        first = parse_date(text).first
    except ValueError:
        return None
    if "Q" in text:
        return None
    moved = add_months(first, step * _MONTHS[parts])
    year, month, day = calendar_day(moved // DAY)
    year, month = (year, month + 3) if month < 10 else (year + 1, month - 9)  # March is month 0
    return "-".join((str(year), f"{month:02}", f"{day + 1:02}")[:parts])


_MOVED: dict[str, _Moved] = {
    **dict.fromkeys(_SCALED, _scaled),
    "chance": _chance,
    "date": _date,
}
