"""The claims in seeds/: every field there, dates that parse, contradictions ruled on both sides."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

SEEDS = Path(__file__).parent.parent / "seeds"
AS_OF = "2025-08-05"
LAST_KNOWN = {"since-2025": "2026-10-08"}
ARTICLES = {"after-ukraine", "frontier-india", "russia-today", "losing-allies", "first-talks"}
COLLECTED = {"since-2025"}  # from many publishers, each claim with its own
BASE_RATES = {"slips", "threats", "cross-flights", "venus-windows"}
KINDS = {
    "commitment",
    "target",
    "observed",
    "decision",
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
    "publisher_kind",
    "author",
    "url",
    "published",
    "published_note",
    "file",
    "sha256",
    "language",
    "trust",
    "grade",
}
CLAIM_FIELDS = {"id", "date", "kind", "statement"}
OPTIONAL_CLAIM_FIELDS = {"line", "verified", "numbers", "contradicts", "ruling", "grade"}
PUBLISHED = {"publisher", "publisher_kind", "url", "grade"}
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


def test_the_files_are_five_articles_collected_facts_and_four_base_rates() -> None:
    kinds = {stem: content["source"]["kind"] for stem, content in FILES.items()}
    articles = dict.fromkeys(ARTICLES | COLLECTED, "article")
    assert kinds == articles | dict.fromkeys(BASE_RATES, "base rate")


@pytest.mark.parametrize("stem", FILES)
def test_a_source_has_every_field(stem: str) -> None:
    source = FILES[stem]["source"]
    assert set(FILES[stem]) == {"source", "claims"}
    assert set(source) == SOURCE_FIELDS
    for field in ("kind", "title", "published_note", "language", "trust"):
        assert is_text(source[field]), field
    for field in ("publisher", "publisher_kind", "author", "url", "grade"):
        assert source[field] is None or is_text(source[field]), field
    if stem in COLLECTED:
        assert source["file"] is None
        assert source["sha256"] is None
    else:
        assert is_text(source["file"])
        assert re.fullmatch(r"[0-9a-f]{64}", source["sha256"])
    assert source["published"] is None or last_day(source["published"])


@pytest.mark.parametrize("stem", FILES)
def test_ids_count_from_one(stem: str) -> None:
    ids = [claim["id"] for claim in FILES[stem]["claims"]]
    assert ids == list(range(1, len(ids) + 1))


def wrong(is_right: Callable[[str, Claim], bool]) -> list[str]:
    """List the claims that are not as they should be."""
    return [name for name, claim in CLAIMS.items() if not is_right(name, claim)]


def file_of(name: str) -> str:
    return name.partition(".")[0]


def has_every_field(_name: str, claim: Claim) -> bool:
    return (
        CLAIM_FIELDS <= set(claim) <= CLAIM_FIELDS | OPTIONAL_CLAIM_FIELDS | ROW_FIELDS | PUBLISHED
        and claim["kind"] in KINDS
        and is_text(claim["statement"])
        and is_text(claim.get("ruling", "none"))
    )


def says_what_its_numbers_are(_name: str, claim: Claim) -> bool:
    return all(
        set(number) == {"what", "value", "unit"}
        and is_text(number["what"])
        and is_text(number["unit"])
        and (is_number(number["value"]) or is_date(number["value"]))
        for number in claim.get("numbers", [])
    )


def has_its_line_or_its_publisher(name: str, claim: Claim) -> bool:
    if file_of(name) in COLLECTED:
        return "line" not in claim and {*claim} >= PUBLISHED - {"url"}
    return PUBLISHED & {*claim} <= {"grade"} and isinstance(claim.get("line"), int)


def is_known_by_then(name: str, claim: Claim) -> bool:
    # A month's last day may lie beyond the day on which a plan of that month was read.
    return str(claim["date"]) <= LAST_KNOWN.get(file_of(name), AS_OF)


def is_contradicted_back(name: str, claim: Claim) -> bool:
    others = claim.get("contradicts", [])
    back = all(name in CLAIMS.get(other, {}).get("contradicts", []) for other in others)
    return not others or (is_text(claim.get("ruling")) and back)


def is_verified_where_it_is_a_slip(name: str, claim: Claim) -> bool:
    return claim.get("verified") in ({"yes", "no"} if name.startswith("slips.") else {None})


def is_of_memory_where_it_was_not_verified(name: str, claim: Claim) -> bool:
    if file_of(name) in COLLECTED:
        return claim.get("grade") in {"confirmed", "reputable", "secondary"}
    return claim.get("grade") == ("memory" if claim.get("verified") == "no" else None)


def says_of_what_it_is_a_row(name: str, claim: Claim) -> bool:
    computed_from_all = int(name.partition(".")[2]) > 33
    is_row = name.startswith("slips.") and not computed_from_all
    return ROW_FIELDS & set(claim) == (ROW_FIELDS if is_row else set())


RULES = (
    has_every_field,
    has_its_line_or_its_publisher,
    says_what_its_numbers_are,
    is_known_by_then,
    is_contradicted_back,
    is_verified_where_it_is_a_slip,
    is_of_memory_where_it_was_not_verified,
    says_of_what_it_is_a_row,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_claim(rule: Callable[[str, Claim], bool]) -> None:
    assert wrong(rule) == []


@pytest.mark.parametrize(
    ("rule", "slip"),
    [
        (has_every_field, {"kind": "rumour"}),
        (has_its_line_or_its_publisher, {"publisher": "A paper"}),
        (says_what_its_numbers_are, {"numbers": [{"what": "a", "value": 1, "unit": ""}]}),
        (is_known_by_then, {"date": "2025-08-06"}),
        (is_contradicted_back, {"contradicts": ["slips.1"], "ruling": "This one."}),
        (is_verified_where_it_is_a_slip, {"verified": "yes"}),
        (is_of_memory_where_it_was_not_verified, {"grade": "memory"}),
        (says_of_what_it_is_a_row, {"programme": "Orel"}),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_rule_finds_a_slip(rule: Callable[[str, Claim], bool], slip: Claim) -> None:
    name = "frontier-india.1"
    assert rule(name, CLAIMS[name])
    assert not rule(name, {**CLAIMS[name], **slip})


def test_the_articles_hold_at_least_sixty_claims_of_every_kind() -> None:
    claims = [claim for stem in ARTICLES for claim in FILES[stem]["claims"]]
    assert len(claims) >= 60
    assert {claim["kind"] for claim in claims} == KINDS - {"decision"}


def test_the_readme_counts_the_claims_of_each_file() -> None:
    rows = re.findall(
        r"^\| `([a-z0-9-]+)\.yaml` \|.*\| (\d+) \|$",
        (SEEDS / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert {stem: int(count) for stem, count in rows} == {
        stem: len(content["claims"]) for stem, content in FILES.items()
    }
