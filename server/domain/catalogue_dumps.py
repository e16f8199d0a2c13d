"""The dumps that can be had, as DCAT distributions of the whole and of its parts."""

from collections.abc import Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import dump_kept, dump_offers
from server.domain.catalogue_graphs import PublicPart
from server.domain.dump_kept import Dump
from server.domain.dump_offers import Form, Offer, Scope
from server.names import DCAT, DCTERMS, RDF, VOID, XSD, Namespace, timestamp

Statement = tuple[NamedNode, NamedNode, Any]
SPDX = Namespace("http://spdx.org/rdf/terms#")
_IANA = "https://www.iana.org/assignments/media-types/"
_MEDIA: dict[Form, str] = {
    "nquads": "application/n-quads", "ntriples": "application/n-triples", "turtle": "text/turtle",
    "jsonld": "application/ld+json", "edm": "application/rdf+xml",
}  # fmt: skip
_PACKED = {".gz": "application/gzip", ".zst": "application/zstd", ".zip": "application/zip"}
_SCOPES = {"collection": dump_offers.COLLECTIONS, "campaign": dump_offers.CAMPAIGNS}
#: Of a part only these are listed: /dumps/ has them all.
_OF_PARTS = ("nq.gz", "ttl.gz", "edm.zip")


def whole(desk: Desk) -> Iterator[Statement]:
    for offer in dump_offers.of(Scope()):
        yield from _distribution(desk, desk.names.data, offer)


def part(desk: Desk, part: PublicPart) -> Iterator[Statement]:
    """Of a collection or a campaign; vocabularies are downloaded at their own addresses."""
    if kind := _SCOPES.get(part.kind):
        for ending in _OF_PARTS:
            yield from _distribution(
                desk, part.iri, Offer(Scope(kind, part.slug), "enriched", ending)
            )


def _distribution(desk: Desk, of: NamedNode, offer: Offer) -> Iterator[Statement]:
    """With size, checksum and date where it has been made."""
    address = desk.names.path(f"dumps/{offer.path}")
    me = NamedNode(f"{of.value}#dump-{offer.name}")
    yield of, DCAT.distribution, me
    yield of, VOID.dataDump, address
    yield me, RDF.type, DCAT.Distribution
    yield me, DCTERMS.title, Literal(offer.name)
    yield me, DCAT.downloadURL, address
    yield me, DCAT.accessURL, address
    yield me, DCAT.mediaType, NamedNode(_IANA + _MEDIA[offer.form])
    for ending, media_type in _PACKED.items():
        if offer.ending.endswith(ending):
            kind = DCAT.packageFormat if ending == ".zip" else DCAT.compressFormat
            yield me, kind, NamedNode(_IANA + media_type)
    if made := dump_kept.newest(desk, offer):
        yield from _made(me, made)


def _made(me: NamedNode, dump: Dump) -> Iterator[Statement]:
    checksum = NamedNode(f"{me.value}-checksum")
    yield me, DCAT.byteSize, Literal(str(dump.size), datatype=XSD.nonNegativeInteger)
    yield me, DCTERMS.modified, Literal(timestamp(dump.at), datatype=XSD.dateTime)
    yield me, SPDX.checksum, checksum
    yield checksum, RDF.type, SPDX.Checksum
    yield checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256
    yield checksum, SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary)
