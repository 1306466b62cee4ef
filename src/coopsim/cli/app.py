"""The application: its options, its help, and what it says when something is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.models import CommandInfo

from coopsim.cli.failing import prepare, refuse_what_is_no_text, stop, tell
from coopsim.cli.printing import printing, say
from coopsim.errors import StoppedError


class _Arranged(TyperGroup):
    """Commands in the order in which they are arranged; families of commands follow them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """List the names of the commands."""
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: isinstance(self.commands[name], TyperGroup))


_SETTINGS: Any = {
    "no_args_is_help": True,
    "rich_markup_mode": "markdown",
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
app = typer.Typer(
    name="coopsim",
    cls=_Arranged,
    help="Turn sourced assumptions about cooperation in space into dated futures.",
    pretty_exceptions_enable=False,
    **_SETTINGS,
)

_INTERRUPTED = 130  # what Typer ends with after Ctrl-C, without a word


def run(offering: Callable[[Sequence[str]], typer.Typer]) -> None:
    """Run the application that offers the command of our arguments; see `main`."""
    prepare()
    arguments = sys.argv[1:]
    try:
        refuse_what_is_no_text(arguments)
        code = offering(arguments)(arguments, prog_name="coopsim", standalone_mode=False)
        if code == _INTERRUPTED:
            raise KeyboardInterrupt  # noqa: TRY301  # Typer has made a number of it
        with printing():  # whatever Typer has printed, such as help
            pass
    except (KeyboardInterrupt, typer.Abort):
        stop("stopped")
    except StoppedError as error:
        stop(str(error))
    except Exception as error:  # noqa: BLE001  # the last resort: no traceback for a user
        code = tell(error, arguments)
    sys.exit(code)


def arrange(panels: Mapping[str, Iterable[str]]) -> None:
    """Set in which panel, and in which order, `--help` lists the commands that there are."""
    titles = {name: title for title, names in panels.items() for name in names}
    order = list(titles)
    app.registered_commands.sort(key=lambda command: order.index(_name_of(command)))
    for command in app.registered_commands:
        command.rich_help_panel = titles[_name_of(command)]


def family(name: str, says: str, panel: str) -> typer.Typer:
    """Make a command that has commands of its own, which `--help` lists in a panel of its own."""
    made = typer.Typer(name=name, help=says, **_SETTINGS)
    app.add_typer(made, rich_help_panel=panel)
    return made


def _name_of(command: CommandInfo) -> str:
    assert command.callback is not None
    return command.name or command.callback.__name__


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"coopsim {version('coopsim')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass
