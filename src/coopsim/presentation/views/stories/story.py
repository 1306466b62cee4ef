"""One timeline as a dated story in plain sentences, made from the titles of the scenario."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coopsim.analysis.stories.representative import Chosen
from coopsim.analysis.stories.tracing import Trace
from coopsim.presentation.views.view import Row, Section, View
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.kinds import family_of
from coopsim.presentation.words.titles import Titles
from coopsim.presentation.words.wording import Wording, day_or_year, last_included, plain_id
from coopsim.scenario.text.reading import listing
from coopsim.simulation.program import Timing
from coopsim.simulation.watching import CauseKind, ClockEffect, Step, Waiting

_NAMED = 3  # clocks of one kind that a sentence names; the others are counted
_VERBS = {
    ClockEffect.SET_OFF: "set off",
    ClockEffect.RELEASED: "released",
    ClockEffect.MOVED: "moved the date of",
    ClockEffect.STOPPED: "stopped",
    ClockEffect.SPED_UP: "sped up",
    ClockEffect.SLOWED: "slowed",
}
_LEGEND = (
    "One timeline is not a forecast: it is one of many that the assumptions allow, drawn at "
    "random. Released and stopped: a change of level started a clock or stopped it. Sped up "
    "and slowed: the clock went on faster or slower."
)


def story_view(trace: Trace, *, everything: bool = False) -> View:
    """Show a timeline; with `everything` also what is routine, and every clock by its title.

    Routine is a further firing of a repeated event that moves no driver.
    """
    story = Story(trace, everything)
    words = Wording.of(trace.scenario)
    end = day_or_year(last_included(trace.scenario.end.end_of_day))
    sections = (
        ("At the start", story.beginning()),
        ("What happened", story.told()),
        ("Left out above, as it changed nothing", story.left_out()),
        (f"What had not happened by the end of {end}, and what it waited for", story.waiting()),
        ("What came out", story.outcomes(words)),
    )
    made = (Section(title, tuple(rows)) for title, rows in sections)
    return View(
        heading=(words.heading, story.about(), *chosen_text(trace.chosen, words)),
        sections=tuple(section for section in made if section.rows),
        notes=(_LEGEND,),
    )


def chosen_text(chosen: Chosen | None, words: Wording) -> Iterator[str]:
    """Write how a timeline was chosen, if it was."""
    if chosen is None:
        return
    wish, among = chosen.wish, f"of {counted(chosen.runs, 'timeline')}"
    if wish.where is not None:
        among = f"of the {chosen.matching:,} with `{wish.where}` among {chosen.runs:,} timelines"
    match wish.how:
        case "first":
            yield f"Chosen as the first {among}."
        case "rarest":
            others = (chosen.alike or 1) - 1
            alike = "no other has" if not others else f"{others:,} others have"
            yield f"Chosen as the rarest {among}: {alike} this combination of outcomes."
        case _:
            middle = f' of "{words.titles[wish.outcome]}"' if wish.outcome else ""
            yield f"Chosen as the most typical {among}: the nearest to the middle{middle}."


@dataclass(frozen=True, slots=True)
class Story:
    """Make the sentences of one timeline.

    A `brief` one tells of nothing twice, of repeated events only what moves a driver, and neither
    of official dates nor of clocks.
    """

    trace: Trace
    everything: bool = False
    brief: bool = False

    @property
    def titles(self) -> Titles:
        """Get the titles of the scenario."""
        return Titles(self.trace.scenario, self.trace.program)

    def about(self) -> str:
        """Name the timeline."""
        program = self.trace.program
        span = f"{self.trace.date(0)} to {last_included(program.start + program.horizon)}"
        return f"Timeline {self.trace.run} of {program.scenario}, seed {program.seed}, {span}"

    def beginning(self) -> Iterator[Row]:
        """List where the drivers start whose first level is drawn."""
        for index, driver in enumerate(self.trace.program.drivers):
            if driver.stream is not None:
                level = driver.levels[self.trace.history.initial[index]]
                yield Row(f"{self.titles.variable(index)}: {plain_id(level)} (drawn)")

    # --- what happened ------------------------------------------------------------------------

    def told(self) -> Iterator[Row]:
        """List every firing but the routine ones, each under its date."""
        for step, known in self._visible():
            if self._is_told(step, known):
                note = self.sentences(step, known=known or self.brief)
                yield Row(self.trace.date(step.time), note=note)

    def _is_told(self, step: Step, known: bool) -> bool:
        if not self.brief:
            return not known or bool(step.changes)
        moved = any(not self._is_official_date(change.driver) for change in step.changes)
        once = not self.trace.program.events[step.event].repeat and not step.changes
        return not known and (moved or once)

    def _is_official_date(self, driver: int) -> bool:
        """Check whether a driver is the official date of a plan."""
        return self.trace.scenario.drivers[self.trace.program.drivers[driver].name].plan is not None

    def left_out(self) -> Iterator[Row]:
        """Count the routine firings by their event."""
        found: defaultdict[int, list[Step]] = defaultdict(list)
        for step, known in self._visible():
            if known and not step.changes:
                found[step.event].append(step)
        for event, steps in found.items():
            first, last = (self.trace.date(step.time) for step in (steps[0], steps[-1]))
            when = first if first == last else f"{first} to {last}"
            times = "once more" if len(steps) == 1 else f"{len(steps)} times more"
            yield Row(f"{self.titles.event(event)}: {times}, {when}")

    def _visible(self) -> Iterator[tuple[Step, bool]]:
        """List every firing but those of lags, and whether its like has been told already."""
        seen: set[tuple[int, int]] = set()
        for step in self.trace.history.steps:
            if not self.trace.program.events[step.event].hidden:
                kind = (step.event, step.outcome)
                yield step, kind in seen and not self.everything
                seen.add(kind)

    def sentences(self, step: Step, *, known: bool = False) -> str:
        """Write what fired, why, what it changed and, unless known, what it did to clocks."""
        parts = [self.headline(step), self.why(step), self._changes(step)]
        return " ".join(part for part in (*parts, "" if known else self._touched(step)) if part)

    def headline(self, step: Step) -> str:
        """Write what fired and how it turned out."""
        event = self.trace.program.events[step.event]
        title = self.titles.event(step.event)
        outcome = event.outcomes[step.outcome].name
        return f"{title}." if len(event.outcomes) == 1 else f"{title}: {plain_id(outcome)}."

    def why(self, step: Step) -> str:
        """Write what released it last; nothing where that was its own clock."""
        match step.cause.kind:
            case CauseKind.WINDOW:
                return f"{self._due(step)} a window."
            case CauseKind.DAY:
                return "It had been held back until its first day."
            case CauseKind.TRIGGER:
                return self._set_off(step)
            case CauseKind.CONDITION if not self.brief:
                return self._allowed(step)
            case _:
                return ""

    def _due(self, step: Step) -> str:
        return f"It had been due since {self.trace.date(step.due)} and waited for"

    def _allowed(self, step: Step) -> str:
        """Write which condition let it fire, or let its clock run."""
        needed = self.titles.needed(step.cause.variable or 0, step.cause.mask or 0)
        if self.trace.program.events[step.event].timing is Timing.IMMEDIATE:
            return f"It follows from {needed}."
        if step.due < step.time:
            return f"{self._due(step)} {needed}."
        since = self.trace.history.steps[step.cause.step or 0].time
        return f"Its clock ran from {self.trace.date(since)}, with {needed}."

    def _set_off(self, step: Step) -> str:
        assert step.cause.step is not None
        by = self.trace.history.steps[step.cause.step]
        when = "" if by.time == step.time else f" on {self.trace.date(by.time)}"
        return f"Set off by {self.titles.quoted(by.event)}{when}."

    def _changes(self, step: Step) -> str:
        """Write which drivers moved; a switch has said so with its name."""
        if self.titles.is_switch(step.event):
            return ""
        moved = [
            f'"{self.titles.variable(change.driver)}" '
            f"from {self.titles.level(change.driver, change.old)} "
            f"to {self.titles.level(change.driver, change.new)}"
            for change in step.changes
        ]
        return f"It moved {listing(moved, 'and')}." if moved else ""

    def _touched(self, step: Step) -> str:
        """Write what it did to clocks, in the order of how much that is."""
        by_effect: defaultdict[ClockEffect, list[int]] = defaultdict(list)
        for touch in step.touched:
            if self.everything or not self._goes_without_saying(step, touch.event):
                by_effect[touch.effect].append(touch.event)
        told = [
            f"{verb} {self._clocks(by_effect[effect])}"
            for effect, verb in _VERBS.items()
            if effect in by_effect
        ]
        return f"It {listing(told, 'and')}." if told else ""

    def _goes_without_saying(self, step: Step, event: int) -> bool:
        """Check whether a clock is of the further moves of a driver that has just moved."""
        drivers = self.trace.program.drivers
        moved = {drivers[change.driver].name for change in step.changes}
        return self.titles.driver_of(event) in moved

    def _clocks(self, events: Sequence[int]) -> str:
        """Name clocks, those of events before those of drivers, and count what is left."""
        ordered = sorted(set(events), key=self.titles.is_switch)
        named = self.titles.quoted_clocks(ordered)
        if self.everything or len(named) <= _NAMED + 1:
            return listing(named, "and")
        return listing([*named[:_NAMED], f"{len(named) - _NAMED} others"], "and")

    # --- what did not -------------------------------------------------------------------------

    def waiting(self) -> Iterator[Row]:
        """List the events that never came with what they waited for; drivers' moves only if all."""
        for waiting in self.trace.history.waiting:
            if self.everything or not self.titles.is_switch(waiting.event):
                title = self.titles.event(waiting.event)
                yield Row(f"{title}: {self.what_for(waiting)}")

    def what_for(self, waiting: Waiting) -> str:
        """Write what an event waited for at the horizon."""
        titles, event = self.titles, self.trace.program.events[waiting.event]
        past = [titles.quoted_variable(t.variable) for t in waiting.tests if titles.is_past(*t)]
        if past:
            return f"no longer possible after {listing(past, 'and')}"
        if waiting.kind is CauseKind.WINDOW:
            return "a window"
        if waiting.kind is CauseKind.DAY and event.closes == waiting.done:
            last = last_included(self.trace.program.start + (event.closes or 0))
            return f"its time ran out on {last}"
        needed = [titles.needed(variable, mask) for variable, mask in waiting.tests]
        lacking = listing(needed, "and")
        if waiting.kind is CauseKind.TRIGGER:
            needs = f", which needs {lacking}" if lacking else ""
            return f"not set off by {titles.triggers(waiting.event)}{needs}"
        told = [text for text in (self._own(waiting), lacking) if text]
        return listing(told, "and") if told else "something impossible"

    def _own(self, waiting: Waiting) -> str:
        """Write that an event waited for its own clock or first day, if it did."""
        done = self.trace.date_of_done(waiting)
        if waiting.kind is CauseKind.DAY:
            return "its first day"
        return (
            f"its own time{f' ({done})' if done else ''}" if waiting.kind is CauseKind.CLOCK else ""
        )

    # --- what came out ------------------------------------------------------------------------

    def outcomes(self, words: Wording) -> Iterator[Row]:
        """List the answer to each question in this timeline."""
        for name in self.trace.outcomes:
            yield Row(f"{words.titles[name]}: {outcome_text(self.trace, words, name)}")


def outcome_text(trace: Trace, words: Wording, name: str) -> str:
    """Write the answer to one question in one timeline."""
    family = family_of(trace.scenario.outcomes[name].kind)
    return family.answer(trace.outcomes[name], words, name)
