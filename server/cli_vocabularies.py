"""`crowdheritage vocabulary`: load, changes, undo, list."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from server.cli_progress import telling
from server.cli_vocabulary_reports import show, show_changes
from server.commit import Desk
from server.console import fail_in_words, opened, settings_of, system, with_data
from server.domain import vocabularies, vocabulary_lists, vocabulary_loads
from server.domain.import_forms import slug_of
from server.domain.texts import choose
from server.domain.vocabulary_changes import KINDS
from server.domain.vocabulary_loads import Options, Prepared
from server.domain.vocabulary_sources import SOURCES, STARTERS, options_of, starter_path
from server.errors import NotFound
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
#: Options of the command by the name that the readers have for them.
_OPTIONS = {
    "classes": "--class", "languages": "--language", "countries": "--country",
    "min_population": "--min-population", "feature_classes": "--feature-class",
    "scheme": "--scheme", "base": "--base",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What happens with what was read."""

    dry_run: bool
    yes: bool


@click.group()
def vocabulary() -> None:
    """Vocabularies."""


@vocabulary.command("load")
@click.argument("source", type=click.Choice([*SOURCES, "starter"]))
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--slug", default="", help="Its short name; the source's or the file's if not given.")
@click.option("--title", default="", help="Its title, instead of the one in the source.")
@click.option("--class", "classes", multiple=True, help="wikidata: an item with its subclasses.")
@click.option("--language", "languages", multiple=True, help="Of the labels; all if not given.")
@click.option("--country", "countries", multiple=True, help="geonames: ISO 3166 code.")
@click.option("--min-population", type=click.IntRange(0), help="geonames: the least inhabitants.")
@click.option("--feature-class", "feature_classes", multiple=True, help="geonames: P, A.ADM1, …")
@click.option("--scheme", default="", help="The IRI of the concept scheme.")
@click.option(
    "--base", default="", help="csv: the beginning of IRIs of rows without; ours if not said."
)
@click.option("--endpoint", default="", help="wikidata: the SPARQL endpoint to ask.")
@click.option("--query", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="wikidata: a file with the query to ask.")  # fmt: skip
@click.option("--replace", is_flag=True, help="Take the place of another vocabulary of this slug.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Apply the change without asking.")
@with_data
@fail_in_words
def load(
    source: str, paths: tuple[str, ...], slug: str, title: str, endpoint: str, query: Path | None,
    replace: bool, dry_run: bool, yes: bool, data: Path | None, **given: Any,
) -> None:  # fmt: skip
    """Load PATH: a file, several, a folder, or an address (skos).

    SOURCE says what it is: Getty's explicit export (aat), GeoNames' dumps (without PATH the places
    that come with a package of Python), Wikidata's dumps or what an endpoint answers, any SKOS
    file, a spreadsheet (csv). "starter" loads what comes with the server, named by --slug.
    """
    url = next((path for path in paths if path.startswith(("http://", "https://"))), "")
    options = Options(
        slug or _name(source, paths), "skos" if source == "starter" else source,
        _paths(source, paths, slug), url, query.read_text("utf-8") if query else "", endpoint,
        title, replace, _reader_options(source, given),
    )  # fmt: skip
    if not (paths or query or endpoint or source in ("geonames", "wikidata", "starter")):
        raise click.UsageError(f"Name the file or folder to load as {source}.")
    with opened(settings_of()) as desk:
        _load(desk, options, Asked(dry_run, yes))


def _name(source: str, paths: tuple[str, ...]) -> str:
    if not paths or source not in ("skos", "csv"):
        return source
    name = Path(urlsplit(paths[0]).path if "://" in paths[0] else paths[0]).name
    return slug_of(name.removesuffix(".gz").rpartition(".")[0] or name) or source


def _paths(source: str, paths: tuple[str, ...], slug: str) -> tuple[Path, ...]:
    if source == "starter":
        if slug not in STARTERS:
            raise click.UsageError(f"--slug must be one of {', '.join(STARTERS)}.")
        return (starter_path(slug),)
    return tuple(Path(path) for path in paths if not path.startswith(("http://", "https://")))


def _reader_options(source: str, given: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in given.items() if value not in ("", (), None)}
    known = options_of("skos" if source == "starter" else source)
    if unknown := [name for name in said if name not in known]:
        raise click.UsageError(f"{_OPTIONS[unknown[0]]} is no option of {source}.")
    return {name: list(v) if isinstance(v, tuple) else v for name, v in said.items()}


def _load(desk: Desk, options: Options, asked: Asked) -> None:
    with telling(options.slug) as told:
        prepared = vocabulary_loads.prepare(
            desk, system(desk), options, now=datetime.now(UTC), progress=told
        )
    report = prepared.report
    show(desk, report)
    if not asked.dry_run and (report.is_first or not report.changes_something or _confirmed(asked)):
        _apply(desk, prepared)
        return
    vocabulary_loads.discard(desk, system(desk), prepared)
    click.echo("Nothing was changed.", err=True)
    if not asked.dry_run:
        sys.exit(1)


def _apply(desk: Desk, prepared: Prepared) -> None:
    with telling(prepared.report.slug) as told:
        report = vocabulary_loads.apply(
            desk, system(desk), prepared, now=datetime.now(UTC), progress=told
        )
    if report.state == "empty":
        click.echo(f"{report.slug}: nothing changes")
    else:
        click.echo(f"{report.slug}: {report.terms} terms; {report.changed} statements changed")


def _confirmed(asked: Asked) -> bool:
    if asked.yes:
        return True
    if not sys.stdin.isatty():
        click.echo("Say --yes to apply this.", err=True)
        return False
    return click.confirm("Apply this?")


@vocabulary.command("changes")
@click.argument("slug")
@click.option("--load", "load_id", default="", help="Of this load; of the last one if not given.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these.")
@click.option("--csv", "as_csv", is_flag=True, help="All of them as a table.")
@with_data
@fail_in_words
def changes(
    slug: str, load_id: str, kinds: tuple[str, ...], as_csv: bool, data: Path | None
) -> None:
    """What became of the terms in a load; those with * are named by annotations."""
    chosen = kinds or KINDS
    with opened(settings_of()) as desk:
        found = [
            one for one in vocabulary_loads.find_reports(desk, slug) if load_id in ("", one.id)
        ]
        if not found:
            raise NotFound("There is no such load.")
        if as_csv:
            for text in vocabulary_lists.csv_lines(desk.settings.data, found[0], chosen):
                click.echo(text, nl=False)
        else:
            click.echo(f"{slug}, load {found[0].id}, {found[0].created[:10]}, {found[0].state}")
            show_changes(desk, found[0], chosen)


@vocabulary.command("undo")
@click.argument("slug")
@with_data
@fail_in_words
def undo(slug: str, data: Path | None) -> None:
    """Take the last load of a vocabulary back."""
    with opened(settings_of()) as desk, telling(slug) as told:
        vocabulary_loads.undo(desk, system(desk), slug, now=datetime.now(UTC), progress=told)
        click.echo(f"{slug}: the last load was taken back")


@vocabulary.command("list")
@with_data
@fail_in_words
def list_(data: Path | None) -> None:
    """The vocabularies that are loaded: short name, terms, labels, version, title."""
    with opened(settings_of()) as desk:
        for one in vocabularies.find_vocabularies(desk, _ALL):
            title = choose(one.title, "en", one.slug)
            click.echo(f"{one.slug}\t{one.terms}\t{one.labels}\t{one.version}\t{title}")
