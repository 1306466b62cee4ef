"""The notation of evidence, held against the ten hand-made timelines and in its messages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coopsim.analysis.evidence.facts import AllTrue, Occurs, already, cells_in, is_so, variables_in
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.timelines import Timelines
from coopsim.errors import UsageError
from coopsim.scenario.loading import load_data
from coopsim.simulation.building import build_program
from hand_made import Row, firings, program, scenario, seconds, start_by_run, start_cool, ten

QUESTIONS = {
    "flies": {"event": ["flight", "landing"]},
    "works": {"event": "launch", "outcome": "works", "by": "2026-06-30"},
    "flights": {"count": "flight"},
    "gap": {"between": ["landing", "flight"]},
    "mood": {"index": [{"when": {"flight": True}, "weight": 1}]},
}
SCENARIO, PROGRAM = scenario(QUESTIONS), program(QUESTIONS)


def runs_in_which(text: str, timelines: Timelines | None = None) -> list[int]:
    ten_of_them = timelines or Timelines(PROGRAM, ten(), start_cool)
    fact = read_evidence(text, SCENARIO, PROGRAM)
    return [int(run) for run in np.flatnonzero(is_so(fact, ten_of_them))]


# Read off the table of timelines in hand_made.
@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("flight", [0, 2, 3, 4, 7, 8, 9]),
        ("not flight", [1, 5, 6]),
        ("flight by 2025", [0, 4, 9]),
        ("flight by 2025-07", [4]),
        ("flight by 2025-07-01", [4]),
        ("flight before 2025-08-01", [4]),
        ("flight before 2025-08-02", [0, 4]),
        ("flight after 2026-08-01", [4]),
        ("flight after 2026-07-31", [0, 4]),
        ("flight on 2026-01-01", [2, 3]),
        ("flight in 2026", [0, 2, 3, 7, 8]),
        ("flight from 2025-Q4 to 2026-Q1", [2, 3, 4, 8]),
        ("launch = works", [0, 2, 3, 6, 7, 9]),
        ("launch = works by 2026-01-01", [2, 3]),
        ("launch = fails in 2025", [0]),
        ("launch = works and launch = fails", [0]),
        ("flight = 1", [2, 3, 7, 8, 9]),
        ("flight >= 2", [0, 4]),
        ("flight > 2", [4]),
        ("flight < 1", [1, 5, 6]),
        ("flight <= 1 by 2026-08-01", [1, 2, 3, 5, 6, 7, 8, 9]),
        ("flight = 0 in 2026", [1, 4, 5, 6, 9]),
        # What never happens comes after everything else; ties go by firing order.
        ("flight before launch", [0, 3, 4, 7, 8, 9]),
        ("launch before flight", [2, 5, 6]),
        ("launch = works before flight", [2, 6]),
        ("flight before launch = works", [0, 3, 4, 7, 8, 9]),
        ("landing before flight", [8]),
        ("flight after landing", [8]),
        ("flight after launch", [0, 2]),
        ("flight >= 2 before landing", [0, 4]),
        # Nothing is so after what has not happened, not even that nothing happens.
        ("flight = 0 after landing", [9]),
        ("flight and landing", [8, 9]),
        ("landing or launch = fails", [0, 5, 8, 9]),
        ("not flight and not launch", [1]),
        ("not (flight or launch)", [1]),
        ("landing or flight and launch = fails", [0, 8, 9]),
        ("(landing or flight) and launch = fails", [0]),
        ("not flight or landing", [1, 5, 6, 8, 9]),
        ("'flight' by \"2025\"", [0, 4, 9]),
        ("flies by 2026-01-15", [0, 2, 3, 4, 8, 9]),
        ("works", [0, 2, 3, 7]),  # the question closes in June 2026
        ("works by 2027", [0, 2, 3, 7]),
        ("flights >= 3", [4]),
        ("flight from 2026", [0, 2, 3, 4, 7, 8]),
        ("flight = 1 on 2026-01-01", [2, 3]),
        # In the same second: runs 2 and 3 fly and launch, run 8 flies and lands.
        ("flight with launch", [2, 3]),
        ("flight without launch", [0, 4, 7, 8, 9]),
        ("flight with launch = fails", []),
        ("flight with landing by 2026", [8]),
        ("flight without launch >= 2", [0, 4]),
        ("launch = works without flight", [0, 6, 7, 9]),
        # Of a number, counted from where the span begins.
        ("second flight", [0, 4]),
        ("2nd flight by 2025", [4]),
        ("third flight", [4]),
        ("first flight from 2026", [0, 2, 3, 4, 7, 8]),
        ("2nd flight from 2025-12-31", [4]),
        ("first launch = works", [2, 3, 6, 7, 9]),
        ("second launch = works", [0]),
        ("first flight with launch", [2, 3]),
        ("first flight without launch by 2025", [0, 4, 9]),
        ("not second flight and flight", [2, 3, 7, 8, 9]),
    ],
)
def test_what_happens(text: str, runs: list[int]) -> None:
    text = text.replace("by 2027", "by 2027-06-30")
    assert runs_in_which(text) == runs


# Run r starts at level r % 3 of cold, cool, warm.
MOVES: tuple[Row, ...] = (
    (0, "thaw", "2025-09-01"),  # cold -> cool
    (0, "thaw", "2026-09-01"),  # cool -> warm
    (1, "freeze", "2026-01-01"),  # cool -> cold
    (1, "thaw", "2026-01-01"),  # and back within the second
    (1, "flight", "2026-02-01"),
    (2, "freeze", "2025-07-01"),  # warm -> cool in the first second
    (2, "flight", "2025-07-01"),
    (2, "summit: walkout", "2027-01-01"),  # cool -> cold
    (4, "thaw", "2026-05-05"),  # cool -> warm
    (4, "flight", "2026-05-05"),
    (4, "freeze", "2026-05-05"),  # warm -> cool
)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("relations = warm", [0, 2, 4, 5]),
        ("relations = warm by 2026-08-31", [2, 4, 5]),
        ("relations = warm by 2026-09-01", [0, 2, 4, 5]),
        ("relations = warm on 2026-08-31", [5]),
        ("relations = warm on 2026", [0, 5]),
        ("relations = warm after 2025", [0, 4, 5]),
        ("relations = warm before 2025-08", [2, 5]),
        ("relations = warm in 2026-05", [4, 5]),
        ("relations = cold", [0, 1, 2, 3]),
        ("relations = cold in 2026", [1, 3]),
        ("relations >= cool on 2027-06-30", [0, 1, 4, 5]),
        ("relations <= cool on 2027-06-30", [1, 2, 3, 4]),
        ("relations > cool on 2025-07-01", [5]),
        ("relations < cool on 2025-07-01", [0, 3]),
        ("relations = warm before flight", [0, 2, 4, 5]),
        ("relations = cool before flight", [0, 1, 2, 4]),
        ("relations = warm after flight", [4]),
        ("relations = cold after flight", [2]),
        ("relations = cool after flight", [1, 2, 4]),
        ("relations = cold before thaw", [0, 1, 2, 3]),
        ("relations = warm after summit = walkout", []),
        ("relations = cold after summit = walkout", [2]),
        ("not relations = warm", [1, 3]),
        # Run 0 is cold for 62 days, cool for 365 and warm for 303, run 2 cool for 549; runs 1 and 4
        # leave a level and are back within the second, which is no break.
        ("relations = cool for 365 days", [0, 1, 2, 4]),
        ("relations = cool for 366 days", [1, 2, 4]),
        ("relations = cool for 550 days", [1, 4]),
        ("relations = warm for 303 days", [0, 5]),
        ("relations = warm for 304 days", [5]),
        ("relations >= cool for 730 days", [1, 4, 5]),
        ("relations = cold for 62 days by 2025-08-31", [0, 3]),
        ("relations = cold for 62 days by 2025-08-30", []),
        ("relations = cool for 2 months on 2026-08-31", [0, 1, 2, 4]),
        ("relations = cool for 400 days on 2026-08-31", [1, 2, 4]),
        ("relations = cold for 30 days after flight", [2]),
        ("relations = cool for 200 days before flight", [0, 1, 4]),
        ("not relations = warm for 1 day", [1, 2, 3, 4]),
    ],
)
def test_how_the_world_stands(text: str, runs: list[int]) -> None:
    timelines = Timelines(PROGRAM, firings(MOVES, 6), start_by_run)
    assert runs_in_which(text, timelines) == runs


def test_a_switch_is_named_in_quotes() -> None:
    rows = ((1, "relations: cool -> warm", "2026-01-01"),)
    timelines = Timelines(PROGRAM, firings(rows, 2), start_cool)
    assert runs_in_which("'relations: cool -> warm' in 2026", timelines) == [1]


def test_a_part_that_begins_later_gives_the_same() -> None:
    late = firings([(run + 40, *rest) for run, *rest in MOVES], 6, first_run=40)  # type: ignore[misc]
    timelines = Timelines(PROGRAM, late, lambda *_: start_by_run(PROGRAM, 0, 0, 6))
    assert runs_in_which("relations = cool after flight", timelines) == [1, 2, 4]


def test_all_of_several() -> None:
    timelines = Timelines(PROGRAM, ten(), start_cool)
    both = read_evidence("flight and launch = fails", SCENARIO, PROGRAM)
    assert np.flatnonzero(is_so(both, timelines)).tolist() == [0]
    assert is_so(AllTrue(()), timelines).all()


def test_an_outcome_named_like_a_number_is_that_outcome() -> None:
    numbered = {
        "events": {
            "end": {
                "date": "2026",
                "outcomes": {"2029": {"chance": 0.5}, "2030": {"chance": "rest"}},
                "judgement": "Made up.",
            }
        },
        "drivers": {},
    }
    made, built = scenario({}, **numbered), program({}, **numbered)
    assert read_evidence("end = 2030", made, built) == Occurs(((0, 1),))
    assert read_evidence("end = 3", made, built) == Occurs(((0, 0), (0, 1)), least=3, most=3)


def test_the_firings_that_a_fact_is_about() -> None:
    fact = read_evidence(
        "not landing and (launch = fails before thaw or relations = cool)",
        SCENARIO,
        PROGRAM,
    )
    names = [event.name for event in PROGRAM.events]
    assert {(names[event], outcome) for event, outcome in cells_in(fact)} == {
        ("landing", 0),
        ("launch", 1),
        ("thaw", 0),
    }
    assert list(variables_in(fact)) == [0]


# Of what shall not be, it is never known early that it will not; of a level on a day, on that day.
@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("flight", [0, 2, 3, 4, 9]),
        ("flight by 2025", [0, 4, 9]),
        ("flight >= 2", [4]),
        ("not flight", []),
        ("flight and not landing", []),
        ("landing or launch = works", [2, 3]),
        ("relations = cool", list(range(10))),
        ("relations = cool on 2025-12-31", list(range(10))),
        ("relations = cool on 2027-01-01", []),
    ],
)
def test_what_is_so_by_the_first_of_january_2026_already(text: str, runs: list[int]) -> None:
    timelines = Timelines(PROGRAM, ten(), start_cool)
    fact = already(read_evidence(text, SCENARIO, PROGRAM), seconds("2026-01-02"))
    assert np.flatnonzero(is_so(fact, timelines)).tolist() == runs


# Statements, and below each, indented, what is wrong with it.
BROKEN = (Path(__file__).parent / "broken_evidence.txt").read_text(encoding="utf-8")
CASES = [tuple(case.splitlines()) for case in BROKEN.strip().split("\n\n")]


@pytest.mark.parametrize(("text", "message"), CASES)
def test_what_is_wrong_and_where(text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        read_evidence(text, SCENARIO, PROGRAM)
    assert str(error.value) == f"`{text}`, {message.strip()}"


RESERVED = load_data(
    {
        "scenario": "reserved",
        "start": "2025-07-01",
        "end": "2027-06-30",
        "drivers": {"to": {"levels": ["not", "or"], "initial": "not"}},
        "events": {
            **{name: {"rate": "1 per year"} for name in ("by", "and", "not", "seat swap")},
            "in": {"rate": "1 per year", "outcomes": {"on": {"chance": "rest"}}},
        },
        "outcomes": {},
    }
).scenario
RESERVED_PROGRAM = build_program(RESERVED)
KNOWN = "a driver, an event or an outcome: to, by, and, not, seat swap or in"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("by", f"character 1: found `by`, expected {KNOWN}; write `'by'`"),
        ("and by 2026", f"character 1: found `and`, expected {KNOWN}; write `'and'`"),
        ("not", f"character 4: found the end, expected {KNOWN}; write `'not'`"),
        ("to = not", f"character 1: found `to`, expected {KNOWN}; write `'to'`"),
        ("in = on", f"character 1: found `in`, expected {KNOWN}; write `'in'`"),
        ("seat swap", f"character 1: found `seat`, expected {KNOWN}; write `'seat swap'`"),
    ],
)
def test_names_that_are_words_of_the_notation_want_quotes(text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        read_evidence(text, RESERVED, RESERVED_PROGRAM)
    assert str(error.value) == f"`{text}`, {message}, in quotes: it would be read differently"


@pytest.mark.parametrize(
    "text", ["'by'", '"and" by 2026', "not 'not'", "'to' = not", "'in' = on", "'seat swap'"]
)
def test_names_in_quotes_are_read(text: str) -> None:
    fact = read_evidence(text, RESERVED, RESERVED_PROGRAM)
    assert [*cells_in(fact), *variables_in(fact)]


def test_nothing_is_no_evidence() -> None:
    with pytest.raises(UsageError) as error:
        read_evidence(" ", SCENARIO, PROGRAM)
    expected = "expected a driver, an event or an outcome"
    assert str(error.value) == f"` `, character 1: found the end, {expected}"


def test_depth_has_an_end() -> None:
    with pytest.raises(UsageError) as error:
        read_evidence("(" * 5000 + "flight", SCENARIO, PROGRAM)
    assert str(error.value) == f"`{'(' * 40} ...` is too long: split it over several options"
    deep = read_evidence("(" * 90 + "flight" + ")" * 90, SCENARIO, PROGRAM)
    assert deep == read_evidence("flight", SCENARIO, PROGRAM)
