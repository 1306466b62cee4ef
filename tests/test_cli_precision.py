"""`coopsim run --precision` as a person would run it: what it says, where, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from terminal import coopsim
from test_cli import SMALL

RUN = ("run", "small.yaml", "--no-figures")
NO_PRECISION = (
    "coopsim: --precision: found 5, expected more than 0 and less than 0.5, "
    "such as 0.005 for half a percentage point\n"
)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL)
    return tmp_path


def manifest_of(world: Path) -> dict[str, object]:
    (folder,) = (world / "results").iterdir()
    told: dict[str, object] = json.loads((folder / "manifest.json").read_text())
    return told


def test_the_timelines_that_a_precision_took_are_said_beside_the_answers(world: Path) -> None:
    done = coopsim(world, *RUN, "--precision", "0.025", "--json")
    runs = json.loads(done.stdout)["runs"]
    assert (done.returncode, runs) == (0, manifest_of(world)["runs"])
    assert runs in range(1_000, 3_000, 1_000)
    said = f"3 probabilities are known to ±0.025 after {runs:,} timelines, the least precise "
    assert done.stderr.startswith(said)
    again = coopsim(world, *RUN, "--runs", str(runs), "--out", "again", "--json")
    assert (again.stdout, again.stderr) == (done.stdout, "")
    shown = coopsim(world, *RUN, "--precision", "0.025")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert done.stderr in shown.stdout


def test_a_precision_that_is_out_of_reach_is_said_before_and_after(world: Path) -> None:
    done = coopsim(world, *RUN, "--precision", "1e-3", "--precise", "flies", "--runs", "1200")
    (before,) = done.stderr.splitlines()
    assert done.returncode == 0
    assert before.startswith("--precision 0.001 takes about ")
    assert before.endswith(
        " timelines, and at most 1,200 are allowed; raise `--runs` to allow more"
    )
    said = "1 of 1 probabilities not known to ±0.001 after 1,200 timelines: flies ±0.02"
    assert said in done.stdout
    assert manifest_of(world)["runs"] == 1_200


def test_quiet_says_nothing_of_it(world: Path) -> None:
    done = coopsim(world, *RUN, "--precision", "0.001", "--runs", "1100", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--precision", "5"),
            NO_PRECISION,
        ),
        (
            ("--precision", "0.01", "--precise", "flis"),
            "coopsim: no outcome 'flis'; did you mean 'flies'?\n",
        ),
        (
            ("--precise", "flies"),
            "coopsim: --precise needs a --precision, such as `--precision 0.005`\n",
        ),
    ],
)
def test_what_is_no_precision_ends_with_2_and_writes_nothing(
    options: tuple[str, ...], message: str, world: Path
) -> None:
    done = coopsim(world, *RUN, *options)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert not (world / "results").exists()
