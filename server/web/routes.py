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
    services,
    vocabularies,
)

routes: list[BaseRoute] = [
    *campaign_forms.routes,
    *campaigns.routes,
    *contributions.routes,
    *items.routes,
    *images.routes,
    *collections.routes,
    *vocabularies.routes,
    *annotations.routes,
    *data.routes,
    *dumps.routes,
    *accounts.routes,
    *services.routes,
]


def static(files: StaticFiles) -> BaseRoute:
    return Mount("/static", files, name="static")
