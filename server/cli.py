"""The `crowdheritage` command: parse, one call into the domain, print.

Exit status: 0 done; 1 the work failed, with a message and nothing half done; 2 wrong usage.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

import server
from server.cli_annotations import annotations
from server.cli_campaigns import campaign
from server.cli_dumps import dump
from server.cli_europeana import europeana
from server.cli_exports import export, release
from server.cli_harvest import harvest
from server.cli_imports import import_
from server.cli_publishing import publish, withdraw
from server.cli_state import backup, check, rebuild, reindex, restore
from server.cli_vocabularies import vocabulary
from server.console import fail_in_words, opened, progress, settings_of, with_data
from server.domain import accounts, opening, tokens
from server.domain.accounts import ROLES, SCOPES


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(server.__version__, prog_name="crowdheritage")
@with_data
def main(data: Path | None) -> None:
    """A linked-data server where the public enriches cultural-heritage metadata."""


@main.command()
@click.option("--base-iri", required=True, help="What all IRIs of the instance begin with.")
@with_data
@fail_in_words
def init(base_iri: str, data: Path | None) -> None:
    """Make an empty data directory."""
    settings = settings_of(base_iri=base_iri)
    opening.create(settings)
    click.echo(f"{settings.data} is ready, as {base_iri}")


@main.command()
@click.option("--host", help="The address to listen on; 127.0.0.1 if not given.")
@click.option("--port", type=click.IntRange(0, 65535), help="8000 if not given.")
@with_data
@fail_in_words
def serve(host: str | None, port: int | None, data: Path | None) -> None:
    """Serve a data directory; one that is missing is made."""
    from server.serving import run

    settings = settings_of(host=host, port=port)
    if not opening.exists(settings):
        opening.create(settings)
    run(settings)


@main.command()
@click.option("--host", help="The address to listen on; 127.0.0.1 if not given.")
@click.option("--port", type=click.IntRange(0, 65535), help="8000 if not given.")
@with_data
@fail_in_words
def demo(host: str | None, port: int | None, data: Path | None) -> None:
    """Serve sample collections, vocabularies and campaigns, made where they are missing."""
    from server.demo import making
    from server.serving import run

    settings = settings_of(host=host, port=port)
    if not making.is_made(settings):
        with progress("Making the demo") as told:
            making.make(settings, told)
    address = f"http://{settings.host}:{settings.port}"
    click.echo(f"\nCrowdHeritage is at {address}\n\nSign in at {address}/login as\n")
    for person in making.ACCOUNTS:
        click.echo(f"  {person.email:28} {making.PASSWORD}   ({person.role})")
    click.echo("\nor start with one picture, without an account. Stop with Ctrl-C.\n")
    run(settings)


@main.group()
def user() -> None:
    """People and their API tokens."""


@user.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(ROLES), default="contributor", show_default=True)
@with_data
@fail_in_words
def create_user(email: str, name: str, role: Any, data: Path | None) -> None:
    """Make an account; the password is read from standard input."""
    hidden = sys.stdin.isatty()
    password = click.prompt("Password", hide_input=True) if hidden else sys.stdin.readline()
    with opened(settings_of()) as desk:
        person = accounts.create_user(
            desk, name, email, password.rstrip("\n"), role, now=datetime.now(UTC)
        )
        click.echo(f"{person.name} ({person.role}) is {person.agent.value}")


@user.command("token")
@click.option("--email", required=True)
@click.option("--label", default="command line", show_default=True)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What it may be used for; may be repeated. Everything if not given.",
)
@click.option("--expires", type=click.IntRange(1, tokens.MOST_DAYS), metavar="DAYS")
@with_data
@fail_in_words
def create_token(
    email: str, label: str, scopes: tuple[str, ...], expires: int | None, data: Path | None
) -> None:
    """Print a new API token, once."""
    now = datetime.now(UTC)
    with opened(settings_of()) as desk:
        person = accounts.get_by_email(desk, email)
        wanted = scopes or SCOPES
        click.echo(tokens.create_token(desk, person, label, now=now, scopes=wanted, days=expires))


for command in (
    annotations, publish, withdraw, import_, harvest, dump, europeana, export, release, campaign,
    vocabulary, check, reindex, rebuild, backup, restore,
):  # fmt: skip
    main.add_command(command)
