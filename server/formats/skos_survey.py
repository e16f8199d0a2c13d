"""What a SKOS source says, sorted by subject on disk.

Links that are said of the other end (`narrower`, `hasTopConcept`) are turned round, and labels and
notes at nodes of their own (SKOS-XL) are brought to what they are of.
"""

import re
from collections import Counter
from collections.abc import Iterator

from server.formats import ntriples
from server.formats.node_texts import Link, NodeTexts
from server.formats.ntriples import Statement
from server.formats.vocabularies import SCHEME_PROPERTIES, Reading
from server.names import (
    CH,
    DC,
    DCTERMS,
    FOAF,
    GN,
    GVP,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    SKOSXL,
    WGS84,
    Namespace,
)  # fmt: skip
from server.sorting import Lines, groups

_THES = Namespace("http://purl.org/iso25964/skos-thes#")
_KINDS = ("Generic", "Instantial", "Partitive")
TYPE, IN_SCHEME, BROADER = str(RDF.type), str(SKOS.inScheme), str(SKOS.broader)
PREFERRED_BROADER = str(GVP.broaderPreferred)
#: Said of the other end of a link up or down: that it is a concept.
MENTIONED = "mentioned"
PREF, ALT, HIDDEN = str(SKOS.prefLabel), str(SKOS.altLabel), str(SKOS.hiddenLabel)
LABELS = (PREF, ALT, HIDDEN)
#: What stands in where a concept has no preferred label, the best first.
STAND_INS = (str(RDFS.label), str(SCHEMA.name), "<https://schema.org/name>")
NOTES = {
    str(SKOS[name]) for name in ("scopeNote", "definition", "note", "example", "historyNote")
}  # fmt: skip
TITLES = (str(DCTERMS["title"]), str(DC["title"]), PREF, str(RDFS.label))
ABOUT_SCHEMES = {str(each) for each in SCHEME_PROPERTIES}
DEPRECATED, REPLACED, SAME = str(OWL.deprecated), str(DCTERMS.isReplacedBy), str(OWL.sameAs)
#: What is kept as it is: literals, and links.
LITERALS = {
    str(each) for each in
    (SKOS.notation, CH.hex, CH.guideTerm, DCTERMS.identifier, WGS84.lat, WGS84.long,
     GN.countryCode, GN.population)
}  # fmt: skip
LINKS = {
    str(each) for each in
    (SKOS.related, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch,
     SKOS.relatedMatch, GN.featureClass, GN.featureCode, FOAF.depiction)
}  # fmt: skip
_UP = {BROADER, *(str(_THES[f"broader{kind}"]) for kind in _KINDS)}
_DOWN = {str(SKOS.narrower), *(str(_THES[f"narrower{kind}"]) for kind in _KINDS)}
_TOP_OF, _HAS_TOP = str(SKOS.topConceptOf), str(SKOS.hasTopConcept)
_SCHEME = str(SKOS.ConceptScheme)
_XL = {
    str(SKOSXL.prefLabel): PREF, str(SKOSXL.altLabel): ALT, str(SKOSXL.hiddenLabel): HIDDEN,
}  # fmt: skip
_TEXTS = {str(SKOSXL.literalForm), str(RDF.value)}
_WANTED = {
    TYPE, IN_SCHEME, PREFERRED_BROADER, *LABELS, *STAND_INS, *NOTES, *TITLES, *ABOUT_SCHEMES,
    DEPRECATED, REPLACED, SAME, *LITERALS, *LINKS, *_UP, *_DOWN, _TOP_OF, _HAS_TOP, *_XL, *_TEXTS,
}  # fmt: skip


class Survey:
    """Lines by subject, in the order of the source; `schemes` by the links of concepts to them."""

    patterns = ntriples.patterns(sorted(re.escape(each[1:-1]) for each in _WANTED))

    def __init__(self, reading: Reading) -> None:
        self._lines = Lines(reading.folder)
        self._texts = NodeTexts(reading.folder)
        self._count = 0
        self.schemes: Counter[str] = Counter()

    def take(self, statements: list[Statement], file: int) -> None:
        """Take statements of a file, whose number keeps its blank nodes apart from others'."""
        texts: dict[str, str] = {}
        links: list[Link] = []
        lines: list[str] = []
        for subject, predicate, value in statements:
            self._count += 1
            order = f"{self._count:012d}"
            if predicate in _TEXTS:
                texts.setdefault(_apart(subject, file), value)
            elif predicate in _XL or (predicate in NOTES and not value.startswith('"')):
                kept = _XL.get(predicate, predicate)
                links.append((f"{subject}\t{order}{kept}", _apart(value, file)))
            else:
                lines += [
                    f"{about}\t{order}{said}"
                    for about, said in self._said(subject, predicate, value)
                ]
        self._lines.add_texts(lines)
        self._lines.add_texts(self._texts.take(texts, links))

    def _said(self, subject: str, predicate: str, value: str) -> Iterator[tuple[str, str]]:
        if predicate in _DOWN:
            subject, predicate, value = value, BROADER, subject
        elif predicate == _HAS_TOP:
            subject, predicate, value = value, IN_SCHEME, subject
            yield subject, MENTIONED
        elif predicate == _TOP_OF:
            predicate = IN_SCHEME
        if predicate in _UP or predicate == PREFERRED_BROADER:
            yield value, MENTIONED
        if predicate == IN_SCHEME and value.startswith("<"):
            self.schemes[value] += 1
        elif predicate == TYPE and value == _SCHEME and subject.startswith("<"):
            self.schemes[subject] += 0
        yield subject, f"{BROADER if predicate in _UP else predicate} {value}"

    def finish(self) -> None:
        for lines in self._texts.rest():
            self._lines.add_texts(lines)

    def subjects(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """(`<iri>` or `_:node`, what is said of it as predicate and value), sorted by subject."""
        for subject, said in groups(self._lines):
            parts = [each[12:].partition(" ") for each in said]
            yield subject, [(predicate, value) for predicate, _space, value in parts]

    @property
    def scheme(self) -> str | None:
        """Of several schemes the one with the most concepts, of equals the first."""
        return max(self.schemes, key=lambda scheme: self.schemes[scheme], default=None)


def _apart(node: str, file: int) -> str:
    return f"{node}.{file}" if node.startswith("_:") else node
