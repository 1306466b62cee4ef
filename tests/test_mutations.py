"""The rules that `make mutations` breaks are there to be broken, and so are the tests it runs."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from mutants import HERE, PACKAGE, PAGE, Mutation, mutations, page

# One test runs at a time, so a mutation goes by its number; ids of whole sentences help nobody.
ALL = mutations()


@cache
def names_in(file: str) -> set[str]:
    """Name the functions of a file of tests, of which pytest runs those that are tests."""
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("one", ALL, ids=range(1, len(ALL) + 1))
def test_a_mutation_can_be_made(one: Mutation) -> None:
    sound = (PACKAGE / one.file).read_text(encoding="utf-8")
    broken = one.apply(sound)
    assert ast.dump(ast.parse(broken)) != ast.dump(ast.parse(sound))
    file, _, test = one.test.partition("::")
    assert test.startswith("test_")
    assert test in names_in(file)


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
