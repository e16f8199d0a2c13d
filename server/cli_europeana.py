"""`crowdheritage europeana`: export, push, match."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from server.commit import Desk
from server.console import fail_in_words, opened, progress, settings_of, with_data
from server.domain import (
    campaigns,
    europeana_exports,
    europeana_jobs,
    europeana_matches,
    europeana_plans,
    europeana_runs,
    europeana_views,
)
from server.domain.europeana_clients import Client
from server.domain.europeana_deliveries import Run
from server.formats import europeana_annotations, outputs
from server.i18n import _
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


@click.group()
def europeana() -> None:
    """Published annotations for Europeana."""


@europeana.command("export")
@click.argument("slug")
@click.option(
    "--format", "form", type=click.Choice(["page", "lines"]), default="page", show_default=True,
    help="An AnnotationPage, or one annotation in a line.",
)  # fmt: skip
@click.option("--output", default="-", show_default=True, help="A file (.gz, .zst), or -.")
@with_data
@fail_in_words
def export_annotations(slug: str, form: str, output: str, data: Path | None) -> None:
    """Write what is published in a campaign as Europeana's Annotations API takes it."""
    write = {"page": europeana_annotations.page_pieces, "lines": europeana_annotations.lines}[form]
    with opened(settings_of()) as desk:
        europeana_plans.require_sendable(campaigns.get_campaign(desk, _ALL, slug))
        pieces = write(europeana_exports.annotations(desk, slug))
        if output != "-":
            with (
                outputs.replacing(Path(output)) as file,
                outputs.packed(file, Path(output).name) as packed,
            ):
                packed.writelines(pieces)
            return
        try:
            sys.stdout.buffer.writelines(pieces)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)


@europeana.command("push")
@click.argument("slug")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; nothing leaves.")
@click.option("--again", is_flag=True, help="Also what was refused before.")
@with_data
@fail_in_words
def push(slug: str, dry_run: bool, again: bool, data: Path | None) -> None:
    """Send what is published, changed or taken back in a campaign to Europeana."""
    with opened(settings_of()) as desk, progress("Europeana") as told:
        europeana_plans.prepare(desk, slug, now=datetime.now(UTC), again=again, progress=told)
        if not dry_run:
            run = Run(desk, slug, _client(desk))
            click.echo(europeana_jobs.told(europeana_runs.send(run, progress=told)))
        for line in europeana_views.in_lines(desk, slug):
            click.echo(line)


@europeana.command("match")
@click.argument("slug")
@click.option("--again", is_flag=True, help="Also items that were searched for before.")
@with_data
@fail_in_words
def match(slug: str, again: bool, data: Path | None) -> None:
    """Search Europeana for items that nobody knows there; organisers confirm on the page."""
    now = datetime.now(UTC)
    with opened(settings_of()) as desk, progress("Europeana") as told:
        client = _client(desk)
        client.require_key()
        europeana_plans.prepare(desk, slug, now=now, progress=told)
        found = europeana_matches.search(desk, slug, client, now=now, again=again, progress=told)
        click.echo(_("{count} with candidates", count=found))


def _client(desk: Desk) -> Client:
    return Client(desk.settings, base_iri=desk.names.base)
