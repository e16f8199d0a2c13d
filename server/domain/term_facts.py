"""What a vocabulary says of one term: notes, mappings, facts, where on earth it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from babel.core import Locale
from babel.numbers import format_decimal
from pyoxigraph import Literal, NamedNode

from server import i18n
from server.commit import Desk
from server.domain import fields, links, statements
from server.domain.statements import Said
from server.i18n import _
from server.index import labels
from server.index.labels import Term
from server.names import DCTERMS, FOAF, GN, GVP, OWL, RDF, SKOS, WGS84
from server.viewers import Viewer

_MOST = 200  # related terms, mappings
_FEATURE = re.compile(r"https?://www\.geonames\.org/ontology#([AHLPRSTUV])")
#: Classes that say nothing, since all are of them.
_EVERY = (SKOS.Concept, GVP.Subject, GVP.Concept, GN.Feature)


#: (name, [(text, address)])
Fact = tuple[str, list[tuple[str, str | None]]]


@dataclass(frozen=True, slots=True)
class Note:
    """`kind` is what the vocabulary calls it, in the reader's language."""

    kind: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """A term elsewhere that means the same or nearly; `label` where a vocabulary here has it."""

    kind: str
    iri: str
    href: str | None
    label: str
    lang: str
    here: bool


@dataclass(frozen=True, slots=True)
class Place:
    latitude: float
    longitude: float


def said(desk: Desk, viewer: Viewer, iri: str) -> Said:
    """All that is said of the term where the viewer may read, each thing once."""
    found = statements.about(desk, "public", NamedNode(iri))
    if viewer.sees_work:
        for property_, more in statements.about(desk, "work", NamedNode(iri)).items():
            found.setdefault(property_, []).extend(more)
    return {property_: list(dict.fromkeys(each)) for property_, each in found.items()}


def notes(said: Said, found: Term, language: str) -> list[Note]:
    kinds = {
        SKOS.scopeNote: "", SKOS.definition: _("Definition"), SKOS.note: "",
        SKOS.example: _("Example"), SKOS.historyNote: _("History"),
        SKOS.editorialNote: _("Editorial note"), SKOS.changeNote: _("Change note"),
    }  # fmt: skip
    notes = [
        Note(kind, value.language or "", value.value)
        for property_, kind in kinds.items()
        for value in said.get(property_, [])
        if isinstance(value, Literal)
    ]
    known = {note.text for note in notes}
    notes += [Note("", tag, text) for text, tag in found.notes if text not in known]
    return sorted(notes, key=lambda note: order(note.lang, language))


def mappings(desk: Desk, viewer: Viewer, said: Said, language: str) -> list[Mapping]:
    kinds = {
        SKOS.exactMatch: _("The same"), OWL.sameAs: _("The same"),
        SKOS.closeMatch: _("Nearly the same"), SKOS.broadMatch: _("More general"),
        SKOS.narrowMatch: _("More exact"), SKOS.relatedMatch: _("Related"),
    }  # fmt: skip
    pairs = [(kind, iri) for property_, kind in kinds.items() for iri in nodes(said, property_)]
    known = labels.labels_of(viewer, desk.index, [iri for _kind, iri in pairs], language)
    return [
        Mapping(kind, iri, links.address(iri), *known.get(iri, (iri, "")), here=iri in known)
        for kind, iri in dict.fromkeys(pairs)
    ]


def facts(desk: Desk, viewer: Viewer, said: Said, found: Term, language: str) -> list[Fact]:
    """What else is known of the term."""
    listed: list[Fact] = [
        (_("Identifier"), _plain(values(said, SKOS.notation) or list(found.notations))),
        (_("Kind"), _classes(desk, viewer, said, language)),
        (_("Country"), _plain(map(country, values(said, GN.countryCode)))),
        (_("Population"), _plain(map(number, values(said, GN.population)))),
        (_("Picture"), [(_short(iri), links.address(iri)) for iri in nodes(said, FOAF.depiction)]),
    ]
    return [fact for fact in listed if fact[1]]


def _plain(texts: Iterable[str]) -> list[tuple[str, str | None]]:
    return [(text, None) for text in texts]


def _classes(desk: Desk, viewer: Viewer, said: Said, language: str) -> list[tuple[str, str | None]]:
    found = [
        iri
        for property_ in (RDF.type, GN.featureClass, GN.featureCode)
        for iri in nodes(said, property_)
        if NamedNode(iri) not in _EVERY
    ]
    called = labels.labels_of(viewer, desk.index, found, language)
    names = {iri: label for iri, (label, _lang) in called.items()}
    return [
        (names.get(iri) or kind_of_place(iri) or _short(iri), links.address(iri)) for iri in found
    ]


def kind_of_place(iri: str) -> str:
    """What a class of GeoNames is; of others nothing."""
    words = {
        "A": _("Country or region"), "H": _("Water"), "L": _("Area"), "P": _("City or village"),
        "R": _("Road or railway"), "S": _("Building or site"), "T": _("Mountain, island, coast"),
        "U": _("Undersea"), "V": _("Forest or heath"),
    }  # fmt: skip
    feature = _FEATURE.fullmatch(iri)
    return words[feature[1]] if feature else ""


def _short(iri: str) -> str:
    """The qualified name, or the end of the address."""
    name = fields.name(iri)
    return name if name != iri else re.split(r"[/#]", iri.rstrip("/#"))[-1] or iri


def country(code: str) -> str:
    """The name of a country for readers of this page."""
    return str(Locale.parse(i18n.language.get()).territories.get(code.upper(), code))


def number(text: str) -> str:
    """As people write it; what is none stays as it is."""
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        return text
    return str(format_decimal(int(text), locale=i18n.language.get()))


def place(said: Said) -> Place | None:
    try:
        latitude = float(statements.first(said, WGS84.lat))
        longitude = float(statements.first(said, WGS84.long))
    except ValueError:
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return Place(latitude, longitude)


def order(tag: str, language: str) -> tuple[bool, bool]:
    primary = tag.partition("-")[0].lower()
    return primary != language.partition("-")[0].lower(), primary != "en"


def is_retired(said: Said) -> bool:
    return DCTERMS.isReplacedBy in said or statements.first(said, OWL.deprecated) in ("true", "1")


def nodes(said: Said, property_: NamedNode) -> list[str]:
    found = (value for value in said.get(property_, []) if isinstance(value, NamedNode))
    return [node.value for node in found][:_MOST]


def literals_of(said: Said, property_: NamedNode) -> list[Literal]:
    return [value for value in said.get(property_, []) if isinstance(value, Literal)]


def values(said: Said, property_: NamedNode) -> list[str]:
    return [literal.value for literal in literals_of(said, property_)][:_MOST]
