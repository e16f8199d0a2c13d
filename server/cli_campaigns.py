"""`crowdheritage campaign`: create, export, list."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from server.console import fail_in_words, opened, settings_of, system, with_data
from server.domain import campaign_files, campaign_presets, campaigns, fields, texts
from server.domain.campaigns import Campaign, Task
from server.index import queues
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
_LANGUAGE = "en"  # of what the command line says
_PRESETS = campaign_presets.names()
_ABOUT_PRESETS = "; ".join(f"{name}: {title}" for name, title in _PRESETS.items())


@click.group()
def campaign() -> None:
    """Campaigns."""


@campaign.command("create")
@click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False
)
@click.option("--slug", help="The short name, part of the address.")
@click.option("--title")
@click.option(
    "--preset", type=click.Choice(list(_PRESETS)), help=f"What it begins with. {_ABOUT_PRESETS}."
)
@click.option("--collection", "collections", multiple=True, help="Items come from here.")
@click.option(
    "--vocabulary", "vocabularies", multiple=True,
    help="Terms come from here; without it, from all vocabularies that fit the question.",
)  # fmt: skip
@click.option("--field", help="Without a preset: what answers become. [default: dc:subject]")
@click.option("--question", help="Without a preset: what is asked. [default: What is shown?]")
@click.option("--open", "opened_", is_flag=True, help="Open it at once.")
@with_data
@fail_in_words
def create_campaign(
    file: Path | None, slug: str | None, title: str | None, preset: str | None,
    collections: tuple[str, ...], vocabularies: tuple[str, ...], field: str | None,
    question: str | None, opened_: bool, data: Path | None,
) -> None:  # fmt: skip
    """Make a campaign from a Turtle FILE, or from the options."""
    if file is None and not (slug and title):
        raise click.UsageError("Name a Turtle file, or give --slug and --title.")
    if file is not None and (slug or title or preset):
        raise click.UsageError("A Turtle file says it all: give no --slug, --title or --preset.")
    if preset and (field or question):
        raise click.UsageError("A preset has its own questions: give no --field or --question.")
    now = datetime.now(UTC)
    with opened(settings_of()) as desk:
        if file is not None:
            made = campaign_files.read(desk.names, file.read_text(encoding="utf-8"), now=now)
        else:
            begun = _begun(preset, field or "dc:subject", question or "What is shown?")
            named = _named(begun, slug or "", title or "", collections, opened_)
            made = campaign_presets.with_vocabularies(desk, named, vocabularies)
        campaign_files.check(desk, made)
        campaigns.create(desk, system(desk), made, now=now)
        click.echo(desk.names.campaign(made.slug).value)


def _begun(preset: str | None, field: str, question: str) -> Campaign:
    if preset:
        return campaign_presets.start(preset, _LANGUAGE)
    task = Task(1, fields.iri(field) or "", {_LANGUAGE: question})
    return Campaign("", {}, {}, (), (task,), target=100)


def _named(
    begun: Campaign, slug: str, title: str, collections: tuple[str, ...], opened_: bool
) -> Campaign:
    words, state = {_LANGUAGE: title}, "open" if opened_ else "draft"
    return replace(
        begun, slug=slug, title=words, description=words, collections=collections, state=state
    )


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
            title = texts.choose(found.title, _LANGUAGE)
            click.echo(f"{row.slug}\t{row.state}\t{done} of {found.target}\t{title}")
