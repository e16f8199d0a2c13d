"""The values of an item's metadata as pages show them: names and dates in words, long texts folded.

What providers gave, what was published of people's contributions, and what is only proposed are
told apart.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import pyoxigraph as ox
from pyoxigraph import NamedNode

from server.domain import fields, links, metadata_dates, metadata_names, sensitivity
from server.domain.metadata_names import Name
from server.names import DC, DCTERMS, EDM, ORE, PROV, RDF, XSD

#: The order of a museum label: what it is, who made it when and where, then the rest.
_ORDER = (
    DC.title, DCTERMS.alternative, DC.creator, DC.contributor, DCTERMS.created, DC.date,
    DCTERMS.issued, DCTERMS.temporal, DC.type, DC.format, DCTERMS.medium, DCTERMS.extent,
    DC.subject, DCTERMS.spatial, DC.coverage, DC.description, DC.publisher, DCTERMS.isPartOf,
    EDM.currentLocation, DC.source, DC.identifier, DC.language, DCTERMS.provenance, DC.rights,
)  # fmt: skip
_RANK = {field.value: rank for rank, field in enumerate(_ORDER)}
_HIDDEN = {
    node.value
    for node in (
        RDF.type, EDM.type, EDM.europeanaProxy, ORE.proxyFor, ORE.proxyIn, ORE.lineage,
        PROV.wasDerivedFrom, EDM.isNextInSequence, EDM.hasView, DCTERMS.replaces,
        *sensitivity.PROPERTIES,
    )
}  # fmt: skip
_DATED = {DC.date, DCTERMS.created, DCTERMS.issued, DCTERMS.temporal, EDM.year}
_DATES = {XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth}
_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.I)
_AFTER = ".,;:!?)]}»”"  # ends a sentence rather than the address in it
#: From how many characters on a text is folded, and how many of it are shown then.
_LONG, _BEGINNING = 480, 320

Origin = Literal["provider", "enrichment", "proposal"]
Piece: TypeAlias = tuple[str, str | None]
"""Some text, and where it leads."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its text, its language tag or "", its IRI and where that leads, if it has one.

    `original` is what stands in the record where the text says it otherwise; `spot` is (latitude,
    longitude); `annotation_id` that of the published annotation, or of the proposal.
    """

    text: str
    lang: str = ""
    iri: str | None = None
    href: str | None = None
    origin: Origin = "provider"
    annotation_id: str | None = None
    original: str = ""
    spot: tuple[float, float] | None = None

    @property
    def enrichment(self) -> bool:
        return self.origin == "enrichment"

    @property
    def language(self) -> str:
        """The language without its region; a name in place of an IRI is in the reader's."""
        return "" if self.iri else self.lang.partition("-")[0].lower()

    @property
    def beginning(self) -> list[Piece]:
        """All of it, unless it is long."""
        return _linked(self.text[: self._fold])

    @property
    def rest(self) -> list[Piece]:
        return _linked(self.text[self._fold :]) if self._fold < len(self.text) else []

    @property
    def _fold(self) -> int:
        """A long text is folded between two words."""
        if len(self.text) <= _LONG:
            return len(self.text)
        place = max(self.text.rfind(blank, 0, _BEGINNING) for blank in " \n")
        return place if place > 0 else len(self.text)


@dataclass(frozen=True, slots=True)
class Field:
    """A property with its values; `name` is qualified (`dc:subject`), `label` for people."""

    label: str
    name: str
    iri: str
    values: tuple[Value, ...]

    @property
    def languages(self) -> set[str]:
        return {value.language for value in self.values} - {""}

    def hides(self, value: Value, language: str) -> bool:
        """Whether who chose a language need not see it: the field says it in theirs."""
        return value.language not in ("", language) and language in self.languages


def field(iri: str, values: Iterable[Value]) -> Field:
    return Field(fields.label(iri), fields.name(iri), iri, tuple(values))


def languages(shown: Iterable[Field]) -> tuple[str, ...]:
    """Those to choose from: of all fields that say something in several."""
    several = (each.languages for each in shown if len(each.languages) > 1)
    return tuple(sorted(set().union(*several)))


def with_proposed(shown: Iterable[Field], proposed: Mapping[str, Sequence[Value]]) -> list[Field]:
    """The fields with what is proposed for each, by the property's IRI."""
    standing = {each.iri: each for each in shown}
    for iri, values in proposed.items():
        before = standing.get(iri, field(iri, ()))
        standing[iri] = replace(before, values=(*before.values, *values))
    return _ordered(standing)


def _ordered(found: Mapping[str, Field]) -> list[Field]:
    return [found[iri] for iri in sorted(found, key=lambda iri: (_RANK.get(iri, len(_RANK)), iri))]


class Told:
    """The statements about one item, by what they stand on: object, proxy or aggregation.

    `sources` are the `{id}`s of published annotations by field and term.
    """

    def __init__(
        self, rows: Iterable[Mapping[str, Any]], names: Mapping[str, Name],
        sources: Mapping[tuple[str, str], str], language: str,
    ) -> None:  # fmt: skip
        self._names, self._sources, self._language = names, sources, language
        self._kinds: dict[str, dict[NamedNode, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            self._kinds[row["kind"].value][row["p"]].append(row["o"])

    def of_kind(self, kind: str) -> dict[NamedNode, list[Any]]:
        return self._kinds[kind]

    def text(self, terms: Iterable[Any]) -> str:
        return ", ".join(value.text for value in self._values(DC.title, terms, "provider"))

    def fields(self) -> list[Field]:
        values: dict[str, dict[Value, None]] = defaultdict(dict)
        kinds: tuple[tuple[str, Origin], ...] = (
            ("object", "provider"), ("proxy", "provider"), ("enrichment", "enrichment"),
        )  # fmt: skip
        for kind, origin in kinds:
            for property_, terms in self._kinds[kind].items():
                if property_.value not in _HIDDEN:
                    for value in self._values(property_, terms, origin):
                        values[property_.value].setdefault(self._sourced(property_, value))
        return _ordered({iri: field(iri, found) for iri, found in values.items()})

    def _sourced(self, property_: NamedNode, value: Value) -> Value:
        """An enrichment knows the annotation that it comes from."""
        if value.origin != "enrichment":
            return value
        key = property_.value, value.iri or value.original or value.text
        return replace(value, annotation_id=self._sources.get(key))

    def _values(self, property_: NamedNode, terms: Iterable[Any], origin: Origin) -> list[Value]:
        found = [
            self._literal(property_, term, origin) if isinstance(term, ox.Literal)
            else self._named(term, origin)
            for term in terms if isinstance(term, ox.Literal | NamedNode)
        ]  # fmt: skip
        return sorted(found, key=lambda value: (value.iri is not None, value.lang, value.text))

    def _literal(self, property_: NamedNode, term: ox.Literal, origin: Origin) -> Value:
        said = self._said(property_, term)
        if said is None or said == term.value:
            return Value(term.value, term.language or "", origin=origin)
        return Value(said, origin=origin, original=term.value)

    def _said(self, property_: NamedNode, term: ox.Literal) -> str | None:
        """A date or a language in words, where it is one."""
        if property_ in _DATED or term.datatype in _DATES:
            return metadata_dates.words(term.value, self._language)
        if property_ == DC.language:
            return metadata_names.language_name(term.value, self._language)
        return None

    def _named(self, term: NamedNode, origin: Origin) -> Value:
        name = self._names.get(term.value) or Name(term.value, "", links.address(term.value))
        return Value(name.label, name.lang, term.value, name.href, origin, spot=name.spot)


def _linked(text: str) -> list[Piece]:
    """The text in pieces, the addresses in it with where they lead."""
    pieces: list[Piece] = []
    done = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER)
        if href := links.address(address):
            end = found.start() + len(address)
            pieces += [(text[done : found.start()], None), (address, href)]
            done = end
    pieces.append((text[done:], None))
    return [piece for piece in pieces if piece[0]]
