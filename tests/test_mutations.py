"""The rules that `make mutations` breaks are there to be broken, and so are the tests it runs."""

from __future__ import annotations

import pytest

from mutants import HERE, PACKAGE, PAGE, Mutation, mutations, page

ALL = mutations()


def test_each_mutation_can_be_made() -> None:
    for one in ALL:
        sound = (PACKAGE / one.file).read_text(encoding="utf-8")
        assert one.apply(sound) != sound


def test_each_test_that_is_named_is_there() -> None:
    for one in ALL:
        file, _, test = one.test.partition("::")
        assert test.startswith("test_")
        assert f"\ndef {test}(" in (HERE / file).read_text(encoding="utf-8"), one.test


def test_a_text_that_is_not_there_once_is_told() -> None:
    one = Mutation("reference", "rule", "broken", "state.py", "here", "there", "test.py::test_it")
    assert one.apply("it is here") == "it is there"
    for text, times in (("nowhere, nohow: here, here", 3), ("gone", 0)):
        with pytest.raises(ValueError, match=f"^state.py holds 'here' {times} times$"):
            one.apply(text)


def test_each_mutation_is_another_one() -> None:
    assert len({(one.file, one.old, one.new) for one in ALL}) == len(ALL)
    assert len({(one.part, one.rule, one.broken) for one in ALL}) == len(ALL)


def test_the_page_is_what_is_made_of_them() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
