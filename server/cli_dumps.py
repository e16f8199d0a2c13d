"""`crowdheritage dump`: the public dataset as a file, or on standard output."""

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from server.console import fail_in_words, opened, progress, settings_of, with_data
from server.domain import dump_offers, dump_plans, dumps
from server.domain.dump_offers import ALL, CAMPAIGNS, COLLECTIONS, FORMS, PROVIDERS
from server.domain.dump_plans import Plan
from server.domain.dump_records import CONTENTS
from server.errors import CrowdHeritageError, Invalid
from server.i18n import _


@click.command()
@click.option("--format", "form", type=click.Choice(FORMS), required=True)
@click.option("--output", required=True, help="A file (.gz .zst, for EDM .zip), or - for stdout.")
@click.option("--content", type=click.Choice(CONTENTS), default="enriched", show_default=True)
@click.option("--collection", "collections", multiple=True, help="Only this one; repeatable.")
@click.option("--campaign", help="Only the items that it enriched.")
@click.option("--provider", help="Only the items of a provider, by its key in /dumps/.")
@click.option("--checksum", is_flag=True, help="Write the SHA-256 to a file .sha256 beside it.")
@with_data
@fail_in_words
def dump(
    form: Any, output: str, content: Any, collections: tuple[str, ...], campaign: str | None,
    provider: str | None, checksum: bool, data: Path | None,
) -> None:  # fmt: skip
    """Write everything public, or some collections with the campaigns over them.

    EDM records come with their published values unless --content says otherwise. The file appears
    when it is whole.
    """
    plan = _plan(form, output, content, collections, campaign, provider)
    if checksum and output == "-":
        raise click.UsageError(_("A checksum needs a file to stand beside."))
    try:
        with opened(settings_of()) as desk, progress(_("Writing")) as told:
            for scope in plan.scopes:
                dump_offers.require(desk, scope.kind, scope.name)
            what = _("records") if form == "edm" else _("bytes")
            arguments = (form, (), lambda done, total: told(what, done, total), plan)
            if output == "-":
                dumps.write_stream(desk, sys.stdout.buffer, *arguments)
                sys.stdout.buffer.flush()
            else:
                dumps.write_file(desk, Path(output), *arguments)
        if checksum:
            _write_checksum(Path(output))
    except BrokenPipeError:
        # Whoever read it has enough; Python's own flush at the end must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        message = _("“{path}” cannot be written: {reason}.", path=output, reason=error.strerror)
        raise CrowdHeritageError(message) from error


def _plan(
    form: Any, output: str, content: Any, collections: tuple[str, ...], campaign: str | None,
    provider: str | None,
) -> Plan:  # fmt: skip
    asked = {COLLECTIONS: collections, CAMPAIGNS: (campaign,), PROVIDERS: (provider,)}
    given = {kind: names for kind, names in asked.items() if any(names)}
    if len(given) > 1:
        raise click.UsageError(_("Name collections, a campaign or a provider, not several kinds."))
    kind, names = next(iter(given.items()), (ALL, ()))
    plan = Plan(form, content, kind, tuple(str(name) for name in names), Path(output).name)
    try:
        dump_plans.check(plan)
    except Invalid as error:
        raise click.UsageError(str(error)) from error
    return plan


def _write_checksum(path: Path) -> None:
    """As `sha256sum` writes and checks it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n")
