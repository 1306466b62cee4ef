"""The track record: record forecasts, resolve questions, verify and list what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import family
from coopsim.cli.completing import question_ids, result_names
from coopsim.cli.options import DEFAULT_RESULTS, AsJson, NoFigures, Results, ThreadsOption
from coopsim.cli.printing import opened, progress
from coopsim.errors import UsageError

forecast = family(
    "forecast",
    """Record forecasts, resolve questions, and score the one by the other.

    Example: `coopsim forecast list --due`
    """,
    panel="Track record",
)

DEFAULT_FORECASTS = Path("forecasts")
Forecasts = Annotated[
    Path, typer.Option("--forecasts", help="The folder that holds questions and forecasts.")
]


@forecast.command("record")
def record_command(
    names: Annotated[
        list[str],
        typer.Argument(metavar="RESULT", help="Results.", autocompletion=result_names),
    ],
    forecaster: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="The forecaster; the scenario's id by default."),
    ] = None,
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="TEXT", help="What has changed since the last one."),
    ] = None,
    forecasts: Forecasts = DEFAULT_FORECASTS,
    results: Results = DEFAULT_RESULTS,
    workers: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Record what results answer to the open questions of a folder.

    A further forecast of the same forecaster supersedes the last one and needs `--why`; nothing is
    ever overwritten. docs/forecasts.md says what is written.

    Example: `coopsim forecast record baseline thaw freeze`
    """
    from coopsim import api

    found = [opened(name, results) for name in names]
    with progress(silent=as_json) as on_progress:
        made = api.record_forecasts(
            found, forecasts, forecaster=forecaster, why=why, workers=workers,
            on_progress=on_progress,
        )  # fmt: skip
    answered(made, as_json=as_json)


@forecast.command("list")
def list_command(
    asked: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID", help="Questions to tell in detail.", autocompletion=question_ids
        ),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Those to be resolved next, in detail.")
    ] = False,
    within: Annotated[
        int,
        typer.Option(metavar="DAYS", min=0, help="How long before its close it is due."),
    ] = 30,
    forecasts: Forecasts = DEFAULT_FORECASTS,
    as_json: AsJson = False,
) -> None:
    """List open questions, those to be resolved next first, and what was forecast.

    Example: `coopsim forecast list --due`
    """
    from coopsim import api

    found = api.list_forecasts(forecasts, asked or (), due=due, within=within)
    answered(found, as_json=as_json)


@forecast.command("resolve")
def resolve_command(
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="A question.", autocompletion=question_ids)
    ],
    source: Annotated[str, typer.Option(metavar="TEXT", help="Who says so, and when.")],
    seen: Annotated[str, typer.Option(metavar="TEXT", help="What was seen, in your own words.")],
    answer: Annotated[
        str | None,
        typer.Option(
            metavar="yes|no|OPTION|DATE", help="The answer; of an event, the day on which it came."
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day from which it was certain; else the last one."),
    ] = None,
    early: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Why it is certain before the question closes."),
    ] = None,
    annul: Annotated[
        bool, typer.Option("--annul", help="The question has lost its sense: no score.")
    ] = False,
    dispute: Annotated[
        bool, typer.Option("--dispute", help="Sources disagree: no score until that is settled.")
    ] = False,
    forecasts: Forecasts = DEFAULT_FORECASTS,
    as_json: AsJson = False,
) -> None:
    """Write down how a question came out.

    An answer that proves wrong is resolved again: the newest counts, and the old one stays.

    Example: `coopsim forecast resolve q07 --answer 2027-03-02 --source "NASA, 2 March" --seen "They
    met in Houston"`
    """
    from coopsim import api

    if [answer is not None, annul, dispute].count(True) != 1:
        raise UsageError("give one of --answer, --annul and --dispute")
    found = api.resolve_question(
        identity, answer, source=source, seen=seen, on=on, early=early, forecasts=forecasts,
        status="annulled" if annul else "disputed" if dispute else "resolved",
    )  # fmt: skip
    answered(found, as_json=as_json)


@forecast.command("verify")
def verify_command(forecasts: Forecasts = DEFAULT_FORECASTS, as_json: AsJson = False) -> None:
    """Check that nothing in the folder was edited, removed or added by hand.

    Example: `coopsim forecast verify`
    """
    from coopsim import api

    answered(api.verify_forecasts(forecasts), as_json=as_json)


@forecast.command("score")
def score_command(
    forecasters: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FORECASTER]...", help="Whose forecasts; all by default."),
    ] = None,
    foils: Annotated[
        list[str] | None,
        typer.Option(
            "--foil",
            metavar="NAME",
            help="`coin`, `unchanged` or a forecaster, to score beside; may be repeated. The "
            "first two by default.",
        ),
    ] = None,
    forecasts: Forecasts = DEFAULT_FORECASTS,
    results: Results = DEFAULT_RESULTS,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Score forecasts by how their questions came out, beside a coin and other foils.

    docs/track-record.md says how scores are to be read.

    Example: `coopsim forecast score baseline --foil face_value`
    """
    from coopsim import api

    found = api.score_forecasts(forecasts, forecasters or (), foils or ())
    answered(found, as_json=as_json, results=None if no_figures else results)
