"""A report: one file of HTML that asks for nothing, to be mailed, printed and read anywhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from coopsim.analysis.comparing.comparison import Comparison
from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.stories.tracing import Trace
from coopsim.analysis.summaries import Summary
from coopsim.experiments.asking import Band
from coopsim.experiments.sensitivity import Sensitivity
from coopsim.presentation.pages.axes import TimeAxis
from coopsim.presentation.pages.cards import cards, headline
from coopsim.presentation.pages.curves import Charts, frames
from coopsim.presentation.pages.downloads import DIGITS, Download, rounded, zipped
from coopsim.presentation.pages.evidence import (
    Anchors,
    basis_counts,
    entry_groups,
    grades_text,
    question_grounds,
    shown_sources,
)
from coopsim.presentation.pages.questions import SAME, question_tables
from coopsim.presentation.pages.rendering import embedded, render
from coopsim.presentation.pages.sliders import PlayedSlider, slider_tables
from coopsim.presentation.pages.slimming import slim
from coopsim.presentation.pages.uncertainty import (
    band_texts,
    how_far,
    model_uncertainty,
    simulation_error,
)
from coopsim.presentation.views.cells import NOT_TOLD
from coopsim.presentation.views.sensitivity import sensitivity_view
from coopsim.presentation.views.sources import totals_text
from coopsim.presentation.views.stories.story import Story, chosen_text
from coopsim.presentation.views.view import Section, View
from coopsim.presentation.views.whatif import differences_view
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.headlines import short_names
from coopsim.presentation.words.variants import variant_name
from coopsim.presentation.words.wording import (
    ALL_SHOWS,
    Wording,
    day_or_year,
    kept_whole,
    timelines,
)
from coopsim.scenario.changes.children import child_of
from coopsim.scenario.changes.differences import Differences
from coopsim.scenario.influences import Influences
from coopsim.scenario.sources.support import Support
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.tree import Map
from coopsim.scenario.text.yaml_writing import dump

_MOVING = 5  # assumptions, of each answer
_NOTICE = (
    "Made with coopsim {version}. This page holds its own style and script, both part of coopsim "
    "(MIT licence), and nothing of others; it loads nothing and sends nothing."
)
_READING = (
    "Open an entry to see its numbers, who says so and why, and what is one step around it. A "
    "number stands after its path, which goes on from that of the entry, and after … from the one "
    "above; it rests on what its entry does, where it says nothing else. What acts on an entry "
    "acts on its clock or its chances, where no other way is named."
)
_NO_CLAIMS = " The claims were found neither beside the result nor here, so that none is shown."


@dataclass(frozen=True, slots=True, eq=False)
class ReportedResult:
    """One result: what is assumed, as a tree too, its answers and their course."""

    name: str
    scenario: Scenario
    tree: Map
    summary: Summary
    curves: Mapping[str, Curve]
    cross_check: str | None


@dataclass(frozen=True, slots=True, eq=False)
class ReportData:
    """All that a report is made from, the base first among its results.

    `support` has the claims of the base, unless it `lacks_claims`; `differences` are those of the
    others from it. So many numbers are `uncertain`. `why`, `bands` and `sliders` are there where
    they were asked for.
    """

    results: tuple[ReportedResult, ...]
    comparison: Comparison | None
    differences: tuple[Differences, ...]
    support: Support
    lacks_claims: bool
    influences: Influences
    story: Trace
    version: str
    uncertain: int
    why: Sensitivity | None = None
    bands: Mapping[str, Band] = field(default_factory=dict)
    sliders: tuple[PlayedSlider, ...] = ()

    @property
    def base(self) -> ReportedResult:
        """Get the result that the others are held against."""
        return self.results[0]

    @property
    def names(self) -> list[str]:
        """Name the results by scenario and by what was set in them, as a comparison does."""
        if self.comparison is not None:
            return list(short_names(self.comparison).values())
        return [variant_name(self.base.scenario.scenario, self.base.scenario.variant)]


def report_html(data: ReportData) -> str:
    """Write a report as one file of HTML."""
    style, script = embedded("styles.css"), embedded("numbers.js", "page.js")
    words = Wording.of(data.base.scenario)
    parts = {**_answers(data, words), **_curves(data, words), **_grounds(data, words)}
    page = render(
        "report.html",
        title=words.heading,
        source=_source(data, words),
        contents=tuple(_contents(parts)),
        method=tuple(_method(data)),
        again=tuple(_again(data)),
        download=_download(data),
        digits=DIGITS,
        version=data.version,
        notice=_NOTICE.format(version=data.version),
        style=style,
        script=script,
        policy=_policy(style, script),
        **parts,
    )
    return slim(page)


def _policy(style: str, script: str) -> str:
    """Allow our style and our script by their digests, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


def _source(data: ReportData, words: Wording) -> str:
    summary = data.base.summary
    others = f", beside {', '.join(data.names[1:])}" if len(data.results) > 1 else ""
    return (
        f"{data.names[0]}{others}. As of {words.as_of}: {timelines(summary.runs)} from "
        f"{summary.start} to {summary.end}, seed {summary.seed}, assumptions {summary.hash}."
    )


# --- what it says -------------------------------------------------------------------------------


def _answers(data: ReportData, words: Wording) -> dict[str, object]:
    summary, names = data.base.summary, data.names
    return {
        "headline": headline(summary, words),
        "cards": cards(summary, words, data.comparison, names),
        "names": names,
        "others": tuple(names[1:]),
        "reading": kept_whole(
            "A strip shows when, or how much: the line holds nine in ten timelines, the bar the "
            "middle half, the tick is the median. The lane beside it is the share in which it has "
            "not come. An arrow goes on beyond the horizon. ± is 95 % simulation error. A number "
            "leads to what it rests on."
        ),
        "pairing": (
            f"Differences are from {names[0]}, in points or as numbers. Timeline by timeline both "
            f"have the same luck, so a difference is due to the assumptions; {SAME} marks one that "
            "is not detectable."
        ),
        "warnings": () if data.comparison is None else data.comparison.warnings,
        "questions": question_tables(summary, words, data.comparison),
        "simulation_error": simulation_error(summary),
        "model_uncertainty": model_uncertainty(data.support, data.uncertain),
        "how_far": how_far(data.uncertain, data.bands),
        "bands": tuple(band_texts(data.bands, words)),
    }


def _curves(data: ReportData, words: Wording) -> dict[str, object]:
    summary = data.base.summary
    curves = {name: one.curves for name, one in zip(data.names, data.results, strict=True)}
    axis = TimeAxis(summary.start, summary.end)
    made = Charts(curves, words, axis)
    charts = tuple(made.dates())
    leading = sum(chart.about in words.headlines for chart in charts) or len(charts)
    firsts, counts = tuple(made.firsts()), tuple(made.counts())
    drivers = (*made.indices(), *made.levels())
    return {
        "frames": frames((*charts, *firsts, *counts, *drivers)),
        "across": axis.ticks,
        "read": tuple(map(axis.at, axis.read_at)),
        "days": tuple(map(day_or_year, axis.read_at)),
        "charts": charts,
        "leading": leading,
        "firsts": firsts,
        "counts": counts,
        "drivers": drivers,
    }


def _grounds(data: ReportData, words: Wording) -> dict[str, object]:
    anchors = Anchors()
    story = Story(data.story, brief=True)
    return {
        "anchors": anchors,
        "who": totals_text(data.support),
        "bases": basis_counts(data.support),
        "sliders": tuple(slider_tables(data.sliders, words)),
        "why": None if data.why is None else _why(data.why, words),
        "story": (story.about(), *chosen_text(data.story.chosen, words)),
        "happened": tuple(story.told()),
        "changes": tuple(differences_view(one) for one in data.differences),
        "titles": tuple(one.scenario.title or one.scenario.scenario for one in data.results[1:]),
        "grounds": question_grounds(data.support, data.influences, anchors),
        "groups": entry_groups(data.support, data.influences, anchors),
        "sources": shown_sources(data.support, anchors),
        "grades": f"Grades of claims: {grades_text()}",
        "assumptions_reading": _READING + (_NO_CLAIMS if data.lacks_claims else ""),
    }


def _why(found: Sensitivity, words: Wording) -> View:
    """Show what moves each headline answer most, in the signs of a page, which has no --all."""
    view = sensitivity_view(found, focus=bool(words.headlines), most=_MOVING)
    notes = (note.replace(NOT_TOLD, SAME) for note in view.notes)
    return replace(view, sections=tuple(map(_without_all, view.sections)), notes=tuple(notes))


def _without_all(section: Section) -> Section:
    rows = (replace(row, title=row.title.removesuffix(ALL_SHOWS)) for row in section.rows)
    return replace(section, rows=tuple(rows))


def _contents(parts: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """List the sections that are there."""
    named = (
        ("answers", "Answers", True),
        ("uncertainty", "Two uncertainties", True),
        ("sources", "Who says so", True),
        ("sliders", "And if?", parts["sliders"]),
        ("curves", "When it comes", parts["charts"]),
        ("firsts", "What comes first", parts["firsts"]),
        ("counts", "How often", parts["counts"]),
        ("drivers", "Through time", parts["drivers"]),
        ("why", "What moves the answers", parts["why"]),
        ("story", "A typical timeline", True),
        ("changes", "What the others assume", parts["changes"]),
        ("assumptions", "All assumptions", True),
        ("method", "Method and downloads", True),
    )
    return ((key, name) for key, name, there in named if there)


def _method(data: ReportData) -> Iterator[str]:
    scenario = data.base.scenario
    sizes = ", ".join(
        (
            counted(len(scenario.drivers), "driver"),
            counted(len(scenario.events), "event"),
            counted(len(scenario.outcomes), "question"),
        )
    )
    yield (
        f"The scenario has {sizes}. Drivers are always at one of their levels. Events have clocks; "
        "levels set how fast the clocks run, and an event that happens may change levels. Each "
        "timeline draws dates, outcomes and uncertain numbers anew and plays until the horizon; "
        "the answers are counted over all timelines."
    )
    if data.base.cross_check is not None:
        yield f"Cross-checked against the SimPy model: {data.base.cross_check}."


def _again(data: ReportData) -> Iterator[str]:
    """List the commands that make this page anew, from the files that it carries."""
    for one in data.results:
        summary = one.summary
        yield f"coopsim run {one.name}.yaml --runs {summary.runs} --seed {summary.seed}"
    yield f"coopsim report {' '.join(one.name for one in data.results)}"


def _download(data: ReportData) -> Download:
    """Pack what makes this page anew: the base whole, and of the others what they change in it."""
    base, *others = data.results
    files = {f"{base.name}.yaml": dump(base.tree)}
    for one in others:
        changed = child_of(base.tree, one.tree)
        files[f"{one.name}.yaml"] = dump({"extends": f"{base.name}.yaml", **changed})
    files |= {f"{one.name}.json": _answers_json(one.summary) for one in data.results}
    return zipped(f"{base.name}.zip", files)


def _answers_json(summary: Summary) -> str:
    return json.dumps(rounded(summary.to_json()), separators=(",", ":"), allow_nan=False)
