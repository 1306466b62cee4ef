"""The shipped hindcast of August 2025, scored by the command, against the scores written before.

Those were worked out by hand in November 2026, from 20,000 timelines with the same seed, before
there was a command: a probability is known to 0.004, a mean Brier score to about 0.001.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from terminal import coopsim

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "forecasts/hindcast-2025-08"
MEAN, CHANCE = 0.0015, 0.006  # what the numbers may be off: both have an error, and are rounded
SILENT = {"h04", "h06", "h07", "h13", "h15", "h18", "h20", "h21", "h26"}
CAME = {"h05", "h08", "h10", "h12", "h19", "h27"}  # of those that the baseline answers
CHANCES = {
    "h01": 0.030, "h02": 0.097, "h03": 0.002, "h05": 0.908, "h08": 0.390, "h09": 0.082,
    "h10": 0.993, "h11": 0.000, "h12": 0.795, "h14": 0.010, "h16": 0.000, "h17": 0.082,
    "h19": 0.113, "h22": 0.027, "h23": 0.211, "h24": 0.003, "h25": 0.078, "h27": 0.266,
    "h28": 0.237, "h29": 0.215,
}  # fmt: skip


@pytest.fixture(scope="module")
def scored() -> dict[str, Any]:
    foils = ("--foil", "coin", "--foil", "unchanged", "--foil", "face_value")
    done = coopsim(ROOT, "forecast", "score", "--forecasts", FOLDER, *foils, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


@pytest.fixture(scope="module")
def accounts(scored: dict[str, Any]) -> dict[str, Any]:
    return {one["forecaster"]: one for one in scored["accounts"]}


def brier(account: dict[str, Any], scope: str) -> dict[str, Any]:
    found: dict[str, Any] = account["means"][scope]["brier"]
    return found


@pytest.mark.parametrize(
    ("forecaster", "answered", "all_of_them"),
    [
        ("baseline", 0.096, 0.144),
        ("thaw", 0.139, 0.174),
        ("freeze", 0.094, 0.142),
        ("face_value", 0.323, 0.305),
    ],
)
def test_the_mean_brier_scores(
    accounts: dict[str, Any], forecaster: str, answered: float, all_of_them: float
) -> None:
    account = accounts[forecaster]
    assert account["hindcast"]
    assert brier(account, "answered")["loss"]["value"] == pytest.approx(answered, abs=MEAN)
    assert brier(account, "all")["loss"]["value"] == pytest.approx(all_of_them, abs=MEAN)


@pytest.mark.parametrize(
    ("forecaster", "answered", "exact", "score", "all_exact"),
    [
        ("baseline", 20, 13, 0.055, 0.162),
        ("thaw", 20, 13, 0.056, 0.163),
        ("freeze", 20, 13, 0.051, 0.161),
        ("face_value", 22, 15, 0.241, 0.246),
    ],
)
def test_what_is_asked_exactly_stands_beside_all(
    accounts: dict[str, Any],
    forecaster: str,
    answered: int,
    exact: int,
    score: float,
    all_exact: float,
) -> None:
    account = accounts[forecaster]
    counts = {scope: brier(account, scope)["questions"] for scope in account["means"]}
    assert counts == {"answered": answered, "exact": exact, "all": 29, "all_exact": 29}
    assert brier(account, "exact")["loss"]["value"] == pytest.approx(score, abs=MEAN)
    assert brier(account, "all_exact")["loss"]["value"] == pytest.approx(all_exact, abs=MEAN)


# Nothing changes is wrong on three of the twenty.
def test_the_foils(accounts: dict[str, Any]) -> None:
    foils = brier(accounts["baseline"], "answered")["loss"]["foils"]
    assert foils["coin"] == 0.25
    assert foils["unchanged"] == pytest.approx(3 / 20)
    of_all = brier(accounts["baseline"], "all")["loss"]["foils"]
    assert of_all["coin"] == 0.25
    assert of_all["face_value"] == pytest.approx(0.305, abs=MEAN)


def test_each_chance_of_the_baseline(accounts: dict[str, Any]) -> None:
    chances = {
        one["identity"]: one["chances"]["yes"] for one in accounts["baseline"]["judged"]
        if one["chances"]
    }  # fmt: skip
    assert chances == pytest.approx(CHANCES, abs=CHANCE)


def test_where_it_is_silent_more_came_true_than_where_it_speaks(scored: dict[str, Any]) -> None:
    came = {one["world"]["id"] for one in scored["courses"] if one["resolution"]["answer"] == "yes"}
    assert len(scored["courses"]) == 29
    assert came - SILENT == CAME
    assert len(came & SILENT) == 7


def test_three_questions_make_most_of_the_loss(accounts: dict[str, Any]) -> None:
    losses = {
        one["identity"]: one["losses"]["brier"]["value"] for one in accounts["baseline"]["judged"]
        if one["losses"]
    }  # fmt: skip
    worst = sorted(losses, key=lambda name: -losses[name])[:3]
    assert set(worst) == {"h19", "h27", "h08"}
    assert sum(losses[name] for name in worst) / sum(losses.values()) == pytest.approx(
        0.88, abs=0.01
    )


def test_it_was_recorded_from_what_was_known_in_august_2025() -> None:
    for name in ("baseline", "thaw", "freeze", "face_value"):
        text = (ROOT / FOLDER / f"2025-08-05-{name}.json").read_text(encoding="utf-8")
        assumed = json.loads(text)["assumed"]
        assert (assumed["as_of"], assumed["timelines"], assumed["seed"]) == (
            "2025-08-05", 20_000, 2025,
        )  # fmt: skip
