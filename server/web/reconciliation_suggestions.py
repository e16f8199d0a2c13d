"""What people who use a reconciliation client see of a vocabulary: suggestions and previews."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.domain import reconciliation_properties as properties
from server.domain import reconciliation_suggestions as suggestions
from server.domain import reconciliation_types as types
from server.domain.reconciliation_properties import Property
from server.domain.reconciliation_services import Service
from server.errors import NotFound
from server.i18n import _
from server.web.pages import page
from server.web.reconciliation_answers import OPEN, answer, number, route, service_of
from server.web.reconciliation_manifests import type_json
from server.web.requests import content_language, desk, path

#: Previews stand in frames of other sites. They have no form and no script that could be abused.
_FRAMED = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    )
)
Rows = list[dict[str, Any]]


def suggest(request: Request) -> Response:
    """What begins with `prefix`, without the first `cursor` of them."""
    find = _kind(request, {"entity": _terms, "property": _properties, "type": _types})
    prefix, skip = request.query_params.get("prefix", ""), number(request, "cursor", 0)
    return answer(request, {"result": find(request, service_of(request), prefix, skip)})


def _terms(request: Request, service: Service, prefix: str, skip: int) -> Rows:
    found = suggestions.find_terms(desk(request), service, prefix, content_language(request), skip)
    return [
        {
            "id": each.identifier, "name": each.name, "description": each.description,
            "notable": [{"id": one.identifier, "name": one.name} for one in each.types],
        }
        for each in found
    ]  # fmt: skip


def _properties(_request: Request, _service: Service, prefix: str, skip: int) -> Rows:
    found = properties.find_properties(prefix)[skip : skip + suggestions.PAGE]
    return [property_json(each) for each in found]


def property_json(property_: Property) -> dict[str, Any]:
    said = {"id": property_.identifier, "name": properties.name_of(property_)}
    return {**said, "description": property_.iri.value}


def _types(request: Request, service: Service, prefix: str, skip: int) -> Rows:
    found = types.find_types(desk(request), service, prefix, content_language(request))
    return [type_json(each) for each in found[skip : skip + suggestions.PAGE]]


def flyout(request: Request) -> Response:
    """A few words of HTML about something that was suggested."""
    show = _kind(request, {"entity": _term_card, "property": _property_card, "type": _type_card})
    identifier = request.query_params.get("id", "")
    shown = show(request, service_of(request), identifier)
    return answer(request, {"id": identifier, "html": bytes(shown.body).decode()})


def _term_card(request: Request, service: Service, identifier: str) -> Response:
    card = suggestions.card(desk(request), service, identifier, content_language(request))
    return page(request, "reconciliation/_card.html", card=card)


def _property_card(request: Request, _service: Service, identifier: str) -> Response:
    found = properties.find_property(identifier)
    if found is None:
        raise _nothing()
    name = properties.name_of(found)
    return page(request, "reconciliation/_name.html", title=name, identifier=found.iri.value)


def _type_card(request: Request, service: Service, identifier: str) -> Response:
    kinds = types.find_types(desk(request), service, "", content_language(request))
    names = [each.name for each in kinds if each.identifier == identifier]
    if not names:
        raise _nothing()
    return page(request, "reconciliation/_name.html", title=names[0], identifier=identifier)


def preview(request: Request) -> Response:
    """A term as a small page, to be shown in a frame."""
    service, identifier = service_of(request), request.query_params.get("id", "")
    card = suggestions.card(desk(request), service, identifier, content_language(request))
    response = page(request, "reconciliation/preview.html", card=card, service=service)
    response.headers.update({**OPEN, "Content-Security-Policy": _FRAMED})
    return response


def _kind(request: Request, known: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    found = known.get(path(request, "kind"))
    if found is None:
        raise _nothing()
    return found


def _nothing() -> NotFound:
    return NotFound(_("There is no page at this address."))


routes = [
    route("/reconcile/{slug}/suggest/{kind}", suggest),
    route("/reconcile/{slug}/flyout/{kind}", flyout),
    route("/reconcile/{slug}/preview", preview),
]
