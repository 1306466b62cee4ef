"""`coopsim trace` and `coopsim causes`, run as a person would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from terminal import coopsim
from test_cli import SMALL

NONE_SUCH = (
    "coopsim: `flight by 2025` holds in none of 20 timelines; more of them (--runs) may "
    "include one\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with two small scenarios and a result of one."""
    folder = tmp_path_factory.mktemp("trace")
    (folder / "small.yaml").write_text(SMALL)
    (folder / "warm.yaml").write_text(
        "scenario: warm\nextends: small.yaml\ndrivers: {climate: {initial: warm}}\n"
    )
    done = coopsim(folder, "run", "small.yaml", "--runs", "50", "--no-figures", "--quiet")
    assert done.returncode == 0, done.stderr
    return folder


def told(folder: Path, *arguments: str) -> str:
    done = coopsim(folder, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_story_of_a_scenario_and_of_a_result_is_the_same(folder: Path) -> None:
    page = told(folder, "trace", "small.yaml", "--run", "17", "--no-figures")
    assert page.startswith(
        "A small world\nTimeline 17 of small, seed 7, 2025-08-05 to 2030-12-31\n"
    )
    assert told(folder, "trace", "small", "--run", "17", "--no-figures") == page


def test_a_story_has_its_figure(folder: Path) -> None:
    page = told(folder, "trace", "small", "--run", "4")
    assert "Open first: results/trace-small-" in page
    assert len(list(folder.glob("results/trace-small-*/trace-4.png"))) == 1


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ((), "Chosen as the most typical of 40 timelines: the nearest to the middle."),
        (("--typical",), "Chosen as the most typical of 40 timelines: the nearest to the middle."),
        (
            ("--typical", "flies"),
            'Chosen as the most typical of 40 timelines: the nearest to the middle of "A',
        ),
        (("--rarest",), "Chosen as the rarest of 40 timelines: "),
        (("--where", "flight by 2028"), "Chosen as the first of the "),
        (("--where", "flight", "--typical"), "Chosen as the most typical of the "),
    ],
)
def test_which_timeline_is_told(folder: Path, options: tuple[str, ...], line: str) -> None:
    page = told(folder, "trace", "small.yaml", *options, "--runs", "40", "--no-figures")
    assert any(each.startswith(line) for each in page.splitlines()), page


def test_side_by_side(folder: Path) -> None:
    page = told(folder, "trace", "small.yaml", "warm.yaml", "--run", "17")
    assert page.startswith("Timeline 17 of small and of warm\n")
    assert "On the first day climate: cold in small, warm in warm." in page
    assert "Open first: results/trace-small-" in page


def test_plain_data(folder: Path) -> None:
    tree = json.loads(told(folder, "trace", "small", "--run", "17", "--json"))
    assert (tree["scenario"], tree["run"]) == ("small", 17)
    pair = json.loads(told(folder, "trace", "small", "warm.yaml", "--run", "17", "--json"))
    assert pair["levels"] == [["climate", "cold", "warm"]]
    causes = json.loads(told(folder, "causes", "small", "flight", "--runs", "30", "--json"))
    assert list(causes["events"]) == ["flight"]
    (cause,) = causes["events"]["flight"]["causes"]
    assert (cause["name"], cause["share"]) == ("events.flight.after.decree", 1.0)


def test_causes_as_a_table_and_a_figure(folder: Path) -> None:
    page = told(folder, "causes", "small.yaml", "flight", "--runs", "60")
    assert "small: what events waited for last, over 60 timelines, seed 7" in page
    assert 'the end of the wait from "decree" to "flight"' in page
    assert len(list(folder.glob("results/causes-small-*/c*.png"))) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("trace", "small.yaml", "--typical", "fleis"),
            "coopsim: no outcome 'fleis'; did you mean 'flies'?\n",
        ),
        (
            ("causes", "small.yaml", "fligth", "--runs", "5"),
            "coopsim: no event 'fligth'; did you mean 'flight'?\n",
        ),
        (
            ("trace", "small.yaml", "--where", "flight by 2025", "--runs", "20"),
            NONE_SUCH,
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_told(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    done = coopsim(folder, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


def test_a_trace_of_nothing_is_asked_for_a_scenario(folder: Path) -> None:
    done = coopsim(folder, "trace")
    expected = "coopsim: Missing argument 'scenario' (`coopsim trace --help` shows how)\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", expected)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--run", "3", "--rarest"), "use --run, or choose with --typical, --rarest or --where"),
        (("--rarest", "--typical"), "use --typical or --rarest, not both"),
    ],
)
def test_options_that_exclude_each_other(folder: Path, options: tuple[str, ...], said: str) -> None:
    done = coopsim(folder, "trace", "small.yaml", *options)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize("command", ["trace", "causes"])
def test_help_has_an_example(folder: Path, command: str) -> None:
    assert f"Example: coopsim {command} scenarios/" in told(folder, command, "--help")
