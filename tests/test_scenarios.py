"""The shipped scenarios as files: they load in silence, explain themselves and stay short."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from coopsim.scenario.loading import Loaded, load

FOLDER = Path(__file__).resolve().parents[1] / "scenarios"
LATER = "2026-10"  # the family of October 2026
PATHS = {
    f"{path.stem}{suffix}": path
    for folder, suffix in ((FOLDER, ""), (FOLDER / LATER, "_2026"))
    for path in sorted(folder.glob("*.yaml"))
}
NAMES = list(PATHS)
WHOLE = ("baseline", "baseline_2026")  # the others extend one of them
LONG = ("backtest_2014",)  # another time, and not only another course of things
PAGE = 90  # lines

pytestmark = pytest.mark.parametrize("name", NAMES)


def path_of(name: str) -> Path:
    return PATHS[name]


@cache
def loaded(name: str) -> Loaded:
    return load(path_of(name))


def head_comment(name: str) -> list[str]:
    """Take the comment below the line for editors, up to the first line that is none."""
    editor, *lines = path_of(name).read_text().splitlines()
    up = "../.." if name.endswith("_2026") else ".."
    assert editor == f"# yaml-language-server: $schema={up}/schema/scenario.schema.json"
    story = []
    for line in lines:
        if not line.startswith("#"):
            break
        story.append(line.removeprefix("#").strip())
    return [line for line in story if line]


def test_it_loads_without_a_warning(name: str) -> None:
    found = loaded(name)
    assert found.scenario.scenario == name
    assert [str(warning) for warning in found.warnings] == []


def test_its_head_tells_the_story_in_a_few_sentences(name: str) -> None:
    story = " ".join(head_comment(name))
    assert story.count(". ") >= 2
    assert 200 < len(story) < 1800


def test_it_has_a_title_of_its_own(name: str) -> None:
    title = loaded(name).scenario.title
    assert title
    others = [loaded(other).scenario.title for other in NAMES if other != name]
    assert title not in others


def test_a_child_is_a_page_or_less(name: str) -> None:
    text = path_of(name).read_text()
    assert ("\nextends: " in text) == (name not in WHOLE)
    assert name in LONG or len(text.splitlines()) <= PAGE


def test_every_driver_and_event_says_where_it_comes_from(name: str) -> None:
    scenario = loaded(name).scenario
    entries = [*scenario.drivers.items(), *scenario.events.items()]
    assert [key for key, entry in entries if not entry.sources and not entry.judgement] == []
    assert [key for key, entry in entries if not entry.title] == []


def test_it_is_a_whole_world_with_many_questions(name: str) -> None:
    scenario = loaded(name).scenario
    assert len(scenario.drivers) >= 12
    assert len(scenario.events) >= 60
    assert len(scenario.outcomes) >= 20
    assert "index" in {question.kind for question in scenario.outcomes.values()}


def test_the_titles_of_its_questions_fit_a_table(name: str) -> None:
    titles = [question.title for question in loaded(name).scenario.outcomes.values()]
    assert all(title and len(title) <= 32 for title in titles)
    assert len(set(titles)) == len(titles)
