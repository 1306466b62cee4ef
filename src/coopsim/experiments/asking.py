"""Questions answered: how likely a statement is, given others, and with a change made.

Evidence chooses among timelines, a changed assumption changes them. What we do not know is told
apart from the error of a finite number of timelines, by drawing both anew (epistemic.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coopsim.analysis.comparing.pairing import PairedEstimate, PairedSums
from coopsim.analysis.evidence.conditioning import difference_reach
from coopsim.analysis.evidence.matching import BLOCK, LEAST, MOST, Matches
from coopsim.analysis.measures import chances, read
from coopsim.analysis.statistics.estimates import Interval, Share, share_of
from coopsim.analysis.statistics.spread import Z95
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import BoolArray
from coopsim.experiments.epistemic import epistemic, epistemic_streams
from coopsim.experiments.variants import Effort, each, measure, silent
from coopsim.scenario.loading import Loaded
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import Firings

_CHUNK = 1_000  # timelines that one thread simulates at a time
_AHEAD = 16 * BLOCK  # timelines that are simulated before it is looked whether enough match
_DRAWS = 400  # of what we do not know, for the band
_REPLICATIONS = 50  # timelines of each of them

ReadFirings = Callable[[], Iterable[Firings]]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked: statements, given others that must all be so, and with some settings.

    With `until`, timelines are simulated until so many agree with what is given, `most` in all.
    """

    statements: tuple[str, ...]
    given: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    until: int = 0
    most: int = MOST

    @property
    def all(self) -> tuple[str, ...]:
        """Get all statements, those that are asked first."""
        return self.statements + self.given


@dataclass(frozen=True, slots=True)
class Band:
    """Where a chance would lie nine times in ten, if we knew what is written as uncertain.

    `low` and `high` bound its ends at 95 %; they are None where they cannot be told.
    """

    ends: Interval
    low: Interval | None
    high: Interval | None
    numbers: int  # numbers and first levels that are uncertain


@dataclass(frozen=True, slots=True)
class AskedChance:
    """How likely one statement is, and the chance that it is held against.

    `written` is that with everything as written where assumptions were set, else that of all
    timelines where there is evidence; `change` is by how much they differ, None for evidence and
    settings at once, which choose other timelines. `band` is missing where nothing is uncertain,
    and given evidence.
    """

    statement: str
    chance: Share
    written: Share | None = None
    change: PairedEstimate | None = None
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class AskedChances:
    """How likely statements are, of `runs` timelines among which `matches` agree with evidence."""

    scenario: str
    hash: str
    seed: int
    runs: int
    matches: int
    given: tuple[str, ...]
    settings: tuple[str, ...]
    answers: tuple[AskedChance, ...]
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold."""
        tree: dict[str, Any] = plain(self)
        return tree


def ask(
    written: Loaded, asking: Asking, effort: Effort, kept: ReadFirings | None = None
) -> AskedChances:
    """Answer how likely statements are, given others, and with some assumptions set.

    `kept` reads the firings of the scenario as written, where its first `effort.runs` timelines are
    there already. Raises UsageError for what is no statement, or a number and no chance, and where
    fewer than 30 timelines agree with the evidence; ScenarioError for a setting that cannot stand.
    """
    changed = written.having(asking.settings)
    side = _Side(changed, asking, effort)
    so = side.searched(side.first(None if asking.settings else kept))
    found = side.matches(so)
    found.check()
    before = None
    if asking.settings:
        other = _Side(written, asking, effort)
        before = other.on_to(other.first(kept), found.runs)
    bands = [None] * len(asking.statements) if asking.given else side.bands(changed)
    return AskedChances(
        scenario=changed.scenario.scenario,
        hash=changed.hash,
        seed=changed.scenario.seed,
        runs=found.runs,
        matches=found.matches,
        given=asking.given,
        settings=asking.settings,
        answers=tuple(
            replace(_answer(text, place, so, before, asking), band=band)
            for place, (text, band) in enumerate(zip(asking.statements, bands, strict=True))
        ),
        warnings=tuple(found.warnings()),
    )


class _Side:
    """In which timelines of one scenario the statements are so, as arrays (statements, runs)."""

    def __init__(self, loaded: Loaded, asking: Asking, effort: Effort) -> None:
        self._asking, self._effort = asking, effort
        self._program = build_program(loaded.scenario)
        self._measures = chances(self._program, loaded.scenario, asking.all)

    def first(self, kept: ReadFirings | None) -> BoolArray:
        """Read the timelines that are kept, or play as many as are asked for."""
        if kept is None:
            return self._played(0, self._effort.runs, self._effort)
        pieces = [read(self._measures, self._program, part).numbers > 0 for part in kept()]
        return np.hstack(pieces)

    def on_to(self, so: BoolArray, runs: int) -> BoolArray:
        """Play on until there are so many timelines."""
        there = so.shape[1]
        return so if there >= runs else np.hstack([so, self._played(there, runs, self._effort)])

    def searched(self, so: BoolArray) -> BoolArray:
        """Play on to the first whole block at whose end as many match as are searched for."""
        until, most = self._asking.until, self._asking.most
        quiet = replace(self._effort, on_progress=silent)
        while self.matches(so).matches < until and so.shape[1] < most:
            there = so.shape[1]
            self._effort.on_progress(self.matches(so).matches, until)
            so = np.hstack([so, self._played(there, min(there + _AHEAD, most), quiet)])
            count = np.cumsum(self._match(so))
            if count[-1] >= until:
                needed = int(np.searchsorted(count, until)) + 1
                so = so[:, : min(-(-needed // BLOCK) * BLOCK, most)]
        return so

    def matches(self, so: BoolArray) -> Matches:
        """Count the timelines that agree with what is given."""
        asking = self._asking
        given = so[len(asking.statements) :]
        alone = tuple(int(one.sum()) for one in given)
        count = int(self._match(so).sum())
        return Matches(asking.given, so.shape[1], count, alone, asking.until, asking.most)

    def bands(self, loaded: Loaded) -> Sequence[Band | None]:
        """Find where each chance would lie if we knew what is written as uncertain."""
        asked = self._measures[: len(self._asking.statements)]
        if not epistemic_streams(self._program):
            return [None] * len(asked)  # nothing is written as uncertain
        found = epistemic(loaded, asked, replace(self._effort, runs=_DRAWS), _REPLICATIONS)
        bands = [found.outcomes[one.text] for one in asked]
        numbers = len(found.uncertain)
        return [Band(one.band, one.low_interval, one.high_interval, numbers) for one in bands]

    def _match(self, so: BoolArray) -> BoolArray:
        return _every(so[len(self._asking.statements) :])

    def _played(self, first: int, last: int, effort: Effort) -> BoolArray:
        def play(begin: int) -> BoolArray:
            runs = min(_CHUNK, last - begin)
            return measure(self._program, self._measures, runs, begin).numbers > 0

        size = max(min(_CHUNK, last - first), 100)
        pieces = each(play, range(first, last, _CHUNK), replace(effort, runs=size))
        return np.hstack(list(pieces))


def _answer(
    text: str, place: int, so: BoolArray, before: BoolArray | None, asking: Asking
) -> AskedChance:
    """Count one statement's timelines, and hold its chance against what it is told beside."""
    evidence = slice(len(asking.statements), None)
    matching = _every(so[evidence])
    chance = _share(so[place], matching)
    if before is None:
        if not asking.given:
            return AskedChance(text, chance)
        overall = _share(so[place], np.ones_like(matching))
        shift = _against_all(chance, overall, float(matching.mean()))
        return AskedChance(text, chance, overall, shift)
    matched = _every(before[evidence])
    if matched.sum() < LEAST:
        return AskedChance(text, chance)
    # Given evidence the timelines are not the same ones, and cannot be held against each other.
    change = None if asking.given else _paired(before[place], so[place])
    return AskedChance(text, chance, _share(before[place], matched), change)


def _every(so: BoolArray) -> BoolArray:
    agreed: BoolArray = np.logical_and.reduce(so, axis=0)
    return agreed


def _share(so: BoolArray, among: BoolArray) -> Share:
    return share_of(int((so & among).sum()), int(among.sum()))


def _against_all(chance: Share, overall: Share, share: float) -> PairedEstimate:
    """Tell by how much a chance among some timelines differs from that among all."""
    change = chance.share - overall.share
    reach = difference_reach(chance.interval, overall.interval, share)
    return PairedEstimate(change, reach / Z95, (change - reach, change + reach))


def _paired(before: BoolArray, after: BoolArray) -> PairedEstimate:
    sums = PairedSums(2, 1)
    sums.update([one.astype(np.float64)[:, np.newaxis] for one in (before, after)])
    return sums.difference(1, 0, "share")
