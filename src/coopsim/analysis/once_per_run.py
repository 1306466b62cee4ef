"""What is drawn once per run: uncertain numbers, first levels and shared luck, in one list.

Evidence looks for predictors among these draws, global indices measure how much each of
them explains, and epistemic replications keep them while all else is drawn again. As chance is
counter-based, any of them can be drawn again for any run, without a simulation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from coopsim.analysis.statistics import special
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.draws import stream_key, uniforms
from coopsim.simulation.program import Program, Quantity

RunDrawKind = Literal["rate", "chance", "factor", "level", "luck"]


@dataclass(frozen=True, slots=True)
class RunDraw:
    """A draw made once per run: an uncertain number, a driver's first level, or shared luck.

    `stream` is the index of its stream and `name` that stream's name. A number has the `quantity`
    by which it is drawn, a first level the index of its `driver`.
    """

    kind: RunDrawKind
    stream: int
    name: str
    quantity: Quantity | None = None
    driver: int | None = None

    @property
    def path(self) -> str:
        """Get the path of the assumption that is drawn, as a person writes it."""
        path = re.sub(r"\.rate\.value", ".rate", self.name)
        switch = re.fullmatch(r"events\.(?P<driver>[^:]+): (?P<rest>.+ -> .+)", path)
        return f"drivers.{switch['driver']}.switches.{switch['rest']}" if switch else path


def run_draws(program: Program) -> list[RunDraw]:
    """List what is drawn once per run: numbers, then first levels, then shared luck."""
    streams = program.streams
    numbers = [
        RunDraw(_kind(streams[own]), own, streams[own], quantity)
        for _, quantity in program.per_run
        if (own := quantity.stream) is not None
    ]
    levels = [
        RunDraw("level", driver.stream, streams[driver.stream], driver=index)
        for index, driver in enumerate(program.drivers)
        if driver.stream is not None
    ]
    luck = [
        RunDraw("luck", stream, name)
        for stream, name in enumerate(streams)
        if name.startswith("luck.")
    ]
    return [*numbers, *levels, *luck]


def _kind(name: str) -> RunDrawKind:
    if ".rate.value" in name:
        return "rate"
    return "chance" if ".chance" in name else "factor"


def uniform_draws(program: Program, stream: int, first_run: int, runs: int) -> FloatArray:
    """Draw again the uniform numbers that some runs drew once on a stream, shape (runs,)."""
    return uniforms(stream_key(program.seed, program.streams[stream]), first_run, runs, 0)


def places(program: Program, draw: RunDraw, runs: int) -> FloatArray:
    """Draw a number or luck again for the first runs: its place in its distribution, 0 to 1.

    A number with shared luck is placed by both, as the engines mix them (simulation/sampling.py).
    """
    own = uniform_draws(program, draw.stream, 0, runs)
    quantity = draw.quantity
    if quantity is None or quantity.luck is None:
        return own
    luck = uniform_draws(program, quantity.luck, 0, runs)
    z = np.sqrt(quantity.share) * special.ndtri(luck) + np.sqrt(1 - quantity.share) * special.ndtri(
        own
    )
    return np.asarray(special.ndtr(z))
