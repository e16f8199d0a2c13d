"""A load's sources as files on the disk: those that were named, or fetched from the network.

Fetching is for this process, which has a network; reading is for the child, which has none.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from server.commit import Desk
from server.domain import remote_files, remote_queries
from server.domain.remote_addresses import Listed
from server.domain.remote_queries import Asking
from server.domain.vocabulary_sources import ANSWERS
from server.errors import Invalid, NotFound, Problem
from server.formats.sparql_queries import ClassQuery, Query, TextQuery
from server.i18n import _

Progress = Callable[[str, int, int], None]
WIKIDATA = "https://query.wikidata.org/sparql"
_SECONDS = 3600.0  # for a file


class Asked(Protocol):
    """What is needed of `vocabulary_loads.Options`."""

    @property
    def slug(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def paths(self) -> tuple[Path, ...]: ...
    @property
    def url(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def endpoint(self) -> str: ...
    @property
    def reader(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Sources:
    """What the child reads: a reader by name, its files, its options."""

    reader: str
    paths: tuple[Path, ...]
    options: Mapping[str, Any]


def sources(
    desk: Desk, asked: Asked, folder: Path, progress: Progress, stop: Callable[[], bool]
) -> Sources:
    """Raises NotFound for a path that is not there, Invalid where nothing is named, Unreachable."""
    for path in asked.paths:
        if not path.exists():
            raise NotFound(_("There is no file {name}.", name=path))
    if asked.paths or asked.source == "geonames":
        paths = tuple(path.absolute() for path in asked.paths)
        return Sources(asked.source, paths, asked.reader)
    if asked.url:
        return Sources(asked.source, (_file(desk, asked, folder, progress, stop),), asked.reader)
    if asked.source == "wikidata" and (asked.query or asked.reader.get("classes")):
        return Sources(ANSWERS, (_answers(desk, asked, progress, stop),), {})
    message = _("Choose at least one file.")
    raise Invalid(message, (Problem("files", message),))


def _file(
    desk: Desk, asked: Asked, folder: Path, progress: Progress, stop: Callable[[], bool]
) -> Path:
    settings = desk.settings
    place = folder / "fetched"
    place.mkdir()
    return remote_files.fetch(
        asked.url, place, Listed.parse(settings.remote_hosts), most=settings.max_upload,
        seconds=_SECONDS, progress=lambda done, total: progress("fetch", done, total), stop=stop,
    )  # fmt: skip


def _answers(desk: Desk, asked: Asked, progress: Progress, stop: Callable[[], bool]) -> Path:
    """The pages of an endpoint's answer: kept until it was read, to be gone on with."""
    if asked.query:
        query: Query = TextQuery(asked.query)
    else:
        query = ClassQuery(asked.reader["classes"], asked.reader.get("languages", ()))
    asking = Asking(
        Listed.parse(desk.settings.remote_hosts), desk.names.base, spare=desk.settings.min_free,
        progress=lambda done, total: progress("ask", done, total), stop=stop,
    )  # fmt: skip
    endpoint = asked.endpoint or WIKIDATA
    return remote_queries.pull(endpoint, query, _kept(desk, asked.slug), asking)


def _kept(desk: Desk, slug: str) -> Path:
    return desk.settings.data / "uploads" / f"answers-{slug}"


def forget(desk: Desk, asked: Asked, folder: Path) -> None:
    """What was fetched is of no more use."""
    shutil.rmtree(folder / "fetched", ignore_errors=True)
    shutil.rmtree(_kept(desk, asked.slug), ignore_errors=True)
