"""Every kind of question, answered for ten hand-made timelines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.analysis.kinds.counts import Counts
from coopsim.analysis.kinds.dates import Dates
from coopsim.analysis.kinds.firsts import Firsts
from coopsim.analysis.kinds.gaps import Gaps
from coopsim.analysis.kinds.indices import Indices
from coopsim.analysis.kinds.levels import Levels
from coopsim.analysis.outcomes import queries
from coopsim.analysis.timelines import LONGER, NEITHER, NEVER, SHORTER, Timelines
from coopsim.simulation.firings import Firings
from hand_made import COLD, COOL, WARM, Row, firings, program, scenario, seconds, start_cool, ten

PROGRAM = program()
DAY = 86_400
LAST_SECOND = "2027-06-30T23:59:59"


def answered(question: dict[str, object], log: Firings, instants: Sequence[int] = ()) -> Any:
    (query,) = queries(scenario({"asked": question}).outcomes, PROGRAM)
    return query.answer(Timelines(PROGRAM, log, start_cool), instants)


def times(question: dict[str, object]) -> list[int]:
    found = answered(question, ten())
    assert isinstance(found, Dates)
    return list(found.times.tolist())


def moments(*texts: str | None) -> list[int]:
    return [NEVER if text is None else seconds(text) for text in texts]


FIRST_LAUNCHES = moments(
    "2025-12-31T23:59:59", None, "2026-01-01", "2026-01-01", None,
    "2026-06-15", LAST_SECOND, "2026-05-06", None, "2026-12-31T12:00",
)  # fmt: skip


def test_an_event_is_dated_by_its_first_firing() -> None:
    assert times({"event": "launch"}) == FIRST_LAUNCHES


def test_an_event_with_an_outcome_by_its_first_firing_with_that_outcome() -> None:
    # Run 0 fails before it works; run 5 only ever fails.
    assert times({"event": "launch", "outcome": "works"}) == moments(
        "2026-02-01", None, "2026-01-01", "2026-01-01", None,
        None, LAST_SECOND, "2026-05-06", None, "2026-12-31T12:00",
    )  # fmt: skip


def test_of_several_events_any_counts_and_the_earliest_is_taken() -> None:
    assert times({"event": ["landing", "launch"]}) == moments(
        "2025-12-31T23:59:59", None, "2026-01-01", "2026-01-01", None,
        "2026-06-15", LAST_SECOND, "2026-05-06", "2026-01-15", "2026-09-01",
    )  # fmt: skip


def test_the_last_of_several_events_is_the_latest_firing_of_any() -> None:
    assert times({"last": ["flight", "landing"]}) == moments(
        "2026-08-01", None, "2026-01-01", "2026-01-01", LAST_SECOND,
        None, None, "2026-05-05", "2026-01-15", "2026-09-01",
    )  # fmt: skip


def test_a_date_closes_a_question_at_the_end_of_its_day() -> None:
    by_then = [time if time < seconds("2026-01-01") else NEVER for time in FIRST_LAUNCHES]
    # Run 0 launches in the last second of 2025, runs 2 and 3 in the first of 2026.
    assert times({"event": "launch", "by": "2025-12-31"}) == by_then
    assert by_then.count(NEVER) == 9
    by_then = [time if time < seconds("2026-01-02") else NEVER for time in FIRST_LAUNCHES]
    assert times({"event": "launch", "by": "2026-01-01"}) == by_then
    assert by_then.count(NEVER) == 7


def test_the_last_by_a_date_is_the_latest_until_then() -> None:
    assert times({"last": "flight", "by": "2026-06-30"})[0] == seconds("2025-08-01")
    assert times({"last": "flight", "by": "2026-06-30"})[4] == seconds("2025-12-31")


def test_a_date_after_the_end_is_the_end() -> None:
    (query,) = queries(
        scenario({"asked": {"event": "launch", "by": "2040-12-31"}}).outcomes, PROGRAM
    )
    assert query.closes == PROGRAM.horizon
    assert times({"event": "launch", "by": "2040-12-31"}) == FIRST_LAUNCHES


def test_all_of_several_events_have_happened_when_the_last_of_them_first_has() -> None:
    both = moments(
        "2025-12-31T23:59:59", None, "2026-01-01", "2026-01-01", None,
        None, None, "2026-05-06", None, "2026-12-31T12:00",
    )  # fmt: skip
    assert times({"all_of": ["flight", "launch"]}) == both
    by_then = [time if time < seconds("2026-05-06") else NEVER for time in both]
    assert times({"all_of": ["flight", "launch"], "by": "2026-05-05"}) == by_then
    # A place of several events is taken by any of them: landing stands in for run 8's launch.
    assert times({"all_of": ["flight", ["launch", "landing"]]})[8] == seconds("2026-01-15")


def test_counts_go_by_calendar_year() -> None:
    found = answered({"count": "flight"}, ten())
    assert isinstance(found, Counts)
    assert found.by_year.tolist() == [
        [1, 1, 0], [0, 0, 0], [0, 1, 0], [0, 1, 0], [2, 0, 1],
        [0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0],
    ]  # fmt: skip


def test_a_count_of_several_events_counts_all_and_stops_when_it_closes() -> None:
    found = answered({"count": ["flight", "launch"], "by": "2026-01-01"}, ten())
    assert found.by_year.sum(axis=1).tolist() == [2, 0, 2, 2, 2, 0, 0, 0, 0, 1]
    assert found.by_year.shape == (10, 3)


def test_a_count_with_an_outcome_counts_only_that() -> None:
    found = answered({"count": "launch", "outcome": "works"}, ten())
    assert found.by_year.sum(axis=1).tolist() == [1, 0, 1, 1, 0, 0, 1, 1, 0, 1]


def test_gaps_between_two_events() -> None:
    found = answered({"between": ["flight", "launch"]}, ten())
    assert isinstance(found, Gaps)
    # 1 August to 31 December 2025 is 153 days less the second before midnight; 1 September
    # 2025 to noon of 31 December 2026 is 365 + 121.5 days.
    assert found.seconds.tolist() == [
        153 * DAY - 1, NEITHER, 0, 0, LONGER,
        SHORTER, SHORTER, DAY, LONGER, int(486.5 * DAY),
    ]  # fmt: skip


def test_a_gap_is_negative_where_the_second_comes_first() -> None:
    found = answered({"between": ["launch", "flight"]}, ten())
    assert found.seconds.tolist()[7:] == [-DAY, SHORTER, -int(486.5 * DAY)]


def test_a_gap_that_is_closed_before_its_second_is_longer_than_seen() -> None:
    found = answered({"between": ["flight", "launch"], "by": "2026-05-05"}, ten())
    assert found.seconds.tolist()[7] == LONGER


def test_of_competing_events_the_first_wins_ties_in_firing_order() -> None:
    found = answered({"first_of": ["flight", "launch"]}, ten())
    assert isinstance(found, Firsts)
    # Runs 2 and 3 have both in one second: the launch fired first in 2, the flight in 3.
    assert found.branch.tolist() == [0, 2, 1, 0, 0, 1, 1, 0, 0, 0]
    assert found.times.tolist() == moments(
        "2025-08-01", None, "2026-01-01", "2026-01-01", "2025-07-01",
        "2026-06-15", LAST_SECOND, "2026-05-05", "2026-01-15", "2025-09-01",
    )  # fmt: skip


def test_a_branch_of_several_events_is_won_by_any_of_them() -> None:
    found = answered({"first_of": ["flight", ["landing", "launch"]]}, ten())
    assert found.branch.tolist() == [0, 2, 1, 0, 0, 1, 1, 0, 1, 0]


def test_competing_events_after_the_close_have_not_come() -> None:
    found = answered({"first_of": ["flight", "launch"], "by": "2025-12-31"}, ten())
    assert found.branch.tolist() == [0, 2, 2, 2, 0, 2, 2, 2, 2, 0]


def test_queries_know_their_labels_titles_and_close() -> None:
    asked = scenario(
        {
            "ending": {"first_of": [["flight", "landing"], "launch"], "by": "2026-03-31"},
            "titled": {"event": "flight", "title": "First flight"},
        }
    )
    ending, titled = queries(asked.outcomes, PROGRAM)
    assert ending.labels == ("flight or landing", "launch")
    assert (ending.name, ending.title, titled.title) == ("ending", "ending", "First flight")
    assert (ending.closes, titled.closes) == (seconds("2026-04-01"), 730 * DAY)


RELATIONS: tuple[Row, ...] = (
    (0, "thaw", "2025-12-31T12:00"),
    (0, "launch: fails", "2026-01-01"),
    (1, "freeze", "2026-01-01"),
    (1, "launch: works", "2026-06-01"),
)
INSTANTS = [seconds("2026-01-01"), seconds("2026-01-02"), 730 * DAY]


def test_levels_of_a_driver() -> None:
    found = answered({"driver": "relations"}, firings(RELATIONS, 3), INSTANTS)
    assert isinstance(found, Levels)
    assert found.levels.tolist() == [[WARM] * 3, [COOL, COLD, COLD], [COOL] * 3]


def test_an_index_is_the_share_of_the_weights_that_count() -> None:
    index = [
        {"when": {"relations": {"at_least": "cool"}}, "weight": 60},
        {"when": {"launch": True}, "weight": 20},
        {"when": [{"launch": "works"}, {"relations": "warm", "launch": False}], "weight": 40},
    ]
    found = answered({"index": index}, firings(RELATIONS, 3), INSTANTS)
    assert isinstance(found, Indices)
    # Of 120. Run 0: warm, no launch: 60 + 40; then launched in vain: 60 + 20. Run 1: cool: 60;
    # cold: 0; cold and works: 20 + 40. Run 2: cool throughout: 60.
    in_all = np.array([[100, 80, 80], [60, 0, 60], [60, 60, 60]])
    assert found.percent == pytest.approx(100 * in_all / 120)


def test_the_empty_condition_always_holds() -> None:
    found = answered({"index": [{"when": {}, "weight": 1}]}, ten(), INSTANTS)
    assert found.percent.tolist() == [[100.0] * 3] * 10


EVENTS = ["flight", "landing", "launch: works", "launch: fails"]
DAYS = ["2025-07-01", "2025-12-31", "2026-01-01", "2026-07-07", "2027-06-30"]


@st.composite
def logs(draw: st.DrawFn) -> Firings:
    runs = draw(st.integers(1, 8))
    rows: list[Row] = []
    for run in range(runs):
        days = sorted(draw(st.lists(st.sampled_from(DAYS), max_size=5)))
        rows += [(run, draw(st.sampled_from(EVENTS)), day) for day in days]
    return firings(rows, runs)


@given(logs(), st.sampled_from(DAYS))
def test_one_branch_comes_first_exactly_when_any_event_happens(log: Firings, by: str) -> None:
    branches = ["flight", "landing", "launch"]
    firsts = answered({"first_of": branches, "by": by}, log)
    any_of_them = answered({"event": branches, "by": by}, log)
    assert firsts.times.tolist() == any_of_them.times.tolist()
    assert ((firsts.branch == 3) == (firsts.times == NEVER)).all()
    alone = [answered({"event": event, "by": by}, log).times for event in branches]
    for run, branch in enumerate(firsts.branch.tolist()):
        if branch < 3:
            assert firsts.times[run] == alone[branch][run] == min(times[run] for times in alone)


@given(logs(), st.sampled_from(DAYS))
def test_the_last_is_no_earlier_than_the_first_and_some_counted(log: Firings, by: str) -> None:
    first = answered({"event": "flight", "by": by}, log).times
    last = answered({"last": "flight", "by": by}, log).times
    count = answered({"count": "flight", "by": by}, log).by_year.sum(axis=1)
    assert (first <= last).all()
    assert ((first == NEVER) == (count == 0)).all()
    assert ((last == NEVER) == (count == 0)).all()
    assert (first[count == 1] == last[count == 1]).all()
