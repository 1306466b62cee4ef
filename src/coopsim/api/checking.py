"""Check scenarios without simulating them; nothing here loads what simulates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coopsim.api.answers import CheckAnswer
from coopsim.errors import Problem, ScenarioError
from coopsim.scenario import loading


def check(files: Sequence[str | Path], sets: Sequence[str] = ()) -> CheckAnswer:
    """Find all problems of scenario files: errors, and warnings of what may not be meant."""
    return CheckAnswer({str(file): _problems(file, sets) for file in files})


def _problems(file: str | Path, sets: Sequence[str]) -> tuple[Problem, ...]:
    try:
        return loading.load(file, sets).warnings
    except ScenarioError as error:
        return error.problems
