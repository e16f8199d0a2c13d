"""The concepts of a surveyed SKOS source: which there are, and what is said of each of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from server.formats import hierarchies
from server.formats.skos_survey import (
    ALT,
    BROADER,
    DEPRECATED,
    HIDDEN,
    IN_SCHEME,
    LABELS,
    LINKS,
    LITERALS,
    MENTIONED,
    NOTES,
    PREF,
    PREFERRED_BROADER,
    REPLACED,
    SAME,
    STAND_INS,
    TYPE,
    Survey,
)  # fmt: skip
from server.formats.statement_texts import LONGEST_NOTE, sound
from server.formats.vocabularies import Reading
from server.i18n import _
from server.names import OWL, RDF, RDFS, SKOS, SKOSXL, WGS84, XSD

Said = list[tuple[str, str]]
_CONCEPT = str(SKOS.Concept)
_NO_CONCEPTS = {
    str(each) for each in
    (SKOS.Collection, SKOS.OrderedCollection, SKOS.ConceptScheme, SKOSXL.Label)
}  # fmt: skip
_NO_CLASSES = tuple(f"<{each}" for each in (SKOS, SKOSXL, OWL, RDF, RDFS))
_MARKS = {BROADER, PREFERRED_BROADER, IN_SCHEME, MENTIONED}
_UP = (BROADER, PREFERRED_BROADER)
_NAMES = {*LABELS, *STAND_INS}
_POSITION = {str(WGS84.lat), str(WGS84.long)}
_DECIMAL = re.compile(r'"\s*([+-]?\d+(?:\.\d+)?)\s*"')
_TRUE = re.compile(r'"(?:true|1)"', re.IGNORECASE)


@dataclass(slots=True)
class Found:
    """`other` are the numbers of subjects that are not among the concepts; `about` is what is said
    of the scheme."""

    concepts: int = 0
    other: set[int] = field(default_factory=set)
    links: hierarchies.Links = field(default_factory=hierarchies.Links)
    about: Said = field(default_factory=list)


def find(survey: Survey, scheme: str | None, only: bool, reading: Reading) -> Found:
    """Go through all subjects; with `only`, those concepts alone count that are in the scheme."""
    found = Found()
    for subject, said in survey.subjects():
        if subject == scheme:
            found.about = said
        if not subject.startswith("<"):
            if (TYPE, _CONCEPT) in said:
                reading.leave_out(_("concepts without an IRI"))
        elif _is_chosen(subject, said, survey, scheme if only else None, reading):
            found.concepts += 1
            for predicate, value in said:
                if predicate in _UP and value.startswith("<"):
                    found.links.add(hierarchies.number(subject), hierarchies.number(value))
        else:
            found.other.add(hierarchies.number(subject))
    return found


def _is_chosen(
    subject: str, said: Said, survey: Survey, scheme: str | None, reading: Reading
) -> bool:
    """Whether it is a concept; those that are deprecated or lead elsewhere are retired."""
    if subject in survey.schemes or any(p == TYPE and v in _NO_CONCEPTS for p, v in said):
        return False
    named = any(predicate in _NAMES for predicate, _value in said)
    same = _link(said, SAME)
    if same and not named:
        reading.retired[subject[1:-1]] = same
        return False
    if not any(p in _MARKS or (p, v) == (TYPE, _CONCEPT) for p, v in said):
        return False
    if scheme and (IN_SCHEME, scheme) not in said:
        return False
    if any(p == DEPRECATED and _TRUE.match(v) for p, v in said):
        reading.retired[subject[1:-1]] = _link(said, REPLACED)
        reading.leave_out(_("deprecated terms"))
        return False
    return True


def _link(said: Said, predicate: str) -> str | None:
    return next((v[1:-1] for p, v in said if p == predicate and v.startswith("<")), None)


def in_plain_skos(survey: Survey, found: Found, reading: Reading) -> Iterator[str]:
    """The statements about all concepts, sorted."""
    closing = hierarchies.closing(found.links)
    found.links = hierarchies.Links()
    for subject, said in survey.subjects():
        number = hierarchies.number(subject)
        if subject.startswith("<") and number not in found.other:
            term = _Term(subject, number, found.other, closing, reading)
            yield from sorted(f"{subject} {each}" for each in dict.fromkeys(term.plain(said)))


@dataclass(frozen=True, slots=True)
class _Term:
    subject: str
    number: int
    other: set[int]
    closing: set[hierarchies.Link]
    reading: Reading

    def plain(self, said: Said) -> Iterator[str]:
        """`predicate value`, maybe more than once."""
        yield f"{TYPE} {_CONCEPT}"
        yield from self._labels([each for each in said if each[0] in _NAMES])
        for predicate, value in said:
            if predicate in NOTES and value.startswith('"'):
                if text := _plain(value, self.reading, LONGEST_NOTE):
                    yield f"{predicate} {text}"
            elif predicate in LITERALS and value.startswith('"'):
                yield from self._literal(predicate, value)
            elif value.startswith("<"):
                yield from self._linked(predicate, value)

    def _labels(self, said: Said) -> Iterator[str]:
        """One preferred label in a language; where there is none at all, what stands in."""
        labels = [
            (predicate, text)
            for predicate, value in said
            if value.startswith('"') and (text := _plain(value, self.reading))
        ]
        kinds = {predicate for predicate, _text in labels}
        preferred = next((each for each in (PREF, *STAND_INS, ALT) if each in kinds), PREF)
        languages = set[str]()
        for predicate, text in labels:
            language = text[text.rindex('"') + 1 :]
            if predicate == preferred and language not in languages:
                languages.add(language)
                yield f"{PREF} {text}"
            elif predicate == PREF:
                self.reading.leave_out(
                    _("further preferred labels in a language, which became alternative ones")
                )
                yield f"{ALT} {text}"
            elif predicate in (ALT, HIDDEN):
                yield f"{predicate} {text}"

    def _literal(self, predicate: str, value: str) -> Iterator[str]:
        if predicate not in _POSITION:
            if text := sound(value, self.reading):
                yield f"{predicate} {text}"
        elif found := _DECIMAL.match(value):
            yield f'{predicate} "{found[1]}"^^{XSD.decimal}'
        else:
            self.reading.leave_out(_("coordinates that are no numbers"))

    def _linked(self, predicate: str, value: str) -> Iterator[str]:
        if predicate == TYPE:
            if not value.startswith(_NO_CLASSES):
                yield f"{TYPE} {value}"
        elif predicate == IN_SCHEME:
            yield f"{IN_SCHEME} {value}"
        elif predicate == SAME:
            yield f"{SKOS.exactMatch} {value}"
        elif predicate in LINKS or predicate in _UP:
            yield from self._to_a_term(predicate, value)

    def _to_a_term(self, predicate: str, value: str) -> Iterator[str]:
        other = hierarchies.number(value)
        if other in self.other:
            return
        if predicate not in _UP:
            if value != self.subject:
                yield f"{predicate} {value}"
        elif (self.number, other) in self.closing:
            self.reading.leave_out(_("links to a broader term that lead back to the term"))
        else:
            yield f"{predicate} {value}"
            yield f"{BROADER} {value}"


def _plain(value: str, reading: Reading, longest: int = 2_000) -> str | None:
    """A text without a datatype that it should not have."""
    if value.endswith(">"):
        value = value[: value.rindex('"') + 1]
    return sound(value, reading, longest)
