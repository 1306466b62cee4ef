"""docs/update.md, played from top to bottom, prints what it shows: a news item becomes a forecast.

`python docs/make_tutorial.py docs/update.md` renews the page.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coopsim import api
from test_docs_tutorial import DOCS, reader

pytestmark = pytest.mark.slow

PAGE = (DOCS / "update.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Play the page once; gives what it would show now, and the reader's folder."""
    person = reader(tmp_path_factory.mktemp("reader"))
    return person.play(PAGE), person.folder


def test_the_page_shows_what_its_commands_print(played: tuple[str, Path]) -> None:
    assert played[0] == PAGE


def test_the_forecast_on_record_rests_on_the_news(played: tuple[str, Path]) -> None:
    folder = played[1]
    first, second = (
        json.loads((folder / "forecasts" / f"{day}-baseline_2026.json").read_text("utf-8"))
        for day in ("2026-10-08", "2026-11-20")
    )
    assert second["supersedes"] == first["sha256"]
    assert second["why"] == "The fourth addendum is signed."
    before, after = (
        {one["world"]["id"]: one["chances"]["yes"]["probability"] for one in record["questions"]}
        for record in (first, second)
    )
    assert after["addendum"] == 1
    assert after["soyuz_guest"] > before["soyuz_guest"] + 0.1


def test_nothing_but_the_addendum_differs(played: tuple[str, Path]) -> None:
    results = played[1] / "results"
    base, other = (
        api.open_result(name, results).scenario for name in ("baseline_2026", "november_2026")
    )
    assert [name for name in base.events if base.events[name] != other.events[name]] == [
        "fourth_addendum_signed"
    ]
    assert base.drivers == other.drivers
    assert other.events["fourth_addendum_signed"].sources == ("addendum.1",)
