"""One file of claims: its source, and what that source says, each statement by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.notation.quantities import read_number, read_period
from coopsim.scenario.notation.slips.quantities import advice
from coopsim.scenario.notation.values import Period, parse_date, parse_number
from coopsim.scenario.sources.reasons import is_address
from coopsim.scenario.text.near import near_miss, nearest
from coopsim.scenario.text.reading import (
    Faults,
    Path,
    in_a_list,
    invalid,
    keys_within,
    listing,
    mapping_of,
    name_of,
    show,
    text_of,
)
from coopsim.scenario.text.tree import Map, Seq, problem_at

T = TypeVar("T")

ARTICLE, BASE_RATE = "article", "base rate"
KINDS = (
    "commitment",
    "target",
    "observed",
    "decision",
    "proposal",
    "causal link",
    "constraint",
    "forecast",
    "opinion",
)
PUBLISHER_KINDS = ("official", "state-funded", "independent", "secondary copy")
GRADES = {  # how well a statement is established, and what each grade means
    "confirmed": "two independent sources",
    "reputable": "one news agency, specialist page or official document",
    "secondary": "a copy or digest of another source",
    "memory": "seen in no source",
}
SOURCE_FIELDS = (
    *("kind", "title", "publisher", "publisher_kind", "author", "url", "published"),
    *("published_note", "file", "sha256", "language", "trust", "grade"),
)


@dataclass(frozen=True, slots=True)
class Publication:
    """Who published something, of what kind they are, its address, and how sure it is."""

    publisher: str | None = None
    publisher_kind: str | None = None
    url: str | None = None
    grade: str | None = None

    def within(self, source: Publication) -> Publication:
        """Fill in from its source what a claim leaves open.

        A claim with a publisher of its own has nothing from its source's.
        """
        if self.publisher is not None:
            return self
        own = (self.publisher_kind, self.url, self.grade)
        theirs = (source.publisher_kind, source.url, source.grade)
        filled = (mine or other for mine, other in zip(own, theirs, strict=True))
        return Publication(source.publisher, *filled)

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Source:
    """What claims were taken from: an article, or a table of base rates."""

    identity: str
    kind: str
    title: str
    trust: str | None
    published: Period | None
    publication: Publication = Publication()

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold."""
        about = {"id": self.identity, "kind": self.kind, "title": self.title, "trust": self.trust}
        return about | self.publication.to_json()


@dataclass(frozen=True, slots=True)
class Number:
    """One number or date that a claim states, as it was written."""

    what: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class BaseRateRow:
    """Where a row of a base rate belongs."""

    programme: str
    country: str
    reference_class: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source states, in our own words; `made` is its date as written."""

    identity: str
    source: Source
    statement: str
    date: Period
    made: str
    kind: str | None = None
    line: int | None = None
    numbers: tuple[Number, ...] = ()
    contradicts: tuple[str, ...] = ()
    ruling: str | None = None
    verified: bool | None = None
    row: BaseRateRow | None = None
    publication: Publication = Publication()

    @property
    def can_be_looked_up(self) -> bool:
        """Check whether anybody can find it: in an article with an address, or in a table."""
        return self.source.kind == BASE_RATE or self.publication.url is not None

    @property
    def file(self) -> str:
        """Get the id of the whole source."""
        return self.source.identity

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold, the date as it was written."""
        return {
            "id": self.identity,
            "kind": self.kind,
            "line": self.line,
            "date": self.made,
            "statement": self.statement,
            "numbers": [asdict(number) for number in self.numbers],
            "contradicts": list(self.contradicts),
            "ruling": self.ruling,
            "verified": self.verified,
            **self.publication.to_json(),
            "source": self.source.to_json(),
        }


def read_claim_file(tree: Map, stem: str) -> tuple[Source, dict[Path, Claim], list[Problem]]:
    """Read a source and its claims, each with its path in the file, and all problems found.

    Raises ScenarioError where the file holds no source or no claims.
    """
    raw, claims = tree.get("source"), tree.get("claims")
    if not isinstance(raw, Map) or not isinstance(claims, Seq):
        expected = "a mapping `source` and a list `claims`"
        raise ScenarioError([problem_at(tree, (), show(tree), expected)])
    faults = Faults()
    keys_within(tree, ("source", "claims"), faults)
    source = _source(raw, stem, faults)
    found: dict[Path, Claim] = {}
    for position, item in enumerate(claims):
        with faults.at("claims", position):
            found["claims", position] = _claim(item, source)
    _same_ids(found, faults)
    problems = [problem_at(tree, f.path, f.found, f.expected, f.hint) for f in faults.found]
    return source, found, problems


def _source(raw: Map, stem: str, faults: Faults) -> Source:
    fields: dict[str, object] = {"kind": ARTICLE, "title": stem, "trust": None, "published": None}
    readers: Mapping[str, Callable[[object], object]] = {
        "kind": _one_of(ARTICLE, BASE_RATE),
        "title": _text,
        "trust": _text,
        "published": read_period,
    }
    with faults.at("source"):
        inner = Faults()
        keys_within(raw, SOURCE_FIELDS, inner)
        for key, read in readers.items():
            if raw.get(key) is not None:
                with inner.at(key):
                    fields[key] = read(raw[key])
        fields["publication"] = _publication(_Reading(raw, inner))
        inner.check()
    return Source(stem, **fields)  # type: ignore[arg-type]  # the readers give what the fields ask


_REQUIRED = ("id", "date", "statement")
_FIELDS = (
    *("id", "line", "date", "kind", "statement", "numbers", "contradicts", "ruling"),
    *("verified", "programme", "country", "class"),
    *("publisher", "publisher_kind", "url", "grade"),
)


def _claim(raw: object, source: Source) -> Claim:
    data = mapping_of(raw, "a claim with id, date and statement")
    faults = Faults()
    keys_within(data, _FIELDS, faults)
    meant = {nearest(key, _FIELDS) for key in data if key not in _FIELDS}
    for key in _REQUIRED:
        if data.get(key) is None and key not in meant:
            faults.add("nothing", f"the claim's {key}", key)
    read = _Reading(data, faults)
    number = read.field("id", _whole)
    claim = Claim(
        identity=f"{source.identity}.{number}",
        source=source,
        statement=read.field("statement", _text) or "",
        date=read.field("date", read_period) or Period(0, 0),
        made=read.field("date", text_of) or "",
        kind=read.field("kind", _one_of(*KINDS)),
        line=read.field("line", _whole),
        numbers=read.field("numbers", _numbers) or (),
        contradicts=read.field("contradicts", _claim_ids) or (),
        ruling=read.field("ruling", _text),
        verified=read.field("verified", _verified),
        row=_row(read),
        publication=_publication(read).within(source.publication),
    )
    if claim.contradicts and claim.ruling is None:
        faults.add("nothing", "a ruling: which side counts, and why", "ruling")
    faults.check()
    return claim


class _Reading:
    """Read the fields of a mapping, collecting what is wrong with them."""

    def __init__(self, data: Mapping[str, object], faults: Faults) -> None:
        self.data, self.faults = data, faults

    def field(self, key: str, read: Callable[[object], T]) -> T | None:
        """Read one field; None where it is not there or not as it should be."""
        if self.data.get(key) is not None:
            with self.faults.at(key):
                return read(self.data[key])
        return None


def _row(read: _Reading) -> BaseRateRow | None:
    parts = [read.field(key, _text) for key in ("programme", "country", "class")]
    if all(part is None for part in parts):
        return None
    if None in parts:
        read.faults.add("a part of them", "programme, country and class together", "programme")
    programme, country, reference_class = (part or "" for part in parts)
    return BaseRateRow(programme, country, reference_class)


def _publication(read: _Reading) -> Publication:
    return Publication(
        publisher=read.field("publisher", _publisher),
        publisher_kind=read.field("publisher_kind", _one_of(*PUBLISHER_KINDS)),
        url=read.field("url", _address),
        grade=read.field("grade", _one_of(*GRADES)),
    )


def _same_ids(found: Mapping[Path, Claim], faults: Faults) -> None:
    first: dict[str, Path] = {}
    for path, claim in found.items():
        if first.setdefault(claim.identity, path) != path:
            faults.add(f"'{claim.identity}' again", "an id of its own", *path, "id")


# --- single fields ----------------------------------------------------------------------------


def _text(raw: object) -> str:
    text = name_of(raw, "a text")
    if not text.strip():
        raise invalid(show(raw), "a text")
    return text


def _publisher(raw: object) -> str:
    name = _text(raw)
    if name in PUBLISHER_KINDS:
        hint = f"write `publisher_kind: {name}`"
        raise invalid(show(raw), "the name of who published it", hint=hint)
    return name


def _address(raw: object) -> str:
    text = _text(raw)
    if not is_address(text):
        meant = f"https://{text}"
        hint = f"write `{meant}`" if is_address(meant) and "." in text else None
        raise invalid(show(raw), "an address such as https://example.org/page", hint=hint)
    return text


def _whole(raw: object) -> int:
    expected = "a whole number from 1 on"
    number = read_number(raw, expected)
    if number != int(number) or number < 1:
        raise invalid(show(raw), expected)
    return int(number)


def _one_of(*allowed: str) -> Callable[[object], str]:
    def read(raw: object) -> str:
        text = name_of(raw, listing(allowed))
        if text not in allowed:
            raise invalid(show(raw), listing(allowed), hint=near_miss(text, allowed))
        return text

    return read


def _verified(raw: object) -> bool:
    if raw not in ("yes", "no"):
        truth = {"true": "yes", "false": "no"}.get(str(raw).lower())
        raise invalid(show(raw), "yes or no", hint=truth and f"write `{truth}`")
    return raw == "yes"


def _claim_ids(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, Seq):
        expected = "a list of claims, such as [frontier-india.12]"
        raise invalid(show(raw), expected, hint=in_a_list(raw))
    return tuple(name_of(item, "the id of a claim") for item in raw)


def _numbers(raw: object) -> tuple[Number, ...]:
    if not isinstance(raw, Seq):
        hint = "put it in a list: `[{...}]`" if isinstance(raw, Map) else None
        raise invalid(show(raw), "a list of {what:, value:, unit:}", hint=hint)
    faults = Faults()
    numbers: list[Number] = []
    for position, item in enumerate(raw):
        with faults.at(position):
            numbers.append(_number(item))
    faults.check()
    return tuple(numbers)


def _number(raw: object) -> Number:
    fields = ("what", "value", "unit")
    data = mapping_of(raw, "{what:, value:, unit:}")
    if set(data) != set(fields):
        raise invalid(show(data), "{what:, value:, unit:}")
    faults = Faults()
    read = _Reading(data, faults)
    texts = [read.field(key, _text) or "" for key in fields]
    with faults.at("value"):
        _number_or_date(data["value"])
    faults.check()
    return Number(*texts)


def _number_or_date(raw: object) -> None:
    if isinstance(raw, str):
        for parse in (parse_number, parse_date):
            with suppress(ValueError):
                parse(raw)
                return
    expected = "a number, or a date such as 2028-07-31, 2028-07, 2028-Q3 or 2028"
    hint = advice("number", str(raw)) or advice("date", str(raw))
    raise invalid(show(raw), expected, hint=hint)
