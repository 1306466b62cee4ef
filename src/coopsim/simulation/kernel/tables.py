"""A program as arrays of records, as compiled code reads it.

Each record type below is one dataclass of `program.py`; where that holds a tuple, the record says
where its items stand in another table: from `x` on, or from `x` to before `x_end`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coopsim.scenario.notation import distributions as d
from coopsim.scenario.notation import quantiles
from coopsim.simulation import program as p
from coopsim.simulation.draws import stream_key

NO_MOMENT = 2**62  # seconds; in a table only: no result holds it
NONE = 2**32 - 1  # no stream, no quantity, no variable

TIMINGS = tuple(p.Timing)
IMMEDIATE, TAKES, RATE, DATE, CALENDAR = range(len(TIMINGS))
DISTRIBUTIONS = (
    d.Constant,
    d.Uniform,
    d.Triangular,
    d.Normal,
    d.Lognormal,
    d.Exponential,
    d.Weibull,
    d.Pert,
    d.Metalog,
)


def _record(**fields: type) -> np.dtype[Any]:
    return np.dtype(list(fields.items()), align=True)


# Indices have no sign: compiled code would look at each whether it counts from the end of a table.
I, F, B = np.uint32, np.float64, np.bool_  # noqa: E741  # a column of types, read at a glance
EVENT = _record(  # what every task reads comes first: one line of a processor's cache
    opens=np.int64, closes=np.int64, condition=I, timing=I, works=I, dated_by=I,
    hazard=I, pace=I, pace_end=I, variable=I,
    guarded=B, triggered=B, repeat=B, forgets=B, waits=B, hidden=B,
    windows=I, windows_end=I, draws=I, outcomes=I, outcomes_end=I, effects=I, effects_end=I,
    first=I, then=I, months=I, seconds=np.int64,
)  # fmt: skip
TEST = _record(members=I, row=I)
FACTOR = _record(condition=I, variable=I, numbers=I)
OUTCOME = _record(chance=I, chance_end=I, odds=I, odds_end=I, effects=I, effects_end=I)
EFFECT = _record(driver=I, level=I, shift=np.int64, highest=np.int64)
WORK = _record(exists=B, factors=I, factors_end=I, floor=np.int64)
QUANTITY = _record(
    kind=I, stream=I, luck=I, a=F, b=F, c=F, share=F, origin=F, low=F, high=F
)  # fmt: skip
DRIVER = _record(stream=I, cumulative=I)
TURN = _record(moment=np.int64, event=I)
READER = _record(event=I, numbers=I)  # NONE instead of numbers: its date hangs on the level
LISTENER = _record(event=I, members=I, direction=np.int64)

Array = NDArray[Any]


class Tables(NamedTuple):
    """A program as arrays; the last variable stands for none, and is always at level 0."""

    horizon: int
    start: int
    events: Array
    drivers: Array
    cumulative: Array
    tests: Array  # by the variable that they read
    tests_of: Array  # of a variable: where its tests begin; one more for where the last end
    members: Array  # of a set of levels: one flag for each level
    rows: Array  # of a row: its condition
    users: Array  # by condition: the events whose clocks hang on it
    users_of: Array
    factors: Array
    numbers_of: Array  # of a factor: which number, by level
    outcomes: Array
    effects: Array
    works: Array
    windows: Array  # [opens, closes], both included
    quantities: Array
    nodes: Array  # of each PERT: [logits, slopes] at its nodes
    numbers: Array  # NaN: drawn when first read
    drawn_as: Array  # of a number: its quantity
    keys: Array
    turns: Array
    readers: Array  # by the variable whose level picks a number or a date of theirs
    readers_of: Array
    listeners: Array
    listeners_of: Array


def tables_of(program: p.Program, turns: Sequence[tuple[int, int]]) -> Tables:
    """Lay out a program; `turns` are (moment, event) of days that turn, in their order."""
    return _Layout(program).tables(turns)


class _Layout:
    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.variables = len(program.drivers) + len(program.events)
        self.tests: list[list[tuple[int, int]]] = [[] for _ in range(self.variables)]
        self.rows: list[int] = []
        self.users: list[list[int]] = []
        self.readers: list[list[tuple[int, int]]] = [[] for _ in range(self.variables)]
        self.members: list[bool] = []
        self.factors: list[tuple[int, int, int]] = []
        self.numbers_of: list[int] = []
        self.outcomes: list[tuple[int, ...]] = []
        self.effects: list[tuple[int, ...]] = []
        self.works: list[tuple[Any, ...]] = []
        self.windows: list[tuple[int, int]] = []
        self.quantities: list[tuple[Any, ...]] = []
        self.nodes: list[tuple[quantiles.FloatArray, quantiles.FloatArray]] = []
        self.conditions: dict[p.IndexedCondition, int] = {}
        self.sets: dict[tuple[int, int], int] = {}

    def tables(self, turns: Sequence[tuple[int, int]]) -> Tables:
        program = self.program
        events = [self.event(index, event) for index, event in enumerate(program.events)]
        numbers = np.array(program.numbers)
        drawn_as = np.full(len(numbers), NONE, I)
        for number, quantity in program.per_run:
            numbers[number], drawn_as[number] = np.nan, self.quantity(quantity)
        drivers, cumulative = self.drivers()
        listeners = [self.listeners(variable) for variable in range(self.variables)]
        return Tables(
            horizon=program.horizon,
            start=program.start,
            events=np.array(events, EVENT),
            drivers=np.array(drivers, DRIVER),
            cumulative=np.array(cumulative, F),
            tests=_joined(self.tests, TEST),
            tests_of=_begins(self.tests),
            members=np.array(self.members, np.bool_),
            rows=np.array(self.rows, I),
            users=_joined(self.users, I),
            users_of=_begins(self.users),
            factors=np.array(self.factors, FACTOR),
            numbers_of=np.array(self.numbers_of, I),
            outcomes=np.array(self.outcomes, OUTCOME),
            effects=np.array(self.effects, EFFECT),
            works=np.array(self.works, WORK),
            windows=np.array(self.windows, np.int64).reshape(-1, 2),
            quantities=np.array(self.quantities, QUANTITY),
            nodes=np.array(self.nodes, F).reshape(-1, 2, quantiles.PERT_NODES),
            numbers=numbers,
            drawn_as=drawn_as,
            keys=np.array([stream_key(program.seed, name) for name in program.streams], np.uint64),
            turns=np.array(turns, TURN),
            readers=_joined(self.readers, READER),
            readers_of=_begins(self.readers),
            listeners=_joined(listeners, LISTENER),
            listeners_of=_begins(listeners),
        )

    def event(self, index: int, event: p.Event) -> tuple[Any, ...]:
        calendar = event.calendar
        outcomes = [self.outcome(outcome) for outcome in event.outcomes]
        condition = self.condition(event.condition)
        rate = (event.rate,) if event.rate else ()
        pace = self.added_factors((*rate, *event.pace))
        self.note_reads(index, event.dated_by, condition, range(*pace))
        return (
            event.opens,
            NO_MOMENT if event.closes is None else event.closes,
            condition,
            TIMINGS.index(event.timing),
            _added(self.works, map(self.work, event.works))[0] if event.works else NONE,
            self.variable(event.dated_by),
            _or_none(event.hazard),
            *pace,
            event.variable,
            event.timing in p.GUARDED,
            event.triggers is not None,
            event.repeat,
            event.forgets,
            event.windows is not None,
            event.hidden,
            *_added(self.windows, event.windows or ()),
            _or_none(event.draws),
            *_added(self.outcomes, outcomes),
            *self.added_effects(event.effects),
            NONE if calendar is None else self.quantity(calendar.first),
            NONE if calendar is None or calendar.then is None else self.quantity(calendar.then),
            0 if calendar is None else calendar.months,
            0 if calendar is None else calendar.seconds,
        )

    def variable(self, variable: int | None) -> int:
        return self.variables if variable is None else variable

    def drivers(self) -> tuple[list[tuple[int, int]], list[float]]:
        drivers: list[tuple[int, int]] = []
        cumulative: list[float] = []
        for driver in self.program.drivers:
            begin, _ = _added(cumulative, driver.cumulative)
            drivers.append((_or_none(driver.stream), begin))
        return drivers, cumulative

    # --- conditions and factors ---------------------------------------------------------------

    def condition(self, condition: p.IndexedCondition) -> int:
        """Lay out the rows and tests of a condition, the same one only once."""
        if condition in self.conditions:
            return self.conditions[condition]
        index = self.conditions[condition] = len(self.conditions)
        self.users.append([])
        for row in condition:
            for test in row:
                members = self.member_flags(test.variable, test.mask)
                self.tests[test.variable].append((members, len(self.rows)))
            self.rows.append(index)
        return index

    def member_flags(self, variable: int, mask: int) -> int:
        if (variable, mask) not in self.sets:
            levels = range(len(self.program.levels_of(variable)))
            self.sets[variable, mask] = _added(self.members, [mask >> i & 1 for i in levels])[0]
        return self.sets[variable, mask]

    def note_reads(
        self, event: int, dated_by: int | None, condition: int, factors: Iterable[int]
    ) -> None:
        """Note on which conditions and levels an event's clock hangs."""
        conditions = {condition}
        for index in factors:
            when, variable, numbers = self.factors[index]
            conditions.add(when)
            if variable < self.variables:
                self.readers[variable].append((event, numbers))
        if dated_by is not None:
            self.readers[dated_by].append((event, NONE))
        for one in conditions:
            self.users[one].append(event)

    def added_factors(self, factors: Iterable[p.Factor | p.LevelTable]) -> tuple[int, int]:
        laid_out = [self.factor(factor) for factor in factors]
        return _added(self.factors, laid_out)

    def factor(self, factor: p.Factor | p.LevelTable) -> tuple[int, int, int]:
        if isinstance(factor, p.LevelTable):
            variable, numbers = self.variable(factor.variable), factor.numbers
            return self.condition(p.ALWAYS), variable, _added(self.numbers_of, numbers)[0]
        number, _ = _added(self.numbers_of, [factor.number])
        return self.condition(factor.when), self.variables, number

    # --- what a firing does -------------------------------------------------------------------

    def outcome(self, outcome: p.Outcome) -> tuple[int, ...]:
        chance = outcome.chance
        cases: Iterable[p.Factor | p.LevelTable] = ()
        if chance is not None:
            cases = chance.cases if isinstance(chance, p.IndexedCases) else (chance,)
        return (
            *self.added_factors(cases),
            *self.added_factors(outcome.odds),
            *self.added_effects(outcome.effects),
        )

    def added_effects(self, effects: Iterable[p.LevelEffect]) -> tuple[int, int]:
        return _added(self.effects, [self.effect(effect) for effect in effects])

    def effect(self, effect: p.LevelEffect) -> tuple[int, ...]:
        highest = len(self.program.drivers[effect.driver].levels) - 1
        return effect.driver, _or_none(effect.level), effect.shift, highest

    def listeners(self, variable: int) -> list[tuple[int, int, int]]:
        return [
            (
                event,
                NONE if trigger.mask is None else self.member_flags(variable, trigger.mask),
                trigger.direction,
            )
            for event, trigger in self.program.listeners[variable]
        ]

    # --- what is drawn ------------------------------------------------------------------------

    def work(self, work: p.ClockWork | None) -> tuple[Any, ...]:
        if work is None:
            return False, 0, 0, 0
        factors = [work.base] if work.growth is None else [work.base, work.growth]
        drawn = [self.quantity(factor) for factor in factors]
        return True, drawn[0], drawn[-1] + 1, int(work.floor)

    def quantity(self, quantity: p.Quantity) -> int:
        distribution = quantity.distribution
        a, b, c = (*astuple(distribution), 0.0, 0.0)[:3]
        if isinstance(distribution, d.Pert):
            a, b, c = distribution.low, distribution.high, len(self.nodes)
            self.nodes.append(quantiles.pert_nodes(*astuple(distribution)))
        self.quantities.append(
            (
                DISTRIBUTIONS.index(type(distribution)),
                _or_none(quantity.stream),
                _or_none(quantity.luck),
                distribution.quantile(0.5) if quantity.stream is None else a,
                b,
                c,
                quantity.share,
                quantity.origin,
                -np.inf if quantity.low is None else quantity.low,
                np.inf if quantity.high is None else quantity.high,
            )
        )
        return len(self.quantities) - 1


def _or_none(index: int | None) -> int:
    return NONE if index is None else index


def _added(table: list[Any], items: Iterable[Any]) -> tuple[int, int]:
    """Append items to a table; gives where they begin and where they end."""
    begin = len(table)
    table.extend(items)
    return begin, len(table)


def _joined(lists: Iterable[Iterable[Any]], dtype: Any) -> Array:
    return np.array(list(itertools.chain(*lists)), dtype)


def _begins(lists: Sequence[Sequence[Any]]) -> NDArray[np.uint32]:
    return np.cumsum([0, *map(len, lists)], dtype=I)
