"""How far each assumption can be moved: an uncertain one to its 5th and 95th percentile.

A number that is written as certain has no percentiles. It is moved by a stated swing: rates,
durations and factors times and divided by it, chances with their odds times and divided by it,
dates by so many days to either side. The level at which a driver begins is moved by one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, get_args

from coopsim.scenario import limits
from coopsim.scenario.changes.balancing import certain_chance, path_of, scaled, sets_of_chances
from coopsim.scenario.changes.differences import flow
from coopsim.scenario.grammar import ASSUMING, TEXT_KEYS, Form, place_at
from coopsim.scenario.notation.distributions import Constant, Distribution
from coopsim.scenario.notation.quantities import BOUNDS, LUCK_KEYS, NOTATIONS, ValueKind, read_value
from coopsim.scenario.notation.values import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    YEAR,
    format_date,
    format_duration,
    parse_date,
)
from coopsim.scenario.sources.assumptions import leaves
from coopsim.scenario.text.reading import Path, dotted, readable, text_of
from coopsim.scenario.text.tree import Map, Seq, from_data, node_at, put_at, walk

_KINDS: tuple[str, ...] = get_args(ValueKind)
START, LIMIT = "the start", "the limit"  # at which an end may be stopped
_FIRST_DAY = parse_date(f"{FIRST_YEAR}-01-01").first
_LAST_DAY = parse_date(f"{LAST_YEAR}-12-31").first
_HALVINGS = 60
_LUCK_STEP = 0.25  # by which a share of luck is moved


@dataclass(frozen=True, slots=True)
class Swing:
    """How far assumptions that are written as certain are moved, if `certain` at all.

    Raises UsageError for a factor or a number of days that moves nothing.
    """

    factor: float = 1.5
    days: int = 180
    certain: bool = True

    def __post_init__(self) -> None:
        limits.SWING.check("--swing", self.factor)
        limits.DAYS.check("--days", self.days)


@dataclass(frozen=True, slots=True)
class End:
    """One end of an assumption's range: its text, and every value that must be set for it.

    `stop` says what it was stopped at, on the way to where it should be moved.
    """

    text: str
    settings: tuple[tuple[Path, object], ...]
    stop: str | None = None


Ends: TypeAlias = tuple[End, End]


@dataclass(frozen=True, slots=True)
class MovableAssumption:
    """An assumption that can be moved, and how far.

    `written` is its value in the file; `uncertain` tells whether the ends are its own
    percentiles. `title` is that of the event, driver or reference that it belongs to.
    """

    path: Path
    kind: str
    title: str
    written: str
    uncertain: bool
    low: End
    high: End

    @property
    def name(self) -> str:
        """Write the path as --set takes it."""
        return dotted(self.path)


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    kind: str
    raw: Any
    title: str


def movable_assumptions(tree: Map, start: int, swing: Swing) -> list[MovableAssumption]:
    """List the assumptions of a valid tree that can be moved, in the order of its sections.

    `start` is the scenario's, in seconds since 1970: no date is moved before it. Left out are
    the simulated time itself, launch windows, what the questions ask, and zeros.
    """
    found = [_level(name, driver) for name, driver in tree.get("drivers", Map()).items()]
    found += [_movable(tree, place, start, swing) for place in _places(tree)]
    return [
        one
        for one in found
        if one is not None and one.low.text != one.high.text and (one.uncertain or swing.certain)
    ]


def _level(name: str, driver: Map) -> MovableAssumption | None:
    """Move the level at which a driver begins by one, where it is known."""
    initial, levels = driver["initial"], [text_of(level) for level in driver["levels"]]
    if isinstance(initial, Map):
        return None
    path: Path = ("drivers", name, "initial")
    place = levels.index(text_of(initial))
    ends = (levels[max(place - 1, 0)], levels[min(place + 1, len(levels) - 1)])
    low, high = (End(level, ((path, level),)) for level in ends)
    return MovableAssumption(
        path, "level", _entry_title(name, driver), levels[place], False, low, high
    )


def _places(tree: Map) -> Iterator[_Place]:
    """List the values of a tree, each once, however many numbers it is written with."""
    seen: set[Path] = set()
    for leaf in leaves(tree):
        path = _value_path(tree, leaf.path)
        if path in seen or leaf.named or path[0] not in ASSUMING:
            continue
        kind = "duration" if leaf.kind == "number" and path == leaf.path else leaf.kind
        if kind not in (*_KINDS, "share", "number") or _in_window(path) or _mirror(tree, path):
            continue
        seen.add(path)
        yield _Place(path, _kind(tree, path, kind), node_at(tree, path), _title(tree, path))


def _value_path(tree: Map, path: Path) -> Path:
    """Find the value that a number belongs to: itself, or the mapping of its notation."""
    if isinstance(path[-1], int) and isinstance(path[-2], str):
        return path[:-2]
    around = node_at(tree, path[:-1])
    if isinstance(around, Map) and path[-1] in _notation(around):
        return path[:-1]
    return path


def _notation(raw: Map) -> Mapping[str, object]:
    """Get what makes a value of a mapping that may say more: nothing if it is no value."""
    bare = {key: item for key, item in raw.items() if key not in (*TEXT_KEYS, *LUCK_KEYS)}
    known = any(set(notation.keys) == set(bare) for notation in NOTATIONS)
    return bare if known else {}


def _kind(tree: Map, path: Path, first: str) -> str:
    """Find the kind of a value whose first number may be a shape."""
    if first != "number":
        return first
    kinds = (one.kind for one in leaves(tree) if one.path[: len(path)] == path)
    return next((kind for kind in kinds if kind in _KINDS), "number")


def _in_window(path: Path) -> bool:
    return "window" in path[2:3] or "open" in path[2:3] or path[-1] in ("opens", "lasts")


def title_at(tree: Map, path: str) -> str:
    """Find the title of the event, driver or reference that a dotted path begins with."""
    section, _, rest = path.partition(".")
    entries = tree.get(section)
    if not isinstance(entries, Map):
        return path
    names = [name for name in entries if rest == name or rest.startswith(f"{name}.")]
    entry = entries[max(names, key=len)] if names else None
    written = entry.get("title") if isinstance(entry, Map) else None
    return path if written is None else text_of(written)


def _mirror(tree: Map, path: Path) -> bool:
    """Check whether this is the second of two first levels, which only mirrors the other."""
    return path[2:3] == ("initial",) and [*node_at(tree, path[:3])][1:] == [path[-1]]


def _title(tree: Map, path: Path) -> str:
    return _entry_title(str(path[1]), tree[str(path[0])][str(path[1])])


def _entry_title(name: str, entry: object) -> str:
    written = entry.get("title") if isinstance(entry, Map) else None
    return text_of(written) if written is not None else name.replace("_", " ")


# --- the ends of one value ---------------------------------------------------------------------


def _movable(tree: Map, place: _Place, start: int, swing: Swing) -> MovableAssumption | None:
    distribution = None if place.kind == "share" else _read(place)
    uncertain = distribution is not None and not isinstance(distribution, Constant)
    uncertain = uncertain and not _is_plain_day(place.path)
    if place.kind == "share":
        ends: Ends | None = _share_ends(place)
    elif distribution is None:
        return None
    elif uncertain:
        middle = distribution.quantile(0.5)
        ends = (
            _fixed(place, distribution.quantile(0.05), middle),
            _fixed(place, distribution.quantile(0.95), middle),
        )
    else:
        ends = _stated(tree, place, distribution.mean, start, swing)
    if ends is None:
        return None
    return MovableAssumption(place.path, place.kind, place.title, flow(place.raw), uncertain, *ends)


def _is_plain_day(path: Path) -> bool:
    """Check whether a day stands at a path of which a month or year is no uncertain date."""
    place = place_at(path)
    return path[-1] == "not_before" if place is None else place.form is Form.DAY


def _read(place: _Place) -> Distribution | None:
    raw = place.raw
    if isinstance(raw, Map):
        raw = from_data({key: item for key, item in raw.items() if key not in TEXT_KEYS}, "")
    if place.kind not in _KINDS:
        return None
    kind: ValueKind = place.kind  # type: ignore[assignment]  # just told to be one
    value = readable(lambda item: read_value(kind, item), raw)
    return None if value is None else value.distribution


def _fixed(place: _Place, number: float, inside: float) -> End:
    """Fix an uncertain value at one number, still drawn, so that no other draw is renamed.

    `inside` is a number that can stand there for sure.
    """
    low, high = BOUNDS[place.kind]  # type: ignore[index]  # a Kind
    number = max(number, number if low is None else low)
    number = min(number, number if high is None else high)
    within = _reached(place, inside, number)
    text = _text(place.kind, within)
    fixed: Map = from_data({"uniform": [text, text]}, "moved")
    if place.path[0] == "references" and len(place.path) == 2 and isinstance(place.raw, Map):
        about = {key: place.raw[key] for key in TEXT_KEYS if key in place.raw}
        fixed = from_data({**about, **fixed}, "moved")
    return End(text, ((place.path, fixed),), None if within == number else LIMIT)


def _reached(place: _Place, inside: float, wanted: float) -> float:
    """Get the number wanted, or the last one on the way there that a file may hold."""
    if _can_stand(place, wanted):
        return wanted
    for _ in range(_HALVINGS):
        middle = _between(inside, wanted)
        if _can_stand(place, middle):
            inside = middle
        else:
            wanted = middle
    return inside


def _between(one: float, other: float) -> float:
    """Halve the way between two numbers: by their logarithms where they are far apart."""
    if min(one, other) > 0 and max(one, other) > 2 * min(one, other):
        return math.exp((math.log(one) + math.log(other)) / 2)
    return one + (other - one) / 2


def _can_stand(place: _Place, number: float) -> bool:
    if not math.isfinite(number):
        return False
    if place.kind == "date":
        return _FIRST_DAY <= number <= _LAST_DAY
    kind: ValueKind = place.kind  # type: ignore[assignment]  # one of the kinds that have a number
    texts = [_text(kind, number)] * 2
    return all(
        readable(lambda item: read_value(kind, item), raw) is not None
        for raw in (from_data({"uniform": texts}, ""), texts[0])
    )


def _share_ends(place: _Place) -> Ends:
    share = float(place.raw)
    ends = (max(share - _LUCK_STEP, 0.0), min(share + _LUCK_STEP, 1.0))
    low, high = (End(f"{end:.4g}", ((place.path, f"{end:.4g}"),)) for end in ends)
    return low, high


def _stated(tree: Map, place: _Place, number: float, start: int, swing: Swing) -> Ends | None:
    low, high = number, math.inf
    if place.kind == "date":
        step = swing.days * DAY
        ends = (number - step, number + step)
        low = min(number, float(start))
    elif place.kind == "chance":
        if not 0 < number < 1:
            return None
        odds = number / (1 - number)
        less, more = odds / swing.factor, odds * swing.factor
        ends = (less / (1 + less), more / (1 + more))
        low, high = 0.0, room_of(tree, place.path)
    else:
        ends = (number / swing.factor, number * swing.factor)
        low = 0.0
    first, last = (_set(tree, place, number, end, (low, high)) for end in ends)
    return first, last


def _set(
    tree: Map, place: _Place, before: float, number: float, within: tuple[float, float]
) -> End:
    """Set a certain value to a number, or to the last one on the way that may stand there."""
    low, high = within
    kept = min(max(number, low), high)
    reached = _reached(place, before, kept)
    text = _text(place.kind, reached)
    stop = None if reached == number else START if reached == low and low > 0 else LIMIT
    own = ((place.path, text),)
    return End(text, (*own, *_rivals(tree, place.path, text)), stop)


def _base(path: Path) -> tuple[Path, str] | None:
    """Find the set of chances that a path leads into, and which of them is meant."""
    if path[0] == "events" and path[2:3] == ("outcomes",):
        return path[:3], str(path[3])
    return (path[:3], str(path[3])) if path[2:3] in (("initial",), ("slips",)) else None


def _rivals(tree: Map, path: Path, text: str) -> Iterator[tuple[Path, object]]:
    """Scale the chances that stand beside one, as --set does."""
    found = _base(path)
    if found is None:
        return
    base, moved = found
    chances = sets_of_chances(put_at(tree, path, text)).get(base, {})
    for name, raw in (scaled(chances, [moved]) or {}).items():
        yield path_of(base, name), raw


def room_of(tree: Map, path: Path) -> float:
    """Get how far a chance can rise: to 1, or beside a `rest` as far as that gives way to it."""
    found = _base(path)
    chances = {} if found is None else sets_of_chances(tree).get(found[0], {})
    if found is None or "rest" not in chances.values():
        return 1.0
    inner = path[len(path_of(*found)) :]
    others = [_at_most(raw, inner) for name, raw in chances.items() if name != found[1]]
    return max(1 - sum(others), 0.0)


def _at_most(raw: Any, inner: Path) -> float:
    """Get the most that a chance can be at the level or case that the end of a path names."""
    if isinstance(raw, Map | Seq) and inner:
        held = node_at(raw, inner)
        if held is None:
            chances = (certain_chance(one) for _, one in walk(raw))
            return max((chance for chance in chances if chance), default=0.0)
        raw = held
    return certain_chance(raw) or 0.0


# --- texts --------------------------------------------------------------------------------------


def _text(kind: str, number: float) -> str:
    """Write a number as --set takes it, to four digits; what is nearly 1 is never 1."""
    if kind == "date":
        return format_date(round(number))
    if kind == "duration":
        return format_duration(number)
    if kind == "chance" and 0.999 < number < 1:
        return f"{number:.{3 - math.floor(math.log10(1 - number))}f}"
    return f"{number * YEAR:.4g} per year" if kind == "rate" else f"{number:.4g}"
