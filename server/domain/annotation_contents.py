"""What an annotation says: the statements about itself and its parts, without who says it.

Parts are fragments of its IRI (`…#target`, `…#body`), so what is said can be written down before
the annotation has an IRI, and its IRI can follow from it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode

from server.names import CH, DCTERMS, OA, RDF

ANNOTATION = ""
TARGET, BODY = "target", "body"
#: Said of every annotation by the server; what an annotation says is the same without it.
_GIVEN = {CH.campaign, CH.task, CH.kind, CH.field, DCTERMS.created, OA.motivatedBy}


@dataclass(frozen=True, slots=True)
class Part:
    """A node of the annotation itself: Part("target") is `<annotation#target>`."""

    name: str


Value: TypeAlias = Any  # a Literal, a NamedNode or a Part
Said: TypeAlias = tuple[str, NamedNode, Value]
"""(the name of the part that it is said of, the property, the value); "" is the annotation."""


@dataclass(frozen=True)
class Content:
    """The statements of one annotation."""

    statements: tuple[Said, ...] = ()

    @staticmethod
    def read(iri: str, triples: Iterable[tuple[Any, Any, Any]]) -> "Content":
        """From what a store says of the annotation and its parts."""
        return Content(tuple((_name(iri, s), p, _value(iri, o)) for s, p, o in triples))

    def replacing(self, part: str, property_: NamedNode, value: Value) -> "Content":
        """With this value of a property of a part in place of those that it has."""
        others = (each for each in self.statements if each[:2] != (part, property_))
        return Content((*others, (part, property_, value)))

    def about(self, item: str) -> "Content":
        """The same of another item (an IRI): one that it was, or has become."""
        return Content(tuple(
            (part, p, NamedNode(item) if part == TARGET and _is_item(self, o) else o)
            for part, p, o in self.statements
        ))  # fmt: skip

    def triples(self, iri: str) -> list[tuple[NamedNode, NamedNode, Any]]:
        """With real nodes, for the annotation of this IRI."""
        return [(_node(iri, s), p, _real(iri, o)) for s, p, o in self.statements]

    def of(self, part: str) -> dict[NamedNode, list[Value]]:
        """What is said of one part, by property."""
        return self._parts.get(part, {})

    def values(self, *path: NamedNode) -> list[Value]:
        """What the properties of the path lead to, one after the other, from the annotation on.

        From the claim, where this is what somebody says for themselves.
        """
        found: list[Value] = [Part(min(self._parts, key=len, default=ANNOTATION))]
        for property_ in path:
            parts = [self.of(each.name) for each in found if isinstance(each, Part)]
            found = [value for about in parts for value in about.get(property_, ())]
        return found

    def value(self, *path: NamedNode) -> Value | None:
        return next(iter(self.values(*path)), None)

    def text(self, *path: NamedNode) -> str:
        """The characters of the first value that is no part; "" where there is none."""
        found = (each.value for each in self.values(*path) if not isinstance(each, Part))
        return next(found, "")

    @property
    def field(self) -> str:
        """The metadata field (an IRI) that it proposes to write, or ""."""
        return self.text(CH.field)

    @cached_property
    def item(self) -> str:
        """The item: where the source is one of its images, the scope."""
        return self.text(OA.hasTarget, OA.hasScope) or self.text(OA.hasTarget, OA.hasSource)

    @cached_property
    def body(self) -> str:
        """The IRI that is the body; "" where it is a text or another part."""
        found = (each for each in self.values(OA.hasBody) if isinstance(each, NamedNode))
        return next((each.value for each in found), "")

    @cached_property
    def body_value(self) -> NamedNode | Literal | Part | None:
        """What the body comes to as one value: an IRI, a text with its language, or a part."""
        if self.body:
            return NamedNode(self.body)
        found = self.value(OA.hasBody) or self.value(OA.bodyValue)
        text = self.value(OA.hasBody, RDF.value)
        return text if isinstance(text, Literal) else found

    @cached_property
    def body_text(self) -> str:
        """The text of a body that is no IRI; of one without text, its literals in their order."""
        value = self.body_value
        if isinstance(value, Literal):
            return value.value
        if not isinstance(value, Part):
            return ""
        said = sorted((p.value, o.value) for p, o in _literals(self.of(value.name)))
        return " ".join(text for _property, text in said)

    @cached_property
    def selector(self) -> str:
        """What of the item is meant, in one canonical text; "" for the item as a whole."""
        lines = _lines(self, (Part(TARGET),), {OA.hasSource, OA.hasScope})
        source = self.text(OA.hasTarget, OA.hasSource)
        return "\n".join(([source] if source != self.item else []) + lines)

    @cached_property
    def key(self) -> str:
        """All that is said, in one canonical text, without the target's selector."""
        return "\n".join(_lines(self, (Part(ANNOTATION),), {OA.hasTarget, *_GIVEN}))

    @cached_property
    def _parts(self) -> dict[str, dict[NamedNode, list[Value]]]:
        found: dict[str, dict[NamedNode, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for part, property_, value in self.statements:
            found[part][property_].append(value)
        return found


NOTHING_SAID = Content()


def _is_item(content: Content, value: Value) -> bool:
    return isinstance(value, NamedNode) and value.value == content.item


def _literals(about: dict[NamedNode, list[Value]]) -> Iterator[tuple[NamedNode, Literal]]:
    for property_, values in about.items():
        yield from ((property_, each) for each in values if isinstance(each, Literal))


def _lines(content: Content, begun: Iterable[Part], without: set[NamedNode]) -> list[str]:
    """What is said of these parts and of those that they lead to, sorted; types are left out."""
    lines, todo, seen = [], list(begun), set()
    while todo:
        part = todo.pop()
        if part.name in seen:
            continue
        seen.add(part.name)
        for property_, values in content.of(part.name).items():
            if property_ == RDF.type or property_ in without:
                continue
            for value in values:
                if isinstance(value, Part):
                    todo.append(value)
                else:
                    lines.append(f"{part.name} {property_} {value}")
    return sorted(lines)


def _name(iri: str, node: Any) -> str:
    return str(node.value[len(iri) + 1 :])


def _value(iri: str, node: Any) -> Value:
    inside = isinstance(node, NamedNode) and node.value.startswith(f"{iri}#")
    return Part(_name(iri, node)) if inside else node


def _node(iri: str, part: str) -> NamedNode:
    return NamedNode(f"{iri}#{part}" if part else iri)


def _real(iri: str, value: Value) -> Any:
    return _node(iri, value.name) if isinstance(value, Part) else value
