"""The item that somebody has before them: kept for them while they are at it, and what is not.

An item has open places for as many people as it needs. One is taken for each who was given it,
until they leave or are idle for too long, and once they answer by their answer.
"""

from datetime import datetime, timedelta

from server.commit import Desk
from server.domain import holds
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.holds import Holds
from server.errors import Conflict, CrowdHeritageError, Forbidden
from server.i18n import _
from server.index import item_queues, picking, proposal_queues, queues


def idle(campaign: Campaign) -> timedelta:
    """For how long an item is kept without activity."""
    return timedelta(minutes=campaign.routing.lock_minutes if campaign.routing.locks else 0)


def others(campaign: Campaign, kept: Holds, agent: str, item: str, now: datetime) -> int:
    """For how many others the item (an IRI) is kept."""
    if not campaign.routing.locks:
        return 0
    return kept.others(item_queues.QUEUE + campaign.slug, agent, item, now)


def has_place(desk: Desk, campaign: Campaign, item: str, others_: int) -> bool:
    """Whether one more may answer it beside those for whom it is kept."""
    place = queues.place(desk.index.read(), campaign.slug, item)
    if place is None or place.retired:
        return False
    most = campaign.routing.most_answers(place.disputed)
    return most == 0 or place.answers + others_ < most


def renew(desk: Desk, campaign: Campaign, person: Person | None, item: str, now: datetime) -> None:
    """They are at it: what is kept for them is kept for longer.

    What they left and came back to, as by loading the page again, is kept again while it waits.
    """
    if person is None or not campaign.routing.locks:
        return
    kept, queue, agent = holds.of(desk), item_queues.QUEUE + campaign.slug, person.agent.value
    with kept.lock:
        back = kept.current(queue, agent) is None and kept.was_given(queue, agent, item, now)
        if kept.holds(queue, agent, item, now) or (
            back
            and not picking.has_answered(desk.index.read(), queue, agent, item)
            and has_place(desk, campaign, item, others(campaign, kept, agent, item, now))
        ):
            kept.keep(queue, agent, item, now, idle(campaign))


def release(
    desk: Desk, slug: str, person: Person | None, item: str, turn: int | None = None
) -> None:
    """They left an item of the campaign: its place is free for others.

    Of a page, with its turn: one that was opened since keeps the item.
    """
    if person is not None:
        queue = item_queues.QUEUE + slug
        holds.of(desk).release(queue, person.agent.value, item, turn)


def turn(desk: Desk, slug: str, person: Person | None) -> int:
    """What the page says that is open now, once it is left."""
    agent = person.agent.value if person else ""
    return holds.of(desk).turn(item_queues.QUEUE + slug, agent)


def require(desk: Desk, campaign: Campaign, person: Person, item: str, now: datetime) -> None:
    """Raises Forbidden for an item (an IRI) that this person was not given, where browsing is not
    allowed; Conflict where it was kept for them no longer, and others have answered it since.

    Whoever has answered may still change their answers. For as long as items are kept, a restart
    is forgiven: what still waits for somebody then counts as given.
    """
    kept, queue = holds.of(desk), item_queues.QUEUE + campaign.slug
    with kept.lock:
        if refusal := _refusal(desk, campaign, person, item, now):
            raise refusal
        renew(desk, campaign, person, item, now)
        if not campaign.routing.browsing and not _has_it(desk, campaign, person, item, now):
            kept.keep(queue, person.agent.value, item, now, idle(campaign))


def may_answer(
    desk: Desk, campaign: Campaign, person: Person | None, item: str, now: datetime
) -> bool:
    """Whether an answer to the item would be taken; a stranger is to sign in first."""
    return person is None or _refusal(desk, campaign, person, item, now) is None


def require_proposal(
    desk: Desk, campaign: Campaign, person: Person, annotation: str, now: datetime
) -> None:
    """As `require`, of a vote: on what was given as such, or stands on the item given."""
    connection = desk.index.read()
    queue, agent = proposal_queues.QUEUE + campaign.slug, person.agent.value
    row = queues.find_annotation(connection, annotation)
    if (
        row is None
        or holds.of(desk).was_given(queue, agent, annotation, now)
        or picking.has_met(connection, queue, agent, annotation)
    ):
        return
    require(desk, campaign, person, row.item, now)


def _refusal(
    desk: Desk, campaign: Campaign, person: Person, item: str, now: datetime
) -> CrowdHeritageError | None:
    if campaign.routing.browsing or _has_it(desk, campaign, person, item, now):
        return None
    kept, queue, agent = holds.of(desk), item_queues.QUEUE + campaign.slug, person.agent.value
    forgotten = kept.is_young(now, timedelta(minutes=campaign.routing.lock_minutes))
    if not kept.was_given(queue, agent, item, now) and not (
        forgotten and picking.waits(desk.index.read(), queue, item)
    ):
        return Forbidden(_("Please answer the item that you are given: this is another one."))
    others_ = others(campaign, kept, agent, item, now)
    if campaign.routing.locks and not has_place(desk, campaign, item, others_):
        return Conflict(
            _("You were away for a while, and others have answered this item. "
              "Please go on with the next one.")
        )  # fmt: skip
    return None


def _has_it(desk: Desk, campaign: Campaign, person: Person, item: str, now: datetime) -> bool:
    """Whether the item is kept for them, or they have answered it."""
    queue, agent = item_queues.QUEUE + campaign.slug, person.agent.value
    kept = holds.of(desk).holds(queue, agent, item, now)
    return kept or picking.has_answered(desk.index.read(), queue, agent, item)
