"""The manifest of a result: what was computed, by which versions, and how far it came."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from coopsim.errors import CoopsimError
from coopsim.simulation.atomic import write_atomically

NAME = "manifest.json"
PACKAGE = Path(__file__).resolve().parents[1]
LIBRARIES = ("coopsim", "numpy", "scipy", "numba", "simpy", "pyarrow")


class Keep(StrEnum):
    """Name what can be stored of the timelines, the least first."""

    nothing = "nothing"  # only counts: the answers to the scenario's questions
    firsts = "firsts"  # of each event its first firing with each outcome, besides the counts
    firings = "firings"

    def covers(self, other: Keep) -> bool:
        """Tell whether what this keeps is as much as another one, or more."""
        order = list(Keep)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Facts:
    """Say what a result is of: these runs of a scenario, known by its hash, under a seed.

    `keep` says what is stored of each timeline.
    """

    scenario: str
    hash: str
    seed: int
    runs: int
    engine: str = "simpy"
    cross_check: str | None = None  # how another engine was held against this one
    keep: Keep = Keep.firings


@cache
def installed_versions() -> dict[str, str]:
    """Give the versions of coopsim, Python and the libraries that numbers depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


@cache
def source_commit(package: Path = PACKAGE) -> str | None:
    """Name the commit of the checkout that the code runs from, `-dirty` where it was edited.

    None where the code is installed, or git is missing or knows no commit.
    """
    root = _git(package, "rev-parse", "--show-toplevel")
    # An environment inside another project's checkout must not lend us that project's commit.
    if root is None or Path(root).resolve() / "src" / package.name != package:
        return None
    return _git(package, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")


def _git(folder: Path, *arguments: str) -> str | None:
    # Git's own variables, set inside a hook, would point it at another repository.
    environment = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=10, check=True, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Facts):
    """Hold what manifest.json says; `scenario_sha256` is that of the scenario.yaml beside it.

    The wall clock appears here and nowhere else in a result: `finished`, an ISO 8601 moment in
    UTC, and `wall_seconds`, the duration of the command that finished it.
    """

    scenario_sha256: str
    complete: bool = False
    finished: str | None = None
    wall_seconds: float | None = None
    versions: dict[str, str] = field(default_factory=installed_versions)
    source_commit: str | None = field(default_factory=source_commit)

    @classmethod
    def begin(cls, facts: Facts, scenario_sha256: str) -> Manifest:
        """Make the manifest of a result of which nothing is computed yet."""
        return cls(**asdict(facts), scenario_sha256=scenario_sha256)

    def write(self, folder: Path) -> None:
        """Write manifest.json, atomically; raises CoopsimError where that fails."""
        write_atomically(folder / NAME, (json.dumps(asdict(self), indent=2) + "\n").encode())


_MANIFEST = TypeAdapter(Manifest)


def read_manifest(folder: Path) -> Manifest:
    """Read manifest.json; raises CoopsimError where it is missing, damaged or of other kind."""
    path = folder / NAME
    try:
        return _MANIFEST.validate_json(path.read_bytes(), strict=True)
    except FileNotFoundError as error:
        raise CoopsimError(f"{folder} is no result: it has no {NAME}") from error
    except OSError as error:
        raise CoopsimError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        reason = ": ".join((*map(str, first["loc"]), first["msg"]))
        raise CoopsimError(
            f"{path} is damaged: {reason}; remove it and run the scenario again"
        ) from error
