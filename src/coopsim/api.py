"""What one can do with coopsim, from Python as from the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from coopsim.analysis.comparison import Compared, Comparison
from coopsim.analysis.comparison import compare as compare_results
from coopsim.analysis.curves import Curve, curves_of
from coopsim.analysis.experiments import Effort
from coopsim.analysis.ledger import Ledger
from coopsim.analysis.long_format import summary_csv
from coopsim.analysis.precision import MOST, Goal, Look, goal_of
from coopsim.analysis.summaries import Summary, summary_of
from coopsim.analysis.tallies import Gathered, Survey, merged
from coopsim.errors import CoopsimError, UsageError
from coopsim.presentation.drawing import Helper, Order, draw_together
from coopsim.scenario import loading
from coopsim.scenario.claims import find_seeds, read_claims
from coopsim.scenario.history import read_history
from coopsim.scenario.loading import Loaded
from coopsim.scenario.spec import Scenario
from coopsim.scenario.support import Support, support
from coopsim.scenario.values import parse_date
from coopsim.simulation.atomic import write_atomically
from coopsim.simulation.building import build_program
from coopsim.simulation.cluster import Cluster
from coopsim.simulation.engines import Choice, complete, simulate
from coopsim.simulation.firings import Firings
from coopsim.simulation.keeping import Keeper, Parts
from coopsim.simulation.manifest import Facts, Keep
from coopsim.simulation.parts import Block
from coopsim.simulation.program import Program
from coopsim.simulation.store import SCENARIO, Store, find_result, kept_in

if TYPE_CHECKING:
    from coopsim.analysis.attribution import Attribution, Grouping
    from coopsim.analysis.causes import Causes
    from coopsim.analysis.conditioning import Given
    from coopsim.analysis.discovery import Discovery
    from coopsim.analysis.doubt import Doubt
    from coopsim.analysis.global_indices import GlobalIndices
    from coopsim.analysis.scorecard import Scorecard
    from coopsim.analysis.sensitivity import Sensitivity
    from coopsim.analysis.sweeps import Sweep
    from coopsim.analysis.tracing import Pair, Trace
    from coopsim.scenario.differences import Differences
    from coopsim.simulation.observing import History

    Drawn: TypeAlias = Sensitivity | Doubt | GlobalIndices | Attribution | Sweep

RESULTS = Path("results")
OnProgress = Callable[[int, int], None]
OnLook = Callable[[Look], None]


@dataclass(frozen=True, slots=True)
class Result:
    """Hold a result folder together with the scenario it answers.

    `look` tells how precise the answers are, where a precision was asked for.
    """

    store: Store
    loaded: Loaded
    program: Program
    summary: Summary
    gathered: Gathered
    look: Look | None = None

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
    def cross_check(self) -> str | None:
        """Tell how the compiled engine was held against the SimPy model."""
        return self.store.manifest.cross_check

    @property
    def years(self) -> str:
        """Tell from which day to which the timelines go."""
        return f"{self.summary.start} to {self.summary.end}"

    @property
    def keeps_all(self) -> bool:
        """Tell whether all firings are kept."""
        return self.store.manifest.keep is Keep.firings

    def firings(self) -> Iterator[Firings]:
        """Read the firings, one part at a time, run 0 first.

        Raises CoopsimError where the result does not keep all of them.
        """
        if not self.keeps_all:
            raise CoopsimError(self._lacking("all firings"))
        return self.store.read(self.program)

    def first_firings(self) -> Iterator[Firings]:
        """Read of each timeline at least the first firing of each event with each outcome.

        Raises CoopsimError where the result does not keep them.
        """
        if self.store.manifest.keep is Keep.nothing:
            raise CoopsimError(self._lacking("the firings"))
        return self.store.read(self.program)

    def _lacking(self, what: str) -> str:
        kept = {Keep.nothing: "the summary only", Keep.firsts: "first firings and counts only"}
        again = f"coopsim run {self.folder / SCENARIO} --keep firings"
        return (
            f"{self.folder} keeps {kept[self.store.manifest.keep]}, and this needs {what}: "
            f"simulate it again with `{again}`"
        )

    def curves(self) -> dict[str, Curve]:
        """Follow the answers through time, month by month."""
        return curves_of(self.gathered, self.program)

    def draw(self, helper: Helper | None = None) -> list[Path]:
        """Draw the figures of the result into its folder; gives the files, the overview first."""
        order = Order(self.scenario, self.summary, self.curves(), self.folder / "figures")
        return order.draw_all() if helper is None else draw_together(order, helper)


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
    engine: str = "auto",
    keep: str | None = None,
    on: str | None = None,
    precision: float | None = None,
    precise: Sequence[str] = (),
    on_progress: OnProgress = lambda _done, _total: None,
    on_look: OnLook = lambda _look: None,
) -> Result:
    """Simulate a scenario into its result folder below `out`, and summarise it.

    Timelines that the folder already holds are kept; `runs` and `seed` default to the
    scenario's, `workers` to the cores. The `auto` engine is compiled and checks some timelines by
    the SimPy model, which the `simpy` engine leaves all to. `keep` says what is stored of every
    timeline, `firings`, `firsts` or `nothing`: by default what the folder keeps already, else all
    firings. `on` names a cluster that computes, dask://HOST:PORT.

    With `precision`, as many timelines are simulated as it takes until no 95 % interval of a
    leading probability, or of those named in `precise`, reaches further than that; `runs` is then
    the most that may be simulated, a million by default. `on_look` is told how precise the answers
    are whenever they are looked at, and the result's `look` says so in the end.

    Raises ScenarioError for a bad scenario, UsageError for what is no precision or probability,
    CoopsimError where running or writing fails.
    """
    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    if precision is not None:
        run_again = partial(run, loaded, seed=seed, out=out, workers=workers, engine=engine)
        run_many = partial(run_again, keep=keep, on=on, on_progress=on_progress)
        return _precisely(_goal(loaded, precision, precise, runs), run_many, on_look)
    if precise:
        raise UsageError("--precise needs a --precision, such as `--precision 0.005`")
    overrides = {"runs": runs, "seed": seed}
    loaded = loaded.having([f"{key}={n}" for key, n in overrides.items() if n is not None])
    asked = loaded.scenario
    choice = Choice(engine)
    cluster = None if on is None else Cluster.at(on)
    folder = Path(out) / f"{asked.scenario}-{loaded.hash}"
    kept = kept_in(folder) or Keep.firings if keep is None else Keep(keep)
    facts = Facts(asked.scenario, loaded.hash, asked.seed, asked.runs, choice.engine, keep=kept)
    store = Store.create(folder, loaded.text, facts)
    program = build_program(asked)
    keeper = _keeper(store, asked, program)
    workers = workers or _cores()
    store = complete(store, program, choice, workers, on_progress, keeper=keeper, cluster=cluster)
    result = _summarised(store, loaded, program)
    _write_summary(result)
    return result


def _goal(loaded: Loaded, precision: float, precise: Sequence[str], most: int | None) -> Goal:
    scenario = loaded.scenario
    program = build_program(scenario)
    return goal_of(program, scenario.outcomes, precision, precise, most or MOST)


def _precisely(goal: Goal, run_many: Callable[..., Result], on_look: OnLook) -> Result:
    """Extend a result until its answers are precise enough, or no more timelines may be spent."""
    runs = goal.first_look
    while True:
        result = run_many(runs=runs)
        look = goal.look(result.summary)
        on_look(look)
        # A folder that held more timelines already is asked for just those, so that what it says
        # of itself is what one run of so many would have said.
        if look.last and result.runs == runs:
            return replace(result, look=look)
        runs = result.runs if look.last else look.next_look


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
        [
            Compared(r.name, r.scenario, r.program, r.runs, r.first_firings(), r.keeps_all)
            for r in results
        ]
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
    # The library of scores takes seconds to import, and only scoring needs it.
    from coopsim.analysis.scorecard import Forecaster, scorecard  # noqa: PLC0415

    def forecaster(one: Result) -> Forecaster:
        return Forecaster(one.name, one.scenario, one.program, one.firings())

    history = read_history(Path(against))
    return scorecard(history, forecaster(result), None if foil is None else forecaster(foil))


def _keeper(store: Store, scenario: Scenario, program: Program) -> Keeper:
    if store.manifest.keep is Keep.firings:
        return Parts(store)
    return Ledger(store, Survey(scenario.outcomes, program))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _summarised(store: Store, loaded: Loaded, program: Program) -> Result:
    gathered = _gathered(store, loaded.scenario, program)
    summary = summary_of(gathered, program, loaded.hash)
    return Result(store, loaded, program, summary, gathered)


def _gathered(store: Store, scenario: Scenario, program: Program) -> Gathered:
    """Read the tallies of a result, or read and tally its parts, each by itself, on all cores."""
    survey = Survey(scenario.outcomes, program)
    if store.manifest.keep is not Keep.firings:
        return Ledger(store, survey).gathered()

    def tally(block: Block) -> Gathered:
        return survey.tally(store.read_part(block.index, program))

    with ThreadPoolExecutor(_cores()) as pool:
        return merged(pool.map(tally, store.readable()))


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


# --- what an answer hangs on, and what if ------------------------------------------------------


def assumed(name: str | Path, results: str | Path = RESULTS, sets: Sequence[str] = ()) -> Loaded:
    """Load the assumptions of a scenario file, or of a result by the name it goes by.

    Raises ScenarioError as `load` does, and UsageError where there is neither.
    """
    if Path(name).suffix in (".yaml", ".yml") and Path(name).is_file():
        return loading.load(name, sets)
    store = find_result(str(name), Path(results))
    return loading.load_resolved(store.folder / "scenario.yaml").having(sets)


def sensitivity(
    scenario: Loaded | str | Path | Mapping[str, Any],
    outcomes: Sequence[str] = (),
    *,
    runs: int | None = None,
    swing: float = 1.5,
    days: int = 180,
    certain: bool = True,
    only: Sequence[str] = (),
    workers: int | None = None,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Sensitivity:
    """Move every assumption to its low and its high, and see what each outcome makes of it.

    Outcomes are written as for --outcome; without any, all questions are asked. `runs` timelines
    of each variant (the scenario's by default) are simulated in memory, in threads. Certain
    numbers are moved by `swing` and `days`, if `certain` at all; `only` names beginnings of the
    paths to move.
    Raises UsageError for an outcome or a path that is not there.
    """
    from coopsim.analysis.sensitivity import sensitivity as analyse  # noqa: PLC0415
    from coopsim.scenario.swings import Swing  # noqa: PLC0415

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    effort = Effort(runs or loaded.scenario.runs, workers, on_progress)
    return analyse(loaded, outcomes, effort, Swing(swing, days, certain), only)


def doubt(
    scenario: Loaded | str | Path | Mapping[str, Any],
    outcomes: Sequence[str] = (),
    *,
    runs: int = 1000,
    replications: int = 100,
    luck: bool = False,
    workers: int | None = None,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Doubt:
    """Part chance from doubt: each answer as a band over what is drawn once per run.

    `runs` draws of what we do not know are made, with so many timelines of each. With `luck`,
    shared luck counts as doubt. Raises UsageError where nothing is uncertain.
    """
    from coopsim.analysis.doubt import doubt as analyse  # noqa: PLC0415

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    effort = Effort(runs, workers, on_progress)
    return analyse(loaded, outcomes, effort, replications, luck=luck)


def global_indices(result: Result, outcomes: Sequence[str]) -> GlobalIndices:
    """Read from a result what each draw made once per run has to say in some answers.

    Raises UsageError for fewer than 500 timelines, and where nothing is drawn once per run.
    """
    from coopsim.analysis.global_indices import global_indices as analyse  # noqa: PLC0415

    return analyse(result.loaded, outcomes, result.firings())


def diff(old: Loaded | str | Path, new: Loaded | str | Path) -> Differences:
    """List what a new scenario assumes that an old one does not.

    Raises ScenarioError as `load` does.
    """
    from coopsim.scenario.differences import Differences, differences  # noqa: PLC0415

    before, after = (one if isinstance(one, Loaded) else load(one) for one in (old, new))
    found = differences(before.tree, after.tree)
    return Differences(before.scenario.scenario, after.scenario.scenario, tuple(found))


def explain(
    scenario: Loaded | str | Path,
    against: Loaded | str | Path,
    outcomes: Sequence[str] = (),
    *,
    runs: int | None = None,
    group: Grouping = "entry",
    workers: int | None = None,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Attribution:
    """Split what changes in each answer against another scenario among the assumptions' changes.

    `group` says which assumptions change together: `each` alone, those of an `entry` (an event,
    driver or reference) or those of a `section`. Raises UsageError where nothing differs.
    """
    from coopsim.analysis.attribution import Question  # noqa: PLC0415
    from coopsim.analysis.attribution import explain as analyse  # noqa: PLC0415

    new, old = (one if isinstance(one, Loaded) else load(one) for one in (scenario, against))
    effort = Effort(runs or old.scenario.runs, workers, on_progress)
    return analyse(new, old, Question(outcomes, group), effort)


def is_range(setting: str) -> bool:
    """Tell whether a setting gives several values to sweep over, and not one."""
    value = setting.partition("=")[2]
    return ".." in value or ("," in value and not set("{}[]") & set(value))


def sweep(
    scenario: Loaded | str | Path | Mapping[str, Any],
    ranges: Sequence[str],
    outcome: str,
    *,
    points: int = 9,
    level: float | None = None,
    runs: int | None = None,
    workers: int | None = None,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Sweep:
    """Follow an answer as one or two assumptions go over a range, each PATH=LOW..HIGH UNIT.

    `level` is the value of the answer whose threshold is sought, 0.5 of a chance without. Raises
    UsageError for what is no range or outcome, ScenarioError for a value that cannot stand.
    """
    from coopsim.analysis.sweeps import axis_of  # noqa: PLC0415
    from coopsim.analysis.sweeps import sweep as analyse  # noqa: PLC0415

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    axes = [axis_of(loaded, one, points) for one in ranges]
    effort = Effort(runs or loaded.scenario.runs, workers, on_progress)
    return analyse(loaded, axes, outcome, effort, level)


def draw(found: Drawn, folder: Path) -> list[Path]:
    """Draw what was found into a folder; gives the files written."""
    # Matplotlib is slow to import, and only drawing needs it.
    from coopsim.presentation import figures  # noqa: PLC0415

    ways: dict[str, Callable[..., list[Path]]] = {
        "Sensitivity": figures.draw_sensitivity,
        "Doubt": figures.draw_doubt,
        "GlobalIndices": figures.draw_indices,
        "Attribution": figures.draw_attribution,
        "Sweep": figures.draw_sweep,
    }
    return ways[type(found).__name__](found, folder)


# --- given that ---------------------------------------------------------------------------------


def given(
    result: Result,
    that: Sequence[str] = (),
    ask: Sequence[str] = (),
    *,
    until: int = 0,
    most: int | None = None,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Given:
    """Answer all questions given that all of `that` is so, and say how likely what is asked is.

    Statements are written as for --that. With `until`, timelines are simulated in memory beyond
    those of the result until so many match, up to `most` (1,000,000) in all. Raises UsageError
    for a statement that cannot be read, and where fewer than 30 timelines match.
    """
    from coopsim.analysis.conditioning import MOST, Search, Simulated, condition  # noqa: PLC0415
    from coopsim.simulation.engines import simulate as default_engine  # noqa: PLC0415

    if not that and not ask:
        raise UsageError("say what is known (`that`) or what is asked (`ask`), or both")
    source = Simulated(result.scenario, result.program, result.firings(), result.summary)
    search = Search(default_engine, until, MOST if most is None else most, on_progress)
    return condition(source, that, ask, search)


def discover(
    result: Result, outcome: str, *, by: str | None = None, coverage: float = 0.2
) -> Discovery:
    """Find what marks the timelines of a result in which an outcome happens.

    The outcome is a statement as for --that. `by` is the last day on which early events are
    looked for, two years after the start by default; each box is the densest found that holds
    the share `coverage` of what happens. Raises UsageError for what cannot be read, and where
    fewer than 30 timelines are with the outcome, or without it.
    """
    from coopsim.analysis.conditioning import Simulated  # noqa: PLC0415
    from coopsim.analysis.discovery import discover as find  # noqa: PLC0415

    source = Simulated(result.scenario, result.program, result.firings(), result.summary)
    try:
        day = None if by is None else parse_date(by)
    except ValueError as error:
        raise UsageError(f"--by: found `{by}`, expected {error}") from error
    return find(source, outcome, day, coverage)


def draw_discovery(found: Discovery, result: Result, folder: Path) -> list[Path]:
    """Draw boxes and signposts into a folder; gives the files written."""
    # Matplotlib is slow to import, and only drawing needs it.
    from coopsim.presentation.figures import draw_discovery as draw  # noqa: PLC0415

    return draw(found, result.scenario, folder)


def draw_given(found: Given, result: Result, folder: Path) -> list[Path]:
    """Draw chances given evidence and overall into a folder; gives the files written."""
    # Matplotlib is slow to import, and only drawing needs it.
    from coopsim.presentation.figures import draw_given as draw  # noqa: PLC0415

    return draw(found, result.scenario, folder)


# --- why a timeline went that way -------------------------------------------------------------


def trace(
    scenario: Loaded | str | Path | Mapping[str, Any],
    run: int | None = None,
    *,
    how: str = "typical",
    outcome: str | None = None,
    where: str | None = None,
    runs: int = 1000,
) -> Trace:
    """Play one timeline again and watch it: what fired, what released it, what it changed.

    Without `run` one of the first `runs` timelines is chosen: the `typical`, the `rarest` or the
    `first`, nearest the middle of `outcome` or of all outcomes, of those in which `where` is so.
    Raises UsageError for an outcome or evidence that is not there.
    """
    from coopsim.analysis.choosing import Wish, choose  # noqa: PLC0415
    from coopsim.analysis.tracing import trace_of  # noqa: PLC0415

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    program = build_program(loaded.scenario)
    if run is not None:
        return trace_of(loaded.scenario, program, run)
    wish = Wish(how, outcome, where)
    chosen = choose(loaded.scenario, program, simulate(program, 0, runs), wish)
    return trace_of(loaded.scenario, program, chosen.run, chosen)


def trace_beside(left: Trace, scenario: Loaded | str | Path | Mapping[str, Any]) -> Pair:
    """Lay the same run of another scenario beside a timeline, to see where the two part.

    Raises UsageError where the scenarios do not start on one day.
    """
    from coopsim.analysis.tracing import Pair, trace_of  # noqa: PLC0415

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    return Pair(left, trace_of(loaded.scenario, build_program(loaded.scenario), left.run))


def causes(
    scenario: Loaded | str | Path | Mapping[str, Any],
    *,
    runs: int = 1000,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Causes:
    """Count what each event waited for last in the first `runs` timelines: its binding cause."""
    from coopsim.analysis.causes import causes_of  # noqa: PLC0415
    from coopsim.simulation.observing import observe  # noqa: PLC0415

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    program = build_program(loaded.scenario)

    def watched() -> Iterator[History]:
        for done, history in enumerate(observe(program, 0, runs), start=1):
            on_progress(done, runs)
            yield history

    return causes_of(loaded.scenario, program, watched())


def draw_trace(told: Trace | Pair, folder: Path) -> list[Path]:
    """Draw one timeline, or two side by side, into a folder; gives the files written."""
    # Matplotlib is slow to import, and only drawing needs it.
    from coopsim.analysis.tracing import Pair  # noqa: PLC0415
    from coopsim.presentation.figures import lanes  # noqa: PLC0415

    if isinstance(told, Pair):
        return lanes.draw_pair(told, folder)
    return lanes.draw_trace(told, folder)


def draw_causes(found: Causes, names: Sequence[str], folder: Path) -> list[Path]:
    """Draw the causes of some events, or of all that vary, into a folder; gives the files."""
    # Matplotlib is slow to import, and only drawing needs it.
    from coopsim.presentation.figures.bars import draw_causes as draw  # noqa: PLC0415

    return draw(found, names, folder)
