from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import coopsim
from coopsim.errors import CoopsimError
from coopsim.simulation.results.manifest import (
    PACKAGE,
    Manifest,
    installed_versions,
    read_manifest,
    source_commit,
)
from fake_engine import facts


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Give the package folder of a checkout with one commit."""
    package = tmp_path / "checkout" / "src" / "coopsim"
    package.mkdir(parents=True)
    (package / "code.py").write_text("one = 1\n")
    git(package, "init", "--quiet", str(tmp_path / "checkout"))
    git(package, "add", ".")
    git(package, "commit", "--quiet", "--message", "First")
    return package


def test_the_package_is_the_whole_of_coopsim() -> None:
    assert Path(coopsim.__file__).parent == PACKAGE


def test_what_is_written_is_read(tmp_path: Path) -> None:
    manifest = Manifest.begin(facts(3000), "abc")
    manifest.write(tmp_path)
    assert read_manifest(tmp_path) == manifest


def test_it_says_what_results_promise(tmp_path: Path) -> None:
    Manifest.begin(facts(3000), "abc").write(tmp_path)
    tree = json.loads((tmp_path / "manifest.json").read_text())
    assert {key: tree[key] for key in ("scenario", "hash", "seed", "runs")} == {
        "scenario": "thaw",
        "hash": "3f9a2c1b",
        "seed": 2025,
        "runs": 3000,
    }
    assert (tree["engine"], tree["cross_check"], tree["complete"]) == ("simpy", None, False)
    assert (tree["finished"], tree["wall_seconds"]) == (None, None)
    assert set(tree["versions"]) == {
        *("coopsim", "python", "numpy", "scipy", "numba", "simpy", "pyarrow"),
    }
    assert tree["versions"] == installed_versions()
    assert "source_commit" in tree


def test_a_folder_without_manifest_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(CoopsimError) as caught:
        read_manifest(tmp_path)
    assert str(caught.value) == f"{tmp_path} is not a result: it has no manifest.json"


def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(CoopsimError) as caught:
        read_manifest(tmp_path)
    assert str(caught.value) == f"{tmp_path}/manifest.json cannot be read: Is a directory"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "Invalid JSON: EOF while parsing a value at line 1 column 0"),
        ("[]", "Input should be an object"),
        ("{}", "scenario: Field required"),
        (
            '{"scenario": "thaw", "hash": "3f9a2c1b", "seed": "2025"}',
            "seed: Input should be a valid integer",
        ),
    ],
)
def test_a_damaged_manifest_is_named(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(CoopsimError) as caught:
        read_manifest(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}/manifest.json is damaged: {reason}; remove it and run the scenario again"
    )


def test_the_commit_of_a_checkout_is_found(package: Path) -> None:
    assert source_commit(package) == git(package, "rev-parse", "HEAD")


def test_an_edited_checkout_is_told_from_a_clean_one(package: Path) -> None:
    (package / "code.py").write_text("one = 2\n")
    assert source_commit(package) == git(package, "rev-parse", "HEAD") + "-dirty"


def test_a_checkout_around_an_installed_package_lends_no_commit(package: Path) -> None:
    installed = package.parents[1] / ".venv" / "coopsim"
    installed.mkdir(parents=True)
    assert source_commit(installed) is None


def test_a_checkout_around_what_is_none_lends_no_commit(package: Path) -> None:
    broken = package.parents[1] / "vendored" / "src" / "coopsim"
    broken.mkdir(parents=True)
    (broken.parents[1] / ".git").mkdir()
    assert source_commit(broken) is None


def test_a_hook_of_another_repository_does_not_mislead(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = git(package, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert source_commit(package) == commit


def test_no_git_no_commit(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert source_commit(package) is None


def test_a_checkout_without_commits_has_none(tmp_path: Path) -> None:
    package = tmp_path / "src" / "coopsim"
    package.mkdir(parents=True)
    git(package, "init", "--quiet", str(tmp_path))
    assert source_commit(package) is None
