"""From a Scenario to its Program: names become indices, units seconds, sugar plain rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from coopsim.scenario import spec as s
from coopsim.scenario.checks.soundness import Happening, happenings, rows_that_allow
from coopsim.scenario.notation import timing as notation
from coopsim.scenario.notation.conditions import Condition as Written
from coopsim.scenario.notation.conditions import Trigger as WrittenTrigger
from coopsim.scenario.notation.distributions import Constant
from coopsim.scenario.notation.logic import LevelRow, conjunction, rows_of
from coopsim.scenario.notation.quantities import BOUNDS, Value, ValueKind
from coopsim.scenario.resolving import References, resolve_value, resolve_window
from coopsim.simulation import program as p
from coopsim.simulation.windows import window_seconds

ONE, ZERO = 0, 1  # where these constants stand among the numbers


@dataclass(frozen=True, slots=True)
class Names:
    """The index and the levels of every driver and event."""

    variables: dict[str, int]
    levels: dict[str, tuple[str, ...]]

    def condition(self, written: Written) -> p.IndexedCondition:
        """Turn a condition into tests on variables."""
        return self.rows(rows_of(written, self.levels.__getitem__))

    def rows(self, rows: Iterable[LevelRow]) -> p.IndexedCondition:
        """Turn rows of named levels into tests; rows that always hold need no test."""
        return tuple(
            tuple(p.Test(self.variables[name], self.mask(name, row[name])) for name in row)
            for row in rows
        )

    def mask(self, name: str, levels: Iterable[str]) -> int:
        """Set the bit of each level; `true` stands for every outcome of an event."""
        known = self.levels[name]
        wanted = set(levels)
        if "true" in wanted and known[0] == "false":
            wanted |= set(known[1:])
        return sum(1 << known.index(level) for level in wanted if level in known)

    @classmethod
    def of(cls, program: p.Program) -> Names:
        """Collect the names of a program."""
        names = [driver.name for driver in program.drivers]
        names += [event.name for event in program.events]
        variables = {name: index for index, name in enumerate(names)}
        return cls(variables, {name: program.levels_of(i) for name, i in variables.items()})


def build_program(scenario: s.Scenario) -> p.Program:
    """Build the tables that engines read from a valid scenario."""
    return _Builder(scenario).program()


@dataclass(slots=True)
class _Lag:
    """The hidden event just before its owner: so long after another's first firing."""

    name: str
    stream: str
    after: str
    lag: Value


@dataclass(slots=True)
class _Builder:
    scenario: s.Scenario
    streams: dict[str, int] = field(default_factory=dict)
    numbers: list[float] = field(default_factory=lambda: [1.0, 0.0])
    per_run: list[tuple[int, p.Quantity]] = field(default_factory=list)
    slots: dict[str, int] = field(default_factory=dict)
    names: Names = field(init=False)

    @property
    def references(self) -> References:
        return self.scenario.references

    @property
    def start(self) -> int:
        return self.scenario.start.first

    def program(self) -> p.Program:
        order = list(self._declared())
        self.names = self._names(order)
        drivers = tuple(self._driver(name, d) for name, d in self.scenario.drivers.items())
        events = tuple(
            self._lag(one) if isinstance(one, _Lag) else self._event(one) for one in order
        )
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
            readers=_readers(events, len(drivers) + len(events)),
            listeners=_listeners(events, len(drivers) + len(events)),
        )

    # --- names --------------------------------------------------------------------------------

    def _declared(self) -> Iterable[Happening | _Lag]:
        """List all events in declaration order, each after its hidden lags."""
        for happening in happenings(self.scenario):
            for after, lag in happening.spec.after.items():
                if lag is not None:
                    stream = f"events.{happening.name}.after.{after}"
                    yield _Lag(stream, stream, after, lag)
            yield happening

    def _names(self, order: Sequence[Happening | _Lag]) -> Names:
        drivers = {name: driver.levels for name, driver in self.scenario.drivers.items()}
        levels = dict(drivers)
        for one in order:
            outcomes = () if isinstance(one, _Lag) else tuple(one.outcomes)
            levels[one.name] = ("false", *(outcomes or ("true",)))
        return Names({name: index for index, name in enumerate(levels)}, levels)

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
        """Build a clock's work; the name of what is planned does not hang on its growth.

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
                factors.append(self._table(table, "factor", here, ONE))
            else:
                assert item.when is not None
                assert item.times is not None
                number = self._number(item.times, "factor", f"{here}.times")
                factors.append(p.Factor(self.names.condition(item.when), number))
        return factors

    # --- drivers and events -------------------------------------------------------------------

    def _driver(self, name: str, driver: s.DriverSpec) -> p.Driver:
        initial = driver.initial
        chances = {initial: 1.0} if isinstance(initial, str) else initial
        uncertain = sum(chance > 0 for chance in chances.values()) > 1
        stream = self._stream(f"drivers.{name}.initial") if uncertain else None
        cumulative = list(itertools.accumulate(chances.get(level, 0.0) for level in driver.levels))
        last = max(i for i, level in enumerate(driver.levels) if chances.get(level, 0.0) > 0)
        cumulative[last:] = [1.0] * (len(cumulative) - last)  # whatever the sum was rounded to
        return p.Driver(name, driver.levels, stream, tuple(cumulative))

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
            return self._table(rate, "rate", path, ZERO)
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
            return self._table(chance, "chance", path, ZERO)
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


def _timing(spec: s.Timed, date: notation.DateValue | None) -> p.Timing:
    if spec.takes is not None:
        return p.Timing.TAKES
    if spec.rate is not None:
        return p.Timing.RATE
    if date is None:
        return p.Timing.IMMEDIATE
    return p.Timing.CALENDAR if isinstance(date, notation.Calendar) else p.Timing.DATE


def _reads(event: p.Event) -> set[int]:
    """Collect the variables on which an event's clock depends."""
    conditions = [event.condition]
    conditions += [factor.when for factor in event.pace if isinstance(factor, p.Factor)]
    tables = [factor for factor in event.pace if isinstance(factor, p.LevelTable)]
    tables += [] if event.rate is None else [event.rate]
    read = {test.variable for condition in conditions for row in condition for test in row}
    read |= {table.variable for table in tables if table.variable is not None}
    return read | ({event.dated_by} if event.dated_by is not None else set())


def _readers(events: Sequence[p.Event], variables: int) -> tuple[tuple[int, ...], ...]:
    readers: list[list[int]] = [[] for _ in range(variables)]
    for index, event in enumerate(events):
        for variable in _reads(event):
            readers[variable].append(index)
    return tuple(map(tuple, readers))


def _listeners(
    events: Sequence[p.Event], variables: int
) -> tuple[tuple[tuple[int, p.IndexedTrigger], ...], ...]:
    listening: list[list[tuple[int, p.IndexedTrigger]]] = [[] for _ in range(variables)]
    for index, event in enumerate(events):
        for trigger in event.triggers or ():
            listening[trigger.variable].append((index, trigger))
    return tuple(map(tuple, listening))
