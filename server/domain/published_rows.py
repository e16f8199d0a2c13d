"""The index rows of annotations that were published, or taken back, by files."""

from collections.abc import Iterator
from heapq import merge
from itertools import groupby, islice

from server.commit import Desk, Step
from server.domain import annotation_rows, change_rows
from server.index import contributions
from server.journal import bulk_files
from server.journal.entries import Entry
from server.names import CH
from server.patches import Bulk, BulkFile

PAGE = 20  # about 50 ms, in which contributions wait
_STATUS = f" {CH.status} "
#: (annotation, whether something comes, whether it is its status)
_Line = tuple[str, bool, bool]


def project_bulk(desk: Desk, bulk: Bulk, entry: Entry) -> Iterator[Step]:
    """A step for each page of annotations of which something came or went."""
    found = _changes(desk, bulk)
    while page := dict(islice(found, PAGE)):
        yield lambda p=page: _project(desk, p, entry)  # type: ignore[misc]


def _project(desk: Desk, page: dict[str, str], entry: Entry) -> None:
    for iri, action in page.items():
        annotation_rows.project(desk, iri)
        contributions.put_history(desk.index.write, iri, entry.seq, entry.at, entry.agent, action)
    change_rows.project_annotations(desk, page, entry.seq, entry.at)


def _changes(desk: Desk, bulk: Bulk) -> Iterator[tuple[str, str]]:
    """(annotation, what happened to it): both files are sorted, so each comes at once."""
    lines = merge(_lines(desk, bulk.remove, False), _lines(desk, bulk.add, True))
    for iri, group in groupby(lines, key=lambda line: line[0]):
        statuses = {comes for _iri, comes, is_status in group if is_status}
        yield iri, "publish" if True in statuses else "unpublish" if statuses else "level"


def _lines(desk: Desk, file: BulkFile | None, comes: bool) -> Iterator[_Line]:
    if file is None:
        return
    with bulk_files.path(desk.bulk_folder, file).open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            iri = line[1 : line.index(">")].partition("#")[0]
            if desk.names.local(iri, "annotation"):
                yield iri, comes, _STATUS in line
