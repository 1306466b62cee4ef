"""The manifest of a result: what was computed, by which versions, and how far it came."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from coopsim.errors import CoopsimError
from coopsim.scenario.shapes import IDENTITY
from coopsim.scenario.variants import variant_of
from coopsim.simulation.limits import MOST_RUNS
from coopsim.simulation.results.atomic import is_there, read_plain, write_atomically

MANIFEST = "manifest.json"
_MOST_BYTES = 100_000  # a hundred times what is written
PACKAGE = Path(__file__).resolve().parents[2]
LIBRARIES = ("coopsim", "numpy", "scipy", "numba", "simpy", "pyarrow")


class Keep(StrEnum):
    """What can be stored of the timelines, the least first."""

    nothing = "nothing"  # only counts: the answers to the scenario's questions
    firsts = "firsts"  # of each event its first firing with each outcome, besides the counts
    firings = "firings"

    def covers(self, other: Keep) -> bool:
        """Check whether this keeps as much as another one, or more."""
        order = list(Keep)
        return order.index(self) >= order.index(other)


def _moment(text: str) -> str:
    try:
        zone = datetime.fromisoformat(text).tzinfo
    except ValueError:
        zone = None
    if zone is None:
        raise ValueError("expected a moment such as 2025-08-05T12:00:00+00:00")
    return text


Moment = Annotated[str, AfterValidator(_moment)]


@dataclass(frozen=True, slots=True)
class ResultIdentity:
    """What a result is of: some runs of a scenario, identified by its hash, under a seed.

    `questions` is the hash of what is asked of them, which says nothing of firings; empty in a
    result from before there was one. `keep` says what is stored of each timeline. `sets` are the
    assumptions PATH=VALUE that were set over what the scenario's file says.
    """

    scenario: Annotated[str, Field(pattern=f"^{IDENTITY.pattern}$")]
    hash: Annotated[str, Field(pattern="^[0-9a-f]{8}$")]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    runs: Annotated[int, Field(ge=1, le=MOST_RUNS)]
    engine: str = "simpy"
    cross_check: str | None = None  # how another engine was held against this one
    keep: Keep = Keep.firings
    questions: Annotated[str, Field(pattern="^([0-9a-f]{8})?$")] = ""
    sets: tuple[str, ...] = ()

    @property
    def is_variant(self) -> bool:
        """Check whether something was set, and no id of its own given to what came of it."""
        return bool(variant_of(self.sets))


@cache
def installed_versions() -> dict[str, str]:
    """Get the versions of coopsim, Python and the libraries that numbers depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


@cache
def source_commit(package: Path = PACKAGE) -> str | None:
    """Get the commit of the checkout that the code runs from, `-dirty` where it was edited.

    None where the code is installed, or git is missing or knows no commit.
    """
    root = package.parents[1]
    # An environment inside another project's checkout must not lend us that project's commit.
    if package != root / "src" / package.name or not (root / ".git").exists():
        return None
    # Git's own variables, set inside a hook, would point it at another repository.
    environment = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    environment["GIT_CEILING_DIRECTORIES"] = str(root.parent)
    describe = ("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    command = ["git", "--no-optional-locks", "-C", str(root), *describe]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=10, check=True, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(ResultIdentity):
    """The content of manifest.json; `scenario_sha256` is that of the scenario.yaml beside it.

    The wall clock appears here and nowhere else in a result: `finished`, an ISO 8601 moment in
    UTC, and `wall_seconds`, the duration of the command that finished it.
    """

    scenario_sha256: str
    complete: bool = False
    finished: Moment | None = None
    wall_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    versions: dict[str, str] = field(default_factory=installed_versions)
    source_commit: str | None = field(default_factory=source_commit)

    @classmethod
    def begin(cls, facts: ResultIdentity, scenario_sha256: str) -> Manifest:
        """Make the manifest of a result of which nothing is computed yet."""
        return cls(**asdict(facts), scenario_sha256=scenario_sha256)

    def write(self, folder: Path) -> None:
        """Write manifest.json, atomically; raises CoopsimError where that fails."""
        write_atomically(folder / MANIFEST, (json.dumps(asdict(self), indent=2) + "\n").encode())


@cache
def _reader() -> TypeAdapter[Manifest]:
    """Make what reads manifests; a new result is only written."""
    return TypeAdapter(Manifest)


def read_manifest(folder: Path) -> Manifest:
    """Read manifest.json; raises CoopsimError where it is missing, damaged or of other kind."""
    manifest = manifest_in(folder)
    if manifest is None:
        raise CoopsimError(f"{folder} is not a result: it has no {MANIFEST}")
    return manifest


def manifest_in(folder: Path) -> Manifest | None:
    """Read manifest.json, if there is one; raises CoopsimError naming it where it is damaged."""
    path = folder / MANIFEST
    if not is_there(path):
        return None
    content = read_plain(path, _MOST_BYTES)
    try:
        manifest = _reader().validate_json(content, strict=True)
    except ValidationError as error:
        raise _damaged(path, _reason(error)) from error
    if manifest.complete and manifest.finished is None:
        raise _damaged(path, "it is complete but does not say since when")
    return manifest


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    said = first["msg"].removeprefix("Value error, ")
    return ": ".join((*map(str, first["loc"]), said))


def _damaged(path: Path, reason: str) -> CoopsimError:
    return CoopsimError(f"{path} is damaged: {reason}; remove it and run the scenario again")
