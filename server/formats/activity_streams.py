"""IIIF Change Discovery 1.0: an OrderedCollection of activities, in pages; pure.

https://iiif.io/api/discovery/1.0/, level 3: creations, updates and deletions, in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

CONTEXT = "http://iiif.io/api/discovery/1/context.json"
MEDIA_TYPE = f'application/ld+json;profile="{CONTEXT}"'
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """Where the thing is described; `format` is a media type, `profile` what it is written in."""

    id: str
    format: str
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """A change of `object` (an IRI) of a type (an IRI), in UTC."""

    id: str
    type: Literal["Create", "Update", "Delete"]
    at: str
    object: str
    object_type: str
    see_also: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """`next` and `previous` are addresses of pages, None at the ends."""

    id: str
    collection: str
    activities: Sequence[Activity]
    previous: str | None
    next: str | None


def collection(
    address: str, first: str, last: str, total: int | None, see_also: Sequence[Link],
    label: Mapping[str, Sequence[str]],
) -> Json:  # fmt: skip
    """The whole; `total` where it is known."""
    told: Json = {"@context": CONTEXT, "id": address, "type": "OrderedCollection"}
    if total is not None:
        told["totalItems"] = total
    return told | {
        "label": dict(label),
        "seeAlso": [_link(each) for each in see_also],
        "first": {"id": first, "type": "OrderedCollectionPage"},
        "last": {"id": last, "type": "OrderedCollectionPage"},
    }


def page(found: Page) -> Json:
    told: Json = {
        "@context": CONTEXT,
        "id": found.id,
        "type": "OrderedCollectionPage",
        "partOf": {"id": found.collection, "type": "OrderedCollection"},
    }
    for name, address in (("prev", found.previous), ("next", found.next)):
        if address:
            told[name] = {"id": address, "type": "OrderedCollectionPage"}
    return told | {"orderedItems": [_activity(each) for each in found.activities]}


def _activity(each: Activity) -> Json:
    about: Json = {"id": each.object, "type": each.object_type}
    if each.see_also:
        about["seeAlso"] = [_link(link) for link in each.see_also]
    return {"id": each.id, "type": each.type, "endTime": each.at, "object": about}


def _link(link: Link) -> Json:
    told = {"id": link.id, "type": "Dataset", "format": link.format}
    return told | ({"profile": link.profile} if link.profile else {})
