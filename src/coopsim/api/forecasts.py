"""The track record: forecasts recorded, resolved, and looked at again."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coopsim.api.answers import RecordAnswer, ResolveAnswer, VerifyAnswer
from coopsim.errors import UsageError
from coopsim.forecasts.agenda import WITHIN, Agenda, agenda, forecasts_of
from coopsim.forecasts.courses import courses
from coopsim.forecasts.question_files import read_day
from coopsim.forecasts.questions import NO, PLAIN_NAME, YES, WorldQuestion
from coopsim.forecasts.resolutions import Resolution, Status
from coopsim.forecasts.scores import FOILS, TrackScores, scores
from coopsim.forecasts.verifying import TrackRecord, read_folder
from coopsim.forecasts.writing import add_record, add_resolution
from coopsim.printable import one_line
from coopsim.scenario import limits
from coopsim.scenario.limits import default
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import Invalid, listing, readable, show
from coopsim.simulation.workers.playing import Cancelled, never, silent

# What simulates is imported by the function that needs it: to look at forecasts needs no engine.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from coopsim.api.played import Played
    from coopsim.experiments.attribution import Grouping
    from coopsim.forecasts.changes import ForecastChanges
    from coopsim.forecasts.hub import Hub
    from coopsim.forecasts.recording import Making
    from coopsim.forecasts.verifying import Recorded
    from coopsim.simulation.interfaces import OnProgress

FORECASTS = Path("forecasts")


def record_forecasts(
    results: Sequence[Played],
    forecasts: str | Path = FORECASTS,
    *,
    forecaster: str | None = None,
    why: str | None = None,
    now: datetime | None = None,
    workers: int | None = None,
    on_progress: OnProgress = silent,
    cancelled: Cancelled = never,
) -> RecordAnswer:
    """Ask results the open questions of a folder of forecasts, and record what they answer there.

    The forecaster is called as the scenario is, or as `forecaster` says. A further forecast of the
    same one supersedes the newest, and needs a `why`. Raises ScenarioError for everything that is
    wrong in the folder, and for statements that a scenario cannot be asked; UsageError for a name
    that no forecaster may have; CoopsimError where not all firings are kept.
    """
    folder, moment = Path(forecasts), _moment(now)
    names = _forecasters(results, forecaster)
    track = read_folder(folder, moment.date(), mending=True)
    makings = [_making(track, name, why, moment) for name in names]
    parts = [one.firings() for one in results]
    from coopsim.api.played import players
    from coopsim.experiments.asking import DRAWS
    from coopsim.experiments.variants import Effort
    from coopsim.forecasts.recording import AllTimelines, record

    effort = Effort(DRAWS, players(workers, on_progress, cancelled))
    added: list[Recorded] = []
    for one, making, firings in zip(results, makings, parts, strict=True):
        played = AllTimelines(one.loaded, one.program, one.runs, firings)
        made = record(played, track.book, making, effort)
        added.append(add_record(read_folder(folder, moment.date(), mending=True), made))
    return RecordAnswer(folder, tuple(added))


def _moment(now: datetime | None) -> datetime:
    """Get the moment in UTC, to the second, at which something is written down.

    Pages and tests set the clock by COOPSIM_NOW, so that what they show does not change by itself.
    """
    moment = now or _set_by_hand(os.environ.get("COOPSIM_NOW", "")) or datetime.now(UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


def _set_by_hand(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        expected = "a moment with its zone, such as 2026-11-27T12:00:00+00:00"
        raise UsageError(f"COOPSIM_NOW: found {show(text)}, expected {expected}")
    return moment


def _forecasters(results: Sequence[Played], forecaster: str | None) -> list[str]:
    names = [forecaster or one.scenario.scenario for one in results]
    if not names:
        raise UsageError("found no result, expected at least one to record a forecast from")
    for name in names:
        if not re.fullmatch(PLAIN_NAME, name):
            raise UsageError(f"found {show(name)}, expected a name of letters, digits, `-` and `_`")
        if name in FOILS:
            raise UsageError(
                f"'{name}' is what forecasts are scored against: name the forecaster otherwise "
                "with `--as`"
            )
    if len(set(names)) < len(names):
        raise UsageError(
            f"found {listing(names, 'and')}, expected results of different forecasters: record "
            "them one by one, each with its `--as`"
        )
    return names


def _making(track: TrackRecord, name: str, why: str | None, moment: datetime) -> Making:
    from coopsim.forecasts.recording import Making

    newest = track.newest(name)
    if newest is None and why is not None:
        raise UsageError(f"{name} has no forecast in {track.folder} to supersede: leave out --why")
    if newest is not None and why is None:
        raise UsageError(
            f"{name} has a forecast in {track.folder} already, {newest.file}; a new one supersedes "
            "it and overwrites nothing: say with --why what has changed"
        )
    return Making(name, moment.isoformat(), newest.sha256 if newest else None, why)


def list_forecasts(
    forecasts: str | Path = FORECASTS,
    asked: Sequence[str] = (),
    *,
    due: bool = False,
    within: int = WITHIN,
    now: datetime | None = None,
) -> Agenda:
    """List the questions of a folder of forecasts, those to be resolved next first.

    Raises ScenarioError for everything that is wrong in the folder, UsageError for a question that
    is not there.
    """
    today = _moment(now).date()
    return agenda(read_folder(Path(forecasts), today), today, asked=asked, due=due, within=within)


def verify_forecasts(
    forecasts: str | Path = FORECASTS, *, now: datetime | None = None
) -> VerifyAnswer:
    """Verify a folder of forecasts; raises ScenarioError for everything that is wrong in it."""
    return VerifyAnswer(read_folder(Path(forecasts), _moment(now).date()))


def resolve_question(
    identity: str,
    answer: str | None,
    *,
    source: str,
    seen: str,
    on: str | date | None = None,
    early: str | None = None,
    status: Status = "resolved",
    forecasts: str | Path = FORECASTS,
    now: datetime | None = None,
) -> ResolveAnswer:
    """Write down how a question came out: its answer, or that it is annulled or disputed.

    A day as the answer means yes, on that day. Without `on` the answer holds for the day on which
    the question closes; that it is annulled or disputed, for today. Raises ScenarioError for
    everything that is wrong in the folder, or with this resolution; UsageError for a question that
    is not there.
    """
    folder, moment = Path(forecasts), _moment(now)
    today = moment.date()
    track = read_folder(folder, today, mending=True)
    world = track.question(identity)
    answer, day = _dated(world, answer, on)
    entry = Resolution(
        identity, status, answer, day or _last_day(world, status, today), today,
        _text(source, "--source"), _text(seen, "--seen"),
        None if early is None else _text(early, "--early"),
    )  # fmt: skip
    entry = add_resolution(track, entry, moment.isoformat())
    return ResolveAnswer(folder, world, entry, forecasts_of(track, identity))


def forecast_changes(
    before: str,
    after: str | None = None,
    *,
    runs: int | None = None,
    group: Grouping = "entry",
    forecasts: str | Path = FORECASTS,
    now: datetime | None = None,
    workers: int | None = None,
    on_progress: OnProgress = silent,
    cancelled: Cancelled = never,
) -> ForecastChanges:
    """Split what moved from one recorded forecast to another among the assumptions that changed.

    Each is named by its file, or by its forecaster, of whom the newest is meant; where only one is
    named, it is held against the one that it supersedes. `runs` timelines of each mixture of
    changes are simulated, as many as were recorded by default. Raises ScenarioError for everything
    that is wrong in the folder, UsageError for a name that is none, and for two records of
    scenarios that begin on different days.
    """
    from coopsim.api.played import players
    from coopsim.experiments.attribution import GROUPINGS
    from coopsim.experiments.variants import Effort
    from coopsim.forecasts.changes import changes, two_records

    limits.one_of("--by", group, GROUPINGS)
    old, new = two_records(read_folder(Path(forecasts), _moment(now).date()), before, after)
    runs = limits.RUNS.check("--runs", default(runs, old.record.assumed.timelines))
    return changes(old, new, group, Effort(runs, players(workers, on_progress, cancelled)))


def export_forecasts(
    folder: str | Path, forecasts: str | Path = FORECASTS, *, now: datetime | None = None
) -> Hub:
    """Write all recorded forecasts as a hub by the rules of hubverse, into a new or empty folder.

    Raises ScenarioError for everything that is wrong in the folder of forecasts, UsageError where
    there is nothing to write or something in the way, CoopsimError where it cannot be written.
    """
    from coopsim.forecasts.hub import write_hub

    return write_hub(read_folder(Path(forecasts), _moment(now).date()), Path(folder))


def _dated(
    world: WorldQuestion, answer: str | None, on: str | date | None
) -> tuple[str | None, date | None]:
    """Read an answer and its day; of an event, its day is an answer."""
    day = None if on is None else _day(on)
    if not world.is_event or answer in (None, YES, NO):
        return answer, day
    came = readable(read_day, answer)
    if came is None:
        return answer, day  # it will be told what it may be
    if day not in (None, came):
        raise UsageError(f"found the answer {came} on {day}, expected one day")
    return YES, came


def _last_day(world: WorldQuestion, status: Status, today: date) -> date:
    """Get the day on which an answer holds at the latest, as far as it is known today."""
    return min(world.by, today) if status == "resolved" else today


def _day(raw: str | date) -> date:
    try:
        return raw if isinstance(raw, date) else read_day(raw)
    except Invalid as error:
        raise UsageError(f"--on: {error}") from None


def _text(raw: str, option: str) -> str:
    text = one_line(" ".join(raw.split()))
    if not text:
        raise UsageError(f"{option}: found nothing, expected a text")
    return text


def score_forecasts(
    forecasts: str | Path = FORECASTS,
    forecasters: Sequence[str] = (),
    foils: Sequence[str] = (),
    *,
    now: datetime | None = None,
) -> TrackScores:
    """Score recorded forecasts against how their questions came out, beside foils.

    Without `forecasters` all are scored. A foil is `coin`, `unchanged` or another forecaster; the
    first two by default.
    Raises ScenarioError for everything that is wrong in the folder, UsageError for a forecaster
    that is not there.
    """
    track = read_folder(Path(forecasts), _moment(now).date())
    records = [one.record for one in track.records]
    known = tuple(dict.fromkeys(one.forecaster for one in records))
    for name in (*forecasters, *(one for one in foils if one not in FOILS)):
        if name not in known:
            raise UsageError(_nobody(name, known, track.folder))
    return scores(
        track.book.title, courses(records, track.standing), forecasters or known, foils or FOILS
    )


def _nobody(name: str, known: Sequence[str], folder: Path) -> str:
    hint = near_miss(name, known)
    found = f"found {show(name)}, expected a forecaster of {folder}: {listing(known) or 'none yet'}"
    return f"{found}; {hint}" if hint else found
