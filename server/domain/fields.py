"""The metadata fields of EDM: their names for people, and which of them may be enriched."""

from functools import lru_cache

from server.i18n import _
from server.names import DC, DCTERMS, EDM, PREFIXES

#: What an annotation may propose to write, per EDM definition of the contextual classes.
ENRICHABLE = (
    DC.subject, DC.type, DC.format, DCTERMS.medium, DC.coverage, DCTERMS.spatial, DC.date,
    DCTERMS.issued, DCTERMS.created, DCTERMS.temporal, DC.creator, DC.contributor,
)  # fmt: skip

#: What a record says of its object in values that people can judge, correct or translate.
DESCRIPTIVE = tuple(
    each.value for each in (
        DC.title, DCTERMS.alternative, DC.description, DC.creator, DC.contributor, DC.publisher,
        DC.date, DCTERMS.created, DCTERMS.issued, DCTERMS.temporal, DC.type, DC.subject, DC.format,
        DCTERMS.medium, DCTERMS.extent, DC.coverage, DCTERMS.spatial, DC.source, DC.language,
        DCTERMS.provenance,
    )
)  # fmt: skip


@lru_cache(10_000)
def name(iri: str) -> str:
    """The qualified name (`dcterms:spatial`) of a property, or its IRI where no prefix fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def iri(qualified: str) -> str | None:
    """The IRI of a qualified name, or None where the prefix is unknown."""
    prefix, colon, local = qualified.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else None


def enrichable_names() -> list[str]:
    return [name(field.value) for field in ENRICHABLE]


def label(field: str) -> str:
    """What people call a property, in their language; its qualified name where there is no word."""
    labels = {
        DC.title: _("Title"), DCTERMS.alternative: _("Other title"),
        DC.description: _("Description"), DC.creator: _("Maker"),
        DC.contributor: _("Contributor"), DC.publisher: _("Publisher"), DC.date: _("Date"),
        DCTERMS.created: _("Made"), DCTERMS.issued: _("Issued"), DC.type: _("Kind of object"),
        DC.subject: _("Subject"), DC.format: _("Technique or format"),
        DCTERMS.medium: _("Material"), DCTERMS.extent: _("Size"), DC.coverage: _("Coverage"),
        DCTERMS.spatial: _("Place"), DCTERMS.temporal: _("Period"), DC.language: _("Language"),
        DC.identifier: _("Identifier"), DC.source: _("Source"), DC.relation: _("Related"),
        DC.rights: _("Rights"), DCTERMS.provenance: _("Provenance"),
        DCTERMS.isPartOf: _("Part of"), DCTERMS.hasPart: _("Has part"),
        DCTERMS.rightsHolder: _("Rights holder"), DCTERMS.references: _("Refers to"),
        DCTERMS.isReferencedBy: _("Literature"), DCTERMS.tableOfContents: _("Contents"),
        EDM.currentLocation: _("Location"), EDM.hasMet: _("Has met"), EDM.isRelatedTo: _("Related"),
        EDM.hasType: _("Kind of object"), EDM.type: _("Media"),
        EDM.isRepresentationOf: _("Represents"), EDM.year: _("Year"),
    }  # fmt: skip
    for property_, text in labels.items():
        if property_.value == field:
            return text
    return name(field)
