"""Results: which there are, what they hold, where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from coopsim.analysis.summaries import Summary
from coopsim.presentation.views.result.answers import summary_view
from coopsim.presentation.views.view import Cell, Holds, Row, Section, TableColumn, View
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.wording import Wording, last_included, plain_id, timelines
from coopsim.scenario.groups import groups
from coopsim.scenario.notation.values import format_date
from coopsim.scenario.spec import Scenario
from coopsim.simulation.results.manifest import Keep, Manifest
from coopsim.simulation.results.store import Store

_KEEPS = {
    Keep.firings: "all firings",
    Keep.firsts: "first firings, and totals over all",
    Keep.nothing: "no firings, only totals",
}
_COLUMNS = (
    TableColumn("timelines"),
    TableColumn("keeps", Holds.TEXT, kept=False),
    TableColumn("seed", kept=False),
    TableColumn("finished (UTC)", Holds.DATE, kept=False),
)


def results_view(stores: Sequence[Store]) -> View:
    """List results, in the order given."""
    rows = tuple(row for store in stores for row in _result_rows(store))
    return View(heading=(), sections=(Section("Result", rows, _COLUMNS),))


def _result_rows(store: Store) -> Iterator[Row]:
    """List a result, and below it what was set over what its scenario's file says."""
    manifest = store.manifest
    cells = (
        Cell(f"{manifest.runs:,}", manifest.runs, unit="count"),
        Cell(manifest.keep),
        Cell(str(manifest.seed), manifest.seed),
        Cell(_finished(manifest), manifest.finished),
    )
    yield Row(store.folder.name, cells, about=store.folder.name)
    for one in manifest.sets:
        yield Row(f"with {one}", level=1)


def _finished(manifest: Manifest) -> str:
    if not manifest.complete or manifest.finished is None:
        return "not finished: run it again"
    return f"{datetime.fromisoformat(manifest.finished):%Y-%m-%d %H:%M}"


def result_views(
    store: Store, scenario: Scenario, summary: Summary, cross_check: str | None
) -> tuple[View, ...]:
    """Show of what a result is and what its folder holds, and below it the answers."""
    return result_view(store, scenario), summary_view(summary, scenario, cross_check)


def result_view(store: Store, scenario: Scenario) -> View:
    """Show of what a result is, how it was made and what its folder holds."""
    facts, words = dict(_facts(store.manifest, scenario)), Wording.of(scenario)
    files = dict(_contents(store.folder))
    return View(
        heading=(words.heading, str(store.folder)),
        sections=(
            Section("What was simulated", _noted(facts)),
            Section("What it asks, by id", _noted(words.titles)),
            *_grouped(scenario),
            Section("What the folder holds", _noted(files)),
        ),
    )


def _noted(notes: Mapping[str, str]) -> tuple[Row, ...]:
    return tuple(Row(name, note=note, level=1) for name, note in notes.items())


def _facts(manifest: Manifest, scenario: Scenario) -> Iterator[tuple[str, str]]:
    yield (
        "scenario",
        f"{manifest.scenario}, hash {manifest.hash}, questions {manifest.questions or '-'}",
    )
    if manifest.sets:
        yield "set", ", ".join(manifest.sets)
    yield "runs", f"{timelines(manifest.runs)}, seed {manifest.seed}"
    yield "keeps", _KEEPS[manifest.keep]
    yield "time", f"{format_date(scenario.start.first)} to {last_included(scenario.end.end_of_day)}"
    yield "asks", _counts(scenario)
    yield "engine", manifest.engine
    if manifest.cross_check:
        yield "cross-check", manifest.cross_check
    yield "finished", _finished(manifest)
    if manifest.wall_seconds is not None:
        yield "took", f"{manifest.wall_seconds:,.1f} seconds"
    yield "versions", ", ".join(f"{name} {of}" for name, of in manifest.versions.items())
    if manifest.source_commit:
        yield "commit", manifest.source_commit


def _counts(scenario: Scenario) -> str:
    return ", ".join(
        counted(len(things), noun)
        for things, noun in (
            (scenario.drivers, "driver"),
            (scenario.events, "event"),
            (scenario.outcomes, "outcome"),
        )
    )


def _grouped(scenario: Scenario) -> Iterator[Section]:
    """List drivers and events by their groups, where there are any."""
    found = groups(scenario)
    if found:
        rows = (row for group, listed in found.items() for row in _group(group, listed, scenario))
        yield Section("What it assumes, by group", tuple(rows))


def _group(
    group: str | None, listed: Mapping[str, Sequence[str]], scenario: Scenario
) -> Iterator[Row]:
    yield Row(group or "in no group", level=1)
    for section, names in listed.items():
        entries = getattr(scenario, section)
        cells = tuple(Cell(entries[name].title or plain_id(name), about=name) for name in names)
        yield Row(section, note="; ".join(cell.text for cell in cells), told=cells, level=2)


def _contents(folder: Path) -> Iterator[tuple[str, str]]:
    """List what lies in a folder and how large it is; what is hidden is passed over."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            yield path.name, _size(path.stat().st_size)
            continue
        files = [each for each in path.iterdir() if each.is_file()]
        size = _size(sum(each.stat().st_size for each in files))
        yield f"{path.name}/", f"{counted(len(files), 'file')}, {size}"


def _size(count: int) -> str:
    if count < 1000:
        return counted(count, "byte")
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def finished_text(folder: Path, figures: Sequence[Path]) -> str:
    """Write where a result lies and, of its figures, which to open first."""
    lines = [f"Result: {folder}"]
    pictures = [path for path in figures if path.suffix == ".png"]
    if pictures:
        lines.append(f"Figures: {pictures[0].parent}, {counted(len(pictures), 'page')}")
        lines.append(f"Open first: {pictures[0]}")
    return "\n".join(lines)
