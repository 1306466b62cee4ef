"""What is written for short gives the firings of what is written out, by both engines."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from both_engines import simulate
from coopsim.errors import CoopsimError
from coopsim.scenario.loading import load_data
from coopsim.scenario.notation.conditions import read_condition
from coopsim.scenario.plain.conditions import sentence_of
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import COLUMNS
from scenarios import Made, Raw, scenarios

pytestmark = pytest.mark.slow


def levels_of(raw: Raw) -> dict[str, tuple[str, ...]]:
    levels = {name: tuple(driver["levels"]) for name, driver in raw["drivers"].items()}
    for name, event in raw["events"].items():
        levels[name] = ("false", *event.get("outcomes", {"true": None}))
    return levels


def shortened(node: Any, levels: dict[str, tuple[str, ...]], key: str = "") -> Any:
    """Write conditions as sentences, units once and chances in percent, wherever that can be."""
    if key in ("when", "unless"):
        sentence = sentence_of(read_condition(node), levels.get)
        return node if sentence is None else sentence
    if key in ("chance", "is") and isinstance(node, float):
        return f"{100 * node:g} %"
    if isinstance(node, list):
        return [shortened(item, levels) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {name: shortened(item, levels, name) for name, item in node.items()}
    return with_unit(inner) if key == "rate" else inner


def with_unit(table: Raw) -> Raw:
    """Say `per year` once where each rate of a table is by the year."""
    rates = [item for name, item in table.items() if name != "by"]
    if not all(isinstance(rate, str) and rate.endswith(" per year") for rate in rates):
        return table
    bare = {name: item.removesuffix(" per year") for name, item in table.items()}
    return {**bare, "per": "year"}


def test_short_forms_are_what_they_stand_for() -> None:
    changed = []

    @seed(1)
    @settings(database=None, max_examples=60)
    @given(scenarios())
    def agree(made: Made) -> None:
        raw = made.raw
        short = shortened(raw, levels_of(raw))
        changed.append(short != raw)
        with suppress(CoopsimError):  # events that set each other off without end, in both alike
            ours, theirs = (
                simulate(program, 0, 12)
                for program in (build_program(load_data(short).scenario), made.program)
            )
            for name in COLUMNS:
                assert np.array_equal(getattr(ours, name), getattr(theirs, name))

    agree()
    assert sum(changed) > 30


PLANS = st.fixed_dictionaries(
    {
        "official": st.sampled_from(["2025", "2025-H1", "2025-03", "2025-Q2", "2025-06-30"]),
        "event": st.just("e0"),
        "reviews": st.sampled_from(["every 1 month", "20 to 90 days", {"exponential": "30 days"}]),
        "slips": st.sampled_from(
            [
                {"none": 0.5, "half a year": 0.25, "a year": "rest"},
                {"none": "40 %", "6 months": "0.1 to 0.3", "2 years": "rest"},
            ]
        ),
    }
)
HAZARDS = st.sampled_from(["50 % within 1 year", "30 to 60 % within 6 months"])


def test_on_plans_and_chances_within_a_time() -> None:
    @seed(1)
    @settings(database=None, max_examples=60)
    @given(scenarios(), PLANS, HAZARDS)
    def agree(made: Made, plan: Raw, hazard: str) -> None:
        raw = made.raw
        waits = {"rate": hazard, "repeat": True, "when": "p_official > 2025-H1 and not e0"}
        events = {**raw["events"], "waits": waits}
        more = {"end": "2026-12-31", "events": events, "plans": {"p": plan}}
        program = build_program(load_data({**raw, **more}).scenario)
        with suppress(CoopsimError):
            firings = simulate(program, 0, 12)
            named = {event.name for event in program.events}
            assert {"p_reviewed", "waits"} <= named
            assert firings.runs == 12

    agree()
