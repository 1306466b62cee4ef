"""`coopsim given` and `coopsim discover`, run as a person would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from terminal import coopsim
from test_cli import SMALL


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with the result of a small scenario."""
    folder = tmp_path_factory.mktemp("given")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    done = coopsim(folder, "run", "small.yaml", "--no-figures", "--quiet")
    assert done.returncode == 0, done.stderr
    return folder


def told(folder: Path, *arguments: str) -> str:
    done = coopsim(folder, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_answers_given_evidence_with_a_figure(folder: Path) -> None:
    page = told(
        folder, "given", "small", "--that", "decree by 2027", "--that", "not flight by 2027"
    )
    assert page.startswith(
        "A small world\nGiven that decree by 2027; and that not flight by 2027\n"
    )
    assert "Open first: results/given-small-" in page
    assert len(list(folder.glob("results/given-small-*/given.png"))) == 1


def test_json_holds_both_answers(folder: Path) -> None:
    found = json.loads(told(folder, "given", "small", "--that", "decree by 2027", "--json"))
    assert found["runs"] == 300
    assert found["matches"] == round(found["share"]["share"] * 300)
    assert set(found["given"]["outcomes"]) == set(found["overall"]["outcomes"])


def test_more_are_simulated_until_enough_match(folder: Path) -> None:
    search = ("given", "small", "--that", "decree by 2025", "--until", "120", "--json")
    found = json.loads(told(folder, *search))
    assert found["matches"] >= 120
    assert found["runs"] % 1000 == 0
    assert found["overall"]["runs"] == 300
    # What was simulated is not kept, and comes out the same again.
    assert json.loads(told(folder, *search)) == found
    assert coopsim(folder, "ls").stdout.count("300") == 1


def test_what_is_wrong_is_said_in_one_line(folder: Path) -> None:
    done = coopsim(folder, "given", "small")
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "coopsim: Missing option '--that' (`coopsim given --help` shows how)\n",
    )
    done = coopsim(folder, "given", "small", "--ask", "decree by 2027")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "coopsim: `coopsim given` has no option --ask: `coopsim ask RESULT STATEMENT --if "
        "STATEMENT` says how likely it is\n"
    )
    done = coopsim(folder, "given", "small", "--that", "decre by 2027")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "coopsim: `decre by 2027`, character 1: found `decre`, expected a driver, an event or an "
        "outcome: climate, climate: cold -> warm, decree, flight or flies; did you mean 'decree'?\n"
    )


def test_what_marks_an_outcome_with_its_figures(folder: Path) -> None:
    page = told(folder, "discover", "small", "--outcome", "flight by 2028")
    assert "\nSignposts up to 2027-08-04 " in page
    drawn = {path.name for path in folder.glob("results/discover-small-*/*.png")}
    assert drawn == {"boxes.png", "signposts.png"}


def test_discover_prints_json(folder: Path) -> None:
    found = json.loads(
        told(
            folder, "discover", "small", "--outcome", "flight by 2028", "--by", "2026-Q2", "--json"
        )
    )
    assert found["by"] == "2026-06-30"
    assert found["signposts"][0]["statement"].endswith(" 2026-06-30")


def test_a_day_that_is_none_is_told(folder: Path) -> None:
    done = coopsim(folder, "discover", "small", "--outcome", "flight", "--by", "soon")
    assert done.returncode == 2
    assert done.stderr == (
        "coopsim: --by: found `soon`, expected a date such as `2028-07-31`, `2028-07`, `2028-Q3` "
        "or `2028`\n"
    )
