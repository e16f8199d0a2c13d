"""`crowdheritage export` (a collection as a table for its museum) and `release` (to be cited)."""

from datetime import UTC, datetime
from pathlib import Path

import click

from server.console import fail_in_words, opened, progress, settings_of, system, with_data
from server.domain import collection_tables, releases
from server.domain.collection_rows import STATUSES, Wish
from server.domain.releases import Wish as ReleaseWish
from server.i18n import language, ngettext


@click.command()
@click.argument("slug", metavar="COLLECTION")
@click.option("--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="A file: .xlsx, or .zip with CSV files.")  # fmt: skip
@click.option("--campaign", "campaigns", multiple=True, help="Only what it added; repeatable.")
@click.option("--status", type=click.Choice(list(STATUSES)), default="published",
              show_default=True, help="accepted: also what is not published yet.")  # fmt: skip
@click.option("--since", type=click.IntRange(min=0), default=0,
              help="Only objects with something new after this entry.")  # fmt: skip
@with_data
@fail_in_words
def export(
    slug: str, output: Path, campaigns: tuple[str, ...], status: str, since: int,
    data: Path | None,
) -> None:  # fmt: skip
    """Write a collection as a table: its rows, and beside them what people added."""
    forms = {".xlsx": "xlsx", ".zip": "csv"}
    if output.suffix not in forms:
        raise click.UsageError("The file is named .xlsx or .zip.")
    wish = Wish(slug, forms[output.suffix], status, campaigns, since, language.get())  # type: ignore[arg-type]
    with opened(settings_of()) as desk, progress(slug) as told:
        made = collection_tables.write_file(
            desk, system(desk), wish, output, now=datetime.now(UTC), progress=told
        )
    objects = ngettext("one object", "{count} objects", made.items)
    statements = ngettext("one statement", "{count} statements", made.statements)
    click.echo(f"{output}: {objects}, {statements}, as of entry {made.sequence}")


@click.command()
@click.argument("slug", metavar="CAMPAIGN")
@click.option("--title", default="", help="The campaign's, if not given.")
@click.option("--description", default="", help="The campaign's, if not given.")
@click.option("--version", default="", help="The number of the release, if not given.")
@with_data
@fail_in_words
def release(slug: str, title: str, description: str, version: str, data: Path | None) -> None:
    """Keep what a campaign published as a file that never changes (RO-Crate), to be cited."""
    wish = ReleaseWish(title, description, version)
    with opened(settings_of()) as desk, progress(slug) as told:
        made = releases.make(desk, system(desk), slug, wish, now=datetime.now(UTC), progress=told)
        _made, path = releases.get(desk, slug, made.number)
    click.echo(f"{path}: {made.line}")
