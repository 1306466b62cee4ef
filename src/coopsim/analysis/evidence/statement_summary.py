"""What is told of a statement in the end, whoever reads and counts it: its chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopsim.analysis.kinds.base import LeadingNumber, OutcomeSummary
from coopsim.analysis.kinds.long_rows import LongRow, row
from coopsim.analysis.statistics.estimates import Interval

STATEMENT = "statement"  # what it is beside the kinds of question that a scenario may ask


@dataclass(frozen=True, slots=True)
class StatementSummary(OutcomeSummary):
    """How likely a statement is: the share of timelines in which it holds."""

    probability: float
    se: float
    interval: Interval

    def rows(self) -> Iterator[LongRow]:
        """List its number for the long format."""
        yield row("probability", "share", self.probability, self.se, self.interval)

    def leading(self) -> Iterator[LeadingNumber]:
        """Lead with the chance that it holds."""
        yield LeadingNumber("share", self.probability, self.interval)
