"""How large what a person asks for may be: in a file, by --set, on the command line, from Python.

All who are asked for a number check it against one of these, so that all say the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from numbers import Real
from typing import TypeVar

from coopsim.errors import UsageError
from coopsim.scenario.notation.values import LARGEST
from coopsim.scenario.text.reading import listing, show

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Whole:
    """A range of whole numbers, both ends included."""

    least: int
    most: int

    @property
    def expected(self) -> str:
        """Describe what is expected."""
        return f"a whole number from {self.least:,} to {self.most:,}"

    def read(self, text: str) -> int:
        """Read a whole number exactly, however large; raises ValueError with what is expected."""
        try:
            number = Decimal(text) if text.isascii() and "_" not in text else Decimal("nan")
        except InvalidOperation:
            number = Decimal("nan")
        # The size first, so that no number is made whole whose digits would fill the memory.
        sound = number.is_finite() and self.least <= number <= self.most
        if not sound or number != number.to_integral_value():
            raise ValueError(self.expected)
        return int(number)

    def check(self, name: str, asked: object) -> int:
        """Give what is asked for if it is such a number; raises UsageError naming it."""
        index = getattr(asked, "__index__", None)
        if index is None or isinstance(asked, bool) or not self.least <= index() <= self.most:
            raise _refusal(name, asked, self.expected)
        return int(index())


@dataclass(frozen=True, slots=True)
class Between:
    """A range of numbers, both ends included."""

    least: float
    most: float

    @property
    def expected(self) -> str:
        """Describe what is expected."""
        return f"a number from {self.least:,g} to {self.most:,g}"

    def check(self, name: str, asked: object) -> float:
        """Give what is asked for if it is such a number; raises UsageError naming it."""
        number = _float(asked)
        if isinstance(asked, bool) or not self.least <= number <= self.most:
            raise _refusal(name, asked, self.expected)
        return number


def _float(asked: object) -> float:
    try:
        return float(asked) if isinstance(asked, Real) else math.nan
    except OverflowError:  # an integer of hundreds of digits
        return math.inf


def one_of(name: str, asked: object, allowed: Iterable[str]) -> str:
    """Give what is asked for if it is among what is allowed; raises UsageError naming it."""
    known = list(allowed)
    if asked not in known:
        raise _refusal(name, asked, listing(known))
    return str(asked)


def _refusal(name: str, asked: object, expected: str) -> UsageError:
    return UsageError(f"{name}: found {show(asked)}, expected {expected}")


RUNS = Whole(1, 1_000_000_000)
RUN = Whole(0, RUNS.most - 1)
SEED = Whole(0, 2**63 - 1)
WORKERS = Whole(1, 1_000)
CHOICE_RUNS = Whole(1, 100_000)  # timelines in memory, of which one is chosen
MATCHES = Whole(0, RUNS.most)
REPLICATIONS = Whole(2, 100_000)
POINTS = Whole(2, 100)  # of each range that is swept over
SLIDERS = Whole(0, 8)  # of one page
DAYS = Whole(1, 36_525)
SWING = Between(1.001, 1_000)  # less moves next to nothing
COVERAGE = Between(0.01, 1)
LEVEL = Between(-LARGEST, LARGEST)


def default(asked: T | None, otherwise: T) -> T:
    """Give what is asked for, 0 too, or something else where nothing is."""
    return otherwise if asked is None else asked
