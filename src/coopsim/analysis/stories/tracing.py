"""One timeline with all that is known of it: why each event came, what it did, what came out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from coopsim.analysis.outcomes import queries
from coopsim.analysis.stories.causes import levels_in
from coopsim.analysis.stories.divergence import WatchedSide, divergence
from coopsim.analysis.stories.representative import Chosen
from coopsim.analysis.timelines import Timelines
from coopsim.errors import UsageError
from coopsim.scenario.notation.values import YEAR, format_date
from coopsim.scenario.spec import Scenario
from coopsim.simulation.program import Program
from coopsim.simulation.watching import Cause, Step, Touch, Waiting, WatchedRun, recorded

_FAR = 500 * YEAR  # no date is written beyond


@dataclass(frozen=True, slots=True)
class Trace:
    """One watched timeline of a scenario; `chosen` says why this one.

    `outcomes` has the plain answer to each question: a date, a count, years, a name, a level,
    percent, or None for "not by the end".
    """

    scenario: Scenario
    program: Program
    history: WatchedRun
    chosen: Chosen | None
    outcomes: dict[str, Any]

    @property
    def run(self) -> int:
        """Get the number of the run."""
        return self.history.run

    @property
    def side(self) -> WatchedSide:
        """Get what a comparison of two timelines reads."""
        return WatchedSide(self.program, self.history)

    def date(self, seconds: int) -> str:
        """Write the day of a moment in seconds since the start."""
        return format_date(self.program.start + seconds)

    def date_of_done(self, waiting: Waiting) -> str | None:
        """Write the day on which a clock would be done; None where it is not known or far off."""
        if waiting.done is None or waiting.done > _FAR:
            return None
        return self.date(waiting.done)

    def to_json(self) -> dict[str, Any]:
        """Write the timeline as plain data: ids, dates, no titles."""
        tree = _Tree(self)
        told = [step for step in self.history.steps if not tree.hidden(step)]
        return {
            "scenario": self.program.scenario,
            "seed": self.program.seed,
            "run": self.run,
            "chosen": None if self.chosen is None else tree.chosen(self.chosen),
            "initial": self.side.first_levels(),
            "firings": [tree.step(step) for step in told],
            "waiting": [tree.waiting(waiting) for waiting in self.history.waiting],
            "outcomes": self.outcomes,
        }


def trace_of(
    scenario: Scenario, program: Program, history: WatchedRun, chosen: Chosen | None = None
) -> Trace:
    """Answer the scenario's questions for one watched run; `program` is the scenario's."""
    timelines = Timelines(program, recorded(program, history))
    outcomes = {
        query.name: query.answer(timelines, (program.horizon,)).plain()
        for query in queries(scenario.outcomes, program)
    }
    return Trace(scenario, program, history, chosen, outcomes)


@dataclass(frozen=True, slots=True)
class _Tree:
    """The parts of a timeline as plain data."""

    trace: Trace

    def hidden(self, step: Step) -> bool:
        return self.trace.program.events[step.event].hidden

    def event(self, index: int) -> str:
        return self.trace.program.events[index].name

    def name(self, variable: int) -> str:
        program = self.trace.program
        drivers = len(program.drivers)
        return (
            program.drivers[variable].name if variable < drivers else self.event(variable - drivers)
        )

    def chosen(self, chosen: Chosen) -> dict[str, Any]:
        tree = asdict(chosen)
        return {**tree.pop("wish"), **tree}

    def step(self, step: Step) -> dict[str, Any]:
        program = self.trace.program
        return {
            "date": self.trace.date(step.time),
            "event": self.event(step.event),
            "outcome": program.events[step.event].outcomes[step.outcome].name,
            "due": self.trace.date(step.due),
            "cause": self.cause(step.cause),
            "changes": [
                {
                    "driver": self.name(change.driver),
                    "from": program.levels_of(change.driver)[change.old],
                    "to": program.levels_of(change.driver)[change.new],
                }
                for change in step.changes
            ],
            "clocks": [self.touch(touch) for touch in step.touched],
        }

    def cause(self, cause: Cause) -> dict[str, Any]:
        tree: dict[str, Any] = {"kind": str(cause.kind)}
        if cause.variable is not None:
            tree["name"] = self.name(cause.variable)
            tree["levels"] = list(levels_in(self.trace.program, cause.variable, cause.mask or 0))
        if cause.step is not None:
            by = self.trace.history.steps[cause.step]
            tree |= {"by": self.event(by.event), "date": self.trace.date(by.time)}
        return tree

    def touch(self, touch: Touch) -> dict[str, Any]:
        tree: dict[str, Any] = {"event": self.event(touch.event), "effect": str(touch.effect)}
        if touch.old_speed > 0 and touch.speed > 0:
            tree["times"] = round(touch.speed / touch.old_speed, 6)
        return tree

    def waiting(self, waiting: Waiting) -> dict[str, Any]:
        lacking = [
            {"name": self.name(variable), "levels": list(self.levels(variable, mask))}
            for variable, mask in waiting.tests
        ]
        return {
            "event": self.event(waiting.event),
            "kind": str(waiting.kind),
            "lacking": lacking,
            "done": self.trace.date_of_done(waiting),
        }

    def levels(self, variable: int, mask: int) -> tuple[str, ...]:
        return levels_in(self.trace.program, variable, mask)


@dataclass(frozen=True, slots=True)
class Pair:
    """The same run in two scenarios, side by side.

    Raises UsageError unless both start on one day.
    """

    left: Trace
    right: Trace

    def __post_init__(self) -> None:
        starts = self.left.program.start, self.right.program.start
        if starts[0] != starts[1]:
            raise UsageError(
                f"{self.left.program.scenario} starts on {format_date(starts[0])} and "
                f"{self.right.program.scenario} on {format_date(starts[1])}: timelines side by "
                "side must start on the same day"
            )

    def to_json(self) -> dict[str, Any]:
        """Write both timelines, where they diverge and what differs as plain data."""
        found = divergence(self.left.side, self.right.side)
        sides = _Tree(self.left), _Tree(self.right)

        def both(*steps: Step | None) -> list[dict[str, Any] | None]:
            return [
                None if step is None else tree.step(step)
                for tree, step in zip(sides, steps, strict=True)
            ]

        return {
            "run": self.left.run,
            "levels": [list(each) for each in found.levels],
            "common": found.common,
            "differences": [
                {
                    "event": each.event,
                    "number": each.number,
                    "firings": both(each.left, each.right),
                    "counts": [each.left_count, each.right_count],
                    "after": list(each.after),
                }
                for each in found.differences
            ],
            "timelines": [self.left.to_json(), self.right.to_json()],
        }
