"""Where numbers come from, in the terminal: assumptions by entry; what rests on a claim."""

from __future__ import annotations

from itertools import groupby

from coopsim.presentation.terminal.pen import Line, Page, Section
from coopsim.scenario.sources.claim_files import Claim, Source
from coopsim.scenario.sources.support import Basis, Support, SupportedAssumption

_MARKS = {
    Basis.SOURCE: "stated",
    Basis.BASE_RATE: "base rate",
    Basis.CITED: "ours, on claims",
    Basis.JUDGEMENT: "ours",
    Basis.NOTHING: "unsupported",
    Basis.QUESTION: "asked",
}
_TOTALS = {
    Basis.SOURCE: "stated by a source",
    Basis.BASE_RATE: "stated by a base rate",
    Basis.CITED: "ours, led by claims",
    Basis.JUDGEMENT: "by judgement alone",
    Basis.NOTHING: "without any support",
}
_LEGEND = (
    "stated, base rate: this very number stands in a cited claim, of an article or of a base rate; "
    "ours: it does not, and is a judgement, with or without claims that lead to it; "
    "asked: it says what is asked, not what the world is like."
)


def sources_table(support: Support) -> Page:
    """Make the table of all assumptions by entry, with their claims and judgement."""
    groups = groupby(support.supported, key=lambda one: one.assumption.entry)
    return Page(
        heading=(f"What {support.scenario} assumes, and what that rests on",),
        sections=tuple(_entry(entry, list(ones)) for entry, ones in groups),
        legend=(totals_text(support), _LEGEND),
    )


def totals_text(support: Support) -> str:
    """Count the numbers by where they come from, in a sentence."""
    totals = support.totals()
    asked = totals.pop(Basis.QUESTION)
    counts = ", ".join(f"{totals[basis]} {word}" for basis, word in _TOTALS.items())
    return f"{sum(totals.values())} numbers: {counts}; and {asked} that say what is asked."


def _entry(entry: str, ones: list[SupportedAssumption]) -> Section:
    first = ones[0].assumption
    lines = [_number(one) for one in ones]
    lines += [_brief(claim) for claim in ones[0].cited if claim.identity in first.sources]
    whole = dict.fromkeys(c.source for c in ones[0].cited if c.file in first.sources)
    lines += [_whole(source) for source in whole]
    if first.judgement:
        lines.append(Line(f"    judgement: {first.judgement}", style="dim"))
    path = entry or "scenario"
    heading = path if first.title is None else f"{path}: {first.title}"
    return Section(Line(heading, style="bold"), tuple(lines))


def _number(one: SupportedAssumption) -> Line:
    assumption = one.assumption
    tail = assumption.path.removeprefix(assumption.entry).removeprefix(".")
    value = assumption.reference or assumption.value
    mark = _MARKS[one.basis] if assumption.reference is None else "reference"
    return Line(f"  {tail or assumption.path}", (value, mark), (value, mark))


def _brief(claim: Claim) -> Line:
    return Line(f"    {claim.identity}: {claim.statement}", style="dim")


def _whole(source: Source) -> Line:
    return Line(f"    {source.identity}, as a whole: {source.title}", style="dim")


# --- the other way round ----------------------------------------------------------------------


def claim_page(support: Support, identity: str) -> Page:
    """Say what a claim states, what contradicts it, which side counts and what rests on it.

    The identity may be that of a whole source; raises UsageError where there is no such id.
    """
    about = support.claims.about(identity)
    if isinstance(about, Claim):
        heading, facts = _claim_facts(support, about)
    else:
        heading, facts = _source_facts(about)
    rests = [_resting(path, value) for path, value in support.resting_on(identity).items()]
    rest = Line(f"Rests on it in {support.scenario}: {len(rests) or 'nothing'}", style="bold")
    return Page(heading, (*facts, Section(rest, tuple(rests))))


def _claim_facts(support: Support, claim: Claim) -> tuple[tuple[str, ...], tuple[Section, ...]]:
    where = f"{claim.source.title}" + (f", line {claim.line}" if claim.line else "")
    about = f"{claim.kind or 'claim'} of {claim.made}, {claim.source.kind}: {where}"
    lines = [Line(f"  {number.what}: {number.value} ({number.unit})") for number in claim.numbers]
    if claim.verified is False:
        lines.append(Line("  from memory, not verified"))
    numbers = [Section(Line("It states", style="bold"), tuple(lines))] if lines else []
    others = tuple(_brief(support.claims.by_id[other]) for other in claim.contradicts)
    contradicted = [Section(Line("Contradicted by", style="bold"), others)] if others else []
    ruling = (Line(f"  {claim.ruling}"),) if claim.ruling else ()
    ruled = [Section(Line("Ruling", style="bold"), ruling)] if ruling else []
    sections = (*numbers, *contradicted, *ruled)
    return (f"{claim.identity}: {claim.statement}", about), sections


def _source_facts(source: Source) -> tuple[tuple[str, ...], tuple[Section, ...]]:
    about = f"{source.kind}; {source.trust or 'nothing is said of its trust'}"
    return (f"{source.identity}: {source.title}", about), ()


def _resting(path: str, value: str | None) -> Line:
    cell = "no number of its own" if value is None else value
    return Line(f"  {path}", (cell,), (cell,))


def unused_page(support: Support) -> Page:
    """List the claims on which nothing rests, by source."""
    unused = support.unused()
    sections = tuple(
        Section(Line(f"{source.identity}: {source.title}", style="bold"), tuple(map(_brief, own)))
        for source, own in (
            (source, [claim for claim in unused if claim.file == identity])
            for identity, source in support.claims.sources.items()
        )
        if own
    )
    count = f"{len(unused)} of {len(support.claims.by_id)} claims"
    return Page((f"{count}: nothing in {support.scenario} rests on them",), sections)
