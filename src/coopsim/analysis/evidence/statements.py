"""What is known, or asked, of a timeline: the notation of --that and --ask.

    sanctions = eased by 2027-12-31 and not orel_first_flight by 2029
    ros_crewed before iss_reentry and seat_swap = in_force on 2029-06-30
    cross_flight >= 3 from 2026 to 2028

docs/given.md explains it. Names become indices here, dates seconds since the start; every error
is a UsageError that says where it is, what stands there and what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from coopsim.analysis.evidence import statement_slips as slips
from coopsim.analysis.evidence.facts import (
    AllTrue,
    Either,
    Fact,
    FiringCells,
    Not,
    Occurs,
    Stands,
    StandsAt,
    Stretch,
)
from coopsim.analysis.timelines import NEVER
from coopsim.errors import UsageError
from coopsim.scenario.notation.questions import QUESTIONS
from coopsim.scenario.notation.values import Period, format_date, parse_date
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import listing
from coopsim.scenario.text.unknown import one_of_few
from coopsim.simulation.program import Program

_TOKEN = re.compile(r"""\s*('[^']*'|"[^"]*"|[<>!]?=|[<>()]|[^\s<>=!()'"]+|\S)""")
_SIGNS = ("=", ">=", "<=", ">", "<")
_TIMES = ("by", "before", "after", "on", "in", "from")
_JOINTS = ("and", "or")
_WORDS = (*_TIMES, *_JOINTS, "to", "not")
_MOST_TOKENS = 200  # deeper nesting than these allow would be too deep for Python


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int  # counted from 1, as a person does
    quoted: bool = False

    @property
    def shown(self) -> str:
        return f"`{self.text}`" if self.text else "the end"


@dataclass(frozen=True, slots=True)
class _Place:
    """The firings that a name stands for, and the moment from which on they do not count."""

    cells: FiringCells
    outcomes: Mapping[str, FiringCells]
    closes: int = NEVER


@dataclass(frozen=True, slots=True)
class _Names:
    """What the names of a scenario stand for."""

    drivers: Mapping[str, tuple[int, tuple[str, ...]]]
    places: Mapping[str, _Place]
    others: Mapping[str, str]  # outcomes that are no evidence, and of what kind they are

    @classmethod
    def of(cls, scenario: Scenario, program: Program) -> _Names:
        places = {
            event.name: _event_place(program, index)
            for index, event in enumerate(program.events)
            if not event.hidden
        }
        drivers = {d.name: (index, d.levels) for index, d in enumerate(program.drivers)}
        others: dict[str, str] = {}
        for name, question in scenario.outcomes.items():
            if name in places or name in drivers:
                continue
            if not QUESTIONS[question.kind].single:
                others[name] = question.kind
                continue
            known = [places[event] for event in question.events[0]]
            cells = tuple(
                cell
                for place in known
                for cell in (place.outcomes[question.outcome] if question.outcome else place.cells)
            )
            by = question.by
            closes = NEVER if by is None else by.end_of_day - program.start
            places[name] = _Place(cells, {}, closes)
        return cls(drivers, places, others)

    @property
    def levels(self) -> dict[str, Sequence[str]]:
        """Get the levels of each driver and the outcomes of each event."""
        found: dict[str, Sequence[str]] = {n: levels for n, (_, levels) in self.drivers.items()}
        return found | {name: tuple(place.outcomes) for name, place in self.places.items()}

    @property
    def all(self) -> list[str]:
        return [*self.drivers, *self.places]


def _event_place(program: Program, index: int) -> _Place:
    names = [outcome.name for outcome in program.events[index].outcomes]
    cells = tuple((index, number) for number in range(len(names)))
    named = {} if names == ["true"] else dict(zip(names, ((cell,) for cell in cells), strict=True))
    return _Place(cells, named)


def read_evidence(text: str, scenario: Scenario, program: Program) -> Fact:
    """Read a statement about a timeline; raises UsageError where it cannot be read."""
    return _Reader(text, _Names.of(scenario, program), program).read()


def read_all(texts: Iterable[str], scenario: Scenario, program: Program) -> AllTrue:
    """Read several statements that must all be so; raises UsageError as `read_evidence`."""
    return AllTrue(tuple(read_evidence(text, scenario, program) for text in texts))


def _tokens(text: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(text.rstrip()):
        raw, at = match[1], match.start(1) + 1
        quoted = len(raw) > 1 and raw[0] in "'\""
        tokens.append(_Token(raw[1:-1] if quoted else raw, at, quoted))
    return [*tokens, _Token("", len(text.rstrip()) + 1)]


class _Reader:
    """Read one statement by recursive descent: `not` binds closest, then `and`, then `or`."""

    def __init__(self, text: str, names: _Names, program: Program) -> None:
        self._text = text
        self._names = names
        self._program = program
        self._tokens = _tokens(text)
        self._next = 0

    def read(self) -> Fact:
        if len(self._tokens) > _MOST_TOKENS:
            raise UsageError(f"`{self._text[:40]} ...` is too long: split it over several options")
        fact = self._either()
        if not self._is_end():
            raise self._error(self._peek, "`and`, `or` or the end", self._joint_hint())
        return fact

    # --- tokens -------------------------------------------------------------------------------

    @property
    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._peek
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _is_end(self) -> bool:
        return self._next == len(self._tokens) - 1

    def _sees(self, *words: str) -> bool:
        return not self._peek.quoted and self._peek.text in words and not self._is_end()

    def _error(self, token: _Token, expected: str, hint: str | None = None) -> UsageError:
        more = f"; {hint}" if hint else ""
        return UsageError(
            f"`{self._text}`, character {token.at}: found {token.shown}, expected {expected}{more}"
        )

    def _joint_hint(self) -> str | None:
        """Suggest what may be meant by a word that does not go on a statement."""
        if self._peek.quoted or self._is_end() or not self._next:
            return None
        token, word = self._tokens[self._next - 1], self._peek.text
        before, rest = token.text, self._text[token.at - 1 :]
        longer = slips.longer_name(before, rest, self._names.all)
        if longer is not None:
            return slips.in_quotes(longer)
        place = self._names.places.get(before)
        if place is not None:
            following = self._tokens[min(self._next + 1, len(self._tokens) - 1)].text
            return slips.about_happening(before, word) or slips.about_sign(
                before, word, following, tuple(place.outcomes)
            )
        return slips.instead_of(word)

    # --- statements joined --------------------------------------------------------------------

    def _either(self) -> Fact:
        parts = [self._every()]
        while self._sees("or"):
            self._take()
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _every(self) -> Fact:
        parts = [self._single()]
        while self._sees("and"):
            self._take()
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else AllTrue(tuple(parts))

    def _single(self) -> Fact:
        if self._sees("not"):
            self._take()
            return Not(self._single())
        if self._sees("("):
            self._take()
            fact = self._either()
            if not self._sees(")"):
                raise self._error(self._peek, "`and`, `or` or `)`", self._joint_hint())
            self._take()
            return fact
        return self._statement()

    # --- one statement ------------------------------------------------------------------------

    def _statement(self) -> Fact:
        token = self._take()
        name = token.text
        if token.quoted or name not in (*_WORDS, *_SIGNS, "(", ")", ""):
            if name in self._names.drivers:
                return self._driver(name)
            if name in self._names.places:
                return self._event(name)
        raise self._unknown(token, one_of_few("a driver, an event or an outcome", self._names.all))

    def _unknown(self, token: _Token, expected: str) -> UsageError:
        kind = self._names.others.get(token.text)
        if not token.quoted and token.text in _WORDS and token.text in self._names.all:
            return self._error(token, expected, slips.in_quotes(token.text))
        if kind is not None:
            hint = f"{token.text} is an outcome of kind {kind}: state what it is made of"
            return self._error(token, expected, hint)
        if token.text in ("'", '"') and not token.quoted:
            return self._error(token, expected, "this quotation is not closed")
        rest = self._text[token.at - 1 :]
        meant = slips.about_name(token.text, rest, self._names.all, self._names.levels)
        before = self._tokens[max(0, self._tokens.index(token) - 1)]
        if not token.text and before.text in self._names.all and not before.quoted:
            meant = slips.in_quotes(before.text)
        return self._error(token, expected, meant)

    def _driver(self, name: str) -> Fact:
        variable, levels = self._names.drivers[name]
        if not self._sees(*_SIGNS):
            following = self._tokens[min(self._next + 1, len(self._tokens) - 1)].text
            hint = slips.about_sign(name, self._peek.text, following, levels)
            expected = f"`=`, `>=` or `<=` and a level of {name} ({listing(levels)})"
            raise self._error(self._peek, expected, hint)
        sign, token = self._take().text, self._take()
        if token.text not in levels:
            hint = near_miss(token.text, levels) or self._sign_hint(sign, token)
            raise self._error(token, f"a level of {name} ({listing(levels)})", hint)
        low, high = _range(sign, levels.index(token.text), 0, len(levels) - 1)
        mask = sum(1 << level for level in range(low, high + 1))
        if not mask:
            raise self._error(token, f"a level of {name} with one {_side(sign)} it")
        if self._sees("on"):
            self._take()
            return StandsAt(variable, mask, self._end_of(*self._date()))
        return Stands(variable, mask, self._span())

    @staticmethod
    def _sign_hint(sign: str, token: _Token) -> str | None:
        """Suggest how a sign is written of which two stand in a row, such as `==` or `=>`."""
        meant = {"==": "one `=`", "=>": "`>=`", "=<": "`<=`"}.get(sign + token.text)
        return f"write {meant}" if meant is not None else None

    def _event(self, name: str) -> Fact:
        place = self._names.places[name]
        cells, least, most = place.cells, 1, NEVER
        if self._sees("=") and self._tokens[self._next + 1].text in place.outcomes:
            self._take()
            cells = place.outcomes[self._take().text]
        elif self._sees(*_SIGNS):
            sign, token = self._take().text, self._take()
            least, most = _range(sign, self._count(token, name, sign), 0, NEVER)
        span = self._span()
        return Occurs(cells, replace(span, closes=min(span.closes, place.closes)), least, most)

    def _count(self, token: _Token, name: str, sign: str) -> int:
        if token.text.isdecimal() and token.text.isascii() and not token.quoted:
            return int(token.text)
        outcomes = self._names.places[name].outcomes
        number = "a whole number, such as 3"
        hint = slips.about_happening(name, token.text) or self._sign_hint(sign, token)
        if sign == "=" and outcomes:
            hint = near_miss(token.text, outcomes) or hint
            raise self._error(
                token, f"an outcome of {name} ({listing(outcomes)}) or {number}", hint
            )
        raise self._error(token, number, hint)

    # --- when ---------------------------------------------------------------------------------

    def _span(self) -> Stretch:
        if not self._sees(*_TIMES):
            return Stretch()
        word = self._take().text
        if word in ("before", "after") and self._peek.text in self._names.all:
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
            raise self._error(token, f"a date that leaves some time {word} it, {self._days}")
        return self._until(span, token) if word == "from" else span

    def _until(self, span: Stretch, first: _Token) -> Stretch:
        if not self._sees("to"):
            meant = self._peek.text in ("until", "till", "through", "and", "-", "TO", "To")
            hint = "write `to`" if meant else None
            raise self._error(self._peek, "`to` and a date", hint)
        self._take()
        token, period = self._date()
        closes = self._end_of(token, period)
        if closes <= span.opens:
            raise self._error(token, f"a date not before `{first.text}`")
        return replace(span, closes=closes)

    def _happening(self) -> FiringCells:
        """Read the event before or after which something is so, perhaps with its outcome."""
        token = self._take()
        place = self._names.places.get(token.text)
        if place is None:
            raise self._error(token, "a date or an event, not a driver")
        if not self._sees("="):
            return place.cells
        self._take()
        outcome = self._take()
        if outcome.text not in place.outcomes:
            known = listing(place.outcomes) or "it has none"
            hint = near_miss(outcome.text, place.outcomes)
            raise self._error(outcome, f"an outcome of {token.text} ({known})", hint)
        return place.outcomes[outcome.text]

    def _date(self, *, or_event: bool = False) -> tuple[_Token, Period]:
        token = self._take()
        try:
            return token, parse_date(token.text)
        except ValueError as error:
            dated = str(error)
        words = [token.text, *(one.text for one in self._tokens[self._next : self._next + 4])]
        hint = slips.about_dated_words([word for word in words if word])
        if or_event:
            hint = near_miss(token.text, self._names.places) or hint
            raise self._error(token, f"{dated}, or an event", hint)
        raise self._error(token, dated, hint)

    def _end_of(self, token: _Token, period: Period) -> int:
        """Get the end of a date's last day, within the simulated time: beyond, nothing is known."""
        end = period.end_of_day - self._program.start
        if not 0 < end <= self._program.horizon:
            raise self._error(token, f"a date within the simulated time, {self._days}")
        return end

    @property
    def _days(self) -> str:
        start, end = self._program.start, self._program.start + self._program.horizon
        return f"{format_date(start)} to {format_date(end - 1)}"


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
