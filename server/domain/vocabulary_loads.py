"""Loading vocabularies: read in a limited child process, shown as a difference, applied, undone.

prepare(...) -> Prepared     nothing visible changes; what the child wrote waits in a folder
apply(...)                   one journal entry, then the bulk job
undo(...)                    the last load taken back, as a new entry
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

from server.commit import Desk
from server.domain import (
    graph_states,
    import_history,
    made_terms,
    permissions,
    vocabulary_fetching,
    vocabulary_metadata,
    vocabulary_reports,
    vocabulary_runs,
)
from server.domain.accounts import Person
from server.domain.vocabulary_options import Options as Options
from server.domain.vocabulary_options import reader_options, with_base
from server.domain.vocabulary_options import require_usable as require_usable
from server.domain.vocabulary_reports import Report
from server.errors import Conflict, NotFound
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _
from server.journal import adopted_files
from server.names import new_id, timestamp
from server.patches import Bulk, BulkFile, Patch

Progress = Callable[[str, int, int], None]
LOADED, UNDONE = "load vocabulary", "undo vocabulary load"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A load that waits for `apply`; it survives a restart (`find_prepared`)."""

    report: Report


def prepare(
    desk: Desk, organiser: Person, options: Options, *, now: datetime,
    progress: Progress = lambda *_: None, stop: Callable[[], bool] = lambda: False,
) -> Prepared:  # fmt: skip
    """Read everything and say what would change; nothing visible does.

    Raises Malformed where nothing can be read, Conflict while this vocabulary is being loaded
    already or where it is another one; then, as for any other error, nothing is kept.
    """
    permissions.require(organiser, "import")
    require_usable(options)

    def run(report: Report) -> None:
        place = vocabulary_runs.place_of(desk, report)
        asked = replace(options, reader=with_base(report, desk.names.base))
        sources = vocabulary_fetching.sources(desk, asked, place.folder, progress, stop)
        done = vocabulary_runs.in_child(
            desk, report, place, sources, options.replace, progress, stop
        )
        vocabulary_fetching.forget(desk, options, place.folder)
        vocabulary_runs.with_results(desk, report, place, done)

    return _prepared(desk, _new_report(options, now), run)


def prepare_data(
    desk: Desk, organiser: Person, options: Options, data: VocabularyData, reading: Reading, *,
    now: datetime, progress: Progress = lambda *_: None,
) -> Prepared:  # fmt: skip
    """The same for what our own code says, in this process."""
    permissions.require(organiser, "import")
    require_usable(options)

    def run(report: Report) -> None:
        if not options.replace:
            vocabulary_runs.require_same_scheme(desk, report.slug, data.scheme or "")
        place = vocabulary_runs.place_of(desk, report)
        done = vocabulary_runs.here(place, data, reading, progress)
        vocabulary_runs.with_results(desk, report, place, done)

    return _prepared(desk, _new_report(options, now), run)


def _new_report(options: Options, now: datetime) -> Report:
    names = [path.name for path in options.paths] or [options.url or options.endpoint]
    return Report(
        id=new_id(), slug=options.slug, source=options.source, names=[n for n in names if n],
        options=reader_options(options), title=options.title, created=timestamp(now),
    )  # fmt: skip


def _prepared(desk: Desk, report: Report, run: Callable[[Report], None]) -> Prepared:
    place = vocabulary_reports.folder(desk.settings.data, report.slug, report.id)
    with vocabulary_runs.alone(desk, report.slug):
        started = monotonic()
        place.mkdir(parents=True)
        try:
            run(report)
            report.seconds = monotonic() - started
            vocabulary_reports.save(desk.settings.data, report)
        except BaseException:
            vocabulary_reports.remove(place)
            raise
    return Prepared(report)


def find_prepared(desk: Desk, slug: str, load: str) -> Prepared:
    """A load by its number, as it was prepared. Raises NotFound."""
    return Prepared(vocabulary_reports.get(desk.settings.data, slug, load))


def apply(
    desk: Desk, organiser: Person, prepared: Prepared, *, now: datetime,
    progress: Progress = lambda *_: None,
) -> Report:  # fmt: skip
    """One journal entry, durable at once, then the bulk job; the report says what was done.

    Raises Conflict where the vocabulary was changed since, or the load is not waiting.
    """
    permissions.require(organiser, "import")
    report = vocabulary_reports.get(desk.settings.data, prepared.report.slug, prepared.report.id)
    if report.state != "waiting":
        raise Conflict(_("This load is not waiting to be applied."))
    bulk = _bulk(desk, report)
    change = graph_states.Prepared(bulk, report.since)

    def decide(desk: Desk) -> tuple[Patch, bool]:
        graph_states.require_unchanged(desk, change)
        said = vocabulary_metadata.patch(
            desk, report.slug, report.metadata, report.scheme, _title(desk, report), now
        )
        if change.changes_something:
            said = said or vocabulary_metadata.touched(desk, report.slug, now)
            return replace(said, bulk=(bulk,)), True
        return said, bool(said)

    changed = desk.commit(decide, by=organiser.agent.value, action=LOADED, now=now)
    _settle(desk, report, "applied" if changed else "empty")
    desk.run_bulk(progress)
    return report


def _settle(desk: Desk, report: Report, state: vocabulary_reports.State) -> None:
    report.state = state
    report.touched = vocabulary_runs.touched(desk, report)
    vocabulary_reports.save(desk.settings.data, report)
    vocabulary_reports.tidy(desk.settings.data, report)


def _title(desk: Desk, report: Report) -> str:
    """As it was said, now or for the last load."""
    earlier = (one.title for one in find_reports(desk, report.slug) if one.state == "applied")
    return report.title or next(earlier, "")


def _bulk(desk: Desk, report: Report) -> Bulk:
    """The change as bulk files of the data directory."""
    place = vocabulary_reports.folder(desk.settings.data, report.slug, report.id)
    files: dict[str, BulkFile | None] = {"add": None, "remove": None}
    for name, said in report.files.items():
        if name == "add" and report.is_first:
            continue  # a new vocabulary: the same file
        source = place / f"{name}.nq"
        files[name] = adopted_files.adopt(desk.bulk_folder, source, **said) if said else None
    if report.is_first:
        files["add"] = files["full"]
    graph = desk.names.graph("vocabulary", report.slug)
    return Bulk("public", graph.value, files["add"], files["remove"], files["full"])


def discard(desk: Desk, organiser: Person, prepared: Prepared) -> None:
    """Forget a load that was not applied. Raises Conflict where it was."""
    permissions.require(organiser, "import")
    report = vocabulary_reports.get(desk.settings.data, prepared.report.slug, prepared.report.id)
    if report.state != "waiting":
        raise Conflict(_("This load is not waiting to be applied."))
    place = vocabulary_reports.folder(desk.settings.data, report.slug, report.id)
    vocabulary_reports.remove(place)


def undo(
    desk: Desk, organiser: Person, slug: str, *, now: datetime,
    progress: Progress = lambda *_: None,
) -> None:  # fmt: skip
    """Take back the last load of a vocabulary; after the first one it is gone.

    Raises NotFound, or Conflict where there is nothing to take back.
    """
    permissions.require(organiser, "import")
    if not vocabulary_metadata.standing(desk, slug):
        raise NotFound(_("There is no such vocabulary."))

    def decide(desk: Desk) -> tuple[Patch, None]:
        found = _last(desk, slug)
        if found is None:
            raise Conflict(_("There is no load to take back."))
        entry = Patch.from_json(desk.journal.get(found.seq).patch)
        keep = bool(made_terms.listed(desk, slug, 1, 0))
        said = vocabulary_metadata.inverse(desk, slug, entry, now, keep=keep)
        return replace(said, bulk=(graph_states.inverse(found.bulk, found.before),)), None

    last = next((one for one in find_reports(desk, slug) if one.state == "applied"), None)
    with vocabulary_runs.alone(desk, slug):
        desk.commit(decide, by=organiser.agent.value, action=UNDONE, now=now)
        if last is not None:
            last.state = "undone"
            vocabulary_reports.save(desk.settings.data, last)
        desk.run_bulk(progress)


def can_undo(desk: Desk, slug: str) -> bool:
    return _last(desk, slug) is not None


def _last(desk: Desk, slug: str) -> import_history.Done | None:
    graph = desk.names.graph("vocabulary", slug)
    return import_history.last_done(desk, "public", graph, LOADED, UNDONE)


def forget_waiting(desk: Desk, before: datetime) -> None:
    """Remove the loads that have been waiting to be applied since then or longer."""
    data = desk.settings.data
    for slug in vocabulary_reports.slugs(data):
        for report in find_reports(desk, slug):
            if report.state == "waiting" and report.when < before:
                vocabulary_reports.remove(vocabulary_reports.folder(data, slug, report.id))


def find_reports(desk: Desk, slug: str) -> list[Report]:
    """The loads of a vocabulary, newest first.

    One that was journalled when the server was killed is known by its state of the graph.
    """
    found = vocabulary_reports.find_all(desk.settings.data, slug)
    for report in found:
        if report.state == "waiting" and report.changes_something:
            graph = desk.names.graph("vocabulary", slug)
            since, full = graph_states.standing(desk, "public", graph)
            if since > report.since and full == vocabulary_runs.bulk_file(report.files["full"]):
                _settle(desk, report, "applied")
    return found
