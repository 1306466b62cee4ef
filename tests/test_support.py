"""Which numbers stand in the claims they cite, and what rests on which claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.errors import UsageError
from coopsim.scenario.loading import load
from coopsim.scenario.sources.claim_files import Number
from coopsim.scenario.sources.claims import read_claims
from coopsim.scenario.sources.support import Basis, Support, agrees, support

PRESS = """\
source: {kind: article, title: The papers}
claims:
  - {id: 1, date: 2025, statement: Until 2028., numbers: [{what: x, value: 2028, unit: year}]}
  - {id: 2, date: 2025, statement: Some words.}
  - {id: 3, date: 2025, statement: Not cited.}
"""
RATES = """\
source: {kind: base rate, title: A table}
claims:
  - {id: 1, date: 2025, statement: Twice., numbers: [{what: x, value: 2.0, unit: factor}]}
  - {id: 2, date: 2025, statement: A day., numbers: [{what: x, value: 2030-06-01, unit: date}]}
"""
SCENARIO = """\
scenario: small
start: 2026-01-01
end: 2040-12-31
references:
  twice: {value: 2, sources: [rates.1], judgement: As the table has it.}
  also: {value: 2.0, sources: rates, judgement: By accident the same.}
drivers:
  mood: {levels: [low, high], initial: low, sources: press.2}
events:
  ends: {date: {planned: 2028-12-31, growth: {like: twice}}, sources: [press.1, press.2]}
  opens: {date: 2030-06-01, sources: [rates]}
  led: {takes: 2 years, sources: [press.2], pace: [{by: mood, high: {like: also}}]}
  ours: {rate: 1 per year, judgement: A guess.}
  silent: {rate: 2 per year}
outcomes:
  ended: {event: ends, by: 2035-12-31}
"""


@pytest.fixture
def found(tmp_path: Path) -> Support:
    for name, text in (("press", PRESS), ("rates", RATES)):
        (tmp_path / "seeds").mkdir(exist_ok=True)
        (tmp_path / "seeds" / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return support("small", load(path).tree, read_claims(tmp_path / "seeds"))


def test_each_number_says_where_it_comes_from(found: Support) -> None:
    """A factor in a whole source would be found there by accident, so only dates are looked for."""
    bases = {one.assumption.path: one.basis for one in found.supported}
    assert bases == {
        "start": Basis.QUESTION,
        "end": Basis.QUESTION,
        "references.twice.value": Basis.BASE_RATE,
        "references.also.value": Basis.CITED,
        "events.ends.date.planned": Basis.SOURCE,
        "events.ends.date.growth.like": Basis.CITED,
        "events.opens.date": Basis.BASE_RATE,
        "events.led.takes": Basis.CITED,
        "events.led.pace.0.high.like": Basis.CITED,
        "events.ours.rate": Basis.JUDGEMENT,
        "events.silent.rate": Basis.NOTHING,
        "outcomes.ended.by": Basis.QUESTION,
    }


def test_the_name_of_a_reference_is_not_counted_as_a_number(found: Support) -> None:
    assert found.totals() == {
        Basis.SOURCE: 1,
        Basis.BASE_RATE: 2,
        Basis.CITED: 2,
        Basis.JUDGEMENT: 1,
        Basis.NOTHING: 1,
        Basis.QUESTION: 3,
    }


def test_what_rests_on_a_claim(found: Support) -> None:
    assert found.resting_on("press.1") == {
        "events.ends.date.planned": "2028-12-31",
        "events.ends.date.growth.like": "twice",
    }
    assert found.resting_on("press.2") == {
        "drivers.mood": None,
        "events.ends.date.planned": "2028-12-31",
        "events.ends.date.growth.like": "twice",
        "events.led.takes": "2 years",
        "events.led.pace.0.high.like": "also",
    }
    assert found.resting_on("press.3") == {}


def test_a_whole_source_and_its_claims_are_found_by_each_other(found: Support) -> None:
    assert found.resting_on("rates.2") == {
        "references.also.value": "2.0",
        "events.opens.date": "2030-06-01",
    }
    assert list(found.resting_on("rates")) == [
        "references.twice.value",
        "references.also.value",
        "events.opens.date",
    ]


def test_only_claims_that_nobody_cites_are_unused(found: Support) -> None:
    assert [claim.identity for claim in found.unused()] == ["press.3"]


def test_json_has_every_assumption_with_its_support(found: Support) -> None:
    tree = found.to_json()
    assert tree["scenario"] == "small"
    assert tree["totals"]["stated by a source"] == 1
    assert tree["assumptions"][4] == {
        "path": "events.ends.date.planned",
        "value": "2028-12-31",
        "kind": "date",
        "unit": "date",
        "entry": "events.ends",
        "title": None,
        "group": None,
        "judgement": None,
        "reference": None,
        "sources": ["press.1", "press.2"],
        "stated_by": ["press.1"],
        "basis": "stated by a source",
    }


def test_a_claim_as_json_has_what_rests_on_it(found: Support) -> None:
    tree = found.claim_to_json("press.1")
    assert tree["id"] == "press.1"
    assert tree["rests"] == ["events.ends.date.planned", "events.ends.date.growth.like"]
    assert found.claim_to_json("rates")["title"] == "A table"
    with pytest.raises(UsageError, match=r"^found 'press\.9', expected the id of a claim"):
        found.claim_to_json("press.9")


@pytest.mark.parametrize(
    ("value", "unit", "kind", "written", "same"),
    [
        ("2028", "year", "date", "2028", True),
        ("2028", "year", "date", "2028-01-01", True),
        ("2028", "year", "date", "2028-12-31", True),
        ("2028", "year", "date", "2028-06-30", False),
        ("2028", "year", "date", "2028-01", False),
        ("2028-07", "month", "date", "2028-07-31", True),
        ("2028-07-31", "date", "date", "2028-07-31", True),
        ("2028", "flights", "date", "2028", False),
        ("2.5", "years", "duration", "2.5 years", True),
        ("30", "months", "duration", "2.5 years", True),
        ("2.5", "rounds", "duration", "2.5 years", False),
        ("0.2", "per year", "rate", "0.2 per year", True),
        ("0.2", "years", "rate", "0.2 per year", False),
        ("2.6", "factor", "factor", "2.6", True),
        ("2.6", "factor", "factor", "2.7", False),
        ("40", "percent", "chance", "0.4", True),
        ("3", "rounds", "chance", "3", False),
        ("1", "factor", "levels", "1", False),
        ("1", "factor", "weight", "1", False),
    ],
)
def test_a_claim_states_a_number_of_the_same_kind(
    value: str, unit: str, kind: str, written: str, same: bool
) -> None:
    assert agrees(Number("x", value, unit), kind, written) is same
