"""Warnings: a scenario that can be run, but that may not say what its author meant.

What can never fire, what nobody reads, what says not where it comes from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from coopsim.scenario.checks.reaching import can_fire
from coopsim.scenario.checks.soundness import Report, happenings
from coopsim.scenario.notation.logic import LevelsOf
from coopsim.scenario.notation.timing import ByLevel, RateValue
from coopsim.scenario.spec import Scenario, Sourced
from coopsim.scenario.text.near import KnownNames
from coopsim.scenario.text.reading import Path

_FEW_IN_A_GROUP = 2  # entries; a plan is a driver and an event


def warn_of_support(scenario: Scenario, report: Report) -> None:
    """Warn of drivers and events that say not where they come from."""
    entries: list[tuple[Path, Sourced]] = [
        (("drivers", name), driver) for name, driver in scenario.drivers.items()
    ]
    entries += [(("events", name), event) for name, event in scenario.events.items()]
    for path, entry in entries:
        if not entry.sources and entry.judgement is None:
            report(
                path, "neither sources nor judgement", "where it comes from: one of them, or both"
            )


def warn_of_unread(
    scenario: Scenario, reads: set[str], references: set[str], report: Report
) -> None:
    """Warn of drivers and references that nothing reads, and of a scenario that asks nothing."""
    for name in scenario.drivers:
        if name not in reads:
            report(("drivers", name), "a driver that nothing reads", "a condition, pace or outcome")
    for name in scenario.references:
        if name not in references:
            report(("references", name), "a reference that nothing uses", "a {like: ...} to it")
    if not scenario.outcomes:
        report(("outcomes",), "no outcomes", "questions to put to the timelines")


def warn_of_groups(scenario: Scenario, report: Report) -> None:
    """Warn of groups of one entry or two whose names look like slips of a more common group's."""
    entries = [(("drivers", name), one.group) for name, one in scenario.drivers.items()]
    entries += [(("events", name), one.group) for name, one in scenario.events.items()]
    counts = Counter(group for _, group in entries if group is not None)
    common_first = KnownNames(group for group, _ in counts.most_common())
    for path, group in entries:
        if group is not None and counts[group] <= _FEW_IN_A_GROUP:
            slip_of = common_first.slip_of(group)
            if slip_of is not None:
                found = f"'{group}', a group named almost like another"
                hint = f"did you mean '{slip_of}'?"
                report(
                    (*path, "group"),
                    found,
                    "the name of the other group, or a more distinct one",
                    hint,
                )


def warn_of_always(scenario: Scenario, report: Report) -> None:
    """Warn of events that nothing holds back: they happen at the start of every timeline."""
    for name, event in scenario.events.items():
        held = (event.date, event.takes, event.rate, event.upon, event.opens, event.after)
        conditions = [one for one in (event.when, event.unless) if one is not None]
        if not any(held) and not any(row for one in conditions for row in one.rows):
            report(
                ("events", name),
                "neither timing nor condition, so that it happens at the start",
                "date, takes, rate, upon, when or after",
            )


def warn_of_never(
    scenario: Scenario, levels_of: LevelsOf, outside: set[str], report: Report
) -> None:
    """Warn of events that can never fire: their condition or trigger cannot come about.

    Those with a day outside the simulated time have been told of, and what waits for them follows.
    """
    listed = list(happenings(scenario))
    first = {name: _first_levels(d.initial) for name, d in scenario.drivers.items()}
    undue = [h.name for h in listed if h.spec.rate is not None and _never_due(h.spec.rate)]
    possible = can_fire(listed, first, levels_of, undue)
    for happening in listed:
        if happening.name not in possible | outside:
            report(happening.path, "an event that can never fire", "a way for it to happen")


def _first_levels(initial: str | Mapping[str, float]) -> set[str]:
    if isinstance(initial, str):
        return {initial}
    return {level for level, chance in initial.items() if chance > 0}


def _never_due(rate: RateValue) -> bool:
    values = rate.table.values() if isinstance(rate, ByLevel) else (rate,)
    return all(value.is_surely(0.0) for value in values)
