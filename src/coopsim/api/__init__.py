"""What one can do with coopsim, from Python as from the command line.

A name is imported when it is first used, so that who only checks a scenario loads no simulation.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopsim.api.answers import (
        CausesAnswer,
        CheckAnswer,
        ClaimAnswer,
        ComparisonAnswer,
        DiscoveryAnswer,
        GivenAnswer,
        ListAnswer,
        PairAnswer,
        RecordAnswer,
        ResolveAnswer,
        ShowAnswer,
        TraceAnswer,
        UnusedAnswer,
        VerifyAnswer,
    )
    from coopsim.api.articles import new_source
    from coopsim.api.checking import check
    from coopsim.api.evidence import lacks_claims, score, sources
    from coopsim.api.experiments import (
        ask,
        asked_of,
        assumed,
        diff,
        epistemic,
        explain,
        global_indices,
        sensitivity,
        split_settings,
        sweep,
    )
    from coopsim.api.forecasts import (
        FORECASTS,
        export_forecasts,
        forecast_changes,
        list_forecasts,
        record_forecasts,
        resolve_question,
        score_forecasts,
        verify_forecasts,
    )
    from coopsim.api.interfaces import Answer
    from coopsim.api.notebooks import Viewed, view
    from coopsim.api.played import Played, compare, play
    from coopsim.api.registry import FOLDERS, draw, folder_of, save, views
    from coopsim.api.reports import print_report, report, write_report
    from coopsim.api.results import RESULTS, Result, Stored, as_written, open_result, run
    from coopsim.api.scenarios import assumptions, child_of, influences, load, load_text
    from coopsim.api.timelines import causes, discover, given, trace, trace_beside

_HOMES = {
    "answers": (
        "CausesAnswer", "CheckAnswer", "ClaimAnswer", "ComparisonAnswer",
        "DiscoveryAnswer", "GivenAnswer", "ListAnswer", "PairAnswer", "RecordAnswer",
        "ResolveAnswer", "ShowAnswer", "TraceAnswer", "UnusedAnswer", "VerifyAnswer",
    ),
    "articles": ("new_source",),
    "evidence": ("lacks_claims", "score", "sources"),
    "experiments": (
        "ask", "asked_of", "assumed", "diff", "epistemic", "explain", "global_indices",
        "sensitivity", "split_settings", "sweep",
    ),
    "checking": ("check",),
    "registry": ("FOLDERS", "draw", "folder_of", "save", "views"),
    "forecasts": (
        "FORECASTS", "export_forecasts", "forecast_changes", "list_forecasts", "record_forecasts",
        "resolve_question", "score_forecasts", "verify_forecasts",
    ),
    "interfaces": ("Answer",),
    "notebooks": ("Viewed", "view"),
    "played": ("Played", "compare", "play"),
    "reports": ("print_report", "report", "write_report"),
    "results": ("RESULTS", "Result", "Stored", "as_written", "open_result", "run"),
    "scenarios": ("assumptions", "child_of", "influences", "load", "load_text"),
    "timelines": ("causes", "discover", "given", "trace", "trace_beside"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "FOLDERS",
    "FORECASTS",
    "RESULTS",
    "Answer",
    "CausesAnswer",
    "CheckAnswer",
    "ClaimAnswer",
    "ComparisonAnswer",
    "DiscoveryAnswer",
    "GivenAnswer",
    "ListAnswer",
    "PairAnswer",
    "Played",
    "RecordAnswer",
    "ResolveAnswer",
    "Result",
    "ShowAnswer",
    "Stored",
    "TraceAnswer",
    "UnusedAnswer",
    "VerifyAnswer",
    "Viewed",
    "as_written",
    "ask",
    "asked_of",
    "assumed",
    "assumptions",
    "causes",
    "check",
    "child_of",
    "compare",
    "diff",
    "discover",
    "draw",
    "epistemic",
    "explain",
    "export_forecasts",
    "folder_of",
    "forecast_changes",
    "given",
    "global_indices",
    "influences",
    "lacks_claims",
    "list_forecasts",
    "load",
    "load_text",
    "new_source",
    "open_result",
    "play",
    "print_report",
    "record_forecasts",
    "report",
    "resolve_question",
    "run",
    "save",
    "score",
    "score_forecasts",
    "sensitivity",
    "sources",
    "split_settings",
    "sweep",
    "trace",
    "trace_beside",
    "verify_forecasts",
    "view",
    "views",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Import a name when it is first used."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'coopsim.api' has no attribute '{name}'")
    return getattr(import_module(f"coopsim.api.{_HOME_OF[name]}"), name)
