"""The claims of a folder: each as it is written, and every problem of every file at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.errors import ScenarioError, UsageError
from coopsim.scenario.notation.values import parse_date
from coopsim.scenario.sources.claim_files import (
    BaseRateRow,
    Claim,
    Number,
    Publication,
    Source,
)
from coopsim.scenario.sources.claims import (
    Claims,
    citations,
    find_seeds,
    read_claims,
    wrong_citations,
)
from coopsim.scenario.text.tree import Map
from coopsim.scenario.text.yaml_text import read_text

PRESS = """\
source: {kind: article, title: What the papers said, published: 2025-06, trust: Good on dates.}
claims:
  - id: 1
    line: 12
    date: 2025-05
    kind: commitment
    statement: It goes on until 2028.
    numbers:
      - {what: end, value: 2028, unit: year}
      - {what: flights, value: 3, unit: flights}
    contradicts: [rates.4]
    ruling: Followed, being later.
  - {id: 2, date: 2025-05-30, statement: Nothing more is known.}
"""
RATES = """\
source: {kind: base rate, title: A table}
claims:
  - id: 4
    date: 2024
    statement: It ended in 2024.
    contradicts: [press.1]
    ruling: Not followed.
  - id: 5
    date: 2021-07-21
    statement: Seen in 2004 it was planned for 2007.
    verified: "no"
    programme: Nauka
    country: Russia
    class: new development
"""


def seeds(folder: Path, **files: str) -> Path:
    (folder / "seeds").mkdir()
    for name, text in files.items():
        (folder / "seeds" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "seeds"


@pytest.fixture
def claims(tmp_path: Path) -> Claims:
    return read_claims(seeds(tmp_path, press=PRESS, rates=RATES))


def test_a_claim_is_read_with_all_its_fields(claims: Claims) -> None:
    source = Source(
        "press", "article", "What the papers said", "Good on dates.", parse_date("2025-06")
    )
    assert claims.sources["press"] == source
    assert claims.by_id["press.1"] == Claim(
        identity="press.1",
        source=source,
        statement="It goes on until 2028.",
        date=parse_date("2025-05"),
        made="2025-05",
        kind="commitment",
        line=12,
        numbers=(Number("end", "2028", "year"), Number("flights", "3", "flights")),
        contradicts=("rates.4",),
        ruling="Followed, being later.",
    )


def test_what_a_claim_does_not_say_is_none(claims: Claims) -> None:
    claim = claims.by_id["press.2"]
    assert (claim.kind, claim.line, claim.ruling, claim.verified, claim.row) == (None,) * 5
    assert (claim.numbers, claim.contradicts) == ((), ())
    assert (claims.sources["rates"].trust, claims.sources["rates"].published) == (None, None)


def test_a_row_says_to_what_it_belongs_and_whether_it_was_verified(claims: Claims) -> None:
    assert claims.by_id["rates.5"].row == BaseRateRow("Nauka", "Russia", "new development")
    assert claims.by_id["rates.5"].verified is False


def test_a_claim_as_json(claims: Claims) -> None:
    assert claims.by_id["press.1"].to_json() == {
        "id": "press.1",
        "kind": "commitment",
        "line": 12,
        "date": "2025-05",
        "statement": "It goes on until 2028.",
        "numbers": [
            {"what": "end", "value": "2028", "unit": "year"},
            {"what": "flights", "value": "3", "unit": "flights"},
        ],
        "contradicts": ["rates.4"],
        "ruling": "Followed, being later.",
        "verified": None,
        "publisher": None,
        "publisher_kind": None,
        "url": None,
        "grade": None,
        "source": {
            "id": "press",
            "kind": "article",
            "title": "What the papers said",
            "trust": "Good on dates.",
            "publisher": None,
            "publisher_kind": None,
            "url": None,
            "grade": None,
        },
    }


GRADED = """\
source:
  title: The agency's paper
  publisher: The Agency
  publisher_kind: official
  url: https://example.org/paper
  grade: reputable
claims:
  - {id: 1, date: 2025, statement: A.}
  - {id: 2, date: 2025, statement: B., grade: memory}
  - id: 3
    date: 2025
    statement: C.
    url: https://example.org/other
    publisher_kind: independent
  - {id: 4, date: 2025, statement: D., publisher: Another, grade: secondary}
"""


def test_a_claim_has_the_publisher_of_its_source_or_one_of_its_own(tmp_path: Path) -> None:
    found = read_claims(seeds(tmp_path, paper=GRADED))
    agency = Publication("The Agency", "official", "https://example.org/paper", "reputable")
    assert found.sources["paper"].publication == agency
    other = "https://example.org/other"
    assert {name: claim.publication for name, claim in found.by_id.items()} == {
        "paper.1": agency,
        "paper.2": Publication("The Agency", "official", "https://example.org/paper", "memory"),
        "paper.3": Publication("The Agency", "independent", other, "reputable"),
        "paper.4": Publication("Another", None, None, "secondary"),
    }
    assert found.by_id["paper.4"].to_json() == {
        "id": "paper.4",
        "kind": None,
        "line": None,
        "date": "2025",
        "statement": "D.",
        "numbers": [],
        "contradicts": [],
        "ruling": None,
        "verified": None,
        "publisher": "Another",
        "publisher_kind": None,
        "url": None,
        "grade": "secondary",
        "source": {
            "id": "paper",
            "kind": "article",
            "title": "The agency's paper",
            "trust": None,
            "publisher": "The Agency",
            "publisher_kind": "official",
            "url": "https://example.org/paper",
            "grade": "reputable",
        },
    }


def test_only_what_has_an_address_or_is_a_base_rate_can_be_looked_up(tmp_path: Path) -> None:
    found = read_claims(seeds(tmp_path, paper=GRADED, press=PRESS, rates=RATES))
    assert [name for name, claim in found.by_id.items() if not claim.can_be_looked_up] == [
        "paper.4",
        "press.1",
        "press.2",
    ]


def test_a_whole_source_stands_for_all_its_claims(claims: Claims) -> None:
    assert [claim.identity for claim in claims.cited_by("press")] == ["press.1", "press.2"]
    assert [claim.identity for claim in claims.cited_by("press.2")] == ["press.2"]
    assert claims.about("rates") is claims.sources["rates"]
    assert claims.about("rates.4") is claims.by_id["rates.4"]


def test_an_id_that_does_not_exist_is_refused(claims: Claims) -> None:
    with pytest.raises(UsageError) as error:
        claims.about("pres.1")
    assert str(error.value) == (
        "found 'pres.1', expected the id of a claim in seeds/: "
        "press.1, press.2, rates.4, rates.5, press or rates; did you mean 'press.1'?"
    )


@pytest.mark.parametrize(
    ("cited", "as_of", "fault"),
    [
        ("press.1", "2025-05-31", None),
        ("press.1", "2025-05-01", None),
        ("press.1", "2025-04-30", "a claim that is not dated after as_of"),
        ("press", "2025-05-31", "a claim that is not dated after as_of"),
        ("rates", "1999-01-01", None),  # a source whose date is not known
        (
            "xyz",
            "2025-05-31",
            "the id of a claim in seeds/: press.1, press.2, rates.4, rates.5, press or rates",
        ),
    ],
)
def test_a_citation_must_be_known_in_time(
    claims: Claims, cited: str, as_of: str, fault: str | None
) -> None:
    wrong = wrong_citations(Map(), [(("a", "sources"), cited)], claims, parse_date(as_of))
    told = [f"error: a.sources: found '{cited}', expected {fault}"] if fault else []
    assert [str(problem) for problem in wrong] == told


def test_every_problem_of_every_file_is_told() -> None:
    folder = Path(__file__).parent / "broken_claims"
    with pytest.raises(ScenarioError) as error:
        read_claims(folder / "seeds")
    assert str(error.value) == (folder / "problems.txt").read_text("utf-8").rstrip("\n")


def test_a_file_of_questions_is_no_claims_file(tmp_path: Path) -> None:
    folder = seeds(tmp_path, press=PRESS, rates=RATES, history="questions: []\nknown: 2025-08-05\n")
    assert list(read_claims(folder).sources) == ["press", "rates"]


def test_seeds_are_found_beside_above_or_in_a_folder(tmp_path: Path) -> None:
    folder = seeds(tmp_path)
    for scenarios in (tmp_path, tmp_path / "scenarios", tmp_path / "scenarios" / "mine"):
        scenarios.mkdir(exist_ok=True)
        assert find_seeds(scenarios) == folder
    assert find_seeds(tmp_path / "far" / "down" / "here") is None


def test_citations_are_told_from_levels_by_where_they_stand() -> None:
    tree, _ = read_text(
        """\
references: {r: {value: 1, sources: a.1}}
drivers:
  sources:
    levels: [sources, other]
    sources: [b.1, b.2]
    switches: {sources -> other: {rate: 1 per year, sources: [c.1]}}
events:
  e:
    when: {sources: other}
    outcomes: {sources: {chance: 1, sources: [d.1]}}
""",
        "test.yaml",
    )
    assert citations(tree) == {
        ("references", "r", "sources"): ("a.1",),
        ("drivers", "sources", "sources"): ("b.1", "b.2"),
        ("drivers", "sources", "switches", "sources -> other", "sources"): ("c.1",),
        ("events", "e", "outcomes", "sources", "sources"): ("d.1",),
    }


def test_a_folder_of_claims_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(ScenarioError) as caught:
        read_claims(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: error: found a folder that cannot be read (Permission denied), expected the "
        "claims of the scenario"
    )


def test_a_file_of_claims_lies_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "secret.yaml").write_text("source: {}\nclaims: []\n")
    (tmp_path / "seeds" / "press.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(ScenarioError) as error:
        read_claims(tmp_path / "seeds")
    expected = "found a link to elsewhere, expected a file in the folder"
    assert str(error.value) == f"seeds/press.yaml: error: {expected}"


def test_all_files_of_claims_count_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coopsim.scenario.sources.claims.MAX_CLAIM_NODES", 20)
    for name in ("a", "b"):
        claim = "claims: [{id: 1, date: 2025, statement: It flew.}]"  # with its source 12 values
        (tmp_path / f"{name}.yaml").write_text(f"source: {{title: T}}\n{claim}\n")
    with pytest.raises(ScenarioError) as error:
        read_claims(tmp_path)
    assert str(error.value) == (
        f"{tmp_path.name}/b.yaml:2: error: claims: found more than 20 values, together with the "
        "files read before it, expected a scenario of reasonable size"
    )
