"""The places of a slider: an assumption as it is written, and some steps to either side.

All are texts that --set takes, in the unit and the notation in which the assumption stands: both
ends of a range move together, so that it stays as uncertain as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from coopsim.scenario.notation.values import DAY, add_months, calendar_day, parse_date
from coopsim.scenario.sources.assumptions import Assumption

_STEPS = 8  # to either side
_DOUBLED = 4  # steps in which a number doubles
_NUMBER = re.compile(r"\s*(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?P<rest>.*)", re.DOTALL)
_SCALED = ("rate", "duration", "factor")
_IN_ORDER = ("low", "likely", "high", "earliest", "latest")
_LISTED = ("uniform", "triangular", "pert", "beta", "quantiles")
_MONTHS = {1: 12, 2: 3, 3: 3}  # a step of a year, a month, a day, by how many parts it has

_Moved = Callable[[str, int], str | None]  # an end of a range, by so many steps


def stops(one: Assumption, start: int) -> tuple[str, ...]:
    """List the places of an assumption's slider, none for some kinds; what is written is one.

    No date is moved before the start, in seconds since 1970.
    """
    moved = _MOVED.get(one.kind)
    if moved is None or one.reference is not None or _is_bounded(one.path):
        return ()
    found = (_place(one, moved, step) for step in range(-_STEPS, _STEPS + 1))
    late = (text for text in found if text is not None and not _is_past(one, text, start))
    return tuple(dict.fromkeys(late))


def _is_bounded(path: str) -> bool:
    """Check for one of several numbers of a value, which the others do not let pass."""
    around, _, last = path.rpartition(".")
    return last in _IN_ORDER or (last.isdigit() and around.rpartition(".")[2] in _LISTED)


def _place(one: Assumption, moved: _Moved, step: int) -> str | None:
    if not step:
        return one.value
    ends = one.value.split(" to ")
    found = [moved(end, step) for end in ends]
    return None if None in found else " to ".join(filter(None, found))


def _is_past(one: Assumption, text: str, start: int) -> bool:
    if one.kind != "date" or text == one.value:
        return False
    return parse_date(text.partition(" to ")[0]).first < start


def _scaled(text: str, step: int) -> str | None:
    match = _NUMBER.fullmatch(text)
    if match is None or float(match["number"]) == 0:
        return None
    return f"{float(match['number']) * 2 ** (step / _DOUBLED):.3g}{match['rest']}"


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
