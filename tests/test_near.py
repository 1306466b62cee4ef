"""Near misses: what is plainly a slip, and what is far-fetched."""

from __future__ import annotations

import itertools
from functools import cache

import pytest

from coopsim.scenario.text.near import KnownNames, _slips, nearest

NAMES = (
    *("climate", "sanctions", "luna_26", "luna_27", "station_26", "orel_first_flight", "sale"),
    *("2028", "2030"),
)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("climates", "climate"),
        ("climat", "climate"),
        ("cilmate", "climate"),
        ("Climate", "climate"),
        ("sanctoins", "sanctions"),
        ("sanction", "sanctions"),
        ("orel-first-flight", "orel_first_flight"),
        ("Orel First Flight", "orel_first_flight"),
        ("first_flight_orel", "orel_first_flight"),
        ("orel_flight", "orel_first_flight"),  # the only one with these words
        ("orel_frist_fligth", "orel_first_flight"),
        ("luna-26", "luna_26"),
        ("sale\u200b", "sale"),
    ],
)
def test_slips_are_found(name: str, meant: str) -> None:
    assert nearest(name, NAMES) == meant


@pytest.mark.parametrize(
    "name",
    [
        "climbing",
        "action",
        "sail",  # two letters of four
        "sun",
        "luna",  # two have it
        "luna_28",  # digits tell names apart on purpose
        "station_27",  # also where two letters might be wrong
        "2031",
        "flight_orel_second",
        "start",
        "",
        "x" * 100,
    ],
)
def test_what_is_far_fetched_is_not(name: str) -> None:
    assert nearest(name, NAMES) is None


def test_slips_are_counted_as_the_textbook_does() -> None:
    """Compare with the plain recursion of Damerau's distance over all words of up to 4 letters."""

    @cache
    def count(one: str, other: str) -> int:
        if not one or not other:
            return len(one) + len(other)
        wrong = 0 if one[-1] == other[-1] else 2 if "1" in one[-1] + other[-1] else 1
        ways = [count(one[:-1], other) + 1, count(one, other[:-1]) + 1]
        ways.append(count(one[:-1], other[:-1]) + wrong)
        if one[-2:] == other[-2:][::-1] and len(one) > 1 < len(other):
            ways.append(count(one[:-2], other[:-2]) + 1)
        return min(ways)

    words = ["".join(signs) for size in range(5) for signs in itertools.product("ab1", repeat=size)]
    for one, other in itertools.product(words[::2], words[::3]):
        for most in (1, 2, 3):
            assert min(_slips(one, other, most), most + 1) == min(count(one, other), most + 1)


def test_a_new_name_one_letter_off_is_a_slip_of_an_old_one() -> None:
    names = KnownNames(["sanctions", "luna_26", "crew"])
    assert names.slip_of("sanctoins") == "sanctions"
    assert names.slip_of("sanctons") == "sanctions"
    assert names.slip_of("Sanctions") == "sanctions"
    assert names.slip_of("luna_27") is None
    assert names.slip_of("crews") is None  # of four letters, too few to tell
    assert names.slip_of("sanctuary") is None
