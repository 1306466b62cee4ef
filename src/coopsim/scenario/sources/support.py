"""What rests on what: the assumptions of a scenario checked against the claims they cite."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from coopsim.scenario.grammar import ASSUMING
from coopsim.scenario.notation.values import (
    parse_chance,
    parse_date,
    parse_duration,
    parse_number,
    parse_rate,
)
from coopsim.scenario.plain.replanning import replanned
from coopsim.scenario.plain.tree import PLANS
from coopsim.scenario.sources.assumptions import Assumption, assumptions
from coopsim.scenario.sources.claim_files import ARTICLE, Claim, Number
from coopsim.scenario.sources.claims import Claims, citations
from coopsim.scenario.text.reading import dotted
from coopsim.scenario.text.tree import Map

_TIME_UNITS = ("hour", "day", "week", "month", "year")
_DATE_UNITS = ("date", "month", "quarter", "year")
_PLAIN_UNITS = ("factor", "ln units", "share", "percent")


class Basis(StrEnum):
    """Where a number comes from; one that is not in a cited claim is ours."""

    SOURCE = "stated by a source"
    BASE_RATE = "stated by a base rate"
    CITED = "judgement on cited claims"
    JUDGEMENT = "judgement alone"
    NOTHING = "nothing"
    QUESTION = "part of the question"


@dataclass(frozen=True, slots=True)
class SupportedAssumption:
    """An assumption, the claims it cites and those of them that state its very number.

    One that is the `readers` was set by whoever reads, so that nothing of this supports it.
    """

    assumption: Assumption
    cited: tuple[Claim, ...]
    stated_by: tuple[Claim, ...]
    readers: bool = False

    @property
    def basis(self) -> Basis:
        """Get where the number comes from."""
        one = self.assumption
        if one.section not in (*ASSUMING, PLANS):
            return Basis.QUESTION
        if self.stated_by:
            article = any(claim.source.kind == ARTICLE for claim in self.stated_by)
            return Basis.SOURCE if article else Basis.BASE_RATE
        if one.sources:
            return Basis.CITED
        return Basis.JUDGEMENT if one.judgement else Basis.NOTHING

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold."""
        one = self.assumption
        return {
            **{name: getattr(one, name) for name in ("path", "value", "kind", "unit")},
            **{name: getattr(one, name) for name in ("entry", "title", "group")},
            **{name: getattr(one, name) for name in ("judgement", "reference")},
            "sources": list(one.sources),
            "pages": [page._asdict() for page in one.pages],
            "stated_by": [claim.identity for claim in self.stated_by],
            "basis": self.basis.value,
        }


@dataclass(frozen=True, slots=True)
class Support:
    """All assumptions of a scenario with their support, and all claims there are.

    `entries` has what each entry cites by its path, also those without a number of their own.
    """

    scenario: str
    supported: tuple[SupportedAssumption, ...]
    entries: Mapping[str, tuple[str, ...]]
    claims: Claims

    def totals(self) -> dict[Basis, int]:
        """Count the numbers by where they come from; a {like: NAME} is no number of its own."""
        counts = dict.fromkeys(Basis, 0)
        for one in self.supported:
            counts[one.basis] += one.assumption.reference is None
        return counts

    def resting_on(self, claim: str) -> dict[str, str | None]:
        """List what cites a claim, itself or by its whole source, or a source in any way.

        Gives paths of assumptions with their values; an entry that has no number of its own
        stands there by its own path, with None.
        """
        found: dict[str, str | None] = {}
        for entry, cited in self.entries.items():
            if any(_concerns(one, claim) for one in cited):
                found |= self._numbers_of(entry) or {entry: None}
        return found

    def _numbers_of(self, entry: str) -> dict[str, str | None]:
        every = (one.assumption for one in self.supported)
        return {one.path: one.value for one in every if one.entry == entry}

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: totals, assumptions with their support, cited claims."""
        return {
            "scenario": self.scenario,
            "totals": {basis.value: count for basis, count in self.totals().items()},
            "assumptions": [one.to_json() for one in self.supported],
            "claims": {claim.identity: claim.to_json() for claim in self._cited()},
        }

    def _cited(self) -> tuple[Claim, ...]:
        """List the claims that any entry cites, itself or by their whole source."""
        ids = dict.fromkeys(one for cited in self.entries.values() for one in cited)
        return tuple(dict.fromkeys(claim for one in ids for claim in self.claims.cited_by(one)))

    def claim_to_json(self, identity: str) -> dict[str, Any]:
        """Make a tree of a claim or a whole source, and the paths of what rests on it.

        Raises UsageError where there is no such id.
        """
        about = self.claims.about(identity).to_json()
        return {**about, "rests": list(self.resting_on(identity))}

    def unused(self) -> tuple[Claim, ...]:
        """List the claims on which nothing rests."""
        cited = {one for ids in self.entries.values() for one in ids}
        claims = self.claims.by_id.values()
        return tuple(claim for claim in claims if not {claim.identity, claim.file} & cited)


def _concerns(cited: str, claim: str) -> bool:
    """Check whether a citation is of a claim, of its whole source, or of one of a source's."""
    return claim in (cited, cited.partition(".")[0]) or cited == claim.partition(".")[0]


def support(scenario: str, tree: Map, claims: Claims) -> Support:
    """Compare every assumption of a resolved scenario with the claims that its entry cites."""
    return Support(
        scenario=scenario,
        supported=tuple(_supported(one, claims) for one in assumptions(tree)),
        entries={dotted(path[:-1]): cited for path, cited in citations(replanned(tree)).items()},
        claims=claims,
    )


def _supported(one: Assumption, claims: Claims) -> SupportedAssumption:
    every = (claim for source in one.sources for claim in claims.cited_by(source))
    cited = tuple(dict.fromkeys(every))
    return SupportedAssumption(one, cited, tuple(claim for claim in cited if _states(claim, one)))


def _states(claim: Claim, one: Assumption) -> bool:
    """Check whether a claim has the very number; in a whole source only dates are looked for.

    Elsewhere a factor such as 2.0 would be found by accident. An article without an address states
    nothing: nobody can look it up, so that its number is our judgement, guided by the claim.
    """
    if one.reference is not None or not (claim.identity in one.sources or one.kind == "date"):
        return False
    if not claim.can_be_looked_up:
        return False
    return any(agrees(number, one.kind, end) for number in claim.numbers for end in one.ends)


def agrees(number: Number, kind: str, written: str) -> bool:
    """Check whether a claim's number is the one written for a quantity of this kind.

    A day agrees with a month or year that it opens or closes: `by 2028` with 2028-12-31.
    """
    try:
        if kind == "date":
            return number.unit in _DATE_UNITS and _opens_or_closes(number.value, written)
        return math.isclose(_measure(number, kind), _quantity(kind, written), rel_tol=1e-9)
    except ValueError:
        return False


def _opens_or_closes(claimed: str, written: str) -> bool:
    whole, part = parse_date(claimed), parse_date(written)
    if part.is_day:
        return part.first == whole.first or part.end_of_day == whole.end_of_day
    return part == whole


def _measure(number: Number, kind: str) -> float:
    """Read a claim's number in the base unit of a kind; ValueError where it is of another."""
    if kind == "duration" and number.unit.startswith(_TIME_UNITS):
        return parse_duration(f"{number.value} {number.unit}")
    if kind == "rate" and number.unit.startswith("per "):
        return parse_rate(f"{number.value} {number.unit}")
    if kind in ("factor", "chance", "number") and number.unit in _PLAIN_UNITS:
        return parse_number(number.value) / (100 if number.unit == "percent" else 1)
    raise ValueError(number.unit)


def _quantity(kind: str, written: str) -> float:
    readers = {"duration": parse_duration, "rate": parse_rate, "chance": parse_chance}
    return readers.get(kind, parse_number)(written)
