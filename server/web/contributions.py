"""The page on which people contribute, and what its forms do; fragments for htmx."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    annotations,
    answered_tasks,
    campaign_views,
    campaigns,
    contributing,
    contribution_views,
    deeds,
    given_items,
    items,
    kinds,
    live_lookup,
    metadata_values,
    moderation_views,
    participation,
    proposal_views,
    publishing,
    ratings,
    routing,
    routing_views,
    suggestions,
    texts,
)
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign, Task
from server.domain.contributing import Proposal
from server.domain.contribution_views import Entered, TaskView
from server.domain.suggestions import Asked
from server.domain.widgets import Values
from server.errors import Invalid, NotFound
from server.i18n import _
from server.index import queues
from server.index.items import ItemRow
from server.journal.entries import RepeatedKey
from server.names import DASH
from server.web import api_campaigns, api_contributions, languages, notices, shortcuts
from server.web import items as item_pages
from server.web.api_operations import described, wants
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
_NAME = re.compile(r"[0-9a-z-]{1,64}")


@described(api_campaigns.ITEM, api_campaigns.item)
def show(request: Request) -> Response:
    campaign, row = _campaign_and_item(request)
    given_items.renew(desk(request), campaign, person(request), row.iri, now())
    return _page(request, campaign, row)


def _campaign_and_item(request: Request) -> tuple[Campaign, ItemRow]:
    campaign = campaigns.get_campaign(desk(request), viewer(request), path(request, "slug"))
    row = routing.get_item(desk(request), viewer(request), campaign, path(request, "id"))
    return campaign, row


def _page(
    request: Request, campaign: Campaign, row: ItemRow, *, status: int = 200, **extra: Any
) -> Response:
    opened, viewer_, language = context(request)
    tasks = contribution_views.tasks(opened, viewer_, campaign, row, person(request), language)
    item = items.describe(opened, viewer_, row, language)
    fields = metadata_values.with_proposed(item.fields, contribution_views.proposed(tasks))
    about = item_pages.label(request, item, fields)
    replaced, total = extra.get("task"), routing.total(opened, campaign)
    tasks = [replaced if replaced and replaced.number == t.number else t for t in tasks]
    return page(
        request,
        "items/contribute.html",
        status_code=status,
        campaign=campaign_views.card(opened, viewer_, campaign, language),
        layout=campaign.layout,
        instructions=texts.choose(campaign.instructions, language),
        item=item,
        position=min(routing.finished(opened, campaign, person(request)) + 1, total),
        total=total,
        tasks=tasks,
        agreed=participation.agreed(opened, campaign, person(request)),
        previous=routing_views.previous(opened, campaign, person(request), row.iri),
        turn=given_items.turn(opened, campaign.slug, person(request)),
        may_answer=given_items.may_answer(opened, campaign, person(request), row.iri, now()),
        shortcuts=shortcuts.kept(request),
        **about | {"scripts": sorted({*about["scripts"], *_scripts(tasks)})},
    )


def _scripts(tasks: list[TaskView]) -> set[str]:
    return {script for task in tasks for script in task.scripts}


@posted
@described(api_contributions.PROPOSE)
def propose(request: Request, form: Form) -> Response:
    """The answer to a question, in the fields that its kind's shape names.

    Without a chosen term: the terms that the typed word may mean, to choose from.
    """
    (campaign, row), when = _campaign_and_item(request), now()
    number = _number(form.get("task"))
    task = campaign.task(number)
    values = dict(form.values)
    if _is_typed_only(request, task, values):
        if wants(request):
            api_contributions.require_term()
        return _choices(request, campaign, row, number, form)
    try:
        if form.get("live"):
            values["body"] = [_adopted(request, campaign, form)]
        proposal = Proposal(campaign.slug, row.iri, number, values, _replaced(request, form))
        iri = contributing.propose(
            desk(request), signed_in(request), proposal, now=when, key=_key(request, form)
        )
    except Invalid as error:
        if wants(request):
            raise
        return _refused(request, campaign, row, number, values, error)
    except RepeatedKey as repeated:
        # It is stored: the answer to the first request was lost on its way.
        if wants(request):
            return api_contributions.repeated(request, repeated.seq)
        iri = ""
    if wants(request):
        return api_contributions.proposed(request, iri)
    if by_htmx(request):
        thanks = _("Added. Thank you.")
        answer = _task(request, campaign, row, number, notice=thanks, just_answered=True)
    else:
        answer = see_other(f"/campaigns/{campaign.slug}/items/{row.id}#task-{number}")
    return notices.tell(request, answer, when)


def _is_typed_only(request: Request, task: Task, values: Values) -> bool:
    """Whether a word was typed into a search box and no term chosen."""
    entries = kinds.get(desk(request), task.kind).editable
    boxes = [entry for entry in entries if entry.editor == DASH.AutoCompleteEditor]
    typed = any(text.strip() for text in values.get("q", ()))
    chosen = any(text for entry in boxes for text in values.get(entry.name, ()))
    return bool(boxes) and not chosen and (typed or len(entries) == 1)


def _replaced(request: Request, form: Form) -> str:
    """The annotation that this is a better version of; "" for none."""
    name = form.get("replaces")
    if name and not _NAME.fullmatch(name):
        raise NotFound(_("There is no such annotation."))
    return desk(request).names.annotation(name).value if name else ""


def _refused(
    request: Request, campaign: Campaign, row: ItemRow, number: int, values: Values, error: Invalid
) -> Response:
    """The form as it was, with what is wrong beside each field."""
    problems = {problem.field: problem.message for problem in reversed(error.problems)}
    entered = Entered(values, problems, next(iter(values.get("replaces", ())), ""))
    return _task(request, campaign, row, number, status=422, error=_words(error), entered=entered)


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0


def _adopted(request: Request, campaign: Campaign, form: Form) -> str:
    """A term that was found elsewhere is copied here before it is proposed."""
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
        choices=found, group=group, entered=Entered(form.values, {}, form.get("replaces")),
    )  # fmt: skip


def _task(
    request: Request, campaign: Campaign, row: ItemRow, number: int, *, status: int = 200,
    **extra: Any,
) -> Response:  # fmt: skip
    """The one task as a fragment, or the whole page around it."""
    opened, viewer_, language = context(request)
    task = contribution_views.task(
        opened, viewer_, campaign, row, number, person(request), language, **extra
    )
    return _shown(request, campaign, row, task, status=status)


def _shown(
    request: Request, campaign: Campaign, row: ItemRow, task: TaskView, *, status: int = 200
) -> Response:
    if not by_htmx(request):
        return _page(request, campaign, row, status=status, task=task)
    return page(
        request,
        "items/_task.html",
        status_code=status,
        campaign=campaign,
        item=row,
        task=task,
        agreed=participation.agreed(desk(request), campaign, person(request)),
    )


@posted
@described(api_contributions.VOTE)
def vote(request: Request, form: Form) -> Response:
    iri = desk(request).names.annotation(path(request, "id")).value
    when, rating = now(), ratings.read(form.get("rating"))
    verdict = form.get("verdict") or (ratings.verdict(rating) if rating is not None else "")
    try:
        annotation = contributing.vote(
            desk(request), signed_in(request), iri, None if verdict == "none" else verdict,
            now=when, reason=form.get("reason"), comment=form.get("comment"), rating=rating,
            key=_key(request, form),
        )  # fmt: skip
    except RepeatedKey:
        annotation = annotations.get(desk(request), iri)
    if wants(request):
        return api_contributions.shown(request, iri)
    if not by_htmx(request):
        return notices.tell(request, _to_its_item(request, annotation), when)
    opened, viewer_, language = context(request)
    campaign = campaigns.get_campaign(opened, viewer_, annotation.campaign)
    proposal = proposal_views.view(opened, viewer_, campaign, annotation, person(request), language)
    words = deeds.voted(proposal.my_verdict, proposal.body.label)
    answer = page(request, "items/_proposal.html", proposal=proposal)
    return notices.tell(request, answer, when, words)


def edit(request: Request) -> Response:
    """The form of one's own answer, to write it better."""
    me = signed_in(request)
    iri = desk(request).names.annotation(path(request, "id")).value
    annotation = annotations.get(desk(request), iri)
    opened, viewer_, language = context(request)
    campaign = campaigns.get_campaign(opened, viewer_, annotation.campaign)
    row = queues.find_annotation(opened.index.read(), iri)
    if row is None:
        raise NotFound(_("There is no such annotation."))
    item = items.get_row_by_iri(opened, viewer_, row.item)
    view = contribution_views.editing(opened, viewer_, campaign, item, annotation, me, language)
    return _shown(request, campaign, item, view)


@posted
@described(api_contributions.WITHDRAW)
def withdraw(request: Request, _form: Form) -> Response:
    iri = desk(request).names.annotation(path(request, "id")).value
    when = now()
    annotation = contributing.withdraw(desk(request), signed_in(request), iri, now=when)
    if wants(request):
        return api_contributions.done(request)
    if by_htmx(request):
        answer = _task_of(request, annotation)
    else:
        answer = _to_its_item(request, annotation)
    return notices.tell(request, answer, when)


def _task_of(request: Request, annotation: Annotation) -> Response:
    campaign = campaigns.get_campaign(desk(request), viewer(request), annotation.campaign)
    row = queues.find_annotation(desk(request).index.read(), annotation.iri)
    assert row is not None
    item = items.get_row_by_iri(desk(request), viewer(request), row.item)
    number = answered_tasks.task_of(desk(request), campaign, row).number
    return _task(request, campaign, item, number, notice=_("Taken back."))


def _to_its_item(request: Request, annotation: Annotation) -> Response:
    row = queues.find_annotation(desk(request).index.read(), annotation.iri)
    item = desk(request).names.item_id(row.item) if row else ""
    return see_other(f"/campaigns/{annotation.campaign}/items/{item}")


@posted
@described(api_contributions.FINISH)
def finish(request: Request, _form: Form) -> Response:
    return _leave(request, "finished")


@posted
@described(api_contributions.SKIP)
def skip(request: Request, _form: Form) -> Response:
    return _leave(request, "skipped")


def _leave(request: Request, outcome: str) -> Response:
    (campaign, row), when = _campaign_and_item(request), now()
    if person(request) is not None:
        contributing.visit(
            desk(request), signed_in(request), campaign.slug, row.iri, outcome, now=when
        )
    if wants(request):
        return api_contributions.done(request)
    return notices.tell(request, see_other(f"/campaigns/{campaign.slug}/next"), when)


@posted
@described(api_contributions.DECIDE)
def decide(request: Request, form: Form) -> Response:
    iri = desk(request).names.annotation(path(request, "id")).value
    verdict, when = form.get("verdict"), now()
    annotation = publishing.decide(
        desk(request), signed_in(request), iri, None if verdict == "none" else verdict,
        form.get("reason")[:200], now=when,
    )  # fmt: skip
    if wants(request):
        return api_contributions.shown(request, iri)
    if by_htmx(request):
        answer = _decided(request, annotation)
    else:
        answer = see_other(f"/campaigns/{annotation.campaign}/moderate")
    return notices.tell(request, answer, when)


def _decided(request: Request, annotation: Annotation) -> Response:
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
    Route("/annotation/{id}/edit", edit),
    Route("/annotation/{id}/withdraw", withdraw, methods=["POST"]),
    Route("/annotation/{id}/decide", decide, methods=["POST"]),
]
