"""With which group each driver and event is listed, in the order of the scenario."""

from __future__ import annotations

from coopsim.scenario.spec import Scenario


def groups(scenario: Scenario) -> dict[str | None, dict[str, list[str]]]:
    """List by group the ids of its `drivers` and `events`; those in no group are last, by None.

    Nothing where no driver or event names a group.
    """
    found: dict[str | None, dict[str, list[str]]] = {}
    for section in ("drivers", "events"):
        for name, entry in getattr(scenario, section).items():
            found.setdefault(entry.group, {}).setdefault(section, []).append(name)
    others = found.pop(None, {})
    if not found:
        return {}
    return {**found, **({None: others} if others else {})}
