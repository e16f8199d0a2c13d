"""What the public dataset says of one thing, as triples: for linked data."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from server.commit import Desk
from server.domain import accounts, graph_states
from server.errors import Gone, NotFound
from server.i18n import _
from server.index import items, queues
from server.names import FOAF, PROV, RDF, is_safe_iri
from server.viewers import PUBLIC


def campaign(desk: Desk, slug: str) -> Iterable[Triple]:
    return _graph(desk, "campaign", slug)


def collection(desk: Desk, slug: str) -> Iterable[Triple]:
    """The collection itself and what it holds: its items by name, the first thousand."""
    return desk.construct(
        "describe_collection",
        collection=desk.names.collection(slug),
        graph=desk.names.graph("collection", slug),
    )


def vocabulary(desk: Desk, slug: str) -> Iterable[Triple]:
    return _node(desk, desk.names.vocabulary(slug))


def item(desk: Desk, item_id: str) -> Iterable[Triple]:
    """The record with its proxies, aggregations, resources and contextual entities."""
    row = items.find_item(PUBLIC, desk.index.read(), item_id)
    if row is None:
        raise NotFound(_("There is no such item."))
    record = desk.construct("describe_item", item=NamedNode(row.iri))
    nodes = {each.object for each in record if isinstance(each.object, NamedNode)}
    return [*record, *desk.construct("describe_entities", nodes=sorted(nodes, key=str))]


def annotation(desk: Desk, annotation_id: str) -> Iterable[Triple]:
    """A published annotation; Gone for one that was public once."""
    node = desk.names.annotation(annotation_id)
    triples = desk.construct("describe_annotation", annotation=node)
    if not triples:
        known = queues.history(desk.index.read(), node.value)
        if any(action == "publish" for _seq, _at, _agent, action in known):
            raise Gone(_("This annotation was withdrawn."))
        raise NotFound(_("There is no such annotation."))
    return triples


def term(desk: Desk, iri: str) -> Iterable[Triple]:
    if not is_safe_iri(iri):
        raise NotFound(_("There is no such term."))
    return _node(desk, NamedNode(iri))


def agent(desk: Desk, agent_id: str) -> Iterable[Triple]:
    """An opaque agent; with a name only where its owner wants it shown. Raises NotFound.

    It stays when the account is erased, because what it published does.
    """
    agent = desk.names.agent(agent_id)
    if agent_id == accounts.SYSTEM:
        return [Triple(agent, RDF.type, PROV.SoftwareAgent)]
    name = accounts.shown_name(desk, agent_id)
    triples = [Triple(agent, RDF.type, PROV.Agent)]
    if name is not None:
        triples.append(Triple(agent, FOAF.name, Literal(name)))
    return triples


def node(desk: Desk, path: str) -> Iterable[Triple]:
    """Any other thing of ours: a proxy, an aggregation, an agent."""
    return _node(desk, desk.names.path(path))


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
    yield from _graph(desk, "terms", slug)


def _node(desk: Desk, node: NamedNode) -> Iterable[Triple]:
    return desk.construct("describe_node", node=node)


def _graph(desk: Desk, kind: str, slug: str) -> Iterable[Triple]:
    return desk.construct("describe_graph", graph=desk.names.graph(kind, slug))
