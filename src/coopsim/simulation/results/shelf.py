"""A folder of results: which there are, which of them are damaged, and which one is meant."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coopsim.errors import CoopsimError, CoopsimWarning, UsageError
from coopsim.simulation.results.atomic import is_there
from coopsim.simulation.results.manifest import MANIFEST, manifest_in
from coopsim.simulation.results.store import Store

_MOST_NAMED = 10  # in a message


@dataclass(frozen=True, slots=True)
class Damaged:
    """A folder whose manifest cannot be trusted, and why."""

    folder: Path
    error: CoopsimError

    def is_meant_by(self, name: str) -> bool:
        """Check whether a scenario's id or a prefix may mean this folder."""
        folder = self.folder.name
        return folder == name or folder.startswith(name if "-" in name else f"{name}-")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The content of a folder of results: the results, the newest last, and all the rest.

    Newest is by the manifest's finishing time, or its file's time while it is unfinished. `others`
    are folders without a manifest.
    """

    root: Path
    results: tuple[Store, ...]
    damaged: tuple[Damaged, ...]
    others: tuple[Path, ...]

    @classmethod
    def at(cls, root: Path) -> Shelf:
        """List what is in a folder; one that is not there is empty.

        Raises CoopsimError where the folder itself cannot be read.
        """
        dated: list[tuple[float, str, Store]] = []
        damaged, others = [], []
        for folder in _folders(root):
            try:
                manifest = manifest_in(folder)
                if manifest is None:
                    others.append(folder)
                else:
                    store = Store(folder, manifest)
                    dated.append((_moment(store), folder.name, store))
            except CoopsimError as error:
                damaged.append(Damaged(folder, error))
        results = tuple(store for *_, store in sorted(dated, key=lambda one: one[:2]))
        return cls(root, results, tuple(damaged), tuple(others))

    def find(self, name: str) -> Store:
        """Open the result that a scenario's id, the newest, or a prefix of a folder means.

        Raises CoopsimError where it is damaged; UsageError listing what there is where nothing
        or more than one is meant. Warns of one that is damaged and may have been the newest.
        """
        broken = [one for one in self.damaged if one.is_meant_by(name)]
        of_scenario = [store for store in self.results if store.manifest.scenario == name]
        if of_scenario:
            pass_over(broken)
            return Store.open(_as_in_its_file(name, of_scenario).folder)
        matches = [store for store in self.results if _is_prefix(name, store)]
        if len(matches) + len(broken) > 1:
            meant = _names([*matches, *broken])
            raise UsageError(f"`{name}` may mean {meant}: use more of its name")
        for one in broken:
            raise one.error
        if not matches:
            raise UsageError(self._not_found(name))
        return Store.open(matches[0].folder)

    def newest(self) -> list[Store]:
        """List of each scenario the result that its id means, the newest last."""
        by_scenario: dict[str, list[Store]] = {}
        for store in self.results:
            by_scenario.setdefault(store.manifest.scenario, []).append(store)
        chosen = [_as_in_its_file(name, found) for name, found in by_scenario.items()]
        return sorted(chosen, key=self.results.index)

    def as_written(self, identity: str) -> Store:
        """Open the newest result of a scenario in which nothing was set.

        Raises UsageError where there is none.
        """
        of_scenario = [store for store in self.results if store.manifest.scenario == identity]
        written = [store for store in of_scenario if not store.manifest.is_variant]
        if not written:
            raise UsageError(
                f"`--changed` needs a result of {identity} without --set, and there is none in "
                f"{self.root}: `coopsim run {identity}` makes one"
            )
        return Store.open(written[-1].folder)

    def _not_found(self, name: str) -> str:
        if not self.results:
            return f"no result `{name}`: there is none yet in {self.root}; `coopsim run` makes one"
        known = {store.manifest.scenario for store in self.results}
        known |= {store.folder.name for store in self.results}
        near = difflib.get_close_matches(name, sorted(known), n=1)
        hint = f"; did you mean `{near[0]}`?" if near else "."
        return f"no result `{name}` in {self.root}{hint} There are: {_names(self.results)}"


def pass_over(damaged: Sequence[Damaged]) -> None:
    """Warn that results are left out, if there are any; a sentence does for many."""
    if damaged:
        more = len(damaged) - 1
        rest = f", and so are {more:,} more, which `coopsim ls` names" if more else ""
        warnings.warn(f"{damaged[0].error} (it is skipped{rest})", CoopsimWarning, stacklevel=2)


def find_result(name: str, root: Path) -> Store:
    """Open the result that a person means by a path, a scenario's id or a prefix of a folder.

    An id stands for the newest result of that scenario as its file says, or of all where something
    was set in each, and it is said which; a prefix must go past the id, as
    `thaw-3f9a` does. Raises UsageError listing what there is where nothing or more than one
    matches, CoopsimError where the result cannot be read; what else is damaged does not matter.
    """
    for folder in (Path(name), root / name):
        if name and is_there(folder / MANIFEST):
            return Store.open(folder)
    return Shelf.at(root).find(name)


def _as_in_its_file(name: str, results: Sequence[Store]) -> Store:
    """Choose the newest result in which nothing was set, or the newest, and say which it is."""
    as_written = [store for store in results if not store.manifest.is_variant]
    if not as_written:
        chosen = results[-1]
        told = ", ".join(f"`{one}`" for one in chosen.manifest.sets)
        _tell(f"`{name}` means `{chosen.folder.name}`, with these settings: {told}")
        return chosen
    chosen = as_written[-1]
    newer = results[results.index(chosen) + 1 :]
    if newer:
        _tell(
            f"`{name}` means `{chosen.folder.name}`, as in its file; newer, with something set, "
            f"{'is' if len(newer) == 1 else 'are'} {_names(newer)}"
        )
    return chosen


def _tell(text: str) -> None:
    warnings.warn(text, CoopsimWarning, stacklevel=2)


def _folders(root: Path) -> Iterator[Path]:
    try:
        yield from sorted(path for path in root.iterdir() if path.is_dir())
    except FileNotFoundError:
        return
    except NotADirectoryError as error:
        raise UsageError(f"{root} is not a folder of results") from error
    except OSError as error:
        raise CoopsimError(f"{root} cannot be read: {error.strerror}") from error


def _moment(store: Store) -> float:
    if store.manifest.finished is not None:
        return datetime.fromisoformat(store.manifest.finished).timestamp()
    try:
        return (store.folder / MANIFEST).stat().st_mtime
    except OSError as error:
        raise CoopsimError(f"{store.folder} cannot be read: {error.strerror}") from error


def _is_prefix(name: str, store: Store) -> bool:
    folder = store.folder.name
    past_the_id = name.startswith(f"{store.manifest.scenario}-")
    return name == folder or (past_the_id and folder.startswith(name))


def _names(results: Sequence[Store | Damaged]) -> str:
    """List the last results by name, and count the others."""
    named = ", ".join(f"`{one.folder.name}`" for one in results[-_MOST_NAMED:])
    others = len(results) - _MOST_NAMED
    return f"{others:,} others, {named}" if others > 0 else named
