"""Whatever is mangled, coopsim says in a message what is wrong, or takes it and plays it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import mangled
from coopsim.errors import CoopsimError

CASES = 60  # of each target; bench/fuzz.py throws as many as are asked for
SLOW = {"arguments": 40, "swept": 40, "titled": 5}  # whole commands take longer
ALL_TAKEN = {"titled"}  # what is printed is to be harmless, whatever a title holds
_TARGETS = sorted(mangled.TARGETS)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> mangled.Bench:
    return mangled.Bench.at(tmp_path_factory.mktemp("mangled"))


@pytest.mark.slow
@pytest.mark.parametrize("target", _TARGETS)
def test_mangled_input_is_taken_or_refused_in_words(
    target: str, bench: mangled.Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.folder)
    cases = SLOW.get(target, CASES)
    taken = [mangled.thrown(target, case, bench) for case in range(cases)]
    # A target of which all is refused, or all is taken, tries one half of the code only.
    assert 0 < sum(taken) <= cases
    assert sum(taken) < cases or target in ALL_TAKEN


def test_each_command_is_taken_before_it_is_mangled(
    bench: mangled.Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.folder)
    for command in mangled.CALLS:
        mangled.called(bench, shlex.split(command))


def test_any_other_error_is_a_fault(bench: mangled.Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_bench: mangled.Bench, _dice: mangled.Dice) -> None:
        raise CoopsimError("no")

    def break_down(_bench: mangled.Bench, _dice: mangled.Dice) -> None:
        raise ValueError("broken")

    monkeypatch.setitem(mangled.TARGETS, "refusing", refuse)
    monkeypatch.setitem(mangled.TARGETS, "breaking", break_down)
    assert not mangled.thrown("refusing", 0, bench)
    with pytest.raises(ValueError, match="broken"):
        mangled.thrown("breaking", 0, bench)


def test_a_case_is_the_same_each_time() -> None:
    text = (Path(__file__).parent / "scenarios" / "example.yaml").read_text(encoding="utf-8")
    once, again, other = (mangled.mangled(text, mangled.Dice("text", case)) for case in (7, 7, 8))
    assert once == again
    assert once != other
