"""The result folder: the resolved scenario, the manifest, and firings in parts.

Two runs may work on one folder at once: every file appears whole by a rename, and parts of the
same runs have the same bytes, so whichever comes second changes nothing. There is no lock.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from coopsim.errors import CoopsimError, WouldLoseError
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.results.atomic import (
    read_plain,
    refuse_strange,
    remove_temporaries,
    write_atomically,
)
from coopsim.simulation.results.manifest import (
    MANIFEST,
    Keep,
    Manifest,
    ResultIdentity,
    installed_versions,
    manifest_in,
    read_manifest,
)
from coopsim.simulation.results.parts import PART_RUNS, Block, Origin, read_block, read_part

SCENARIO = "scenario.yaml"
FIRINGS = "firings"
TALLIES = "tallies.parquet"
_MOST_BYTES = 20_000_000  # of scenario.yaml; ten times what a file of a scenario may hold
_PART_NAME = re.compile(r"part-(\d{6,})\.parquet")


_KEPT = {Keep.nothing: "counts only", Keep.firsts: "first firings", Keep.firings: "all firings"}


@dataclass(frozen=True, slots=True)
class Store:
    """The place and the manifest of one result; its firings stay on disk."""

    folder: Path
    manifest: Manifest

    @classmethod
    def create(
        cls, folder: Path, resolved_text: str, facts: ResultIdentity, *, anew: bool = False
    ) -> Store:
        """Make the folder of a result, or go on with the one that is there.

        A folder that already holds as many runs, or more, is left as it is. Asked for more than
        a folder keeps of its timelines, or other questions of one that keeps no more than answers,
        it can only be begun `anew`. Raises WouldLoseError where
        timelines would be lost by that and it is not allowed, CoopsimError
        where the folder belongs to other assumptions or to another version of
        coopsim, or was tampered with, and where it cannot be written.
        """
        _make(folder)
        there = _existing(folder, facts)
        digest = sha256(resolved_text.encode()).hexdigest()
        if there is not None:
            if there.manifest.keep.covers(facts.keep):
                facts = replace(facts, keep=there.manifest.keep)
            else:
                there.clear(f"to keep {_KEPT[facts.keep]}", anew=anew)
            if there.answers_others(facts):
                there.clear("to answer other questions", anew=anew)
        if facts.keep is not Keep.nothing:
            _make(folder / FIRINGS)
        for place in (folder, folder / FIRINGS):
            remove_temporaries(place)
        if there is not None and there.covers(facts, digest):
            return there
        store = cls(folder, Manifest.begin(facts, digest))
        # The unfinished manifest goes first: after a stop between the two, the scenario.yaml
        # that does not match it is known to be ours to write, not somebody's edit.
        store.manifest.write(folder)
        write_atomically(folder / SCENARIO, resolved_text.encode())
        return store

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open a result to read it.

        Raises CoopsimError naming the file where the manifest is missing or damaged, or
        scenario.yaml is not the one that the manifest knows.
        """
        store = cls(folder, read_manifest(folder))
        store.scenario_text()
        return store

    def covers(self, facts: ResultIdentity, digest: str) -> bool:
        """Check whether this is a finished result of more runs, or of the same scenario text."""
        held = self.manifest
        same = held.scenario_sha256 == digest
        whole = held.complete and held.keep is facts.keep and (self.folder / SCENARIO).exists()
        return whole and (facts.runs < held.runs or (facts.runs == held.runs and same))

    def answers_others(self, facts: ResultIdentity) -> bool:
        """Check whether what is kept answers other questions, and cannot answer these."""
        answers_only = self.manifest.keep is not Keep.firings and (self.folder / TALLIES).exists()
        return answers_only and self.manifest.questions not in ("", facts.questions)

    def scenario_text(self) -> str:
        """Read scenario.yaml; raises CoopsimError where it is not what the manifest knows."""
        path = self.folder / SCENARIO
        content = read_plain(path, _MOST_BYTES)
        if sha256(content).hexdigest() != self.manifest.scenario_sha256:
            raise CoopsimError(
                f"{path} is not the file that this result was computed from: it was changed "
                f"or cut short; put it back, or remove {self.folder} and run the scenario again"
            )
        return content.decode()

    def parts(self) -> tuple[Block, ...]:
        """List the parts there are, by their first run; none where no firings are kept.

        Raises CoopsimError naming a file that is damaged, foreign or of other assumptions.
        Hidden files are passed over, as every reader of Parquet folders does.
        """
        if self.manifest.keep is Keep.nothing:
            return ()
        blocks = [read_block(path, self.origin) for path in _visible_files(self.folder / FIRINGS)]
        return tuple(sorted(blocks, key=lambda block: block.index))

    def missing_blocks(self, runs: int) -> tuple[Block, ...]:
        """List the blocks to compute so that the runs 0 <= run < `runs` are there.

        A part that holds fewer of its block's runs than needed is among them.
        """
        held = {block.index: block.runs for block in self.parts()}
        needed = (
            Block(index, min(PART_RUNS, runs - index * PART_RUNS))
            for index in range(-(-runs // PART_RUNS))
        )
        return tuple(block for block in needed if held.get(block.index, 0) < block.runs)

    @property
    def runs(self) -> int:
        """Count the runs that can be read: those from 0 on without a gap.

        Raises CoopsimError where a finished result lacks a part.
        """
        return sum(block.runs for block in self.readable())

    def readable(self) -> list[Block]:
        """List the blocks that can be read: those from run 0 on without a gap.

        Raises CoopsimError where a finished result lacks a part.
        """
        blocks: list[Block] = []
        end = 0
        for block in self.parts():
            if block.first_run != end:
                break
            blocks.append(block)
            end += block.runs
        if self.manifest.complete and end < self.manifest.runs:
            lacking = self.folder / FIRINGS / Block(end // PART_RUNS, PART_RUNS).filename
            raise CoopsimError(
                f"{lacking} is missing or too short: {self.folder / MANIFEST} promises "
                f"{self.manifest.runs} runs; run the scenario again"
            )
        return blocks

    def read(self, program: Program) -> Iterator[Firings]:
        """Read the firings part by part, run 0 first; raises CoopsimError as `read_part`."""
        for block in self.readable():
            yield self.read_part(block.index, program)

    def read_part(self, index: int, program: Program) -> Firings:
        """Read one part; raises CoopsimError naming the file where it cannot be trusted."""
        path = self.folder / FIRINGS / Block(index, PART_RUNS).filename
        return read_part(path, program, self.origin)

    def write_content(self, block: Block, content: bytes) -> None:
        """Write an encoded part, atomically; raises CoopsimError where that fails."""
        write_atomically(self.folder / FIRINGS / block.filename, content)

    def clear(self, purpose: str, *, anew: bool) -> None:
        """Remove what is kept of the timelines, if there is anything, for some purpose.

        Raises WouldLoseError where there is something and it may not be removed, CoopsimError
        where removing fails.
        """
        held = [path for path in (self.folder / FIRINGS, self.folder / TALLIES) if _holds(path)]
        if held and not anew:
            raise WouldLoseError(
                f"{self.folder} keeps {_KEPT[self.manifest.keep]} of {self.manifest.runs:,} "
                f"timelines; {purpose}, they would have to be removed and simulated again. Add "
                "--replace (in Python replace=True) to do so"
            )
        _remove(self.folder / FIRINGS)
        _remove(self.folder / TALLIES)

    def discard(self) -> None:
        """Remove the whole folder; raises CoopsimError naming it where that fails."""
        _remove(self.folder)

    def unfinished(self, runs: int) -> Store:
        """Mark the result as unfinished: so many runs are wanted, besides what is there."""
        runs = max(runs, *(block.first_run + block.runs for block in self.parts()), 1)
        manifest = replace(
            self.manifest, runs=runs, complete=False, finished=None, wall_seconds=None
        )
        manifest.write(self.folder)
        return replace(self, manifest=manifest)

    def finish(
        self, wall_seconds: float, cross_check: str | None = None, runs: int | None = None
    ) -> Store:
        """Declare the result complete; its manifest is the last file to be written.

        `runs` are those that are there, where the parts do not tell.
        A folder that another run has meanwhile begun to extend is left to that run.
        """
        latest = read_manifest(self.folder)
        if latest.scenario_sha256 != self.manifest.scenario_sha256:
            return replace(self, manifest=latest)
        manifest = replace(
            self.manifest,
            runs=max(self.manifest.runs, self.runs if runs is None else runs),
            complete=True,
            cross_check=cross_check,
            finished=datetime.now(UTC).isoformat(timespec="seconds"),
            wall_seconds=round(wall_seconds, 3),
        )
        manifest.write(self.folder)
        return replace(self, manifest=manifest)

    @property
    def origin(self) -> Origin:
        """Get the assumptions that the parts are computed from, and what they keep."""
        return Origin(self.manifest.hash, self.manifest.seed, self.manifest.keep)


def kept_in(folder: Path) -> Keep | None:
    """Get what the result in a folder keeps of its timelines; None where there is none."""
    manifest = manifest_in(folder)
    return None if manifest is None else manifest.keep


def questions_of(folder: Path) -> str | None:
    """Get the hash of the questions that the result in a folder answers; None without one."""
    manifest = manifest_in(folder)
    return None if manifest is None else manifest.questions


def _holds(path: Path) -> bool:
    """Check whether there is a file, or a folder with something in it."""
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise CoopsimError(f"{path} cannot be removed: {error.strerror}") from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CoopsimError(f"{folder} cannot be made: {error.strerror}") from error
    except ValueError as error:  # a name that can be none
        raise CoopsimError(f"{folder} cannot be made: {error}") from error


def _existing(folder: Path, facts: ResultIdentity) -> Store | None:
    held = manifest_in(folder)
    if held is None:
        return None
    store, versions = Store(folder, held), held.versions
    for name in (FIRINGS, TALLIES):
        refuse_strange(folder / name)
    if (held.hash, held.seed) != (facts.hash, facts.seed):
        raise CoopsimError(
            f"{folder} holds other assumptions: its hash is {held.hash} and its seed {held.seed}, "
            f"expected {facts.hash} and {facts.seed}"
        )
    if versions.get("coopsim") != installed_versions()["coopsim"]:
        raise CoopsimError(
            f"{folder} was computed by coopsim {versions.get('coopsim')}, this is "
            f"{installed_versions()['coopsim']}: move it away to compute it again"
        )
    if store.manifest.complete and (folder / SCENARIO).exists():
        store.scenario_text()
    return store


def _visible_files(firings: Path) -> list[Path]:
    refuse_strange(firings)
    try:
        paths = sorted(path for path in firings.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise CoopsimError(f"{firings} cannot be read: {error.strerror}") from error
    for path in paths:
        if not _PART_NAME.fullmatch(path.name):
            raise CoopsimError(
                f"{path} does not belong there: the folder may hold only the parts of the result"
            )
        refuse_strange(path)
    return paths
