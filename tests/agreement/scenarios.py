"""Scenarios made by hypothesis: valid ones that use every construct of the language.

Moments are mostly whole days on purpose, so that ties, gates and windows meet in one second.
Names of drivers are d0, d1, ..., of events e0, e1, ...
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.scenario.loading import load_data
from coopsim.simulation.building import build_program
from coopsim.simulation.program import Program

Raw = dict[str, Any]
Levels = dict[str, list[str]]  # of every driver and event, `false` first for events

REFERENCES: Raw = {
    "a_duration": {"lognormal": ["40 days", 0.8], "luck": "industry", "share": 0.5},
    "a_growth": {"p5": 0.8, "p50": 1.2, "p95": 2.5},
    "a_date": {"uniform": ["2025-02-01", "2025-12-01"]},
    "a_rate": {"value": "1 to 4 per year"},
    "a_pace": {"pace": [{"when": {"d0": "l0"}, "times": 0.5}, {"by": "d0", "l1": "0.5 to 2"}]},
    "a_nest": {"pace": [{"like": "a_pace"}, {"when": {}, "times": 1.25}]},
    "a_window": {
        "open": [["2025-02-01", "2025-02-20"], ["2025-06-01", "2025-09"], ["2026", "2026"]]
    },
}

FACTORS = st.sampled_from(
    [0, 0.5, 1, 2, 1.1, "0.5 to 2", {"uniform": [0, 2]}, {"normal": [1, 0.5]}, {"like": "a_growth"}]
)
RATES = st.sampled_from(
    [
        "1 per year",
        "3 per month",
        "1 per 2 years",
        "0.5 to 5 per year",
        {"p5": "1 per year", "p50": "2 per year", "p95": "4 per year"},
        {"exponential": "2 per year"},
        {"like": "a_rate"},
    ]
)
DURATIONS = st.sampled_from(
    [
        "10 days",
        "1 month",
        "36 hours",
        "20 to 90 days",
        {"p5": "5 days", "p50": "20 days", "p95": "60 days"},
        {"low": "1 day", "likely": "10 days", "high": "50 days"},
        {"uniform": ["1 day", "60 days"]},
        {"triangular": ["1 day", "10 days", "60 days"]},
        {"normal": ["30 days", "10 days"]},
        {"lognormal": ["30 days", 0.5], "luck": "industry", "share": 0.7},
        {"exponential": "30 days"},
        {"weibull": [1.5, "30 days"]},
        {"like": "a_duration"},
        {"like": "a_duration", "share": 1},
        {"planned": "20 days", "growth": {"like": "a_growth"}},
        {"planned": "10 to 30 days", "growth": "1 to 3"},
    ]
)
MOMENTS = st.sampled_from(
    [
        "2024-06-01",
        "2025-01-11",
        "2025-03-01",
        "2025-03",
        "2025-Q2",
        "2025",
        "2025-02 to 2025-08",
        {"earliest": "2025-01-15", "likely": "2025-03-01", "latest": "2026-01-01"},
        {"p5": "2025-02-01", "p50": "2025-03-01", "p95": "2025-06-01"},
        {"normal": ["2025-06-01", "90 days"], "luck": "industry", "share": 0.3},
        {"triangular": ["2025-01-01", "2025-02-01", "2025-12-01"]},
        {"like": "a_date"},
    ]
)
PLANS = st.sampled_from(
    [
        {"planned": "2025-04-01", "growth": {"like": "a_growth"}},
        {"planned": "2025-03-01", "growth": 2, "not_before": "2025-07-01"},
        {"planned": "2025-Q2", "growth": "1 to 3", "not_before": "2025-06"},
    ]
)
CALENDARS = st.sampled_from(
    [
        {"first": "2025-01-31", "every": "1 month"},
        {"first": "2024-11-30", "every": "3 months"},
        {"first": "2025-01-11", "every": "20 days"},
        {"first": "2025-02", "every": "0.2 years"},
        {"first": "2025-01-11", "then": "20 to 60 days"},
        {"first": {"uniform": ["2025-01-02", "2025-05-01"]}, "then": "30 days"},
    ]
)
WINDOWS = st.sampled_from(
    [
        {"open": [["2025-01-21", "2025-01-31"], ["2025-08-01", "2025-08-01"]]},
        {"opens": "2025-01-31", "every": "2 months", "lasts": "10.5 days"},
        {"opens": "2024-12-20", "every": "30 days", "lasts": "36 hours"},
        {"like": "a_window"},
    ]
)


@dataclass(frozen=True)
class Made:
    """A scenario as written, and its program: to load it takes longer than to simulate it."""

    raw: Raw
    program: Program = field(repr=False)


@st.composite
def scenarios(draw: st.DrawFn) -> Made:
    """Make a valid scenario of at most three drivers and seven events, over two years."""
    drivers = {
        f"d{i}": _levels("l", draw(st.integers(2, 3))) for i in range(draw(st.integers(1, 3)))
    }
    names = [f"e{i}" for i in range(draw(st.integers(2, 7)))]
    outcomes = {
        name: draw(st.sampled_from([[], [], ["x"], ["x", "y"], ["x", "y", "z"]])) for name in names
    }
    levels: Levels = dict(drivers)
    levels |= {name: ["false", *(outcomes[name] or ["true"])] for name in names}
    made = Maker(draw, drivers, levels)
    raw: Raw = {
        "scenario": "made",
        "start": "2025-01-01",
        "end": draw(st.sampled_from(["2026-12-31", "2025-12-31", "2025-06"])),
        "seed": draw(st.integers(0, 3)),
        "references": REFERENCES,
        "drivers": {name: made.driver(name) for name in drivers},
        "events": {name: made.event(i, name, outcomes[name]) for i, name in enumerate(names)},
    }
    return Made(raw, _program(raw))


def _program(raw: Raw) -> Program:
    """Build what the loader takes: it refuses loops within a second, for one."""
    try:
        return build_program(load_data(raw).scenario)
    except ScenarioError:
        assume(False)
        raise


def _levels(letter: str, count: int) -> list[str]:
    return [f"{letter}{i}" for i in range(count)]


class Maker:
    """Make the parts of one scenario whose names are known."""

    def __init__(self, draw: st.DrawFn, drivers: Levels, levels: Levels) -> None:
        self.draw, self.drivers, self.levels = draw, drivers, levels

    def one_of(self, items: list[Any]) -> Any:
        return self.draw(st.sampled_from(items))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) >= 100 - percent  # shrinks to what is not there

    # --- conditions ---------------------------------------------------------------------------

    def condition(self) -> Any:
        rows = [self.row() for _ in range(self.one_of([1, 1, 1, 2]))]
        return rows[0] if len(rows) == 1 else rows

    def row(self) -> Raw:
        names = self.draw(st.lists(st.sampled_from(list(self.levels)), max_size=2, unique=True))
        return {name: self.test(name) for name in names}

    def test(self, name: str) -> Any:
        levels = self.levels[name]
        if name not in self.drivers:
            return self.one_of([False, True, *levels[1:], levels[1:]])
        bounds = [{"at_least": self.one_of(levels)}, {"at_most": self.one_of(levels)}]
        return self.one_of([*levels, levels[:2], *bounds])

    def pace(self) -> list[Raw]:
        by = self.one_of(list(self.levels))
        items = [
            {"when": self.condition(), "times": self.draw(FACTORS)},
            {"by": by, self.one_of(self.levels[by]): self.draw(FACTORS)},
            {"like": self.one_of(["a_pace", "a_nest"])},
        ]
        return self.draw(st.lists(st.sampled_from(items), max_size=2))

    # --- what all that is timed may have ------------------------------------------------------

    def guards(self, name: str) -> Raw:
        """Make a condition, its sugar and its days."""
        others = [event for event in self.levels if event not in self.drivers and event != name]
        made: Raw = {}
        if self.chance(50):
            made["when"] = self.condition()
        if self.chance(15):
            made["unless"] = self.row() or {"d0": "l0"}
        if self.chance(15):
            made["after"] = [self.one_of(others)]
        elif self.chance(15):
            made["after"] = {self.one_of(others): self.draw(DURATIONS.filter(_is_plain))}
        if self.chance(10):
            made["from"] = self.one_of(["2025-01-11", "2025-03", "2024-01-01"])
        if self.chance(10):
            made["until"] = self.one_of(["2025-08-01", "2025-Q3", "2026-12-31"])
        return made

    def clock(self, timing: Raw) -> Raw:
        """Add pace, window and memory to what has a clock."""
        made = {**timing, "pace": self.pace()}
        if self.chance(20):
            made["window"] = self.draw(WINDOWS)
        if "date" not in made and self.chance(25):
            made["memory"] = "enabling"
        return made

    # --- drivers and events -------------------------------------------------------------------

    def driver(self, name: str) -> Raw:
        levels = self.drivers[name]
        mixtures = [{levels[0]: 0.25, levels[1]: 0.75}, {levels[1]: 1}]
        pairs = [f"{a} -> {b}" for a in levels for b in levels if a != b]
        moves = self.draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True))
        return {
            "levels": levels,
            "initial": self.one_of([*levels, *mixtures]),
            "switches": {move: {**self.guards(""), **self.switch()} for move in moves},
        }

    def switch(self) -> Raw:
        return self.clock(self.one_of([self.rate(), {"takes": self.draw(DURATIONS)}]))

    def rate(self) -> Raw:
        by = self.one_of(list(self.levels))
        table = {"by": by, **{level: self.draw(RATES) for level in self.levels[by][:2]}}
        return {"rate": self.one_of([self.draw(RATES), table])}

    def event(self, index: int, name: str, outcomes: list[str]) -> Raw:
        kinds = [self.immediate, self.lasting, self.hazard, self.dated, self.tabled, self.calendar]
        kinds += [self.triggered, self.triggered_to_last] if index else []
        made = {**self.guards(name), **self.changes(15)}
        made |= self.one_of(kinds)(index)
        if outcomes:
            made["outcomes"] = self.outcomes(outcomes)
            if self.chance(40):
                times = {self.one_of(outcomes): self.one_of([0.5, 3, "1 to 3"])}
                made["odds"] = [{"when": self.condition(), "times": times}]
        return made

    def changes(self, percent: int) -> Raw:
        made: Raw = {}
        driver = self.one_of(list(self.drivers))
        if self.chance(2 * percent):
            made["sets"] = {driver: self.one_of(self.drivers[driver])}
        if self.chance(percent):
            made["shifts"] = {self.one_of(list(self.drivers)): self.one_of([-2, -1, 1])}
        return made

    def immediate(self, _: int) -> Raw:
        """Make one that fires once, or one that ends its own condition each time."""
        if self.chance(70):
            return {}
        driver = self.one_of(list(self.drivers))
        low, high = self.drivers[driver][:2]
        ends: Raw = {"when": {driver: high}, "sets": {driver: low}, "shifts": {}, "repeat": True}
        return ends

    def lasting(self, _: int) -> Raw:
        return self.clock({"takes": self.draw(DURATIONS), "repeat": self.chance(60)})

    def hazard(self, _: int) -> Raw:
        return self.clock({**self.rate(), "repeat": self.chance(60)})

    def dated(self, _: int) -> Raw:
        return self.clock({"date": self.draw(st.one_of(MOMENTS, PLANS))})

    def tabled(self, index: int) -> Raw:
        """Make a date by level, of a driver or of another event."""
        by = self.one_of([name for name in self.levels if name != f"e{index}"])
        chosen = self.levels[by][: self.one_of([1, 2])]
        table = {level: self.draw(st.one_of(MOMENTS, PLANS)) for level in chosen}
        return self.clock({"date": {"by": by, **table}})

    def calendar(self, _: int) -> Raw:
        made: Raw = {"date": self.draw(CALENDARS), "repeat": True}
        return made | ({"window": self.draw(WINDOWS)} if self.chance(20) else {})

    def triggered(self, index: int) -> Raw:
        return {"upon": self.upon(index), "repeat": self.chance(60)}

    def triggered_to_last(self, index: int) -> Raw:
        return self.clock({**self.triggered(index), "takes": self.draw(DURATIONS)})

    def upon(self, index: int) -> Any:
        """Make triggers: firings of events declared before, which makes no rings, or entries."""
        driver = self.one_of(list(self.drivers))
        level = self.one_of(self.drivers[driver])
        entries = [level, self.drivers[driver][:2], {"falls_to": level}, {"rises_to": level}]
        before = self.draw(
            st.lists(
                st.sampled_from([f"e{i}" for i in range(index)]),
                min_size=1,
                max_size=2,
                unique=True,
            )
        )
        outcome = {before[0]: self.levels[before[0]][-1]}
        return self.one_of([before, before, {driver: self.one_of(entries)}, outcome])

    def outcomes(self, names: list[str]) -> Raw:
        """Make outcomes, the last with the rest; the first two may have all notations."""
        first, *others = names
        if not others:
            return {first: {"chance": 1, **self.changes(30)}}
        by = self.one_of(list(self.levels))
        table: Raw = {"by": by} | {level: self.one_of([0.1, 0.5]) for level in self.levels[by]}
        cases = [{"when": self.condition(), "is": "0.2 to 0.4"}, {"is": 0.1}]
        made: Raw = {first: {"chance": self.one_of([0.25, "0.1 to 0.5", table, cases])}}
        made |= {name: {"chance": 0.3} for name in others[:-1]}
        made[others[-1]] = {"chance": "rest"}
        return {name: {**branch, **self.changes(25)} for name, branch in made.items()}


def _is_plain(duration: Any) -> bool:
    return "planned" not in duration
