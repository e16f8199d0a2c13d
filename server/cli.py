"""The `crowdheritage` command: parse, one call into the domain, print.

Exit status: 0 done; 1 the work failed, with a message and nothing half done; 2 wrong usage.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

import server
from server.cli_dumps import dump
from server.cli_imports import import_
from server.cli_state import backup, check, rebuild, reindex, restore
from server.cli_vocabularies import vocabulary
from server.console import fail_in_words, opened, progress, settings_of, system, with_data
from server.domain import accounts, campaign_files, campaigns, opening, publishing, sessions, texts
from server.domain.acceptance import Acceptance
from server.domain.accounts import ROLES
from server.domain.campaigns import Campaign
from server.index import queues
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


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
@with_data
@fail_in_words
def create_token(email: str, label: str, data: Path | None) -> None:
    """Print a new API token, once."""
    with opened(settings_of()) as desk:
        person = accounts.get_by_email(desk, email)
        click.echo(sessions.create_token(desk, person, label, now=datetime.now(UTC)))


@main.group()
def campaign() -> None:
    """Campaigns."""


@campaign.command("create")
@click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False
)
@click.option("--slug")
@click.option("--title")
@click.option("--collection", "collections", multiple=True)
@click.option("--vocabulary", "vocabularies", multiple=True, help="Terms come from here.")
@click.option("--field", default="dc:subject", show_default=True)
@click.option("--question", default="What is shown?", show_default=True)
@click.option("--open", "opened_", is_flag=True, help="Open it at once.")
@with_data
@fail_in_words
def create_campaign(
    file: Path | None, slug: str | None, title: str | None, opened_: bool, data: Path | None,
    **asked: Any,
) -> None:  # fmt: skip
    """Make a campaign from a Turtle FILE, or from the options."""
    if file is None and not (slug and title):
        raise click.UsageError("Name a Turtle file, or give --slug and --title.")
    now = datetime.now(UTC)
    with opened(settings_of()) as desk:
        if file is not None:
            made = campaign_files.read(desk.names, file.read_text(encoding="utf-8"), now=now)
        else:
            made = _simple(slug or "", title or "", opened_, **asked)
        campaign_files.check(desk, made)
        campaigns.create(desk, system(desk), made, now=now)
        click.echo(desk.names.campaign(made.slug).value)


def _simple(
    slug: str, title: str, opened_: bool, *, collections: tuple[str, ...],
    vocabularies: tuple[str, ...], field: str, question: str,
) -> Campaign:  # fmt: skip
    from server.domain import fields

    task = campaigns.Task(1, fields.iri(field) or "", {"en": question}, vocabularies)
    return Campaign(
        slug, {"en": title}, {"en": title}, collections, (task,), target=100,
        acceptance=Acceptance(), state="open" if opened_ else "draft",
    )  # fmt: skip


@campaign.command("export")
@click.argument("slug")
@with_data
@fail_in_words
def export_campaign(slug: str, data: Path | None) -> None:
    """Print a campaign as Turtle."""
    with opened(settings_of()) as desk:
        found = campaigns.get_campaign(desk, _ALL, slug)
        click.echo(campaign_files.turtle(desk.names, found), nl=False)


@campaign.command("list")
@with_data
@fail_in_words
def list_campaigns(data: Path | None) -> None:
    """The campaigns with their state and contributions."""
    with opened(settings_of()) as desk:
        for row in queues.campaigns(_ALL, desk.index.read()):
            done = queues.progress(desk.index.read(), row.slug).contributions
            found = campaigns.get_campaign(desk, _ALL, row.slug)
            title = texts.choose(found.title, "en")
            click.echo(f"{row.slug}\t{row.state}\t{done} of {found.target}\t{title}")


@main.command()
@click.argument("slug", metavar="CAMPAIGN")
@with_data
@fail_in_words
def publish(slug: str, data: Path | None) -> None:
    """Publish what was accepted in a campaign."""
    with opened(settings_of()) as desk, progress("Publishing") as told:
        done = publishing.publish(
            desk, system(desk), slug, now=datetime.now(UTC), progress=lambda n: told("done", n, 0)
        )
        click.echo(f"{done} published")


for command in (import_, dump, vocabulary, check, reindex, rebuild, backup, restore):
    main.add_command(command)
