"""The claims in seeds/: one file per source, cited by scenarios as FILE.N or FILE."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.quantities import read_period
from coopsim.scenario.reading import Invalid, mapping_of, names_of, near_miss, readable, show
from coopsim.scenario.tree import Map, Seq, problem_at, read_file, walk
from coopsim.scenario.values import Period

FOLDER = "seeds"


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold what a scenario needs of a claim, or of a whole source, that it cites."""

    identity: str
    statement: str
    date: Period | None


@dataclass(frozen=True, slots=True)
class Claims:
    """Hold every claim of a seeds folder by its id."""

    folder: str
    by_id: dict[str, Claim]

    def fault(self, cited: str, as_of: Period | None) -> tuple[str, str, str | None] | None:
        """Say (found, expected, hint) where a citation is wrong: unknown, or from after `as_of`."""
        if cited not in self.by_id:
            hint = near_miss(cited, self.by_id)
            return f"'{cited}'", f"the id of a claim in {self.folder}", hint
        date = self.by_id[cited].date
        if as_of is not None and date is not None and date.first >= as_of.end_of_day:
            return f"'{cited}'", "a claim that is not dated after as_of", None
        return None


def find_seeds(scenario_folder: FilePath) -> FilePath | None:
    """Find the seeds folder that belongs to a scenario: beside its folder, in it, or one above."""
    folder = scenario_folder.resolve()
    for above in [folder, *folder.parents[:2]]:
        if (above / FOLDER).is_dir():
            return above / FOLDER
    return None


def read_claims(folder: FilePath) -> Claims:
    """Read all claim files of a folder; raises ScenarioError with every problem in them."""
    problems: list[Problem] = []
    by_id: dict[str, Claim] = {}
    for path in sorted(folder.glob("*.yaml")):
        shown = f"{folder.name}/{path.name}"
        try:
            found = _source_claims(read_file(path, shown), path.stem)
        except ScenarioError as error:
            problems += error.problems
        else:
            by_id.update({claim.identity: claim for claim in found})
    if problems:
        raise ScenarioError(problems)
    return Claims(f"{folder.name}/", by_id)


def _source_claims(tree: Map, stem: str) -> list[Claim]:
    source, claims = tree.get("source"), tree.get("claims")
    if not isinstance(source, Map) or not isinstance(claims, Seq):
        expected = "a mapping `source` and a list `claims`"
        raise ScenarioError([problem_at(tree, (), show(tree), expected)])
    found = [Claim(stem, str(source.get("title", stem)), _date(source.get("published")))]
    problems: list[Problem] = []
    for position, item in enumerate(claims):
        try:
            claim = mapping_of(item, "a claim with id, date and statement")
            identity = f"{stem}.{claim.get('id', position + 1)}"
            found.append(Claim(identity, str(claim.get("statement", "")), _date(claim.get("date"))))
        except Invalid as error:
            problems += [
                problem_at(tree, ("claims", position, *fault.path), fault.found, fault.expected)
                for fault in error.faults
            ]
    if problems:
        raise ScenarioError(problems)
    return found


def _date(raw: object) -> Period | None:
    return None if raw is None else read_period(raw)


def citation_problems(tree: Map, claims: Claims) -> list[Problem]:
    """Check every claim that a scenario cites: it exists and is not later than `as_of`."""
    as_of = readable(read_period, tree.get("as_of"))
    problems: list[Problem] = []
    for path, node in walk(tree):
        if path[-1:] == ("sources",) and path[0] in ("drivers", "events", "references"):
            for cited in readable(lambda raw: names_of(raw, ""), node) or ():
                fault = claims.fault(cited, as_of)
                if fault is not None:
                    problems.append(problem_at(tree, path, *fault))
    return problems
