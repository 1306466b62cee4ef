"""Single quantities, certain or uncertain: what `2 to 4 years` or {p5:, p50:, p95:} stand for.

Distributions over dates are in seconds since 1970, over durations in seconds, over rates
per second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from coopsim.scenario.notation import distributions as d
from coopsim.scenario.notation import values as v
from coopsim.scenario.notation.slips import quantities as slips
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import (
    Faults,
    Invalid,
    invalid,
    keys_within,
    listing,
    mapping_of,
    name_of,
    readable,
    show,
    text_of,
)

ValueKind = Literal["date", "duration", "rate", "factor", "chance"]

EXPECTED: dict[ValueKind, str] = {
    "date": v.DATE_EXPECTED,
    "duration": v.DURATION_EXPECTED,
    "rate": v.RATE_EXPECTED,
    "factor": "a number, 0 or more",
    "chance": v.CHANCE_EXPECTED,
}
LONGEST_STEP = 1_000 * v.YEAR  # a further one would leave the calendar
STEP_LIMIT = "a step of 1,000 years at most"
ANY_VALUE = "or an uncertain value such as `A to B` or {p5:, p50:, p95:}"
BOUNDS: dict[ValueKind, tuple[float | None, float | None]] = {
    "date": (None, None),
    "duration": (0.0, None),
    "rate": (0.0, None),
    "factor": (0.0, None),
    "chance": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One certain or uncertain number; `like` names the reference it is taken from."""

    distribution: d.Distribution | None
    like: str | None = None
    luck: str | None = None
    share: float | None = None

    @property
    def certain(self) -> bool:
        """Check whether the value is one known number."""
        return isinstance(self.distribution, d.Constant)

    def is_surely(self, number: float) -> bool:
        """Check whether the value is known to be this number."""
        return isinstance(self.distribution, d.Constant) and self.distribution.value == number


# --- single moments, numbers, durations -------------------------------------------------------


def _atom(kind: ValueKind, raw: object, *, uncertain: bool = False) -> v.Period | float:
    """Read one certain date (a period) or number in the kind's base unit.

    `uncertain` tells whether a range may stand in its place, for the advice in an error.
    """
    if raw is None or isinstance(raw, Mapping | list | tuple | bool):
        raise invalid(show(raw), EXPECTED[kind])
    readers: dict[ValueKind, Callable[[str], v.Period | float]] = {
        "date": v.parse_date,
        "duration": v.parse_duration,
        "rate": v.parse_rate,
        "factor": v.parse_number,
        "chance": v.parse_chance,
    }
    text = text_of(raw)
    try:
        read = readers[kind](text)
    except ValueError as error:
        expected = EXPECTED[kind] if kind in ("factor", "chance") else str(error)
        _check_limit(text, error, EXPECTED[kind] if kind == "chance" else None)
        raise _refusal(text, expected, kind, uncertain=uncertain) from None
    low, high = BOUNDS[kind]
    if isinstance(read, float) and not ((low or 0.0) <= read <= (read if high is None else high)):
        hint = slips.advice(kind, text, uncertain=uncertain)
        raise invalid(show(raw), EXPECTED[kind], hint=hint)
    return read


def _refusal(text: str, expected: str, kind: slips.SlipKind, *, uncertain: bool = False) -> Invalid:
    """Describe what is expected, and how to write it."""
    return invalid(show(text), expected, hint=slips.advice(kind, text, uncertain=uncertain))


def _check_limit(text: str, error: ValueError, limit: str | None = None) -> None:
    """Raise Invalid where a number is too large; `limit` is what is said of it, if less is."""
    if str(error) in v.LIMITS:
        raise invalid(show(text), limit or str(error)) from None


def _low(read: v.Period | float) -> float:
    return float(read.first) if isinstance(read, v.Period) else read


def _high(read: v.Period | float) -> float:
    return float(read.last) if isinstance(read, v.Period) else read


def _middle(read: v.Period | float) -> float:
    return read.middle if isinstance(read, v.Period) else read


def read_number(raw: object, expected: str = "a number", too_large: str = v.NUMBER_LIMIT) -> float:
    """Read a plain number, of either sign; `too_large` says what is expected where it is that."""
    if raw is None or isinstance(raw, Mapping | list | tuple | bool):
        raise invalid(show(raw), expected)
    text = text_of(raw)
    try:
        return v.parse_number(text)
    except ValueError as error:
        _check_limit(text, error, too_large)
        raise _refusal(text, expected, "number") from None


def read_period(raw: object) -> v.Period:
    """Read a date, or the month, quarter or year it lies in."""
    read = _atom("date", raw)
    assert isinstance(read, v.Period)
    return read


def read_certain(kind: ValueKind, raw: object) -> float:
    """Read one certain number of a kind other than a date, in its base unit."""
    read = _atom(kind, raw)
    assert isinstance(read, float)
    return read


def read_duration(raw: object) -> float:
    """Read a certain duration, in seconds."""
    return read_certain("duration", raw)


def read_every(raw: object) -> v.Every:
    """Read the step of a calendar or of a recurring window."""
    expected = "a step such as `2 years`, `6 months` or `90 days`"
    text = name_of(raw, expected)
    try:
        every = v.parse_every(text)
    except ValueError as error:
        if str(error) == v.DURATION_LIMIT:
            raise invalid(show(raw), STEP_LIMIT) from None
        raise invalid(show(raw), expected, hint=slips.advice("duration", text)) from None
    if every.length > LONGEST_STEP:
        raise invalid(show(raw), STEP_LIMIT)
    return every


# --- uncertain values -------------------------------------------------------------------------

LOW, MIDDLE, HIGH, SPREAD, NUMBER = "low", "middle", "high", "spread", "number"


def _point(kind: ValueKind, role: str, raw: object) -> float:
    """Read one number of a notation; a date's role says which moment of its period counts."""
    if role == NUMBER:
        return read_number(raw)
    if role == SPREAD and kind == "date":
        return read_duration(raw)
    read = _atom(kind, raw)
    return {LOW: _low, HIGH: _high}.get(role, _middle)(read)


@dataclass(frozen=True, slots=True)
class Notation:
    """A way to write a distribution: by a mapping's keys, or by the items of its only list."""

    keys: tuple[str, ...]
    roles: tuple[str, ...]
    make: Callable[..., d.Distribution]
    items: tuple[str, ...] = ()  # what stands in the list, where there is one
    dates: bool = True
    others: bool = True

    @property
    def form(self) -> str:
        """Write the notation as a user does: `{p5:, p95:}` or `{uniform: [low, high]}`."""
        if self.listed:
            return f"{{{self.keys[0]}: [{', '.join(self.items)}]}}"
        return f"{{{', '.join(f'{key}:' for key in self.keys)}}}"

    @property
    def listed(self) -> bool:
        """Check whether the numbers stand in a list below the only key."""
        return bool(self.items)

    def serves(self, kind: ValueKind) -> bool:
        """Check whether the notation makes sense for a kind of quantity."""
        return self.dates if kind == "date" else self.others


def _between(kind: ValueKind) -> Callable[[float, float], d.Distribution]:
    return d.normal_from_percentiles if kind == "date" else d.lognormal_from_percentiles


THREE = (LOW, MIDDLE, HIGH)
NOTATIONS: tuple[Notation, ...] = (
    Notation(("p5", "p50", "p95"), THREE, d.Metalog),
    Notation(("p5", "p95"), (LOW, HIGH), d.normal_from_percentiles, others=False),
    Notation(("p5", "p95"), (LOW, HIGH), d.lognormal_from_percentiles, dates=False),
    Notation(("low", "likely", "high"), THREE, d.Pert, dates=False),
    Notation(("earliest", "likely", "latest"), THREE, d.Pert, others=False),
    Notation(("uniform",), (LOW, HIGH), d.Uniform, items=("a", "b")),
    Notation(("triangular",), THREE, d.Triangular, items=("a", "m", "b")),
    Notation(("normal",), (MIDDLE, SPREAD), d.Normal, items=("m", "s")),
    Notation(("lognormal",), (MIDDLE, NUMBER), d.Lognormal, items=("median", "sigma"), dates=False),
    Notation(("exponential",), (MIDDLE,), d.Exponential, dates=False),
    Notation(("weibull",), (NUMBER, MIDDLE), d.Weibull, items=("shape", "scale"), dates=False),
)
NOTATION_KEYS = frozenset(key for notation in NOTATIONS for key in notation.keys)
LUCK_KEYS = ("luck", "share")


def read_value(kind: ValueKind, raw: object) -> Value:
    """Read a certain value, an uncertain one in any notation, or a {like: NAME}."""
    if isinstance(raw, Mapping):
        return _mapping_value(kind, mapping_of(raw, EXPECTED[kind]))
    if isinstance(raw, list | tuple) or raw is None or isinstance(raw, bool):
        raise invalid(show(raw), f"{EXPECTED[kind]}, {ANY_VALUE}", hint=_listed_hint(kind, raw))
    ends = v.split_range(text_of(raw))
    if ends is None:
        return Value(_certain(kind, raw))
    return Value(_percentile_range(kind, raw, ends))


def _listed_hint(kind: ValueKind, raw: object) -> str | None:
    """Suggest how to write a range for which a list of two stands."""
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        return None
    if not all(isinstance(item, str | int | float) for item in raw):
        return None
    return slips.advice(kind, f"{raw[0]} - {raw[1]}", uncertain=True)


def _certain(kind: ValueKind, raw: object) -> d.Distribution:
    try:
        read = _atom(kind, raw, uncertain=True)
    except Invalid as error:
        (fault,) = error.faults
        general = fault.expected == EXPECTED[kind]
        expected = f"{fault.expected}, {ANY_VALUE}" if general else fault.expected
        raise invalid(show(raw), expected, hint=fault.hint) from None
    if isinstance(read, v.Period) and not read.is_day:
        return d.Uniform(read.first, read.last)
    return d.Constant(_low(read))


def _percentile_range(kind: ValueKind, raw: object, ends: tuple[str, str]) -> d.Distribution:
    try:
        low, high = (_atom(kind, end) for end in ends)
    except Invalid as error:
        _check_limit(text_of(raw), ValueError(error.faults[0].expected))
        hint = slips.advice(kind, text_of(raw), uncertain=True) or _unit_hint(kind, ends)
        expected = f"`A to B` where A and B are each {EXPECTED[kind]}"
        raise invalid(show(raw), expected, hint=hint) from None
    try:
        return _between(kind)(_low(low), _high(high))
    except ValueError as error:
        hint = slips.advice(kind, f"{ends[1]} - {ends[0]}", uncertain=True)
        raise invalid(show(raw), str(error), hint=hint) from None


def _unit_hint(kind: ValueKind, ends: tuple[str, str]) -> str | None:
    """Suggest how to write a range whose unit is missing."""
    units = {"duration": ("years", "months"), "rate": ("per year", "per month")}.get(kind)
    if units is None or None in (readable(read_number, end) for end in ends):
        return None
    ways = (f"`{ends[0]} to {ends[1]} {unit}`" for unit in units)
    return f"the unit is missing: write {listing(ways)}"


def _range_hint(kind: ValueKind, low: object, high: object) -> str | None:
    """Suggest how to write a range between two values, where it can be."""
    written = f"{low} to {high}"
    return f"write `{written}`" if readable(lambda raw: read_value(kind, raw), written) else None


def _mapping_value(kind: ValueKind, data: dict[str, object]) -> Value:
    faults = Faults()
    luck, share = _shared_luck(data, faults)
    rest = {key: item for key, item in data.items() if key not in LUCK_KEYS}
    if "like" in rest:
        keys_within(rest, ("like",), faults)
        with faults.at("like"):
            like = name_of(rest["like"], "the name of a reference")
        faults.check()
        return Value(None, like, luck, share)
    if ("luck" in data) != ("share" in data):
        faults.add(show(data), "both `luck: NAME` and `share: R`")
    distribution = _distribution(kind, rest, faults)
    faults.check()
    return Value(distribution, None, luck, share)


def _shared_luck(data: dict[str, object], faults: Faults) -> tuple[str | None, float | None]:
    luck = share = None
    if "luck" in data:
        with faults.at("luck"):
            luck = name_of(data["luck"], "a name for the shared luck")
    if "share" in data:
        with faults.at("share"):
            share = read_share(data["share"])
    return luck, share


def read_share(raw: object) -> float:
    """Read how much of a luck is shared, from 0 to 1."""
    expected = "a number from 0 to 1"
    share = read_number(raw, expected, expected)
    if not 0 <= share <= 1:
        raise invalid(show(raw), expected)
    return share


def _distribution(
    kind: ValueKind, data: dict[str, object], faults: Faults
) -> d.Distribution | None:
    serving = [n for n in NOTATIONS if n.serves(kind)]
    fitting = [n for n in serving if set(n.keys) == set(data)]
    if not fitting:
        alike = [n for n in serving if set(n.keys) & set(data)]
        known = listing([*(n.form for n in alike or serving), "{like: NAME}"][: len(alike) or None])
        ways = known if alike else f"{EXPECTED[kind]}, `A to B`, {known}"
        hint = _key_hint(kind, data, serving) or (None if alike else _table_hint(kind, data))
        faults.add(show(data), ways, hint=hint)
        return None
    notation = fitting[0]
    before = len(faults.found)
    points = _points(kind, notation, data, faults)
    if len(faults.found) > before:
        return None
    try:
        return notation.make(*points)
    except ValueError as error:
        faults.add(show(data), str(error))
        return None


_ENDS = (
    *(("low", "high"), ("min", "max"), ("from", "to"), ("lower", "upper")),
    *(("earliest", "latest"), ("minimum", "maximum")),
)
_SPREADS = (("mean", "sd"), ("mean", "std"), ("mean", "sigma"), ("mean", "stdev"))
_MIDDLES = ("likely", "mode", "most_likely")
_THREE = ("low: {}, likely: {}, high: {}", "earliest: {}, likely: {}, latest: {}")


def _key_hint(kind: ValueKind, data: dict[str, object], notations: list[Notation]) -> str | None:
    """Suggest how to write two ends, or a mean and a deviation, or a key that is known."""
    for low, high in _ENDS:
        hint = _range_hint(kind, data[low], data[high]) if set(data) == {low, high} else None
        if hint is not None:
            return (
                f"{hint} for a 5th and 95th percentile, or {{uniform: [{data[low]}, {data[high]}]}}"
            )
    for mean, spread in _SPREADS:
        if set(data) == {mean, spread}:
            return f"write `{{normal: [{data[mean]}, {data[spread]}]}}`"
    known = [key for notation in notations for key in notation.keys]
    for middle, form in product(_MIDDLES, _THREE):
        keys = ("min", middle, "max")
        if set(data) == set(keys) and form.partition(":")[0] in known:
            return f"write `{{{form.format(*(data[key] for key in keys))}}}`"
    unknown = next((key for key in data if key not in known), None)
    return None if unknown is None else near_miss(unknown, known)


def _table_hint(kind: ValueKind, data: dict[str, object]) -> str | None:
    """Suggest how to write a table by level for which a mapping of levels alone stands."""
    if kind not in ("chance", "rate", "date") or not data:
        return None
    (name, inner), *others = data.items()
    if not others and isinstance(inner, Mapping):
        return f"write `{{by: {name}, {', '.join(f'{key}: {one}' for key, one in inner.items())}}}`"
    texts = [item for item in data.values() if isinstance(item, str)]
    if len(texts) < len(data) or not all(slips.replaced(kind, text) for text in texts):
        return None
    return f"a table by level names its driver: `{{by: DRIVER, {name}: {inner}, ...}}`"


def _points(
    kind: ValueKind, notation: Notation, data: dict[str, object], faults: Faults
) -> list[float]:
    items: list[tuple[tuple[str | int, ...], object]]
    if notation.listed:
        (key,) = notation.keys
        listed = data[key]
        if not isinstance(listed, list | tuple) or len(listed) != len(notation.roles):
            faults.add(show(listed), f"[{', '.join(notation.items)}]", key)
            return []
        items = [((key, position), item) for position, item in enumerate(listed)]
    else:
        items = [((key,), data[key]) for key in notation.keys]
    points: list[float] = []
    for (path, item), role in zip(items, notation.roles, strict=True):
        with faults.at(*path):
            points.append(_point(kind, role, item))
    return points
