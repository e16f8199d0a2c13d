"""`crowdheritage dump`: the public dataset as a file, or on standard output."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from server.console import fail_in_words, opened, progress, settings_of, with_data
from server.domain import dumps
from server.errors import CrowdHeritageError, Invalid
from server.i18n import _


@click.command()
@click.option("--format", "form", type=click.Choice(dumps.FORMS), required=True)
@click.option("--output", required=True, help="A file (.gz .zst, for EDM .zip), or - for stdout.")
@click.option("--collection", "collections", multiple=True, help="Only this one; repeatable.")
@with_data
@fail_in_words
def dump(form: Any, output: str, collections: tuple[str, ...], data: Path | None) -> None:
    """Write everything public, or some collections with the campaigns over them.

    EDM records come with their published values. The file appears when it is whole.
    """
    try:
        dumps.check(form, output)
    except Invalid as error:
        raise click.UsageError(str(error)) from error
    try:
        with opened(settings_of()) as desk, progress(_("Writing")) as told:
            what = _("records") if form == "edm" else _("bytes")
            arguments = (form, collections, lambda done, total: told(what, done, total))
            if output == "-":
                dumps.write_stream(desk, sys.stdout.buffer, *arguments)
                sys.stdout.buffer.flush()
            else:
                dumps.write_file(desk, Path(output), *arguments)
    except BrokenPipeError:
        # Whoever read it has enough; Python's own flush at the end must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        message = _("“{path}” cannot be written: {reason}.", path=output, reason=error.strerror)
        raise CrowdHeritageError(message) from error
