"""Open questions and their forecasts: what to resolve next, and what was written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from coopsim.forecasts.agenda import STAGES, Agenda, AgendaItem, Stage, StandingForecast
from coopsim.forecasts.questions import YES, WorldQuestion
from coopsim.forecasts.records import Chance
from coopsim.forecasts.resolutions import Resolution
from coopsim.forecasts.verifying import Recorded, TrackRecord
from coopsim.presentation.views.cells import chance_cell
from coopsim.presentation.views.view import Cell, Emphasis, Holds, Row, Section, TableColumn, View
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.numbers import among, percent
from coopsim.presentation.words.wording import NBSP
from coopsim.scenario.text.reading import listing

_TITLES: dict[Stage, str] = {
    "overdue": "Closed: to be resolved now",
    "due": "Closing within {within}",
    "open": "Open",
    "disputed": "Disputed",
    "resolved": "Resolved",
    "annulled": "Annulled",
}
_FEW = 3  # forecasters beside each other
_NO_BAND = 0.005  # narrower ones say nothing
_SIMULATION = "Chances in %. ±: 95 % simulation error, from a finite number of timelines."
_MODEL = (
    "Model uncertainty: we do not know the assumptions. {where}. More timelines do not reduce it."
)
_IN_RECORDS = "The records have it beside each chance; `coopsim forecast list ID` shows it"
_IN_BRACKETS = "In brackets is where a chance lies nine times in ten over what is not known"
_ROOM = (
    "Where there is no room for all forecasters, those who knew most are shown; `coopsim forecast "
    "list ID` shows every one."
)
_FIT = (
    "Fit: whether the model is asked just what the question asks, or only roughly; it is silent on "
    "some."
)


def agenda_view(found: Agenda) -> View:
    """List questions by how far they are, each with its forecasts, or with all it is decided by."""
    sections = _detailed(found) if found.detailed else _listed(found)
    told = f"{counted(len(found.items), 'question')}, as of {found.today}"
    if not found.items:
        return View((found.title, told), (), (_nothing(found),))
    where = _IN_BRACKETS if found.detailed else _IN_RECORDS
    most = max((len(item.forecasts) for item in found.items), default=0)
    notes = (_SIMULATION, _MODEL.format(where=where), _FIT) if most else ()
    if most > _FEW and not found.detailed:
        notes = (*notes, _ROOM)
    return View((found.title, told), tuple(sections), notes)


def _nothing(found: Agenda) -> str:
    """Say that nothing is due, and when the next question closes."""
    then = f"; the next question closes on {found.closes_next}" if found.closes_next else ""
    return f"Nothing has to be resolved within {counted(found.within, 'day')}{then}."


def _listed(found: Agenda) -> Iterator[Section]:
    known = {one.forecaster: one.as_of for item in found.items for one in item.forecasts}
    kept = _who_knew_most(known)
    fit = TableColumn("fit", Holds.TEXT, kept=False)
    said = (TableColumn(name, kept=name in kept) for name in known)
    columns = (TableColumn("closes", Holds.DATE), fit, *said)
    for stage in STAGES:
        items = [item for item in found.items if item.stage == stage]
        if items:
            title = _TITLES[stage].format(within=counted(found.within, "day"))
            rows = (row for item in items for row in _rows(item, list(known)))
            yield Section(title, tuple(rows), columns, about=stage)


def _who_knew_most(known: Mapping[str, date]) -> list[str]:
    """Choose forecasters for whom there is room on a narrow terminal: those of the last days."""
    newest = sorted(known, key=lambda name: known[name], reverse=True)[:_FEW]
    return [name for name in newest if known[name] == known[newest[0]]]


def _rows(item: AgendaItem, names: Sequence[str]) -> Iterator[Row]:
    """List a question with the chance of yes, or its options below it with theirs."""
    world = item.world
    said = {one.forecaster: one for one in item.forecasts}
    spoken = [said.get(name) for name in names]
    by, fit = Cell(world.by.isoformat(), world.by, unit="date"), Cell(_fit(item.forecasts))
    own = [_cell(one, YES) for one in spoken] if world.is_event else []
    title = f"{world.identity}: {world.question}"
    yield Row(title, (by, fit, *own), about=world.identity)
    if not world.is_event and any(one.chances for one in item.forecasts):
        for option in world.options:
            cells = (Cell(), Cell(), *(_cell(one, option) for one in spoken))
            yield Row(option, cells, level=2, about=world.identity)
    if item.resolution is not None:
        yield Row(_outcome(item.resolution), level=1, emphasis=Emphasis.ASIDE)


def _fit(forecasts: Sequence[StandingForecast]) -> str:
    """Say how the model is asked; of scenarios asked in different ways, the roughest that is."""
    fits = {one.fit for one in forecasts}
    worded = {"approximate": "roughly", "exact": "exact", None: "silent"}
    return next((word for fit, word in worded.items() if fit in fits), "")


def _cell(one: StandingForecast | None, answer: str) -> Cell:
    if one is None:
        return Cell()
    chance = one.chances.get(answer)
    return Cell("-") if chance is None else _chance(chance, one)


def _chance(chance: Chance, one: StandingForecast) -> Cell:
    share = chance.probability
    return chance_cell(share, among(share, one.timelines), one.forecaster)


def _outcome(resolution: Resolution) -> str:
    """Write how a question came out, in a line."""
    if resolution.status == "resolved":
        return f"{resolution.answer}, {resolution.on}: {resolution.seen} ({resolution.source})"
    return f"{resolution.status}, {resolution.on}: {resolution.seen} ({resolution.source})"


# --- in detail ------------------------------------------------------------------------------------


def _detailed(found: Agenda) -> Iterator[Section]:
    """Tell of each question by what it is decided, and how it is resolved."""
    for item in found.items:
        world = item.world
        rows = [Row(name, note=note, level=1) for name, note in _facts(item)]
        rows += (_forecast(world, one) for one in item.forecasts)
        yield Section(f"{world.identity}: {world.question}", tuple(rows), about=world.identity)


def _facts(item: AgendaItem) -> Iterator[tuple[str, str]]:
    world = item.world
    yield "open", f"{world.opens} to {world.by}, {_days(item)}"
    if not world.is_event:
        yield "answers", listing(world.options)
    yield "criterion", world.criterion
    yield "decided by", world.source
    if world.state is not None:
        yield "when it opened", world.state
    if item.resolution is not None:
        yield "came out", _outcome(item.resolution)
    else:
        yield "to resolve", command(world)


def _days(item: AgendaItem) -> str:
    if item.days < 0:
        return f"closed {counted(-item.days, 'day')} ago"
    return f"closes in {counted(item.days, 'day')}" if item.days else "closes today"


def command(world: WorldQuestion) -> str:
    """Write the command that resolves a question, to be filled in."""
    answer = "DATE, no" if world.is_event else "OPTION"
    return (
        f"`coopsim forecast resolve {world.identity} --answer {answer.replace(', ', ' or ')} "
        "--source WHO --seen WHAT`"
    )


def _forecast(world: WorldQuestion, one: StandingForecast) -> Row:
    """Tell what a forecaster said: every chance with both of its errors."""
    if one.fit is None:
        return Row(one.forecaster, note=f"silent: {one.why}", level=1, about=one.forecaster)
    cells = [_named(answer, one) for answer in (YES, *world.options) if answer in one.chances]
    why = () if one.why is None else (Cell(f"only roughly: {one.why}"),)
    cells = list(dict.fromkeys((*cells, *why)))
    return Row(one.forecaster, listed=tuple(cells), level=1, about=one.forecaster)


def _named(answer: str, one: StandingForecast) -> Cell:
    chance = one.chances[answer]
    cell = _chance(chance, one)
    text = f"{cell.text}{NBSP}%"
    if chance.low is not None and chance.high is not None and chance.high - chance.low > _NO_BAND:
        low, high = (percent(end, (end, end), 0) for end in (chance.low, chance.high))
        text = f"{text} ({low} to {high})"
    return replace(cell, text=text, name=answer)


# --- what was written down ------------------------------------------------------------------------


def record_view(folder: Path, recorded: Sequence[Recorded]) -> View:
    """Tell what was recorded, and where."""
    sections = tuple(_recorded(folder, one) for one in recorded)
    note = (
        "The chain shows every later edit, and no time: commit the folder and publish it, which "
        "dates what was forecast."
    )
    return View((), sections, (note,))


def _recorded(folder: Path, one: Recorded) -> Section:
    record, fits = one.record, Counter(answered.fit for answered in one.record.questions)
    questions = (
        f"{counted(len(record.questions), 'question')}: {fits['exact']} asked exactly, "
        f"{fits['approximate']} roughly, {fits[None]} on which the model is silent"
    )
    rows = [
        Row("questions", note=questions, level=1),
        Row("known", note=f"what was known on {record.assumed.as_of}", level=1),
        Row("made", note=f"{record.made[:16].replace('T', ' ')} UTC", level=1),
        Row("file", note=str(folder / one.file), level=1),
        Row("SHA-256", note=one.sha256, level=1),
    ]
    if record.supersedes is not None:
        rows.append(Row("supersedes", note=f"{record.supersedes}: {record.why}", level=1))
    return Section(f"Forecast of {record.forecaster}", tuple(rows), about=one.file)


def resolve_view(
    folder: Path,
    world: WorldQuestion,
    resolution: Resolution,
    forecasts: Sequence[StandingForecast],
) -> View:
    """Tell how a question came out, beside what had been forecast."""
    rows = [Row(resolution.status, note=_outcome(resolution), level=1)]
    rows += [_forecast(world, one) for one in forecasts]
    section = Section(f"{world.identity}: {world.question}", tuple(rows), about=world.identity)
    return View((), (section,), (f"Written to {folder / 'resolutions.yaml'}.",))


def verify_view(track: TrackRecord) -> View:
    """Tell that a folder is whole, and what is in it."""
    counts = ", ".join(
        (
            counted(len(track.book.questions), "question"),
            counted(len(track.records), "recorded forecast"),
            f"{counted(len(track.standing), 'question')} resolved",
            counted(len(track.ledger.lines), "act"),
        )
    )
    last = (f"The last line of the chain has the hash {track.ledger.last}.",)
    note = (
        "Everything is as it was written. The chain shows edits, not time: compare its last hash "
        "with one that was published."
    )
    heading = (f"{track.folder} is whole", counts)
    return View(heading, (), (*(last if track.ledger.lines else ()), note))
