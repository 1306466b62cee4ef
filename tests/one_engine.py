"""A plugin of pytest for `make mutations`: both engines in one, and told why a test failed.

In COOPSIM_MUTANT stands which of the engines is broken. The `reference` engine takes the place of
the compiled one, whose machine code is made of other modules that may be broken too; the rules of
the `compiled` one are played as plain Python.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from coopsim.errors import CoopsimError

# What a test is meant to fail with: anything else is a broken program, not a rule found broken.
FOUND_OUT = (AssertionError, pytest.fail.Exception, CoopsimError)


def pytest_configure() -> None:
    """Exchange the engine, in this process only."""
    part = os.environ["COOPSIM_MUTANT"]
    if part == "reference":
        from coopsim.simulation import compiled, simpy_model  # noqa: PLC0415

        vars(compiled)["simulate"] = simpy_model.simulate
    elif part == "compiled":
        import plain_kernel  # noqa: PLC0415

        from coopsim.simulation import compiled  # noqa: PLC0415

        plain_kernel.exchange_generator()
        vars(compiled)["play"] = plain_kernel.play


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write down how a test failed."""
    report = yield
    if call.excinfo is not None:
        found = "found" if call.excinfo.errisinstance(FOUND_OUT) else "broken"
        what = f"{found}\n{item.nodeid}\n{call.excinfo.exconly()}"
        Path(os.environ["COOPSIM_VERDICT"]).write_text(what, encoding="utf-8")
    return report
