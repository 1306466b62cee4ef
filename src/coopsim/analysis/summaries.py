"""What many timelines say to each question: the answers of summary.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from coopsim.analysis.checkpoints import YEARLY, boundaries, day_of, last_day
from coopsim.analysis.kinds.base import OutcomeSummary
from coopsim.analysis.tallies import Gathered, gather
from coopsim.analysis.timelines import DrawLevels, drawn_levels
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True)
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

    def to_json(self) -> dict[str, Any]:
        """Make the tree of summary.json: dates as text, never NaN or infinity.

        Headlines are named where there are any.
        """
        tree: dict[str, Any] = plain(self)
        if not self.headlines:
            del tree["headlines"]
        return tree


def plain(value: Any) -> Any:
    """Turn dataclasses, dates and tuples into what JSON knows, fields in their order.

    No number is minus zero.
    """
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value + 0.0  # so that -0.0 is 0.0
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
