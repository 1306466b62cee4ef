"""Numbered firings, company, stays and opening days in all that takes statements."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from coopsim import api
from coopsim.analysis.evidence.facts import already, cells_in, is_so, variables_in
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.timelines import BoolArray, Timelines
from coopsim.api import Result
from coopsim.errors import CoopsimError
from coopsim.scenario.loading import load_data
from coopsim.scenario.notation.values import DAY
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate

RUNS = 1500
LOADED = load_data(
    {
        "scenario": "guests",
        "start": "2025-01-01",
        "end": "2030-12-31",
        "runs": RUNS,
        "seed": 3,
        "drivers": {
            "mood": {
                "levels": ["cold", "cool", "warm"],
                "initial": "cool",
                "switches": {
                    "cool -> cold": {"rate": "0.5 per year"},
                    "cold -> cool": {"rate": "1 per year"},
                    "cool -> warm": {"rate": "0.5 per year"},
                    "warm -> cool": {"rate": "1 per year"},
                },
                "judgement": "Made up.",
            }
        },
        "events": {
            "flight": {
                "rate": "0.8 per year",
                "repeat": True,
                "outcomes": {"works": {"chance": 0.7}, "fails": {"chance": "rest"}},
                "judgement": "Made up.",
            },
            "guest": {
                "upon": ["flight"],
                "when": {"mood": {"at_least": "cool"}},
                "repeat": True,
                "judgement": "Made up.",
            },
            "rain": {"rate": "0.4 per year", "repeat": True, "judgement": "Made up."},
        },
        "outcomes": {
            "flies": {"event": "flight"},
            "flights": {"count": "flight"},
            "mood": {"driver": "mood"},
        },
    }
)
SCENARIO, PROGRAM = LOADED.scenario, build_program(LOADED.scenario)
TIMELINES = Timelines(PROGRAM, simulate(PROGRAM, 0, RUNS))
STATEMENTS = (
    "third flight by 2028",
    "second flight = fails from 2026-11-27",
    "second flight with guest",
    "third flight without guest by 2029-06-30",
    "flight with guest >= 2 by 2027",
    "flight = works without guest",
    "flight from 2029-11-27",
    "mood = cold for 8 months",
    "mood >= cool for 2 years from 2026-11-27",
    "mood = warm for 60 days on 2027-12-31",
    "2nd rain before flight",
    "third flights by 2028 and not mood = cold for 100 days by 2028",
)


def so(statement: str) -> BoolArray:
    return is_so(read_evidence(statement, SCENARIO, PROGRAM), TIMELINES)


def about(statement: str) -> set[object]:
    """Collect the firings and the drivers that a statement is about."""
    fact = read_evidence(statement, SCENARIO, PROGRAM)
    return {*cells_in(fact), *variables_in(fact)}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return api.run(LOADED, out=tmp_path_factory.mktemp("everywhere"), workers=1)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_answers_are_given_statements(result: Result, statement: str) -> None:
    found = api.ask(result, f"not ({statement})", "flies", given=[statement])
    matches = so(statement)
    assert found.matches == matches.sum()
    assert 0.02 < found.matches / found.runs < 0.98
    assert [one.chance.share for one in found.answers] == [0, so("flies")[matches].mean()]


# What both an outcome and a statement could be is a statement for who asks and who is given it.
@pytest.mark.parametrize("statement", [*STATEMENTS, "mood = cold", "flights", "'mood' = cold"])
def test_the_same_statement_is_asked(result: Result, statement: str) -> None:
    matches = so(statement)
    assert api.ask(LOADED, statement, workers=1).answers[0].chance.share == matches.mean()
    found = api.ask(LOADED, "flies", given=[statement], workers=1)
    assert (found.matches, found.answers[0].chance.share) == (
        matches.sum(),
        so("flies")[matches].mean(),
    )
    assert api.given(result, [statement]).matches == matches.sum()


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_same_statement_is_an_outcome(statement: str) -> None:
    found = api.sensitivity(LOADED, [statement], only=["events.rain"], runs=RUNS, workers=1)
    assert found.outcomes[statement].value == so(statement).mean()


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_marks_a_statement_is_found(result: Result, statement: str) -> None:
    found = api.discover(result, statement, by="2026-12-31")
    matches = so(statement)
    assert found.probability.share == matches.mean()
    assert found.signposts
    for sign in found.signposts:  # each says what `given` would say of the same statement
        seen = so(sign.statement)
        assert sign.given_seen.share == pytest.approx(matches[seen].mean())
        assert not about(statement) & about(sign.statement)  # what it is made of marks nothing


@pytest.mark.parametrize("how", ["typical", "rarest", "first"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_timeline_of_a_statement_is_traced(how: str, statement: str) -> None:
    found = api.trace(LOADED, how=how, where=statement, runs=RUNS)
    assert found.chosen is not None
    assert so(statement)[found.chosen.run]
    assert found.chosen.matching == so(statement).sum()


# What is so by a day already stays so, and by the end it is known of all that asks for no "not".
@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_is_so_already_stays_so(statement: str) -> None:
    fact = read_evidence(statement, SCENARIO, PROGRAM)
    days = np.linspace(1, PROGRAM.horizon // DAY, 12).astype(int)
    known = [is_so(already(fact, int(day) * DAY), TIMELINES) for day in days]
    for earlier, later in pairwise(known):
        assert not (earlier & ~later).any()
    assert known[-1].tolist() == (np.zeros(RUNS) if "not" in statement else so(statement)).tolist()


@pytest.mark.parametrize("keep", ["firsts", "nothing"])
def test_a_result_without_all_firings_answers_no_statement(
    result: Result, keep: str, tmp_path: Path
) -> None:
    partial = api.run(LOADED, runs=200, out=tmp_path, keep=keep, workers=1)
    history = tmp_path / "history.yaml"
    history.write_text(
        "known: 2028-12-31\nquestions:\n  - {id: a, title: A, happened: true, sources: x.1,\n"
        f"     statement: {STATEMENTS[0]}" + "}\n",
        encoding="utf-8",
    )
    kept = {"firsts": "first firings and counts only", "nothing": "the summary only"}[keep]
    for ask in (
        lambda: api.given(partial, [STATEMENTS[0]]),
        lambda: api.discover(partial, STATEMENTS[4]),
        lambda: api.global_indices(partial, [STATEMENTS[0]]),
        lambda: api.score(partial, history),
        lambda: api.score(result, history, partial),
    ):
        with pytest.raises(CoopsimError) as error:
            ask()
        assert str(error.value) == (
            f"{partial.folder} keeps {kept}, and this needs all firings: simulate it again with "
            f"`coopsim run {partial.folder / 'scenario.yaml'} --keep firings --replace`"
        )
