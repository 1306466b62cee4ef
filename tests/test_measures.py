from __future__ import annotations

import pytest

from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.indices import IndexSummary
from coopsim.analysis.measures import Samples, joined, measures, read
from coopsim.analysis.outcomes import queries
from coopsim.analysis.summaries import summarise
from coopsim.analysis.timelines import Timelines
from coopsim.errors import UsageError
from coopsim.experiments.base import base_of
from coopsim.scenario.notation.values import DATE_EXPECTED
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from hand_made import START, firings, program, scenario, ten
from small_world import small
from ten import ASKED

MADE = program()
SOON = {"event": "launch", "outcome": "works", "by": "2026-01-31"}
QUESTIONS = scenario({**ASKED, "soon": SOON}).outcomes


def numbers(*asked: str) -> list[list[float]]:
    found = read(measures(MADE, QUESTIONS, asked), MADE, ten())
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
    assert [one.text for one in measures(MADE, QUESTIONS)] == [
        "flies", "works", "early", "flights", "gap = both", "first = flight",
        "first = launch or landing", "first = neither", "relations = cold", "relations = cool",
        "relations = warm", "mood", "soon",
    ]  # fmt: skip


def test_readings_are_those_of_a_summary() -> None:
    loaded = small()
    made = build_program(loaded.scenario)
    fired = simulate(made, 0, 200)
    asked = measures(made, loaded.scenario.outcomes)
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
    asked = measures(MADE, QUESTIONS, ["works", "flights"])
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
    asked = measures(made, scenario({"relations": {"driver": "relations"}}).outcomes)
    (query,) = queries(scenario({"relations": {"driver": "relations"}}).outcomes, made)
    levels = Timelines(made, fired).levels(query.variable, [query.closes])[:, 0]
    found = read(asked, made, fired).numbers
    assert START == "2025-07-01"
    assert levels.tolist() == [2, 0, 1]
    assert found.argmax(axis=0).tolist() == levels.tolist()


FIRST = "expected `first = flight`, `first = launch or landing` or `first = neither`"

OUTSIDE = "outside the simulated time; expected a date from 2025-07-01 to 2027-06-30"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("flie", "no outcome 'flie'; did you mean 'flies'?"),
        ("first", f"'first' alone is no one number; {FIRST}"),
        ("first = boat", f"'first = boat' is no one number; {FIRST}"),
        ("flies = early", "'flies = early' is no one number; expected `flies`"),
        ("flies by soon", f"'soon' in 'flies by soon' is no date; expected {DATE_EXPECTED}"),
        ("flights after 2026", "'flights after 2026': `after` goes only with the date of an event"),
        ("flies by 2024", f"'flies by 2024': found 2024, {OUTSIDE}"),
        ("flies by 2027-07-01", f"'flies by 2027-07-01': found 2027-07-01, {OUTSIDE}"),
        ("flies after 2030", f"'flies after 2030': found 2030, {OUTSIDE}"),
        ("flies by", "'flies by' is no outcome; expected NAME, NAME = LEVEL or NAME by DATE"),
    ],
)  # fmt: skip
def test_what_is_not_asked_is_refused(asked: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        measures(MADE, QUESTIONS, [asked])
    assert str(error.value) == message
