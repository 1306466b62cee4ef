"""Who says so: every number with its value, its claims and their grades, and the reason.

What is shared stands once: an entry has the reason and the claims of its numbers, and a claim
stands under its source, wherever it is cited.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

import numpy as np

from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.wording import plain_id
from coopsim.scenario.influences import How, Influence, Influences
from coopsim.scenario.notation.questions import QUESTION_KINDS
from coopsim.scenario.plain.plans import OFFICIAL, REVIEWED
from coopsim.scenario.plain.tree import PLANS
from coopsim.scenario.sources.assumptions import Assumption
from coopsim.scenario.sources.claim_files import GRADES, Claim, Source
from coopsim.scenario.sources.support import Basis, Support, SupportedAssumption

BASIS_WORDS = {
    Basis.SOURCE: "stated by a source",
    Basis.BASE_RATE: "stated by a base rate",
    Basis.CITED: "judgement led by claims",
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
USUAL = "clock or chances"  # what is acted on where nothing else is said
_HOW = {
    "reads": USUAL,
    "triggers": "set off",
    "sets": "level",
    "weighs": "index",
}
_UNITS = {"factor": "times", "levels": "levels", "chance": "probability"}  # of bare numbers
_TIME = "scenario"
AS_ABOVE = "…"  # in place of what the path above begins with, if it has as many keys
_SHARED = 2  # keys at least, of which the first is empty


class Anchors:
    """Short names for places on a page: hundreds of links lead there."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, key: str) -> str:
        """Name the place of an entry, a question or a source."""
        return self._names.setdefault(key, f"p{np.base_repr(len(self._names), 36).lower()}")


@dataclass(frozen=True, slots=True)
class BasisCount:
    """How many numbers have one basis, and their share of all that describe the world."""

    basis: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number: the end of its path, after that of its entry, and its value with the unit.

    The basis is there where it is not the entry's most common one, with the claims that state it.
    What is no number but the name of a reference has the place of that reference on the page.
    """

    path: str
    value: str
    basis: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim: where it stands on the page, what it states, its grade, date and ruling."""

    anchor: str
    identity: str
    statement: str
    about: str

    @property
    def number(self) -> str:
        """Get its number within its source."""
        return self.identity.partition(".")[2]


@dataclass(frozen=True, slots=True)
class ShownSource:
    """Where claims are from, where that stands on the page, if it does, and its cited claims.

    `url` is empty where there is no address that a browser may follow.
    """

    anchor: str
    identity: str
    title: str
    about: str
    url: str
    claims: tuple[ShownClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Numbers that rest on the same: claims, whole sources and pages, and the reason."""

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
_EdgesAt = defaultdict[str, list[tuple[str, How]]]


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
        BasisCount(BASIS_WORDS[basis], count, 100 * count / whole)
        for basis, count in totals.items()
        if count
    )


def entry_groups(
    support: Support, influences: Influences, anchors: Anchors
) -> tuple[EntryGroup, ...]:
    """List all assumptions by group and entry, in the scenario's order."""
    around = _neighbourhood(support, influences, anchors)
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
            bare = ShownEntry(anchors.of(key), key, title, "no number", ("",), (), by, moves)
            headed.setdefault("Without numbers of their own", []).append(bare)
    return tuple(EntryGroup(title, tuple(entries)) for title, entries in headed.items())


def question_grounds(
    support: Support, influences: Influences, anchors: Anchors
) -> dict[str, list[Neighbour]]:
    """List by question what its answer rests on directly."""
    around = _neighbourhood(support, influences, anchors)
    return {
        name: [one for ones in around.on(f"answers.{name}").values() for one in ones]
        for name in influences.outcomes
    }


def _neighbourhood(support: Support, influences: Influences, anchors: Anchors) -> _Neighbourhood:
    sections = (one.assumption.path.split(".") for one in support.supported)
    plans = dict.fromkeys(keys[1] for keys in sections if keys[0] == PLANS)
    return _Neighbourhood(influences, plans, anchors)


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
    bases = Counter(_word(one) for one in supported if one.assumption.reference is None)
    common, *rarer = [basis for basis, _ in bases.most_common()] or [""]
    return ShownEntry(
        anchor=anchors.of(key),
        key=key,
        title=title,
        count=counted(bases.total(), "number"),
        bases=(common, *(f"{bases[basis]} {basis}" for basis in rarer)),
        parts=tuple(_parts(key, title, supported, common, anchors)),
        moved_by=around.on(key),
        moves=around.of(key),
    )


def _parts(
    key: str, title: str, supported: Sequence[SupportedAssumption], common: str, anchors: Anchors
) -> Iterator[ShownPart]:
    for _, ones in groupby(supported, key=lambda one: one.assumption.entry):
        own = list(ones)
        first, cited = own[0].assumption, own[0].cited
        whole = {c.file: c.source for c in cited if c.file in first.sources}
        pages = [
            ShownSource("", "", page.title, f"page of {page.date}", _address(page.url))
            for page in first.pages
        ]
        yield ShownPart(
            title=first.title if first.entry and first.title and first.title != title else "",
            numbers=tuple(_numbers(own, key, common, anchors)),
            claims=tuple(_claim(one, anchors) for one in cited if one.identity in first.sources),
            sources=(*(_source(one, anchors) for one in whole.values()), *pages),
            reason=first.judgement or "",
        )


def _word(one: SupportedAssumption) -> str:
    return "yours" if one.readers else BASIS_WORDS[one.basis]


def _own_basis(one: SupportedAssumption, common: str) -> str:
    """Write what a number rests on where its entry does not say so, with what states it."""
    stated = ", ".join(claim.identity for claim in one.stated_by)
    if one.assumption.reference is not None or (_word(one) == common and not stated):
        return ""
    return f"{_word(one)} ({stated})" if stated else _word(one)


def _numbers(
    own: Sequence[SupportedAssumption], key: str, common: str, anchors: Anchors
) -> Iterator[ShownNumber]:
    """Write each number after its path, shortened by the one above it."""
    above: list[str] = []
    for one in own:
        assumption, path = one.assumption, one.assumption.path.removeprefix(key)
        named, keys = assumption.reference, path.split(".")
        yield ShownNumber(
            path=_shortened(keys, above),
            value=f"{assumption.value} {_unit(assumption)}".strip(),
            basis=_own_basis(one, common),
            reference="" if named is None else anchors.of(named),
        )
        above = keys


def _shortened(keys: list[str], above: list[str]) -> str:
    """Leave out what a path of as many keys begins with that stands above it."""
    alike = len(list(takewhile(lambda both: both[0] == both[1], zip(keys, above, strict=False))))
    if len(keys) != len(above) or alike < _SHARED:
        return ".".join(keys)
    return ".".join((AS_ABOVE, *keys[alike:]))


def _unit(one: Assumption) -> str:
    """Name the unit of a bare number where its path does not."""
    said = one.reference or one.kind in one.path or "%" in one.value
    return "" if said else _UNITS.get(one.kind, "")


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
    anchor = anchors.of(f"claims.{claim.identity}")
    return ShownClaim(anchor, claim.identity, claim.statement, about)


def shown_sources(support: Support, anchors: Anchors) -> tuple[ShownSource, ...]:
    """List the sources of which any claim is cited, or the whole, each with its cited claims."""
    cited = {one for ids in support.entries.values() for one in ids}
    claims: dict[str, list[ShownClaim]] = {one.partition(".")[0]: [] for one in cited}
    for identity, claim in support.claims.by_id.items():
        if identity in cited:
            claims[claim.file].append(_claim(claim, anchors))
    return tuple(
        _source(source, anchors, claims[identity])
        for identity, source in support.claims.sources.items()
        if identity in claims
    )


def _source(source: Source, anchors: Anchors, claims: Iterable[ShownClaim] = ()) -> ShownSource:
    publication = source.publication
    told = [source.kind, publication.publisher, publication.publisher_kind, source.trust]
    return ShownSource(
        anchors.of(source.identity),
        source.identity,
        source.title,
        "; ".join(filter(None, told)),
        _address(publication.url or ""),
        tuple(claims),
    )


def grades_text() -> str:
    """Explain what the grades of claims mean."""
    return "; ".join(f"{grade}: {meaning}" for grade, meaning in GRADES.items())


def _address(url: str) -> str:
    """Leave an address of the web, and nothing else that a browser might follow."""
    return url if url.startswith(("https://", "http://")) else ""


class _Neighbourhood:
    """What is one step away from each driver, event and plan."""

    def __init__(self, influences: Influences, plans: Iterable[str], anchors: Anchors) -> None:
        self._anchors = anchors
        # A plan is one entry, and not the driver and the review that are made of it.
        self._parts_of_plans = {
            name + part: f"{PLANS}.{name}" for name in plans for part in (OFFICIAL, REVIEWED)
        }
        events = {
            name: title
            for name, title in influences.events.items()
            if ": " not in name  # a switch stands with its driver
        }
        self._drivers = set(influences.drivers)
        named = (*events.items(), *influences.drivers.items())  # the driver's title is its plan's
        self.titles: Mapping[str, str] = {self._home(name): title for name, title in named}
        questions = {f"answers.{name}": title for name, title in influences.outcomes.items()}
        self._known = self.titles | questions
        self._on, self._of = _EdgesAt(list), _EdgesAt(list)
        edges = ((self._home(one.source), self._target(one), one.how) for one in influences.found)
        for source, target, how in dict.fromkeys(edges):
            if source != target:
                self._on[target].append((source, how))
                self._of[source].append((target, how))

    def on(self, key: str) -> Neighbours:
        """List what acts on an entry."""
        return self._neighbours(self._on[key])

    def of(self, key: str) -> Neighbours:
        """List what an entry acts on."""
        return self._neighbours(self._of[key])

    def _neighbours(self, found: Iterable[tuple[str, How]]) -> Neighbours:
        ways: Neighbours = defaultdict(list)
        for key, how in found:
            ways[_HOW[how]].append(Neighbour(self._known[key], self._anchors.of(key)))
        return dict(sorted(ways.items(), key=lambda way: (way[0] != USUAL, way[0])))

    def _target(self, one: Influence) -> str:
        """Find where what is acted on stands: a question may be called as an event is."""
        asked = one.through in QUESTION_KINDS
        return f"answers.{one.target}" if asked else self._home(one.target)

    def _home(self, name: str) -> str:
        """Find the entry in which a driver, an event or a switch stands."""
        name = name.partition(": ")[0]
        section = "drivers" if name in self._drivers else "events"
        return self._parts_of_plans.get(name, f"{section}.{name}")
