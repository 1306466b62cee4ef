"""Which open questions are to be resolved next, and what was forecast of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter

from coopsim.forecasts.questions import Fit, WorldQuestion
from coopsim.forecasts.records import Chance
from coopsim.forecasts.resolutions import Resolution, Status
from coopsim.forecasts.verifying import TrackRecord

Stage = Literal["overdue", "due", "open"] | Status
STAGES: tuple[Stage, ...] = ("overdue", "due", "open", "disputed", "resolved", "annulled")
WITHIN = 30  # days before its close in which a question is due


@dataclass(frozen=True, slots=True)
class StandingForecast:
    """What a forecaster said last of a question, knowing what was known on the day `as_of`.

    Where the model is silent, there is no chance.
    """

    forecaster: str
    file: str
    as_of: date
    timelines: int
    fit: Fit | None
    why: str | None
    chances: Mapping[str, Chance]


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A question, how far it is, and what was forecast; `days` until it closes may be negative."""

    world: WorldQuestion
    stage: Stage
    days: int
    resolution: Resolution | None
    forecasts: tuple[StandingForecast, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """Questions, those that are to be resolved next first, on a day.

    Questions are `due` that close `within` so many days. `detailed` are told with all that is
    needed to resolve them. Of all that are open, the next `closes_next`.
    """

    title: str
    today: date
    within: int
    items: tuple[AgendaItem, ...]
    detailed: bool = False
    closes_next: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        tree: dict[str, Any] = _WRITER.dump_python(self, mode="json", by_alias=True)
        return tree


_WRITER = TypeAdapter(Agenda)


def agenda(
    track: TrackRecord,
    today: date,
    *,
    asked: Sequence[str] = (),
    due: bool = False,
    within: int = WITHIN,
) -> Agenda:
    """List the questions of a folder, or those asked for by their ids, or those that are due.

    Raises UsageError for an id that is not there.
    """
    worlds = [track.question(identity) for identity in asked or track.book.questions]
    items = [_item(world, track, today, within) for world in worlds]
    ahead = [item.world.by for item in items if item.stage in ("due", "open")]
    items = [item for item in items if not due or item.stage in ("overdue", "due")]
    items.sort(key=lambda item: (STAGES.index(item.stage), item.world.by))
    return Agenda(
        track.book.title, today, within, tuple(items), detailed=due or bool(asked),
        closes_next=min(ahead, default=None),
    )  # fmt: skip


def _item(world: WorldQuestion, track: TrackRecord, today: date, within: int) -> AgendaItem:
    resolution = track.standing.get(world.identity)
    days = (world.by - today).days
    stage: Stage = "overdue" if days < 0 else "due" if days <= within else "open"
    if resolution is not None:
        stage = resolution.status
    return AgendaItem(world, stage, days, resolution, forecasts_of(track, world.identity))


def forecasts_of(track: TrackRecord, identity: str) -> tuple[StandingForecast, ...]:
    """List what each forecaster said last of a question, in the order of their first forecasts."""
    found: dict[str, StandingForecast] = {}
    for one in track.records:
        answered = one.record.question(identity)
        if answered is not None:
            found[one.record.forecaster] = StandingForecast(
                one.record.forecaster, one.file, one.record.assumed.as_of,
                one.record.assumed.timelines, answered.fit, answered.why, answered.chances,
            )  # fmt: skip
    return tuple(found.values())
