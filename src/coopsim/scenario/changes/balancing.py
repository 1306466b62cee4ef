"""Chances that sum to 1, when some of them are moved: the others keep their proportions.

The chances of an event's outcomes without `rest`, those of a driver's first levels and of a plan's
slips. What a sensitivity analysis does to the rivals of a chance, --set does too.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from coopsim.errors import Problem
from coopsim.scenario.notation.quantities import read_value
from coopsim.scenario.text.reading import Invalid, Path, dotted, listing
from coopsim.scenario.text.tree import Map, Mark, Seq, node_at, plain, put_at, walk

ChanceCells: TypeAlias = dict[Any, float]  # a chance by level or case; None stands for all of them
_CLOSE = 1e-9
_MOVED = "some of the chances moved"


def sets_of_chances(tree: Map) -> dict[Path, dict[str, Any]]:
    """List the chances that belong together, by the path below which their names stand."""
    found: dict[Path, dict[str, Any]] = {}
    for name, event in _entries(tree, "events"):
        outcomes = event.get("outcomes")
        if isinstance(outcomes, Map) and all(isinstance(one, Map) for one in outcomes.values()):
            chances = {key: one.get("chance") for key, one in outcomes.items()}
            found["events", name, "outcomes"] = chances
    for name, driver in _entries(tree, "drivers"):
        if isinstance(driver.get("initial"), Map):
            found["drivers", name, "initial"] = dict(driver["initial"])
    for name, plan in _entries(tree, "plans"):
        if isinstance(plan.get("slips"), Map):
            found["plans", name, "slips"] = dict(plan["slips"])
    return found


def _entries(tree: Map, section: str) -> Iterator[tuple[str, Map]]:
    entries = tree.get(section)
    for name, entry in entries.items() if isinstance(entries, Map) else ():
        if isinstance(entry, Map):
            yield name, entry


def path_of(base: Path, name: str) -> Path:
    """Get the path of one of the chances below a path."""
    return (*base, name, "chance") if base[0] == "events" else (*base, name)


def scaled(chances: Mapping[str, Any], moved: Collection[str]) -> dict[str, Any] | None:
    """Scale the chances that were not moved, so that all sum to 1 at every level or case.

    Gives the new values by name, none where nothing is to be scaled. None where there is a `rest`
    to take up what is left, where the moved ones leave no room, and where chances are uncertain or
    go by different things.
    """
    cells = {name: _cells(raw) for name, raw in chances.items()}
    known = {name: one for name, one in cells.items() if one is not None}
    shapes = {shape for shape, _ in known.values() if shape is not None}
    others = [name for name in chances if name not in moved]
    if len(known) < len(cells) or len(shapes) > 1 or not others:
        return None
    numbers = {name: own for name, (_, own) in known.items()}
    table = next((chances[name] for name, (shape, _) in known.items() if shape is not None), None)
    factors = _factors(numbers, others, [None] if table is None else list(_cells(table)[1]))
    if factors is None or all(abs(factor - 1) < _CLOSE for factor in factors.values()):
        return None if factors is None else {}
    return {name: _rewritten(chances[name], numbers[name], factors, table) for name in others}


def _factors(
    numbers: Mapping[str, ChanceCells], others: list[str], keys: list[Any]
) -> ChanceCells | None:
    factors: ChanceCells = {}
    for key in keys:
        at = {name: own.get(key, own.get(None, 0.0)) for name, own in numbers.items()}
        total = sum(at[name] for name in others)
        room = 1 - sum(chance for name, chance in at.items() if name not in others)
        if room < -_CLOSE or (total <= 0 and room > _CLOSE):
            return None
        factors[key] = max(room, 0.0) / total if total > 0 else 1.0
    # Chances so small that nothing scales them up to the room that is left are none.
    return factors if all(map(math.isfinite, factors.values())) else None


def _cells(raw: Any) -> Any:
    """Read certain chances and what they go by, or None where they are none."""
    if isinstance(raw, Map) and "by" in raw:
        return _read(raw["by"], {key: raw[key] for key in raw if key != "by"})
    if isinstance(raw, Seq) and all(isinstance(case, Map) for case in raw):
        conditions = str([plain(case.get("when")) for case in raw])
        return _read(conditions, {place: case.get("is") for place, case in enumerate(raw)})
    return _read(None, {None: raw})


def _read(shape: object, raw: Mapping[Any, Any]) -> tuple[object, ChanceCells] | None:
    numbers = {key: certain_chance(item) for key, item in raw.items()}
    known = {key: number for key, number in numbers.items() if number is not None}
    return (shape, known) if len(known) == len(numbers) else None


def certain_chance(raw: object) -> float | None:
    """Read a chance that is one number; None for all else."""
    try:
        value = read_value("chance", raw)
    except Invalid:
        return None
    return value.distribution.mean if value.certain and value.distribution is not None else None


def _rewritten(raw: Any, own: ChanceCells, factors: ChanceCells, table: Any) -> Any:
    """Write a chance scaled: alone where all factors are alike, else by level or case."""
    alike = max(factors.values()) - min(factors.values()) < _CLOSE
    if None in own and alike:
        return _text(own[None] * next(iter(factors.values())))
    written = (table if None in own else raw).copy()
    for key, factor in factors.items():
        text = _text(own.get(key, own.get(None, 0.0)) * factor)
        here = (key, "is") if isinstance(written, Seq) else (key,)
        written = put_at(written, here, text)
    return written


def _text(number: float) -> str:
    return f"{number:.15g}"


# --- what was set -------------------------------------------------------------------------------


def balanced(before: Map, tree: Map, files: Collection[str]) -> tuple[Map, list[Problem]]:
    """Scale the rivals of the chances that some files have set, where they summed to 1 before.

    Gives the tree, and a warning for each set of chances that says what was scaled.
    """
    notes: list[Problem] = []
    earlier = sets_of_chances(before)
    for base, chances in sets_of_chances(tree).items():
        moved = set_by(tree, base, chances, files)
        if not moved or scaled(earlier.get(base, {}), list(moved)) != {}:
            continue
        new = scaled(chances, list(moved)) or {}
        for name, raw in new.items():
            tree = put_at(tree, path_of(base, name), raw)
        if new:
            notes.append(_note(base, new, next(iter(moved.values()))))
    return tree, notes


def set_by(
    tree: Map, base: Path, chances: Mapping[str, Any], files: Collection[str]
) -> dict[str, Mark]:
    """Find the chances that were set in some files, with the first mark of each."""
    found = {}
    for name in chances:
        path = path_of(base, name)
        marks = [mark for mark in _marks(tree, path) if mark.file in files]
        if marks:
            found[name] = marks[0]
    return found


def _marks(tree: Any, path: Path) -> Iterator[Mark]:
    """List the marks of a value and of all below it."""
    around = node_at(tree, path[:-1])
    if path[-1] in around:
        yield around.marks[path[-1]]
        for _, node in walk(around[path[-1]]):
            if isinstance(node, Map):
                yield from node.marks.values()
            elif isinstance(node, Seq):
                yield from node.marks


def _note(base: Path, new: Mapping[str, Any], mark: Mark) -> Problem:
    expected = f"chances that sum to 1: the others are scaled in proportion, {words_of(new)}"
    return Problem(dotted(base), _MOVED, expected, mark.file, mark.line, None, "warning")


def scaled_in(warnings: Iterable[Problem]) -> tuple[str, ...]:
    """Name the sets of chances of which some warnings say that they were scaled."""
    return tuple(dict.fromkeys(one.path for one in warnings if one.found == _MOVED))


def words_of(new: Mapping[str, Any]) -> str:
    """Name chances with their values, to four digits."""
    return listing([f"{name} to {_short(raw)}" for name, raw in new.items()], "and")


def _short(raw: Any) -> str:
    _, own = _cells(raw)
    numbers = [f"{number:.4g}" for number in own.values()]
    return numbers[0] if len(numbers) == 1 else f"[{', '.join(numbers)}]"


def offered(tree: Map, base: Path) -> str | None:
    """Work out the chances that a scenario's own file does not set, scaled to fit, as a hint."""
    own = tree.marks.get("scenario")
    chances = sets_of_chances(tree).get(base, {})
    moved = set_by(tree, base, chances, () if own is None else (own.file,))
    new = scaled(chances, list(moved)) if moved else None
    return f"in proportion, the others would be scaled {words_of(new)}" if new else None
