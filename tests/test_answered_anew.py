"""Other questions put to a result that is there: answered from its timelines, not simulated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coopsim import api
from coopsim.errors import WouldLoseError
from terminal import coopsim

SCENARIO = """\
scenario: small
title: Small
start: 2025-01-01
end: 2030-12-31
seed: 3
events:
  flight: {rate: 1 per year, repeat: true, why: Made up.}
outcomes:
  flies: {event: flight}
"""
MORE = SCENARIO + "  flights: {count: flight, title: Flights}\n"


def loaded(text: str, folder: Path) -> Any:
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return api.load(path)


def parts(result: api.Result) -> dict[str, tuple[int, bytes]]:
    files = sorted((result.folder / "firings").iterdir())
    return {one.name: (one.stat().st_mtime_ns, one.read_bytes()) for one in files}


def test_a_new_question_is_answered_from_the_timelines_that_are_there(tmp_path: Path) -> None:
    first = api.run(loaded(SCENARIO, tmp_path), runs=200, out=tmp_path)
    before = parts(first)
    second = api.run(loaded(MORE, tmp_path), runs=200, out=tmp_path)
    assert second.folder == first.folder
    assert (first.answered_anew, second.answered_anew) == (False, True)
    assert parts(second) == before
    assert list(second.summary.outcomes) == ["flies", "flights"]
    kept = [one.store.manifest for one in (first, second)]
    assert kept[0].hash == kept[1].hash
    assert kept[0].questions != kept[1].questions
    again = api.open_result("small", tmp_path)
    assert again.summary == second.summary


def test_it_is_as_if_they_had_been_asked_from_the_start(tmp_path: Path) -> None:
    api.run(loaded(SCENARIO, tmp_path), runs=200, out=tmp_path / "one")
    late = api.run(loaded(MORE, tmp_path), runs=200, out=tmp_path / "one")
    early = api.run(loaded(MORE, tmp_path), runs=200, out=tmp_path / "two")
    assert late.summary == early.summary
    for name in ("summary.json", "summary.csv", "scenario.yaml"):
        assert (late.folder / name).read_bytes() == (early.folder / name).read_bytes()


def test_titles_and_reasons_are_no_other_questions(tmp_path: Path) -> None:
    first = api.run(loaded(SCENARIO, tmp_path), runs=50, out=tmp_path)
    text = SCENARIO.replace("title: Small", "title: Little").replace("Made up.", "Ours.")
    second = api.run(loaded(text, tmp_path), runs=50, out=tmp_path)
    assert second.folder == first.folder
    assert not second.answered_anew
    assert second.store.manifest.questions == first.store.manifest.questions
    assert api.open_result("small", tmp_path).scenario.title == "Little"


def test_more_timelines_are_simulated_all_the_same(tmp_path: Path) -> None:
    api.run(loaded(SCENARIO, tmp_path), runs=50, out=tmp_path)
    more = api.run(loaded(MORE, tmp_path), runs=80, out=tmp_path)
    assert (more.runs, more.answered_anew) == (80, False)


@pytest.mark.parametrize("keep", ["nothing", "firsts"])
def test_answers_alone_cannot_answer_other_questions(tmp_path: Path, keep: str) -> None:
    api.run(loaded(SCENARIO, tmp_path), runs=50, out=tmp_path, keep=keep)
    kept = {"nothing": "counts only", "firsts": "first firings"}[keep]
    with pytest.raises(WouldLoseError) as error:
        api.run(loaded(MORE, tmp_path), runs=50, out=tmp_path)
    folder = api.open_result("small", tmp_path).folder
    assert str(error.value) == (
        f"{folder} keeps {kept} of 50 timelines; to answer other questions, they would have to "
        "be removed and simulated again. Add --replace (in Python replace=True) to do so"
    )
    anew = api.run(loaded(MORE, tmp_path), runs=50, out=tmp_path, replace=True)
    assert list(anew.summary.outcomes) == ["flies", "flights"]


def test_the_command_line_says_so(tmp_path: Path) -> None:
    for text in (SCENARIO, MORE):
        loaded(text, tmp_path)
        told = coopsim(tmp_path, "run", "small.yaml", "--runs", "50", "--no-figures")
    assert told.stderr == "answered from the 50 timelines already stored: none was simulated\n"
