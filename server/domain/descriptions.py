"""What the public dataset says of one thing, as triples: for linked data.

Beside what is said of the thing stand the names of what it leads to, and the document itself: what
it is about, which dataset it is part of, and its licence.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Triple, parse

from server.commit import Desk
from server.domain import accounts, graph_states, software, statements
from server.errors import Gone, NotFound
from server.i18n import _
from server.index import changes, items, published_annotations
from server.index.items import ItemRow
from server.names import (
    CH,
    DCTERMS,
    FOAF,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    VOID,
    is_safe_iri,
)
from server.viewers import PUBLIC

#: Of what is published without a word on its licence (see `catalogue`).
_CC0 = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")
_TOMBSTONE = CH.Tombstone
_NAMED = 500  # things that something leads to are named, the first so many
_PARTS = 1_000  # items that a collection names
_LABELS = {
    node.value for node in (RDFS.label, SKOS.prefLabel, DCTERMS.title, FOAF.name, SCHEMA.name)
}


def campaign(desk: Desk, slug: str) -> Iterable[Triple]:
    said = desk.construct("describe_graph", graph=desk.names.graph("campaign", slug))
    return _described(desk, f"campaigns/{slug}", desk.names.campaign(slug), said)


def collection(desk: Desk, slug: str) -> Iterable[Triple]:
    """The collection itself and what it holds: the first thousand of its items by title."""
    me = desk.names.collection(slug)
    said = list(_node(desk, me))
    if not said:
        return []
    rows = items.items_of(PUBLIC, desk.index.read(), slug, limit=_PARTS)
    parts = [Triple(me, DCTERMS.hasPart, NamedNode(row.iri)) for row in rows]
    names = [name for row in rows for name in _titles(row)]
    return [*_described(desk, f"collections/{slug}", me, said), *parts, *names]


def vocabulary(desk: Desk, slug: str) -> Iterable[Triple]:
    me = desk.names.vocabulary(slug)
    return _described(desk, f"vocabularies/{slug}", me, _node(desk, me))


def item(desk: Desk, item_id: str) -> Iterable[Triple]:
    """The record with its proxies, aggregations, resources and contextual entities.

    Raises NotFound, or Gone for what left without a tombstone.
    """
    row = items.find_item(PUBLIC, desk.index.read(), item_id)
    if row is None:
        raise missing_item(desk, item_id)
    me = NamedNode(row.iri)
    record = desk.construct("describe_item", item=me)
    nodes = {each.object for each in record if isinstance(each.object, NamedNode)}
    return [
        *_document(desk, f"items/{item_id}", me, desk.names.collection(row.collection)),
        *_titles(row),
        *_provided(desk, row),
        *record,
        *desk.construct("describe_entities", nodes=sorted(nodes, key=str)),
    ]


def is_tombstone(said: Iterable[Triple]) -> bool:
    """Whether an item is described that left its collection."""
    return any(each.object == _TOMBSTONE for each in said)


def missing_item(desk: Desk, item_id: str) -> Gone | NotFound:
    """What to say of an item that is not there."""
    known = changes.find(desk.index.read(), "item", item_id)
    if known is not None and known.deleted:
        return Gone(_("This item is no longer part of its collection."))
    return NotFound(_("There is no such item."))


def part_of_item(desk: Desk, kind: str, item_id: str) -> Iterable[Triple]:
    """A proxy or an aggregation of ours, by which the crowd's work stands beside the record.

    Raises Gone where it stood once.
    """
    me = desk.names.path(f"{kind}/{item_id}")
    said = list(_node(desk, me))
    if not said and (known := changes.find(desk.index.read(), "item", item_id)) and known.campaigns:
        raise Gone(_("What was published of this item was withdrawn."))
    return _described(desk, f"{kind}/{item_id}.ttl", me, said)


def term(desk: Desk, iri: str) -> Iterable[Triple]:
    if not is_safe_iri(iri):
        raise NotFound(_("There is no such term."))
    me = NamedNode(iri)
    said = list(_node(desk, me))
    return [*said, *_names(desk, said)]


def node(desk: Desk, iri: str) -> Iterable[Triple]:
    """Whatever a record describes below our base IRI."""
    path = iri.removeprefix(desk.names.base)
    return _described(desk, f"{path}.ttl", NamedNode(iri), _node(desk, NamedNode(iri)))


def agent(desk: Desk, agent_id: str) -> Iterable[Triple]:
    """An opaque agent; with a name only where its owner wants it shown. Raises NotFound.

    It stays when the account is erased, because what it published does.
    """
    me = desk.names.agent(agent_id)
    if agent_id == accounts.SYSTEM:
        said = [Triple(me, RDF.type, PROV.SoftwareAgent)]
    elif program := _program(desk, me):
        said = program
    else:
        name = accounts.shown_name(desk, agent_id)
        said = [Triple(me, RDF.type, PROV.Agent), Triple(me, RDF.type, FOAF.Agent)]
        said += [Triple(me, FOAF.name, Literal(name))] if name is not None else []
    return _described(desk, f"agent/{agent_id}.ttl", me, said)


def _program(desk: Desk, me: NamedNode) -> list[Triple]:
    """A program as it names itself, once something that it proposed is published."""
    found = software.find(desk, me.value)
    if found is None or not _is_published(desk, me):
        return []
    said = [quad.triple for quad in found.quads(DefaultGraph())]
    return [Triple(me, RDF.type, PROV.SoftwareAgent), *said]


def _is_published(desk: Desk, agent: NamedNode) -> bool:
    facet = f"generator:{agent.value}"
    return published_annotations.count(desk.index.read(), facet) > 0


def vocabulary_terms(desk: Desk, slug: str) -> Iterator[Triple]:
    """The vocabulary with all its terms: those that came in bulk, and those made here.

    What came in bulk is read from its file, since a vocabulary may be larger than the memory.
    """
    yield from vocabulary(desk, slug)
    graph = desk.names.graph("vocabulary", slug)
    _since, full = graph_states.standing(desk, "public", graph)
    if full is not None:
        with (desk.bulk_folder / full.name).open("rb") as stream:
            yield from (quad.triple for quad in parse(stream, RdfFormat.N_QUADS))
    yield from desk.construct("describe_terms", graph=desk.names.graph("terms", slug))


# --- what they have in common --------------------------------------------------------------------


def _node(desk: Desk, node: NamedNode) -> Iterable[Triple]:
    return [Triple(node, p, o) for p, o in desk.about("public", node)]


def _described(
    desk: Desk, path: str, topic: NamedNode, said: Iterable[Triple], *more: NamedNode
) -> list[Triple]:
    """With its document and the names of what it leads to; nothing where nothing is said."""
    found = list(said)
    if not found:
        return []
    licences = [t.object for t in found if t.subject == topic and t.predicate == DCTERMS.license]
    document = _document(desk, path, topic, *more, licences=licences)
    return [*document, *found, *_names(desk, found)]


def document(desk: Desk, path: str, topic: NamedNode) -> list[Triple]:
    """The document at a path of ours, which is about the topic."""
    return _document(desk, path, topic, licences=[_CC0])


def _document(
    desk: Desk, path: str, topic: NamedNode, *parts: NamedNode, licences: list[Any] | None = None
) -> list[Triple]:
    """`parts` are the datasets beside the whole that it stands in, which say its licence."""
    me = desk.names.path(path)
    if licences is None:
        said = (statements.about(desk, "public", part) for part in parts)
        licences = [each for part in said for each in part.get(DCTERMS.license, ())]
    return [
        Triple(me, RDF.type, FOAF.Document),
        Triple(me, FOAF.primaryTopic, topic),
        *(Triple(me, VOID.inDataset, each) for each in (desk.names.data, *parts)),
        *(Triple(me, DCTERMS.license, each) for each in licences or [_CC0]),
    ]


def _titles(row: ItemRow) -> list[Triple]:
    me = NamedNode(row.iri)
    return [
        Triple(me, RDFS.label, Literal(text, language=code or None))
        for code, text in row.titles.items()
    ]


def _provided(desk: Desk, row: ItemRow) -> list[Triple]:
    if not row.provider_key:
        return []
    provider = desk.names.provider(row.provider_key)
    return [
        Triple(NamedNode(row.iri), SCHEMA.provider, provider),
        Triple(provider, SKOS.prefLabel, Literal(row.provider or row.provider_key)),
    ]


def _names(desk: Desk, said: list[Triple]) -> list[Triple]:
    """What is called what, of that to which it leads."""
    named = {t.subject for t in said if t.predicate.value in _LABELS}
    objects = dict.fromkeys(t.object for t in said if isinstance(t.object, NamedNode))
    nodes = list(islice((each for each in objects if each not in named), _NAMED))
    return desk.construct("describe_names", nodes=nodes) if nodes else []
