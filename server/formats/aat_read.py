"""Getty's vocabularies (AAT; TGN and ULAN are alike) in their explicit export, as plain SKOS.

The export is a zip, or a folder, of N-Triples files: subjects, terms, scope notes, hierarchical and
associative relationships, obsolete subjects, and others that are passed over. The layout is
described at http://vocab.getty.edu/doc/ (section 3). Files are read twice, one statement at a time;
kept in memory are the subjects, and the texts of their terms and notes.
"""

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from server.errors import Malformed
from server.formats.vocabularies import Reading, VocabularyData, as_statements
from server.i18n import _
from server.names import CH, DC, DCTERMS, GVP, OWL, RDF, SKOS, SKOSXL, is_safe_iri

AAT = "http://vocab.getty.edu/aat/"
_PASSED_OVER = re.compile(r"revision|sources|contrib|coref|alignment|orderedcoll", re.IGNORECASE)
_OBSOLETE_FILE = re.compile(r"obsolete", re.IGNORECASE)
_GUIDES = {GVP.GuideTerm, GVP.Hierarchy, GVP.Facet}
_SUBJECTS = {GVP.Concept, *_GUIDES}
_TEXTS = {SKOSXL.literalForm, RDF.value}
_BY_NODE = {
    SKOSXL.prefLabel: SKOS.prefLabel,
    SKOSXL.altLabel: SKOS.altLabel,
    SKOS.scopeNote: SKOS.scopeNote,
}
_BROADER = {GVP.broaderNonPreferred, GVP.broaderGeneric, GVP.broaderPartitive,
            GVP.broaderInstantial}  # fmt: skip
_RELATED = re.compile(re.escape(GVP[""].value) + r"(aat|tgn|ulan)\d+_")
_TRUE = Literal(True)


@dataclass(slots=True)
class _Subjects:
    """What the first reading finds."""

    kinds: dict[NamedNode, NamedNode] = field(default_factory=dict)
    obsolete: set[NamedNode] = field(default_factory=set)
    texts: dict[NamedNode | BlankNode, Literal] = field(default_factory=dict)


def read(path: Path, reading: Reading, scheme: str = AAT) -> VocabularyData:
    """The vocabulary in a zip, a folder, or a single N-Triples file (gzipped or not).

    Raises `Malformed` with file and line where a line is no N-Triple, and where nothing in it is a
    subject of a Getty vocabulary. What Getty declares obsolete is left out and counted. The
    preferred broader term is given as `gvp:broaderPreferred` too where a subject has others.
    """
    found = _Subjects()
    for name, triple in _statements(path):
        _survey(found, triple, _OBSOLETE_FILE.search(name) is not None)
    if not found.kinds:
        raise Malformed(_("There is no subject of a Getty vocabulary in {file}.", file=path.name))
    gone = found.obsolete & found.kinds.keys() or found.obsolete
    if gone:
        reading.leave_out("obsolete", len(gone))
    return VocabularyData(
        scheme,
        tuple(_metadata(scheme)),
        as_statements(_plain(found, NamedNode(scheme), path)),
    )


def _metadata(scheme: str) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    title = {
        AAT: "Art & Architecture Thesaurus",
        "http://vocab.getty.edu/tgn/": "Getty Thesaurus of Geographic Names",
        "http://vocab.getty.edu/ulan/": "Union List of Artist Names",
    }.get(scheme, scheme)
    rights = (
        f"This vocabulary contains information from the {title}® which is made available by the"
        " J. Paul Getty Trust under the ODC Attribution License (ODC-By) 1.0."
    )
    yield DCTERMS["title"], Literal(title, language="en")
    yield DCTERMS.source, NamedNode(scheme)
    yield DCTERMS.license, NamedNode("https://opendatacommons.org/licenses/by/1-0/")
    yield DCTERMS.rights, Literal(rights, language="en")


def _survey(found: _Subjects, triple: Triple, obsolete: bool) -> None:
    subject, predicate, value = triple
    if isinstance(value, Literal):
        if predicate in _TEXTS and isinstance(subject, NamedNode | BlankNode):
            found.texts[subject] = value
    elif isinstance(subject, NamedNode) and predicate == RDF.type:
        if obsolete or value == GVP.ObsoleteSubject:
            found.obsolete.add(subject)
        elif value in _SUBJECTS and isinstance(value, NamedNode) and is_safe_iri(subject.value):
            found.kinds[subject] = value


def _plain(found: _Subjects, scheme: NamedNode, path: Path) -> Iterator[Triple]:
    for subject in found.obsolete:
        found.kinds.pop(subject, None)
    for subject, kind in found.kinds.items():
        yield Triple(subject, RDF.type, SKOS.Concept)
        yield Triple(subject, SKOS.inScheme, scheme)
        if kind in _GUIDES:
            yield Triple(subject, CH.guideTerm, _TRUE)
    for _name, (subject, predicate, value) in _statements(path):
        if isinstance(subject, NamedNode) and subject in found.kinds:
            yield from _statement(found, subject, predicate, value)


def _statement(
    found: _Subjects, subject: NamedNode, predicate: NamedNode, value: object
) -> Iterator[Triple]:
    if predicate in _BY_NODE:
        text = value if isinstance(value, Literal) else found.texts.get(value)  # type: ignore[call-overload]
        if text is not None:
            yield Triple(subject, _BY_NODE[predicate], text)
    elif predicate == DC.identifier and isinstance(value, Literal):
        yield Triple(subject, SKOS.notation, Literal(value.value))
    elif predicate == OWL.deprecated and isinstance(value, Literal):
        yield Triple(subject, OWL.deprecated, value)
    elif isinstance(value, NamedNode) and value in found.kinds and value != subject:
        if predicate == GVP.broaderPreferred:
            yield Triple(subject, GVP.broaderPreferred, value)
        if predicate == GVP.broaderPreferred or predicate in _BROADER:
            yield Triple(subject, SKOS.broader, value)
        elif _RELATED.match(predicate.value):
            yield Triple(subject, SKOS.related, value)


def _statements(path: Path) -> Iterator[tuple[str, Triple]]:
    """Each statement with the name of its file."""
    for name, file in _files(path):
        try:
            for quad in parse(file, RdfFormat.N_TRIPLES, lenient=True):
                yield name, quad.triple
        except (
            SyntaxError,
            ValueError,
            OSError,
            EOFError,
            zlib.error,
            zipfile.BadZipFile,
        ) as error:
            raise Malformed(
                _("{file} cannot be read: {reason}", file=name, reason=error)
            ) from error


def _files(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if path.is_dir():
        for file in sorted(path.glob("*.nt*")):
            if not _PASSED_OVER.search(file.name):
                with _unpacked(file.name, file.open("rb")) as opened:
                    yield file.name, opened
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if ".nt" in name and not _PASSED_OVER.search(name):
                    with _unpacked(name, archive.open(name)) as opened:
                        yield name, opened
    else:
        with _unpacked(path.name, path.open("rb")) as opened:
            yield path.name, opened


@contextmanager
def _unpacked(name: str, file: IO[bytes]) -> Iterator[IO[bytes]]:
    with file:
        yield cast(IO[bytes], gzip.GzipFile(fileobj=file)) if name.endswith(".gz") else file
