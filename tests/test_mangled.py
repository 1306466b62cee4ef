"""Whatever is mangled, coopsim says in a message what is wrong, or takes it and plays it."""

from __future__ import annotations

from pathlib import Path

import pytest

import mangled
from coopsim.errors import CoopsimError

CASES = 60  # of each target; bench/fuzz.py throws as many as are asked for
_TARGETS = sorted(mangled.TARGETS)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> mangled.Bench:
    return mangled.Bench.at(tmp_path_factory.mktemp("mangled"))


@pytest.mark.parametrize("target", _TARGETS)
def test_mangled_input_is_taken_or_refused_in_words(
    target: str, bench: mangled.Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.folder)
    taken = [mangled.thrown(target, case, bench) for case in range(CASES)]
    # A target of which all is refused, or all is taken, tries one half of the code only.
    assert 0 < sum(taken) < CASES


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
