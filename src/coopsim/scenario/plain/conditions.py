"""Conditions as sentences: `station >= us_alone and not crew_rotation_ends`.

A sentence speaks of the present, in the notation of statements about timelines (docs/given.md). It
becomes the mapping, or the list of mappings, that a condition is (docs/language.md, section 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from coopsim.scenario.notation.conditions import Condition
from coopsim.scenario.notation.logic import LevelRow, conjunction, negation, rows_of
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import Invalid, invalid, listing
from coopsim.scenario.text.sentences import JOINTS, SIGNS, Sentence, Token
from coopsim.scenario.text.unknown import one_of_few

KnownLevels = Callable[[str], tuple[str, ...] | None]
MOST_ROWS = 256  # ways in which a condition may hold
_DATED = ("by", "before", "after", "on", "in", "from", "until")
_WORDS = (*JOINTS, "not", *SIGNS, "(", ")", "")
_MEANT = {
    **dict.fromkeys(("&", "&&", ",", ";", "AND", "And"), "and"),
    **dict.fromkeys(("|", "||", "OR", "Or"), "or"),
    **dict.fromkeys(("!", "~", "NOT", "Not", "no"), "not"),
    **dict.fromkeys(("is", "are", "equals", ":", "=="), "="),
    **dict.fromkeys(("\N{GREATER-THAN OR EQUAL TO}", "above", "over"), ">="),
    **dict.fromkeys(("\N{LESS-THAN OR EQUAL TO}", "below", "under"), "<="),
    **dict.fromkeys(("\N{NOT EQUAL TO}", "<>"), "!="),
}
_ABOUT_DAYS = "a condition is about the present: put days in `from:` and `until:` beside it"


class UnknownLevels(Exception):  # noqa: N818  # no error of this sentence: it is told elsewhere
    """A name stands in the sentence whose own entry cannot be read."""


def condition_of(text: str, levels_of: KnownLevels, names: Collection[str]) -> object:
    """Read a sentence as a condition's data; `names` are those of drivers and events.

    `levels_of` gives the levels of a name, none where its entry cannot be read, or None for a name
    that is not there. Raises Invalid for what cannot be read, UnknownLevels where a name's levels
    are not known.
    """
    reader = _Reader(text, levels_of, names)
    rows = _without_copies(reader.read())
    if not rows:
        raise invalid(f"`{text}`, which can never hold", "a condition that can hold")
    written = [_written(row, reader.levels) for row in rows]
    return written[0] if len(written) == 1 else written


class _Reader(Sentence[list[LevelRow]]):
    """Read a sentence as rows of levels."""

    def __init__(self, text: str, levels_of: KnownLevels, names: Collection[str]) -> None:
        super().__init__(text)
        self._levels_of, self._names = levels_of, names

    def statement(self) -> list[LevelRow]:
        """Read a test of a driver's level, or of whether an event has happened."""
        token = self.take()
        known = token.quoted or token.text not in _WORDS
        if not known or self._levels_of(token.text) is None:
            raise self._unknown(token)
        name, levels = token.text, self.levels(token.text)
        if not self.sees(*SIGNS):
            return [self._happened(token, levels)]
        sign = self.take().text
        return [{name: self._passing(name, sign, levels)}]

    def any_of(self, parts: Sequence[list[LevelRow]]) -> list[LevelRow]:
        """Join conditions by OR."""
        return self._within([row for part in parts for row in part])

    def all_of(self, parts: Sequence[list[LevelRow]]) -> list[LevelRow]:
        """Join conditions by AND."""
        joined = parts[0]
        for part in parts[1:]:
            joined = self._within(conjunction(joined, part))
        return joined

    def negated(self, part: list[LevelRow]) -> list[LevelRow]:
        """Turn a condition into its opposite."""
        return self._within(negation(part, self.levels))

    def error(self, token: Token, expected: str, hint: str | None = None) -> Invalid:
        """Say what stands at which character of the sentence."""
        found = f"{token.shown} at character {token.at} of `{self.text}`"
        return invalid(found, expected, hint=hint)

    def too_long(self) -> Invalid:
        """Refuse a sentence of too many words."""
        return invalid(f"`{self.text[:40]} ...`", "a shorter condition")

    def joint_hint(self) -> str | None:
        """Say that days stand elsewhere, or which word is meant."""
        if self.sees(*_DATED):
            return _ABOUT_DAYS
        meant = _MEANT.get(self.peek.text)
        return None if meant is None or self.peek.quoted else f"write `{meant}`"

    def levels(self, name: str) -> tuple[str, ...]:
        """Get the levels of a name that is there; raises UnknownLevels where they are not known."""
        levels = self._levels_of(name)
        if not levels:
            raise UnknownLevels
        return levels

    # --- one statement --------------------------------------------------------------------------

    def _unknown(self, token: Token) -> Invalid:
        expected = one_of_few("a driver or an event", self._names)
        meant = _MEANT.get(token.text)
        hint = near_miss(token.text, self._names)
        return self.error(token, expected, hint or (f"write `{meant}`" if meant else None))

    def _happened(self, token: Token, levels: tuple[str, ...]) -> LevelRow:
        if levels[0] != "false":
            expected = f"a sign and a level of {token.text}: {listing(levels)}"
            hint = self.joint_hint() or f"such as `{token.text} = {levels[0]}`"
            raise self.error(self.peek, expected, hint)
        return {token.text: frozenset(levels[1:])}

    def _passing(self, name: str, sign: str, levels: tuple[str, ...]) -> frozenset[str]:
        token = self.take()
        level, event = token.text, levels[0] == "false"
        if event and sign not in ("=", "!="):
            raise self.error(token, f"`=` or `!=` and an outcome of {name}", None)
        if event and level == "true" and not token.quoted:
            passing = frozenset(levels[1:])
        elif level in levels:
            passing = _range(sign, levels, levels.index(level))
        else:
            what = "an outcome" if event else "a level"
            hint = near_miss(level, levels)
            raise self.error(token, f"{what} of {name}: {listing(levels)}", hint)
        passing = frozenset(levels) - passing if sign == "!=" else passing
        if not passing:
            raise self.error(token, f"a level of {name} with another {_side(sign)} it")
        return passing

    def _within(self, rows: list[LevelRow]) -> list[LevelRow]:
        rows = _without_copies(rows)
        if len(rows) > MOST_ROWS:
            found = f"`{self.text}`, which holds in {len(rows):,} ways"
            raise invalid(found, f"a condition that holds in {MOST_ROWS} ways at most")
        return rows


def _range(sign: str, levels: tuple[str, ...], place: int) -> frozenset[str]:
    match sign:
        case ">=":
            return frozenset(levels[place:])
        case "<=":
            return frozenset(levels[: place + 1])
        case ">":
            return frozenset(levels[place + 1 :])
        case "<":
            return frozenset(levels[:place])
        case _:
            return frozenset(levels[place : place + 1])


def _side(sign: str) -> str:
    return "above" if sign == ">" else "below"


# --- as data ------------------------------------------------------------------------------------


def _without_copies(rows: list[LevelRow]) -> list[LevelRow]:
    """Join rows that differ in one name alone, and leave out what others contain."""
    joined: list[LevelRow] = []
    for row in rows:
        joined = _with(joined, row)
    return joined


def _with(rows: list[LevelRow], row: LevelRow) -> list[LevelRow]:
    if any(_contains(other, row) for other in rows):
        return rows
    rows = [other for other in rows if not _contains(row, other)]
    for place, other in enumerate(rows):
        differing = [name for name in row if other.get(name) != row[name]]
        if other.keys() == row.keys() and len(differing) == 1:
            (name,) = differing
            both = {**other, name: other[name] | row[name]}
            return _with([*rows[:place], *rows[place + 1 :]], both)
    return [*rows, row]


def _contains(wide: LevelRow, narrow: LevelRow) -> bool:
    """Tell whether one row holds wherever another does."""
    return all(name in narrow and narrow[name] <= levels for name, levels in wide.items())


def _written(row: LevelRow, levels_of: Callable[[str], tuple[str, ...]]) -> dict[str, object]:
    """Write a row as a mapping; a name that may stand at any level says nothing."""
    written = {name: (levels_of(name), passing) for name, passing in row.items()}
    return {
        name: _test(levels, passing)
        for name, (levels, passing) in written.items()
        if set(levels) != passing
    }


def _test(levels: tuple[str, ...], passing: frozenset[str]) -> object:
    """Write which levels pass: as few words as say it."""
    places = [place for place, level in enumerate(levels) if level in passing]
    if levels[0] == "false" and passing in ({"false"}, set(levels[1:])):
        return "false" not in passing
    if len(places) == 1:
        return levels[places[0]]
    first, last = places[0], places[-1]
    if levels[0] == "false" or len(places) <= last - first:
        return [levels[place] for place in places]
    bounds = {"at_least": levels[first], "at_most": levels[last]}
    if first == 0:
        del bounds["at_least"]
    if last == len(levels) - 1:
        del bounds["at_most"]
    return bounds


# --- as a sentence ------------------------------------------------------------------------------


def sentence_of(condition: Condition, levels_of: KnownLevels) -> str | None:
    """Write a condition as a sentence, None where it always holds or a name is not known."""
    names = {test.name for row in condition.rows for test in row}
    if not all(levels_of(name) for name in names):
        return None
    known = {name: levels_of(name) or () for name in names}
    rows = _without_copies(rows_of(condition, known.__getitem__))
    if not rows or not all(rows):
        return None
    parts = [_conjunction(row, known) for row in rows]
    if len(parts) == 1:
        return parts[0]
    return " or ".join(f"({part})" if " and " in part else part for part in parts)


def _conjunction(row: LevelRow, levels: Mapping[str, tuple[str, ...]]) -> str:
    tests = {name: _as_text(name, levels[name], passing) for name, passing in row.items()}
    alone = len(tests) == 1
    return " and ".join(
        text if alone or " or " not in text else f"({text})" for text in tests.values()
    )


def _as_text(name: str, levels: tuple[str, ...], passing: frozenset[str]) -> str:
    """Write which levels pass, in the fewest words."""
    quoted = _quoted(name)
    test = _test(levels, passing)
    if isinstance(test, bool):
        return quoted if test else f"not {quoted}"
    if isinstance(test, str):
        return f"{quoted} = {_quoted(test)}"
    others = [level for level in levels if level not in passing]
    if len(others) == 1 and not isinstance(test, dict):
        return f"{quoted} != {_quoted(others[0])}"
    if isinstance(test, dict):
        signs = {"at_least": ">=", "at_most": "<="}
        return " and ".join(
            f"{quoted} {signs[key]} {_quoted(str(level))}" for key, level in test.items()
        )
    return " or ".join(f"{quoted} = {_quoted(level)}" for level in levels if level in passing)


def _quoted(name: str) -> str:
    """Write a name so that a sentence takes it for one word."""
    plain = re.fullmatch(r"[^\s<>=!()'\"]+", name) is not None and name not in _WORDS
    return name if plain else f'"{name}"' if "'" in name else f"'{name}'"
