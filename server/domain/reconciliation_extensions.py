"""Data extension: values of properties for terms that were reconciled before."""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import reconciliation_properties as properties
from server.domain import reconciliation_services as services
from server.domain import reconciliation_types as types
from server.domain.reconciliation_properties import Property
from server.domain.reconciliation_queries import Extension, Wanted
from server.domain.reconciliation_services import Service
from server.domain.statements import Said
from server.errors import Invalid, Problem
from server.i18n import _
from server.index import labels
from server.names import SKOS, WGS84
from server.viewers import PUBLIC

ALL = "all"
_ONE_TEXT = ("prefLabel", "scopeNote")
_DIGITS = 16  # of a number that every reader of JSON takes
_TYPES = ("type", "featureClass", "featureCode")
Value = dict[str, Any]


def extend(desk: Desk, service: Service, asked: Extension, language: str) -> Value:
    """`meta` names the properties; `rows` holds their values by identifier and property.

    A term that is not there has no values. Raises Invalid for a property that is not there.
    """
    wanted = [(_property(each.property), each) for each in asked.wanted]
    terms = {each: service.space.iri_of(each) for each in asked.ids}
    said = services.details(desk, service, dict.fromkeys(iri for iri in terms.values() if iri))
    reader = _Reader(desk, service, language, said.values())
    rows = {
        identifier: {
            each.property: reader.values(property_, each, iri, said[iri]) if iri in said else []
            for property_, each in wanted
        }
        for identifier, iri in terms.items()
    }
    return {"meta": [_meta(*each) for each in wanted], "rows": rows}


def _property(identifier: str) -> Property:
    found = properties.find_property(identifier)
    if found is None:
        message = _("There is no property “{name}”.", name=identifier[:100])
        raise Invalid(message, (Problem("properties", message),))
    return found


def _meta(property_: Property, wanted: Wanted) -> Value:
    said: Value = {"id": wanted.property, "name": properties.name_of(property_)}
    if property_.base == "broader" and not wanted.ids:
        said["type"] = {"id": types.CONCEPT, "name": types.concept().name}
    return said


class _Reader:
    """Reads the values of a property; knows the names of all broader terms and types."""

    def __init__(self, desk: Desk, service: Service, language: str, said: Iterable[Said]) -> None:
        self.service = service
        self.language = language
        every = list(said)
        above = {term.value for each in every for term in each.get(SKOS.broader, [])}
        self._names = labels.labels_of(PUBLIC, desk.index, sorted(above), language)
        classes = {iri for each in every for name in _TYPES for iri in _iris(each, name)}
        self._types = types.named(desk, sorted(classes), language)

    def values(self, property_: Property, wanted: Wanted, iri: str, said: Said) -> list[Value]:
        found = self._all(property_, wanted, iri, said)
        return found[: wanted.limit] if wanted.limit else found

    def _all(self, property_: Property, wanted: Wanted, iri: str, said: Said) -> list[Value]:
        base = property_.base
        if base == "coordinates":
            return _coordinates(said)
        stated = said.get(property_.iri, [])
        if base in properties.IN_LANGUAGES:
            return self._texts(property_, wanted, stated)
        if base in _TYPES and not wanted.ids:
            return [{"str": self._types[each.value].name} for each in stated]
        if base == "broader" and not wanted.ids:
            return [self._term(each.value) for each in stated]
        if base == "notation" and not stated:
            return [{"str": self.service.space.identifier_of(iri)}]
        return [_value(base, each) for each in stated]

    def _term(self, iri: str) -> Value:
        name = self._names[iri][0] if iri in self._names else iri
        return {"id": self.service.space.identifier_of(iri), "name": name}

    def _texts(self, property_: Property, wanted: Wanted, stated: list[Any]) -> list[Value]:
        """Those in one language; of names and notes that are not asked for by language, the best.

        A language that is asked for is kept to, even if there is nothing in it.
        """
        lang = property_.lang or wanted.lang
        if lang == ALL:
            found = stated
        elif lang:
            found = properties.in_language(stated, lang)
        else:
            tries = (properties.in_language(stated, each) for each in (self.language, "en"))
            found = next((each for each in tries if each), stated)
            found = found[:1] if property_.base in _ONE_TEXT else found
        return [{"str": each.value} for each in found]


def _iris(said: Said, name: str) -> list[str]:
    property_ = properties.find_property(name)
    stated = said.get(property_.iri, []) if property_ else []
    return [each.value for each in stated if isinstance(each, NamedNode)]


def _coordinates(said: Said) -> list[Value]:
    """“37.98,23.73”: latitude, longitude."""
    pairs = zip(said.get(WGS84.lat, []), said.get(WGS84.long, []), strict=False)
    return [{"str": f"{latitude.value},{longitude.value}"} for latitude, longitude in pairs]


def _value(base: str, term: Any) -> Value:
    text: str = term.value
    try:
        if base in ("latitude", "longitude"):
            return {"float": float(text)}
        if base == "population":
            return {"int": int(text)} if len(text) < _DIGITS else {"str": text}
    except ValueError:
        pass
    return {"str": text}
