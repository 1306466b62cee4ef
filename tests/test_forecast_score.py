"""`coopsim forecast score`, from a folder of forecasts to its page, its JSON and its figures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coopsim import api
from coopsim.errors import ScenarioError, UsageError
from forecast_world import MADE, asked_in, played
from terminal import coopsim

pytestmark = pytest.mark.slow

THEN = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder in which the decree came on 1 August, a month after it was forecast."""
    folder = tmp_path_factory.mktemp("scored")
    forecasts = asked_in(folder / "forecasts")
    for name in ("small", "other"):
        api.record_forecasts([played()], forecasts, forecaster=name, now=MADE, workers=1)
    api.resolve_question(
        "decree", "2026-08-01", source="The gazette", seen="It was.", forecasts=forecasts, now=THEN
    )
    return folder


def test_a_folder_is_scored_from_what_was_recorded_alone(folder: Path) -> None:
    found = api.score_forecasts(folder / "forecasts", now=THEN)
    recorded = json.loads((folder / "forecasts" / "2026-01-01-small.json").read_text())
    chance = recorded["questions"][0]["chances"]["yes"]["probability"]
    assert (found.forecasters, found.foils) == (("small", "other"), ("coin", "unchanged"))
    brier = found.accounts[0].means["answered"]["brier"]
    assert brier.questions == 1
    assert brier.loss.value == pytest.approx((1 - chance) ** 2)
    assert brier.loss.foils == {"coin": 0.25, "unchanged": 1.0}  # `unchanged: no`
    assert [one.world.identity for one in found.courses] == [
        "decree", "flights", "mood", "moon", "treaty",
    ]  # fmt: skip
    assert not found.accounts[0].hindcast


def test_forecasters_and_foils_may_be_chosen(folder: Path) -> None:
    found = api.score_forecasts(folder / "forecasts", ["other"], ["small", "coin"], now=THEN)
    (account,) = found.accounts
    assert (account.forecaster, found.foils) == ("other", ("small", "coin"))
    loss = account.means["all"]["brier"].loss
    assert loss.foils["small"] == pytest.approx(loss.value)  # of the same timelines


def test_who_is_not_there_is_named_with_a_near_miss(folder: Path) -> None:
    for asked in ({"forecasters": ["smal"]}, {"foils": ["smal"]}):
        with pytest.raises(UsageError) as raised:
            api.score_forecasts(folder / "forecasts", now=THEN, **asked)
        assert str(raised.value) == (
            f"found 'smal', expected a forecaster of {folder / 'forecasts'}: small or other; did "
            "you mean 'small'?"
        )


def test_a_folder_that_is_not_whole_is_not_scored(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "forecasts"
    copy.mkdir()
    for path in (folder / "forecasts").iterdir():
        text = path.read_text("utf-8").replace("It was.", "It was not.")
        (copy / path.name).write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"resolutions\.yaml"):
        api.score_forecasts(copy, now=THEN)


def test_the_command_shows_scores_and_draws_them(folder: Path) -> None:
    done = coopsim(folder, "forecast", "score", "small", "--foil", "other")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "Questions of a small world\n5 questions: 1 resolved and 4 open\n"
    )
    (drawn,) = (folder / "results").iterdir()
    assert drawn.name.startswith("track-small-")
    assert {path.name for path in drawn.glob("*.png")} == {
        "questions.png", "calibration-small.png", "scores-small.png",
    }  # fmt: skip
    done = coopsim(folder, "forecast", "score", "small", "--foil", "other", "--json")
    assert json.loads(done.stdout) == json.loads((drawn / "answer.json").read_text())
    done = coopsim(folder, "forecast", "score", "small", "--no-figures")
    assert (done.returncode, len(list((folder / "results").iterdir()))) == (0, 1)


def test_the_command_ends_where_somebody_is_not_there(folder: Path) -> None:
    done = coopsim(folder, "forecast", "score", "tin", "--no-figures")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "coopsim: found 'tin', expected a forecaster of forecasts: small or other\n"
    )
