"""What a scenario answers as it is, and what it would answer with a reader's changes."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from coopsim import api
from coopsim.errors import CoopsimError, Problem, ScenarioError, StoppedError
from coopsim.live.served import ServedScenario, changes_of, files_of, source_text
from coopsim.live.stops import value_path
from coopsim.live.taking import Taken, child_of, report_of
from coopsim.live.wishes import LiveWish
from coopsim.presentation.pages import live as pages
from coopsim.presentation.pages.evidence import entry_groups, shown_sources
from coopsim.presentation.views.given import given_view
from coopsim.presentation.views.stories.story import story_view
from coopsim.presentation.words.wording import Wording, timelines
from coopsim.printable import printable
from coopsim.scenario.changes.balancing import scaled_in
from coopsim.scenario.loading import Loaded
from coopsim.scenario.sources.support import Support, support
from coopsim.simulation.workers.playing import Cancelled, never

_FIRST_RUNS = 1_000  # of the first one, which is there at once
_CHOICE = 500  # timelines among which a typical one is looked for
_REMEMBERED = 24  # answers, so that undoing takes no time


@dataclass(frozen=True, slots=True)
class Reply:
    """Pieces of the page by the id of the place they belong in, and the stage that follows.

    `shapes` are the densities of what the reader has changed, by path; None where they stay.
    """

    fragments: dict[str, str]
    then: str
    base: str
    shapes: dict[str, str] | None = None


class Desk:
    """The scenario that is asked, as it was last written without a fault.

    It is used by one thread at a time; `version` grows whenever there is news for the page.
    """

    def __init__(self, name: str, results: Path) -> None:
        """Load and play a scenario, or that of a result; raises as `assumed` and `play` do."""
        self._name, self._results = name, results
        self.file, self._run = files_of(name, results)
        self.version = 1
        self.problems: tuple[Problem, ...] = ()
        self.base = self._read()
        self._replies: dict[str, Reply] = {}
        self._loaded: dict[tuple[str, ...], Loaded] = {}
        self._played: tuple[object, api.Played] | None = None

    def _read(self) -> ServedScenario:
        loaded = (
            api.assumed(self._name, self._results) if self.file is None else api.load(self.file)
        )
        return ServedScenario.played_from(loaded, self.file, self._results)

    def read_again(self, _: Cancelled = never) -> None:
        """Take in what the file says now; what is wrong with it is shown, and the rest stays."""
        try:
            self.base, self.problems = self._read(), ()
        except ScenarioError as error:
            self.problems = error.problems
        except CoopsimError as error:
            self.problems = (Problem("", str(error), "a scenario that can be played"),)
        self._replies, self._loaded, self._played = {}, {}, None
        self.version += 1

    def measure(self, cancelled: Cancelled) -> None:
        """Measure one more assumption; says so to the page when all have been."""
        ranking = self.base.panel.ranking
        ranking.measure(cancelled)
        if ranking.known:
            self.version += 1

    # --- what the page asks ---------------------------------------------------------------------

    def news(self) -> dict[str, str]:
        """Get the pieces of the page that do not depend on what a reader changes."""
        panel = self.base.panel
        about = f"{self.file} has problems; the page shows what it said before" if self.file else ""
        return {
            "file-problems": pages.problems_fragment(self.problems, about),
            "statements": pages.statements_fragment(
                {
                    name: event.title or name
                    for name, event in self.base.loaded.scenario.events.items()
                }
            ),
            "controls": pages.controls_fragment(panel.offered(), panel.ranking.about),
        }

    def found(self, text: str) -> str:
        """Search all assumptions."""
        return pages.found_fragment(self.base.panel.found(text))

    def reply(self, wish: LiveWish, cancelled: Cancelled) -> Reply:
        """Answer as far as the wish's stage goes; a fault in what is wished is told on the page.

        Raises StoppedError where it is cancelled.
        """
        key = wish.model_dump_json()
        known = self._replies.get(key)
        if known is not None:
            return known
        try:
            made = self._made(wish, cancelled)
        except StoppedError:
            raise
        except ScenarioError as error:
            return self._refused(wish, error.problems)
        except CoopsimError as error:
            return self._refused(wish, (str(error),))
        if len(self._replies) >= _REMEMBERED:
            self._replies.pop(next(iter(self._replies)))
        self._replies[key] = made
        return made

    def _refused(self, wish: LiveWish, problems: Sequence[Problem | str]) -> Reply:
        about = "This cannot be answered; the answers below are without it"
        fragments = {"problems": pages.problems_fragment(problems, about)}
        if wish.stage != "first":  # it was answered before it was checked
            fragments = self._answered(self.base.played) | fragments
        return Reply(fragments, "", self.base.name)

    def _answered(self, now: api.Played) -> dict[str, str]:
        """Hold the headline answers against the base's; what plays the same is the base itself."""
        base, asked = (played.asking(self.base.leading) for played in (self.base.played, now))
        paired = None if asked.name == base.name else asked.against(base)
        words = Wording.of(base.scenario)
        answers = pages.LiveAnswers(base.summary, asked.summary, words, paired)
        return {"headlines": pages.headlines_fragment(answers), "problems": ""}

    def _made(self, wish: LiveWish, cancelled: Cancelled) -> Reply:
        changed = self._changed(wish)
        whole = self.base.played.runs
        if wish.stage == "rest":
            now = self._play(changed, whole, cancelled)
            return Reply({"shown": self._shown(wish, changed, now)}, "", self.base.name)
        quick = wish.stage == "first" and wish.settings
        runs = min(_FIRST_RUNS, whole) if quick else whole
        now = self._play(changed, runs, cancelled)
        fragments, shapes = self._answered(now), None
        if wish.stage == "first":
            fragments |= self._told(wish, changed)
            moved = self.base.panel.at(wish.settings).values()
            shapes = pages.densities(moved, wish.settings)
        if runs == whole:
            fragments["evidence"] = self._evidence(wish, changed, now)
        more = f"; {timelines(whole)} follow" if runs < whole else ""
        fragments["status"] = f"{timelines(runs)}{more}"
        return Reply(fragments, "rest" if runs == whole else "whole", self.base.name, shapes)

    # --- what it is answered from ---------------------------------------------------------------

    def _changed(self, wish: LiveWish) -> Loaded:
        """Set what the reader has set: checked as a file is, which takes a while, at the last."""
        if wish.sets not in self._loaded:
            revised = self._revised(wish) if wish.stage != "rest" else None
            if revised is not None:
                return revised
            self._loaded = {wish.sets: self.base.loaded.having(wish.sets)}
        return self._loaded[wish.sets]

    def _revised(self, wish: LiveWish) -> Loaded | None:
        """Replace numbers where they stand; None where others may have to change with them."""
        known = self.base.panel.at(wish.settings).values()
        if len(known) < len(wish.settings) or any(one.kind == "chance" for one in known):
            return None
        with suppress(ScenarioError):  # a plan, or what is no number: this is told of otherwise
            return self.base.loaded.revised(wish.settings) if wish.settings else None
        return None

    def _play(self, changed: Loaded, runs: int, cancelled: Cancelled) -> api.Played:
        """Play what was changed, if anything was; what was played last is still there.

        Only the headline questions are answered: all others wait until these are shown.
        """
        if changed is self.base.loaded:
            return self.base.played
        key = (changed.sets, runs)
        if self._played is None or self._played[0] != key:
            leading = self.base.leading
            self._played = key, api.play(changed, runs=runs, outcomes=leading, cancelled=cancelled)
        return self._played[1]

    def _whole(self, changed: Loaded, now: api.Played) -> api.Played:
        """Answer all questions from timelines that were played for some."""
        asked, there = changed.scenario.outcomes, now.scenario.outcomes
        return now if len(asked) == len(there) else now.answering(changed)

    # --- fragments ------------------------------------------------------------------------------

    def _told(self, wish: LiveWish, changed: Loaded) -> dict[str, str]:
        """Say of what the answers are, and what the reader has changed."""
        scenario = self.base.loaded.scenario
        title = scenario.title or scenario.scenario
        own = tuple(changes_of(self.base.panel, wish))
        notes = [str(one.expected) for one in changed.warnings if one.path in scaled_in([one])]
        told = {
            "title": escape(printable(f"{title}, changed by you" if own else title)),
            "source": escape(source_text(self.base, own)),
            "changes": pages.changes_fragment(own, notes, self._command(wish)),
        }
        if wish.base:  # a link was opened; what was said of it stays
            other = f"The link is of {wish.base}; this page answers for {self.base.name}."
            about = "" if wish.base == self.base.name else other
            told["notice"] = pages.problems_fragment((), about)
        return told

    def _command(self, wish: LiveWish) -> str:
        """Write the command line that answers the same."""
        played = self.base.played
        sets = [part for one in wish.sets for part in ("--set", one)]
        runs = ["--runs", str(played.runs)] if played.runs != played.scenario.runs else []
        return shlex.join(["coopsim", "run", str(self._run), *sets, *runs])

    def _evidence(self, wish: LiveWish, changed: Loaded, now: api.Played) -> str:
        if not wish.given:
            return pages.given_fragment((), None)
        found = api.given(self._whole(changed, now), wish.given)
        return pages.given_fragment(wish.given, given_view(found, changed.scenario))

    def _shown(self, wish: LiveWish, changed: Loaded, now: api.Played) -> str:
        match wish.tab:
            case "answers":
                base, whole = self.base.played, self._whole(changed, now)
                compared = None if whole.name == base.name else api.compare(base, whole)
                return pages.answers_fragment(base.summary, Wording.of(base.scenario), compared)
            case "story":
                told = story_view(api.trace(changed, runs=_CHOICE))
                return pages.story_fragment(told, changed=changed is not self.base.loaded)
            case "assumptions":
                supported, anchors = self._support(wish, changed), pages.EntryAnchors()
                groups = entry_groups(supported, self.base.influences, anchors)
                return pages.assumptions_fragment(groups, shown_sources(supported, anchors))
            case _:
                return self.around(wish.around)

    def around(self, key: str, *, linked: bool = True) -> str:
        """Show what is one step around an entry, by links where these can be followed."""
        groups = entry_groups(self.base.support, self.base.influences, pages.EntryAnchors())
        entries = {entry.key: entry for group in groups for entry in group.entries}
        return pages.around_fragment(entries.get(key), groups, linked=linked)

    def _support(self, wish: LiveWish, changed: Loaded) -> Support:
        """Find who says so; what the reader has changed is said by the reader."""
        base = self.base.support
        if changed is self.base.loaded:
            return base
        found = support(base.scenario, changed.tree, base.claims)
        numbers = (
            replace(one, readers=True, stated_by=())
            if {one.assumption.path, value_path(one.assumption.path)} & set(wish.settings)
            else one
            for one in found.supported
        )
        return replace(found, supported=tuple(numbers))

    # --- to take away ---------------------------------------------------------------------------

    def child(self, wish: LiveWish) -> Taken:
        """Write the scenario with the reader's changes; raises as `api.child_of`."""
        return child_of(self.base, self.file, wish)

    def report(self, wish: LiveWish, cancelled: Cancelled) -> Taken:
        """Write the report with the reader's changes; raises StoppedError where cancelled."""
        return report_of(self.base, wish, cancelled)
