"""Turn sourced assumptions about cooperation in space into dated futures.

    import coopsim

    loaded = coopsim.load("scenarios/thaw.yaml", sets=["seed=7"])
    result = coopsim.run(loaded, runs=1000)
    result.summary.outcomes["iss_reentry"].probability

The names below are the whole public API; they are imported when first used, so that
`import coopsim` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopsim.api import (
        Played,
        Result,
        Viewed,
        ask,
        assumptions,
        causes,
        child_of,
        compare,
        diff,
        discover,
        epistemic,
        explain,
        export_forecasts,
        forecast_changes,
        given,
        global_indices,
        influences,
        list_forecasts,
        load,
        load_text,
        open_result,
        play,
        record_forecasts,
        report,
        resolve_question,
        run,
        score,
        score_forecasts,
        sensitivity,
        sources,
        sweep,
        trace,
        verify_forecasts,
        view,
    )
    from coopsim.errors import CoopsimError, ScenarioError, StoppedError, UsageError

__all__ = [
    "CoopsimError",
    "Played",
    "Result",
    "ScenarioError",
    "StoppedError",
    "UsageError",
    "Viewed",
    "ask",
    "assumptions",
    "causes",
    "child_of",
    "compare",
    "diff",
    "discover",
    "epistemic",
    "explain",
    "export_forecasts",
    "forecast_changes",
    "given",
    "global_indices",
    "influences",
    "list_forecasts",
    "load",
    "load_text",
    "open_result",
    "play",
    "record_forecasts",
    "report",
    "resolve_question",
    "run",
    "score",
    "score_forecasts",
    "sensitivity",
    "sources",
    "sweep",
    "trace",
    "verify_forecasts",
    "view",
]


def __dir__() -> list[str]:
    """List the public names, imported already or not."""
    return [*__all__]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module 'coopsim' has no attribute '{name}'")
    home = "coopsim.errors" if name.endswith("Error") else "coopsim.api"
    return getattr(import_module(home), name)
