"""SciPy's special functions, under their names there; importing them waits for the first call.

It takes a quarter of a second, and what draws or lists answers calls none.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Get a function of SciPy, and keep it here."""
    from scipy import special  # noqa: PLC0415  # the purpose of this module

    globals()[name] = found = getattr(special, name)
    return found
