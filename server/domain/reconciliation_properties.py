"""The properties that reconciliation knows: to narrow a query by, and to fetch values of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel.core import Locale
from pyoxigraph import Literal, NamedNode

from server.domain.statements import Said
from server.i18n import LANGUAGES, _
from server.index.folding import fold
from server.names import CH, GN, RDF, SKOS, WGS84

Compare = Callable[[str, str], float]
_PLACES = (
    "country", "featureClass", "featureCode", "population", "latitude", "longitude", "coordinates",
)  # fmt: skip
#: Properties of which each language is one of its own: `prefLabel@de`.
IN_LANGUAGES = ("prefLabel", "altLabel", "scopeNote")
_MOST_LANGUAGES = 12


@dataclass(frozen=True, slots=True)
class Property:
    """`identifier` is what clients call it, a tag of a language behind `@` included."""

    identifier: str
    iri: NamedNode
    lang: str = ""

    @property
    def base(self) -> str:
        return self.identifier.partition("@")[0]


_IRIS = {
    "prefLabel": SKOS.prefLabel,
    "altLabel": SKOS.altLabel,
    "scopeNote": SKOS.scopeNote,
    "broader": SKOS.broader,
    "exactMatch": SKOS.exactMatch,
    "notation": SKOS.notation,
    "type": RDF.type,
    "hex": CH.hex,
    "country": GN.countryCode,
    "featureClass": GN.featureClass,
    "featureCode": GN.featureCode,
    "population": GN.population,
    "latitude": WGS84.lat,
    "longitude": WGS84.long,
    "coordinates": WGS84.lat_long,
}
_BY_IRI = {iri.value: name for name, iri in _IRIS.items()}


def find_property(identifier: str) -> Property | None:
    """By its name or IRI; None where there is no such property."""
    name, _at, lang = identifier.partition("@")
    name = _BY_IRI.get(name, name)
    if name not in _IRIS or (lang and name not in IN_LANGUAGES):
        return None
    return Property(f"{name}@{lang}" if lang else name, _IRIS[name], lang.lower())


def name_of(property_: Property) -> str:
    """What it is called in the reader's language."""
    name = _names()[property_.base]
    return f"{name} ({property_.lang})" if property_.lang else name


def proposals(type_: str, languages: list[tuple[str, int]]) -> list[Property]:
    """What may be fetched of terms of a type; of a vocabulary with labels in these languages."""
    may_be_place = type_ in ("", SKOS.Concept.value) or type_.startswith(GN.base)
    found = [name for name in _IRIS if may_be_place or name not in _PLACES]
    most = sorted(languages, key=lambda each: -each[1])[:_MOST_LANGUAGES]
    tagged = [f"prefLabel@{lang}" for lang, _number in most if lang]
    return [each for name in (*found, *tagged) if (each := find_property(name))]


def find_properties(prefix: str) -> list[Property]:
    """Those whose name or identifier has words that begin with this; all for nothing."""
    wanted, names = fold(prefix), _names()
    return [
        Property(name, iri)
        for name, iri in _IRIS.items()
        if f" {wanted}" in f" {fold(names[name])} {name.lower()}" or not wanted
    ]


def agreement(property_: Property, value: str, said: Said, likeness: Compare) -> float:
    """How well what is said of a term agrees with a value, from 0 to 1."""
    stated = in_language(said.get(property_.iri, []), property_.lang)
    if property_.base in IN_LANGUAGES:
        return max((likeness(value, each.value) for each in stated), default=0.0)
    wanted = {_plain(text) for text in _meanings(property_, value)}
    return float(any(wanted & _forms(each) for each in stated))


def in_language(terms: Iterable[Any], lang: str) -> list[Any]:
    """The literals in a language, or a variety of it; all of them where none is given."""
    return [each for each in terms if not lang or _is_in(each, lang.lower())]


def _is_in(term: Any, lang: str) -> bool:
    spoken = (term.language or "").lower() if isinstance(term, Literal) else ""
    return spoken == lang or spoken.startswith(f"{lang}-")


def _meanings(property_: Property, value: str) -> tuple[str, ...]:
    """A country may be named instead of given by its code."""
    if property_.base == "country":
        return (value, country_codes().get(fold(value), value))
    return (value,)


def _forms(term: Any) -> set[str]:
    """An IRI also by what is behind its last separator: `#P.PPL` is P.PPL, and PPL."""
    text: str = term.value
    if not isinstance(term, NamedNode):
        return {_plain(text)}
    name = text.rstrip("/").replace("#", "/").rpartition("/")[2]
    return {_plain(each) for each in (text, name, name.rpartition(".")[2])}


def _plain(text: str) -> str:
    return text.strip().casefold()


@cache
def country_codes() -> dict[str, str]:
    """ISO 3166 codes by the folded names of countries in the languages of the pages."""
    return {
        fold(name): code
        for language in LANGUAGES
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }


def _names() -> dict[str, str]:
    return {
        "prefLabel": _("Preferred name"),
        "altLabel": _("Other names"),
        "scopeNote": _("Note"),
        "broader": _("Broader term"),
        "exactMatch": _("Same as"),
        "notation": _("Identifier"),
        "type": _("Type"),
        "hex": _("Colour"),
        "country": _("Country"),
        "featureClass": _("Class of place"),
        "featureCode": _("Kind of place"),
        "population": _("Population"),
        "latitude": _("Latitude"),
        "longitude": _("Longitude"),
        "coordinates": _("Coordinates"),
    }


def known() -> dict[str, str]:
    """Each property's identifier with its name, for people."""
    return _names()
