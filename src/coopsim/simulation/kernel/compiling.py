"""How functions of the kernel are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Rule = TypeVar("Rule", bound=Callable[..., Any])

# Compiled code makes and frees nothing, so that it need not count references (_nrt): the counting
# alone took ten times as long as the simulation. Errors of arithmetic cannot occur (error_model).
# Neither C nor Python calls them by the wrappers that Numba would add, which machine code that is
# loaded without Numba cannot hold.
OPTIONS: dict[str, Any] = {
    "nogil": True,
    "_nrt": False,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
    "no_cpython_wrapper": True,
}


def called(function: Rule) -> Rule:
    """Compile a function that compiled code calls, or anyone by its address, but not Python.

    Numba inlines it all the same into callers that are `inlined`; kept apart, those that draw cost
    4 to 8 % more.
    """
    return njit(**OPTIONS)(function)


def inlined(function: Rule) -> Rule:
    """Compile a function into its callers: a call would copy the descriptions of all arrays."""
    return njit(forceinline=True, **OPTIONS)(function)


def spliced(function: Rule) -> Rule:
    """Compile a function as part of its one caller, as if it had been written there.

    What is `inlined` is compiled by itself too, which takes time where it holds nearly all.
    """
    return njit(inline="always", **OPTIONS)(function)
