"""The first number of each stream and of each quantity, drawn at the start of a run.

Most of them are wanted in any case. Drawn one after the other, and each where it is wanted, a
number waits for what came before it; together, a processor draws several side by side.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coopsim.scenario.notation import special
from coopsim.simulation import sampling
from coopsim.simulation.kernel.compiling import inlined
from coopsim.simulation.kernel.drawing import at_score, bounded, sample, uniform
from coopsim.simulation.kernel.memory import KernelState
from coopsim.simulation.kernel.tables import NONE, Tables


@inlined
def draw_firsts(t: Tables, s: KernelState) -> None:
    """Draw them, and with them the numbers that are drawn once per run."""
    run = s.here[0].run
    for stream in range(len(t.keys)):
        s.uniforms[stream] = uniform(t.keys[stream], run, np.int32(0))
    find_scores(t, s)
    for i in range(len(t.scored)):
        q = t.quantities[t.scored[i]]
        s.values[t.scored[i]] = bounded(q, at_score(t.nodes, q.kind, s.scores[i], q.a, q.b, q.c))
    for i in range(len(t.unscored)):
        index = t.unscored[i]
        s.values[index] = sample(t.quantities, t.nodes, t.keys, index, run, np.int32(0))
    for i in range(len(t.drawn)):
        s.numbers[t.drawn[i].number] = s.values[t.drawn[i].quantity]


@inlined
def find_scores(t: Tables, s: KernelState) -> None:
    """Find normal scores: all as if they lay in the middle, then those that lie in the tails.

    So no jump has to be foreseen, which in one of four cases would go the other way.
    """
    tails = np.uint64(0)
    for i in range(len(t.scored)):
        u = first_aim(s, t.quantities[t.scored[i]])
        s.aims[i] = u
        s.scores[i] = special.middle_ndtri(u)
        s.tails[tails] = i
        tails += np.uint64(not special.in_middle(u))
    for j in range(tails):
        i = s.tails[j]
        s.scores[i] = special.tail_distance(s.aims[i])
    for j in range(tails):
        i = s.tails[j]
        s.scores[i] = special.tail_at(s.scores[i], s.aims[i])


@inlined
def first_aim(s: KernelState, q: Any) -> float:
    """Get the number at which a quantity's distribution is first inverted."""
    u = s.uniforms[q.stream]
    return u if q.luck == NONE else sampling.shared(u, s.uniforms[q.luck], q.share)


@inlined
def stream_number(t: Tables, s: KernelState, stream: Any, k: int) -> float:
    """Get the k-th number of a stream."""
    return s.uniforms[stream] if k == 0 else uniform(t.keys[stream], s.here[0].run, k)


@inlined
def quantity_number(t: Tables, s: KernelState, quantity: Any, k: int) -> float:
    """Get the k-th number of a quantity."""
    if k == 0:
        return s.values[quantity]
    return sample(t.quantities, t.nodes, t.keys, quantity, s.here[0].run, k)
