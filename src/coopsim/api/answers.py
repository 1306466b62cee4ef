"""Answers that carry what is needed to show them, where what was found does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from coopsim.scenario.groups import groups

if TYPE_CHECKING:
    from pathlib import Path

    from coopsim.analysis.comparing.comparison import Comparison
    from coopsim.analysis.evidence.conditioning import Given
    from coopsim.analysis.evidence.discovery import Discovery
    from coopsim.analysis.kinds.base import Curve
    from coopsim.analysis.stories.causes import Causes
    from coopsim.analysis.stories.tracing import Pair, Trace
    from coopsim.api.played import Played
    from coopsim.api.results import Result
    from coopsim.errors import Problem
    from coopsim.experiments.attribution import Attribution
    from coopsim.forecasts.agenda import StandingForecast
    from coopsim.forecasts.questions import WorldQuestion
    from coopsim.forecasts.resolutions import Resolution
    from coopsim.forecasts.verifying import Recorded, TrackRecord
    from coopsim.scenario.loading import Loaded
    from coopsim.scenario.sources.support import Support
    from coopsim.simulation.results.store import Store


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """The results that there are."""

    stores: Sequence[Store]

    def to_json(self) -> list[dict[str, Any]]:
        """Make the tree that --json prints."""
        return [{"folder": str(one.folder), **asdict(one.manifest)} for one in self.stores]


@dataclass(frozen=True, slots=True)
class ShowAnswer:
    """What a result is of, and what came out."""

    result: Result

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        store = self.result.store
        listed = [{"group": group, **of} for group, of in groups(self.result.scenario).items()]
        asked = self.result.summary.outcomes.items()
        return {
            "folder": str(store.folder),
            "manifest": asdict(store.manifest),
            "groups": listed,
            "questions": [
                {"name": name, "title": one.title, "kind": one.kind} for name, one in asked
            ],
        }


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The problems of each scenario file, by its name."""

    problems: Mapping[str, Sequence[Problem]]

    @property
    def has_errors(self) -> bool:
        """Check whether some scenario cannot be run."""
        return any(one.severity == "error" for found in self.problems.values() for one in found)

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        return {file: [asdict(one) for one in found] for file, found in self.problems.items()}


@dataclass(frozen=True, slots=True)
class ComparisonAnswer:
    """A comparison with the results compared, the base first, and what explains it, if asked.

    `only` names the questions, where not all are compared.
    """

    found: Comparison
    sides: Sequence[Played]
    explained: Sequence[Attribution] | None = None
    only: tuple[str, ...] = ()

    def curves(self) -> dict[str, Mapping[str, Curve]]:
        """Follow the answers of each result through time."""
        return {side.name: side.curves() for side in self.sides}

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        if self.explained is None:
            return self.found.to_json()
        explained = [one.to_json() for one in self.explained]
        return {**self.found.to_json(), "explained": explained}


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """Answers given evidence, with the result that they are of.

    `only` names the questions, where not all are answered.
    """

    found: Given
    result: Played
    only: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        return self.found.to_json()


@dataclass(frozen=True, slots=True)
class DiscoveryAnswer:
    """What marks an outcome, with the result it was found in and the share a box had to hold."""

    found: Discovery
    result: Played
    coverage: float

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        return self.found.to_json()


@dataclass(frozen=True, slots=True)
class TraceAnswer:
    """One timeline told, with the assumptions it is of."""

    found: Trace
    loaded: Loaded

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        return self.found.to_json()


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """The same run of two scenarios, with the assumptions of both."""

    found: Pair
    loaded: tuple[Loaded, Loaded]

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        return self.found.to_json()


@dataclass(frozen=True, slots=True)
class CausesAnswer:
    """What events waited for, those named or all that vary, with the assumptions it is of."""

    found: Causes
    names: Sequence[str]
    loaded: Loaded

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        return self.found.to_json(self.names)


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """What rests on one claim or source."""

    support: Support
    identity: str

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        return self.support.claim_to_json(self.identity)


@dataclass(frozen=True, slots=True)
class UnusedAnswer:
    """The claims on which nothing rests."""

    support: Support

    def to_json(self) -> list[dict[str, Any]]:
        """Make the tree that --json prints."""
        return [one.to_json() for one in self.support.unused()]


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """The forecasts that were recorded, with their files in a folder."""

    folder: Path
    recorded: Sequence[Recorded]

    def to_json(self) -> list[dict[str, Any]]:
        """Make the tree that --json prints."""
        return [
            {
                "file": str(self.folder / one.file),
                "sha256": one.sha256,
                "forecaster": one.record.forecaster,
                "made": one.record.made,
                "supersedes": one.record.supersedes,
                "questions": {
                    answered.world.identity: answered.fit for answered in one.record.questions
                },
            }
            for one in self.recorded
        ]


@dataclass(frozen=True, slots=True)
class ResolveAnswer:
    """How a question came out, as it was written down, and what had been forecast of it."""

    folder: Path
    world: WorldQuestion
    resolution: Resolution
    forecasts: Sequence[StandingForecast]

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        return {**self.resolution.tree(), "sha256": self.resolution.sha256}


@dataclass(frozen=True, slots=True)
class VerifyAnswer:
    """A folder of forecasts in which everything is as it was written."""

    track: TrackRecord

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        track = self.track
        return {
            "folder": str(track.folder),
            "questions": len(track.book.questions),
            "records": {one.file: one.sha256 for one in track.records},
            "resolved": len(track.standing),
            "acts": len(track.ledger.lines),
            "last": track.ledger.last,
        }
