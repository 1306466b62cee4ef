"""Which assumptions drive an answer, and what if one of them were another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopsim.api.played import Played, players
from coopsim.api.results import RESULTS, Stored, assumed_in, stored
from coopsim.api.scenarios import load
from coopsim.errors import UsageError
from coopsim.experiments.variants import Effort
from coopsim.scenario import limits, loading
from coopsim.scenario.files import scenario_file
from coopsim.scenario.limits import default
from coopsim.scenario.loading import Loaded
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from coopsim.simulation.interfaces import OnProgress
from coopsim.simulation.results.atomic import is_there
from coopsim.simulation.results.shelf import find_result
from coopsim.simulation.results.store import Store
from coopsim.simulation.workers.playing import Cancelled, never, silent

# What asks further is imported by the function that needs it: `run` stays quick.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from coopsim.experiments.asking import AskedChances
    from coopsim.experiments.attribution import Attribution, Grouping
    from coopsim.experiments.epistemic import ModelUncertainty
    from coopsim.experiments.global_indices import GlobalIndices
    from coopsim.experiments.sensitivity import Sensitivity
    from coopsim.experiments.sweeps import Sweep
    from coopsim.scenario.changes.differences import Differences


def assumed(name: str | Path, results: str | Path = RESULTS, sets: Sequence[str] = ()) -> Loaded:
    """Load the assumptions of a scenario file, or of a result by the name it goes by.

    A name such as `thaw` means the newest result of that scenario, or else scenarios/thaw.yaml.
    Raises ScenarioError as `load` does, and UsageError where there is neither.
    """
    found = _meant(name, results)
    if isinstance(found, Path):
        return loading.load(found, sets)
    return assumed_in(found).having(sets)


def asked_of(name: str | Path, results: str | Path = RESULTS) -> Loaded | Stored:
    """Find what `ask` is put to: as `assumed`, but with the timelines that a result has.

    Raises likewise.
    """
    found = _meant(name, results)
    return loading.load(found) if isinstance(found, Path) else stored(found)


def _meant(name: str | Path, results: str | Path) -> Path | Store:
    """Find the scenario file or the result that a name means."""
    if Path(name).suffix in (".yaml", ".yml") and is_there(Path(name)):
        return Path(name)
    try:
        return find_result(str(name), Path(results))
    except UsageError:
        if scenario_file(name) != Path(name):
            return Path(name)
        raise


def _effort(
    runs: int, workers: int | None, on_progress: OnProgress, cancelled: Cancelled
) -> Effort:
    runs = limits.RUNS.check("--runs", runs)
    return Effort(runs, players(workers, on_progress, cancelled))


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
    cancelled: Cancelled = never,
    on_progress: OnProgress = silent,
) -> Sensitivity:
    """Move every assumption to its low and its high, and measure what that does to each outcome.

    Outcomes are written as for --outcome; without any, all questions are asked. `runs` timelines
    of each variant (the scenario's by default) are played in memory, as by `play`. Certain
    numbers are moved by `swing` and `days`, if `certain` at all; `only` names beginnings of the
    paths to move.
    Raises UsageError for an outcome or a path that is not there, StoppedError where cancelled.
    """
    from coopsim.experiments.sensitivity import sensitivity as analyse
    from coopsim.scenario.changes.ranges import Swing

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    effort = _effort(default(runs, loaded.scenario.runs), workers, on_progress, cancelled)
    return analyse(loaded, outcomes, effort, Swing(swing, days, certain), only)


def ask(
    scenario: Loaded | str | Path | Mapping[str, Any] | Played | Stored,
    *statements: str,
    given: Sequence[str] = (),
    sets: Sequence[str] = (),
    runs: int | None = None,
    until: int = 0,
    most: int | None = None,
    workers: int | None = None,
    cancelled: Cancelled = never,
    on_progress: OnProgress = silent,
) -> AskedChances:
    """Answer how likely statements are, given others, and with some assumptions set.

    `given` chooses among the timelines, `sets` (PATH=VALUE) changes them. `runs` timelines are
    played in memory, as by `play`, the scenario's number by default; those that played ones or a
    result hold are read instead. With `until`, more are played until so many agree with what is
    given, up to `most` (1,000,000) in all. Raises UsageError for what is no statement and for
    evidence with which too few timelines agree, ScenarioError for a setting that cannot stand,
    StoppedError where cancelled.
    """
    from coopsim.analysis.evidence.matching import MOST
    from coopsim.experiments.asking import Asking
    from coopsim.experiments.asking import ask as answer

    if not statements:
        raise UsageError("say what is asked, such as `agreement_signed by 2035`")
    if until and not given:
        raise UsageError("`--until` counts the timelines that agree with `--if`: say what is given")
    source = scenario if isinstance(scenario, Loaded | Played | Stored) else load(scenario)
    loaded = source if isinstance(source, Loaded) else source.loaded
    there = loaded.scenario.runs if isinstance(source, Loaded) else source.runs
    effort = _effort(default(runs, there), workers, on_progress, cancelled)
    whole = not isinstance(source, Loaded) and source.keeps_all and effort.runs == there
    kept = source.firings if whole and not isinstance(source, Loaded) else None
    asking = Asking(
        tuple(dict.fromkeys(one.strip() for one in statements)), tuple(given), tuple(sets),
        limits.MATCHES.check("--until", until), limits.RUNS.check("--most", default(most, MOST)),
    )  # fmt: skip
    return answer(loaded, asking, effort, kept)


def epistemic(
    scenario: Loaded | str | Path | Mapping[str, Any],
    outcomes: Sequence[str] = (),
    *,
    runs: int = 1000,
    replications: int = 100,
    luck: bool = False,
    workers: int | None = None,
    cancelled: Cancelled = never,
    on_progress: OnProgress = silent,
) -> ModelUncertainty:
    """Separate chance from model uncertainty: each answer as a band over what we do not know.

    `runs` draws of what we do not know are made, with so many timelines of each, played as by
    `play`. With `luck`, shared luck counts as unknown. Raises UsageError where nothing is
    uncertain, StoppedError where cancelled.
    """
    from coopsim.experiments.epistemic import epistemic as analyse

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    effort = _effort(runs, workers, on_progress, cancelled)
    replications = limits.REPLICATIONS.check("--replications", replications)
    return analyse(loaded, outcomes, effort, replications, luck=luck)


def global_indices(
    scenario: Played | Stored | Loaded | str | Path | Mapping[str, Any],
    outcomes: Sequence[str],
    *,
    runs: int | None = None,
    workers: int | None = None,
    cancelled: Cancelled = never,
    on_progress: OnProgress = silent,
) -> GlobalIndices:
    """Find how much each draw made once per run matters to some answers.

    The timelines of a result, or played ones, are read; of a scenario, or of another number, `runs`
    are played in memory, as by `play`: the first 20,000 at most. Raises UsageError for fewer than
    500 timelines, and where nothing is drawn once per run; StoppedError where cancelled.
    """
    from coopsim.experiments.global_indices import MOST_READ
    from coopsim.experiments.global_indices import global_indices as analyse

    source = scenario if isinstance(scenario, Loaded | Played | Stored) else load(scenario)
    if not isinstance(source, Loaded) and runs in (None, source.runs):
        return analyse(source.loaded, outcomes, source.firings())
    loaded = source if isinstance(source, Loaded) else source.loaded
    runs = min(limits.RUNS.check("--runs", default(runs, loaded.scenario.runs)), MOST_READ)
    played_by = players(workers, on_progress, cancelled)
    program = build_program(loaded.scenario)
    plays = ((program, block) for block in played_by.cut(runs))
    return analyse(loaded, outcomes, played_by.play(simulate, plays, runs))


def diff(base: Loaded | str | Path, other: Loaded | str | Path) -> Differences:
    """List what another scenario assumes that a base does not.

    Raises ScenarioError as `load` does.
    """
    from coopsim.scenario.changes.differences import Differences, differences

    before, after = (one if isinstance(one, Loaded) else load(one) for one in (base, other))
    found = differences(before.tree, after.tree)
    old, new = before.scenario, after.scenario
    return Differences(old.scenario, new.scenario, tuple(found), old.variant, new.variant)


def explain(
    base: Loaded | str | Path,
    other: Loaded | str | Path,
    outcomes: Sequence[str] = (),
    *,
    runs: int | None = None,
    group: Grouping = "entry",
    workers: int | None = None,
    cancelled: Cancelled = never,
    on_progress: OnProgress = silent,
) -> Attribution:
    """Split what changes in each answer, from a base to another, among the assumptions' changes.

    `group` says which assumptions change together: `each` alone, those of an `entry` (an event,
    driver or reference) or those of a `section`. Mixtures are played as by `play`.
    Raises UsageError where nothing differs, StoppedError where cancelled.
    """
    from coopsim.experiments.attribution import GROUPINGS, AttributionQuestion
    from coopsim.experiments.attribution import explain as analyse

    before, after = (one if isinstance(one, Loaded) else load(one) for one in (base, other))
    effort = _effort(default(runs, before.scenario.runs), workers, on_progress, cancelled)
    limits.one_of("--by", group, GROUPINGS)
    return analyse(before, after, AttributionQuestion(outcomes, group), effort)


def _is_range(setting: str) -> bool:
    """Check whether a setting gives several values to sweep over, and not one."""
    value = setting.partition("=")[2]
    return ".." in value or ("," in value and not set("{}[]") & set(value))


def split_settings(settings: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate settings of one value from those to sweep over.

    Raises UsageError where two of them set the same assumption.
    """
    from coopsim.experiments.sweeps import check_apart

    check_apart([one.partition("=")[0].strip() for one in settings])
    fixed = [one for one in settings if not _is_range(one)]
    return fixed, [one for one in settings if _is_range(one)]


def sweep(
    scenario: Loaded | str | Path | Mapping[str, Any],
    ranges: Sequence[str],
    outcome: str,
    *,
    points: int = 9,
    level: float | None = None,
    runs: int | None = None,
    workers: int | None = None,
    cancelled: Cancelled = never,
    on_progress: OnProgress = silent,
) -> Sweep:
    """Follow an answer as one or two assumptions go over a range, each PATH=LOW..HIGH UNIT.

    `level` is the value of the answer whose threshold is sought, 0.5 of a chance without. Raises
    UsageError for what is no range or outcome, ScenarioError for a value that cannot stand,
    StoppedError where cancelled. Points are played as by `play`.
    """
    from coopsim.experiments.sweeps import axis_of
    from coopsim.experiments.sweeps import sweep as analyse

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    level = None if level is None else limits.LEVEL.check("--level", level)
    axes = [axis_of(loaded, one, points) for one in ranges]
    effort = _effort(default(runs, loaded.scenario.runs), workers, on_progress, cancelled)
    return analyse(loaded, axes, outcome, effort, level)
