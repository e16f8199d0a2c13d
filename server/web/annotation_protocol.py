"""One annotation by the Web Annotation Protocol: /annotation/{id}, for programs and for people.

https://www.w3.org/TR/annotation-protocol/#annotation-retrieval
"""

from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import annotation_documents, annotation_protocol
from server.domain.annotation_documents import Document
from server.errors import Malformed
from server.formats import annotations_jsonld, webanno_context, webanno_read
from server.i18n import _
from server.index import changes
from server.journal.entries import RepeatedKey
from server.names import CH
from server.patches import Patch
from server.web import annotation_answers, annotations, conditions, negotiation
from server.web.annotation_answers import protocol, unsupported
from server.web.forms import media_type
from server.web.negotiation import HTML, JSON_LD, TURTLE
from server.web.requests import desk, now, path, person, signed_in

METHODS = "GET, HEAD, OPTIONS, PUT, DELETE"
TYPES = (
    '<http://www.w3.org/ns/ldp#Resource>; rel="type", '
    '<http://www.w3.org/ns/oa#Annotation>; rel="type"'
)


def _about(_request: Request) -> dict[str, str]:
    return {"Link": TYPES, "Allow": METHODS}


@protocol(_about)
async def resource(request: Request) -> Response:
    if request.method == "PUT":
        return await _replace(request)
    return await run_in_threadpool(_withdraw if request.method == "DELETE" else _show, request)


def _show(request: Request) -> Response:
    name, wanted = negotiation.split_suffix(path(request, "id"))
    chosen = wanted or annotation_answers.chosen(request)
    if chosen == HTML:
        response = annotations.shown(request, name)
        response.headers.add_vary_header("Accept")
        return response
    return represented(request, _document(request, name), chosen)


def _document(request: Request, name: str) -> Document:
    iri = desk(request).names.annotation(name).value
    return annotation_documents.get(desk(request), person(request), iri)


def represented(
    request: Request, document: Document, chosen: str, *, status: int = 200
) -> Response:
    """What is not public is nobody's to keep."""
    body = annotation_answers.written(_json(request, document), chosen, lambda: document.triples)
    headers = {} if document.public else {"Cache-Control": "private, no-store"}
    if modified := _modified(request, document):
        headers["Last-Modified"] = modified
    tag = annotation_answers.tag_of_state(document.state, chosen)
    return annotation_answers.answer(request, body, chosen, tag, headers, status=status)


def _json(request: Request, document: Document) -> dict[str, Any]:
    contexts = webanno_context.of_annotations(desk(request).names)
    node = annotations_jsonld.write(document.triples, document.iri)
    return {"@context": contexts, **node}


def _modified(request: Request, document: Document) -> str:
    opened = desk(request)
    name = opened.names.local(document.iri, "annotation") or ""
    record = changes.find(opened.index.read(), "annotation", name) if document.public else None
    return conditions.http_date(datetime.fromisoformat(record.at)) if record else ""


# --- changing it ----------------------------------------------------------------------------------


async def _replace(request: Request) -> Response:
    body = await received(request)
    return await run_in_threadpool(_put, request, body)


def _put(request: Request, body: bytes) -> Response:
    who, name = signed_in(request), path(request, "id")
    document = _document(request, name)
    state = annotation_answers.required_state(request, document.state)
    triples = sent(request, body, document.iri)
    annotation_protocol.replace(desk(request), who, document.iri, state, triples, now=now())
    return represented(request, _document(request, name), answered(request))


def _withdraw(request: Request) -> Response:
    who, name = signed_in(request), path(request, "id")
    document = _document(request, name)
    state = annotation_answers.required_state(request, document.state)
    annotation_protocol.withdraw(desk(request), who, document.iri, state, now=now())
    return Response(status_code=204)


# --- what is sent ---------------------------------------------------------------------------------


async def received(request: Request) -> bytes:
    """The body, of a kind that is read here. Raises 415."""
    if media_type(request) not in (JSON_LD, TURTLE):
        raise unsupported(_("Send an annotation as {kinds}.", kinds=f"{JSON_LD}, {TURTLE}"))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise unsupported(_("Send it as it is, not packed."))
    return await request.body()


def sent(request: Request, body: bytes, base: str) -> list[Any]:
    """Its statements. Raises Malformed, TooLarge, Invalid."""
    if not body.strip():
        raise Malformed(_("There is nothing in it."))
    if media_type(request) == TURTLE:
        return webanno_read.read_turtle(body, base)
    return webanno_read.read_json(body, base, webanno_context.known(desk(request).names))


def answered(request: Request) -> str:
    """The form in which what was written is shown: it was written, whatever is accepted."""
    accept = request.headers.get("accept")
    return negotiation.choose(accept, annotation_answers.DATA) or JSON_LD


def made_before(request: Request, repeated: RepeatedKey) -> str:
    """The IRI of what the first request of this key made."""
    entry = desk(request).journal.get(repeated.seq)
    quads = Patch.from_json(entry.patch).work.add
    found = [quad.object for quad in quads if quad.predicate == CH.annotation]
    if not found:
        raise Malformed(_("This key was used for something else."))
    return str(found[0])[1:-1]


routes = [
    Route("/annotation/{id}", resource, methods=["GET", "PUT", "DELETE", "OPTIONS"]),
]
