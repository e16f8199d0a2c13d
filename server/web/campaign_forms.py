"""Making and changing a campaign in the browser."""

import re
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    campaign_files,
    campaign_kinds,
    campaign_presets,
    campaigns,
    fields,
    kinds,
    permissions,
    suggestions,
    term_views,
    texts,
    vocabularies,
)
from server.domain.campaigns import Campaign
from server.domain.kinds import Kind
from server.domain.suggestions import Asked
from server.domain.term_views import SuggestionView, TermView
from server.errors import Conflict, Invalid
from server.index import items
from server.index.labels import Scope
from server.web import campaign_values, languages
from server.web.campaign_task_values import TaskForm
from server.web.campaign_values import CampaignForm
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import context, desk, language, now, path, see_other, signed_in, viewer

_MOST_SHOWN = 200  # branches whose labels are looked up


def new(request: Request) -> Response:
    """Empty, or as a preset begins."""
    permissions.require(request.state.person, "create campaign")
    name = request.query_params.get("preset", "")
    if name not in campaign_presets.names():
        return _form(request, CampaignForm(), {})
    begun = campaign_presets.start(name, language())
    fitted = campaign_presets.with_vocabularies(desk(request), begun)
    values = campaign_values.filled(fitted, _kinds(request))
    return _form(request, replace(values, slug=None), {}, preset=name)


@posted
def create(request: Request, form: Form) -> Response:
    return _save(request, form, None)


def edit(request: Request) -> Response:
    campaign = _standing(request)
    return _form(request, campaign_values.filled(campaign, _kinds(request)), {})


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
    action = form.get("then")
    if action not in ("", "save", "open"):
        return _form(request, _acted(values, action), {}, found=_looked_up(request, values, action))
    values = replace(values, tasks=tuple(task.settled() for task in values.tasks))
    try:
        saved = _store(
            request, campaign_values.meant(values, form, before, _kinds(request)), before
        )
    except (Invalid, Conflict) as error:
        return _form(request, values, campaign_values.errors_of(error), status=422)
    return see_other(f"/campaigns/{saved.slug}")


_ACTION = re.compile(
    r"(remove-task|add-group|remove-group|find-branch)-([0-9]{1,3})(?:-([0-9]{1,3}))?"
)


def _acted(values: CampaignForm, action: str) -> CampaignForm:
    """The form with one question or one group more or less; nothing is stored."""
    if action == "add-task":
        tasks = (*values.tasks, TaskForm())[: campaign_values.MOST_TASKS]
        return replace(values, tasks=tasks)
    what, number, group = _parts(action)
    if what == "remove-task" and values.slug is None:  # of one that stands, answers name the number
        left = tuple(task for place, task in enumerate(values.tasks, 1) if place != number)
        return replace(values, tasks=left or (TaskForm(),))
    changed = tuple(
        _with_groups(task, what, group) if place == number else task
        for place, task in enumerate(values.tasks, 1)
    )
    return replace(values, tasks=changed)


def _parts(action: str) -> tuple[str, int, int]:
    """(what, number of the question, number of the group); zeros for what makes no sense."""
    found = _ACTION.fullmatch(action)
    return (found[1], int(found[2]), int(found[3] or 0)) if found else ("", 0, 0)


def _with_groups(task: TaskForm, what: str, group: int) -> TaskForm:
    if what == "add-group":
        return task.with_group()
    return task.without_group(group) if what == "remove-group" else task


def _looked_up(
    request: Request, values: CampaignForm, action: str
) -> dict[str, list[SuggestionView]]:
    """The terms that may be meant as a branch, by the name of the group in the form."""
    what, number, place = _parts(action)
    if what != "find-branch" or not 0 < number <= len(values.tasks):
        return {}
    task = values.tasks[number - 1]
    if place > len(task.groups):
        return {}
    group = task.groups[place - 1] if place else task.own
    name = f"task-{number}-group-{place}" if place else f"task-{number}"
    scopes = [Scope(slug) for slug in group.vocabularies]
    if not (scopes and group.words):
        return {name: []}
    asked = Asked(group.words, language(), tuple(languages.accepted(request)))
    return {
        name: suggestions.flat(suggestions.in_scopes(desk(request), viewer(request), asked, scopes))
    }


def _kinds(request: Request) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds.every(desk(request))}


def _store(request: Request, campaign: Campaign, before: Campaign | None) -> Campaign:
    campaign_files.check(desk(request), campaign)
    store = campaigns.create if before is None else campaigns.edit
    return store(desk(request), signed_in(request), campaign, now=now())


def _form(
    request: Request, form: CampaignForm, errors: dict[str, str], status: int = 200,
    found: dict[str, list[SuggestionView]] | None = None, preset: str = "",
) -> Response:  # fmt: skip
    return page(
        request,
        "campaigns/form.html",
        status_code=status,
        form=form,
        errors=errors,
        choices=_choices(request),
        terms=_branches(request, form),
        found=found or {},
        preset=preset,
    )


def _branches(request: Request, form: CampaignForm) -> dict[str, TermView]:
    """The terms that the form names, by their IRIs."""
    groups = [group for task in form.tasks for group in (task.own, *task.groups)]
    iris = dict.fromkeys(iri for group in groups for iri in group.branches)
    opened, viewer_, tag = context(request)
    found = (term_views.view(opened, viewer_, iri, tag) for iri in [*iris][:_MOST_SHOWN])
    return {each.iri: replace(each, label=term_views.crumb(each.label)) for each in found}


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
        "every_field": [(fields.name(iri), fields.label(iri)) for iri in fields.DESCRIPTIVE],
        "kinds": [(kind.name, kind.label, kind.comment, " ".join(sorted(campaign_kinds.uses(kind))))
                  for kind in kinds.every(opened)],
        "presets": campaign_presets.names(),
        "licences": list(campaigns.LICENCES.items()),
    }  # fmt: skip


routes = [
    Route("/campaigns/new", new),
    Route("/campaigns/new", create, methods=["POST"]),
    Route("/campaigns/{slug}/edit", edit),
    Route("/campaigns/{slug}/edit", change, methods=["POST"]),
]
