"""Forecasts recorded from timelines: the chances, when an event has come, and what is refused."""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from coopsim import api
from coopsim.errors import CoopsimError, ScenarioError, UsageError
from coopsim.experiments.variants import Effort
from coopsim.forecasts.question_files import read_questions
from coopsim.forecasts.recording import AllTimelines, Making, month_ends, record
from coopsim.forecasts.records import Chance, Record, read_record, written
from coopsim.scenario.notation.values import YEAR, parse_date
from coopsim.simulation.workers.playing import Players
from forecast_world import MADE, QUESTIONS, WORLD, asked_in, played, recorded_in

RUNS = 2000


@cache
def recorded(folder: Path) -> Record:
    one = played()
    book = read_questions(asked_in(folder) / "questions.yaml")
    everything = AllTimelines(one.loaded, one.program, one.runs, one.firings())
    return record(
        everything, book, Making("me", "2026-07-01T12:00:00+00:00"), Effort(RUNS, Players(1))
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return recorded(tmp_path_factory.mktemp("forecasts"))


def years(day: str) -> float:
    """Count the years from the start to the end of a day."""
    return (parse_date(day).end_of_day - parse_date("2026-01-01").first) / YEAR


def fires_between(rate: float, opens: str, by: str) -> float:
    """Derive the chance that what fires once, at a rate, does so from one day to another."""
    return math.exp(-rate * years(opens)) - math.exp(-rate * years(by))


def near(found: float, expected: float) -> bool:
    """Check a share within five standard errors."""
    return abs(found - expected) <= 5 * math.sqrt(expected * (1 - expected) / RUNS)


def test_what_happened_before_a_question_opened_does_not_count(made: Record) -> None:
    decree = made.question("decree")
    assert decree is not None
    # It opens on 1 July: all that fires until the end of 30 June is lost to it.
    expected = fires_between(0.5, "2026-06-30", "2027-03-15")
    assert near(decree.chances["yes"].probability, expected)
    share = decree.chances["yes"].probability
    assert decree.chances["yes"].se == round(math.sqrt(share * (1 - share) / RUNS), 6)


def test_an_event_is_followed_from_month_to_month(made: Record) -> None:
    decree = made.question("decree")
    assert decree is not None
    assert [day for day, _ in decree.cdf] == [
        date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31),
        date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28),
        date(2027, 3, 15),
    ]  # fmt: skip
    for day, chance in decree.cdf:
        assert near(chance, fires_between(0.5, "2026-06-30", day.isoformat()))
    assert decree.cdf[-1][1] == decree.chances["yes"].probability


def test_a_level_on_a_day_is_no_event_and_has_no_course(made: Record) -> None:
    mood = made.question("mood")
    assert mood is not None
    assert mood.cdf == ()
    # Two levels with the same rate r to and fro: (1 - exp(-2 r t)) / 2.
    assert near(mood.chances["yes"].probability, (1 - math.exp(-0.8 * years("2026-12-31"))) / 2)


def test_the_answers_of_a_count_sum_to_one(made: Record) -> None:
    flights = made.question("flights")
    assert flights is not None
    assert sum(chance.probability for chance in flights.chances.values()) == pytest.approx(1)
    mean = 2 * (years("2027-12-31") - years("2026-12-31"))
    assert near(flights.chances["none"].probability, math.exp(-mean))
    assert near(flights.chances["one"].probability, mean * math.exp(-mean))
    assert flights.cdf == ()


def test_model_uncertainty_is_told_of_what_hangs_on_it_and_silence_has_its_reason(
    made: Record,
) -> None:
    treaty, moon = made.question("treaty"), made.question("moon")
    assert treaty is not None
    assert moon is not None
    chance = treaty.chances["yes"]
    assert chance.low is not None
    assert chance.high is not None
    assert chance.low < chance.probability < chance.high
    assert (treaty.fit, treaty.why) == ("approximate", "Any treaty counts.")
    assert (moon.fit, moon.why, moon.chances, moon.cdf) == (
        None, "The model has no Moon.", {}, (),
    )  # fmt: skip


def test_a_record_holds_the_scenario_and_is_read_back_as_it_was(made: Record) -> None:
    text = written(made).decode()
    assert read_record(text, "x.json")[0] == made
    loaded = api.load_text("\n".join(made.assumed.yaml))
    assert loaded.hash == made.assumed.hash
    assert (made.assumed.timelines, made.assumed.seed) == (RUNS, 7)


def test_the_same_result_is_recorded_as_the_same(made: Record, tmp_path: Path) -> None:
    (answer,) = api.record_forecasts(
        [played()], asked_in(tmp_path), forecaster="me", now=MADE, workers=2
    ).recorded
    assert answer.record == made


def test_months_end_with_the_closing_day() -> None:
    ends = month_ends(date(2026, 11, 30), date(2027, 1, 31))
    assert list(ends) == [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]
    assert list(month_ends(date(2026, 11, 3), date(2026, 11, 4))) == [date(2026, 11, 4)]


# --- what is refused ------------------------------------------------------------------------------


def refused(folder: Path, old: str, new: str) -> str:
    """Record with something else in the questions; gives what is told of it."""
    text = QUESTIONS.replace(old, new)
    assert text != QUESTIONS
    path = asked_in(folder) / "questions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        api.record_forecasts([played()], folder, now=MADE, workers=1)
    assert [one.name for one in folder.iterdir()] == ["questions.yaml"]
    return str(error.value).replace(str(path), "questions.yaml")


def test_names_that_the_scenario_does_not_know_are_told_with_what_was_meant(
    tmp_path: Path,
) -> None:
    assert refused(tmp_path, "decree from", "decre from") == (
        "questions.yaml:11: error: questions.0.asked.statement: found `decre` at character 1 of "
        "`decre from 2026-07-01 to 2027-03-15`, expected a driver, an event or an outcome: mood, "
        "mood: bad -> good, mood: good -> bad, decree, treaty, flight or decreed; did you mean "
        "'decree'?"
    )


def test_a_statement_says_from_when_on_it_counts(tmp_path: Path) -> None:
    assert refused(tmp_path, "decree from {opens} to {by}", "decree by {by}") == (
        "questions.yaml:11: error: questions.0.asked.statement: found `decree by 2027-03-15`, "
        "expected a statement that says from when on it counts, such as `from {opens} to {by}`, "
        "as small begins on 2026-01-01"
    )


def test_answers_that_overlap_or_leave_some_out_are_counted(tmp_path: Path) -> None:
    said = refused(tmp_path, "two or more: rest", "two or more: flight >= 1 in 2027")
    counts = [int(one.probability * 2000 + 0.5) for one in recorded_flights(tmp_path / "good")]
    assert said == (
        f"questions.yaml:20: error: questions.1.asked.answers: found {counts[1]} timelines with "
        "several, expected one answer of flights in every timeline"
    )
    said = refused(tmp_path / "other", "two or more: rest", "two or more: flight >= 3 in 2027")
    assert said.endswith("timelines with none, expected one answer of flights in every timeline")


def recorded_flights(folder: Path) -> list[Chance]:
    flights = recorded(folder).question("flights")
    assert flights is not None
    return [flights.chances[option] for option in flights.world.options]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("treaty from {opens} to {by}", "mood = good on {by}"),
        ("treaty from {opens} to {by}", "not treaty from {opens} to {by}"),
        ("treaty from {opens} to {by}", "treaty in 2027"),
    ],
)
def test_a_date_is_asked_of_an_event_that_stays(tmp_path: Path, old: str, new: str) -> None:
    assert refused(tmp_path, old, new) == (
        "questions.yaml:33: error: questions.2.asked.1.statement: found a statement that stops "
        "being so, or has no `{by}`, expected one of an event, which stays so once it has happened"
    )


def test_a_scenario_that_says_not_what_was_known_is_not_recorded(tmp_path: Path) -> None:
    unknown = api.play(api.load_text(WORLD.replace("as_of: 2026-01-01\n", "")), runs=200, workers=1)
    with pytest.raises(UsageError) as error:
        api.record_forecasts([unknown], asked_in(tmp_path), now=MADE, workers=1)
    assert str(error.value) == (
        "small does not say what was known when it was written: give it an `as_of`, such as "
        "`as_of: 2025-08-05`, and run it again"
    )


def test_a_result_without_its_firings_is_not_recorded(tmp_path: Path) -> None:
    scenario = tmp_path / "small.yaml"
    scenario.write_text(WORLD, encoding="utf-8")
    result = api.run(scenario, out=tmp_path / "results", runs=100, workers=1, keep="firsts")
    with pytest.raises(CoopsimError) as error:
        api.record_forecasts([result], asked_in(tmp_path / "forecasts"), now=MADE)
    assert str(error.value) == (
        f"{result.folder} keeps first firings and counts only, and this needs all firings: "
        f"simulate it again with `coopsim run {result.folder}/scenario.yaml --keep firings "
        "--replace`"
    )


def test_a_second_forecast_needs_a_reason_and_a_first_one_has_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        api.record_forecasts([played()], asked_in(tmp_path), why="It thawed.", now=MADE)
    assert str(error.value) == (
        f"small has no forecast in {tmp_path} to supersede: leave out --why"
    )
    recorded_in(tmp_path)
    with pytest.raises(UsageError) as error:
        api.record_forecasts([played()], tmp_path, now=MADE)
    assert str(error.value) == (
        f"small has a forecast in {tmp_path} already, 2026-01-01-small.json; a new one supersedes "
        "it and overwrites nothing: say with --why what has changed"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "unchanged",
            (
                "'unchanged' is what forecasts are scored against: name the forecaster otherwise "
                "with `--as`"
            ),
        ),
        ("../me", "found '../me', expected a name of letters, digits, `-` and `_`"),
    ],
)  # fmt: skip
def test_a_forecaster_has_a_plain_name_of_its_own(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        api.record_forecasts([played()], asked_in(tmp_path), forecaster=name, now=MADE)
    assert str(error.value) == said


def test_two_results_are_two_forecasters(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        api.record_forecasts([played(), played()], asked_in(tmp_path), now=MADE)
    assert str(error.value) == (
        "found small and small, expected results of different forecasters: record them one by "
        "one, each with its `--as`"
    )
