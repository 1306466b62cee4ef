"""What a person is told of a precision that was asked for."""

from __future__ import annotations

from coopsim.analysis.precision import Look, WatchedChance
from coopsim.presentation.words.wording import timelines

_NAMED = 3  # of those that are not precise enough


def wide_text(look: Look) -> str:
    """Name in a few words what is known least precisely."""
    return f"{_known(look.widest)}, timelines"


def foretold_text(look: Look) -> str:
    """Warn beforehand that a precision takes more timelines than are allowed."""
    return (
        f"--precision {look.goal.precision:g} takes {_about(look.expected)}, and at most "
        f"{look.goal.most:,} are allowed; raise `--runs` to allow more"
    )


def precision_text(look: Look) -> str:
    """Write whether a precision was reached, after how much, and what is least precise."""
    count, wide, asked = len(look.chances), look.too_wide, f"±{look.goal.precision:g}"
    if not wide:
        of = "1 probability is" if count == 1 else f"{count} probabilities are"
        known = _known(look.widest)
        return f"{of} known to {asked} after {timelines(look.runs)}, the least precise {known}"
    named = "; ".join(map(_known, wide[:_NAMED]))
    more = f"; and {len(wide) - _NAMED} more" if len(wide) > _NAMED else ""
    return (
        f"{len(wide)} of {count} probabilities not known to {asked} after "
        f"{timelines(look.runs)}: {named}{more}. It would take {_about(look.expected)}; raise "
        "`--runs` to allow more"
    )


def _known(chance: WatchedChance) -> str:
    return f"{chance.text} ±{chance.reach:.2g}"


def _about(runs: int) -> str:
    return f"about {float(f'{runs:.2g}'):,.0f} timelines"
