"""The fragments of the live page: what it swaps as answers come in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from coopsim.analysis.comparing.changes import PairedChanges
from coopsim.analysis.comparing.comparison import Comparison
from coopsim.analysis.summaries import Summary
from coopsim.errors import Problem, told
from coopsim.presentation.pages.axes import Tick
from coopsim.presentation.pages.controls import Control, density
from coopsim.presentation.pages.evidence import Anchors, EntryGroup, ShownEntry, ShownSource
from coopsim.presentation.pages.questions import SAME, question_tables
from coopsim.presentation.pages.rendering import embedded, placed, render
from coopsim.presentation.pages.strips import Strip, scale_of
from coopsim.presentation.views.cells import NOT_TOLD, median_cell, years_cell
from coopsim.presentation.views.comparison import number_cells
from coopsim.presentation.views.result.sentences import sentence_of
from coopsim.presentation.views.view import Cell, View
from coopsim.presentation.words.headlines import Headline, headlines
from coopsim.presentation.words.kinds import family_of
from coopsim.presentation.words.numbers import whole_percent
from coopsim.presentation.words.wording import NBSP, Wording

NOW = "now"  # what the reader's own answers are called
_TABS = {
    "answers": "All answers",
    "assumptions": "Who says so",
    "story": "Story",
    "around": "Around",
}
_UNITS = {"share": f"{NBSP}%", "percent": " of 100"}
_POINTS = {"share": " points", "percent": " points"}


class EntryAnchors(Anchors):
    """Places on the page that are called as what stands there, so that links can ask for it."""

    def of(self, key: str) -> str:
        """Name the place of an entry, a question or a source."""
        return key


@dataclass(frozen=True, slots=True)
class ReaderChange:
    """An assumption that the reader has set: what it is, as it was written and as it is now."""

    path: str
    name: str
    written: str
    now: str


@dataclass(frozen=True, slots=True)
class AskedForm:
    """What stands in the fields of the page of forms, and the proof that it is asked from there.

    `settings` are the reader's by path; `others` those that have no field, as lines PATH=VALUE.
    """

    controls: tuple[Control, ...]
    settings: Mapping[str, str]
    others: tuple[str, ...]
    given: tuple[str, ...]
    tab: str
    proof: str


@dataclass(frozen=True, slots=True)
class LiveAnswers:
    """The answers of the base and of what the reader made of it.

    Nothing is `paired` where nothing was changed.
    """

    base: Summary
    now: Summary
    words: Wording
    paired: PairedChanges | None


@dataclass(frozen=True, slots=True)
class NumberNow:
    """A number of an answer: the base's, what it is now, and the difference with its margin."""

    what: str
    base: str
    now: str
    difference: str

    @property
    def is_same(self) -> bool:
        """Check whether no difference is detectable."""
        return self.difference == SAME


@dataclass(frozen=True, slots=True)
class HeadlineRow:
    """A headline question: its numbers, in how many timelines it changes, and its strips.

    The strips are on the scale of its `family`.
    """

    title: str
    numbers: tuple[NumberNow, ...]
    changes: str
    family: str
    base: Strip | None
    now: Strip | None


@dataclass(frozen=True, slots=True)
class SharedScale:
    """The scale that the strips of one family share."""

    about: str
    ticks: tuple[Tick, ...]
    lane: str


def shell() -> str:
    """Write the page without anything of a scenario in it."""
    return render("live.html")


def forms_page(asked: AskedForm, fragments: Mapping[str, str]) -> str:
    """Write the page as a browser without JavaScript asks it: forms, and the answers to them."""
    shown = {name: placed(one) for name, one in fragments.items()}
    shapes = densities(asked.controls, asked.settings)
    return render("live_forms.html", asked=asked, shown=shown, tabs=_TABS, shapes=shapes)


def style() -> str:
    """Get the style of the page."""
    return str(embedded("styles.css", "live.css"))


def script() -> str:
    """Get the script of the page."""
    return str(embedded("numbers.js", "live.js"))


# --- answers ------------------------------------------------------------------------------------


def headlines_fragment(answers: LiveAnswers) -> str:
    """Show the headline questions, now beside the base."""
    rows = tuple(_rows(answers))
    anything = None if answers.paired is None else answers.paired.anything
    share = "" if anything is None else whole_percent(anything.share, anything.interval)
    families = dict.fromkeys(one.family for one in rows)
    scales = tuple(_shared(family, answers.now) for family in families)
    return render("live_headlines.html", rows=rows, scales=scales, changed=bool(share), share=share)


def answers_fragment(base: Summary, words: Wording, comparison: Comparison | None) -> str:
    """Show all questions in tables; the reader's answers, if compared, stand beside the base's."""
    tables = question_tables(base, words, comparison)
    others = () if comparison is None else (NOW,)
    return render("live_answers.html", tables=tables, others=others, anchors=EntryAnchors())


def _shared(family: str, summary: Summary) -> SharedScale:
    scale = scale_of(family, summary)
    marks = ((), "") if scale is None else (scale.ticks, scale.lane)
    return SharedScale(f"now-{family}", *marks)


def _rows(answers: LiveAnswers) -> Iterator[HeadlineRow]:
    paired = answers.paired
    found = [] if paired is None else headlines(paired.comparison, answers.words)
    for name in answers.words.in_order(answers.now.outcomes):
        numbers = tuple(
            number for one in found if one.outcome == name for number in _numbers(one, answers)
        )
        family = family_of(answers.now.outcomes[name].kind).name
        scale = scale_of(family, answers.now)
        closing = answers.words.closings[name]
        base, now = (
            None if scale is None else scale.strip(summary.outcomes[name], closing)
            for summary in (answers.base, answers.now)
        )
        yield HeadlineRow(
            title=answers.words.titles[name],
            numbers=numbers or (_alone(name, answers),),
            changes="" if paired is None else _share_of_timelines(paired, name),
            family=family,
            base=base,
            now=now,
        )


def _alone(name: str, answers: LiveAnswers) -> NumberNow:
    """Show an answer alone: there is nothing to hold it against."""
    return NumberNow("", "", sentence_of(name, answers.now, answers.words).says, "")


def _share_of_timelines(paired: PairedChanges, name: str) -> str:
    share = paired.outcomes[name]
    return f"another answer in {whole_percent(share.share, share.interval)} of the timelines"


def _numbers(one: Headline, answers: LiveAnswers) -> Iterator[NumberNow]:
    assert answers.paired is not None
    base, now = answers.paired.comparison.results
    before, _ = number_cells(one, base)
    after, difference = number_cells(one, now)
    unit = _UNITS.get(one.measure.unit, "")
    what = one.part or one.family.number
    yield NumberNow(
        what.removesuffix(" %"), f"{before.text}{unit}", f"{after.text}{unit}",
        _difference(difference, _POINTS.get(one.measure.unit, "")),
    )  # fmt: skip
    if one.median is not None:
        change = years_cell(one.median.differences.get(now))
        yield NumberNow(
            "median", _median(one, base), _median(one, now), _difference(change, " years")
        )


def _median(one: Headline, name: str) -> str:
    assert one.median is not None
    reached = cast("float | None", one.median.values[name])
    unreached = one.family.unreached(one.closing)
    return median_cell(reached, one.median.intervals[name], unreached).text


def _difference(cell: Cell, unit: str) -> str:
    if not cell.text:
        return ""
    return SAME if cell.mark == NOT_TOLD else f"{cell.text}{unit}"


# --- the rest of the page -----------------------------------------------------------------------


def controls_fragment(offered: Sequence[Control], ranked: str) -> str:
    """Show the controls of the assumptions that move the answers most.

    It is said how these are `ranked`; where that is empty, it is being measured.
    """
    shapes = densities(offered, {})
    return render(
        "live_controls.html", controls=offered, ranked=ranked, searched=False, shapes=shapes
    )


def found_fragment(found: Sequence[Control]) -> str:
    """Show the controls that a search has found."""
    shapes = densities(found, {})
    return render("live_controls.html", controls=found, searched=True, shapes=shapes)


def densities(controls: Iterable[Control], settings: Mapping[str, str]) -> dict[str, str]:
    """Draw the uncertain ones of some numbers, by path: as written, and as a reader set them."""
    drawn = ((one.path, density(one, now)) for one in controls for now in (settings.get(one.path),))
    return {
        path: placed(render("live_density.html", one=one)) for path, one in drawn if one is not None
    }


def changes_fragment(changes: Sequence[ReaderChange], notes: Sequence[str], command: str) -> str:
    """Show what the reader has changed, what was scaled with it, and the same as a command."""
    return render("live_changes.html", changes=changes, notes=notes, command=command)


def problems_fragment(problems: Sequence[Problem | str], about: str) -> str:
    """Show each problem with its line; nothing where there is none."""
    lines = [one for one in problems if isinstance(one, str)]
    lines += told([one for one in problems if isinstance(one, Problem)])
    return render("live_problems.html", lines=lines, about=about)


def given_fragment(given: Sequence[str], view: View | None) -> str:
    """Show the evidence, and the answers of the timelines that it chooses."""
    return render("live_given.html", given=given, view=view)


def statements_fragment(events: Mapping[str, str]) -> str:
    """List events as what evidence may begin with: their titles by id."""
    return render("live_statements.html", events=events)


def story_fragment(view: View, *, changed: bool) -> str:
    """Tell a timeline, of the scenario as it is written or as a reader changed it."""
    return render("live_story.html", story=view, changed=changed)


def assumptions_fragment(groups: Sequence[EntryGroup], sources: Sequence[ShownSource]) -> str:
    """Show who says so, entry by entry, and the sources."""
    return render("live_assumptions.html", groups=groups, sources=sources)


def around_fragment(
    entry: ShownEntry | None, groups: Sequence[EntryGroup], *, linked: bool = True
) -> str:
    """Show one entry with what is one step around it, and all others to choose from.

    What is around it is a link where these can be followed.
    """
    return render("live_around.html", entry=entry, groups=groups, linked=linked)
