"""What the instance offers to those who take data: figures, licences, example queries, VoID."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from server.commit import Desk
from server.domain import dump_files, links, statements, texts, vocabularies, vocabulary_views
from server.i18n import _
from server.index import items, queues
from server.names import DCAT, DCTERMS, PREFIXES, RDF, VOID
from server.resources import folder
from server.viewers import Viewer

__all__ = ["PREFIXES", "dataset", "examples", "page", "results"]
_MOST_ROWS = 1000
_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


def page(desk: Desk, viewer: Viewer, language: str) -> dict[str, Any]:
    """The context of /data."""
    connection = desk.index.read()
    collections = items.collections(viewer, connection)
    published = sum(
        queues.progress(connection, row.slug).by_status.get("published", 0)
        for row in queues.campaigns(viewer, connection)
    )
    found = vocabularies.find_vocabularies(desk, viewer)
    return {
        "figures": [
            (_("items"), sum(row.items for row in collections)),
            (_("terms"), sum(each.terms for each in found)),
            (_("published enrichments"), published),
        ],
        "dumps": dump_files.listing(desk),
        "licences": [
            (_("Contributions"), _CC0, "CC0 1.0", ""),
            *(
                (
                    texts.choose(each.title, language, each.slug),
                    licence,
                    vocabulary_views.licence_name(each.licence),
                    texts.choose(each.attribution, language),
                )
                for each in found
                if (licence := links.address(each.licence))
            ),
        ],
        "base": desk.names.base,
    }


def examples(desk: Desk) -> list[tuple[str, str]]:
    """(title, query) of each file in `queries/examples`; the first line is the title."""
    found = []
    for path in sorted((folder("queries") / "examples").glob("*.rq")):
        title, _newline, text = path.read_text(encoding="utf-8").partition("\n")
        found.append((_(title.removeprefix("# ")), text.strip()))
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    lang: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    columns: list[str]
    rows: list[list[Cell | None]]


def results(body: bytes) -> Results:
    """A table of SPARQL Results JSON (https://www.w3.org/TR/sparql11-results-json/)."""
    told = orjson.loads(body)
    if "boolean" in told:
        return Results([_("Answer")], [[Cell(_("yes") if told["boolean"] else _("no"))]])
    columns = told["head"]["vars"]
    found = told["results"]["bindings"][:_MOST_ROWS]
    return Results(columns, [[_cell(row.get(name)) for name in columns] for row in found])


def _cell(value: dict[str, Any] | None) -> Cell | None:
    if value is None:
        return None
    text = str(value["value"])
    link = value["type"] == "uri" and text.startswith(("http://", "https://"))
    return Cell(text, value.get("xml:lang", ""), text if link else None)


def dataset(desk: Desk) -> Iterable[Triple]:
    """VoID and DCAT: the dataset, its endpoint, its graphs (https://www.w3.org/TR/void/)."""
    me, endpoint = desk.names.data, desk.names.path("sparql")
    said: list[tuple[NamedNode, NamedNode, Any]] = [
        (me, RDF.type, VOID.Dataset),
        (me, RDF.type, DCAT.Dataset),
        (me, DCTERMS.title, Literal("CrowdHeritage")),
        (me, VOID.sparqlEndpoint, endpoint),
        (me, VOID.uriSpace, Literal(desk.names.base)),
    ]
    said += [(me, p, o) for p, o in statements.pairs(desk, "public", me)]
    for row in desk.select("subsets_all"):
        said += [(me, VOID.subset, row["part"]), (row["part"], DCTERMS.title, row["title"])]
    return [Triple(*statement) for statement in said]
