"""Files of resolved questions: read, put to a scenario, and every problem told."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.analysis.scorecard import put
from coopsim.errors import ScenarioError
from coopsim.scenario.loading import load, load_data
from coopsim.scenario.notation.values import Period, parse_date
from coopsim.scenario.sources.resolutions import FIELDS, read_history
from coopsim.scenario.spec import Question, Scenario
from coopsim.simulation.building import build_program

SEEDS = Path(__file__).parent.parent / "seeds"
BROKEN = Path(__file__).parent / "broken_history"
GOOD = """\
title: What became of it
known: 2025-08-05
questions:
  - {id: flew, title: It flew, event: flight, date: 2024-03, sources: x.1}
  - {id: late, title: It flew in time, event: flight, by: 2023, date: 2024-03, sources: [x.1]}
  - {id: worked, title: It worked, event: flight, outcome: works, happened: true, sources: [x.1]}
  - {id: own, title: Its own, question: flies, by: 2024-12-31, happened: true, sources: [x.1]}
  - {id: mood, title: The mood, driver: mood, by: 2022-12-31, level: low, sources: [x.1]}
  - {id: third, title: A third, statement: third flight by 2024, happened: false, sources: [x.1]}
"""
DRIVER = {"levels": ["low", "high"], "initial": "low", "judgement": "x"}
FLIGHT = {
    "rate": "1 per year",
    "outcomes": {"works": {"chance": 0.5}, "fails": {"chance": "rest"}},
    "judgement": "x",
}


def scenario(**outcomes: object) -> Scenario:
    data = {
        "scenario": "small",
        "start": "2020-01-01",
        "end": "2025-08-05",
        "drivers": {"mood": DRIVER},
        "events": {"flight": FLIGHT},
        "outcomes": outcomes or {"flies": {"event": "flight"}},
    }
    return load_data(data).scenario


def written(folder: Path, text: str) -> Path:
    path = folder / "what.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def unread(text: str, _known: Period) -> str:
    """Leave a statement as it is written."""
    return text


def test_a_date_answers_whether_it_happened_by_the_day(tmp_path: Path) -> None:
    history = read_history(written(tmp_path, GOOD))
    answers = {one.identity: one.happened for one in history.questions}
    assert answers == {
        "flew": True, "late": False, "worked": True, "own": True, "mood": None, "third": False,
    }  # fmt: skip
    flew = history.questions[0]
    assert (flew.date, flew.dated) == (parse_date("2024-03"), "2024-03")
    assert (flew.by, flew.sources) == (parse_date("2025-08-05"), ("x.1",))
    assert (history.title, history.known) == ("What became of it", parse_date("2025-08-05"))


def test_put_to_a_scenario_questions_are_open_to_its_end(tmp_path: Path) -> None:
    asked = read_history(written(tmp_path, GOOD)).asked_of(
        scenario(flies={"event": "flight", "by": "2024-12-31"}), unread
    )
    assert asked.pop("third") == "third flight by 2024"  # as it is read, whatever the reader makes
    kinds = {name: one for name, one in asked.items() if isinstance(one, Question)}
    assert {name: (one.kind, one.by) for name, one in kinds.items()} == {
        "flew": ("event", None),
        "late": ("event", None),
        "worked": ("event", None),
        "own": ("event", None),
        "mood": ("driver", None),
    }


@pytest.mark.parametrize("name", ["answers", "header", "natural"])
def test_every_problem_of_a_file_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(ScenarioError) as error:
        read_history(Path(f"{name}.yaml"))
    assert str(error.value) == (BROKEN / f"{name}.txt").read_text("utf-8").rstrip("\n")


def test_names_that_the_scenario_does_not_know_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    asked = scenario(flies={"event": "flight", "by": "2024-12-31"}, often={"count": "flight"})
    with pytest.raises(ScenarioError) as error:
        read_history(Path("names.yaml")).asked_of(asked, unread)
    assert str(error.value) == (BROKEN / "names.txt").read_text("utf-8").rstrip("\n")


@pytest.mark.parametrize(
    ("answer", "key", "day"),
    [
        ("event: flight, by: 2024, date: 2019-12-31", "date", "2019-12-31"),
        ("event: flight, by: 2024, date: 2019", "date", "2019"),
        ("event: flight, by: 2024, date: 2025-08-06", "date", "2025-08-06"),
        ("all_of: [flight], by: 2024, date: 2019-06", "date", "2019-06"),
        ("question: flies, by: 2024, date: 2019-06", "date", "2019-06"),
        ("event: flight, by: 2019-12-31, happened: false", "by", "2019-12-31"),
        ("event: flight, happened: false", "by", "no `by`, so the last day known, 2026-01-01"),
        ("driver: mood, by: 2019, level: low", "by", "2019-01-01"),
    ],
)
def test_answers_lie_in_the_simulated_time(tmp_path: Path, answer: str, key: str, day: str) -> None:
    text = f"known: 2026-01-01\nquestions:\n  - {{id: a, title: A, {answer}, sources: x.1}}\n"
    path = written(tmp_path, text)
    with pytest.raises(ScenarioError) as error:
        read_history(path).asked_of(scenario(), unread)
    assert str(error.value) == (
        f"{path}:3: error: questions.0.{key}: found {day}, outside the simulated time, expected a "
        "date from 2020-01-01 to 2025-08-05"
    )


def test_statements_that_cannot_be_answered_are_told_with_all_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(BROKEN)
    asked = scenario(flies={"event": "flight", "by": "2024-12-31"}, often={"count": "flight"})
    with pytest.raises(ScenarioError) as error:
        put(read_history(Path("statements.yaml")), asked, build_program(asked))
    assert str(error.value) == (BROKEN / "statements.txt").read_text("utf-8").rstrip("\n")


def test_answers_must_cite_claims_that_exist(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    press = "source: {title: Press}\nclaims: [{id: 1, date: 2025, statement: It flew.}]\n"
    (tmp_path / "seeds" / "press.yaml").write_text(press, encoding="utf-8")
    path = written(tmp_path, GOOD)
    with pytest.raises(ScenarioError) as error:
        read_history(path)
    assert str(error.value) == (
        f"{path}:4: error: questions.0.sources: found 'x.1', expected the id of a claim in "
        "seeds/: press.1 or press; the same in lines 5, 6, 7, 8 and 9"
    )


def test_the_history_asks_at_least_25_questions_of_every_kind() -> None:
    questions = read_history(SEEDS / "history.yaml").questions
    assert len(questions) >= 25
    answers = [one.happened for one in questions]
    assert answers.count(True) >= 10
    assert answers.count(False) >= 10
    assert answers.count(None) >= 5
    assert sum(one.date is not None for one in questions) >= 10


def test_the_contract_shows_a_file_that_can_be_scored_and_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = (SEEDS.parent / "docs" / "results.md").read_text(encoding="utf-8")
    section = page.partition("## Files of resolved questions")[2].partition("\n## ")[0]
    file = section.partition("```yaml\n")[2].partition("```")[0]
    shown = section.partition("```console\n")[2].partition("\n")[2].partition("\n1 error")[0]
    keys = section.partition("| key |")[2].partition("\n\n")[0]
    assert all(f"`{key}`" in keys for key in FIELDS)
    baseline = load(SEEDS.parent / "scenarios" / "baseline.yaml").scenario
    program = build_program(baseline)
    path = Path("answers.yaml")
    monkeypatch.chdir(tmp_path)
    path.write_text(file, encoding="utf-8")
    asked = put(read_history(path), baseline, program)
    assert [one.kind for one in asked] == ["event", "event", "driver", "statement"]
    path.write_text(file.replace("cross_flight", "crossflight"), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        put(read_history(path), baseline, program)
    assert str(error.value) == shown
