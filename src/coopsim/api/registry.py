"""One entry for each command that answers: its answer, view and figures, and where these go.

The command line, Python and whatever else shows answers ask `views`, `draw` and `folder_of`, and
know no answer by name. What an entry names is imported when it is first needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from coopsim.errors import UsageError
from coopsim.presentation.pens.csv_lines import views_csv
from coopsim.printable import printable_json
from coopsim.simulation.results.atomic import write_atomically

if TYPE_CHECKING:
    from coopsim.api.interfaces import Answer
    from coopsim.presentation.views.view import View


@dataclass(frozen=True, slots=True)
class Entry:
    """How a command's answer is shown; functions and the answer's type are `module:name`.

    `parts` takes an answer apart into what its view is made from, and `drawn` into what its
    `figures` are drawn from, if that is not the same. A folder of figures is called
    `folder-NAME-DIGEST`, with what `named` calls the answer, and a digest of what was `asked`.
    """

    command: str
    answer: str
    view: str
    parts: Callable[[Any], tuple[Any, ...]] = lambda found: (found,)
    figures: str | None = None
    drawn: Callable[[Any], tuple[Any, ...]] | None = None
    folder: str = ""
    named: Callable[[Any], str] = str
    asked: Callable[[Any], Iterable[object]] = lambda _found: ()


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
        answer="coopsim.api.played:Played",
        view=f"{_VIEWS}.result.answers:summary_view",
        parts=lambda one: (one.summary, one.scenario, one.cross_check),
        figures="coopsim.api.played:draw_played",
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
        asked=lambda one: (one.found.runs, one.explained is not None, *one.only),
    ),
    Entry(
        command="ask",
        answer="coopsim.experiments.asking:AskedChances",
        view=f"{_VIEWS}.asking:asked_view",
        figures=f"{_FIGURES}.asking:draw_asked",
        folder="ask",
        named=_of_scenario,
        asked=lambda one: (
            one.runs,
            *(each.statement for each in one.answers),
            "?",
            *one.given,
            "?",
            *one.settings,
        ),
    ),
    Entry(
        command="given",
        answer=f"{_ANSWERS}:GivenAnswer",
        view=f"{_VIEWS}.given:given_view",
        parts=lambda one: (one.found, one.result.scenario),
        figures=f"{_FIGURES}.given:draw_given",
        folder="given",
        named=lambda one: one.result.name,
        asked=lambda one: (*one.found.that, "?", *one.only),
    ),
    Entry(
        command="discover",
        answer=f"{_ANSWERS}:DiscoveryAnswer",
        view=f"{_VIEWS}.discovery:discovery_view",
        parts=lambda one: (one.found, one.result.scenario),
        figures=f"{_FIGURES}.discovery:draw_discovery",
        folder="discover",
        named=lambda one: one.result.name,
        asked=lambda one: (one.found.outcome, one.found.by, one.coverage),
    ),
    Entry(
        command="trace",
        answer=f"{_ANSWERS}:TraceAnswer",
        view=f"{_VIEWS}.stories.story:story_view",
        parts=lambda one: (one.found,),
        figures=f"{_FIGURES}.lanes:draw_trace",
        folder="trace",
        named=lambda one: _of_loaded(one.loaded),
        asked=lambda one: (one.found.run,),
    ),
    Entry(
        command="trace beside another",
        answer=f"{_ANSWERS}:PairAnswer",
        view=f"{_VIEWS}.stories.pair:pair_view",
        parts=lambda one: (one.found,),
        figures=f"{_FIGURES}.lanes:draw_pair",
        folder="trace",
        named=lambda one: _of_loaded(*one.loaded),
        asked=lambda one: (one.found.left.run,),
    ),
    Entry(
        command="causes",
        answer=f"{_ANSWERS}:CausesAnswer",
        view=f"{_VIEWS}.stories.causes:causes_view",
        parts=lambda one: (one.found, one.names),
        figures=f"{_FIGURES}.causes:draw_causes",
        folder="causes",
        named=lambda one: _of_loaded(one.loaded),
        asked=lambda one: (one.found.runs, *one.names),
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
        command="sources --new",
        answer="coopsim.scenario.sources.articles:NewSource",
        view=f"{_VIEWS}.sources:new_source_view",
    ),
    Entry(
        command="score",
        answer="coopsim.analysis.scorecard:Scorecard",
        view=f"{_VIEWS}.scorecard:scorecard_view",
        figures=f"{_FIGURES}.scorecard:draw_scorecard",
        folder="score",
        named=lambda one: one.result,
        asked=lambda one: (one.runs, one.against, one.known, one.foil),
    ),
    Entry(
        command="sensitivity",
        answer="coopsim.experiments.sensitivity:Sensitivity",
        view=f"{_VIEWS}.sensitivity:sensitivity_view",
        figures=f"{_FIGURES}.sensitivity:draw_sensitivity",
        folder="sensitivity",
        named=_of_scenario,
        asked=lambda one: (
            "single",
            one.runs,
            one.swing,
            *one.outcomes,
            *one.unmoved,
            *((moved.path, moved.low, moved.high) for moved in one.assumptions),
        ),
    ),
    Entry(
        command="sensitivity --method uncertainty",
        answer="coopsim.experiments.epistemic:ModelUncertainty",
        view=f"{_VIEWS}.epistemic:epistemic_view",
        figures=f"{_FIGURES}.epistemic:draw_epistemic",
        folder="sensitivity",
        named=_of_scenario,
        asked=lambda one: ("uncertainty", one.runs, one.replications, one.uncertain, *one.outcomes),
    ),
    Entry(
        command="sensitivity --method inputs",
        answer="coopsim.experiments.global_indices:GlobalIndices",
        view=f"{_VIEWS}.epistemic:indices_view",
        figures=f"{_FIGURES}.global_indices:draw_indices",
        folder="sensitivity",
        named=_of_scenario,
        asked=lambda one: ("inputs", one.runs, *one.outcomes),
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
        named=lambda one: f"{one.base}-{one.other}",
        asked=lambda one: (one.seed, one.runs, one.orders, *one.changes, *one.outcomes),
    ),
    Entry(
        command="sweep",
        answer="coopsim.experiments.sweeps:Sweep",
        view=f"{_VIEWS}.whatif:sweep_view",
        figures=f"{_FIGURES}.sweeps:draw_sweep",
        folder="sweep",
        named=_of_scenario,
        asked=lambda one: (one.runs, one.outcome, one.level, *one.axes),
    ),
    Entry(
        command="forecast record",
        answer=f"{_ANSWERS}:RecordAnswer",
        view=f"{_VIEWS}.forecasts.agenda:record_view",
        parts=lambda one: (one.folder, one.recorded),
    ),
    Entry(
        command="forecast list",
        answer="coopsim.forecasts.agenda:Agenda",
        view=f"{_VIEWS}.forecasts.agenda:agenda_view",
    ),
    Entry(
        command="forecast resolve",
        answer=f"{_ANSWERS}:ResolveAnswer",
        view=f"{_VIEWS}.forecasts.agenda:resolve_view",
        parts=lambda one: (one.folder, one.world, one.resolution, one.forecasts),
    ),
    Entry(
        command="forecast verify",
        answer=f"{_ANSWERS}:VerifyAnswer",
        view=f"{_VIEWS}.forecasts.agenda:verify_view",
        parts=lambda one: (one.track,),
    ),
    Entry(
        command="forecast score",
        answer="coopsim.forecasts.scores:TrackScores",
        view=f"{_VIEWS}.forecasts.scores:scores_view",
        figures=f"{_FIGURES}.track:draw_track",
        folder="track",
        named=lambda one: "-".join(one.forecasters[:3]),  # of many, the name would be too long
        asked=lambda one: (
            one.title,
            *one.forecasters,
            "?",
            *one.foils,
            *((each.world.identity, each.answer, len(each.stands)) for each in one.courses),
        ),
    ),
    Entry(
        command="forecast changes",
        answer="coopsim.forecasts.changes:ForecastChanges",
        view=f"{_VIEWS}.forecasts.changes:changes_views",
        figures=f"{_FIGURES}.attribution:draw_attribution",
        drawn=lambda one: (one.split,),
        folder="changes",
        named=lambda one: f"{one.after.name}-{one.before.name}",
        asked=lambda one: (one.before, one.after, one.split.runs, *one.split.changes),
    ),
    Entry(
        command="forecast export",
        answer="coopsim.forecasts.hub:Hub",
        view=f"{_VIEWS}.forecasts.hub:hub_view",
    ),
)
_BY_ANSWER: Mapping[str, Entry] = MappingProxyType({entry.answer: entry for entry in REGISTRY})
FOLDERS = tuple(sorted({f"{entry.folder}-" for entry in REGISTRY if entry.folder}))


def entry_of(found: Answer) -> Entry:
    """Find how an answer is shown: as what it is, or what it is a kind of.

    Raises UsageError for what is no answer.
    """
    names = (f"{each.__module__}:{each.__qualname__}" for each in type(found).__mro__)
    entry = next((_BY_ANSWER[name] for name in names if name in _BY_ANSWER), None)
    if entry is None:
        raise UsageError(f"found an object of the type {type(found).__name__}, expected an answer")
    return entry


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
        raise UsageError(f"there are no figures for `{entry.command}`")
    files: list[Path] = _named(entry.figures)(*(entry.drawn or entry.parts)(found), folder)
    return files


def folder_of(found: Answer, results: Path) -> Path:
    """Name the folder for the figures and numbers of an answer, below the results.

    It has a digest of what was asked, so that no answer overwrites that to another question.
    """
    entry = entry_of(found)
    asked = "\n".join(map(str, entry.asked(found)))
    digest = blake2b(asked.encode(), digest_size=4).hexdigest()
    return results / f"{entry.folder}-{entry.named(found)}-{digest}"


def save(found: Answer, shown: Sequence[View], folder: Path) -> None:
    """Write the numbers of an answer beside its figures: answer.json, and what is shown as CSV.

    Raises CoopsimError where a file cannot be written.
    """
    text = json.dumps(found.to_json(), indent=2, ensure_ascii=False, allow_nan=False)
    write_atomically(folder / "answer.json", f"{printable_json(text)}\n".encode())
    write_atomically(folder / "answer.csv", views_csv(shown).encode())


def _named(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    made: Callable[..., Any] = getattr(import_module(module), function)
    return made
