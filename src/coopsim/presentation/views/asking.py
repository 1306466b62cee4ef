"""The answers to what is asked: a plain sentence each, its errors, and what the number is not."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from coopsim.analysis.statistics.estimates import Share
from coopsim.experiments.asking import AskedChance, AskedChances, Band
from coopsim.presentation.views.cells import difference_cell, share_cell
from coopsim.presentation.views.view import Cell, Row, Section, TableColumn, View
from coopsim.presentation.words.numbers import chance, percent
from coopsim.presentation.words.variants import identity_text
from coopsim.presentation.words.wording import timelines

_NO_BAND = 0.005  # narrower ones say nothing
_COLUMNS = (TableColumn("chance %"),)
_SIMULATION = "±: 95 % simulation error, from a finite number of timelines."
_IF = (
    "Evidence selects timelines and changes none: whatever is likelier with it may be caused "
    "by it, may cause it, or may share a cause with it. Model uncertainty is not computed "
    "for a chance with --if."
)
_SET = "A changed assumption changes the timelines; each has the same luck as before."
_MODEL = (
    "Model uncertainty: we do not know the assumptions. More timelines do not reduce it, and "
    "it covers only what is written as uncertain."
)


def asked_view(found: AskedChances) -> View:
    """Show how likely statements are, in a sentence each and as numbers."""
    about = f"{identity_text(found)}: {timelines(found.runs)}, seed {found.seed}"
    said = zip(sentences(found), found.answers, strict=True)
    alone = len(found.answers) == 1
    sections = (
        Section("In numbers" if alone else one.statement, tuple(_rows(one, found)), _COLUMNS)
        for one in found.answers
    )
    return View(
        heading=(
            *(
                line
                for text, one in said
                for line in (text, *_reason(one), *_uncertainty(one.band))
            ),
            about,
            *(f"warning: {warning}" for warning in found.warnings),
        ),
        sections=tuple(sections),
        notes=tuple(_notes(found)),
    )


def sentences(found: AskedChances) -> list[str]:
    """Write how likely each statement is, the first time with how that was found out."""
    said = [
        f"`{one.statement}` comes true in {_share_text(one.chance, found.matches)}"
        f"{_beside(one, found)}."
        for one in found.answers
    ]
    return [f"{chosen(found)}{said[0]}", *said[1:]]


def chosen(found: AskedChances) -> str:
    """Write what was set, and among which timelines the chances are."""
    changed = f"With {' and '.join(f'`{one}`' for one in found.settings)}: "
    evidence = " and ".join(f"`{one}`" for one in found.given)
    chosen = f"Of the {found.matches:,} of {timelines(found.runs)} in which {evidence} holds: "
    if found.matches == found.runs:
        chosen = f"{evidence} holds in all {timelines(found.runs)}, so it changes nothing: "
    return f"{changed if found.settings else ''}{chosen if found.given else ''}"


def _beside(one: AskedChance, found: AskedChances) -> str:
    """Write the chance beside which this one stands, or about how many times in how many it is."""
    unchanged = found.matches == found.runs and not found.settings
    if one.written is None or unchanged:
        return frequency(one.chance.share)
    base = "with everything as written" if found.settings else "of all timelines"
    text = f"; {base}, in {chance(one.written.share, one.written.interval)} %"
    if one.change is None or not one.change.value:
        return text
    moved = difference_cell(one.change, "share")
    return f"{text}. The difference is {moved.text} points" + (
        ", which is within simulation error" if moved.mark else ""
    )


def _share_text(share: Share, runs: int) -> str:
    if share.share in (0, 1):
        return f"{'all' if share.share else 'none of'} {timelines(runs)}"
    return f"{chance(share.share, share.interval)} % of timelines"


def frequency(share: float) -> str:
    """Write about how many times in how many a share is, for those who read no percent."""
    if not 0.001 <= share <= 0.999:
        return ""
    if share < 0.15:
        return f", about 1 in {round(1 / share):,}"
    if share > 0.85:
        return f", all but about 1 in {round(1 / (1 - share)):,}"
    near = Fraction(share).limit_denominator(10)
    return f", about {near.numerator} in {near.denominator}"


def _reason(one: AskedChance) -> tuple[str, ...]:
    return (f"{one.reason}.",) if one.reason else ()


def _uncertainty(band: Band | None) -> Iterator[str]:
    if band is not None and band.ends[1] - band.ends[0] > _NO_BAND:
        low, high = band_cells(band)
        yield (
            f"Model uncertainty: depending on the {band.numbers:,} numbers and starting levels "
            f"that are written as uncertain, the chance is between {low.text} and {high.text} % "
            "nine times in ten."
        )


def band_cells(band: Band) -> tuple[Cell, Cell]:
    """Write the ends of a band, each as finely as it is known."""
    low, high = (
        Cell(percent(end, known), end, known, "share")
        for end, known in zip(band.ends, (band.low, band.high), strict=True)
    )
    return low, high


def _rows(one: AskedChance, found: AskedChances) -> Iterator[Row]:
    yield Row("Given that" if found.given else "Chance", (share_cell(one.chance),))
    if one.written is not None:
        title = "As written" if found.settings else "Of all timelines"
        yield Row(title, (share_cell(one.written),))
    if one.change is not None:
        yield Row("Difference, points", (difference_cell(one.change, "share"),))
    if one.band is not None:
        low, high = band_cells(one.band)
        yield Row("Model uncertainty, 5th percentile", (low,))
        yield Row("Model uncertainty, 95th percentile", (high,))


def _notes(found: AskedChances) -> Iterator[str]:
    yield _SIMULATION
    if any(one.band is not None for one in found.answers):
        yield _MODEL
    if found.given:
        yield _IF
    if found.settings:
        yield _SET
