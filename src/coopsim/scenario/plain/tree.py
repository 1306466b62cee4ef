"""A tree as people write it, turned into the plain tree that is checked, kept and hashed.

Plans become drivers and events, sentences conditions, units said once stand behind each number, and
a reason becomes sources and a judgement. What is plain already stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from coopsim.errors import Problem
from coopsim.scenario.checks.declared import UNKNOWN, Declared
from coopsim.scenario.grammar import ROOT, SUPPORT_KEYS, WHY, Form, GrammarRow
from coopsim.scenario.notation.quantities import read_period
from coopsim.scenario.notation.units import UNIT_KEYS, with_units
from coopsim.scenario.plain import plans
from coopsim.scenario.plain.conditions import UnknownLevels, condition_of
from coopsim.scenario.sources.reasons import reason_of
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import Faults, Invalid, Path, invalid, readable, show
from coopsim.scenario.text.tree import Map, Mark, Seq, mark_at, node_at, problem_at, put_at
from coopsim.scenario.text.unknown import one_of_few

PLANS = "plans"
_UNITS = set(UNIT_KEYS.values())


def plain_tree(tree: Map) -> tuple[Map, list[Problem]]:
    """Turn a merged tree into a plain one, with every problem of what is written for short."""
    maker = _Maker(tree)
    return maker.made(), maker.problems


def as_written(tree: Map, problem: Problem) -> Problem:
    """Name the place of a problem as the file has it, where it was written for short."""
    path, hint = path_as_written(tree, problem.path), problem.hint
    if path != problem.path and hint is not None:
        hint = hint.replace("{chance: rest}", "rest")
    entry, _, key = path.rpartition(".")
    if key in SUPPORT_KEYS and isinstance(found := node_at(tree, tuple(entry.split("."))), Map):
        path = f"{entry}.{WHY}" if WHY in found else path
    return replace(problem, path=path, found=_found_as_written(tree, problem), hint=hint)


def path_as_written(tree: Map, path: str) -> str:
    """Name the place in a plan, where a tree has one, of what was made of it."""
    section = tree.get(PLANS)
    for name in section if isinstance(section, Map) else ():
        path = _in_plan(name, path)
    return path


def _found_as_written(tree: Map, problem: Problem) -> str:
    """Show an entry that was found with the reason it has in the file."""
    entry = node_at(tree, tuple(problem.path.split(".")))
    if isinstance(entry, Map) and WHY in entry:
        plain = readable(lambda _: show(with_reason(entry)), entry)
        return show(entry) if problem.found == plain else problem.found
    return problem.found


def _in_plan(name: str, path: str) -> str:
    """Name the key of a plan from which a part of its driver or of its review was made."""
    for made in plans.made_of(name):
        if path == made or path.startswith(f"{made}."):
            key, *below = path.removeprefix(made).removeprefix(".").split(".", 1)
            written = [plans.WRITTEN.get(key, key), *(one.removesuffix(".chance") for one in below)]
            return ".".join([PLANS, name, *written]).removesuffix(".")
    return path


class _Maker:
    """Copy a tree as far as something in it is written for short."""

    def __init__(self, tree: Map) -> None:
        self.written = tree  # where problems are located
        self.tree = tree
        self.problems: list[Problem] = []

    def made(self) -> Map:
        """Turn the whole tree; plans first, as conditions may ask for what they declare."""
        self._expand_plans()
        for path, place, node in self._mappings():
            if place.is_entry and WHY in node:
                bare = node.copy()
                bare.drop(WHY)
                self._put(path, self._read(path, partial(with_reason, node), bare))
        for path, place, node in self._mappings():
            if _states_unit(place, node):
                self._put(
                    path, self._read(path, partial(_with_units, place, node), _stand_in(place))
                )
        self._read_conditions()
        return self.tree

    def _mappings(self) -> list[tuple[Path, GrammarRow, Map]]:
        """List the mappings of the tree as it is now, outer ones first."""
        places = _places(self.tree, ROOT, ())
        return [(path, place, node) for path, place, node in places if isinstance(node, Map)]

    def _read(self, path: Path, read: Callable[[], Any], instead: object = None) -> Any:
        """Read what is written for short; something else stands for what cannot be read."""
        try:
            return read()
        except Invalid as error:
            self.problems += [
                problem_at(self.written, path + fault.path, fault.found, fault.expected, fault.hint)
                for fault in error.faults
            ]
            return instead

    def _put(self, path: Path, value: object) -> None:
        changed = put_at(self.tree, path, value)
        assert isinstance(changed, Map)
        self.tree = changed

    def _marked(self, value: object, path: Path) -> Any:
        """Make a tree of plain data, all of it at the line of what it was written as."""
        return marked(value, mark_at(self.written, path) or Mark("data", None))

    # --- plans ----------------------------------------------------------------------------------

    def _expand_plans(self) -> None:
        section = self.tree.get(PLANS)
        if section is None:
            return
        self.tree = self.tree.copy()
        self.tree.drop(PLANS)
        if not isinstance(section, Map):
            self._read((PLANS,), lambda: _no_plans(section))
            return
        start, end = (readable(read_period, self.tree.get(key)) for key in ("start", "end"))
        ordered = start is not None and end is not None and start.first < end.end_of_day
        days = (start, end) if ordered else None  # told where they stand
        for name, raw in section.items():
            self._expand_plan(name, raw, days)

    def _expand_plan(self, name: str, raw: object, days: Any) -> None:
        path = (PLANS, name)

        def expand() -> plans.Expansion:
            entry = with_reason(raw) if isinstance(raw, Map) and WHY in raw else raw
            self._check_names(name, entry)
            try:
                return plans.expanded(name, entry, *days)
            except Invalid as error:
                others = [other for other in self.written[PLANS] if other != name]
                raise _with_near_miss(error, near_miss(name, others)) from None

        instead = plans.stand_in(raw, days)
        found = instead if days is None else self._read(path, expand, instead)
        for key, suffix, entry in zip(
            ("drivers", "events"), (plans.OFFICIAL, plans.REVIEWED), found, strict=True
        ):
            section = self.tree.get(key)
            if section is not None and not isinstance(section, Map):
                continue  # told by the models
            whole = Map() if section is None else section.copy()
            if name + suffix in whole:
                continue  # told in _check_names
            mark = mark_at(self.written, path) or Mark("data", None)
            whole.put(name + suffix, self._made_of_plan(entry, path, mark), mark)
            self.tree.put(key, whole, self.tree.marks.get(key, mark))

    def _made_of_plan(self, entry: dict[str, object], path: Path, mark: Mark) -> Map:
        """Make a tree of what a plan became, each part at the line of the key it was made of."""
        made = Map()
        for key, item in entry.items():
            own = (*path, plans.WRITTEN.get(key, key))
            here = mark_at(self.written, own) or mark
            made.put(key, marked(item, here), here)
            if key == "outcomes":
                for slip, outcome in made[key].items():
                    line = mark_at(self.written, (*own, slip)) or here
                    made[key].marks[slip] = line
                    outcome.marks.update(dict.fromkeys(outcome, line))
        return made

    def _check_names(self, name: str, raw: object) -> None:
        """Refuse names that are taken, and the plan of an event that is not there."""
        faults = Faults()
        for key, suffix in (("drivers", plans.OFFICIAL), ("events", plans.REVIEWED)):
            taken = self.tree.get(key)
            if isinstance(taken, Map) and name + suffix in taken:
                faults.add(f"'{name + suffix}' among the {key}", "a plan of another name")
        events = self.tree.get("events")
        event = raw.get("event") if isinstance(raw, Map) else None
        if isinstance(event, str) and isinstance(events, Map) and event not in events:
            expected = one_of_few("the name of an event", events)
            faults.add(f"'{event}'", expected, "event", hint=near_miss(event, events))
        faults.check()

    # --- conditions -----------------------------------------------------------------------------

    def _read_conditions(self) -> None:
        places = _places(self.tree, ROOT, ())
        sentences = [found for one in places for found in _sentences(*one)]
        if not sentences:
            return
        declared = Declared(self.tree)
        all_known = declared.all_known and isinstance(self.written.get(PLANS) or Map(), Map)

        def levels(name: str) -> tuple[str, ...] | None:
            found = declared.levels(name)
            return UNKNOWN if found is None and not all_known else found

        for path, text in sentences:

            def read(text: str = text) -> object:
                try:
                    return condition_of(text, levels, declared.variables)
                except UnknownLevels:  # told where they are declared
                    return {}

            self._put(path, self._marked(self._read(path, read, {}), path))


def _with_near_miss(error: Invalid, hint: str | None) -> Invalid:
    """Tell with the first thing that an entry lacks which other it may have been meant to be."""
    lacking = next((one for one in error.faults if one.found == "nothing"), None)
    return Invalid([replace(one, hint=hint) if one is lacking else one for one in error.faults])


def _places(
    node: object, place: GrammarRow, path: Path
) -> Iterator[tuple[Path, GrammarRow, object]]:
    """Go through a tree, parents first, as far as the grammar knows its places."""
    yield path, place, node
    items: Any = ()
    if isinstance(node, Map):
        items = node.items()
    elif isinstance(node, Seq):
        items = enumerate(node)
    for key, item in items:
        below = place.at(key)
        if below is not None:
            yield from _places(item, below, (*path, key))


def _sentences(path: Path, place: GrammarRow, node: object) -> Iterator[tuple[Path, str]]:
    """List the sentences at a place: a condition, or those of the cases of a chance."""
    if place.form is Form.CONDITION and isinstance(node, str):
        yield path, node
    if place.form is Form.CHANCE and isinstance(node, Seq):
        for position, case in enumerate(node):
            if isinstance(case, Map) and isinstance(case.get("when"), str):
                yield (*path, position, "when"), case["when"]


def with_reason(entry: Map) -> Map:
    """Put sources and a judgement in the place of an entry's reason; raises Invalid."""
    faults = Faults()
    beside = [key for key in SUPPORT_KEYS if key in entry]
    if beside:
        faults.add(f"`{WHY}` beside `{beside[0]}`", f"`{WHY}`, or sources and judgement", WHY)
    mark, stated = entry.marks[WHY], Map()
    with faults.at(WHY):
        cited, said = reason_of(entry[WHY])
        if cited:
            stated.put("sources", marked(list(cited), mark), mark)
        if said is not None:
            stated.put("judgement", said, mark)
    faults.check()
    return _with_in_its_place(entry, WHY, stated)


def _with_in_its_place(entry: Map, key: str, others: Map) -> Map:
    """Put other entries where one stands; their order is hashed with them."""
    changed = Map()
    for name, item in entry.items():
        if name == key:
            for other, value in others.items():
                changed.put(other, value, others.marks[other])
        else:
            changed.put(name, item, entry.marks[name])
    return changed


def _states_unit(place: GrammarRow, node: Map) -> bool:
    """Tell whether a mapping of quantities states their unit once."""
    quantities = place.kind in UNIT_KEYS or place.form is Form.REFERENCE
    return quantities and bool(_UNITS & set(node))


def _stand_in(place: GrammarRow) -> object:
    """Make what brings no further complaint where a unit cannot be read."""
    if place.form is Form.ENTRIES:
        return Map()
    return "1 per year" if place.kind == "rate" else "1 day"


def _with_units(place: GrammarRow, node: Map) -> object:
    kind = place.kind if place.kind in UNIT_KEYS else None
    found = [one for one, key in UNIT_KEYS.items() if key in node]
    wrong = [one for one in found if kind is not None and one != kind]
    if wrong:
        key = UNIT_KEYS[wrong[0]]
        raise invalid(f"the key '{key}'", f"`{UNIT_KEYS[str(kind)]}`, as for any {kind}", key)
    return with_units(found[0], node)


def _no_plans(section: object) -> None:
    raise invalid(show(section), "plans by their names: {NAME: {official: 2028, event: ...}}")


def marked(value: object, mark: Mark) -> Any:
    """Make a tree of plain data of which every part has the same mark."""
    if isinstance(value, Map | Seq):
        return value
    if isinstance(value, dict):
        tree = Map()
        for key, item in value.items():
            tree.put(str(key), marked(item, mark), mark)
        return tree
    if isinstance(value, list | tuple):
        items = Seq()
        for item in value:
            items.append(marked(item, mark))
            items.marks.append(mark)
        return items
    return value if value is None or isinstance(value, bool | str) else str(value)
