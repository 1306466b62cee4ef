"""Answers given evidence, held against the same timelines picked by hand."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from coopsim.analysis.evidence.conditioning import (
    Given,
    Search,
    Simulated,
    condition,
    difference_reach,
)
from coopsim.analysis.evidence.matching import BLOCK
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.levels import DriverSummary
from coopsim.analysis.statistics.estimates import share_of
from coopsim.analysis.statistics.spread import Z95
from coopsim.analysis.summaries import summarise
from coopsim.errors import UsageError
from coopsim.simulation.draws import stream_key, uniforms
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Chunk, Made
from coopsim.simulation.program import Program
from coopsim.simulation.workers.playing import Players
from hand_made import TEN, Row, firings, program, split, start_by_run, start_cool
from ten import ASKED, asked

SCENARIO, PROGRAM = asked(), program(ASKED)
TIMES = 20
# The ten timelines, twenty times over: run 10 j + r is like run r.
MANY: list[Row] = [(run + 10 * j, what, when) for j in range(TIMES) for run, what, when in TEN]


def none_there(
    _program: Program, _blocks: Iterable[Chunk], _made_of: Callable[[Firings], Made], /
) -> Generator[Made]:
    raise AssertionError("nothing was to be simulated")


def given(
    that: Sequence[str],
    parts: Sequence[Firings] | None = None,
    search: Search = Search(none_there),  # noqa: B008  # frozen
) -> Given:
    parts = [firings(MANY, 200)] if parts is None else parts
    summary = summarise(SCENARIO, PROGRAM, parts, "3f9a2c1b", start_cool)
    return condition(Simulated(SCENARIO, PROGRAM, parts, summary), that, search, start_cool)


# Of the ten, 0, 2, 3, 4, 7, 8 and 9 have a flight.
def test_the_answers_are_those_of_the_timelines_that_match() -> None:
    found = given(["flight"])
    assert (found.runs, found.matches, found.share) == (200, 140, share_of(140, 200))
    flying = [row for row in MANY if row[0] % 10 not in (1, 5, 6)]
    numbers = {run: place for place, run in enumerate(dict.fromkeys(row[0] for row in flying))}
    by_hand = firings([(numbers[run], *rest) for run, *rest in flying], 140)  # type: ignore[misc]
    assert found.given == summarise(SCENARIO, PROGRAM, [by_hand], "3f9a2c1b", start_cool)
    assert found.overall.runs == 200


def test_how_the_timelines_are_cut_into_parts_is_never_seen() -> None:
    whole = given(["launch = fails"])
    # Of the runs 1 to 4 none match: that part is left out.
    assert given(["launch = fails"], parts=split(firings(MANY, 200), 1, 5, 77)) == whole


def test_the_law_of_total_probability() -> None:
    so, not_so, ever = given(["landing"]), given(["not landing"]), given([])
    assert ever.matches == ever.runs == 200
    for name in ("flies", "works", "early"):
        parts = [
            one.matches * outcome.probability
            for one in (so, not_so)
            if isinstance(outcome := one.given.outcomes[name], DateSummary)
        ]
        total = ever.given.outcomes[name]
        assert isinstance(total, DateSummary)
        assert sum(parts) == pytest.approx(200 * total.probability, abs=1e-9)


# Run r starts at level r % 3; those that start cold stay cold, as nothing moves them.
def test_the_first_levels_are_those_of_the_timelines_that_match() -> None:
    parts = split(firings([], 99), 10, 50)
    summary = summarise(SCENARIO, PROGRAM, parts, "3f9a2c1b", start_by_run)
    source = Simulated(SCENARIO, PROGRAM, parts, summary)
    found = condition(source, ["relations = cold"], Search(none_there), start_by_run)
    assert found.matches == 33
    relations = found.given.outcomes["relations"]
    assert isinstance(relations, DriverSummary)
    assert all(shares == {"cold": 1, "cool": 0, "warm": 0} for shares in relations.shares.values())
    shifts = {shift.part: shift for shift in found.shifts if shift.outcome == "relations"}
    assert shifts["cold"].given == 1
    assert shifts["cold"].overall == pytest.approx(1 / 3)
    assert shifts["cold"].difference == pytest.approx(2 / 3)


def test_few_matches_are_warned_of() -> None:
    (warning,) = given(["landing"]).warnings
    assert warning == (
        "only 40 timelines match, so intervals are wide; `--until 400` simulates more until "
        "that many match"
    )
    assert given([]).warnings == ()


def test_too_few_matches_are_refused() -> None:
    with pytest.raises(UsageError) as error:
        given(["flight >= 2", "launch"])
    assert str(error.value) == (
        "20 of 200 timelines match `flight >= 2` and `launch` (alone: `flight >= 2` 40, "
        "`launch` 140); at least 30 must match: use a broader condition, or simulate more: "
        "`--until 400` continues until that many match"
    )
    with pytest.raises(UsageError) as error:
        given(["thaw"])
    assert str(error.value) == (
        "0 of 200 timelines match `thaw`; at least 30 must match: use a broader condition, or "
        "simulate more: `--until 400` continues until that many match"
    )


# --- simulating on ----------------------------------------------------------------------------


def ten_again(
    _program: Program, blocks: Iterable[Chunk], made_of: Callable[[Firings], Made], /
) -> Generator[Made]:
    """Go on with the ten timelines; a block begins at a multiple of ten."""
    for first_run, runs in blocks:
        rows = [
            (run, what, when)
            for start in range(first_run, first_run + runs, 10)
            for run, what, when in ((start + row[0], *row[1:]) for row in TEN)
        ]
        yield made_of(firings(rows, runs, first_run))


def as_they_are(part: Firings) -> Firings:
    return part


# One timeline of ten has a landing before its flight: 100 in each block of a thousand.
def test_blocks_follow_until_enough_match() -> None:
    seen: list[tuple[int, int]] = []
    search = Search(ten_again, until=250, on_progress=lambda *at: seen.append(at))
    found = given(["landing before flight"], search=search)
    assert (found.runs, found.matches) == (3 * BLOCK, 300)
    assert seen == [(20, 250), (100, 250), (200, 250), (250, 250)]
    assert found.overall.runs == 200
    # The same timelines, all there from the start.
    there = given(
        ["landing before flight"], parts=list(ten_again(PROGRAM, [(0, 3 * BLOCK)], as_they_are))
    )
    assert found.given == there.given
    assert found.share == there.share


@pytest.mark.parametrize("workers", [1, 3])
def test_whoever_sifts_the_timelines_is_never_seen(workers: int) -> None:
    parts, each = split(firings(MANY, 200), *range(10, 200, 10)), Players(workers).each

    def played(
        program: Program, blocks: Iterable[Chunk], made_of: Callable[[Firings], Made], /
    ) -> Generator[Made]:
        yield from each(made_of, ten_again(program, blocks, as_they_are))

    search = Search(played, until=250, each=each)
    alone = Search(ten_again, until=250)
    assert given(["launch = fails"], parts, search) == given(["launch = fails"], parts, alone)


def test_nothing_is_simulated_where_enough_match() -> None:
    assert given(["flight"], search=Search(none_there, until=140)).runs == 200


def test_a_search_that_ends_too_early_says_so() -> None:
    search = Search(ten_again, until=900, most=2500)
    found = given(["landing before flight"], search=search)
    assert (found.runs, found.matches) == (2500, 250)
    (warning,) = found.warnings
    assert warning == (
        "stopped at 2,500 timelines with 250 of the 900 matches asked for; --most raises that limit"
    )
    with pytest.raises(UsageError) as error:
        given(["thaw"], search=search)
    assert str(error.value) == (
        "0 of 2,500 timelines match `thaw`; at least 30 must match: use a broader condition, "
        "or raise --most"
    )


# --- the error of a difference ----------------------------------------------------------------


def halves(low: float, high: float) -> float:
    return (high - low) / 2 / Z95


# Given less overall, of 4,000 experiments of 400 timelines each: evidence in 0.4 of them, and a
# chance of 0.7 with it, of 0.2 without. Their standard deviation is known to 1 / sqrt(2 x 4000)
# = 1.1 %, so five standard errors are 5.6 %. Without the covariance it would be 40 % off.
def test_the_error_of_a_difference_is_the_one_found_by_repeating() -> None:
    experiments, runs = 4000, 400
    e, y = (
        uniforms(stream_key(1, name), 0, experiments * runs, 0).reshape(experiments, runs)
        for name in "ey"
    )
    evidence: NDArray[np.bool_] = e < 0.4
    happens = y < np.where(evidence, 0.7, 0.2)
    matches = evidence.sum(axis=1)
    found = (happens & evidence).sum(axis=1) / matches - happens.mean(axis=1)
    spread = float(found.std(ddof=1))
    ours, theirs = share_of(112, 160), share_of(160, 400)
    reach = difference_reach(ours.interval, theirs.interval, 0.4) / Z95
    assert abs(reach / spread - 1) < 0.056
    naive = float(np.hypot(halves(*ours.interval), halves(*theirs.interval)))
    assert abs(naive / spread - 1) > 0.056


def test_evidence_that_is_always_so_changes_nothing() -> None:
    found = given(["not thaw"])
    assert found.given == found.overall
    for shift in found.shifts:
        assert shift.difference == 0
        assert shift.difference_interval is None or shift.difference_interval == (0, 0)


# Of the seven with a flight, the launch works on 1 January 2026 in two, then on 1 February,
# 6 May, which is the middle one, and 31 December; in two never.
def test_json_has_no_dates_left() -> None:
    tree = given(["flight"]).to_json()
    assert tree["that"] == ["flight"]
    assert tree["given"]["outcomes"]["works"]["quantiles"]["0.5"] == "2026-05-06"
