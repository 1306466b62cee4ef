"""A recorded forecast: a file that stands alone, and shows whether it was edited.

It is JSON, with its keys in order, and has beside its content the SHA-256 of that content, written
as canonical JSON: keys in order, no spaces, UTF-8. What is not written just so was edited.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.forecasts.questions import PLAIN_NAME, YES, Fit, WorldQuestion
from coopsim.scenario.text.reading import Path, dotted, listing, show

FORMAT = 1  # raised whenever older code could no longer read the file
DIGITS = 6  # decimals of what is recorded
_ROUNDING = 2e-5  # by which chances, each rounded, may miss a sum of 1
_SHA256 = "sha256"  # the key that the content's hash has in the file
_MOST_TOLD = 20  # problems of one file

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def _moment(text: str) -> str:
    if datetime.fromisoformat(text).isoformat(timespec="seconds") != text or text[-6:] != "+00:00":
        raise ValueError("a moment in UTC, such as 2026-11-27T16:00:00+00:00")
    return text


UtcMoment = Annotated[str, AfterValidator(_moment)]
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability of an answer and its simulation error.

    `low` and `high` say where it would lie nine times in ten if we knew what is written as
    uncertain: model uncertainty. They are missing where that was not asked for or cannot be told.
    """

    probability: Probability
    se: Probability
    low: Probability | None = None
    high: Probability | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What was forecast of one question.

    `chances` by answer: of yes alone for yes or no and for a date, else of all options, which sum
    to 1. `cdf` holds for the last day of each month, and for `by`, the chance that it has happened
    by the end of that day; it may end below 1, and is empty for what is no event. Where the model
    is silent `fit` is None and `chances` is empty; `why` says why.
    """

    world: WorldQuestion
    fit: Fit | None
    why: str | None
    statements: Mapping[str, str]
    chances: Mapping[str, Chance]
    cdf: tuple[tuple[date, Probability], ...]


@dataclass(frozen=True, slots=True)
class Assumed:
    """From what it was forecast: the scenario, resolved, and its timelines."""

    scenario: Annotated[str, Field(pattern=PLAIN_NAME)]
    title: str
    hash: Annotated[str, Field(pattern="^[0-9a-f]{8}$")]
    as_of: date
    start: date
    end: date
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    timelines: Annotated[int, Field(ge=1, le=10**12)]
    version: str
    yaml: tuple[str, ...]  # the resolved scenario, by lines


@dataclass(frozen=True, slots=True)
class Record:
    """A forecast of many questions, made at a moment (UTC) by a forecaster.

    `supersedes` is the SHA-256 of the record of the same forecaster that it amends, and `why` the
    reason, in the forecaster's words.
    """

    format: int
    made: UtcMoment
    forecaster: Annotated[str, Field(pattern=PLAIN_NAME)]
    supersedes: Digest | None
    why: str | None
    assumed: Assumed
    questions: tuple[Answered, ...]

    def question(self, identity: str) -> Answered | None:
        """Find what was forecast of a question, by its id; None where it was not asked."""
        return next((one for one in self.questions if one.world.identity == identity), None)


_READER = TypeAdapter(Record)


# --- hashing --------------------------------------------------------------------------------------


def canonical(tree: object) -> bytes:
    """Write JSON in the one way that hashes are taken of: keys in order, no spaces, UTF-8."""
    text = json.dumps(
        tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def digest(tree: object) -> str:
    """Take the SHA-256 of a tree, written as canonical JSON, in hex digits."""
    return sha256(canonical(tree)).hexdigest()


def tree_of(record: Record) -> dict[str, Any]:
    """Make the tree of a record, without its hash."""
    tree: dict[str, Any] = _READER.dump_python(record, mode="json", by_alias=True)
    return tree


def record_hash(record: Record) -> str:
    """Take the SHA-256 of a record, by which others name it."""
    return digest(tree_of(record))


def written(record: Record) -> bytes:
    """Write a record as the content of its file."""
    tree = tree_of(record)
    text = json.dumps(
        {**tree, _SHA256: digest(tree)},
        indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False,
    )  # fmt: skip
    return f"{text}\n".encode()


# --- reading --------------------------------------------------------------------------------------


def read_record(text: str, shown: str) -> tuple[Record, str]:
    """Read a record and its hash from the text of its file.

    Raises ScenarioError with the problems found: what is no record, one of a newer format, numbers
    that cannot be, and every edit, as the hash shows it.
    """
    tree = json_tree(text, "a recorded forecast", shown)
    stated = tree.pop(_SHA256, None)
    if isinstance(tree.get("format"), int) and tree["format"] > FORMAT:
        found = f"format {show(tree['format'])}"
        expected = f"format {FORMAT}; a newer coopsim reads it"
        raise ScenarioError([Problem("format", found, expected, shown)])
    try:
        record = _READER.validate_json(canonical(tree), strict=True)
    except ValidationError as error:
        raise ScenarioError(invalid_json(error, "record", shown)) from None
    problems = [
        Problem(path, found, expected, shown)
        for path, found, expected in (*_unknown_keys(tree, tree_of(record)), *_impossible(record))
    ]
    sha = digest(tree)
    if stated != sha:
        edited = Problem(_SHA256, show(stated), f"{sha}: the record was edited", shown)
        problems.insert(0, edited)
    if not problems and written(record) != text.encode():
        found = "the same content, written otherwise"
        problems.append(Problem("", found, "the file as it was recorded", shown))
    if problems:
        raise ScenarioError(problems)
    return record, sha


def _unknown_keys(tree: object, known: object, path: Path = ()) -> Iterator[tuple[str, str, str]]:
    """Find keys that no record has; what there is besides them is as the types have it."""
    if isinstance(tree, dict) and isinstance(known, dict):
        for key, item in tree.items():
            if key not in known:
                yield dotted((*path, key)), f"the key {show(key)}", "only those of a record"
            yield from _unknown_keys(item, known.get(key), (*path, key))
    elif isinstance(tree, list) and isinstance(known, list):
        for position, pair in enumerate(zip(tree, known, strict=True)):
            yield from _unknown_keys(*pair, (*path, position))


def json_tree(text: str, what: str, shown: str, line: int | None = None) -> dict[str, Any]:
    """Read JSON that is an object, with each key once and numbers that can be.

    `what` says what is expected; a `line` is told in place of the text's own. Raises ScenarioError.
    """

    def refuse(word: str) -> float:
        raise ValueError(f"the number {word}")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        tree = dict(pairs)
        if len(tree) < len(pairs):
            raise ValueError("a key twice")
        return tree

    try:
        tree = json.loads(text, parse_constant=refuse, object_pairs_hook=once)
        canonical(tree)
    except (ValueError, RecursionError) as error:
        told = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        found = f"text that is not JSON ({told.partition(': line')[0]})"
        at = line or getattr(error, "lineno", None)
        raise ScenarioError([Problem("", found, what, shown, at)]) from None
    if not isinstance(tree, dict):
        raise ScenarioError([Problem("", show(tree), what, shown, line or 1)])
    return tree


def invalid_json(
    error: ValidationError, what: str, shown: str, line: int | None = None
) -> list[Problem]:
    """Tell what is not as the types of a record, or of what else it is, have it."""
    found = error.errors(include_url=False)[:_MOST_TOLD]
    return [Problem(dotted(one["loc"]), *_said(one, what), shown, line) for one in found]


def _said(one: ErrorDetails, what: str) -> tuple[str, str]:
    """Tell what was found and what was expected, in words that are not Python's."""
    bounds = one.get("ctx", {})
    match one["type"]:
        case "missing":
            return "nothing", f"what every {what} has there"
        case "greater_than_equal":
            return show(one["input"]), f"{bounds['ge']:g} or more"
        case "less_than_equal":
            return show(one["input"]), f"{bounds['le']:g} or less"
        case "string_pattern_mismatch" | "value_error":
            return show(one["input"]), "a text of the form that is recorded there"
        case _:
            return show(one["input"]), one["msg"].replace("Input should be ", "", 1)


def _impossible(record: Record) -> Iterator[tuple[str, str, str]]:
    """Find what no forecast can be: path, what was found, and what was expected."""
    if record.supersedes is not None and not record.why:
        yield "why", "nothing", "why it supersedes another record"
    seen: set[str] = set()
    for position, one in enumerate(record.questions):
        path = f"questions.{position}"
        identity = one.world.identity
        if identity in seen:
            yield f"{path}.world.id", f"'{identity}' again", "each question once"
        seen.add(identity)
        for below, found, expected in (*_wrong_chances(one), *_wrong_cdf(one)):
            yield f"{path}.{below}", found, f"{expected}, as of {identity}"


def _wrong_chances(one: Answered) -> Iterator[tuple[str, str, str]]:
    if one.fit is None:
        if one.chances or one.cdf or one.statements:
            yield "chances", "chances of a question on which the model is silent", "none"
        return
    wanted = (YES,) if one.world.is_event else one.world.options
    if sorted(one.chances) != sorted(wanted):
        yield "chances", f"chances of {listing(one.chances, 'and')}", f"of {listing(wanted, 'and')}"
        return
    total = math.fsum(chance.probability for chance in one.chances.values())
    if not one.world.is_event and abs(total - 1) > _ROUNDING:
        yield "chances", f"chances that sum to {total:.6g}", "chances that sum to 1"
    for answer, chance in one.chances.items():
        low, high = chance.low, chance.high
        if (low is None) is not (high is None) or (
            low is not None and high is not None and low > high
        ):
            yield f"chances.{answer}", f"a band from {show(low)} to {show(high)}", "low before high"


def _wrong_cdf(one: Answered) -> Iterator[tuple[str, str, str]]:
    days = [day for day, _ in one.cdf]
    chances = [chance for _, chance in one.cdf]
    if any(late <= early for early, late in pairwise(days)):
        yield "cdf", "days that go back", "days in order"
    if any(late < early for early, late in pairwise(chances)):
        yield "cdf", "a chance that falls", "chances that only grow"
    if one.world.kind == "date" and one.fit is not None and not one.cdf:
        yield "cdf", "none", "the chance by each month, as it asks for a date"
    if one.cdf and YES in one.chances:
        _, last = one.cdf[-1]
        if (
            not one.world.is_event
            or days[-1] != one.world.by
            or last != one.chances[YES].probability
        ):
            yield "cdf", f"{last:g} by {days[-1]}", "the chance of yes, by the closing day"
