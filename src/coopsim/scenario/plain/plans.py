"""Plans of record: the official date of an event, as people announce it, moved at reviews.

A plan becomes a driver NAME_official, whose levels are half-years, and an event NAME_reviewed whose
outcomes move it. Engines know nothing of plans. A level is the end by which the event is announced:
`2029-H1` by the middle of 2029, `2029` by its end, `later` beyond the simulated time. Where a
half-year passes and the event has not come, the official date moves to the next one by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coopsim.scenario.notation.values import Period, format_date, parse_date
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import (
    Faults,
    invalid,
    listing,
    mapping_of,
    name_of,
    show,
    text_of,
)

KEYS = ("title", "description", "group", "sources", "judgement", "official", "event", "reviews")
KEYS = (*KEYS, "slips", "pace", "odds")
NEEDED = ("official", "event", "reviews", "slips")
LATER = "later"
OFFICIAL, REVIEWED = "_official", "_reviewed"
MOST_HALVES = 99  # a driver has 100 levels at most
_HALF = re.compile(r"(?P<year>\d{4})-H(?P<half>[12])")
_OFFICIAL_EXPECTED = "a year such as `2028` (by its end), `2028-H1` (by its middle) or a date"
_REVIEWS_EXPECTED = "how long from one review to the next, such as `every 6 to 12 months`"
_SLIPS_EXPECTED = "chances of slips, such as {none: 0.5, half a year: 0.3, a year: 0.2}"
_SLIP = re.compile(r"(?P<number>a|an|one|two|three|four|five|half a|\d+(?:\.5)?) (?P<unit>year|month)s?")
_NUMBERS = {"half a": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


@dataclass(frozen=True, slots=True, order=True)
class Half:
    """A half of a year, counted in half-years."""

    number: int

    @classmethod
    def holding(cls, day: str) -> Half:
        """Find the half-year that holds a day, written as `2029-03-31`."""
        return cls(2 * int(day[:4]) + (int(day[5:7]) > 6))

    @property
    def level(self) -> str:
        """Get the name of the level that ends with it."""
        year, second = divmod(self.number, 2)
        return f"{year}" if second else f"{year}-H1"

    @property
    def next_day(self) -> str:
        """Get the first day after it."""
        year, second = divmod(self.number + 1, 2)
        return f"{year}-07-01" if second else f"{year}-01-01"


def expanded(name: str, raw: object, start: Period, end: Period) -> tuple[dict[str, object], dict[str, object]]:
    """Turn a plan into its driver and its review, as data of a scenario.

    `start` and `end` are those of the scenario. Raises Invalid with every fault.
    """
    data = mapping_of(raw, "a plan: {official: 2028, event: NAME, reviews: ..., slips: {...}}")
    faults = Faults()
    _check_keys(data, faults)
    halves: list[Half] = []
    moved: dict[str, int] = {}
    takes = event = ""
    if "official" in data:
        with faults.at("official"):
            halves = _halves(data["official"], start, end)
    if "event" in data:
        with faults.at("event"):
            event = name_of(data["event"], "the name of the event that is planned")
    if "reviews" in data:
        with faults.at("reviews"):
            takes = _interval(data["reviews"])
    if "slips" in data:
        with faults.at("slips"):
            moved = _slips(data["slips"])
    faults.check()
    about = {key: data[key] for key in ("group", "sources", "judgement") if key in data}
    title = text_of(data["title"]) if data.get("title") is not None else f"Official date of {event}"
    levels = [half.level for half in halves] + [LATER]
    driver: dict[str, object] = {
        "title": title,
        **{key: data[key] for key in ("description",) if key in data},
        "levels": levels,
        "initial": levels[0],
        "switches": _overdue(halves, levels, event, _written_end(end)),
        **about,
    }
    return driver, {**_review(name, data, title, takes, moved, event), **about}


def _check_keys(data: Mapping[str, object], faults: Faults) -> None:
    for key in data:
        if key not in KEYS:
            hint = near_miss(key, KEYS)
            faults.add(f"the key {show(key)}", f"only {listing(KEYS)}", key, hint=hint)
    for key in NEEDED:
        if key not in data:
            faults.add("nothing", f"`{key}`", key)


def _halves(raw: object, start: Period, end: Period) -> list[Half]:
    """List the half-years from the official one to that of the end."""
    text = name_of(raw, _OFFICIAL_EXPECTED).strip()
    half = _HALF.fullmatch(text)
    if half is not None:
        first = Half(2 * int(half["year"]) + int(half["half"]) - 1)
    else:
        try:
            period = parse_date(text)
        except ValueError:
            raise invalid(show(raw), _OFFICIAL_EXPECTED) from None
        first = Half.holding(format_date(period.end_of_day - 1))
    now, last = Half.holding(format_date(start.first)), Half.holding(_written_end(end))
    if first < now:
        expected = f"a date that is not past on the first day, {format_date(start.first)}"
        raise invalid(show(raw), expected)
    if first > last:
        raise invalid(show(raw), f"a date up to the end, {_written_end(end)}")
    return [Half(number) for number in range(first.number, last.number + 1)][:MOST_HALVES]


def _written_end(end: Period) -> str:
    return format_date(end.end_of_day - 1)


def _interval(raw: object) -> object:
    """Get the time from one review to the next: a duration in any notation."""
    if isinstance(raw, Mapping):
        return raw
    text = name_of(raw, _REVIEWS_EXPECTED).strip()
    return text.removeprefix("every ").strip()


def _slips(raw: object) -> dict[str, int]:
    """Read by how many half-years each slip moves the date."""
    data = mapping_of(raw, _SLIPS_EXPECTED)
    faults = Faults()
    moved = {}
    if not data:
        faults.add("an empty mapping", _SLIPS_EXPECTED)
    for slip in data:
        with faults.at(slip):
            moved[slip] = _half_years(slip)
    faults.check()
    return moved


def _half_years(slip: str) -> int:
    if slip == "none":
        return 0
    match = _SLIP.fullmatch(slip)
    expected = "`none` or whole half-years, such as `half a year`, `18 months` or `2 years`"
    if match is None:
        raise invalid(show(slip), expected)
    number = _NUMBERS.get(match["number"]) or float(match["number"])
    halves = number * 2 if match["unit"] == "year" else number / 6
    if halves != int(halves) or not 0 < halves <= MOST_HALVES:
        raise invalid(show(slip), expected)
    return int(halves)


def _overdue(halves: list[Half], levels: list[str], event: str, end: str) -> dict[str, object]:
    """Move a date that has passed to the next half-year, while the event has not come."""
    return {
        f"{half.level} -> {following}": {"from": half.next_day, "unless": {event: True}}
        for half, following in zip(halves, levels[1:], strict=True)
        if half.next_day <= end
    }


def _review(
    name: str, data: Mapping[str, object], title: str, takes: object, moved: dict[str, int], event: str
) -> dict[str, object]:
    chances = mapping_of(data["slips"], _SLIPS_EXPECTED)
    outcomes = {
        slip: {"chance": chances[slip], **({"shifts": {name + OFFICIAL: step}} if step else {})}
        for slip, step in moved.items()
    }
    return {
        "title": f"{title}: reviewed",
        "takes": takes,
        "unless": {event: True},
        "repeat": True,
        **{key: data[key] for key in ("pace", "odds") if key in data},
        "outcomes": outcomes,
    }
