"""The models: what each construct of the language becomes, and what one entry cannot mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from coopsim.errors import ScenarioError
from coopsim.scenario.fields import parse_switch
from coopsim.scenario.loading import load, load_data
from coopsim.scenario.notation import distributions as d
from coopsim.scenario.notation.conditions import Condition, LevelTest, Trigger
from coopsim.scenario.notation.quantities import Value
from coopsim.scenario.notation.questions import QUESTION_KINDS
from coopsim.scenario.notation.timing import ByLevel, Calendar, Case, Cases, Plan, Rest, Window
from coopsim.scenario.notation.values import DAY, MONTH, YEAR, Every, Period, parse_date
from coopsim.scenario.spec import EventSpec, Pace, Question, Scenario

HEADER = {"scenario": "test", "start": "2025-08-05", "end": "2040-12-31"}


def constant(value: float) -> Value:
    return Value(d.Constant(value))


def day(text: str) -> float:
    return float(parse_date(text).first)


def when(name: str, *levels: str) -> Condition:
    return Condition(((LevelTest(name, levels),),))


def event(**keys: Any) -> EventSpec:
    return EventSpec.model_validate(keys)


def question(**keys: Any) -> Question:
    return Question.model_validate(keys)


# --- the example of the language --------------------------------------------------------------


@pytest.fixture(scope="module")
def example() -> Scenario:
    loaded = load(Path(__file__).parent / "scenarios" / "example.yaml")
    assert [str(warning) for warning in loaded.warnings] == []
    return loaded.scenario


def test_the_header_of_the_example(example: Scenario) -> None:
    assert (example.scenario, example.runs, example.seed) == ("thaw", 10_000, 2025)
    assert example.as_of == example.start == parse_date("2025-08-05")
    assert example.horizon == parse_date("2041-01-01").first - parse_date("2025-08-05").first


def test_the_references_of_the_example(example: Scenario) -> None:
    growth = example.references["russian_new_development"]
    assert (growth.raw_value(), growth.sources) == ({"lognormal": ["2.2", "0.68"]}, ("slips",))
    pace = example.references["stressed_industry"].pace
    assert pace is not None
    assert [(one.by, one.when is not None) for one in pace] == [(None, True), ("budget", False)]


def test_the_drivers_of_the_example(example: Scenario) -> None:
    sanctions = example.drivers["sanctions"]
    assert sanctions.levels == ("eased", "targeted", "full")
    assert sanctions.initial == "targeted"
    switch = sanctions.switches["targeted -> eased"]
    assert switch.rate == constant(0.15 / YEAR)
    at_least = LevelTest("relations", at_least="cautious")
    assert [one.when for one in switch.pace] == [Condition(((at_least,),))]
    assert example.drivers["relations"].initial == {"cold": 0.6, "cautious": 0.4}
    assert example.drivers["iss_crewed"].levels == ("false", "true")


def test_the_dates_of_the_example(example: Scenario) -> None:
    events = example.events
    assert events["iss_extension_decision"].date == Value(
        d.Uniform(day("2026-01-01"), day("2026-04-01"))
    )
    assert events["russia_leaves_iss"].date == ByLevel(
        "russia_commitment",
        {"2028": constant(day("2028-12-31")), "2030": constant(day("2030-12-31"))},
    )
    assert events["seat_swap_renewal"].date == Calendar(
        constant(day("2027-06-30")), every=Every(months=24)
    )
    soyuz = events["soyuz_flight"].date
    assert isinstance(soyuz, Calendar)
    assert soyuz.then is not None
    assert soyuz.then.distribution == d.lognormal_from_percentiles(7.5 * MONTH, 8.5 * MONTH)
    assert events["orel_first_flight"].date == Plan(
        constant(day("2028-12-31")),
        Value(None, "russian_new_development", "industry", 0.5),
        parse_date("2028-01-01"),
    )


def test_the_rest_of_the_example(example: Scenario) -> None:
    events = example.events
    assert events["orel_first_flight"].after == {"angara_a5m_ready": None}
    assert events["venus_agreement"].after == {"venus_joint": constant(YEAR)}
    assert events["cross_flight"].upon == (Trigger("soyuz_flight"), Trigger("dragon_flight"))
    assert events["iss_deorbited"].upon == (Trigger("iss_crewed", ("false",), "falls_to"),)
    venera = events["venera_d_launch"]
    assert venera.unless == when("venera_d_cancelled", "true")
    assert venera.window is not None
    assert venera.window.open is not None
    assert venera.window.open[0] == (parse_date("2034-05-26"), parse_date("2034-10-05"))
    assert venera.outcomes["works"].chance == Cases(
        (Case(when("venus_joint", "true"), constant(0.6)), Case(Condition(), constant(0.35)))
    )
    assert venera.outcomes["fails"].chance == Rest()
    assert events["leak_forces_retirement"].opens == parse_date("2027-01-01")
    assert events["pad_repaired"].sets == {"crew_pad": "usable"}
    odds = events["iss_extension_decision"].odds[0]
    assert odds.times == {"extended": constant(3)}


def test_the_questions_of_the_example(example: Scenario) -> None:
    kinds = [question.kind for question in example.outcomes.values()]
    expected = ["event", "event", "last", "count", "between", "first_of", "all_of"]
    assert kinds == ["driver", *expected, "driver", "index"]  # the parent's question first
    assert set(kinds) == set(QUESTION_KINDS)
    assert example.outcomes["joint_by_2035"].by == parse_date("2035-12-31")
    assert example.outcomes["station_gap"].events == (("russia_leaves_iss",), ("ros_crewed",))
    index = example.outcomes["cooperation"].index
    assert [item.weight for item in index] == [60, 40]


# --- single constructs ------------------------------------------------------------------------


def test_every_shape_of_timing_is_read() -> None:
    hot = Value(d.Constant(2.0))
    assert event(takes={"planned": "2 years", "growth": 2}).takes == Plan(constant(2 * YEAR), hot)
    assert event(rate={"by": "war", "hot": "1 per year"}).rate == ByLevel(
        "war", {"hot": constant(1 / YEAR)}
    )
    plan = {"planned": "2028-12-31", "growth": 2}
    assert event(date={"by": "war", "hot": plan}).date == ByLevel(
        "war", {"hot": Plan(constant(day("2028-12-31")), hot)}
    )
    recurring = {"opens": "2028-01-01", "every": "26 months", "lasts": "90 days"}
    assert event(takes="1 year", window=recurring).window == Window(
        opens=parse_date("2028-01-01"), every=Every(months=26), lasts=90.0 * DAY
    )
    assert event(takes="1 year", window={"like": "venus"}).window == Window(like="venus")
    assert event(rate="1 per year", until="2030").until == parse_date("2030")
    assert event(rate="1 per year", memory="enabling").memory == "enabling"
    assert event(when={}).when == Condition()


def test_every_shape_of_trigger_is_read() -> None:
    assert event(upon={"war": "hot"}).upon == (Trigger("war", ("hot",)),)
    assert event(upon={"war": ["hot", "cold"]}).upon == (Trigger("war", ("hot", "cold")),)
    assert event(upon={"war": {"falls_to": "a", "rises_to": ["b", "c"]}}).upon == (
        Trigger("war", ("a",), "falls_to"),
        Trigger("war", ("b", "c"), "rises_to"),
    )


def test_every_shape_of_pace_is_read() -> None:
    paces = [
        {"when": {"war": "hot"}, "times": "0.5 to 1"},
        {"by": "war", "hot": 0.5, "by_far": 2},
        {"like": "slow"},
    ]
    first, table, like = event(rate="1 per year", pace=paces).pace
    assert first.when == when("war", "hot")
    assert first.times == Value(d.lognormal_from_percentiles(0.5, 1))
    assert (table.by, table.levels) == ("war", {"hot": constant(0.5), "by_far": constant(2)})
    assert like.like == "slow"


def test_a_level_of_any_name_stands_in_a_table() -> None:
    names = ("when", "times", "like", "levels", "low", "planned", "first")
    pace = Pace.model_validate({"by": "war", **dict.fromkeys(names, 2)})
    assert pace.levels == dict.fromkeys(names, constant(2))
    for key, value in (("rate", "1 per year"), ("date", "2028-07-31")):
        table = getattr(event(**{key: {"by": "war", **dict.fromkeys(names, value)}}), key)
        assert set(table.table) == set(names)


def test_a_chance_may_be_uncertain_or_a_table() -> None:
    event_spec = event(
        date="2028",
        outcomes={
            "a": {"chance": {"by": "war", "hot": 0.5, "cold": 0.25}, "shifts": {"war": "+1"}},
            "b": {"chance": "0.1 to 0.2"},
            "rest": {"chance": "rest"},
        },
    )
    assert event_spec.outcomes["a"].chance == ByLevel(
        "war", {"hot": constant(0.5), "cold": constant(0.25)}
    )
    assert event_spec.outcomes["a"].shifts == {"war": 1}


def test_a_list_of_events_may_stand_wherever_an_event_does() -> None:
    assert question(event=["a", "b"]).events == (("a", "b"),)
    assert question(last="a").events == (("a",),)
    assert question(between=[["a", "b"], "c"]).events == (("a", "b"), ("c",))
    assert question(first_of=["a", ["b", "c"]]).events == (("a",), ("b", "c"))
    assert question(count="a", outcome="won", by="2030").by == Period(
        parse_date("2030").first, parse_date("2031").first
    )


def test_levels_and_names_are_compared_as_text() -> None:
    data = {
        **HEADER,
        "drivers": {"commitment": {"levels": [2028, 2030], "initial": 2028, "judgement": "x"}},
        "events": {
            "leaves": {
                "date": {"by": "commitment", 2028: "2028-12-31", "2030": "2030-12-31"},
                "when": {"commitment": ["2028", 2030]},
                "judgement": "x",
            }
        },
        "outcomes": {"leaves": {"event": "leaves"}},
    }
    scenario = load_data(data).scenario
    assert scenario.drivers["commitment"].levels == ("2028", "2030")
    assert scenario.events["leaves"].when == when("commitment", "2028", "2030")


def test_true_and_false_may_be_levels_of_a_driver() -> None:
    data = {
        **HEADER,
        "drivers": {"open": {"levels": [False, True], "initial": True, "judgement": "x"}},
        "events": {"shuts": {"upon": {"open": {"falls_to": False}}, "judgement": "x"}},
    }
    assert load_data(data).scenario.drivers["open"].initial == "true"


def test_switches_are_two_levels_with_an_arrow() -> None:
    assert parse_switch("cold -> very warm") == ("cold", "very warm")
    for wrong in ("cold", "cold -> ", "a -> b -> c"):
        with pytest.raises(ValueError, match="LEVEL -> LEVEL"):
            parse_switch(wrong)


def test_a_scenario_cannot_be_changed(example: Scenario) -> None:
    with pytest.raises(ValidationError):
        example.seed = 1


# --- what one event cannot mean ---------------------------------------------------------------

CALENDAR = {"first": "2028-01-01", "every": "1 year"}
OPEN = {"open": [["2028-01-01", "2029-01-01"]]}
PACE = [{"when": {}, "times": 2}]
NO_TIMING = "an event without timing"
CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    ({"date": "2028", "rate": "1 per year"}, "date and rate, expected only one of"),
    ({"date": "2028", "takes": "1 year"}, "date and takes, expected only one of"),
    ({"takes": "1 year", "rate": "1 per year"}, "takes and rate, expected only one of"),
    ({"upon": ["a"], "rate": "1 per year"}, "upon with rate, expected upon with takes"),
    ({"upon": ["a"], "date": "2028"}, "upon with date, expected upon with takes"),
    ({"date": "2028", "repeat": True}, "repeat: true on a dated event, expected"),
    ({"date": {"by": "war", "hot": "2028"}, "repeat": True}, "repeat: true on a dated event"),
    ({"date": {"planned": "2028", "growth": 2}, "repeat": True}, "repeat: true on a dated"),
    ({"date": CALENDAR}, "a calendar, expected repeat: true beside it"),
    ({"date": CALENDAR, "repeat": True, "pace": PACE}, "a pace on a calendar, expected no pace"),
    ({"window": OPEN}, f"a window on {NO_TIMING}"),
    ({"upon": ["a"], "window": OPEN}, f"a window on {NO_TIMING}"),
    ({"pace": PACE}, f"a pace on {NO_TIMING}, expected no pace"),
    ({"upon": ["a"], "pace": PACE}, f"a pace on {NO_TIMING}, expected no pace"),
    ({"date": "2028", "memory": "enabling"}, "memory: enabling, expected memory only with"),
    ({"memory": "enabling"}, "memory: enabling, expected memory only with"),
    ({"date": "2028", "odds": [{"when": {}, "times": {"a": 2}}]}, "odds on an event without"),
    ({"outcomes": {"true": {"chance": 1}}}, "an outcome named true, expected another name"),
    ({"outcomes": {"false": {"chance": 1}}}, "an outcome named false, expected another name"),
    ({"outcomes": {"by": {"chance": 1}}}, "an outcome named by, expected another name"),
    ({"outcomes": {"a": {"chance": "rest"}, "b": {"chance": "rest"}}}, "a second `rest`"),
]


@pytest.mark.parametrize(("keys", "expected"), CONTRADICTIONS)
def test_what_cannot_all_be_meant_is_refused(keys: dict[str, Any], expected: str) -> None:
    data = {**HEADER, "events": {"e": {**keys, "judgement": "x"}, "a": {"judgement": "x"}}}
    with pytest.raises(ScenarioError) as caught:
        load_data(data)
    found = [f"found {one.found}, expected {one.expected}" for one in caught.value.problems]
    assert [expected in one for one in found if "driver or event" not in one] == [True]


@pytest.mark.parametrize(
    "keys",
    [
        {"upon": ["a"], "takes": "1 year", "window": OPEN, "pace": PACE, "repeat": True},
        {"upon": ["a"], "repeat": True},
        {"rate": "1 per year", "window": OPEN, "pace": PACE, "repeat": True},
        {"takes": "1 year", "repeat": True, "memory": "enabling"},
        {"date": "2028", "window": OPEN, "pace": PACE},
        {"date": CALENDAR, "repeat": True, "window": OPEN},
        {},
    ],
)
def test_what_can_be_meant_together_is_accepted(keys: dict[str, Any]) -> None:
    data = {**HEADER, "events": {"e": {**keys, "judgement": "x"}, "a": {"judgement": "x"}}}
    assert set(load_data(data).scenario.events) == {"e", "a"}


# In a list nothing is removed by null: a part of a pace that is null is missing.
@pytest.mark.parametrize(
    "pace",
    [
        {"when": {}, "times": None},
        {"when": None, "times": 2},
        {"like": None},
        {"by": None, "low": 2},
        {"by": "mood", "low": None},
    ],
)
def test_a_pace_has_no_part_that_is_null(pace: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Pace.model_validate(pace)
