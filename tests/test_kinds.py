"""The kinds of question, each in one place: what each can do, and that nobody else tells them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from coopsim.analysis.checkpoints import YEARLY, boundaries, calendar_years
from coopsim.analysis.kinds import KINDS, kind_of
from coopsim.analysis.kinds.base import Answers, Query
from coopsim.analysis.outcomes import queries
from coopsim.analysis.timelines import Timelines
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.questions import QUESTION_KINDS
from coopsim.simulation.firings import Firings
from hand_made import firings, program, scenario, seconds, start_cool, ten
from ten import ASKED

PROGRAM = program()
ENDS = boundaries(PROGRAM, YEARLY)
FIRST_YEAR = calendar_years(PROGRAM)[0]
MORE = {"latest": {"last": "flight"}, "both": {"all_of": ["flight", "launch"]}}
QUERIES = queries(scenario({**ASKED, **MORE}).outcomes, PROGRAM)


def answered(query: Query, log: Firings) -> Answers:
    days = query.days(PROGRAM, ENDS)
    return query.answer(Timelines(PROGRAM, log, start_cool), days.instants)


def paired(query: Query, log: Firings) -> FloatArray:
    looks = np.array(query.days(PROGRAM, ENDS).instants)
    return answered(query, log).numbers(looks, FIRST_YEAR)


# --- what each can do -----------------------------------------------------------------------------


def test_every_kind_that_a_scenario_knows_is_there_in_its_order() -> None:
    assert tuple(KINDS) == QUESTION_KINDS
    assert {query.kind for query in QUERIES} == set(QUESTION_KINDS)  # all are tried below


def test_kinds_of_a_family_are_answered_in_the_same_form() -> None:
    families = [kind_of(name).family for name in QUESTION_KINDS]
    assert families == ["date", "date", "count", "gap", "first", "date", "level", "index"]
    forms = {(query.family, type(answered(query, ten()))) for query in QUERIES}
    assert len(forms) == len({family for family, _ in forms})


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_every_column_has_its_numbers(query: Query) -> None:
    answers = answered(query, ten())
    columns = query.columns(PROGRAM, query.days(PROGRAM, ENDS), FIRST_YEAR)
    assert paired(query, ten()).shape == (10, len(columns))
    assert answers.course().shape == (10, len(query.course_columns(PROGRAM)))
    assert {column.unit for column in query.course_columns(PROGRAM)} == {query.course_unit}
    assert (answers.moments() is None) == (query.median is None)
    for column in range(len(query.labels_in(PROGRAM)) or 1):
        assert answers.sample(column, 0).shape == (10,)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_every_answer_can_stand_in_a_table(query: Query) -> None:
    first, *more = answered(query, ten()).as_columns()
    assert first.part == ""
    assert len({column.part for column in (first, *more)}) == 1 + len(more)
    for column in (first, *more):
        assert column.values.shape == (10,)
        assert column.missing is None or column.missing.shape == (10,)
        shown = column.values if column.missing is None else column.values[~column.missing]
        assert column.holds != "label" or set(shown.tolist()) <= set(range(len(column.labels)))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_numbers_that_are_shares_are_0_or_1(query: Query) -> None:
    columns = query.columns(PROGRAM, query.days(PROGRAM, ENDS), FIRST_YEAR)
    for column, numbers in zip(columns, paired(query, ten()).T, strict=True):
        assert column.unit != "share" or set(numbers.tolist()) <= {0.0, 1.0}
        assert column.unit in ("share", query.unit)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_tally_leads_with_the_means_that_are_measured(query: Query) -> None:
    tally = query.tally(PROGRAM, (0, *ENDS, query.closes, PROGRAM.horizon))
    timelines = Timelines(PROGRAM, ten(), start_cool)
    tally.take(timelines)
    leading = list(tally.summary(ENDS).leading())
    at_close = query.answer(timelines, [query.closes])
    measured = query.measured(PROGRAM)
    assert [one.label for one in leading] == list(measured or [None])
    assert {one.unit for one in leading} == {query.unit}
    for column, one in enumerate(leading):
        assert one.value == pytest.approx(at_close.sample(column, 0).mean())
        assert one.alone == (len(leading) == 1)


# Flights again and again, and a relapse: what happens after the first time matters to some.
AGAIN = firings(
    [
        (0, "flight", "2025-08-01"), (0, "flight", "2026-02-01"), (0, "thaw", "2026-04-01"),
        (0, "freeze", "2026-05-01"), (0, "thaw", "2026-06-01"), (0, "launch: works", "2026-07-01"),
        (0, "launch: works", "2027-01-01"),
    ],
    1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "enough"),
    [
        ({"event": "flight"}, True),
        ({"event": "launch", "outcome": "works"}, True),
        ({"last": "flight"}, False),
        ({"count": "flight"}, False),
        ({"between": ["flight", "launch"]}, True),
        ({"first_of": ["flight", "launch"]}, True),
        ({"all_of": ["flight", "launch"]}, True),
        ({"driver": "relations"}, False),
        ({"index": [{"when": {"relations": "warm"}, "weight": 1}]}, False),
    ],
    ids=lambda asked: str(next(iter(asked))) if isinstance(asked, dict) else "",
)
def test_whether_first_firings_are_enough(asked: dict[str, object], enough: bool) -> None:
    (query,) = queries(scenario({"asked": asked}).outcomes, PROGRAM)
    assert query.by_firsts == enough
    whole, first = (answered(query, log).course().tolist() for log in (AGAIN, AGAIN.firsts()))
    assert (whole == first) == enough


def test_whether_the_order_of_events_matters() -> None:
    assert [name for name in QUESTION_KINDS if kind_of(name).in_order] == ["between"]


def test_what_is_asked_of_an_instant_is_not_asked_after_its_close() -> None:
    by = "2026-06-30"
    asked = {"when": {"event": "flight", "by": by}, "level": {"driver": "relations", "by": by}}
    when, level = queries(scenario(asked).outcomes, PROGRAM)
    close = seconds("2026-07-01")
    assert when.days(PROGRAM, ENDS).instants == (*ENDS[:1], close, ENDS[1], PROGRAM.horizon)
    assert level.days(PROGRAM, ENDS).instants == (ENDS[0], close)


# --- and nobody else tells them apart -------------------------------------------------------------

ANALYSIS = Path(__file__).parents[1] / "src" / "coopsim" / "analysis"
_SHARED = tuple(f"coopsim.analysis.kinds{below}" for below in ("", ".base", ".long_rows"))
_COLLECTIONS = (ast.List, ast.Tuple, ast.Set)


def _names(node: ast.AST) -> list[str]:
    """List the kinds that are written as texts in an expression, or in a collection of them."""
    inner: Sequence[ast.AST] = node.elts if isinstance(node, _COLLECTIONS) else ()
    return [
        str(one.value)
        for one in (inner or (node,))
        if isinstance(one, ast.Constant) and one.value in KINDS
    ]


def _is_unit(node: ast.AST) -> bool:
    """Check whether it is a unit, of which one is called as a kind is: `count`."""
    return ast.unparse(node).rpartition(".")[2] == "unit"


def _compares(node: ast.AST) -> bool:
    """Check whether it compares something with a kind, or a family with anything."""
    if isinstance(node, ast.Match):
        parts = (one for case in node.cases for one in ast.walk(case.pattern))
        sides = [node.subject, *(one.value for one in parts if isinstance(one, ast.MatchValue))]
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
    else:
        return False
    of_family = any(ast.unparse(one).endswith(".family") for one in sides)
    return of_family or (any(map(_names, sides)) and not any(map(_is_unit, sides)))


def _lists(node: ast.AST) -> bool:
    """Check whether it is a collection of kinds, or a table by kind."""
    if isinstance(node, ast.Dict):
        known = [key for key in node.keys if key is not None and _names(key)]
        return len(known) > 1 or 0 < len(known) == len(node.keys)
    return isinstance(node, _COLLECTIONS) and len(_names(node)) == len(node.elts) > 1


def _takes(node: ast.AST) -> bool:
    """Check whether it imports what belongs to some kinds."""
    name = node.module or "" if isinstance(node, ast.ImportFrom) else ""
    return name.startswith(_SHARED[0]) and name not in _SHARED


def told_apart(source: str) -> Iterator[str]:
    """List the lines of a module that tell kinds of question apart."""
    for node in ast.walk(ast.parse(source)):
        if _compares(node) or _lists(node) or _takes(node):
            yield ast.unparse(node).partition("\n")[0]


@pytest.mark.parametrize(
    "path",
    [one for one in sorted(ANALYSIS.rglob("*.py")) if one.parent.name != "kinds"],
    ids=lambda path: str(path.relative_to(ANALYSIS)),
)
def test_no_other_module_of_analysis_tells_kinds_apart(path: Path) -> None:
    assert list(told_apart(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "if query.kind == 'between': pass",
        "if query.kind in ('event', 'last', 'all_of'): pass",
        "match query.kind:\n    case 'count' | 'index': pass",
        "UNITS = {'count': 'count', 'index': 'percent'}",
        "UNITS = {'between': 'years'}",
        "DATED = ('event', 'last')",
        "if query.family == 'date': pass",
        "from coopsim.analysis.kinds.dates import DateSummary",
    ],
)
def test_a_module_that_tells_kinds_apart_is_noticed(source: str) -> None:
    assert len(list(told_apart(source))) >= 1


@pytest.mark.parametrize(
    "source",
    [
        "if column.unit == 'count': pass",
        "tree = {'event': name, 'outcome': outcome}",
        "from coopsim.analysis.kinds import kind_of",
        "columns = ('run', 'event', 'outcome')",
    ],
)
def test_what_only_reads_alike_is_let_pass(source: str) -> None:
    assert list(told_apart(source)) == []
