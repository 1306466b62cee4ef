"""Blocks played in threads: cut, given back in order, and stopped between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from coopsim.errors import StoppedError
from coopsim.simulation.interfaces import Chunk
from coopsim.simulation.workers.playing import Players


def named(name: str, first_run: int, runs: int) -> str:
    return f"{name} {first_run}+{runs}"


def test_blocks_are_whole_and_keep_all_workers_busy() -> None:
    assert Players(2).cut(10) == [(0, 10)]
    assert Players(1).cut(201) == [(0, 51), (51, 51), (102, 51), (153, 48)]
    assert len(Players(2).cut(1_000)) == 8
    assert Players(2).cut(100_000)[-1] == (99_000, 1_000)


def test_what_is_played_often_is_cut_less() -> None:
    assert len(Players(2).cut(800, times=2)) == 4
    assert Players(2).cut(800, times=8) == [(0, 800)]
    assert Players(2).cut(2_500, times=800) == [(0, 1000), (1000, 1000), (2000, 500)]


def test_blocks_come_back_in_order_and_tell_their_progress() -> None:
    told: list[tuple[int, int]] = []
    players = Players(3, lambda done, total: told.append((done, total)))
    plays = [(name, block) for name in "abcdefghij" for block in ((0, 5), (5, 2))]
    made = list(players.play(named, plays, 70))
    assert made == [named(name, *block) for name, block in plays]
    assert told[:3] == [(5, 70), (7, 70), (12, 70)]
    assert told[-1] == (70, 70)


def test_playing_is_cancelled_between_two_blocks() -> None:
    asked: list[int] = []
    played: list[int] = []

    def play(number: int, _first_run: int, runs: int) -> int:
        played.append(number)
        return runs

    def cancelled() -> bool:
        asked.append(len(played))
        return len(asked) == 3

    plays = ((number, (0, 10)) for number in range(1000))
    with pytest.raises(StoppedError) as raised:
        list(Players(1, cancelled=cancelled).play(play, plays, 10_000))
    assert str(raised.value) == "stopped: 30 of 10,000 timelines were simulated; none is kept"
    assert len(played) <= 8  # the three, and what was ahead of them


def test_nobody_is_asked_after_the_last_block() -> None:
    assert list(Players(1, cancelled=lambda: True).play(named, [("a", (0, 5))], 5)) == ["a 0+5"]


def test_what_has_no_end_is_played_until_nobody_wants_more() -> None:
    begun: list[int] = []

    def plays() -> Iterator[tuple[str, Chunk]]:
        for first_run in count(step=10):
            begun.append(first_run)
            yield "a", (first_run, 10)

    further = Players(2).play(named, plays())
    assert [next(further), next(further)] == ["a 0+10", "a 10+10"]
    further.close()
    assert len(begun) <= 10
    with pytest.raises(StoppedError) as raised:
        list(Players(2, cancelled=lambda: True).play(named, plays()))
    assert str(raised.value) == "stopped: 10 further timelines were simulated; none is kept"


def test_an_error_ends_the_work() -> None:
    def refuse(number: int, _first_run: int, _runs: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    with pytest.raises(ValueError, match="three"):
        list(Players(2).play(refuse, [(number, (0, 1)) for number in range(40)], 40))
