"""Near misses: which known name a mistyped one was meant to be, where that is plain to see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from coopsim.scenario.text.signs import about_signs, plain_signs

_LONGEST = 60  # signs of a name; longer ones are not compared letter by letter
_DIGITS = re.compile(r"\d")
_BETWEEN_WORDS = re.compile(r"[\s_.'\"-]+")


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Suggest the known name that is near a mistyped one; None where there is none."""
    found = nearest(name, known)
    if found is None:
        return None
    signs = about_signs(name)
    return f"did you mean {quoted(found)}?" + (f" {signs[0].upper()}{signs[1:]}" if signs else "")


def quoted(name: str) -> str:
    """Write a name in quotes that it does not have itself."""
    return f'"{name}"' if "'" in name else f"'{name}'"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that a mistyped one must mean; None where that is a guess.

    A name is near that differs in case, in what stands between its words or in their order, in one
    letter of three to seven, in two of up to thirteen, in three beyond (left out, added, wrong or
    two swapped), or of which exactly one known name is longer by whole words. Names that differ in
    digits alone are different on purpose.
    """
    names = [one for one in dict.fromkeys(known) if one != name]
    return _nearest(_letters(name), names) or _longer(name, names)


@lru_cache(maxsize=4096)
def _letters(name: str) -> str:
    return _BETWEEN_WORDS.sub("", plain_signs(name).casefold())


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in _BETWEEN_WORDS.split(plain_signs(name).casefold()) if word)


def _nearest(letters: str, names: list[str]) -> str | None:
    best, least = None, _LONGEST
    for other in names:
        known = _letters(other)
        if known == letters:
            return other
        allowed = min(_slips_allowed(letters, known), least - 1)
        if allowed > 0:
            slips = _slips(letters, known, allowed)
            if slips <= allowed:
                best, least = other, slips
    return best


def _slips_allowed(one: str, other: str) -> int:
    """Get how many letters may be wrong in two names that are taken for the same."""
    longest = max(len(one), len(other))
    if longest < 3 or longest > _LONGEST or _DIGITS.sub("", one) == _DIGITS.sub("", other):
        return 0
    allowed = 1 if longest < 8 else 2 if longest < 14 else 3
    return allowed if abs(len(one) - len(other)) <= allowed else 0


def _slips(one: str, other: str, most: int) -> int:
    """Count the letters left out, added, wrong or swapped with their neighbour (Damerau, 1964).

    Gives a number beyond `most` where there are more. A digit for another sign counts twice.
    """
    pairs = enumerate(zip(one, other, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    one, other = one[same:], other[same:]
    before: dict[int, int] = {}
    row = {there: there for there in range(min(len(other), most) + 1)}
    for place, sign in enumerate(one, 1):
        earlier, before = before, row
        row = {0: place} if place <= most else {}
        for there in range(max(1, place - most), min(len(other), place + most) + 1):
            wanted = other[there - 1]
            wrong = 0 if sign == wanted else 2 if sign.isdigit() or wanted.isdigit() else 1
            cost = before.get(there - 1, most) + wrong
            cost = min(cost, before.get(there, most) + 1, row.get(there - 1, most) + 1)
            if there > 1 < place and sign == other[there - 2] and one[place - 2] == wanted:
                cost = min(cost, earlier.get(there - 2, most) + 1)
            row[there] = cost
        if min(row.values(), default=most + 1) > most:
            return most + 1
    return row.get(len(other), most + 1)


def _longer(name: str, names: list[str]) -> str | None:
    """Find the one known name that has the same words in another order, or some more."""
    words = _words(name)
    if sum(map(len, words)) < 4:
        return None
    same = [other for other in names if sorted(_words(other)) == sorted(words)]
    more = [other for other in names if set(words) < set(_words(other))]
    found = same or more
    return found[0] if len(found) == 1 else None


class KnownNames:
    """Names of which a new one may be a slip by one letter: wrong, added, left out."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_variant: dict[str, str] = {}
        for name in names:
            for variant in _variants(name):
                self._by_variant.setdefault(variant, name)

    def slip_of(self, name: str) -> str | None:
        """Find the name from which a new one differs by one letter of five or more."""
        for variant in _variants(name):
            other = self._by_variant.get(variant)
            alike = other is not None and _DIGITS.sub("", other) == _DIGITS.sub("", name)
            if other is not None and other != name and not alike:
                return other
        return None


def _variants(name: str) -> list[str]:
    """List a name and what is left of it with one letter taken out; short and long ones have none.

    Two names share one of these where they are a single slip apart.
    """
    letters = name.casefold()
    if not 5 <= len(letters) <= _LONGEST:
        return []
    return [letters, *(letters[:place] + letters[place + 1 :] for place in range(len(letters)))]
