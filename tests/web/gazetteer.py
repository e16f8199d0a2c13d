"""A small vocabulary of places as GeoNames has them: homonyms, a place that nobody can find."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from server.commit import Desk
from server.domain import vocabularies
from server.domain.accounts import Person
from server.domain.campaigns import Task
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import CH, DCTERMS, GN, RDF, SKOS, WGS84, XSD
from tests.web.campaign_site import now

PLACES = "http://places.example.org/"
SLUG = "places"
KIND = CH.Place.value
#: (name, label, above, where, class, country, people)
_ROWS = (
    ("italy", "Italy", "", ("42.83", "12.83"), "A", "IT", 60_000_000),
    ("lazio", "Lazio", "italy", ("41.97", "12.66"), "A", "IT", 0),
    ("rome", "Rome", "lazio", ("41.89193", "12.51133"), "P", "IT", 2_318_895),
    ("ostia", "Ostia", "lazio", ("41.73", "12.28"), "P", "IT", 85_000),
    ("usa", "United States", "", ("39.76", "-98.5"), "A", "US", 300_000_000),
    ("georgia", "Georgia (state)", "usa", ("32.75", "-83.5"), "A", "US", 9_000_000),
    ("rome-ga", "Rome", "georgia", ("34.25704", "-85.16467"), "P", "US", 36_323),
    ("suva", "Suva", "", ("-18.14", "178.44"), "P", "FJ", 77_366),
    ("atlantis", "Romulia", "", None, "", "", 0),
)


def place(name: str) -> str:
    return PLACES + name


def concepts() -> Iterator[Triple]:
    for name, label, above, at, feature, country, people in _ROWS:
        me = NamedNode(place(name))
        yield Triple(me, RDF.type, SKOS.Concept)
        yield Triple(me, SKOS.prefLabel, Literal(label, language="en"))
        if above:
            yield Triple(me, SKOS.broader, NamedNode(place(above)))
        for property_, degrees in zip((WGS84.lat, WGS84.long), at or (), strict=False):
            yield Triple(me, property_, Literal(degrees, datatype=XSD.decimal))
        if feature:
            yield Triple(me, GN.featureClass, GN[feature])
        if country:
            yield Triple(me, GN.countryCode, Literal(country))
        if people:
            yield Triple(me, GN.population, Literal(people))


def load(desk: Desk, organiser: Person) -> None:
    title = ((DCTERMS.title, Literal("Places", language="en")),)
    data = VocabularyData(PLACES, title, as_statements(concepts()))
    vocabularies.load(desk, organiser, SLUG, data, now=now())


def task(number: int = 1, field: str = DCTERMS.spatial.value, **more: object) -> Task:
    question = {"en": "Where is it?"}
    return Task(number, field, question, (SLUG,), kind=KIND, **more)  # type: ignore[arg-type]
