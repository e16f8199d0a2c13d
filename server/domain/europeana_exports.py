"""Published annotations of a campaign as Europeana takes them: from the public dataset alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import accounts, europeana_kinds, software
from server.domain.acceptance import Status
from server.domain.annotation_contents import Content
from server.domain.europeana_items import Cache
from server.domain.europeana_kinds import Said
from server.errors import NotFound
from server.formats import europeana_annotations
from server.formats.europeana_annotations import Json, Unsendable
from server.index import queues
from server.names import CH, DCTERMS, OA, RDF

PAGE = 100
_NAME = "CrowdHeritage"
#: Stands for an item that nobody knows, to see whether its annotation would be sent at all.
_SOME_ITEM = "http://data.europeana.eu/item/0/unknown"


@dataclass(frozen=True, slots=True)
class Prepared:
    """One annotation: the request body, or why it has none (`reason`, a name, and `detail`)."""

    id: str
    item: str
    campaign: str = ""
    annotation: Json | None = None
    same: str = ""
    target: str = ""
    reason: str = ""
    detail: str = ""


def pages(desk: Desk, slug: str) -> Iterator[list[str]]:
    """The identifiers of what a campaign has published, some at a time."""
    after = ""
    while True:
        found = queues.annotations_by_status(
            desk.index.read(), slug, Status.PUBLISHED, limit=PAGE, after=after
        )
        if not found:
            return
        yield [desk.names.local(row.iri, "annotation") or "" for row in found]
        after = f"{found[-1].created} {found[-1].iri}"


def annotations(desk: Desk, slug: str) -> Iterator[Json]:
    """All that can be sent, as they are sent."""
    items = Cache(desk)
    for page in pages(desk, slug):
        for name in page:
            prepared = prepare(desk, name, items)
            if prepared and prepared.annotation:
                yield prepared.annotation


def is_published(desk: Desk, name: str) -> bool:
    """Whether it stands in the public dataset, also where its item is gone by now."""
    return (RDF.type, OA.Annotation) in desk.about("public", desk.names.annotation(name))


def prepare(desk: Desk, name: str, items: Cache) -> Prepared | None:
    """One by the `{id}` of its IRI; None where it is not published."""
    iri = desk.names.annotation(name).value
    triples = _gather(desk, iri)
    content = Content.read(iri, triples)
    if content.value(RDF.type) is None:
        return None
    item, rights = items.iri(content.item), content.text(DCTERMS.license)
    said = Said(content.text(CH.kind), content, item or _SOME_ITEM, rights, items)
    slug = desk.names.local(content.text(CH.campaign), "campaign") or ""
    try:
        draft = europeana_kinds.draft(said)
        if not item:
            raise Unsendable("item")
        made = europeana_annotations.annotation(draft, _about(desk, iri, content))
    except Unsendable as why:
        return Prepared(name, content.item, slug, reason=why.code, detail=why.detail)
    same = europeana_annotations.sameness(draft)
    return Prepared(name, content.item, slug, made, same, draft.item)


def _gather(desk: Desk, iri: str) -> list[tuple[Any, Any, Any]]:
    """What the public dataset says of an annotation and of its parts."""
    found, todo, seen = [], [iri], {iri}
    while todo:
        node = NamedNode(todo.pop())
        for property_, value in desk.about("public", node):
            found.append((node, property_, value))
            inside = isinstance(value, NamedNode) and value.value.startswith(f"{iri}#")
            if inside and value.value not in seen:
                seen.add(value.value)
                todo.append(value.value)
    return found


def _about(desk: Desk, iri: str, content: Content) -> Json:
    """Who made it and when; by `canonical` and `via` it is found again over there."""
    found: Json = {"canonical": iri, "via": iri}
    created, issued = content.text(DCTERMS.created), content.text(DCTERMS.issued)
    agents = sorted(each.value for each in content.values(DCTERMS.creator))
    programs = [made for each in agents if (made := _software(desk, each))]
    people = [each for each in agents if not any(each == one["id"] for one in programs)]
    if people:
        found["creator"] = _person(desk, people)
    found["created"] = _time(created)
    found["generator"] = programs[0] if programs and not people else _ourselves(desk)
    found["generated"] = _time(issued or created)
    return found


def _person(desk: Desk, agents: list[str]) -> Json:
    """The first who lets a name be shown, else the first: the API takes one."""
    for agent in agents:
        try:
            name = accounts.shown_name(desk, desk.names.local(agent, "agent") or "")
        except NotFound:
            continue
        if name:
            return {"id": agent, "type": "Person", "name": name}
    return {"id": agents[0], "type": "Person"}


def _software(desk: Desk, agent: str) -> Json | None:
    found = software.find(desk, agent)
    return {"id": agent, "type": "Software", "name": found.title} if found else None


def _ourselves(desk: Desk) -> Json:
    return {"id": desk.names.base, "type": "Software", "name": _NAME}


def _time(text: str) -> str:
    """Whole seconds, as the API writes its own."""
    return text.partition(".")[0].removesuffix("Z") + "Z"
