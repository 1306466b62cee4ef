"""The names that a scenario declares, and the faults of those who name what is not there.

A section or an entry that cannot be read is reported by the models; here it counts as declaring
whatever is asked of it, so that one fault is not told again at everything that depends on it.
"""

from __future__ import annotations

from collections.abc import Collection

from coopsim.errors import Problem
from coopsim.scenario.notation.slips.conditions import about_joint, about_level
from coopsim.scenario.notation.slips.keys import sections_meant
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import Path, dotted, listing, names_of, readable, show
from coopsim.scenario.text.tree import Map, Seq, problem_at
from coopsim.scenario.text.unknown import UnknownNames, one_of_few

UNKNOWN = ()  # the levels of what is not there, or cannot be read


class Declared:
    """The drivers, events, levels and references of a tree, and the wrong names in it."""

    def __init__(self, tree: Map) -> None:
        self.tree = tree
        self.faults: list[Problem] = []
        self.wrong: set[str] = set()  # paths at which something is wrong
        self.read: set[str] = set()  # drivers and events that something reads
        self.unknown_names = UnknownNames(tree)
        self.drivers = {
            name: self._driver_levels(driver) for name, driver in self._declared("drivers").items()
        }
        self.events = {
            name: self._event_levels(event) for name, event in self._declared("events").items()
        }
        self.switches = {
            f"{name}: {switch}": ("false", "true")
            for name, driver in self.entries("drivers")
            for switch in self._keys(driver, "switches")
        }
        self.references = self._declared("references")
        self._happenings = [*self.events, *self.switches]
        self._variables = [*self.drivers, *self._happenings]
        sections = {"references", "drivers", "events"} - sections_meant(tree, Scenario.model_fields)
        self._readable = {
            one for one in sections if isinstance(tree.get(one) or Map(), Map)
        }  # sections of which all names are known

    def _declared(self, section: str) -> Map:
        entries = self.tree.get(section)
        return entries if isinstance(entries, Map) else Map()

    @staticmethod
    def _driver_levels(driver: object) -> tuple[str, ...]:
        levels = driver.get("levels") if isinstance(driver, Map) else None
        names = readable(lambda raw: names_of(raw, ""), levels) if isinstance(levels, Seq) else None
        return names or UNKNOWN

    def _event_levels(self, event: object) -> tuple[str, ...]:
        outcomes = event.get("outcomes") if isinstance(event, Map) else event
        if isinstance(event, Map) and not outcomes:
            return ("false", "true")
        return ("false", *outcomes) if isinstance(outcomes, Map) else UNKNOWN

    def entries(self, section: str) -> list[tuple[str, Map]]:
        """List the entries of a section that are mappings."""
        items = self._declared(section).items()
        return [(name, entry) for name, entry in items if isinstance(entry, Map)]

    @staticmethod
    def _keys(entry: Map, key: str) -> tuple[str, ...]:
        inner = entry.get(key)
        return tuple(inner) if isinstance(inner, Map) else ()

    # --- faults -------------------------------------------------------------------------------

    def fault(self, path: Path, found: str, expected: str, hint: str | None = None) -> None:
        """Record a problem of one place."""
        self.wrong.add(dotted(path))
        self.faults.append(problem_at(self.tree, path, show(found), expected, hint))

    def unknown(
        self,
        path: Path,
        found: str,
        expected: str,
        known: Collection[str],
        hint: str | None = None,
    ) -> None:
        """Record a wrong name; it is told once, however many places have it."""
        self.wrong.add(dotted(path))
        self.unknown_names.add(path, found, expected, known, hint)

    def problems(self) -> list[Problem]:
        """List all problems, each wrong name at the first place where it stands."""
        return [*self.faults, *self.unknown_names.problems()]

    # --- names and levels ---------------------------------------------------------------------

    def own_names(self) -> None:
        """Check that drivers and events share no name and that names can stand in a path."""
        for section in ("drivers", "events", "outcomes", "references"):
            for name, _ in self.entries(section):
                if "." in name or "->" in name or not name.strip():
                    self.fault((section, name), name, "a name without `.` and `->`")
        for name in self.events:
            if name in self.drivers:
                self.fault(("events", name), name, "a name that no driver has")

    @property
    def variables(self) -> list[str]:
        """List the names of drivers, events and switches."""
        return self._variables

    @property
    def all_known(self) -> bool:
        """Tell whether the names of all drivers and events are known."""
        return {"drivers", "events"} <= self._readable

    def levels(self, name: str) -> tuple[str, ...] | None:
        """Get the levels of a driver or event, or None where there is no such name."""
        for known in (self.drivers, self.events, self.switches):
            if name in known:
                return known[name]
        return None

    def variable(self, path: Path, name: str) -> tuple[str, ...]:
        """Check a driver's or event's name; gets its levels, empty where unknown."""
        self.read.add(name)
        levels = self.levels(name)
        if levels is None and self.all_known:
            expected = one_of_few("the name of a driver or event", self._variables)
            self.unknown(path, name, expected, self._variables, about_joint(name))
        return levels or UNKNOWN

    def level(self, path: Path, name: str, level: str, levels: tuple[str, ...]) -> None:
        """Check that a level is one of those given; none given means the name was unknown."""
        is_event = name not in self.drivers
        if levels and level not in levels and not (level == "true" and is_event):
            shown = dict.fromkeys(("true", *levels) if is_event else levels)
            expected = f"a level of {name}: {listing(shown)}"
            hint = about_level(level, levels, event=is_event)
            self.unknown(path, level, expected, shown, hint)

    def outcome(self, path: Path, event: str, outcome: str, outcomes: tuple[str, ...]) -> None:
        """Check that an event has an outcome."""
        if outcomes == ("true",):
            self.fault(path, outcome, f"nothing, as {event} has no outcomes")
        elif outcomes and outcome not in outcomes:
            expected = f"an outcome of {event}: {listing(outcomes)}"
            self.unknown(path, outcome, expected, outcomes)

    def event_name(self, path: Path, name: str) -> tuple[str, ...]:
        """Check an event's name; gets its levels, empty where unknown."""
        levels = self.events.get(name, self.switches.get(name))
        if levels is None and name in self.drivers:
            self.fault(path, name, "an event; this is a driver")
        elif levels is None and "events" in self._readable:
            expected = one_of_few("the name of an event", self._happenings)
            self.unknown(path, name, expected, self._happenings)
        return levels or UNKNOWN

    def driver_name(self, path: Path, name: str) -> tuple[str, ...]:
        """Check a driver's name; gets its levels, empty where unknown."""
        if name not in self.drivers and "drivers" in self._readable:
            expected = one_of_few("the name of a driver", self.drivers)
            self.unknown(path, name, expected, self.drivers)
        return self.drivers.get(name, UNKNOWN)

    def reference_name(self, path: Path, name: str) -> bool:
        """Check a reference's name; tells whether it is there."""
        if name not in self.references and "references" in self._readable:
            expected = one_of_few("the name of a reference", self.references)
            self.unknown(path, name, expected, self.references)
        return name in self.references
