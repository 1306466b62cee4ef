from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.scenario.changes.differences import Differences, differences, flow, switched
from coopsim.scenario.loading import load, load_data
from small_world import SMALL, small

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def test_same_scenarios_have_no_differences() -> None:
    assert differences(small().tree, small("runs=7", "seed=9").tree) == []


def test_each_difference_stands_where_they_part() -> None:
    new = small(
        "events.idle.rate=0.5 per year",
        "events.launch.date.growth={lognormal: [2, 0.3]}",
        "events.decision.outcomes.yes.chance=0.5",
        "events.decision.outcomes.no.chance=0.4",
        "events.end=null",
        "outcomes.end=null",
        "outcomes.which=null",
        "outcomes.ends=null",
        "events.extra={date: 2030-01-01, title: Extra, judgement: Ours., sources: [a.1]}",
        "events.launch.title=Renamed",
        "drivers.climate.initial={cold: 0.5, warm: 0.5}",
        "end=2035-12-31",
    )
    found = differences(small().tree, new.tree)
    assert [(one.name, one.title, one.before, one.after) for one in found] == [
        ("end", "end", "2034-12-31", "2035-12-31"),
        ("drivers.climate.initial", "Climate", "cool", "{cold: 0.5, warm: 0.5}"),
        ("events.end", "Operations end", "{rate: {uniform: [0.05 per year, 0.45 per year]}}", None),
        ("events.decision.outcomes.yes.chance", "Decision", "0.6", "0.5"),
        ("events.decision.outcomes.no.chance", "Decision", "0.3", "0.4"),
        (
            "events.launch.date",
            "Renamed",
            "{planned: 2029-01-01, growth: {lognormal: [1.6, 0.4]}}",
            "{planned: 2029-01-01, growth: {lognormal: [2, 0.3]}}",
        ),
        ("events.idle.rate", "Idle", "0.2 per year", "0.5 per year"),
        ("events.extra", "Extra", None, "{date: 2030-01-01}"),
        ("outcomes.end", "Operations end", "{event: end}", None),
        ("outcomes.which", "Which comes first", "{first_of: [end, launch]}", None),
        ("outcomes.ends", "How many happen", "{count: [end, launch]}", None),
    ]
    extra = found[7]
    assert (extra.entry, extra.sources, extra.judgement) == ("events.extra", ("a.1",), "Ours.")


@pytest.mark.parametrize("name", ["thaw", "freeze", "face_value", "grand_bargain", "fixed_climate"])
def test_all_differences_switched_on_make_the_other_scenario(name: str) -> None:
    old, new = (load(SCENARIOS / f"{one}.yaml") for one in ("baseline", name))
    found = differences(old.tree, new.tree)
    assert found
    assert differences(switched(old.tree, found), new.tree) == []
    assert differences(switched(old.tree, []), old.tree) == []


def test_json_says_what_rests_on_what() -> None:
    new = load_data({**SMALL, "scenario": "new"}, ["events.idle.rate=0.5 per year"])
    found = Differences("small", "new", tuple(differences(small().tree, new.tree)))
    assert found.to_json() == {
        "old": "small",
        "new": "new",
        "old_sets": [],
        "new_sets": [],
        "differences": [
            {
                "path": "events.idle.rate",
                "title": "Idle",
                "old": "0.2 per year",
                "new": "0.5 per year",
                "sources": [],
                "judgement": "Made up.",
            }
        ],
    }


def test_a_tree_on_one_line() -> None:
    assert flow({"a": ["x", {"b": None}], "title": "T"}) == "{a: [x, {b: null}]}"
