"""The kinds of question, each in one place."""

from __future__ import annotations

from coopsim.analysis.kinds import KINDS, kind_of
from coopsim.scenario.notation.questions import QUESTION_KINDS


def test_every_kind_that_a_scenario_knows_is_there_in_its_order() -> None:
    assert tuple(KINDS) == QUESTION_KINDS


def test_kinds_of_a_family_are_answered_in_the_same_form() -> None:
    families = [kind_of(name).family for name in QUESTION_KINDS]
    assert families == ["date", "date", "count", "gap", "first", "date", "level", "index"]
