"""Titles in statements: in quotes they stand where a name does, and what is meant is told."""

from __future__ import annotations

import pytest

from coopsim import api
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.errors import UsageError
from coopsim.scenario.loading import load_data
from coopsim.simulation.building import build_program

LOADED = load_data(
    {
        "scenario": "titled",
        "start": "2025-01-01",
        "end": "2030-12-31",
        "runs": 300,
        "seed": 3,
        "drivers": {
            "climate": {
                "title": "Political climate between two capitals",
                "levels": ["cold", "warm"],
                "initial": "cold",
                "switches": {"cold -> warm": {"rate": "0.3 per year"}},
                "judgement": "Made up.",
            }
        },
        "events": {
            "pact": {
                "title": "A pact is signed by both",
                "rate": "0.3 per year",
                "outcomes": {"venus": {"chance": 0.4}, "moon": {"chance": "rest"}},
                "judgement": "Made up.",
            },
            "reentry": {"title": "ISS re-enters", "rate": "0.2 per year", "judgement": "Made up."},
            "stay": {
                "title": "Russia's stay ends",
                "rate": "0.2 per year",
                "judgement": "Made up.",
            },
            "orel": {"title": "Orel flies", "rate": "0.4 per year", "judgement": "Made up."},
            "visit": {"title": "A visit", "rate": "0.4 per year", "judgement": "Made up."},
        },
        "outcomes": {
            "agreed": {"event": "pact", "title": "New programme agreed"},
            "iss_gone": {"event": "reentry", "title": "ISS re-enters"},
            "visited": {"event": "visit", "by": "2027-12-31", "title": "A visit"},
            "climate": {"driver": "climate", "title": "Political climate"},
            "which": {"first_of": ["pact", "orel"], "title": "Which comes first"},
            "one": {"event": "orel", "title": "A first"},
            "two": {"event": "stay", "title": "a first"},
        },
    }
)
SCENARIO, PROGRAM = LOADED.scenario, build_program(LOADED.scenario)


@pytest.mark.parametrize(
    ("titled", "named"),
    [
        ("'New programme agreed' by 2029", "agreed by 2029"),
        ('"new PROGRAMME agreed" by 2029', "agreed by 2029"),
        ("not 'A pact is signed by both' by 2029", "not pact by 2029"),
        ("'A pact is signed by both' = venus by 2029", "pact = venus by 2029"),
        ("\"Russia's stay ends\" before 'Orel flies'", "stay before orel"),
        (
            "('Orel flies' or orel) and 'Orel flies' after 2026",
            "(orel or orel) and orel after 2026",
        ),
        ("first 'Orel flies' with 'ISS re-enters'", "first orel with reentry"),
        ("'Political climate' = warm for 60 days", "climate = warm for 60 days"),
        ("'political climate between two capitals' >= warm", "climate >= warm"),
        ("'agreed' by 2029", "agreed by 2029"),
        # Two that stand for the same firings may share a title.
        ("'ISS re-enters' by 2029", "reentry by 2029"),
        ("'ISS re-enters' by 2029", "iss_gone by 2029"),
    ],
)
def test_a_title_in_quotes_is_what_it_names(titled: str, named: str) -> None:
    assert read_evidence(titled, SCENARIO, PROGRAM) == read_evidence(named, SCENARIO, PROGRAM)


WANTED = "expected a driver, an event or an outcome"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("New programme agreed by 2029", (f"1: found `New`, {WANTED}; "
            "write `'New programme agreed'`, in quotes, or `agreed`")),
        ("not new programme agreed by 2029", (f"5: found `new`, {WANTED}; "
            "write `'New programme agreed'`, in quotes, or `agreed`")),
        ("Russia's stay ends by 2029", (f"1: found `Russia`, {WANTED}; "
            "write `\"Russia's stay ends\"`, in quotes, or `stay`")),
        ("orel flies by 2029", ("6: found `flies`, expected `and`, `or` or the end; "
            "write `'Orel flies'`, in quotes, or `orel`")),
        ("pact before ISS re-enters", ("13: found `ISS`, expected a date such as `2028-07-31`, "
            "`2028-07`, `2028-Q3` or `2028`, or an event; write `'ISS re-enters'`, in quotes, or "
            "`reentry`")),
        ("pact with Orel flies", ("11: found `Orel`, expected an event; write `'Orel flies'`, in "
            "quotes, or `orel`")),
        ("'New programe agreed' by 2029", (f"1: found `New programe agreed`, {WANTED}; "
            "did you mean 'New programme agreed'?")),
        ("pact before 'Orel flys'", ("13: found `Orel flys`, expected a date such as `2028-07-31`, "
            "`2028-07`, `2028-Q3` or `2028`, or an event; did you mean 'Orel flies'?")),
        ("\"Russia's stay ended\"", (f"1: found `Russia's stay ended`, {WANTED}; "
            "did you mean \"Russia's stay ends\"?")),
        ("'Which comes first'", (f"1: found `Which comes first`, {WANTED}; which is an outcome "
                                 "of kind first_of: state its parts instead")),
        ("'A visit' by 2029", ("1: found `A visit`, expected a title that only one has, or an id; "
            "write `visit` or `visited`")),
        ("pact before 'A First'", ("13: found `A First`, expected a title that only one has, or an "
            "id; write `one` or `two`")),
    ],
)  # fmt: skip
def test_what_is_meant_is_told(text: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        read_evidence(text, SCENARIO, PROGRAM)
    shown = str(error.value).replace(" of: climate, pact, ", " ")
    assert shown == f"`{text}`, character {told}"


TITLED = "'New programme agreed' by 2029 and \"Orel flies\" by 2030"
NAMED = "agreed by 2029 and orel by 2030"


def test_whatever_reads_statements_reads_titles() -> None:
    result = api.play(LOADED, workers=1)
    for that in ([TITLED], [NAMED]):
        assert api.given(result, that).matches == api.given(result, [NAMED]).matches
    assert (
        api.discover(result, TITLED, by="2026").probability
        == api.discover(result, NAMED, by="2026").probability
    )
    by_title, by_id = api.ask(LOADED, TITLED, NAMED, workers=1).answers
    assert by_title.chance == by_id.chance
    moved = api.sensitivity(LOADED, [TITLED, NAMED], only=["events.orel"], workers=1)
    assert moved.outcomes[TITLED].value == moved.outcomes[NAMED].value
    traced = [api.trace(LOADED, how="first", where=one) for one in (TITLED, NAMED)]
    assert traced[0].run == traced[1].run


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "ISS re-enters by 2029 and orel by 2030",
            (
                "`ISS re-enters by 2029 and orel by 2030`, character 1: found `ISS`, expected a "
                "driver, an event or an outcome; write `'ISS re-enters'`, in quotes, or `reentry`"
            ),
        ),
        (
            "which",
            (
                "`which`, character 1: found `which`, expected a driver, an event or an outcome; "
                "which is an outcome of kind first_of: state its parts instead (as an outcome: "
                "'which' alone is not a single number; expected `which = pact`, `which = orel` or "
                "`which = neither`)"
            ),
        ),
    ],
)
def test_what_cannot_be_asked_is_told_as_a_statement(text: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        api.ask(LOADED, text, runs=100)
    shown = str(error.value).replace(" of: climate, pact, ", " ")
    assert shown == told


def test_a_branch_is_asked_as_an_outcome_is() -> None:
    (asked,) = api.ask(LOADED, "'Which comes first' = pact", runs=100, workers=1).answers
    (moved,) = api.sensitivity(LOADED, ["which = pact"], runs=100, workers=1).outcomes.values()
    assert asked.chance.share == moved.value


def test_outcomes_and_events_are_named_by_titles() -> None:
    by_title = api.sensitivity(LOADED, ["'New programme agreed' by 2029"], runs=200, workers=1)
    assert list(by_title.outcomes) == ["agreed by 2029"]
    traced = [api.trace(LOADED, outcome=one) for one in ("new programme agreed", "agreed")]
    assert traced[0] == traced[1]
    found = api.causes(LOADED, runs=50)
    assert found.of("a pact is signed by both") is found.of("pact")
    assert list(found.to_json(["Orel flies", "pact"])["events"]) == ["orel", "pact"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("'A first' by 2029", ("outcome 'A first' may be one or two: write one of these (as a "
            "statement: `'A first' by 2029`, character 1: found `A first`, expected a title that "
            "only one has, or an id; write `one` or `two`)")),
        ("A first", ("outcome 'A first' may be one or two: write one of these (as a statement: "
            "`A first`, character 1: found `A`, expected a driver, an event or an outcome; "
            "write `one` or `two`)")),
    ],
)  # fmt: skip
def test_a_title_that_two_outcomes_have_is_no_name(asked: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        api.sensitivity(LOADED, [asked], runs=200)
    assert str(error.value) == told
