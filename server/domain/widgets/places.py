"""Places: one of the question's vocabularies, a point of one's own, or that nobody can tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import place_views, points, term_scopes
from server.domain.annotation_contents import BODY, Content, Part, Said
from server.domain.kinds import Entry
from server.domain.place_views import PlaceView
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.domain.widgets.paths import along
from server.errors import Invalid
from server.i18n import _
from server.names import CH, EDM, RDF, WGS84, XSD, is_safe_iri

_NOT = CH.NotIdentifiable.value
_LONGEST = 2_100  # characters of a name, or of an address that is pasted
_MOST = 10  # places of one name, where no script finds them


@dataclass(frozen=True, slots=True)
class Ground:
    """What a map is drawn on: tiles of a server; our outline of the world where there is none."""

    tiles: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of somebody's own, in degrees, and how far off it may be, in metres."""

    lat: str
    long: str
    accuracy: int

    @property
    def label(self) -> str:
        at = f"{points.shown(self.lat)}, {points.shown(self.long)}"
        return _("{point} (± {distance})", point=at, distance=metres(self.accuracy))


@dataclass(frozen=True, slots=True)
class Placed:
    """A place as it is shown: of a vocabulary, a spot, or neither where nobody can tell."""

    place: PlaceView | None
    spot: Spot | None
    ground: Ground

    @property
    def label(self) -> str:
        if self.place is not None:
            return self.place.label
        return self.spot.label if self.spot else not_identifiable()

    @property
    def lang(self) -> str:
        return self.place.lang if self.place is not None else ""


def not_identifiable() -> str:
    return _("This place cannot be identified")


def metres(distance: int) -> str:
    """As people say it: 500 m, 5 km."""
    if distance < 1_000:
        return _("{number} m", number=distance)
    return _("{number} km", number=distance // 1_000)


def ground(desk: Desk) -> Ground:
    return Ground(desk.settings.map_tiles.strip(), desk.settings.map_attribution)


def read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    """The chosen place first: who looked at a point before may have found its name."""
    place, spot = first(entry, values), _given(entry, values)
    if place == _NOT:
        return along(entry, CH.NotIdentifiable)
    if place:
        if not is_safe_iri(place) or not term_scopes.offers(asked.desk, asked.task, place):
            raise refuse(entry, _("Please choose one of the places that are found."))
        return along(entry, NamedNode(place))
    if spot is not None:
        return _said(entry, *spot)
    if first(entry, values, "-q"):
        raise refuse(entry, _("Which place is it? Choose one, or try another name."))
    return []


def _given(entry: Entry, values: Values) -> tuple[Literal, Literal, Literal] | None:
    """(latitude, longitude, accuracy) of a point that the form has, in full and right."""
    lat, long = first(entry, values, "-lat"), first(entry, values, "-long")
    if not (lat or long) or first(entry, values):
        return None
    try:
        found = points.latitude(lat), points.longitude(long)
        accuracy = points.accuracy(first(entry, values, "-accuracy"))
    except Invalid as error:
        raise refuse(entry, str(error)) from error
    at = [Literal(points.written(each), datatype=XSD.decimal) for each in found]
    return at[0], at[1], Literal(accuracy)


def _said(entry: Entry, lat: Literal, long: Literal, accuracy: Literal) -> list[Said]:
    return [
        *along(entry, Part(BODY)),
        (BODY, RDF.type, EDM.Place),
        (BODY, WGS84.lat, lat),
        (BODY, WGS84.long, long),
        (BODY, CH.accuracy, accuracy),
    ]


def _options(asked: Asked, _entry: Entry) -> dict[str, Any]:
    """`named` finds places for what was typed, where no script does."""
    return {
        "ground": ground(asked.desk),
        "accuracies": _accuracies(),
        "not_identifiable": (_NOT, not_identifiable()),
        "named": partial(_named, asked),
    }


def _accuracies() -> list[tuple[int, str]]:
    words = (_("a building"), _("a neighbourhood"), _("a town"), _("a region"))
    return [
        (each, _("{place}: {distance}", place=word, distance=metres(each)))
        for each, word in zip(points.ACCURACIES, words, strict=True)
    ]


def _named(asked: Asked, text: str) -> list[PlaceView]:
    scopes = term_scopes.of_task(asked.desk, asked.task)
    if not scopes or not text.strip() or len(text) > _LONGEST:
        return []
    return place_views.named(asked.desk, asked.viewer, text, scopes, asked.language, _MOST)


def _fill(asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    spot = _spot(content, entry)
    if spot is not None:
        given = {"-lat": spot.lat, "-long": spot.long, "-accuracy": str(spot.accuracy)}
        return {entry.name + suffix: [value] for suffix, value in given.items()}
    place = content.text(*entry.path)
    if not place or place == _NOT:
        return {entry.name: [place]} if place else {}
    view = place_views.place(asked.desk, asked.viewer, place, asked.language)
    return {entry.name: [place], f"{entry.name}-q": [view.label]}


def _show(showing: Showing, entry: Entry, content: Content) -> Placed | None:
    desk, spot = showing.desk, _spot(content, entry)
    if spot is not None:
        return Placed(None, spot, ground(desk))
    iri = content.text(*entry.path)
    if not iri or iri == _NOT:
        return Placed(None, None, ground(desk)) if iri else None
    place = place_views.place(desk, showing.viewer, iri, showing.language)
    return Placed(place, None, ground(desk))


def _spot(content: Content, entry: Entry) -> Spot | None:
    """A body that is a part of the annotation."""
    if not isinstance(content.value(*entry.path), Part):
        return None
    lat, long, accuracy = (
        content.text(*entry.path, property_) for property_ in (WGS84.lat, WGS84.long, CH.accuracy)
    )
    return Spot(lat, long, int(accuracy)) if lat and long and accuracy.isdecimal() else None


def _words(value: Any) -> str:
    return str(value.label)


EDITORS: Mapping[NamedNode, Editor] = {
    CH.PlaceEditor: Editor("place", read, _options, _fill, scripts=("map", "places")),
}
DISPLAYS: Mapping[NamedNode, Display] = {CH.PlaceViewer: Display("place", _show, _words)}
