"""One run of the limited child process: what goes in, and what it says of the files it wrote."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from server import i18n
from server.commit import Desk
from server.domain import graph_states, import_reports
from server.domain.import_options import Options, Progress, Survey
from server.domain.import_reading import readers_for
from server.domain.import_reports import LISTS, Report
from server.errors import Conflict, Invalid, NotFound, Problem
from server.formats.children import run_child
from server.formats.sheet_mapping import Mapping
from server.i18n import _, ngettext
from server.index import import_counts
from server.journal import bulk_files
from server.names import timestamp
from server.patches import BulkFile, Dataset

_CHILD = "server.domain.import_child"
_SHOWN = 20  # problems that an error carries


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


def keep_sources(desk: Desk, options: Options, place: Path) -> Options:
    """The options with their sources copied beside the report, or taken from the last import."""
    kept = []
    for number, source in enumerate(options.sources):
        if not source.exists():
            raise NotFound(_("There is no file {name}.", name=source))
        target = place / "files" / str(number) / source.name
        target.parent.mkdir(parents=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
        kept.append(target)
    last = import_reports.find_last(desk.settings.data, options.said.slug)
    if last is not None:
        _remember_images(desk, last, place)
    if kept:
        return replace(options, sources=tuple(kept))
    return _keep_again(desk, options, last, place)


def _remember_images(desk: Desk, last: Report, place: Path) -> None:
    """Which kept image had which name, so that nobody sends their photos twice."""
    known = import_reports.folder(desk.settings.data, last.slug, last.id) / "images.json"
    if known.exists():
        shutil.copyfile(known, place / "images.json")


def _keep_again(desk: Desk, options: Options, last: Report | None, place: Path) -> Options:
    if last is None:
        message = _("There is no kept file of this collection; name the file to import.")
        raise Invalid(message, (Problem("files", message),))
    old = import_reports.folder(desk.settings.data, last.slug, last.id)
    shutil.copytree(old / "files", place / "files")
    sources = tuple(sorted((place / "files").glob("*/*")))
    mapping = options.mapping or (Mapping.from_json(last.mapping) if last.mapping else None)
    return replace(options, sources=sources, mapping=mapping, form=last.form)


def new_report(options: Options, import_id: str, dataset: Dataset, now: datetime) -> Report:
    said = options.said
    return Report(
        id=import_id, slug=said.slug, dataset=dataset, title=said.title,
        description=said.description, language=said.language, form=options.form,
        mapping=options.mapping.to_json() if options.mapping else None, created=timestamp(now),
    )  # fmt: skip


def read(
    desk: Desk, options: Options, report: Report, now: datetime, progress: Progress,
    stop: Callable[[], bool],
) -> Report:  # fmt: skip
    """Run the child, and take over what it says of the files that it wrote."""
    slug, data = report.slug, desk.settings.data
    place = import_reports.folder(data, slug, report.id)
    graph = desk.names.graph("collection", slug)
    report.since, before = graph_states.standing(desk, report.store, graph)
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


def require_usable(desk: Desk, options: Options, report: Report) -> None:
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
