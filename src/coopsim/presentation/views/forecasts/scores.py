"""Recorded forecasts beside what happened: mean scores, skill, reliability and each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from coopsim.forecasts.courses import Course
from coopsim.forecasts.scores import Account, JudgedQuestion, MeanLoss, Rule, Scope, TrackScores
from coopsim.presentation.views.cells import alone_cell, exact_score_cell, percent_cell
from coopsim.presentation.views.scorecard import MEAN_SCORES
from coopsim.presentation.views.view import Cell, Row, Section, TableColumn, View
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.numbers import among, bare_percent, exact_percent
from coopsim.scenario.text.reading import listing

RULES: Mapping[Rule, str] = {
    "brier": MEAN_SCORES["brier"],
    "log": MEAN_SCORES["log"],
    "crps": MEAN_SCORES["crps"],
    "rps": "Ordered answers (RPS)",
}
_SCOPES: Mapping[Scope, str] = {
    "answered": "what it answered",
    "exact": "exact fits alone",
    "all": "all, silence as a coin",
    "all_exact": "all, rough fits as a coin too",
}
_LEGEND = (
    (
        "Lower scores are better; 0 is perfect. Simulation error is a bound, from the "
        "finite number of timelines; it covers neither how few questions there are nor that they "
        "are correlated. Expected: what the Brier score would be if the chances were right; the "
        "lower, the sharper they are."
    ),
    (
        "A coin gives each answer the same chance, and one half at every date; unchanged is sure "
        "that things go on as they did. A foil counts as a coin where it says nothing. Skill is 1 "
        "less the score over the foil's: 100 % is perfect, 0 % no better than the foil."
    ),
    (
        "Each question counts the same, and its forecasts by the days on which they stood. The log "
        "score takes k of n timelines for a chance of (k + 1/2) / (n + 1), as no finite number of "
        "timelines proves that something is impossible."
    ),
)
_HINDCAST = (
    "A hindcast was recorded when the answers were known: it tests how a model speaks, and does "
    "not prove that it would have known."
)
_NONE = Cell("-")


def scores_view(found: TrackScores) -> View:
    """Show how forecasts came out, and hindcasts apart from them."""
    parts = [
        _Part(name, accounts, found)
        for hindcast, name in ((False, "Forecasts"), (True, "Hindcast"))
        if (accounts := [one for one in found.accounts if one.hindcast == hindcast])
    ]
    heading = (found.title, *_about(found))
    if not parts:
        return View(heading, (), (_nothing(found.courses),))
    sections = tuple(section for part in parts for section in part.sections())
    hindcast = any(one.hindcast for one in found.accounts)
    return View(heading, sections, (*_LEGEND, *([_HINDCAST] if hindcast else [])))


def _about(found: TrackScores) -> Iterator[str]:
    status = Counter(one.resolution.status if one.resolution else "open" for one in found.courses)
    told = ("resolved", "open", "annulled", "disputed")
    counts = listing((f"{status[each]} {each}" for each in told if status[each]), "and")
    yield f"{counted(len(found.courses), 'question')}: {counts}"
    for hindcast, word in ((False, "Forecasts"), (True, "Hindcast")):
        stands = [one for each in found.courses for one in each.stands if one.hindcast == hindcast]
        if stands:
            made = _span([str(one.made) for one in stands])
            known = _span([str(one.known) for one in stands])
            yield f"{word} recorded {made}, from what was known {known}"


def _span(days: Sequence[str]) -> str:
    first, last = min(days), max(days)
    return f"on {first}" if first == last else f"from {first} to {last}"


def _nothing(courses: Sequence[Course]) -> str:
    closes = min((one.world.by for one in courses if one.resolution is None), default=None)
    then = "" if closes is None else f"; the next to close does so on {closes}"
    return f"No forecast of a resolved question to score yet{then}."


@dataclass(frozen=True, slots=True)
class _Part:
    """Forecasts, or hindcasts, of some forecasters: a column for each in all sections."""

    name: str
    accounts: Sequence[Account]
    found: TrackScores

    def sections(self) -> Iterator[Section]:
        told: Mapping[str, Iterator[Row]] = {
            "mean Brier score": self._brier(),
            "other scores, what it answered": self._others(),
            "foils on what it answered": self._foils("answered"),
            "foils on all questions": self._foils("all"),
            "came true, of those forecast": self._reliability(),
            "chance of each, %, worst first": self._questions(),
        }
        columns = tuple(TableColumn(one.forecaster) for one in self.accounts)
        for title, rows in told.items():
            if shown := tuple(rows):
                yield Section(f"{self.name}: {title}", shown, columns, folds=True)

    def _row(
        self, title: str, cell: Callable[[Account], Cell], level: int = 1, about: str = ""
    ) -> Row:
        return Row(title, tuple(map(cell, self.accounts)), level=level, about=about)

    def _brier(self) -> Iterator[Row]:
        for scope, title in _SCOPES.items():
            yield self._mean(title, scope, "brier")
            if not scope.startswith("all"):
                yield self._row("questions", _number_of(scope), level=2)
        yield self._row("simulation error", _error, about="se")
        yield self._row("expected", _expected, about="expected")

    def _mean(self, title: str, scope: Scope, rule: Rule) -> Row:
        def cell(account: Account) -> Cell:
            mean = account.means[scope].get(rule)
            return _NONE if mean is None else _score(mean)

        return self._row(title, cell, about=f"{scope} {rule}")

    def _others(self) -> Iterator[Row]:
        for rule, title in RULES.items():
            if rule != "brier" and any(rule in one.means["answered"] for one in self.accounts):
                yield self._mean(title, "answered", rule)

    def _foils(self, scope: Scope) -> Iterator[Row]:
        """Tell what foils score on the same questions, and the skill over each."""
        for name in self.found.foils:
            scores, skills = _foil_cells(scope, name)
            row = self._row(name, scores, about=f"{scope} {name}")
            if any(cell is not _NONE for cell in row.cells):
                yield row
                yield self._row("skill over it", skills, level=2, about=f"{scope} {name} skill")

    def _reliability(self) -> Iterator[Row]:
        for low, high in sorted({(b.low, b.high) for a in self.accounts for b in a.reliability}):
            title = f"with {exact_percent(low)} to {exact_percent(high)} %"
            yield self._row(title, _came_of(low))

    def _questions(self) -> Iterator[Row]:
        """List questions, those first on which the first forecaster lost most."""
        courses = {one.world.identity: one for one in self.found.courses}
        judged = [{each.identity: each for each in one.judged} for one in self.accounts]
        names = dict.fromkeys(name for one in judged for name in one)
        for name in sorted(names, key=lambda name: _lost(judged[0].get(name)), reverse=True):
            course = courses[name]
            cells = tuple(_said(one.get(name), course) for one in judged)
            title = f"{name} {course.world.question} {came_out(course)}"
            yield Row(title, cells, level=1, about=name)


def _score(mean: MeanLoss) -> Cell:
    """Write a mean score; one without simulation error, as of coins, to three decimals too."""
    value, se = mean.loss.value, mean.loss.se
    if se == 0:
        return exact_score_cell(value)
    return alone_cell(value, (value - se, value + se), "score", 3)


def _number_of(scope: Scope) -> Callable[[Account], Cell]:
    def cell(account: Account) -> Cell:
        mean = account.means[scope].get("brier")
        count = 0 if mean is None else mean.questions
        return Cell(f"{count} of {len(account.judged)}", count, unit="count")

    return cell


def _error(account: Account) -> Cell:
    return exact_score_cell(max(one["brier"].loss.se for one in account.means.values() if one))


def _expected(account: Account) -> Cell:
    return _NONE if account.expected is None else exact_score_cell(account.expected)


def _foil_cells(
    scope: Scope, name: str
) -> tuple[Callable[[Account], Cell], Callable[[Account], Cell]]:
    def mean_of(account: Account) -> MeanLoss | None:
        mean = account.means[scope].get("brier")
        return None if mean is None or name not in mean.loss.foils else mean

    def score(account: Account) -> Cell:
        mean = mean_of(account)
        return _NONE if mean is None else exact_score_cell(mean.loss.foils[name])

    def skill(account: Account) -> Cell:
        mean = mean_of(account)
        share = None if mean is None else mean.skill[name]
        return _NONE if share is None else Cell(bare_percent(share), share, unit="share")

    return score, skill


def _came_of(low: float) -> Callable[[Account], Cell]:
    def cell(account: Account) -> Cell:
        found = next((one for one in account.reliability if one.low == low), None)
        if found is None:
            return _NONE
        came = round(found.happened * found.questions)
        return Cell(f"{came} of {found.questions}", found.happened, unit="share")

    return cell


def _lost(one: JudgedQuestion | None) -> float:
    return one.losses["brier"].value if one is not None and one.losses else -1.0


def came_out(course: Course) -> str:
    """Write how a question came out, and the day."""
    assert course.resolution is not None
    return f"{course.answer}, {course.resolution.on}"


def _said(one: JudgedQuestion | None, course: Course) -> Cell:
    """Write the chance of yes, or of the answer that a choice came to."""
    if one is None:
        return _NONE
    if not one.chances:
        return Cell("silent")
    share = one.chances[course.told]
    return percent_cell(share, among(share, one.timelines))
