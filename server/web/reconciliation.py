"""`/reconcile/{slug}`: each vocabulary as a service of the Reconciliation Service API 0.2.

Anybody may ask, from any origin, and nothing is written. Answers are what strangers see, whoever is
signed in: a page elsewhere that embeds them as a script (JSONP) learns nothing more.
"""

from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from server.domain import reconciliation, reconciliation_extensions
from server.domain import reconciliation_properties as properties
from server.domain import reconciliation_scores as scores
from server.domain import reconciliation_services as services
from server.domain import reconciliation_types as types
from server.domain.reconciliation import Candidate
from server.domain.reconciliation_queries import read_extension, read_queries
from server.errors import Malformed
from server.i18n import _
from server.index import labels
from server.viewers import PUBLIC
from server.web import api_services, negotiation, reconciliation_suggestions
from server.web.api_operations import described
from server.web.forms import Form, read_form
from server.web.pages import page
from server.web.reconciliation_answers import JSON, answer, number, origin, route, service_of
from server.web.reconciliation_manifests import manifest, type_json
from server.web.reconciliation_suggestions import property_json
from server.web.requests import content_language, desk, see_other


@described(api_services.SERVICES)
def index(request: Request) -> Response:
    """The services: a page for people, a JSON array for programs."""
    found = services.find_services(desk(request), content_language(request))
    here = f"{origin(request)}/reconcile"
    rows = [{"name": each.title, "url": f"{here}/{each.slug}"} for each in found]
    if negotiation.choose(request.headers.get("accept"), (JSON, negotiation.HTML)) == JSON:
        response = answer(request, rows)
    else:
        response = page(
            request, "reconciliation/index.html", services=rows,
            features=scores.explanations(), properties=properties.known(),
        )  # fmt: skip
    response.headers.add_vary_header("Accept")
    return response


async def serve(request: Request) -> Response:
    """The manifest, the answers to queries, or the values of properties."""
    form = await read_form(request) if request.method == "POST" else Form()
    return await run_in_threadpool(_serve, request, form)


def _serve(request: Request, form: Form) -> Response:
    if asked := form.get("queries") or request.query_params.get("queries", ""):
        return _candidates(request, asked)
    if asked := form.get("extend") or request.query_params.get("extend", ""):
        return _values(request, asked)
    if request.method == "POST":
        raise Malformed(_("“queries” or “extend” is missing."))
    service = service_of(request)
    kinds = types.find_types(desk(request), service, "", content_language(request))
    return answer(request, manifest(service, kinds, origin(request)))


def _candidates(request: Request, asked: str) -> Response:
    found = reconciliation.reconcile(
        desk(request), service_of(request), read_queries(asked), content_language(request)
    )
    shown = {key: {"result": [_candidate(one) for one in each]} for key, each in found.items()}
    return answer(request, shown)


def _candidate(found: Candidate) -> dict[str, Any]:
    return {
        "id": found.identifier,
        "name": found.name,
        "description": found.description,
        "score": found.score,
        "match": found.match,
        "type": [type_json(each) for each in found.types],
        "features": [{"id": name, "value": value} for name, value in found.features.items()],
    }


def _values(request: Request, asked: str) -> Response:
    found = reconciliation_extensions.extend(
        desk(request), service_of(request), read_extension(asked), content_language(request)
    )
    return answer(request, found)


def propose(request: Request) -> Response:
    """The properties that terms of a type have."""
    spoken = labels.languages(PUBLIC, desk(request).index, service_of(request).slug)
    type_, limit = request.query_params.get("type", ""), number(request, "limit", 0)
    found = properties.proposals(type_, spoken)[: limit or None]
    said = {"properties": [property_json(each) for each in found], "type": type_}
    return answer(request, said | ({"limit": limit} if limit else {}))


def view(request: Request) -> Response:
    """From an identifier to the page of its term."""
    identifier, language = request.query_params.get("id", ""), content_language(request)
    term = services.get_term(desk(request), service_of(request), identifier, language)
    return see_other(f"/terms?iri={quote(term.iri, safe='')}")


routes = [
    route("/reconcile", index),
    route("/reconcile/{slug}", serve, "POST"),
    route("/reconcile/{slug}/properties", propose),
    route("/reconcile/{slug}/view", view),
    *reconciliation_suggestions.routes,
]
