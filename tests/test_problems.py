"""What is said of the problems of scenarios."""

from __future__ import annotations

from coopsim.errors import Problem
from coopsim.presentation.terminal.plain import plain_text
from coopsim.presentation.views.problems import check_view, problems_view

ERROR = Problem("events.a.date", "`soon`", "a date", "a.yaml", 3)
WARNING = Problem("drivers.b", "a driver nobody reads", "a reader", "a.yaml", 9, None, "warning")


def test_problems_are_listed_errors_first_and_counted() -> None:
    assert plain_text(problems_view([WARNING, ERROR])) == (
        "a.yaml:3: error: events.a.date: found `soon`, expected a date\n"
        "a.yaml:9: warning: drivers.b: found a driver nobody reads, expected a reader\n"
        "1 error, 1 warning"
    )


def test_files_are_checked_one_by_one_and_counted_together() -> None:
    assert plain_text(check_view({"a.yaml": [WARNING, ERROR, ERROR], "b.yaml": []})) == (
        "a.yaml: 2 errors, 1 warning\n"
        "  a.yaml:3: error: events.a.date: found `soon`, expected a date\n"
        "  a.yaml:3: error: events.a.date: found `soon`, expected a date\n"
        "  a.yaml:9: warning: drivers.b: found a driver nobody reads, expected a reader\n"
        "b.yaml: no problems\n"
        "2 files: 2 errors, 1 warning"
    )


def test_one_file_is_counted_once() -> None:
    assert plain_text(check_view({"b.yaml": []})) == "b.yaml: no problems"


def test_a_name_of_a_file_cannot_look_like_a_second_line() -> None:
    forged = "b.yaml\na.yaml:1: error: all"
    problem = Problem("a", "b", "c", forged, 3)
    assert plain_text(check_view({forged: [problem]})) == (
        "b.yaml a.yaml:1: error: all: 1 error\n"
        "  b.yaml a.yaml:1: error: all:3: error: a: found b, expected c"
    )
