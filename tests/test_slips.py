"""What people naturally write, and the replacement that is offered for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.loading import load_data
from coopsim.scenario.notation.quantities import ValueKind, read_value
from coopsim.scenario.notation.slips.quantities import advice, replaced
from coopsim.scenario.text.signs import about_signs, plain_signs
from coopsim.scenario.text.yaml_text import read_text

# Further ways beside those in tests/broken/natural_*.yaml, whose whole messages are held there.
REPLACED: dict[ValueKind, dict[str, str]] = {
    "date": {
        "3Q 2027": "2027-Q3",
        "third quarter of 2027": "2027-Q3",
        "Q3/2027": "2027-Q3",
        "Sept. 2027": "2027-09",
        "2027-Jan": "2027-01",
        "31 December 2028": "2028-12-31",
        "December 31st, 2028": "2028-12-31",
        "31st of December 2028": "2028-12-31",
        "20281231": "2028-12-31",
        "12/2028": "2028-12",
        "2028-1": "2028-01",
        "2028..2030": "2028 to 2030",
        "2028/2030": "2028 to 2030",
        "from 2028 to 2030": "2028 to 2030",
        "Q1-Q3 2028": "2028-Q1 to 2028-Q3",
        "June to August 2028": "2028-06 to 2028-08",
        "2028-06-01/2028-09-01": "2028-06-01 to 2028-09-01",
        "start of 2028": "2028-01-01",
        "end of Feb 2028": "2028-02-29",
        "in 2028": "2028",
    },
    "duration": {
        "18mo": "18 months",
        "90d": "90 days",
        "2 Years": "2 years",
        "half a year": "0.5 years",
        "a decade": "10 years",
        "1,000 days": "1000 days",
        "2-year": "2 years",
        "1y6m": "18 months",
        "2 years 3 weeks": "751.5 days",  # 2 x 365.25 + 21
        "30 minutes": "0.5 hours",
        "3 ± 1 years": "2 to 4 years",
        "between 2 and 4 years": "2 to 4 years",
    },
    "rate": {
        "0.2 p.a.": "0.2 per year",
        "yearly": "1 per year",
        "three times a year": "3 per year",
        "every 5 years": "1 per 5 years",
        "every other year": "1 per 2 years",
        "1-in-5 years": "1 per 5 years",
        "2 per decade": "2 per 10 years",
        "1 per 5 yrs": "1 per 5 years",
        "0.1 - 0.4 per year": "0.1 to 0.4 per year",
    },
    "chance": {
        "30 percent": "0.3",
        "one in five": "0.2",
        "3 out of 10": "0.3",
        "50/50": "0.5",
        "10% to 20%": "0.1 to 0.2",
        "certain": "1",
        "never": "0",
        "0.2 \N{EN DASH} 0.4": "0.2 to 0.4",
    },
    "factor": {
        "x2": "2",
        "twice": "2",
        "half": "0.5",
        "-20%": "0.8",
        "150%": "1.5",
        "2-3x": "2 to 3",
    },
}
CASES = [(kind, text, new) for kind, texts in REPLACED.items() for text, new in texts.items()]


@pytest.mark.parametrize(("kind", "text", "new"), CASES)
def test_a_replacement_is_exact_and_can_be_read(kind: ValueKind, text: str, new: str) -> None:
    assert replaced(kind, plain_signs(text)) == new
    assert read_value(kind, new).distribution is not None
    told = advice(kind, text, uncertain=True)
    assert told is not None
    assert told.startswith(f"write `{new}`")


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("50 % in 3 years", "50 % within 3 years"),
        ("0.5 within 3y", "50 % within 3 years"),
        ("50 percent chance within the next 3 years", "50 % within 3 years"),
        ("30 to 60 % over 2 years", "30 to 60 % within 2 years"),
    ],
)
def test_a_chance_within_a_time_is_written_in_percent(text: str, new: str) -> None:
    assert advice("rate", text, uncertain=True) == f"write `{new}`"
    assert read_value("rate", new).distribution is not None


@pytest.mark.parametrize("text", ["50 % within", "50 % within soon"])
def test_a_chance_within_no_time_is_told_its_form(text: str) -> None:
    assert advice("rate", text) == "write within how long, such as `50 % within 3 years`"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "soon"),
        ("date", "2028-13"),
        ("date", "2028-02-30"),
        ("date", "2030-2028"),  # the wrong way round: which end is wrong?
        ("date", "32/01/2028"),
        ("duration", "a while"),
        ("duration", "-3 years"),
        ("rate", "often"),
        ("rate", "100 % within 3"),
        ("rate", "3 by 2028"),
        ("rate", "200%"),
        ("chance", "likely"),
        ("chance", "120%"),
        ("chance", "1.2"),
        ("chance", "-0.1"),
        ("factor", "fast"),
        ("number", "5.0.1"),
        ("number", "9e307 million"),  # beyond what a number can hold
        ("chance", "1 in 0"),
        ("date", "2" * 101),
    ],
)
def test_what_is_not_plain_gets_no_replacement(kind: ValueKind, text: str) -> None:
    assert advice(kind, text, uncertain=True) is None


def test_signs_are_named_with_their_place() -> None:
    assert about_signs("plain - 'text'") is None
    assert about_signs("Зима, Ł and 東京 are plain") is None
    assert about_signs("a\N{NO-BREAK SPACE}b") == "character 2 is a no-break space (U+00A0)"
    assert about_signs("\ufeffa") == "character 1 is a byte order mark (U+FEFF)"
    assert about_signs("ab\x07") == "character 3 is a control character (U+0007)"
    assert about_signs("ab\u202e") == "character 3 is a right-to-left override (U+202E)"
    assert plain_signs("\u201clow\u201d \N{MINUS SIGN}1\u200b") == '"low" -1'


HEADER = "scenario: s\nstart: 2025-08-05\nend: 2040-12-31\n"


PLAIN = "expected plain characters: spaces, hyphens and quotes from the keyboard"
SIGNS = {
    "events: {leak: {rate:\N{NO-BREAK SPACE}{uniform: [1, 2]}}}": (
        f"4: error: events.leak: found a no-break space (U+00A0) in a key, at column 22, {PLAIN}"
    ),
    'events: {"le\u200bak": {rate: 1 per year}}': (
        f"4: error: events: found a zero width space (U+200B) in a key, at column 13, {PLAIN}"
    ),
    "title: {a: \u201cA: b\u201d}": (
        "4: error: found text that is not YAML (did not find expected ',' or '}'), expected YAML; "
        "is a bracket or brace not closed, or a comma missing?; "
        "column 12 has a left double quotation mark (U+201C)"
    ),
    "events: {}\n  \ufeff# a note\noutcomes: {}": (
        "5: error: found text that is not YAML (did not find expected key), expected YAML; "
        "are the keys of one mapping indented alike?; column 3 has a byte order mark (U+FEFF)"
    ),
    "title: a\x07b": (
        "4: error: found text that is not YAML (control characters are not allowed), expected "
        "YAML; a text has no control characters; column 9 has a control character (U+0007)"
    ),
}


@pytest.mark.parametrize(("text", "message"), SIGNS.items())
def test_a_sign_that_deceives_is_named_with_its_column(text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_text(HEADER + text, "file")
    assert str(error.value) == f"file:{message}"


SANCTIONS = {
    "scenario": "s",
    "start": "2025-08-05",
    "end": "2040-12-31",
    "drivers": {"sanctions": {"levels": ["eased", "full"], "initial": "full", "judgement": "j"}},
    "events": {"leak": {"rate": "1 per year", "when": {"sanctions": "full"}, "judgement": "j"}},
    "outcomes": {"leak": {"event": "leak"}},
}
# Settings, and below each, indented, what is wrong with it.
BROKEN = (Path(__file__).parent / "broken_settings.txt").read_text(encoding="utf-8")
SETTINGS = [tuple(case.splitlines()) for case in BROKEN.strip().split("\n\n")]


@pytest.mark.parametrize(("setting", "message"), SETTINGS)
def test_a_slip_in_a_setting_gets_the_path_that_was_meant(setting: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load_data(SANCTIONS, [setting])
    assert str(error.value) == f"--set {setting}: error: {message.strip()}"


def test_a_setting_with_a_colon_gets_an_equals_sign() -> None:
    with pytest.raises(ScenarioError) as error:
        load_data(SANCTIONS, ["drivers.sanctions.initial: eased"])
    assert str(error.value) == (
        "--set: error: found 'drivers.sanctions.initial: eased', expected PATH=VALUE; "
        "write `drivers.sanctions.initial=eased`"
    )
