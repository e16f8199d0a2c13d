"""Answers for all items with the same value: the values, one of them, and the answer given."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    batches,
    campaign_views,
    campaigns,
    paging,
    participation,
    suggestions,
    value_batches,
    value_views,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.item_values import Term
from server.domain.jobs import Job
from server.domain.suggestions import Asked as Typed
from server.domain.value_batches import Outcome, Wanted
from server.errors import Conflict, Invalid, NotFound
from server.formats.statement_texts import language as stored_language
from server.i18n import _
from server.names import is_safe_iri
from server.web import languages
from server.web.bulk_validation import at_once_or_as_job, progress, standing_batch, told
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import (
    context,
    desk,
    language,
    now,
    path,
    person,
    signed_in,
    viewer,
)

_NUMBER = re.compile(r"[0-9]{1,3}")
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST = 500
_CHOICES = 8
#: Fields that are no part of the answer.
_OURS = {"csrf", "task", "property", "value", "lang", "iri", "step", "where"}


def index(request: Request) -> Response:
    """The values of a `property` for a `task`, the most frequent first; `q` is a part of them."""
    campaign = _campaign(request)
    me = person(request)
    agreed = participation.agreed(desk(request), campaign, me)
    if me is None or not agreed:
        card = campaign_views.card(desk(request), viewer(request), campaign, language())
        return page(request, "validation/welcome.html", campaign=card)
    value_batches.require_may(desk(request), campaign, me)
    query = request.query_params
    choice = value_views.choice(
        desk(request), campaign, query.get("task", ""), query.get("property", ""), language()
    )
    if choice is None:
        raise NotFound(_("No question of this campaign can be answered for many items at once."))
    opened, viewer_, language_ = context(request)
    found = value_views.values(
        opened, viewer_, campaign, choice, query.get("q", "")[:200],
        paging.number(query.get("page", "")), language_,
    )  # fmt: skip
    return page(
        request, "validation/values.html", choice=choice, found=found, q=query.get("q", "")[:200],
        campaign=campaign_views.card(opened, viewer_, campaign, language_), told=told(request),
        batch=standing_batch(request, campaign, me),
    )  # fmt: skip


def value(request: Request) -> Response:
    """One value, the first of its items, and the form of the question."""
    campaign, me = _taking_part(request)
    query = request.query_params
    task, property_, term = _what(campaign, query)
    return _value(request, campaign, me, task, property_, term)


def _value(
    request: Request, campaign: Campaign, me: Person, task: Task, property_: str, term: Term, *,
    status: int = 200, **extra: Any,
) -> Response:  # fmt: skip
    opened, viewer_, language_ = context(request)
    entered, errors = extra.pop("entered", {}), extra.pop("errors", {})
    view = value_views.value(
        opened, viewer_, campaign, me, task, property_, term, language_, entered, errors
    )
    defaults: dict[str, Any] = {
        "error": None,
        "choices": [],
        "typed": "",
        "preview": None,
        "given": [],
    }
    return page(
        request, "validation/value.html", status_code=status, view=view,
        campaign=campaign_views.card(opened, viewer_, campaign, language_), **defaults | extra,
    )  # fmt: skip


@posted
def answer(request: Request, form: Form) -> Response:
    """Shows what the answer would do; with `step` "apply", gives it (`where`: all, or empty)."""
    campaign, me = _taking_part(request)
    fields = {name: values[0] for name, values in form.values.items()}
    task, property_, term = _what(campaign, fields)
    values = {name: given for name, given in form.values.items() if name not in _OURS}
    if not values.get("body", [""])[0] and values.get("q", [""])[0].strip():
        found = _choices(request, campaign, task, me, values["q"][0])
        error = None if found else _("No term found. Try another word, in any language.")
        return _value(
            request, campaign, me, task, property_, term, status=200 if found else 422,
            error=error, choices=found, typed=values["q"][0],
        )  # fmt: skip
    wanted = Wanted(
        campaign.slug, task.number, property_, term, values, form.get("where") != "empty"
    )
    try:
        if form.get("step") == "apply":
            return _apply(request, me, wanted)
        preview = value_views.preview(desk(request), viewer(request), me, wanted, language(), now())
    except Invalid as error:
        problems = {each.field: each.message for each in reversed(error.problems)}
        words = error.problems[0].message if error.problems else str(error)
        return _value(
            request, campaign, me, task, property_, term, status=422, error=words,
            entered=values, errors=problems,
        )  # fmt: skip
    given = [(name, each) for name, every in values.items() for each in every]
    return _value(request, campaign, me, task, property_, term, preview=preview, given=given)


def _apply(request: Request, me: Person, wanted: Wanted) -> Response:
    opened, when = desk(request), now()
    many = value_views.number(opened, me, wanted)
    slug = wanted.campaign

    def address(done: Outcome) -> str:
        query = {
            "task": wanted.task, "property": wanted.property, "done": done.given,
            "answered": done.answered, "standing": done.standing, "unfit": done.unfit,
            "batch": batches.identifier(done.batch),
        }  # fmt: skip
        return f"/campaigns/{slug}/values?{urlencode(query)}"

    def work(job: Job | None) -> str:
        return address(
            value_batches.apply(opened, me, wanted, now=when, progress=progress(job, many))
        )

    return at_once_or_as_job(request, work, many, _("Answering"), f"/campaigns/{slug}")


def _choices(request: Request, campaign: Campaign, task: Task, me: Person, text: str) -> list[Any]:
    asked = Typed(text, language(), tuple(languages.accepted(request)), _CHOICES)
    return suggestions.flat(
        suggestions.for_task(desk(request), viewer(request), asked, campaign, task, me)
    )


def _campaign(request: Request) -> Campaign:
    """Raises Conflict where it is not open."""
    campaign = campaigns.get_campaign(desk(request), viewer(request), path(request, "slug"))
    if not campaign.is_open(now().date()):
        raise Conflict(_("This campaign is not open for contributions."))
    return campaign


def _taking_part(request: Request) -> tuple[Campaign, Person]:
    campaign, me = _campaign(request), signed_in(request)
    participation.taking_part(desk(request), me, campaign.slug, now=now())
    value_batches.require_may(desk(request), campaign, me)
    return campaign, me


def _what(campaign: Campaign, fields: Mapping[str, str]) -> tuple[Task, str, Term]:
    """The question, the property and the value that an address or a form names. Raises NotFound."""
    number = fields.get("task", "")
    task = campaign.task(int(number) if _NUMBER.fullmatch(number) else 0)
    property_ = fields.get("property", "")
    if property_ not in value_batches.properties(task):
        raise NotFound(_("This question is not about such values."))
    return task, property_, _term(fields)


def _term(fields: Mapping[str, str]) -> Term:
    iri, text, tag = (fields.get(name, "") for name in ("iri", "value", "lang"))
    if iri and is_safe_iri(iri):
        return NamedNode(iri)
    known = text and len(text) <= _LONGEST and not _CONTROL.search(text)
    if iri or not known or (tag and not (_TAG.fullmatch(tag) and stored_language(tag))):
        raise NotFound(_("No item has this value any more."))
    return Literal(text, language=tag) if tag else Literal(text)


routes = [
    Route("/campaigns/{slug}/values", index),
    Route("/campaigns/{slug}/values/one", value),
    Route("/campaigns/{slug}/values/one", answer, methods=["POST"]),
]
