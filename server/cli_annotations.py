"""`crowdheritage annotations`: what a campaign's contributors said, as a file."""

from pathlib import Path
from typing import Any

import click

from server.console import fail_in_words, opened, progress, settings_of, system, with_data
from server.domain import annotation_exports
from server.errors import CrowdHeritageError
from server.i18n import _


@click.group()
def annotations() -> None:
    """Annotations."""


@annotations.command("export")
@click.argument("slug", metavar="CAMPAIGN")
@click.option(
    "--format", "form", type=click.Choice(annotation_exports.FORMS), default="jsonld",
    show_default=True,
)  # fmt: skip
@click.option("--output", default="-", show_default=True, help="A file, or - for stdout.")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice([*annotation_exports.STATUSES, "all"]),
    help="Only these; repeatable. [default: published]",
)  # fmt: skip
@with_data
@fail_in_words
def export_annotations(
    slug: str, form: str, output: str, statuses: tuple[str, ...], data: Path | None
) -> None:
    """Write the annotations of a campaign: published ones, or by --status.

    jsonld and turtle are Web Annotations, csv a table, crowdheritage the platform's exchange form.
    """
    wanted = annotation_exports.STATUSES if "all" in statuses else statuses or ("published",)
    with opened(settings_of()) as desk, progress(_("Writing")) as told:
        pieces = annotation_exports.pieces(
            desk, slug, form, wanted, system(desk), lambda done: told(_("annotations"), done, 0)
        )
        if output == "-":
            for piece in pieces:
                click.echo(piece, nl=False)
            return
        _write(Path(output), pieces)


def _write(path: Path, pieces: Any) -> None:
    """The file appears when it is whole."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
        partial.replace(path)
    except OSError as error:
        message = _("“{path}” cannot be written: {reason}.", path=path, reason=error.strerror)
        raise CrowdHeritageError(message) from error
    finally:
        partial.unlink(missing_ok=True)
