"""Vocabularies: loaded from their files, kept as SKOS in a graph of their own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import graph_states, permissions, statements, texts
from server.domain.accounts import Person
from server.domain.texts import Texts
from server.errors import Invalid, NotFound
from server.formats import skos_read
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _
from server.index import labels
from server.names import CH, DCTERMS, OWL, RDF, SKOS, is_slug, time_literal
from server.patches import Patch, on
from server.resources import folder
from server.viewers import Viewer

#: The vocabularies that come with the server: slug and file.
STARTERS = {"aat": "aat-starter.ttl", "wikidata-colours": "wikidata-colours.ttl"}
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is said of a vocabulary as a whole; `licence` and `source` are IRIs or ""."""

    slug: str
    title: Texts
    description: Texts
    source: str
    licence: str
    attribution: Texts
    version: str
    terms: int
    labels: int


def starter(slug: str, reading: Reading) -> VocabularyData:
    """One of the vocabularies that come with the server."""
    return skos_read.read(folder("vocabularies") / STARTERS[slug], reading)


def load(
    desk: Desk, organiser: Person, slug: str, data: VocabularyData, *, now: datetime,
    title: str = "", progress: Progress = lambda *_: None,
) -> int:  # fmt: skip
    """Make the vocabulary hold exactly these concepts; returns how many statements changed."""
    permissions.require(organiser, "import")
    if not is_slug(slug):
        raise Invalid(_("A short name has small letters, digits and hyphens only."))
    graph = desk.names.graph("vocabulary", slug)
    prepared = graph_states.prepare(desk, "public", graph, _lines(data.statements, progress))
    if prepared.bulk.full is None:
        raise Invalid(_("There are no concepts in this source."))

    def decide(desk: Desk) -> tuple[Patch, None]:
        graph_states.require_unchanged(desk, prepared)
        before = _scheme_quads(desk, slug)
        after = set(_metadata(desk, slug, data, title, now))
        patch = on("public", remove=_in_order(before - after), add=_in_order(after - before))
        bulk = (prepared.bulk,) if prepared.changes_something else ()
        return Patch(public=patch.public, bulk=bulk), None

    desk.commit(decide, by=organiser.agent.value, action="load vocabulary", now=now)
    desk.run_bulk(progress)
    return sum(file.quads for file in (prepared.bulk.add, prepared.bulk.remove) if file)


def _lines(statements_: Iterable[str], progress: Progress) -> Iterable[str]:
    for number, statement in enumerate(statements_, 1):
        if number % 10_000 == 0:
            progress("read", number, 0)
        yield statement


def _metadata(desk: Desk, slug: str, data: VocabularyData, title: str, now: datetime) -> list[Quad]:
    node, graph = desk.names.vocabulary(slug), desk.names.graph("vocabulary", slug)
    said = [(property_, value) for property_, value in data.metadata]
    if title:
        said = [pair for pair in said if pair[0] != DCTERMS.title]
        said.append((DCTERMS.title, Literal(title, language="en")))
    elif not any(property_ == DCTERMS.title for property_, _value in said):
        said.append((DCTERMS.title, Literal(slug)))
    written: list[tuple[NamedNode, NamedNode | Literal]] = [
        (RDF.type, SKOS.ConceptScheme),
        (RDF.type, CH.Vocabulary),
        *said,
        *([(CH.scheme, NamedNode(data.scheme))] if data.scheme else []),
        (DCTERMS.modified, time_literal(now)),
    ]
    return [Quad(node, p, o, graph) for p, o in written]


def _scheme_quads(desk: Desk, slug: str) -> set[Quad]:
    node, graph = desk.names.vocabulary(slug), desk.names.graph("vocabulary", slug)
    return {Quad(node, p, o, graph) for p, o in statements.pairs(desk, "public", node)}


def _in_order(quads: set[Quad]) -> list[Quad]:
    return sorted(quads, key=str)


def get_vocabulary(desk: Desk, viewer: Viewer, slug: str) -> Vocabulary:
    """Raises NotFound."""
    said = statements.about(desk, "public", desk.names.vocabulary(slug))
    if not said:
        raise NotFound(_("There is no such vocabulary."))
    size = labels.count(viewer, desk.index.read(), slug)
    return Vocabulary(
        slug=slug,
        title=texts.collect(said.get(DCTERMS.title, [])),
        description=texts.collect(said.get(DCTERMS.description, [])),
        source=statements.first(said, DCTERMS.source),
        licence=statements.first(said, DCTERMS.license),
        attribution=texts.collect(said.get(DCTERMS.rights, [])),
        version=statements.first(said, OWL.versionInfo),
        terms=size.terms,
        labels=size.labels,
    )


def find_vocabularies(desk: Desk, viewer: Viewer) -> list[Vocabulary]:
    slugs = [
        slug
        for row in desk.select("vocabularies_all")
        if (slug := desk.names.local(row["vocabulary"].value, "vocabulary"))
    ]
    return [get_vocabulary(desk, viewer, slug) for slug in slugs]
