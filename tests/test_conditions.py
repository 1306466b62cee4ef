"""Conditions as they are written, and as the sets of levels that they allow."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.scenario.notation.conditions import (
    EXPECTED_CONDITION,
    EXPECTED_LEVEL,
    EXPECTED_TRIGGERS,
    Condition,
    LevelTest,
    Trigger,
    read_condition,
    read_triggers,
)
from coopsim.scenario.notation.logic import LevelRow, conjunction, negation, passing, rows_of
from coopsim.scenario.text.reading import Invalid

LEVELS = {
    "war": ("hot", "warm", "cold"),
    "open": ("false", "true"),
    "launch": ("false", "works", "fails"),
    "leak": ("false", "true"),
}


def levels_of(name: str) -> Sequence[str]:
    return LEVELS[name]


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, Condition()),
        ({"war": "hot"}, Condition(((LevelTest("war", ("hot",)),),))),
        ({"war": ["hot", "cold"]}, Condition(((LevelTest("war", ("hot", "cold")),),))),
        ({"war": 2028}, Condition(((LevelTest("war", ("2028",)),),))),
        ({"leak": True}, Condition(((LevelTest("leak", ("true",)),),))),
        ({"war": {"at_least": "warm"}}, Condition(((LevelTest("war", at_least="warm"),),))),
        ({"war": {"at_most": "warm"}}, Condition(((LevelTest("war", at_most="warm"),),))),
        (
            {"war": {"at_least": "hot", "at_most": "warm"}},
            Condition(((LevelTest("war", None, "hot", "warm"),),)),
        ),
        (
            [{"war": "hot", "leak": False}, {"leak": True}],
            Condition(
                (
                    (LevelTest("war", ("hot",)), LevelTest("leak", ("false",))),
                    (LevelTest("leak", ("true",)),),
                ),
                listed=True,
            ),
        ),
    ],
)
def test_a_condition_is_rows_of_tests(raw: object, expected: Condition) -> None:
    assert read_condition(raw) == expected


@pytest.mark.parametrize(
    ("raw", "path", "found", "expected"),
    [
        ("war", (), "'war'", EXPECTED_CONDITION),
        (None, (), "nothing", EXPECTED_CONDITION),
        ([], (), "an empty list", EXPECTED_CONDITION),
        (["war"], (0,), "'war'", "a mapping such as {sanctions: full}"),
        ({"war": []}, ("war",), "an empty list", EXPECTED_LEVEL),
        ({"war": [["hot"]]}, ("war", 0), "[hot]", EXPECTED_LEVEL),
        ({"war": {}}, ("war",), "an empty mapping", EXPECTED_LEVEL),
        (
            {"war": {"above": "hot"}},
            ("war", "above"),
            "the key 'above'",
            "only at_least or at_most",
        ),
        ({"war": {"at_least": ["hot"]}}, ("war", "at_least"), "[hot]", "a level"),
        ([{}, {"war": {"at_most": None}}], (1, "war", "at_most"), "nothing", "a level"),
    ],
)
def test_what_is_no_condition_is_refused(
    raw: object, path: tuple[str | int, ...], found: str, expected: str
) -> None:
    with pytest.raises(Invalid) as caught:
        read_condition(raw)
    (fault,) = caught.value.faults
    assert (fault.path, fault.found, fault.expected) == (path, found, expected)


def test_a_test_knows_its_place_and_the_levels_it_names() -> None:
    condition = read_condition([{"war": "hot"}, {"open": {"at_least": "a", "at_most": "b"}}])
    assert [(path, test.named_levels) for path, test in condition.tests()] == [
        ((0, "war"), ("hot",)),
        ((1, "open"), ("a", "b")),
    ]
    assert [path for path, _ in read_condition({"war": "hot"}).tests()] == [("war",)]


def test_triggers_are_events_or_levels_entered() -> None:
    assert read_triggers(["a", "b"]) == (Trigger("a"), Trigger("b"))
    assert read_triggers({"war": "hot"}) == (Trigger("war", ("hot",)),)
    assert read_triggers({"war": {"rises_to": "hot"}}) == (Trigger("war", ("hot",), "rises_to"),)
    wrong: list[object] = ["a", None, [], {}, [["a"]], {"war": {}}, {"war": {"falls": "hot"}}]
    for raw in wrong:
        with pytest.raises(Invalid):
            read_triggers(raw)
    with pytest.raises(Invalid) as caught:
        read_triggers("a")
    assert caught.value.faults[0].expected == EXPECTED_TRIGGERS


# --- levels that pass -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"war": "hot"}, {"hot"}),
        ({"war": ["cold", "hot"]}, {"hot", "cold"}),
        ({"war": {"at_least": "warm"}}, {"warm", "cold"}),
        ({"war": {"at_most": "warm"}}, {"hot", "warm"}),
        ({"war": {"at_least": "warm", "at_most": "warm"}}, {"warm"}),
        ({"war": {"at_least": "cold", "at_most": "hot"}}, set()),
        ({"launch": True}, {"works", "fails"}),
        ({"launch": False}, {"false"}),
        ({"launch": "works"}, {"works"}),
        ({"launch": [False, "works"]}, {"false", "works"}),
        ({"leak": True}, {"true"}),
        ({"open": True}, {"true"}),
        ({"open": {"at_least": True}}, {"true"}),
    ],
)
def test_the_levels_that_pass(raw: object, expected: set[str]) -> None:
    ((_, test),) = read_condition(raw).tests()
    assert passing(test, levels_of(test.name)) == expected


def test_true_is_itself_where_it_is_a_level_beside_others() -> None:
    test = LevelTest("mood", ("true",))
    assert passing(test, ("false", "perhaps", "true")) == {"true"}


# --- rows, held against the meaning of and, or and not ----------------------------------------

tests = st.sampled_from(
    [
        {"war": "hot"},
        {"war": ["hot", "cold"]},
        {"war": {"at_least": "warm"}},
        {"launch": True},
        {"launch": "fails"},
        {"leak": False},
        {"open": True},
        {"war": "cold", "launch": True},
        {"war": {"at_most": "warm"}, "leak": True, "open": False},
        {},
    ]
)
conditions = st.lists(tests, min_size=1, max_size=3)
WORLDS = [dict(zip(LEVELS, levels, strict=True)) for levels in itertools.product(*LEVELS.values())]


def truth(raw: list[dict[str, object]], world: dict[str, str]) -> bool:
    """Tell whether a condition holds, by the words of the language and nothing else."""
    return any(
        all(
            world[test.name] in passing(test, levels_of(test.name))
            for _, test in read_condition(row).tests()
        )
        for row in raw
    )


def holds(rows: list[LevelRow], world: dict[str, str]) -> bool:
    return any(all(world[name] in levels for name, levels in row.items()) for row in rows)


@given(conditions, conditions)
def test_rows_mean_what_the_conditions_say(first: list[dict[str, object]], second: object) -> None:
    assert isinstance(second, list)
    rows = rows_of(read_condition(first), levels_of)
    others = rows_of(read_condition(second), levels_of)
    for world in WORLDS:
        assert holds(rows, world) == truth(first, world)
        assert holds(negation(rows, levels_of), world) == (not truth(first, world))
        assert holds(conjunction(rows, others), world) == (
            truth(first, world) and truth(second, world)
        )
