"""Any SKOS vocabulary, in any RDF syntax and as it really arrives, as plain SKOS.

The source is read three times: which resources are concepts (`skos_survey`), what is said of their
scheme, then the triples themselves. So memory grows with the number of concepts, not of triples.

pyoxigraph's JSON-LD and RDF/XML parsers can be made to crash the process or to fill its memory:
files of strangers are for a confined process.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from server.errors import Malformed
from server.formats.skos_survey import DOWN, IN_SCHEME, NOTES, UP, Survey, survey
from server.formats.vocabularies import (
    SCHEME_PROPERTIES,
    Reading,
    VocabularyData,
    as_statements,
)
from server.i18n import _
from server.names import CH, DC, DCTERMS, GN, OWL, RDF, RDFS, SKOS, WGS84, is_safe_iri

_TITLES = (DCTERMS["title"], DC["title"], SKOS.prefLabel, RDFS.label)
_KEPT_LITERALS = {
    SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation, OWL.deprecated, CH.hex,
    CH.guideTerm, DCTERMS.identifier, WGS84.lat, WGS84.long, GN.countryCode, GN.population, *NOTES,
}  # fmt: skip
_KEPT_LINKS = {
    SKOS.related, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch,
    SKOS.relatedMatch, DCTERMS.isReplacedBy,
}  # fmt: skip
_BLOCK = 1 << 20


def read(source: Path | BinaryIO, reading: Reading, name: str = "") -> VocabularyData:
    """The vocabulary in a file; raises `Malformed` where it cannot be read or holds no concept.

    `name` is a file name, an extension or a media type that tells the syntax, needed for a stream,
    which must be one that can be read again from its beginning. Files may be gzipped. Resources
    with blank nodes or unsafe IRIs for names are left out.
    """
    syntax = _syntax(name or str(source))
    if syntax == RdfFormat.RDF_XML:
        _refuse_dtd(source)
    found = survey(_parsed(source, syntax))
    if not found.concepts:
        raise Malformed(_("There is no SKOS concept in this file."))
    reading.left_out.update(found.left_out)
    scheme = found.scheme
    metadata = tuple(_metadata(scheme, _parsed(source, syntax))) if scheme else ()
    return VocabularyData(
        scheme.value if scheme else None,
        metadata,
        as_statements(_plain(found, _parsed(source, syntax))),
    )


def _syntax(name: str) -> RdfFormat:
    name = name.removesuffix(".gz").lower()
    extension = name.rsplit(".", 1)[-1]
    syntax = RdfFormat.from_media_type(name) if "/" in name else None
    syntax = syntax or RdfFormat.from_extension({"owl": "rdf"}.get(extension, extension))
    if syntax is None:
        raise Malformed(_("“{name}” does not tell in which RDF syntax it is.", name=name))
    return syntax


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[IO[bytes]]:
    """The bytes of a source from its beginning, unpacked."""
    file: IO[bytes] = source.open("rb") if isinstance(source, Path) else source
    try:
        file.seek(0)
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        yield cast(IO[bytes], gzip.GzipFile(fileobj=file)) if packed else file
    except (SyntaxError, ValueError, OSError, EOFError, zlib.error) as error:
        raise Malformed(_("The file cannot be read: {reason}", reason=error)) from error
    finally:
        if isinstance(source, Path):
            file.close()


def _refuse_dtd(source: Path | BinaryIO) -> None:
    """Entities can grow without end (XML 1.0, section 4), and all are declared in a DTD."""
    end = b""
    with _opened(source) as file:
        while block := file.read(_BLOCK):
            if b"<!DOCTYPE" in end + block:
                raise Malformed(_("The file has a DTD (<!DOCTYPE …>), which is not read."))
            end = block[-10:]


def _parsed(source: Path | BinaryIO, syntax: RdfFormat) -> Iterator[Triple]:
    with _opened(source) as file:
        for quad in parse(file, syntax, lenient=True):
            yield quad.triple


def _metadata(
    scheme: NamedNode, triples: Iterator[Triple]
) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """What is said of the scheme, with a title from the property that comes closest to one."""
    titles: dict[NamedNode, list[Literal]] = {}
    for subject, predicate, value in triples:
        if subject != scheme:
            continue
        if predicate in _TITLES and isinstance(value, Literal):
            titles.setdefault(predicate, []).append(value)
        elif predicate in SCHEME_PROPERTIES and _is_safe(value):
            yield predicate, value
    for title in next((titles[each] for each in _TITLES if each in titles), []):
        yield DCTERMS["title"], title


def _plain(found: Survey, triples: Iterator[Triple]) -> Iterator[Triple]:
    for concept in found.concepts:
        yield Triple(concept, RDF.type, SKOS.Concept)
    for subject, predicate, node in found.links:
        for text in found.texts.get(node, ()) if subject in found.concepts else ():
            yield Triple(subject, predicate, text)
    for subject, predicate, value in triples:
        if isinstance(value, Literal):
            if subject in found.concepts and isinstance(subject, NamedNode):
                yield from _literal(found, subject, predicate, value)
        elif isinstance(subject, NamedNode) and isinstance(value, NamedNode):
            yield from _link(found, subject, predicate, value)


def _literal(
    found: Survey, concept: NamedNode, predicate: NamedNode, value: Literal
) -> Iterator[Triple]:
    if predicate == RDFS.label and concept not in found.labelled:
        yield Triple(concept, SKOS.prefLabel, value)
    elif predicate in _KEPT_LITERALS:
        yield Triple(concept, predicate, value)


def _link(
    found: Survey, subject: NamedNode, predicate: NamedNode, value: NamedNode
) -> Iterator[Triple]:
    """Links of concepts, `narrower` turned into `broader`; no concept is its own broader."""
    if predicate in DOWN or predicate == SKOS.hasTopConcept:
        subject, value = value, subject
    if subject not in found.concepts or subject == value or not _is_safe(value):
        return
    if predicate in UP or predicate in DOWN:
        yield Triple(subject, SKOS.broader, value)
    elif predicate in IN_SCHEME or predicate == SKOS.hasTopConcept:
        yield Triple(subject, SKOS.inScheme, value)
    elif predicate in _KEPT_LINKS:
        yield Triple(subject, predicate, value)


def _is_safe(value: object) -> bool:
    return isinstance(value, Literal) or (isinstance(value, NamedNode) and is_safe_iri(value.value))
