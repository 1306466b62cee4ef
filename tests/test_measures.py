from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.indices import IndexSummary
from coopsim.analysis.measures import Samples, joined, measures, read
from coopsim.analysis.outcomes import queries
from coopsim.analysis.summaries import summarise
from coopsim.analysis.timelines import Timelines
from coopsim.errors import UsageError
from coopsim.experiments.base import base_of
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from hand_made import START, firings, program, scenario, split, ten
from small_world import small
from ten import ASKED

MADE = program()
SOON = {"event": "launch", "outcome": "works", "by": "2026-01-31"}
SCENARIO = scenario({**ASKED, "soon": SOON})


def numbers(*asked: str) -> list[list[float]]:
    found = read(measures(MADE, SCENARIO, asked), MADE, ten())
    return [row.astype(float).tolist() for row in found.numbers]


# Launches that work: in runs 0 (2026-02-01), 2 and 3 (2026-01-01), 6 (the last second), 7 (May
# 2026) and 9 (the last day of 2026).
def test_dates_by_and_after_a_day() -> None:
    whole, by, after, early, soon = numbers(
        "works", "works by 2026-01-01", "works after 2026-06-30", "early", "soon"
    )
    assert whole == [1, 0, 1, 1, 0, 0, 1, 1, 0, 1]
    assert by == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    assert after == [0, 0, 0, 0, 0, 0, 1, 0, 0, 1]
    assert early == [0] * 10  # by the end of 2025 none has worked yet
    assert soon == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0]


def test_counts_branches_levels_gaps_and_indices() -> None:
    flights, by, flight, neither, mood, both, first_only, second_only = numbers(
        "flights", "flights by 2025", "first = flight", "first = neither", "mood by 2025",
        "gap", "gap = only_first", "gap = only_second",
    )  # fmt: skip
    assert flights == [2, 0, 1, 1, 3, 0, 0, 1, 1, 1]
    assert by == [1, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    assert flight == [1, 0, 0, 1, 1, 0, 0, 1, 0, 1]
    assert neither == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert mood == [100, 0, 0, 0, 100, 0, 0, 0, 0, 100]
    assert both == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert first_only == [0] * 10  # no landing is without a flight
    assert second_only == [1, 0, 1, 1, 1, 0, 0, 1, 0, 0]


def test_without_a_choice_all_questions_are_read() -> None:
    assert [one.text for one in measures(MADE, SCENARIO)] == [
        "flies", "works", "early", "flights", "gap = both", "first = flight",
        "first = launch or landing", "first = neither", "relations = cold", "relations = cool",
        "relations = warm", "mood", "soon",
    ]  # fmt: skip


def test_readings_are_those_of_a_summary() -> None:
    loaded = small()
    made = build_program(loaded.scenario)
    fired = simulate(made, 0, 200)
    asked = measures(made, loaded.scenario)
    found = read(asked, made, fired)
    summary = summarise(loaded.scenario, made, [fired], "").outcomes
    means = {one.text: row.mean() for one, row in zip(asked, found.numbers, strict=True)}
    launch, mood = summary["launch"], summary["mood"]
    assert isinstance(launch, DateSummary)
    assert isinstance(mood, IndexSummary)
    assert 0 < means["launch"] < 1
    assert 0 < means["mood"] < 100
    assert means["launch"] == pytest.approx(launch.probability)
    assert means["mood"] == pytest.approx(list(mood.by.values())[-1].mean)
    column = [one.text for one in asked].index("launch")
    base = base_of(asked[column], found, column, made, loaded.scenario)
    assert base.median is not None
    assert base.median == launch.quantiles["0.5"]
    assert base.median_interval == launch.quantile_intervals["0.5"]
    assert None not in launch.quantile_intervals["0.5"]


def test_readings_of_blocks_join() -> None:
    asked = measures(MADE, SCENARIO, ["works", "flights"])
    whole = read(asked, MADE, ten())
    twice = joined([whole, whole])
    assert twice.numbers.shape == (2, 20)
    assert isinstance(twice, Samples)
    assert twice.moments[0] is not None
    assert len(twice.moments[0]) == 20
    assert twice.moments[1] is None


def test_levels_need_no_more_firings_than_are_kept() -> None:
    made = program({"relations": {"driver": "relations"}})
    rows = [
        (0, "thaw", "2025-08-01"),
        (0, "flight", "2025-09-01"),
        (1, "summit: walkout", "2026-01-01"),
    ]
    fired = firings(rows, 3)
    asked = measures(made, scenario({"relations": {"driver": "relations"}}))
    (query,) = queries(scenario({"relations": {"driver": "relations"}}).outcomes, made)
    levels = Timelines(made, fired).levels(query.variable, [query.closes])[:, 0]
    found = read(asked, made, fired).numbers
    assert START == "2025-07-01"
    assert levels.tolist() == [2, 0, 1]
    assert found.argmax(axis=0).tolist() == levels.tolist()


# A statement is 1 in the timelines in which it is so. It is read from few firings: those that it is
# about, that bound it or go with it, and that move a driver.
@pytest.mark.parametrize(
    ("asked", "runs"),
    [
        ("second flight", [0, 4]),
        ("second flight by 2025", [4]),
        ("launch = works without flight", [0, 6, 7, 9]),
        ("flight with landing", [8]),
        ("third launch", []),
        ("flight before landing", [0, 2, 3, 4, 7, 9]),
        ("flies and not works", [4, 8]),
        ("flights = 1", [2, 3, 7, 8, 9]),
        ("flights after 2026-01-15", [0, 4, 7]),  # that there are some: `after` goes with no count
        ("flies on 2026-01-01", [2, 3]),
        ("launch = fails and flight", [0]),
    ],
)
def test_what_is_no_outcome_is_a_statement(asked: str, runs: list[int]) -> None:
    (one,) = measures(MADE, SCENARIO, [asked])
    assert (one.text, one.query.title, one.unit, one.label) == (asked, asked, "share", None)
    assert (one.query.kind, one.course_unit, one.dated) == ("statement", None, False)
    found = read([one], MADE, ten())
    assert np.flatnonzero(found.numbers[0]).tolist() == runs
    assert found.courses.tolist() == found.numbers.tolist()
    assert found.moments == (None,)


# The driver is at warm from the thaw of run 0 to its end, 668 days, in run 1 for 31 days.
@pytest.mark.parametrize(
    ("asked", "runs"),
    [
        ("relations = warm by 2026", [0, 1]),
        ("relations = warm for 32 days", [0]),
        ("relations = warm for 31 days before flight", [0, 1]),
        ("relations = warm for 1 day on 2025-10-01", [0]),
    ],
)
def test_statements_about_levels_read_the_firings_that_move_them(
    asked: str, runs: list[int]
) -> None:
    rows = [
        (0, "thaw", "2025-09-01"),
        (1, "thaw", "2026-01-01"),
        (1, "freeze", "2026-02-01"),
        (1, "flight", "2026-03-01"),
        (2, "flight", "2026-03-01"),
    ]
    found = read(measures(MADE, SCENARIO, [asked]), MADE, firings(rows, 3))
    assert np.flatnonzero(found.numbers[0]).tolist() == runs


def test_a_statement_is_read_beside_outcomes_and_by_blocks() -> None:
    asked = measures(MADE, SCENARIO, ["second flight", "works", "flights"])
    whole = read(asked, MADE, ten())
    assert whole.numbers[0].tolist() == [1, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert whole.numbers[1:].tolist() == numbers("works", "flights")
    pieces = joined([read(asked, MADE, part) for part in split(ten(), 3, 7)])
    assert pieces.numbers.tolist() == whole.numbers.tolist()


def test_what_both_notations_read_is_an_outcome() -> None:
    kinds = [one.query.kind for one in measures(MADE, SCENARIO, ["flights by 2025", "flies"])]
    assert kinds == ["count", "event"]


@pytest.mark.parametrize(
    ("asked", "closes", "years"),
    [
        ("second flight", "2027-06-30", 730),
        ("second flight by 2025", "2025-12-31", 184),
        ("flight by 2025 or relations = warm on 2026-06-30", "2026-06-30", 365),
    ],
)
def test_a_statement_closes_on_the_last_day_that_matters(
    asked: str, closes: str, years: int
) -> None:
    (one,) = measures(MADE, SCENARIO, [asked])
    base = base_of(one, read([one], MADE, ten()), 0, MADE, scenario({}))
    assert (base.title, base.kind, base.unit, base.course_unit) == (
        asked,
        "statement",
        "share",
        None,
    )
    assert (base.closes, base.years) == (date.fromisoformat(closes), years * DAY / YEAR)
    assert (base.median, base.median_interval, base.titles) == (None, None, {})


# What is asked, and below it, indented, what is wrong: first as what it makes sense for longest.
BROKEN = (Path(__file__).parent / "broken_measures.txt").read_text(encoding="utf-8")
CASES = [tuple(case.splitlines()) for case in BROKEN.strip().split("\n\n")]


@pytest.mark.parametrize(("asked", "message"), CASES)
def test_what_is_neither_an_outcome_nor_a_statement_is_refused(asked: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        measures(MADE, SCENARIO, [asked])
    assert str(error.value) == message.strip()


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        measures(MADE, SCENARIO, ["(" * 300])
    assert str(error.value) == f"`{'(' * 40} ...` is too long: split it over several options"
