"""The annotations of a campaign as files: JSON-LD, Turtle, a table, CrowdHeritage's own form."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import orjson
from pyoxigraph import Literal, RdfFormat, serialize

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotation_documents,
    annotations,
    campaigns,
    fields,
    makers,
)
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.formats import annotations_jsonld, crowdheritage_write, sheets, webanno_context
from server.index import items, unpublished_annotations
from server.index.contributions import AnnotationRow
from server.index.published_annotations import START
from server.names import OA, PREFIXES
from server.viewers import Viewer

FORMS = ("jsonld", "turtle", "csv", "crowdheritage")
STATUSES = ("published", "accepted", "contested", "pending", "rejected")
_ALL = Viewer(sees_work=True)
_LANGUAGE = "en"  # of names in tables
_PAGE = 100
_COLUMNS = (
    "annotation", "item", "title", "kind", "field", "body", "text", "language", "selector",
    "status", "approvals", "rejections", "unsure", "created", "creator", "generator",
)  # fmt: skip
Each = Iterator[tuple[AnnotationRow, Annotation]]


def pieces(
    desk: Desk, slug: str, form: str, statuses: Iterable[str], who: Person,
    progress: Callable[[int], None] = lambda _done: None,
) -> Iterator[str]:  # fmt: skip
    """The file, some annotations at a time, by status and in the order in which they were made.

    For whoever runs the campaign. Raises NotFound.
    """
    campaign = campaigns.get_campaign(desk, _ALL, slug)
    return _WRITERS[form](desk, campaign, _each(desk, slug, statuses, progress), who)


def _each(desk: Desk, slug: str, statuses: Iterable[str], progress: Callable[[int], None]) -> Each:
    done = 0
    for status in statuses:
        found = unpublished_annotations.of_campaign(
            desk.index.read(), slug, status, START, backwards=False
        )
        for _place, row in found:
            standing = annotations.find(desk, row.iri)
            if standing is not None:
                yield row, standing
            done += 1
            progress(done)


def _document(
    desk: Desk, campaign: Campaign, row: AnnotationRow, standing: Annotation, who: Person
) -> annotation_documents.Document:
    found = annotation_documents.find_public(desk, row.iri) if row.status == "published" else None
    return found or annotation_documents.private(desk, standing, row, campaign, who)


def _jsonld(desk: Desk, campaign: Campaign, each: Each, who: Person) -> Iterator[str]:
    contexts = orjson.dumps(webanno_context.of_annotations(desk.names)).decode()
    yield f'{{"@context":{contexts},"@graph":['
    for number, (row, standing) in enumerate(each):
        found = _document(desk, campaign, row, standing, who)
        node = orjson.dumps(annotations_jsonld.write(found.triples, found.iri)).decode()
        yield ("," if number else "") + "\n" + node
    yield "\n]}\n"


def _turtle(desk: Desk, campaign: Campaign, each: Each, who: Person) -> Iterator[str]:
    """The prefixes once; then a page of annotations at a time."""
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    yield head
    while page := list(islice(each, _PAGE)):
        triples = [
            triple
            for row, standing in page
            for triple in _document(desk, campaign, row, standing, who).triples
        ]
        text = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
        lines = text.decode().splitlines(keepends=True)
        yield "".join(line for line in lines if not line.startswith("@prefix "))


def _csv(desk: Desk, _campaign: Campaign, each: Each, _who: Person) -> Iterator[str]:
    yield _row(_COLUMNS)
    for row, standing in each:
        yield _row(_cells(desk, row, standing))


def _cells(desk: Desk, row: AnnotationRow, standing: Annotation) -> list[str]:
    item, text = items.find_item_by_iri(_ALL, desk.index.read(), row.item), standing.content
    value = text.body_value
    body = annotation_bodies.view(desk, _ALL, standing, _LANGUAGE)
    people = [claim.agent for claim in standing.claims if claim.confidence is None]
    programs = [claim.agent for claim in standing.claims if claim.confidence is not None]
    return [
        row.iri, row.item, item.title(_LANGUAGE) if item else "", body.kind,
        fields.name(row.field) if row.field else "", row.body, body.label,
        (value.language or "") if isinstance(value, Literal) else body.lang, row.selector,
        row.status, str(row.approvals), str(row.rejections), str(row.unsure), row.created,
        " ".join(people), " ".join(programs),
    ]  # fmt: skip


def _row(cells: Iterable[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow([sheets.escape_cell(cell) for cell in cells])
    return stream.getvalue()


def _crowdheritage(desk: Desk, _campaign: Campaign, each: Each, _who: Person) -> Iterator[str]:
    context = orjson.dumps(crowdheritage_write.CONTEXT).decode()
    yield f'{{"@context":{context},"@graph":['
    for number, (row, standing) in enumerate(each):
        node = orjson.dumps(_exchanged(desk, row, standing)).decode()
        yield ("," if number else "") + "\n" + node
    yield "\n]}\n"


def _exchanged(desk: Desk, row: AnnotationRow, standing: Annotation) -> dict[str, Any]:
    """Its form knows no person: what people say has an empty creator."""
    program = next((each for each in standing.claims if each.confidence is not None), None)
    sure = program.confidence if program and program.confidence is not None else 0
    found: dict[str, Any] = {
        "type": "Annotation",
        "created": crowdheritage_write.moment(standing.created),
        "creator": _software(desk, standing, program.agent) if program else {},
        "confidence": sure,
        "body": _body(desk, standing),
        "target": _target(standing),
    }
    if row.field:
        found["scope"] = crowdheritage_write.scope(row.field)
    votes = [vote.verdict for vote in standing.votes if standing.is_after(vote)]
    if votes:
        found["review"] = {
            "type": "Validation", "upvotes": votes.count("approve"),
            "downvotes": votes.count("reject"), "recommendation": _recommended(row),
        }  # fmt: skip
    return found


def _recommended(row: AnnotationRow) -> str:
    if row.status in ("accepted", "published", "rejected"):
        return "reject" if row.status == "rejected" else "accept"
    return "accept" if row.approvals > row.rejections else "reject"


def _software(desk: Desk, standing: Annotation, agent: str) -> dict[str, str]:
    named = (each.words for each in makers.of(desk, standing, "") if each.sign == "software")
    return {"id": agent, "name": next(named, ""), "type": "Software"}


def _body(desk: Desk, standing: Annotation) -> Any:
    if standing.body:
        return standing.body
    value = standing.content.body_value
    language = (value.language or "") if isinstance(value, Literal) else ""
    text = standing.content.body_text
    said = {"type": "TextualBody", "value": text}
    return said | ({"language": language} if language else {})


def _target(standing: Annotation) -> dict[str, Any]:
    target: dict[str, Any] = {"source": crowdheritage_write.source(standing.item)}
    selecting = standing.content.value(OA.hasTarget, OA.hasSelector)
    if selecting is not None:
        node = annotations_jsonld.write(standing.content.triples(standing.iri), standing.iri)
        target["selector"] = node["target"]["selector"]
    return target


_WRITERS: dict[str, Callable[[Desk, Campaign, Each, Person], Iterator[str]]] = {
    "jsonld": _jsonld, "turtle": _turtle, "csv": _csv, "crowdheritage": _crowdheritage,
}  # fmt: skip
