"""Files of open questions: read whole, or refused with every problem and its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from coopsim.errors import ScenarioError
from coopsim.forecasts.question_files import read_questions, statements_of
from forecast_world import QUESTIONS, asked_in

BROKEN = Path(__file__).parent / "broken_questions"


@pytest.mark.parametrize("name", sorted(path.stem for path in BROKEN.glob("*.yaml")))
def test_every_problem_of_a_file_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(ScenarioError) as error:
        read_questions(Path(f"{name}.yaml"))
    assert str(error.value) == (BROKEN / f"{name}.txt").read_text("utf-8").rstrip("\n")


def test_questions_are_read_with_their_days_answers_and_statements(tmp_path: Path) -> None:
    book = read_questions(asked_in(tmp_path) / "questions.yaml")
    assert book.title == "Questions of a small world"
    worlds = {name: one.world for name, one in book.questions.items()}
    assert list(worlds) == ["decree", "flights", "treaty", "mood", "moon"]
    assert {name: (one.kind, one.answers) for name, one in worlds.items()} == {
        "decree": ("yes_no", ("yes", "no")),
        "flights": ("count", ("none", "one", "two or more")),
        "treaty": ("date", ("yes", "no")),
        "mood": ("yes_no", ("yes", "no")),
        "moon": ("yes_no", ("yes", "no")),
    }
    decree = worlds["decree"]
    assert (decree.opens, decree.by) == (date(2026, 7, 1), date(2027, 3, 15))
    assert (decree.state, decree.unchanged) == ("A draft is known.", "no")
    asking = book.questions["decree"].asking_of("small")
    assert statements_of(asking, decree.opens, decree.by) == {
        "yes": "decree from 2026-07-01 to 2027-03-15"
    }


def test_the_rest_is_what_no_other_answer_covers(tmp_path: Path) -> None:
    question = read_questions(asked_in(tmp_path) / "questions.yaml").questions["flights"]
    statements = statements_of(question.asking_of("small"), question.world.opens, question.world.by)
    assert list(statements.items()) == [
        ("none", "flight = 0 in 2027"),
        ("one", "flight = 1 in 2027"),
        ("two or more", "not (flight = 0 in 2027) and not (flight = 1 in 2027)"),
    ]


def test_a_scenario_is_asked_as_the_first_that_is_for_it(tmp_path: Path) -> None:
    question = read_questions(asked_in(tmp_path) / "questions.yaml").questions["treaty"]
    assert question.asking_of("other").why == "It has no treaty."
    assert question.asking_of("small").why == "Any treaty counts."


def test_a_text_is_a_line_and_no_longer_than_anybody_reads(tmp_path: Path) -> None:
    path = asked_in(tmp_path) / "questions.yaml"
    path.write_text(QUESTIONS.replace("It is published.", ">-\n      It is\n      published."))
    assert read_questions(path).questions["decree"].world.criterion == "It is published."
    path.write_text(QUESTIONS.replace("It is published.", "x" * 2001))
    with pytest.raises(ScenarioError) as error:
        read_questions(path)
    assert str(error.value) == (
        f"{path}:7: error: questions.0.criterion: found a text of 2,001 signs, expected at most "
        "2,000 signs"
    )


def test_the_questions_of_the_page_are_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "forecasts.md").read_text("utf-8")
    (tmp_path / "questions.yaml").write_text(page.split("```yaml\n")[1].split("```")[0])
    book = read_questions(tmp_path / "questions.yaml")
    assert list(book.questions) == ["q07", "q12", "q03"]
    assert book.questions["q03"].asking_of("baseline").fit is None
