"""The vocabularies that come with the server: sound in themselves, and true to their sources."""

import gzip
import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from server.formats import skos_read
from server.formats.vocabularies import (
    Reading,
    VocabularyData,
    as_triples,
)
from server.index.labels import TermRow
from server.names import DCTERMS, OWL, SKOS
from tests.indexed_terms import terms_from_triples

FOLDER = Path(__file__).resolve().parent.parent / "vocabularies"
AAT, WIKIDATA = FOLDER / "aat-starter.ttl", FOLDER / "wikidata-colours.ttl"
LANGUAGES = {"en", "it", "fr", "es", "pl", "el", "de", "nl"}
BOTH = pytest.mark.parametrize("path", [AAT, WIKIDATA], ids=lambda path: path.stem)


def read(path: Path) -> VocabularyData:
    return skos_read.read([path], skos_read.Options(), Reading())


def terms(path: Path) -> dict[str, TermRow]:
    return {term.iri: term for term in terms_from_triples(as_triples(read(path).statements))}


@BOTH
def test_it_names_title_source_licence_attribution_and_version(path: Path) -> None:
    said = {predicate for predicate, _ in read(path).metadata}
    assert said == {
        DCTERMS["title"], DCTERMS.description, DCTERMS.source, DCTERMS.license, DCTERMS.rights,
        OWL.versionInfo,
    }  # fmt: skip


@BOTH
def test_each_concept_has_one_preferred_label_in_a_language(path: Path) -> None:
    for term in terms(path).values():
        preferred = [lang for kind, _, lang in term.labels if kind == "pref"]
        assert "en" in preferred
        assert len(preferred) == len(set(preferred))
        assert len(term.labels) == len(set(term.labels))


@BOTH
def test_its_labels_are_in_the_languages_of_the_pages(path: Path) -> None:
    assert {lang for term in terms(path).values() for _, _, lang in term.labels} == LANGUAGES


@BOTH
def test_its_concepts_stand_in_the_order_of_their_identifiers(path: Path) -> None:
    quads = parse(path=path, format=RdfFormat.TURTLE)
    concepts = [str(quad.subject) for quad in quads if quad.object == SKOS.Concept]
    numbers = [int(re.sub(r"\D", "", iri)) for iri in concepts]
    assert len(numbers) == len(terms(path))
    assert numbers == sorted(numbers)


def test_the_aat_selection_has_at_least_400_terms_besides_guide_terms() -> None:
    found = terms(AAT).values()
    assert sum(not term.guide for term in found) >= 400
    assert sum(len({lang for _, _, lang in term.labels}) > 6 for term in found) >= 60


def test_every_broader_concept_is_there_and_leads_to_a_facet() -> None:
    found = terms(AAT)
    for term in found.values():
        above = [term.iri]
        while found[above[-1]].broader:
            above.append(found[above[-1]].broader[0])
            assert len(above) == len(set(above))
        assert found[above[-1]].labels[0][1].endswith(" Facet")


def test_every_colour_has_a_swatch() -> None:
    found = terms(WIKIDATA)
    assert len(found) >= 25
    for iri, term in found.items():
        assert re.fullmatch(r"http://www\.wikidata\.org/entity/Q[1-9]\d*", iri)
        assert term.hex is not None
        assert re.fullmatch(r"#[0-9A-F]{6}", term.hex)


@pytest.mark.slow
def test_identifiers_labels_kinds_and_hierarchy_are_those_of_the_aat(shared_data: Path) -> None:
    lines = (shared_data / "aat" / "AAT_Labels_To_Ids_Map.csv").read_text().splitlines()
    published = dict(line.rsplit(";", 1) for line in lines)
    kinds, parents = subjects(shared_data / "aat" / "AATOut_1Subjects.nt.gz")
    found = terms(AAT)
    english = {
        iri: {text for _, text, lang in t.labels if lang == "en"} for iri, t in found.items()
    }
    for iri, term in found.items():
        number = iri.removeprefix("http://vocab.getty.edu/aat/")
        assert term.guide == (kinds[number] in ("GuideTerm", "Hierarchy", "Facet"))
        for label in english[iri]:
            if label in published:
                assert published[label] == number
            else:  # guide terms above all: they are named only by what stands below them
                assert any(f"{label}, {parents[number]}" in each for each in parents.values())
        for broader in term.broader:
            above = f", {parents[number]},"
            assert any(f", {label}," in above for label in english[broader])


def subjects(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The kind of each subject, and the labels of what stands above it."""
    kinds, parents = dict[str, str](), dict[str, str]()
    with gzip.open(path) as file:
        for quad in parse(file, RdfFormat.N_TRIPLES):
            number = str(quad.subject.value).removeprefix("http://vocab.getty.edu/aat/")  # type: ignore[union-attr]
            if quad.predicate.value.endswith("#type"):
                kinds[number] = quad.object.value.rpartition("#")[2]  # type: ignore[union-attr]
            elif quad.predicate.value.endswith("#parentString"):
                parents[number] = quad.object.value  # type: ignore[union-attr]
    return kinds, parents
