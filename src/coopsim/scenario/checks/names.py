"""Names that must exist: drivers, levels, events, outcomes and references, wherever they stand.

Works on raw data and skips whatever cannot be read (the models report that), so that every
problem of a file is found in one go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from coopsim.errors import Problem
from coopsim.scenario.checks.declared import Declared
from coopsim.scenario.fields import parse_switch
from coopsim.scenario.grammar import PLAN_PARTS
from coopsim.scenario.notation.conditions import read_condition, read_triggers
from coopsim.scenario.notation.quantities import ValueKind, read_value
from coopsim.scenario.notation.questions import QUESTIONS
from coopsim.scenario.notation.slips.keys import switch_meant
from coopsim.scenario.notation.timing import read_date, read_rate, read_takes
from coopsim.scenario.spec import Reference
from coopsim.scenario.text.reading import (
    Invalid,
    Path,
    dotted,
    is_word,
    listing,
    name_of,
    readable,
    text_of,
)
from coopsim.scenario.text.tree import Map, Seq, problem_at

_WINDOW_KEYS = {"open", "opens"}
_PARTS = {key: PLAN_PARTS[key] for key in ("growth", "then")}  # of another kind, and may be {like:}


def check_names(check: NameCheck) -> list[Problem]:
    """Find every name in a scenario that names nothing."""
    check.own_names()
    for name, driver in check.entries("drivers"):
        check.driver(name, driver)
    for name, event in check.entries("events"):
        check.event(("events", name), event)
    for name, question in check.entries("outcomes"):
        check.question(("outcomes", name), question)
    for name, reference in check.entries("references"):
        check.reference(("references", name), reference)
    return check.problems()


class NameCheck(Declared):
    """A walk through a tree with the names it declares at hand."""

    def __init__(self, tree: Map) -> None:
        super().__init__(tree)
        self.used: set[str] = set()  # references
        self.in_rings: set[str] = set()  # references to pace tables that contain themselves
        self.unfit: set[tuple[str, str]] = set()  # references and kinds reported as not fitting

    # --- the places where names stand ---------------------------------------------------------

    def condition(self, path: Path, raw: object) -> None:
        """Check the names and levels of a condition."""
        condition = readable(read_condition, raw)
        for below, test in condition.tests() if condition else ():
            levels = self.variable((*path, *below), test.name)
            for level in test.named_levels:
                self.level((*path, *below), test.name, level, levels)
            is_event = test.name in self.events or test.name in self.switches
            if is_event and (test.at_least or test.at_most):
                expected = "true, false or names of outcomes; an event has no lowest or highest"
                found = "at_least" if test.at_least else "at_most"
                self.fault((*path, *below), found, expected)
            elif None not in (test.at_least, test.at_most):
                self._range(path + below, test.at_least, test.at_most, levels)

    def _range(self, path: Path, low: Any, high: Any, levels: tuple[str, ...]) -> None:
        if low in levels and high in levels and levels.index(low) > levels.index(high):
            self.fault(path, f"at_least {low}, at_most {high}", "a range with a level in it")

    def table(self, path: Path, raw: object, *, complete: bool = False) -> None:
        """Check a table by level: its driver or event, its levels, and that none is missing."""
        if not isinstance(raw, Map) or "by" not in raw:
            return
        by = readable(lambda item: name_of(item, ""), raw["by"])
        levels = self.variable((*path, "by"), by) if by is not None else ()
        written = [key for key in raw if key != "by"]
        for level in written:
            if levels and level not in levels:
                expected = f"a level of {by}: {listing(levels)}"
                self.unknown((*path, level), level, expected, levels)
        missing = [level for level in levels if level not in written]
        if complete and missing and set(written) <= set(levels):
            expected = f"a chance for every level of {by}; {listing(missing, 'and')} missing"
            self.wrong.add(dotted(path))
            self.faults.append(problem_at(self.tree, path, "an incomplete table", expected))

    def like(self, path: Path, kind: ValueKind | str, raw: object) -> None:
        """Check every reference below a value, and that it can be read as what is needed."""
        if isinstance(raw, Map) and "like" in raw and "by" not in raw:
            name = readable(lambda item: name_of(item, ""), raw["like"])
            if name is not None:
                self._reference((*path, "like"), kind, name)
                self._luck(path, name, raw)
        elif isinstance(raw, Map):
            parts = {} if "by" in raw else _PARTS
            for key, item in raw.items():
                self.like((*path, key), parts.get(key, kind), item)

    def _reference(self, path: Path, kind: ValueKind | str, name: str) -> None:
        self.used.add(name)
        if not self.reference_name(path, name):
            return
        raw = self.references[name]
        is_pace = isinstance(raw, Map) and "pace" in raw
        is_window = isinstance(raw, Map) and bool(_WINDOW_KEYS & set(raw))
        wanted = {"pace": "a pace table", "window": "a window"}.get(kind, f"a {kind}")
        found = "a pace table" if is_pace else "a window" if is_window else "a value"
        if (kind == "pace") != is_pace or (kind == "window") != is_window:
            self.fault(path, name, f"a reference to {wanted}; this is {found}")
        elif kind not in ("pace", "window"):
            self._value_of_kind(name, kind, raw, path[:-1])

    def _luck(self, path: Path, name: str, raw: Map) -> None:
        reference = self.references.get(name)
        shared = isinstance(reference, Map) and "share" in reference
        if "luck" in raw and "share" not in raw and not shared:
            problem = problem_at(self.tree, path, "luck without a share", "`share: R` beside it")
            self.wrong.add(problem.path)
            self.faults.append(problem)

    def _value_of_kind(self, name: str, kind: Any, raw: Any, user: Path) -> None:
        """Check that a reference can be read as what its user needs; its first user is named."""
        if (name, kind) in self.unfit:
            return
        try:
            reference = Reference.model_validate(raw)
        except ValidationError:
            return  # the models report it
        place: Path = ("references", name)
        if isinstance(raw, Map) and reference.value is not None:
            place = (*place, "value")
        try:
            read_value(kind, reference.raw_value())
        except Invalid as error:
            for fault in error.faults:
                path = (*place, *fault.path)
                expected = f"{fault.expected} (a {kind} for {dotted(user)})"
                problem = problem_at(self.tree, path, fault.found, expected, fault.hint)
                self.wrong.add(problem.path)
            self.faults.append(problem)
            self.unfit.add((name, kind))

    def pace(self, path: Path, raw: object) -> None:
        """Check a pace list."""
        for position, item in enumerate(raw if isinstance(raw, Seq) else ()):
            here = (*path, position)
            if isinstance(item, Map):
                self.condition((*here, "when"), item.get("when"))
                self.table(here, item)
                if "by" in item:
                    self.like(here, "factor", item)
                elif "like" in item:
                    self.like(here, "pace", item)
                else:
                    self.like((*here, "times"), "factor", item.get("times"))

    def reference(self, path: Path, entry: Map) -> None:
        """Check a reference: only pace tables may use others, and not in a ring."""
        self.pace((*path, "pace"), entry.get("pace"))
        if "like" in entry:
            self.fault((*path, "like"), "like", "a value of its own")
        name = str(path[-1])
        if name in self._paces_used_by(name):
            self._ring((*path, "pace"), name)

    def _ring(self, path: Path, name: str) -> None:
        """Record a pace table that contains itself, once for all that stand in its ring."""
        if name not in self.in_rings:
            self.in_rings |= self._paces_used_by(name)
            self.fault(path, name, "a pace table that does not contain itself")

    def _paces_used_by(self, name: str) -> set[str]:
        """Find every pace table that a reference uses, directly or through others."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            entry = self.references.get(waiting.pop())
            pace = entry.get("pace") if isinstance(entry, Map) else None
            for item in pace if isinstance(pace, Seq) else ():
                like = item.get("like") if isinstance(item, Map) else None
                if isinstance(like, str) and like not in found:
                    found.add(like)
                    waiting.append(like)
        return found

    def sets(self, path: Path, entry: Map) -> None:
        """Check what an event or outcome sets and shifts."""
        for key in ("sets", "shifts"):
            changes = entry.get(key)
            for name, level in changes.items() if isinstance(changes, Map) else ():
                here = (*path, key, name)
                levels = self.driver_name(here, name)
                if key == "sets" and not isinstance(level, Map | Seq) and level is not None:
                    self.level(here, name, text_of(level), levels)

    def timed(self, path: Path, entry: Map) -> None:
        """Check what says when an event or switch happens."""
        for key in ("when", "unless"):
            self.condition((*path, key), entry.get(key))
        self._after((*path, "after"), entry.get("after"))
        self._upon((*path, "upon"), entry.get("upon"))
        self.pace((*path, "pace"), entry.get("pace"))
        self.like((*path, "window"), "window", entry.get("window"))
        readers: dict[str, tuple[ValueKind, Callable[[object], object]]] = {
            "takes": ("duration", read_takes),
            "rate": ("rate", read_rate),
            "date": ("date", read_date),
        }
        for key, (kind, read) in readers.items():
            self.table((*path, key), entry.get(key))
            if readable(read, entry.get(key)) is not None:
                self.like((*path, key), kind, entry.get(key))

    def _after(self, path: Path, raw: object) -> None:
        if is_word(raw):
            self.event_name(path, str(raw))
        items = (
            raw.items() if isinstance(raw, Map) else enumerate(raw) if isinstance(raw, Seq) else ()
        )
        for key, item in items:
            name = key if isinstance(raw, Map) else readable(lambda one: name_of(one, ""), item)
            if name is not None:
                self.event_name((*path, key), str(name))
            if isinstance(raw, Map):
                self.like((*path, key), "duration", item)

    def _upon(self, path: Path, raw: object) -> None:
        if is_word(raw):
            self.variable(path, str(raw))
        for position, trigger in enumerate(readable(read_triggers, raw) or ()):
            here = (*path, position if isinstance(raw, Seq) else trigger.name)
            if trigger.levels is None:
                self.event_name(here, trigger.name)
                continue
            levels = self.variable(here, trigger.name)
            for level in trigger.levels:
                self.level(here, trigger.name, level, levels)

    # --- the entries --------------------------------------------------------------------------

    def driver(self, name: str, entry: Map) -> None:
        """Check a driver's first level and its switches."""
        levels = self.drivers[name]
        initial = entry.get("initial")
        path = ("drivers", name, "initial")
        if isinstance(initial, Map):
            for level in initial:
                self.level((*path, level), name, level, levels)
        elif initial is not None and not isinstance(initial, Seq):
            self.level(path, name, text_of(initial), levels)
        for switch in self._keys(entry, "switches"):
            here: Path = ("drivers", name, "switches", switch)
            ends = readable(lambda raw: parse_switch(text_of(raw)), switch)
            if ends is None or ends[0] == ends[1]:
                hint = switch_meant(switch, levels)
                self.fault(here, switch, "two levels, written `LEVEL -> LEVEL`", hint)
            elif switch != " -> ".join(ends):
                self.fault(here, switch, f"`{' -> '.join(ends)}`, single spaces around the arrow")
            for level in ends or ():
                self.level(here, name, level, levels)
            if isinstance(entry["switches"][switch], Map):
                self.timed(here, entry["switches"][switch])

    def event(self, path: Path, entry: Map) -> None:
        """Check everything an event names."""
        self.timed(path, entry)
        self.sets(path, entry)
        odds = entry.get("odds")
        for position, item in enumerate(odds if isinstance(odds, Seq) else ()):
            if isinstance(item, Map):
                here = (*path, "odds", position)
                self.condition((*here, "when"), item.get("when"))
                outcomes = self._keys(entry, "outcomes")
                for outcome in self._keys(item, "times"):
                    place = (*here, "times", outcome)
                    self.outcome(place, str(path[-1]), outcome, outcomes)
                    self.like(place, "factor", item["times"][outcome])
        for outcome in self._keys(entry, "outcomes"):
            branch = entry["outcomes"][outcome]
            if isinstance(branch, Map):
                self.sets((*path, "outcomes", outcome), branch)
                self._chance((*path, "outcomes", outcome, "chance"), branch.get("chance"))

    def _chance(self, path: Path, raw: object) -> None:
        self.table(path, raw, complete=True)
        self.like(path, "chance", raw)
        for position, case in enumerate(raw if isinstance(raw, Seq) else ()):
            if isinstance(case, Map):
                self.condition((*path, position, "when"), case.get("when"))
                self.like((*path, position, "is"), "chance", case.get("is"))

    def question(self, path: Path, entry: Map) -> None:
        """Check the events, levels and conditions that a question names."""
        kinds = [key for key in entry if key in QUESTIONS]
        if len(kinds) != 1:
            return
        asked = QUESTIONS[kinds[0]]
        outcome = readable(lambda item: name_of(item, ""), entry.get("outcome"))
        for mention in asked.form.mentions(entry[asked.name]):
            spot = (*path, asked.name, *mention.path)
            if mention.what == "variable":
                self.variable(spot, mention.raw)
            elif mention.what == "condition":
                self.condition(spot, mention.raw)
            else:
                levels = self.event_name(spot, mention.raw)
                if asked.single and outcome is not None and levels:
                    self.outcome((*path, "outcome"), mention.raw, outcome, levels[1:])
