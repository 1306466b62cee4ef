"""Each question through time: which forecast of whom stood when, and the day it resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from coopsim.forecasts.questions import YES, WorldQuestion
from coopsim.forecasts.records import Answered, Record
from coopsim.forecasts.resolutions import Resolution

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stand:
    """What a forecaster said of a question from the day `first` to the day before `until`.

    `made` is the day (UTC) of the record, `known` the last day of which its scenario knew. A
    `hindcast` was made when the answer was there already, on that day or later; it counts as though
    it had stood all the while.
    """

    forecaster: str
    made: date
    known: date
    hindcast: bool
    first: date
    until: date
    timelines: int
    answered: Answered

    @property
    def days(self) -> int:
        """Count the days on which it stood."""
        return (self.until - self.first).days

    def days_beside(self, other: Stand) -> int:
        """Count the days on which both stood."""
        return max((min(self.until, other.until) - max(self.first, other.first)).days, 0)


@dataclass(frozen=True, slots=True)
class Course:
    """A question, what was forecast of it through time, and how it came out if it has."""

    world: WorldQuestion
    resolution: Resolution | None
    stands: tuple[Stand, ...]

    @property
    def answer(self) -> str | None:
        """Get the answer that came true; None while it is open, annulled or disputed."""
        found = self.resolution
        return found.answer if found is not None and found.status == "resolved" else None

    @property
    def told(self) -> str:
        """Get the answer whose chance is told: yes of an event, else the one that came true.

        While it is open, that is the answer it would come to if nothing changed, or the first one.
        """
        if self.world.is_event:
            return YES
        return self.answer or self.world.unchanged or self.world.options[0]

    def of(self, forecaster: str, *, hindcast: bool) -> tuple[Stand, ...]:
        """Get the forecasts, or the hindcast, of a forecaster."""
        return tuple(
            one for one in self.stands if one.forecaster == forecaster and one.hindcast == hindcast
        )


def courses(records: Iterable[Record], resolutions: Mapping[str, Resolution]) -> tuple[Course, ...]:
    """Follow each recorded question through time; `resolutions` has the last word on each."""
    said: dict[str, list[tuple[Record, Answered]]] = {}
    for record in sorted(records, key=_made):
        for answered in record.questions:
            said.setdefault(answered.world.identity, []).append((record, answered))
    return tuple(
        _course(told, resolutions.get(identity)) for identity, told in sorted(said.items())
    )


def _made(record: Record) -> datetime:
    return datetime.fromisoformat(record.made)


def _course(told: Sequence[tuple[Record, Answered]], resolution: Resolution | None) -> Course:
    world = told[-1][1].world
    last = world.by
    if resolution is not None and resolution.status == "resolved":
        last = min(resolution.on, last)
    stands: list[Stand] = []
    for forecaster in dict.fromkeys(record.forecaster for record, _ in told):
        own = [(record, one) for record, one in told if record.forecaster == forecaster]
        stands += _stands(own, world.opens, last)
    return Course(world, resolution, tuple(stands))


def _stands(own: Sequence[tuple[Record, Answered]], opens: date, last: date) -> Iterator[Stand]:
    """List what a forecaster said of a question: forecasts, or else the newest hindcast."""
    ahead = [(record, one) for record, one in own if _made(record).date() < last]
    if not ahead:
        yield _stand(*own[-1], (min(opens, last), last + _DAY), hindcast=True)
    begins = [max(_made(record).date(), opens) for record, _ in ahead]
    for told, days in zip(ahead, pairwise([*begins, last + _DAY]), strict=True):
        if days[0] < days[1]:  # else one of the same day took its place
            yield _stand(*told, days, hindcast=False)


def _stand(record: Record, answered: Answered, days: tuple[date, date], *, hindcast: bool) -> Stand:
    made, assumed = _made(record).date(), record.assumed
    return Stand(
        record.forecaster, made, assumed.as_of, hindcast, *days, assumed.timelines, answered
    )
