"""A vocabulary's terms as CSV, in the columns that `formats.term_sheets` reads."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import vocabularies
from server.errors import TooLarge
from server.formats.term_columns import IRI, LABELS, NOTES, PROPERTIES, REPLACED_BY, Column, cell_of
from server.i18n import _
from server.names import DCTERMS
from server.viewers import Viewer

MOST = 200_000  # terms, as many as a table may have
_PAGE = 200
_MOST_REPEATED = 5  # columns of one property and language
_NAMES = {property_: name for name, property_ in PROPERTIES.items()} | {
    DCTERMS.isReplacedBy: REPLACED_BY
}
_ORDER = (IRI, *PROPERTIES, REPLACED_BY)
_Said = dict[tuple[str, str], list[str]]


def graphs_of(desk: Desk, slug: str) -> list[NamedNode]:
    """Where the terms of a vocabulary stand: those that came in bulk, and those made here."""
    return [desk.names.graph(kind, slug) for kind in ("vocabulary", "terms")]


def rows(desk: Desk, viewer: Viewer, slug: str) -> Iterator[str]:
    """The file, some lines at a time.

    Raises NotFound, or TooLarge where there are too many terms, before the first.
    """
    graphs = graphs_of(desk, slug)
    _require_few(vocabularies.get_vocabulary(desk, viewer, slug).terms)
    terms = [row["term"] for row in desk.select("vocabulary_terms", graphs=graphs, limit=MOST + 1)]
    _require_few(len(terms))
    columns = _columns(desk, graphs)
    return _lines(desk, graphs, terms, columns)


def _require_few(terms: int) -> None:
    if terms > MOST:
        message = _("It has more than {count} terms: take them as Turtle instead.", count=MOST)
        raise TooLarge(message)


def _lines(
    desk: Desk, graphs: list[NamedNode], terms: list[NamedNode], columns: list[Column]
) -> Iterator[str]:
    yield _written([column.header for column in columns])
    rest = iter(terms)
    while page := list(islice(rest, _PAGE)):
        said = _said(desk, graphs, page)
        cells = (_cells(term.value, said.get(term.value, {}), columns) for term in page)
        yield "".join(map(_written, cells))


def _columns(desk: Desk, graphs: list[NamedNode]) -> list[Column]:
    """One for each property and language; several where a term says several things of a kind."""
    found: dict[tuple[str, str], int] = {(IRI, ""): 1}
    for row in desk.select("vocabulary_columns", graphs=graphs):
        name = _NAMES.get(row["p"])
        if name is not None:
            tag = row["lang"].value if name in (*LABELS, *NOTES) and "lang" in row else ""
            several = name in ("prefLabel", *NOTES)
            most = min(int(row["most"].value), _MOST_REPEATED) if several else 1
            found[name, tag] = max(most, found.get((name, tag), 0))
    return [
        Column(f"{name}@{tag}" if tag else name, name, tag)
        for name, tag in sorted(found, key=lambda each: (_ORDER.index(each[0]), each[1]))
        for _number in range(found[name, tag])
    ]


def _said(desk: Desk, graphs: list[NamedNode], terms: list[NamedNode]) -> dict[str, _Said]:
    found: dict[str, _Said] = {}
    for graph in graphs:  # one by one: a join of both takes fifty times as long
        for row in desk.select("vocabulary_terms_statements", graph=graph, terms=terms):
            name, value = _NAMES.get(row["p"]), row["o"]
            if name is not None and isinstance(value, Literal | NamedNode):
                tag = (value.language or "") if isinstance(value, Literal) else ""
                texts = found.setdefault(row["s"].value, {}).setdefault((name, tag), [])
                texts += [] if value.value in texts else [value.value]
    return found


def _cells(iri: str, said: _Said, columns: list[Column]) -> list[str]:
    cells, taken = [], dict.fromkeys(said, 0)
    for column in columns:
        key = column.name, column.language
        if column.name == IRI:
            texts = [iri]
        elif column.name in ("prefLabel", *NOTES):
            place = taken.get(key, 0)
            texts = said.get(key, [])[place : place + 1]
            taken[key] = place + 1
        else:
            texts = said.get(key, [])
        cells.append(cell_of(column, texts))
    return cells


def _written(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
