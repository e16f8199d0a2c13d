"""What every answer of the Web Annotation Protocol has: links, methods, entity tags, CORS.

https://www.w3.org/TR/annotation-protocol/
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import wraps
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.domain.annotation_protocol import Stale
from server.errors import CrowdHeritageError
from server.formats.webanno_context import ANNO
from server.formats.webanno_graphs import NoAnnotation
from server.formats.webanno_read import UnknownContext
from server.i18n import _
from server.web import conditions, linked_data, negotiation, problems
from server.web.negotiation import HTML, JSON_LD, N_TRIPLES, RDF_XML, TURTLE

#: The first is what is sent to who names none; a browser names HTML.
OFFERS = (JSON_LD, HTML, TURTLE, N_TRIPLES, RDF_XML)
DATA = (JSON_LD, TURTLE, N_TRIPLES, RDF_XML)
PROFILE = f'{JSON_LD}; profile="{ANNO}"'
ACCEPT_POST = f"{PROFILE}, {TURTLE}"
_FORMS = {JSON_LD: "json", TURTLE: "ttl", N_TRIPLES: "nt", RDF_XML: "rdf"}
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Location, Allow, Accept-Post, Content-Location, Preference-Applied"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": (
        "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, "
        "Slug, X-CSRF-Token"
    ),
    "Access-Control-Max-Age": "86400",
}
Handler = Callable[[Request], Awaitable[Response]]
About = Callable[[Request], dict[str, str]]


def protocol(
    about: About,
) -> Callable[[Handler], Callable[[Request], Coroutine[Any, Any, Response]]]:
    """Every answer of the handler, errors too, says what it is and may be read by pages elsewhere.

    `about` are the headers that every answer of the address has.
    """

    def wrapped(handler: Handler) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        @wraps(handler)
        async def endpoint(request: Request) -> Response:
            headers = about(request)
            try:
                if request.method == "OPTIONS":
                    response = _options(headers)
                else:
                    response = await handler(request)
            except (CrowdHeritageError, HTTPException) as error:
                response = await run_in_threadpool(problems.answer, request, _told(error))
            for name, value in {**headers, **_CORS}.items():
                response.headers.setdefault(name, value)
            return response

        return endpoint

    return wrapped


def _options(headers: dict[str, str]) -> Response:
    allowed = {"Access-Control-Allow-Methods": headers.get("Allow", "")}
    return Response(status_code=204, headers={**_PREFLIGHT, **allowed})


def _told(error: Exception) -> Exception:
    """With the status that the protocol names for it (its section 6)."""
    if isinstance(error, UnknownContext | NoAnnotation):
        return unsupported(str(error))
    return HTTPException(412, str(error)) if isinstance(error, Stale) else error


def unsupported(words: str) -> HTTPException:
    return HTTPException(415, words, headers={"Accept-Post": ACCEPT_POST})


# --- representations ------------------------------------------------------------------------------


def chosen(request: Request, offers: Iterable[str] = OFFERS) -> str:
    """The media type of the answer. Raises NotAcceptable."""
    return negotiation.negotiate(request.headers.get("accept"), tuple(offers))


def written(
    document: dict[str, Any], media_type: str, triples: Callable[[], Iterable[Any]]
) -> bytes:
    """JSON-LD as it is given; else the triples."""
    if media_type == JSON_LD:
        return orjson.dumps(document)
    return linked_data.write(sorted(set(linked_data.in_order(triples())), key=str), media_type)


def answer(
    request: Request, body: bytes, media_type: str, etag: str, headers: dict[str, str], *,
    status: int = 200,
) -> Response:  # fmt: skip
    """The representation; 304 where the client has it (RFC 9110, 13.1.2)."""
    found = {"ETag": etag, "Vary": "Accept", "Cache-Control": "no-cache", **headers}
    if known := conditions.not_modified(request, found):
        return known
    kind = PROFILE if media_type == JSON_LD else media_type
    response = Response(body, status, headers=found)
    response.headers["Content-Type"] = kind if media_type == JSON_LD else f"{kind}; charset=utf-8"
    return response


def tag_of_state(state: str, media_type: str) -> str:
    """Of the same state each representation has one of its own (RFC 9110, 8.8.3)."""
    return f'"{state}.{_FORMS[media_type]}"'


def required_state(request: Request, state: str) -> str:
    """The state that the client means, which is that one. Raises 428 where it names none, 412 where
    it names another (RFC 6585, 3; RFC 9110, 13.1.1)."""
    given = request.headers.get("if-match")
    if given is None:
        words = _("Say by If-Match which state you mean: the ETag that you were given.")
        raise HTTPException(428, words)
    tags = [tag.strip() for tag in given.split(",")]
    if "*" not in tags and not any(_is_of(tag, state) for tag in tags):
        raise HTTPException(412, _("This has changed meanwhile."))
    return state


def _is_of(tag: str, state: str) -> bool:
    """Some clients lose the quotes."""
    known = {tag_of_state(state, media_type) for media_type in _FORMS}
    return tag in known or f'"{tag}"' in known
