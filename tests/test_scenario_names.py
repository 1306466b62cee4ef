"""A bare name means the shipped scenario that has this id, in whatever folder its file lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.scenario.files import scenario_file
from coopsim.scenario.loading import load

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("thaw", "scenarios/thaw.yaml"),
        ("thaw_2026", "scenarios/2026-10/thaw.yaml"),
        ("baseline_2026", "scenarios/2026-10/baseline.yaml"),
        ("scenarios/thaw.yaml", "scenarios/thaw.yaml"),
        ("thaw_2027", "thaw_2027"),  # none: an error says so where it is read
        ("politics", "politics"),  # a section file has no id
        ("README.md", "README.md"),
        ("docs", "docs"),  # a folder that is there is taken for itself
    ],
)
def test_a_name_means_a_file(name: str, file: str) -> None:
    assert scenario_file(name) == Path(file)


def test_every_shipped_scenario_goes_by_its_id() -> None:
    files = [*Path("scenarios").glob("*.yaml"), *Path("scenarios").glob("2026-10/*.yaml")]
    assert len(files) == 18
    for file in files:
        assert scenario_file(load(file).scenario.scenario) == file


def test_a_file_that_cannot_be_read_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scenarios" / "later" / "a.yaml").mkdir(parents=True)
    (tmp_path / "scenarios" / "later" / "b.yaml").write_text("\nscenario: mine\n")
    monkeypatch.chdir(tmp_path)
    assert scenario_file("mine") == Path("scenarios/later/b.yaml")
