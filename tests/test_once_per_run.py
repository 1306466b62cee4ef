"""What is drawn once per run, listed and drawn again."""

from __future__ import annotations

import numpy as np
import pytest

from coopsim.analysis.once_per_run import RunDraw, places, run_draws, uniform_draws
from coopsim.simulation.draws import Draws
from coopsim.simulation.sampling import run_numbers
from world import program_of

MADE = program_of("""
drivers:
  weather: {levels: [bad, good], initial: {bad: 0.3, good: 0.7}}
  mood:
    levels: [low, high]
    initial: high
    switches: {high -> low: {rate: 0.1 to 0.3 per year}}
events:
  a:
    rate: {uniform: [1 per year, 2 per year], luck: industry, share: 0.5}
    pace: [{by: weather, bad: {uniform: [0.5, 1]}}]
  b: {date: 2027-01-01, outcomes: {yes: {chance: {uniform: [0.2, 0.4]}}, no: {chance: rest}}}
""")


def test_numbers_come_first_then_levels_then_luck() -> None:
    assert [(draw.kind, draw.path) for draw in run_draws(MADE)] == [
        ("rate", "drivers.mood.switches.high -> low.rate"),
        ("rate", "events.a.rate"),
        ("factor", "events.a.pace.0.bad"),
        ("chance", "events.b.outcomes.yes.chance"),
        ("level", "drivers.weather.initial"),
        ("luck", "luck.industry"),
    ]


def test_each_names_its_stream() -> None:
    assert [draw.name for draw in run_draws(MADE)] == [
        MADE.streams[draw.stream] for draw in run_draws(MADE)
    ]
    assert run_draws(MADE)[-2] == RunDraw(
        "level", MADE.streams.index("drivers.weather.initial"), "drivers.weather.initial", driver=0
    )


def test_certain_programs_draw_nothing_once() -> None:
    assert run_draws(program_of("events: {a: {rate: 1 per year}}")) == []


# A number is the quantile of its distribution at its place, with luck mixed in or not.
def test_numbers_stand_at_their_places() -> None:
    draws = Draws(MADE.seed, MADE.streams, 0, 20)
    drawn = [draw for draw in run_draws(MADE) if draw.quantity is not None]
    assert [draw.quantity for draw in drawn] == [quantity for _, quantity in MADE.per_run]
    for (slot, quantity), draw in zip(MADE.per_run, drawn, strict=True):
        numbers = [run_numbers(MADE, draws, run)[slot] for run in range(20)]
        found = [quantity.distribution.quantile(place) for place in places(MADE, draw, 20)]
        assert found == pytest.approx(numbers, rel=1e-12)


def test_luck_is_drawn_as_the_engines_draw_it() -> None:
    luck = run_draws(MADE)[-1]
    draws = Draws(MADE.seed, MADE.streams, 5, 20)
    column = [draws.uniform(luck.stream, run, 0) for run in range(5, 25)]
    assert uniform_draws(MADE, luck.stream, 5, 20).tolist() == column
    assert np.array_equal(places(MADE, luck, 9), uniform_draws(MADE, luck.stream, 0, 9))
