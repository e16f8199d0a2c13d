"""The focus view: one proposal at a time, judged by a key; fragments and JSON beside the page."""

import contextlib
import re

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    campaign_views,
    campaigns,
    focus_views,
    participation,
    proposal_answers,
    texts,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.focus_views import QuestionView
from server.domain.proposal_answers import Answer
from server.errors import Conflict, NotFound
from server.i18n import _
from server.journal.entries import RepeatedKey
from server.web import api_contributions, shortcuts
from server.web.api_operations import described, wants
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import (
    context,
    desk,
    language,
    now,
    path,
    person,
    see_other,
    signed_in,
    viewer,
)

_JSON = "application/json"
_NAME = re.compile(r"[0-9a-z-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_MOST = 20  # questions in one answer
_MOST_KNOWN = 200  # that a browser says it has before it


@described(api_contributions.QUESTIONS)
def focus(request: Request) -> Response:
    """The next proposal; `at`: one that was answered before, `last`: the one answered last."""
    campaign = _campaign(request)
    if not campaign.is_open(now().date()) or campaign.purpose == "annotate":
        if wants(request):
            raise Conflict(_("This campaign is not open for answers to what others said."))
        return see_other(f"/campaigns/{campaign.slug}")
    me = person(request)
    agreed = participation.agreed(desk(request), campaign, me)
    if wants(request):
        return api_contributions.questions(
            request, _questions(request, campaign, signed_in(request), 1)
        )
    card = campaign_views.card(*context(request)[:2], campaign, language())
    if me is None or not agreed:
        return page(request, "validation/welcome.html", campaign=card)
    last = _given(request, campaign, me, "last")
    found = _given(request, campaign, me, "at")
    return page(
        request,
        "validation/focus.html",
        campaign=card,
        question=found or next(iter(_questions(request, campaign, me, 1)), None),
        last=last,
        today=focus_views.today(desk(request), campaign, me, now()),
        reasons=_reasons(campaign),
        rating=campaign.feedback == "rating",
        me=me.id,
        shortcuts=shortcuts.kept(request),
    )


@described(api_contributions.UPCOMING)
def upcoming(request: Request) -> Response:
    """The next proposals as fragments, without those that the browser has: `known`, identifiers."""
    campaign, me = _campaign(request), signed_in(request)
    participation.taking_part(desk(request), me, campaign.slug, now=now())
    if campaign.purpose == "annotate":
        raise NotFound(_("In this campaign nothing is judged."))
    asked = request.query_params.get("limit", "")
    limit = min(max(int(asked), 1), _MOST) if _NUMBER.fullmatch(asked) else 3
    found = _questions(request, campaign, me, limit)
    if wants(request):
        return api_contributions.questions(request, found)
    return page(
        request, "validation/_questions.html", questions=found, campaign=campaign,
        reasons=_reasons(campaign), rating=campaign.feedback == "rating",
    )  # fmt: skip


@posted
@described(api_contributions.JUDGE)
def answer(request: Request, form: Form) -> Response:
    """`annotation` (its identifier) with a `verdict`, or a `rating`; then on to the next one."""
    slug, name = path(request, "slug"), form.get("annotation")
    me, verdict = signed_in(request), form.get("verdict")
    given = Answer(verdict, form.get("rating"), form.get("reason"))
    iri = _iri(request, name)
    key = (request.headers.get("Idempotency-Key") or form.get("key"))[:100]
    # A repeated key: it is stored, and the answer to the first request was lost on its way.
    with contextlib.suppress(RepeatedKey):
        proposal_answers.give(
            desk(request), me, slug, iri, given, now=now(), key=f"{me.id}:{key}" if key else None
        )
    if wants(request):
        campaign = _campaign(request)
        today = focus_views.today(desk(request), campaign, me, now())
        told = {"annotation": name, "today": today.done, "waiting": today.waiting}
        return _private(orjson.dumps(told))
    where = "at" if verdict == proposal_answers.BACK else "last"
    return see_other(f"/campaigns/{slug}/validate?{where}={name}")


def _campaign(request: Request) -> Campaign:
    return campaigns.get_campaign(desk(request), viewer(request), path(request, "slug"))


def _iri(request: Request, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotFound(_("There is no such annotation."))
    return desk(request).names.annotation(name).value


def _questions(request: Request, campaign: Campaign, me: Person, limit: int) -> list[QuestionView]:
    opened, viewer_, language_ = context(request)
    known = request.query_params.getlist("known")[:_MOST_KNOWN]
    last = [request.query_params["last"]] if "last" in request.query_params else []
    after = {opened.names.annotation(name).value for name in known + last if _NAME.fullmatch(name)}
    return focus_views.waiting(opened, viewer_, campaign, me, limit, language_, now(), after)


def _given(request: Request, campaign: Campaign, me: Person, parameter: str) -> QuestionView | None:
    opened, viewer_, language_ = context(request)
    name = request.query_params.get(parameter, "")
    if not _NAME.fullmatch(name):
        return None
    iri = opened.names.annotation(name).value
    try:
        return focus_views.one(opened, viewer_, campaign, me, iri, language_, now())
    except NotFound:
        return None


def _reasons(campaign: Campaign) -> list[str]:
    return [texts.choose(each, language()) for each in campaign.reasons]


def _private(content: bytes) -> Response:
    headers = {"Cache-Control": "private, no-store", "Vary": "Accept"}
    return Response(content, media_type=_JSON, headers=headers)


routes = [
    Route("/campaigns/{slug}/validate", focus),
    Route("/campaigns/{slug}/validate", answer, methods=["POST"]),
    Route("/campaigns/{slug}/validate/next", upcoming),
]
