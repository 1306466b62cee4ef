"""Why a statement holds in every timeline or in none: the assumptions that make it so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from coopsim.analysis.evidence.facts import (
    AllTrue,
    Either,
    Fact,
    FiringCells,
    HeldFor,
    Not,
    Nth,
    Occurs,
    Stands,
    StandsAt,
    cells_in,
    variables_in,
)
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.timelines import NEVER
from coopsim.errors import UsageError
from coopsim.scenario.checks.barring import Barring, Grounds
from coopsim.scenario.loading import Loaded
from coopsim.scenario.notation.quantities import Value
from coopsim.scenario.notation.timing import Calendar
from coopsim.scenario.plain.replanning import replanned
from coopsim.scenario.plain.tree import as_written
from coopsim.scenario.spec import EventSpec
from coopsim.scenario.text.reading import Path, listing, show
from coopsim.scenario.text.tree import node_at, problem_at
from coopsim.simulation.program import Program

_MOST = 3  # assumptions or names that are told


@dataclass(frozen=True, slots=True)
class Settlement:
    """Why a statement holds in every timeline or in none, in a sentence; `certain` if it must."""

    text: str
    certain: bool = False


Why = Callable[[str, bool], Settlement]  # of a statement, and whether it always holds


def unexplained(text: str, always: bool) -> Settlement:
    """Tell of a statement only that it holds in every timeline, or in none."""
    return Settlement(f"`{text}` holds in {'every timeline' if always else 'no timeline'}")


def why_settled(loaded: Loaded, program: Program) -> Why:
    """Make what says why a statement of a scenario always holds, or never does."""

    def why(text: str, always: bool) -> Settlement:
        plain = unexplained(text, always)
        try:
            fact = read_evidence(text, loaded.scenario, program)
        except UsageError:  # an outcome, and no statement
            return plain
        found = _Reasons(loaded, program).why(fact, always)
        if found:
            told = _listed(loaded, found[:_MOST], with_value=True)
            return Settlement(f"{plain.text}, as {told}", certain=True)
        named = _listed(loaded, _named(loaded, program, fact)[:_MOST], with_value=False)
        return Settlement(f"{plain.text}, though no single assumption makes it so: see {named}")

    return why


# --- what is said ---------------------------------------------------------------------------------


def _listed(loaded: Loaded, paths: Iterable[Path], *, with_value: bool) -> str:
    return listing([_told(loaded, path, with_value=with_value) for path in paths], "and")


def _told(loaded: Loaded, path: Path, *, with_value: bool) -> str:
    """Write an assumption as its file has it: its path, what it is, and where it stands."""
    node = node_at(loaded.tree, path)
    value = "not set" if node is None else show(node).strip("'")
    place = as_written(replanned(loaded.tree), problem_at(loaded.tree, path, value, ""))
    where = ":".join(str(part) for part in (place.file, place.line) if part is not None)
    return f"`{place.path}`{f' is {place.found}' if with_value else ''} ({where})"


def _named(loaded: Loaded, program: Program, fact: Fact) -> list[Path]:
    """List the drivers and events that a statement is about."""
    known = Barring(loaded.scenario).happenings
    drivers: list[Path] = [("drivers", program.drivers[one].name) for one in variables_in(fact)]
    events = [known[program.events[one].name].path for one, _ in cells_in(fact)]
    return list(dict.fromkeys([*drivers, *events]))


# --- what makes it so -----------------------------------------------------------------------------


class _Reasons:
    """Find the assumptions that settle a fact; none where no such are known."""

    def __init__(self, loaded: Loaded, program: Program) -> None:
        self._program = program
        self._barring = Barring(loaded.scenario)

    def why(self, fact: Fact, always: bool) -> Grounds:
        match fact:
            case Not():
                return self.why(fact.part, not always)
            case AllTrue():
                return self._joined(fact.parts, always, every=always)
            case Either():
                return self._joined(fact.parts, always, every=not always)
            case Occurs() | Nth():
                return self._always_fires(fact) if always else self._never_fires(fact)
            case _:
                return self._always_at(fact) if always else self._never_at(fact)

    def _joined(self, parts: tuple[Fact, ...], always: bool, *, every: bool) -> Grounds:
        found = [self.why(part, always) for part in parts]
        if every:
            return tuple(path for one in found for path in one) if all(found) else ()
        return next((one for one in found if one), ())

    # --- firings ----------------------------------------------------------------------------------

    def _never_fires(self, fact: Occurs | Nth) -> Grounds:
        if isinstance(fact, Occurs) and not fact.least:
            return ()
        span = fact.span
        barred = self._barred(fact.cells, span.closes) or self._over(fact.cells, span.opens)
        if not barred and fact.company is not None and fact.company.wanted:
            barred = self._barred(fact.company.cells, span.closes)
        if not barred and span.after is not None:
            barred = self._barred(span.after, span.closes)
        return barred or self._only_once(fact)

    def _always_fires(self, fact: Occurs | Nth) -> Grounds:
        if not isinstance(fact, Occurs) or fact.company or fact.span.after or fact.span.before:
            return ()
        if not fact.least:
            return self._barred(fact.cells, fact.span.closes) if fact.most != NEVER else ()
        for entry, spec in self._events(fact.cells):
            date, path = spec.date, (*entry, "date")
            if isinstance(date, Calendar):
                date, path = date.first, (*entry, "date", "first")
            free = spec.when or spec.unless or spec.after or spec.window or spec.pace or spec.until
            if isinstance(date, Value) and date.distribution is not None and not free:
                first, last = (date.distribution.quantile(u) for u in (1e-9, 1 - 1e-9))
                inside = self._at(fact.span.opens) <= first and last < self._at(fact.span.closes)
                every = len(self._outcomes(fact.cells)[str(entry[1])]) >= len(spec.outcomes or " ")
                if inside and every and (fact.least, fact.most) == (1, NEVER):
                    return (path,)
        return ()

    def _barred(self, cells: FiringCells, closes: int) -> Grounds:
        found: dict[Path, None] = {}
        for name, outcomes in self._outcomes(cells).items():
            happening = self._barring.happenings[name]
            every = not happening.outcomes or outcomes >= set(happening.outcomes)
            grounds = self._barring.event(name, None if every else outcomes, self._at(closes))
            if grounds is None:
                return ()
            found.update(dict.fromkeys(grounds))
        return tuple(found)

    def _over(self, cells: FiringCells, opens: int) -> Grounds:
        """Find the last days by which all of some events are over before a span begins."""
        happened = [self._barring.happenings[name] for name in self._outcomes(cells)]
        untils = [one.spec.until for one in happened]
        if all(one is not None and one.end_of_day <= self._at(opens) for one in untils):
            return tuple((*one.path, "until") for one in happened)
        return ()

    def _only_once(self, fact: Occurs | Nth) -> Grounds:
        number = fact.number if isinstance(fact, Nth) else fact.least
        events = [self._barring.happenings[name] for name in self._outcomes(fact.cells)]
        once = len(events) == 1 and not events[0].repeat and number > 1
        return ((*events[0].path, "repeat"),) if once else ()

    def _events(self, cells: FiringCells) -> Iterator[tuple[Path, EventSpec]]:
        for name in self._outcomes(cells):
            happening = self._barring.happenings[name]
            if isinstance(happening.spec, EventSpec):
                yield happening.path, happening.spec

    def _outcomes(self, cells: FiringCells) -> dict[str, frozenset[str]]:
        """Name the events of some firings, each with the outcomes that count."""
        found: dict[str, set[str]] = defaultdict(set)
        for event, outcome in cells:
            one = self._program.events[event]
            found[one.name].add(one.outcomes[outcome].name if one.outcomes else "true")
        return {name: frozenset(outcomes) for name, outcomes in found.items()}

    # --- levels -----------------------------------------------------------------------------------

    def _never_at(self, fact: Stands | HeldFor | StandsAt) -> Grounds:
        driver, levels, _ = self._levels(fact)
        closes = fact.instant if isinstance(fact, StandsAt) else fact.span.closes
        return self._barring.level(driver, levels, self._at(closes)) or ()

    def _always_at(self, fact: Stands | HeldFor | StandsAt) -> Grounds:
        driver, levels, others = self._levels(fact)
        at_start = isinstance(fact, Stands) and not fact.span.opens and fact.span.after is None
        if at_start and self._barring.starts_at(driver) <= levels:
            return (("drivers", driver, "initial"),)
        closes = fact.instant if isinstance(fact, StandsAt) else NEVER
        return self._barring.level(driver, others, self._at(closes)) or ()

    def _levels(
        self, fact: Stands | HeldFor | StandsAt
    ) -> tuple[str, frozenset[str], frozenset[str]]:
        """Name a driver, the levels meant and its others."""
        driver = self._program.drivers[fact.variable]
        meant = frozenset(one for at, one in enumerate(driver.levels) if fact.mask >> at & 1)
        return driver.name, meant, frozenset(driver.levels) - meant

    def _at(self, seconds: int) -> float:
        """Get the instant so many seconds after the start, at most the end."""
        return self._program.start + min(seconds, self._program.horizon)
