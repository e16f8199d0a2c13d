"""What the commands share: settings, the open instance, errors as exit status 1, progress."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from server import settings as settings_module
from server.commit import Desk
from server.domain import opening
from server.domain.accounts import SYSTEM, Person
from server.errors import CrowdHeritageError, Invalid, Locked
from server.i18n import _
from server.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")


def settings_of(**overrides: Any) -> Settings:
    """The settings of this command: `--data` of the group, the environment, the defaults."""
    context = click.get_current_context()
    data: Path | None = context.find_root().params.get("data") or context.params.get("data")
    return settings_module.read(data=data, **overrides)


@contextmanager
def opened(settings: Settings) -> Iterator[Desk]:
    """The open instance, as the commands use it."""
    with opening.opened(settings) as desk:
        yield desk


def system(desk: Desk) -> Person:
    """Whoever may run commands on the machine may do anything: the built-in administrator."""
    return Person(
        id=SYSTEM, name="System", role="admin", guest=False, agent=desk.names.agent(SYSTEM)
    )


def fail_in_words(command: Callable[P, T]) -> Callable[P, T]:
    """Errors of the domain become a message on standard error and exit status 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except CrowdHeritageError as error:
            click.echo(f"crowdheritage: {error}{_elsewhere(error)}", err=True)
            if isinstance(error, Invalid):
                for problem in error.problems:
                    if problem.message != str(error):
                        click.echo(f"  {problem.field}: {problem.message}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            raise  # whoever read our output has enough: click ends quietly
        except UnicodeDecodeError as error:
            place = _(
                "The file is not in UTF-8: see its byte {position}.", position=error.start + 1
            )
            click.echo(f"crowdheritage: {place}", err=True)
            sys.exit(1)
        except OSError as error:
            click.echo(f"crowdheritage: {error}", err=True)
            sys.exit(1)

    return run


#: Where the running server does the same, by the last words of a command's name.
_PAGES = {
    "import": "/collections/import",
    "vocabulary load": "/vocabularies/load",
    "vocabulary changes": "/vocabularies/SLUG/loads",
    "vocabulary undo": "/vocabularies/SLUG/loads",
    "vocabulary list": "/vocabularies",
    "dump": "/dumps/",
    "europeana export": "/campaigns/SLUG/europeana/annotations",
    "europeana push": "/campaigns/SLUG/europeana",
    "europeana match": "/campaigns/SLUG/europeana/matches",
    "export": "/collections/COLLECTION/tables",
    "release": "/campaigns/CAMPAIGN/releases",
    "annotations export": "/annotations/CAMPAIGN/",
    "publish": "/campaigns/CAMPAIGN/publish",
    "withdraw": "/campaigns/CAMPAIGN/publish",
    "campaign create": "/campaigns/new",
    "campaign export": "/campaigns/SLUG.ttl",
    "campaign list": "/campaigns",
    "user create": "/register",
    "user token": "/account",
}


def _elsewhere(error: CrowdHeritageError) -> str:
    """Where to go instead while a server holds the data."""
    words = click.get_current_context().command_path.split()
    address = _PAGES.get(" ".join(words[-2:])) or _PAGES.get(words[-1])
    if not isinstance(error, Locked) or address is None:
        return ""
    return " " + _("The same is at its address {address}.", address=address)


@contextmanager
def progress(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, plain lines otherwise; called with (what, done, total or 0)."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain(title)
        return
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task(title, total=None)

        def told(what: str, done: int, total: int) -> None:
            bars.update(task, description=f"{title}: {what}", completed=done, total=total or None)

        yield told


def _plain(title: str) -> Callable[[str, int, int], None]:
    last: dict[str, int] = {}

    def told(what: str, done: int, total: int) -> None:
        step = max(total // 10, 10_000)
        if done == total or done - last.get(what, 0) >= step:
            last[what] = done
            click.echo(f"{title}: {what} {done}{f' of {total}' if total else ''}", err=True)

    return told


def with_data(command: Callable[P, T]) -> Callable[P, T]:
    """Every command takes `--data DIR`, before or after its name."""
    return click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), help="The data directory."
    )(command)
