"""Small worlds for tests: a scenario from YAML text, run, and asked when what happened.

Statistical tests allow five standard errors of the mean. Where the answer is right, chance alone
goes further once in about 1.7 million checks (a false-failure rate of 6e-7), and as seeds are
fixed, a test that has passed goes on passing. Every such test also gives the answer computed with
one number off by a factor of two and must then fail, so it shows that it could.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from both_engines import simulate
from coopsim.scenario.loading import load_data
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.scenario.spec import Scenario
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

STANDARD_ERRORS = 5
NEVER = 2**62  # seconds; later than any horizon
START = "2025-01-01"


def days(count: float) -> int:
    return round(count * DAY)


def years(count: float) -> int:
    return round(count * YEAR)


def program_of(text: str, **header: Any) -> Program:
    """Build the program of a scenario whose first lines, where not given, are the usual ones."""
    return build_program(scenario_of(text, **header))


def scenario_of(text: str, **header: Any) -> Scenario:
    """Load a scenario whose first lines, where not given, are the usual ones."""
    usual = {"scenario": "test", "start": START, "end": "2224-12-31", "seed": 7}
    return load_data({**usual, **header, **data_of(text)}).scenario


def data_of(text: str) -> dict[str, Any]:
    """Read YAML as a scenario file is read, without its lines."""
    data: dict[str, Any] = yaml.load(text, _Words)
    return data


class _Words(yaml.SafeLoader):
    """Leave everything as text but the booleans true and false."""


_Words.yaml_implicit_resolvers = {}
_Words.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def play(text: str, runs: int = 1, **header: Any) -> Runs:
    """Run a scenario given as YAML text."""
    program = program_of(text, **header)
    return Runs(program, simulate(program, 0, runs))


@dataclass(frozen=True)
class Runs:
    """Hold the firings of runs 0, 1, 2, ... of a program."""

    program: Program
    firings: Firings

    @cached_property
    def names(self) -> list[str]:
        return [event.name for event in self.program.events]

    def log(self, run: int = 0) -> list[tuple[str, int]]:
        """List what happened in a run: (event, seconds since the start)."""
        return [(name, time) for name, _, time in self.story(run)]

    def in_days(self, run: int = 0) -> list[tuple[str, float]]:
        """List what happened in a run: (event, days since the start)."""
        return [(name, time / DAY) for name, time in self.log(run)]

    def story(self, run: int = 0) -> list[tuple[str, str, int]]:
        """List what happened in a run: (event, outcome, seconds since the start)."""
        events, log = self.program.events, self.firings
        first, last = np.searchsorted(log.run, [run, run + 1])
        return [
            (events[log.event[i]].name, events[log.event[i]].outcomes[log.outcome[i]].name, time)
            for i, time in enumerate(log.time[first:last].tolist(), first)
        ]

    def times(self, event: str, run: int = 0) -> list[int]:
        """List when an event fired in a run."""
        return [time for name, time in self.log(run) if name == event]

    def _chosen(self, event: str, outcome: str | None) -> NDArray[np.bool_]:
        index = self.names.index(event)
        chosen: NDArray[np.bool_] = self.firings.event == index
        if outcome is not None:
            outcomes = [one.name for one in self.program.events[index].outcomes]
            chosen &= self.firings.outcome == outcomes.index(outcome)
        return chosen

    def first(self, event: str, outcome: str | None = None) -> NDArray[np.int64]:
        """Get for each run the second of an event's first firing, NEVER where there is none."""
        first = np.full(self.firings.runs, NEVER)
        chosen = self._chosen(event, outcome)
        np.minimum.at(first, self.firings.run[chosen], self.firings.time[chosen])
        return first

    def count(self, event: str, outcome: str | None = None, by: int = NEVER) -> NDArray[np.int64]:
        """Count an event's firings in each run, those until a second if one is given."""
        chosen = self._chosen(event, outcome) & (self.firings.time <= by)
        return np.bincount(self.firings.run[chosen], minlength=self.firings.runs)

    def happened(self, event: str, outcome: str | None = None) -> NDArray[np.bool_]:
        return self.count(event, outcome) > 0

    def __len__(self) -> int:
        return self.firings.runs


def assert_mean(sample: NDArray[Any], answer: Callable[[float], float], wrong: float = 2.0) -> None:
    """Hold a mean over runs against `answer(1)`, and show that `answer(2)` would be found out."""
    off = standard_errors_off(sample, answer(1.0))
    assert off <= STANDARD_ERRORS, f"{off:.1f} standard errors off"
    assert standard_errors_off(sample, answer(wrong)) > STANDARD_ERRORS, "cannot fail"


def standard_errors_off(sample: NDArray[Any], answer: float) -> float:
    values = sample.astype(float)
    error = values.std(ddof=1) / np.sqrt(len(values))
    return float(abs(values.mean() - answer) / error)
