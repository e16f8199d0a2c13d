"""`crowdheritage import`."""

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import click
from rich.console import Console
from rich.table import Table as Shown

from server.commit import Desk
from server.console import fail_in_words, opened, progress, settings_of, system, with_data
from server.domain import import_reports, imports, inputs
from server.domain.collections import Said
from server.domain.import_reports import Line, Report
from server.domain.imports import Options, Prepared, Survey
from server.formats.sheet_mapping import TYPES, Defaults, Mapping, Question, missing
from server.formats.sheet_rights import rights_iri
from server.names import is_slug

_LINES = 10  # of each list that are shown
_OPTION_OF = {"data_provider": "--data-provider"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command, as they were given."""

    paths: tuple[str, ...]
    said: Said
    form: str
    mapping: Path | None
    images: Path | None
    defaults: dict[str, str]
    strict: bool
    yes: bool


def _slug(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not is_slug(value):
        raise click.BadParameter("small letters, digits and hyphens only")
    return value


def _rights(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    found = rights_iri(value) if value else ""
    if found is None:
        raise click.BadParameter("no Creative Commons or RightsStatements.org statement")
    return found


@click.command("import")
@click.argument("paths", nargs=-1, metavar="PATH…")
@click.option("--collection", "slug", required=True, callback=_slug, help="Its short name.")
@click.option("--title", default="", help="Needed for a new collection.")
@click.option("--description", default="")
@click.option("--text-language", default="en", show_default=True, help="Of title, description.")
@click.option("--format", "form", type=click.Choice(imports.FORMATS), default="auto")
@click.option("--mapping", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="What the columns mean, as JSON.")  # fmt: skip
@click.option("--images", type=click.Path(path_type=Path, exists=True), help="A folder or a zip.")
@click.option("--data-provider", default="", help="The institution that holds the objects.")
@click.option("--provider", default="", help="Who passes the data on.")
@click.option("--rights", default="", callback=_rights, help="A statement's address or name.")
@click.option("--language", default="", help="In which the table is written.")
@click.option("--type", "kind", type=click.Choice(["", *TYPES]), default="", show_choices=False,
              help=", ".join(TYPES))  # fmt: skip
@click.option("--strict", is_flag=True, help="Refuse whatever is unreadable or has to be mended.")
@click.option("--private", is_flag=True, help="Seen by organisers only, until it is published.")
@click.option("--yes", is_flag=True, help="Apply the change without asking.")
@click.option("--undo", is_flag=True, help="Take the last import of the collection back.")
@with_data
@fail_in_words
def import_(
    paths: tuple[str, ...], slug: str, title: str, description: str, text_language: str, form: str,
    mapping: Path | None, images: Path | None, data_provider: str, provider: str, rights: str,
    language: str, kind: str, strict: bool, private: bool, yes: bool, undo: bool,
    data: Path | None,
) -> None:  # fmt: skip
    """Bring a collection in: files, folders, .zip, .tar.gz, .gz, or - for standard input.

    EDM in any form of RDF, or a spreadsheet (.xlsx, .csv). Without PATH the kept files are read
    again, with another --mapping for instance.
    """
    said = Said(slug, title, description, text_language, private)
    defaults = {"data_provider": data_provider, "provider": provider, "rights": rights,
                "language": language, "type": kind}  # fmt: skip
    asked = Asked(paths, said, form, mapping, images, defaults, strict, yes)
    with opened(settings_of()) as desk:
        if undo:
            _undo(desk, slug)
        else:
            _import(desk, asked)


def _undo(desk: Desk, slug: str) -> None:
    with progress(slug) as told:
        imports.undo(desk, system(desk), slug, now=datetime.now(UTC), progress=told)
    click.echo(f"{slug}: the last import was taken back")


def _import(desk: Desk, asked: Asked) -> None:
    with inputs.stored(desk.settings.data, asked.paths) as sources:
        options = Options(
            asked.said, sources, asked.images, asked.form, _given(asked), asked.strict
        )
        if sources and (options.mapping or imports.is_table(options)):
            options = _understood(desk, options, asked)
        started = monotonic()
        prepared = _prepared(desk, options)
    _settle(desk, prepared, asked.yes, started)


def bring_in(desk: Desk, options: Options, yes: bool) -> None:
    """Import what does not come from this command's files; a change is shown and asked for.

    Ends the process with status 1 where it is not wanted.
    """
    started = monotonic()
    _settle(desk, _prepared(desk, options), yes, started)


def _prepared(desk: Desk, options: Options) -> Prepared:
    with progress(options.said.slug) as told:
        return imports.prepare(
            desk, system(desk), options, now=datetime.now(UTC), progress=_with_rate(told)
        )


def _settle(desk: Desk, prepared: Prepared, yes: bool, started: float) -> None:
    report = prepared.report
    _show(desk, report, monotonic() - started)
    if not report.since or not report.changes_something or _confirmed(yes):
        _apply(desk, prepared, started)
    else:
        imports.discard(desk, system(desk), prepared)
        click.echo("Nothing was changed.", err=True)
        sys.exit(1)


def _with_rate(told: imports.Progress) -> imports.Progress:
    """On a terminal, how many records in a second stands beside their number."""
    began = monotonic()
    if not sys.stderr.isatty():
        return told

    def tell(what: str, done: int, total: int) -> None:
        told(f"{what}, {done / max(monotonic() - began, 0.001):.0f} records/s", done, total)

    return tell


def _apply(desk: Desk, prepared: Prepared, started: float) -> None:
    with progress(prepared.report.slug) as told:
        report = imports.apply(desk, system(desk), prepared, now=datetime.now(UTC), progress=told)
    if report.state == "empty":
        click.echo(f"{report.slug}: nothing changes")
        return
    rate = report.records / max(monotonic() - started, 0.001)
    click.echo(f"{report.slug}: {report.records} records imported, {rate:.0f} a second")


def _confirmed(yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        click.echo("Say --yes to apply this.", err=True)
        return False
    return click.confirm("Apply this?")


# --- spreadsheets --------------------------------------------------------------------------------


def _given(asked: Asked) -> Mapping | None:
    if asked.mapping is None:
        return None
    mapping = Mapping.from_json(asked.mapping.read_text(encoding="utf-8"))
    return _with_defaults(mapping, asked.defaults)


def _with_defaults(mapping: Mapping, given: dict[str, str]) -> Mapping:
    values = {name: value for name, value in given.items() if value}
    return replace(mapping, defaults=replace(mapping.defaults, **values))


def _understood(desk: Desk, options: Options, asked: Asked) -> Options:
    """The options with a mapping that is complete; shown, and asked for what is missing."""
    source = options.sources[0]
    survey = (
        imports.survey(desk, source, options.mapping)
        if options.mapping
        else imports.survey_again(desk, source, asked.said.slug)
    )
    mapping = _with_defaults(survey.mapping, asked.defaults)
    _preview(survey)
    if questions := missing(mapping):
        mapping = replace(mapping, defaults=_answered(questions, mapping.defaults))
    return replace(options, mapping=mapping)


def _answered(questions: list[Question], defaults: Defaults) -> Defaults:
    if not sys.stdin.isatty():
        names = ", ".join(_OPTION_OF.get(one.field, f"--{one.field}") for one in questions)
        raise click.UsageError(f"The table does not say everything; give {names}.")
    answers: dict[str, str] = {}
    for one in questions:
        if one.choices:
            click.echo("\n".join(f"  {value}  {name}" for value, name in one.choices), err=True)
        check = _ask_rights if one.field == "rights" else None
        kind = click.Choice([value for value, _name in one.choices]) if one.choices else None
        answers[one.field] = click.prompt(
            one.label, type=None if check else kind, value_proc=check, err=True, show_choices=False
        )
    return replace(defaults, **answers)


def _ask_rights(text: str) -> str:
    found = rights_iri(text)
    if found is None:
        raise click.UsageError("This is no Creative Commons or RightsStatements.org statement.")
    return found


def _preview(survey: Survey) -> None:
    console = Console(stderr=True, markup=False, emoji=False)
    meanings = Shown("Column", "Means", "Language", "Parted by", title=survey.name)
    for column in survey.mapping.columns:
        meanings.add_row(
            column.header, column.property or "left out", column.language, repr(column.separator)
            if column.separator else "",
        )  # fmt: skip
    console.print(meanings)
    shown = Shown("Line", "Understood as", title=f"The first of {survey.total} rows")
    for preview in survey.previews:
        shown.add_row(str(preview["line"]), _row(preview))
    console.print(shown)


def _row(preview: dict[str, Any]) -> str:
    if preview["problem"]:
        return str(preview["problem"])
    parts = (f"{field['property']}: {field['value'][:60]}" for field in preview["fields"])
    return "\n".join(parts)


# --- the report ----------------------------------------------------------------------------------


def _show(desk: Desk, report: Report, seconds: float) -> None:
    click.echo(
        f"{report.records} records read in {seconds:.1f} s: {report.added} added, "
        f"{report.changed} changed, {report.gone} gone; {report.annotations} annotations touched"
    )
    for kind, total in (
        ("problems", report.problems), ("warnings", report.warnings), ("mends", report.mends)
    ):  # fmt: skip
        if total:
            words = {"problems": "left out", "warnings": "worth a look", "mends": "mended"}
            lines = import_reports.lines(desk.settings.data, report, kind, _LINES)
            _list(words[kind], total, lines)


def _list(what: str, total: int, lines: list[Line]) -> None:
    click.echo(f"{what}: {total}", err=True)
    for line in lines:
        click.echo(f"  {line}", err=True)
    if total > len(lines):
        click.echo(f"  … and {total - len(lines)} more", err=True)
