"""Chance: numbered streams of uniform numbers, the only source of chance there is.

The k-th number of a stream in a run depends on the seed, the stream's name, the run and k, and on
nothing else, so a timeline is the same in any block, order, worker or engine. The generator is
Philox2x64-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3"
(SC11, 2011): the key is the stream, the counter is (run, k).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 10
_MULTIPLIER = 0xD2B74407B1CE6E93
_KEY_STEP = 0x9E3779B97F4A7C15  # the golden ratio
_WORD = 0xFFFF_FFFF_FFFF_FFFF
_HALF_WORD = 0xFFFF_FFFF

# A column costs numpy as much as some 50 numbers cost one by one. Few runs of a model ever draw a
# 65th number of a stream, so that a whole column of those would be mostly waste.
_SMALLEST_BLOCK = 64
_COLUMNS_KEPT = 64


def philox2x64(counter: tuple[int, int], key: int) -> tuple[int, int]:
    """Encrypt a counter of two 64-bit words under a 64-bit key by Philox2x64-10."""
    left, right = counter
    for _ in range(_ROUNDS):
        product = left * _MULTIPLIER
        left, right = (product >> 64) ^ key ^ right, product & _WORD
        key = (key + _KEY_STEP) & _WORD
    return left, right


@lru_cache(maxsize=4096)  # of the streams of some scenarios; each timeline by itself asks for all
def stream_key(seed: int, name: str) -> int:
    """Get the 64-bit key of a stream."""
    # No decimal number contains a colon, so no two pairs of seed and name give the same text.
    digest = blake2b(f"{seed}:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def uniform(key: int, run: int, k: int) -> float:
    """Get the k-th number of a stream in a run, strictly between 0 and 1."""
    word, _ = philox2x64((run, k), key)
    return _to_unit_interval(word)


def uniforms(key: int, first_run: int, count: int, k: int) -> NDArray[np.float64]:
    """Get the k-th numbers of `count` runs from `first_run` on, bit for bit those of `uniform`."""
    left = np.uint64(first_run) + np.arange(count, dtype=np.uint64)
    right = np.full(count, k, dtype=np.uint64)
    for _ in range(_ROUNDS):
        high, low = _multiply(left)
        left, right = high ^ np.uint64(key) ^ right, low
        key = (key + _KEY_STEP) & _WORD
    return ((left >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


class Draws:
    """The numbers of a block of runs, drawn whole columns of (stream, k) at a time."""

    __slots__ = ("_columns", "_columns_kept", "_count", "_first_run", "_keys")

    def __init__(self, seed: int, streams: Sequence[str], first_run: int, count: int) -> None:
        self._keys = [stream_key(seed, name) for name in streams]
        self._first_run = first_run
        self._count = count
        self._columns_kept = _COLUMNS_KEPT if count >= _SMALLEST_BLOCK else 0
        self._columns: list[list[list[float] | None]] = [
            [None] * self._columns_kept for _ in streams
        ]

    def uniform(self, stream: int, run: int, k: int) -> float:
        """Get the k-th number of `streams[stream]` in a run.

        Runs outside the block are served too, at the price of computing each number alone.
        """
        row = run - self._first_run
        if k >= self._columns_kept or not 0 <= row < self._count:
            return uniform(self._keys[stream], run, k)
        column = self._columns[stream][k]
        if column is None:
            # A list, as reading a Python float from it costs a third of reading an array.
            column = uniforms(self._keys[stream], self._first_run, self._count, k).tolist()
            self._columns[stream][k] = column
        return column[row]


def _to_unit_interval(word: int) -> float:
    # The middles of 2**52 equal cells: all are exact, and neither 0 nor 1 is among them.
    return ((word >> 12) + 0.5) * 2.0**-52


def _multiply(words: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Get the high and low words of each word times the multiplier."""
    half, mask = np.uint64(32), np.uint64(_HALF_WORD)
    times_low, times_high = np.uint64(_MULTIPLIER & _HALF_WORD), np.uint64(_MULTIPLIER >> 32)
    low, high = words & mask, words >> half
    cross = high * times_low
    # At most 2**64 - 1: the greatest product of two half words leaves room for two more of them.
    middle = (low * times_low >> half) + (cross & mask) + low * times_high
    return high * times_high + (cross >> half) + (middle >> half), words * np.uint64(_MULTIPLIER)
