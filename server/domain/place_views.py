"""Places as people tell them apart: where on earth, of which kind, in which country, how large."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import statements, term_facts, term_views
from server.domain.statements import Said
from server.domain.term_views import SuggestionView
from server.i18n import _
from server.index import labels, places
from server.index.labels import Scope
from server.index.places import Point
from server.names import GN, RDF, SKOS
from server.patches import DATASETS
from server.viewers import Viewer

#: What is said of places, by IRI and property.
Facts = Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class PlaceView(SuggestionView):
    """Degrees of WGS84, none where nobody says where it is; `distance` in km from a point that was
    asked about; the rest in words, empty where unknown."""

    lat: float | None = None
    long: float | None = None
    distance: float | None = None
    kind: str = ""
    country: str = ""
    population: str = ""

    @property
    def hint(self) -> str:
        """What tells it from others of its name, in a line."""
        people = _("{number} people", number=self.population) if self.population else ""
        said = (self.label, *self.breadcrumb.split(term_views.SEPARATOR))
        country = "" if self.country in said else self.country
        return " · ".join(part for part in (self.kind, country, people) if part)


def with_facts(
    desk: Desk, viewer: Viewer, found: Sequence[SuggestionView], language: str
) -> list[PlaceView]:
    """Suggested terms as places."""
    iris = [each.iri for each in found]
    at = places.points(viewer, desk.index, iris)
    facts = _facts(desk, viewer, iris)
    kinds = _kinds(desk, viewer, facts, language)
    return [_view(each, at.get(each.iri), facts, kinds) for each in found]


def named(
    desk: Desk, viewer: Viewer, text: str, scopes: Sequence[Scope], language: str, limit: int
) -> list[PlaceView]:
    """Of these scopes, the best first."""
    found = labels.suggest(viewer, desk.index, text, scopes=scopes, lang=language, limit=limit)
    return with_facts(desk, viewer, [term_views.suggestion(each) for each in found], language)


def nearest(
    desk: Desk, viewer: Viewer, point: Point, scopes: Sequence[Scope], language: str, limit: int
) -> list[PlaceView]:
    """Of these scopes, of every vocabulary that the viewer may see where none are given."""
    found = places.near(viewer, desk.index, *point, scopes, language, limit)
    iris = [each.term.iri for each in found]
    facts = _facts(desk, viewer, iris)
    kinds = _kinds(desk, viewer, facts, language)
    return [
        _view(term_views.suggestion(each.term), each.point, facts, kinds, each.distance)
        for each in found
    ]


def place(desk: Desk, viewer: Viewer, iri: str, language: str) -> PlaceView:
    """One place; where no vocabulary has it any more, its IRI in place of a name."""
    term = term_views.view(desk, viewer, iri, language)
    found = SuggestionView(term.iri, term.label, term.lang, term.note, term.breadcrumb, term.hex)
    return with_facts(desk, viewer, [found], language)[0]


def _view(
    found: SuggestionView, point: Point | None, facts: Facts, kinds: Mapping[str, str],
    distance: float | None = None,
) -> PlaceView:  # fmt: skip
    said = facts.get(found.iri, {})
    lat, long = point or (None, None)
    code, people = statements.first(said, GN.countryCode), statements.first(said, GN.population)
    return PlaceView(
        **asdict(found), lat=lat, long=long,
        distance=None if distance is None else round(distance, 1), kind=_kind(said, kinds),
        country=term_facts.country(code) if code else "",
        population=term_facts.number(people) if people.strip("0") else "",
    )  # fmt: skip


def _facts(desk: Desk, viewer: Viewer, iris: Iterable[str]) -> Facts:
    found: dict[str, Said] = defaultdict(lambda: defaultdict(list))
    wanted = [NamedNode(iri) for iri in iris]
    for dataset in DATASETS:
        if wanted and dataset in viewer.datasets:
            for row in desk.select("place_facts", dataset, places=wanted):
                found[row["place"].value][row["property"]].append(row["value"])
    return found


def _kinds(desk: Desk, viewer: Viewer, facts: Facts, language: str) -> dict[str, str]:
    """What the classes of these places are called, as far as anybody says so."""
    classes = {iri for said in facts.values() for iri in _classes(said)}
    known = labels.labels_of(viewer, desk.index, classes, language)
    words = {
        iri: known[iri][0] if iri in known else term_facts.kind_of_place(iri) for iri in classes
    }
    return {iri: text for iri, text in words.items() if text}


def _kind(said: Said, kinds: Mapping[str, str]) -> str:
    """The most exact word for what kind of place it is."""
    return next((kinds[iri] for iri in _classes(said) if iri in kinds), "")


def _classes(said: Said) -> list[str]:
    """The most exact first."""
    return [
        iri
        for property_ in (GN.featureCode, GN.featureClass, RDF.type)
        for iri in term_facts.nodes(said, property_)
        if iri not in (SKOS.Concept.value, GN.Feature.value)
    ]
