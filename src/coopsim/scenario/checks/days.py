"""Days outside the simulated time: a mistyped year is the commonest slip of all.

Nothing here is an error. A day before the start is due at once or says nothing, one after the end
never comes; but seldom does an author mean that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from coopsim.scenario.checks.soundness import Report, happenings
from coopsim.scenario.notation import timing as notation
from coopsim.scenario.notation.quantities import Value, ValueKind
from coopsim.scenario.notation.values import YEAR, Period, format_date
from coopsim.scenario.resolving import References, resolve_value
from coopsim.scenario.spec import Scenario, Timed
from coopsim.scenario.text.reading import Path, show
from coopsim.scenario.text.tree import Map, node_at

_LONG = 200  # years that a scenario may run without a question
_FAR = 20  # years that may lie between a start and what is known
_LOW, _HIGH = 0.05, 0.95  # between which an uncertain date lies, for all that matters here

_Ends: TypeAlias = Callable[[Value, ValueKind, References], tuple[float, float]]

_NOTHING, _NEVER = "so it has no effect", "so it never happens"
_AT_ONCE, _NO_USE = "so it is due at once", "so it has no effect"


@dataclass(frozen=True, slots=True)
class Dated:
    """A place where a date stands, and the moments between which it lies (epoch seconds).

    `early` and `late` say what follows where all of it lies before the start or after the end;
    with None it is fine there. `partly` tells that even a part of it before the start is not.
    """

    path: Path
    first: float
    last: float
    early: str | None
    late: str | None
    partly: bool = False

    def where(self, start: int, end: int) -> str | None:
        """Describe where the date lies and what follows, or None where it lies well."""
        if self.last < start:
            return self.early and f"before the start, {self.early}"
        if self.first < start and self.partly:
            return "which begins before the start; dates before the start are due at once"
        return self.late and f"after the end, {self.late}" if self.first >= end else None


def warn_of_days(scenario: Scenario, tree: Map, report: Report) -> set[str]:
    """Warn of days that lie outside the simulated time.

    Gives the names of events and switches concerned: that these never fire is no further news.
    """
    start, end = scenario.start.first, scenario.end.end_of_day
    days = f"a date from {format_date(start)} to {format_date(end - 1)}"
    names = {h.path: h.name for h in happenings(scenario)}
    outside: set[str] = set()
    _warn_of_epochs(scenario, report)
    for dated in _every(scenario):
        where = dated.where(start, end)
        if where is not None:
            report(dated.path, f"{show(node_at(tree, dated.path))}, {where}", days)
            outside |= {names[way] for way in (dated.path[:2], dated.path[:4]) if way in names}
    return outside


def _warn_of_epochs(scenario: Scenario, report: Report) -> None:
    """Warn of a start far from what is known, and of an end too far away to be meant."""
    start, as_of = scenario.start.first, scenario.as_of
    years = scenario.horizon / YEAR
    if years > _LONG:
        found = f"{format_date(scenario.end.end_of_day - 1)}, {years:,.0f} years after the start"
        report(("end",), found, f"a horizon of {_LONG} years at most")
    if as_of is None or as_of.first >= scenario.end.end_of_day:
        return
    far = abs(as_of.first - start)
    if far > _FAR * YEAR:
        found = f"{format_date(start)}, {far / YEAR:,.0f} years from as_of"
        report(("start",), found, f"a start within {_FAR} years of as_of")


def _every(scenario: Scenario) -> Iterator[Dated]:
    """List every place of a scenario where a date stands."""
    for happening in happenings(scenario):
        date = getattr(happening.spec, "date", None)
        yield from _of_date((*happening.path, "date"), date, scenario)
        yield from _gates(happening.path, happening.spec)
        if happening.spec.window is not None:
            yield from _of_window((*happening.path, "window"), happening.spec.window)
    for name, reference in scenario.references.items():
        if reference.window is not None:
            yield from _of_window(("references", name), reference.window)
    for name, question in scenario.outcomes.items():
        if question.by is not None:
            path = ("outcomes", name, "by")
            yield _of_day(path, question.by, None, "so the end closes it first")
    if scenario.as_of is not None:
        yield _of_day(("as_of",), scenario.as_of, None, "so any claim may be cited")


def _of_date(path: Path, date: notation.DateValue | None, scenario: Scenario) -> Iterator[Dated]:
    if isinstance(date, Value):
        yield _of_span(path, scenario, lambda ends: ends(date, "date", scenario.references))
    elif isinstance(date, notation.Plan):
        yield _of_span((*path, "planned"), scenario, lambda ends: _grown(date, scenario, ends))
        if date.not_before is not None:
            yield _of_day((*path, "not_before"), date.not_before, _NOTHING, _NEVER)
    elif isinstance(date, notation.Calendar):
        yield from _of_date((*path, "first"), date.first, scenario)
    elif isinstance(date, notation.ByLevel):
        for level, each in date.table.items():
            yield from _of_date((*path, level), each, scenario)


def _of_span(
    path: Path, scenario: Scenario, between: Callable[[_Ends], tuple[float, float]]
) -> Dated:
    """Find where an uncertain date lies: by its bounds if all is well even there, else likely."""
    first, last = between(_bounds)
    if not (scenario.start.first <= first and last < scenario.end.end_of_day):
        first, last = between(_likely)
    return Dated(path, first, last, _AT_ONCE, _NEVER, partly=True)


def _likely(value: Value, kind: ValueKind, references: References) -> tuple[float, float]:
    distribution = resolve_value(value, kind, references).distribution
    assert distribution is not None
    return distribution.quantile(_LOW), distribution.quantile(_HIGH)


def _bounds(value: Value, kind: ValueKind, references: References) -> tuple[float, float]:
    """Get what bounds a value: quantiles of a PERT are slow to find, and few dates are slips."""
    distribution = resolve_value(value, kind, references).distribution
    assert distribution is not None
    low, high = distribution.bounds
    return -math.inf if low is None else low, math.inf if high is None else high


def _grown(plan: notation.Plan, scenario: Scenario, ends: _Ends) -> tuple[float, float]:
    """Find where a plan leads: as it is written where that is before the start, else grown."""
    start = scenario.start.first
    first, last = ends(plan.planned, "date", scenario.references)
    if first < start:
        return first, last
    least, most = ends(plan.growth, "factor", scenario.references)
    return start + (first - start) * least, start + (last - start) * most


def _of_day(path: Path, day: Period, early: str | None, late: str | None) -> Dated:
    return Dated(path, day.first, day.end_of_day - 1, early, late)


def _gates(path: Path, spec: Timed) -> Iterator[Dated]:
    if spec.opens is not None:
        yield _of_day((*path, "from"), spec.opens, _NOTHING, _NEVER)
    if spec.until is not None:
        yield _of_day((*path, "until"), spec.until, "so it can never happen", _NOTHING)


def _of_window(path: Path, window: notation.Window) -> Iterator[Dated]:
    if window.opens is not None:
        yield _of_day((*path, "opens"), window.opens, None, _NEVER)
    for position, (first, last) in enumerate(window.open or ()):
        here = (*path, "open", position)
        yield Dated(here, first.first, last.end_of_day - 1, _NO_USE, _NO_USE)
