"""Vocabularies, terms and the suggestions of the search box."""

import re
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from server.domain import vocabularies
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import DCTERMS, RDF, SKOS
from tests.web.campaign_site import FARMS, World, now
from tests.web.visitors import Visitor


def test_the_page_of_a_vocabulary_names_its_licence_and_source(visitor: Visitor) -> None:
    page = visitor.get("/vocabularies/aat").text
    for text in ("Getty", "ODC-By 1.0", "/vocabularies/aat/terms.ttl"):
        assert text in page
    assert 'href="/vocabularies/aat"' in visitor.get("/vocabularies").text


def test_the_page_of_a_term_shows_where_it_stands(visitor: Visitor) -> None:
    page = visitor.get(f"/terms?iri={quote(FARMS, safe='')}").text
    for text in ("farms", "complexes (buildings)", "vineyards", 'href="/vocabularies/aat"'):
        assert text in page


def test_a_term_made_here_can_be_followed(world: World, visitor: Visitor) -> None:
    base = world.desk.names.path("term/ours/").value
    term = NamedNode(base + "t1")
    triples = [
        Triple(term, RDF.type, SKOS.Concept),
        Triple(term, SKOS.prefLabel, Literal("a term of ours", language="en")),
    ]
    data = VocabularyData(
        base, ((DCTERMS.title, Literal("Ours", language="en")),), as_statements(triples)
    )
    vocabularies.load(world.desk, world.people["olga"], "ours", data, now=now())
    for path in ("/term/ours/t1", "/term/ours/t1.ttl", "/term/ours/t1.jsonld"):
        assert "a term of ours" in visitor.get(path, follow_redirects=True).text
    assert visitor.get("/term/ours/t2").status_code == 404


HOSTILE_DATA = "http://terms.example.org/hostile/"


def test_what_a_vocabulary_says_is_never_active(world: World, visitor: Visitor) -> None:
    script, term = "<script>alert(1)</script>", NamedNode(HOSTILE_DATA + "1")
    metadata = (
        (DCTERMS.title, Literal(script, language="en")),
        (DCTERMS.source, NamedNode("javascript:alert(1)")),
        (DCTERMS.license, NamedNode("javascript:alert(2)")),
        (DCTERMS.rights, Literal(script, language="en")),
    )
    triples = [
        Triple(term, RDF.type, SKOS.Concept),
        Triple(term, SKOS.prefLabel, Literal(f"xyzzyx {script}", language="en")),
        Triple(term, SKOS.scopeNote, Literal('" onfocus="alert(3)', language="en")),
        Triple(term, SKOS.related, NamedNode("javascript:alert(4)")),
    ]
    data = VocabularyData(HOSTILE_DATA, metadata, as_statements(triples))
    vocabularies.load(world.desk, world.people["olga"], "hostile", data, now=now())
    for path in (
        "/vocabularies", "/vocabularies/hostile", "/data", f"/terms?iri={HOSTILE_DATA}1",
        "/terms?q=xyzzyx", "/terms/suggest?q=xyzzyx",
    ):  # fmt: skip
        text = visitor.get(path).text
        assert script not in text
        assert not re.search(r'(?:href|src)="\s*javascript:', text), path
        assert not re.search(r"<[^>]+\" onfocus=", text), path
