"""`crowdheritage vocabulary load`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from server.console import fail_in_words, opened, progress, settings_of, system, with_data
from server.domain import vocabularies
from server.formats import aat_read, geonames_read, skos_read
from server.formats.vocabularies import Reading, VocabularyData


@click.group()
def vocabulary() -> None:
    """Vocabularies."""


@vocabulary.command("load")
@click.argument("source", type=click.Choice(["skos", "aat", "geonames", "starter"]))
@click.argument("path", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--slug", help="Its short name; the source's or the file's if not given.")
@click.option("--title", default="", help="Its title, instead of the one in the file.")
@click.option("--min-population", type=int, default=15_000, show_default=True)
@click.option("--country", "countries", multiple=True, help="ISO 3166 code; all if not given.")
@with_data
@fail_in_words
def load(
    source: str, path: Path | None, slug: str | None, title: str, min_population: int,
    countries: tuple[str, ...], data: Path | None,
) -> None:  # fmt: skip
    """Load PATH: any SKOS file, Getty's explicit export (aat), or the package's places (geonames).

    "starter" loads what comes with the server, named by --slug: aat or wikidata-colours.
    """
    if path is None and source in ("skos", "aat"):
        raise click.UsageError(f"Name the file or folder to load as {source}.")
    name = slug or (path.stem.lower() if path and source == "skos" else source)
    if source == "starter" and name not in vocabularies.STARTERS:
        raise click.UsageError(f"--slug must be one of {', '.join(vocabularies.STARTERS)}.")
    with opened(settings_of()) as desk, progress(name) as told:
        reading = Reading(desk.bulk_folder)
        found = read(source, path, name, reading, min_population, countries)
        changed = vocabularies.load(
            desk, system(desk), name, found, now=datetime.now(UTC), title=title, progress=told
        )
        for reason, count in reading.left_out.items():
            click.echo(f"left out: {count} {reason}", err=True)
        click.echo(f"{name}: {changed} statements changed")


def read(
    source: str, path: Path | None, slug: str, reading: Reading, min_population: int = 15_000,
    countries: tuple[str, ...] = (),
) -> VocabularyData:  # fmt: skip
    """What a source says; raises Malformed where it cannot be read."""
    if source == "geonames":
        return geonames_read.from_package(min_population, countries or None)
    if source == "starter":
        return vocabularies.starter(slug, reading)
    assert path is not None
    return aat_read.read(path, reading) if source == "aat" else skos_read.read(path, reading)
