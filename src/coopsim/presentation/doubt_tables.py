"""Chance and doubt, as tables in the terminal."""

from __future__ import annotations

from coopsim.analysis.doubt import Doubt, Doubted
from coopsim.analysis.estimates import Interval
from coopsim.analysis.explained import Index
from coopsim.analysis.global_indices import Draw, GlobalIndices, Indexed
from coopsim.presentation.assumption_words import assumption_name, outcome_name, value_text
from coopsim.presentation.layout import Line, Page, Section
from coopsim.presentation.numbers import exact_percent, whole_percent
from coopsim.presentation.problems import counted
from coopsim.presentation.wording import SIMULATION_ERROR, timelines

_SHOWN = 10
INDICES = "From 0, no effect, to 1, it decides the answer"
_DISTRIBUTION = (
    f"{INDICES}. Distribution: how much of the spread of the answer, its date included, goes once "
    "the input is known. First order: the same of the number alone (whether, how often, how high). "
    "A number counts as known when we know in which twentieth of its range it lies."
)
_LISTED = (
    "Listed is what stands out among so many inputs: where nothing matters, 19 lists of 20 would "
    f"be empty. In brackets: 95 % {SIMULATION_ERROR}."
)
_UNKNOWN = "?: too few timelines differ for it to be known."
_ALIKE = "  The answer is the same in all timelines, or nearly so: there is nothing to explain."


def doubt_table(found: Doubt) -> Page:
    """Make the table of answers as bands over what is not known."""
    lines = tuple(_doubt_line(outcome, one) for outcome, one in found.outcomes.items())
    heading = Line("Answer", ("", "band over doubt", "doubt's share"), style="bold")
    about = (
        f"{found.runs:,} draws of what we do not know, {found.replications} timelines of each, "
        f"seed {found.seed}"
    )
    return Page(
        heading=(f"Chance and doubt in {found.scenario}", about),
        sections=(Section(heading, lines),),
        legend=(_reading(found), f"In brackets: 95 % {SIMULATION_ERROR}."),
    )


def _reading(found: Doubt) -> str:
    return (
        f"Band: if we knew the {len(found.doubted)} numbers and first levels that are written as "
        "uncertain, the answer would lie there nine times in ten. Doubt's share: of the variance "
        "between timelines; the rest is chance, which knowing these numbers would not lessen. "
        "Doubt that is not written into the scenario is in neither."
    )


def doubt_sentence(one: Doubted) -> str:
    """Say an answer with its band: 31.0 %, between 18.0 % and 46.0 % depending on ..."""
    unit = one.base.unit
    value = value_text(one.value, one.interval, unit)
    low, high = band_texts(one)
    return f"{value}, between {low} and {high} depending on what we do not know"


def band_texts(one: Doubted) -> tuple[str, str]:
    """Write the ends of an answer's band, each as finely as it is known."""
    unit, (low, high) = one.base.unit, one.band
    return value_text(low, one.low_interval, unit), value_text(high, one.high_interval, unit)


def _doubt_line(outcome: str, one: Doubted) -> Line:
    value = value_text(one.value, one.interval, one.base.unit)
    band = " to ".join(band_texts(one))
    low, high = (exact_percent(round(end, 2)) for end in one.share_interval)
    share = f"{whole_percent(one.share, one.share_interval)} ({low} to {high})"
    name = outcome_name(one.base, outcome)
    return Line(name, (value, band, share), (value, band))


def indices_table(found: GlobalIndices) -> Page:
    """Make the table of the inputs that matter most, for each answer."""
    sections = tuple(_indices(found, outcome, one) for outcome, one in found.outcomes.items())
    unknown = any("?" in line.cells for section in sections for line in section.lines)
    return Page(
        heading=(
            f"How much each input matters in {found.scenario}",
            f"{timelines(found.runs)} already made, seed {found.seed}",
        ),
        sections=sections,
        legend=(_DISTRIBUTION, _LISTED, *([_UNKNOWN] if unknown else [])),
    )


def _indices(found: GlobalIndices, outcome: str, indexed: Indexed) -> Section:
    heading = Line(
        outcome_name(indexed.base, outcome), ("distribution", "first order"), ("distribution",),
        style="bold",
    )  # fmt: skip
    largest = indexed.largest()
    if not any(draw.known for _, draw in largest):
        return Section(heading, (Line(_ALIKE),))
    felt = [one for one in largest if one[1].felt][:_SHOWN]
    lines = [_draw_line(draw_name(found, path), draw) for path, draw in felt]
    rest = len(largest) - len(felt)
    if not felt:
        lines.append(Line("  No input has a detectable effect (--json lists all)"))
    elif rest:
        inputs = counted(rest, "input")
        less = f"Not listed: {inputs} with less or no detectable effect (--json lists all)"
        lines.append(Line(less))
    return Section(heading, tuple(lines))


def draw_name(found: GlobalIndices, path: str) -> str:
    """Name a draw by the assumption that it is made for."""
    return assumption_name(found.titles[path], path)


def _draw_line(path: str, draw: Draw) -> Line:
    cells = (_index(draw.distribution), _index(draw.first))
    return Line(f"  {path}", cells, cells[:1])


def _index(index: Index | None) -> str:
    return "?" if index is None else f"{index.value:z.3f} {_interval(index.interval)}"


def _interval(interval: Interval) -> str:
    return f"({interval[0]:z.3f} to {interval[1]:z.3f})"
