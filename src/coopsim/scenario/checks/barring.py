"""Which assumptions bar something: an event, or a level of a driver, that cannot come before a day.

It follows conditions, triggers and changes back to a day, a chance, a rate or a first level that
rules it out. What it finds is certain; of what merely never came about it may find nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from coopsim.scenario.checks.soundness import Happening, endings, happenings, rows_that_allow
from coopsim.scenario.notation import timing as notation
from coopsim.scenario.notation.conditions import Trigger
from coopsim.scenario.notation.quantities import Value, ValueKind
from coopsim.scenario.resolving import resolve_value
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import Path

Grounds = tuple[Path, ...]  # the paths of the assumptions that bar something
_MOST = 20_000  # steps back, after which nothing is said
_LEAST = 1e-9  # the probability of a date before which it never lies, for all that matters here


class Barring:
    """Look for what bars events and levels before an instant (epoch seconds).

    Each question is answered by the grounds, or by None where nothing is known to bar it.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.happenings = {one.name: one for one in happenings(scenario)}
        self._setters: dict[str, list[tuple[Happening, str, str | int]]] = defaultdict(list)
        for one in self.happenings.values():
            for own, changes in endings(one):
                for driver, change in changes:
                    self._setters[driver].append((one, own, change))
        self._asking: set[object] = set()
        self._free: set[object] = set()
        self._steps = 0

    def event(self, name: str, outcomes: frozenset[str] | None, closes: float) -> Grounds | None:
        """Find what bars an event, or these outcomes of it, before an instant."""
        happening = self.happenings[name]
        looking = lambda: self._event(happening, outcomes, closes)  # noqa: E731  # said once
        return self._once((name, outcomes, closes), looking)

    def level(self, driver: str, levels: frozenset[str], closes: float) -> Grounds | None:
        """Find what bars a driver from some levels before an instant."""
        looking = lambda: self._level(driver, levels, closes)  # noqa: E731  # said once
        return self._once((driver, levels, closes), looking)

    def starts_at(self, driver: str) -> frozenset[str]:
        """Get the levels at which a driver may begin."""
        initial = self.scenario.drivers[driver].initial
        if isinstance(initial, str):
            return frozenset({initial})
        return frozenset(level for level, chance in initial.items() if chance > 0)

    def _once(self, key: object, look: Callable[[], Grounds | None]) -> Grounds | None:
        """Answer a question once: what comes about only through itself does not come about."""
        if key in self._asking:
            return ()
        self._steps += 1
        if key in self._free or self._steps > _MOST:
            return None
        self._asking.add(key)
        found = look()
        self._asking.discard(key)
        if found is None:
            self._free.add(key)
        return found

    # --- an event ---------------------------------------------------------------------------------

    def _event(
        self, happening: Happening, outcomes: frozenset[str] | None, closes: float
    ) -> Grounds | None:
        for found in (
            self._by_chance(happening, outcomes),
            self._by_day(happening, closes),
            self._by_rate(happening),
        ):
            if found is not None:
                return found
        return self._by_trigger(happening, closes) or self._by_condition(happening, closes)

    @staticmethod
    def _by_chance(happening: Happening, outcomes: frozenset[str] | None) -> Grounds | None:
        names = sorted(outcomes or ())
        chances = [happening.outcomes[name].chance for name in names]
        if not names or not all(isinstance(one, Value) and one.is_surely(0) for one in chances):
            return None
        return tuple((*happening.path, "outcomes", name, "chance") for name in names)

    def _by_day(self, happening: Happening, closes: float) -> Grounds | None:
        opens, date = happening.spec.opens, getattr(happening.spec, "date", None)
        if opens is not None and opens.first >= closes:
            return ((*happening.path, "from"),)
        if date is None or self._earliest(date) < closes:
            return None
        path = (*happening.path, "date")
        if isinstance(date, notation.Calendar):
            return ((*path, "first"),)
        floor = date.not_before if isinstance(date, notation.Plan) else None
        return ((*path, "not_before") if floor and floor.first >= closes else path,)

    def _earliest(self, date: notation.DateValue) -> float:
        if isinstance(date, notation.ByLevel):
            return min(map(self._earliest, date.table.values()))
        if isinstance(date, notation.Calendar):
            return self._least(date.first, "date")
        if isinstance(date, notation.Plan):
            start, planned = self.scenario.start.first, self._least(date.planned, "date")
            grown = start + (planned - start) * self._least(date.growth, "factor")
            floor = date.not_before.first if date.not_before is not None else start
            return max(planned if planned < start else grown, floor)
        return self._least(date, "date")

    def _least(self, value: Value, kind: ValueKind) -> float:
        distribution = resolve_value(value, kind, self.scenario.references).distribution
        assert distribution is not None
        return distribution.quantile(_LEAST)

    @staticmethod
    def _by_rate(happening: Happening) -> Grounds | None:
        rate = happening.spec.rate
        values = rate.table.values() if isinstance(rate, notation.ByLevel) else (rate,)
        never = all(value is not None and value.is_surely(0) for value in values)
        return ((*happening.path, "rate"),) if never else None

    def _by_trigger(self, happening: Happening, closes: float) -> Grounds | None:
        triggers = happening.spec.upon
        return None if triggers is None else _all(self._trigger(one, closes) for one in triggers)

    def _trigger(self, trigger: Trigger, closes: float) -> Grounds | None:
        if trigger.levels is None:
            return self.event(trigger.name, None, closes)
        levels = frozenset(trigger.levels)
        if trigger.name in self.scenario.drivers:
            return self.level(trigger.name, levels, closes)
        return self.event(trigger.name, levels, closes)

    def _by_condition(self, happening: Happening, closes: float) -> Grounds | None:
        """Find in each row of a condition a test that cannot hold."""
        rows = rows_that_allow(happening, self._levels_of)
        return _all(
            next((one for one in self._tests(row.items(), closes) if one is not None), None)
            for row in rows
        )

    def _tests(
        self, tests: Iterable[tuple[str, frozenset[str]]], closes: float
    ) -> Iterator[Grounds | None]:
        for name, levels in tests:
            if name in self.scenario.drivers:
                yield self.level(name, levels, closes)
            elif "false" not in levels:
                every = levels >= set(self._levels_of(name)[1:])
                yield self.event(name, None if every else levels, closes)

    def _levels_of(self, name: str) -> Sequence[str]:
        if name in self.scenario.drivers:
            return self.scenario.drivers[name].levels
        return ("false", *(self.happenings[name].outcomes or ("true",)))

    # --- a level ----------------------------------------------------------------------------------

    def _level(self, driver: str, levels: frozenset[str], closes: float) -> Grounds | None:
        if self.starts_at(driver) & levels:
            return None
        ways = [
            (one, own)
            for one, own, change in self._setters[driver]
            if change in levels or isinstance(change, int)
        ]
        own = {one.name: one.outcomes for one, _ in ways}
        barred = [
            self.event(one.name, frozenset({name}) if own[one.name] else None, closes)
            for one, name in ways
        ]
        found = _all(iter(barred)) if ways else ()
        return None if found is None else (("drivers", driver, "initial"), *found)


def _all(found: Iterable[Grounds | None]) -> Grounds | None:
    """Join the grounds of what must all be barred; None where something is not."""
    joined: dict[Path, None] = {}
    for one in found:
        if one is None:
            return None
        joined.update(dict.fromkeys(one))
    return tuple(joined)
