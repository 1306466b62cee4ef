"""Result folders: run and open."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopsim.analysis.keeping.tallied_parts import TalliedParts
from coopsim.analysis.long_format import summary_csv
from coopsim.analysis.summaries import summary_of
from coopsim.analysis.tallies import Survey
from coopsim.api.played import Played
from coopsim.api.scenarios import load
from coopsim.errors import CoopsimError, UsageError
from coopsim.scenario import limits, loading
from coopsim.scenario.limits import default
from coopsim.scenario.loading import Loaded
from coopsim.scenario.spec import Scenario
from coopsim.scenario.variants import variant_of
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import Choice, complete
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import OnProgress
from coopsim.simulation.program import Program
from coopsim.simulation.results.atomic import refuse_strange, write_atomically
from coopsim.simulation.results.keeping import Keeper
from coopsim.simulation.results.manifest import MANIFEST, Keep, ResultIdentity
from coopsim.simulation.results.store import SCENARIO, Store, kept_in, questions_of
from coopsim.simulation.workers.playing import Players
from coopsim.simulation.workers.spawning import cores

# What not every run needs is imported by the function that does: `run` stays quick.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from coopsim.analysis.keeping.tally_file import TallyFile
    from coopsim.analysis.precision import Goal, Look
    from coopsim.simulation.workers.cluster import Cluster

    OnLook = Callable[[Look], None]
    _Tallying = TalliedParts | TallyFile  # what keeps timelines, and counts their answers

RESULTS = Path("results")


@dataclass(frozen=True, slots=True, eq=False)
class StoredFirings:
    """The firings in a result folder, as far as it keeps them."""

    store: Store
    program: Program

    @property
    def keeps_all(self) -> bool:
        """Check whether all firings are kept."""
        return self.store.manifest.keep is Keep.firings

    def firings(self) -> Iterator[Firings]:
        """Read the firings, one part at a time; raises CoopsimError where not all are kept."""
        if not self.keeps_all:
            raise CoopsimError(self._lacking("all firings"))
        return self.store.read(self.program)

    def first_firings(self) -> Iterator[Firings]:
        """Read at least the first ones; raises CoopsimError where they are not kept."""
        if self.store.manifest.keep is Keep.nothing:
            raise CoopsimError(self._lacking("the firings"))
        return self.store.read(self.program)

    def _lacking(self, what: str) -> str:
        folder, keep = self.store.folder, self.store.manifest.keep
        kept = {Keep.nothing: "the summary only", Keep.firsts: "first firings and counts only"}
        again = f"coopsim run {folder / SCENARIO} --keep firings --replace"
        return (
            f"{folder} keeps {kept[keep]}, and this needs {what}: simulate it again with `{again}`"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """The assumptions and the timelines of a whole result, without answers to its questions."""

    loaded: Loaded
    log: StoredFirings

    @property
    def runs(self) -> int:
        """Count the timelines."""
        return self.log.store.manifest.runs

    @property
    def keeps_all(self) -> bool:
        """Check whether all firings are kept."""
        return self.log.keeps_all

    def firings(self) -> Iterator[Firings]:
        """Read the firings, one part at a time, run 0 first; raises CoopsimError for some."""
        return self.log.firings()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Result(Played):
    """Timelines in a result folder, and the answers to their scenario's questions.

    `answered_anew` is true where other questions were put to timelines that were there already,
    and nothing was simulated. `look` says how precise the answers are, where a precision was asked
    for.
    """

    store: Store
    look: Look | None = None
    answered_anew: bool = False

    @property
    def folder(self) -> Path:
        """Get the folder of the result."""
        return self.store.folder

    @property
    def name(self) -> str:
        """Get the name by which a comparison calls this result: its folder's."""
        return self.folder.name

    @property
    def cross_check(self) -> str | None:
        """Get how the compiled engine was checked against the SimPy model."""
        return self.store.manifest.cross_check

    def draw(self, helping: Sequence[Executor] = (), **how: Any) -> list[Path]:
        """Draw the figures into the result's folder, as `draw_into` does; gives the files.

        Raises CoopsimError where a file cannot be written.
        """
        folder = self.folder / "figures"
        refuse_strange(folder)
        return self.draw_into(folder, helping, **how)


def run(
    scenario: Loaded | str | Path | Mapping[str, Any],
    *,
    runs: int | None = None,
    seed: int | None = None,
    out: str | Path = RESULTS,
    workers: int | None = None,
    engine: str = "auto",
    keep: str | None = None,
    replace: bool = False,
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
    firings. What is kept already is only removed, to keep more, with `replace`. `on` names a
    cluster that computes, dask://HOST:PORT.

    With `precision`, as many timelines are simulated as it takes until no 95 % interval of a
    leading probability, or of those named in `precise`, reaches further than that; `runs` is then
    the most that may be simulated, a million by default. `on_look` is told how precise the answers
    are whenever they are looked at, and the result's `look` says so in the end.

    Raises ScenarioError for a bad scenario, UsageError for what is no precision or probability and
    for what would lose timelines without `replace`, CoopsimError where running or writing fails.
    """
    workers = limits.WORKERS.check("--workers", default(workers, cores()))
    limits.one_of("--keep", default(keep, Keep.firings), Keep)
    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    goal = None if precision is None else _goal(loaded, precision, precise, runs)
    if precise and goal is None:
        raise UsageError("--precise needs a --precision, such as `--precision 0.005`")
    cluster = None
    if on is not None:
        from coopsim.simulation.workers.cluster import Cluster

        cluster = Cluster.at(on)
    order = _Order(
        out=Path(out),
        workers=workers,
        choice=Choice(limits.one_of("--engine", engine, Choice)),
        keep=keep,
        replace=replace,
        cluster=cluster,
        on_progress=on_progress,
    )
    if goal is None:
        return order.run(_rerun(loaded, runs, seed))[0]
    return _precisely(goal, loaded, seed, order, on_look)


@dataclass(frozen=True, slots=True)
class _Order:
    """How a scenario is to be run, and where."""

    out: Path
    workers: int
    choice: Choice
    keep: str | None
    replace: bool
    cluster: Cluster | None
    on_progress: OnProgress

    def run(self, loaded: Loaded, so_far: _Tallying | None = None) -> tuple[Result, _Tallying]:
        """Simulate what is lacking and summarise all, going on from what was counted so far."""
        asked, identity = loaded.scenario, loaded.hash
        folder = self.out / f"{asked.scenario}-{identity}"
        kept = kept_in(folder) or Keep.firings if self.keep is None else Keep(self.keep)
        sets = tuple(one for one in loaded.sets if not one.startswith(_NO_ASSUMPTION))
        facts = ResultIdentity(
            asked.scenario, identity, asked.seed, asked.runs, self.choice.engine, None, kept,
            loaded.questions, sets,
        )  # fmt: skip
        before = questions_of(folder)
        store = Store.create(folder, loaded.text, facts, anew=self.replace)
        program = build_program(asked)
        store, keeper = _to_complete(store, asked, program)
        if isinstance(keeper, TalliedParts) and isinstance(so_far, TalliedParts):
            keeper.go_on(so_far)
        held = keeper.runs
        store = complete(
            store, program, self.choice, self.workers, self.on_progress,
            keeper=keeper, cluster=self.cluster,
        )  # fmt: skip
        result = _summarised(store, loaded, program, keeper)
        _write_summary(result)
        anew = before not in (None, loaded.questions) and held >= result.runs
        return dataclasses.replace(result, answered_anew=anew), keeper


_NO_ASSUMPTION = ("runs=", "seed=")


def _rerun(loaded: Loaded, runs: int | None, seed: int | None) -> Loaded:
    """Ask for so many runs and this seed instead of the scenario's own, where they are given."""
    runs = None if runs is None else limits.RUNS.check("--runs", runs)
    seed = None if seed is None else limits.SEED.check("--seed", seed)
    return loaded.rerun(runs, seed)


def _goal(loaded: Loaded, precision: float, precise: Sequence[str], most: int | None) -> Goal:
    from coopsim.analysis.precision import MOST, goal_of

    scenario = loaded.scenario
    program = build_program(scenario)
    most = limits.RUNS.check("--runs", default(most, MOST))
    return goal_of(program, scenario, precision, precise, most)


def _precisely(
    goal: Goal, loaded: Loaded, seed: int | None, order: _Order, on_look: OnLook
) -> Result:
    """Extend a result until its answers are precise enough, or no more timelines may be spent."""
    runs, so_far = goal.first_look, None
    while True:
        result, so_far = order.run(_rerun(loaded, runs, seed), so_far)
        look = goal.look(result.summary)
        on_look(look)
        # A folder that held more timelines already is asked for just those, so that what it says
        # of itself is what one run of so many would have said.
        if look.last and result.runs == runs:
            return dataclasses.replace(result, look=look)
        runs = result.runs if look.last else look.next_look


def open_result(name: str | Path, results: str | Path = RESULTS) -> Result:
    """Open a result by its folder, its scenario's id (the newest), or a prefix such as thaw-3f9a.

    Raises UsageError where there is none, CoopsimError naming a file that is damaged.
    """
    from coopsim.simulation.results.shelf import find_result

    return _opened(find_result(str(name), Path(results)))


def _opened(store: Store) -> Result:
    loaded = assumed_in(store)
    _check_manifest(store, loaded)
    if loaded.hash != store.manifest.hash:
        raise CoopsimError(
            f"{store.folder} was computed from assumptions that this version of coopsim reads "
            f"differently (hash {loaded.hash}); run its scenario.yaml again"
        )
    program = build_program(loaded.scenario)
    return _summarised(store, loaded, program, _keeper(store, loaded.scenario, program))


def as_written(loaded: Loaded, sets: Sequence[str], results: str | Path = RESULTS) -> Result:
    """Open the newest result of a scenario in which nothing was set, where something is set now.

    Raises UsageError where nothing is, or where there is no such result.
    """
    if not variant_of(sets):
        raise UsageError(
            "`--changed` compares with the result without settings, and this result has none; "
            "use `coopsim compare` for others"
        )
    from coopsim.simulation.results.shelf import Shelf

    return _opened(Shelf.at(Path(results)).as_written(loaded.scenario.scenario))


def assumed_in(store: Store) -> Loaded:
    """Load the assumptions of a result, which says what was set over its scenario's file."""
    return loading.load_resolved(store.folder / SCENARIO).having_set(store.manifest.sets)


def stored(store: Store) -> Loaded | Stored:
    """Take the assumptions of a result, with its timelines if all there are can be read."""
    manifest, loaded = store.manifest, assumed_in(store)
    log = StoredFirings(store, build_program(loaded.scenario))
    whole = manifest.complete and log.keeps_all and manifest.hash == loaded.hash
    return Stored(loaded, log) if whole else loaded


def _check_manifest(store: Store, loaded: Loaded) -> None:
    """Check what a manifest says of the scenario against the scenario."""
    told = (store.manifest.scenario, store.manifest.seed)
    if told != (loaded.scenario.scenario, loaded.scenario.seed):
        raise CoopsimError(
            f"{store.folder / MANIFEST} is damaged: it names another scenario or seed than "
            f"{SCENARIO} beside it; remove it and run the scenario again"
        )


def _to_complete(store: Store, asked: Scenario, program: Program) -> tuple[Store, _Tallying]:
    """Open a result to compute what it lacks: what is asked for, and gaps before what is there.

    A manifest may promise more than there is and was asked for, as where parts were removed.
    """
    keeper, promised = _keeper(store, asked, program), store.manifest
    if (promised.complete or promised.runs > asked.runs) and _lacks(store, keeper):
        store = store.unfinished(asked.runs)
        keeper = _keeper(store, asked, program)
    return store, keeper


def _lacks(store: Store, keeper: Keeper) -> bool:
    try:
        return keeper.runs < store.manifest.runs
    except CoopsimError:  # of a missing part; a damaged one is told when it is read
        return True


def _keeper(store: Store, scenario: Scenario, program: Program) -> _Tallying:
    survey = Survey(scenario.outcomes, program)
    if store.manifest.keep is Keep.firings:
        return TalliedParts(store, survey, program, Players().each)
    from coopsim.analysis.keeping.tally_file import TallyFile

    return TallyFile(store, survey)


def _summarised(store: Store, loaded: Loaded, program: Program, keeper: _Tallying) -> Result:
    gathered = keeper.gathered()
    summary = summary_of(gathered, loaded.scenario, program, store.manifest.hash)
    return Result(
        loaded=loaded,
        program=program,
        summary=summary,
        gathered=gathered,
        log=StoredFirings(store, program),
        store=store,
    )


def _write_summary(result: Result) -> None:
    text = json.dumps(result.summary.to_json(), indent=2, allow_nan=False) + "\n"
    write_atomically(result.folder / "summary.json", text.encode())
    write_atomically(result.folder / "summary.csv", summary_csv(result.summary).encode())
