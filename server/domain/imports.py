"""Imports: files are read in a limited child process, shown as a difference, applied, undone.

prepare(...) -> Prepared     nothing visible changes; what the child wrote waits in a folder
apply(...)                   one journal entry, then the bulk job
undo(...)                    the last import taken back, as a new entry
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from pyoxigraph import NamedNode

from server import i18n
from server.commit import Desk
from server.domain import collections, graph_states, import_reports, item_rows, permissions
from server.domain.accounts import Person
from server.domain.collections import Said
from server.domain.import_reading import readers_for
from server.domain.import_reports import LISTS, Report
from server.errors import Conflict, Invalid, NotFound, Problem
from server.formats.children import run_child
from server.formats.edm_read import FORMS
from server.formats.sheet_mapping import Mapping
from server.i18n import _, ngettext
from server.index import import_counts
from server.journal import adopted_files, bulk_files
from server.names import new_id, timestamp
from server.patches import Bulk, BulkFile, Dataset, Patch

Progress = Callable[[str, int, int], None]
FORMATS = ("auto", *FORMS, "sheet")
TABLES = (".xlsx", ".xlsm", ".csv", ".tsv", ".tab")
_CHILD = "server.domain.import_child"
_SHOWN = 20  # problems that an error carries


@dataclass(frozen=True, slots=True)
class Options:
    """What is imported, and how. Without sources the kept ones are read again.

    `mapping` makes it a spreadsheet; `images` is a folder or a zip; `strict` refuses whatever is
    not as it should be.
    """

    said: Said
    sources: tuple[Path, ...] = ()
    images: Path | None = None
    form: str = "auto"
    mapping: Mapping | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """A table as it is, and as it would be understood: the first ten rows of `total`."""

    name: str
    header: tuple[str, ...]
    rows: list[list[str]]
    total: int
    mapping: Mapping
    previews: list[dict[str, Any]]  # of sheet_fields.Preview


@dataclass(frozen=True, slots=True)
class Prepared:
    """An import that waits for `apply`; it survives a restart (`find_prepared`)."""

    report: Report
    said: Said


def is_table(options: Options) -> bool:
    """Whether the sources are spreadsheets, going by the format asked for or by their names."""
    if options.form == "auto":
        return bool(options.sources) and all(
            path.suffix.lower() in TABLES for path in options.sources
        )
    return options.form == "sheet"


def survey(desk: Desk, source: Path, mapping: Mapping | None = None) -> Survey:
    """What a spreadsheet holds. Raises Malformed, TooLarge or Unavailable."""
    job = {
        "do": "survey",
        "sources": [str(source)],
        "mapping": mapping.to_json() if mapping else None,
    }
    found: dict[str, Any] = {}
    _run(desk, job, lambda message: found.update(message.get("survey", {})))
    guessed = Mapping.from_json(found.pop("mapping"))
    return Survey(**{**found, "header": tuple(found["header"]), "mapping": guessed})


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
        options = _keep_sources(desk, options, place)
        report = _new_report(options, import_id, dataset, now)
        report = _read(desk, options, report, now, progress, stop)
        _require_usable(desk, options, report)
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
        found = _undoable(desk, dataset, slug)
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
    return dataset is not None and _undoable(desk, dataset, slug) is not None


def find_reports(desk: Desk, slug: str) -> list[Report]:
    """The imports of a collection, newest first."""
    return import_reports.find_all(desk.settings.data, slug)


def find_mapping(desk: Desk, slug: str) -> Mapping | None:
    """The mapping of the last import that was applied, if it was a spreadsheet's."""
    last = next((one for one in find_reports(desk, slug) if one.state != "waiting"), None)
    return Mapping.from_json(last.mapping) if last and last.mapping else None


# --- reading -------------------------------------------------------------------------------------


def _keep_sources(desk: Desk, options: Options, place: Path) -> Options:
    """The options with their sources copied beside the report, or taken from the last import."""
    kept = []
    for number, source in enumerate(options.sources):
        if not source.exists():
            raise NotFound(_("There is no file {name}.", name=source))
        target = place / "files" / str(number) / source.name
        target.parent.mkdir(parents=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
        kept.append(target)
    if kept:
        return replace(options, sources=tuple(kept))
    return _keep_again(desk, options, place)


def _keep_again(desk: Desk, options: Options, place: Path) -> Options:
    data, slug = desk.settings.data, options.said.slug
    last = next((one for one in find_reports(desk, slug) if one.state != "waiting"), None)
    if last is None:
        message = _("There is no kept file of this collection; name the file to import.")
        raise Invalid(message, (Problem("files", message),))
    old = import_reports.folder(data, slug, last.id)
    shutil.copytree(old / "files", place / "files")
    if (old / "images.json").exists():
        shutil.copyfile(old / "images.json", place / "images.json")
    sources = tuple(sorted((place / "files").glob("*/*")))
    mapping = options.mapping or (Mapping.from_json(last.mapping) if last.mapping else None)
    return replace(options, sources=sources, mapping=mapping, form=last.form)


def _new_report(options: Options, import_id: str, dataset: Dataset, now: datetime) -> Report:
    said = options.said
    return Report(
        id=import_id, slug=said.slug, dataset=dataset, title=said.title,
        description=said.description, language=said.language, form=options.form,
        mapping=options.mapping.to_json() if options.mapping else None, created=timestamp(now),
    )  # fmt: skip


def _read(
    desk: Desk, options: Options, report: Report, now: datetime, progress: Progress,
    stop: Callable[[], bool],
) -> Report:  # fmt: skip
    """Run the child, and take over what it says of the files that it wrote."""
    slug, data = report.slug, desk.settings.data
    place = import_reports.folder(data, slug, report.id)
    graph = desk.names.graph("collection", slug)
    report.since, before = graph_states.standing(desk, _dataset(report), graph)
    sources = [str(path) for path in options.sources]
    job = {
        "do": "read", "sources": sources, "form": options.form, "mapping": report.mapping,
        "images": str(options.images) if options.images else None, "slug": slug,
        "images_memory": str(place / "images.json"), "media": str(data / "media" / slug),
        "base": desk.names.base, "local": f"{desk.names.base}local/{slug}/",
        "graph": graph.value, "folder": str(place), "now": timestamp(now),
        "old": str(bulk_files.path(desk.bulk_folder, before)) if before else None,
        "readers": 1 if options.mapping else readers_for(sources),
    }  # fmt: skip
    done: dict[str, Any] = {}
    read: dict[int, int] = {}

    def heard(message: dict[str, Any]) -> None:
        done.update(message.get("done", {}))
        if "reader" in message:
            read[message["reader"]] = message["records"]
            progress("read", sum(read.values()), 0)

    _run(desk, job, heard, stop)
    progress("read", done["records"], done["records"])
    return _with_results(desk, report, done, before)


def _with_results(
    desk: Desk, report: Report, done: dict[str, Any], before: BulkFile | None
) -> Report:
    full = done["full"] if done["full"]["quads"] else None
    files = {"full": full, "add": done["add"], "remove": done["remove"]}
    if before is None:
        files["add"] = full
    report.files = files
    for name in ("records", "added", "changed", "gone"):
        setattr(report, name, done[name])
    for name in LISTS:
        setattr(report, name, done["reports"].get(name, 0))
    touched = import_reports.listed(desk.settings.data, report, "touched")
    report.annotations = import_counts.annotations_on(desk.index.read(), touched)
    return report


def _run(
    desk: Desk, job: dict[str, Any], heard: Callable[[dict[str, Any]], None],
    stop: Callable[[], bool] = lambda: False,
) -> None:  # fmt: skip
    settings = desk.settings
    run_child(
        _CHILD, {**job, "language": i18n.language.get()}, memory=settings.import_memory,
        seconds=settings.import_seconds, on_message=heard,
        stop=lambda: stop() or desk.stopping.is_set(),
    )  # fmt: skip


def _require_usable(desk: Desk, options: Options, report: Report) -> None:
    data = desk.settings.data
    if options.strict and (report.problems or report.mends):
        count = report.problems + report.mends
        message = ngettext(
            "Refused: there is {count} fault, and nothing was imported.",
            "Refused: there are {count} faults, and nothing was imported.",
            count,
        )
        raise Invalid(message, _problems(data, report, "problems", "mends"))
    if not report.records:
        message = _("No record could be read; nothing was imported.")
        raise Invalid(message, _problems(data, report, "problems"))
    found = import_reports.listed(data, report, "items")
    if others := import_counts.elsewhere(desk.index.read(), found, report.slug):
        item, slug = others[0]
        message = _(
            "{count} of these items stand in another collection already: {item} in “{slug}”.",
            count=len(others),
            item=item,
            slug=slug,
        )
        raise Conflict(message)


def _problems(data: Path, report: Report, *kinds: str) -> tuple[Problem, ...]:
    lines = [line for kind in kinds for line in import_reports.lines(data, report, kind, _SHOWN)]
    return tuple(Problem("files", str(line)) for line in lines[:_SHOWN])


# --- applying ------------------------------------------------------------------------------------


def _bulk(desk: Desk, report: Report) -> Bulk:
    """The change as bulk files of the data directory."""
    place = import_reports.folder(desk.settings.data, report.slug, report.id)
    files: dict[str, BulkFile | None] = {}
    for name, said in report.files.items():
        source = place / ("full.nq" if said == report.files["full"] else f"{name}.nq")
        files[name] = adopted_files.adopt(desk.bulk_folder, source, **said) if said else None
    if report.since and files["add"] is not None and report.files["add"] == report.files["full"]:
        files["add"] = files["full"]
    graph = desk.names.graph("collection", report.slug)
    return Bulk(_dataset(report), graph.value, files["add"], files["remove"], files["full"])


def _dataset(report: Report) -> Dataset:
    return "work" if report.dataset == "work" else "public"


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


def _undoable(desk: Desk, dataset: Dataset, slug: str) -> tuple[Bulk, BulkFile | None] | None:
    """The last change by an import that stands, and the state before it."""
    graph = desk.names.graph("collection", slug)
    stack: list[tuple[Bulk, BulkFile | None]] = []
    before: BulkFile | None = None
    for action, bulk in _history(desk, dataset, graph):
        if action == "import":
            stack.append((bulk, before))
        elif action == "undo import" and stack:
            stack.pop()
        else:
            stack.clear()
        before = bulk.full
    return stack[-1] if stack else None


def _history(desk: Desk, dataset: Dataset, graph: NamedNode) -> Iterator[tuple[str, Bulk]]:
    """(action, change) of each bulk entry of a graph, oldest first."""
    for seq in desk.journal.bulk_sequences():
        entry = desk.journal.get(seq)
        for bulk in Patch.from_json({"bulk": entry.patch["bulk"]}).bulk:
            if bulk.dataset == dataset and bulk.graph == graph.value:
                yield entry.action, bulk


def summary(report: Report) -> dict[str, int]:
    """The counts of a report by name."""
    names = ("records", "added", "changed", "gone", "annotations", *LISTS)
    return {name: getattr(report, name) for name in names}
