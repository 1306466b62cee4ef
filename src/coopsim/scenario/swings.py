"""How far each assumption can be moved: an uncertain one to its 5th and 95th percentile.

A number that is written as certain has no percentiles. It is moved by a stated swing: rates,
durations and factors times and divided by it, chances with their odds times and divided by it,
dates by so many days to either side. The level at which a driver begins is moved by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, get_args

from coopsim.errors import UsageError
from coopsim.scenario.assumptions import leaves
from coopsim.scenario.distributions import Constant, Distribution
from coopsim.scenario.quantities import BOUNDS, LUCK_KEYS, NOTATIONS, Kind, read_value
from coopsim.scenario.reading import Invalid, Path, dotted, readable, text_of
from coopsim.scenario.revising import at
from coopsim.scenario.tree import Map, from_data
from coopsim.scenario.values import DAY, YEAR, format_date, format_duration

_KINDS: tuple[str, ...] = get_args(Kind)
_TITLES = ("title", "description", "sources", "judgement")
_PLAIN_DAYS = ("from", "until", "not_before")  # a month or year here is no uncertain date
MOST_FACTOR = 1_000
MOST_DAYS = 36_525  # a century
_LUCK_STEP = 0.25  # by which a share of luck is moved


@dataclass(frozen=True, slots=True)
class Swing:
    """Say by how much assumptions that are written as certain are moved, if `certain` at all.

    Raises UsageError for a factor or a number of days that moves nothing.
    """

    factor: float = 1.5
    days: int = 180
    certain: bool = True

    def __post_init__(self) -> None:
        if not 1 < self.factor <= MOST_FACTOR:
            raise UsageError(
                f"--swing: found {self.factor:g}, expected a number above 1 and up to "
                f"{MOST_FACTOR:,}, such as 1.5"
            )
        if not 1 <= self.days <= MOST_DAYS:
            raise UsageError(
                f"--days: found {self.days:,}, expected a whole number from 1 to {MOST_DAYS:,}, "
                "such as 180"
            )


@dataclass(frozen=True, slots=True)
class End:
    """Hold one end of an assumption's range: its text, and every value that must be set for it."""

    text: str
    settings: tuple[tuple[Path, object], ...]


Ends: TypeAlias = tuple[End, End]


@dataclass(frozen=True, slots=True)
class Movable:
    """Hold an assumption that can be moved.

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


def movables(tree: Map, start: int, swing: Swing) -> list[Movable]:
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


def _level(name: str, driver: Map) -> Movable | None:
    """Move the level at which a driver begins by one, where it is known."""
    initial, levels = driver["initial"], [text_of(level) for level in driver["levels"]]
    if isinstance(initial, Map):
        return None
    path: Path = ("drivers", name, "initial")
    place = levels.index(text_of(initial))
    ends = (levels[max(place - 1, 0)], levels[min(place + 1, len(levels) - 1)])
    low, high = (End(level, ((path, level),)) for level in ends)
    return Movable(path, "level", _entry_title(name, driver), levels[place], False, low, high)


def _places(tree: Map) -> Iterator[_Place]:
    """List the values of a tree, each once, however many numbers it is written with."""
    seen: set[Path] = set()
    for leaf in leaves(tree):
        path = _value_path(tree, leaf.path)
        if path in seen or leaf.named or path[0] in ("outcomes", "as_of", "start", "end"):
            continue
        kind = "duration" if leaf.kind == "number" and path == leaf.path else leaf.kind
        if kind not in (*_KINDS, "share", "number") or _in_window(path) or _mirror(tree, path):
            continue
        seen.add(path)
        yield _Place(path, _kind(tree, path, kind), at(tree, path), _title(tree, path))


def _value_path(tree: Map, path: Path) -> Path:
    """Find the value that a number belongs to: itself, or the mapping of its notation."""
    if isinstance(path[-1], int) and isinstance(path[-2], str):
        return path[:-2]
    around = at(tree, path[:-1])
    if isinstance(around, Map) and path[-1] in _notation(around):
        return path[:-1]
    return path


def _notation(raw: Map) -> Mapping[str, object]:
    """Get what makes a value of a mapping that may say more: nothing if it is no value."""
    bare = {key: item for key, item in raw.items() if key not in (*_TITLES, *LUCK_KEYS)}
    known = any(set(notation.keys) == set(bare) for notation in NOTATIONS)
    return bare if known else {}


def _kind(tree: Map, path: Path, first: str) -> str:
    """Tell the kind of a value whose first number may be a shape."""
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
    """Tell whether this is the second of two first levels, which only mirrors the other."""
    return path[2:3] == ("initial",) and [*at(tree, path[:3])][1:] == [path[-1]]


def _title(tree: Map, path: Path) -> str:
    return _entry_title(str(path[1]), tree[str(path[0])][str(path[1])])


def _entry_title(name: str, entry: object) -> str:
    written = entry.get("title") if isinstance(entry, Map) else None
    return text_of(written) if written is not None else name.replace("_", " ")


# --- the ends of one value ---------------------------------------------------------------------


def _movable(tree: Map, place: _Place, start: int, swing: Swing) -> Movable | None:
    distribution = None if place.kind == "share" else _read(place)
    uncertain = distribution is not None and not isinstance(distribution, Constant)
    uncertain = uncertain and place.path[-1] not in _PLAIN_DAYS
    if place.kind == "share":
        ends: Ends | None = _share_ends(place)
    elif distribution is None:
        return None
    elif uncertain:
        ends = (
            _fixed(place, distribution.quantile(0.05)),
            _fixed(place, distribution.quantile(0.95)),
        )
    else:
        ends = _stated(tree, place, distribution.mean, start, swing)
    if ends is None:
        return None
    return Movable(place.path, place.kind, place.title, _written(place.raw), uncertain, *ends)


def _read(place: _Place) -> Distribution | None:
    raw = place.raw
    if isinstance(raw, Map):
        raw = from_data({key: item for key, item in raw.items() if key not in _TITLES}, "")
    if place.kind not in _KINDS:
        return None
    kind: Kind = place.kind  # type: ignore[assignment]  # just told to be one
    value = readable(lambda item: read_value(kind, item), raw)
    return None if value is None else value.distribution


def _fixed(place: _Place, number: float) -> End:
    """Fix an uncertain value at one number, still drawn, so that no other draw is renamed."""
    low, high = BOUNDS[place.kind]  # type: ignore[index]  # a Kind
    number = max(number, number if low is None else low)
    text = _text(place.kind, min(number, number if high is None else high))
    fixed: Map = from_data({"uniform": [text, text]}, "moved")
    if place.path[0] == "references" and len(place.path) == 2 and isinstance(place.raw, Map):
        about = {key: place.raw[key] for key in _TITLES if key in place.raw}
        fixed = from_data({**about, **fixed}, "moved")
    return End(text, ((place.path, fixed),))


def _share_ends(place: _Place) -> Ends:
    share = float(place.raw)
    ends = (max(share - _LUCK_STEP, 0.0), min(share + _LUCK_STEP, 1.0))
    low, high = (End(f"{end:.4g}", ((place.path, f"{end:.4g}"),)) for end in ends)
    return low, high


def _stated(tree: Map, place: _Place, number: float, start: int, swing: Swing) -> Ends | None:
    if place.kind == "date":
        step = swing.days * DAY
        ends = (max(number - step, float(start)), max(number + step, float(start)))
    elif place.kind == "chance":
        if not 0 < number < 1:
            return None
        odds = number / (1 - number)
        less, more = odds / swing.factor, odds * swing.factor
        ends = (less / (1 + less), more / (1 + more))
    else:
        ends = (number / swing.factor, number * swing.factor)
    low, high = (_set(tree, place, number, end) for end in ends)
    return low, high


def _set(tree: Map, place: _Place, before: float, number: float) -> End:
    text = _text(place.kind, number)
    own = ((place.path, text),)
    if place.kind != "chance":
        return End(text, own)
    return End(text, (*own, *_rest_of_chances(tree, place.path, before, float(text))))


def _rest_of_chances(
    tree: Map, path: Path, before: float, after: float
) -> Iterator[tuple[Path, object]]:
    """Scale the chances that stand beside one, so that their sum stays what it was."""
    # Of drivers.D.initial.LEVEL the level, of events.E.outcomes.O.chance... the outcome is chosen.
    which = path.index("outcomes") + 1 if "outcomes" in path else len(path) - 1
    for other in at(tree, path[:which]):
        if other == path[which]:
            continue
        here: Path = (*path[:which], other, *path[which + 1 :])
        chance = _certain_chance(tree, here)
        if chance is not None:
            yield here, f"{chance * (1 - after) / (1 - before):.15g}"


def _certain_chance(tree: Map, path: Path) -> float | None:
    try:
        value = read_value("chance", at(tree, path))
    except (Invalid, KeyError, IndexError, TypeError):
        return None
    return value.distribution.mean if value.certain and value.distribution is not None else None


# --- texts --------------------------------------------------------------------------------------


def _text(kind: str, number: float) -> str:
    """Write a number as --set takes it, to four digits."""
    if kind == "date":
        return format_date(round(number))
    if kind == "duration":
        return format_duration(number)
    return f"{number * YEAR:.4g} per year" if kind == "rate" else f"{number:.4g}"


def _written(raw: object) -> str:
    """Write a value as it stands in the file, on one line."""
    if not isinstance(raw, Map):
        return text_of(raw)
    bare = {key: item for key, item in raw.items() if key not in _TITLES}
    return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in bare.items()) + "}"


def _flow(item: object) -> str:
    return f"[{', '.join(map(text_of, item))}]" if isinstance(item, list) else text_of(item)
