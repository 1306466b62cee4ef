"""Adding to a folder of forecasts: the file first, then its line in the chain.

After a crash between the two, the same act done again takes up what is there. Nothing else is ever
written over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import count

from coopsim.errors import Problem, ScenarioError, UsageError
from coopsim.forecasts.files import LEDGER, RESOLUTIONS
from coopsim.forecasts.ledger import LedgerLine
from coopsim.forecasts.records import Record, record_hash, written
from coopsim.forecasts.resolutions import ACT_OF, Resolution, check, resolutions_in
from coopsim.forecasts.verifying import Recorded, TrackRecord, read_folder
from coopsim.scenario.text.reading import Invalid, dotted
from coopsim.simulation.results.atomic import is_there, write_atomically


def add_record(track: TrackRecord, record: Record) -> Recorded:
    """Write a record and its line in the chain; gives it with the name of its file.

    Raises CoopsimError where a file cannot be written, and ScenarioError where something else is
    in the folder that has no line in the chain.
    """
    pending = track.pending
    if isinstance(pending, Recorded) and pending.record == replace(
        record, made=pending.record.made
    ):
        added = pending
    else:
        _refuse_pending(track, record.made)
        added = Recorded(_free_name(track, record), record_hash(record), record)
        write_atomically(track.folder / added.file, written(record))
    made, of, sha256 = added.record.made, added.file, added.sha256
    _add(track, LedgerLine("record", made, of, sha256, record.supersedes))
    return added


def add_resolution(track: TrackRecord, entry: Resolution, at: str) -> Resolution:
    """Write a resolution and its line in the chain, at a moment (UTC).

    Raises UsageError where the question has come out so already, ScenarioError with every reason
    why this is no resolution of it, and both as `add_record` does.
    """
    today = datetime.fromisoformat(at).date()
    try:
        check(entry, track.book, today)
    except Invalid as error:
        problems = [
            Problem(dotted(one.path), one.found, one.expected, hint=one.hint)
            for one in error.faults
        ]
        raise ScenarioError(problems) from None
    pending = track.pending
    earlier = [one for one in track.resolutions.entries if one is not pending]
    before = {one.identity: one for one in earlier}.get(entry.identity)
    if isinstance(pending, Resolution) and entry.is_as(pending):
        entry = pending
    else:
        _refuse_pending(track, at)
        if before is not None and entry.is_as(before):
            raise UsageError(f"{entry.identity} is {entry.status} just so already")
        _write_resolution(track, entry, today)
    replaced = before.sha256 if before else None
    _add(track, LedgerLine(ACT_OF[entry.status], at, entry.identity, entry.sha256, replaced))
    return entry


def _refuse_pending(track: TrackRecord, at: str) -> None:
    """Raise ScenarioError for what has no line in the chain, and is not what is written now."""
    if track.pending is not None:
        read_folder(track.folder, datetime.fromisoformat(at).date())


def _free_name(track: TrackRecord, record: Record) -> str:
    start = f"{record.assumed.as_of}-{record.forecaster}"
    names = (f"{start}.json" if n == 1 else f"{start}-{n}.json" for n in count(1))
    return next(name for name in names if not is_there(track.folder / name))


def _write_resolution(track: TrackRecord, entry: Resolution, today: date) -> None:
    """Add an entry to the end of the file; raises UsageError where it would not be read there."""
    path = track.folder / RESOLUTIONS
    file = track.resolutions.having(entry)
    try:
        read = resolutions_in(file.text, str(path), track.book, today).entries
    except ScenarioError:
        read = ()
    if read != file.entries:
        raise UsageError(
            f"{path} has something after its list of resolutions, or writes it in brackets: let "
            "the file end with that list, an entry below the other"
        )
    write_atomically(path, file.text.encode())


def _add(track: TrackRecord, line: LedgerLine) -> None:
    write_atomically(track.folder / LEDGER, track.ledger.having(line).written())
