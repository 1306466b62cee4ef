"""A world of 72 events, regular enough to be written by hand again for other tools.

The table below is all there is to it. `scenario_yaml` writes it as a scenario (model72.yaml, by
`python bench/model72.py`); plain72_simpy.py, plain_salabim.py and by_hand_numpy.py play the same
table. Six forces rise and fall, each at a pace that the one before it sets. They hasten or hold up
sixteen programmes in four chains, four probes that wait for a window, and the troubles of six
carriers, whose flights may be joint ones; a failed joint flight costs a force its level.
All times of the table are years since the start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

START, END = date(2025, 1, 1), date(2039, 12, 31)
LEVELS = ("low", "middle", "high")
FORCES = ("climate", "law", "budgets", "industry", "talks", "partners")
CARRIERS = ("carrier_a", "carrier_b", "carrier_c", "carrier_d", "carrier_e", "carrier_f")
RESTLESSNESS = (0.5, 1.5)  # uniform, once a timeline: it multiplies every move of a force
SCENARIO = Path(__file__).parent / "model72.yaml"

Numbers = dict[str, float]  # by level
Levels = dict[str, tuple[str, ...]]  # where some drivers must stand


def days(count: int) -> float:
    """Get the years from the start to a day, so that a date means the same to all."""
    return count / 365.25


YEARS = days((END - START).days + 1)


@dataclass(frozen=True)
class By:
    """Write a number for each level of a driver, or for an event that has happened or has not."""

    driver: str
    numbers: Numbers


@dataclass(frozen=True)
class Result:
    """Write how likely an event works, and what is set where it does not."""

    works: By
    failing_sets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hazard:
    """Happen at a rate per year, times the pace, while the condition holds."""

    name: str
    rate: float
    pace: By
    when: Levels
    sets: dict[str, str]
    restless: bool = False
    repeat: bool = True


@dataclass(frozen=True)
class Plan:
    """Happen on a planned day whose lead time grows by a lognormal factor, at some pace."""

    name: str
    planned: float
    growth: tuple[float, float]  # median, sigma
    pace: By
    result: Result
    after: str | None = None
    windows: tuple[tuple[float, float], ...] = ()  # first moment, last moment


@dataclass(frozen=True)
class Calendar:
    """Happen first on a day, then so long after the last time, when the condition holds."""

    name: str
    first: float
    then: tuple[float, float]
    when: Levels


@dataclass(frozen=True)
class Follow:
    """Happen at each firing of another event, or so long after it."""

    name: str
    upon: str
    takes: tuple[float, float] | None = None
    when: Levels = field(default_factory=dict)
    sets: dict[str, str] = field(default_factory=dict)
    result: Result | None = None


Event = Hazard | Plan | Calendar | Follow


# --- the table ------------------------------------------------------------------------------------


def _moves(place: int) -> list[Event]:
    """Move a force between neighbouring levels, at a pace by the force before it."""
    force, other = FORCES[place], FORCES[place - 1]
    rises, falls = By(other, _numbers(0.4, 1, 2.5)), By(other, _numbers(2.5, 1, 0.4))
    steps = [("low", "middle", rises), ("middle", "low", falls)]
    steps += [("middle", "high", rises), ("high", "middle", falls)]
    return [
        Hazard(
            name=f"{force}: {old} -> {new}",
            rate=0.25 + 0.02 * place,
            pace=pace,
            when={force: (old,)},
            sets={force: new},
            restless=True,
        )
        for old, new, pace in steps
    ]


def _flights(place: int) -> list[Event]:
    """Describe a carrier that flies, fails and is restored; some of its flights are joint ones."""
    carrier, industry = CARRIERS[place], FORCES[(place + 3) % 6]
    letter, host = carrier[-1], FORCES[place]
    return [
        Hazard(
            name=f"trouble_{letter}",
            rate=0.045 + 0.012 * place,
            pace=By(industry, _numbers(2, 1, 0.6)),
            when={carrier: ("flying",)},
            sets={carrier: "grounded"},
        ),
        Follow(
            name=f"restored_{letter}",
            upon=f"trouble_{letter}",
            takes=(0.1 + 0.05 * place, 0.8),
            sets={carrier: "flying"},
        ),
        Calendar(
            name=f"flight_{letter}",
            first=days(120 + 40 * place),
            then=(2 + 0.1 * place, 3.3 + 0.1 * place),
            when={carrier: ("flying",)},
        ),
        Follow(
            name=f"joint_flight_{letter}",
            upon=f"flight_{letter}",
            when={host: ("middle", "high")},
            result=Result(By(industry, _numbers(0.6, 0.75, 0.9)), {host: "low"}),
        ),
    ]


def _programme(chain: int, link: int) -> Event:
    """Plan one of a chain's programmes, each of which waits for the one before it."""
    force = FORCES[(chain + link) % 6]
    return Plan(
        name=f"programme_{chain + 1}_{link + 1}",
        planned=days(500 + 120 * chain + 650 * link),
        growth=(1.3 + 0.15 * chain, 0.25 + 0.1 * link),
        pace=By(force, _numbers(0.7, 1, 1.2)),
        result=Result(By(force, _numbers(0.5, 0.7, 0.85))),
        after=f"programme_{chain + 1}_{link}" if link else None,
    )


def _accord(place: int) -> Event:
    """Describe an accord that is reached at last, which lifts a force."""
    return Hazard(
        name=f"accord_{place + 1}",
        rate=0.12,
        pace=By(FORCES[place], _numbers(0, 0.6, 2.5)),
        when={FORCES[place + 2]: ("middle", "high")},
        sets={FORCES[place + 1]: "high"},
        repeat=False,
    )


def _probe(place: int) -> Event:
    """Plan a probe that waits for a window; with an accord it works more often."""
    openings = range(400 + 90 * place, 5400, 584)
    return Plan(
        name=f"probe_{place + 1}",
        planned=days(1500 + 300 * place),
        growth=(1.4, 0.3),
        pace=By(FORCES[place + 1], _numbers(0.8, 1, 1.15)),
        result=Result(By(f"accord_{place + 1}", {"false": 0.5, "true": 0.8})),
        windows=tuple((days(opening), days(opening + 91)) for opening in openings),
    )


def _numbers(low: float, middle: float, high: float) -> Numbers:
    return dict(zip(LEVELS, (low, middle, high), strict=True))


EVENTS: tuple[Event, ...] = (
    *(event for place in range(6) for event in _moves(place)),
    *(event for place in range(6) for event in _flights(place)),
    *(_programme(chain, link) for chain in range(4) for link in range(4)),
    *(_accord(place) for place in range(4)),
    *(_probe(place) for place in range(4)),
)
NAMES = tuple(event.name for event in EVENTS)
FIRST_LEVELS = dict.fromkeys(FORCES, "middle") | dict.fromkeys(CARRIERS, "flying")


def result_of(event: Event) -> Result | None:
    """Get how an event turns out, where it may work or fail."""
    return event.result if isinstance(event, Plan | Follow) else None


def when_of(event: Event) -> Levels:
    """Get where drivers must stand for an event."""
    return {} if isinstance(event, Plan) else event.when


# --- the scenario ---------------------------------------------------------------------------------


def scenario_yaml() -> str:
    """Write the table as a scenario."""
    low, high = RESTLESSNESS
    tree = {
        "scenario": "model72",
        "title": "Seventy-two events, made up for timing",
        "as_of": str(START),
        "start": str(START),
        "end": str(END),
        "runs": 10000,
        "seed": 2025,
        "references": {
            "restlessness": {"pace": [{"when": {}, "times": {"uniform": [low, high]}}], **_MADE_UP}
        },
        "drivers": {driver: _driver(driver) for driver in FIRST_LEVELS},
        "events": {event.name: _event(event) for event in EVENTS if " -> " not in event.name},
        "outcomes": {
            event.name: {"event": event.name} | ({"outcome": "works"} if result_of(event) else {})
            for event in EVENTS
            if isinstance(event, Plan) or event.name.startswith("accord")
        },
    }
    heading = "# Written by bench/model72.py, whose table is the model; `make bench` times it.\n\n"
    return heading + yaml.safe_dump(tree, sort_keys=False, width=100)


_MADE_UP = {"judgement": "Made up for timing."}


def _driver(driver: str) -> dict[str, Any]:
    switches = {
        event.name.removeprefix(f"{driver}: "): _hazard(event)
        for event in EVENTS
        if isinstance(event, Hazard) and event.name.startswith(f"{driver}: ")
    }
    levels = list(LEVELS if switches else ("grounded", "flying"))
    more = {"switches": switches} if switches else {}
    return {"levels": levels, "initial": FIRST_LEVELS[driver], **more, **_MADE_UP}


def _event(event: Event) -> dict[str, Any]:
    if isinstance(event, Plan):
        return _plan(event) | _outcomes(event.result) | _MADE_UP
    if isinstance(event, Calendar):
        when = {"date": {"first": _date(event.first), "then": _uniform(event.then)}}
        return when | _condition(event.when) | {"repeat": True} | _MADE_UP
    if isinstance(event, Follow):
        takes = {"takes": _uniform(event.takes)} if event.takes else {}
        tree = {"upon": [event.upon]} | takes | _condition(event.when) | _sets(event.sets)
        return tree | _outcomes(event.result) | {"repeat": True} | _MADE_UP
    repeat = {"repeat": True} if event.repeat else {}
    return _hazard(event) | _condition(event.when) | repeat | _sets(event.sets) | _MADE_UP


def _hazard(event: Hazard) -> dict[str, Any]:
    pace = [{"like": "restlessness"}] if event.restless else []
    return {"rate": f"{event.rate:g} per year", "pace": [*pace, _by(event.pace)]}


def _plan(event: Plan) -> dict[str, Any]:
    growth = {"lognormal": list(event.growth)}
    tree = {"date": {"planned": _date(event.planned), "growth": growth}, "pace": [_by(event.pace)]}
    if event.after:
        tree["after"] = [event.after]
    if event.windows:
        # The last day is included: the window closes as the next one begins.
        opens = [[_date(first), _date(last - days(1))] for first, last in event.windows]
        tree["window"] = {"open": opens}
    return tree


def _outcomes(result: Result | None) -> dict[str, Any]:
    if result is None:
        return {}
    fails = {"chance": "rest"} | _sets(result.failing_sets)
    return {"outcomes": {"works": {"chance": _by(result.works)}, "fails": fails}}


def _by(by: By) -> dict[str, Any]:
    return {"by": by.driver, **by.numbers}


def _condition(when: Levels) -> dict[str, Any]:
    return {"when": {driver: list(levels) for driver, levels in when.items()}} if when else {}


def _sets(sets: dict[str, str]) -> dict[str, Any]:
    return {"sets": dict(sets)} if sets else {}


def _uniform(years: tuple[float, float]) -> dict[str, Any]:
    return {"uniform": [f"{one:g} years" for one in years]}


def _date(years: float) -> str:
    return str(START + timedelta(days=round(years * 365.25)))


if __name__ == "__main__":
    SCENARIO.write_text(scenario_yaml())
