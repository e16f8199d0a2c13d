"""Imports: files are read in a limited child process, shown as a difference, applied, undone.

prepare(...) -> Prepared     nothing visible changes; what the child wrote waits in a folder
apply(...)                   one journal entry, then the bulk job
undo(...)                    the last import taken back, as a new entry
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import monotonic

from server.commit import Desk
from server.domain import (
    collections,
    graph_states,
    import_history,
    import_reports,
    import_runs,
    item_rows,
    permissions,
)
from server.domain.accounts import Person
from server.domain.collections import Said
from server.domain.import_options import FORMATS as FORMATS
from server.domain.import_options import Options as Options
from server.domain.import_options import Progress as Progress
from server.domain.import_options import Survey as Survey
from server.domain.import_options import is_table as is_table
from server.domain.import_reports import LISTS, Report
from server.domain.import_runs import survey as survey
from server.errors import Conflict, Invalid, NotFound
from server.formats.sheet_mapping import Mapping
from server.i18n import _
from server.journal import adopted_files
from server.names import new_id
from server.patches import Bulk, BulkFile, Patch


@dataclass(frozen=True, slots=True)
class Prepared:
    """An import that waits for `apply`; it survives a restart (`find_prepared`)."""

    report: Report
    said: Said


def prepare(
    desk: Desk, organiser: Person, options: Options, *, now: datetime,
    progress: Progress = lambda *_: None, stop: Callable[[], bool] = lambda: False,
) -> Prepared:  # fmt: skip
    """Read everything and say what would change; nothing visible does.

    Raises Invalid where nothing can be read, or where `strict` finds a fault; then, as for any
    other error, nothing is kept.
    """
    permissions.require(organiser, "import")
    dataset = collections.dataset_for(desk, options.said)
    if options.form not in FORMATS:
        raise Invalid(_("There is no format “{name}”.", name=options.form))
    started, import_id = monotonic(), new_id()
    place = import_reports.folder(desk.settings.data, options.said.slug, import_id)
    place.mkdir(parents=True)
    try:
        options = import_runs.keep_sources(desk, options, place)
        report = import_runs.new_report(options, import_id, dataset, now)
        report = import_runs.read(desk, options, report, now, progress, stop)
        import_runs.require_usable(desk, options, report)
        report.seconds = monotonic() - started
        import_reports.save(desk.settings.data, report)
    except BaseException:
        _remove(place)
        raise
    return Prepared(report, options.said)


def find_prepared(desk: Desk, slug: str, import_id: str) -> Prepared:
    """An import by its number, as it was prepared. Raises NotFound."""
    report = import_reports.get(desk.settings.data, slug, import_id)
    private = report.dataset == "work"
    said = Said(slug, report.title, report.description, report.language, private)
    return Prepared(report, said)


def apply(
    desk: Desk, organiser: Person, prepared: Prepared, *, now: datetime,
    progress: Progress = lambda *_: None,
) -> Report:  # fmt: skip
    """One journal entry, durable at once, then the bulk job; the report says what was done.

    Raises Conflict where the collection was changed since, or the import is not waiting.
    """
    permissions.require(organiser, "import")
    report = import_reports.get(desk.settings.data, prepared.report.slug, prepared.report.id)
    if report.state != "waiting":
        raise Conflict(_("This import is not waiting to be applied."))
    bulk = _bulk(desk, report)
    change = graph_states.Prepared(bulk, report.since)

    def decide(desk: Desk) -> tuple[Patch, None]:
        graph_states.require_unchanged(desk, change)
        said = collections.metadata_patch(
            desk, prepared.said, bulk.dataset, now, changed=change.changes_something
        )
        return replace(said, bulk=(bulk,) if change.changes_something else ()), None

    desk.commit(decide, by=organiser.agent.value, action="import", now=now)
    report.state = "applied" if change.changes_something else "empty"
    import_reports.save(desk.settings.data, report)
    _tidy(desk, report)
    with item_rows.reading_ahead(desk, report.slug, bulk):
        desk.run_bulk(progress)
    return report


def discard(desk: Desk, organiser: Person, prepared: Prepared) -> None:
    """Forget an import that was not applied. Raises Conflict where it was."""
    permissions.require(organiser, "import")
    if prepared.report.state != "waiting":
        raise Conflict(_("This import is not waiting to be applied."))
    _remove(import_reports.folder(desk.settings.data, prepared.report.slug, prepared.report.id))


def undo(
    desk: Desk, organiser: Person, slug: str, *, now: datetime,
    progress: Progress = lambda *_: None,
) -> None:  # fmt: skip
    """Take back the last import of a collection; after the first one it is empty.

    Raises NotFound, or Conflict where there is nothing to take back.
    """
    permissions.require(organiser, "import")
    dataset = collections.standing_in(desk, slug)
    if dataset is None:
        raise NotFound(_("There is no such collection."))

    def decide(desk: Desk) -> tuple[Patch, None]:
        found = import_history.last_import(desk, dataset, slug)
        if found is None:
            raise Conflict(_("There is no import to take back."))
        bulk, before = found
        said = collections.metadata_patch(desk, Said(slug), dataset, now, changed=True)
        return replace(said, bulk=(graph_states.inverse(bulk, before),)), None

    last = next((one for one in find_reports(desk, slug) if one.state == "applied"), None)
    desk.commit(decide, by=organiser.agent.value, action="undo import", now=now)
    if last is not None:
        last.state = "undone"
        import_reports.save(desk.settings.data, last)
    desk.run_bulk(progress)


def can_undo(desk: Desk, slug: str) -> bool:
    dataset = collections.standing_in(desk, slug)
    return dataset is not None and import_history.last_import(desk, dataset, slug) is not None


def find_reports(desk: Desk, slug: str) -> list[Report]:
    """The imports of a collection, newest first.

    One that was journalled when the server was killed is known by its state of the graph.
    """
    found = import_reports.find_all(desk.settings.data, slug)
    for report in found:
        if report.state == "waiting" and report.changes_something:
            graph = desk.names.graph("collection", slug)
            since, full = graph_states.standing(desk, report.store, graph)
            if since > report.since and full and report.files["full"] == _said_of(full):
                report.state = "applied"
                import_reports.save(desk.settings.data, report)
    return found


def _said_of(file: BulkFile) -> dict[str, object]:
    return {"sha256": file.sha256, "quads": file.quads}


def find_mapping(desk: Desk, slug: str) -> Mapping | None:
    """The mapping of the last import that was applied, if it was a spreadsheet's."""
    last = import_reports.find_last(desk.settings.data, slug)
    return Mapping.from_json(last.mapping) if last and last.mapping else None


def survey_again(desk: Desk, source: Path, slug: str) -> Survey:
    """What a spreadsheet holds, understood as the last one of its collection was.

    Columns that are new are guessed: the former identifiers often come with a second file.
    """
    found, kept = survey(desk, source), find_mapping(desk, slug)
    return found if kept is None else survey(desk, source, kept.renewed(found.mapping))


def find_kept(desk: Desk, slug: str) -> list[Path]:
    """The files of the last import, so that they can be read anew."""
    last = import_reports.find_last(desk.settings.data, slug)
    if last is None:
        return []
    folder = import_reports.folder(desk.settings.data, slug, last.id) / "files"
    return sorted(path for path in folder.glob("*/*") if path.is_file())


def summary(report: Report) -> dict[str, int]:
    """The counts of a report by name."""
    names = ("records", "added", "changed", "gone", "annotations", *LISTS)
    return {name: getattr(report, name) for name in names}


def _bulk(desk: Desk, report: Report) -> Bulk:
    """The change as bulk files of the data directory."""
    place = import_reports.folder(desk.settings.data, report.slug, report.id)
    files: dict[str, BulkFile | None] = {}
    for name, said in report.files.items():
        if name == "add" and said == report.files["full"]:
            continue  # a new collection: the same file
        source = place / f"{name}.nq"
        files[name] = adopted_files.adopt(desk.bulk_folder, source, **said) if said else None
    files.setdefault("add", files["full"])
    graph = desk.names.graph("collection", report.slug)
    return Bulk(report.store, graph.value, files["add"], files["remove"], files["full"])


def _remove(place: Path) -> None:
    """An import's folder, and the collection's where that was the only one."""
    shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):
        place.parent.rmdir()


def _tidy(desk: Desk, report: Report) -> None:
    """The bulk folder has the statements now; sources and lists stay."""
    place = import_reports.folder(desk.settings.data, report.slug, report.id)
    for name in ("full.nq", "add.nq", "remove.nq", "items.txt", "touched.txt"):
        (place / name).unlink(missing_ok=True)
