"""`coopsim fmt`: older forms in today's words, comments and meaning kept."""

from __future__ import annotations

import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopsim.errors import CoopsimError
from coopsim.scenario.formatting import changes
from coopsim.scenario.loading import Loaded, load, load_resolved
from coopsim.scenario.plain.rewriting import rewritten
from terminal import coopsim

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))

OLD = """\
# A scenario in older forms.
scenario: old   # its id
start: 2025-01-01
end: 2034-12-31

drivers:
  climate:
    title: Climate
    levels: [cold, cool, warm]
    initial: cool
    switches:
      cool -> cold:
        # a comment of its own
        rate: 0.5 per year
        when: {thaw: false}
      cool -> warm:
        rate:
          by: thaw
          false: 0.1 to 0.4 per year
          true: 0.5 per year
    judgement: >-
      A judgement that is folded
      over two lines.

    # before the next one

events:
  thaw: {title: A thaw, rate: 5 % within 2 years, judgement: 'The rate, and all else, is ours.'}

  pact:
    takes: {low: 2 months, likely: 4 months, high: 24 months}
    when:
      - {climate: {at_least: cool}, thaw: true}
      - {climate: warm}
    unless: {climate: cold}   # never then
    outcomes:
      signed:
        chance:
          - {when: {thaw: true}, is: 0.6}
          - {is: 30 %}
        sets:
          climate: warm
      failed: {chance: rest}
    sources: [talks.1, talks.2]
    judgement: It is stated; "how likely" is ours.
  visit:
    rate: 1 per year
    sources:
      - talks.3  # said in May
    judgement: Kept apart, as there is a comment in it.

outcomes:
  pact:
    event: pact
    title: A pact
"""

NEW = """\
# A scenario in older forms.
scenario: old   # its id
start: 2025-01-01
end: 2034-12-31

drivers:
  climate:
    title: Climate
    levels: [cold, cool, warm]
    initial: cool
    switches:
      cool -> cold:
        # a comment of its own
        rate: 0.5 per year
        when: not thaw
      cool -> warm: {rate: {by: thaw, per: year, false: 0.1 to 0.4, true: 0.5}}
    why: A judgement that is folded over two lines.

    # before the next one

events:
  thaw: {title: A thaw, rate: 5 % within 2 years, why: 'The rate, and all else, is ours.'}

  pact:
    takes: {in: months, low: 2, likely: 4, high: 24}
    when: (climate >= cool and thaw) or climate = warm
    unless: climate = cold   # never then
    outcomes:
      signed: {chance: [{when: thaw, is: 0.6}, {is: 30 %}], sets: {climate: warm}}
      failed: {chance: rest}
    why: It is stated; "how likely" is ours [talks.1, talks.2].
  visit:
    rate: 1 per year
    sources: [talks.3]  # said in May
    judgement: Kept apart, as there is a comment in it.

outcomes:
  pact: {event: pact, title: A pact}
"""


SHORT = """\
scenario: old
start: 2025-01-01
end: 2034-12-31
events:
  pact:
    rate: 1 per year
    judgement: Ours.
"""
DIFFERENCE = """\
--- old.yaml
+++ old.yaml
@@ -4,4 +4,4 @@
 events:
   pact:
     rate: 1 per year
-    judgement: Ours.
+    why: Ours.
"""


def formatted(path: Path) -> str:
    """Rewrite a file in place; gives its new text."""
    for change in changes([path]):
        change.path.write_bytes(change.content)
    return path.read_text(encoding="utf-8")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.yaml"
    path.write_text(OLD, encoding="utf-8")
    return path


def test_older_forms_are_rewritten_and_all_else_stays(old: Path) -> None:
    assert formatted(old) == NEW


def test_what_has_been_rewritten_stays_as_it_is(old: Path) -> None:
    formatted(old)
    assert changes([old]) == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_resolved_scenario_in_plain_words_stays_the_same(path: Path, tmp_path: Path) -> None:
    loaded = load(path)
    copy = tmp_path / path.name
    copy.write_text(loaded.text, encoding="utf-8")
    after = formatted(copy)
    assert after.count("\n") < loaded.text.count("\n")
    again = load_resolved(copy)
    assert (again.text, again.hash) == (loaded.text, loaded.hash)
    assert changes([copy]) == []


def test_the_shipped_files_are_written_in_todays_words() -> None:
    assert "".join(change.difference for change in changes(SCENARIOS)) == ""


_LEVELS = ("cold", "cool", "mild", "warm")
_WORLD = """\
scenario: generated
start: 2025-01-01
end: 2034-12-31
drivers:
  warmth: {levels: [cold, cool, mild, warm], initial: cool}
events:
  pact: {rate: 1 per year, outcomes: {signed: {chance: 0.5}, failed: {chance: rest}}}
"""
_TESTS = st.sampled_from(
    ["{warmth: cool}", "{warmth: {at_least: mild}}", "{pact: signed}", "{pact: false}",
     "[{warmth: cold}, {pact: true}]", "{warmth: [cold, warm], pact: [signed, false]}"]
)  # fmt: skip
_RATES = st.sampled_from(
    ["0.5 per year", "0.1 to 0.4 per year", "1 per 2 years", "50 % within 1 year"]
)
_TEXTS = st.text("ab .:;,'\"[]{}#-éè\n", max_size=30)


def load_text(text: str) -> Loaded:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "generated.yaml"
        path.write_text(text, encoding="utf-8")
        return load_resolved(path)


@settings(max_examples=60)
@given(_TESTS, _TESTS, st.lists(_RATES, min_size=4, max_size=4), _TEXTS, st.booleans())
def test_generated_scenarios_stay_the_same(
    first: str, second: str, rates: list[str], said: str, braces: bool
) -> None:
    quoted = "'" + said.replace("'", "''").replace("\n", " ") + "'"
    table = ", ".join(f"{level}: {rate}" for level, rate in zip(_LEVELS, rates, strict=True))
    entry = [f"rate: {{by: warmth, {table}}}", f"when: {first}", f"unless: {second}"]
    entry += [f"judgement: {quoted}"] if said.strip() else []
    joined = f"{{{', '.join(entry)}}}" if braces else "".join(f"\n    {line}" for line in entry)
    text = _WORLD + f"  made: {joined}\n"
    before = load_text(text)
    after = rewritten(text, before.tree)
    again = load_text(after)
    assert (again.text, again.hash) == (before.text, before.hash)
    assert rewritten(after, again.tree) == after


def test_line_ends_are_kept(old: Path) -> None:
    old.write_bytes(OLD.replace("\n", "\r\n").encode())
    formatted(old)
    assert old.read_bytes() == NEW.replace("\n", "\r\n").encode()


def test_a_text_with_anchors_stays_as_it_is(old: Path) -> None:
    anchored = OLD.replace("{climate: cold}   # never", "&cold {climate: cold}   # never")
    old.write_text(anchored, encoding="utf-8")
    assert changes([old]) == []


def test_a_file_is_the_same_by_whatever_path(old: Path) -> None:
    (old.parent / "below").mkdir()
    child = old.with_name("child.yaml")
    child.write_text("scenario: child\nextends: below/../old.yaml\n", encoding="utf-8")
    assert len(changes([old, old.parent / "below" / ".." / "old.yaml", child])) == 1


def test_section_files_are_rewritten_with_their_scenario(tmp_path: Path) -> None:
    head, drivers = OLD.split("drivers:\n")
    drivers, rest = drivers.split("events:\n")
    part = tmp_path / "parts" / "drivers.yaml"
    part.parent.mkdir()
    part.write_text(f"drivers:\n{drivers}", encoding="utf-8")
    path = tmp_path / "old.yaml"
    path.write_text(f"{head}include: [parts/drivers.yaml]\nevents:\n{rest}", encoding="utf-8")
    assert [change.path for change in changes([path])] == [path, part]
    formatted(path)
    assert part.read_text(encoding="utf-8") == NEW[NEW.index("drivers:") : NEW.index("events:")]
    with pytest.raises(CoopsimError) as error:
        changes([part])
    assert str(error.value) == f"{part} is a section file: name the scenario that includes it"


def test_a_child_keeps_the_sources_that_it_inherits(old: Path) -> None:
    child = old.with_name("child.yaml")
    child.write_text("scenario: child\nextends: old.yaml\nevents: {pact: {judgement: Mine.}}\n")
    both = changes([old, child])
    assert both[1].after == (
        "scenario: child\nextends: old.yaml\nevents: {pact: {why: 'Mine [talks.1, talks.2].'}}\n"
    )


def test_nothing_is_rewritten_where_a_child_would_change_by_it(old: Path) -> None:
    child = old.with_name("child.yaml")
    child.write_text("scenario: child\nextends: old.yaml\nevents: {pact: {judgement: Mine.}}\n")
    with pytest.raises(CoopsimError) as error:
        changes([old])
    told = f"{child} would be another scenario; name it too, so that it is rewritten with the rest"
    assert str(error.value) == told


# --- the command --------------------------------------------------------------------------------


def test_the_difference_is_shown_and_nothing_written(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SHORT, encoding="utf-8")
    done = coopsim(tmp_path, "fmt", "old.yaml")
    assert (done.returncode, done.stdout) == (0, DIFFERENCE)
    assert done.stderr == "nothing was written; --write does\n"
    assert (tmp_path / "old.yaml").read_text(encoding="utf-8") == SHORT


def test_a_check_ends_with_1_where_something_would_change(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SHORT, encoding="utf-8")
    done = coopsim(tmp_path, "fmt", "old.yaml", "--check")
    assert (done.returncode, done.stdout, done.stderr) == (1, DIFFERENCE, "")


def test_write_writes(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SHORT, encoding="utf-8")
    done = coopsim(tmp_path, "fmt", "old.yaml", "--write")
    assert (done.returncode, done.stdout, done.stderr) == (0, DIFFERENCE, "wrote old.yaml\n")
    done = coopsim(tmp_path, "fmt", "old.yaml", "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "nothing to rewrite\n")


def test_a_file_with_problems_gets_them_told(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(SHORT.replace("2025-01-01", "soon"), encoding="utf-8")
    done = coopsim(tmp_path, "fmt", "old.yaml", "--write")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("old.yaml:2: error: start: found 'soon'")
    done = coopsim(tmp_path, "fmt", "none.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("none.yaml: error: found no such file, expected a scenario file")


@pytest.mark.parametrize(
    ("answer", "told"),
    [("y\n", "wrote old.yaml\n"), ("\n", "nothing was written; --write does\n")],
)
def test_at_a_terminal_a_yes_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, told: str
) -> None:
    path = tmp_path / "old.yaml"
    path.write_text(SHORT, encoding="utf-8")
    typed = io.StringIO(answer)
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", typed)
    monkeypatch.setattr("terminal.Err.isatty", lambda _: True)
    done = coopsim(tmp_path, "fmt", "old.yaml")
    assert (done.returncode, done.stderr) == (0, f"Write 1 file? [y/N]\n{told}")
    assert (path.read_text(encoding="utf-8") == SHORT) == (answer == "\n")


def test_colours_show_a_difference_at_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old.yaml").write_text(SHORT, encoding="utf-8")
    monkeypatch.setattr("terminal.Out.isatty", lambda _: True)
    done = coopsim(tmp_path, "fmt", "old.yaml", NO_COLOR="", TERM="xterm-256color")
    assert "\x1b[" in done.stdout
    plain = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).splitlines()]
    assert plain == [line.rstrip() for line in DIFFERENCE.splitlines()]
