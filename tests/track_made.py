"""Records and resolutions made by hand, for the tests of the track record's scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from coopsim.forecasts.questions import Fit, Kind, WorldQuestion
from coopsim.forecasts.records import FORMAT, Answered, Assumed, Chance, Record
from coopsim.forecasts.resolutions import Resolution, Status

OPENS, BY = date(2026, 1, 1), date(2026, 12, 31)
TIMELINES = 999


def asked(
    identity: str,
    kind: Kind = "yes_no",
    options: tuple[str, ...] = ("yes", "no"),
    by: date = BY,
    unchanged: str | None = None,
) -> WorldQuestion:
    return WorldQuestion(
        identity, f"What of {identity}?", OPENS, by, kind, options, "It is seen.", "the papers",
        None, unchanged,
    )  # fmt: skip


def said(
    world: WorldQuestion,
    chances: Mapping[str, float],
    fit: Fit | None = "exact",
    cdf: Sequence[tuple[date, float]] = (),
    se: float = 0.01,
) -> Answered:
    """Say chances of a question, or nothing where there are none."""
    why = None if fit == "exact" else "It is not in the model."
    made = {answer: Chance(share, se) for answer, share in chances.items()}
    return Answered(world, fit if chances else None, why, {}, made, tuple(cdf))


def record(forecaster: str, day: str, *answered: Answered, timelines: int = TIMELINES) -> Record:
    assumed = Assumed(
        forecaster, f"The {forecaster}", "1a2b3c4d", date(2025, 8, 5), OPENS, BY, 7, timelines,
        "0.1.0", (f"scenario: {forecaster}",),
    )  # fmt: skip
    return Record(FORMAT, f"{day}T12:00:00+00:00", forecaster, None, None, assumed, answered)


def came(
    world: WorldQuestion, answer: str | None, on: date | None = None, status: Status = "resolved"
) -> tuple[str, Resolution]:
    """Resolve a question, on its last day unless another is given."""
    day = on or world.by
    resolution = Resolution(
        world.identity, status, answer, day, day, "the papers", "It was seen.", None
    )
    return world.identity, resolution
