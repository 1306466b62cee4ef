"""Sweeps over a hazard, whose curve and threshold are known.

Tolerances are five standard errors, which a right answer misses once in two million times.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from coopsim import api
from coopsim.errors import ScenarioError, UsageError
from coopsim.experiments.base import bases_of
from coopsim.experiments.sweeps import Axis, Sweep, _Points, axis_of, sweep
from coopsim.experiments.variants import Effort, Variant, sampled
from coopsim.simulation.workers.playing import Players
from small_world import small

YEARS = 3652 / 365.25
RUNS = 2000


@pytest.fixture(scope="module")
def found() -> Sweep:
    loaded = small()
    axis = axis_of(loaded, "events.end.rate=0.02..0.3 per year", 15)
    return sweep(loaded, [axis], "end", Effort(RUNS, Players(1)))


# A hazard of rate L has happened within h years with probability 1 - exp(-L h).
def test_the_curve_of_a_hazard(found: Sweep) -> None:
    numbers = found.axes[0].numbers
    assert numbers is not None
    assert (numbers[0], numbers[-1]) == (0.02, 0.3)
    for rate, point in zip(numbers, found.points, strict=True):
        p = -math.expm1(-rate * YEARS)
        assert point.base.value == pytest.approx(p, abs=5 * math.sqrt(p * (1 - p) / RUNS))


# It is 1/2 at ln 2 / h = 0.0693 a year. The error of the place is that of the share over the
# slope there, h / 2: sqrt(1 / 4 / RUNS) / (h / 2) = 0.0022; a straight line between points 0.02
# apart misses the bent curve by less than 0.0005.
def test_the_threshold_of_a_hazard(found: Sweep) -> None:
    threshold = found.threshold
    assert threshold is not None
    assert threshold.at == pytest.approx(math.log(2) / YEARS, abs=5 * 0.0022 + 0.0005)
    assert (threshold.rising, threshold.passes) == (True, 1)
    assert threshold.interval is not None
    reach = (threshold.interval[1] - threshold.interval[0]) / 2
    assert reach == pytest.approx(2.09 * 0.0022, rel=0.6)
    assert threshold.text == f"{threshold.at:.3g} per year"


def test_a_level_that_is_never_passed(found: Sweep) -> None:
    loaded = small()
    never = sweep(loaded, found.axes, "end", Effort(200, Players(1)), level=0.99)
    assert never.threshold is None


# The date of the last thing that happens: launch or end; the later the plan, the later it is.
def test_a_date_swept_against_a_day() -> None:
    loaded = small("events.launch.date.growth=1", "events.launch.pace=null")
    axis = axis_of(loaded, "events.launch.date.planned=2027..2033", 7)
    found = sweep(loaded, [axis], "launch after 2029", Effort(200, Players(1)))
    assert axis.texts[:2] == ("2027-01-01", "2028-01-01")
    assert [point.base.value for point in found.points] == [0, 0, 0, 1, 1, 1, 1]
    assert found.threshold is not None
    assert found.threshold.text == "2029-07-02"


def test_levels_and_two_axes() -> None:
    loaded = small()
    axes = [
        axis_of(loaded, "drivers.climate.initial=cold, cool", 9),
        axis_of(loaded, "events.end.rate=0.1..0.2 per year", 3),
    ]
    found = sweep(loaded, axes, "climate = cold", Effort(200, Players(1)))
    assert [point.settings for point in found.points][:3] == [
        ("cold", "0.1 per year"),
        ("cold", "0.15 per year"),
        ("cold", "0.2 per year"),
    ]
    assert [point.base.value for point in found.points[:3]] == [1, 1, 1]
    assert found.points[3].base.value < 1
    assert found.threshold is None
    assert found.to_json()["axes"][0]["texts"] == ["cold", "cool"]


@pytest.mark.parametrize(
    ("setting", "texts"),
    [
        (
            "events.idle.rate=1..3 per 10 years",
            ("1 per 10 years", "2 per 10 years", "3 per 10 years"),
        ),
        ("events.launch.pace.0.cold=0.5..1.5", ("0.5", "1", "1.5")),
        ("events.decision.date=2027-01-01..2027-01-03", ("2027-01-01", "2027-01-02", "2027-01-03")),
        ("drivers.climate.initial=cold,warm", ("cold", "warm")),
    ],
)
def test_ranges(setting: str, texts: tuple[str, ...]) -> None:
    axis = axis_of(small(), setting, 3)
    assert axis.texts == texts
    assert axis.title in ("Idle", "Launch", "Decision", "Climate")


EXPECTED = "PATH=LOW..HIGH, such as events.decree.rate=0.1..0.4 per year, or PATH=A, B, C"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("events.idle.rate", f"'events.idle.rate' is not a sweep; expected {EXPECTED}"),
        ("events.idle.rate=1 per year",
         f"'events.idle.rate=1 per year' is a single value; expected {EXPECTED}"),
        ("a=soon..late", f"'a=soon..late' is not a sweep; expected {EXPECTED}"),
        ("a=3..2", "'a=3..2': the low end must be below the high one"),
        ("a=..2", f"'a=..2' is not a sweep; expected {EXPECTED}"),
    ],
)  # fmt: skip
def test_what_is_no_range_is_refused(setting: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        axis_of(small(), setting, 3)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("setting", "points", "message"),
    [
        ("a=1..2", 0, "--points: found '0', expected a whole number from 2 to 100"),
        ("a=1..2", 1, "--points: found '1', expected a whole number from 2 to 100"),
        ("a=1..2", 101, "--points: found '101', expected a whole number from 2 to 100"),
        ("a=2..2", 3, "'a=2..2': the low end must be below the high one"),
        ("a=2030..2030", 3, "'a=2030..2030': the low end must be below the high one"),
        ("a=2031..2030", 3, "'a=2031..2030': the low end must be below the high one"),
        ("a=nan..1", 3, f"'a=nan..1' is not a sweep; expected {EXPECTED}"),
        ("a=0..inf", 3, f"'a=0..inf' is not a sweep; expected {EXPECTED}"),
        ("a=0..1e999", 3, f"'a=0..1e999' is not a sweep; expected {EXPECTED}"),
        ("a=1..1.0000001", 3, "'a=1..1.0000001': the ends are too close for 3 points"),
        ("a=1,,2", 3, f"'a=1,,2' has an empty value; expected {EXPECTED}"),
        ("a=1, 2, 1", 3, "'a=1, 2, 1' has `1` twice; expected each value once"),
    ],
)
def test_what_cannot_be_meant_by_a_range_is_refused(
    setting: str, points: int, message: str
) -> None:
    with pytest.raises(UsageError) as error:
        axis_of(small(), setting, points)
    assert str(error.value) == message


def test_a_range_of_dates_has_no_more_points_than_days() -> None:
    axis = axis_of(small(), "events.decision.date=2027-01-01..2027-01-03", 9)
    assert axis.texts == ("2027-01-01", "2027-01-02", "2027-01-03")


CHANCE = "a chance above 0 and below 1, such as 0.5"


@pytest.mark.parametrize(
    ("outcome", "level", "message"),
    [
        ("end", math.nan, f"--level: found nan, expected {CHANCE}"),
        ("end", math.inf, f"--level: found inf, expected {CHANCE}"),
        ("end", 1.5, f"--level: found 1.5, expected {CHANCE}"),
        ("end", 100.0, f"--level: found 100, expected {CHANCE}"),
        ("end", -0.1, f"--level: found -0.1, expected {CHANCE}"),
        ("end", 0.0, f"--level: found 0, expected {CHANCE}"),
        ("end", 1.0, f"--level: found 1, expected {CHANCE}"),
        ("climate = cold", 2.0, f"--level: found 2, expected {CHANCE}"),
        ("mood", 100.0,
         "--level: found 100, expected points of the index above 0 and below 100, such as 50"),
        ("ends", math.nan, "--level: found nan, expected a number above 0, such as 2.5"),
        ("ends", 0.0, "--level: found 0, expected a number above 0, such as 2.5"),
    ],
)  # fmt: skip
def test_a_level_that_no_answer_can_pass_is_refused(
    outcome: str, level: float, message: str
) -> None:
    axis = axis_of(small(), "events.end.rate=0.1..0.2 per year", 2)
    with pytest.raises(UsageError) as error:
        sweep(small(), [axis], outcome, Effort(100, Players(1)), level)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (["events.end.rate", "events.end.rate"],
         "--set: found `events.end.rate` twice, expected each assumption once"),
        (["events.end.rate", 'events."end".rate'],
         "--set: found `events.end.rate` twice, expected each assumption once"),
        (["events.launch.date", "events.launch.date.growth"],
         ("--set: found `events.launch.date.growth`, which is part of `events.launch.date`, "
          "expected assumptions that can be set separately")),
    ],
)  # fmt: skip
def test_assumptions_that_cannot_be_set_apart_are_refused(paths: list[str], message: str) -> None:
    axes = [Axis(path, "", "", ("1", "2"), None) for path in paths]
    for refused in (
        lambda: sweep(small(), axes, "end", Effort(100, Players(1))),
        lambda: api.split_settings([f"{paths[0]}=1", f"{paths[1]}=1..2"]),
    ):
        with pytest.raises(UsageError) as error:
            refused()
        assert str(error.value) == message


def test_assumptions_whose_names_begin_alike_are_apart() -> None:
    settings = ["events.end.rate=1 per year", "events.ending.rate=1..2 per year", "a=x, y"]
    assert api.split_settings(settings) == (settings[:1], settings[1:])


def test_too_many_axes_or_points_are_refused() -> None:
    loaded = small()
    axis = Axis("events.idle.rate", "Idle", "", tuple(map(str, range(50))), None)
    with pytest.raises(UsageError) as error:
        sweep(loaded, [axis] * 3, "end", Effort(100))
    assert str(error.value) == "a sweep varies one or two assumptions"
    with pytest.raises(UsageError) as error:
        sweep(loaded, [axis, replace(axis, path="events.end.rate")], "end", Effort(100))
    assert str(error.value) == "2,500 points are too many; at most 2,000"


# --- values alone ---------------------------------------------------------------------------------

RATE = "events.idle.rate=0.1..0.4 per year"
GROWTH = "events.launch.pace.0.cold=0.5..1"  # without a unit
DATE = "events.decision.date=2027-01-01..2029-01-01"


@pytest.mark.parametrize("ranges", [[RATE], [GROWTH], [DATE], [RATE, GROWTH]])
def test_between_the_corners_values_are_replaced_as_if_they_were_set(ranges: list[str]) -> None:
    loaded = small()
    axes = [axis_of(loaded, one, 4) for one in ranges]
    assert _Points(loaded, axes, "ends").values_only
    effort = Effort(150, Players(1))
    for point in sweep(loaded, axes, "ends", effort).points:
        pairs = zip(axes, point.settings, strict=True)
        changed = loaded.having([f"{axis.path}={text}" for axis, text in pairs])
        ((variant, samples),) = sampled([Variant.of(changed.scenario, ["ends"])], 1, effort)
        assert bases_of(variant, samples) == [point.base]


# Of a decision without a `rest` the rivals of a chance are scaled, and a list may hold anything.
@pytest.mark.parametrize(
    "written",
    ["events.decision.outcomes.yes.chance=0.2..0.8", "events.idle.rate=0.1 per year, 0.2 per year"],
)
def test_what_changes_more_than_a_value_is_set_at_every_point(written: str) -> None:
    loaded = small()
    assert not _Points(loaded, [axis_of(loaded, written, 4)], "ends").values_only


def test_a_value_that_cannot_stand_is_told_before_anything_is_played() -> None:
    loaded = small()
    axis = axis_of(loaded, "events.decision.outcomes.yes.chance=0.2..1.5", 3)
    told: list[int] = []
    players = Players(1, lambda done, _total: told.append(done))
    with pytest.raises(ScenarioError) as error:
        sweep(loaded, [axis], "ends", Effort(100, players))
    assert [(problem.path, problem.found) for problem in error.value.problems] == [
        ("events.decision.outcomes.yes.chance", "'1.5'")
    ]
    assert told == []
