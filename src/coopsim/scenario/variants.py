"""Settings that make a variant of a scenario, which has no id of its own."""

from __future__ import annotations

from collections.abc import Iterable

_NO_ASSUMPTION = ("runs", "seed", "title", "description")


def variant_of(sets: Iterable[str]) -> tuple[str, ...]:
    """Leave of settings PATH=VALUE what makes another scenario of one; nothing where it has an id.

    How many timelines there are, and of which seed, makes none, and no title does.
    """
    paths = {one.partition("=")[0].strip(): one for one in sets}  # the last of a path counts
    if "scenario" in paths:
        return ()
    return tuple(one for path, one in paths.items() if path not in _NO_ASSUMPTION)
