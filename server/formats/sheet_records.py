"""Rows of a spreadsheet as external EDM records, by a column mapping."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from server.formats.edm_order import Kind, expand
from server.formats.images import Kept
from server.formats.records import Record, Unreadable
from server.formats.sheet_fields import Field, bind, fields_of, first, is_node, problem_of
from server.formats.sheet_mapping import ITEM_ORDER, OF_ITEM, TYPES, Defaults, Mapping
from server.formats.sheet_names import FORMER_ID, ID, IMAGE_FILE, SENSITIVE, WEB_PAGE
from server.formats.sheet_rights import rights_iri
from server.formats.sheets import Row, Table
from server.i18n import _
from server.names import CH, DC, DCTERMS, EDM, ORE, RDF, XSD, short_hash

ImageLookup = Callable[[str], Kept | None]

_EBUCORE = "http://www.ebu.ch/metadata/ontologies/ebucore/ebucore#"
_YES = {"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí", "sì", "tak", "ναι", "sim"}
_NO = {"no", "n", "false", "0", "-", "nein", "nee", "non", "nie", "όχι", "οχι", "não", "none"}
_IMAGE_URL = re.compile(r"https?://\S+\.(jpe?g|png|gif|webp|tiff?|svg)(\?\S*)?", re.IGNORECASE)


@dataclass(slots=True)
class _Draft:
    """The statements of a record while they are gathered, in order and each once."""

    item: NamedNode
    triples: dict[Triple, None] = field(default_factory=dict)
    mends: list[str] = field(default_factory=list)

    def add(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        self.triples[Triple(subject, predicate, value)] = None


def to_records(
    table: Table, mapping: Mapping, base: str, collection_slug: str, image_lookup: ImageLookup
) -> Iterator[Record | Unreadable]:
    """Each row as a record, or why it is none; raises TooLarge where the table is too long."""
    seen: dict[str, int] = {}
    for row, fields, item in identified(table, mapping, base, collection_slug):
        identifier = first(fields, ID)
        problem = row.problem or problem_of(fields)
        if not problem and item in seen:
            problem = _("Its identifier stands in line {line} already.", line=seen[item])
        if problem:
            yield Unreadable(table.name, row.line, problem, identifier or None)
            continue
        seen[item] = row.line
        draft = _draft(item, fields, mapping.defaults, base, collection_slug, image_lookup)
        if not identifier:
            draft.mends.append(_("It had no identifier; one was made of its title and row."))
        lines = [f"{triple} ." for triple in draft.triples]
        yield Record(item, lines, tuple(draft.mends), table.name, row.line)


def identified(
    table: Table, mapping: Mapping, base: str, collection_slug: str
) -> Iterator[tuple[Row, tuple[Field, ...], str]]:
    """Each row with its values as they were understood, and the IRI of the item that it is."""
    bound = bind(table.header, mapping)
    for number, row in enumerate(table, 1):
        fields = fields_of(row, bound, mapping.defaults)
        title = first(fields, "dc:title") or first(fields, "dc:description")
        name = first(fields, ID) or short_hash(f"{title}\n{number}")
        yield row, fields, item_iri(base, collection_slug, name)


def item_iri(base: str, collection_slug: str, identifier: str) -> str:
    """The IRI of an object by its identifier, which stays readable as far as an address can."""
    if identifier.startswith("http") and is_node(identifier):
        return identifier
    plain = unicodedata.normalize("NFKD", identifier).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9._~]+", "-", plain).strip("-.")[:80]
    if slug != identifier:  # two identifiers must not become one
        slug = f"{slug}-{short_hash(identifier)[:8]}".lstrip("-")
    return f"{base}object/{collection_slug}/{slug}"


def _draft(
    item: str,
    fields: tuple[Field, ...],
    defaults: Defaults,
    base: str,
    collection_slug: str,
    image_lookup: ImageLookup,
) -> _Draft:
    draft = _Draft(NamedNode(item))
    draft.add(draft.item, RDF.type, EDM.ProvidedCHO)
    _describe(draft, fields, base, collection_slug)
    own = item.startswith(f"{base}object/")
    aggregation = NamedNode(
        f"{item}/aggregation" if own else f"{base}aggregation/{short_hash(item)}"
    )
    draft.add(aggregation, RDF.type, ORE.Aggregation)
    draft.add(aggregation, EDM.aggregatedCHO, draft.item)
    _aggregate(draft, aggregation, fields, defaults)
    images = list(_images(draft, fields, f"{base}media/{collection_slug}/", image_lookup))
    for place, image in enumerate(images):
        draft.add(image, RDF.type, EDM.WebResource)
        draft.add(aggregation, EDM.hasView if place else EDM.isShownBy, image)
    page = next((f.value for f in fields if f.property in (WEB_PAGE, "edm:isShownAt") and f.iri),
                f"{base}items/{short_hash(item)}")  # fmt: skip
    draft.add(aggregation, EDM.isShownAt, NamedNode(page))
    _type(draft, fields, defaults, bool(images))
    return draft


def _describe(draft: _Draft, fields: Iterable[Field], base: str, collection_slug: str) -> None:
    """What is said about the object itself."""
    for given in fields:
        name = given.property
        if name == ID:
            draft.add(draft.item, DC.identifier, Literal(given.value))
        elif name == FORMER_ID:
            former = NamedNode(item_iri(base, collection_slug, given.value))
            draft.add(draft.item, DCTERMS.replaces, former)
        elif name == SENSITIVE:
            _care(draft, given.value)
        elif name in OF_ITEM and name != "edm:type":
            element = ITEM_ORDER.elements[expand(name)]
            if element.kind is Kind.RESOURCE and not given.iri:
                message = _("{property}: “{value}” is no address, and was left out.",
                            property=name, value=given.value[:60])  # fmt: skip
                draft.mends.append(message)
                continue
            draft.add(draft.item, NamedNode(expand(name)), _value(given))


def _care(draft: _Draft, value: str) -> None:
    """Whether it is shown only when asked for; what is not understood counts as yes."""
    word = value.strip().casefold()
    if word in _NO:
        return
    draft.add(draft.item, CH.sensitive, Literal("true", datatype=XSD.boolean))
    if word not in _YES:
        draft.mends.append(
            _("“{value}” is neither yes nor no; the object counts as sensitive.", value=value[:60])
        )


def _value(given: Field) -> NamedNode | Literal:
    if given.iri:
        return NamedNode(given.value)
    return Literal(given.value, language=given.language or None)


def _aggregate(
    draft: _Draft, aggregation: NamedNode, fields: Iterable[Field], defaults: Defaults
) -> None:
    """Who provides it, and under which rights."""
    fallback = {"edm:dataProvider": defaults.data_provider, "edm:provider": defaults.provider}
    for name, default in fallback.items():
        given = next((f for f in fields if f.property == name), Field(name, default))
        if given.value:
            draft.add(aggregation, NamedNode(expand(name)), _value(given))
    for given in fields:
        if given.property in ("edm:intermediateProvider", "edm:object", "edm:hasView") and (
            given.iri or given.property == "edm:intermediateProvider"
        ):
            draft.add(aggregation, NamedNode(expand(given.property)), _value(given))
    rights = ""
    for given in fields:
        if given.property == "edm:rights":
            rights = rights or rights_iri(given.value) or ""
            if rights_iri(given.value) is None:  # words of their own are kept as such
                draft.add(draft.item, DC.rights, _value(given))
    rights = rights or rights_iri(defaults.rights) or ""
    if rights:
        draft.add(aggregation, EDM.rights, NamedNode(rights))


def _images(
    draft: _Draft, fields: Iterable[Field], media: str, image_lookup: ImageLookup
) -> Iterator[NamedNode]:
    for given in fields:
        if given.property == "edm:isShownBy" and given.iri:
            yield NamedNode(given.value)
        elif given.property in (IMAGE_FILE, "edm:isShownBy"):
            kept = image_lookup(given.value)
            if kept is not None:
                image = NamedNode(media + kept.file)
                yield image
                _measure(draft, image, kept)
            elif given.iri and _IMAGE_URL.fullmatch(given.value):
                yield NamedNode(given.value)
            else:
                draft.mends.append(_("The image “{name}” is not there.", name=given.value[:100]))


def _measure(draft: _Draft, image: NamedNode, kept: Kept) -> None:
    draft.add(image, NamedNode(_EBUCORE + "hasMimeType"), Literal(kept.mime))
    for name, size in (("width", kept.width), ("height", kept.height)):
        draft.add(image, NamedNode(_EBUCORE + name), Literal(str(size), datatype=XSD.integer))


def _type(draft: _Draft, fields: Iterable[Field], defaults: Defaults, has_image: bool) -> None:
    """`edm:type`, and the language that EDM demands of texts."""
    given = first(fields, "edm:type").upper()
    kind = given if given in TYPES else defaults.type or ("IMAGE" if has_image else "")
    if kind:
        draft.add(draft.item, EDM.type, Literal(kind))
    if given and given not in TYPES:
        draft.mends.append(_("“{name}” is no media type of EDM.", name=given[:60]))
    if kind == "TEXT" and defaults.language and not first(fields, "dc:language"):
        draft.add(draft.item, DC.language, Literal(defaults.language))
