"""One question answered: how likely a statement is, given another one, and with a change made.

Evidence chooses among timelines, a changed assumption changes them. What we do not know is told
apart from the error of a finite number of timelines, by drawing both anew (epistemic.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from coopsim.analysis.comparing.pairing import PairedEstimate, PairedSums
from coopsim.analysis.evidence.conditioning import LEAST
from coopsim.analysis.measures import Samples, joined, measures
from coopsim.analysis.statistics.estimates import Interval, Share, share_of
from coopsim.analysis.summaries import plain
from coopsim.errors import UsageError
from coopsim.experiments.epistemic import epistemic, epistemic_streams
from coopsim.experiments.variants import Effort, each, measure
from coopsim.scenario.loading import Loaded
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.building import build_program

_CHUNK = 1_000  # timelines that one thread simulates at a time
_DRAWS = 400  # of what we do not know, for the band
_REPLICATIONS = 50  # timelines of each of them


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
    """How likely a statement is, of `runs` timelines among which `matches` agree with evidence.

    `written` and `change` are there where assumptions were set: the chance with everything as
    written, and by how much it changes on the same luck. Of evidence they are those of all
    timelines: then `written` is the chance without it, and there is no `change`. `band` is missing
    where nothing is uncertain, and given evidence.
    """

    scenario: str
    hash: str
    seed: int
    runs: int
    matches: int
    statement: str
    given: tuple[str, ...]
    settings: tuple[str, ...]
    chance: Share
    written: Share | None
    change: PairedEstimate | None
    band: Band | None

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold."""
        tree: dict[str, Any] = plain(self)
        return tree


def ask(
    written: Loaded, statement: str, given: Sequence[str], settings: Sequence[str], effort: Effort
) -> AskedChance:
    """Answer how likely a statement is, given others, and with some assumptions set.

    Raises UsageError for what is no statement, or a number and no chance, and where fewer than 30
    timelines agree with the evidence; ScenarioError for a setting that cannot stand.
    """
    changed = written.having(settings)
    asked = [statement, *given]
    numbers = _numbers(changed, asked, effort)
    matching = numbers[1:].all(axis=0)
    if matching.sum() < LEAST:
        raise UsageError(_too_few(int(matching.sum()), effort.runs, given))
    answer = AskedChance(
        scenario=changed.scenario.scenario,
        hash=changed.hash,
        seed=changed.scenario.seed,
        runs=effort.runs,
        matches=int(matching.sum()),
        statement=statement,
        given=tuple(given),
        settings=tuple(settings),
        chance=share_of(int(numbers[0, matching].sum()), int(matching.sum())),
        written=None,
        change=None,
        band=None if given else bands(changed, [statement], effort).get(statement),
    )
    if settings:
        before = _numbers(written, asked, effort)
        return replace(answer, **_against(before, numbers, paired=not given))
    if given:
        return replace(answer, written=share_of(int(numbers[0].sum()), effort.runs))
    return answer


def _too_few(matches: int, runs: int, given: Sequence[str]) -> str:
    evidence = " and ".join(f"`{one}`" for one in given)
    return (
        f"{matches} of {runs:,} timelines agree with {evidence}; at least {LEAST} must: use a "
        "broader condition, or more `--runs`"
    )


def _numbers(loaded: Loaded, asked: Sequence[str], effort: Effort) -> FloatArray:
    """Play a scenario, and tell in which timelines each statement is so, shape (asked, runs)."""
    program = build_program(loaded.scenario)
    found = measures(program, loaded.scenario.outcomes, asked)
    for text, one in zip(asked, found, strict=True):
        if one.unit != "share":
            raise UsageError(
                f"`{text}` is a number and no chance: state how much, such as `{text} >= 3`"
            )

    def play(first: int) -> Samples:
        return measure(program, found, min(_CHUNK, effort.runs - first), first)

    chunks = range(0, effort.runs, _CHUNK)
    size = min(_CHUNK, effort.runs)
    pieces = each(play, chunks, replace(effort, runs=size))
    return joined(list(pieces)).numbers


def _against(before: FloatArray, after: FloatArray, *, paired: bool) -> dict[str, Any]:
    """Compare with everything as written; given evidence the timelines are not the same ones."""
    matching = before[1:].all(axis=0)
    if matching.sum() < LEAST:
        return {}
    told = {"written": share_of(int(before[0, matching].sum()), int(matching.sum()))}
    if not paired:
        return told
    sums = PairedSums(2, 1)
    sums.update([before[:1].T, after[:1].T])
    return {**told, "change": sums.difference(1, 0, "share")}


def bands(loaded: Loaded, statements: Sequence[str], effort: Effort) -> dict[str, Band]:
    """Tell the model uncertainty of the chance of each statement; none if nothing is uncertain."""
    if not epistemic_streams(build_program(loaded.scenario)):
        return {}
    found = epistemic(loaded, statements, replace(effort, runs=_DRAWS), _REPLICATIONS)
    return {
        statement: Band(one.band, one.low_interval, one.high_interval, len(found.uncertain))
        for statement, one in found.outcomes.items()
    }
