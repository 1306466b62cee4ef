"""Chances that sum to 1: where one is set alone, the others keep their proportions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.changes.balancing import scaled
from coopsim.scenario.loading import Loaded, load, load_data
from coopsim.scenario.text.tree import plain

JUDGED = {"judgement": "Made up."}
PLAIN = {"a": 0.5, "b": 0.3, "c": 0.2}
BY_LEVEL = {
    "a": {"by": "mood", "low": 0.5, "high": 0.2},
    "b": {"by": "mood", "low": 0.3, "high": 0.2},
    "c": {"by": "mood", "low": 0.2, "high": 0.6},
}
CASES = {
    "a": [{"when": {"mood": "low"}, "is": 0.5}, {"is": 0.2}],
    "b": [{"when": {"mood": "low"}, "is": 0.5}, {"is": 0.8}],
}
WITH_REST = {"a": 0.5, "b": 0.3, "c": "rest"}


def world(chances: dict[str, Any], *sets: str) -> Loaded:
    data = {
        "scenario": "x", "start": "2025-01-01", "end": "2030-12-31",
        "drivers": {"mood": {"levels": ["low", "high"], "initial": {"low": 0.4, "high": 0.6},
                             **JUDGED}},
        "events": {"vote": {"date": "2027-01-01", **JUDGED,
                            "outcomes": {key: {"chance": raw} for key, raw in chances.items()}}},
        "outcomes": {"a": {"event": "vote", "outcome": "a"}, "mood": {"driver": "mood"}},
    }  # fmt: skip
    return load_data(data, sets)


def chances_of(loaded: Loaded) -> dict[str, Any]:
    outcomes = loaded.tree["events"]["vote"]["outcomes"]
    return {name: plain(one["chance"]) for name, one in outcomes.items()}


def told(loaded: Loaded) -> list[str]:
    return [str(one) for one in loaded.warnings if one.file and one.file.startswith("--set")]


# 0.4 is left for b and c, which had 0.5: each is 0.8 of what it was.
def test_the_others_are_scaled_and_it_is_said() -> None:
    loaded = world(PLAIN, "events.vote.outcomes.a.chance=0.6")
    assert chances_of(loaded) == {"a": "0.6", "b": "0.24", "c": "0.16"}
    (message,) = told(loaded)
    assert message == (
        "--set events.vote.outcomes.a.chance=0.6: warning: events.vote.outcomes: found some of the "
        "chances moved, expected chances that sum to 1: the others are scaled in proportion, b to "
        "0.24 and c to 0.16"
    )
    assert told(world(PLAIN).having(["events.vote.outcomes.a.chance=0.6"])) == [message]


@pytest.mark.parametrize(
    ("chances", "sets", "expected"),
    [
        # Whatever is set stays as it is set.
        (PLAIN, ["a.chance=0.6", "b.chance=0.1"], {"a": "0.6", "b": "0.1", "c": "0.3"}),
        (PLAIN, ["a={chance: 1}"], {"a": "1", "b": "0", "c": "0"}),
        (PLAIN, ["a.chance=0.4", "b.chance=0.4"], {"a": "0.4", "b": "0.4", "c": "0.2"}),
        # At one level or in one case only, and at every level.
        (BY_LEVEL, ["a.chance.low=0.6"], {
            "a": {"by": "mood", "low": "0.6", "high": "0.2"},
            "b": {"by": "mood", "low": "0.24", "high": "0.2"},
            "c": {"by": "mood", "low": "0.16", "high": "0.6"},
        }),
        (BY_LEVEL, ["a.chance=0.6"], {
            "a": "0.6",
            "b": {"by": "mood", "low": "0.24", "high": "0.1"},
            "c": {"by": "mood", "low": "0.16", "high": "0.3"},
        }),
        (PLAIN, ["a.chance={by: mood, low: 0.5, high: 0.75}"], {
            "a": {"by": "mood", "low": "0.5", "high": "0.75"},
            "b": {"by": "mood", "low": "0.3", "high": "0.15"},
            "c": {"by": "mood", "low": "0.2", "high": "0.1"},
        }),
        (CASES, ["a.chance.0.is=0.6"], {
            "a": [{"when": {"mood": "low"}, "is": "0.6"}, {"is": "0.2"}],
            "b": [{"when": {"mood": "low"}, "is": "0.4"}, {"is": "0.8"}],
        }),
        # A `rest` takes up what is left.
        (WITH_REST, ["a.chance=0.6"], {"a": "0.6", "b": "0.3", "c": "rest"}),
    ],
)  # fmt: skip
def test_what_is_set_is_kept_and_the_others_are_scaled(
    chances: dict[str, Any], sets: list[str], expected: dict[str, Any]
) -> None:
    assert chances_of(world(chances, *(f"events.vote.outcomes.{one}" for one in sets))) == expected


def test_first_levels_are_scaled_too() -> None:
    loaded = world(PLAIN, "drivers.mood.initial.low=0.9")
    assert plain(loaded.tree["drivers"]["mood"]["initial"]) == {"low": "0.9", "high": "0.1"}


@pytest.mark.parametrize(
    ("sets", "total"),
    [
        (["a.chance=0.6", "b.chance=0.6"], "1.4"),  # more than all there is
        (["a.chance=0.2", "b.chance=0.2", "c.chance=0.2"], "0.6"),  # all are set
    ],
)
def test_what_cannot_be_scaled_stays_an_error(sets: list[str], total: str) -> None:
    with pytest.raises(ScenarioError) as error:
        world(PLAIN, *(f"events.vote.outcomes.{one}" for one in sets))
    (problem,) = error.value.problems
    assert (problem.path, problem.found) == ("events.vote.outcomes", f"chances that sum to {total}")


PARENT = """\
scenario: parent
start: 2025
end: 2030
events:
  vote:
    date: 2027-01-01
    outcomes: {a: {chance: 0.5}, b: {chance: 0.3}, c: {chance: 0.2}}
    judgement: Made up.
outcomes:
  a: {event: vote, outcome: a}
"""
CHILD = """\
extends: parent.yaml
scenario: child
events: {vote: {outcomes: {a: {chance: 0.6}}}}
"""


def test_in_a_file_the_others_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parent.yaml").write_text(PARENT, encoding="utf-8")
    (tmp_path / "child.yaml").write_text(CHILD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as error:
        load("child.yaml")
    (problem,) = error.value.problems
    assert (problem.path, problem.found) == ("events.vote.outcomes", "chances that sum to 1.1")
    assert problem.hint == "in proportion, the others would be scaled b to 0.24 and c to 0.16"


def test_a_chance_that_is_next_to_nothing_cannot_be_scaled() -> None:
    assert scaled({"a": "0.7", "b": "1e-320"}, ["a"]) is None
