"""The claims in seeds/: one file per source, cited by scenarios as FILE.N or FILE."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath

from coopsim.errors import Problem, ScenarioError, UsageError
from coopsim.scenario.claim_files import Claim, Source, read_claim_file
from coopsim.scenario.near import near_miss
from coopsim.scenario.quantities import read_period
from coopsim.scenario.reading import Path, names_of, readable, show, stands_at
from coopsim.scenario.tree import Map, problem_at, walk
from coopsim.scenario.values import Period
from coopsim.scenario.yaml_text import read_file

FOLDER = "seeds"
# Where sources stand; a driver or a level may well be called `sources`.
_CITING = (
    *((section, "*", "sources") for section in ("drivers", "events", "references")),
    ("drivers", "*", "switches", "*", "sources"),
    ("events", "*", "outcomes", "*", "sources"),
)


@dataclass(frozen=True, slots=True)
class Claims:
    """Hold every claim of a seeds folder, and every source, by its id."""

    folder: str
    by_id: dict[str, Claim]
    sources: dict[str, Source]

    def fault(self, cited: str, as_of: Period | None) -> tuple[str, str, str | None] | None:
        """Say (found, expected, hint) where a citation is wrong: unknown, or from after `as_of`."""
        known = [*self.by_id, *self.sources]
        if cited not in known:
            return show(cited), f"the id of a claim in {self.folder}", near_miss(cited, known)
        date = self._date(cited)
        if as_of is not None and date is not None and date.first >= as_of.end_of_day:
            return show(cited), "a claim that is not dated after as_of", None
        return None

    def _date(self, cited: str) -> Period | None:
        return self.by_id[cited].date if cited in self.by_id else self.sources[cited].published

    def about(self, identity: str) -> Claim | Source:
        """Get a claim or a whole source; raises UsageError where there is no such id."""
        fault = self.fault(identity, None)
        if fault is not None:
            found, expected, hint = fault
            raise UsageError(f"found {found}, expected {expected}{f'; {hint}' if hint else ''}")
        return self.by_id.get(identity) or self.sources[identity]

    def cited_by(self, cited: str) -> tuple[Claim, ...]:
        """Get the claim of an id, or all claims of a source."""
        if cited in self.by_id:
            return (self.by_id[cited],)
        return tuple(claim for claim in self.by_id.values() if claim.file == cited)


def find_seeds(scenario_folder: FilePath) -> FilePath | None:
    """Find the seeds folder that belongs to a scenario: beside its folder, in it, or one above."""
    folder = scenario_folder.resolve()
    for above in [folder, *folder.parents[:2]]:
        if (above / FOLDER).is_dir():
            return above / FOLDER
    return None


def _claim_files(folder: FilePath) -> list[FilePath]:
    try:
        return sorted(path for path in folder.iterdir() if path.match("*.yaml"))
    except OSError as error:
        found = f"a folder that cannot be read ({error.strerror})"
        problem = Problem("", found, "the claims of the scenario", str(folder))
        raise ScenarioError([problem]) from None


def read_claims(folder: FilePath) -> Claims:
    """Read all claim files of a folder; raises ScenarioError with every problem in them.

    A file of resolved questions, such as history.yaml, holds no claims and is passed over.
    """
    problems: list[Problem] = []
    claims = Claims(f"{folder.name}/", {}, {})
    trees: dict[str, tuple[Map, dict[Path, Claim]]] = {}
    for path in _claim_files(folder):
        try:
            tree, wrong = read_file(path, f"{folder.name}/{path.name}")
            if "questions" in tree:
                continue
            source, found, more = read_claim_file(tree, path.stem)
        except ScenarioError as error:
            problems += error.problems
            continue
        problems += wrong + more
        trees[path.stem] = (tree, found)
        claims.sources[path.stem] = source
        claims.by_id.update({claim.identity: claim for claim in found.values()})
    for tree, found in trees.values():
        problems += _contradiction_problems(tree, found, claims)
    if problems:
        raise ScenarioError(problems)
    return claims


def _contradiction_problems(tree: Map, found: dict[Path, Claim], claims: Claims) -> list[Problem]:
    """Find contradictions that name no claim, or that the other claim does not know of."""
    problems: list[Problem] = []
    for path, claim in found.items():
        for position, other in enumerate(claim.contradicts):
            here = (*path, "contradicts", position)
            if other not in claims.by_id:
                hint = near_miss(other, claims.by_id)
                expected = f"the id of a claim in {claims.folder}"
                problems.append(problem_at(tree, here, f"'{other}'", expected, hint))
            elif claim.identity not in claims.by_id[other].contradicts:
                expected = f"a claim that names {claim.identity} under `contradicts` too"
                problems.append(problem_at(tree, here, f"'{other}'", expected))
    return problems


def citations(tree: Map) -> dict[Path, tuple[str, ...]]:
    """List what each entry of a scenario cites, by the path of its `sources`."""
    return {
        path: readable(lambda raw: names_of(raw, ""), node) or ()
        for path, node in walk(tree)
        if stands_at(path, *_CITING)
    }


def citation_problems(tree: Map, claims: Claims) -> list[Problem]:
    """Check every claim that a scenario cites: it exists and is not later than `as_of`."""
    as_of = readable(read_period, tree.get("as_of"))
    cited = ((path, one) for path, ids in citations(tree).items() for one in ids)
    faults = ((path, claims.fault(one, as_of)) for path, one in cited)
    return [problem_at(tree, path, *fault) for path, fault in faults if fault is not None]
