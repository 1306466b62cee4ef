"""What moved from one recorded forecast to another, split by the assumptions that changed.

The scenarios of both records are simulated again, by their resolved YAML and the first one's seed.
Where just the recorded chances come out, the two share their luck, and the error of a difference is
that of pairs of timelines; else it is that of independent ones, and what the assumptions leave over
comes from other seeds, other versions or fewer timelines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot
from pathlib import Path
from typing import Any

from coopsim.analysis.comparing.alike import ScenarioSide, asked_alike
from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.evidence.asked import Statement
from coopsim.analysis.statistics.estimates import newcombe, share_of
from coopsim.analysis.statistics.spread import Z95
from coopsim.analysis.summaries import plain
from coopsim.errors import ScenarioError, UsageError
from coopsim.experiments.attribution import (
    Attribution,
    AttributionQuestion,
    Explained,
    Grouping,
    explain,
)
from coopsim.experiments.variants import Effort
from coopsim.forecasts.questions import YES, WorldQuestion
from coopsim.forecasts.records import DIGITS, Answered, Chance, Record
from coopsim.forecasts.verifying import Recorded, TrackRecord
from coopsim.scenario.changes.differences import differences
from coopsim.scenario.loading import Loaded, load_text
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import listing
from coopsim.simulation.building import build_program
from coopsim.simulation.results.manifest import installed_versions

ROUNDING = 2 * 10.0**-DIGITS  # by which a difference of recorded chances may be off


@dataclass(frozen=True, slots=True)
class RecordSide:
    """A record that is held against another one: its name, and how it was made."""

    name: str
    forecaster: str
    scenario: str
    made: str
    seed: int
    timelines: int
    version: str

    @classmethod
    def of(cls, recorded: Recorded) -> RecordSide:
        """Take from a record what it was made with."""
        record, made = recorded.record, recorded.record.assumed
        return cls(
            _name(recorded), record.forecaster, made.scenario, record.made, made.seed,
            made.timelines, made.version,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MovedAnswer:
    """The chance of an answer before and after, and how it moved.

    `title` names it among what is split. `left` is what the assumptions leave over of the change;
    it is None where nothing is but rounding, and where the change cannot be split among them.
    """

    answer: str
    title: str
    before: Chance
    after: Chance
    change: PairedEstimate
    left: PairedEstimate | None


@dataclass(frozen=True, slots=True)
class MovedQuestion:
    """A question of both records or of one, and how its answers moved.

    `why` says why it cannot be split among assumptions; without `answers`, why it cannot be held
    against the other at all.
    """

    identity: str
    question: str
    answers: tuple[MovedAnswer, ...]
    why: str | None

    @property
    def title(self) -> str:
        """Name it as a line of a table does."""
        return f"{self.identity}: {self.question}"

    @property
    def moved(self) -> float:
        """Get by how much the answer moved that moved most, of those that did so surely."""
        return max(
            (abs(one.change.value) for one in self.answers if one.change.told_from_zero),
            default=0.0,
        )


@dataclass(frozen=True, slots=True)
class ForecastChanges:
    """How a forecast moved from one record to another: what moved most comes first.

    `split` says what each changed assumption does to which answer; it is missing where no
    assumption changed or no question can be split. `others` say what besides the assumptions
    differs. On so many questions both are `silent`.
    """

    before: RecordSide
    after: RecordSide
    questions: tuple[MovedQuestion, ...]
    silent: int
    split: Attribution | None
    others: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def two_records(
    track: TrackRecord, before: str, after: str | None = None
) -> tuple[Recorded, Recorded]:
    """Find two records by their files, or by forecasters, of whom the newest is meant.

    Where only one is named, the other is the one that it supersedes. Raises UsageError for a name
    that is none, and for one record that supersedes nothing.
    """
    if after is not None:
        return _named(track, before), _named(track, after)
    newest = _named(track, before)
    old = next((one for one in track.records if one.sha256 == newest.record.supersedes), None)
    if old is None:
        raise UsageError(f"{newest.file} supersedes nothing: name a second record, too")
    return old, newest


def _named(track: TrackRecord, name: str) -> Recorded:
    files = {one.file: one for one in track.records}
    short = Path(name).name
    found = files.get(short) or files.get(f"{short}.json") or track.newest(name)
    if found is None:
        known = [*dict.fromkeys(one.record.forecaster for one in track.records), *files]
        hint = near_miss(name, known)
        raise UsageError(
            f"no forecaster or record '{name}' in {track.folder}; expected "
            f"{listing(known) or 'one that is recorded'}{f'; {hint}' if hint else ''}"
        )
    return found


def changes(before: Recorded, after: Recorded, group: Grouping, effort: Effort) -> ForecastChanges:
    """Compare a record with an earlier one, and split what moved among the assumptions.

    Assumptions change together as for `explain`. Raises UsageError for one record twice, and for
    scenarios that do not begin on the same day, as no timeline of one goes on as in the other.
    """
    _check_family(before, after)
    names, records = (_name(before), _name(after)), (before.record, after.record)
    pairs = _pairs(*records)
    loaded = [_assumptions(one) for one in records]
    split, explained = _split(pairs, loaded, AttributionQuestion((), group), effort)
    found = [(_moved(pair, records, explained), pair) for pair in pairs]
    found.sort(key=lambda one: -one[0].moved)
    return ForecastChanges(
        before=RecordSide.of(before),
        after=RecordSide.of(after),
        questions=tuple(question for question, _ in found),
        silent=len(_identities(*records)) - len(pairs),
        split=(
            None
            if split is None
            else _in_words(split, names, explained, [pair for _, pair in found])
        ),
        others=(
            *_others(*records, None if split is None else effort.runs),
            *(
                f"the language: this version of coopsim does not read the scenario of {name}"
                for name, one in zip(names, loaded, strict=True)
                if one is None
            ),
        ),
    )


def _split(
    pairs: list[_Pair],
    loaded: Sequence[Loaded | None],
    question: AttributionQuestion,
    effort: Effort,
) -> tuple[Attribution | None, Mapping[str, Explained]]:
    """Split what both ask alike among the assumptions; gives what is explained by statement too."""
    old, new = loaded
    if old is None or new is None or not differences(old.tree, new.tree):
        return None, {}
    asked = _asked_alike(pairs, old, new)
    if not asked:
        return None, {}
    split = explain(old, new, replace(question, asked=[*asked.values()]), effort)
    return split, {text: split.outcomes[written] for text, written in asked.items()}


def _name(one: Recorded) -> str:
    return one.file.removesuffix(".json")


def _check_family(before: Recorded, after: Recorded) -> None:
    if before.sha256 == after.sha256:
        raise UsageError(f"{before.file} is compared with itself: name two records")
    begins = before.record.assumed.start, after.record.assumed.start
    if begins[0] != begins[1]:
        raise UsageError(
            f"{before.file} simulates from {begins[0]} on and {after.file} from {begins[1]} on: "
            "scenarios of different families, of which no assumption explains how one became the "
            "other; `coopsim forecast score` compares what they say"
        )


def _assumptions(record: Record) -> Loaded | None:
    """Load the scenario of a record, with the record's seed; None where it is read no more."""
    try:
        loaded = load_text("\n".join(record.assumed.yaml))
    except ScenarioError:
        return None
    return loaded.having([f"seed={record.assumed.seed}"])


# --- which questions can be held against each other -----------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """A question of which one record says something at least, and what each says of it."""

    before: Answered | None
    after: Answered | None

    @property
    def known(self) -> Answered:
        one = self.after or self.before
        assert one is not None
        return one

    @property
    def why_not(self) -> str | None:
        """Say why the two cannot be held against each other; None where they can."""
        if self.before is None:
            return "not asked before"
        if self.after is None:
            return "not asked any more"
        if self.before.world != self.after.world:
            return "the question itself was changed"
        if self.before.fit is None:
            return f"the model was silent before: {self.before.why}"
        if self.after.fit is None:
            return f"the model is silent now: {self.after.why}"
        return None

    @property
    def alike(self) -> dict[str, str]:
        """Get the statements that stand for an answer in both, by answer."""
        if self.before is None or self.after is None or self.why_not is not None:
            return {}
        before, after = self.before.statements, self.after.statements
        return {
            answer: after[answer]
            for answer in self.after.world.answers
            if answer in after and before.get(answer) == after[answer]
        }


def _identities(before: Record, after: Record) -> list[str]:
    asked = (*after.questions, *before.questions)
    return list(dict.fromkeys(one.world.identity for one in asked))


def _pairs(before: Record, after: Record) -> list[_Pair]:
    """Pair the questions of two records, but for those on which both are silent."""
    found = (
        _Pair(before.question(name), after.question(name)) for name in _identities(before, after)
    )
    return [
        one
        for one in found
        if any(side is not None and side.fit is not None for side in (one.before, one.after))
    ]


def _asked_alike(pairs: list[_Pair], old: Loaded, new: Loaded) -> dict[str, str]:
    """List the statements by which both scenarios are asked alike, as --outcome writes them.

    In parentheses each of them is read as a statement, and never as an outcome.
    """
    programs = [build_program(one.scenario) for one in (old, new)]
    sides = [
        ScenarioSide.of(one.scenario.scenario, one.scenario, program)
        for one, program in zip((old, new), programs, strict=True)
    ]
    alike, _ = asked_alike(sides)
    shared = {name: old.scenario.outcomes[name] for name in alike}
    asking = old.scenario.model_copy(update={"outcomes": shared})
    found = {}
    for text in (text for pair in pairs for text in pair.alike.values()):
        try:
            for program in programs:
                Statement.read(text, asking, program)
        except UsageError:
            continue  # it names an outcome that the two do not ask alike
        found[text] = f"({text})"
    return found


# --- how they moved -------------------------------------------------------------------------------


def _moved(
    pair: _Pair, records: tuple[Record, Record], explained: Mapping[str, Explained]
) -> MovedQuestion:
    """Tell how the answers of a question moved; what is explained is given by statement."""
    world, why = pair.known.world, pair.why_not
    if why is not None or pair.before is None or pair.after is None:
        return MovedQuestion(world.identity, world.question, (), why)
    answers = []
    timelines = [one.assumed.timelines for one in records]
    for answer in (YES,) if world.is_event else world.options:
        before, after = pair.before.chances[answer], pair.after.chances[answer]
        text = pair.alike.get(answer)
        split = None if text is None else explained.get(text)
        change, left = _change(before, after, split, timelines)
        answers.append(MovedAnswer(answer, _title(world, answer), before, after, change, left))
    if pair.before.statements != pair.after.statements:
        why = "asked by another statement"
    elif explained and any(text not in explained for text in pair.alike.values()):
        why = "it names an outcome that the two do not ask alike"
    return MovedQuestion(world.identity, world.question, tuple(answers), why)


def _title(world: WorldQuestion, answer: str) -> str:
    asked = f"{world.identity}: {world.question.removesuffix('?')}"
    return asked if world.is_event else f"{asked}: {answer}"


def _change(
    before: Chance, after: Chance, split: Explained | None, timelines: Sequence[int]
) -> tuple[PairedEstimate, PairedEstimate | None]:
    """Estimate how a chance moved, and what of that the assumptions leave over.

    What is left is taken to share no luck with what is explained, so that its error is rather too
    large.
    """
    if split is not None and _came_out_again(before, after, split):
        return split.change, None
    old, new = (
        share_of(round(one.probability * count), count)
        for one, count in zip((before, after), timelines, strict=True)
    )
    value, se = after.probability - before.probability, hypot(old.se, new.se)
    change = PairedEstimate(value, se, newcombe(new, old))
    if split is None or split.change.se is None:
        return change, None
    left, error = value - split.change.value, hypot(se, split.change.se)
    reach = Z95 * error
    return change, PairedEstimate(left, error, (left - reach, left + reach))


def _came_out_again(before: Chance, after: Chance, split: Explained) -> bool:
    pairs = ((split.before, before), (split.after, after))
    return all(abs(base.value - chance.probability) <= ROUNDING for base, chance in pairs)


def _others(before: Record, after: Record, runs: int | None) -> Iterator[str]:
    """Say what besides the assumptions differs between two records, and the simulation anew."""
    one, other = before.assumed, after.assumed
    if one.seed != other.seed:
        yield f"the seeds, {one.seed} and {other.seed}"
    if one.timelines != other.timelines:
        yield f"the number of timelines, {one.timelines:,} and {other.timelines:,}"
    if one.version != other.version:
        yield f"the version of coopsim, {one.version} and {other.version}"
    if runs is None:
        return
    if {runs} != {one.timelines, other.timelines}:
        yield f"the number of timelines by which they are split, {runs:,}"
    version = installed_versions()["coopsim"]
    if version not in (one.version, other.version):
        yield f"the version of coopsim that splits them, {version}"


def _in_words(
    split: Attribution,
    names: tuple[str, str],
    explained: Mapping[str, Explained],
    pairs: list[_Pair],
) -> Attribution:
    """Name what is explained by its question and answer, and the two sides by their records."""
    outcomes = {}
    for pair in pairs:
        for answer, text in pair.alike.items():
            if text in explained:
                title, found = _title(pair.known.world, answer), explained[text]
                first, last = (replace(base, title=title) for base in (found.before, found.after))
                outcomes[title] = replace(found, before=first, after=last)
    return replace(split, base=names[0], other=names[1], outcomes=outcomes)
