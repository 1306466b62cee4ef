"""What events waited for last: shares of timelines with their simulation error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coopsim.analysis.statistics.estimates import Share
from coopsim.analysis.stories.causes import Causes, CauseShare, EventCauses, Reason
from coopsim.presentation.views.cells import share_cell
from coopsim.presentation.views.view import Row, Section, TableColumn, View
from coopsim.presentation.words.numbers import among, in_how_many, whole_percent
from coopsim.presentation.words.titles import Titles
from coopsim.presentation.words.wording import (
    SIMULATION_ERROR,
    Wording,
    day_or_year,
    last_included,
    timelines,
)
from coopsim.scenario.spec import Scenario
from coopsim.simulation.indexing import Names
from coopsim.simulation.program import Program, Timing
from coopsim.simulation.watching import CauseKind

_LEAST = 0.005  # rarer causes are left out of the table, never of the JSON
_CHAIN = 12  # events of a chain that are listed
_COLUMNS = (TableColumn("share %"),)
_ERROR = f"±: 95 % {SIMULATION_ERROR}: other assumptions lead to other causes."
_BINDING = (
    "The binding cause is what the event waited for last: its own clock, a condition, a "
    "trigger, a window, or its first possible day. For a clock that runs only under a "
    "condition, it is what last let it run. Shares are of the timelines in which the event "
    "happens, at its first firing."
)
_VARIED = (
    "Only events whose cause varies are listed, without moves of drivers. Name an event to see "
    "it alone, with its chain of causes and what it waited for in vain."
)
_CHAINED = (
    "On its chain: the events that released it, those that released these, and so on. Had one "
    "of them come later, the event would mostly have come later too."
)


@dataclass(frozen=True, slots=True)
class Reasons:
    """What an event waited for, in words."""

    scenario: Scenario
    program: Program

    @property
    def titles(self) -> Titles:
        """Get the titles of the scenario."""
        return Titles(self.scenario, self.program)

    def index(self, name: str) -> int:
        """Find the number of an event."""
        return next(i for i, event in enumerate(self.program.events) if event.name == name)

    def text(self, event: int, reason: Reason) -> str:
        """Name a reason in a line."""
        match reason.kind:
            case CauseKind.CLOCK:
                return self._own(event)
            case CauseKind.WINDOW:
                return "a window"
            case CauseKind.DAY:
                return "its first day"
            case _ if reason.variable is None:
                return f"not set off by {self.titles.triggers(event)}"
        names = Names.of(self.program)
        variable = names.variables[reason.variable or ""]
        needed = self.titles.needed(variable, names.mask(reason.variable or "", reason.levels))
        if reason.kind is CauseKind.TRIGGER:
            title = self.titles.quoted_variable(variable)
            return f"set off by {needed if reason.levels else title}"
        return needed

    def missing(self, event: int, reason: Reason) -> str:
        """Name what an event still waited for at the end."""
        names = Names.of(self.program)
        if reason.kind is CauseKind.DAY:
            closes = self.program.events[event].closes
            return "its first day" if closes is None else "its time had run out"
        if reason.variable is not None:
            variable = names.variables[reason.variable]
            if self.titles.is_past(variable, names.mask(reason.variable, reason.levels)):
                return f"no longer possible after {self.titles.quoted_variable(variable)}"
        return self.text(event, reason)

    def _own(self, event: int) -> str:
        timing = self.program.events[event].timing
        dated = timing in (Timing.DATE, Timing.CALENDAR)
        return "its own date" if dated else "its own time, with nothing in the way"


def causes_view(causes: Causes, names: Sequence[str] = ()) -> View:
    """Show what some events waited for, or where none is named all but the drivers' moves."""
    chosen = [causes.of(name) for name in names] or varied(causes)
    scenario, program = causes.scenario, causes.program
    reasons = Reasons(scenario, program)
    end = day_or_year(last_included(scenario.end.end_of_day))
    sections = [
        section for each in chosen for section in _sections(each, reasons, end, chain=bool(names))
    ]
    about = (
        f"{program.scenario}: what events waited for last, over {timelines(causes.runs)}, "
        f"seed {program.seed}"
    )
    same = () if chosen else ("Every event has the same cause in all timelines.",)
    return View(
        heading=(Wording.of(scenario).heading, about, *same),
        sections=tuple(section for section in sections if section.rows),
        notes=(_BINDING, _CHAINED if names else _VARIED, _ERROR),
    )


def varied(causes: Causes) -> list[EventCauses]:
    """List the events, but for drivers' moves, that did not always wait for the same."""
    return [
        each
        for name, each in causes.events.items()
        if ": " not in name and sum(cause.share.share >= _LEAST for cause in each.causes) > 1
    ]


def _sections(causes: EventCauses, reasons: Reasons, end: str, *, chain: bool) -> Iterator[Section]:
    index = reasons.index(causes.event)
    happens = in_how_many(causes.fired, causes.runs)
    title = f"{reasons.titles.event(index)}, {happens}"
    rows = tuple(_cause_rows(causes.causes, reasons, index, detailed=chain))
    yield Section(title, rows, _COLUMNS, about=causes.event)
    if not chain:
        return
    unfired = causes.runs - causes.fired
    title = (
        f"{reasons.titles.event(index)}, not by the end of {end} in {timelines(unfired)}: "
        "what it waited for"
    )
    waiting = tuple(
        _row(reasons.missing(index, cause.reason), cause.share) for cause in causes.waiting
    )
    yield Section(title, waiting, _COLUMNS, about=causes.event)
    released = tuple(
        _row(reasons.titles.event(reasons.index(name)), share, about=name)
        for name, share in causes.chain[:_CHAIN]
    )
    yield Section("On its chain", released, _COLUMNS, about=causes.event)


def _cause_rows(
    causes: Sequence[CauseShare], reasons: Reasons, event: int, *, detailed: bool
) -> Iterator[Row]:
    for cause in causes:
        if cause.share.share >= _LEAST:
            yield _row(reasons.text(event, cause.reason), cause.share)
            if detailed and len(cause.by) > 1:
                total = sum(count for _, count in cause.by)
                for name, count in cause.by:
                    yield _through(reasons.titles.event(reasons.index(name)), count, total, name)


def _through(title: str, count: int, total: int, name: str) -> Row:
    """Count the timelines of a cause in which it came through another event."""
    share = whole_percent(count / total, among(count / total, total))
    return Row(f"through {title}: {share} of these", level=2, about=name)


def _row(title: str, share: Share, about: str = "") -> Row:
    return Row(title, (share_cell(share),), level=1, about=about)
