"""Questions are meant by their ids or titles, and answered alone where that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import coopsim
from coopsim.analysis.naming import question_named, with_ids
from coopsim.errors import UsageError
from coopsim.scenario.spec import Question
from terminal import coopsim as called
from test_cli import SMALL

QUESTIONS = {
    name: Question.model_validate({"event": "flight", "title": title})
    for name, title in (
        ("flies", "A joint flight"),
        ("later", "A joint flight by 2028"),
        ("climate", None),
    )
}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("flies", "flies"),
        ("A joint flight", "flies"),
        (" a JOINT flight ", "flies"),
        ("A joint flight by 2028", "later"),
        ("climate", "climate"),
    ],
)
def test_an_id_or_a_title_names_a_question(text: str, name: str) -> None:
    assert question_named(text, QUESTIONS) == name


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A joint flight by 2030", "flies by 2030"),
        ("A joint flight=works", "flies=works"),
        ("A joint flight by 2028 on 2027", "later on 2027"),
        ("A joint flights", "A joint flights"),
        ("no joint flight", "no joint flight"),
    ],
)
def test_the_longest_title_gives_way_to_its_id(text: str, written: str) -> None:
    assert with_ids(text, QUESTIONS) == written


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fies", "no outcome 'fies'; did you mean 'flies'?"),
        ("A joint fligth", "no outcome 'A joint fligth'; did you mean 'A joint flight'?"),
        ("weather", "no outcome 'weather'; there are flies, later and climate"),
    ],
)
def test_a_name_that_is_none_is_told_with_what_is_near(text: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        question_named(text, QUESTIONS)
    assert str(error.value) == told


# --- from the command line ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with the results of two small scenarios."""
    folder = tmp_path_factory.mktemp("naming")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    warm = "scenario: warm\nextends: small.yaml\ndrivers: {climate: {initial: warm}}\n"
    (folder / "warm.yaml").write_text(warm, encoding="utf-8")
    for name in ("small", "warm"):
        done = called(folder, "run", f"{name}.yaml", "--no-figures", "--quiet")
        assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "small.yaml", "--no-figures"),
        ("summary", "small"),
        ("compare", "small", "warm", "--no-figures"),
        ("given", "small", "--that", "decree by 2028", "--no-figures"),
    ],
)
def test_one_question_alone_is_shown(folder: Path, arguments: tuple[str, ...]) -> None:
    whole = called(folder, *arguments)
    alone = called(folder, *arguments, "--outcome", "A joint flight")
    assert (alone.returncode, alone.stderr) == (0, "")
    assert "climate" in whole.stdout
    assert "A joint flight" in alone.stdout
    assert "climate" not in alone.stdout.partition("\n\n")[2]
    tree = json.loads(called(folder, *arguments, "--outcome", "flies", "--json").stdout)
    answered = tree["given"]["outcomes"] if "given" in tree else tree["outcomes"]
    assert list(answered) == ["flies"]


def test_of_several_results_the_one_is_named_that_does_not_ask(folder: Path) -> None:
    mute = "scenario: mute\nextends: small.yaml\noutcomes: {flies: null}\n"
    (folder / "mute.yaml").write_text(mute, encoding="utf-8")
    assert called(folder, "run", "mute.yaml", "--no-figures", "--quiet").returncode == 0
    (result,) = folder.glob("results/mute-*")
    done = called(folder, "compare", "small", "mute", "--outcome", "flies")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"coopsim: {result.name}: no outcome 'flies'; there is climate\n"


def test_what_is_not_shown_stays_in_the_folder(folder: Path) -> None:
    assert called(folder, "run", "small.yaml", "--no-figures", "--outcome", "flies").returncode == 0
    (result,) = folder.glob("results/small-*")
    tree = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    assert list(tree["outcomes"]) == ["flies", "climate"]


def test_a_run_that_nobody_can_show_is_not_begun(folder: Path) -> None:
    done = called(folder, "run", "small.yaml", "--seed", "8", "--outcome", "fies")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "coopsim: no outcome 'fies'; did you mean 'flies'?\n"
    assert len(list(folder.glob("results/small-*"))) == 1


def test_evidence_speaks_of_all_questions_whichever_are_shown(folder: Path) -> None:
    evidence = ("given", "small", "--that", "climate = warm by 2028", "--no-figures")
    done = called(folder, *evidence, "--outcome", "flies")
    assert (done.returncode, done.stderr) == (0, "")


def test_figures_of_one_question_have_a_folder_of_their_own(folder: Path) -> None:
    before = set(folder.glob("results/given-small-*"))
    for only in ((), ("--outcome", "flies")):
        done = called(folder, "given", "small", "--that", "decree by 2028", *only)
        assert (done.returncode, done.stderr) == (0, "")
    assert len(set(folder.glob("results/given-small-*")) - before) == 2


def test_python_takes_titles_too(folder: Path) -> None:
    result = coopsim.open_result(folder / next(iter(folder.glob("results/small-*"))))
    assert list(result.asking(["A joint flight"]).summary.outcomes) == ["flies"]
    assert list(result.asking([]).summary.outcomes) == ["flies", "climate"]


def test_an_id_means_the_scenario_as_its_file_says(folder: Path) -> None:
    changed = ("--set", "drivers.climate.initial=warm", "--no-figures", "--quiet")
    assert called(folder, "run", "small.yaml", *changed).returncode == 0
    plain, variant = sorted(
        folder.glob("results/small-*"),
        key=lambda one: json.loads((one / "manifest.json").read_text(encoding="utf-8"))["sets"],
    )
    done = called(folder, "compare", "small", "warm", "--no-figures", "--json")
    assert next(iter(json.loads(done.stdout)["results"])) == plain.name
    listed = called(folder, "ls").stdout
    assert f"\n{variant.name}" in listed
    assert "\n  with drivers.climate.initial=warm\n" in listed
