"""docs/first-hour.md, played from top to bottom in an empty folder, prints what it shows.

`python docs/make_tutorial.py docs/first-hour.md` renews the page.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coopsim import api
from test_docs_tutorial import DOCS, reader

pytestmark = pytest.mark.slow

PAGE = (DOCS / "first-hour.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Play the page once; gives what it would show now, and the reader's folder."""
    person = reader(tmp_path_factory.mktemp("newcomer"))
    return person.play(PAGE), person.folder


def test_the_page_shows_what_its_commands_print(played: tuple[str, Path]) -> None:
    assert played[0] == PAGE


def test_the_prose_says_what_came_out(played: tuple[str, Path]) -> None:
    results = played[1] / "results"
    base, turned = sorted(
        results.glob("venus-*"), key=lambda one: (one / "manifest.json").stat().st_mtime
    )
    announced = api.open_result("announced", results)
    chances = [_headline(api.open_result(str(one), results)) for one in (base, turned)]
    assert chances[1] > chances[0] + 0.03  # the number changes
    assert abs(_headline(announced) - 4 / 5) < 0.05  # in four futures of five
    assert announced.runs == int(
        re.findall(r"simulated ([\d,]+) possible", PAGE)[0].replace(",", "")
    )
    assert announced.scenario.events["agreement"].sources == ("talks.1",)


def _headline(result: api.Result) -> float:
    return float(result.summary.to_json()["outcomes"]["joint_mission"]["probability"])


def test_it_takes_ten_commands_or_so() -> None:
    assert 8 < len(re.findall(r"^\$ coopsim", PAGE, re.MULTILINE)) < 13
