"""A small scenario and firings written by hand, for the tests of the analysis room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopsim.scenario.spec import Scenario
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

START, END = "2025-07-01", "2027-06-30"  # 730 days; both are included
COLD, COOL, WARM = 0, 1, 2

# (run, event or "event: outcome", moment); only the firings matter, never these rates.
Row = tuple[int, str, str]

# Ten timelines. Runs 2 and 3 tie in one second, in either order; run 1 stays empty.
TEN: tuple[Row, ...] = (
    (0, "flight", "2025-08-01"),
    (0, "launch: fails", "2025-12-31T23:59:59"),
    (0, "launch: works", "2026-02-01"),
    (0, "flight", "2026-08-01"),
    (2, "launch: works", "2026-01-01"),
    (2, "flight", "2026-01-01"),
    (3, "flight", "2026-01-01"),
    (3, "launch: works", "2026-01-01"),
    (4, "flight", "2025-07-01"),
    (4, "flight", "2025-12-31"),
    (4, "flight", "2027-06-30T23:59:59"),
    (5, "launch: fails", "2026-06-15"),
    (6, "launch: works", "2027-06-30T23:59:59"),
    (7, "flight", "2026-05-05"),
    (7, "launch: works", "2026-05-06"),
    (8, "landing", "2026-01-15"),
    (8, "flight", "2026-01-15"),
    (9, "flight", "2025-09-01"),
    (9, "landing", "2026-09-01"),
    (9, "launch: works", "2026-12-31T12:00"),
)


def scenario(questions: Mapping[str, object], **changes: object) -> Scenario:
    """Make the scenario that the firings are of, with these questions."""
    rate = "1 per year"
    tree: dict[str, object] = {
        "scenario": "hand-made",
        "start": START,
        "end": END,
        "seed": 7,
        "drivers": {
            "relations": {
                "levels": ["cold", "cool", "warm"],
                "initial": "cool",
                "switches": {"cool -> warm": {"rate": rate}},
                "judgement": "Made up.",
            }
        },
        "events": {
            name: {"rate": rate, "judgement": "Made up.", **event}
            for name, event in _EVENTS.items()
        },
        "outcomes": questions,
        **changes,
    }
    return Scenario.model_validate(tree)


_EVENTS: dict[str, dict[str, object]] = {
    "flight": {"repeat": True},
    "launch": {"repeat": True, "outcomes": {"works": {"chance": 0.5}, "fails": {"chance": "rest"}}},
    "landing": {},
    "thaw": {"repeat": True, "shifts": {"relations": "+1"}},
    "freeze": {"repeat": True, "shifts": {"relations": "-1"}},
    "summit": {
        "repeat": True,
        "sets": {"relations": "cool"},
        "outcomes": {
            "treaty": {"chance": 0.3, "shifts": {"relations": "+1"}},
            "walkout": {"chance": 0.3, "sets": {"relations": "cold"}},
            "talks": {"chance": "rest"},
        },
    },
}


def program(questions: Mapping[str, object] | None = None, **changes: object) -> Program:
    """Make the program that the firings are of."""
    return build_program(scenario(questions or {}, **changes))


def seconds(moment: str, start: str = START) -> int:
    """Count the seconds from the start to a moment."""
    then, begin = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (moment, start))
    return round((then - begin).total_seconds())


def firings(rows: Sequence[Row], runs: int, first_run: int = 0, start: str = START) -> Firings:
    """Make the firings of `runs` timelines of rows in order."""
    events = {event.name: event for event in program().events}
    index = {name: position for position, name in enumerate(events)}
    columns: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    for run, happening, moment in rows:
        name, outcome = _split(happening, index)
        names = [one.name for one in events[name].outcomes]
        cells = (run, index[name], names.index(outcome), seconds(moment, start))
        for column, cell in zip(columns, cells, strict=True):
            column.append(cell)
    return Firings.from_lists(first_run, runs, columns)


def _split(happening: str, index: Mapping[str, int]) -> tuple[str, str]:
    if happening in index:  # a switch has a colon in its name
        return happening, "true"
    name, _, outcome = happening.partition(": ")
    return name, outcome


def ten() -> Firings:
    """Make the ten timelines."""
    return firings(TEN, 10)


def split(whole: Firings, *cuts: int) -> list[Firings]:
    """Cut firings into parts that begin at run 0 and at each of the cuts."""
    edges = [0, *cuts, whole.runs]
    return [_part(whole, low, high) for low, high in pairwise(edges)]


def _part(whole: Firings, low: int, high: int) -> Firings:
    chosen = (whole.run >= low) & (whole.run < high)
    columns: list[Any] = [whole.run, whole.event, whole.outcome, whole.time]
    return Firings(low, high - low, *(column[chosen] for column in columns))


def start_cool(made: Program, driver: int, first_run: int, runs: int) -> NDArray[np.int64]:
    """Start every driver of every timeline at level 1."""
    del made, driver, first_run
    return np.full(runs, COOL)


def start_by_run(made: Program, driver: int, first_run: int, runs: int) -> NDArray[np.int64]:
    """Start timeline r at level r % 3."""
    del made, driver
    return np.arange(first_run, first_run + runs) % 3
