"""The words of a timeline: whole pages of small worlds, sentence by sentence."""

from __future__ import annotations

import pytest

from coopsim.analysis.stories.representative import Chosen, Wish
from coopsim.presentation.views.stories.causes import causes_view
from coopsim.presentation.views.stories.pair import pair_view
from coopsim.presentation.views.stories.story import chosen_text, story_view
from coopsim.presentation.views.view import View
from coopsim.presentation.words.wording import Wording
from shown import printed
from traced import STATION, counted_causes, paired, traced

LATER = STATION.replace("date: 2027-01-01, sets", "date: 2028-01-01, sets")


def body(page: View) -> str:
    """Leave the legend out: what follows the last heading's block."""
    return printed(page, 90).partition("\nOne timeline is not a forecast")[0]


STORY = """\
A small station
Timeline 0 of test, seed 7, 2025-01-01 to 2031-12-31

What happened
2026-01-01  They quarrel. It moved "Mood between the partners" from cool to cold. It
            stopped "The module is built".
2027-01-01  They make peace. It moved "Mood between the partners" from cold to warm. It
            set off "There is a party", released "The module is built" and sped up "The
            dome flies".
2027-01-01  There is a party. Set off by "They make peace".
2028-01-01  The module is built. Its clock ran from 2027-01-01, with "Mood between the
            partners" at cool or above. It released the wait from "The module is built" to
            "A crew arrives".
2028-07-02  A crew arrives: stays. It follows from the end of the wait from "The module is
            built" to "A crew arrives". It set off "There is a party".
2030-01-01  The lab flies. It had been due since 2026-06-01 and waited for a window.
2030-07-02  The dome flies.

Left out above, as it changed nothing
There is a party: once more, 2028-07-02

What had not happened by the end of 2031, and what it waited for
The mirror flies: "Money" at none

What came out
First crew: 2028-07-02
Mirror: not by 2031
"""


def test_a_whole_story() -> None:
    assert body(story_view(traced())) == STORY


def test_everything_is_told_when_it_is_asked_for() -> None:
    whole = printed(story_view(traced(), everything=True), 90)
    assert "Left out" not in whole
    assert whole.count("There is a party. Set off by") == 2


WAITS = """
drivers:
  mood: {title: Mood, levels: [low, middle, high], initial: low}
events:
  other: {date: 2025-03-01, outcomes: {a: {chance: 1}, b: {chance: rest}}}
  never: {date: 2090-01-01}
  level: {date: 2025-06-01, when: {mood: high}}
  range: {date: 2025-06-01, when: {mood: {at_least: middle}}}
  range_below: {date: 2025-06-01, when: {mood: [low, middle], never: true}}
  later: {date: 2028-06-01}
  later_and: {date: 2028-06-01, when: {mood: high}}
  outcome: {rate: 1 per year, when: {other: b}}
  not_yet: {rate: 1 per year, from: 2030-01-01}
  over: {rate: 1 per year, when: {mood: high}, until: 2026-06-30}
  barred: {date: 2025-06-01, unless: {other: true}}
  by_level: {upon: {mood: high}}
  by_event: {upon: [never], when: {mood: high}}
  shut: {date: 2025-06-01, window: {open: [[2025-01-01, 2025-01-31]]}}
  impossible: {takes: 1 year, when: {mood: high}, unless: {mood: high}}
"""
WAITING = """\
never: its own time (2090-01-01)
level: "Mood" at high
range: "Mood" at middle or above
range below: "never"
later: its own time (2028-06-01)
later and: its own time (2028-06-01) and "Mood" at high
outcome: "other" coming out b
not yet: its first day
over: its time ran out on 2026-06-30
barred: no longer possible after "other"
by level: not set off by "Mood" turning high
by event: not set off by "never", which needs "Mood" at high
shut: a window
impossible: something impossible
"""


def test_what_events_wait_for() -> None:
    told = body(story_view(traced(WAITS, end="2026-12-31")))
    assert told.partition("what it waited for\n")[2] == WAITING


RARE = (
    "Chosen as the rarest of the 20 with `lab` among 50 timelines: "
    "2 others have this combination of outcomes."
)


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        (
            Chosen(3, Wish(), 1000, 1000),
            "Chosen as the most typical of 1,000 timelines: the nearest to the middle.",
        ),
        (
            Chosen(3, Wish("typical", "crewed"), 9, 9),
            'Chosen as the most typical of 9 timelines: the nearest to the middle of "First crew".',
        ),
        (
            Chosen(3, Wish("rarest"), 50, 50, 1),
            "Chosen as the rarest of 50 timelines: no other has this combination of outcomes.",
        ),
        (
            Chosen(3, Wish("rarest", None, "lab"), 50, 20, 3),
            RARE,
        ),
        (
            Chosen(3, Wish("first", None, "lab"), 50, 20),
            "Chosen as the first of the 20 with `lab` among 50 timelines.",
        ),
    ],
)
def test_how_it_was_chosen(chosen: Chosen, text: str) -> None:
    assert list(chosen_text(chosen, Wording.of(traced().scenario))) == [text]


PAIR = """\
Timeline 0 of left and of right

Where they diverge
Until 2027-01-01 the only firing is the same.
In left: 2027-01-01 They make peace. It moved "Mood between the partners" from cold to
  warm. It set off "There is a party", released "The module is built" and sped up "The
  dome flies".
In right: 2028-01-01 They make peace. It moved "Mood between the partners" from cold to
  warm. It set off "There is a party", released "The module is built" and sped up "The
  dome flies".

What happens differently              left  right
They make peace                 2027-01-01  2028-01-01
There is a party                2027-01-01  2028-01-01
                          after "They make peace"
The module is built             2028-01-01  2028-12-31
                          after "They make peace"
A crew arrives            stays 2028-07-02  stays 2029-07-02
                          after "The module is built"
The dome flies                  2030-07-02  2031-01-01
                          after "They make peace"

Answers that differ                   left  right
First crew                      2028-07-02  2029-07-02
"""


def test_two_timelines_side_by_side() -> None:
    told = printed(pair_view(paired(STATION, LATER)), 90).partition("\nBoth timelines draw")[0]
    assert told == PAIR


def test_two_timelines_that_are_the_same_and_two_of_other_seeds() -> None:
    assert "Nowhere: all 8 firings are the same." in printed(
        pair_view(paired(STATION, STATION)), 90
    )
    other = paired(STATION, STATION + "seed: 8\n")
    assert "warning: their seeds are 7 and 8, so they share no luck" in printed(
        pair_view(other), 90
    )


CAUSES = """\
A small station
test: what events waited for last, over 20 timelines, seed 7

The lab flies, in all 20 timelines                                            share %
  a window                                                                    >83

The module is built, in all 20 timelines                                      share %
  "Mood between the partners" at cool or above                                >83

On its chain                                                                  share %
  They make peace                                                             >83

The mirror flies, not by the end of 2031 in 20 timelines: what it waited for  share %
  "Money" at none                                                             >83
"""


def test_causes_of_named_events() -> None:
    told = printed(causes_view(counted_causes(), ["lab", "module", "mirror"]), 90)
    assert told.partition("\nThe binding cause is")[0] == CAUSES


def test_without_names_only_what_varies_is_listed() -> None:
    assert "Every event has the same cause in all timelines." in printed(
        causes_view(counted_causes())
    )
    text = "events:\n  a: {rate: 1 per year}\n  b: {rate: 1 per year}\n  c: {after: [a, b]}\n"
    told = printed(causes_view(counted_causes(text)), 90)
    assert "c, in all 20 timelines" in told
    assert "a, in" not in told
