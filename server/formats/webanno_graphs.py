"""What an annotation that somebody sends says: its statements by the parts that they are about.

The many ways of the Web Annotation Data Model to say the same come down to one: a target with a
source, one body that is an IRI or a text with its language.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from server.errors import Invalid, Problem
from server.formats.webanno_context import STREAMS
from server.i18n import _
from server.names import AS, CH, DC, DCTERMS, OA, RDF, SKOS, SOA, WGS84, is_safe_iri

BODY, TARGET = "body", "target"
#: What the server says of every annotation, or nobody needs to keep.
_ASIDE = {
    RDF.type, DCTERMS.issued, DCTERMS.modified, DCTERMS.rights, DCTERMS.license, CH.status,
    CH.approvals, CH.rejections, CH.unsure, STREAMS.generator, AS.generator, SKOS.prefLabel,
}  # fmt: skip
#: What is said of parts of an annotation alone, also where they have an IRI.
_DESCRIBING = {OA.hasSource, RDF.value, OA.exact, OA.start, SOA.property}
_LONGEST_NUMBER = 60
_MOST_PARTS = 40
_LONGEST_TEXT = 20_000
About = dict[Any, list[tuple[NamedNode, Any]]]


@dataclass(frozen=True)
class Part:
    """A node of the annotation by a name of its own; `parts[name]` says what it says."""

    name: str


Values = dict[NamedNode, list[Any]]


@dataclass
class Sent:
    """`root` is the IRI that it was sent under, "" for none. `parts` by name; "" is itself."""

    root: str = ""
    parts: dict[str, Values] = field(default_factory=dict)

    def all(self, part: str, property_: NamedNode) -> list[Any]:
        return self.parts.get(part, {}).get(property_, [])

    def one(self, part: str, property_: NamedNode) -> Any:
        return next(iter(self.all(part, property_)), None)

    def iri(self, part: str, property_: NamedNode) -> str:
        found = self.one(part, property_)
        return str(found.value) if isinstance(found, NamedNode) else ""

    def text(self, part: str, property_: NamedNode) -> str:
        found = self.one(part, property_)
        return str(found.value) if isinstance(found, Literal | NamedNode) else ""


def wrong(name: str, words: str) -> Invalid:
    """The error about a field, named by the path of its keys."""
    return Invalid(words, (Problem(name, words),))


class NoAnnotation(Invalid):
    """What was sent is something else."""


def read(triples: Iterable[Triple]) -> Sent:
    """Raises NoAnnotation, Invalid."""
    about: About = {}
    for subject, property_, value in dict.fromkeys(tuple(each) for each in triples):
        about.setdefault(subject, []).append((property_, value))
    roots = [node for node, said in about.items() if (RDF.type, OA.Annotation) in said]
    if not roots:
        raise NoAnnotation(_("This is no annotation."))
    if len(roots) > 1:
        raise wrong("type", _("Send one annotation at a time."))
    found = Sent(roots[0].value if isinstance(roots[0], NamedNode) else "")
    _Reader(about, found).part(roots[0], "")
    _plain_target(found)
    _plain_body(found)
    return found


class _Reader:
    def __init__(self, about: About, found: Sent) -> None:
        self.about, self.found = about, found
        self.names: dict[Any, str] = {}

    def part(self, node: Any, name: str) -> None:
        self.names[node] = name
        values = self.found.parts[name] = {}
        for property_, value in self.about.get(node, ()):
            if name == "" and property_ in _ASIDE:
                continue
            values.setdefault(property_, []).append(self._value(name, property_, value))

    def _value(self, name: str, property_: NamedNode, value: Any) -> Any:
        if isinstance(value, Literal):
            return _required(name, value)
        if value in self.names:
            return Part(self.names[value])
        if self._is_part(value):
            if len(self.names) == _MOST_PARTS:
                raise wrong(_place(name, property_), _("This is nested too deeply."))
            inner = self._name(property_)
            self.part(value, inner)
            return Part(inner)
        if not isinstance(value, NamedNode) or not is_safe_iri(value.value):
            raise wrong(_place(name, property_), _("This is no address that can be kept."))
        return value

    def _is_part(self, value: Any) -> bool:
        """A node without a name, or one of the annotation's own: not a thing that is only named."""
        if isinstance(value, BlankNode):
            return True
        said = {property_ for property_, _value in self.about.get(value, ())}
        inside = self.found.root and str(value.value).startswith(f"{self.found.root}#")
        point = WGS84.lat in said and "#" in value.value
        return bool(said & _DESCRIBING) or point or bool(inside and said)

    def _name(self, property_: NamedNode) -> str:
        local = property_.value.rpartition("#")[2].rpartition("/")[2].removeprefix("has")
        name, number = local[:1].lower() + local[1:], 1
        while f"{name}{number if number > 1 else ''}" in self.found.parts:
            number += 1
        return f"{name}{number if number > 1 else ''}"


def _place(name: str, property_: NamedNode) -> str:
    keys = {OA.hasBody: BODY, OA.hasTarget: TARGET, OA.hasSource: "source", OA.hasScope: "scope"}
    key = keys.get(property_) or property_.value.rpartition("#")[2].rpartition("/")[2]
    return f"{name}.{key}" if name else key


def _required(name: str, value: Literal) -> Literal:
    is_text = value.language or value.datatype.value.endswith(("#string", "#langString"))
    if len(value.value) > (_LONGEST_TEXT if is_text else _LONGEST_NUMBER):
        raise wrong(name or "value", _("Use at most {count} characters.", count=_LONGEST_TEXT))
    return value


def _plain_target(found: Sent) -> None:
    """A target with its source, whichever way it was named; a fragment is a selector."""
    targets = found.all("", OA.hasTarget)
    if len(targets) != 1:
        raise wrong(TARGET, _("An annotation here has one target."))
    (target,) = targets
    is_part = isinstance(target, Part)
    values = dict(found.parts[target.name]) if is_part else {OA.hasSource: [target]}
    found.parts[TARGET] = values
    found.parts[""][OA.hasTarget] = [Part(TARGET)]
    sources = values.get(OA.hasSource, [])
    if len(sources) != 1 or not isinstance(sources[0], NamedNode):
        raise wrong("target.source", _("The target has one source, named by its IRI."))
    whole, _hash, fragment = sources[0].value.partition("#")
    if fragment.startswith("xywh=") and OA.hasSelector not in values:
        values[OA.hasSource] = [NamedNode(whole)]
        values[OA.hasSelector] = [Part("selector")]
        found.parts["selector"] = {
            RDF.type: [OA.FragmentSelector], RDF.value: [Literal(fragment)],
        }  # fmt: skip


def _plain_body(found: Sent) -> None:
    """One body: an IRI, a text with its language, or what else a node of its own says."""
    bodies = found.all("", OA.hasBody)
    if len(bodies) + len(found.all("", OA.bodyValue)) > 1:
        raise wrong(BODY, _("An annotation here has one body."))
    if not bodies or not isinstance(bodies[0], Part):
        if bodies and isinstance(bodies[0], Literal):
            raise wrong(BODY, _("A text is the value of a body, or a bodyValue."))
        return
    values = dict(found.parts[bodies[0].name])
    sources = [each for each in values.get(OA.hasSource, ()) if isinstance(each, NamedNode)]
    if sources and RDF.value not in values:
        found.parts[""][OA.hasBody] = [sources[0]]
        return
    found.parts[BODY] = values
    found.parts[""][OA.hasBody] = [Part(BODY)]
    languages, texts = values.pop(DC.language, []), values.get(RDF.value, [])
    if len(texts) > 1 or len(languages) > 1:
        raise wrong("body.value", _("A body has one text, in one language."))
    if texts and languages and isinstance(texts[0], Literal) and not texts[0].language:
        values[RDF.value] = [_tagged(texts[0].value, languages[0].value)]


def _tagged(text: str, language: str) -> Literal:
    try:
        return Literal(text, language=language)
    except ValueError as error:
        words = _("Please name the language by its code, such as en or pt-BR.")
        raise wrong("body.language", words) from error
