"""What is said of each family of kinds of question, and what the command line names again."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest

from coopsim.cli.options import EngineOption, GroupOption, KeepOption
from coopsim.experiments.attribution import GROUPINGS
from coopsim.presentation.words.kinds import FAMILIES, family_of
from coopsim.presentation.words.wording import Wording
from coopsim.simulation.engines import Choice
from coopsim.simulation.results.manifest import Keep

START = date(2025, 1, 1)
KINDS = ("event", "last", "all_of", "count", "between", "first_of", "driver", "index")
WORDS = Wording("A world", {}, {"it": date(2030, 12, 31)}, {"us": "It leaves"}, START, START)


def test_every_kind_has_a_family_and_every_family_a_kind() -> None:
    assert {family_of(kind).name for kind in KINDS} == {family.name for family in FAMILIES}


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("event", "2027-01-01", "2027-01-01"),
        ("last", None, "not by 2030"),
        ("all_of", None, "not by 2030"),
        ("count", 3, "3"),
        ("between", 2.25, "2.2 years"),
        ("between", "only_first", "only first"),
        ("first_of", "us", "It leaves"),
        ("driver", "low_ebb", "low ebb at the end"),
        ("index", 62.4, "62 of 100 at the end"),
    ],
)
def test_what_one_timeline_answers(kind: str, value: object, said: str) -> None:
    assert family_of(kind).answer(value, WORDS, "it") == said


def test_of_two_levels_one_is_told() -> None:
    assert list(family_of("driver").needed(["low", "high"])) == ["high"]
    assert list(family_of("driver").needed(["low", "middle", "high"])) == ["low", "middle", "high"]
    assert list(family_of("first_of").needed(["us", "neither"])) == ["us", "neither"]


@pytest.mark.parametrize(
    ("kind", "label", "named"),
    [
        ("event", None, "It"),
        ("first_of", "us", "It: It leaves"),
        ("driver", "low_ebb", "It: low ebb"),
        ("between", "both", "It"),
        ("count", None, "It"),
    ],
)
def test_what_an_outcome_is_called(kind: str, label: str | None, named: str) -> None:
    assert family_of(kind).named("It", label, WORDS.events) == named


@pytest.mark.parametrize(
    ("kind", "course", "median", "moved"),
    [
        ("event", "years later", "years later", ("later or never", "earlier")),
        ("between", "years longer", "years longer", ("longer", "shorter")),
        ("driver", "years at it", "", ("more", "less")),
        ("first_of", "years later", "", ("more", "less")),
        ("count", "mean over time", "", ("more", "less")),
        ("index", "mean over time", "", ("more", "less")),
    ],
)
def test_in_which_words_answers_differ(
    kind: str, course: str, median: str, moved: tuple[str, str]
) -> None:
    family = family_of(kind)
    assert (family.course, family.median_change, family.moved) == (course, median, moved)


@pytest.mark.parametrize(
    ("option", "names"),
    [(KeepOption, Keep), (EngineOption, Choice), (GroupOption, GROUPINGS)],
)
def test_options_name_what_their_command_calls(
    option: type[StrEnum], names: type[StrEnum] | tuple[str, ...]
) -> None:
    assert set(option) == set(names)
