"""The containers of annotations: all, a campaign's, an item's, a provider's; and their pages.

Web Annotation Protocol, 4 (https://www.w3.org/TR/annotation-protocol/#annotation-containers), LDP
(https://www.w3.org/TR/ldp/#ldpc). A page begins at a place in the order in which annotations were
made, which never changes: whatever is published meanwhile, going on skips and repeats nothing.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from server.commit import Desk
from server.domain import annotation_documents, annotation_searches, campaigns, items, texts
from server.domain.accounts import Person
from server.domain.annotation_filters import Search
from server.errors import Malformed, NotFound
from server.formats import annotations_jsonld, webanno_context
from server.i18n import _
from server.index import providers
from server.index.published_annotations import Cursor, Found
from server.names import CH
from server.viewers import Viewer

MOST_IRIS, MOST_DESCRIPTIONS = 200, 50
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ENGLISH = "en"  # of labels, which are not a reader's but the container's
Kind = Literal["first", "after", "before", "last"]
KINDS: tuple[Kind, ...] = ("first", "after", "before", "last")


@dataclass(frozen=True, slots=True)
class Container:
    """`path` is below the base IRI; `facet` what is in it. `membership`: of a direct container the
    thing that it is about, and how members are linked to it."""

    path: str
    label: str
    facet: str = ""
    campaign: str = ""
    item: str = ""
    membership: tuple[tuple[str, str], ...] = ()

    @property
    def type(self) -> str:
        return "DirectContainer" if self.membership else "BasicContainer"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: `at` is the place beside it, `start` its number if that is known."""

    kind: Kind = "first"
    at: Cursor | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A container, or what is found in it, by IRIs or with what each annotation says."""

    container: Container
    search: Search
    iris: bool = False


def every() -> Container:
    return Container("annotations/", "Annotations")


def of_campaign(desk: Desk, viewer: Viewer, slug: str) -> Container:
    """Raises NotFound."""
    found = campaigns.get_campaign(desk, viewer, slug)
    about = (
        ("membershipResource", desk.names.campaign(slug).value),
        ("isMemberOfRelation", CH.campaign.value),
    )
    title = texts.choose(found.title, _ENGLISH)
    facet = f"campaign:{slug}"
    return Container(f"annotations/{slug}/", title, facet, campaign=slug, membership=about)


def of_item(desk: Desk, viewer: Viewer, item_id: str) -> Container:
    """Raises NotFound, Gone."""
    row = items.get_row(desk, viewer, item_id)
    member = webanno_context.LDP.member.value
    about = (("membershipResource", row.iri), ("hasMemberRelation", member))
    path, title = f"annotations/items/{row.id}/", row.title(_ENGLISH)
    return Container(path, title, f"item:{row.iri}", item=row.iri, membership=about)


def of_provider(desk: Desk, viewer: Viewer, key: str) -> Container:
    """Raises NotFound."""
    found = providers.find_provider(viewer, desk.index.read(), key)
    if found is None:
        raise NotFound(_("There is no such provider."))
    return Container(f"annotations/providers/{key}/", found.label, f"provider:{key}")


# --- addresses -----------------------------------------------------------------------------------


def read_place(given: dict[str, str]) -> Place:
    """From the parameters of a page's address. Raises Malformed."""
    kind = next((each for each in KINDS if each == given.get("page")), None)
    if kind is None:
        raise Malformed(_("There is no such page: follow the links of the container."))
    created, _tilde, identifier = given.get("at", "").partition("~")
    start = given.get("start", "")
    named = _NAME.fullmatch(identifier.rpartition("/")[2])
    if (kind in ("after", "before")) != bool(created and named) or (created and not named):
        raise Malformed(_("There is no such page: follow the links of the container."))
    return Place(
        kind, (created, identifier) if created else None,
        int(start) if start.isdecimal() and len(start) < 12 and start.isascii() else None,
    )  # fmt: skip


def address(desk: Desk, view: View, place: Place | None = None) -> str:
    """The IRI of a view of a container, or of a page of it."""
    named: dict[str, str] = {"iris": "1" if view.iris else "0", **dict(view.search.filters)}
    if place is not None:
        named["page"] = place.kind
        if place.at:
            identifier = desk.names.local(place.at[1], "annotation") or place.at[1]
            named["at"] = f"{place.at[0]}~{identifier}"
        if place.start is not None:
            named["start"] = str(place.start)
    return f"{desk.names.base}{view.container.path}?{urlencode(named)}"


# --- what is in them -----------------------------------------------------------------------------


def container(desk: Desk, person: Person | None, view: View, *, minimal: bool) -> dict[str, Any]:
    """JSON-LD without its context; with the first page in it unless it is to be minimal."""
    total = annotation_searches.total(desk, view.search)
    found: dict[str, Any] = {
        "id": address(desk, view),
        "type": [view.container.type, "AnnotationCollection"],
        "label": view.container.label,
        **dict(view.container.membership),
        **({"total": total} if total is not None else {}),
    }
    if total == 0:
        return found
    first = Place()
    found["first"] = address(desk, view, first)
    if not minimal:
        found["first"] = page(desk, person, view, first, embedded=True)
    return found | {"last": address(desk, view, Place("last"))}


def page(
    desk: Desk, person: Person | None, view: View, place: Place, *, embedded: bool = False
) -> dict[str, Any]:
    """JSON-LD without its context."""
    found, total = _find(desk, person, view, place), annotation_searches.total(desk, view.search)
    start = _start(place, found, total)
    about: dict[str, Any] = {"id": address(desk, view, place), "type": "AnnotationPage"}
    if not embedded:
        part = {"id": address(desk, view), "type": "AnnotationCollection"}
        part |= {"label": view.container.label}
        about["partOf"] = part | ({"total": total} if total is not None else {})
    if start is not None:
        about["startIndex"] = start
    for name, other in _beside(place, found, start):
        about[name] = address(desk, view, other)
    return about | {"items": _items(desk, person, view, found)}


def look(
    desk: Desk, person: Person | None, view: View, place: Place
) -> tuple[Found, list[tuple[str, Place]]]:
    """The annotations of a page, and the pages beside it."""
    found = _find(desk, person, view, place)
    start = _start(place, found, annotation_searches.total(desk, view.search))
    return found, _beside(place, found, start)


def _find(desk: Desk, person: Person | None, view: View, place: Place) -> Found:
    limit = MOST_IRIS if view.iris else MOST_DESCRIPTIONS
    way: annotation_searches.Way = "back" if place.kind in ("before", "last") else "on"
    cursor = annotation_searches.start(way)
    if place.at:
        cursor = place.at[0], desk.names.annotation(place.at[1].rpartition("/")[2]).value
    return annotation_searches.find(desk, person, view.search, cursor, limit=limit, way=way)


def _start(place: Place, found: Found, total: int | None) -> int | None:
    """The number of its first annotation, from 0 (Web Annotation Data Model, 5.2)."""
    if place.kind == "first":
        return 0
    if place.kind == "last":
        return None if total is None else max(0, total - len(found.rows))
    if place.start is None or place.kind == "after":
        return place.start
    return max(0, place.start - len(found.rows))


def _beside(place: Place, found: Found, start: int | None) -> list[tuple[str, Place]]:
    """The pages before and after it."""
    backwards = place.kind in ("before", "last")
    rows, beside = found.rows, []
    has_next = place.kind == "before" or (not backwards and found.more)
    if has_next:
        following = start + len(rows) if start is not None else None
        last = rows[-1] if rows and backwards else place.at if backwards else found.cursor
        beside.append(("next", Place("after", last, following)))
    if place.kind == "after" or (backwards and found.more):
        first = found.cursor if backwards else rows[0] if rows else place.at
        beside.append(("prev", Place("before", first, start)))
    return beside


def _items(desk: Desk, person: Person | None, view: View, found: Found) -> list[Any]:
    if view.iris:
        return [iri for _created, iri in found.rows]
    documents = (_document(desk, person, view.search, iri) for _created, iri in found.rows)
    return [annotations_jsonld.write(each.triples, each.iri) for each in documents if each]


def _document(
    desk: Desk, person: Person | None, search: Search, iri: str
) -> annotation_documents.Document | None:
    """None for what was withdrawn a moment ago."""
    if search.public:
        return annotation_documents.find_public(desk, iri)
    try:
        return annotation_documents.get(desk, person, iri)
    except NotFound:
        return None
