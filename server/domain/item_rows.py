"""The index rows of items: what lists, cards and queues show of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from pyoxigraph import NamedNode, RdfFormat, parse

from server.commit import Desk, Step
from server.domain import (
    annotation_rows,
    change_rows,
    item_files,
    item_identifiers,
    media,
    media_kinds,
    sensitivity,
    texts,
)
from server.domain.item_files import EBUCORE as EBUCORE
from server.index import item_identifiers as identifier_index
from server.index import item_loads, item_queues, items, providers
from server.index.items import ItemRow
from server.journal import bulk_files
from server.journal.entries import Entry
from server.names import CH, DC, DCTERMS, EDM, ORE, RDF
from server.patches import DATASETS, Bulk, Dataset
from server.viewers import Viewer

PAGE = 100  # about 50 ms, in which contributions wait
_WHOLE_PAGE = 500  # about 50 ms
_MOST_QUADS = 4_000_000  # of a file that is read into memory
# Looked up once, for they are asked for with every item.
_TITLE, _ALTERNATIVE, _DESCRIPTION = DC.title, DCTERMS.alternative, DC.description
_TYPE, _KIND, _SHOWN_BY, _OBJECT = RDF.type, EDM.type, EDM.isShownBy, EDM["object"]
_PROVIDER, _RIGHTS, _REPLACES = EDM.dataProvider, EDM.rights, DCTERMS.replaces
_WIDTH, _HEIGHT, _COLOUR = EBUCORE.width, EBUCORE.height, EDM.componentColor
_MIME = EBUCORE.hasMimeType
_TOMBSTONE = CH.Tombstone
_OWNING = (EDM.aggregatedCHO, ORE.proxyFor)
_ALL = Viewer(sees_work=True)
T = TypeVar("T")
#: The row of an item, its former identifiers, and by what else it is known.
Found = tuple[ItemRow, list[str], list[str]]
#: That, and what the tables take of the row.
Made = tuple[Found, item_loads.Values]
#: Rows that are being made while their file is loaded.
_ahead: dict[Bulk, Future[list[Made]]] = {}


def project_bulk(desk: Desk, slug: str, bulk: Bulk, entry: Entry) -> Iterator[Step]:
    """A step for each page of changed items, small enough to stand between contributions."""
    if _is_whole(bulk):
        yield from _project_whole(desk, slug, bulk, entry)
        return
    for page in _pages(_changed_subjects(desk, bulk), PAGE * 5):
        changed = sorted(_items_of(desk, slug, bulk.dataset, page))
        for part in _pages(changed, PAGE):
            yield lambda p=part: _project_changed(desk, slug, bulk.dataset, p, entry)  # type: ignore[misc]


def _is_whole(bulk: Bulk) -> bool:
    """Whether the graph was empty before, so that its file says all there is to say."""
    return (
        bulk.remove is None
        and bulk.add is not None
        and bulk.add == bulk.full
        and bulk.add.quads < _MOST_QUADS
    )


@contextmanager
def reading_ahead(desk: Desk, slug: str, bulk: Bulk) -> Iterator[None]:
    """While the store loads a whole new collection, its rows are made on another core."""
    if not _is_whole(bulk):
        yield
        return
    with ThreadPoolExecutor(1, thread_name_prefix="rows") as pool:
        rows = pool.submit(lambda: list(_rows(desk, slug, bulk)))
        _ahead[bulk] = rows
        try:
            yield
        finally:
            rows.cancel()
            _ahead.pop(bulk, None)


def _project_changed(
    desk: Desk, slug: str, dataset: Dataset, iris: list[str], entry: Entry
) -> None:
    project(desk, slug, iris)
    if dataset == "public":
        change_rows.project_items(desk, slug, iris, entry.seq, entry.at)


def _project_whole(desk: Desk, slug: str, bulk: Bulk, entry: Entry) -> Iterator[Step]:
    ahead = _ahead.pop(bulk, None)
    rows = ahead.result() if ahead else _rows(desk, slug, bulk)
    for page in _pages(rows, _WHOLE_PAGE):
        yield lambda p=page: _put_page(desk, slug, p, entry)  # type: ignore[misc]


def _rows(desk: Desk, slug: str, bulk: Bulk) -> Iterator[Made]:
    assert bulk.add is not None
    path = bulk_files.path(desk.bulk_folder, bulk.add)
    merged = providers.merged(desk.index.read())
    for iri, said in item_files.read(path):
        found = _found(desk, slug, bulk.dataset, iri, said, merged)
        yield found, item_loads.values(found[0])


def _put_page(desk: Desk, slug: str, page: list[Made], entry: Entry) -> None:
    """At once where the items are new to everybody, else one by one."""
    connection = desk.index.write
    rows = [row for (row, _former, _names), _made in page]
    known = items.known(connection, [row.iri for row in rows])
    if known or item_loads.is_in_campaign(connection, slug):
        for found, _made in page:
            _put(desk, slug, found[0].iri, found)
    else:
        new = [(names, values) for (_row, former, names), values in page if not former]
        item_loads.add_items(connection, [values for _names, values in new])
        identifier_index.add(connection, [names for names, _values in new])
        for found, _made in page:
            if found[1]:
                _put(desk, slug, found[0].iri, found)
    if rows[0].dataset == "public":
        change_rows.project_rows(desk, rows, entry.seq, entry.at)


def project(desk: Desk, slug: str, iris: list[str]) -> None:
    """Write the rows of these items of a collection anew."""
    rows = {
        iri: row for dataset in reversed(DATASETS) for iri, row in _read(desk, slug, dataset, iris)
    }
    for iri in iris:
        _put(desk, slug, iri, rows.get(iri))


def _put(desk: Desk, slug: str, iri: str, found: Found | None) -> None:
    connection = desk.index.write
    before = items.find_item_by_iri(_ALL, connection, iri)
    released = items.remove_aliases(connection, iri)
    if found is None:
        items.remove_item(connection, iri)
        item_queues.queue_item(connection, iri, slug, gone=True)
        annotation_rows.project_items(desk, [iri, *released])
        return
    row, former, names = found
    items.put_item(connection, row)
    identifier_index.put(connection, iri, names)
    for each in former:
        items.put_alias(connection, each, iri)
    if before is None or before.gone != row.gone or former or released:
        item_queues.queue_item(connection, iri, slug, gone=row.gone)
        annotation_rows.project_items(desk, [iri, *former, *released])
    else:
        annotation_rows.project_selecting(desk, iri)


def _changed_subjects(desk: Desk, bulk: Bulk) -> Iterator[str]:
    """The subjects of the files, each once per run of equal ones (the files are sorted).

    Also the items that an aggregation or proxy pointed to: it may be gone without trace.
    """
    last = ""
    for file in (bulk.remove, bulk.add):
        if file is None:
            continue
        with bulk_files.path(desk.bulk_folder, file).open("rb") as stream:
            for quad in parse(stream, RdfFormat.N_QUADS):
                if (subject := quad.subject.value) != last:
                    last = subject
                    yield subject
                if quad.predicate in _OWNING:
                    yield quad.object.value


def _items_of(desk: Desk, slug: str, dataset: Dataset, subjects: list[str]) -> set[str]:
    """The items that the subjects are, or belong to; those that are gone without trace too."""
    rows = desk.select(
        "items_of_subjects", dataset, graph=desk.names.graph("collection", slug),
        subjects=[NamedNode(subject) for subject in subjects],
    )  # fmt: skip
    found = {row["item"].value for row in rows}
    return found | items.known(desk.index.write, subjects)


def _read(desk: Desk, slug: str, dataset: Dataset, iris: list[str]) -> Iterator[tuple[str, Found]]:
    rows = desk.select(
        "items_summary", dataset, graph=desk.names.graph("collection", slug),
        items=[NamedNode(iri) for iri in iris],
    )  # fmt: skip
    about: dict[str, dict[NamedNode, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        about[row["item"].value][row["p"]].append(row["o"])
    merged = providers.merged(desk.index.write)
    for iri, said in about.items():
        if not said[_TYPE]:  # an aggregation may name an item that nobody describes
            continue
        yield iri, _found(desk, slug, dataset, iri, said, merged)


def _found(
    desk: Desk, slug: str, dataset: Dataset, iri: str, said: Mapping[NamedNode, list[Any]],
    merged: Mapping[str, str],
) -> Found:  # fmt: skip
    """`merged` are the keys of providers that are the same as others."""
    row = _row(desk, slug, dataset, iri, said, merged)
    names = identifier_index.keys(item_identifiers.names(said))
    return row, _values(said[_REPLACES]), names


def _row(
    desk: Desk, slug: str, dataset: Dataset, iri: str, said: Mapping[NamedNode, list[Any]],
    merged: Mapping[str, str],
) -> ItemRow:  # fmt: skip
    picture, shown = _picture(said)
    provider = _first(said[_PROVIDER])
    provider_key = providers.provider_key(provider)
    titles = said[_TITLE] or said[_ALTERNATIVE] or said[_DESCRIPTION]
    return ItemRow(
        iri=iri,
        id=desk.names.item_id(iri),
        dataset=dataset,
        collection=slug,
        titles={code: text[:300] for code, text in texts.collect(_literals(titles)).items()},
        type=_first(said[_KIND]),
        picture=picture,
        width=_number(said[_WIDTH]) if shown else None,
        height=_number(said[_HEIGHT]) if shown else None,
        colour=media.colour(_first(said[_COLOUR]) or "") if shown else None,
        provider=provider,
        rights=_first(said[_RIGHTS]),
        gone=_TOMBSTONE in said[_TYPE],
        sensitive=sensitivity.is_sensitive(said),
        provided_by=merged.get(provider_key, provider_key),
    )


def _picture(said: Mapping[NamedNode, list[Any]]) -> tuple[str | None, bool]:
    """What stands for the item, and whether it is shown by it: a film has a picture elsewhere."""
    mime, kind = _first(said[_MIME]) or "", _first(said[_KIND]) or ""
    for shown in _values(said[_SHOWN_BY]):
        if media_kinds.kind_of(shown, mime, kind) == "image":
            return shown, True
    return _first(said[_OBJECT]), False


def _values(terms: Sequence[Any]) -> list[str]:
    if len(terms) < 2:
        return [term.value for term in terms]
    return sorted({term.value for term in terms})


def _literals(terms: Iterable[Any]) -> list[Any]:
    return [term for term in terms if not isinstance(term, NamedNode)]


def _first(terms: list[Any]) -> str | None:
    values = _values(terms)
    return values[0] if values else None


def _number(terms: list[Any]) -> int | None:
    return media.pixels(_first(terms) or "")


def _pages(values: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while page := list(islice(rest, size)):
        yield page
