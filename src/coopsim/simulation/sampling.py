"""Quantities drawn: the one place where distributions meet streams."""

from __future__ import annotations

import math

from coopsim.scenario.notation.special import ndtr, ndtri
from coopsim.scenario.notation.values import DAY, MONTH, add_months
from coopsim.simulation.draws import Draws
from coopsim.simulation.limits import LONGEST_WORK
from coopsim.simulation.program import ClockWork, Program, Quantity

# The draws' own bounds: mixing with shared luck may round to 0 or 1, where quantiles end.
_LEAST, _MOST = 2.0**-53, 1.0 - 2.0**-53


def sample(quantity: Quantity, draws: Draws, run: int, k: int) -> float:
    """Draw a quantity's k-th number in a run, in its base unit."""
    if quantity.stream is None:
        return quantity.distribution.quantile(0.5) - quantity.origin
    u = draws.uniform(quantity.stream, run, k)
    if quantity.luck is not None:
        u = shared(u, draws.uniform(quantity.luck, run, 0), quantity.share)
    value = quantity.distribution.quantile(u) - quantity.origin
    if quantity.low is not None and value < quantity.low:
        return quantity.low
    if quantity.high is not None and value > quantity.high:
        return quantity.high
    return value


def shared(own: float, luck: float, share: float) -> float:
    """Mix a quantity's own uniform with the shared one: a Gaussian copula of correlation share."""
    z = math.sqrt(share) * ndtri(luck) + math.sqrt(1.0 - share) * ndtri(own)
    return min(max(ndtr(z), _LEAST), _MOST)


def sample_work(work: ClockWork, draws: Draws, run: int, k: int) -> float:
    """Draw the work of a clock's k-th arming, in seconds."""
    amount = sample(work.base, draws, run, k)
    if work.growth is not None:
        amount *= sample(work.growth, draws, run, k)
    return max(amount, work.floor)


def unit_exponential(stream: int, draws: Draws, run: int, k: int) -> float:
    """Draw the work of a hazard's k-th arming."""
    # For a number that was drawn, 1 - u is exact, and `log` then as good as `log1p` and faster.
    return -math.log(1.0 - draws.uniform(stream, run, k))


def initial_levels(program: Program, draws: Draws, run: int) -> list[int]:
    """Draw the levels of all variables at the start; no event has happened yet."""
    levels = [0] * (len(program.drivers) + len(program.events))
    for index, driver in enumerate(program.drivers):
        u = 0.5 if driver.stream is None else draws.uniform(driver.stream, run, 0)
        levels[index] = next(level for level, most in enumerate(driver.cumulative) if u < most)
    return levels


def run_numbers(program: Program, draws: Draws, run: int) -> list[float]:
    """Get the table of numbers with the uncertain ones as this run has them."""
    numbers = list(program.numbers)
    for index, quantity in program.per_run:
        numbers[index] = sample(quantity, draws, run, 0)
    return numbers


def whole_second(seconds: float) -> int:
    """Round a moment up to a whole second; one that no horizon reaches stays an integer."""
    return math.ceil(min(max(seconds, -LONGEST_WORK), LONGEST_WORK))


def next_date(first: int, months: int, seconds: int, after: int, start: int) -> int:
    """Find the first date of a calendar strictly later than `after`, seconds since the start.

    It steps by months or, where those are 0, by seconds. It counts from `first`, not from its
    last date: the 31st stays the 31st.
    """
    if months == 0:
        steps = max(0, (after - first) // seconds + 1)
        return first + steps * seconds
    # Months in a row last at most four days more than as many months of mean length.
    steps = max(0, (after - first - 4 * DAY) // (months * MONTH) + 1)
    date = add_months(start + first, steps * months) - start
    while date <= after:
        steps += 1
        date = add_months(start + first, steps * months) - start
    return date
