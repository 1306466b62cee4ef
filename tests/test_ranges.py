from __future__ import annotations

import math
from pathlib import Path as FilePath

import pytest

from coopsim.errors import ScenarioError, UsageError
from coopsim.scenario.changes.ranges import MovableAssumption, Swing, movable_assumptions
from coopsim.scenario.changes.revising import revised
from coopsim.scenario.loading import Loaded, load, load_data
from coopsim.scenario.text.reading import Path
from coopsim.scenario.text.tree import node_at, plain, put_at
from coopsim.simulation.building import build_program
from coopsim.simulation.indexing import Names
from small_world import SMALL, small

SCENARIOS = FilePath(__file__).parent.parent / "scenarios"
PLACES = (
    "initial",
    "switches",
    "rate",
    "takes",
    "date",
    "outcomes",
    "chance",
    "by",
    "pace",
    "after",
)
START = 1_735_689_600  # 2025-01-01


def moved(loaded: Loaded, swing: Swing = Swing()) -> dict[str, MovableAssumption]:  # noqa: B008  # frozen
    return {one.name: one for one in movable_assumptions(loaded.tree, START, swing)}


def ends(one: MovableAssumption) -> tuple[str, str]:
    return one.low.text, one.high.text


def test_lists_each_value_once_however_it_is_written() -> None:
    assert list(moved(small())) == [
        "drivers.climate.initial",
        "drivers.climate.switches.cool -> cold.rate",
        "events.end.rate",
        "events.decision.date",
        "events.decision.outcomes.yes.chance",
        "events.decision.outcomes.no.chance",
        "events.decision.outcomes.later.chance",
        "events.launch.date.planned",
        "events.launch.date.growth",
        "events.launch.pace.0.cold",
        "events.idle.rate",
    ]


@pytest.mark.parametrize(
    ("path", "low", "high", "uncertain"),
    [
        # the percentiles that were written, and those of a uniform: 0.05 + 0.05 x 0.4
        ("drivers.climate.switches.cool -> cold.rate", "0.1 per year", "0.3 per year", True),
        ("events.end.rate", "0.07 per year", "0.43 per year", True),
        # 1.6 exp(-+1.645 x 0.4)
        ("events.launch.date.growth", "0.8287", "3.089", True),
        ("events.idle.rate", "0.1333 per year", "0.3 per year", False),
        ("events.launch.pace.0.cold", "0.3333", "0.75", False),
        ("events.decision.date", "2027-07-05", "2028-06-29", False),
        # odds of 1.5 and 2.25 to 1 the other way: 1 / 2, 2.25 / 3.25
        ("events.decision.outcomes.yes.chance", "0.5", "0.6923", False),
        ("drivers.climate.initial", "cold", "warm", False),
    ],
)
def test_ends(path: str, low: str, high: str, uncertain: bool) -> None:
    one = moved(small())[path]
    assert ends(one) == (low, high)
    assert one.uncertain is uncertain


def test_other_chances_leave_room_for_a_moved_one() -> None:
    low = moved(small())["events.decision.outcomes.yes.chance"].low
    chances = {path[3]: float(str(value)) for path, value in low.settings}
    assert chances == pytest.approx({"yes": 0.5, "no": 0.375, "later": 0.125}, rel=1e-12)


def test_stated_swings_are_the_callers() -> None:
    one = moved(small(), Swing(2, 31))
    assert ends(one["events.idle.rate"]) == ("0.1 per year", "0.4 per year")
    assert ends(one["events.decision.date"]) == ("2027-12-01", "2028-02-01")


def test_no_date_is_moved_before_the_start() -> None:
    one = moved(small("events.decision.date=2025-02-01"))["events.decision.date"]
    assert one.low.text == "2025-01-01"


def test_what_cannot_be_moved_is_left_out() -> None:
    found = moved(small("events.idle.rate=0 per year", "drivers.climate.levels=[cool, cold]"))
    assert "events.idle.rate" not in found
    assert ends(found["drivers.climate.initial"]) == ("cool", "cold")
    assert not [name for name in found if name.startswith(("start", "end", "outcomes"))]


def test_a_reference_is_moved_for_all_its_users() -> None:
    data = {
        **SMALL,
        "references": {
            "growth": {"title": "Growth", "lognormal": [2, 0.5], "luck": "industry", "share": 0.5}
        },
    }
    one = moved(load_data(data, ["events.launch.date.growth={like: growth}"]))
    growth, share = one["references.growth"], one["references.growth.share"]
    assert growth.written == "{lognormal: [2, 0.5], luck: industry, share: 0.5}"
    assert ends(growth) == ("0.8787", "4.552")  # 2 exp(-+1.645 x 0.5)
    assert ends(share) == ("0.25", "0.75")
    ((path, value),) = growth.low.settings
    assert path == ("references", "growth")
    assert plain(value) == {"title": "Growth", "uniform": ["0.8787", "0.8787"]}


# The last day and number that can be written, and chances that a `rest` alone gives way to.
@pytest.mark.parametrize(
    ("event", "key", "low", "high"),
    [
        ({"date": "2999-11-01"}, "date", ("2999-05-05", None), ("2999-12-31", "the limit")),
        ({"date": "2999-12-31"}, "date", ("2999-07-04", None), ("2999-12-31", "the limit")),
        ({"date": "2025-02-01"}, "date", ("2025-01-01", "the start"), ("2025-07-31", None)),
        ({"date": {"normal": ["2990-01-01", "30 years"]}}, "date",
         ("2940-08-27", None), ("2999-12-31", "the limit")),
        ({"rate": "1e-300 per year"}, "rate", ("6.667e-301 per year", None),
         ("1.5e-300 per year", None)),
        ({"date": "2030-01-01", "outcomes": {"y": {"chance": 0.9999999}, "n": {"chance": "1e-7"}}},
         "outcomes.y.chance", ("0.9999998500", None), ("0.99999993333", None)),
        ({"date": "2030-01-01", "outcomes": {
            "y": {"chance": 0.6}, "z": {"chance": 0.35}, "n": {"chance": "rest"}}},
         "outcomes.y.chance", ("0.5", None), ("0.65", "the limit")),
        ({"date": "2030-01-01", "outcomes": {
            "y": {"chance": 0.6}, "z": {"chance": 0.4}, "n": {"chance": "rest"}}},
         "outcomes.y.chance", ("0.5", None), ("0.6", "the limit")),
    ],
)  # fmt: skip
def test_an_end_stops_at_what_can_be_written(
    event: dict[str, object], key: str, low: tuple[str, str], high: tuple[str, str]
) -> None:
    loaded = load_data({
        "scenario": "x", "start": "2025-01-01", "end": "2999-12-31",
        "events": {"e": {**event, "judgement": "Made up."}}, "outcomes": {"e": {"event": "e"}},
    })  # fmt: skip
    one = moved(loaded)[f"events.e.{key}"]
    assert (one.low.text, one.low.stop) == low
    assert (one.high.text, one.high.stop) == high
    for end in (one.low, one.high):
        revise(loaded, *end.settings)
        loaded.having([f"{one.name}={end.text}"])


# The largest rate that can be written is found by halving, whatever the limit is.
def test_an_end_near_the_largest_number_can_be_written() -> None:
    loaded = small("events.idle.rate=8e89 per year")
    one = moved(loaded, Swing(1000))["events.idle.rate"]
    assert one.high.stop == "the limit"
    assert 9.9e89 < float(one.high.text.split()[0]) <= 1e90
    revise(loaded, *one.high.settings)
    loaded.having([f"{one.name}={one.high.text}"])


FACTOR = "a number from 1.001 to 1,000"
DAYS = "a whole number from 1 to 36,525"


@pytest.mark.parametrize(
    ("factor", "days", "message"),
    [
        (1.0, 180, f"--swing: found '1.0', expected {FACTOR}"),
        (0.0, 180, f"--swing: found '0.0', expected {FACTOR}"),
        (-2.0, 180, f"--swing: found '-2.0', expected {FACTOR}"),
        (math.nan, 180, f"--swing: found 'nan', expected {FACTOR}"),
        (math.inf, 180, f"--swing: found 'inf', expected {FACTOR}"),
        (1.5, 0, f"--days: found '0', expected {DAYS}"),
        (1.5, -1, f"--days: found '-1', expected {DAYS}"),
        (1.5, 10**9, f"--days: found '1000000000', expected {DAYS}"),
    ],
)
def test_a_swing_that_moves_nothing_is_refused(factor: float, days: int, message: str) -> None:
    with pytest.raises(UsageError) as error:
        Swing(factor, days)
    assert str(error.value) == message


# One assumption of each kind of place, as reading the whole baseline again takes a while.
def test_what_sensitivity_lists_can_be_set_in_the_baseline() -> None:
    loaded = load(SCENARIOS / "baseline.yaml")
    kinds: dict[object, MovableAssumption] = {}
    for one in movable_assumptions(loaded.tree, loaded.scenario.start.first, Swing()):
        words = [key for key in one.path if key in PLACES]
        kinds.setdefault((one.path[0], *words, one.kind, one.uncertain), one)
    apart = [
        one
        for one in kinds.values()
        if not any(one.name.startswith(f"{other.name}.") for other in kinds.values())
    ]
    assert len(apart) > 10
    for low in (True, False):
        ends = [(one, one.low if low else one.high) for one in apart]
        changed = loaded.having([f"{one.name}={end.text}" for one, end in ends])
        for one, end in ends:
            revise(loaded, *end.settings)
            assert node_at(changed.tree, one.path) == end.text


def revise(loaded: Loaded, *settings: tuple[Path, object]) -> Loaded:
    names = Names.of(build_program(loaded.scenario))
    made = revised(loaded.scenario, loaded.tree, settings, names.levels.__getitem__)
    return Loaded(made, loaded.tree, ())


def test_every_end_gives_the_program_that_setting_it_gives() -> None:
    loaded = small()
    for one in moved(loaded).values():
        for end in (one.low, one.high):
            sets = [
                f"{'.'.join(map(str, path))}={value if isinstance(value, str) else plain(value)}"
                for path, value in end.settings
            ]
            assert build_program(revise(loaded, *end.settings).scenario) == build_program(
                loaded.having([one.replace("'", "") for one in sets]).scenario
            ), one.name


def test_a_fixed_value_keeps_every_stream_of_chance() -> None:
    loaded = small()
    before = build_program(loaded.scenario)
    for one in moved(loaded).values():
        if one.uncertain:
            assert (
                build_program(revise(loaded, *one.high.settings).scenario).streams == before.streams
            )


def test_chances_beyond_one_are_refused() -> None:
    with pytest.raises(ScenarioError) as error:
        revise(small(), (("events", "decision", "outcomes", "yes", "chance"), "0.7"))
    assert [(p.path, p.found) for p in error.value.problems] == [
        ("events.decision.outcomes", "chances that sum to 1.1")
    ]


def test_putting_leaves_the_tree_as_it_was() -> None:
    tree = small().tree
    before = plain(tree)
    changed = put_at(tree, ("events", "launch", "pace", 0, "cold"), "0.9")
    gone = put_at(tree, ("events", "idle"), None)
    assert node_at(changed, ("events", "launch", "pace", 0, "cold")) == "0.9"
    assert "idle" not in node_at(gone, ("events",))
    assert plain(tree) == before
