"""The page on which people contribute, and what its forms do; fragments for htmx."""

import re
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    annotations,
    campaign_views,
    campaigns,
    contributing,
    contribution_views,
    items,
    live_lookup,
    moderation_views,
    publishing,
    routing,
    suggestions,
)
from server.domain.campaigns import Campaign
from server.domain.contributing import Proposal
from server.domain.suggestions import Asked
from server.errors import Invalid
from server.i18n import _
from server.index import queues
from server.index.items import ItemRow
from server.journal.entries import RepeatedKey
from server.web import languages
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import (
    by_htmx,
    context,
    desk,
    now,
    path,
    person,
    see_other,
    signed_in,
    viewer,
)

_CHOICES = 8
_NUMBER = re.compile(r"[0-9]{1,3}")


def show(request: Request) -> Response:
    return _page(request, *_campaign_and_item(request))


def _campaign_and_item(request: Request) -> tuple[Campaign, ItemRow]:
    campaign = campaigns.get_campaign(desk(request), viewer(request), path(request, "slug"))
    row = routing.get_item(desk(request), viewer(request), campaign, path(request, "id"))
    return campaign, row


def _page(
    request: Request, campaign: Campaign, row: ItemRow, *, status: int = 200, **extra: Any
) -> Response:
    opened, viewer_, language = context(request)
    tasks = contribution_views.tasks(opened, viewer_, campaign, row.iri, person(request), language)
    replaced, total = extra.get("task"), routing.total(opened, campaign)
    return page(
        request,
        "items/contribute.html",
        status_code=status,
        campaign=campaign_views.card(opened, viewer_, campaign, language),
        item=items.describe(opened, viewer_, row, language),
        position=min(routing.finished(opened, campaign, person(request)) + 1, total),
        total=total,
        tasks=[replaced if replaced and replaced.number == t.number else t for t in tasks],
        agreed=contribution_views.agreed(opened, campaign, person(request)),
        next_href=None,
    )


@posted
def propose(request: Request, form: Form) -> Response:
    """Without a chosen term: the terms that the typed word may mean, to choose from."""
    campaign, row = _campaign_and_item(request)
    number = _number(form.get("task"))
    campaign.task(number)
    if not form.get("body"):
        return _choices(request, campaign, row, number, form)
    try:
        proposal = Proposal(campaign.slug, row.iri, number, _term(request, campaign, form))
        contributing.propose(
            desk(request), signed_in(request), proposal, now=now(), key=_key(request, form)
        )
    except Invalid as error:
        return _task(request, campaign, row, number, status=422, error=_words(error))
    except RepeatedKey:
        pass  # it is stored: the answer to the first request was lost on its way
    if not by_htmx(request):
        return see_other(f"/campaigns/{campaign.slug}/items/{row.id}#task-{number}")
    return _task(request, campaign, row, number, notice=_("Added. Thank you."))


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0


def _term(request: Request, campaign: Campaign, form: Form) -> str:
    """The chosen term; one that was found elsewhere is copied here first."""
    if not form.get("live"):
        return form.get("body")
    return live_lookup.adopt(
        desk(request), signed_in(request), campaign.slug, form.get("live"), form.get("body"),
        now=now(), languages=languages.accepted(request),
    )  # fmt: skip


def _words(error: Invalid) -> str:
    return error.problems[0].message if error.problems else str(error)


def _key(request: Request, form: Form) -> str | None:
    """The idempotency key of a program's request, bound to who sends it."""
    key = request.headers.get("Idempotency-Key") or form.get("key")
    return f"{signed_in(request).id}:{key[:100]}" if key else None


def _choices(
    request: Request, campaign: Campaign, row: ItemRow, number: int, form: Form
) -> Response:
    """The terms that a word may mean; without one, what the box opens with."""
    opened, viewer_, language = context(request)
    task, group = campaign.task(number), _number(form.get("group"))
    asked = Asked(form.get("q"), language, tuple(languages.accepted(request)), _CHOICES)
    found = suggestions.flat(
        suggestions.for_task(opened, viewer_, asked, campaign, task, person(request), group)
    )
    error = None if found else _("No term found. Try another word, in any language.")
    status = 200 if found else 422
    return _task(
        request, campaign, row, number, status=status, error=error, typed=asked.text,
        choices=found, group=group,
    )  # fmt: skip


def _task(
    request: Request, campaign: Campaign, row: ItemRow, number: int, *, status: int = 200,
    **extra: Any,
) -> Response:  # fmt: skip
    """The one task as a fragment, or the whole page around it."""
    opened, viewer_, language = context(request)
    task = contribution_views.task(
        opened, viewer_, campaign, row.iri, number, person(request), language, **extra
    )
    if not by_htmx(request):
        return _page(request, campaign, row, status=status, task=task)
    return page(
        request,
        "items/_task.html",
        status_code=status,
        campaign=campaign,
        item=row,
        task=task,
        agreed=contribution_views.agreed(opened, campaign, person(request)),
    )


@posted
def vote(request: Request, form: Form) -> Response:
    iri = desk(request).names.annotation(path(request, "id")).value
    verdict = form.get("verdict")
    try:
        annotation = contributing.vote(
            desk(request), signed_in(request), iri, None if verdict == "none" else verdict,
            now=now(), reason=form.get("reason")[:200], comment=form.get("comment")[:2000],
            key=_key(request, form),
        )  # fmt: skip
    except RepeatedKey:
        annotation = annotations.get(desk(request), iri)
    return _after(request, annotation.campaign, iri, _proposal)


def _proposal(request: Request, campaign: Campaign, iri: str) -> Response:
    opened, viewer_, language = context(request)
    proposal = contribution_views.proposal(
        opened, viewer_, campaign, iri, person(request), language
    )
    return page(request, "items/_proposal.html", proposal=proposal)


@posted
def withdraw(request: Request, _form: Form) -> Response:
    iri = desk(request).names.annotation(path(request, "id")).value
    annotation = contributing.withdraw(desk(request), signed_in(request), iri, now=now())
    return _after(request, annotation.campaign, iri, _task_of)


def _task_of(request: Request, campaign: Campaign, iri: str) -> Response:
    row = queues.find_annotation(desk(request).index.read(), iri)
    assert row is not None
    item = items.get_row_by_iri(desk(request), viewer(request), row.item)
    number = contribution_views.task_of(desk(request), campaign, row).number
    return _task(request, campaign, item, number, notice=_("Taken back."))


def _after(
    request: Request, slug: str, iri: str, fragment: Callable[[Request, Campaign, str], Response]
) -> Response:
    campaign = campaigns.get_campaign(desk(request), viewer(request), slug)
    if by_htmx(request):
        return fragment(request, campaign, iri)
    row = queues.find_annotation(desk(request).index.read(), iri)
    item = desk(request).names.item_id(row.item) if row else ""
    return see_other(f"/campaigns/{slug}/items/{item}")


@posted
def finish(request: Request, _form: Form) -> Response:
    return _leave(request, "finished")


@posted
def skip(request: Request, _form: Form) -> Response:
    return _leave(request, "skipped")


def _leave(request: Request, outcome: str) -> Response:
    campaign, row = _campaign_and_item(request)
    if person(request) is not None:
        contributing.visit(
            desk(request), signed_in(request), campaign.slug, row.iri, outcome, now=now()
        )
    return see_other(f"/campaigns/{campaign.slug}/next")


@posted
def decide(request: Request, form: Form) -> Response:
    iri = desk(request).names.annotation(path(request, "id")).value
    verdict = form.get("verdict")
    annotation = publishing.decide(
        desk(request), signed_in(request), iri, None if verdict == "none" else verdict,
        form.get("reason")[:200], now=now(),
    )  # fmt: skip
    if not by_htmx(request):
        return see_other(f"/campaigns/{annotation.campaign}/moderate")
    return _decided(request, annotation)


def _decided(request: Request, annotation: annotations.Annotation) -> Response:
    opened, viewer_, language = context(request)
    campaign = campaigns.get_campaign(opened, viewer_, annotation.campaign)
    row = queues.find_annotation(opened.index.read(), annotation.iri)
    assert row is not None
    return page(
        request,
        "campaigns/_decision.html",
        campaign=campaign,
        row=moderation_views.row_view(opened, viewer_, campaign, row, language),
    )


routes = [
    Route("/campaigns/{slug}/items/{id}", show),
    Route("/campaigns/{slug}/items/{id}/annotations", propose, methods=["POST"]),
    Route("/campaigns/{slug}/items/{id}/finish", finish, methods=["POST"]),
    Route("/campaigns/{slug}/items/{id}/skip", skip, methods=["POST"]),
    Route("/annotation/{id}/vote", vote, methods=["POST"]),
    Route("/annotation/{id}/withdraw", withdraw, methods=["POST"]),
    Route("/annotation/{id}/decide", decide, methods=["POST"]),
]
