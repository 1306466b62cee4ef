"""What is known, or asked, of a timeline: the notation of statements.

    sanctions = eased by 2027-12-31 and not orel_first_flight by 2029
    ros_crewed before iss_reentry and seat_swap = in_force on 2029-06-30
    cross_flight >= 3 from 2026 to 2028

docs/given.md explains it. Names become indices here, dates seconds since the start; every error
is a UsageError that says where it is, what stands there and what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from coopsim.analysis.evidence import statement_slips as slips
from coopsim.analysis.evidence.facts import (
    AllTrue,
    Company,
    Either,
    Fact,
    FiringCells,
    HeldFor,
    Not,
    Nth,
    Occurs,
    Stands,
    StandsAt,
    Stretch,
)
from coopsim.analysis.evidence.statement_names import NamedPlace, StatementNames
from coopsim.analysis.timelines import NEVER
from coopsim.errors import UsageError
from coopsim.scenario.notation.values import Period, format_date, parse_date, parse_duration
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import listing
from coopsim.scenario.text.sentences import JOINTS, Sentence, Token
from coopsim.scenario.text.unknown import one_of_few
from coopsim.simulation.program import Program

_SIGNS = ("=", ">=", "<=", ">", "<")
_TIMES = ("by", "before", "after", "on", "in", "from")
_COMPANY = ("with", "without")
_WORDS = (*_TIMES, *_COMPANY, *JOINTS, "to", "not", "for")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINAL = re.compile(r"([1-9][0-9]{0,3})(?:st|nd|rd|th)")
_LONGEST = "a time such as `60 days` or `2 months`"


class StatementError(UsageError):
    """Report what stands in a statement at which character (from 1 on), and what was expected."""

    def __init__(self, text: str, at: int, found: str, expected: str, hint: str | None) -> None:
        more = f"; {hint}" if hint else ""
        super().__init__(f"`{text}`, character {at}: found {found}, expected {expected}{more}")
        self.at, self.expected, self.hint = at, expected, hint
        self.found = f"{found} at character {at} of `{text}`"


def read_evidence(text: str, scenario: Scenario, program: Program) -> Fact:
    """Read a statement about a timeline, which may name a scenario's outcomes, by id or by title.

    Raises UsageError where it cannot be read, a StatementError where it is not too long to be.
    """
    return _Reader(text, StatementNames.of(scenario, program), program).read()


class _Reader(Sentence[Fact]):
    """Read one statement about a timeline."""

    def __init__(self, text: str, names: StatementNames, program: Program) -> None:
        super().__init__(text)
        self._names = names
        self._program = program

    def any_of(self, parts: Sequence[Fact]) -> Fact:
        """Join facts of which any may be so."""
        return Either(tuple(parts))

    def all_of(self, parts: Sequence[Fact]) -> Fact:
        """Join facts that must all be so."""
        return AllTrue(tuple(parts))

    def negated(self, part: Fact) -> Fact:
        """Turn a fact into its opposite."""
        return Not(part)

    def too_long(self) -> UsageError:
        """Refuse a statement of too many words."""
        return UsageError(f"`{self.text[:40]} ...` is too long: split it over several options")

    def error(self, token: Token, expected: str, hint: str | None = None) -> StatementError:
        """Say what stands at which character of the statement."""
        return StatementError(self.text, token.at, token.shown, expected, hint)

    def joint_hint(self) -> str | None:
        """Suggest what may be meant by a word that does not go on a statement."""
        if self.peek.quoted or self.is_end() or not self.next:
            return None
        token, word = self.tokens[self.next - 1], self.peek.text
        before, rest = token.text, self.text[token.at - 1 :]
        longer = slips.longer_name(before, rest, self._names.all)
        if longer is not None:
            return slips.in_quotes(longer)
        title = self._unquoted_title(token)
        if title is not None:
            return title
        place = self._names.places.get(before)
        if place is not None:
            following = self.tokens[min(self.next + 1, len(self.tokens) - 1)].text
            return slips.about_happening(before, word) or slips.about_sign(
                before, word, following, tuple(place.outcomes)
            )
        return slips.instead_of(word)

    # --- one statement ------------------------------------------------------------------------

    def statement(self) -> Fact:
        """Read what is said of one driver, event or outcome."""
        token = self.take()
        name = self._meant(token)
        number = None if token.quoted or name in self._names.all else _number(name)
        if number is not None and self._meant(self.peek) in self._names.places:
            return self._nth(number, self._meant(self.take()))
        if number is not None and name not in self._names.others:
            expected = one_of_few("an event or an outcome", self._names.places)
            raise self.error(self.peek, expected, self._near(self.peek, self._names.places))
        if token.quoted or token.text not in (*_WORDS, *_SIGNS, "(", ")", ""):
            if name in self._names.drivers:
                return self._driver(name)
            if name in self._names.places:
                return self._event(name)
        raise self._unknown(token, one_of_few("a driver, an event or an outcome", self._names.all))

    def _meant(self, token: Token) -> str:
        """Get the name that a token means, by itself or by its title; else the token's text."""
        found = self._names.meant(token.text)
        if len(found) > 1:
            expected = "a title that only one has, or an id"
            raise self.error(token, expected, slips.instead_of_title(token.text, found))
        return found[0] if found else token.text

    def _unquoted_title(self, token: Token) -> str | None:
        """Suggest quotes, or the id, where a title stands without quotes from a token on."""
        found = self._names.unquoted_title(self.text[token.at - 1 :])
        return None if token.quoted or found is None else slips.instead_of_title(*found)

    def _near(self, token: Token, names: Collection[str]) -> str | None:
        """Suggest which of some names, or of their titles, is meant."""
        return self._unquoted_title(token) or self._names.near(token.text, names)

    def _unknown(self, token: Token, expected: str) -> UsageError:
        name = self._meant(token)
        kind = self._names.others.get(name)
        if not token.quoted and token.text in _WORDS and token.text in self._names.all:
            return self.error(token, expected, slips.in_quotes(token.text))
        if kind is not None:
            hint = f"{name} is an outcome of kind {kind}: state its parts instead"
            return self.error(token, expected, hint)
        if token.text in ("'", '"') and not token.quoted:
            return self.error(token, expected, "this quotation is not closed")
        rest = self.text[token.at - 1 :]
        meant = slips.about_name(token.text, rest, self._names.all, self._names.levels)
        meant = meant or self._near(token, self._names.all) or slips.instead_of(token.text)
        before = self.tokens[max(0, self.tokens.index(token) - 1)]
        if not token.text and before.text in self._names.all and not before.quoted:
            meant = slips.in_quotes(before.text)
        return self.error(token, expected, meant)

    def _driver(self, name: str) -> Fact:
        variable, levels = self._names.drivers[name]
        if not self.sees(*_SIGNS):
            following = self.tokens[min(self.next + 1, len(self.tokens) - 1)].text
            hint = slips.about_sign(name, self.peek.text, following, levels)
            expected = f"`=`, `>=` or `<=` and a level of {name} ({listing(levels)})"
            raise self.error(self.peek, expected, hint)
        sign, token = self.take().text, self.take()
        if token.text not in levels:
            hint = near_miss(token.text, levels) or self._sign_hint(sign, token)
            raise self.error(token, f"a level of {name} ({listing(levels)})", hint)
        low, high = _range(sign, levels.index(token.text), 0, len(levels) - 1)
        mask = sum(1 << level for level in range(low, high + 1))
        if not mask:
            raise self.error(token, f"a level of {name} with one {_side(sign)} it")
        seconds = self._lasting() if self.sees("for") else 0
        if self.sees("on"):
            self.take()
            return StandsAt(variable, mask, self._end_of(*self._date()), seconds)
        span = self._span()
        return HeldFor(variable, mask, seconds, span) if seconds else Stands(variable, mask, span)

    def _lasting(self) -> int:
        """Read for how long a level is held, in seconds."""
        self.take()
        number, unit = self.take(), self.take()
        try:
            seconds = round(parse_duration(f"{number.text} {unit.text}"))
        except ValueError:
            seconds = 0
        if not 0 < seconds <= self._program.horizon:
            raise self.error(number, _LONGEST)
        return seconds

    @staticmethod
    def _sign_hint(sign: str, token: Token) -> str | None:
        """Suggest how a sign is written of which two stand in a row, such as `==` or `=>`."""
        meant = {"==": "one `=`", "=>": "`>=`", "=<": "`<=`"}.get(sign + token.text)
        return f"write {meant}" if meant is not None else None

    def _event(self, name: str) -> Fact:
        place = self._names.places[name]
        cells, counted = self._outcome(name), None
        if cells is None:
            cells, counted = place.cells, self._counted(name)
        company = self._company()
        if company is not None and counted is None:
            counted = self._counted(name)
        span = self._closed(self._span(), place)
        return Occurs(cells, span, *(counted or (1, NEVER)), company)

    def _nth(self, number: int, name: str) -> Fact:
        """Read what is said of the firing of a number."""
        place = self._names.places[name]
        cells = self._outcome(name) or place.cells
        company = self._company()
        return Nth(number, place.cells, cells, self._closed(self._span(), place), company)

    def _outcome(self, name: str) -> FiringCells | None:
        """Read `= OUTCOME`, where an outcome of the event stands behind the sign."""
        outcomes = self._names.places[name].outcomes
        if not self.sees("=") or self.tokens[self.next + 1].text not in outcomes:
            return None
        self.take()
        return outcomes[self.take().text]

    def _counted(self, name: str) -> tuple[int, int] | None:
        """Read how often, at least and at most, where a sign stands."""
        if not self.sees(*_SIGNS):
            return None
        sign, token = self.take().text, self.take()
        return _range(sign, self._count(token, name, sign), 0, NEVER)

    def _company(self) -> Company | None:
        """Read with or without which event, in the same second."""
        if not self.sees(*_COMPANY):
            return None
        return Company(wanted=self.take().text == "with", cells=self._happening("an event"))

    @staticmethod
    def _closed(span: Stretch, place: NamedPlace) -> Stretch:
        return replace(span, closes=min(span.closes, place.closes))

    def _count(self, token: Token, name: str, sign: str) -> int:
        if token.text.isdecimal() and token.text.isascii() and not token.quoted:
            return int(token.text)
        outcomes = self._names.places[name].outcomes
        number = "a whole number, such as 3"
        hint = slips.about_happening(name, token.text) or self._sign_hint(sign, token)
        if sign == "=" and outcomes:
            hint = near_miss(token.text, outcomes) or hint
            raise self.error(token, f"an outcome of {name} ({listing(outcomes)}) or {number}", hint)
        raise self.error(token, number, hint)

    # --- when ---------------------------------------------------------------------------------

    def _span(self) -> Stretch:
        if not self.sees(*_TIMES):
            return Stretch()
        word = self.take().text
        if word in ("before", "after") and self._meant(self.peek) in self._names.all:
            cells = self._happening()
            return Stretch(before=cells) if word == "before" else Stretch(after=cells)
        token, period = self._date(or_event=word in ("before", "after"))
        begins, ends = period.first - self._program.start, self._end_of(token, period)
        span = {
            "by": Stretch(closes=ends),
            "after": Stretch(opens=ends),
            "before": Stretch(closes=begins),
            "from": Stretch(opens=begins),
        }.get(word, Stretch(begins, ends))
        if span.closes <= 0 or span.opens >= self._program.horizon:
            raise self.error(token, f"a date that leaves some time {word} it, {self._days}")
        return self._until(span, token) if word == "from" else span

    def _until(self, span: Stretch, first: Token) -> Stretch:
        if self._goes_on():
            return span
        if not self.sees("to"):
            meant = self.peek.text in ("until", "till", "through", "and", "-", "TO", "To")
            hint = "write `to`" if meant else None
            raise self.error(self.peek, "`to` and a date", hint)
        self.take()
        token, period = self._date()
        closes = self._end_of(token, period)
        if closes <= span.opens:
            raise self.error(token, f"a date not before `{first.text}`")
        return replace(span, closes=closes)

    def _goes_on(self) -> bool:
        """Check that a statement ends here: at the end, or where another is joined."""
        return self.is_end() or self.sees(*JOINTS, ")")

    def _happening(self, expected: str = "a date or an event, not a driver") -> FiringCells:
        """Read an event that another one, or a level, is compared with, or its outcome."""
        token = self.take()
        name = self._meant(token)
        place = self._names.places.get(name)
        if place is None:
            raise self.error(token, expected, self._near(token, self._names.places))
        if not self.sees("="):
            return place.cells
        self.take()
        outcome = self.take()
        if outcome.text not in place.outcomes:
            known = listing(place.outcomes) or "it has none"
            hint = near_miss(outcome.text, place.outcomes)
            raise self.error(outcome, f"an outcome of {name} ({known})", hint)
        return place.outcomes[outcome.text]

    def _date(self, *, or_event: bool = False) -> tuple[Token, Period]:
        token = self.take()
        try:
            return token, parse_date(token.text)
        except ValueError as error:
            dated = str(error)
        words = [token.text, *(one.text for one in self.tokens[self.next : self.next + 4])]
        hint = slips.about_dated_words([word for word in words if word])
        if or_event:
            hint = self._near(token, self._names.places) or hint
            raise self.error(token, f"{dated}, or an event", hint)
        raise self.error(token, dated, hint)

    def _end_of(self, token: Token, period: Period) -> int:
        """Get the end of a date's last day, within the simulated time: beyond, nothing is known."""
        end = period.end_of_day - self._program.start
        if not 0 < end <= self._program.horizon:
            raise self.error(token, f"a date within the simulated time, {self._days}")
        return end

    @property
    def _days(self) -> str:
        start, end = self._program.start, self._program.start + self._program.horizon
        return f"{format_date(start)} to {format_date(end - 1)}"


def _number(word: str) -> int | None:
    """Read an ordinal such as `third` or `3rd`."""
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    match = _ORDINAL.fullmatch(word)
    return None if match is None else int(match[1])


def _range(sign: str, number: int, lowest: int, highest: int) -> tuple[int, int]:
    """Get the least and the most that a comparison with a number allows."""
    match sign:
        case "=":
            return number, number
        case ">=":
            return number, highest
        case "<=":
            return lowest, number
        case ">":
            return number + 1, highest
        case _:
            return lowest, number - 1


def _side(sign: str) -> str:
    return "above" if sign == ">" else "below"
