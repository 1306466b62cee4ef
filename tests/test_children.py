"""A small file that says what changes: merged over its parent it makes just that."""

from __future__ import annotations

from pathlib import Path

import pytest

import coopsim
from coopsim.errors import ScenarioError
from coopsim.scenario.changes.children import child_of
from coopsim.scenario.changes.merging import merge
from coopsim.scenario.text.tree import Map, plain
from coopsim.scenario.text.yaml_text import read_text

PARENT = """\
scenario: parent
start: 2025-01-01
end: 2030-12-31
drivers:
  mood:
    levels: [cold, warm]
    initial: {cold: 0.4, warm: 0.6}
    switches: {cold -> warm: {rate: 0.5 per year}}
    judgement: For a test.
events:
  vote: {date: 2026-01-01 to 2028-01-01, judgement: For a test.}
  pact:
    rate: {by: mood, cold: 0.1 per year, warm: 0.4 per year}
    pace: [{when: {vote: true}, times: 2}, {when: {mood: warm}, times: 3}]
    judgement: For a test.
outcomes: {signed: {event: pact}}
"""


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    path = tmp_path / "parent.yaml"
    path.write_text(PARENT, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (["events.vote.date=2027-06-01"], "events:\n  vote:\n    date: 2027-06-01\n"),
        (
            ["events.pact.rate.warm=1 per year", "end=2031"],
            "end: 2031\nevents:\n  pact:\n    rate:\n      warm: 1 per year\n",
        ),
        # A list is replaced as a whole, and what stands beside a chance is scaled.
        (
            ["events.pact.pace.0.times=5"],
            (
                "events:\n  pact:\n    pace:\n"
                "    - when:\n        vote: true\n      times: 5\n"
                "    - when:\n        mood: warm\n      times: 3\n"
            ),
        ),
        (
            ["drivers.mood.initial.cold=0.1"],
            "drivers:\n  mood:\n    initial:\n      cold: 0.1\n      warm: 0.9\n",
        ),
        (["events.vote.title=A vote", "runs=50"], None),
        (["drivers.mood.switches.cold -> warm=null"], None),
    ],
)
def test_the_child_says_what_changes(
    parent: Path, settings: list[str], expected: str | None
) -> None:
    text = coopsim.child_of(parent, settings, "mine")
    if expected is not None:
        assert text == f"scenario: mine\nextends: parent.yaml\n{expected}"
    made = coopsim.load_text(text, folder=parent.parent)
    meant = coopsim.load(parent, settings)
    assert made.hash == meant.hash
    assert made.scenario == meant.scenario.model_copy(update={"scenario": "mine"})


def test_without_an_id_of_its_own_a_child_has_its_parents(parent: Path) -> None:
    text = coopsim.child_of(parent, ["end=2029"])
    assert text == "extends: parent.yaml\nend: 2029\n"
    assert coopsim.load_text(text, folder=parent.parent).scenario.scenario == "parent"


def test_what_cannot_be_set_is_told_as_ever(parent: Path) -> None:
    with pytest.raises(ScenarioError) as raised:
        coopsim.child_of(parent, ["events.vot.date=2027"])
    assert str(raised.value) == (
        "--set events.vot.date=2027: error: events: found 'vot', expected vote or pact; "
        "did you mean 'vote'?"
    )


def tree(text: str) -> Map:
    return read_text(text, "file.yaml")[0]


def test_what_merging_would_mix_is_written_whole() -> None:
    # A value in another notation takes the place of the old one; null removes what has gone.
    old = tree("events: {launch: {takes: {lognormal: [2, 0.5]}, until: 2030, title: Go}}")
    new = tree("events: {launch: {takes: {p5: 1 year, p95: 3 years}, title: Go}}")
    made = child_of(old, new)
    assert plain(made) == {
        "events": {"launch": {"takes": {"p5": "1 year", "p95": "3 years"}, "until": None}}
    }
    assert plain(merge(old, made)[0]) == plain(new)
