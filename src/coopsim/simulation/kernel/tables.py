"""A program as arrays of records, as compiled code reads it.

Each record type below is one dataclass of `program.py`; where that holds a tuple, the record says
where its items stand in another table: from `x` on, or from `x` to before `x_end`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coopsim.scenario.notation import distributions as d
from coopsim.scenario.notation import quantiles
from coopsim.simulation import program as p
from coopsim.simulation.draws import stream_key
from coopsim.simulation.kernel.acts import (
    LOOK,
    act,
    acts_at_start,
    acts_of_changes,
    acts_of_firing,
)
from coopsim.simulation.kernel.look_ups import Wanted, look_ups

NO_MOMENT = 2**62  # seconds; in a table only: no result holds it
NONE = 2**32 - 1  # no stream, no quantity, no variable
ANY_TIME = (0, NO_MOMENT)  # a window
AT_ONCE = 8  # acts that are copied at once: as many follow the last one

TIMINGS = tuple(p.Timing)
IMMEDIATE, TAKES, RATE, DATE, CALENDAR = range(len(TIMINGS))
DISTRIBUTIONS = (
    d.Constant,
    d.Uniform,
    d.Triangular,
    d.Exponential,
    d.Weibull,
    d.Metalog,
    d.Normal,  # from here on drawn by normal scores
    d.Lognormal,
    d.Pert,
)
NORMAL = DISTRIBUTIONS.index(d.Normal)
LINE = 64  # bytes of a line of a processor's cache


def _record(**fields: Any) -> np.dtype[Any]:
    return np.dtype(list(fields.items()), align=True)


def _whole_lines(record: np.dtype[Any]) -> np.dtype[Any]:
    """Lengthen a record, so that each begins a line."""
    assert record.fields is not None
    formats, offsets = zip(*(field[:2] for field in record.fields.values()), strict=True)
    size = -(-record.itemsize // LINE) * LINE
    names = list(record.fields)
    return np.dtype(
        {"names": names, "formats": formats, "offsets": offsets, "itemsize": size}, align=True
    )


# Indices have no sign: compiled code would look at each whether it counts from the end of a table.
I, F, B, S = np.uint32, np.float64, np.bool_, np.uint16  # noqa: E741  # a column of types, read at a glance
LOOK_UP = _record(base=I, a=S, b=S, c=S, step_a=S, step_b=S, step_c=S)
EVENT = _whole_lines(_record(  # what every act reads comes first: one line
    guard=LOOK_UP, pace=LOOK_UP, works=I, hazard=I, dated_by=S, timing=np.uint8,
    guarded=B, triggered=B, repeat=B, forgets=B, waits=B, paced=B, hidden=B,
    condition=I, factors=I, factors_end=I,
    opens=np.int64, closes=np.int64, windows=I, windows_end=I,
    variable=I, acts=I, acts_end=I, draws=I, chances=LOOK_UP, outcomes=I, outcomes_end=I,
    first=I, then=I, months=I, seconds=np.int64,
))  # fmt: skip
RANGE = _record(begin=I, end=I)
ASKED = _record(begin=I, paces=I)  # of a change; they end where those of the next begin
VARIABLE = _record(changes=I, levels=I)  # a change stands at changes + before x levels + after
TEST = _record(variable=I, members=I)
FACTOR = _record(condition=I, variable=I, numbers=I)
OUTCOME = _record(chance=I, chance_end=I, odds=I, odds_end=I, effects=I, effects_end=I)
EFFECT = _record(driver=I, level=I, shift=np.int64, highest=np.int64)
WORK = _record(exists=B, factors=I, factors_end=I, floor=np.int64)
QUANTITY = _record(
    kind=I, stream=I, luck=I, a=F, b=F, c=F, share=F, origin=F, low=F, high=F
)  # fmt: skip
DRAWN_NUMBER = _record(number=I, quantity=I)
DRIVER = _record(stream=I, cumulative=I)
TURN = _record(moment=np.int64, acts=I, acts_end=I)

Array = NDArray[Any]

_NOWHERE = (0,) * 7  # stands for a look-up until all are known


def lined_up(rows: int, dtype: Any) -> Array:
    """Make an array of zeros that begins with a line."""
    memory = np.zeros(rows * np.dtype(dtype).itemsize + LINE, np.uint8)
    begin = -memory.ctypes.data % LINE
    return memory[begin : len(memory) - LINE + begin].view(dtype)


class Tables(NamedTuple):
    """A program as arrays; the last variable stands for none, and is always at level 0."""

    horizon: int
    start: int
    starting: int  # where the acts begin that a run starts with
    starting_end: int
    forgotten: int  # a run forgets the known numbers before this one
    known: int  # how many numbers are looked up
    guards: int  # and how many guards
    events: Array
    acts: Array  # AT_ONCE more than there are
    changes: Array  # of each change of each variable: its acts; one more for the end
    variables: Array
    drivers: Array
    cumulative: Array
    conditions: Array  # of each its rows
    rows: Array  # of each its tests
    tests: Array
    members: Array  # of a set of levels: one flag for each level
    factors: Array
    numbers_of: Array  # of a factor: which number, by level
    outcomes: Array
    effects: Array
    works: Array
    windows: Array  # [opens, closes], both included
    quantities: Array
    scored: Array  # the quantities that are drawn, and found by normal scores
    unscored: Array  # and the others
    nodes: Array  # of each PERT: [logits, slopes] at its nodes
    numbers: Array
    drawn: Array  # which of them are drawn once per run, and as which quantity
    keys: Array
    turns: Array


def tables_of(program: p.Program, turns: Sequence[tuple[int, int]]) -> Tables:
    """Lay out a program; `turns` are (moment, event) of days that turn, in their order."""
    return _Layout(program).tables(turns)


class _Layout:
    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.nobody = len(program.listeners)
        self.levels = [len(program.levels_of(variable)) for variable in range(self.nobody)]
        self.drawn = {number for number, _ in program.per_run}
        self.asked = acts_of_changes(program, self.levels)
        self.acts: list[int] = []  # those that follow the acts of changes
        self.guards: list[Wanted] = []
        self.wanted: list[Wanted] = []
        self.rows: list[tuple[int, int]] = []
        self.tests: list[tuple[int, int]] = []
        self.members: list[bool] = []
        self.factors: list[tuple[int, int, int]] = []
        self.numbers_of: list[int] = []
        self.outcomes: list[tuple[int, ...]] = []
        self.effects: list[tuple[int, ...]] = []
        self.works: list[tuple[Any, ...]] = []
        self.windows: list[tuple[int, int]] = []
        self.quantities: list[tuple[Any, ...]] = []
        self.nodes: list[tuple[quantiles.FloatArray, quantiles.FloatArray]] = []
        self.conditions: list[tuple[int, int]] = []
        self.placed: dict[p.IndexedCondition, int] = {}
        self.sets: dict[p.Test, int] = {}

    def tables(self, turns: Sequence[tuple[int, int]]) -> Tables:
        program = self.program
        events = lined_up(len(program.events), EVENT)
        events[:] = [self.event(*one) for one in enumerate(program.events)]
        events["guard"], _, guards = look_ups(self.guards, self.levels)
        places, forgotten, known = look_ups(self.wanted, self.levels)
        events["pace"], events["chances"] = places[::2], places[1::2]
        drawn = [(number, self.quantity(quantity)) for number, quantity in program.per_run]
        drivers, cumulative = self.drivers()
        starting, starting_end = self.added_acts(acts_at_start(program))
        turned = self.turned(turns)
        quantities = np.array(self.quantities, QUANTITY)
        scored = (quantities["stream"] != NONE) & (quantities["kind"] >= NORMAL)
        return Tables(
            horizon=program.horizon,
            start=program.start,
            starting=starting,
            starting_end=starting_end,
            forgotten=forgotten,
            known=known,
            guards=guards,
            events=events,
            acts=self.all_acts(),
            changes=self.all_changes(),
            variables=np.array(list(zip(self.asked.first, self.levels, strict=True)), VARIABLE),
            drivers=np.array(drivers, DRIVER),
            cumulative=np.array(cumulative, F),
            conditions=np.array(self.conditions, RANGE),
            rows=np.array(self.rows, RANGE),
            tests=np.array(self.tests, TEST),
            members=np.array(self.members, np.bool_),
            factors=np.array(self.factors, FACTOR),
            numbers_of=np.array(self.numbers_of, I),
            outcomes=np.array(self.outcomes, OUTCOME),
            effects=np.array(self.effects, EFFECT),
            works=np.array(self.works, WORK),
            windows=np.array(self.windows, np.int64).reshape(-1, 2),
            quantities=quantities,
            scored=np.flatnonzero(scored).astype(I),
            unscored=np.flatnonzero(~scored).astype(I),
            nodes=np.array(self.nodes, F).reshape(-1, 2, quantiles.PERT_NODES),
            numbers=np.array(program.numbers, F),
            drawn=np.array(drawn, DRAWN_NUMBER),
            keys=np.array([stream_key(program.seed, name) for name in program.streams], np.uint64),
            turns=np.array(turned, TURN),
        )

    def event(self, index: int, event: p.Event) -> tuple[Any, ...]:
        calendar = event.calendar
        self.want(event)
        return (
            _NOWHERE,
            _NOWHERE,
            _added(self.works, map(self.work, event.works))[0] if event.works else NONE,
            _or_none(event.hazard),
            self.variable(event.dated_by),
            TIMINGS.index(event.timing),
            event.timing in p.GUARDED,
            event.triggers is not None,
            event.repeat,
            event.forgets,
            event.windows is not None or any(one and one.floor > 0.0 for one in event.works),
            bool(event.pace),
            event.hidden,
            self.condition(event.condition),
            *self.added_factors(map(self.plain, event.factors)),
            event.opens,
            NO_MOMENT if event.closes is None else event.closes,
            *_added(self.windows, [ANY_TIME] if event.windows is None else event.windows),
            event.variable,
            *self.added_acts(acts_of_firing(self.program, index)),
            _or_none(event.draws),
            _NOWHERE,
            *_added(self.outcomes, [self.outcome(event, outcome) for outcome in event.outcomes]),
            NONE if calendar is None else self.quantity(calendar.first),
            NONE if calendar is None or calendar.then is None else self.quantity(calendar.then),
            0 if calendar is None else calendar.months,
            0 if calendar is None else calendar.seconds,
        )

    def variable(self, variable: int | None) -> int:
        return self.nobody if variable is None else variable

    def drivers(self) -> tuple[list[tuple[int, int]], list[float]]:
        drivers: list[tuple[int, int]] = []
        cumulative: list[float] = []
        for driver in self.program.drivers:
            begin, _ = _added(cumulative, driver.cumulative)
            drivers.append((_or_none(driver.stream), begin))
        return drivers, cumulative

    def added_acts(self, acts: Iterable[int]) -> tuple[int, int]:
        begin, end = _added(self.acts, acts)
        return len(self.asked.acts) + begin, len(self.asked.acts) + end

    def all_acts(self) -> Array:
        return np.concatenate([self.asked.acts, np.array(self.acts + [0] * AT_ONCE, I)])

    def all_changes(self) -> Array:
        changes = np.empty(len(self.asked.begins), ASKED)
        changes["begin"], changes["paces"] = self.asked.begins, self.asked.paces
        return changes

    def turned(self, turns: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
        """Lay out which clocks are to look at each moment at which days turn."""
        return [
            (moment, *self.added_acts(act(event, LOOK) for _, event in of_moment))
            for moment, of_moment in itertools.groupby(turns, itemgetter(0))
        ]

    # --- conditions, factors and what is looked up ----------------------------------------------

    def want(self, event: p.Event) -> None:
        """Ask for the look-ups of an event: its guard, its pace, and its outcomes' chances."""
        weights = [each for one in event.outcomes for each in (*one.chances, *one.odds)]
        self.guards.append(Wanted(p.tested(event.condition), 1, drawn=False))
        self.wanted += [
            self.hanging(event.factors, 1),
            self.hanging(weights, len(event.outcomes)),
        ]

    def hanging(self, factors: Iterable[p.Factor | p.LevelTable], numbers: int) -> Wanted:
        read, drawn = set[int](), False
        for factor in factors:
            read |= factor.reads
            drawn |= not self.drawn.isdisjoint(factor.numbers)
        return Wanted(frozenset(read), numbers, drawn)

    def condition(self, condition: p.IndexedCondition) -> int:
        """Lay out the rows and tests of a condition, the same one only once."""
        if condition not in self.placed:
            rows = [_added(self.tests, map(self.test, row)) for row in condition]
            self.placed[condition] = len(self.conditions)
            self.conditions.append(_added(self.rows, rows))
        return self.placed[condition]

    def test(self, test: p.Test) -> tuple[int, int]:
        variable, mask = test
        if test not in self.sets:
            flags = [mask >> level & 1 for level in range(self.levels[variable])]
            self.sets[test] = _added(self.members, flags)[0]
        return variable, self.sets[test]

    def added_factors(self, factors: Iterable[p.Factor | p.LevelTable]) -> tuple[int, int]:
        laid_out = [self.factor(factor) for factor in factors]
        return _added(self.factors, laid_out)

    def factor(self, factor: p.Factor | p.LevelTable) -> tuple[int, int, int]:
        if isinstance(factor, p.LevelTable):
            variable, numbers = self.variable(factor.variable), factor.numbers
            return NONE, variable, _added(self.numbers_of, numbers)[0]
        number, _ = _added(self.numbers_of, [factor.number])
        return self.condition(factor.when), self.nobody, number

    def plain(self, factor: p.Factor | p.LevelTable) -> p.Factor | p.LevelTable:
        """Write a factor that hangs on one variable as a table of its levels, mostly of ones."""
        if isinstance(factor, p.LevelTable) or len(factor.reads) != 1:
            return factor
        (variable,) = factor.reads
        counts = [
            any(all(test.mask >> level & 1 for test in row) for row in factor.when)
            for level in range(self.levels[variable])
        ]
        return p.LevelTable(variable, tuple(factor.number if one else p.ONE for one in counts))

    # --- what a firing does -------------------------------------------------------------------

    def outcome(self, event: p.Event, outcome: p.Outcome) -> tuple[int, ...]:
        """Lay out an outcome; its effects come after those of the event."""
        return (
            *self.added_factors(outcome.chances),
            *self.added_factors(map(self.plain, outcome.odds)),
            *_added(self.effects, map(self.effect, event.effects + outcome.effects)),
        )

    def effect(self, effect: p.LevelEffect) -> tuple[int, ...]:
        highest = len(self.program.drivers[effect.driver].levels) - 1
        return effect.driver, _or_none(effect.level), effect.shift, highest

    # --- what is drawn ------------------------------------------------------------------------

    def work(self, work: p.ClockWork | None) -> tuple[Any, ...]:
        if work is None:
            return False, 0, 0, 0
        factors = [work.base] if work.growth is None else [work.base, work.growth]
        drawn = [self.quantity(factor) for factor in factors]
        return True, drawn[0], drawn[-1] + 1, int(work.floor)

    def quantity(self, quantity: p.Quantity) -> int:
        distribution = quantity.distribution
        # Not by `astuple`, which sends each number through `deepcopy`.
        parameters = [getattr(distribution, name) for name in distribution.__match_args__]
        a, b, c = (*parameters, 0.0, 0.0)[:3]
        if isinstance(distribution, d.Pert):
            a, b, c = distribution.low, distribution.high, len(self.nodes)
            self.nodes.append(quantiles.pert_nodes(*parameters))
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
