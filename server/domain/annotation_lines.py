"""Annotations in lines, for the page of a container of them."""

from dataclasses import dataclass
from datetime import datetime

from server.commit import Desk
from server.domain import annotation_bodies, annotations, fields, item_suggestions
from server.domain.item_suggestions import ItemLine
from server.index import queues
from server.index.published_annotations import Cursor
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of which item: `label` in plain words, in the language `lang`."""

    id: str
    label: str
    lang: str
    kind: str
    field: str
    item: ItemLine | None
    created: datetime


def lines(desk: Desk, viewer: Viewer, rows: list[Cursor], language: str) -> list[Line]:
    return [line for _at, iri in rows if (line := _line(desk, viewer, iri, language))]


def _line(desk: Desk, viewer: Viewer, iri: str, language: str) -> Line | None:
    row, standing = queues.find_annotation(desk.index.read(), iri), annotations.find(desk, iri)
    if row is None or standing is None:
        return None
    item = item_suggestions.find(desk, viewer, row.item)
    body = annotation_bodies.view(desk, viewer, standing, language)
    return Line(
        id=desk.names.local(iri, "annotation") or "",
        label=body.label,
        lang=body.lang,
        kind=body.kind,
        field=fields.label(row.field) if row.field else "",
        item=item_suggestions.line(item, language) if item else None,
        created=datetime.fromisoformat(row.created),
    )
