"""Which timelines change: in which share of them an answer is another than in the base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coopsim.analysis.comparing.alike import label_key
from coopsim.analysis.comparing.comparison import Comparison, compare_noticing
from coopsim.analysis.comparing.side_by_side import Compared
from coopsim.analysis.kinds.base import Answers, TidyColumn
from coopsim.analysis.statistics.estimates import Share, share_of
from coopsim.analysis.summaries import plain
from coopsim.analysis.timelines import BoolArray, DrawLevels, IntArray, drawn_levels
from coopsim.errors import UsageError
from coopsim.simulation.interfaces import Each, one_by_one


@dataclass(frozen=True, slots=True, repr=False)
class PairedChanges:
    """What changes from a base to other timelines of the same luck.

    The comparison has the paired differences. `outcomes` are the shares of timelines whose answer
    to each question is another, a date to the day; in the share `anything` at least one is.
    """

    comparison: Comparison
    anything: Share
    outcomes: dict[str, Share]

    def __repr__(self) -> str:
        share = f"a share of {self.anything.share:.3f} of the timelines changes"
        return f"<PairedChanges {', '.join(self.comparison.results)}: {share}>"

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def check_luck(base: Compared, other: Compared) -> None:
    """Raise UsageError where timelines share no luck: none of them is then that of another."""
    if base.program.seed != other.program.seed:
        raise UsageError(
            f"{other.name} has the seed {other.program.seed} and {base.name} the seed "
            f"{base.program.seed}: they do not share luck, so no timeline can be compared with "
            "itself; use `compare`"
        )


def changes(
    base: Compared,
    other: Compared,
    draw_levels: DrawLevels = drawn_levels,
    each: Each = one_by_one,
) -> PairedChanges:
    """Compare timelines with those of a base, and count in which shares of them answers change.

    Raises UsageError as `compare` and `check_luck` do.
    """
    check_luck(base, other)
    comparison, counted = compare_noticing([base, other], _changed, draw_levels, each)
    changed, anything = (sum(counts) for counts in zip(*counted, strict=True))
    shares = (share_of(count, comparison.runs) for count in changed.tolist())
    return PairedChanges(
        comparison,
        share_of(anything, comparison.runs),
        dict(zip(comparison.outcomes, shares, strict=True)),
    )


def _changed(answered: Sequence[Sequence[Answers]]) -> tuple[IntArray, int]:
    """Count in how many timelines of a block each answer differs, and in how many any does."""
    pairs = ((base.as_columns(), other.as_columns()) for base, other in answered)
    differs = np.array([_differs(*pair) for pair in pairs])
    return differs.sum(axis=1), int(differs.any(axis=0).sum())


def _differs(base: Sequence[TidyColumn], other: Sequence[TidyColumn]) -> BoolArray:
    """Mark the timelines in which the columns of a question differ."""
    differs: BoolArray = np.any([_unlike(*pair) for pair in zip(base, other, strict=True)], axis=0)
    return differs


def _unlike(base: TidyColumn, other: TidyColumn) -> BoolArray:
    left, right = base.values, other.values
    if base.holds == "label":
        left, right = _numbered(base, other)
    lacking = [np.zeros(len(left), np.bool_) if c.missing is None else c.missing
               for c in (base, other)]  # fmt: skip
    unlike: BoolArray = (lacking[0] != lacking[1]) | (~lacking[0] & (left != right))
    return unlike


def _numbered(base: TidyColumn, other: TidyColumn) -> list[IntArray]:
    """Give the labels of two columns the same numbers, whatever their order in each."""
    numbers: dict[frozenset[str], int] = {}
    found = []
    for column in (base, other):
        own = [numbers.setdefault(label_key(label), len(numbers)) for label in column.labels]
        # A missing label has a number past the last, and is told by that.
        found.append(np.array([*own, -1])[column.values])
    return found
