"""The installed command says in a process of its own what the same code says in this one."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from terminal import Done, coopsim, installed
from test_cli import SMALL

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
WARM = "scenario: warm\nextends: small.yaml\ndrivers: {climate: {initial: warm}}\n"
ANSWERS = """\
title: What came
known: 2029-12-31
questions: [{id: flew, title: It flew, event: flight, by: 2029-12-31, happened: true}]
"""
CALLS = (
    "check small.yaml warm.yaml",
    "check broken.yaml",
    "run small.yaml --no-figures --out other",
    "show small",
    "summary small --json",
    "ls",
    "compare small warm --no-figures",
    "given small --that decree --no-figures",
    "discover small --outcome flight --no-figures",
    "trace small --run 3 --no-figures",
    "causes small --no-figures",
    "sources thaw.yaml --json",
    "score small --against answers.yaml",
    "diff small.yaml warm.yaml",
    "explain small.yaml warm.yaml --runs 50 --no-figures",
    "sensitivity small.yaml --runs 50 --no-figures",
    "sweep small.yaml --set 'events.flight.after.decree=1..2 years' --outcome flies --runs 50",
    "schema",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    written = {
        "small.yaml": SMALL,
        "warm.yaml": WARM,
        "answers.yaml": ANSWERS,
        "broken.yaml": SMALL.replace("cold, warm", "cold"),
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "scenarios", folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    for name in ("small", "warm"):
        coopsim(folder, "run", f"{name}.yaml", "--no-figures")
    return folder


def _told(done: Done) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("call", CALLS)
def test_the_installed_command_says_the_same(call: str, folder: Path) -> None:
    words = shlex.split(call)
    here = _told(coopsim(folder, *words))
    assert here[1] or here[2]
    assert _told(installed(folder, *words)) == here
