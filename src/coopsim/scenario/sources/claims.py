"""The claims in seeds/: one file per source, cited by scenarios as FILE.N or FILE."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath

from coopsim.errors import Problem, ScenarioError, UsageError
from coopsim.scenario.grammar import Form, find
from coopsim.scenario.notation.quantities import read_period
from coopsim.scenario.notation.values import Period
from coopsim.scenario.sources.claim_files import Claim, Source, read_claim_file
from coopsim.scenario.sources.reasons import is_link, link_date
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import Invalid, Path, names_of, readable, show
from coopsim.scenario.text.tree import Map, problem_at
from coopsim.scenario.text.unknown import UnknownNames, one_of_few
from coopsim.scenario.text.yaml_text import Budget, read_file

FOLDER = "seeds"
MAX_CLAIM_BYTES, MAX_CLAIM_NODES = 10_000_000, 100_000  # of all files of claims together


@dataclass(frozen=True, slots=True)
class Claims:
    """Every claim of a seeds folder, and every source, by its id."""

    folder: str
    by_id: dict[str, Claim]
    sources: dict[str, Source]

    def knows(self, cited: str) -> bool:
        """Check whether there is a claim, or a whole source, of an id."""
        return cited in self.by_id or cited in self.sources

    @property
    def ids(self) -> list[str]:
        """List the ids of all claims and sources."""
        return [*self.by_id, *self.sources]

    @property
    def expected(self) -> str:
        """Describe what a citation is, with all there are where they are few."""
        return one_of_few(f"the id of a claim in {self.folder}", self.ids)

    def is_after(self, cited: str, as_of: Period | None) -> bool:
        """Check whether a claim or source is dated after `as_of`."""
        date = self._date(cited)
        return as_of is not None and date is not None and date.first >= as_of.end_of_day

    def _date(self, cited: str) -> Period | None:
        return self.by_id[cited].date if cited in self.by_id else self.sources[cited].published

    def about(self, identity: str) -> Claim | Source:
        """Get a claim or a whole source; raises UsageError where there is no such id."""
        if not self.knows(identity):
            hint = near_miss(identity, self.ids)
            more = f"; {hint}" if hint else ""
            raise UsageError(f"found {show(identity)}, expected {self.expected}{more}")
        return self.by_id.get(identity) or self.sources[identity]

    def cited_by(self, cited: str) -> tuple[Claim, ...]:
        """Get the claim of an id, or all claims of a source."""
        if cited in self.by_id:
            return (self.by_id[cited],)
        return tuple(claim for claim in self.by_id.values() if claim.file == cited)


def no_claims() -> Claims:
    """Make the claims of a scenario that has no seeds folder."""
    return Claims(f"{FOLDER}/", {}, {})


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
    budget = Budget(MAX_CLAIM_BYTES, MAX_CLAIM_NODES, "the files read before it")
    for path in _claim_files(folder):
        shown = f"{folder.name}/{path.name}"
        if not FilePath(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
            problems.append(Problem("", "a link to elsewhere", "a file in the folder", shown))
            continue
        try:
            tree, wrong = read_file(path, shown, budget)
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
    unknown = UnknownNames(tree)
    expected = one_of_few(f"the id of a claim in {claims.folder}", claims.by_id)
    for path, claim in found.items():
        for position, other in enumerate(claim.contradicts):
            here = (*path, "contradicts", position)
            if other not in claims.by_id:
                unknown.add(here, other, expected, claims.by_id)
            elif claim.identity not in claims.by_id[other].contradicts:
                mutual = f"a claim that names {claim.identity} under `contradicts` too"
                problems.append(problem_at(tree, here, show(other), mutual))
    return problems + unknown.problems()


def citations(tree: Map) -> dict[Path, tuple[str, ...]]:
    """List what each entry of a scenario cites, by the path of its `sources`."""
    return {
        path: readable(lambda raw: names_of(raw, ""), node) or ()
        for path, _, node in find(tree, {Form.SOURCES})
    }


def cites_claims(tree: Map) -> bool:
    """Check whether a resolved scenario cites any claim, pages cited in place aside."""
    return any(not is_link(one) for ids in citations(tree).values() for one in ids)


def citation_problems(tree: Map, claims: Claims) -> list[Problem]:
    """Check all that a scenario cites: claims exist, and nothing is later than `as_of`."""
    as_of = readable(read_period, tree.get("as_of"))
    cited = ((path, one) for path, ids in citations(tree).items() for one in ids)
    return wrong_citations(tree, cited, claims, as_of)


def wrong_citations(
    tree: Map, cited: Iterable[tuple[Path, str]], claims: Claims, as_of: Period | None
) -> list[Problem]:
    """Find citations of what is not there, or of what is dated after `as_of`."""
    problems: list[Problem] = []
    unknown = UnknownNames(tree)
    ids, expected = claims.ids, claims.expected
    for path, one in cited:
        if is_link(one):
            problems += _link_problems(tree, path, one, as_of)
        elif not claims.knows(one):
            unknown.add(path, one, expected, ids)
        elif claims.is_after(one, as_of):
            later = "a claim that is not dated after as_of"
            problems.append(problem_at(tree, path, show(one), later))
    return problems + unknown.problems()


def _link_problems(tree: Map, path: Path, one: str, as_of: Period | None) -> list[Problem]:
    """Check a page that is cited in place: its form, and that it is not later than `as_of`."""
    try:
        dated = link_date(one)
    except Invalid as error:
        (fault,) = error.faults
        return [problem_at(tree, path, fault.found, fault.expected)]
    if as_of is not None and dated.first >= as_of.end_of_day:
        return [problem_at(tree, path, show(one), "a page that is not dated after as_of")]
    return []


def unchecked_citations(tree: Map) -> list[Problem]:
    """Warn where claims are cited and none are in reach, so that nobody knows whether they exist.

    It is told once, at the first place.
    """
    claims = ((path, one) for path, ids in citations(tree).items() for one in ids)
    cited = list({path: (path, one) for path, one in claims if not is_link(one)}.values())
    if not cited:
        return []
    (path, first), more = cited[0], len(cited) - 1
    hint = f"the same in {more:,} more place{'' if more == 1 else 's'}" if more else None
    found = f"{show(first)}, which cannot be checked, as there is no folder of claims"
    expected = f"a folder `{FOLDER}` in the scenario's folder, or up to two above it"
    return [problem_at(tree, path, found, expected, hint, severity="warning")]
