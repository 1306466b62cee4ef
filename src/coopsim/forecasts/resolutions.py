"""How open questions came out: who said so, when, and what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["resolved", "annulled", "disputed"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a question came out; a later one of the same question replaces it.

    `answer` is one of the question's options, or `yes` or `no` for a date; it is missing where the
    question is annulled. `on` is the day on which it happened, or became certain; `resolved_on` the
    day on which it was written down. `early` says why it could be answered before it closed, where
    nothing had happened.
    """

    identity: str
    status: Status
    answer: str | None
    on: date
    resolved_on: date
    source: str
    seen: str
    early: str | None
