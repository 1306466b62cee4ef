"""What moved between two records, and a hub of all of them, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forecast_world import QUESTIONS, WORLD
from terminal import coopsim, installed

THEN = {"COOPSIM_NOW": "2026-07-01T12:00:00+00:00"}
NOW = {"COOPSIM_NOW": "2026-08-01T12:00:00+00:00"}


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder in which a forecast was amended as decrees were taken to come faster."""
    folder = tmp_path_factory.mktemp("amended")
    (folder / "small.yaml").write_text(WORLD, encoding="utf-8")
    (folder / "forecasts").mkdir()
    (folder / "forecasts" / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    for rate, words, when in (
        ("0.5", [], THEN),
        ("1.5", ["--why", "Decrees come faster."], NOW),
    ):
        setting = f"events.decree.rate={rate} per year"
        run = ["run", "small.yaml", "--set", setting, "--no-figures", "--quiet"]
        done = coopsim(folder, *run)
        assert (done.returncode, done.stderr) == (0, "")
        done = coopsim(folder, "forecast", "record", "small", *words, **when)
        assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_a_forecaster_is_held_against_what_it_superseded(amended: Path) -> None:
    done = installed(amended, "forecast", "changes", "small", **NOW)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "From 2026-01-01-small to 2026-01-01-small-2\n"
        "Made on 2026-07-01, then on 2026-08-01; 2,000 timelines, seed 7\n"
        "\n"
        "What changes\n"
        "  decree\n"
        "    rate: 0.5 per year -> 1.5 per year\n"
        "\n"
    )
    assert "3 others do not differ (shown by --all)." in done.stdout
    (drawn,) = amended.glob("results/changes-2026-01-01-small-2-2026-01-01-small-*")
    assert {"answer.csv", "answer.json", "explained.png"} <= {path.name for path in drawn.iterdir()}


# The same two, named by their files and the other way round.
def test_records_are_named_by_their_files(amended: Path) -> None:
    words = ["2026-01-01-small-2", "forecasts/2026-01-01-small.json", "--runs", "200", "--json"]
    done = coopsim(amended, "forecast", "changes", *words, **NOW)
    tree = json.loads(done.stdout)
    assert (tree["before"]["name"], tree["after"]["name"]) == (
        "2026-01-01-small-2",
        "2026-01-01-small",
    )
    assert tree["others"] == ["the number of timelines by which they are split, 200"]
    assert tree["questions"][0]["identity"] == "decree"
    assert tree["questions"][0]["answers"][0]["change"]["value"] < 0


def test_a_hub_is_written_once(amended: Path) -> None:
    done = coopsim(amended, "forecast", "export", "--to", "hub", **NOW)
    assert (done.returncode, done.stdout) == (0, (
        "Written to hub\n"
        "2 forecasts of small, 4 questions\n"
        "\n"
        "Files\n"
        "  hub-config/admin.json\n"
        "  hub-config/tasks.json\n"
        "  hub-config/model-metadata-schema.json\n"
        "  model-metadata/coopsim-small.yml\n"
        "  model-output/coopsim-small/2026-07-01-coopsim-small.parquet\n"
        "  model-output/coopsim-small/2026-08-01-coopsim-small.parquet\n"
        "\n"
        "Left out: 1 question on which all are silent.\n"
        "\n"
        "To publish it, write the name of its repository and whom to ask into\n"
        "hub-config/admin.json.\n"
    ))  # fmt: skip
    again = coopsim(amended, "forecast", "export", "--to", "hub", **NOW)
    assert (again.returncode, again.stdout, again.stderr) == (
        2, "", "coopsim: hub is there already and is not an empty folder\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("2026-01-01-small",),
         "2026-01-01-small.json supersedes nothing: name a second record, too"),
        (("small", "small"),
         "2026-01-01-small-2.json is compared with itself: name two records"),
        (("smal",),
         ("no forecaster or record 'smal' in forecasts; expected small, 2026-01-01-small.json or "
          "2026-01-01-small-2.json; did you mean 'small'?")),
        (("small", "--runs", "50"),
         "50 timelines are too few to detect effects; at least 100 are needed"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(amended: Path, words: tuple[str, ...], message: str) -> None:
    done = coopsim(amended, "forecast", "changes", *words, **NOW)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"coopsim: {message}\n")


def test_an_edited_folder_is_refused(amended: Path, tmp_path: Path) -> None:
    folder = tmp_path / "forecasts"
    folder.mkdir()
    for path in (amended / "forecasts").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    path = folder / "2026-01-01-small.json"
    path.write_text(path.read_text("utf-8").replace("0.5 per year", "0.6 per year"), "utf-8")
    for words in (("changes", "small"), ("export", "--to", "hub")):
        done = coopsim(tmp_path, "forecast", *words, **NOW)
        assert (done.returncode, done.stdout) == (2, "")
        assert "the record was edited" in done.stderr
    assert not (tmp_path / "hub").exists()
