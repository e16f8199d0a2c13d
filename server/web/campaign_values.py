"""The form of a campaign: its values as text, and the campaign that they mean."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from server.domain import campaigns, texts
from server.domain.acceptance import Acceptance
from server.domain.campaigns import Campaign
from server.domain.kinds import Kind
from server.errors import Conflict, Invalid, Problem
from server.i18n import _
from server.names import is_slug
from server.web import campaign_option_values, campaign_task_values
from server.web.campaign_numbers import number_in, share_in, wrong
from server.web.campaign_option_values import OptionsForm
from server.web.campaign_task_values import TaskForm, said
from server.web.forms import Form
from server.web.requests import language

MOST_TASKS = 20


@dataclass(frozen=True, slots=True)
class CampaignForm:
    """The values of the form as text, whether or not they make sense."""

    slug: str | None = None
    wanted_slug: str = ""  # of a new one, as it was entered
    title: str = ""
    description: str = ""
    instructions: str = ""
    collections: tuple[str, ...] = ()
    tasks: tuple[TaskForm, ...] = (TaskForm(),)
    target: str = "100"
    starts: str = ""
    ends: str = ""
    minimum_approvals: str = "2"
    minimum_score: str = "1"
    minimum_share: str = ""
    signed_in_approvals: str = "1"
    guests: bool = True
    licence: str = campaigns.CC0
    options: OptionsForm = OptionsForm()


def entered(form: Form, before: Campaign | None) -> CampaignForm:
    """What was sent, as text."""
    numbers = campaign_task_values.numbers(form, "task")
    return CampaignForm(
        slug=before.slug if before else None,
        wanted_slug=form.get("slug").strip(),
        **{name: form.get(name).strip() for name in _TEXTS},
        collections=tuple(form.all("collections")),
        tasks=tuple(campaign_task_values.entered(form, number) for number in numbers[:MOST_TASKS]),
        guests=form.flag("guests"),
        options=campaign_option_values.entered(form),
    )


_TEXTS = (
    "title", "description", "instructions", "target", "starts", "ends", "minimum_approvals",
    "minimum_score", "minimum_share", "signed_in_approvals", "licence",
)  # fmt: skip


def meant(
    values: CampaignForm, form: Form, before: Campaign | None, known: Mapping[str, Kind]
) -> Campaign:
    """The campaign that the values mean. Raises Invalid for numbers and dates that are none."""
    slug = before.slug if before else form.get("slug").strip() or _slug(values.title)
    if not values.title:
        raise wrong("title", _("Give the campaign a title."))
    if not is_slug(slug):
        message = _("Small letters, digits and hyphens only, please.")
        raise Invalid(message, (Problem("slug", message),))
    opened = form.get("then") == "open"
    tag = language()
    kept = before or Campaign(slug, {}, {}, (), (), 0)
    return replace(
        kept,
        title=said(kept.title, tag, values.title),
        description=said(kept.description, tag, values.description),
        instructions=said(kept.instructions, tag, values.instructions),
        collections=values.collections,
        tasks=tuple(
            campaign_task_values.meant(task, number, before, tag, known)
            for number, task in enumerate(values.tasks, 1) if not task.is_empty
        ),
        target=number_in("target", values.target, 0),
        starts=_date("starts", values.starts),
        ends=_date("ends", values.ends),
        acceptance=_acceptance(values),
        guests=values.guests,
        licence=_licence(values.licence),
        state="open" if opened else kept.state,
        **campaign_option_values.meant(values.options, kept, tag),
    )  # fmt: skip


def _licence(text: str) -> str:
    if text and text not in campaigns.LICENCES:
        raise wrong("licence", _("Choose one of the licences."))
    return text or campaigns.CC0


def _acceptance(values: CampaignForm) -> Acceptance:
    share = values.minimum_share
    return Acceptance(
        minimum_approvals=number_in("minimum_approvals", values.minimum_approvals, 1),
        minimum_score=number_in("minimum_score", values.minimum_score, 0)
        if values.minimum_score
        else None,
        minimum_share=share_in("minimum_share", share) if share else None,
        signed_in_approvals=number_in("signed_in_approvals", values.signed_in_approvals, 0),
    )


def _date(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise wrong(name, _("This must be a date, such as 2026-11-22.")) from None


def _slug(title: str) -> str:
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:64].strip("-")


#: What the shape calls a field, and what the form does.
_FORM_NAMES = {
    "collection": "collections", "startDate": "starts", "endDate": "ends", "license": "licence",
    "minimumApprovals": "minimum_approvals", "minimumScore": "minimum_score",
    "minimumShare": "minimum_share", "signedInApprovals": "signed_in_approvals",
    "vocabulary": "vocabularies", "comment": "hint", "branch": "branches", "termClass": "classes",
    "rejectionReason": "reasons", "answersNeeded": "answers_needed", "votesNeeded": "votes_needed",
    "answersAtMost": "answers_at_most", "votesAtMost": "votes_at_most",
    "lockMinutes": "lock_minutes", "randomOrder": "random_order", "choice": "choices",
    "language": "languages", "valuesAtMost": "most", "leastShare": "least_share",
    "beatsTies": "beats_ties", "withRatings": "ratings", "embargo": "embargoes",
    "publishRejections": "publish_rejections",
}  # fmt: skip


def errors_of(error: Invalid | Conflict) -> dict[str, str]:
    """What is wrong, by the names of the form; of a question as `task-1-hint`."""
    if isinstance(error, Conflict):
        return {"slug": str(error)}
    found: dict[str, str] = {}
    for problem in error.problems:
        task, _hyphen, name = problem.field.rpartition("-")
        name = _FORM_NAMES.get(name, name)
        found.setdefault(f"{task}-{name}" if task else name, problem.message)
    if found.pop("task", None):  # said of the file as a whole; the form says it beside the field
        found["task-1-question"] = _("Ask at least one question.")
    return found or {"": str(error)}


def filled(campaign: Campaign, known: Mapping[str, Kind]) -> CampaignForm:
    """The form of a campaign that stands, in the language of the reader."""
    rule, tag = campaign.acceptance, language()
    return CampaignForm(
        slug=campaign.slug,
        title=texts.choose(campaign.title, tag),
        description=texts.choose(campaign.description, tag),
        instructions=texts.choose(campaign.instructions, tag),
        collections=campaign.collections,
        tasks=tuple(campaign_task_values.filled(task, tag, known) for task in campaign.tasks),
        target=str(campaign.target),
        starts=campaign.starts.isoformat() if campaign.starts else "",
        ends=campaign.ends.isoformat() if campaign.ends else "",
        minimum_approvals=str(rule.minimum_approvals),
        minimum_score="" if rule.minimum_score is None else str(rule.minimum_score),
        minimum_share="" if rule.minimum_share is None else str(rule.minimum_share),
        signed_in_approvals=str(rule.signed_in_approvals),
        guests=campaign.guests,
        licence=campaign.licence,
        options=campaign_option_values.filled(campaign, tag),
    )  # fmt: skip
