"""The types of a scenario's fields: how raw data becomes names, values and conditions."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema

from coopsim.scenario import limits, shapes
from coopsim.scenario.notation import timing as notation
from coopsim.scenario.notation import values as v
from coopsim.scenario.notation.conditions import Condition, Trigger, read_condition, read_triggers
from coopsim.scenario.notation.quantities import (
    Value,
    read_certain,
    read_number,
    read_period,
    read_share,
)
from coopsim.scenario.notation.slips import quantities as slips
from coopsim.scenario.notation.slips.conditions import lag_meant, truth_meant
from coopsim.scenario.text.reading import (
    Faults,
    in_a_list,
    invalid,
    mapping_of,
    name_of,
    names_of,
    read_group,
    show,
    text_of,
)

MAX_LEVELS = 100


def _truth(raw: object) -> object:
    if not isinstance(raw, bool):
        raise invalid(show(raw), "true or false", hint=truth_meant(raw))
    return raw


def _whole(limit: limits.Whole) -> tuple[BeforeValidator, WithJsonSchema]:
    def read(raw: object) -> int:
        text = "" if isinstance(raw, bool) else name_of(raw, limit.expected)
        try:
            return limit.read(text)
        except ValueError as error:
            raise invalid(show(raw), str(error), hint=_written_as(text)) from None

    ends = {"minimum": limit.least, "maximum": limit.most}
    return BeforeValidator(read), WithJsonSchema({"type": "integer", **ends})


def _written_as(text: str) -> str | None:
    """Suggest how to write a number that is none as it stands."""
    try:
        v.parse_number(text)
    except ValueError as error:
        return None if str(error) in v.LIMITS else slips.advice("number", text)
    return None


def _names(what: str) -> PlainValidator:
    return PlainValidator(lambda raw: names_of(raw, what))


def _listed(raw: object, expected: str) -> tuple[str, ...]:
    if not isinstance(raw, list | tuple):
        raise invalid(show(raw), expected, hint=in_a_list(raw))
    return names_of(raw, expected) if raw else ()


def _levels(raw: object) -> tuple[str, ...]:
    levels = _listed(raw, "a list of levels, lowest first")
    if not levels:
        raise invalid(show(raw), "at least one level, lowest first")
    if len(levels) > MAX_LEVELS:
        raise invalid(f"{len(levels):,} levels", f"{MAX_LEVELS} levels at most")
    for level, count in Counter(levels).items():
        if count > 1:
            raise invalid(f"the level '{level}' {count} times", "each level once")
    if "by" in levels:
        raise invalid("the level 'by'", "another name: `by` names a table's driver")
    return levels


def _text(raw: object) -> str:
    return name_of(raw, "a text")


def _identity(raw: object) -> str:
    text = name_of(raw, "a name")
    if not shapes.IDENTITY.fullmatch(text):
        raise invalid(show(raw), "a name of letters, digits, - and _ (it names the result folder)")
    return text


def _shift(raw: object) -> int:
    expected = "a whole number of levels such as +1 or -1"
    step = {"up": "+1", "down": "-1", "+": "+1", "-": "-1"}.get(str(raw))
    if step is not None:
        raise invalid(show(raw), expected, hint=f"write `{step}`")
    limit = f"a whole number of levels from -{MAX_LEVELS} to {MAX_LEVELS}"
    number = read_number(raw, expected, limit)
    if number != int(number):
        raise invalid(show(raw), expected)
    if abs(number) > MAX_LEVELS:
        raise invalid(show(raw), limit)
    return int(number)


def _initial(raw: object) -> str | dict[str, float]:
    """Read a level, or the chances of several levels, which must sum to 1."""
    if not isinstance(raw, dict):
        return name_of(raw, "a level, or chances of levels such as {eased: 0.1, full: 0.9}")
    faults = Faults()
    chances: dict[str, float] = {}
    for level, chance in mapping_of(raw, "chances of levels").items():
        with faults.at(level):
            chances[level] = read_certain("chance", chance)
    faults.check()
    total = sum(chances.values())
    if abs(total - 1) > 1e-9:
        hint = _last_chance(chances, total)
        raise invalid(f"chances that sum to {total:.6g}", "chances that sum to 1", hint=hint)
    return chances


def _last_chance(chances: dict[str, float], total: float) -> str | None:
    """Work out what the others leave to the last level."""
    last = next(reversed(chances), None)
    if last is None or total - chances[last] > 1:
        return None
    return f"the others leave {1 - total + chances[last]:.6g} for {last}"


def _lags(raw: object) -> dict[str, Value | None]:
    """Read `after`: names of events, each with how long after it, if a lag is given."""
    if not isinstance(raw, dict):
        expected = "a list of events, or lags such as {landing: 1 year}"
        meant = lag_meant(raw)
        if meant is not None:
            raise invalid(show(raw), expected, hint=meant)
        return dict.fromkeys(_listed(raw, expected))
    faults = Faults()
    lags: dict[str, Value | None] = {}
    for name, lag in mapping_of(raw, "events, each with a lag").items():
        with faults.at(name):
            lags[name] = notation.read_lag(lag)
    faults.check()
    return lags


Text = Annotated[str, BeforeValidator(_text), WithJsonSchema(shapes.TEXT_SHAPE)]
Group = Annotated[str, BeforeValidator(read_group), WithJsonSchema(shapes.TEXT_SHAPE)]
Identity = Annotated[str, BeforeValidator(_identity), WithJsonSchema(shapes.IDENTITY_SHAPE)]
Name = Annotated[str, BeforeValidator(_text), WithJsonSchema(shapes.NAME_SHAPE)]
NamesField = Annotated[
    tuple[str, ...],
    _names("a source: the id of a claim, or a list of them"),
    WithJsonSchema(shapes.NAMES_SHAPE),
]
ShareField = Annotated[float, PlainValidator(read_share), WithJsonSchema(shapes.SHARE_SHAPE)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Day = Annotated[v.Period, PlainValidator(read_period), WithJsonSchema(shapes.DAY_SHAPE)]
When = Annotated[Condition, PlainValidator(read_condition), WithJsonSchema(shapes.CONDITION_SHAPE)]
Times = Annotated[
    Value, PlainValidator(notation.read_factor), WithJsonSchema(shapes.value("factor"))
]
Date = Annotated[
    notation.DateValue, PlainValidator(notation.read_date), WithJsonSchema(shapes.DATE_SHAPE)
]
Takes = Annotated[
    notation.TakesValue, PlainValidator(notation.read_takes), WithJsonSchema(shapes.TAKES_SHAPE)
]
Rate = Annotated[
    notation.RateValue, PlainValidator(notation.read_rate), WithJsonSchema(shapes.RATE_SHAPE)
]
ChanceField = Annotated[
    notation.ChanceValue, PlainValidator(notation.read_chance), WithJsonSchema(shapes.CHANCE_SHAPE)
]
Windows = Annotated[
    notation.Window, PlainValidator(notation.read_window), WithJsonSchema(shapes.WINDOW_SHAPE)
]
Upon = Annotated[
    tuple[Trigger, ...], PlainValidator(read_triggers), WithJsonSchema(shapes.TRIGGERS_SHAPE)
]
After = Annotated[
    dict[str, Value | None], PlainValidator(_lags), WithJsonSchema(shapes.AFTER_SHAPE)
]
SetsField = dict[Name, Name]
Shifts = dict[Name, Annotated[int, BeforeValidator(_shift), WithJsonSchema({"type": "integer"})]]
LevelsField = Annotated[
    tuple[str, ...], PlainValidator(_levels), WithJsonSchema(shapes.LEVELS_SHAPE)
]
Initial = Annotated[
    str | dict[str, float], PlainValidator(_initial), WithJsonSchema(shapes.INITIAL_SHAPE)
]
RunsField = Annotated[int, *_whole(limits.RUNS)]
Seed = Annotated[int, *_whole(limits.SEED)]


def parse_switch(name: str) -> tuple[str, str]:
    """Split `low -> high` into its two levels; raises Invalid if it is not of that form."""
    parts = [part.strip() for part in text_of(name).split("->")]
    if len(parts) != 2 or not all(parts):
        raise invalid(show(name), "two levels: `LEVEL -> LEVEL`")
    return parts[0], parts[1]
