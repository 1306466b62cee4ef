"""Questions answered: how likely a statement is, given others, and with a change made.

Evidence chooses among timelines, a changed assumption changes them. What we do not know is told
apart from the error of a finite number of timelines, by drawing both again (epistemic.py).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coopsim.analysis.comparing.pairing import PairedEstimate, PairedSums
from coopsim.analysis.evidence.conditioning import difference_reach
from coopsim.analysis.evidence.matching import LEAST, MOST, Matches, whole_blocks
from coopsim.analysis.evidence.settled import why_settled
from coopsim.analysis.measures import Measure, chances
from coopsim.analysis.statistics.estimates import Interval, Share, share_of
from coopsim.analysis.statistics.spread import Z95
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import BoolArray
from coopsim.experiments.epistemic import epistemic, epistemic_streams
from coopsim.experiments.variants import Effort, Variant
from coopsim.scenario.loading import Loaded
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Chunk

DRAWS = 400  # of what we do not know, for the band
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
    numbers: int  # numbers and starting levels that are uncertain


@dataclass(frozen=True, slots=True)
class AskedChance:
    """How likely one statement is, and the chance it is compared with.

    `written` is that with everything as written where assumptions were set, else that of all
    timelines where there is evidence; `change` is by how much they differ, None for evidence and
    settings at once, which choose other timelines. `band` is missing where nothing is uncertain,
    and given evidence. `reason` says what makes it so that it holds in all timelines or none.
    """

    statement: str
    chance: Share
    written: Share | None = None
    change: PairedEstimate | None = None
    band: Band | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskedChances:
    """How likely statements are, of `runs` timelines among which `matches` agree with evidence.

    `settings` were made for it, over the `sets` that the scenario had already.
    """

    scenario: str
    hash: str
    seed: int
    runs: int
    matches: int
    given: tuple[str, ...]
    settings: tuple[str, ...]
    answers: tuple[AskedChance, ...]
    warnings: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()

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
    fewer than 30 timelines agree with the evidence; ScenarioError for a setting that cannot stand,
    StoppedError where cancelled.
    """
    changed = written.having(asking.settings)
    side = _Side(changed, asking, effort)
    first = side.first(None if asking.settings else kept)
    side.matches(first).check_possible()
    so = side.searched(first)
    found = side.matches(so)
    found.check()
    before = None
    if asking.settings:
        other = _Side(written, asking, effort)
        before = other.on_to(other.first(kept), found.runs)
    known = [None] * len(asking.statements) if asking.given else bands(changed, side.asked, effort)
    return AskedChances(
        scenario=changed.scenario.scenario,
        hash=changed.hash,
        seed=changed.scenario.seed,
        runs=found.runs,
        matches=found.matches,
        given=asking.given,
        settings=asking.settings,
        answers=tuple(
            replace(
                _answer(text, place, so, before, asking), band=band, reason=side.reason(place, so)
            )
            for place, (text, band) in enumerate(zip(asking.statements, known, strict=True))
        ),
        warnings=tuple(found.warnings()),
        sets=written.scenario.variant,
    )


class _Side:
    """In which timelines of one scenario the statements are so, as arrays (statements, runs)."""

    def __init__(self, loaded: Loaded, asking: Asking, effort: Effort) -> None:
        self._asking, self._effort = asking, effort
        program = build_program(loaded.scenario)
        asked = chances(program, loaded.scenario, asking.all)
        self._variant = Variant(loaded.scenario, program, asked)
        self._why = why_settled(loaded, program)

    def first(self, kept: ReadFirings | None) -> BoolArray:
        """Read the timelines that are kept, or play as many as are asked for."""
        if kept is None:
            runs = self._effort.runs
            return np.hstack(list(self._played(self._effort.players.cut(runs), runs)))
        return np.hstack([self._variant.read(part).numbers > 0 for part in kept()])

    def on_to(self, so: BoolArray, runs: int) -> BoolArray:
        """Play on until there are so many timelines."""
        there = so.shape[1]
        return np.hstack([so, *self._played(whole_blocks(there, runs), runs - there)])

    def searched(self, so: BoolArray) -> BoolArray:
        """Play on to the first whole block at whose end as many match as are searched for."""
        until, most = self._asking.until, self._asking.most
        pieces, matches = [so], int(self._match(so).sum())
        with closing(self._played(whole_blocks(so.shape[1], most))) as further:
            while matches < until and (piece := next(further, None)) is not None:
                pieces.append(piece)
                matches += int(self._match(piece).sum())
                self._effort.players.on_progress(min(matches, until), until)
        return np.hstack(pieces)

    def matches(self, so: BoolArray) -> Matches:
        """Count the timelines that agree with what is given."""
        asking = self._asking
        given = so[len(asking.statements) :]
        alone = tuple(int(one.sum()) for one in given)
        count = int(self._match(so).sum())
        until, most = asking.until, asking.most
        return Matches(asking.given, so.shape[1], count, alone, until, most, self._why)

    def reason(self, place: int, so: BoolArray) -> str:
        """Say why a statement that is asked holds in all timelines or none; nothing if in some."""
        count = int(so[place].sum())
        if count not in (0, so.shape[1]):
            return ""
        return self._why(self._asking.statements[place], count > 0).text

    @property
    def asked(self) -> Sequence[Measure]:
        """Get what is asked, without what is given."""
        return self._variant.asked[: len(self._asking.statements)]

    def _match(self, so: BoolArray) -> BoolArray:
        return _every(so[len(self._asking.statements) :])

    def _played(self, blocks: Iterable[Chunk], total: int | None = None) -> Generator[BoolArray]:
        plays = ((self._variant, block) for block in blocks)
        return self._effort.players.play(_statements, plays, total)


def _statements(variant: Variant, first_run: int, runs: int) -> BoolArray:
    return variant.samples(first_run, runs).numbers > 0


def bands(loaded: Loaded, asked: Sequence[str | Measure], effort: Effort) -> list[Band | None]:
    """Find where each chance would lie if we knew what is written as uncertain.

    It is None where nothing is. Raises UsageError for what can be neither asked nor stated.
    """
    variant = Variant.of(loaded.scenario, asked) if asked else None
    if variant is None or not epistemic_streams(variant.program):
        return [None] * len(asked)
    found = epistemic(loaded, variant.asked, replace(effort, runs=DRAWS), _REPLICATIONS)
    numbers = len(found.uncertain)
    answers = [found.outcomes[one.text] for one in variant.asked]
    return [Band(one.band, one.low_interval, one.high_interval, numbers) for one in answers]


def _answer(
    text: str, place: int, so: BoolArray, before: BoolArray | None, asking: Asking
) -> AskedChance:
    """Count one statement's timelines, and compare its chance with the one beside it."""
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
