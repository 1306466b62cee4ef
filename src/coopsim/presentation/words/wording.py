"""Words for what a scenario names by ids, for days and for how many timelines there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from coopsim.analysis.checkpoints import day_of, known_on
from coopsim.presentation.words.variants import variant_name
from coopsim.scenario.spec import LevelsEnd, Question, Scenario

ALL_SHOWS = " (shown by --all)"
NO_EFFECT = "No detectable effect"
NBSP = "\N{NO-BREAK SPACE}"  # keeps a number and its sign on one line; tables print a space
_TYPED = re.compile(r"`[^`]{1,40}`")
SIMULATION_ERROR = (
    "simulation error, the margin of error from a finite number of timelines; model "
    "uncertainty is not included"
)
SHORT_ERROR = "simulation error; model uncertainty is not included"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a scenario: its heading, its days, titles and closing days by outcome.

    `as_of` is the day of what is known. `events` has the title of each event that has one,
    `headlines` the questions that lead, and `more_cooperation` which end of a driver's levels that
    is, for questions of such a driver.
    """

    heading: str
    titles: Mapping[str, str]
    closings: Mapping[str, date]
    events: Mapping[str, str]
    start: date
    as_of: date
    headlines: tuple[str, ...] = ()
    more_cooperation: Mapping[str, LevelsEnd] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario) -> Wording:
        """Take the words from a scenario."""
        end = last_included(scenario.end.end_of_day)
        return cls(
            heading=variant_name(scenario.title or scenario.scenario, scenario.variant),
            titles=_full_titles(scenario.outcomes),
            closings={name: _closing(q, end) for name, q in scenario.outcomes.items()},
            events={name: event.title for name, event in scenario.events.items() if event.title},
            start=day_of(scenario.start.first),
            as_of=known_on(scenario),
            headlines=scenario.headlines,
            more_cooperation=dict(_ends(scenario)),
        )

    def in_order(self, names: Iterable[str]) -> list[str]:
        """Order questions: those that lead first, else as they are."""
        return sorted(names, key=lambda name: name not in self.headlines)

    def branch(self, label: str) -> str:
        """Name a branch of `first_of`."""
        return branch_name(label, self.events)


def kept_whole(text: str) -> str:
    """Bind what no line may break: a number, its error and its sign, and what is to be typed."""
    for sign in ("%", "±", "+-"):
        text = text.replace(f" {sign}", f"{NBSP}{sign}")
    return _TYPED.sub(lambda found: found[0].replace(" ", NBSP), text)


def last_included(instant: int) -> date:
    """Get the last day before an epoch second."""
    return day_of(instant - 1)


def _ends(scenario: Scenario) -> Iterator[tuple[str, LevelsEnd]]:
    for name, question in scenario.outcomes.items():
        driver = scenario.drivers.get(question.driver or "")
        if driver is not None and driver.more_cooperation is not None:
            yield name, driver.more_cooperation


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
    return either(titles.get(name, plain_id(name)) for name in label.split(" or "))


def either(names: Iterable[str]) -> str:
    """Join alternatives as `a or b or c`: no commas, as titles may hold some."""
    return " or ".join(names)


def day_or_year(day: date) -> str:
    """Name the end of a year by its year, another day by its date."""
    return str(day.year if (day.month, day.day) == (12, 31) else day)


def not_by(day: date) -> str:
    """Write that something has not happened by the end of a day."""
    return f"not by {day_or_year(day)}"


def timelines(runs: int) -> str:
    """Count timelines."""
    return "1 timeline" if runs == 1 else f"{runs:,} timelines"


def others_text(count: int, shown: int, where: str = "") -> str:
    """Count the answers that do not differ, after those that do; nothing where there are none."""
    if not count:
        return ""
    if not shown:
        told = "The answer does not differ" if count == 1 else f"None of {count} answers differs"
    else:
        told = "1 other does not differ" if count == 1 else f"{count} others do not differ"
    return f"{told}{where}."


def by_chance_text(count: int) -> str:
    """Write how many of some differences, each at 95 %, would stand out if there were none.

    Fewer than 20 are not worth a sentence: the text is then empty.
    """
    if count < 20:
        return ""
    return (
        f"Of {count:,} differences, about {(count + 10) // 20:,} would stand out by chance alone."
    )


def among_many(count: int) -> str:
    """Write the same after a space, where there is something to say."""
    return f" {by_chance_text(count)}".rstrip()
