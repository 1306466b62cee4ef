"""From a Scenario to its Program: names become indices, units seconds, sugar plain rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from coopsim.scenario import spec as s
from coopsim.scenario.checks.soundness import Happening, happenings, rows_that_allow
from coopsim.scenario.notation import timing as notation
from coopsim.scenario.notation.conditions import Trigger as WrittenTrigger
from coopsim.scenario.notation.distributions import Constant
from coopsim.scenario.notation.logic import conjunction
from coopsim.scenario.notation.quantities import BOUNDS, Value, ValueKind
from coopsim.scenario.resolving import References, resolve_value, resolve_window
from coopsim.simulation import program as p
from coopsim.simulation.indexing import Names
from coopsim.simulation.windows import window_seconds


def build_program(scenario: s.Scenario) -> p.Program:
    """Build the tables that engines read from a valid scenario."""
    return Blueprint(scenario).program


class Blueprint:
    """The program of a scenario, by which those of the same one with other values are built."""

    def __init__(self, scenario: s.Scenario) -> None:
        self._scenario = scenario
        self._order = list(_declared(scenario))
        self._builder = _Builder(scenario, _names(scenario, self._order))
        self.program = self._builder.program(self._order)

    def revised(self, scenario: s.Scenario) -> p.Program:
        """Build the program of the scenario with other values, as `revising.revised` makes it.

        Only the drivers and events that were read again are built again. The timelines are those
        of `build_program`, though numbers and streams may stand in another order.
        """
        before, program = self._scenario, self.program
        if scenario.references is not before.references:
            return build_program(scenario)
        pairs = list(zip(_declared(scenario), self._order, program.events, strict=True))
        builder = self._builder.again(
            scenario, [now.name for now, then, _ in pairs if _spec(now) is not _spec(then)]
        )
        drivers = zip(scenario.drivers.items(), program.drivers, strict=True)
        return replace(
            program,
            drivers=tuple(
                made if driver is before.drivers[name] else builder.driver(name, driver)
                for (name, driver), made in drivers
            ),
            events=tuple(
                made if _spec(now) is _spec(then) else builder.built(now)
                for now, then, made in pairs
            ),
            streams=tuple(builder.streams),
            numbers=tuple(builder.numbers),
            per_run=tuple(builder.per_run),
        )


@dataclass(slots=True)
class _Lag:
    """The hidden event just before its owner: so long after another's first firing."""

    name: str
    stream: str
    after: str
    lag: Value
    owner: Happening


@dataclass(slots=True)
class _Builder:
    scenario: s.Scenario
    names: Names
    streams: dict[str, int] = field(default_factory=dict)
    numbers: list[float] = field(default_factory=lambda: [1.0, 0.0])
    per_run: list[tuple[int, p.Quantity]] = field(default_factory=list)
    slots: dict[str, int] = field(default_factory=dict)

    @property
    def references(self) -> References:
        return self.scenario.references

    @property
    def start(self) -> int:
        return self.scenario.start.first

    def program(self, order: Iterable[Happening | _Lag]) -> p.Program:
        drivers = tuple(self.driver(name, d) for name, d in self.scenario.drivers.items())
        events = tuple(map(self.built, order))
        return p.Program(
            scenario=self.scenario.scenario,
            seed=self.scenario.seed,
            start=self.start,
            horizon=self.scenario.horizon,
            drivers=drivers,
            events=events,
            streams=tuple(self.streams),
            numbers=tuple(self.numbers),
            per_run=tuple(self.per_run),
            readers=p.readers_of(events, len(drivers) + len(events)),
            listeners=p.listeners_of(events, len(drivers) + len(events)),
        )

    def again(self, scenario: s.Scenario, names: Iterable[str]) -> _Builder:
        """Make a builder of other values, where all keep their places but some events' numbers."""
        theirs = tuple(f"events.{name}." for name in names)
        kept = {path: n for path, n in self.slots.items() if not path.startswith(theirs)}
        places = set(kept.values())
        per_run = [one for one in self.per_run if one[0] in places]
        return _Builder(scenario, self.names, dict(self.streams), list(self.numbers), per_run, kept)

    def _stream(self, name: str) -> int:
        return self.streams.setdefault(name, len(self.streams))

    # --- quantities ---------------------------------------------------------------------------

    def _quantity(self, value: Value, kind: ValueKind, stream: str) -> p.Quantity:
        value = resolve_value(value, kind, self.references)
        assert value.distribution is not None
        origin = float(self.start) if kind == "date" else 0.0
        if isinstance(value.distribution, Constant):
            return p.Quantity(value.distribution, origin=origin)
        low, high = BOUNDS[kind]
        luck = None if value.luck is None else self._stream(f"luck.{value.luck}")
        share = value.share or 0.0
        own = self._stream(stream)
        return p.Quantity(value.distribution, own, luck, share, origin, low, high)

    def _work(self, written: Value | notation.Plan, kind: ValueKind, stream: str) -> p.ClockWork:
        """Build a clock's work; the name of what is planned does not depend on its growth.

        A growth alone is drawn on the clock's own stream, as any value that stands there.
        """
        if isinstance(written, Value):
            return p.ClockWork(self._quantity(written, kind, stream))
        certain = resolve_value(written.planned, kind, self.references).certain
        planned = self._quantity(written.planned, kind, f"{stream}.planned")
        growth = self._quantity(written.growth, "factor", stream if certain else f"{stream}.growth")
        gate = written.not_before
        return p.ClockWork(planned, growth, 0.0 if gate is None else float(gate.first - self.start))

    def _number(self, value: Value, kind: ValueKind, path: str) -> int:
        """Find the place of a number that is known, or drawn once per run on its path's stream."""
        if path not in self.slots:
            quantity = self._quantity(value, kind, path)
            certain = isinstance(quantity.distribution, Constant)
            self.slots[path] = len(self.numbers)
            self.numbers.append(quantity.distribution.quantile(0.5) if certain else 0.0)
            if not certain:
                self.per_run.append((self.slots[path], quantity))
        return self.slots[path]

    def _table(
        self, written: notation.ByLevel[Value], kind: ValueKind, path: str, missing: int
    ) -> p.LevelTable:
        numbers = [
            self._number(written.table[level], kind, f"{path}.{level}")
            if level in written.table
            else missing
            for level in self.names.levels[written.by]
        ]
        return p.LevelTable(self.names.variables[written.by], tuple(numbers))

    def _pace(self, pace: Iterable[s.Pace], path: str) -> list[p.Factor | p.LevelTable]:
        factors: list[p.Factor | p.LevelTable] = []
        for position, item in enumerate(pace):
            here = f"{path}.pace.{position}"
            if item.like is not None:
                named = self.references[item.like].pace or ()
                factors += self._pace(named, f"references.{item.like}")
            elif item.by is not None:
                table = notation.ByLevel(item.by, item.levels)
                factors.append(self._table(table, "factor", here, p.ONE))
            else:
                assert item.when is not None
                assert item.times is not None
                number = self._number(item.times, "factor", f"{here}.times")
                factors.append(p.Factor(self.names.condition(item.when), number))
        return factors

    # --- drivers and events -------------------------------------------------------------------

    def driver(self, name: str, driver: s.DriverSpec) -> p.Driver:
        initial = driver.initial
        chances = {initial: 1.0} if isinstance(initial, str) else initial
        uncertain = sum(chance > 0 for chance in chances.values()) > 1
        stream = self._stream(f"drivers.{name}.initial") if uncertain else None
        cumulative = list(itertools.accumulate(chances.get(level, 0.0) for level in driver.levels))
        last = max(i for i, level in enumerate(driver.levels) if chances.get(level, 0.0) > 0)
        cumulative[last:] = [1.0] * (len(cumulative) - last)  # whatever the sum was rounded to
        return p.Driver(name, driver.levels, stream, tuple(cumulative))

    def built(self, one: Happening | _Lag) -> p.Event:
        return self._lag(one) if isinstance(one, _Lag) else self._event(one)

    def _lag(self, lag: _Lag) -> p.Event:
        condition = self.names.rows([{lag.after: frozenset(self.names.levels[lag.after][1:])}])
        return p.Event(
            name=lag.name,
            variable=self.names.variables[lag.name],
            hidden=True,
            timing=p.Timing.TAKES,
            works=(self._work(lag.lag, "duration", lag.stream),),
            condition=condition,
            outcomes=(p.Outcome("true", None, (), ()),),
        )

    def _event(self, happening: Happening) -> p.Event:
        spec, path = happening.spec, f"events.{happening.name}"
        date = getattr(spec, "date", None)
        opens, until = spec.opens, spec.until
        return p.Event(
            name=happening.name,
            variable=self.names.variables[happening.name],
            hidden=False,
            timing=_timing(spec, date),
            works=self._works(spec, date, path),
            dated_by=self._dated_by(date),
            hazard=None if spec.rate is None else self._stream(f"{path}.rate"),
            rate=self._rate(spec.rate, f"{path}.rate.value"),
            calendar=self._calendar(date, path),
            pace=tuple(self._pace(spec.pace, path)),
            condition=self._condition(happening),
            opens=0 if opens is None else max(0, opens.first - self.start),
            closes=None if until is None else until.end_of_day - self.start,
            windows=self._windows(spec),
            triggers=None if spec.upon is None else tuple(map(self._trigger, spec.upon)),
            repeat=happening.repeat,
            forgets=spec.memory == "enabling",
            draws=self._stream(f"{path}.outcomes") if happening.outcomes else None,
            outcomes=self._outcomes(happening, path),
            effects=self._effects(happening.sets, happening.shifts),
        )

    def _condition(self, happening: Happening) -> p.IndexedCondition:
        """Join the written condition with the lags, each of which is an event of its own."""
        rows = rows_that_allow(happening, self.names.levels.__getitem__)
        lags = {
            f"events.{happening.name}.after.{after}": frozenset({"true"})
            for after, lag in happening.spec.after.items()
            if lag is not None
        }
        return self.names.rows(conjunction(rows, [lags]))

    def _works(
        self, spec: s.Timed, date: notation.DateValue | None, path: str
    ) -> tuple[p.ClockWork | None, ...]:
        if spec.takes is not None:
            return (self._work(spec.takes, "duration", f"{path}.takes"),)
        if isinstance(date, notation.ByLevel):
            return tuple(
                self._work(date.table[level], "date", f"{path}.date")
                if level in date.table
                else None
                for level in self.names.levels[date.by]
            )
        if isinstance(date, Value | notation.Plan):
            return (self._work(date, "date", f"{path}.date"),)
        return ()

    def _dated_by(self, date: notation.DateValue | None) -> int | None:
        return self.names.variables[date.by] if isinstance(date, notation.ByLevel) else None

    def _rate(self, rate: notation.RateValue | None, path: str) -> p.LevelTable | None:
        if rate is None:
            return None
        if isinstance(rate, notation.ByLevel):
            return self._table(rate, "rate", path, p.ZERO)
        return p.LevelTable(None, (self._number(rate, "rate", path),))

    def _calendar(self, date: notation.DateValue | None, path: str) -> p.Recurrence | None:
        if not isinstance(date, notation.Calendar):
            return None
        first = self._quantity(date.first, "date", f"{path}.date.first")
        if date.then is not None:
            then = self._quantity(date.then, "duration", f"{path}.date.then")
            return p.Recurrence(first, then=then)
        assert date.every is not None
        return p.Recurrence(first, date.every.months or 0, date.every.seconds or 0)

    def _windows(self, spec: s.Timed) -> tuple[tuple[int, int], ...] | None:
        if spec.window is None:
            return None
        window = resolve_window(spec.window, self.references)
        return window_seconds(window, self.start, self.scenario.horizon)

    def _trigger(self, trigger: WrittenTrigger) -> p.IndexedTrigger:
        variable = self.names.variables[trigger.name]
        if trigger.levels is None:
            return p.IndexedTrigger(variable)
        direction = {"falls_to": -1, "rises_to": 1}.get(trigger.direction or "", 0)
        return p.IndexedTrigger(variable, self.names.mask(trigger.name, trigger.levels), direction)

    def _outcomes(self, happening: Happening, path: str) -> tuple[p.Outcome, ...]:
        if not happening.outcomes:
            return (p.Outcome("true", None, (), ()),)
        return tuple(
            p.Outcome(
                name,
                self._chance(branch.chance, f"{path}.outcomes.{name}.chance"),
                self._odds(happening.spec, name, path),
                self._effects(branch.sets, branch.shifts),
            )
            for name, branch in happening.outcomes.items()
        )

    def _chance(
        self, chance: notation.ChanceValue, path: str
    ) -> p.LevelTable | p.IndexedCases | None:
        if isinstance(chance, notation.Rest):
            return None
        if isinstance(chance, notation.ByLevel):
            return self._table(chance, "chance", path, p.ZERO)
        if isinstance(chance, Value):
            return p.LevelTable(None, (self._number(chance, "chance", path),))
        return p.IndexedCases(
            tuple(
                p.Factor(
                    self.names.condition(case.when),
                    self._number(case.chance, "chance", f"{path}.{position}.is"),
                )
                for position, case in enumerate(chance.cases)
            )
        )

    def _odds(self, spec: s.Timed, outcome: str, path: str) -> tuple[p.Factor, ...]:
        written = spec.odds if isinstance(spec, s.EventSpec) else ()
        return tuple(
            p.Factor(
                self.names.condition(odds.when),
                self._number(
                    odds.times[outcome], "factor", f"{path}.odds.{position}.times.{outcome}"
                ),
            )
            for position, odds in enumerate(written)
            if outcome in odds.times
        )

    def _effects(
        self, sets: Mapping[str, str], shifts: Mapping[str, int]
    ) -> tuple[p.LevelEffect, ...]:
        effects = [
            p.LevelEffect(self.names.variables[driver], self.names.levels[driver].index(level))
            for driver, level in sets.items()
        ]
        effects += [
            p.LevelEffect(self.names.variables[driver], None, step)
            for driver, step in shifts.items()
        ]
        return tuple(effects)


def _declared(scenario: s.Scenario) -> Iterable[Happening | _Lag]:
    """List all events in declaration order, each after its hidden lags."""
    for happening in happenings(scenario):
        for after, lag in happening.spec.after.items():
            if lag is not None:
                stream = f"events.{happening.name}.after.{after}"
                yield _Lag(stream, stream, after, lag, happening)
        yield happening


def _names(scenario: s.Scenario, order: Iterable[Happening | _Lag]) -> Names:
    levels = {name: driver.levels for name, driver in scenario.drivers.items()}
    for one in order:
        outcomes = () if isinstance(one, _Lag) else tuple(one.outcomes)
        levels[one.name] = ("false", *(outcomes or ("true",)))
    return Names({name: index for index, name in enumerate(levels)}, levels)


def _spec(one: Happening | _Lag) -> s.Timed:
    return one.owner.spec if isinstance(one, _Lag) else one.spec


def _timing(spec: s.Timed, date: notation.DateValue | None) -> p.Timing:
    if spec.takes is not None:
        return p.Timing.TAKES
    if spec.rate is not None:
        return p.Timing.RATE
    if date is None:
        return p.Timing.IMMEDIATE
    return p.Timing.CALENDAR if isinstance(date, notation.Calendar) else p.Timing.DATE
