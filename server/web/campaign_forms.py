"""Making and changing a campaign in the browser."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import campaign_files, campaigns, fields, permissions, texts, vocabularies
from server.domain.campaigns import Campaign
from server.errors import Conflict, Invalid
from server.index import items
from server.web import campaign_values
from server.web.campaign_values import CampaignForm, TaskForm
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import context, desk, now, path, see_other, signed_in, viewer


def new(request: Request) -> Response:
    permissions.require(request.state.person, "create campaign")
    return _form(request, CampaignForm(), {})


@posted
def create(request: Request, form: Form) -> Response:
    return _save(request, form, None)


def edit(request: Request) -> Response:
    campaign = _standing(request)
    return _form(request, campaign_values.filled(campaign), {})


@posted
def change(request: Request, form: Form) -> Response:
    return _save(request, form, _standing(request))


def _standing(request: Request) -> Campaign:
    campaign = campaigns.get_campaign(desk(request), viewer(request), path(request, "slug"))
    permissions.require(request.state.person, "edit campaign", campaign)
    return campaign


def _save(request: Request, form: Form, before: Campaign | None) -> Response:
    permissions.require(request.state.person, "create campaign")
    values = campaign_values.entered(form, before)
    if form.get("then") == "add-task":
        tasks = (*values.tasks, TaskForm())[: campaign_values.MOST_TASKS]
        return _form(request, replace(values, tasks=tasks), {})
    try:
        saved = _store(request, campaign_values.meant(values, form, before), before)
    except (Invalid, Conflict) as error:
        return _form(request, values, campaign_values.errors_of(error), status=422)
    return see_other(f"/campaigns/{saved.slug}")


def _store(request: Request, campaign: Campaign, before: Campaign | None) -> Campaign:
    campaign_files.check(desk(request), campaign)
    store = campaigns.create if before is None else campaigns.edit
    return store(desk(request), signed_in(request), campaign, now=now())


def _form(
    request: Request, form: CampaignForm, errors: dict[str, str], status: int = 200
) -> Response:
    return page(
        request,
        "campaigns/form.html",
        status_code=status,
        form=form,
        errors=errors,
        choices=_choices(request),
    )


def _choices(request: Request) -> dict[str, Any]:
    opened, viewer_, tag = context(request)
    found = vocabularies.find_vocabularies(opened, viewer_)
    return {
        "collections": [
            (row.slug, row.title) for row in items.collections(viewer_, opened.index.read())
        ],
        "vocabularies": [(each.slug, texts.choose(each.title, tag, each.slug)) for each in found],
        "fields": [(name, f"{fields.label(fields.iri(name) or '')} ({name})")
                   for name in fields.enrichable_names()],
        "licences": list(campaigns.LICENCES.items()),
    }  # fmt: skip


routes = [
    Route("/campaigns/new", new),
    Route("/campaigns/new", create, methods=["POST"]),
    Route("/campaigns/{slug}/edit", edit),
    Route("/campaigns/{slug}/edit", change, methods=["POST"]),
]
