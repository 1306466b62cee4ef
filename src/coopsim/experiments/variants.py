"""Many variants of a scenario, played in memory on common random numbers.

Timeline r of every variant shares its luck with timeline r of every other, so that what differs
between them is due to what was changed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Self

from coopsim.analysis.measures import Measure, Samples, joined, measures, read
from coopsim.errors import UsageError
from coopsim.scenario.spec import Scenario
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.workers.playing import Players

_FEWEST_RUNS = 100


@dataclass(frozen=True, slots=True)
class Effort:
    """How many timelines of each variant to play, and who plays them."""

    runs: int
    players: Players = field(default_factory=Players)

    def __post_init__(self) -> None:
        if self.runs < _FEWEST_RUNS:
            raise UsageError(
                f"{self.runs} timelines are too few to detect effects; at least "
                f"{_FEWEST_RUNS} are needed"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A scenario, the program of it that is played, and what is read from its timelines."""

    scenario: Scenario
    program: Program
    asked: Sequence[Measure]

    @classmethod
    def of(
        cls, scenario: Scenario, asked: Sequence[str | Measure], program: Program | None = None
    ) -> Self:
        """Make a variant of which outcomes are asked, as for --outcome; raises UsageError."""
        program = program or build_program(scenario)
        return cls(scenario, program, measures(program, scenario, asked))

    def samples(self, first_run: int, runs: int) -> Samples:
        """Play a block of runs, and keep only what the measures read."""
        return self.read(simulate(self.program, first_run, runs))

    def read(self, firings: Firings) -> Samples:
        """Read the measures off every timeline of some firings."""
        return read(self.asked, self.program, firings)


def sampled(
    variants: Iterable[Variant], count: int, effort: Effort
) -> Generator[tuple[Variant, Samples]]:
    """Play so many variants, and give each in its turn with what was read from its timelines.

    A variant is asked for when its turn comes. Raises StoppedError where playing is cancelled.
    """
    blocks = effort.players.cut(effort.runs, count)
    plays = ((variant, block) for variant in variants for block in blocks)
    with closing(effort.players.play(_sampled, plays, count * effort.runs)) as pieces:
        while whole := list(islice(pieces, len(blocks))):
            yield whole[0][0], joined([samples for _, samples in whole])


def _sampled(variant: Variant, first_run: int, runs: int) -> tuple[Variant, Samples]:
    return variant, variant.samples(first_run, runs)
