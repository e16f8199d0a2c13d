"""/items/suggest: items by their titles, for the box that links to them and for programs."""

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import item_suggestions
from server.domain.item_suggestions import ItemLine
from server.web import api_vocabularies, negotiation
from server.web.api_operations import described
from server.web.pages import page
from server.web.requests import context
from server.web.suggestions import OFFERS, VARY, limit_of


@described(api_vocabularies.ITEMS)
def suggest(request: Request) -> Response:
    """Those that the viewer may see: JSON for programs, the list for the box. `q` is words of a
    title or an address, `without` the `{id}` of an item to leave out."""
    opened, viewer, language = context(request)
    asked = request.query_params
    found = item_suggestions.suggest(
        opened, viewer, asked.get("q", ""), language, without=asked.get("without", ""),
        limit=limit_of(request),
    )  # fmt: skip
    if negotiation.choose(request.headers.get("accept"), OFFERS) == "application/json":
        response = Response(
            orjson.dumps([_json(each) for each in found]), media_type="application/json"
        )
    else:
        address = "" if found else item_suggestions.on_the_web(opened, asked.get("q", ""))
        response = page(request, "items/_suggestions.html", found=found, address=address)
    response.headers.update(VARY)
    return response


def _json(found: ItemLine) -> dict[str, object]:
    picture = found.picture.src if found.picture else None
    return {
        "iri": found.iri, "id": found.id, "title": found.title, "provider": found.provider,
        "path": found.path, "picture": picture,
    }  # fmt: skip


routes = [Route("/items/suggest", suggest)]
