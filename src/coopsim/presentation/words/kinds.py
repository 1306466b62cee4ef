"""What presentation tells of each kind of question: one object for each family of kinds.

Nothing else in views or words tells kinds apart: whoever needs to asks `family_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from coopsim.analysis.evidence.statement_summary import STATEMENT
from coopsim.analysis.kinds import kind_of
from coopsim.presentation.words.numbers import rounded
from coopsim.presentation.words.wording import Wording, branch_name, day_or_year, not_by, plain_id

if TYPE_CHECKING:  # who shows a single result loads nothing that compares
    from coopsim.analysis.comparing.comparison import ComparedNumber, ComparedOutcome

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class FamilyWords:
    """The words for kinds of question that are answered alike.

    `section` heads them in the table of answers, over the `number` that leads; `compared` and
    `given` do so in comparisons and beside evidence. `median_change` says in what unit a median
    differs, if there is one: then `moved` names the ways in which a timeline's answer goes.
    `course` is the unit of an answer over time. An answer that `has_parts`, branches or levels, has
    a share of each, of which one takes from another.
    """

    name: str
    section: str
    number: str
    compared: str
    given: str
    course: str = "years later"
    median_change: str = ""
    moved: tuple[str, str] = ("more", "less")
    has_quantiles: bool = True
    has_parts: bool = False

    @property
    def leads(self) -> str:
        """Head the headline questions of the family in a comparison, and beside evidence."""
        return f"Headlines: {self.compared[0].lower()}{self.compared[1:]}"

    # --- what leads a comparison --------------------------------------------------------------

    def leading(self, outcome: ComparedOutcome) -> list[ComparedNumber]:
        """Choose the numbers that lead: the first, or those that belong together."""
        return [outcome.measures[0]]

    def needed(self, parts: Sequence[Item]) -> Sequence[Item]:
        """Leave out what follows from the other parts: of two levels, the lower."""
        return parts

    def part(self, label: str, _titles: Mapping[str, str]) -> str:
        """Name a branch or level in words; nothing where an answer has no parts."""
        return plain_id(label) if self.has_parts else ""

    def row(self, part: str) -> str:
        """Name a part in a row of its own."""
        return part

    def when(self, measure: ComparedNumber) -> str:
        """Name the day of a number, or else what it is of."""
        if measure.day is None:
            return f"in {measure.label}"
        return f"by {day_or_year(measure.day)}"

    def until(self, day: str) -> str:
        """Write up to which day, or at which, an answer is."""
        return f"by {day}"

    def unreached(self, _closing: date) -> str:
        """Write what stands in the place of a median that is not reached."""
        return "not seen"

    # --- what an outcome is called, and how one timeline answers it ---------------------------

    def named(self, title: str, label: str | None, titles: Mapping[str, str]) -> str:
        """Add to a title the branch or level that is meant, if there is one."""
        return f"{title}: {self.labelled(label, titles)}" if label else title

    def labelled(self, label: str, _titles: Mapping[str, str]) -> str:
        """Write a branch or level in words."""
        return plain_id(label)

    def answer(self, value: Any, _words: Wording, _outcome: str) -> str:
        """Write what one timeline answers."""
        return str(value)


class _Dates(FamilyWords):
    def unreached(self, closing: date) -> str:
        return not_by(closing)

    def answer(self, value: Any, words: Wording, outcome: str) -> str:
        return not_by(words.closings[outcome]) if value is None else str(value)


class _Firsts(FamilyWords):
    def leading(self, outcome: ComparedOutcome) -> list[ComparedNumber]:
        return [each for each in outcome.measures if each.measure == "share"]

    def part(self, label: str, titles: Mapping[str, str]) -> str:
        return branch_name(label, titles) if label else ""

    def labelled(self, label: str, titles: Mapping[str, str]) -> str:
        return branch_name(label, titles)

    def answer(self, value: Any, words: Wording, _outcome: str) -> str:
        return words.branch(value)


class _Gaps(FamilyWords):
    def when(self, measure: ComparedNumber) -> str:
        return plain_id(measure.label or "") if measure.day is None else super().when(measure)

    def named(self, title: str, _label: str | None, _titles: Mapping[str, str]) -> str:
        return title

    def answer(self, value: Any, _words: Wording, _outcome: str) -> str:
        return plain_id(value) if isinstance(value, str) else f"{rounded(value, None, 1)} years"


class _ThroughTime(FamilyWords):
    def until(self, day: str) -> str:
        return f"at the end of {day}"

    def leading(self, outcome: ComparedOutcome) -> list[ComparedNumber]:
        closing = max(each.day for each in outcome.measures if each.day is not None)
        return [each for each in outcome.measures if each.day == closing]

    def when(self, measure: ComparedNumber) -> str:
        if measure.day is None:
            return super().when(measure)
        return f"at the end of {day_or_year(measure.day)}"


class _Levels(_ThroughTime):
    def needed(self, parts: Sequence[Item]) -> Sequence[Item]:
        return parts[1:] if len(parts) == 2 else parts

    def leading(self, outcome: ComparedOutcome) -> list[ComparedNumber]:
        return list(self.needed(super().leading(outcome)))

    def row(self, part: str) -> str:
        return f"at {part}"  # a level may be called like a result, as `freeze` is

    def answer(self, value: Any, _words: Wording, _outcome: str) -> str:
        return f"{plain_id(value)} at the end"


class _Indices(_ThroughTime):
    def answer(self, value: Any, _words: Wording, _outcome: str) -> str:
        return f"{value:.0f} of 100 at the end"


DATE = _Dates(
    name="date",
    section="Whether and when",
    number="chance %",
    compared="Whether and when",
    given="Whether and when, chance %",
    median_change="years later",
    moved=("later or never", "earlier"),
)
FIRST = _Firsts(
    name="first",
    section="Which comes first",
    number="chance %",
    compared="Which comes first",
    given="Which comes first, chance %",
    has_parts=True,
)
GAP = _Gaps(
    name="gap",
    section="Years from one to the other",
    number="both %",
    compared="Years from one to the other",
    given="From one to the other, both %",
    course="years longer",
    median_change="years longer",
    moved=("longer", "shorter"),
)
COUNT = FamilyWords(
    name="count",
    section="How often",
    number="mean",
    compared="How often",
    given="How often, mean",
    course="mean over time",
)
INDEX = _Indices(
    name="index",
    section="Index, 0 to 100, at end of",
    number="mean",
    compared="Index, 0 to 100",
    given="Index, 0 to 100, mean at the end",
    course="mean over time",
)
LEVEL = _Levels(
    name="level",
    section="Levels at the end of",
    number="share %",
    compared="Levels",
    given="Levels at the end, share %",
    course="years at it",
    has_quantiles=False,
    has_parts=True,
)
STATED = FamilyWords(
    name=STATEMENT,
    section="Statements",
    number="chance %",
    compared="Statements",
    given="Statements, chance %",
    has_quantiles=False,
)
FAMILIES = (DATE, FIRST, GAP, COUNT, INDEX, LEVEL)  # in the order of tables


def family_of(kind: str) -> FamilyWords:
    """Get the family of a kind of question, or the words for statements."""
    if kind == STATEMENT:
        return STATED
    name = kind_of(kind).family
    return next(family for family in FAMILIES if family.name == name)
