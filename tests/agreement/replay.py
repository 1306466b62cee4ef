"""A second opinion on a log: what was true at each firing, from the written scenario alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from coopsim.scenario.notation.values import (
    DAY,
    add_months,
    parse_date,
    parse_duration,
    parse_every,
)

Raw = dict[str, Any]
Story = list[tuple[str, str, int]]  # (event, outcome, seconds since the start)


@dataclass
class Replay:
    """Follow one run, and hold each firing against what the scenario says of it."""

    raw: Raw
    now: dict[str, str]  # the level of every driver and event
    first: dict[str, int] = field(default_factory=dict)
    before: Story = field(default_factory=list)

    @property
    def start(self) -> int:
        return parse_date(self.raw["start"]).first

    @property
    def horizon(self) -> int:
        return parse_date(self.raw["end"]).end_of_day - self.start

    def check(self, name: str, outcome: str, time: int) -> None:
        """Assert all that a firing needs, then let it have its effects."""
        spec, driver_level = self.spec_of(name)
        assert 0 <= time < self.horizon
        assert time >= (self.before[-1][2] if self.before else 0)
        assert outcome in (spec.get("outcomes") or ["true"])
        assert all(self.now[driver] == level for driver, level in driver_level.items())
        assert self.holds(spec.get("when", {}))
        assert "unless" not in spec or not self.holds(spec["unless"])
        assert all(self.now[other] != "false" for other in spec.get("after", []))
        assert spec.get("repeat") or name not in self.first or driver_level
        self.check_days(spec, time)
        self.check_lags(spec, time)
        self.check_trigger(spec, time)
        self.apply(name, spec, outcome, time)

    def spec_of(self, name: str) -> tuple[Raw, dict[str, str]]:
        """Find what is written of an event or switch, with the level a switch leaves."""
        if name in self.raw["events"]:
            return self.raw["events"][name], {}
        driver, move = name.split(": ")
        low, high = move.split(" -> ")
        switch = self.raw["drivers"][driver]["switches"][move]
        return {**switch, "sets": {driver: high}, "repeat": True}, {driver: low}

    # --- what must hold -----------------------------------------------------------------------

    def holds(self, condition: Any) -> bool:
        rows = condition if isinstance(condition, list) else [condition]
        return any(all(self.passes(name, row[name]) for name in row) for row in rows)

    def passes(self, name: str, wanted: Any) -> bool:
        level = self.now[name]
        if isinstance(wanted, bool):
            return (level != "false") == wanted
        if isinstance(wanted, dict):
            levels = self.raw["drivers"][name]["levels"]
            low = levels.index(wanted.get("at_least", levels[0]))
            high = levels.index(wanted.get("at_most", levels[-1]))
            return bool(low <= levels.index(level) <= high)
        return level in (wanted if isinstance(wanted, list) else [wanted])

    def check_days(self, spec: Raw, time: int) -> None:
        if "from" in spec:
            assert time >= parse_date(spec["from"]).first - self.start
        if "until" in spec:
            assert time < parse_date(spec["until"]).end_of_day - self.start
        date = spec.get("date")
        if isinstance(date, dict) and "by" in date:
            date = date[self.now[date["by"]]]  # a level without a date has no clock
        if isinstance(date, dict) and "not_before" in date:
            assert time >= parse_date(date["not_before"]).first - self.start
        if "window" in spec:
            window = spec["window"]
            window = self.raw["references"][window["like"]] if "like" in window else window
            assert any(low <= time <= high for low, high in self.intervals(window))

    def intervals(self, window: Raw) -> Iterator[tuple[float, float]]:
        """List when a window is open, both ends included."""
        for low, high in window.get("open", []):
            yield parse_date(low).first - self.start, parse_date(high).end_of_day - self.start - 1
        if "opens" in window:
            opens, every = parse_date(window["opens"]).first, parse_every(window["every"])
            for k in range(2 * self.horizon // (20 * DAY)):
                low = (
                    add_months(opens, k * every.months)
                    if every.months is not None
                    else opens + k * (every.seconds or 0)
                ) - self.start
                yield low, low + parse_duration(window["lasts"])

    def check_lags(self, spec: Raw, time: int) -> None:
        after = spec.get("after", {})
        for other, lag in after.items() if isinstance(after, dict) else ():
            certain = parse_duration(lag) if lag in ("10 days", "1 month", "36 hours") else 0
            assert time >= self.first[other] + certain

    def check_trigger(self, spec: Raw, time: int) -> None:
        """Assert that something of this second can have set it off, where it takes no time."""
        if "upon" in spec and "takes" not in spec:
            same_second = [name for name, _, moment in self.before if moment == time]
            assert same_second
            if isinstance(spec["upon"], list):
                assert set(spec["upon"]) & set(same_second)

    # --- what follows -------------------------------------------------------------------------

    def apply(self, name: str, spec: Raw, outcome: str, time: int) -> None:
        self.first.setdefault(name, time)
        self.before.append((name, outcome, time))
        self.now[name] = outcome
        for part in (spec, (spec.get("outcomes") or {}).get(outcome, {})):
            self.now |= part.get("sets", {})
            for driver, step in part.get("shifts", {}).items():
                levels = self.raw["drivers"][driver]["levels"]
                at = levels.index(self.now[driver]) + step
                self.now[driver] = levels[max(0, min(at, len(levels) - 1))]
        for driver, written in self.raw["drivers"].items():
            assert self.now[driver] in written["levels"]
