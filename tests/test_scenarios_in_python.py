"""Scenarios in Python: numbers revised, texts loaded, and what is in them as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import coopsim
from coopsim.errors import ScenarioError
from coopsim.scenario.influences import Influence
from coopsim.scenario.loading import Loaded

ROOT = Path(__file__).resolve().parents[1]
TEXT = """\
scenario: small
start: 2025-01-01
end: 2030-12-31
references:
  delay: {title: A delay, value: 1 to 2 years}
  slow: {pace: [{by: mood, cold: 0.5}]}
drivers:
  mood:
    title: Mood
    levels: [cold, warm]
    initial: {cold: 0.4, warm: 0.6}
    switches: {cold -> warm: {rate: 0.5 per year, when: {vote: true}}}
    why: For a test.
events:
  vote:
    title: A vote
    date: 2026-01-01 to 2028-01-01
    outcomes:
      yes: {chance: [{when: {mood: warm}, is: 0.9}, {is: 0.4}], sets: {mood: warm}}
      no: {chance: rest}
    why: For a test.
  pact:
    pace: [{like: slow}]
    upon: {mood: warm}
    takes: {like: delay}
    why: For a test.
  review: {upon: [pact], after: {vote: 1 month}, shifts: {mood: -1}, repeat: true, why: For a test.}
outcomes:
  signed: {event: pact, title: A pact}
  first: {first_of: [vote, [pact, review]]}
  cooperation: {index: [{when: {mood: warm}, weight: 2}, {when: {pact: true}, weight: 1}]}
"""


@pytest.fixture(scope="module")
def small() -> Loaded:
    return coopsim.load_text(TEXT)


# --- revised --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("references.delay.value", "3 years"),
        ("references.slow.pace.0.cold", 0.25),
        ("events.vote.date", "2027-01-01"),
        ("events.vote.outcomes.yes.chance.0.is", 0.5),
        ("drivers.mood.switches.cold -> warm.rate", "1 per year"),
        ("events.review.after.vote", "2 months"),
    ],
)
def test_a_revised_number_is_that_of_a_setting(small: Loaded, path: str, value: object) -> None:
    revised, having = small.revised({path: value}), small.having([f"{path}={value}"])
    assert revised.hash == having.hash != small.hash
    assert revised.scenario == having.scenario
    assert revised.text == having.text


def test_several_numbers_of_one_entry_are_revised_together(small: Loaded) -> None:
    made = small.revised({"drivers.mood.initial.cold": 0.1, "drivers.mood.initial.warm": 0.9})
    assert made.scenario.drivers["mood"].initial == {"cold": 0.1, "warm": 0.9}
    assert small.scenario.drivers["mood"].initial == {"cold": 0.4, "warm": 0.6}


NUMBER = "the path of a number below references, drivers or events; `having` sets all else"


@pytest.mark.parametrize(
    ("path", "value", "at", "found", "expected"),
    [
        (
            "events.vot.date", "2027", "events", "'vot'",
            "vote, pact or review; did you mean 'vote'?",
        ),
        ("end", "2031", "end", "'2030-12-31'", NUMBER),
        ("events.pact.takes.like", "other", "events.pact.takes.like", "'delay'", NUMBER),
        ("events.pact.takes", "1 year", "events.pact.takes", "{like: delay}", NUMBER),
        (
            "events.vote.date", ["2027"], "events.vote.date", "[2027]",
            "a number or a text, such as `2 to 4 years`",
        ),
        (
            "references.delay.value", 0.5, "references.delay.value", "'0.5'",
            "a value like the one that stands there, '1 to 2 years'",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_revised_is_told(
    small: Loaded, path: str, value: object, at: str, found: str, expected: str
) -> None:
    with pytest.raises(ScenarioError) as raised:
        small.revised({path: value})
    told = f"a revised value: error: {at}: found {found}, expected {expected}"
    assert str(raised.value) == told


def test_every_number_of_a_shipped_scenario_can_be_revised() -> None:
    loaded = coopsim.load(ROOT / "scenarios" / "baseline.yaml")
    numbers = [
        one for one in coopsim.assumptions(loaded)
        if one.reference is None and one.section in ("references", "drivers", "events")
    ]  # fmt: skip
    assert len(numbers) > 300
    assert loaded.revised({one.path: one.value for one in numbers}).scenario == loaded.scenario


# --- texts ----------------------------------------------------------------------------------------


def test_a_text_is_loaded_like_a_file(tmp_path: Path, small: Loaded) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(TEXT, encoding="utf-8")
    assert coopsim.load(path).scenario == small.scenario
    changed = coopsim.load_text(TEXT, ["runs=50"])
    assert changed.scenario.runs == 50
    extending = "scenario: other\nextends: small.yaml\nend: 2031\n"
    other = coopsim.load_text(extending, folder=tmp_path)
    assert (other.scenario.scenario, other.scenario.outcomes) == ("other", small.scenario.outcomes)
    assert other.scenario.end.first > small.scenario.end.first


def test_a_text_alone_reads_no_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "small.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for key, named in (("extends", "small.yaml"), ("include", "[small.yaml]")):
        with pytest.raises(ScenarioError) as raised:
            coopsim.load_text(f"scenario: other\n{key}: {named}\n")
        found = "[small.yaml]" if key == "include" else "'small.yaml'"
        assert str(raised.value) == (
            f"text:2: error: {key}: found {found}, expected no other file: give the `folder` in "
            "which the text is taken to stand"
        )


def test_the_problems_of_a_text_have_their_lines() -> None:
    with pytest.raises(ScenarioError) as raised:
        coopsim.load_text(TEXT.replace("end: 2030-12-31", "end: 20x0"))
    (problem,) = raised.value.problems
    assert (problem.file, problem.line, problem.path) == ("text", 3, "end")


# --- what is in them ------------------------------------------------------------------------------


def test_assumptions_are_plain_data(small: Loaded) -> None:
    found = {one.path: one for one in coopsim.assumptions(small)}
    assert json.loads(json.dumps(found["references.delay.value"].to_json())) == {
        "path": "references.delay.value",
        "value": "1 to 2 years",
        "kind": "duration",
        "entry": "references.delay",
        "title": "A delay",
        "group": None,
        "sources": [],
        "judgement": None,
        "reference": None,
        "unit": "years",
        "ends": ["1 years", "2 years"],
    }
    assert found["events.pact.takes.like"].reference == "references.delay"


def test_influences_say_what_acts_on_what(small: Loaded) -> None:
    found = coopsim.influences(small)
    assert found.drivers == {"mood": "Mood"}
    assert found.events["mood: cold -> warm"] == "mood: cold -> warm"
    assert found.outcomes == {"signed": "A pact", "first": "first", "cooperation": "cooperation"}
    assert [tuple(getattr(one, name) for name in Influence.__slots__) for one in found.found] == [
        ("mood", "mood: cold -> warm", "reads", "switches"),
        ("vote", "mood: cold -> warm", "reads", "when"),
        ("mood: cold -> warm", "mood", "sets", "switches"),
        ("mood", "vote", "reads", "chance"),
        ("vote", "mood", "sets", "sets"),
        ("mood", "pact", "reads", "pace"),
        ("mood", "pact", "triggers", "upon"),
        ("vote", "review", "reads", "after"),
        ("pact", "review", "triggers", "upon"),
        ("review", "mood", "sets", "shifts"),
        ("pact", "signed", "reads", "event"),
        ("vote", "first", "reads", "first_of"),
        ("pact", "first", "reads", "first_of"),
        ("review", "first", "reads", "first_of"),
        ("mood", "cooperation", "weighs", "index"),
        ("pact", "cooperation", "weighs", "index"),
    ]
    assert [one.target for one in found.of("pact")] == ["review", "signed", "first", "cooperation"]
    assert [one.source for one in found.on("pact")] == ["mood", "mood"]
    tree = json.loads(json.dumps(found.to_json()))
    assert tree["scenario"] == "small"
    assert tree["influences"][1] == {
        "source": "vote", "target": "mood: cold -> warm", "how": "reads", "through": "when",
    }  # fmt: skip
