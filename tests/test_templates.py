"""`coopsim new`: templates that run as they are, copied under a name of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim import shipped
from coopsim.analysis.summaries import summarise
from coopsim.cli.options import LikeOption
from coopsim.errors import CoopsimError, UsageError
from coopsim.scenario.formatting import changes
from coopsim.scenario.loading import Loaded, load
from coopsim.shipped import new_scenario
from coopsim.simulation.building import build_program
from coopsim.simulation.compiled import simulate
from terminal import coopsim

FOLDER = Path(__file__).resolve().parents[1] / "templates"
NAMES = [one.value for one in LikeOption]


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.yaml"


def headline_of(loaded: Loaded, runs: int = 1000) -> float:
    """Get the chance of the headline question."""
    program = build_program(loaded.scenario)
    firings = simulate(program, 0, runs)
    (asked,) = [name for name, one in loaded.scenario.outcomes.items() if one.headline]
    summary = summarise(loaded.scenario, program, [firings], loaded.hash)
    return float(summary.to_json()["outcomes"][asked]["probability"])


def test_the_option_names_the_templates_that_are_there() -> None:
    assert sorted(NAMES) == sorted(path.stem for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_small_and_complete(name: str) -> None:
    loaded = load(path_of(name))
    scenario = loaded.scenario
    assert [str(warning) for warning in loaded.warnings] == []
    assert scenario.scenario == name
    assert (len(scenario.drivers), len(scenario.events)) == (2, 3 + _switches(loaded))
    assert [one.headline for one in scenario.outcomes.values()].count(True) == 1
    assert all(one.title for one in scenario.outcomes.values())
    for entry in (*scenario.drivers.values(), *scenario.events.values()):
        assert (entry.judgement or "").startswith("A placeholder.")


def _switches(loaded: Loaded) -> int:
    return sum(" -> " in name for name in loaded.scenario.events)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_written_in_todays_words(name: str) -> None:
    text = path_of(name).read_text("utf-8")
    assert changes([path_of(name)]) == []
    assert max(map(len, text.splitlines())) <= 100
    for word in ("why:", " % within ", "when: ", "headline: true", "title: "):
        assert word in text


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_runs_and_the_number_to_turn_first_moves_its_headline(
    name: str, tmp_path: Path
) -> None:
    made = new_scenario(str(tmp_path / "mine"), name)
    before, after = load(made.path), load(made.path, [made.turn])
    assert before.scenario.scenario == "mine"
    assert [str(warning) for warning in after.warnings] == []
    assert 0.1 < headline_of(before) < 0.6
    assert headline_of(after) - headline_of(before) > 0.03


def test_only_the_id_of_a_template_is_changed(tmp_path: Path) -> None:
    made = new_scenario(str(tmp_path / "mine.yaml"), "space")
    _, template = path_of("space").read_text("utf-8").split("\n", 1)
    assert made.path == tmp_path / "mine.yaml"
    assert made.path.read_text("utf-8") == template.replace("scenario: space", "scenario: mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


@pytest.mark.parametrize("name", ["null", "true", "2030", "1e3"])
def test_a_name_is_a_text_whatever_yaml_takes_it_for(name: str, tmp_path: Path) -> None:
    assert load(new_scenario(str(tmp_path / name), "blank").path).scenario.scenario == name


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        ("", "# yaml-language-server: $schema=schema/scenario.schema.json"),
        ("mine", "# yaml-language-server: $schema=../schema/scenario.schema.json"),
        ("mine/deep", "#"),
    ],
)
def test_an_editor_is_told_of_a_schema_in_reach(folder: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "scenario.schema.json").touch()
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    made = new_scenario(str(tmp_path / folder / "venus"), "space")
    assert made.path.read_text("utf-8").splitlines()[0] == line


@pytest.mark.parametrize("name", ["", "..", "my venus", "a.b", "-venus", "futures/", "v" * 81])
def test_a_name_that_is_none_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = name if name != "futures/" else "futures/.yaml"
    with pytest.raises(UsageError) as caught:
        new_scenario(wrong, "space")
    shown = wrong if len(wrong) <= 60 else f"{wrong[:60]}..."
    assert str(caught.value) == (
        f"found '{shown}', expected a name of letters, digits, - and _, such as `venus` or "
        "`futures/venus`"
    )
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine", encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nowhere")
    for name in ("mine", "link"):
        with pytest.raises(UsageError) as caught:
            new_scenario(str(tmp_path / name), "space")
        assert str(caught.value) == f"{tmp_path / name}.yaml is there already: choose another name"
    assert (tmp_path / "mine.yaml").read_text("utf-8") == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "venus"
    with pytest.raises(CoopsimError) as caught:
        new_scenario(str(path), "space")
    assert str(caught.value) == f"{path}.yaml cannot be written: No such file or directory"


def test_the_command_says_what_to_do_next(tmp_path: Path) -> None:
    done = coopsim(tmp_path, "new", "venus", "--like", "space")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "venus.yaml\n"
        "Next: coopsim run venus.yaml\n"
        "Then change one number: coopsim run venus.yaml --set 'events.agreement.rate.warm=1.5 "
        "per year'\n"
    )
    again = coopsim(tmp_path, "new", "venus", "--like", "treaty")
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == "coopsim: venus.yaml is there already: choose another name\n"


def test_a_template_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    done = coopsim(tmp_path, "new", "venus", "--like", "moon")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "coopsim: Invalid value for '--like': 'moon' is not one of 'space', 'treaty', "
        "'programme', 'blank' (`coopsim new --help` shows how)\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_templates_come_with_the_folders_that_init_lays_out() -> None:
    assert shipped.TEMPLATES in shipped.FOLDERS
