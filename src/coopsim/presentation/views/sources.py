"""Where numbers come from: assumptions by entry, what rests on a claim, what rests on nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import PurePath

from coopsim.presentation.views.view import (
    Cell,
    Emphasis,
    Holds,
    Row,
    Section,
    TableColumn,
    View,
)
from coopsim.scenario.sources.articles import NewSource
from coopsim.scenario.sources.claim_files import ARTICLE, GRADES, Claim, Publication, Source
from coopsim.scenario.sources.reasons import CitedPage
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
_UNGROUPED = {
    "header": "Time",
    "references": "References",
    "drivers": "Drivers in no group",
    "events": "Events in no group",
    "plans": "Plans in no group",
    "outcomes": "Questions",
}
_COLUMNS = (TableColumn(None, Holds.TEXT), TableColumn(None, Holds.TEXT))
_LEGEND = (
    "stated, base rate: a cited claim gives exactly this number, from an article with an "
    "address or a base rate. ours: no claim gives it; it is a judgement, with or without "
    "claims or pages that point to it. asked: it is part of a question, not of the model of "
    "the world."
)
_HOW_TO_CLAIM = (
    "Fill in what is empty, and write one claim for each fact, in your own words, with its "
    "line number."
)
_MOST_LINES = 100  # of an article, beyond which they are only counted
_NOWHERE = "no address, so it cannot count as the source of a number"


def sources_view(support: Support) -> View:
    """Show all assumptions by entry, with their claims and judgement.

    Where there are groups the entries stand by group, each under its heading.
    """
    return View(
        heading=(f"What {support.scenario} assumes, and on what grounds",),
        sections=tuple(_sections(support.supported)),
        notes=(totals_text(support), _LEGEND),
    )


def _sections(supported: Sequence[SupportedAssumption]) -> Iterator[Section]:
    if not any(one.assumption.group for one in supported):
        yield from _entries(supported)
        return
    headed: dict[str, list[SupportedAssumption]] = {}
    for one in supported:
        group = one.assumption.group
        heading = f"Group: {group}" if group else _UNGROUPED[one.assumption.section]
        headed.setdefault(heading, []).append(one)
    for heading, ones in headed.items():
        yield Section(heading, ())
        yield from _entries(ones)


def _entries(supported: Sequence[SupportedAssumption]) -> Iterator[Section]:
    by_entry = groupby(supported, key=lambda one: one.assumption.entry)
    return (_entry(entry, list(ones)) for entry, ones in by_entry)


def totals_text(support: Support) -> str:
    """Count the numbers by where they come from, in a sentence."""
    totals = support.totals()
    asked = totals.pop(Basis.QUESTION)
    counts = ", ".join(f"{totals[basis]} {word}" for basis, word in _TOTALS.items())
    return f"{sum(totals.values())} numbers: {counts}; and {asked} that are part of the questions."


def _entry(entry: str, ones: list[SupportedAssumption]) -> Section:
    first = ones[0].assumption
    rows = [_number(one) for one in ones]
    rows += [_brief(claim) for claim in ones[0].cited if claim.identity in first.sources]
    whole = dict.fromkeys(c.source for c in ones[0].cited if c.file in first.sources)
    rows += [_whole(source) for source in whole]
    rows += [_page(page) for page in first.pages]
    if first.judgement:
        rows.append(Row(f"judgement: {first.judgement}", level=2, emphasis=Emphasis.ASIDE))
    path = entry or "scenario"
    title = path if first.title is None else f"{path}: {first.title}"
    return Section(title, tuple(rows), _COLUMNS, about=entry)


def _number(one: SupportedAssumption) -> Row:
    assumption = one.assumption
    tail = assumption.path.removeprefix(assumption.entry).removeprefix(".")
    value = assumption.reference or assumption.value
    mark = _MARKS[one.basis] if assumption.reference is None else "reference"
    cells = (Cell(value, assumption.value), Cell(mark))
    return Row(tail or assumption.path, cells, level=1, about=assumption.path)


def _brief(claim: Claim) -> Row:
    title = f"{claim.identity}{_marked(claim.publication)}: {claim.statement}"
    return Row(title, level=2, emphasis=Emphasis.ASIDE, about=claim.identity)


def _whole(source: Source) -> Row:
    title = f"{source.identity}, as a whole{_marked(source.publication)}: {source.title}"
    return Row(title, level=2, emphasis=Emphasis.ASIDE, about=source.identity)


def _page(page: CitedPage) -> Row:
    title = f"page of {page.date}: {page.title}, {page.url}"
    return Row(title, level=2, emphasis=Emphasis.ASIDE, about=page.url)


def _marked(publication: Publication) -> str:
    """Write what kind of publisher it is and the grade, in brackets, as far as they are known."""
    known = [one for one in (publication.publisher_kind, publication.grade) if one is not None]
    return f" ({', '.join(known)})" if known else ""


# --- the other way round ----------------------------------------------------------------------


def claim_view(support: Support, identity: str) -> View:
    """Show what a claim states, what contradicts it, which side counts and what rests on it.

    The identity may be that of a whole source; raises UsageError where there is no such id.
    """
    about = support.claims.about(identity)
    if isinstance(about, Claim):
        heading, facts = _claim_heading(about), tuple(_claim_facts(support, about))
    else:
        heading, facts = _source_heading(about), ()
    rests = [_resting(path, value) for path, value in support.resting_on(identity).items()]
    title = f"Rests on it in {support.scenario}: {len(rests) or 'nothing'}"
    return View(heading, (*facts, Section(title, tuple(rests), _COLUMNS[:1])))


def _claim_heading(claim: Claim) -> tuple[str, ...]:
    where = f"{claim.source.title}" + (f", line {claim.line}" if claim.line else "")
    about = f"{claim.kind or 'claim'} of {claim.made}, {claim.source.kind}: {where}"
    return (
        f"{claim.identity}: {claim.statement}",
        about,
        *_published(claim.publication, claim.source),
    )


def _claim_facts(support: Support, claim: Claim) -> Iterator[Section]:
    rows = [
        Row(f"{number.what}: {number.value} ({number.unit})", level=1) for number in claim.numbers
    ]
    if claim.verified is False:
        rows.append(Row("from memory, not verified", level=1))
    others = [_brief(support.claims.by_id[other]) for other in claim.contradicts]
    ruling = [Row(claim.ruling, level=1)] if claim.ruling else []
    for title, found in (("It states", rows), ("Contradicted by", others), ("Ruling", ruling)):
        if found:
            yield Section(title, tuple(found))


def _source_heading(source: Source) -> tuple[str, ...]:
    about = f"{source.kind}; {source.trust or 'no statement on its trust'}"
    return f"{source.identity}: {source.title}", about, *_published(source.publication, source)


def _published(publication: Publication, source: Source) -> Iterator[str]:
    """Write who published it, how well it is established and where it can be read, in a line."""
    told = []
    if publication.publisher or publication.publisher_kind:
        kind = f" ({publication.publisher_kind})" if publication.publisher_kind else ""
        told.append(f"publisher: {publication.publisher or 'not named'}{kind}")
    if publication.grade:
        told.append(f"grade: {publication.grade}, {GRADES[publication.grade]}")
    if publication.url:
        told.append(publication.url)
    elif source.kind == ARTICLE:
        told.append(_NOWHERE)
    if told:
        yield "; ".join(told)


def _resting(path: str, value: str | None) -> Row:
    cell = Cell("no number of its own") if value is None else Cell(value, value)
    return Row(path, (cell,), level=1, about=path)


def new_source_view(made: NewSource) -> View:
    """Show which lines of an article hold dates or numbers, to write its claims from."""
    lines = made.article.lines
    rows = [Row(f"line {one.number}: {', '.join(one.found)}", level=1) for one in lines]
    if len(rows) > _MOST_LINES:
        more = len(rows) - _MOST_LINES
        rows[_MOST_LINES:] = [Row(f"and {more:,} more {'line' if more == 1 else 'lines'}", level=1)]
    title = f"Lines of {made.article.file} with dates or numbers: {len(lines) or 'none'}"
    cited = f"{PurePath(made.path).stem}.1"
    return View(
        heading=(f"{made.path}: ready for the claims of {made.article.file}",),
        sections=(Section(title, tuple(rows)),),
        notes=(f"{_HOW_TO_CLAIM} A scenario cites the first as `why: Stated [{cited}].`",),
    )


def unused_view(support: Support) -> View:
    """List the claims on which nothing rests, by source."""
    unused = support.unused()
    sections = tuple(
        Section(f"{source.identity}: {source.title}", tuple(map(_brief, own)), about=identity)
        for identity, source in support.claims.sources.items()
        if (own := [claim for claim in unused if claim.file == identity])
    )
    count = f"{len(unused)} of {len(support.claims.by_id)} claims"
    return View((f"{count}: nothing in {support.scenario} rests on them",), sections)
