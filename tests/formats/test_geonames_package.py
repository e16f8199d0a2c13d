"""Places from the real package: identifiers as on geonames.org."""

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from server.formats import geonames_package
from server.formats.vocabularies import as_triples
from server.index.labels import TermRow
from server.names import DCTERMS, GN, RDF, SKOS, WGS84, XSD
from tests.indexed_terms import terms_from_triples

ATHENS, GREECE, EUROPE = (geonames_package.place(n) for n in (264371, 390903, 6255148))


@pytest.fixture(scope="module")
def greek() -> list[Triple]:
    return list(as_triples(geonames_package.from_package(100_000, {"GR"}).statements))


@pytest.fixture(scope="module")
def terms(greek: list[Triple]) -> dict[str, TermRow]:
    return {term.iri: term for term in terms_from_triples(greek)}


def test_a_city_stands_below_its_country_and_that_below_its_continent(
    terms: dict[str, TermRow],
) -> None:
    assert terms[ATHENS.value].broader == (GREECE.value,)
    assert terms[GREECE.value].broader == (EUROPE.value,)
    assert terms[EUROPE.value].broader == ()


def test_a_city_has_names_coordinates_and_country(greek: list[Triple]) -> None:
    about = {(t.predicate, t.object) for t in greek if t.subject == ATHENS}
    assert (RDF.type, SKOS.Concept) in about
    assert (RDF.type, GN.Feature) in about
    assert (SKOS.prefLabel, Literal("Athens")) in about
    assert (SKOS.altLabel, Literal("Αθήνα")) in about
    assert (SKOS.altLabel, Literal("ATH")) not in about  # the airport's code is no name
    assert (GN.countryCode, Literal("GR")) in about
    assert (SKOS.notation, Literal("264371")) in about
    assert (WGS84.lat, Literal("37.98376", datatype=XSD.decimal)) in about


def test_a_continent_has_one_preferred_label_in_each_language(
    terms: dict[str, TermRow],
) -> None:
    preferred = [lang for kind, _, lang in terms[EUROPE.value].labels if kind == "pref"]
    assert {"en", "el", "fr", "pl"} <= set(preferred)
    assert len(preferred) == len(set(preferred))
    assert "link" not in preferred


def test_only_the_countries_and_sizes_asked_for_are_read(
    terms: dict[str, TermRow], greek: list[Triple]
) -> None:
    assert 5 < len(terms) < 30
    assert {t.object.value for t in greek if t.predicate == GN.countryCode} == {"GR"}  # type: ignore[union-attr]


def test_the_more_people_live_there_the_earlier_it_is_offered(
    terms: dict[str, TermRow],
) -> None:
    cities = [term.rank for iri, term in terms.items() if GREECE.value in term.broader]
    assert cities == sorted(cities, reverse=True)
    assert cities[0] > cities[-1] > 0


def test_attribution_names_geonames_and_its_licence() -> None:
    data = geonames_package.from_package()
    assert data.scheme == "https://sws.geonames.org/"
    metadata = dict(data.metadata)
    assert "GeoNames" in metadata[DCTERMS.rights].value
    assert metadata[DCTERMS.license] == NamedNode("https://creativecommons.org/licenses/by/4.0/")
