"""A traced timeline as plain data, and its answers in the scenario's terms."""

from __future__ import annotations

import json

from coopsim import api
from coopsim.analysis.stories.representative import Chosen, Wish
from coopsim.analysis.stories.tracing import trace_of
from coopsim.scenario.loading import load
from coopsim.simulation.building import build_program
from coopsim.simulation.simpy_model import simulate
from coopsim.simulation.watching import watch
from traced import STATION, paired, traced
from world import scenario_of


def test_the_story_s_firings_are_the_engine_s() -> None:
    loaded = load("scenarios/thaw.yaml")
    program = build_program(loaded.scenario)
    for run in (0, 17):
        (history,) = watch(program, run, 1)
        told = trace_of(loaded.scenario, program, history).side.told()
        firings = simulate(program, run, 1)
        assert [step.event for step in told] == firings.event.tolist()
        assert [step.outcome for step in told] == firings.outcome.tolist()
        assert [step.time for step in told] == firings.time.tolist()


def test_plain_data() -> None:
    tree = json.loads(json.dumps(traced().to_json()))
    assert (tree["scenario"], tree["seed"], tree["run"], tree["chosen"]) == ("test", 7, 0, None)
    assert tree["initial"] == {"mood": "cool", "money": "some"}
    peace = next(firing for firing in tree["firings"] if firing["event"] == "peace")
    assert peace == {
        "date": "2027-01-01",
        "event": "peace",
        "outcome": "true",
        "due": "2027-01-01",
        "cause": {"kind": "clock"},
        "changes": [{"driver": "mood", "from": "cold", "to": "warm"}],
        "clocks": [
            {"event": "module", "effect": "released"},
            {"event": "dome", "effect": "sped up", "times": 2.0},
            {"event": "party", "effect": "set off"},
        ],
    }
    module = next(firing for firing in tree["firings"] if firing["event"] == "module")
    assert module["cause"] == {
        "kind": "condition",
        "name": "mood",
        "levels": ["cool", "warm"],
        "by": "peace",
        "date": "2027-01-01",
    }
    assert tree["waiting"] == [
        {
            "event": "mirror",
            "kind": "condition",
            "lacking": [{"name": "money", "levels": ["none"]}],
            "done": None,
        }
    ]
    assert tree["outcomes"] == {"crewed": "2028-07-02", "mirror": None}


def test_a_choice_in_plain_data() -> None:
    scenario = scenario_of(STATION)
    wish = Wish("rarest", None, "lab")
    program = build_program(scenario)
    (history,) = watch(program, 2, 1)
    trace = trace_of(scenario, program, history, Chosen(2, wish, 50, 20, 3))
    assert trace.to_json()["chosen"] == {
        "how": "rarest",
        "outcome": None,
        "where": "lab",
        "run": 2,
        "runs": 50,
        "matching": 20,
        "alike": 3,
    }


def test_answers_of_every_kind() -> None:
    text = f"""{STATION}
  parties: {{count: party}}
  gap: {{between: [quarrel, peace]}}
  lost: {{between: [mirror, crew]}}
  first: {{first_of: [mirror, lab, crew]}}
  none: {{first_of: [mirror]}}
  mood: {{driver: mood}}
  index: {{index: [{{when: {{crew: true}}, weight: 3}}, {{when: {{mirror: true}}, weight: 1}}]}}
  last: {{last: party}}
"""
    assert traced(text).outcomes == {
        "crewed": "2028-07-02",
        "mirror": None,
        "parties": 2,
        "gap": 1.0,
        "lost": "only_second",
        "first": "crew",
        "none": "neither",
        "mood": "warm",
        "index": 75.0,
        "last": "2028-07-02",
    }


def test_a_date_that_is_not_to_be_seen_is_none() -> None:
    far = traced("events: {e: {rate: 1 per 100000 years}}", end="2030-12-31").to_json()
    assert far["waiting"][0]["done"] is None


def test_a_pair_in_plain_data() -> None:
    tree = paired(STATION, STATION.replace("date: 2027-01-01", "date: 2028-01-01")).to_json()
    assert (tree["run"], tree["common"], tree["levels"]) == (0, 1, [])
    first = tree["differences"][0]
    assert (first["event"], first["number"], first["counts"]) == ("peace", 1, [1, 1])
    assert [side["date"] for side in first["firings"]] == ["2027-01-01", "2028-01-01"]
    assert tree["differences"][1]["after"] == ["peace"]
    assert [side["scenario"] for side in tree["timelines"]] == ["left", "right"]


def test_the_python_functions() -> None:
    loaded = load("scenarios/baseline.yaml")
    chosen = api.trace(loaded, how="first", where="joint_operations_end", runs=5)
    assert (chosen.run, chosen.chosen is not None) == (0, True)
    beside = api.trace_beside(chosen, "scenarios/freeze.yaml")
    assert (beside.left, beside.right.run) == (chosen, 0)
    seen: list[tuple[int, int]] = []
    found = api.causes(loaded, runs=5, on_progress=lambda done, of: seen.append((done, of)))
    assert found.of("zarya_is_thirty").fired == 5
    assert seen[-1] == (5, 5)
