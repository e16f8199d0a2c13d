"""Every address of the server, in one list."""

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from server.web import (
    accounts,
    annotations,
    campaign_forms,
    campaigns,
    collections,
    contributions,
    data,
    dumps,
    images,
    items,
    live_terms,
    made_terms,
    made_vocabularies,
    reconciliation,
    services,
    suggestions,
    term_uploads,
    terms,
    vocabularies,
    vocabulary_load_forms,
    vocabulary_loads,
)

routes: list[BaseRoute] = [
    *campaign_forms.routes,
    *campaigns.routes,
    *contributions.routes,
    *items.routes,
    *images.routes,
    *collections.routes,
    *suggestions.routes,
    *live_terms.routes,
    *vocabulary_load_forms.routes,
    *vocabulary_loads.routes,
    *made_vocabularies.routes,
    *made_terms.routes,
    *term_uploads.routes,
    *vocabularies.routes,
    *terms.routes,
    *annotations.routes,
    *data.routes,
    *dumps.routes,
    *accounts.routes,
    *reconciliation.routes,
    *services.routes,
]


def static(files: StaticFiles) -> BaseRoute:
    return Mount("/static", files, name="static")
