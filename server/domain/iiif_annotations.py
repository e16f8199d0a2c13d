"""Published annotations for IIIF viewers: a manifest of an item, and a page of them per canvas.

IIIF Presentation API 3.0 (https://iiif.io/api/presentation/3.0/). A canvas is one picture of the
item, as large as that is; what is said of the item as a whole stands on the manifest.
"""

from collections.abc import Iterator
from typing import Any

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotations,
    items,
    media,
    picture_sizes,
    region_selectors,
    regions,
)
from server.domain.annotation_bodies import BodyView
from server.domain.annotations import Annotation
from server.domain.media import Medium
from server.domain.regions import Rectangle, Region
from server.domain.sent_targets import CANVAS
from server.domain.widgets import regions as region_widget
from server.errors import NotFound
from server.formats import annotations_jsonld
from server.i18n import _
from server.index import published_annotations
from server.index.items import ItemRow
from server.names import OA
from server.viewers import PUBLIC

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
OBJECT = "object"
_MOST = 1_000  # annotations on a page
Json = dict[str, Any]


def manifest(desk: Desk, item_id: str, language: str) -> Json:
    """Raises NotFound, also for an item without a picture; Gone."""
    row, base = items.get_row(desk, PUBLIC, item_id), _base(desk, item_id)
    pictures = _pictures(desk, row)
    if not pictures:
        raise NotFound(_("This item has no picture."))
    labels = {tag or "none": [text] for tag, text in row.titles.items()}
    found: Json = {
        "@context": CONTEXT,
        "id": f"{base}/manifest",
        "type": "Manifest",
        "label": labels or {"none": [row.iri]},
        "items": [_canvas(desk, row, each) for each in pictures],
        "annotations": [_page_link(base, OBJECT)],
        "homepage": [{
            "id": desk.names.path(f"items/{item_id}").value, "type": "Text",
            "label": labels or {"none": [row.iri]}, "format": "text/html",
        }],
        "seeAlso": [{
            "id": desk.names.path(f"items/{item_id}.jsonld").value, "type": "Dataset",
            "format": "application/ld+json",
        }],
    }  # fmt: skip
    if row.rights and row.rights.startswith(("http://creativecommons.org/", "http://rights")):
        found["rights"] = row.rights
    if row.provider:
        label = {"en": ["Provider"]}
        found["requiredStatement"] = {"label": label, "value": {"none": [row.provider]}}
    return found


def page(desk: Desk, item_id: str, canvas: str, language: str) -> Json:
    """The annotations of a canvas (its number), or of the object. Raises NotFound, Gone."""
    row, base = items.get_row(desk, PUBLIC, item_id), _base(desk, item_id)
    pictures = {str(each.number): each for each in _pictures(desk, row)}
    if canvas != OBJECT and canvas not in pictures:
        raise NotFound(_("There is no such canvas."))
    picture = pictures.get(canvas)
    return {
        "@context": CONTEXT,
        "id": f"{base}/annotations/{canvas}",
        "type": "AnnotationPage",
        "items": list(_annotations(desk, row, picture, language)),
    }


def _annotations(desk: Desk, row: ItemRow, picture: Medium | None, language: str) -> Iterator[Json]:
    """Those about the picture; without one, those about the item as a whole."""
    found = published_annotations.iris(desk.index.read(), f"item:{row.iri}", _MOST)
    for annotation in annotations.find_all(desk, found).values():
        source = annotation.content.text(OA.hasTarget, OA.hasSource)
        of_object = source == annotation.item
        if of_object if picture is None else source == picture.iri:
            yield _annotation(desk, row, annotation, picture, language)


def _annotation(
    desk: Desk, row: ItemRow, annotation: Annotation, picture: Medium | None, language: str
) -> Json:
    content = annotation.content
    motivations = sorted(
        annotations_jsonld.name_of(each.value) for each in content.values(OA.motivatedBy)
    )
    found: Json = {
        "id": annotation.iri,
        "type": "Annotation",
        "motivation": motivations[0] if len(motivations) == 1 else motivations,
        "created": annotation.created,
        "body": _bodies(desk, annotation, motivations, language),
    }
    if picture is None:
        return found | {"target": f"{_base(desk, row.id)}/manifest"}
    return found | {"target": _target(desk, row, picture, region_widget.standing(content))}


def _bodies(
    desk: Desk, annotation: Annotation, motivations: list[str], language: str
) -> Json | list[Json]:
    """The words, which viewers show; beside them the term that they name."""
    view: BodyView = annotation_bodies.view(desk, PUBLIC, annotation, language)
    purpose = motivations[0] if motivations else "tagging"
    text: Json = {"type": "TextualBody", "value": view.label, "format": "text/plain"}
    lang = (view.term.lang if view.term else "") or view.lang
    text |= ({"language": lang} if lang else {}) | {"purpose": purpose}
    if not annotation.body:
        return text
    return [text, {"type": "SpecificResource", "source": annotation.body, "purpose": "identifying"}]


def _target(desk: Desk, row: ItemRow, picture: Medium, region: Region | None) -> Any:
    canvas, (wide, high) = f"{_base(desk, row.id)}/canvas/{picture.number}", _size(picture)
    if region is None:
        return canvas
    if isinstance(region, Rectangle):
        x, y = regions.fractions(region)[0]
        right, below = regions.fractions(region)[2]
        left, top = round(x * wide), round(y * high)
        sides = max(1, round(right * wide) - left), max(1, round(below * high) - top)
        return f"{canvas}#xywh={left},{top},{sides[0]},{sides[1]}"
    points = tuple((round(x * wide, 1), round(y * high, 1)) for x, y in regions.fractions(region))
    drawn = region_selectors.text(regions.Polygon(points, (wide, high)))
    selector = {"type": "SvgSelector", "value": drawn}
    return {"type": "SpecificResource", "source": canvas, "selector": selector}


# --- canvases ------------------------------------------------------------------------------------


def _canvas(desk: Desk, row: ItemRow, picture: Medium) -> Json:
    base, (wide, high) = _base(desk, row.id), _size(picture)
    canvas = f"{base}/canvas/{picture.number}"
    found: Json = {
        "id": canvas,
        "type": "Canvas",
        "width": wide,
        "height": high,
        "items": [{"id": f"{canvas}/page", "type": "AnnotationPage", "items": [{
            "id": f"{canvas}/painting", "type": "Annotation", "motivation": "painting",
            "target": canvas, "body": _image(desk, row, picture),
        }]}],
        "annotations": [_page_link(base, str(picture.number))],
    }  # fmt: skip
    return found | ({"label": {"none": [picture.label]}} if picture.label else {})


def _image(desk: Desk, row: ItemRow, picture: Medium) -> Json:
    """Through our own server, with its image service where the size is known."""
    address = desk.names.path(f"images/{row.id}/{picture.number}").value
    found: Json = {"id": address, "type": "Image", "format": "image/jpeg"}
    if not (picture.width and picture.height):
        return found
    service = {"id": f"{address}/iiif", "type": "ImageService3", "profile": "level1"}
    return found | {"width": picture.width, "height": picture.height, "service": [service]}


def _pictures(desk: Desk, row: ItemRow) -> list[Medium]:
    found = media.of_item(desk, PUBLIC, row)
    return [picture_sizes.with_size(desk, row, each) for each in found if each.kind == "image"]


def _size(picture: Medium) -> tuple[int, int]:
    if picture.width and picture.height:
        return picture.width, picture.height
    return CANVAS, CANVAS


def _page_link(base: str, name: str) -> Json:
    return {"id": f"{base}/annotations/{name}", "type": "AnnotationPage"}


def _base(desk: Desk, item_id: str) -> str:
    return desk.names.path(f"iiif/{item_id}").value
