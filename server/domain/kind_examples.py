"""An example of each kind of annotation: the one that its file gives, else one made from its shape.

A file gives one as an `oa:Annotation` that stands in it, with what one says for oneself on `#by`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from server.commit import Desk
from server.domain import annotation_forms, annotation_statements
from server.domain.annotation_contents import ANNOTATION, TARGET, Content, Part, Said
from server.domain.campaigns import Campaign, Task
from server.domain.kinds import OF_CLAIM, Entry, Kind
from server.domain.widgets import Asked
from server.domain.widgets.model import plain_values
from server.domain.widgets.paths import along
from server.errors import CrowdHeritageError, Invalid
from server.i18n import language
from server.index.items import ItemRow
from server.names import CH, DCTERMS, OA, RDF, XSD
from server.viewers import Viewer

_TIME = "2026-11-22T10:00:00.000Z"
_PLACE = "https://example.org/"
_ME = f"{_PLACE}annotation/1"
_SAMPLES = {
    RDF.langString: Literal("an example", language="en"),
    XSD.string: Literal("an example"),
    XSD.boolean: Literal(True),
    XSD.date: Literal("2026-11-22", datatype=XSD.date),
    XSD.dateTime: Literal(_TIME, datatype=XSD.dateTime),
}


@dataclass(frozen=True, slots=True)
class Example:
    """An annotation as RDF, and the values of the form that says the same."""

    triples: tuple[Triple, ...]
    values: dict[str, list[str]]


def find(desk: Desk, kind: Kind) -> Example | None:
    """None where the file gives none, and none that the shape allows can be made from it."""
    said = _given(kind) or _made(kind)
    own = tuple(each for each in said if _is_own(each))
    content = Content(tuple(each for each in said if not _is_own(each)))
    statements = list(_statements(content, own))
    try:
        kind.check(statements)
    except Invalid:
        return None
    triples = tuple(Triple(*each) for each in statements)
    return Example(triples, _values(desk, kind, content, Content(own)))


def _is_own(said: Said) -> bool:
    return said[0].startswith(OF_CLAIM)


def _statements(content: Content, own: tuple[Said, ...]) -> Iterable[tuple[Any, Any, Any]]:
    claim: tuple[Said, ...] = (
        (OF_CLAIM, RDF.type, CH.Claim),
        (OF_CLAIM, CH.annotation, Part(ANNOTATION)),
        (OF_CLAIM, DCTERMS.creator, NamedNode(f"{_PLACE}agent/1")),
        (OF_CLAIM, DCTERMS.created, Literal(_TIME, datatype=XSD.dateTime)),
    )
    yield from dict.fromkeys(annotation_statements.content_statements(_ME, content, _TIME))
    yield from dict.fromkeys(Content((*claim, *own)).triples(_ME))


def _given(kind: Kind) -> list[Said]:
    statements = list(parse(path=kind.path, format=RdfFormat.TURTLE, rename_blank_nodes=True))
    found = [q.subject for q in statements if q.predicate == RDF.type and q.object == OA.Annotation]
    nodes = [node.value for node in found if isinstance(node, NamedNode)]
    if not nodes:
        return []
    me = nodes[0]
    about = [
        (q.subject, q.predicate, q.object)
        for q in statements
        if isinstance(q.subject, NamedNode) and q.subject.value.partition("#")[0] == me
    ]
    return [each for each in Content.read(me, about).statements if each[1] != DCTERMS.created]


def _made(kind: Kind) -> list[Said]:
    """What each must say and has a constant or an obvious value; and what no form says."""
    found: list[Said] = [
        (ANNOTATION, CH.campaign, NamedNode(f"{_PLACE}campaign/example")),
        (ANNOTATION, OA.hasTarget, Part(TARGET)),
        (TARGET, OA.hasSource, NamedNode(f"{_PLACE}item/1")),
    ]
    for entry in kind.entries:
        if entry.required or entry.constant:
            found += along(entry, entry.constant or _sample(entry))
    return list(dict.fromkeys(found))


def _sample(entry: Entry) -> Any:
    if entry.choices or entry.default:
        return entry.default or entry.choices[0]
    if entry.datatype is None:
        return NamedNode(f"{_PLACE}{entry.name}")
    if entry.datatype in _SAMPLES:
        return _SAMPLES[entry.datatype]
    return Literal(entry.least or entry.most or "1", datatype=entry.datatype)


def _values(desk: Desk, kind: Kind, content: Content, own: Content) -> dict[str, list[str]]:
    """As the form of a question would be filled to edit it; plainly where it needs a real one."""
    asked = Asked(
        desk, Viewer(), Campaign("example", {}, {}, (), (), 0), Task(1, content.field, {}),
        kind, ItemRow(content.item, "1", "public", "example", {}), None, language.get(),
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for entry in kind.editable:
        said = own if entry.of == "claim" else content
        found |= _filled(asked, entry, said) or plain_values(asked, entry, said)
    return {name: values for name, values in found.items() if values}


def _filled(asked: Asked, entry: Entry, said: Content) -> dict[str, list[str]]:
    try:
        return annotation_forms.editor(entry).fill(asked, entry, said)
    except CrowdHeritageError:
        return {}
