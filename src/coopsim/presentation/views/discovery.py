"""What marks the timelines in which an outcome happens: sentences and signposts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coopsim.analysis.evidence.discovery import Discovery, FoundBox, Limit, Signpost
from coopsim.analysis.statistics.estimates import Share
from coopsim.presentation.views.cells import change_cell, percent_cell
from coopsim.presentation.views.view import Holds, Row, Section, TableColumn, View
from coopsim.presentation.words.assumptions import assumption_name
from coopsim.presentation.words.numbers import (
    among,
    chance,
    exact_percent,
    in_how_many,
    whole_percent,
)
from coopsim.presentation.words.wording import (
    NBSP,
    SIMULATION_ERROR,
    Wording,
    among_many,
    plain_id,
    timelines,
)
from coopsim.scenario.notation.values import format_rate
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import listing

SHOWN = 12
NOTHING = "No condition that covers enough of the cases makes it clearly more likely."
_RANGES = {"=": "", ">=": " or above", "<=": " or below"}
_COLUMNS = (
    TableColumn("seen %", kept=False),
    TableColumn("if seen %"),
    TableColumn("if not %"),
    TableColumn("difference", Holds.DIFFERENCE, kept=False),
)


@dataclass(frozen=True, slots=True)
class Words:
    """Assumptions, and what may be seen, by the titles of a scenario."""

    scenario: Scenario

    def limit(self, limit: Limit) -> str:
        """Write what a limit of a box asks for."""
        if limit.kind is None:
            return self._is_so(limit.name, limit.so is not False)
        if limit.kind == "level":
            return self._begins(limit)
        name = self.path(limit.name)
        low, high = (_end(end, limit) for end in (limit.low, limit.high))
        if low and high:
            return f"{name} is between {low} and {high}"
        return f"{name} is above {low}" if low else f"{name} is below {high}"

    def _is_so(self, statement: str, so: bool) -> str:
        """Write that a statement with its day holds, or does not."""
        stated, word, day = _dated(statement)
        name, *rest = stated.split(" ")
        driver = name not in self.scenario.events
        title = self._title(name)
        level = f"{plain_id(rest[1])}{_RANGES[rest[0]]}" if rest else ""
        if driver:
            return f'"{title}" {"is" if so else "is not"} {level}{word}{day}'
        happened = f'"{title}" {"has" if so else "has not"}'
        return f"{happened} {f'come out as {level}' if rest else 'happened'}{word}{day}"

    def _begins(self, limit: Limit) -> str:
        """Write at which level a driver begins."""
        name = limit.name.split(".")[1]
        levels = list(self.scenario.drivers[name].levels)
        low = levels.index(str(limit.low)) if limit.low is not None else 0
        high = levels.index(str(limit.high)) if limit.high is not None else len(levels) - 1
        allowed = listing([plain_id(level) for level in levels[low : high + 1]])
        return f'"{self._driver(name)}" begins at {allowed}'

    def path(self, path: str) -> str:
        """Name a number that is drawn once per run."""
        section, _, rest = path.partition(".")
        name = rest.split(".")[0]
        titles: dict[str, Mapping[str, object]] = {
            "events": self.scenario.events,
            "drivers": self.scenario.drivers,
            "references": self.scenario.references,
        }
        if section == "luck":
            return f"luck of {plain_id(name)} (0 to 1)"
        title = getattr(titles[section].get(name), "title", None)
        return assumption_name(f'"{title or self._switch(name)}"', path)

    def _switch(self, name: str) -> str:
        driver, colon, levels = name.partition(": ")
        if not colon or driver not in self.scenario.drivers:
            return plain_id(name)
        return f"{self._driver(driver)}, {plain_id(levels).replace(' -> ', ' to ')}"

    def _driver(self, name: str) -> str:
        return self.scenario.drivers[name].title or plain_id(name)

    def _title(self, name: str) -> str:
        """Name an event or a driver."""
        event = self.scenario.events.get(name)
        return self._driver(name) if event is None else event.title or plain_id(name)

    def seen(self, stated: str) -> str:
        """Write a statement that has no date."""
        name, *rest = stated.split(" ")
        said = f": {plain_id(rest[1])}{_RANGES[rest[0]]}" if rest else ""
        return f"{self._title(name)}{said}"

    def asked(self, statement: str) -> str:
        """Write what is looked for: an outcome by its title, a statement as it is."""
        if statement not in self.scenario.outcomes:
            return f": {statement}"
        return f' "{Wording.of(self.scenario).titles[statement]}"'


def _dated(statement: str) -> tuple[str, str, str]:
    """Split a statement from its day."""
    for word in (" by ", " on "):
        if word in statement:
            return statement.rpartition(word)
    return statement, "", ""


def _end(end: float | str | None, limit: Limit) -> str:
    if end is None or isinstance(end, str):
        return ""
    if limit.kind == "rate":
        return format_rate(end)
    if limit.kind == "chance":
        return f"{exact_percent(end)}{NBSP}%"
    return f"{end:.2f}"


def discovery_view(found: Discovery, scenario: Scenario) -> View:
    """Show boxes and signposts."""
    words = Words(scenario)
    return View(
        heading=(
            Wording.of(scenario).heading,
            headline(found, words),
            *_sentences(found, words),
        ),
        sections=(_signposts(found, words),),
        notes=_legend(found),
    )


def headline(found: Discovery, words: Words) -> str:
    """Write what is looked for, and how likely it is."""
    runs = timelines(found.runs)
    return f"What marks the {_share(found.probability)} of {runs} with{words.asked(found.outcome)}"


def _share(share: Share) -> str:
    return chance(share.share, share.interval, f"{NBSP}%")


def _sentences(found: Discovery, words: Words) -> Iterator[str]:
    if not found.boxes:
        yield NOTHING
    for number, box in enumerate(found.boxes, start=1):
        yield f"{number}. {sentence(box, found, words, number > 1)}"


def sentence(box: FoundBox, found: Discovery, words: Words, later: bool) -> str:
    """Write what a box asks for, how likely it is there and how many of all cases are in it."""
    asked = listing([words.limit(limit) for limit in box.limits], "and")
    others = "Otherwise, if" if later else "If"
    inside = round(box.mass * found.runs)
    happens = in_how_many(inside, inside) if box.density.share == 1 else f"in {_share(box.density)}"
    mass = f"{whole_percent(box.mass, among(box.mass, found.runs))} of all timelines"
    return (
        f"{others} {asked}, it happens {happens}. That holds in {mass}, and in "
        f"{_share(box.coverage)} of those in which it happens."
    )


def _signposts(found: Discovery, words: Words) -> Section:
    told = [one for one in found.signposts if one.sure > 0][:SHOWN]
    rows = tuple(_row(one, words, found) for one in told)
    nothing = (Row("No early event has a detectable effect on the chance."),)
    return Section(f"Signposts up to {found.by}", rows or nothing, _COLUMNS)


def _row(one: Signpost, words: Words, found: Discovery) -> Row:
    shares = (one.seen, one.given_seen, one.given_not)
    cells = [percent_cell(share.share, share.interval) for share in shares]
    moved = change_cell(one.difference, one.interval, "share", 100)
    return Row(signpost_title(one, words, found), (*cells, moved), about=one.statement)


def signpost_title(one: Signpost, words: Words, found: Discovery) -> str:
    """Name what is to be seen; the day stands in the heading."""
    stated = one.statement.removesuffix(f" by {found.by}").removesuffix(f" on {found.by}")
    return words.seen(stated)


def how_found(found: Discovery) -> str:
    """Explain how boxes are found and measured."""
    return (
        f"Conditions are searched for in {found.searched:,} further timelines of the same "
        "scenario; their chances, like those of signposts, are counted in the result itself. "
        "Of the conditions that cover enough of the cases (--coverage), those are shown under "
        "which it happens most often. Conditions that chance alone could have picked are left "
        "out."
    )


def _legend(found: Discovery) -> tuple[str, ...]:
    signposts = (
        f"Signposts: what to watch for up to {found.by}. seen: in how many timelines it is seen "
        "by then. if seen, if not: the chance of the outcome in these and in the others. The "
        "largest effects come first, allowing for their error. With --json each is a statement "
        "that `coopsim given` takes. A signpost need not be a "
        f"cause.{among_many(len(found.signposts))}"
    )
    return how_found(found), signposts, f"±: 95 % {SIMULATION_ERROR}."
