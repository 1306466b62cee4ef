"""The claims in seeds/: every field there, dates that parse, contradictions ruled on both sides."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

SEEDS = Path(__file__).parent.parent / "seeds"
AS_OF = "2025-08-05"
ARTICLES = {"after-ukraine", "frontier-india", "russia-today", "losing-allies", "first-talks"}
BASE_RATES = {"slips", "threats", "cross-flights", "venus-windows"}
KINDS = {
    "commitment",
    "target",
    "observed",
    "proposal",
    "causal link",
    "constraint",
    "forecast",
    "opinion",
}
SOURCE_FIELDS = {
    "kind",
    "title",
    "publisher",
    "author",
    "url",
    "published",
    "published_note",
    "file",
    "sha256",
    "language",
    "trust",
}
CLAIM_FIELDS = {"id", "line", "date", "kind", "statement"}
OPTIONAL_CLAIM_FIELDS = {"verified", "numbers", "contradicts", "ruling"}
ROW_FIELDS = {"programme", "country", "class"}

Claim = Mapping[str, Any]

FILES: dict[str, Mapping[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(SEEDS.glob("*.yaml"))
    if path.stem != "history"  # what happened: questions with answers, not claims
}
CLAIMS: dict[str, Claim] = {
    f"{stem}.{claim['id']}": claim for stem, content in FILES.items() for claim in content["claims"]
}


def last_day(date: object) -> str:
    """Give the last day of a day, month or year as text, a month taken to have 31 days."""
    text = str(date)
    parts = text.split("-")
    assert re.fullmatch(r"\d{4}(-\d\d){0,2}", text), f"{text} is no day, month or year"
    datetime.date(*(int(part) for part in [*parts, "01", "01"][:3]))
    return "-".join([*parts, *["12", "31"][len(parts) - 1 :]])


def is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_date(value: object) -> bool:
    quarter = re.fullmatch(r"\d{4}-Q[1-4]", str(value))
    return bool(quarter or last_day(value))


def test_the_files_are_the_five_articles_and_four_base_rates() -> None:
    kinds = {stem: content["source"]["kind"] for stem, content in FILES.items()}
    articles = dict.fromkeys(ARTICLES, "article")
    assert kinds == articles | dict.fromkeys(BASE_RATES, "base rate")


@pytest.mark.parametrize("stem", FILES)
def test_a_source_has_every_field(stem: str) -> None:
    source = FILES[stem]["source"]
    assert set(FILES[stem]) == {"source", "claims"}
    assert set(source) == SOURCE_FIELDS
    for field in ("kind", "title", "published_note", "file", "language", "trust"):
        assert is_text(source[field]), field
    for field in ("publisher", "author", "url"):
        assert source[field] is None or is_text(source[field]), field
    assert re.fullmatch(r"[0-9a-f]{64}", source["sha256"])
    assert source["published"] is None or last_day(source["published"])


@pytest.mark.parametrize("stem", FILES)
def test_ids_count_from_one(stem: str) -> None:
    ids = [claim["id"] for claim in FILES[stem]["claims"]]
    assert ids == list(range(1, len(ids) + 1))


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_has_every_field(name: str) -> None:
    claim = CLAIMS[name]
    assert set(claim) >= CLAIM_FIELDS
    assert set(claim) <= CLAIM_FIELDS | OPTIONAL_CLAIM_FIELDS | ROW_FIELDS
    assert isinstance(claim["line"], int)
    assert claim["line"] >= 1
    assert claim["kind"] in KINDS
    assert is_text(claim["statement"])
    assert is_text(claim.get("ruling", "none"))


@pytest.mark.parametrize("name", CLAIMS)
def test_a_number_says_what_it_is_and_its_unit(name: str) -> None:
    for number in CLAIMS[name].get("numbers", []):
        assert set(number) == {"what", "value", "unit"}
        assert is_text(number["what"])
        assert is_text(number["unit"])
        assert is_number(number["value"]) or is_date(number["value"])


@pytest.mark.parametrize("name", CLAIMS)
def test_no_claim_is_from_after_what_is_known(name: str) -> None:
    assert last_day(CLAIMS[name]["date"]) <= AS_OF


@pytest.mark.parametrize("name", [name for name in CLAIMS if "contradicts" in CLAIMS[name]])
def test_a_contradiction_stands_on_both_sides_with_a_ruling(name: str) -> None:
    assert is_text(CLAIMS[name].get("ruling"))
    for other in CLAIMS[name]["contradicts"]:
        assert other in CLAIMS
        assert name in CLAIMS[other].get("contradicts", [])


@pytest.mark.parametrize("name", CLAIMS)
def test_only_a_slip_says_whether_it_was_verified(name: str) -> None:
    if name.startswith("slips."):
        assert CLAIMS[name]["verified"] in {"yes", "no"}
    else:
        assert "verified" not in CLAIMS[name]


@pytest.mark.parametrize("name", CLAIMS)
def test_the_rows_of_the_slips_say_of_what_they_are(name: str) -> None:
    computed_from_all = int(name.partition(".")[2]) > 33
    is_row = name.startswith("slips.") and not computed_from_all
    assert ROW_FIELDS & set(CLAIMS[name]) == (ROW_FIELDS if is_row else set())


def test_the_articles_hold_at_least_sixty_claims_of_every_kind() -> None:
    claims = [claim for stem in ARTICLES for claim in FILES[stem]["claims"]]
    assert len(claims) >= 60
    assert {claim["kind"] for claim in claims} == KINDS


def test_the_readme_counts_the_claims_of_each_file() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)\.yaml` \|.*\| (\d+) \|$",
        (SEEDS / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert {stem: int(count) for stem, count in rows} == {
        stem: len(content["claims"]) for stem, content in FILES.items()
    }
