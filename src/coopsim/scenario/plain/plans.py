"""Plans of record: the official date of an event, as people announce it, moved at reviews.

A plan becomes a driver NAME_official, whose levels are half-years, and an event NAME_reviewed whose
outcomes move it. Engines know nothing of plans. A level is the end by which the event is announced:
`2029-H1` by the middle of 2029, `2029` by its end, `later` beyond the simulated time. Where a
half-year passes and the event has not come, the official date moves to the next one by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coopsim.scenario.notation.values import Period, format_date, parse_date
from coopsim.scenario.text.near import near_miss, nearest
from coopsim.scenario.text.reading import (
    Faults,
    invalid,
    keys_within,
    mapping_of,
    name_of,
    show,
    text_of,
)

Expansion = tuple[dict[str, object], dict[str, object]]  # a driver and an event
_ABOUT = ("group", "sources", "judgement")
LATER = "later"
OFFICIAL, REVIEWED = "_official", "_reviewed"
WRITTEN = {  # of which key of a plan a key of its driver or its review was made
    "takes": "reviews",
    "outcomes": "slips",
    "initial": "official",
    "plan": "event",
    "unless": "event",
}
MOST_HALVES = 99  # a driver has 100 levels at most
_HALF = re.compile(r"(?P<year>[0-9]{4})-H(?P<half>[12])")
_SLIP = re.compile(
    r"(?P<number>half a|an?|one|two|three|four|five|[0-9]+(?:[.]5)?) (?P<unit>year|month)s?"
)
_NUMBERS = {"half a": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_USUAL_SLIPS = (
    *("none", "half a year", "a year", "one year"),
    *(f"{number} years" for number in ("two", "three", "four", "five")),
)
_PLAN_EXPECTED = "a plan: {official: 2028, event: NAME, reviews: ..., slips: {...}}"
_OFFICIAL_EXPECTED = "a year such as `2028` (by its end), `2028-H1` (by its middle) or a date"
_EVENT_EXPECTED = "the name of the event that is planned"
_REVIEWS_EXPECTED = "how long from one review to the next, such as `every 6 to 12 months`"
_SLIPS_EXPECTED = "chances of slips, such as {none: 0.5, half a year: 0.3, a year: 0.2}"
_NEEDED = {
    "official": _OFFICIAL_EXPECTED,
    "event": f"{_EVENT_EXPECTED}, such as `event: first_landing`",
    "reviews": _REVIEWS_EXPECTED,
    "slips": _SLIPS_EXPECTED,
}
KEYS = ("title", "description", *_ABOUT, *_NEEDED, "pace", "odds")
_OFFERED = ("title", "description", "group", "why", *_NEEDED, "pace", "odds")
_SLIP_EXPECTED = "`none` or whole half-years, such as `half a year`, `18 months` or `2 years`"


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


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plan that could be read: what its driver and its review are made of."""

    name: str
    data: Mapping[str, object]
    event: str
    takes: object
    official: Half
    halves: tuple[Half, ...]
    slips: Mapping[str, int]

    @property
    def title(self) -> str:
        title = self.data.get("title")
        return f"Official date of {self.event}" if title is None else text_of(title)

    @property
    def about(self) -> dict[str, object]:
        return {key: self.data[key] for key in _ABOUT if key in self.data}


def made_of(name: str) -> tuple[str, str]:
    """Name the driver and the event that a plan becomes, by their paths."""
    return f"drivers.{name}{OFFICIAL}", f"events.{name}{REVIEWED}"


def expanded(name: str, raw: object, start: Period, end: Period) -> Expansion:
    """Turn a plan into its driver and its review, as data of a scenario.

    `start` and `end` are those of the scenario. Raises Invalid with every fault.
    """
    plan = _read(name, mapping_of(raw, _PLAN_EXPECTED), start, end)
    levels = [*(half.level for half in plan.halves), LATER]
    overdue = dict(_overdue(plan, levels, _last_day(end)))
    driver: dict[str, object] = {
        "title": plan.title,
        **{key: plan.data[key] for key in ("description",) if key in plan.data},
        "plan": plan.event,
        "levels": levels,
        "initial": plan.official.level,
        "switches": overdue,
        **plan.about,
    }
    return driver, {**_review(plan), **plan.about}


def stand_in(raw: object, days: tuple[Period, Period] | None) -> Expansion:
    """Make what declares the names that a plan which cannot be read would have made.

    Its levels are those of the plan where the days are known, and else many.
    """
    halves = _halves(*(days or (parse_date("2000"), parse_date("2999"))))
    slips = raw.get("slips") if isinstance(raw, Mapping) else None
    written = [text_of(slip) for slip in slips] if isinstance(slips, Mapping) else []
    meant = [nearest(slip, _USUAL_SLIPS) for slip in written if _SLIP.fullmatch(slip) is None]
    known = [*written, *(slip for slip in meant if slip is not None)] or _USUAL_SLIPS
    levels = [*(half.level for half in halves), LATER]
    driver: dict[str, object] = {"levels": levels, "initial": levels[0]}
    chances = {
        slip: {"chance": 0 if place else "rest"} for place, slip in enumerate(dict.fromkeys(known))
    }
    return driver, {"takes": "1 year", "repeat": True, "outcomes": chances}


def _read(name: str, data: dict[str, object], start: Period, end: Period) -> _Plan:
    faults = Faults()
    _check_keys(data, faults)
    halves = _halves(start, end)
    readers: dict[str, Callable[[object], Any]] = {
        "official": lambda raw: _official(raw, halves),
        "event": lambda raw: name_of(raw, _EVENT_EXPECTED),
        "reviews": _interval,
        "slips": _slips,
    }
    found: dict[str, Any] = {}
    for key, read in readers.items():
        if key in data:
            with faults.at(key):
                found[key] = read(data[key])
    faults.check()
    official, event = found["official"], found["event"]
    return _Plan(name, data, event, found["reviews"], official, halves, found["slips"])


def _check_keys(data: Mapping[str, object], faults: Faults) -> None:
    """Record keys that no plan has, and needed ones that no other was meant to be."""
    keys_within(data, KEYS, faults, _OFFERED)
    meant = {nearest(key, KEYS) for key in data if key not in KEYS}
    for key, expected in _NEEDED.items():
        if key not in data and key not in meant:
            faults.add("nothing", f"`{key}`: {expected}", key)


def _halves(start: Period, end: Period) -> tuple[Half, ...]:
    """List the half-years from that of the first day on, to that of the last."""
    first, last = Half.holding(format_date(start.first)), Half.holding(_last_day(end))
    last_told = min(last.number, first.number + MOST_HALVES - 1)
    return tuple(Half(number) for number in range(first.number, last_told + 1))


def _official(raw: object, halves: tuple[Half, ...]) -> Half:
    """Read the half-year by whose end an event is announced; it is one of those simulated."""
    official = half_of(raw)
    if official not in halves:
        raise invalid(show(raw), f"a date from {halves[0].level} to {halves[-1].level}")
    return official


def half_of(raw: object) -> Half:
    """Read the half-year by whose end an event is announced; raises Invalid."""
    text = name_of(raw, _OFFICIAL_EXPECTED).strip()
    half = _HALF.fullmatch(text)
    if half is not None:
        return Half(2 * int(half["year"]) + int(half["half"]) - 1)
    try:
        return Half.holding(_last_day(parse_date(text)))
    except ValueError:
        raise invalid(show(raw), _OFFICIAL_EXPECTED) from None


def _last_day(period: Period) -> str:
    return format_date(period.end_of_day - 1)


def _interval(raw: object) -> object:
    """Get the time from one review to the next: a duration in any notation."""
    if isinstance(raw, Mapping):
        return raw
    return name_of(raw, _REVIEWS_EXPECTED).strip().removeprefix("every ").strip()


def _slips(raw: object) -> dict[str, int]:
    """Read by how many half-years each slip moves the date."""
    data = mapping_of(raw, _SLIPS_EXPECTED)
    if not data:
        raise invalid("an empty mapping", _SLIPS_EXPECTED)
    faults = Faults()
    moved = {}
    for slip in data:
        with faults.at(slip):
            moved[slip] = _half_years(slip)
    faults.check()
    return moved


def _half_years(slip: str) -> int:
    if slip == "none":
        return 0
    match = _SLIP.fullmatch(slip)
    if match is None:
        raise invalid(show(slip), _SLIP_EXPECTED, hint=near_miss(slip, _USUAL_SLIPS))
    number = _NUMBERS.get(match["number"]) or float(match["number"])
    halves = number * 2 if match["unit"] == "year" else number / 6
    if halves != int(halves) or not 0 < halves <= MOST_HALVES:
        raise invalid(show(slip), _SLIP_EXPECTED)
    return int(halves)


def _overdue(plan: _Plan, levels: Sequence[str], end: str) -> Iterator[tuple[str, object]]:
    """Move a date that has passed to the next half-year, while the event has not come."""
    for half, following in zip(plan.halves, levels[1:], strict=True):
        if plan.official <= half and half.next_day <= end:
            moved = {"from": half.next_day, "unless": {plan.event: True}}
            yield f"{half.level} -> {following}", moved


def _review(plan: _Plan) -> dict[str, object]:
    chances = mapping_of(plan.data["slips"], _SLIPS_EXPECTED)
    driver = plan.name + OFFICIAL
    return {
        "title": f"{plan.title}: reviewed",
        "takes": plan.takes,
        "unless": {plan.event: True},
        "repeat": True,
        **{key: plan.data[key] for key in ("pace", "odds") if key in plan.data},
        "outcomes": {
            slip: {"chance": chances[slip], **({"shifts": {driver: step}} if step else {})}
            for slip, step in plan.slips.items()
        },
    }
