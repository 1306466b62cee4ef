"""docs/track-record.md, played in a copy of the track record, prints what it shows.

`python docs/make_tutorial.py docs/track-record.md` renews the page.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim import api
from test_docs_tutorial import DOCS, reader

pytestmark = pytest.mark.slow

PAGE = (DOCS / "track-record.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Play the page once; gives what it would show now, and the reader's folder."""
    person = reader(tmp_path_factory.mktemp("keeper"))
    return person.play(PAGE), person.folder


def test_the_page_shows_what_its_commands_print(played: tuple[str, Path]) -> None:
    assert played[0] == PAGE


def test_the_folder_is_whole_after_the_walk_and_three_questions_are_resolved(
    played: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPSIM_NOW", "2027-01-04T09:00:00+00:00")
    found = api.score_forecasts(played[1] / "forecasts")
    answers = {one.world.identity: one.answer for one in found.courses if one.answer}
    assert answers == {"q01": "none", "q03": "yes", "q19": "no"}
    assert not any(one.hindcast for one in found.accounts)


def test_the_prose_says_what_the_hindcast_scored() -> None:
    found = api.score_forecasts(DOCS.parent / "forecasts" / "hindcast-2025-08", foils=FOILS)
    base = next(one for one in found.accounts if one.forecaster == "baseline")
    answered, everything = (base.means[scope]["brier"] for scope in ("answered", "all"))
    assert base.expected is not None
    for value in (
        answered.loss.value, everything.loss.value, base.expected,
        answered.loss.foils["face_value"],
    ):  # fmt: skip
        assert f"{value:.3f}" in PROSE
    assert "94 %" in PROSE
    thaw = next(one for one in found.accounts if one.forecaster == "thaw")
    settled = next(one for one in thaw.judged if one.identity == "h23")
    assert f"{settled.chances['yes']:.0%}" == "94%"


FOILS = ("coin", "unchanged", "face_value")
PROSE = PAGE.partition("Read it so:")[2].partition("### What it missed")[0]
