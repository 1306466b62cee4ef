"""The models of a scenario: frozen, strict, unknown keys refused; no files, no YAML.

Every field reads raw data (mappings, lists, texts) into the classes of `quantities`, `notation`
and `conditions`. What one entry can know about itself is checked here; what needs the others
(names, levels, loops) is checked by `checks`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from coopsim.scenario import shapes
from coopsim.scenario.fields import (
    After,
    ChanceField,
    Date,
    Day,
    Group,
    Identity,
    Initial,
    LevelsField,
    Name,
    NamesField,
    Rate,
    RunsField,
    Seed,
    SetsField,
    ShareField,
    Shifts,
    Takes,
    Text,
    Times,
    Truth,
    Upon,
    When,
    Windows,
)
from coopsim.scenario.notation import timing as notation
from coopsim.scenario.notation.quantities import NOTATION_KEYS, Value
from coopsim.scenario.notation.questions import QUESTIONS, SINGLE, IndexItem, Place
from coopsim.scenario.notation.slips import conditions as condition_slips
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import (
    MOST_SIGNS,
    Faults,
    Path,
    invalid,
    listing,
    mapping_of,
    name_of,
    show,
)
from coopsim.scenario.variants import variant_of

LevelsEnd = Literal["first", "last"]  # of a list of levels
SECTIONS = ("references", "drivers", "events", "outcomes")  # each holds entries by name


class Model(BaseModel):
    """A model that refuses unknown keys and later changes."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True, defer_build=True
    )


class Sourced(Model):
    """What an entry is and where it comes from."""

    title: Text | None = Field(None, description="What this is, in a few words")
    description: Text | None = Field(None, description="What this means, in a sentence or two")
    sources: NamesField = Field((), description="Ids of the claims in seeds/ that this rests on")
    judgement: Text | None = Field(None, description="What is ours, not the sources', and why")


class Pace(Model):
    """What multiplies a clock's speed while a condition holds, by level, or as a reference says."""

    when: When | None = None
    times: Times | None = None
    by: Name | None = None
    like: Name | None = None
    levels: dict[str, Value] = Field(default_factory=dict, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _gather_levels(cls, raw: Any) -> Any:
        """Move the entries of a {by: DRIVER, LEVEL: factor} table below `levels`."""
        expected = "{when: CONDITION, times: FACTOR}, {by: DRIVER, LEVEL: FACTOR} or {like: NAME}"
        if isinstance(raw, str):
            hint = f"write `{condition_slips.pace_of(raw)}`"
            raise invalid(show(raw), expected, hint=hint)
        data = mapping_of(raw, expected)
        if data.get("by") is not None:
            faults = Faults()
            levels: dict[str, Value] = {}
            for level, factor in data.items():
                if level != "by":
                    with faults.at(level):
                        levels[level] = notation.read_factor(factor)
            faults.check()
            return {"by": data["by"], "levels": levels}
        if set(data) not in ({"when", "times"}, {"like"}) or None in data.values():
            raise invalid(show(data), expected, hint=condition_slips.pace_meant(data))
        return data

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """Describe the three forms a pace may take."""
        return shapes.PACE_SHAPE


class Odds(Model):
    """What multiplies the chances of some outcomes while a condition holds."""

    when: When = Field(description="The condition under which the chances change")
    times: dict[Name, Times] = Field(
        description="Outcomes and what their chances are multiplied by"
    )


class OutcomeSpec(Sourced):
    """How likely an outcome of an event is and what it changes."""

    chance: ChanceField = Field(description="A number, `rest`, a table by level or a list of cases")
    sets: SetsField = Field(
        default_factory=dict, description="Drivers and the levels they are set to"
    )
    shifts: Shifts = Field(default_factory=dict, description="Drivers and by how many levels")


class Timed(Sourced):
    """When something happens and on what that depends."""

    takes: Takes | None = Field(None, description="How long it takes while its condition holds")
    rate: Rate | None = Field(None, description="A hazard: how often per year, while it may")
    upon: Upon | None = Field(None, description="What sets it off: events, or levels entered")
    when: When | None = Field(None, description="The condition under which it may happen")
    unless: When | None = Field(None, description="The condition under which it may not happen")
    after: After = Field(default_factory=dict, description="Events that must have happened first")
    opens: Day | None = Field(None, alias="from", description="Not before this day")
    until: Day | None = Field(None, description="Not after this day")
    window: Windows | None = Field(None, description="When it may happen: launch windows")
    pace: tuple[Pace, ...] = Field((), description="What speeds its clock up or slows it down")
    memory: Literal["age", "enabling"] = Field(
        "age",
        description="`age`: a clock keeps its progress while its condition does not hold; "
        "`enabling`: it loses it and starts again",
    )

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, raw: Any) -> Any:
        """Take a list where a tuple is meant, so that strictness concerns only contents."""
        if isinstance(raw, dict) and isinstance(raw.get("pace"), list):
            return {**raw, "pace": tuple(raw["pace"])}
        return raw


class Switch(Timed):
    """A driver's move from one level to another: a repeatable event."""


class EventSpec(Timed):
    """What can happen, when, and what it changes."""

    group: Group | None = Field(None, description="The group of entries that it is listed with")
    date: Date | None = Field(None, description="A day, an uncertain date, a plan or a calendar")
    repeat: Truth = Field(False, description="Whether it can happen again")
    outcomes: dict[Name, OutcomeSpec] = Field(
        default_factory=dict, description="What it can turn out to be; one is drawn"
    )
    odds: tuple[Odds, ...] = Field((), description="What changes the chances of the outcomes")
    sets: SetsField = Field(
        default_factory=dict, description="Drivers and the levels they are set to"
    )
    shifts: Shifts = Field(default_factory=dict, description="Drivers and by how many levels")

    @model_validator(mode="before")
    @classmethod
    def _odds_list(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and isinstance(raw.get("odds"), list):
            return {**raw, "odds": tuple(raw["odds"])}
        return raw

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = Faults()
        for path, found, expected in event_contradictions(self):
            faults.add(found, expected, *path)
        faults.check()
        return self


_Rule = tuple[bool, Path, str, str]  # whether it is broken, and (path, found, expected)


def event_contradictions(event: EventSpec) -> list[tuple[Path, str, str]]:
    """List what an event says that cannot all be meant: (path, found, expected)."""
    timings = [name for name in ("date", "takes", "rate") if getattr(event, name) is not None]
    rules = [*_timing_rules(event, timings), *_dependent_rules(event, timings)]
    broken = [(path, found, expected) for holds, path, found, expected in rules if holds]
    return broken + _outcome_contradictions(event)


def _timing_rules(event: EventSpec, timings: list[str]) -> list[_Rule]:
    """List the rules about what may say when an event is due."""
    calendar = isinstance(event.date, notation.Calendar)
    listed = listing(timings, "and")
    return [
        (len(timings) > 1, (), listed, "only one of date, takes and rate"),
        (
            event.upon is not None and bool({"date", "rate"} & set(timings)),
            ("upon",),
            f"upon with {listed}",
            "upon with takes, or with no timing",
        ),
        (
            "date" in timings and not calendar and event.repeat,
            ("repeat",),
            "repeat: true on a dated event",
            "repeat only with rate, takes, upon or a calendar {first:, every:}",
        ),
        (calendar and not event.repeat, ("date",), "a calendar", "repeat: true beside it"),
    ]


def _dependent_rules(event: EventSpec, timings: list[str]) -> list[_Rule]:
    """List the rules about what goes only with some timings, or with outcomes."""
    calendar = isinstance(event.date, notation.Calendar)
    immediate = not timings
    without = "an event without timing"
    windows = "a window only with date, takes or rate"
    memory = "memory only with takes or rate; a date's clock always runs"
    outcomes = "outcomes whose chances they change"
    has_window, has_pace = event.window is not None, bool(event.pace)
    forgets = event.memory == "enabling" and (immediate or "date" in timings)
    idle_odds = bool(event.odds) and not event.outcomes
    return [
        (calendar and has_pace, ("pace",), "a pace on a calendar", "no pace"),
        (immediate and has_pace, ("pace",), f"a pace on {without}", "no pace"),
        (immediate and has_window, ("window",), f"a window on {without}", windows),
        (forgets, ("memory",), "memory: enabling", memory),
        (idle_odds, ("odds",), "odds on an event without outcomes", outcomes),
    ]


def _outcome_contradictions(event: EventSpec) -> list[tuple[Path, str, str]]:
    broken: list[tuple[Path, str, str]] = [
        (("outcomes", name), f"an outcome named {name}", "another name: true and false are taken")
        for name in event.outcomes
        if name in ("true", "false", "by")
    ]
    rests = [n for n, o in event.outcomes.items() if isinstance(o.chance, notation.Rest)]
    broken += [
        (("outcomes", name, "chance"), "a second `rest`", "`rest` at most once")
        for name in rests[1:]
    ]
    return broken


class DriverSpec(Sourced):
    """A force that is always at exactly one of its levels."""

    group: Group | None = Field(None, description="The group of entries that it is listed with")

    plan: Name | None = Field(None, description="The event whose official date this is")
    levels: LevelsField = Field(description="Its levels, lowest first")
    more_cooperation: LevelsEnd | None = Field(
        None,
        description="Which end of its levels is more cooperation, `first` or `last`: figures "
        "colour it so; none where it has no such end",
    )
    initial: Initial = Field(description="The first level, or the chances of several")
    switches: dict[Name, Switch] = Field(
        default_factory=dict, description="`LEVEL -> LEVEL`: how it moves by itself"
    )


class Reference(Sourced):
    """A value, a pace table or a window for use as {like: NAME}."""

    value: Any = Field(None, description="The value as text, such as `2 to 4 years`")
    notation: dict[str, Any] = Field(default_factory=dict, exclude=True)
    luck: Text | None = Field(None, description="The name of the luck shared by its users")
    share: ShareField | None = Field(
        None, description="How much of the luck is shared, from 0 to 1"
    )
    pace: tuple[Pace, ...] | None = Field(None, description="A pace table")
    window: Windows | None = Field(None, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _sort_keys(cls, raw: Any) -> Any:
        """Sort the keys into a value's notation, a pace table or a window."""
        if not isinstance(raw, dict):
            return {"value": name_of(raw, "a value, a pace table or a window")}
        own = {name for name, field in cls.model_fields.items() if not field.exclude}
        meta = {key: raw[key] for key in raw if key in own}
        rest = {key: raw[key] for key in raw if key not in own}
        if isinstance(meta.get("pace"), list):
            meta["pace"] = tuple(meta["pace"])
        _check_keys(rest, whole=bool({"value", "pace"} & set(meta)))
        if set(rest) & {"open", "opens", "every", "lasts"}:
            return {**meta, "window": rest}
        if not rest and not {"value", "pace"} & set(meta):
            raise invalid(show(raw), "a value such as {lognormal: [2, 0.5]}, a pace or a window")
        return {**meta, "notation": rest}

    def raw_value(self) -> object:
        """Get the value as it was written, to be read once its user's kind is known."""
        return self.value if self.value is not None else self.notation

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """Describe the forms a reference may take."""
        return shapes.REFERENCE_SHAPE


_BESIDE = ("title", "description", "why", "value", "luck", "share", "pace")
_IN_PLACE = NOTATION_KEYS | {"open", "opens", "every", "lasts", "like"}


def _check_keys(rest: dict[str, Any], *, whole: bool) -> None:
    """Refuse keys of a reference that are mistyped, and unknown ones beside a `whole` of it."""
    faults = Faults()
    for key in rest:
        hint = None if key in _IN_PLACE else near_miss(str(key), (*_BESIDE, "sources", "judgement"))
        if hint is not None or (whole and key not in _IN_PLACE):
            expected = "a key that is allowed there" if hint else listing(_BESIDE)
            faults.add(f"the unknown key {show(key)}", expected, key, hint=hint)
    faults.check()


class Question(Model):
    """A question put to every timeline; exactly one key says what."""

    kind: str = Field(exclude=True)
    events: tuple[Place, ...] = Field((), exclude=True)  # where events stand, each a choice
    driver: Name | None = None
    index: tuple[IndexItem, ...] = ()
    title: Text | None = None
    description: Text | None = None
    outcome: Name | None = None
    by: Day | None = None
    headline: Truth = False

    @model_validator(mode="before")
    @classmethod
    def _sort_keys(cls, raw: Any) -> Any:
        """Turn the one key that says what is asked into `kind` and its contents."""
        expected = f"one of {listing(QUESTIONS)}"
        if isinstance(raw, str) and len(raw) <= MOST_SIGNS:
            hint = condition_slips.question_meant(raw)
            raise invalid(show(raw), f"a question: {expected}", hint=hint)
        data = mapping_of(raw, f"a question: {expected}")
        kinds = [key for key in data if key in QUESTIONS]
        if len(kinds) != 1:
            raise invalid(" and ".join(kinds) or show(data), expected)
        (kind,) = kinds
        rest = {key: item for key, item in data.items() if key != kind}
        faults = Faults()
        with faults.at(kind):
            asked = QUESTIONS[kind].form.read(data[kind])
        if "outcome" in data and kind not in SINGLE:
            faults.add(f"outcome with {kind}", f"outcome only with {listing(SINGLE)}", "outcome")
        faults.check()
        return {**rest, **asked, "kind": kind}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """Describe the kinds of questions."""
        return shapes.QUESTION_SHAPE


class Scenario(Model):  # noqa: PLW1641  # it holds mappings
    """Everything that is assumed, ready to be simulated."""

    scenario: Identity = Field(description="The scenario's id; it names the result folder")
    title: Text | None = Field(None, description="What the scenario is about, in a line")
    description: Text | None = Field(None, description="The story it tells")
    as_of: Day | None = Field(None, description="What is known: no later claim may be cited")
    start: Day = Field(description="Simulated time 0, 00:00 UTC")
    end: Day = Field(description="The horizon; its day is included")
    runs: RunsField = Field(10_000, description="Number of timelines")
    seed: Seed = Field(1, description="The seed of the random numbers")
    references: dict[Name, Reference] = Field(
        default_factory=dict, description="Named values, pace tables and windows: {like: NAME}"
    )
    drivers: dict[Name, DriverSpec] = Field(
        default_factory=dict, description="The forces, each always at one of its levels"
    )
    events: dict[Name, EventSpec] = Field(default_factory=dict, description="What can happen")
    outcomes: dict[Name, Question] = Field(
        default_factory=dict, description="The questions put to every timeline"
    )
    _sets: tuple[str, ...] = PrivateAttr(())  # no part of what is assumed, only where it is from

    def __eq__(self, other: object) -> bool:
        """Tell whether another assumes and asks the same, whatever was set to come there."""
        return isinstance(other, Scenario) and dict(self) == dict(other)

    @property
    def sets(self) -> tuple[str, ...]:
        """Get the assumptions PATH=VALUE that were set over what the scenario's file says."""
        return self._sets

    @property
    def variant(self) -> tuple[str, ...]:
        """Get of what was set what makes it another than the one its id names, if anything does."""
        return variant_of(self._sets)

    def having_set(self, sets: Iterable[str]) -> Scenario:
        """Note what was set over what the scenario's file says."""
        copy = self.model_copy()
        copy._sets = tuple(sets)  # noqa: SLF001  # its own, before anyone else has it
        return copy

    @property
    def horizon(self) -> int:
        """Get the seconds from start to the 00:00 after the last day."""
        return self.end.end_of_day - self.start.first

    @property
    def headlines(self) -> tuple[str, ...]:
        """Get the names of the questions that lead, in their order."""
        return tuple(name for name, asked in self.outcomes.items() if asked.headline)
