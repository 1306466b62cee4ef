"""Chance: the published vectors, and that a number depends on seed, stream, run and k alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from coopsim.simulation.draws import Draws, philox2x64, stream_key, uniform, uniforms

LARGEST_WORD = 2**64 - 1
WORDS = st.integers(0, LARGEST_WORD)
NAMES = ["events.angara.rate", "events.orel.date", "luck.industry"]


# Random123, tests/kat_vectors, the three lines "philox2x64 10".
@pytest.mark.parametrize(
    ("counter", "key", "encrypted"),
    [
        ((0, 0), 0, (0xCA00A0459843D731, 0x66C24222C9A845B5)),
        (
            (LARGEST_WORD, LARGEST_WORD),
            LARGEST_WORD,
            (0x65B021D60CD8310F, 0x4D02F3222F86DF20),
        ),
        (
            (0x243F6A8885A308D3, 0x13198A2E03707344),
            0xA4093822299F31D0,
            (0x0A5E742C2997341C, 0xB0F883D38000DE5D),
        ),
    ],
)
def test_published_vectors(counter: tuple[int, int], key: int, encrypted: tuple[int, int]) -> None:
    assert philox2x64(counter, key) == encrypted


def decrypt(words: tuple[int, int], key: int) -> tuple[int, int]:
    """Undo philox2x64: a bijection, whose multiplier is odd and so has an inverse mod 2**64."""
    multiplier, step = 0xD2B74407B1CE6E93, 0x9E3779B97F4A7C15
    left, right = words
    for round_number in reversed(range(10)):
        round_key = (key + round_number * step) % 2**64
        before = right * pow(multiplier, -1, 2**64) % 2**64
        left, right = before, left ^ round_key ^ (before * multiplier >> 64)
    return left, right


@given(WORDS, WORDS, WORDS)
def test_encryption_loses_nothing(run: int, k: int, key: int) -> None:
    assert decrypt(philox2x64((run, k), key), key) == (run, k)


# The least and greatest of the 2**52 middles of cells; the last 12 bits of a word do not count.
@pytest.mark.parametrize(
    ("word", "number"),
    [
        (0, 2.0**-53),
        (2**12 - 1, 2.0**-53),
        (2**63, 0.5 + 2.0**-53),
        (LARGEST_WORD, 1 - 2.0**-53),
    ],
)
@pytest.mark.parametrize("second_word", [0, 12345, LARGEST_WORD])
def test_extreme_words_stay_strictly_inside(word: int, number: float, second_word: int) -> None:
    key = stream_key(1, "extreme")
    run, k = decrypt((word, second_word), key)
    assert uniform(key, run, k) == number
    assert uniforms(key, run, 1, k).tolist() == [number]
    assert 0.0 < number < 1.0


@given(key=WORDS, first_run=st.integers(0, 2**63), k=WORDS, count=st.integers(0, 20))
def test_vectorised_numbers_are_the_scalar_ones(
    key: int, first_run: int, k: int, count: int
) -> None:
    numbers = uniforms(key, first_run, count, k)
    assert numbers.dtype == np.float64
    assert numbers.tolist() == [uniform(key, first_run + row, k) for row in range(count)]


# printf '%s' '2025:events.orel_first_flight.date' | b2sum -l 64, its bytes read backwards.
def test_stream_key_is_the_hash_of_seed_and_name() -> None:
    assert stream_key(2025, "events.orel_first_flight.date") == 0x4B28147474DAE19F


@given(st.tuples(st.integers(), st.text()), st.tuples(st.integers(), st.text()))
def test_different_streams_have_different_keys(one: tuple[int, str], two: tuple[int, str]) -> None:
    # Two of the 2**64 keys agree by chance once in 2e19 pairs.
    assert (stream_key(*one) == stream_key(*two)) == (one == two)


@pytest.mark.parametrize(
    ("one", "two"),
    [((1, "1a"), (11, "a")), ((-1, "a"), (1, "a")), ((1, ":a"), (1, "a")), ((1, "é"), (1, "e"))],
)
def test_seed_and_name_cannot_be_mistaken_for_each_other(
    one: tuple[int, str], two: tuple[int, str]
) -> None:
    assert stream_key(*one) != stream_key(*two)


requests = st.lists(
    st.tuples(st.integers(0, len(NAMES) - 1), st.integers(0, 400), st.integers(0, 70)), max_size=20
)


@given(first_run=st.integers(0, 300), count=st.integers(1, 200), asked=requests)
def test_any_block_in_any_order_serves_the_same_numbers(
    first_run: int, count: int, asked: list[tuple[int, int, int]]
) -> None:
    draws = Draws(2025, NAMES, first_run, count)
    for stream, run, k in asked:
        assert draws.uniform(stream, run, k) == uniform(stream_key(2025, NAMES[stream]), run, k)


# 63 and 64 runs lie on the two sides of filling whole columns, k = 63 and 64 of keeping them; the
# runs asked lie just before, at both ends of, and just after the block.
@pytest.mark.parametrize("count", [1, 63, 64, 1000])
@pytest.mark.parametrize("k", [0, 63, 64, 10**6])
def test_the_edges_of_a_block_change_nothing(count: int, k: int) -> None:
    draws = Draws(7, NAMES, 100, count)
    runs = [99, 100, 99 + count, 100 + count]
    expected = [uniform(stream_key(7, NAMES[1]), run, k) for run in runs]
    assert [draws.uniform(1, run, k) for run in runs] == expected
    assert [draws.uniform(1, run, k) for run in reversed(runs)] == expected[::-1]


def test_adding_a_stream_leaves_the_others_alone() -> None:
    fewer = Draws(2025, ["a", "c"], 0, 100)
    more = Draws(2025, ["a", "b", "c"], 0, 100)
    for run in range(100):
        assert fewer.uniform(0, run, 3) == more.uniform(0, run, 3)
        assert fewer.uniform(1, run, 3) == more.uniform(2, run, 3)


# --- what the numbers look like -----------------------------------------------------------------

SAMPLES = 20_000


def along_runs(seed: int, name: str, k: int, first_run: int = 0) -> NDArray[np.float64]:
    return uniforms(stream_key(seed, name), first_run, SAMPLES, k)


def along_k(seed: int, name: str, run: int) -> NDArray[np.float64]:
    key = stream_key(seed, name)
    return np.array([uniform(key, run, k) for k in range(SAMPLES)])


def along_streams(seed: int, run: int, k: int) -> NDArray[np.float64]:
    return np.array([uniform(stream_key(seed, f"s{n}"), run, k) for n in range(SAMPLES)])


# Kolmogorov's limit: P(sqrt(n) D > x) = 2 exp(-2 x^2), which is 6e-7 at x = 2.741.
@pytest.mark.parametrize(
    "numbers",
    [
        along_runs(2025, "a", 0),
        along_runs(2025, "a", 5),
        along_k(1, "a", 9),
        along_streams(1, 0, 0),
    ],
    ids=["runs", "runs of a later k", "k", "streams"],
)
def test_numbers_are_uniform(numbers: NDArray[np.float64]) -> None:
    distance = stats.kstest(numbers, "uniform").statistic
    assert math.sqrt(SAMPLES) * distance < 2.741


# The correlation of n independent pairs has standard error 1 / sqrt(n); 5 of them fail once in
# 1.7 million.
@pytest.mark.parametrize(
    "other",
    [
        along_runs(2025, "b", 0),
        along_runs(2026, "a", 0),
        along_runs(2025, "a", 1),
        along_runs(2025, "a", 0, first_run=1),
        along_k(2025, "a", 0),
    ],
    ids=["another name", "another seed", "the next k", "the next run", "k for run"],
)
def test_streams_are_uncorrelated(other: NDArray[np.float64]) -> None:
    numbers = along_runs(2025, "a", 0)
    assert not np.array_equal(numbers, other)
    correlation = np.corrcoef(numbers, other)[0, 1]
    assert abs(correlation) < 5 / math.sqrt(SAMPLES)
