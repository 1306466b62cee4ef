"""Reading a file of open questions: every problem at once, each with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path as FilePath
from typing import get_args

from coopsim.errors import Problem, ScenarioError
from coopsim.forecasts.files import text_of_file
from coopsim.forecasts.questions import (
    NO,
    PLAIN_NAME,
    REST,
    YES,
    Fit,
    HowAsked,
    Kind,
    OpenQuestion,
    QuestionBook,
    WorldQuestion,
)
from coopsim.scenario.notation.quantities import read_period
from coopsim.scenario.notation.values import format_date
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import (
    Faults,
    Path,
    invalid,
    keys_within,
    listing,
    mapping_of,
    name_of,
    names_of,
    show,
    text_of,
)
from coopsim.scenario.text.tree import Map, Seq, problem_at
from coopsim.scenario.text.yaml_text import read_text

TOP = ("title", "opens", "questions")
FIELDS = (
    "id", "question", "opens", "by", "kind", "options", "criterion", "source", "state", "unchanged",
    "asked",
)  # fmt: skip
ASKED = ("for", "statement", "answers", "silent", "fit", "why")
DAYS = ("opens", "by")  # in braces within a statement
BY = "{by}"
KINDS, FITS = get_args(Kind), get_args(Fit)
_BRACES = re.compile(r"\{([^{}]*)\}")
_LONGEST = 2_000  # signs of a text


def read_questions(path: FilePath) -> QuestionBook:
    """Read a file of open questions; raises ScenarioError with every problem found."""
    tree, problems = read_text(text_of_file(path, "a file of open questions"), str(path))
    faults = Faults()
    keys_within(tree, TOP, faults)
    title, opens, items = path.stem, None, tree.get("questions")
    with faults.at():
        title = text_in(tree, "title", "a title of these questions")
    with faults.at("opens"):
        opens = None if tree.get("opens") is None else read_day(tree["opens"])
    if not isinstance(items, Seq) or not items:
        faults.add(show(items), "a list of open questions", "questions")
    questions = _questions(items, opens, faults) if isinstance(items, Seq) else {}
    problems += problems_of(tree, faults)
    if problems:
        raise ScenarioError(problems)
    return QuestionBook(title, questions, tree)


def problems_of(tree: Map, faults: Faults, path: Path = ()) -> list[Problem]:
    """Place faults, found below a path of a file, in its lines."""
    return [
        problem_at(tree, (*path, *fault.path), fault.found, fault.expected, fault.hint)
        for fault in faults.found
    ]


def read_day(raw: object) -> date:
    """Read a full day; raises Invalid."""
    period = read_period(raw)
    if not period.is_day:
        raise invalid(show(raw), "a full day, such as 2027-12-31")
    return date.fromisoformat(format_date(period.first))


def text_in(data: Mapping[str, object], key: str, what: str) -> str:
    """Get a text that has to stand under a key, as one line; raises Invalid."""
    raw = data.get(key)
    if raw is None or isinstance(raw, Mapping | list | tuple):
        raise invalid(show(raw), what, key)
    text = " ".join(text_of(raw).split())
    if not text:
        raise invalid("an empty text", what, key)
    if len(text) > _LONGEST:
        raise invalid(f"a text of {len(text):,} signs", f"at most {_LONGEST:,} signs", key)
    return text


def one_of(name: str, known: Sequence[str], path: str, what: str) -> str:
    """Get a name that is one of some; raises Invalid with a near miss."""
    if name not in known:
        expected = f"{what}: {listing(f'`{one}`' for one in known)}"
        raise invalid(show(name), expected, path, hint=near_miss(name, known))
    return name


def _questions(items: Seq, opens: date | None, faults: Faults) -> dict[str, OpenQuestion]:
    questions: dict[str, OpenQuestion] = {}
    for position, item in enumerate(items):
        with faults.at("questions", position):
            question = _question(item, opens, ("questions", position))
            identity = question.world.identity
            if identity in questions:
                raise invalid(f"'{identity}' again", "an id of its own", "id")
            questions[identity] = question
    return questions


def _question(raw: object, opens: date | None, path: Path) -> OpenQuestion:
    data = mapping_of(raw, "a question with `id`, `question`, `by`, `criterion` and `source`")
    faults = Faults()
    keys_within(data, FIELDS, faults)
    texts: dict[str, str] = {}
    for key, what in _TEXTS.items():
        with faults.at():
            texts[key] = text_in(data, key, what)
    kind: Kind = "yes_no"
    options: tuple[str, ...] = ()
    unchanged = None
    with faults.at():
        kind = _kind(data)
        options = _options(data, kind)
        unchanged = _unchanged(data, options or (YES, NO))
    begins = ends = None
    with faults.at("id"):
        _plain_name(texts.get("id", "q"))
    with faults.at("opens"):
        begins = _opens(data, opens)
    with faults.at("by"):
        ends = _by(data, begins)
    asked: tuple[HowAsked, ...] = ()
    with faults.at("asked"):
        asked = _asked(data.get("asked"), kind, options, path)
    faults.check()
    assert begins is not None
    assert ends is not None
    state = text_in(data, "state", "what was known") if data.get("state") is not None else None
    world = WorldQuestion(
        texts["id"], texts["question"], begins, ends, kind, options,
        texts["criterion"], texts["source"], state, unchanged,
    )  # fmt: skip
    return OpenQuestion(world, asked)


_TEXTS = {
    "id": "an id, such as `q12`",
    "question": "the question in words",
    "criterion": "what has to be seen for which answer",
    "source": "who decides, such as `NASA launch reports`",
}


def _plain_name(text: str) -> None:
    if not re.fullmatch(PLAIN_NAME, text):
        raise invalid(show(text), "an id of letters, digits, `-` and `_`, such as `q12`")


def _kind(data: Mapping[str, object]) -> Kind:
    if data.get("kind") is None:
        return "yes_no"
    name = one_of(name_of(data["kind"], "a kind of question"), KINDS, "kind", "a kind of question")
    found: Kind = next(kind for kind in KINDS if kind == name)
    return found


def _options(data: Mapping[str, object], kind: Kind) -> tuple[str, ...]:
    given = data.get("options")
    if kind in ("yes_no", "date"):
        if given is not None:
            expected = f"none with `kind: {kind}`: `kind: choice` has options"
            raise invalid(show(given), expected, "options")
        return (YES, NO) if kind == "yes_no" else ()
    faults = Faults()
    options: tuple[str, ...] = ()
    with faults.at("options"):
        options = names_of(given, f"the answers of a {kind}, as a list")
        if len(options) < 2:
            raise invalid(listing(options) or "none", "two answers or more, as a list")
        again = next((one for n, one in enumerate(options) if one in options[:n]), None)
        if again is not None:
            raise invalid(f"'{again}' again", "answers that differ")
    faults.check()
    return options


def _opens(data: Mapping[str, object], opens: date | None) -> date:
    if data.get("opens") is not None:
        return read_day(data["opens"])
    if opens is None:
        raise invalid("nothing", "the day on which it opens, here or at the top of the file")
    return opens


def _by(data: Mapping[str, object], opens: date | None) -> date:
    by = read_day(data.get("by"))
    if opens is not None and by < opens:
        raise invalid(show(data["by"]), f"a day not before {opens}, on which it opens")
    return by


def _unchanged(data: Mapping[str, object], answers: Sequence[str]) -> str | None:
    if data.get("unchanged") is None:
        return None
    name = name_of(data["unchanged"], "an answer")
    return one_of(name, answers, "unchanged", "one of its answers")


# --- how it is asked ------------------------------------------------------------------------------


def _asked(raw: object, kind: Kind, options: Sequence[str], path: Path) -> tuple[HowAsked, ...]:
    """Read how scenarios are asked: one mapping for all, or several, the last one for the rest."""
    if not isinstance(raw, list):
        return (_asking(raw, kind, options, (*path, "asked")),)
    faults = Faults()
    found: list[HowAsked] = []
    for position, item in enumerate(raw):
        with faults.at(position):
            found.append(_asking(item, kind, options, (*path, "asked", position)))
    faults.check()
    if not found or found[-1].scenarios:
        raise invalid("no way for other scenarios", "a last one without `for`, for all others")
    for position, one in enumerate(found[:-1]):
        if not one.scenarios:
            raise invalid("no `for`", "the scenarios it is for, as it is not the last", position)
    return tuple(found)


def _asking(raw: object, kind: Kind, options: Sequence[str], path: Path) -> HowAsked:
    data = mapping_of(raw, "how it is asked: `statement`, `answers` or `silent`")
    faults = Faults()
    keys_within(data, ASKED, faults)
    faults.check()
    scenarios: tuple[str, ...] = ()
    answers: Mapping[str, str] = {}
    fit, why = None, None
    with faults.at("for"):
        if data.get("for") is not None:
            scenarios = names_of(data["for"], "ids of scenarios, as a list")
    with faults.at():
        answers = _answers(data, kind, options)
    with faults.at():
        fit, why = _fit(data)
    faults.check()
    left_out = [one for one in options if one not in answers]
    if kind in ("choice", "count") and fit == "exact" and left_out:
        found = f"no statement for {listing((f'`{one}`' for one in left_out), 'and')}"
        raise invalid(found, "one for each option, or `fit: approximate`", "answers")
    return HowAsked(scenarios, answers, fit, why, path)


def _answers(data: Mapping[str, object], kind: Kind, options: Sequence[str]) -> Mapping[str, str]:
    """Read the statement for each answer; none where the model is silent."""
    wanted = "answers" if kind in ("choice", "count") else "statement"
    given = [key for key in ("statement", "answers", "silent") if data.get(key) is not None]
    if given not in ([wanted], ["silent"]):
        found = listing((f"`{key}`" for key in given), "and") or "no statement"
        raise invalid(found, f"`{wanted}`, as it is of kind {kind}, or `silent` and why")
    if given == ["silent"]:
        return {}
    if wanted == "statement":
        return {YES: _statement(data, "statement")}
    faults = Faults()
    answers: dict[str, str] = {}
    with faults.at("answers"):
        answers = _of_options(data["answers"], options)
    faults.check()
    return answers


def _of_options(raw: object, options: Sequence[str]) -> dict[str, str]:
    """Read the statements for options, in the order of the options."""
    given = mapping_of(raw, "a statement for each option")
    faults = Faults()
    answers: dict[str, str] = {}
    for option in given:
        with faults.at():
            one_of(option, options, option, "one of its options")
            answers[option] = _statement(given, option)
    faults.check()
    rest = [option for option, text in answers.items() if text == REST]
    if len(answers) - len(rest) < 1 or len(rest) > 1:
        found = "nothing but the rest" if len(rest) == len(answers) else "the rest twice"
        raise invalid(found, f"statements, and `{REST}` for one option at most")
    return {option: answers[option] for option in options if option in answers}


def _statement(data: Mapping[str, object], key: str) -> str:
    text = text_in(data, key, "a statement about a timeline, as for `given --that`")
    faults = Faults()
    for name in _BRACES.findall(text):
        if name not in DAYS:
            found, hint = f"'{{{name}}}'", near_miss(name, DAYS)
            faults.add(found, "`{opens}` or `{by}` in braces", key, hint=hint)
    faults.check()
    return text


def _fit(data: Mapping[str, object]) -> tuple[Fit | None, str | None]:
    """Read how well a statement fits, and why no better, or why there is none."""
    if data.get("silent") is not None:
        for key in ("fit", "why"):
            if data.get(key) is not None:
                raise invalid(f"`{key}` beside `silent`", "the reason in `silent`, alone", key)
        return None, text_in(data, "silent", "why the model is silent")
    what = "how well the statement fits"
    name = one_of(text_in(data, "fit", f"{what}: `exact` or `approximate`"), FITS, "fit", what)
    if name == "approximate":
        return "approximate", text_in(data, "why", "why it fits only roughly")
    if data.get("why") is not None:
        raise invalid("a reason beside `fit: exact`", "one with `fit: approximate` only", "why")
    return "exact", None


# --- statements -----------------------------------------------------------------------------------


def statements_of(asking: HowAsked, opens: date, by: date) -> dict[str, str]:
    """Write the statements of an asking with the question's days in place, asked until `by`.

    What is `rest` becomes that none of the others is so.
    """
    days = {"opens": opens.isoformat(), "by": by.isoformat()}
    written = {
        answer: _BRACES.sub(lambda match: days[match[1]], text)
        for answer, text in asking.answers.items()
    }
    others = " and ".join(f"not ({text})" for text in written.values() if text != REST)
    return {answer: others if text == REST else text for answer, text in written.items()}
