"""An answer in the focus view: yes, no, not sure, a rating, "not now", or a vote taken back."""

import re
from dataclasses import dataclass
from datetime import datetime

from server.commit import Desk
from server.domain import (
    blindness,
    campaigns,
    contributing,
    participation,
    permissions,
    ratings,
    routing,
    texts,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.errors import Conflict, Invalid, NotFound, Problem
from server.i18n import _
from server.index import queues

LATER, BACK = "later", "none"
_NUMBER = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Answer:
    """As a form says it: `verdict` approve, reject, unsure, later or none; `rating` 0 to 100 in its
    place; `reason` the number of one of the campaign's."""

    verdict: str
    rating: str = ""
    reason: str = ""


def give(
    desk: Desk, person: Person, slug: str, annotation: str, answer: Answer, *, now: datetime,
    key: str | None = None,
) -> None:  # fmt: skip
    """Raises Invalid, NotFound for a proposal of another campaign, and what `vote` raises."""
    campaign = campaigns.get_campaign(desk, permissions.viewer(person), slug)
    row = queues.find_annotation(desk.index.read(), annotation)
    if row is None or row.campaign != slug:
        raise NotFound(_("There is no such annotation."))
    blindness.get_shown(desk, person, annotation, now)
    if answer.verdict == LATER:
        participation.taking_part(desk, person, slug, now=now)
        routing.put_off(desk, campaign, person, annotation)
        return
    if row.status == "withdrawn":
        raise Conflict(_("This proposal was withdrawn."))
    rating = ratings.read(answer.rating)
    verdict = _verdict(answer.verdict, rating)
    contributing.vote(
        desk, person, annotation, verdict, now=now, rating=rating, key=key,
        reason=_reason(campaign, answer.reason) if verdict == "reject" else "",
    )  # fmt: skip


def _verdict(verdict: str, rating: int | None) -> str | None:
    if rating is not None and not verdict:
        return ratings.verdict(rating)
    return None if verdict == BACK else verdict


def _reason(campaign: Campaign, number: str) -> str:
    """In the words that the campaign has for it, the same for everybody."""
    if not number:
        return ""
    if not _NUMBER.fullmatch(number) or not 1 <= int(number) <= len(campaign.reasons):
        words = _("Please choose one from the list.")
        raise Invalid(words, (Problem("reason", words),))
    return texts.choose(campaign.reasons[int(number) - 1], "en")
