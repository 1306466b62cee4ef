"""Memory that is kept when it is freed, for what needs some next.

The arrays of one block are as many and as large as those of the block before. Left to itself the
GNU C library hands most of them back to the system and then asks for them anew, page by page: a
fifth of the time of a comparison.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # as mallopt(3) numbers them
_KEPT = 64 * 2**20  # bytes that may lie free at the end of what a thread has
_LARGE = 32 * 2**20  # bytes of one array from which on it is always handed back


@cache
def keep_what_is_freed() -> None:
    """Let this process keep some memory that it has freed; elsewhere than on Linux do nothing."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library of another kind
            library = ctypes.CDLL(None)
            library.mallopt(_MMAP_THRESHOLD, _LARGE)
            library.mallopt(_TRIM_THRESHOLD, _KEPT)
