"""What many timelines say to each question: the answers of summary.json."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import YEARLY, boundaries, day_of, last_day
from coopsim.analysis.kinds.base import OutcomeSummary
from coopsim.analysis.tallies import Gathered, gather
from coopsim.analysis.timelines import DrawLevels, drawn_levels
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True, repr=False)
class Summary:
    """The answers to all questions of a scenario; `headlines` are those that lead, by name."""

    scenario: str
    hash: str
    seed: int
    runs: int
    start: date
    end: date
    outcomes: dict[str, OutcomeSummary]
    headlines: tuple[str, ...] = ()

    def __repr__(self) -> str:
        size = f"{self.runs:,} runs, {len(self.outcomes)} outcomes"
        return f"<Summary {self.scenario}-{self.hash}: {size}>"

    def of(self, names: Collection[str]) -> Summary:
        """Leave of the answers those to the questions of these names."""
        outcomes = {name: one for name, one in self.outcomes.items() if name in names}
        headlines = tuple(name for name in self.headlines if name in names)
        return replace(self, outcomes=outcomes, headlines=headlines)

    def to_json(self) -> dict[str, Any]:
        """Make the tree of summary.json: dates as text, never NaN or infinity.

        Headlines are named where there are any.
        """
        tree: dict[str, Any] = plain(self)
        if not self.headlines:
            del tree["headlines"]
        return tree


def plain(value: Any) -> Any:
    """Turn dataclasses, dates, arrays and tuples into what JSON knows, fields in their order.

    No number is minus zero.
    """
    if isinstance(value, float):
        return value + 0.0  # so that -0.0 is 0.0
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        dated = value.dtype.kind == "M"
        return (value.astype(str) if dated else value + 0.0).tolist()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def summarise(
    scenario: Scenario,
    program: Program,
    parts: Iterable[Firings],
    digest: str,
    draw_levels: DrawLevels = drawn_levels,
) -> Summary:
    """Answer a scenario's questions from the parts of its result, read one at a time.

    `digest` is the hash of the assumptions. Raises CoopsimError where there is no timeline.
    """
    gathered = gather(scenario.outcomes, program, parts, draw_levels)
    return summary_of(gathered, scenario, program, digest)


def summary_of(gathered: Gathered, scenario: Scenario, program: Program, digest: str) -> Summary:
    """Turn what was gathered of a scenario's questions into its answers."""
    year_ends = boundaries(program, YEARLY)
    return Summary(
        scenario=program.scenario,
        hash=digest,
        seed=program.seed,
        runs=gathered.runs,
        start=day_of(program.start),
        end=last_day(program, program.horizon),
        outcomes={one.query.name: one.summary(year_ends) for one in gathered.tallies},
        headlines=scenario.headlines,
    )
