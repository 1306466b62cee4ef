from __future__ import annotations

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.loading import Loaded, load_data
from coopsim.scenario.reading import Path
from coopsim.scenario.revising import at, put, revised
from coopsim.scenario.swings import Movable, Swing, movables
from coopsim.scenario.tree import plain
from coopsim.simulation.building import Names, build_program
from small_world import SMALL, small

START = 1_735_689_600  # 2025-01-01


def moved(loaded: Loaded, swing: Swing = Swing()) -> dict[str, Movable]:  # noqa: B008  # frozen
    return {one.name: one for one in movables(loaded.tree, START, swing)}


def ends(one: Movable) -> tuple[str, str]:
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
    changed = put(tree, ("events", "launch", "pace", 0, "cold"), "0.9")
    gone = put(tree, ("events", "idle"), None)
    assert at(changed, ("events", "launch", "pace", 0, "cold")) == "0.9"
    assert "idle" not in at(gone, ("events",))
    assert plain(tree) == before
