"""Parts tallied each by itself and merged, and changes followed against levels looked up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore
from time import sleep

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.analysis import tallies as tallies_module
from coopsim.analysis import timelines as timelines_module
from coopsim.analysis.curves import curves_of
from coopsim.analysis.kinds.conditions import percent_followed
from coopsim.analysis.kinds.indices import Indices
from coopsim.analysis.kinds.levels import LevelTally
from coopsim.analysis.outcomes import queries
from coopsim.analysis.summaries import summary_of
from coopsim.analysis.tallies import Gathered, Survey, gather, merged
from coopsim.analysis.timelines import BoolArray, Timelines
from coopsim.errors import CoopsimError
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import Firings
from coopsim.simulation.indexing import Names
from hand_made import firings, scenario, split, start_by_run
from test_timelines import logs

QUESTIONS = {
    "flies": {"event": "flight"},
    "flies_soon": {"event": "flight", "by": "2026-06-30"},
    "last": {"last": "flight"},
    "flights": {"count": "flight"},
    "gap": {"between": ["flight", "launch"]},
    "first": {"first_of": ["flight", "launch"]},
    "both": {"all_of": ["flight", "summit"]},
    "relations": {"driver": "relations"},
    "nearness": {
        "index": [
            {"when": {"relations": "warm"}, "weight": 3},
            {"when": [{"relations": "cool"}, {"summit": "treaty"}], "weight": 1},
            {"when": {"flight": True}, "weight": 0.1},
        ]
    },
}
SCENARIO = scenario(QUESTIONS)
PROGRAM = build_program(SCENARIO)
SURVEY = Survey(SCENARIO.outcomes, PROGRAM, start_by_run)


def answers(gathered: Gathered) -> str:
    """Write out all that is made of tallies, to the last digit."""
    with np.printoptions(threshold=10**9, floatmode="unique"):
        summary = summary_of(gathered, SCENARIO, PROGRAM, "hash")
        return f"{summary}{curves_of(gathered, PROGRAM)}"


@st.composite
def cut_logs(draw: st.DrawFn) -> tuple[Firings, list[Firings]]:
    """Make a log, and the same in parts, in any order."""
    log = draw(logs())
    cuts = draw(st.sets(st.integers(1, log.runs - 1))) if log.runs > 1 else set[int]()
    return log, draw(st.permutations(split(log, *sorted(cuts))))


@pytest.mark.slow
@given(cut_logs())
def test_neither_the_cut_nor_the_order_of_merging_shows(
    case: tuple[Firings, list[Firings]],
) -> None:
    log, parts = case
    whole = answers(SURVEY.tally(log))
    assert answers(merged(map(SURVEY.tally, parts))) == whole
    at_one_stroke, none_yet = SURVEY.count(iter(parts)), SURVEY.blank()
    at_one_stroke.add_to(none_yet.tallies)
    assert answers(Gathered(at_one_stroke.runs, none_yet.tallies)) == whole


def test_of_no_part_nothing_is_counted() -> None:
    assert SURVEY.count([]).runs == 0


def test_threads_may_share_a_survey() -> None:
    flights = [(run, "flight", f"2026-01-{run % 28 + 1:02d}") for run in range(40)]
    parts = split(firings(flights, 40), *range(4, 40, 4))
    with ThreadPoolExecutor(4) as pool:
        together = merged(pool.map(SURVEY.tally, parts))
    assert answers(together) == answers(gather(SCENARIO.outcomes, PROGRAM, parts, start_by_run))


@pytest.mark.parametrize("turns", [1, 2])
def test_threads_take_turns_at_counting(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    counting: list[Survey] = []
    together: list[int] = []

    class Watched(Survey):
        def blank(self) -> Gathered:
            counting.append(self)
            sleep(0.01)
            together.append(len(counting))
            counting.pop()
            return super().blank()

    monkeypatch.setattr(tallies_module, "_TURNS", Semaphore(turns))
    survey = Watched(SCENARIO.outcomes, PROGRAM, start_by_run)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(survey.tally, split(firings([], 12), *range(1, 12))))
    assert (len(together), max(together)) == (12, turns)


@given(logs())
def test_changes_followed_agree_with_levels_looked_up(log: Firings) -> None:
    (levels,) = [one for one in SURVEY.tally(log).tallies if isinstance(one, LevelTally)]
    looked_up = Timelines(PROGRAM, log, start_by_run).levels(levels.query.variable, levels.looks)
    counted = [np.bincount(column, minlength=3).tolist() for column in looked_up.T]
    followed = Timelines(PROGRAM, log, start_by_run)
    changes = followed.changes(levels.query.variable)
    assert followed.counted(changes, levels.looks, 3).tolist() == counted


def looked_up_by_hand(timelines: Timelines, instants: list[int]) -> FloatArray:
    """Weigh what the index `nearness` asks by the levels at each instant."""
    names = Names.of(PROGRAM)

    def at(name: str, level: str) -> BoolArray:
        stands = timelines.levels(names.variables[name], instants)
        so: BoolArray = stands == names.levels[name].index(level)
        return so

    friendly = at("relations", "cool") | at("summit", "treaty")
    reached = 3.0 * at("relations", "warm") + 1.0 * friendly + 0.1 * at("flight", "true")
    percent: FloatArray = 100.0 * reached / (3 + 1 + 0.1)
    return percent


@pytest.mark.parametrize("few", [2**16, 1])
@given(log=logs())
def test_an_index_followed_agrees_with_one_looked_up(log: Firings, few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timelines_module, "_FEW_STATES", few)  # however many states there are
        check_index(log)


def check_index(log: Firings) -> None:
    (query,) = [one for one in queries(SCENARIO.outcomes, PROGRAM) if one.kind == "index"]
    instants = [0, *range(1, PROGRAM.horizon, 40 * 86_400), PROGRAM.horizon]
    timelines = Timelines(PROGRAM, log, start_by_run)
    looked_up = looked_up_by_hand(timelines, instants)
    answers = query.answer(timelines, instants)
    assert isinstance(answers, Indices)
    assert answers.percent.tolist() == looked_up.tolist()
    values, changes = percent_followed(query, timelines)
    counted = timelines.counted(changes, instants, len(values))
    assert counted.tolist() == [
        [int(np.sum(column == value)) for value in values] for column in looked_up.T
    ]


def test_no_timelines_are_refused() -> None:
    with pytest.raises(CoopsimError, match=r"^there are no timelines to summarise$"):
        merged([])
