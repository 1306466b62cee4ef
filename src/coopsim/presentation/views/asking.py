"""The answer to one question: a plain sentence, its errors, and what the number is not."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from coopsim.analysis.statistics.estimates import Share
from coopsim.experiments.asking import AskedChance, Band
from coopsim.presentation.views.cells import difference_cell, share_cell
from coopsim.presentation.views.view import Cell, Row, Section, TableColumn, View
from coopsim.presentation.words.numbers import chance, percent
from coopsim.presentation.words.wording import timelines

_NO_BAND = 0.005  # narrower ones say nothing
_COLUMNS = (TableColumn("chance %"),)
_SIMULATION = "±: 95 % simulation error, from a finite number of timelines."
_IF = (
    "Evidence chooses among timelines and changes none: what is likelier given it may be caused by "
    "it, may cause it, or may share a cause with it."
)
_SET = "A changed assumption changes the timelines; each has the same luck as before."
_MODEL = (
    "Model uncertainty: we do not know the assumptions. More timelines do not lessen it, and what "
    "is written as certain has no part in it."
)


def asked_view(found: AskedChance) -> View:
    """Show how likely a statement is, in a sentence and as numbers."""
    about = f"{found.scenario}-{found.hash}: {timelines(found.runs)}, seed {found.seed}"
    return View(
        heading=(sentence(found), *_uncertainty(found.band), about),
        sections=(Section("In numbers", tuple(_rows(found)), _COLUMNS),),
        notes=tuple(_notes(found)),
    )


def sentence(found: AskedChance) -> str:
    """Write how likely the statement is, and how that was found out, as a sentence."""
    said = f"`{found.statement}` comes true in {_share_text(found.chance, found.matches)}"
    if found.given:
        evidence = " and ".join(f"`{one}`" for one in found.given)
        chosen = f"Of the {found.matches:,} of {timelines(found.runs)} in which {evidence} is so"
        if found.matches == found.runs:
            chosen = f"In all {timelines(found.runs)} {evidence} is so, which changes nothing"
        said = f"{chosen}: {said}"
    if found.settings:
        said = f"With {' and '.join(f'`{one}`' for one in found.settings)}: {said}"
    return f"{said}{_beside(found)}."


def _beside(found: AskedChance) -> str:
    """Write the chance beside which this one stands, or about how many times in how many it is."""
    if found.written is None:
        return frequency(found.chance.share)
    other = f"{chance(found.written.share, found.written.interval)} %"
    if not found.settings:
        return f"; of all timelines, in {other}"
    text = f"; with everything as written, in {other}"
    if found.change is None:
        return text
    moved = difference_cell(found.change, "share")
    return f"{text}. The difference is {moved.text} points" + (
        ", which cannot be told from none" if moved.mark else ""
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


def _uncertainty(band: Band | None) -> Iterator[str]:
    if band is not None and band.ends[1] - band.ends[0] > _NO_BAND:
        low, high = band_cells(band)
        yield (
            f"If we knew the {band.numbers:,} numbers and first levels that are written as "
            f"uncertain, this chance would lie between {low.text} and {high.text} % nine times in "
            "ten."
        )


def band_cells(band: Band) -> tuple[Cell, Cell]:
    """Write the ends of a band, each as finely as it is known."""
    low, high = (
        Cell(percent(end, known), end, known, "share")
        for end, known in zip(band.ends, (band.low, band.high), strict=True)
    )
    return low, high


def _rows(found: AskedChance) -> Iterator[Row]:
    yield Row("Given that" if found.given else "Chance", (share_cell(found.chance),))
    if found.written is not None:
        title = "As written" if found.settings else "Of all timelines"
        yield Row(title, (share_cell(found.written),))
    if found.change is not None:
        yield Row("Difference, points", (difference_cell(found.change, "share"),))
    if found.band is not None:
        low, high = band_cells(found.band)
        yield Row("Model uncertainty, 5th percentile", (low,))
        yield Row("Model uncertainty, 95th percentile", (high,))


def _notes(found: AskedChance) -> Iterator[str]:
    yield _SIMULATION
    if found.band is not None:
        yield _MODEL
    if found.given:
        yield _IF
    if found.settings:
        yield _SET
