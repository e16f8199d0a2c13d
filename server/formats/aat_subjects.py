"""The subjects of a Getty vocabulary, collected from its statements."""

import re
from array import array
from collections import Counter
from dataclasses import dataclass

from server.formats import hierarchies, ntriples
from server.formats.node_texts import NodeTexts
from server.formats.ntriples import Statement
from server.formats.statement_texts import LONGEST_LABEL, LONGEST_NOTE, sound
from server.formats.vocabularies import Fault, Reading
from server.names import (
    CH,
    DC,
    DCTERMS,
    GVP,
    RDF,
    SCHEMA,
    SKOS,
    SKOSXL,
    WGS84,
    XSD,
)
from server.sorting import Lines, Spool

_GUIDES = {str(GVP[name]) for name in ("GuideTerm", "Hierarchy", "Facet")}
_TYPE, BROADER, PREFERRED = str(RDF.type), str(SKOS.broader), str(GVP.broaderPreferred)
PREF, ALT, _BEST = str(SKOS.prefLabel), str(SKOS.altLabel), str(GVP.prefLabelGVP)
_NOTES = (str(SKOS.scopeNote), str(SKOS.note))
_IDENTIFIER, _REPLACED, _OBSOLETE = (
    str(DC.identifier),
    str(DCTERMS.isReplacedBy),
    str(GVP.ObsoleteSubject),
)
#: Marks of lines that are no statements yet: links to other subjects, and Getty's preferred label.
LINK, BEST_MARK = "0", "1"
_NODES = {
    str(SKOSXL.prefLabel): PREF,
    str(SKOSXL.altLabel): ALT,
    _BEST: BEST_MARK,
    str(SKOS.scopeNote): _NOTES[0],
    str(GVP.biographyPreferred): _NOTES[1],
}
#: Where the texts of nodes stand, and how long they may be.
_TEXTS = {
    str(SKOSXL.literalForm): LONGEST_LABEL,
    str(RDF.value): LONGEST_NOTE,
    str(SCHEMA.description): LONGEST_NOTE,
}
_PLACES = {str(SCHEMA.latitude): str(WGS84.lat), str(SCHEMA.longitude): str(WGS84.long)}
_UP = {str(GVP[f"broader{kind}"])
       for kind in ("Preferred", "NonPreferred", "Generic", "Partitive", "Instantial")}  # fmt: skip
_MATCHES = {str(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")}
_RELATED = re.escape(GVP[""].value) + r"(?:aat|tgn|ulan)\d+_[A-Za-z0-9_./-]+"
_DECIMAL = re.compile(rf'"([+-]?\d+(?:\.\d+)?)"(?:\^\^{re.escape(str(XSD.decimal))}.*)?')
_LABELS = [*_NODES, *_TEXTS]
_KEPT = [_TYPE, _IDENTIFIER, _REPLACED, *_PLACES, *_UP, *_MATCHES]


_GUIDE = f'{CH.guideTerm} "true"^^{XSD.boolean}'
_NOTATION, _IN_SCHEME, RELATED = str(SKOS.notation), str(SKOS.inScheme), str(SKOS.related)
_XSD_DECIMAL = str(XSD.decimal)


def _patterns(*predicates: str) -> ntriples.Patterns:
    return ntriples.patterns([re.escape(each[1:-1]) for each in predicates] + [_RELATED])


class Collected:
    """What has been read: lines by subject on disk, the numbers of subjects and of their links.

    A line is a statement in plain SKOS, or has a mark in place of its predicate's beginning.
    """

    #: What is looked for in all files, and in those of terms, where labels alone matter.
    patterns = _patterns(*_LABELS, *_KEPT)
    of_terms = _patterns(*_LABELS)

    def __init__(self, scheme: str, reading: Reading) -> None:
        self.scheme, self.reading = scheme, reading
        self.lines = Lines(reading.folder)
        self.texts = NodeTexts(reading.folder)
        self.subjects = hierarchies.numbers()
        self.obsolete: set[int] = set()
        self.links = hierarchies.Links()
        self._subject = re.compile(rf"<{re.escape(scheme)}(\d{{1,18}})(-[a-z]+)?>")

    def take(self, statements: list[Statement], obsolete: bool) -> None:
        """Take the statements of a block; `obsolete` where its file is about obsolete subjects."""
        texts = {s: o for s, p, o in statements if p in _TEXTS and _is_sound(o)}
        for s, p, o in statements:
            if p in _TEXTS and s not in texts and (text := sound(o, self.reading, _TEXTS[p])):
                texts[s] = text
        links = [(f"{_whole(s)} {_NODES[p]}", o) for s, p, o in statements if p in _NODES]
        lines = self.texts.take(texts, links)
        others = [each for each in statements if each[1] not in _TEXTS and each[1] not in _NODES]
        for subject, predicate, value in others:
            if (number := self.number(subject)) is not None:
                lines += self._lines(subject, number, predicate, value, obsolete)
        self.lines.add_texts(lines)

    def finish(self, run: Spool) -> "Part":
        """What `join` wants to know; the lines go to a spool. For work in a fork."""
        reading = self.reading
        return Part(
            self.lines.write_to(run), self.texts.finish(), self.subjects, self.obsolete, self.links,
            reading.left_out, reading.faults, reading.retired,
        )  # fmt: skip

    def join(self, other: "Collected", run: Spool, part: "Part") -> None:
        """Add what another has, which was filled in another process."""
        run.count = part.lines
        self.lines.join(run)
        self.texts.join(other.texts, part.texts)
        self.subjects.extend(part.subjects)
        self.obsolete |= part.obsolete
        self.links.narrower.extend(part.links.narrower)
        self.links.broader.extend(part.links.broader)
        self.reading.left_out.update(part.left_out)
        for node, replacement in part.retired.items():
            self.reading.retired[node] = replacement or self.reading.retired.get(node)
        for fault in part.faults:
            self.reading.fault(fault.file, fault.line, fault.reason)

    def number(self, node: str) -> int | None:
        """The number of a subject, of its place or geometry; None for anything else."""
        found = self._subject.fullmatch(node)
        return int(found[1]) if found else None

    def _lines(
        self, subject: str, number: int, predicate: str, value: str, obsolete: bool
    ) -> list[str]:
        if predicate == _TYPE:
            return self._typed(subject, number, value, obsolete)
        if predicate == _REPLACED:
            self.reading.retired[subject[1:-1]] = value[1:-1]
        elif value.startswith('"'):
            return self._literal(subject, predicate, value)
        elif predicate in _MATCHES:
            return [f"{subject} {predicate} {value}"]
        elif (other := self.number(value)) is not None and other != number:
            return [self._link(subject, number, predicate, other)]
        return []

    def _typed(self, subject: str, number: int, kind: str, obsolete: bool) -> list[str]:
        if obsolete or kind == _OBSOLETE:
            self.obsolete.add(number)
            self.reading.retired.setdefault(subject[1:-1], None)
        elif kind in _GUIDES or (kind.startswith(f"<{GVP}") and kind.endswith("Concept>")):
            self.subjects.append(number)
            of_guides = [f"{subject} {_GUIDE}"] if kind in _GUIDES else []
            return [
                f"{subject} {_TYPE} {SKOS.Concept}",
                f"{subject} {_TYPE} {kind}",
                f"{subject} {_IN_SCHEME} <{self.scheme}>",
                *of_guides,
            ]
        return []

    def _literal(self, subject: str, predicate: str, value: str) -> list[str]:
        if predicate == _IDENTIFIER and (text := sound(value, self.reading)):
            return [f"{subject} {_NOTATION} {text}"]
        if predicate in _PLACES and (found := _DECIMAL.match(value)):
            return [f'{_whole(subject)} {_PLACES[predicate]} "{found[1]}"^^{_XSD_DECIMAL}']
        return []

    def _link(self, subject: str, number: int, predicate: str, other: int) -> str:
        """Checked later, when all subjects are known."""
        if predicate in _UP:
            self.links.add(number, other)
        kept = "R" if predicate not in _UP else "P" if predicate == PREFERRED else "B"
        return f"{subject} {LINK}{kept}{other}"


@dataclass(frozen=True, slots=True)
class Part:
    """What a fork has collected, besides what it wrote to disk; counts are of lines there."""

    lines: int
    texts: tuple[int, int]
    subjects: "array[int]"
    obsolete: set[int]
    links: hierarchies.Links
    left_out: Counter[str]
    faults: list[Fault]
    retired: dict[str, str | None]


def _is_sound(text: str) -> bool:
    """Whether a quick look tells that a text needs no more looking at."""
    return len(text) < LONGEST_LABEL and text.isprintable() and "\\" not in text and text[1] != '"'


def _whole(subject: str) -> str:
    """The subject of a statement about its agent or place (`…/500115588-agent`)."""
    return subject if subject[-2].isdigit() else subject.rpartition("-")[0] + ">"
