"""What goes from hand to hand of a question of any kind: query, answers, tally, summary, curve.

A kind of question is a class of queries. A query is put to the timelines of a part, which gives
answers for each timeline, or is tallied part by part, which gives a summary and a curve. Whoever
walks over the questions of a scenario asks these classes and never which kind it is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.checkpoints import Checkpoints, at_ends, day_of
from coopsim.analysis.counting import TallyCells
from coopsim.analysis.kinds.long_rows import LongRow
from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.timelines import (
    NEVER,
    BoolArray,
    IntArray,
    Timelines,
    per_program,
    places_shape,
)
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.simulation.program import IndexedCondition, Program

DateArray = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Column:
    """What one number of a timeline is: of which measure, on which day, of which label.

    The unit is `share` where the number is 0 or 1, else `count`, `percent` or `years`; `whole` is
    what differences cannot go beyond where the unit does not say it.
    """

    measure: str
    unit: str
    day: date | None = None
    label: str | None = None
    whole: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Query(ABC):
    """A question in a program's terms; each subclass that is registered is a kind of question.

    What happens from `closes` on (seconds since start) counts as never. Each place is a table
    of shape (events, outcomes) that marks the firings it stands for. `variable` is the driver
    asked about, `terms` are the conditions of an index and their weights.
    """

    kind: ClassVar[str]  # the key of a scenario that asks it
    family: ClassVar[str]  # kinds of a family are answered in the same form
    unit: ClassVar[str] = "share"  # of its numbers: `share` (they are 0 or 1), `count`, `percent`
    course_unit: ClassVar[str] = "years"  # of its course over time: `years`, `count`, `percent`
    # Whether the years of its course pass from the start until a date.
    until_a_date: ClassVar[bool] = False
    # What its median is, if it has one: a `date`, or a number of `years`.
    median: ClassVar[Literal["date", "years"] | None] = None
    # Whether a name alone says which number is meant, without a branch or a level.
    one_number: ClassVar[bool] = True
    # What may stand before a day in --outcome.
    day_words: ClassVar[tuple[str, ...]] = ("by",)
    # Whether it is asked of an instant; else of what happens until it closes, which is known after.
    of_an_instant: ClassVar[bool] = False
    # Whether the first firing of each event with each outcome is enough to answer it.
    by_firsts: ClassVar[bool] = False
    # Whether it matters in which order its events are named.
    in_order: ClassVar[bool] = False

    name: str
    title: str
    closes: int
    places: tuple[BoolArray, ...]
    labels: tuple[str, ...]
    variable: int
    terms: tuple[tuple[IndexedCondition, float], ...]

    @abstractmethod
    def answer(self, timelines: Timelines, instants: Sequence[int]) -> Answers:
        """Answer it for every timeline; what is asked of an instant, at those given."""

    @abstractmethod
    def tally(self, program: Program, looks: Sequence[int]) -> Tally:
        """Make the tally of no timeline yet."""

    @abstractmethod
    def columns(self, program: Program, days: Checkpoints, first_year: int) -> list[Column]:
        """List the numbers by which results are held side by side, the headline first.

        They are those of `Answers.numbers`; calendar years count from `first_year` on.
        """

    def parts(self, _program: Program) -> tuple[str, ...]:
        """List the branches or levels that share its answer; nothing where it has none."""
        return ()

    def labels_in(self, program: Program) -> tuple[str, ...]:
        """List what may stand after `=` in --outcome; the first is meant where none does."""
        return self.parts(program)

    def measured(self, program: Program) -> tuple[str, ...]:
        """List the labels that are measured where nobody asks for one."""
        return self.labels_in(program)

    def course_columns(self, program: Program) -> list[Column]:
        """List the columns of `Answers.course`."""
        labels: Sequence[str | None] = self.parts(program) or (None,)
        whole = self.course_whole
        return [Column("over_time", self.course_unit, None, label, whole) for label in labels]

    @property
    def course_whole(self) -> float | None:
        """Get how far the courses of two timelines may be apart, where their unit says it not."""
        return self.closes / YEAR if self.course_unit == "years" else None

    def days(self, program: Program, ends: Sequence[int]) -> Checkpoints:
        """Find the days at whose end it is looked at: those given, the horizon and its own.

        After the close of what happens it is known that nothing does, so its days go on to the
        horizon; what is asked of an instant is no longer asked for.
        """
        if self.of_an_instant:
            return at_ends(program, [*(end for end in ends if end < self.closes), self.closes])
        return at_ends(program, [*ends, self.closes, program.horizon])

    def shown(self, moment: int | None) -> date | float | None:
        """Show a median of `Answers.moments` as summaries do: as its day."""
        return None if moment is None else day_of(moment)

    def latest(self) -> Query:
        """Get the question that tells whether it happens after a day: of the last time it does."""
        return self

    def first_rows(self, timelines: Timelines) -> IntArray:
        """Get each place's first row in each run, shape (places, runs)."""
        rows = (timelines.rows(place, self.closes) for place in self.places)
        return np.array([timelines.first(found) for found in rows])

    def first_times(self, timelines: Timelines) -> IntArray:
        """Get when each of its events first came, NEVER if not, shape (places, runs)."""
        return timelines.times(self.first_rows(timelines))

    @property
    def variables(self) -> list[int]:
        """List the variables that its conditions read."""
        conditions = (condition for condition, _ in self.terms)
        return sorted({test.variable for rows in conditions for row in rows for test in row})

    def matters(self, program: Program) -> BoolArray:
        """Mark the firings, by event and outcome, that its answer depends on."""
        marked = np.zeros(places_shape(program), dtype=np.bool_)
        for place in self.places:
            marked |= place
        for variable in {*self.variables, *([self.variable] if self.variable >= 0 else [])}:
            marked |= sets(variable, program)
        return marked


def sets(variable: int, program: Program) -> BoolArray:
    """Mark the firings that may set a variable."""
    drivers = len(program.drivers)
    if variable < drivers:
        of_driver: BoolArray = _setting(program)[variable]
        return of_driver
    marked = np.zeros(places_shape(program), dtype=np.bool_)
    marked[variable - drivers] = True
    return marked


@per_program
def _setting(program: Program) -> BoolArray:
    """Mark the firings that may set each driver, shape (drivers, events, outcomes)."""
    marked = np.zeros((len(program.drivers), *places_shape(program)), dtype=np.bool_)
    for number, event in enumerate(program.events):
        for position, outcome in enumerate(event.outcomes):
            for effect in (*event.effects, *outcome.effects):
                marked[effect.driver, number, position] = True
    return marked


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A question's answer in every timeline as one number, shape (runs,).

    `values` are seconds, counts, levels or percent in their order, never last, or, where `ordered`
    is false, the number of what came first. `kinds` is coarser: whether it happened, which came
    first, at which level it ended; None where the question is of how often or how much.
    """

    values: IntArray | FloatArray
    ordered: bool
    kinds: IntArray | None


@dataclass(frozen=True, slots=True, eq=False)
class TidyColumn:
    """What each timeline answers, as a column of a table; shape (runs,).

    `holds` says what the values are: a `date` in days since 1970, a `count`, `years`, `percent`, a
    `label`, by its place in `labels`, or the `truth` of a statement. Where `missing` there is no
    answer by the close. `part` names what it tells of a question that takes several columns.
    """

    holds: Literal["date", "count", "years", "percent", "label", "truth"]
    values: IntArray | FloatArray | BoolArray
    missing: BoolArray | None = None
    labels: tuple[str, ...] = ()
    part: str = ""


def date_column(program: Program, times: IntArray, part: str = "") -> TidyColumn:
    """Make a column of the days in which seconds since start fall; NEVER is missing."""
    missing = times == NEVER
    days = (np.where(missing, 0, times) + program.start) // DAY
    return TidyColumn("date", days, missing, part=part)


@dataclass(frozen=True, slots=True, eq=False)
class Answers(ABC):
    """A question's answers in the timelines of a part."""

    query: Query
    timelines: Timelines

    def numbers(self, looks: IntArray, first_year: int) -> NDArray[Any]:
        """Get each timeline's numbers at some instants, shape (runs, columns).

        They are those of `Query.columns`, and truths where its unit is `share`.
        """
        found = self._numbers(looks, first_year)
        return found.reshape(len(found), -1)

    def course(self) -> FloatArray:
        """Follow the answer over time up to its close, shape (runs, parts)."""
        return self._course().reshape(self.timelines.runs, -1)

    def sample(self, column: int, after: int) -> FloatArray:
        """Get one number of each timeline, shape (runs,): that of a label, by its place.

        A date counts only from `after` on (seconds since start).
        """
        return self._sample(column, after).astype(np.float64, copy=False)

    @abstractmethod
    def _numbers(self, looks: IntArray, first_year: int) -> NDArray[Any]:
        """Get what `numbers` are made of, shape (runs, ...)."""

    @abstractmethod
    def _course(self) -> FloatArray: ...

    @abstractmethod
    def _sample(self, column: int, after: int) -> NDArray[Any]: ...

    @abstractmethod
    def as_columns(self) -> list[TidyColumn]:
        """Write the answers as columns of a table; what is asked of an instant, at the last."""

    @abstractmethod
    def reduced(self) -> Reduced:
        """Reduce the answers to one number each; what is asked of an instant, at the last."""

    @abstractmethod
    def plain(self) -> Any:
        """Write the answer in the first timeline as a trace does."""

    def moments(self) -> IntArray | None:
        """Get what its median is of, shape (runs,): epoch seconds of a date, seconds of a gap."""
        return None


@dataclass(frozen=True, slots=True)
class LeadingNumber:
    """A number with which a summary leads: a share, a mean `count`, or an index in `percent`.

    `label` is how --outcome writes after `=` which of its numbers it is; `alone` says that no
    other leads beside it.
    """

    unit: str
    value: float
    interval: Interval | None
    label: str | None = None
    alone: bool = True


@dataclass(frozen=True, slots=True)
class OutcomeSummary(ABC):
    """What many timelines say to one question."""

    kind: str
    title: str

    @abstractmethod
    def rows(self) -> Iterator[LongRow]:
        """List its numbers for the long format."""

    @abstractmethod
    def leading(self) -> Iterator[LeadingNumber]:
        """List the numbers with which it leads: those at the end."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What figures draw of one question."""

    kind: str
    title: str


class Tally(ABC):
    """Answers to one query gathered over `runs` timelines.

    `looks` are the seconds since start at which drivers and indices are looked at. What is
    gathered takes no more space for more timelines.
    """

    def __init__(self, query: Query, program: Program, looks: Sequence[int]) -> None:
        self.query = query
        self.program = program
        self.looks = looks
        self.runs = 0

    def take(self, timelines: Timelines) -> None:
        """Take in the timelines of one part."""
        self.runs += timelines.runs
        self._take(timelines)

    def merge(self, other: Self) -> None:
        """Take in what another tally of the same query has gathered of other runs."""
        self.runs += other.runs
        self._merge(other)

    def put(self, cells: TallyCells, runs: int) -> None:
        """Take in what was counted elsewhere of other runs; raises IndexError for unknown cells."""
        self.runs += runs
        self._put(cells)

    @abstractmethod
    def cells(self) -> TallyCells:
        """List what was counted."""

    @abstractmethod
    def counted(self) -> IntArray:
        """Count the timelines in each way in which every one of them must be counted once."""

    @abstractmethod
    def summary(self, ends: Sequence[int]) -> OutcomeSummary:
        """Summarise the answers, by the ends of some days (seconds since start)."""

    @abstractmethod
    def curve(self, ends: Sequence[int]) -> Curve:
        """Follow the answers through time, by the ends of some days (seconds since start)."""

    @abstractmethod
    def _take(self, timelines: Timelines) -> None: ...

    @abstractmethod
    def _merge(self, other: Self) -> None: ...

    @abstractmethod
    def _put(self, cells: TallyCells) -> None: ...

    def _days(self, ends: Sequence[int]) -> Checkpoints:
        return self.query.days(self.program, ends)

    def _midnights(self, instants: Sequence[int]) -> DateArray:
        midnights = (np.array(instants) + self.program.start) // DAY
        return midnights.astype("datetime64[D]")
