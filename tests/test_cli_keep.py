"""`coopsim run --keep` and `--on`, as a person would type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from terminal import coopsim
from test_cli import SMALL


@pytest.fixture(scope="module")
def summed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder in which a scenario has been run, and of it the summary alone is kept."""
    folder = tmp_path_factory.mktemp("summed")
    (folder / "small.yaml").write_text(SMALL)
    done = coopsim(folder, "run", "small.yaml", "--keep", "nothing", "--engine", "simpy", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


@pytest.mark.slow
def test_figures_and_answers_are_there(summed: Path) -> None:
    (folder,) = (summed / "results").iterdir()
    assert {path.name for path in folder.iterdir()} == {
        "figures", "manifest.json", "scenario.yaml", "summary.csv", "summary.json",
        "tallies.parquet",
    }  # fmt: skip
    told = coopsim(summed, "summary", "small", "--json").stdout
    assert told == (folder / "summary.json").read_text()


def test_what_is_kept_is_listed_and_shown(summed: Path) -> None:
    assert "nothing" in coopsim(summed, "ls").stdout
    (told,) = json.loads(coopsim(summed, "ls", "--json").stdout)
    assert told["keep"] == "nothing"
    shown = coopsim(summed, "show", "small").stdout
    assert "  keeps            no firings, only totals\n" in shown


def test_what_needs_firings_says_how_to_have_them(summed: Path) -> None:
    (folder,) = (summed / "results").iterdir()
    path = folder.relative_to(summed)
    for asked in (["given", "small", "--that", "flight by 2028"], ["answers", "small"]):
        done = coopsim(summed, *asked)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == (
            f"coopsim: {path} keeps the summary only, and this needs all firings: simulate it "
            f"again with `coopsim run {path}/scenario.yaml --keep firings --replace`\n"
        )


def test_what_is_no_cluster_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    done = coopsim(tmp_path, "run", "small.yaml", "--on", "machine:8786")
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "coopsim: --on: found `machine:8786`, expected dask://HOST:PORT\n",
    )
    assert not (tmp_path / "results").exists()
