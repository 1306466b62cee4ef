"""`coopsim sensitivity`, `diff`, `explain`, `sweep` and `compare --explain`, as a person would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from terminal import coopsim
from test_cli import SMALL

WARM = "scenario: warm\nextends: small.yaml\ndrivers: {climate: {initial: warm}}\n"
DECREE = "events.decree.rate.cold"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with two small scenarios and their results."""
    folder = tmp_path_factory.mktemp("whatif")
    uncertain = SMALL.replace("rate: 0.5 per year", "rate: 0.2 to 0.8 per year")
    (folder / "small.yaml").write_text(uncertain)
    (folder / "warm.yaml").write_text(WARM)
    for name in ("small", "warm"):
        done = coopsim(folder, "run", f"{name}.yaml", "--runs", "600", "--no-figures", "--quiet")
        assert done.returncode == 0, done.stderr
    return folder


def told(folder: Path, *arguments: str) -> str:
    done = coopsim(folder, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_sensitivity_of_an_outcome_draws_its_tornado(folder: Path) -> None:
    page = told(folder, "sensitivity", "small.yaml", "--outcome", "flies", "--runs", "200")
    assert page.startswith("Which assumptions drive the small results\n")
    assert "/tornado.png" in page
    assert len(list(folder.glob("results/sensitivity-small-*/tornado.png"))) == 1


def test_sensitivity_of_everything_lists_what_is_dead(folder: Path) -> None:
    page = told(folder, "sensitivity", "small", "--runs", "100", "--set", f"{DECREE}=0 per year")
    assert "What matters most to each answer" in page
    kept = folder / page.rstrip().rpartition("\nResult: ")[2]
    assert kept.name.startswith("sensitivity-small-")
    assert sorted(file.name for file in kept.iterdir()) == ["answer.csv", "answer.json"]
    tree = json.loads(
        told(folder, "sensitivity", "small", "--runs", "100", "--uncertain", "--json")
    )
    assert [one["path"] for one in tree["assumptions"]] == [
        "drivers.climate.switches.cold -> warm.rate"
    ]


def test_sensitivity_by_uncertainty_and_by_inputs(folder: Path) -> None:
    asked = ("--outcome", "flies", "--no-figures")
    page = told(
        folder, "sensitivity", "small.yaml", "--method", "uncertainty", "--runs", "100",
        "--replications", "5", *asked,
    )  # fmt: skip
    assert page.startswith(
        "Chance and model uncertainty in small\n100 draws of what we do not know"
    )
    page = told(folder, "sensitivity", "small", "--method", "inputs", *asked)
    assert page.startswith("How much each input matters in small\n600 timelines")
    done = coopsim(folder, "sensitivity", "small", "--method", "inputs")
    assert (done.returncode, done.stderr) == (
        2,
        "coopsim: --method inputs needs --outcome\n",
    )
    # A scenario, other assumptions and another number of timelines are played.
    for of, heading in (
        (["small.yaml", "--runs", "500"], "small\n500"), (["small", "--runs", "700"], "small\n700"),
        (["small", "--set", f"{DECREE}=0.1 per year"], "small + cold = 0.1 per year\n600"),
    ):  # fmt: skip
        page = told(folder, "sensitivity", *of, "--method", "inputs", *asked)
        assert page.startswith(f"How much each input matters in {heading} timelines")


def test_differences(folder: Path) -> None:
    page = told(folder, "diff", "small.yaml", "warm")
    assert page.startswith(
        "From small to warm\n1 difference\n\nDifferent\nclimate: level at the start\n"
    )
    tree = json.loads(told(folder, "diff", "small", "warm.yaml", "--json"))
    (one,) = tree["differences"]
    assert (one["path"], one["old"], one["new"]) == ("drivers.climate.initial", "cold", "warm")


def test_explaining(folder: Path) -> None:
    page = told(folder, "explain", "small.yaml", "warm.yaml", "--runs", "200")
    assert page.startswith("Why warm differs from small\n")
    assert "initial: cold -> warm" in page
    (drawn,) = folder.glob("results/explain-small-warm-*")
    assert {"answer.csv", "answer.json", "explained.png"} <= {path.name for path in drawn.iterdir()}
    tree = json.loads(told(folder, "explain", "small", "warm", "--runs", "200", "--json"))
    assert [one["name"] for one in tree["changes"]] == ["drivers.climate"]


def test_sweeping(folder: Path) -> None:
    arguments = ("--outcome", "flies", "--points", "3", "--runs", "200")
    page = told(folder, "sweep", "small", "--set", f"{DECREE}=0.1..2 per year", *arguments)
    assert page.startswith("A joint flight by 2030 in small\n200 timelines of each point")
    assert "/sweep.png" in page
    tree = json.loads(
        told(
            folder,
            "sweep",
            "small.yaml",
            "--set",
            f"{DECREE}=0.1..2 per year",
            "--set",
            "drivers.climate.initial=cold,warm",
            "--set",
            "seed=3",
            "--json",
            *arguments,
        )
    )
    assert [axis["path"] for axis in tree["axes"]] == [DECREE, "drivers.climate.initial"]
    assert (tree["seed"], len(tree["points"])) == (3, 6)


def test_a_comparison_explained(folder: Path) -> None:
    page = told(folder, "compare", "small", "warm", "--explain", "--no-figures")
    assert "Why warm differs from small\n600 timelines of each combination" in page
    tree = json.loads(told(folder, "compare", "small", "warm", "--explain", "--json"))
    assert [one["other"] for one in tree["explained"]] == ["warm"]


NO_FLEIS = (
    "coopsim: no outcome 'fleis'; did you mean 'flies'? (as a statement: `fleis`, character 1: "
    "found `fleis`, expected a driver, an event or an outcome: climate, climate: cold -> warm, "
    "decree, flight or flies; did you mean 'flies'?)\n"
)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sensitivity", "small.yaml", "--outcome", "fleis"),
         NO_FLEIS),
        (("explain", "small.yaml", "small.yaml"),
         "coopsim: small and small make the same assumptions: there is nothing to explain\n"),
        (("sweep", "small.yaml", "--set", f"{DECREE}=1 per year", "--outcome", "flies"),
         "coopsim: a sweep varies one or two assumptions\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    done = coopsim(folder, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


@pytest.mark.parametrize("command", ["sensitivity", "diff", "explain", "sweep"])
def test_help_has_an_example(folder: Path, command: str) -> None:
    page = told(folder, command, "--help")
    assert f"Example: coopsim {command} " in page
    assert max(map(len, page.splitlines())) <= 80


def test_figures_of_answers_are_no_foreign_results(folder: Path) -> None:
    assert "is no result" not in coopsim(folder, "ls").stderr
