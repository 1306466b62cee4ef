"""References resolved: what a {like: NAME} stands for where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coopsim.scenario.notation.quantities import Value, ValueKind, read_value
from coopsim.scenario.notation.timing import Window
from coopsim.scenario.spec import Reference

References = Mapping[str, Reference]


def resolve_value(value: Value, kind: ValueKind, references: References) -> Value:
    """Replace a {like: NAME} by that reference's distribution, read as a quantity of the kind.

    The user's own luck and share count before the reference's; a share without a name of luck
    shares the luck named like the reference.
    """
    if value.like is None:
        return value
    reference = references[value.like]
    found = read_value(kind, reference.raw_value())
    share = value.share if value.share is not None else reference.share
    luck = value.luck or reference.luck or (value.like if share is not None else None)
    return replace(found, like=None, luck=luck, share=share)


def resolve_window(window: Window, references: References) -> Window:
    """Replace a {like: NAME} by that reference's window."""
    if window.like is None:
        return window
    found = references[window.like].window
    assert found is not None
    return found
