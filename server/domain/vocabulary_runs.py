"""One reading of a vocabulary's source: in the limited child, or in this process for our own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from server import i18n
from server.commit import Desk
from server.domain import graph_states, vocabulary_lists, vocabulary_metadata, vocabulary_reports
from server.domain.vocabulary_building import build, seldom
from server.domain.vocabulary_fetching import Sources
from server.domain.vocabulary_reports import Report
from server.domain.vocabulary_sorting import Place
from server.errors import Conflict
from server.formats.children import run_child
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _
from server.index import touched_annotations
from server.journal import bulk_files
from server.patches import BulkFile

Progress = Callable[[str, int, int], None]
_CHILD = "server.domain.vocabulary_child"
_running: "WeakKeyDictionary[Desk, set[str]]" = WeakKeyDictionary()
_guard = Lock()


@contextmanager
def alone(desk: Desk, slug: str) -> Iterator[None]:
    """Raises Conflict while this vocabulary is being loaded by another thread."""
    with _guard:
        running = _running.setdefault(desk, set())
        if slug in running:
            raise Conflict(
                _("“{slug}” is being loaded just now. Wait until that has ended.", slug=slug)
            )
        running.add(slug)
    try:
        yield
    finally:
        with _guard:
            running.discard(slug)


def place_of(desk: Desk, report: Report) -> Place:
    """Where the load works, and against what; notes in the report what it starts from."""
    graph = desk.names.graph("vocabulary", report.slug)
    report.since, before = graph_states.standing(desk, "public", graph)
    folder = vocabulary_reports.folder(desk.settings.data, report.slug, report.id)
    old = bulk_files.path(desk.bulk_folder, before) if before else None
    used = folder / "used.txt" if old else None
    if used:
        _write_used(desk, used)
    return Place(
        folder, graph.value, desk.names.base, desk.names.vocabulary(report.slug).value, old, used,
        i18n.language.get(), desk.settings.min_free,
    )  # fmt: skip


def _write_used(desk: Desk, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"<{iri}>\n" for iri in touched_annotations.named(desk.index.read()))


def in_child(
    desk: Desk, report: Report, place: Place, sources: Sources, replace: bool,
    progress: Progress, stop: Callable[[], bool],
) -> dict[str, Any]:  # fmt: skip
    """Raises what the reader raises, Unavailable where it is stopped, Conflict for another
    scheme."""
    settings, done = desk.settings, {}
    job = {
        "source": sources.reader, "paths": [str(path) for path in sources.paths],
        "options": dict(sources.options), "graph": place.graph, "base": place.base,
        "vocabulary": place.vocabulary,
        "folder": str(place.folder), "old": str(place.old) if place.old else None,
        "used": str(place.used) if place.used else None, "language": place.language,
        "spare": place.spare,
    }  # fmt: skip

    def heard(message: dict[str, Any]) -> None:
        if "scheme" in message and not replace:
            require_same_scheme(desk, report.slug, message["scheme"])
        if "told" in message:
            progress(*message["told"])
        done.update(message.get("done", {}))

    run_child(
        _CHILD, job, memory=settings.vocabulary_memory, seconds=settings.vocabulary_seconds,
        on_message=heard, stop=lambda: stop() or desk.stopping.is_set(),
    )  # fmt: skip
    return done


def here(
    place: Place, data: VocabularyData, reading: Reading, progress: Progress
) -> dict[str, Any]:
    """The same in this process, for what is no stranger's."""
    return build(data, reading, place, seldom(progress))


def require_same_scheme(desk: Desk, slug: str, scheme: str) -> None:
    """Raises Conflict where another vocabulary stands under this short name."""
    standing = vocabulary_metadata.scheme_of(desk, slug)
    if standing and scheme and standing != scheme:
        raise Conflict(
            _(
                "“{slug}” is the vocabulary {standing}, and this is {scheme}. Choose another short "
                "name, or say that it shall be replaced.",
                slug=slug, standing=standing, scheme=scheme,
            )
        )  # fmt: skip


def with_results(desk: Desk, report: Report, place: Place, done: dict[str, Any]) -> None:
    """Take over what was said of the files that were written."""
    for name in ("scheme", "terms", "statements", "retired", "faults", "left_out", "kinds", "used"):
        setattr(report, name, done[name])
    report.metadata = [(property_, value) for property_, value in done["metadata"]]
    report.files = {name: done[name] for name in ("full", "add", "remove")}
    if place.old is None:
        report.files["add"] = done["full"]
        report.kinds = {"added": report.terms}
    report.touched = touched(desk, report)


def touched(desk: Desk, report: Report) -> dict[str, vocabulary_reports.Touched]:
    """The annotations that name changed terms, by kind of change, campaign and status."""
    connection, found = desk.index.read(), {}
    for kind in report.used:
        iris = (
            change.iri
            for change in vocabulary_lists.changes(desk.settings.data, report, (kind,), used=True)
        )
        found[kind] = touched_annotations.annotations_with(connection, iris)
    return found


def bulk_file(said: dict[str, Any] | None) -> BulkFile | None:
    return BulkFile(f"{said['sha256'][:40]}.nq", **said) if said else None
