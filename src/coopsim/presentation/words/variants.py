"""What a variant is called: by its scenario, and by what was set in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias

NamedSettings: TypeAlias = tuple[str, Sequence[str]]  # a name, and what was set, PATH=VALUE
_KEYS = re.compile(r"""(?:"[^"]*"|'[^']*'|[^.])+""")
_LEFT_OUT = "\N{HORIZONTAL ELLIPSIS}"
_KEYS_END = re.compile(r"""^["']|["']$""")


def variant_name(name: str, sets: Sequence[str]) -> str:
    """Name a variant: `thaw + takes = 1 to 2 years`; without anything set, as it is."""
    (found,) = variant_names([(name, sets)])
    return found


def variant_names(variants: Sequence[NamedSettings]) -> list[str]:
    """Name variants side by side: settings by the last keys of their paths that tell them apart."""
    paths = {_split(one)[0] for _, sets in variants for one in sets}
    tails = _tails([_keys(path) for path in paths])
    return [" + ".join((name, *_told(sets, tails))) for name, sets in variants]


class Identified(Protocol):
    """An answer that says of which scenario it is."""

    @property
    def scenario(self) -> str:
        """Get the scenario's id."""

    @property
    def hash(self) -> str:
        """Get the hash of what is assumed."""

    @property
    def sets(self) -> tuple[str, ...]:
        """Get what was set over what the scenario's file says."""


def identity_text(found: Identified) -> str:
    """Name what an answer is of by its scenario and hash, and as a variant if it is of one."""
    variant = f" ({variant_name(found.scenario, found.sets)})" if found.sets else ""
    return f"{found.scenario}-{found.hash}{variant}"


def _told(sets: Sequence[str], tails: dict[tuple[str, ...], str]) -> Iterator[str]:
    if sets:
        pairs = [_split(one) for one in sets]
        yield ", ".join(f"{tails[_keys(path)]} = {value}" for path, value in pairs)


def _split(setting: str) -> tuple[str, str]:
    path, _, value = setting.partition("=")
    return path.strip(), " ".join(value.split())


def _keys(path: str) -> tuple[str, ...]:
    return tuple(_KEYS_END.sub("", key) for key in _KEYS.findall(path))


def _tails(paths: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Find for each path the fewest last keys that no other of them ends in."""
    left, found = set(paths), dict[tuple[str, ...], str]()
    length = 0
    while left:
        length += 1
        ends = Counter(path[-length:] for path in left)
        apart = {path for path in left if ends[path[-length:]] == 1 or length >= len(path)}
        found |= {path: ".".join(path[-length:]) for path in apart}
        left -= apart
    return found


def shortened(names: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
    """Cut names that do not fit, with an ellipsis where what they share or their end is left out.

    No two become one: where no cut keeps them apart, they stay whole.
    """
    for cut in (_cut_end, _cut_middle, _cut_beginning):
        found = [name if fits(name) else cut(name, fits) for name in names]
        if len(set(found)) == len(set(names)) and all(map(fits, found)):
            return found
    return list(names)


def _cut_end(name: str, fits: Callable[[str], bool]) -> str:
    words = name.split(" ")
    cuts = (f"{' '.join(words[:kept])} {_LEFT_OUT}" for kept in range(len(words) - 1, 0, -1))
    return next(filter(fits, cuts), name)


def _cut_middle(name: str, fits: Callable[[str], bool]) -> str:
    halves = range(len(name) // 2, 0, -1)
    cuts = (f"{name[:half].rstrip()} {_LEFT_OUT} {name[-half:].lstrip()}" for half in halves)
    return next(filter(fits, cuts), name)


def _cut_beginning(name: str, fits: Callable[[str], bool]) -> str:
    words = name.split(" ")
    cuts = (f"{_LEFT_OUT} {' '.join(words[begin:])}" for begin in range(1, len(words)))
    return next(filter(fits, cuts), name)
