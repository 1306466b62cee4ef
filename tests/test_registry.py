"""Every command that answers has one entry, ends in one place, and shows clean data."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any, cast
from unittest import mock

import pytest

from coopsim import api
from coopsim.api.interfaces import Answer
from coopsim.api.registry import REGISTRY, Entry, entry_of, views
from coopsim.cli import offering
from coopsim.errors import UsageError
from coopsim.presentation.views.view import Cell, Row, Section, View
from terminal import Done, coopsim

pytestmark = pytest.mark.slow

WORLD = """\
scenario: small
title: A small world
as_of: 2025-01-01
start: 2025-01-01
end: 2031-12-31
runs: 600
seed: 7
references: {ageing: {title: Ageing, lognormal: [1, 0.4]}}
drivers:
  mood:
    title: Mood
    levels: [cold, cool, warm]
    initial: cool
    switches: {cool -> warm: {rate: 0.2 to 0.5 per year}, cool -> cold: {rate: 0.1 per year}}
    sources: [press.1]
events:
  decree:
    title: A decree
    group: Politics
    rate: {by: mood, warm: 0.6 per year, cool: 0.2 per year}
  flight: {title: The flight, after: {decree: 1 to 2 years}, sources: [press.2]}
  loss:
    title: A loss
    rate: 0.1 to 0.3 per year
    repeat: true
    outcomes: {grave: {chance: 0.4}, light: {chance: rest}}
outcomes:
  decreed: {event: decree, title: A decree}
  flies: {event: flight, title: The flight, headline: true}
  losses: {count: loss, title: Losses}
  gap: {between: [decree, flight], title: From decree to flight}
  first: {first_of: [decree, loss], title: Which comes first}
  mood: {driver: mood, title: Mood}
  index: {index: [{when: {flight: true}, weight: 1}], title: Cooperation}
"""
OTHER = """\
extends: small.yaml
scenario: other
events: {decree: {rate: {by: mood, warm: 1 per year, cool: 0.4 per year}}}
"""
PRESS = """\
source: {kind: article, title: The papers}
claims:
  - {id: 1, date: 2024, statement: It may thaw.}
  - {id: 2, date: 2024, statement: It takes a year., numbers: [{what: lag, value: 1, unit: year}]}
  - {id: 3, date: 2024, statement: Nobody cites this.}
"""
HISTORY = """\
title: What became of it
known: 2031-12-31
questions:
  - {id: flies, title: It flies, event: flight, date: 2028-05-01, sources: [press.1]}
"""
OPEN = """\
title: What may come of it
opens: 2025-06-01
questions:
  - id: q1
    question: Does it fly?
    by: 2025-12-31
    criterion: Lift-off.
    source: The papers
    unchanged: no
    asked: {statement: "flight from {opens} to {by}", fit: exact}
  - id: q2
    question: How many are lost?
    by: 2026-12-31
    kind: count
    options: [none, some]
    criterion: A loss is told.
    source: The papers
    state: None is lost.
    asked: {answers: {none: loss = 0 in 2026, some: rest}, fit: approximate, why: For a test.}
  - id: q3
    question: Is there a moon?
    by: 2026-12-31
    criterion: It is seen.
    source: The papers
    asked: {silent: The model has no moon.}
"""
CALLS = {
    "forecast record": "forecast record small --as me",
    "forecast list": "forecast list",
    "forecast resolve": "forecast resolve q1 --answer 2025-07-01 --source Papers --seen It_flew",
    "forecast verify": "forecast verify",
    "forecast score": "forecast score --no-figures",
    "forecast changes": "forecast changes small other --runs 200 --no-figures",
    "forecast export": "forecast export --to hub",
    "check": "check small.yaml",
    "run, summary": "summary small",
    "ls": "ls",
    "show": "show small",
    "compare": "compare small other --explain",
    "ask": "ask small.yaml flight --runs 200",
    "given": "given small --that flight",
    "discover": "discover small --outcome flies",
    "trace": "trace small.yaml --run 3",
    "trace beside another": "trace small.yaml other.yaml --run 3",
    "causes": "causes small.yaml flight --runs 100",
    "sources": "sources small.yaml",
    "sources --claim": "sources small.yaml --claim press.2",
    "sources --unused": "sources small.yaml --unused",
    "sources --new": "sources --new article.txt",
    "score": "score small --against seeds/history.yaml",
    "sensitivity": "sensitivity small.yaml --runs 200",
    "sensitivity --method uncertainty": "sensitivity small.yaml --method uncertainty --runs 100 "
    "--replications 4",
    "sensitivity --method inputs": "sensitivity small --method inputs --outcome flies",
    "diff": "diff small.yaml other.yaml",
    "explain": "explain small.yaml other.yaml --runs 200",
    "sweep": "sweep small.yaml --runs 200 --points 3 --outcome flies "
    "--set events.loss.rate=0.1..1_per_year",
}
MORE = (
    "forecast list --due",
    "forecast list q1 q2 q3",
    "ask small flight loss",
    "ask small.yaml flight --if loss --runs 200",
    "ask small.yaml flight --set events.loss.rate=0.5_per_year --runs 200",
    "sensitivity small.yaml --runs 200 --outcome flies --outcome gap",
    "explain small.yaml other.yaml --runs 200 --all",
    "trace small.yaml --typical --all",
    "causes small.yaml --runs 100",
    "diff small.yaml other.yaml --paths",
    "run small.yaml",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer that went through the tail, what was shown of it and what --json printed."""

    found: Answer
    views: tuple[View, ...]
    json: Any


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    (folder / "seeds").mkdir()
    (folder / "small.yaml").write_text(WORLD, encoding="utf-8")
    (folder / "other.yaml").write_text(OTHER, encoding="utf-8")
    (folder / "seeds" / "press.yaml").write_text(PRESS, encoding="utf-8")
    (folder / "seeds" / "history.yaml").write_text(HISTORY, encoding="utf-8")
    (folder / "article.txt").write_text("It flies in 2028.", encoding="utf-8")
    for name in ("other", "small"):
        done = coopsim(folder, "run", f"{name}.yaml", "--no-figures", "--quiet")
        assert done.returncode == 0, done.stderr
    (folder / "forecasts").mkdir()
    (folder / "forecasts" / "questions.yaml").write_text(OPEN, encoding="utf-8")
    made = {"COOPSIM_NOW": "2025-06-01T12:00:00+00:00"}
    done = coopsim(folder, "forecast", "record", "small", "other", **made)
    assert done.returncode == 0, done.stderr
    return folder


def called(folder: Path, call: str) -> Shown:
    """Call a command twice, and see what goes through the tail the first time."""
    told: list[tuple[Answer, tuple[View, ...]]] = []

    def watched(found: Answer, **options: Any) -> tuple[View, ...]:
        made = views(found, **options)
        told.append((found, made))
        return made

    words = [word.replace("_per_", " per ").replace("_", " ") for word in call.split()]
    quiet = [] if words[0] in _WITHOUT_FIGURES else ["--no-figures"]
    with mock.patch("coopsim.api.registry.views", watched):
        done = undone(folder, *words, *quiet)
    assert done.returncode == 0, done.stderr
    (answer,) = told  # once
    return Shown(*answer, json.loads(undone(folder, *words, *quiet, "--json").stdout))


def undone(folder: Path, *words: str) -> Done:
    """Call a command, and remove what it wrote and would not write again."""
    before = folder / "before"
    shutil.copytree(folder / "forecasts", before)
    done = coopsim(folder, *words, COOPSIM_NOW="2026-11-27T16:00:00+00:00")
    shutil.rmtree(folder / "forecasts")
    shutil.move(before, folder / "forecasts")
    (folder / "seeds" / "article.yaml").unlink(missing_ok=True)
    shutil.rmtree(folder / "hub", ignore_errors=True)
    return done


_WITHOUT_FIGURES = ("check", "summary", "ls", "show", "sources", "diff", "forecast")


@pytest.fixture(scope="module")
def all_shown(folder: Path) -> dict[str, Shown]:
    return {name: called(folder, call) for name, call in CALLS.items()}


@pytest.fixture(scope="module")
def all_views(folder: Path, all_shown: dict[str, Shown]) -> list[View]:
    more = [called(folder, call) for call in MORE]
    return [view for shown in (*all_shown.values(), *more) for view in shown.views]


def test_what_a_view_explains_no_later_one_of_the_same_answer_does() -> None:
    first, second = View(("A",), (), ("alike", "first")), View(("B",), (), ("alike", "second"))
    entry = Entry("two", "m:T", "m:view")
    with (
        mock.patch("coopsim.api.registry.entry_of", return_value=entry),
        mock.patch("coopsim.api.registry._named", return_value=lambda _: (first, second)),
    ):
        shown = views(cast("Any", None))
    assert [view.notes for view in shown] == [("alike", "first"), ("second",)]


def test_every_command_that_answers_is_called_here() -> None:
    assert set(CALLS) == {entry.command for entry in REGISTRY}
    commands = {
        one.name or getattr(one.callback, "__name__", "") for one in offering().registered_commands
    }
    called = {call.split()[0] for call in (*CALLS.values(), *MORE)}
    assert called - {"forecast"} == commands - {
        "answers",  # data, and nothing to look at
        "report",  # a page of many answers
        "live",  # a page that answers
        "init",
        "schema",
        "fmt",
        "new",
    }
    (family,) = offering().registered_groups
    assert family.typer_instance is not None
    kept = {f"forecast {one.name}" for one in family.typer_instance.registered_commands}
    assert kept == {name for name in CALLS if name.startswith("forecast ")}


def test_an_answer_goes_through_the_tail_to_the_entry_of_its_command(
    all_shown: dict[str, Shown],
) -> None:
    assert {name: entry_of(shown.found).command for name, shown in all_shown.items()} == {
        name: name for name in CALLS
    }


def test_json_is_that_of_the_answer(all_shown: dict[str, Shown]) -> None:
    for name, shown in all_shown.items():
        assert json.loads(json.dumps(shown.found.to_json())) == shown.json, name


def test_functions_that_an_entry_names_are_there() -> None:
    for entry in REGISTRY:
        for name in filter(None, (entry.answer, entry.view, entry.figures)):
            module, _, thing = name.partition(":")
            assert callable(getattr(import_module(module), thing)), name


def test_what_has_no_figures_says_so(all_shown: dict[str, Shown], tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        api.draw(all_shown["diff"].found, tmp_path)
    assert str(raised.value) == "there are no figures for `diff`"


def test_figures_go_into_a_folder_of_their_own(all_shown: dict[str, Shown], tmp_path: Path) -> None:
    given = all_shown["given"].found
    folder = api.folder_of(given, tmp_path)
    assert folder.parent == tmp_path
    assert folder.name.startswith("given-small-")
    names = {path.name for path in api.draw(given, folder)}
    assert names == {path.name for path in folder.iterdir()} != set()


def test_numbers_are_saved_beside_the_figures(all_shown: dict[str, Shown], tmp_path: Path) -> None:
    shown = all_shown["sweep"]
    api.save(shown.found, shown.views, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"answer.csv", "answer.json"}
    assert json.loads((tmp_path / "answer.json").read_text(encoding="utf-8")) == shown.json
    text = (tmp_path / "answer.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    cells = len(list(cells_of(list(shown.views)))) - sum(
        len(row.brief or ()) for _, row in rows_of(list(shown.views))
    )
    assert len(lines) >= cells > 5
    estimated = [line for line in lines if "±" in line["text"]]
    assert len(estimated) == 3  # points
    for line in estimated:
        assert float(line["low"]) <= float(line["value"]) <= float(line["high"])
        assert line["unit"] == "share"


def test_no_answer_has_the_folder_of_another(all_shown: dict[str, Shown], tmp_path: Path) -> None:
    drawn = [s for s in all_shown.values() if entry_of(s.found).folder]
    folders = {api.folder_of(one.found, tmp_path).name for one in drawn}
    assert len(folders) == len(drawn) == 15
    assert all(re.fullmatch(r"[a-z]+-.+-[0-9a-f]{8}", name) for name in folders)
    for one in drawn:
        assert list(entry_of(one.found).asked(one.found)) != []


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": "decreed"}, {"level": 0.25}, {"runs": 300}, {"axes": ()},
    ],
    ids=str,
)  # fmt: skip
def test_two_sweeps_never_share_a_folder(
    all_shown: dict[str, Shown], changed: dict[str, object], tmp_path: Path
) -> None:
    found: Any = all_shown["sweep"].found
    other = replace(found, **changed)
    assert api.folder_of(other, tmp_path) != api.folder_of(found, tmp_path)
    assert api.folder_of(replace(found), tmp_path) == api.folder_of(found, tmp_path)


# --- the data of views ----------------------------------------------------------------------------


def rows_of(found: list[View]) -> Iterator[tuple[Section, Row]]:
    yield from (
        (section, row) for view in found for section in view.sections for row in section.rows
    )


def cells_of(found: list[View]) -> Iterator[Cell]:
    for _, row in rows_of(found):
        yield from chain(row.cells, row.listed, row.told, row.brief or ())


def texts_of(found: list[View]) -> Iterator[str]:
    for view in found:
        yield from chain(view.heading, view.notes)
        for section in view.sections:
            yield section.title
            yield from (text for one in section.columns for text in (one.title or "", one.brief))
    for _, row in rows_of(found):
        yield from (row.title, row.note)
    for cell in cells_of(found):
        yield from (cell.text, cell.mark, cell.words, cell.name)


def test_no_text_of_a_view_is_padded_or_marked_up(all_views: list[View]) -> None:
    texts = list(texts_of(all_views))
    assert len(texts) > 1000
    for text in texts:
        assert text == text.strip(), repr(text)
        assert "  " not in text, repr(text)
        assert "\x1b" not in text, repr(text)
        assert "[/" not in text, repr(text)


def test_cells_stand_in_the_columns_of_their_section(all_views: list[View]) -> None:
    for section, row in rows_of(all_views):
        assert sum(cell.span for cell in row.cells) <= len(section.columns), row
        if row.brief is not None:
            assert len(row.brief) == sum(column.kept for column in section.columns), row


def test_a_cell_that_shows_an_error_has_its_value_and_interval(all_views: list[View]) -> None:
    estimated = [cell for cell in cells_of(all_views) if "±" in cell.text]
    assert len(estimated) > 200
    for cell in estimated:
        assert isinstance(cell.value, float), cell
        assert cell.unit in ("share", "count", "percent", "years", "score"), cell
        assert cell.interval is not None or "±?" in cell.text, cell


def test_headline_questions_lead(all_shown: dict[str, Shown]) -> None:
    """Their sentences come first, and their rows in every table."""
    answers, comparison = (all_shown[one].views[0] for one in ("run, summary", "compare"))
    (row,) = answers.sections[0].rows
    assert (row.about, row.title.startswith("The flight: ")) == ("flies", True)
    assert {cell.text in row.title for cell in row.told} == {True}
    assert [row.about for row in answers.sections[1].rows][:2] == ["flies", "decreed"]
    assert comparison.sections[0].title == "Headlines: whether and when"
    assert comparison.sections[0].rows[0].about == "flies"


def test_values_are_numbers_dates_and_texts(all_views: list[View]) -> None:
    values = [cell.value for cell in cells_of(all_views) if cell.value is not None]
    ends = chain.from_iterable(cell.interval or () for cell in cells_of(all_views))
    assert {type(value) for value in values} == {float, int, str, date}
    assert {type(end) for end in ends if end is not None} == {float, int, date}


def test_a_mark_says_that_an_interval_holds_zero(all_views: list[View]) -> None:
    marked = [cell for cell in cells_of(all_views) if cell.mark]
    assert {cell.mark for cell in marked} == {"~0"}
    for cell in marked:
        low, high = cell.interval or (None, None)
        assert isinstance(low, float), cell
        assert isinstance(high, float), cell
        assert low <= 0 <= high, cell


def test_what_is_not_reached_stands_in_the_place_of_its_quantiles(
    all_shown: dict[str, Shown],
) -> None:
    (view,) = all_shown["run, summary"].views
    (row,) = (row for row in view.sections[1].rows if row.about == "flies")
    *reached, never = row.cells
    assert never.text.startswith("not by 2031: ")
    assert (never.unit, sum(cell.span for cell in row.cells)) == ("share", 4)
    assert row.cells[0].value == 1 - (never.value if isinstance(never.value, float) else 0)
    assert [cell.unit for cell in reached] == ["share", *(["date"] * (len(reached) - 1))]
