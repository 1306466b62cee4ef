"""Races: contenders take turns, so that a busy moment of the machine hits them all."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Play = Callable[[int], Any]  # a number of timelines -> their firings, as the contender logs them


@dataclass
class Contender:
    """Simulate as many timelines as fill about a second, and remember how fast that was."""

    name: str
    play: Play
    timelines: int
    count: Callable[[Any], int] = len
    speeds: list[float] = field(default_factory=list)  # timelines a second
    firings: float = 0.0  # a timeline

    def run(self, clock: Callable[[], float]) -> None:
        """Play one lap."""
        gc.collect()
        begun = clock()
        log = self.play(self.timelines)
        self.speeds.append(self.timelines / (clock() - begun))
        self.firings = self.count(log) / self.timelines

    @property
    def speed(self) -> float:
        """Get the median of the timelines a second."""
        return median(self.speeds)


def race(
    contenders: Sequence[Contender], laps: int, clock: Callable[[], float] = time.process_time
) -> None:
    """Run the contenders in turns; the clock is this process's time on a core.

    What other programs do in the meantime does not count then, as it would by the wall clock.
    """
    for contender in contenders:
        contender.play(min(10, contender.timelines))  # compiled, imported, warm
    for lap in range(laps):
        turn = lap % len(contenders)
        for contender in (*contenders[turn:], *contenders[:turn]):
            contender.run(clock)
