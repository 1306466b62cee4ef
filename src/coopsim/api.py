"""What one can do with coopsim, from Python as from the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coopsim.analysis.comparison import Compared, Comparison
from coopsim.analysis.comparison import compare as compare_results
from coopsim.analysis.curves import Curve, curves
from coopsim.analysis.long_format import summary_csv
from coopsim.analysis.scorecard import Forecaster, Scorecard, scorecard
from coopsim.analysis.summaries import Summary, summarise
from coopsim.errors import CoopsimError, UsageError
from coopsim.scenario import loading
from coopsim.scenario.claims import find_seeds, read_claims
from coopsim.scenario.history import read_history
from coopsim.scenario.loading import Loaded
from coopsim.scenario.spec import Scenario
from coopsim.scenario.support import Support, support
from coopsim.simulation.atomic import write_atomically
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import Firings
from coopsim.simulation.manifest import Facts
from coopsim.simulation.program import Program
from coopsim.simulation.running import run_blocks
from coopsim.simulation.simpy_model import simulate
from coopsim.simulation.store import Store, find_result

RESULTS = Path("results")
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """Hold a result folder together with the scenario it answers."""

    store: Store
    loaded: Loaded
    program: Program
    summary: Summary

    @property
    def folder(self) -> Path:
        """Get the folder of the result."""
        return self.store.folder

    @property
    def scenario(self) -> Scenario:
        """Get the scenario, as it was resolved when it was run."""
        return self.loaded.scenario

    @property
    def name(self) -> str:
        """Get the name by which a comparison calls this result: its folder's."""
        return self.folder.name

    @property
    def runs(self) -> int:
        """Count the timelines."""
        return self.summary.runs

    @property
    def years(self) -> str:
        """Tell from which day to which the timelines go."""
        return f"{self.summary.start} to {self.summary.end}"

    def firings(self) -> Iterator[Firings]:
        """Read the firings, one part at a time, run 0 first."""
        return self.store.read(self.program)

    def curves(self) -> dict[str, Curve]:
        """Follow the answers through time, month by month."""
        return curves(self.scenario, self.program, self.firings())

    def draw(self) -> list[Path]:
        """Draw the figures of the result into its folder; gives the files written."""
        # Matplotlib is slow to import, and only drawing needs it.
        from coopsim.presentation.figures import draw_result  # noqa: PLC0415

        return draw_result(self.scenario, self.summary, self.curves(), self.folder / "figures")


def load(scenario: str | Path | Mapping[str, Any], sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario from a YAML file, or from the same content as Python data.

    Each of `sets` is an assumption PATH=VALUE that is merged last. Raises ScenarioError with
    every problem found.
    """
    if isinstance(scenario, Mapping):
        return loading.load_data(scenario, sets)
    return loading.load(scenario, sets)


def run(
    scenario: Loaded | str | Path | Mapping[str, Any],
    *,
    runs: int | None = None,
    seed: int | None = None,
    out: str | Path = RESULTS,
    workers: int | None = None,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Result:
    """Simulate a scenario into its result folder below `out`, and summarise it.

    Timelines that the folder already holds are kept; `runs` and `seed` default to the
    scenario's, `workers` (processes) to the cores. Raises ScenarioError for a bad scenario,
    CoopsimError where running or writing fails.
    """
    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    overrides = {"runs": runs, "seed": seed}
    loaded = loaded.having([f"{key}={n}" for key, n in overrides.items() if n is not None])
    asked = loaded.scenario
    facts = Facts(asked.scenario, loaded.hash, asked.seed, asked.runs)
    store = Store.create(Path(out) / f"{asked.scenario}-{loaded.hash}", loaded.text, facts)
    program = build_program(asked)
    store = run_blocks(program, simulate, store, workers or _cores(), on_progress)
    result = _summarised(store, loaded, program)
    _write_summary(result)
    return result


def open_result(name: str | Path, results: str | Path = RESULTS) -> Result:
    """Open a result by its folder, its scenario's id (the newest), or a prefix such as thaw-3f9a.

    Raises UsageError where there is none, CoopsimError naming a file that is damaged.
    """
    store = find_result(str(name), Path(results))
    loaded = loading.load_resolved(store.folder / "scenario.yaml")
    if loaded.hash != store.manifest.hash:
        raise CoopsimError(
            f"{store.folder} was computed from assumptions that this version of coopsim reads "
            f"otherwise (hash {loaded.hash}); run its scenario.yaml again"
        )
    return _summarised(store, loaded, build_program(loaded.scenario))


def compare(*results: Result) -> Comparison:
    """Hold results side by side, with paired differences from the first.

    Raises UsageError where they cannot be compared.
    """
    return compare_results(
        [Compared(r.name, r.scenario, r.program, r.runs, r.firings()) for r in results]
    )


def sources(scenario: str | Path, sets: Sequence[str] = ()) -> Support:
    """Hold every number of a scenario file against the claims that it cites.

    Raises ScenarioError as `load` does, and UsageError where no claims belong to the file.
    """
    loaded = load(scenario, sets)
    seeds = find_seeds(Path(scenario).parent)
    if seeds is None:
        raise UsageError(f"{scenario} has no claims: there is no folder `seeds` beside its own")
    return support(loaded.scenario.scenario, loaded.tree, read_claims(seeds))


def score(result: Result, against: str | Path, foil: Result | None = None) -> Scorecard:
    """Score a result, and a foil's, against a file of what happened.

    Raises ScenarioError for a bad file and for names that a scenario does not know.
    """
    history = read_history(Path(against))
    return scorecard(history, _forecaster(result), None if foil is None else _forecaster(foil))


def _forecaster(result: Result) -> Forecaster:
    return Forecaster(result.name, result.scenario, result.program, result.firings())


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _summarised(store: Store, loaded: Loaded, program: Program) -> Result:
    summary = summarise(loaded.scenario, program, store.read(program), loaded.hash)
    return Result(store, loaded, program, summary)


def _write_summary(result: Result) -> None:
    text = json.dumps(result.summary.to_json(), indent=2, allow_nan=False) + "\n"
    write_atomically(result.folder / "summary.json", text.encode())
    write_atomically(result.folder / "summary.csv", summary_csv(result.summary).encode())


def draw_comparison(comparison: Comparison, results: Sequence[Result], folder: Path) -> list[Path]:
    """Draw the figures of a comparison into a folder; gives the files written."""
    # Matplotlib is slow to import, and only drawing needs it.
    from coopsim.presentation.figures import draw_comparison as draw  # noqa: PLC0415

    base = results[0].scenario
    return draw(base, comparison, {result.name: result.curves() for result in results}, folder)
