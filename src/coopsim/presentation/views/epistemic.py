"""Chance and doubt, as tables in the terminal."""

from __future__ import annotations

from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.statistics.explained import Index
from coopsim.experiments.epistemic import ModelUncertainty, UncertainAnswer
from coopsim.experiments.global_indices import Draw, GlobalIndices, Indexed
from coopsim.presentation.terminal.pen import Line, Page, Section
from coopsim.presentation.terminal.problems import counted
from coopsim.presentation.words.assumptions import SCALES, assumption_name, outcome_name, value_text
from coopsim.presentation.words.numbers import ends_text, whole_percent
from coopsim.presentation.words.wording import SIMULATION_ERROR, timelines

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


def doubt_table(found: ModelUncertainty) -> Page:
    """Make the table of answers as bands over what is not known."""
    lines = tuple(_doubt_line(outcome, one) for outcome, one in found.outcomes.items())
    columns = ("", "5th percentile", "95th percentile", "doubt's share")
    heading = Line("Answer", columns, ("", "5th percentile", "95th", "share"), style="bold")
    about = (
        f"{found.runs:,} draws of what we do not know, {found.replications} timelines of each, "
        f"seed {found.seed}"
    )
    return Page(
        heading=(f"Chance and doubt in {found.scenario}", about),
        sections=(Section(heading, lines),),
        legend=(
            _reading(found),
            f"In brackets: 95 % {SIMULATION_ERROR}.",
            "?: cannot be told, as timelines differ in too few draws.",
        ),
    )


def _reading(found: ModelUncertainty) -> str:
    return (
        f"Percentiles: if we knew the {len(found.uncertain)} numbers and first levels that are "
        "written as uncertain, the answer would lie between them nine times in ten. Doubt's share: "
        "of the variance between timelines; the rest is chance, which knowing these numbers would "
        "not lessen. Doubt that is not written into the scenario is in neither."
    )


def _doubt_line(outcome: str, one: UncertainAnswer) -> Line:
    unit = one.base.unit
    value = value_text(one.value, one.interval, unit)
    intervals = (one.low_interval, one.high_interval)
    band = tuple(end_text(*end, unit) for end in zip(one.band, intervals, strict=True))
    name = outcome_name(one.base, outcome)
    if one.share_interval is None:
        return Line(name, (value, *band, "?"), (value, *band, "?"))
    share = whole_percent(one.share, one.share_interval)
    ends = _ends(one.share, one.share_interval, "share", 0)
    return Line(name, (value, *band, f"{share}{ends}"), (value, *band, share))


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
