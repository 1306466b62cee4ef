"""What is so at the first and the last second of a date, held against an oracle made by hand.

The oracle walks through each timeline second by second of what happens in it, and knows dates by
the calendar alone; it shares nothing with the reading of statements.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from coopsim.analysis.evidence.facts import already, is_so
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.timelines import Timelines
from coopsim.simulation.draws import stream_key, uniforms
from hand_made import END, START, Row, firings, program, scenario, start_by_run

SCENARIO, PROGRAM = scenario({}), program()
RUNS = 300
LEVELS = ("cold", "cool", "warm")
BEGIN = datetime.fromisoformat(START).replace(tzinfo=UTC)
FINISH = datetime.fromisoformat(END).replace(tzinfo=UTC) + timedelta(days=1)
SECOND = timedelta(seconds=1)

# First and last seconds, and those beside them, of a year, a quarter, a month and a day, of the
# start and of the end; and a noon.
EDGES = tuple(
    datetime.fromisoformat(day).replace(tzinfo=UTC)
    for day in ("2026-01-01", "2027-01-01", "2026-04-01", "2026-07-01", "2026-02-14", "2026-02-15")
)
MOMENTS = (
    *(edge + k * SECOND for edge in EDGES for k in (-1, 0, 1)),
    BEGIN,
    BEGIN + SECOND,
    FINISH - 2 * SECOND,
    FINISH - SECOND,
    BEGIN + timedelta(days=100, hours=12),
)
EVENTS = ("thaw", "freeze", "flight", "summit: walkout", "launch: works")


def made() -> list[Row]:
    """Draw up to six firings for each timeline, at these moments."""

    def pick(name: str, k: int, among: int) -> list[int]:
        found: list[int] = (uniforms(stream_key(11, name), 0, RUNS, k) * among).astype(int).tolist()
        return found

    rows: list[tuple[int, datetime, int, str]] = []
    counts = pick("count", 0, 7)
    for k in range(6):
        which, when = pick("event", k, len(EVENTS)), pick("moment", k, len(MOMENTS))
        rows += [
            (run, MOMENTS[when[run]], k, EVENTS[which[run]])
            for run in range(RUNS)
            if k < counts[run]
        ]
    return [
        (run, event, moment.replace(tzinfo=None).isoformat())
        for run, moment, _, event in sorted(rows)
    ]


ROWS = made()
TIMELINES = Timelines(PROGRAM, firings(ROWS, RUNS), start_by_run)


@dataclass(frozen=True)
class Stay:
    """A level, from the second in which it was set up to the one in which the next one was."""

    level: str
    since: datetime
    until: datetime


def happened(run: int) -> list[tuple[datetime, str]]:
    """List the moments and events of a timeline."""
    return [
        (datetime.fromisoformat(moment).replace(tzinfo=UTC), event)
        for one, event, moment in ROWS
        if one == run
    ]


def stays(run: int) -> list[Stay]:
    """Follow the level of a timeline; one that is left within its second counts as well."""
    level, since, found = run % 3, BEGIN, []
    for moment, event in happened(run):
        after = {"thaw": min(level + 1, 2), "freeze": max(level - 1, 0), "summit: walkout": 0}
        new = after.get(event, level)
        if new != level:
            found.append(Stay(LEVELS[level], since, moment))
            level, since = new, moment
    return [*found, Stay(LEVELS[level], since, FINISH)]


def day(year: int, month: int = 1, number: int = 1) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


# What follows a name, and the seconds it is about: from, and up to but without.
SPANS = {
    "": (BEGIN, FINISH),
    "by 2026": (BEGIN, day(2027)),
    "by 2025-07-01": (BEGIN, day(2025, 7, 2)),
    "by 2027-06-30": (BEGIN, FINISH),
    "before 2026": (BEGIN, day(2026)),
    "before 2025-07-02": (BEGIN, day(2025, 7, 2)),
    "after 2025": (day(2026), FINISH),
    "after 2026-02-14": (day(2026, 2, 15), FINISH),
    "in 2026": (day(2026), day(2027)),
    "in 2025": (BEGIN, day(2026)),
    "in 2026-Q1": (day(2026), day(2026, 4)),
    "in 2026-06": (day(2026, 6), day(2026, 7)),
    "in 2026-02-14": (day(2026, 2, 14), day(2026, 2, 15)),
    "in 2025-07-01": (BEGIN, day(2025, 7, 2)),
    "in 2027-06-30": (day(2027, 6, 30), FINISH),
    "from 2025-07-01 to 2025": (BEGIN, day(2026)),
    "from 2026-02-14 to 2026-Q2": (day(2026, 2, 14), day(2026, 7)),
}
DAYS = ("2025-07-01", "2025-12-31", "2026-02-14", "2026-06-30", "2026-12-31", "2027-06-30")


def said(statement: str) -> list[int]:
    return np.flatnonzero(is_so(read_evidence(statement, SCENARIO, PROGRAM), TIMELINES)).tolist()


@pytest.mark.parametrize("span", SPANS)
def test_events_belong_to_their_second(span: str) -> None:
    begin, end = SPANS[span]
    counts = [
        sum(event == "flight" and begin <= moment < end for moment, event in happened(run))
        for run in range(RUNS)
    ]
    assert said(f"flight {span}") == [run for run in range(RUNS) if counts[run]]
    assert said(f"flight >= 2 {span}") == [run for run in range(RUNS) if counts[run] >= 2]
    assert said(f"flight < 1 {span}") == [run for run in range(RUNS) if not counts[run]]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("span", SPANS)
def test_levels_are_those_after_a_seconds_firings(span: str, level: str) -> None:
    """A level counts that is set in the span, or was before and is kept into it."""
    begin, end = SPANS[span]
    expected = [
        run
        for run in range(RUNS)
        if any(
            stay.level == level and (begin <= stay.since < end or stay.since < begin < stay.until)
            for stay in stays(run)
        )
    ]
    assert said(f"relations = {level} {span}") == expected


@pytest.mark.parametrize("on", DAYS)
def test_a_level_on_a_day_is_that_after_its_last_second(on: str) -> None:
    end = datetime.fromisoformat(on).replace(tzinfo=UTC) + timedelta(days=1)
    for level in LEVELS:
        expected = [
            run
            for run in range(RUNS)
            if [stay.level for stay in stays(run) if stay.since < end][-1] == level
        ]
        assert said(f"relations = {level} on {on}") == expected


def test_the_boundaries_are_met() -> None:
    """Timelines leave and enter levels in the very seconds that count."""
    left = {stay.until for run in range(RUNS) for stay in stays(run)}
    assert {edge + k * SECOND for edge in EDGES for k in (-1, 0, 1)} <= left
    assert {BEGIN, FINISH - SECOND} <= left


# A year that is left in its first second is none in which the level was held; so it was once said.
@pytest.mark.parametrize(
    ("moment", "runs"),
    [("2025-12-31T23:59:59", []), ("2026-01-01", []), ("2026-01-01T00:00:01", [0])],
)
def test_a_level_left_in_the_first_second(moment: str, runs: list[int]) -> None:
    one = Timelines(PROGRAM, firings([(0, "thaw", moment)], 1), start_by_run)
    fact = read_evidence("relations = cold in 2026", SCENARIO, PROGRAM)
    assert np.flatnonzero(is_so(fact, one)).tolist() == runs


# What will only be known later is not so already; in an empty stretch nothing is.
@pytest.mark.parametrize(
    "statement",
    [
        "relations = cool from 2026-06 to 2026-12",
        "flight <= 3 by 2027-01-01",
        "flight = 0 in 2027-03",
        "not flight by 2026",
        "relations = cool after landing",
    ],
)
def test_what_cannot_be_known_yet_is_not_so_already(statement: str) -> None:
    seconds = round((day(2026) - BEGIN).total_seconds())
    early = already(read_evidence(statement, SCENARIO, PROGRAM), seconds)
    assert not is_so(early, TIMELINES).any()
    assert is_so(
        read_evidence("not landing and relations >= cold", SCENARIO, PROGRAM), TIMELINES
    ).all()
