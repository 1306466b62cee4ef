"""What is said of the problems of scenarios."""

from __future__ import annotations

from coopsim.errors import Problem
from coopsim.presentation.problems import check_text, problems_text

ERROR = Problem("events.a.date", "`soon`", "a date", "a.yaml", 3)
WARNING = Problem("drivers.b", "a driver nobody reads", "a reader", "a.yaml", 9, None, "warning")


def test_problems_are_listed_errors_first_and_counted() -> None:
    assert problems_text([WARNING, ERROR]) == (
        "a.yaml:3: error: events.a.date: found `soon`, expected a date\n"
        "a.yaml:9: warning: drivers.b: found a driver nobody reads, expected a reader\n"
        "1 error, 1 warning"
    )


def test_files_are_checked_one_by_one_and_counted_together() -> None:
    assert check_text({"a.yaml": [WARNING, ERROR, ERROR], "b.yaml": []}) == (
        "a.yaml: 2 errors, 1 warning\n"
        "  a.yaml:3: error: events.a.date: found `soon`, expected a date\n"
        "  a.yaml:3: error: events.a.date: found `soon`, expected a date\n"
        "  a.yaml:9: warning: drivers.b: found a driver nobody reads, expected a reader\n"
        "b.yaml: no problems\n"
        "2 files: 2 errors, 1 warning"
    )


def test_one_file_is_counted_once() -> None:
    assert check_text({"b.yaml": []}) == "b.yaml: no problems"
