"""What is said of a vocabulary as a whole: patches of its node, apart from its concepts."""

from collections.abc import Iterable
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from server.commit import Desk
from server.domain import statements
from server.names import CH, DCTERMS, RDF, SKOS, is_safe_iri, time_literal
from server.patches import Patch, on

Said = Iterable[tuple[str, str]]
_NEEDED = (RDF.type, DCTERMS["title"])  # where terms that were made by hand stay


def patch(desk: Desk, slug: str, said: Said, scheme: str, title: str, now: datetime) -> Patch:
    """The vocabulary's node as a load says it; empty where nothing but its time would change."""
    before = standing(desk, slug)
    after = set(_quads(desk, slug, said, scheme, title))
    if after == {quad for quad in before if quad.predicate != DCTERMS.modified}:
        return Patch()
    return _changed(before, {*after, modified(desk, slug, now)})


def touched(desk: Desk, slug: str, now: datetime) -> Patch:
    """It was changed now."""
    before = {quad for quad in standing(desk, slug) if quad.predicate == DCTERMS.modified}
    return _changed(before, {modified(desk, slug, now)})


def inverse(desk: Desk, slug: str, done: Patch, now: datetime, *, keep: bool) -> Patch:
    """Takes a load's patch of the node back, as far as it still stands; with `keep` it is never
    gone as a whole."""
    before = standing(desk, slug)
    after = (before - set(done.public.add)) | set(done.public.remove)
    after = {quad for quad in after if quad.predicate != DCTERMS.modified}
    if not after and keep:
        after = {quad for quad in before if quad.predicate in _NEEDED}
    return _changed(before, {*after, modified(desk, slug, now)} if after else set())


def standing(desk: Desk, slug: str) -> set[Quad]:
    node, graph = desk.names.vocabulary(slug), desk.names.graph("vocabulary", slug)
    return {Quad(node, p, o, graph) for p, o in statements.pairs(desk, "public", node)}


def scheme_of(desk: Desk, slug: str) -> str:
    """The IRI of the concept scheme that it was loaded from; empty where there is none."""
    said = statements.about(desk, "public", desk.names.vocabulary(slug))
    return statements.first(said, CH.scheme)


def modified(desk: Desk, slug: str, now: datetime) -> Quad:
    node, graph = desk.names.vocabulary(slug), desk.names.graph("vocabulary", slug)
    return Quad(node, DCTERMS.modified, time_literal(now), graph)


def _quads(desk: Desk, slug: str, said: Said, scheme: str, title: str) -> list[Quad]:
    node, graph = desk.names.vocabulary(slug), desk.names.graph("vocabulary", slug)
    pairs = [pair for pair in _terms(said) if not (title and pair[0] == DCTERMS.title)]
    if title:
        pairs.append((DCTERMS.title, Literal(title, language="en")))
    elif not any(property_ == DCTERMS.title for property_, _value in pairs):
        pairs.append((DCTERMS.title, Literal(slug)))
    types = [(RDF.type, SKOS.ConceptScheme), (RDF.type, CH.Vocabulary)]
    schemes = [(CH.scheme, NamedNode(scheme))] if scheme else []
    return [Quad(node, p, o, graph) for p, o in (*types, *pairs, *schemes)]


def _terms(said: Said) -> list[tuple[NamedNode, NamedNode | Literal]]:
    text = "".join(f"<urn:x> <{property_}> {value} .\n" for property_, value in said)
    pairs = [(quad.predicate, quad.object) for quad in parse(text, RdfFormat.N_TRIPLES)]
    return [
        (property_, value)
        for property_, value in pairs
        if isinstance(value, Literal) or (isinstance(value, NamedNode) and is_safe_iri(value.value))
    ]


def _changed(before: set[Quad], after: set[Quad]) -> Patch:
    return on("public", remove=_in_order(before - after), add=_in_order(after - before))


def _in_order(quads: set[Quad]) -> list[Quad]:
    return sorted(quads, key=str)
