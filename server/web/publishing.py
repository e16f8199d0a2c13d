"""Publishing in the browser: look at what would change, publish, take back, say when."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    campaign_files,
    campaign_views,
    campaigns,
    jobs,
    permissions,
    publication_outcomes,
    publication_previews,
    publishing,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.jobs import Job
from server.domain.publication_previews import Preview, Wanted
from server.domain.publication_selections import Deed, Selection
from server.errors import Conflict, Invalid, Problem
from server.i18n import _
from server.names import is_safe_iri
from server.web import api_publishing, negotiation
from server.web.api_operations import described, wants
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import context, desk, now, path, person, see_other, viewer

_OFFERS = (negotiation.HTML, "application/json")
_MOST = 500  # annotations that are chosen one by one
_EVERY = ("", "day", "week")


@described(api_publishing.PREVIEW)
def show(request: Request) -> Response:
    """What would be published; of a large campaign after it was worked out in the background."""
    campaign, organiser = _campaign(request)
    said = [*request.query_params.multi_items()]
    wanted = _wanted(request, Form(tuple(said)), campaign)
    preview = _preview(request, campaign, organiser, wanted)
    as_json = negotiation.choose(request.headers.get("accept"), _OFFERS) != negotiation.HTML
    if isinstance(preview, Job):
        if as_json:
            body = {"state": preview.state, "job": f"/jobs/{preview.id}"}
            return _json(body, 202, {"Retry-After": "1"})
        return see_other(f"/jobs/{preview.id}")
    return (
        _json(_as_json(request, campaign, preview))
        if as_json
        else _page(request, campaign, preview)
    )


def _campaign(request: Request) -> tuple[Campaign, Person]:
    """Raises NotFound, NotSignedIn or Forbidden."""
    campaign = campaigns.get_campaign(desk(request), viewer(request), path(request, "slug"))
    return campaign, permissions.require(person(request), "publish", campaign)


def _wanted(request: Request, form: Form, campaign: Campaign, deed: Deed = "publish") -> Wanted:
    """Raises Invalid for what is none of the campaign's fields or kinds."""
    opened = desk(request)
    choices = publication_previews.choices(opened, campaign)
    for name in ("field", "kind"):
        known = {iri for iri, _label in choices[f"{name}s"]}
        if not known.issuperset(form.all(name)):
            message = _("Please choose one from the list.")
            raise Invalid(message, (Problem(name, message),))
    chosen = [each for each in form.all("annotation") if each]
    iris = [each if "/" in each else f"{opened.names.base}annotation/{each}" for each in chosen]
    if len(iris) > _MOST or not all(is_safe_iri(iri) for iri in iris):
        message = _("Choose at most {count} statements one by one.", count=_MOST)
        raise Invalid(message, (Problem("annotation", message),))
    selection = Selection(
        *(tuple(dict.fromkeys(each)) for each in (form.all("field"), form.all("kind"), iris))
    )
    return Wanted(campaign.slug, selection, form.flag("take_out"), deed)


def _preview(
    request: Request, campaign: Campaign, organiser: Person, wanted: Wanted
) -> Preview | Job:
    """At once where it is quick, or known; else the job that makes it."""
    opened, when = desk(request), now()
    if publication_previews.is_quick(opened, wanted):
        return publication_previews.make(opened, organiser, campaign, wanted, now=when)
    anew = request.query_params.get("anew")
    if not anew and (kept := publication_previews.find(opened, wanted)):
        return kept
    many, address = publication_previews.size(opened, wanted), _address(wanted)

    def work(job: Job) -> str:
        publication_previews.make(
            opened, organiser, campaign, wanted, now=when, stop=job.stopping.is_set,
            progress=lambda done: job.tell(_("Objects"), done, max(many, done)),
        )  # fmt: skip
        return address

    job = Job(_("Looking what would be published"), again=address, by=organiser.agent.value)
    return jobs.of(opened).start(job, work)


def _address(wanted: Wanted) -> str:
    said = urlencode(_said(wanted))
    return f"/campaigns/{wanted.slug}/publish" + (f"?{said}" if said else "")


def _said(wanted: Wanted) -> list[tuple[str, str]]:
    """The selection as fields of a form."""
    chosen = wanted.selection
    return [
        *(("field", iri) for iri in chosen.fields),
        *(("kind", iri) for iri in chosen.kinds),
        *(("annotation", iri) for iri in chosen.annotations),
        *([("take_out", "1")] if wanted.take_out else []),
    ]


def _page(
    request: Request, campaign: Campaign, preview: Preview, error: str = "", status: int = 200,
    schedule: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    opened, viewer_, language = context(request)
    return page(
        request,
        "publishing/page.html",
        status_code=status,
        campaign=campaign_views.card(opened, viewer_, campaign, language),
        standing=publication_previews.standing(opened, campaign, now()),
        choices=publication_previews.choices(opened, campaign),
        rules=publication_previews.rules(opened, viewer_, campaign, language),
        said=_said(preview.wanted),
        address=_address(preview.wanted),
        schedule=schedule or _schedule(campaign),
        error=error,
        kept_back=campaign.embargoes,
        with_rejections=campaign.publish_rejections,
        **publication_previews.view(opened, viewer_, preview, language),
    )


def _as_json(request: Request, campaign: Campaign, preview: Preview) -> dict[str, Any]:
    opened = desk(request)
    standing = publication_previews.standing(opened, campaign, now())
    return {
        "campaign": opened.names.campaign(campaign.slug).value,
        "edition": preview.edition,
        "when": preview.when,
        "publishable": not standing.why_not,
        "reason": standing.why_not,
        "figures": asdict(preview.figures),
        "examples": preview.examples,
        "refused": [
            {
                "reason": group.reason, "words": group.words, "count": group.count,
                "examples": [each.iri for each in preview.refusals.get(group.reason, ())],
            }
            for group in publication_previews.view(
                opened, viewer(request), preview, context(request)[2]
            )["refused"]
        ],
    }  # fmt: skip


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    headers = {**(headers or {}), **negotiation.VARY}
    return Response(orjson.dumps(body), status, headers, "application/json")


# --- doing it ------------------------------------------------------------------------------------


@posted
@described(api_publishing.PUBLISH)
def publish(request: Request, form: Form) -> Response:
    return _carry_out(request, form, "publish", _("Publishing"))


@posted
@described(api_publishing.WITHDRAW)
def withdraw(request: Request, form: Form) -> Response:
    return _carry_out(request, form, "withdraw", _("Taking back what is published"))


def _carry_out(request: Request, form: Form, deed: Deed, title: str) -> Response:
    """At once where it is quick; else as a job. What was seen before must still hold."""
    campaign, organiser = _campaign(request)
    opened, when = desk(request), now()
    wanted = _wanted(request, form, campaign, deed)
    seen = form.get("seen") or None
    address = f"/campaigns/{campaign.slug}/publish"
    if deed == "publish":
        publishing.require_publishable(campaign, when)
    if seen is not None and seen != publication_outcomes.edition(opened, campaign.slug):
        raise Conflict(_("This has changed since you looked. Please look again."))

    def work(job: Job) -> str:
        found = publishing.carry_out(
            opened, organiser, campaign.slug, deed, wanted.selection, now=when,
            take_out=wanted.take_out, told=job.tell, stop=job.stopping.is_set, seen=seen,
        )  # fmt: skip
        job.message = publication_outcomes.sentence(deed, found)
        return address

    if publication_previews.is_quick(opened, wanted):
        done = Job(title, state="done")
        done.href = work(done)
        return api_publishing.begun(request, done) if wants(request) else see_other(address)
    job = Job(title, again=address, by=organiser.agent.value)
    jobs.of(opened).start(job, work)
    if wants(request):
        return api_publishing.begun(request, job)
    return see_other(f"/jobs/{job.id}")


# --- when ----------------------------------------------------------------------------------------


@posted
def schedule(request: Request, form: Form) -> Response:
    """When it is published by itself, and not before which day at all."""
    campaign, organiser = _campaign(request)
    said = {name: form.get(name).strip() for name in ("publish_at", "publish_every", "embargo")}
    try:
        changed = replace(campaign, **_meant(said))
        campaign_files.check(desk(request), changed)
        campaigns.edit(desk(request), organiser, changed, now=now())
    except (Invalid, Conflict) as error:
        wanted = Wanted(campaign.slug)
        preview = _preview(request, campaign, organiser, wanted)
        if isinstance(preview, Job):
            raise
        status = 422 if isinstance(error, Invalid) else 409
        return _page(request, campaign, preview, str(error), status, said)
    return see_other(f"/campaigns/{campaign.slug}/publish#when")


def _meant(said: dict[str, str]) -> dict[str, Any]:
    """Raises Invalid for what is no time, no day, and no interval."""
    if said["publish_every"] not in _EVERY:
        message = _("Please choose one from the list.")
        raise Invalid(message, (Problem("publish_every", message),))
    return {
        "publish_at": _time(said["publish_at"]),
        "publish_every": said["publish_every"],
        "embargo": _day(said["embargo"]),
    }


def _time(text: str) -> datetime | None:
    """As UTC, whatever the browser sends with it."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        message = _("This must be a date and a time, such as 2026-11-22 10:00.")
        raise Invalid(message, (Problem("publish_at", message),)) from None
    if found is None:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        message = _("This must be a date, such as 2026-11-22.")
        raise Invalid(message, (Problem("embargo", message),)) from None


def _schedule(campaign: Campaign) -> dict[str, str]:
    at = campaign.publish_at
    return {
        "publish_at": at.strftime("%Y-%m-%dT%H:%M") if at else "",
        "publish_every": campaign.publish_every,
        "embargo": campaign.embargo.isoformat() if campaign.embargo else "",
    }


routes = [
    Route("/campaigns/{slug}/publish", show),
    Route("/campaigns/{slug}/publish", publish, methods=["POST"]),
    Route("/campaigns/{slug}/publish/withdraw", withdraw, methods=["POST"]),
    Route("/campaigns/{slug}/unpublish", withdraw, methods=["POST"]),
    Route("/campaigns/{slug}/publish/schedule", schedule, methods=["POST"]),
]
