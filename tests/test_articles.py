"""`coopsim sources --new`: a file of claims to fill in, without the text of the article."""

from __future__ import annotations

import json
import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from coopsim import api
from coopsim.errors import CoopsimError, ScenarioError, UsageError
from coopsim.presentation.views.sources import new_source_view
from coopsim.scenario.loading import load
from coopsim.scenario.sources.articles import (
    Article,
    ArticleHead,
    NewSource,
    TellingLine,
    read_article,
)
from coopsim.scenario.sources.claim_files import KINDS
from coopsim.scenario.sources.claims import read_claims
from coopsim.scenario.text.reading import listing
from shown import printed
from terminal import coopsim

TEXT = """\
Will the two agencies fly together again before the decade ends, and when?

On 29 July 2025 the heads met for the first time in eight years.
Soyuz-5 is no number, and neither is CST-100.
The station is kept until 2030, said 62% of those asked; 1,500 people in May 2025.
They may march on.
"""
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<title>Heads of agency meet &amp; agree</title>
<meta property="og:site_name" content="The Daily">
<meta name="author" content='A. Writer'>
<meta property="article:published_time" content="2025-07-31T10:00:00Z">
<link rel="canonical" href="https://example.org/meet">
<script>var year = 1999; "</p>"</script>
<style>p {width: 12px}</style>
</head>
<!-- 1234 -->
<body><p class="a 77">In 2028 the <b>3rd</b>
flight</p><p>and two more</p></body></html>
"""


def written(folder: Path, text: str | bytes, name: str = "article.txt") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# --- what is read -------------------------------------------------------------------------------


def test_a_text_is_known_by_its_hash_its_first_line_and_its_telling_lines(tmp_path: Path) -> None:
    assert read_article(written(tmp_path, TEXT)) == Article(
        file="article.txt",
        sha256=sha256(TEXT.encode()).hexdigest(),
        head=ArticleHead(title="Will the two agencies fly together again before ..."),
        lines=(
            TellingLine(1, ("two",)),
            TellingLine(3, ("29 July 2025", "eight")),
            TellingLine(5, ("2030", "62%", "1,500", "May 2025")),
        ),
    )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("on 2025-07-31, and 31.07.2025", ("2025-07-31", "31.07.2025")),
        ("July 31, 2025 and 5 Aug 2026", ("July 31, 2025", "5 Aug 2026")),
        ("Sept. 2028 or December", ("Sept. 2028", "December")),
        ("30 per cent, 5 percent, 2.5 %", ("30 per cent", "5 percent", "2.5 %")),
        ("in Q3 2027", ("2027",)),
        ("a dozen, or twelve", ("dozen", "twelve")),
        ("Angara-A5, Soyuz-5, x7", ()),
        ("in the 2030s; often, tension", ("2030",)),
        ("it may, they march, one by one", ()),
        ("\N{ARABIC-INDIC DIGIT TWO}", ("\N{ARABIC-INDIC DIGIT TWO}",)),
        (" ".join(str(number) for number in range(20)), tuple(map(str, range(8)))),
    ],
)
def test_dates_and_numbers_are_found_and_names_are_not(
    line: str, found: tuple[str, ...], tmp_path: Path
) -> None:
    lines = read_article(written(tmp_path, f"Title\n{line}\n")).lines
    assert [one.found for one in lines] == ([found] if found else [])


def test_a_heading_of_markdown_is_the_title(tmp_path: Path) -> None:
    assert read_article(written(tmp_path, "by A.\n\n# The talks\n", "a.md")).head == ArticleHead(
        "The talks"
    )


@pytest.mark.parametrize("name", ["page.html", "page.HTM", "page.txt"])
def test_a_page_says_what_it_is_and_only_what_is_read_counts(name: str, tmp_path: Path) -> None:
    found = read_article(written(tmp_path, PAGE, name))
    assert found.head == ArticleHead(
        title="Heads of agency meet & agree",
        publisher="The Daily",
        author="A. Writer",
        url="https://example.org/meet",
        published="2025-07-31",
        language="en",
    )
    assert found.lines == (TellingLine(13, ("2028", "3")), TellingLine(14, ("two",)))


def test_what_a_page_says_is_taken_only_where_it_can_be(tmp_path: Path) -> None:
    text = (
        "<html><meta property=og:url content='javascript:alert(1)'>"
        "<meta name=date content=yesterday><title>\x1b[31mRed\u202e</title>"
        f"<meta name=author content='{'a' * 300}'>"
    )
    head = read_article(written(tmp_path, text)).head
    assert head == ArticleHead(title="[31mRed", author="a" * 200)


@pytest.mark.parametrize("piece", ["<!--", "<a <", "<meta a='", "<p>2</p>", "&a", "1-", "<script>"])
def test_a_broken_page_takes_no_longer_than_its_size(piece: str, tmp_path: Path) -> None:
    path = written(tmp_path, "<html>x" + piece * (1_900_000 // len(piece)))
    began = time.perf_counter()
    assert read_article(path).head == ArticleHead()
    assert time.perf_counter() - began < 20


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "a.txt: error: found an empty file, expected {}"),
        (b" \n", "a.txt: error: found an empty file, expected {}"),
        (b"%PDF-1.7", "a.txt: error: found a PDF, expected {}; save its text, as with `pdftotext`"),
        (
            b"One\nTw\xf6\n",
            "a.txt:2: error: found bytes that are not UTF-8, expected text encoded in UTF-8",
        ),
        (b"One\n\nT\0o\n", "a.txt:3: error: found a character with the code 0, expected {}"),
        (
            b"a" * 2_000_001,
            (
                "a.txt: error: found more than 2,000,000 bytes, expected an article of "
                "reasonable size"
            ),
        ),
    ],
)
def test_what_is_no_article_is_refused_and_nothing_is_written(
    content: bytes, told: str, tmp_path: Path
) -> None:
    written(tmp_path, content, "a.txt")
    with pytest.raises(ScenarioError) as caught:
        api.new_source("a.txt")
    assert str(caught.value) == told.format("an article as text, Markdown or HTML")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    written(tmp_path, TEXT, "article.txt")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, found, hint in (
        ("articel.txt", "no such file", "; did you mean 'article.txt'?"),
        ("folder", "a folder", ""),
        ("pipe", "something that is not a file", ""),
    ):
        with pytest.raises(ScenarioError) as caught:
            read_article(Path(name))
        expected = "an article as text, Markdown or HTML"
        assert str(caught.value) == f"{name}: error: found {found}, expected {expected}{hint}"


def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, TEXT)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ScenarioError) as caught:
        read_article(path)
    expected = "found a file that cannot be read (Permission denied), expected a readable file"
    assert str(caught.value) == f"{path}: error: {expected}"


@pytest.mark.parametrize("name", ["a.b", "", "my article", "-a"])
def test_a_name_that_cannot_be_cited_is_refused(name: str, tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    with pytest.raises(UsageError) as caught:
        api.new_source("article.txt", name)
    assert str(caught.value) == f"found '{name}', expected a name of letters, digits, - and _"
    assert not (tmp_path / "seeds").exists()


def test_a_file_whose_name_gives_none_needs_one(tmp_path: Path) -> None:
    written(tmp_path, TEXT, "статья.txt")
    with pytest.raises(UsageError) as caught:
        api.new_source("статья.txt")
    assert str(caught.value) == (
        "found 'статья.txt', expected a name of letters, digits, - and _, which this file "
        "lacks; choose one with `--as`"
    )
    assert api.new_source("статья.txt", "article").path == "seeds/article.yaml"


def test_claims_that_are_there_are_never_overwritten(tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    api.new_source("article.txt")
    (tmp_path / "seeds" / "article.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        api.new_source("article.txt")
    expected = "seeds/article.yaml is there already: choose another name with `--as`"
    assert str(caught.value) == expected
    assert (tmp_path / "seeds" / "article.yaml").read_text("utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    (tmp_path / "seeds").write_text("no folder", encoding="utf-8")
    with pytest.raises(CoopsimError) as caught:
        api.new_source("article.txt")
    assert str(caught.value) == "seeds cannot be made: File exists"


# --- what is written ----------------------------------------------------------------------------


def test_the_file_has_the_head_and_what_to_fill_in_and_no_text(tmp_path: Path) -> None:
    written(tmp_path, PAGE, "The meeting.html")
    made = api.new_source("The meeting.html")
    assert made.path == "seeds/the-meeting.yaml"
    assert (
        (tmp_path / made.path).read_text("utf-8")
        == f"""\
source:
  kind: article    # or `base rate`, for a table
  title: "Heads of agency meet & agree"
  publisher: "The Daily"    # who published it
  publisher_kind:    # official, state-funded, independent or secondary copy
  author: "A. Writer"
  url: "https://example.org/meet"    # without an address it cannot count as the source of a number
  published: 2025-07-31    # a day, month or year, such as 2025-07-31
  published_note:    # how certain that date is
  file: "The meeting.html"    # the text that was read; it is not stored here
  sha256: {sha256(PAGE.encode()).hexdigest()}
  language: "en"
  trust:    # its strengths and limits, in a sentence
  grade:    # confirmed, reputable, secondary or memory
claims: []    # one entry for each fact, in place of the brackets, such as:
#  - id: 1
#    line: 12    # of the file
#    date: 2025-07-31    # when it was said or published: a day, a month or a year
#    kind: target    # {listing(KINDS)}
#    statement: In your own words, one fact.
#    numbers:
#      - {{what: first flight, value: 2028, unit: year}}
"""
    )


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        'He said: "it\'s #1: {a: [b]}"\n',
        "\\x1b \\u2028 %s !!python/object\n",
        "\u2028\u0085\x7f\u202eEnd\n",
        "null\n",
        "- a: b\n",
        "<html><title>'\"\\</title><meta name=author content='a: b # c'>",
    ],
)
def test_the_file_is_read_back_without_a_problem(text: str, tmp_path: Path) -> None:
    api.new_source(written(tmp_path, text))
    found = read_claims(tmp_path / "seeds")
    assert list(found.sources) == ["article"]
    assert found.by_id == {}


def test_the_example_in_the_file_is_a_claim(tmp_path: Path) -> None:
    made = api.new_source(written(tmp_path, TEXT))
    path = tmp_path / made.path
    text = path.read_text("utf-8").replace("claims: []", "claims:").replace("\n#", "\n")
    path.write_text(text, encoding="utf-8")
    claim = read_claims(tmp_path / "seeds").by_id["article.1"]
    assert (claim.line, claim.kind, claim.made) == (12, "target", "2025-07-31")


def test_it_goes_into_the_seeds_folder_that_scenarios_here_would_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("seeds", "scenarios"):
        (tmp_path / name).mkdir()
    written(tmp_path, TEXT)
    monkeypatch.chdir(tmp_path / "scenarios")
    assert api.new_source("../article.txt").path == "../seeds/article.yaml"
    assert [path.name for path in (tmp_path / "seeds").iterdir()] == ["article.yaml"]


def test_a_scenario_loads_beside_claims_that_are_still_to_be_written(tmp_path: Path) -> None:
    api.new_source(written(tmp_path, TEXT))
    text = (
        "scenario: s\nstart: 2025-01-01\nend: 2030-12-31\n"
        "events: {e: {date: 2026, why: Ours.}}\noutcomes: {e: {event: e}}\n"
    )
    path = written(tmp_path, text, "s.yaml")
    assert load(path).warnings == ()


# --- what is said -------------------------------------------------------------------------------


def test_the_command_lists_the_lines_to_write_claims_from(tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    done = coopsim(tmp_path, "sources", "--new", "article.txt", "--as", "talks")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout.rstrip()
        == """\
seeds/talks.yaml: ready for the claims of article.txt

Lines of article.txt with dates or numbers: 3
  line 1: two
  line 3: 29 July 2025, eight
  line 5: 2030, 62%, 1,500, May 2025

Fill in what is empty, and write one claim for each fact, in your own words,
with its line number. A scenario cites the first as `why: Stated [talks.1].`"""
    )


def test_the_command_as_json(tmp_path: Path) -> None:
    written(tmp_path, PAGE, "page.html")
    done = coopsim(tmp_path, "sources", "--new", "page.html", "--json")
    assert json.loads(done.stdout) == {
        "path": "seeds/page.yaml",
        "file": "page.html",
        "sha256": sha256(PAGE.encode()).hexdigest(),
        "title": "Heads of agency meet & agree",
        "publisher": "The Daily",
        "author": "A. Writer",
        "url": "https://example.org/meet",
        "published": "2025-07-31",
        "language": "en",
        "lines": [{"number": 13, "found": ["2028", "3"]}, {"number": 14, "found": ["two"]}],
    }


def test_of_a_long_article_the_first_lines_are_listed() -> None:
    def page(count: int) -> str:
        lines = tuple(TellingLine(number, ("2028",)) for number in range(1, count + 1))
        return printed(
            new_source_view(NewSource("a.yaml", Article("a.txt", "", ArticleHead(), lines)))
        )

    assert "Lines of a.txt with dates or numbers: none\n" in page(0)
    assert "  line 100: 2028\n\nFill in" in page(100)
    assert "  line 100: 2028\n  and 1 more line\n\nFill in" in page(101)
    assert "  line 100: 2028\n  and 2 more lines\n\nFill in" in page(102)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("sources", "name a scenario file, or an article with --new"),
        ("sources a.yaml --as b", "--as needs --new"),
        ("sources a.yaml --new b.txt", "use --new alone, or with --as"),
        ("sources --new b.txt --unused", "use --new alone, or with --as"),
    ],
)
def test_wrong_use_is_told(arguments: str, told: str, tmp_path: Path) -> None:
    done = coopsim(tmp_path, *arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    expected = f"coopsim: Invalid value: {told} (`coopsim sources --help` shows how)\n"
    assert done.stderr == expected


def test_a_full_disk_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, TEXT)

    def fill_up(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fill_up)
    with pytest.raises(CoopsimError) as caught:
        api.new_source("article.txt")
    assert str(caught.value) == "seeds/article.yaml cannot be written: No space left on device"
    assert list((tmp_path / "seeds").iterdir()) == []
