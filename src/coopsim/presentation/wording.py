"""Words for what a scenario names by ids, and numbers as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from coopsim.analysis.checkpoints import day_of
from coopsim.analysis.estimates import Interval
from coopsim.scenario.spec import Question, Scenario

NBSP = "\N{NO-BREAK SPACE}"  # keeps a number and its sign on one line; tables print a space
SIMULATION_ERROR = (
    "simulation error: how far the number may be from the one that endless timelines would give. "
    "It says how well the simulation knows the model's answer, not how well the model knows the "
    "world"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold the words of a scenario: its heading, and titles and closing days by outcome.

    `events` has the title of each event that has one.
    """

    heading: str
    titles: Mapping[str, str]
    closings: Mapping[str, date]
    events: Mapping[str, str]

    @classmethod
    def of(cls, scenario: Scenario) -> Wording:
        """Take the words from a scenario."""
        end = last_included(scenario.end.end_of_day)
        return cls(
            heading=scenario.title or scenario.scenario,
            titles=_full_titles(scenario.outcomes),
            closings={name: _closing(q, end) for name, q in scenario.outcomes.items()},
            events={name: event.title for name, event in scenario.events.items() if event.title},
        )

    def branch(self, label: str) -> str:
        """Say what a branch of `first_of` is."""
        return branch_name(label, self.events)


def last_included(instant: int) -> date:
    """Get the last day before an epoch second."""
    return day_of(instant - 1)


def _closing(question: Question, end: date) -> date:
    if question.by is None:
        return end
    return min(last_included(question.by.end_of_day), end)


def _full_titles(questions: Mapping[str, Question]) -> dict[str, str]:
    """Complete titles such as `... and lands`, which go on from the one before."""
    titles: dict[str, str] = {}
    leading = ""
    for name, question in questions.items():
        title = question.title or plain_id(name)
        if title.startswith("..."):
            titles[name] = f"{leading} {title.removeprefix('...').strip()}".strip()
        else:
            titles[name] = leading = title
    return titles


def plain_id(name: str) -> str:
    """Make an id readable."""
    return name.replace("_", " ")


def branch_name(label: str, titles: Mapping[str, str]) -> str:
    """Name a branch of `first_of` by its event's title, or those of several joined by `or`."""
    if label == "neither":
        return "none of these"
    return " or ".join(titles.get(name, plain_id(name)) for name in label.split(" or "))


def percent(share: float) -> str:
    """Write a share in percent to one decimal; only 0 and 1 themselves become `0` and `100`.

    The sign is the caller's, who may have it in a header.
    """
    if share in (0.0, 1.0):
        return f"{100 * share:.0f}"
    if share < 0.0005:
        return "<0.1"
    return ">99.9" if share > 0.9995 else f"{100 * share:.1f}"


def whole_percent(share: float) -> str:
    """Write a share in whole percent with its sign; only 0 and 1 themselves become 0 and 100."""
    if share in (0.0, 1.0):
        return f"{100 * share:.0f}{NBSP}%"
    if share < 0.005:
        return f"<1{NBSP}%"
    return f">99{NBSP}%" if share > 0.995 else f"{100 * share:.0f}{NBSP}%"


def error(value: float, interval: Interval | None, scale: float = 1.0, decimals: int = 1) -> str:
    """Write how far an interval reaches from its value, never as nothing at all.

    It is `?` where the interval is not known, as of a single timeline.
    """
    if interval is None:
        return "?"
    low, high = interval
    reach = scale * max(value - low, high - value)
    return f"{max(reach, 10**-decimals):.{decimals}f}"


def day_or_year(day: date) -> str:
    """Name the end of a year by its year, another day by its date."""
    return str(day.year if (day.month, day.day) == (12, 31) else day)


def not_by(day: date) -> str:
    """Say that something has not happened by the end of a day."""
    return f"not by {day_or_year(day)}"


def timelines(runs: int) -> str:
    """Count timelines."""
    return "1 timeline" if runs == 1 else f"{runs:,} timelines"


def by_chance_text(count: int) -> str:
    """Say how many of some differences, each shown at 95 %, would stand out by chance alone."""
    return f"Of {count:,} differences, about {count / 20:,.0f} would stand out by chance alone"


def among_many(count: int) -> str:
    """Say the same after a space where there are so many that one is to be expected."""
    return f" {by_chance_text(count).rstrip('.')}." if count >= 20 else ""
