"""The page of `coopsim score`: the whole text at 80 columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.analysis.scorecard import scorecard
from coopsim.presentation.views.scorecard import scorecard_view
from coopsim.scenario.sources.resolutions import read_history
from hand_made import firings, start_cool, ten
from shown import printed
from test_scorecard import HISTORY, forecaster

pytestmark = pytest.mark.slow


def page(folder: Path, *, foil: bool) -> str:
    (folder / "made_up.yaml").write_text(HISTORY, encoding="utf-8")
    other = forecaster("nothing-3f9a2c1b", [firings([], 10)]) if foil else None
    history = read_history(folder / "made_up.yaml")
    card = scorecard(history, forecaster("ten-1a2b3c4d", [ten()]), other, start_cool)
    return printed(scorecard_view(card)).rstrip()


def test_scores_stand_beside_the_foil_and_knowing_nothing(tmp_path: Path) -> None:
    expected = """\
ten-1a2b3c4d against: Made up
10 timelines; what happened is known up to 2026-12-31

Mean scores                     result        foil           base  questions
  Brier score               0.25 ±0.11       0.667          0.250  3
  Log score, nats             0.7 ±0.2       2.076          0.693  3
  Date score (CRPS), years  0.21 ±0.09       0.500          0.313  2
  Level score (RPS)             0.0 ±?       0.000          0.222  1
  The foil is nothing-3f9a2c1b.

Reliability                 forecast %  happened %      questions
  from 10 to 30 %                   10           0              1
  from 30 to 50 %                   30         100              1
  from 50 to 70 %                   50         100              1

Most wrong                  forecast %          by  what happened
  Both                              30  2026-01-01            yes

All questions               forecast %          by  what happened
  A launch works                    50  2026-12-31     2026-01-01
  A landing                         10  2026-06-30             no
  Both                              30  2026-01-01            yes
  The mood                         >72  2026-01-01           cool

Lower scores are better; 0 is perfect. ± is the Monte Carlo standard error; it
does not reflect how few the questions are, or that they are correlated. Base:
the score of knowing nothing, with one half for each yes or no, at every date,
and the same chance for every level of a driver.

The log score takes k of n timelines for a probability of (k + 1/2) / (n + 1),
as no finite number of timelines proves that something is impossible. Dates
count up to the last day for which it is known what happened; anything later
counts as not yet."""
    assert page(tmp_path, foil=True) == expected


def test_without_a_foil_its_column_is_left_out(tmp_path: Path) -> None:
    expected = """\
Mean scores                     result        base  questions
  Brier score               0.25 ±0.11       0.250  3
  Log score, nats             0.7 ±0.2       0.693  3
"""
    assert expected in page(tmp_path, foil=False)
