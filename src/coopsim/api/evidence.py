"""Where the numbers of a scenario or a result come from, and how a result is scored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coopsim.api.played import Played
from coopsim.api.results import Result
from coopsim.api.scenarios import load
from coopsim.errors import UsageError
from coopsim.scenario.files import scenario_file
from coopsim.scenario.loading import Loaded
from coopsim.scenario.sources.claims import cites_claims, find_seeds, no_claims, read_claims
from coopsim.scenario.sources.resolutions import read_history
from coopsim.scenario.sources.support import Support, support

if TYPE_CHECKING:
    from coopsim.analysis.scorecard import Scorecard


def sources(scenario: str | Path, sets: Sequence[str] = ()) -> Support:
    """Trace every number of a scenario file to the claims that it cites.

    Raises ScenarioError as `load` does, and UsageError where it cites claims and none belong to
    the file.
    """
    loaded = load(scenario, sets)
    seeds = find_seeds(scenario_file(scenario).parent)
    if seeds is None and cites_claims(loaded.tree):
        raise UsageError(f"{scenario} has no claims: there is no folder `seeds` beside its own")
    return _supported(loaded, seeds)


def support_of(result: Played) -> Support:
    """Trace every number of a result to the claims that it cites, as far as these are found."""
    return _supported(result.loaded, _seeds_of(result))


def lacks_claims(result: Played) -> bool:
    """Check whether a result cites claims, and none are found beside it, or beside our folder."""
    return _seeds_of(result) is None and cites_claims(result.loaded.tree)


def _seeds_of(result: Played) -> Path | None:
    beside = find_seeds(result.folder) if isinstance(result, Result) else None
    return find_seeds(Path()) if beside is None else beside


def _supported(loaded: Loaded, seeds: Path | None) -> Support:
    claims = no_claims() if seeds is None else read_claims(seeds)
    return support(loaded.scenario.scenario, loaded.tree, claims)


def score(result: Played, against: str | Path, foil: Played | None = None) -> Scorecard:
    """Score a result, and a foil's, against a file of what happened.

    Raises ScenarioError for a bad file and for names that a scenario does not know.
    """
    history = read_history(Path(against))
    # Only now, so that a wrong file is told at once.
    from coopsim.analysis.scorecard import Forecaster, scorecard  # noqa: PLC0415  # takes seconds

    def forecaster(one: Played) -> Forecaster:
        return Forecaster(one.name, one.scenario, one.program, one.firings())

    return scorecard(history, forecaster(result), None if foil is None else forecaster(foil))
