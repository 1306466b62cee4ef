"""Who says so: every number with its value, its claims and their grades, and the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from coopsim.presentation.words.assumptions import assumption_name
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.wording import plain_id
from coopsim.scenario.influences import Influence, Influences
from coopsim.scenario.notation.questions import QUESTION_KINDS
from coopsim.scenario.sources.claim_files import GRADES, Claim, Source
from coopsim.scenario.sources.support import Basis, Support, SupportedAssumption

_WORDS = {
    Basis.SOURCE: "stated by a source",
    Basis.BASE_RATE: "stated by a base rate",
    Basis.CITED: "judgement, guided by claims",
    Basis.JUDGEMENT: "judgement alone",
    Basis.NOTHING: "without any support",
    Basis.QUESTION: "part of a question",
}
_SECTIONS = {
    "header": "Time",
    "references": "References",
    "drivers": "Drivers",
    "events": "Events",
    "plans": "Plans",
    "outcomes": "Questions",
}
_HOW = {
    "reads": "clock or chances",
    "triggers": "set off",
    "sets": "level",
    "weighs": "index",
}
_TIME = "scenario"


class Anchors:
    """Short names for places on a page: hundreds of links lead there."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, key: str) -> str:
        """Name the place of an entry, a question or a source."""
        return self._names.setdefault(key, f"p{len(self._names)}")


@dataclass(frozen=True, slots=True)
class BasisCount:
    """How many numbers have one basis, and their share of all that describe the world."""

    basis: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number, or several that belong together: each value after what tells it from the others.

    The basis is there where those beside it differ. What is no number but the name of a reference
    has the place of that reference on the page.
    """

    name: str
    values: tuple[tuple[str, str], ...]
    basis: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim: where its source stands on the page, what it states, its grade and date."""

    identity: str
    source: str
    statement: str
    about: str


@dataclass(frozen=True, slots=True)
class ShownSource:
    """Where claims are from, and where that stands on the page, if it does.

    `url` is empty where there is no address that a browser may follow.
    """

    anchor: str
    title: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Numbers that rest on the same: their claims, whole sources and pages, and the reason."""

    title: str
    numbers: tuple[ShownNumber, ...]
    claims: tuple[ShownClaim, ...]
    sources: tuple[ShownSource, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something one step away: its title, and where it stands on the page."""

    title: str
    anchor: str


Neighbours = dict[str, list[Neighbour]]  # by how one acts on the other


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A driver, event, plan, reference or question: its numbers, and what is one step around it."""

    anchor: str
    key: str
    title: str
    count: str
    bases: tuple[str, ...]
    parts: tuple[ShownPart, ...]
    moved_by: Neighbours
    moves: Neighbours


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """Entries under the heading of their group."""

    title: str
    entries: tuple[ShownEntry, ...]


def basis_counts(support: Support) -> tuple[BasisCount, ...]:
    """Count the numbers that describe the world by what they rest on."""
    totals = {
        basis: count for basis, count in support.totals().items() if basis is not Basis.QUESTION
    }
    whole = sum(totals.values()) or 1
    return tuple(
        BasisCount(_WORDS[basis], count, 100 * count / whole)
        for basis, count in totals.items()
        if count
    )


def entry_groups(
    support: Support, influences: Influences, anchors: Anchors
) -> tuple[EntryGroup, ...]:
    """List all assumptions by group and entry, in the scenario's order."""
    around = _Neighbourhood(influences, anchors)
    headed: dict[str, list[ShownEntry]] = {}
    for key, ones in groupby(support.supported, key=lambda one: _key(one.assumption.path)):
        supported = list(ones)
        first = supported[0].assumption
        heading = first.group or _SECTIONS[first.section]
        headed.setdefault(heading, []).append(_entry(key, supported, around, anchors))
    listed = {entry.key for entries in headed.values() for entry in entries}
    for key, title in around.titles.items():
        if key not in listed:  # it has no number of its own
            by, moves = around.on(key), around.of(key)
            bare = ShownEntry(anchors.of(key), key, title, "no number", (), (), by, moves)
            headed.setdefault("Without numbers of their own", []).append(bare)
    return tuple(EntryGroup(title, tuple(entries)) for title, entries in headed.items())


def _key(path: str) -> str:
    """Name the entry a path is in; names with dots in them stand in none that has numbers."""
    return ".".join(path.split(".")[:2]) if "." in path else _TIME


def _entry(
    key: str, supported: Sequence[SupportedAssumption], around: _Neighbourhood, anchors: Anchors
) -> ShownEntry:
    first = supported[0].assumption
    own_title = None if key == _TIME else first.title  # the scenario's, where it is of no entry
    title = (
        around.titles.get(key)
        or own_title
        or plain_id(key.partition(".")[2] or "what is known, and the time simulated")
    )
    own = [one for one in supported if one.assumption.reference is None]
    return ShownEntry(
        anchor=anchors.of(key),
        key=key,
        title=title,
        count=counted(len(own), "number"),
        bases=tuple(dict.fromkeys(_word(one) for one in own)),
        parts=tuple(_parts(title, supported, anchors)),
        moved_by=around.on(key),
        moves=around.of(key),
    )


def _parts(
    title: str, supported: Sequence[SupportedAssumption], anchors: Anchors
) -> Iterator[ShownPart]:
    alike = len({_basis(one) for one in supported}) == 1
    for _, ones in groupby(supported, key=lambda one: one.assumption.entry):
        own = list(ones)
        first, cited = own[0].assumption, own[0].cited
        whole = {c.file: c.source for c in cited if c.file in first.sources}
        pages = [
            ShownSource("", page.title, f"page of {page.date}", _address(page.url))
            for page in first.pages
        ]
        yield ShownPart(
            title=first.title if first.entry and first.title and first.title != title else "",
            numbers=tuple(_numbers(own, anchors, alike=alike)),
            claims=tuple(_claim(one, anchors) for one in cited if one.identity in first.sources),
            sources=(*(_source(one, anchors) for one in whole.values()), *pages),
            reason=first.judgement or "",
        )


def _basis(one: SupportedAssumption) -> str:
    basis = "a reference" if one.assumption.reference else _word(one)
    stated = ", ".join(claim.identity for claim in one.stated_by)
    return f"{basis} ({stated})" if stated else basis


def _word(one: SupportedAssumption) -> str:
    return "yours" if one.readers else _WORDS[one.basis]


def _numbers(
    own: Sequence[SupportedAssumption], anchors: Anchors, *, alike: bool
) -> Iterator[ShownNumber]:
    """Write numbers of one table or range behind one another."""
    for (around, basis), found in groupby(own, key=lambda one: (_around(one), _basis(one))):
        ones = list(found)
        name = _name(around if len(ones) > 1 else ones[0].assumption.path)
        values = tuple(
            (_name(one.assumption.path).removeprefix(name).strip(), one.assumption.value)
            for one in ones
        )
        named = ones[0].assumption.reference
        reference = "" if named is None else anchors.of(named)
        yield ShownNumber(name or "value", values, "" if alike else basis, reference)


def _around(one: SupportedAssumption) -> str:
    return one.assumption.path.rpartition(".")[0]


def _name(path: str) -> str:
    return assumption_name("", path).removeprefix(": ") if "." in path else plain_id(path)


def _claim(claim: Claim, anchors: Anchors) -> ShownClaim:
    publication, source = claim.publication, claim.source.publication
    told = [
        publication.grade,
        claim.made,
        publication.publisher if publication.publisher != source.publisher else None,
        f"contradicted by {', '.join(claim.contradicts)}" if claim.contradicts else None,
        f"ruling: {claim.ruling}" if claim.ruling else None,
        "from memory, not verified" if claim.verified is False else None,
    ]
    about = "; ".join(filter(None, told))
    return ShownClaim(claim.identity, anchors.of(claim.file), claim.statement, about)


def shown_sources(support: Support, anchors: Anchors) -> tuple[ShownSource, ...]:
    """List the sources of which any claim is cited, or the whole."""
    cited = {one.partition(".")[0] for ids in support.entries.values() for one in ids}
    return tuple(
        _source(source, anchors)
        for identity, source in support.claims.sources.items()
        if identity in cited
    )


def _source(source: Source, anchors: Anchors) -> ShownSource:
    publication = source.publication
    told = [source.kind, publication.publisher, publication.publisher_kind, source.trust]
    return ShownSource(
        anchors.of(source.identity),
        source.title,
        "; ".join(filter(None, told)),
        _address(publication.url or ""),
    )


def grades_text() -> str:
    """Explain what the grades of claims mean."""
    return "; ".join(f"{grade}: {meaning}" for grade, meaning in GRADES.items())


def _address(url: str) -> str:
    """Leave an address of the web, and nothing else that a browser might follow."""
    return url if url.startswith(("https://", "http://")) else ""


class _Neighbourhood:
    """What is one step away from each driver and event."""

    def __init__(self, influences: Influences, anchors: Anchors) -> None:
        self._influences, self._anchors = influences, anchors
        drivers = {f"drivers.{name}": title for name, title in influences.drivers.items()}
        events = {
            f"events.{name}": title
            for name, title in influences.events.items()
            if ": " not in name  # a switch stands with its driver
        }
        questions = {f"answers.{name}": title for name, title in influences.outcomes.items()}
        self.titles: Mapping[str, str] = drivers | events
        self._known = self.titles | questions

    def on(self, key: str) -> Neighbours:
        """List what acts on an entry."""
        found = self._influences.found
        return self._neighbours(
            (home, one)
            for one in found
            if self._target(one) == key and (home := self._home(one.source)) != key
        )

    def of(self, key: str) -> Neighbours:
        """List what an entry acts on."""
        found = self._influences.found
        return self._neighbours(
            (target, one)
            for one in found
            if self._home(one.source) == key and (target := self._target(one)) != key
        )

    def _neighbours(self, found: Iterable[tuple[str, Influence]]) -> Neighbours:
        ways: Neighbours = defaultdict(list)
        for key, how in dict.fromkeys((key, one.how) for key, one in found):
            ways[_HOW[how]].append(Neighbour(self._known[key], self._anchors.of(key)))
        return dict(ways)

    def _target(self, one: Influence) -> str:
        """Find where what is acted on stands: a question may be called as an event is."""
        asked = one.through in QUESTION_KINDS
        return f"answers.{one.target}" if asked else self._home(one.target)

    def _home(self, name: str) -> str:
        """Find the entry in which a driver, an event or a switch stands."""
        name = name.partition(": ")[0]
        return f"drivers.{name}" if f"drivers.{name}" in self.titles else f"events.{name}"
