"""The open questions that come with the project: each is asked exactly, roughly or not at all."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from coopsim.analysis.evidence.facts import is_so
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.measures import measures, read
from coopsim.analysis.timelines import BoolArray, Timelines, drawn_levels
from coopsim.forecasts.question_files import read_questions, statements_of
from coopsim.forecasts.questions import OpenQuestion
from coopsim.scenario.loading import Loaded, load
from coopsim.simulation import compiled
from coopsim.simulation.building import build_program

ROOT = Path(__file__).parents[1]
BOOK = read_questions(ROOT / "forecasts" / "questions.yaml")
SILENT = {
    "baseline": ["q03", "q06", "q15", "q17", "q25", "q29", "q30"],
    "2026-10/baseline": [],
}
FITS = {
    "baseline": {"exact": 15, "approximate": 8, None: 7},
    "2026-10/baseline": {"exact": 28, "approximate": 2},
}
ASKED = [
    (scenario, name)
    for scenario, silent in SILENT.items()
    for name in BOOK.questions
    if name not in silent
]
RUNS = 500


@cache
def played(scenario: str) -> tuple[Loaded, Timelines]:
    loaded = load(ROOT / "scenarios" / f"{scenario}.yaml")
    program = build_program(loaded.scenario)
    return loaded, Timelines(program, compiled.simulate(program, 0, RUNS), drawn_levels)


def statements(question: OpenQuestion, scenario: str) -> list[str]:
    world, asked = question.world, question.asking_of(played(scenario)[0].scenario.scenario)
    return list(statements_of(asked, world.opens, world.by).values())


def answers(name: str, scenario: str) -> list[BoolArray]:
    """Tell for each answer in which timelines of a scenario it is right."""
    loaded, timelines = played(scenario)
    facts = (
        read_evidence(one, loaded.scenario, timelines.program)
        for one in statements(BOOK.questions[name], scenario)
    )
    return [is_so(fact, timelines) for fact in facts]


def test_there_are_thirty() -> None:
    assert list(BOOK.questions) == [f"q{number:02}" for number in range(1, 31)]
    assert Counter(one.world.kind for one in BOOK.questions.values()) == {
        "yes_no": 23,
        "choice": 5,
        "count": 2,
    }


@pytest.mark.parametrize("scenario", FITS)
def test_the_model_is_silent_on_few(scenario: str) -> None:
    identity = played(scenario)[0].scenario.scenario
    asked = {name: one.asking_of(identity) for name, one in BOOK.questions.items()}
    assert [name for name, one in asked.items() if one.fit is None] == SILENT[scenario]
    assert Counter(one.fit for one in asked.values()) == FITS[scenario]


def identity(path: Path) -> str:
    (found,) = re.findall(r"^scenario: (\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return str(found)


def test_all_scenarios_of_a_family_are_asked_alike() -> None:
    folders = (ROOT / "scenarios", ROOT / "scenarios" / "2026-10")
    named = {name for one in BOOK.questions.values() for how in one.asked for name in how.scenarios}
    old, new = ({identity(path) for path in one.glob("*.yaml")} for one in folders)
    assert named == new
    assert not named & old


def test_a_question_closes_after_it_opens_and_says_what_it_would_come_to() -> None:
    worlds = [one.world for one in BOOK.questions.values()]
    assert Counter(one.by.year for one in worlds) == {2026: 2, 2027: 19, 2028: 9}
    assert {one.opens.isoformat() for one in worlds} == {"2026-11-27"}
    assert all(one.unchanged in one.options for one in worlds)
    assert all(one.state for one in worlds)


@pytest.mark.parametrize(("scenario", "name"), ASKED)
def test_one_answer_is_right_at_most(scenario: str, name: str) -> None:
    right = np.sum(answers(name, scenario), axis=0)
    if BOOK.questions[name].world.is_event:
        assert right.max() <= 1
    else:
        assert np.all(right == 1)


# Asked as outcomes they are read from the few firings that matter to them.
@pytest.mark.parametrize(("scenario", "name"), ASKED)
def test_a_question_can_be_asked_as_an_outcome(scenario: str, name: str) -> None:
    loaded, timelines = played(scenario)
    asked = measures(timelines.program, loaded.scenario, statements(BOOK.questions[name], scenario))
    assert {one.unit for one in asked} == {"share"}
    fired = compiled.simulate(timelines.program, 0, RUNS)
    found = read(asked, timelines.program, fired).numbers
    assert found.tolist() == np.array(answers(name, scenario)).tolist()


# What had come about before the opening day is no answer: the sanctions of the freeze are tight
# from its first day on, and only those that are tightened again count.
def test_what_was_so_before_the_opening_day_does_not_count() -> None:
    (again,) = answers("q04", "freeze")
    assert 0 < again.mean() < 0.1
