"""Containers of annotations by the Web Annotation Protocol, and what is looked for or sent there.

https://www.w3.org/TR/annotation-protocol/#annotation-containers
"""

import re
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    annotation_containers,
    annotation_documents,
    annotation_filters,
    annotation_protocol,
)
from server.domain.annotation_containers import Container, View
from server.errors import Malformed
from server.formats import annotations_jsonld, webanno_context
from server.i18n import _
from server.journal.entries import RepeatedKey
from server.names import short_hash
from server.web import annotation_answers, annotation_lists, conditions
from server.web import annotation_protocol as resources
from server.web.annotation_answers import ACCEPT_POST, protocol
from server.web.negotiation import HTML, JSON_LD
from server.web.requests import desk, now, path, person, signed_in, viewer

_CONSTRAINED = (
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
_OF_VIEWS = ("iris", "page", "at", "start")
_PREFER = re.compile(r'\breturn\s*=\s*"?representation"?\s*;.*?\binclude\s*=\s*"([^"]*)"', re.I)
_MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
_IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
_DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"


def _about(request: Request) -> dict[str, str]:
    """A page is no container (4.3); a provider's annotations are sent elsewhere."""
    if "page" in request.query_params:
        return {"Allow": "GET, HEAD, OPTIONS"}
    direct = {"slug", "id"} & set(request.path_params)
    kind = "DirectContainer" if direct else "BasicContainer"
    link = f'<http://www.w3.org/ns/ldp#{kind}>; rel="type", {_CONSTRAINED}'
    if "key" in request.path_params:
        return {"Link": link, "Allow": "GET, HEAD, OPTIONS"}
    return {"Link": link, "Allow": "GET, HEAD, OPTIONS, POST", "Accept-Post": ACCEPT_POST}


@protocol(_about)
async def container(request: Request) -> Response:
    if request.method != "POST":
        return await run_in_threadpool(_show, request)
    if "page" in request.query_params:
        raise HTTPException(405, headers={"Allow": "GET, HEAD, OPTIONS"})
    body = await resources.received(request)
    return await run_in_threadpool(_create, request, body)


def _container(request: Request) -> Container:
    """Raises NotFound."""
    opened, viewer_, given = desk(request), viewer(request), request.path_params
    if "slug" in given:
        return annotation_containers.of_campaign(opened, viewer_, path(request, "slug"))
    if "id" in given:
        return annotation_containers.of_item(opened, viewer_, path(request, "id"))
    if "key" in given:
        return annotation_containers.of_provider(opened, viewer_, path(request, "key"))
    return annotation_containers.every()


# --- reading --------------------------------------------------------------------------------------


def _show(request: Request) -> Response:
    found, given = _container(request), request.query_params
    filters = {name: value for name, value in given.items() if name not in _OF_VIEWS}
    search = annotation_filters.read(desk(request), person(request), filters)
    view = View(found, annotation_filters.within(search, found.facet), given.get("iris") == "1")
    media_type = annotation_answers.chosen(request)
    if media_type == HTML:
        return annotation_lists.page(request, view)
    if "page" in given:
        return _page(request, view, media_type)
    return _described(request, view, media_type)


def _page(request: Request, view: View, media_type: str) -> Response:
    place = annotation_containers.read_place(dict(request.query_params))
    found = annotation_containers.page(desk(request), person(request), view, place)
    contexts = webanno_context.of_annotations(desk(request).names)
    return _answer(request, {"@context": contexts, **found}, media_type, view, {"Vary": "Accept"})


def _described(request: Request, view: View, media_type: str) -> Response:
    """As is preferred (4.2.1); its address then tells the representation."""
    preferred = _preferred(request)
    if "iris" not in request.query_params:
        iris = _IRIS in preferred and _DESCRIPTIONS not in preferred
        view = View(view.container, view.search, iris)
    found = annotation_containers.container(
        desk(request), person(request), view, minimal=_MINIMAL in preferred
    )
    contexts = webanno_context.of_containers(desk(request).names)
    headers = {"Vary": "Accept, Prefer", "Content-Location": found["id"]}
    if preferred & {_MINIMAL, _IRIS, _DESCRIPTIONS}:
        headers["Preference-Applied"] = "return=representation"
    return _answer(request, {"@context": contexts, **found}, media_type, view, headers)


def _preferred(request: Request) -> set[str]:
    """RFC 7240; LDP, 7.2."""
    given = ",".join(request.headers.getlist("prefer"))[:2000]
    return {iri for found in _PREFER.findall(given) for iri in found.split()}


def _answer(
    request: Request, document: dict[str, Any], media_type: str, view: View, headers: dict[str, str]
) -> Response:
    triples = partial(
        annotations_jsonld.triples, document, webanno_context.known(desk(request).names)
    )
    body = annotation_answers.written(document, media_type, triples)
    if not view.search.public or request.query_params.get("creator", "").strip() == "me":
        headers["Cache-Control"] = "private, no-store"
    tag = conditions.tag_of(body)
    return annotation_answers.answer(request, body, media_type, tag, headers)


# --- writing --------------------------------------------------------------------------------------


def _create(request: Request, body: bytes) -> Response:
    """`Slug` is a hint (5.2): an annotation's IRI follows from what it says."""
    who, found, opened = signed_in(request), _container(request), desk(request)
    base = opened.names.path(found.path).value
    triples = resources.sent(request, body, base)
    key = request.headers.get("Idempotency-Key")
    try:
        iri = annotation_protocol.create(
            opened, who, found, triples, now=now(), key=f"{who.id}:{key[:100]}" if key else None
        )
    except RepeatedKey as repeated:
        iri = resources.made_before(request, repeated)
    document = annotation_documents.get(opened, who, iri)
    answer = resources.represented(request, document, resources.answered(request), status=201)
    answer.headers["Location"] = iri
    answer.headers["Link"] = resources.TYPES
    answer.headers["Allow"] = resources.METHODS
    return answer


def context(request: Request) -> Response:
    """Our own JSON-LD context."""
    if request.query_params:
        raise Malformed(_("This address takes no parameters."))
    body = annotation_answers.written({"@context": webanno_context.OUR_TERMS}, JSON_LD, lambda: ())
    headers = {
        "Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=86400",
        "ETag": f'"{short_hash(body.decode())}"', "Cross-Origin-Resource-Policy": "cross-origin",
    }  # fmt: skip
    return Response(body, media_type=JSON_LD, headers=headers)


_METHODS = ["GET", "POST", "OPTIONS"]
routes = [
    Route("/annotations/", container, methods=_METHODS),
    Route("/annotations/context.jsonld", context),
    Route("/annotations/items/{id}/", container, methods=_METHODS),
    Route("/annotations/providers/{key}/", container, methods=["GET", "OPTIONS"]),
    Route("/annotations/{slug}/", container, methods=_METHODS),
]
