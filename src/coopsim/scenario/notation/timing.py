"""What an event's timing and chances may hold: plans, tables by level, calendars, windows.

Each reader turns raw data into frozen classes, or raises Invalid with every fault in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from coopsim.scenario.notation import values as v
from coopsim.scenario.notation.conditions import Condition, read_condition
from coopsim.scenario.notation.distributions import Constant
from coopsim.scenario.notation.quantities import (
    ANY_VALUE,
    EXPECTED,
    Value,
    ValueKind,
    read_duration,
    read_every,
    read_period,
    read_value,
)
from coopsim.scenario.text.reading import (
    Faults,
    invalid,
    keys_within,
    mapping_of,
    name_of,
    show,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned date or duration and the growth of what remained until it."""

    planned: Value
    growth: Value
    not_before: v.Period | None = None


@dataclass(frozen=True, slots=True)
class ByLevel(Generic[T]):
    """A value for each level of a driver or event."""

    by: str
    table: dict[str, T]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Recurring dates: exactly one of `every` and `then` is set."""

    first: Value
    every: v.Every | None = None
    then: Value | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """The chance that the other outcomes leave."""


@dataclass(frozen=True, slots=True)
class Case:
    """A chance that counts where the condition does."""

    when: Condition
    chance: Value


@dataclass(frozen=True, slots=True)
class Cases:
    """Chances of which the first whose condition holds counts."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which an event may fire: outright intervals, a recurring one, or a reference."""

    open: tuple[tuple[v.Period, v.Period], ...] | None = None
    opens: v.Period | None = None
    every: v.Every | None = None
    lasts: float | None = None
    like: str | None = None


DateValue = Value | Plan | ByLevel[Value | Plan] | Calendar
TakesValue = Value | Plan
RateValue = Value | ByLevel[Value]
ChanceValue = Value | Rest | ByLevel[Value] | Cases


def _by_level(raw: Mapping[str, object], read: Callable[[object], T]) -> ByLevel[T]:
    data = mapping_of(raw, "a table by level")
    faults = Faults()
    with faults.at("by"):
        by = name_of(data["by"], "the name of a driver or event")
    table: dict[str, T] = {}
    for level, item in data.items():
        if level != "by":
            with faults.at(level):
                table[level] = read(item)
    if len(data) == 1:
        faults.add("a table without levels", "{by: DRIVER, LEVEL: value, ...}")
    faults.check()
    return ByLevel(by, table)


def read_plan(kind: ValueKind, raw: object) -> Value | Plan:
    """Read a value, or a plan: {planned:, growth:}, for a date with {not_before:} too."""
    if not isinstance(raw, Mapping) or "planned" not in raw:
        return read_value(kind, raw)
    faults = Faults()
    allowed = ("planned", "growth", "not_before") if kind == "date" else ("planned", "growth")
    keys_within(mapping_of(raw, "a plan"), allowed, faults)
    not_before = None
    with faults.at("planned"):
        planned = read_value(kind, raw["planned"])
    if "growth" not in raw:
        faults.add("nothing", f"the growth: {EXPECTED['factor']}, {ANY_VALUE}", "growth")
    else:
        with faults.at("growth"):
            growth = read_value("factor", raw["growth"])
    if "not_before" in raw:
        with faults.at("not_before"):
            not_before = read_period(raw["not_before"])
    faults.check()
    return Plan(planned, growth, not_before)


def read_date(raw: object) -> DateValue:
    """Read what `date` may hold: a value, a plan, a table by level or a calendar."""
    if isinstance(raw, Mapping):
        if "by" in raw:
            return _by_level(raw, lambda item: read_plan("date", item))
        if "first" in raw:
            return _calendar(mapping_of(raw, "a calendar"))
    return read_plan("date", raw)


def _calendar(data: dict[str, object]) -> Calendar:
    faults = Faults()
    keys_within(data, ("first", "every", "then"), faults)
    if ("every" in data) == ("then" in data):
        faults.add(show(data), "a calendar with either `every: P` or `then: P`")
    every = then = None
    with faults.at("first"):
        first = read_value("date", data["first"])
    if "every" in data:
        with faults.at("every"):
            every = read_every(data["every"])
    if "then" in data:
        with faults.at("then"):
            then = read_value("duration", data["then"])
            if isinstance(then.distribution, Constant) and then.distribution.value == 0:
                raise invalid(show(data["then"]), "a duration above 0")
    faults.check()
    return Calendar(first, every, then)


def read_takes(raw: object) -> TakesValue:
    """Read what `takes` may hold: a duration or a planned one that grows."""
    return read_plan("duration", raw)


def read_rate(raw: object) -> RateValue:
    """Read what `rate` may hold: a rate, or one by level."""
    if isinstance(raw, Mapping) and "by" in raw:
        return _by_level(raw, lambda item: read_value("rate", item))
    return read_value("rate", raw)


def read_factor(raw: object) -> Value:
    """Read a factor that multiplies a speed or a chance."""
    return read_value("factor", raw)


def read_lag(raw: object) -> Value:
    """Read how long after another event an event may come."""
    return read_value("duration", raw)


def read_chance(raw: object) -> ChanceValue:
    """Read a chance: a number, `rest`, a table by level, or a list of cases."""
    if raw == "rest":
        return Rest()
    if isinstance(raw, Mapping) and "by" in raw:
        return _by_level(raw, lambda item: read_value("chance", item))
    if isinstance(raw, list | tuple):
        return _cases(raw)
    return read_value("chance", raw)


def _cases(raw: list[object] | tuple[object, ...]) -> Cases:
    expected = "{when: CONDITION, is: CHANCE}, the last one {is: CHANCE}"
    faults = Faults()
    cases: list[Case] = []
    if not raw:
        faults.add("an empty list", f"a list of {expected}")
    for position, item in enumerate(raw):
        with faults.at(position):
            cases.append(_case(item, last=position == len(raw) - 1, expected=expected))
    faults.check()
    return Cases(tuple(cases))


def _case(raw: object, *, last: bool, expected: str) -> Case:
    data = mapping_of(raw, expected)
    faults = Faults()
    keys_within(data, ("when", "is"), faults)
    when = Condition()
    if ("when" in data) == last or "is" not in data:
        faults.add(show(data), expected)
        faults.check()
    if "when" in data:
        with faults.at("when"):
            when = read_condition(data["when"])
    with faults.at("is"):
        chance = read_value("chance", data["is"])
    faults.check()
    return Case(when, chance)


def read_window(raw: object) -> Window:
    """Read a window: {open: [[A, B], ...]}, {opens:, every:, lasts:} or {like: NAME}."""
    expected = "{open: [[FIRST, LAST], ...]}, {opens: D, every: P, lasts: L} or {like: NAME}"
    data = mapping_of(raw, expected)
    shapes: tuple[tuple[str, ...], ...] = (("open",), ("opens", "every", "lasts"), ("like",))
    if set(data) not in [set(shape) for shape in shapes]:
        raise invalid(show(data), expected)
    if "opens" in data:
        return _recurring(data)
    faults = Faults()
    if "open" in data:
        with faults.at("open"):
            window = Window(open=_intervals(data["open"]))
    else:
        with faults.at("like"):
            window = Window(like=name_of(data["like"], "the name of a reference"))
    faults.check()
    return window


def _recurring(data: dict[str, object]) -> Window:
    faults = Faults()
    with faults.at("opens"):
        opens = read_period(data["opens"])
    with faults.at("every"):
        every = read_every(data["every"])
    with faults.at("lasts"):
        lasts = read_duration(data["lasts"])
    faults.check()
    return Window(opens=opens, every=every, lasts=lasts)


def _intervals(raw: object) -> tuple[tuple[v.Period, v.Period], ...]:
    expected = "a list of [FIRST DAY, LAST DAY]"
    if not isinstance(raw, list | tuple) or not raw:
        raise invalid(show(raw), expected)
    faults = Faults()
    intervals: list[tuple[v.Period, v.Period]] = []
    for position, pair in enumerate(raw):
        with faults.at(position):
            intervals.append(_interval(pair))
    faults.check()
    return tuple(intervals)


def _interval(raw: object) -> tuple[v.Period, v.Period]:
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        raise invalid(show(raw), "a pair [FIRST DAY, LAST DAY]")
    faults = Faults()
    days: list[v.Period] = []
    for position, item in enumerate(raw):
        with faults.at(position):
            days.append(read_period(item))
    faults.check()
    if days[1].end_of_day <= days[0].first:
        raise invalid(f"{show(raw[0])} to {show(raw[1])}", "a last day not before the first")
    return days[0], days[1]
