"""Judging many proposals at once: the terms that wait, one term as a grid, batches taken back."""

import re
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    batches,
    blindness,
    bulk_votes,
    campaign_views,
    campaigns,
    jobs,
    participation,
    term_grids,
)
from server.domain.accounts import Person
from server.domain.batches import Undone
from server.domain.bulk_votes import Outcome
from server.domain.campaigns import Campaign
from server.domain.jobs import Job
from server.errors import Conflict, Invalid, NotFound, Problem
from server.i18n import _
from server.names import is_safe_iri
from server.web import shortcuts
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

_QUICK = 100  # votes that somebody can wait for
_NAME = re.compile(r"[0-9a-z-]{1,64}")
_COUNT = re.compile(r"[0-9]{1,7}")
_MOST_NAMED = 1000
#: What the page after a batch is told of it.
_TOLD = ("done", "own", "answered", "gone", "standing", "unfit", "back", "kept")


def terms(request: Request) -> Response:
    """The terms with the most proposals that wait; `after`: number and IRI of the last one seen."""
    campaign, me = _campaign(request)
    if me is None:
        return _welcome(request, campaign)
    opened, viewer_, language_ = context(request)
    found, more = term_grids.terms(opened, viewer_, campaign, language_, _after(request))
    following = urlencode({"after": f"{more[0]} {more[1]}"}) if more else ""
    return page(
        request, "validation/terms.html", lines=found, following=following,
        campaign=campaign_views.card(opened, viewer_, campaign, language_),
    )  # fmt: skip


def _after(request: Request) -> tuple[int, str] | None:
    number, _blank, iri = request.query_params.get("after", "").partition(" ")
    return (int(number), iri) if _COUNT.fullmatch(number) else None


def term(request: Request) -> Response:
    """One term (`iri`) and what it is proposed for; `after` is the last one of the page before."""
    campaign, me = _campaign(request)
    if me is None:
        return _welcome(request, campaign)
    return _grid(request, campaign, me, _iri(request.query_params.get("iri", "")))


def _grid(
    request: Request, campaign: Campaign, me: Person, iri: str, *, status: int = 200,
    error: str | None = None,
) -> Response:  # fmt: skip
    opened, viewer_, language_ = context(request)
    after = request.query_params.get("after", "")
    after = after if _NAME.fullmatch(after) else ""
    found = term_grids.grid(opened, viewer_, campaign, me, iri, language_, after)
    return page(
        request, "validation/term.html", status_code=status, error=error, grid=found, after=after,
        campaign=campaign_views.card(opened, viewer_, campaign, language_),
        told=told(request), batch=standing_batch(request, campaign, me),
        shortcuts=shortcuts.kept(request),
    )  # fmt: skip


@posted
def judge(request: Request, form: Form) -> Response:
    """One `verdict` on each `annotation` (identifiers), or on `all` of the term `iri`."""
    campaign, me = _campaign(request)
    if me is None:
        me = signed_in(request)
        participation.require_agreement(desk(request), campaign, me)
    iri = _iri(form.get("iri"))
    names = form.all("annotation")[:_MOST_NAMED]
    every, verdict = form.flag("all"), form.get("verdict")
    if not names and not every:
        return _grid(
            request, campaign, me, iri, status=422, error=_("Choose some of the pictures first.")
        )
    if every:
        bulk_votes.require_all(me)
    back = {"iri": iri} | ({"after": form.get("after")} if form.get("after") else {})
    wanted = [desk(request).names.annotation(name).value for name in names if _NAME.fullmatch(name)]
    return _cast(request, campaign, me, iri, None if every else wanted, verdict, back)


def _cast(
    request: Request, campaign: Campaign, me: Person, iri: str, wanted: list[str] | None,
    verdict: str, back: dict[str, str],
) -> Response:  # fmt: skip
    """At once where it is quick; else as a job, which can be stopped and taken back."""
    opened, slug, when = desk(request), campaign.slug, now()
    many = term_grids.waiting(opened, slug, iri) if wanted is None else len(wanted)
    chosen = bulk_votes.of_term(opened, slug, iri) if wanted is None else wanted
    participation.taking_part(opened, me, slug, now=when)
    if verdict not in ("approve", "reject", "unsure"):
        words = _("Choose yes, no or not sure.")
        raise Invalid(_("That is not an answer."), (Problem("verdict", words),))

    def address(done: Outcome) -> str:
        figures = {"done": done.cast, "own": done.own, "answered": done.answered, "gone": done.gone}
        return f"/campaigns/{slug}/validate/term?" + urlencode(
            back | figures | {"batch": batches.identifier(done.batch)}
        )

    def work(job: Job | None) -> str:
        return address(
            bulk_votes.cast(
                opened, me, slug, iri, chosen, verdict, now=when, progress=progress(job, many)
            )
        )

    return at_once_or_as_job(request, work, many, _("Answering"), f"/campaigns/{slug}")


@posted
def undo(request: Request, form: Form) -> Response:
    """Take a whole batch of one's own back; `back` is the term whose grid one comes from."""
    slug, me, when = path(request, "slug"), signed_in(request), now()
    opened, row = desk(request), batches.get(desk(request), me, slug, path(request, "id"))

    def address(done: Undone) -> str:
        figures = urlencode({"back": done.taken_back, "kept": done.kept})
        if row.kind == "vote" and row.term:
            return f"/campaigns/{slug}/validate/term?{urlencode({'iri': row.term})}&{figures}"
        return f"/campaigns/{slug}/values?{figures}"

    def work(job: Job | None) -> str:
        done = batches.undo(opened, me, row, now=when, progress=progress(job, row.size))
        return address(done)

    return at_once_or_as_job(request, work, row.size, _("Taking it back"), f"/campaigns/{slug}")


def progress(job: Job | None, many: int) -> Any:
    def tell(done: int) -> None:
        if job is not None:
            job.tell(job.title, done, many)
            if job.stopping.is_set():
                raise Conflict(_("It was stopped."))

    return tell


def at_once_or_as_job(request: Request, work: Any, many: int, title: str, again: str) -> Response:
    if many <= _QUICK:
        return see_other(work(None))
    job = Job(title, again=again, by=signed_in(request).id)
    return see_other(f"/jobs/{jobs.of(desk(request)).start(job, work).id}")


def _campaign(request: Request) -> tuple[Campaign, Person | None]:
    """The campaign; the person who may judge in it, None where they have not agreed yet.

    Raises Conflict where it is not open, Forbidden where one answers what one is given.
    """
    campaign = campaigns.get_campaign(desk(request), viewer(request), path(request, "slug"))
    if not campaign.is_open(now().date()) or campaign.purpose == "annotate":
        raise Conflict(_("This campaign is not open for answers to what others said."))
    me = person(request)
    blindness.require_unveiled(campaign, me)
    bulk_votes.require_browsing(campaign)
    return campaign, me if participation.agreed(desk(request), campaign, me) else None


def _welcome(request: Request, campaign: Campaign) -> Response:
    card = campaign_views.card(desk(request), viewer(request), campaign, language())
    return page(request, "validation/welcome.html", campaign=card)


def _iri(text: str) -> str:
    if not is_safe_iri(text):
        raise NotFound(_("There is no such term."))
    return text


def told(request: Request) -> dict[str, int]:
    found = {name: request.query_params.get(name, "") for name in _TOLD}
    return {name: int(text) if _COUNT.fullmatch(text) else 0 for name, text in found.items()}


def standing_batch(request: Request, campaign: Campaign, me: Person) -> str:
    """The identifier of the batch just made, while it stands."""
    name = request.query_params.get("batch", "")
    if not _NAME.fullmatch(name):
        return ""
    try:
        batches.get(desk(request), me, campaign.slug, name)
    except NotFound:
        return ""
    return name


routes = [
    Route("/campaigns/{slug}/validate/terms", terms),
    Route("/campaigns/{slug}/validate/term", term),
    Route("/campaigns/{slug}/validate/term", judge, methods=["POST"]),
    Route("/campaigns/{slug}/batches/{id}/undo", undo, methods=["POST"]),
]
