"""The same run in two scenarios, side by side: where the timelines part and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopsim.analysis.stories.divergence import (
    Divergence,
    FiringDifference,
    WatchedSide,
    divergence,
)
from coopsim.analysis.stories.tracing import Pair, Trace
from coopsim.presentation.views.stories.story import Story, chosen_text, outcome_text
from coopsim.presentation.views.view import Cell, Holds, Row, Section, TableColumn, View
from coopsim.presentation.words.titles import Titles
from coopsim.presentation.words.variants import variant_names
from coopsim.presentation.words.wording import Wording, day_or_year, last_included, plain_id
from coopsim.scenario.text.reading import listing
from coopsim.simulation.watching import Step

_NAMED = 2  # differences after which another one comes
_LEGEND = (
    "Both timelines draw the same luck wherever the scenarios share a name, so all differences "
    "follow from the assumptions. An event is listed once, at the first of its firings that "
    "differs; (2nd) and so on show which one. After: the last difference that acted on its "
    "clock: it set it off, released, stopped, sped up, slowed down or moved it. One timeline "
    "is not a forecast: `coopsim compare` shows the differences over all timelines."
)


def pair_view(pair: Pair) -> View:
    """Show two timelines of one run side by side."""
    left, right = pair.left, pair.right
    diverged = divergence(left.side, right.side)
    names = side_names(pair)
    columns = tuple(TableColumn(name, Holds.DATE) for name in names)
    table = _Table(left, right)
    sections = (
        Section("Where they diverge", tuple(_divergence_rows(pair, diverged, names))),
        Section("What happens differently", tuple(table.differences(diverged)), columns),
        Section("Answers that differ", tuple(table.outcomes()), columns),
    )
    return View(
        heading=(
            f"Timeline {left.run} of {names[0]} and of {names[1]}",
            *chosen_text(left.chosen, Wording.of(left.scenario)),
            *_seeds(pair),
        ),
        sections=tuple(section for section in sections if section.rows),
        notes=(_LEGEND,),
    )


def side_names(pair: Pair) -> tuple[str, str]:
    """Name the two timelines by their scenarios, which may be one."""
    sides = [(one.program.scenario, one.scenario.variant) for one in (pair.left, pair.right)]
    left, right = variant_names(sides)
    return (left, right) if left != right else (f"{left} (1)", f"{right} (2)")


def _seeds(pair: Pair) -> Iterator[str]:
    left, right = pair.left.program.seed, pair.right.program.seed
    if left != right:
        yield f"warning: their seeds are {left} and {right}, so they share no luck"


def _divergence_rows(pair: Pair, diverged: Divergence, names: tuple[str, str]) -> Iterator[Row]:
    titles = Titles(pair.left.scenario, pair.left.program)
    for driver, ours, theirs in diverged.levels:
        levels = ", ".join(
            f"{plain_id(level)} in {name}"
            for level, name in zip((ours, theirs), names, strict=True)
            if level is not None
        )
        known = driver in pair.left.scenario.drivers
        yield Row(f"On the first day {titles.driver(driver) if known else driver}: {levels}.")
    if not diverged.differences:
        yield Row(f"Nowhere: {_same(diverged.common)}.")
        return
    first = diverged.differences[0]
    if diverged.common:
        yield Row(f"Until {pair.left.date(first.moment)} {_same(diverged.common)}.")
    sides = zip((pair.left, pair.right), (first.left, first.right), names, strict=True)
    for trace, step, name in sides:
        yield Row(f"In {name}: {_told(trace, step) if step else _never(trace, first.event)}")


def _same(firings: int) -> str:
    return "the only firing is the same" if firings == 1 else f"all {firings} firings are the same"


def _told(trace: Trace, step: Step) -> str:
    return f"{trace.date(step.time)} {Story(trace).sentences(step)}"


def _never(trace: Trace, event: str) -> str:
    names = [each.name for each in trace.program.events]
    if event not in names:
        return f"there is no event {event}."
    title = Titles(trace.scenario, trace.program).event(names.index(event))
    return f"{title}: {_not_by_the_end(trace)}."


def _not_by_the_end(trace: Trace) -> str:
    return f"not by {day_or_year(last_included(trace.scenario.end.end_of_day))}"


@dataclass(frozen=True, slots=True)
class _Table:
    left: Trace
    right: Trace

    def differences(self, diverged: Divergence) -> Iterator[Row]:
        for each in diverged.differences:
            cells = self._cell(self.left, each.left), self._cell(self.right, each.right)
            yield Row(self._title(each), cells, self._after(each), about=each.event)

    def _after(self, difference: FiringDifference) -> str:
        """Name the other differences that reached into the event's clock before."""
        titles = [self._quoted(name) for name in difference.after[-_NAMED:]]
        return f"after {listing(titles, 'and')}" if titles else ""

    def _quoted(self, name: str) -> str:
        for trace in (self.left, self.right):
            names = [event.name for event in trace.program.events]
            if name in names:
                return Titles(trace.scenario, trace.program).quoted(names.index(name))
        return name

    def _title(self, difference: FiringDifference) -> str:
        trace, step = (
            (self.left, difference.left) if difference.left else (self.right, difference.right)
        )
        assert step is not None
        title = Titles(trace.scenario, trace.program).event(step.event)
        often = max(difference.left_count, difference.right_count) > 1
        number = f" ({_ordinal(difference.number)})" if often and difference.number > 1 else ""
        return f"{title}{number}"

    def _cell(self, trace: Trace, step: Step | None) -> Cell:
        if step is None:
            return Cell(_not_by_the_end(trace))
        side = WatchedSide(trace.program, trace.history)
        outcome = side.outcome(step)
        date = trace.date(step.time)
        return Cell(date if outcome == "true" else f"{plain_id(outcome)} {date}", date)

    def outcomes(self) -> Iterator[Row]:
        """List the answers that differ, to the questions that both ask."""
        words = Wording.of(self.left.scenario), Wording.of(self.right.scenario)
        for name in self.left.outcomes:
            if name in self.right.outcomes:
                texts = (
                    outcome_text(self.left, words[0], name),
                    outcome_text(self.right, words[1], name),
                )
                if texts[0] != texts[1]:
                    yield Row(words[0].titles[name], tuple(map(Cell, texts)), about=name)


def _ordinal(number: int) -> str:
    last = 0 if number % 100 in (11, 12, 13) else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"
