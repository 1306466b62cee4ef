"""What events had to wait for last, over many timelines: the criticality of conditions.

In the analysis of schedule risk the criticality index of an activity is the share of simulated
schedules in which it lies on the longest path (Van Slyke, "Monte Carlo methods and the PERT
problem", Operations Research 11, 1963). Here the last to be ready may also be a level, a trigger,
a window or a day; each timeline's chain of causes takes the place of the longest path.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from coopsim.analysis.naming import name_meant, titles_of
from coopsim.analysis.statistics.estimates import Share, share_of
from coopsim.scenario.spec import Scenario
from coopsim.simulation.program import Program
from coopsim.simulation.watching import CauseKind, Step, Waiting, WatchedRun


@dataclass(frozen=True, slots=True)
class Reason:
    """Name what an event waited for: the kind, and what had to turn to which level.

    Without a variable it is the event's own clock, a window or a day. A trigger without levels is
    any firing of the event that `variable` names.
    """

    kind: CauseKind
    variable: str | None = None
    levels: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Write the reason as plain data."""
        tree: dict[str, Any] = {"kind": str(self.kind)}
        if self.variable is not None:
            tree["name"] = self.variable
        return {**tree, "levels": list(self.levels)} if self.levels else tree


@dataclass(frozen=True, slots=True)
class CauseShare:
    """How often a reason was the binding one, and the events that brought it about.

    `by` counts the events whose firing did it, the most frequent first.
    """

    reason: Reason
    share: Share
    by: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class EventCauses:
    """What one event waited for, in shares of the timelines, the most frequent first.

    `causes` are of the timelines in which it fired, at its first firing; `waiting` of those in
    which it did not, at the horizon. `chain` has the events that lay on its chain of causes:
    what released it, what released that, and so on, in shares of the timelines in which it fired.
    """

    event: str
    runs: int
    fired: int
    causes: tuple[CauseShare, ...]
    waiting: tuple[CauseShare, ...]
    chain: tuple[tuple[str, Share], ...]

    def to_json(self) -> dict[str, Any]:
        """Write the shares as plain data."""
        return {
            "fired": self.fired,
            "causes": [_cause_json(cause) for cause in self.causes],
            "waiting": [_cause_json(cause) for cause in self.waiting],
            "chain": [{"name": name, **_share_json(share)} for name, share in self.chain],
        }


@dataclass(frozen=True, slots=True)
class Causes:
    """The causes of every event of a scenario, by name in declaration order."""

    scenario: Scenario
    program: Program
    runs: int
    events: dict[str, EventCauses]

    def of(self, name: str) -> EventCauses:
        """Get the causes of an event, named or titled so; raises UsageError where there is none."""
        titles = titles_of(self.scenario.events)
        return self.events[name_meant(name, "event", {one: titles.get(one) for one in self.events})]

    def to_json(self, names: Sequence[str] = ()) -> dict[str, Any]:
        """Write the causes of some events, or of all, as plain data; raises UsageError as `of`."""
        found = [self.of(name) for name in names or self.events]
        events = {one.event: one.to_json() for one in found}
        program = self.program
        header = {"scenario": program.scenario, "seed": program.seed, "runs": self.runs}
        return {**header, "events": events}


def _share_json(share: Share) -> dict[str, Any]:
    return {"share": share.share, "se": share.se, "interval": list(share.interval)}


def _cause_json(cause: CauseShare) -> dict[str, Any]:
    return {**cause.reason.to_json(), **_share_json(cause.share), "by": dict(cause.by)}


def causes_of(scenario: Scenario, program: Program, histories: Iterable[WatchedRun]) -> Causes:
    """Count over watched timelines what each event waited for last.

    `program` is the scenario's; the histories are read once, one at a time.
    """
    counts = [_Counts() for _ in program.events]
    runs = 0
    for history in histories:
        runs += 1
        _enter(history, counts, len(program.drivers))
    names = _Names(program)
    events = {
        event.name: counted.closed(names, index, runs)
        for index, (event, counted) in enumerate(zip(program.events, counts, strict=True))
        if not event.hidden
    }
    return Causes(scenario, program, runs, events)


_Key = tuple[CauseKind, int | None, int | None]  # kind, variable, mask


@dataclass(slots=True)
class _Counts:
    """What is counted for one event."""

    causes: Counter[_Key] = field(default_factory=Counter)
    waiting: Counter[_Key] = field(default_factory=Counter)
    by: defaultdict[_Key, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    chain: Counter[int] = field(default_factory=Counter)

    def closed(self, names: _Names, event: int, runs: int) -> EventCauses:
        fired = self.causes.total()
        chain = [
            (names.event(other), share_of(count, fired))
            for other, count in self.chain.most_common()
            if names.is_told(other)
        ]
        return EventCauses(
            event=names.event(event),
            runs=runs,
            fired=fired,
            causes=self._shares(names, self.causes),
            waiting=self._shares(names, self.waiting),
            chain=tuple(chain),
        )

    def _shares(self, names: _Names, counts: Counter[_Key]) -> tuple[CauseShare, ...]:
        return tuple(
            CauseShare(
                names.reason(*key),
                share_of(count, counts.total()),
                tuple((names.event(index), n) for index, n in self.by[key].most_common())
                if counts is self.causes
                else (),
            )
            for key, count in counts.most_common()
        )


def _enter(history: WatchedRun, counts: Sequence[_Counts], drivers: int) -> None:
    """Enter the first firings of a run, and what never came, into the counts."""
    seen: set[int] = set()
    for step in history.steps:
        if step.event in seen:
            continue
        seen.add(step.event)
        counted, cause = counts[step.event], step.cause
        key = (cause.kind, cause.variable, cause.mask)
        counted.causes[key] += 1
        if cause.step is not None:
            counted.by[key][history.steps[cause.step].event] += 1
        counted.chain.update({other.event for other in chain(history, step)} - {step.event})
    for waiting in history.waiting:
        counts[waiting.event].waiting[_awaited(waiting, drivers)] += 1


def chain(history: WatchedRun, step: Step) -> list[Step]:
    """List what released a firing, what released that, and so on back to a clock of its own."""
    found = []
    while step.cause.step is not None:
        step = history.steps[step.cause.step]
        found.append(step)
    return found


def _awaited(waiting: Waiting, drivers: int) -> _Key:
    """Sum a wait up: what can be no longer, or of several things lacking the first written."""
    past = [test for test in waiting.tests if test.variable >= drivers and test.mask == 1]
    if waiting.kind is CauseKind.CONDITION or past:
        for variable, mask in (*past, *waiting.tests):
            return CauseKind.CONDITION, variable, mask
    return waiting.kind, None, None


class _Names:
    """The names of a program's events and levels, by their indices."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._variables = [driver.name for driver in program.drivers]
        self._variables += [event.name for event in program.events]

    def event(self, index: int) -> str:
        return self._program.events[index].name

    def is_told(self, index: int) -> bool:
        return not self._program.events[index].hidden

    def reason(self, kind: CauseKind, variable: int | None, mask: int | None) -> Reason:
        if variable is None:
            return Reason(kind)
        levels = levels_in(self._program, variable, mask or 0)
        return Reason(kind, self._variables[variable], levels)


def levels_in(program: Program, variable: int, mask: int) -> tuple[str, ...]:
    """Name the levels of a mask, lowest first; `true` stands for every outcome of an event."""
    known = program.levels_of(variable)
    if variable >= len(program.drivers) and mask == (1 << len(known)) - 2:
        return ("true",)
    return tuple(level for index, level in enumerate(known) if mask >> index & 1)
