"""Chance and model uncertainty, as bands of the answers and by what is drawn once per run."""

from __future__ import annotations

from collections.abc import Iterator

from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.statistics.explained import Index
from coopsim.experiments.epistemic import ModelUncertainty, UncertainAnswer
from coopsim.experiments.global_indices import Draw, GlobalIndices, Indexed
from coopsim.presentation.views.cells import value_cell
from coopsim.presentation.views.view import Cell, Row, Section, TableColumn, View
from coopsim.presentation.words.assumptions import SCALES, assumption_name, outcome_name, value_text
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.numbers import ends_text, whole_percent
from coopsim.presentation.words.variants import variant_name
from coopsim.presentation.words.wording import SIMULATION_ERROR, timelines

_SHOWN = 10
_BANDS = (
    TableColumn(""),
    TableColumn("5th percentile"),
    TableColumn("95th percentile", brief="95th"),
    TableColumn("due to uncertainty", brief="share"),
)
_INDICES = (TableColumn("distribution"), TableColumn("first order", kept=False))
INDICES = "From 0, no effect, to 1, it decides the answer"
_DISTRIBUTION = (
    f"{INDICES}. Distribution: how much of the spread of the answer, its date included, would "
    "disappear if the input were known. First order: the same for the number alone (whether, "
    "how often, how high). A number counts as known if we know in which twentieth of its range "
    "it lies."
)
_LISTED = (
    "The list holds inputs that stand out among so many: if none mattered, 19 lists of 20 "
    f"would be empty. In brackets: 95 % {SIMULATION_ERROR}."
)
_UNKNOWN = "?: not known, as too few timelines differ."
_ALIKE = "The answer is the same in all timelines, or nearly so: there is nothing to explain."


def epistemic_view(found: ModelUncertainty) -> View:
    """Show answers as bands over what is not known."""
    rows = tuple(_band_row(outcome, one) for outcome, one in found.outcomes.items())
    about = (
        f"{found.runs:,} draws of what we do not know, {found.replications} timelines of each, "
        f"seed {found.seed}"
    )
    return View(
        heading=(
            f"Chance and model uncertainty in {variant_name(found.scenario, found.sets)}",
            about,
        ),
        sections=(Section("Answer", rows, _BANDS),),
        notes=(
            _reading(found),
            f"In brackets: 95 % {SIMULATION_ERROR}.",
            "?: not known, as timelines differ in too few draws.",
        ),
    )


def _reading(found: ModelUncertainty) -> str:
    return (
        f"Percentiles: the 90 % range of the answer over model uncertainty, from the "
        f"{len(found.uncertain)} numbers and starting levels that are written as uncertain. Due to "
        "uncertainty: their share of the variance between timelines. The rest is chance, which "
        "better knowledge of these numbers would not reduce. Uncertainty that the scenario does "
        "not state is in neither."
    )


def _band_row(outcome: str, one: UncertainAnswer) -> Row:
    unit = one.base.unit
    intervals = (one.low_interval, one.high_interval)
    band = [
        Cell(end_text(end, interval, unit), end, interval, unit)
        for end, interval in zip(one.band, intervals, strict=True)
    ]
    cells = (value_cell(one.value, one.interval, unit), *band)
    name = outcome_name(one.base, outcome)
    if one.share_interval is None:
        return Row(name, (*cells, Cell("?")), about=outcome)
    share = whole_percent(one.share, one.share_interval)
    ends = _ends(one.share, one.share_interval, "share", 0)
    whole, brief = (
        Cell(text, one.share, one.share_interval, "share") for text in (f"{share}{ends}", share)
    )
    return Row(name, (*cells, whole), brief=(*cells, brief), about=outcome)


def end_text(value: float, interval: Interval | None, unit: str) -> str:
    """Write an end of a band with its interval, no finer than that allows; `?` stands for none."""
    text = value_text(value, interval, unit)
    return f"{text} ?" if interval is None else f"{text}{_ends(value, interval, unit)}"


def _ends(value: float, interval: Interval, unit: str, most: int = 1) -> str:
    """Write an interval in brackets; none beside what is a bound itself."""
    if unit != "share":
        return f" ({ends_text(value, interval, SCALES[unit][1])})"
    low, high = (100 * end for end in interval)
    bound = value_text(value, interval, unit)[0] in "<>"
    return "" if bound else f" ({ends_text(100 * value, (low, high), most)})"


def indices_view(found: GlobalIndices) -> View:
    """Show the inputs that matter most to each answer."""
    sections = tuple(_indices(found, outcome, one) for outcome, one in found.outcomes.items())
    cells = (cell for section in sections for row in section.rows for cell in row.cells)
    unknown = any(cell.text == "?" for cell in cells)
    return View(
        heading=(
            f"How much each input matters in {variant_name(found.scenario, found.sets)}",
            f"{timelines(found.runs)}, seed {found.seed}",
        ),
        sections=sections,
        notes=(_DISTRIBUTION, _LISTED, *([_UNKNOWN] if unknown else [])),
    )


def _indices(found: GlobalIndices, outcome: str, indexed: Indexed) -> Section:
    rows = tuple(_index_rows(found, indexed))
    return Section(outcome_name(indexed.base, outcome), rows, _INDICES, about=outcome)


def _index_rows(found: GlobalIndices, indexed: Indexed) -> Iterator[Row]:
    largest = indexed.largest()
    if not any(draw.known for _, draw in largest):
        yield Row(_ALIKE, level=1)
        return
    felt = [one for one in largest if one[1].felt][:_SHOWN]
    yield from (_draw_row(found, path, draw) for path, draw in felt)
    rest = len(largest) - len(felt)
    if not felt:
        yield Row("No input has a detectable effect (--json lists all)", level=1)
    elif rest:
        inputs = counted(rest, "input")
        yield Row(f"Not listed: {inputs} with less or no detectable effect (--json lists all)")


def draw_name(found: GlobalIndices, path: str) -> str:
    """Name a draw by the assumption that it is made for."""
    return assumption_name(found.titles[path], path)


def _draw_row(found: GlobalIndices, path: str, draw: Draw) -> Row:
    cells = (_index(draw.distribution), _index(draw.first))
    return Row(draw_name(found, path), cells, level=1, about=path)


def _index(index: Index | None) -> Cell:
    if index is None:
        return Cell("?")
    low, high = index.interval
    text = f"{index.value:z.3f} ({low:z.3f} to {high:z.3f})"
    return Cell(text, index.value, index.interval, "index")
