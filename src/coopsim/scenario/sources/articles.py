"""A first file of claims, made from an article: its head, and where it holds dates or numbers.

Nothing of the article is kept but its title, cut to a few words, and what a page says of itself. An
article may come from anyone: it is read as text, in time that grows with its size alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from html import unescape
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.notation.values import parse_date
from coopsim.scenario.sources.claim_files import ARTICLE, GRADES, KINDS, PUBLISHER_KINDS
from coopsim.scenario.sources.reasons import is_address
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import listing

MOST_BYTES = 2_000_000
_MOST_WORDS, _MOST_SIGNS = 8, 200  # of a title, and of whatever else a page says of itself
_MOST_FOUND = 8  # dates and numbers that are listed of a line
_Pieces = list[tuple[int, str]]  # texts, each with the line on which it begins
_EXPECTED = "an article as text, Markdown or HTML"


class TellingLine(NamedTuple):
    """A line of an article, counted from 1, and the dates and numbers found in it."""

    number: int
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """What an article says of itself; a field that it does not give is None."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article without its text: its file, what it says of itself, and its telling lines."""

    file: str
    sha256: str
    head: ArticleHead
    lines: tuple[TellingLine, ...]


@dataclass(frozen=True, slots=True)
class NewSource:
    """A file of claims that has been made, and the article it is to hold the claims of."""

    path: str
    article: Article

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold."""
        lines = [one._asdict() for one in self.article.lines]
        about = {"file": self.article.file, "sha256": self.article.sha256}
        return {"path": self.path, **about, **asdict(self.article.head), "lines": lines}


def read_article(path: FilePath) -> Article:
    """Read an article; raises ScenarioError for what is none, with the line where one is known."""
    content = _content(path)
    text = _text(content, path)
    html = path.suffix.lower() in (".html", ".htm") or _HTML.match(text) is not None
    head, pieces = _page(text) if html else (ArticleHead(title=_first_line(text)), [(1, text)])
    return Article(_clean(path.name), sha256(content).hexdigest(), head, tuple(_telling(pieces)))


# --- bytes and text -----------------------------------------------------------------------------


def _content(path: FilePath) -> bytes:
    try:
        if not path.exists():
            raise _refused(path, "no such file", hint=_meant(path))
        if not path.is_file():
            raise _refused(path, "a folder" if path.is_dir() else "something that is not a file")
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
        raise _refused(path, found, "a readable file") from None
    if len(content) > MOST_BYTES:
        found = f"more than {MOST_BYTES:,} bytes"
        raise _refused(path, found, "an article of reasonable size")
    if content.startswith(b"%PDF"):
        raise _refused(path, "a PDF", hint="save its text, as with `pdftotext`")
    return content


def _text(content: bytes, path: FilePath) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(path, "bytes that are not UTF-8", "text encoded in UTF-8", line) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _refused(path, "a character with the code 0", line=line)
    if not text.strip():
        raise _refused(path, "an empty file")
    return text


def _refused(
    path: FilePath,
    found: str,
    expected: str = _EXPECTED,
    line: int | None = None,
    hint: str | None = None,
) -> ScenarioError:
    return ScenarioError([Problem("", found, expected, str(path), line, hint)])


def _meant(path: FilePath) -> str | None:
    if not path.parent.is_dir():
        return None
    return near_miss(path.name, sorted(one.name for one in path.parent.iterdir()))


def _first_line(text: str) -> str | None:
    """Get the title of plain text or Markdown: its first heading, or else its first line."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    heading = next((line.lstrip("#") for line in lines if line.startswith("# ")), lines[0])
    return _title(heading)


def _title(text: str) -> str | None:
    """Cut a title to a few words: a long one would be the text of the article already."""
    words = _clean(text).split()
    return " ".join([*words[:_MOST_WORDS], *(["..."] if len(words) > _MOST_WORDS else [])]) or None


def _clean(text: str) -> str:
    """Make one line of signs that can be seen, no longer than anybody reads."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text[: 10 * _MOST_SIGNS])
    return " ".join(seen.split())[:_MOST_SIGNS]


# --- HTML ---------------------------------------------------------------------------------------

_HTML = re.compile(r"\s*<(!doctype html|html)\b", re.IGNORECASE)
_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9-]*")
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_UNSEEN = {  # elements whose content nobody reads, and how they end
    name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "template")
}
_LONGEST_TAG = 2_000  # signs of a tag that are looked at
_META = {
    "title": ("og:title",),
    "publisher": ("og:site_name",),
    "author": ("author", "article:author"),
    "url": ("og:url",),
    "published": ("article:published_time", "date", "datepublished", "dc.date"),
}


def _page(text: str) -> tuple[ArticleHead, _Pieces]:
    """Read what a page says of itself, and the texts in it."""
    said: dict[str, str] = {}
    pieces: _Pieces = []
    for line, tag, piece in _tags(text):
        name = _tag_name(tag)
        if name == "title" and piece.strip():
            said.setdefault("title", piece)
        elif name in ("html", "link", "meta"):
            for key, value in _said(name, tag):
                said.setdefault(key, value)
        pieces.append((line, piece))
    return _head(said), pieces


def _tags(text: str) -> Iterator[tuple[int, str, str]]:
    """Walk over a page: each tag with the text behind it, and the line on which that begins.

    `html.parser` takes a time that grows with the square of some broken pages.
    """
    line, position, tag = 1, 0, ""
    while position < len(text):
        start = text.find("<", position)
        stop = len(text) if start < 0 else start
        yield line, tag, unescape(text[position:stop])
        line += text.count("\n", position, stop)
        end, after = _tag_end(text, stop)
        tag = text[stop + 1 : end][:_LONGEST_TAG]
        line += text.count("\n", stop, after)
        position = after
    yield line, tag, ""


def _tag_end(text: str, start: int) -> tuple[int, int]:
    """Find where a tag ends, and where reading goes on: behind it, a comment or a script."""
    mark = "-->" if text.startswith("<!--", start) else ">"
    end = text.find(mark, start)
    if end < 0:
        return len(text), len(text)
    after = end + len(mark)
    closes = _UNSEEN.get(_tag_name(text[start + 1 : start + 20]))
    if closes is None:
        return end, after
    closing = closes.search(text, after)
    return end, len(text) if closing is None else closing.start()


def _tag_name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[0].lower() if found else ""


def _said(name: str, tag: str) -> Iterator[tuple[str, str]]:
    """List what one tag says of the page, by the field of its head."""
    given = {key.lower(): unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(tag)}
    if name == "html" and given.get("lang"):
        yield "language", given["lang"]
    elif name == "link" and given.get("rel", "").lower() == "canonical":
        yield "url", given.get("href", "")
    elif name == "meta":
        what = (given.get("property") or given.get("name") or "").lower()
        for field, names in _META.items():
            if what in names and given.get("content"):
                yield field, given["content"]


def _head(said: Mapping[str, str]) -> ArticleHead:
    clean = {key: _clean(value) or None for key, value in said.items()}
    url, published = clean.get("url"), clean.get("published")
    return ArticleHead(
        title=_title(said.get("title", "")),
        publisher=clean.get("publisher"),
        author=clean.get("author"),
        url=url if url and is_address(url) else None,
        published=_day(published) if published else None,
        language=clean.get("language"),
    )


def _day(text: str) -> str | None:
    try:
        parse_date(text[:10])
    except ValueError:
        return None
    return text[:10]


# --- dates and numbers --------------------------------------------------------------------------

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|March|Apr(?:il)?|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b"
)
_DATE = (
    rf"(?:\d{{1,2}} )?{_MONTH}\.?(?: \d{{1,2}}\b)?(?:,? \d{{4}}\b)?|\d{{1,2}} May\b|May \d{{1,4}}\b"
)
_NUMBER = r"\d+(?:[.,-]\d+)*(?: ?%| per ?cent\b)?"
_WORD = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|dozen)\b"
_TELLING = re.compile(rf"(?<!\w)(?<![A-Za-z]-)(?:{_DATE}|{_NUMBER}|{_WORD})")


def _telling(pieces: _Pieces) -> Iterator[TellingLine]:
    """Find the lines of texts that hold dates or numbers, but for those in a name as Soyuz-5."""
    by_line: dict[int, list[str]] = {}
    for first, text in pieces:
        for number, line in enumerate(text.split("\n"), first):
            found = [one[0] for one in _TELLING.finditer(line)]
            if found:
                by_line.setdefault(number, []).extend(found)
    for number, found in sorted(by_line.items()):
        yield TellingLine(number, tuple(dict.fromkeys(found))[:_MOST_FOUND])


# --- the file of claims -------------------------------------------------------------------------


def claims_text(article: Article) -> str:
    """Write the file of claims of an article: its head, what to fill in, and no claims yet."""
    head = article.head
    rows = (
        ("kind", ARTICLE, "or `base rate`, for a table"),
        ("title", _quoted(head.title), ""),
        ("publisher", _quoted(head.publisher), "who published it"),
        ("publisher_kind", "", listing(PUBLISHER_KINDS)),
        ("author", _quoted(head.author), ""),
        ("url", _quoted(head.url), "without an address it cannot count as the source of a number"),
        ("published", head.published or "", "a day, month or year, such as 2025-07-31"),
        ("published_note", "", "how certain that date is"),
        ("file", _quoted(article.file), "the text that was read; it is not stored here"),
        ("sha256", article.sha256, ""),
        ("language", _quoted(head.language), ""),
        ("trust", "", "its strengths and limits, in a sentence"),
        ("grade", "", listing(tuple(GRADES))),
    )
    return f"source:\n{''.join(_row(*row) for row in rows)}{_CLAIMS}"


def _row(key: str, value: str, comment: str) -> str:
    entry = f"  {key}: {value}".rstrip()
    return f"{entry}    # {comment}\n" if comment else f"{entry}\n"


def _quoted(text: str | None) -> str:
    """Write a text in quotes, as YAML and JSON both read it; signs that nobody sees are gone."""
    return "" if text is None else json.dumps(text, ensure_ascii=False)


_CLAIMS = f"""\
claims: []    # one entry for each fact, in place of the brackets, such as:
#  - id: 1
#    line: 12    # of the file
#    date: 2025-07-31    # when it was said or published: a day, a month or a year
#    kind: target    # {listing(KINDS)}
#    statement: In your own words, one fact.
#    numbers:
#      - {{what: first flight, value: 2028, unit: year}}
"""
