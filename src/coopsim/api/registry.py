"""One entry for each command that answers: its answer, view and figures, and where these go.

The command line, Python and whatever else shows answers ask `views`, `draw` and `folder_of`, and
know no answer by name. What an entry names is imported when it is first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from coopsim.errors import UsageError

if TYPE_CHECKING:
    from coopsim.api.answers import Answer
    from coopsim.presentation.views.view import View


@dataclass(frozen=True, slots=True)
class Entry:
    """How a command's answer is shown; functions and the answer's type are `module:name`.

    `parts` takes an answer apart into what its view is made from, and `drawn` into what its
    `figures` are drawn from, if that is not the same. A folder of figures is called
    `folder-NAME`, with what `named` calls the answer.
    """

    command: str
    answer: str
    view: str
    parts: Callable[[Any], tuple[Any, ...]] = lambda found: (found,)
    figures: str | None = None
    drawn: Callable[[Any], tuple[Any, ...]] | None = None
    folder: str = ""
    named: Callable[[Any], str] = str


def _of_scenario(found: Any) -> str:
    return f"{found.scenario}-{found.hash}"


def _of_loaded(*loaded: Any) -> str:
    return "-".join(f"{one.scenario.scenario}-{one.hash}" for one in loaded)


_VIEWS = "coopsim.presentation.views"
_FIGURES = "coopsim.presentation.figures"
_ANSWERS = "coopsim.api.answers"

REGISTRY = (
    Entry(
        command="check",
        answer=f"{_ANSWERS}:CheckAnswer",
        view=f"{_VIEWS}.problems:check_view",
        parts=lambda one: (one.problems,),
    ),
    Entry(
        command="run, summary",
        answer="coopsim.api.results:Result",
        view=f"{_VIEWS}.result.answers:summary_view",
        parts=lambda one: (one.summary, one.scenario, one.cross_check),
        figures="coopsim.api.results:draw_result",
        drawn=lambda one: (one,),
    ),
    Entry(
        command="ls",
        answer=f"{_ANSWERS}:ListAnswer",
        view=f"{_VIEWS}.listings:results_view",
        parts=lambda one: (one.stores,),
    ),
    Entry(
        command="show",
        answer=f"{_ANSWERS}:ShowAnswer",
        view=f"{_VIEWS}.listings:result_views",
        parts=lambda one: (
            one.result.store,
            one.result.scenario,
            one.result.summary,
            one.result.cross_check,
        ),
    ),
    Entry(
        command="compare",
        answer=f"{_ANSWERS}:ComparisonAnswer",
        view=f"{_VIEWS}.comparison:comparison_views",
        parts=lambda one: (one.found, one.sides[0].scenario, one.explained or ()),
        figures=f"{_FIGURES}.comparison:draw_comparison",
        drawn=lambda one: (one.sides[0].scenario, one.found, one.curves()),
        folder="compare",
        named=lambda one: "-".join(side.name for side in one.sides),
    ),
    Entry(
        command="given",
        answer=f"{_ANSWERS}:GivenAnswer",
        view=f"{_VIEWS}.given:given_view",
        parts=lambda one: (one.found, one.result.scenario),
        figures=f"{_FIGURES}.given:draw_given",
        folder="given",
        named=lambda one: f"{one.result.name}-{one.digest}",
    ),
    Entry(
        command="discover",
        answer=f"{_ANSWERS}:DiscoveryAnswer",
        view=f"{_VIEWS}.discovery:discovery_view",
        parts=lambda one: (one.found, one.result.scenario),
        figures=f"{_FIGURES}.discovery:draw_discovery",
        folder="discover",
        named=lambda one: f"{one.result.name}-{one.digest}",
    ),
    Entry(
        command="trace",
        answer=f"{_ANSWERS}:TraceAnswer",
        view=f"{_VIEWS}.story:story_view",
        parts=lambda one: (one.found,),
        figures=f"{_FIGURES}.lanes:draw_trace",
        folder="trace",
        named=lambda one: _of_loaded(one.loaded),
    ),
    Entry(
        command="trace beside another",
        answer=f"{_ANSWERS}:PairAnswer",
        view=f"{_VIEWS}.pair:pair_view",
        parts=lambda one: (one.found,),
        figures=f"{_FIGURES}.lanes:draw_pair",
        folder="trace",
        named=lambda one: _of_loaded(*one.loaded),
    ),
    Entry(
        command="causes",
        answer=f"{_ANSWERS}:CausesAnswer",
        view=f"{_VIEWS}.causes:causes_view",
        parts=lambda one: (one.found, one.names),
        figures=f"{_FIGURES}.causes:draw_causes",
        folder="causes",
        named=lambda one: _of_loaded(one.loaded),
    ),
    Entry(
        command="sources",
        answer="coopsim.scenario.sources.support:Support",
        view=f"{_VIEWS}.sources:sources_view",
    ),
    Entry(
        command="sources --claim",
        answer=f"{_ANSWERS}:ClaimAnswer",
        view=f"{_VIEWS}.sources:claim_view",
        parts=lambda one: (one.support, one.identity),
    ),
    Entry(
        command="sources --unused",
        answer=f"{_ANSWERS}:UnusedAnswer",
        view=f"{_VIEWS}.sources:unused_view",
        parts=lambda one: (one.support,),
    ),
    Entry(
        command="score",
        answer="coopsim.analysis.scorecard:Scorecard",
        view=f"{_VIEWS}.scorecard:scorecard_view",
        figures=f"{_FIGURES}.scorecard:draw_scorecard",
        folder="score",
        named=lambda one: one.result,
    ),
    Entry(
        command="sensitivity",
        answer="coopsim.experiments.sensitivity:Sensitivity",
        view=f"{_VIEWS}.sensitivity:sensitivity_view",
        figures=f"{_FIGURES}.sensitivity:draw_sensitivity",
        folder="sensitivity",
        named=_of_scenario,
    ),
    Entry(
        command="sensitivity --method doubt",
        answer="coopsim.experiments.epistemic:ModelUncertainty",
        view=f"{_VIEWS}.epistemic:epistemic_view",
        figures=f"{_FIGURES}.epistemic:draw_epistemic",
        folder="sensitivity",
        named=_of_scenario,
    ),
    Entry(
        command="sensitivity --method draws",
        answer="coopsim.experiments.global_indices:GlobalIndices",
        view=f"{_VIEWS}.epistemic:indices_view",
        figures=f"{_FIGURES}.global_indices:draw_indices",
        folder="sensitivity",
        named=_of_scenario,
    ),
    Entry(
        command="diff",
        answer="coopsim.scenario.changes.differences:Differences",
        view=f"{_VIEWS}.whatif:differences_view",
    ),
    Entry(
        command="explain",
        answer="coopsim.experiments.attribution:Attribution",
        view=f"{_VIEWS}.whatif:attribution_view",
        figures=f"{_FIGURES}.attribution:draw_attribution",
        folder="explain",
        named=lambda one: f"{one.scenario}-{one.against}",
    ),
    Entry(
        command="sweep",
        answer="coopsim.experiments.sweeps:Sweep",
        view=f"{_VIEWS}.whatif:sweep_view",
        figures=f"{_FIGURES}.sweeps:draw_sweep",
        folder="sweep",
        named=_of_scenario,
    ),
)
_BY_ANSWER: Mapping[str, Entry] = MappingProxyType({entry.answer: entry for entry in REGISTRY})
FOLDERS = tuple(sorted({f"{entry.folder}-" for entry in REGISTRY if entry.folder}))


def entry_of(found: Answer) -> Entry:
    """Find how an answer is shown."""
    return _BY_ANSWER[f"{type(found).__module__}:{type(found).__qualname__}"]


def views(found: Answer, **options: Any) -> tuple[View, ...]:
    """Make what is shown of an answer; the options are those of its view."""
    entry = entry_of(found)
    made = _named(entry.view)(*entry.parts(found), **options)
    return _explained_once(made) if isinstance(made, tuple) else (made,)


def _explained_once(made: tuple[View, ...]) -> tuple[View, ...]:
    """Leave out of each view the notes that stand below an earlier one."""
    told: set[str] = set()
    shown = []
    for view in made:
        shown.append(replace(view, notes=tuple(note for note in view.notes if note not in told)))
        told.update(view.notes)
    return tuple(shown)


def draw(found: Answer, folder: Path) -> list[Path]:
    """Draw the figures of an answer into a folder; gives the files written.

    Raises UsageError for an answer that has none, CoopsimError where a file cannot be written.
    """
    entry = entry_of(found)
    if entry.figures is None:
        raise UsageError(f"there are no figures of what `{entry.command}` answers")
    files: list[Path] = _named(entry.figures)(*(entry.drawn or entry.parts)(found), folder)
    return files


def folder_of(found: Answer, results: Path) -> Path:
    """Name the folder for the figures of an answer, below the results."""
    entry = entry_of(found)
    return results / f"{entry.folder}-{entry.named(found)}"


def _named(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    made: Callable[..., Any] = getattr(import_module(module), function)
    return made
