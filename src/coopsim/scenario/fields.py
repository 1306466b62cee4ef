"""The types of a scenario's fields: how raw data becomes names, values and conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic_core import CoreSchema, core_schema

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


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """How a field is read from raw data, and its shape, for editors.

    Pydantic's own PlainValidator would also learn how to write what is read, which takes a tenth of
    a second for all the classes here and is never asked for.
    """

    read: Callable[[Any], Any]
    shape: dict[str, Any]

    def __get_pydantic_core_schema__(self, *_: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, *_: Any) -> dict[str, Any]:
        return dict(self.shape)


def _truth(raw: object) -> object:
    if not isinstance(raw, bool):
        raise invalid(show(raw), "true or false", hint=truth_meant(raw))
    return raw


def _whole(limit: limits.Whole) -> _Read:
    def read(raw: object) -> int:
        text = "" if isinstance(raw, bool) else name_of(raw, limit.expected)
        try:
            return limit.read(text)
        except ValueError as error:
            raise invalid(show(raw), str(error), hint=_written_as(text)) from None

    ends = {"minimum": limit.least, "maximum": limit.most}
    return _Read(read, {"type": "integer", **ends})


def _written_as(text: str) -> str | None:
    """Suggest how to write a number that is none as it stands."""
    try:
        v.parse_number(text)
    except ValueError as error:
        return None if str(error) in v.LIMITS else slips.advice("number", text)
    return None


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


def _source_ids(raw: object) -> tuple[str, ...]:
    return names_of(raw, "a source: the id of a claim, or a list of them")


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


Text = Annotated[str, _Read(_text, shapes.TEXT_SHAPE)]
Group = Annotated[str, _Read(read_group, shapes.TEXT_SHAPE)]
Identity = Annotated[str, _Read(_identity, shapes.IDENTITY_SHAPE)]
Name = Annotated[str, _Read(_text, shapes.NAME_SHAPE)]
NamesField = Annotated[tuple[str, ...], _Read(_source_ids, shapes.NAMES_SHAPE)]
ShareField = Annotated[float, _Read(read_share, shapes.SHARE_SHAPE)]
Truth = Annotated[bool, _Read(_truth, {"type": "boolean"})]
Day = Annotated[v.Period, _Read(read_period, shapes.DAY_SHAPE)]
When = Annotated[Condition, _Read(read_condition, shapes.CONDITION_SHAPE)]
Times = Annotated[Value, _Read(notation.read_factor, shapes.value("factor"))]
Date = Annotated[notation.DateValue, _Read(notation.read_date, shapes.DATE_SHAPE)]
Takes = Annotated[notation.TakesValue, _Read(notation.read_takes, shapes.TAKES_SHAPE)]
Rate = Annotated[notation.RateValue, _Read(notation.read_rate, shapes.RATE_SHAPE)]
ChanceField = Annotated[notation.ChanceValue, _Read(notation.read_chance, shapes.CHANCE_SHAPE)]
Windows = Annotated[notation.Window, _Read(notation.read_window, shapes.WINDOW_SHAPE)]
Upon = Annotated[tuple[Trigger, ...], _Read(read_triggers, shapes.TRIGGERS_SHAPE)]
After = Annotated[dict[str, Value | None], _Read(_lags, shapes.AFTER_SHAPE)]
SetsField = dict[Name, Name]
Shifts = dict[Name, Annotated[int, _Read(_shift, {"type": "integer"})]]
LevelsField = Annotated[tuple[str, ...], _Read(_levels, shapes.LEVELS_SHAPE)]
Initial = Annotated[str | dict[str, float], _Read(_initial, shapes.INITIAL_SHAPE)]
RunsField = Annotated[int, _whole(limits.RUNS)]
Seed = Annotated[int, _whole(limits.SEED)]


def parse_switch(name: str) -> tuple[str, str]:
    """Split `low -> high` into its two levels; raises Invalid if it is not of that form."""
    parts = [part.strip() for part in text_of(name).split("->")]
    if len(parts) != 2 or not all(parts):
        raise invalid(show(name), "two levels: `LEVEL -> LEVEL`")
    return parts[0], parts[1]
