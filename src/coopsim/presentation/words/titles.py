"""Titles instead of ids: what drivers, events, levels and conditions are called in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coopsim.analysis.stories.causes import levels_in
from coopsim.presentation.words.wording import either, plain_id
from coopsim.scenario.spec import Scenario
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True)
class Titles:
    """Name what a program counts by numbers, as its scenario does."""

    scenario: Scenario
    program: Program

    def event(self, index: int) -> str:
        """Name an event, or a switch by its driver and levels."""
        name = self.program.events[index].name
        if name in self.scenario.events:
            return self._event(name)
        driver, _, levels = name.partition(": ")
        old, _, new = levels.partition(" -> ")
        return f"{self.driver(driver)}: {plain_id(old)} to {plain_id(new)}"

    def _event(self, name: str) -> str:
        return self.scenario.events[name].title or plain_id(name)

    def quoted(self, index: int) -> str:
        """Name an event within a sentence; a hidden lag by whose wait it is."""
        event = self.program.events[index]
        if not event.hidden:
            return f'"{self.event(index)}"'
        owner, _, after = event.name.removeprefix("events.").partition(".after.")
        return f'the wait from "{self._event(after)}" to "{self._event(owner)}"'

    def quoted_clocks(self, indices: Sequence[int]) -> list[str]:
        """Name events within a sentence, the moves of one driver from one level together."""
        moves: dict[str, list[str]] = {}
        for index in indices:
            title, arrow, new = self.quoted(index).rpartition(" to ")
            known = self.is_switch(index) and bool(arrow)
            moves.setdefault(title if known else self.quoted(index), []).extend(
                [new.removesuffix('"')] if known else []
            )
        return [f'{title} to {_levels(new)}"' if new else title for title, new in moves.items()]

    def driver(self, name: str) -> str:
        """Name a driver."""
        return self.scenario.drivers[name].title or plain_id(name)

    def is_switch(self, index: int) -> bool:
        """Check whether an event is a driver's own move from one level to another."""
        return ": " in self.program.events[index].name

    def variable(self, index: int) -> str:
        """Name a driver or an event by its variable."""
        drivers = self.program.drivers
        if index < len(drivers):
            return self.driver(drivers[index].name)
        return self.event(index - len(drivers))

    def quoted_variable(self, variable: int) -> str:
        """Name a driver or an event within a sentence."""
        drivers = len(self.program.drivers)
        if variable < drivers:
            return f'"{self.variable(variable)}"'
        return self.quoted(variable - drivers)

    def is_past(self, variable: int, mask: int) -> bool:
        """Check whether a condition asks that an event has not happened."""
        return variable >= len(self.program.drivers) and mask == 1

    def driver_of(self, event: int) -> str | None:
        """Get the id of the driver that a switch moves; None for other events."""
        name = self.program.events[event].name
        return name.partition(": ")[0] if self.is_switch(event) else None

    def level(self, variable: int, level: int) -> str:
        """Name a level."""
        return plain_id(self.program.levels_of(variable)[level])

    def needed(self, variable: int, mask: int) -> str:
        """Name what a condition asks for: a driver at some levels, an event that has happened."""
        levels = levels_in(self.program, variable, mask)
        title = self.quoted_variable(variable)
        if variable < len(self.program.drivers):
            return f"{title} at {self._range(variable, levels)}"
        if levels == ("true",):
            return f"the end of {title}" if title.startswith("the wait") else title
        if "false" in levels:
            return f"{title} not to happen"
        return f"{title} coming out {_levels(levels)}"

    def _range(self, driver: int, levels: tuple[str, ...]) -> str:
        """Name levels, as `thaw or above` where they reach an end."""
        known = self.program.drivers[driver].levels
        if len(levels) > 1 and levels == known[-len(levels) :]:
            return f"{plain_id(levels[0])} or above"
        if len(levels) > 1 and levels == known[: len(levels)]:
            return f"{plain_id(levels[-1])} or below"
        return _levels(levels)

    def triggers(self, event: int) -> str:
        """Name what sets an event off."""
        named = []
        for trigger in self.program.events[event].triggers or ():
            title = self.quoted_variable(trigger.variable)
            levels = levels_in(self.program, trigger.variable, trigger.mask or 0)
            named.append(f"{title} turning {_levels(levels)}" if levels else title)
        return either(named)


def _levels(levels: Sequence[str]) -> str:
    return either(map(plain_id, levels))
