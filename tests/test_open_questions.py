"""Open questions as statements: each is put exactly, or said to be approximate and why."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from coopsim.analysis.evidence.facts import is_so
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.measures import measures, read
from coopsim.analysis.timelines import BoolArray, Timelines, drawn_levels
from coopsim.scenario.loading import Loaded, load
from coopsim.simulation import compiled
from coopsim.simulation.building import build_program

ROOT = Path(__file__).parents[1]
QUESTIONS: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "open_questions.yaml").read_text(encoding="utf-8")
)
ASKED = [name for name, one in QUESTIONS.items() if "answers" in one]
EXACT_CHOICES = [
    name
    for name in ASKED
    if len(QUESTIONS[name]["answers"]) > 1 and "approximate" not in QUESTIONS[name]
]


@cache
def baseline() -> tuple[Loaded, Timelines]:
    loaded = load(ROOT / "scenarios" / "baseline.yaml")
    program = build_program(loaded.scenario)
    return loaded, Timelines(program, compiled.simulate(program, 0, 500), drawn_levels)


def answers(name: str) -> list[BoolArray]:
    """Tell for each answer in which timelines of the baseline it is right."""
    loaded, timelines = baseline()
    statements = QUESTIONS[name]["answers"].values()
    facts = (read_evidence(one, loaded.scenario, timelines.program) for one in statements)
    return [is_so(fact, timelines) for fact in facts]


def test_there_are_thirty_and_the_model_is_silent_on_few() -> None:
    assert list(QUESTIONS) == [f"q{number:02}" for number in range(1, 31)]
    assert [name for name in QUESTIONS if name not in ASKED] == ["q03", "q17", "q25", "q29"]
    assert all("silent" in one or "answers" in one for one in QUESTIONS.values())
    assert len([name for name in ASKED if "approximate" not in QUESTIONS[name]]) == 15


@pytest.mark.parametrize("name", ASKED)
def test_a_question_can_be_put(name: str) -> None:
    shares = [float(one.mean()) for one in answers(name)]
    assert all(0 <= share <= 1 for share in shares)
    assert len(shares) == len(QUESTIONS[name]["answers"])


# Asked as outcomes they are read from the few firings that matter to them.
@pytest.mark.parametrize("name", ASKED)
def test_a_question_can_be_asked_as_an_outcome(name: str) -> None:
    loaded, timelines = baseline()
    statements = list(QUESTIONS[name]["answers"].values())
    asked = measures(timelines.program, loaded.scenario, statements)
    assert {one.query.kind for one in asked} <= {"statement", "event"}
    fired = compiled.simulate(timelines.program, 0, timelines.runs)
    found = read(asked, timelines.program, fired).numbers
    assert found.tolist() == np.array(answers(name)).tolist()


@pytest.mark.parametrize("name", EXACT_CHOICES)
def test_one_answer_of_a_choice_is_right(name: str) -> None:
    assert np.all(np.sum(answers(name), axis=0) == 1)
