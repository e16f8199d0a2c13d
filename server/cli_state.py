"""`crowdheritage check | reindex | rebuild | backup | restore`: the state of a data directory."""

import sys
from pathlib import Path

import click

from server import maintenance
from server.console import fail_in_words, opened, progress, settings_of, with_data
from server.domain import opening


@click.command()
@with_data
@fail_in_words
def check(data: Path | None) -> None:
    """Compare stores, index and bulk files with the journal; status 1 if something is wrong."""
    with opened(settings_of()) as desk, progress("Checking") as told:
        found = maintenance.check(desk, told)
    for line in found:
        click.echo(line)
    click.echo("all is well" if not found else f"{len(found)} found")
    sys.exit(1 if found else 0)


@click.command()
@with_data
@fail_in_words
def reindex(data: Path | None) -> None:
    """Make the index anew from the stores."""
    settings = settings_of()
    opening.without_index(settings)
    with opened(settings):
        click.echo("the index is made anew")


@click.command()
@with_data
@fail_in_words
def rebuild(data: Path | None) -> None:
    """Make the stores and the index anew from the journal; the old ones are moved aside."""
    settings = settings_of()
    opening.without_projections(settings)
    with opened(settings):
        click.echo("stores and index are made anew")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_data
@fail_in_words
def backup(folder: Path, data: Path | None) -> None:
    """Copy journal, bulk files, media and sources into FOLDER, which must not exist."""
    with opened(settings_of()) as desk, progress("Copying") as told:
        maintenance.backup(desk, folder, told)
    click.echo(f"the backup is in {folder}")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@with_data
@fail_in_words
def restore(folder: Path, data: Path | None) -> None:
    """Make the data directory, which must not exist, from a backup; then rebuild."""
    settings = settings_of()
    maintenance.restore(folder, settings)
    with opened(settings):
        click.echo(f"{settings.data} is restored")
