"""Which item or proposal a person gets next.

An item waits until enough people answered it (`index/item_queues`). Whoever is given one keeps it
until they leave it, so that two people at once get different items while there are any.
"""

import hashlib
import random
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from server.commit import Desk
from server.domain import given_items, holds
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.holds import Holds
from server.domain.items import get_row
from server.errors import NotFound
from server.i18n import _
from server.index import gold, item_queues, items, picking, proposal_queues, queues
from server.index.contributions import AnnotationRow
from server.index.items import ItemRow
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
_MOST_LOOKED_AT = 2000  # proposals that are on a screen or put off, before we look no further
Chance = Callable[[], float]


def give(
    desk: Desk, campaign: Campaign, person: Person | None, now: datetime,
    chance: Chance = random.random,
) -> ItemRow | None:  # fmt: skip
    """The item that this person has before them, or the next one; None when nothing is left.

    What they put off ("not now") comes back when nothing else waits. The same item is given again
    until they leave it. A stranger is shown what would be next, and nothing is kept for them.
    """
    kept, queue = holds.of(desk), item_queues.QUEUE + campaign.slug
    agent = person.agent.value if person else ""
    with kept.lock:
        iri = _current(desk, campaign, kept, agent, now)
        iri = iri or _next(desk, campaign, kept, agent, now, chance)
        if iri is None:
            return None
        if person is not None:
            kept.keep(queue, agent, iri, now, given_items.idle(campaign))
    return items.find_item_by_iri(_ALL, desk.index.read(), iri)


def _current(desk: Desk, campaign: Campaign, kept: Holds, agent: str, now: datetime) -> str | None:
    """What they were given and have neither finished nor put off, while that is of use."""
    connection, queue = desk.index.read(), item_queues.QUEUE + campaign.slug
    iri = kept.current(queue, agent) if agent else None
    if iri is None or queues.outcome(connection, campaign.slug, agent, iri):
        return None
    if picking.has_met(connection, queue, agent, iri) or kept.holds(queue, agent, iri, now):
        return iri  # they have begun to answer, or it is kept for them
    others = given_items.others(campaign, kept, agent, iri, now)
    return iri if given_items.has_place(desk, campaign, iri, others) else None


def _next(
    desk: Desk, campaign: Campaign, kept: Holds, agent: str, now: datetime, chance: Chance
) -> str | None:
    connection, queue = desk.index.read(), item_queues.QUEUE + campaign.slug
    if agent and (surprise := _gold(desk, campaign, agent, chance)):
        return surprise
    for found in (
        picking.waiting(connection, queue, agent, _shuffle(agent)),
        picking.put_off(connection, queue, agent),
    ):
        if (iri := _free(desk, campaign, kept, agent, now, found)) is not None:
            return iri
    return None


def _gold(desk: Desk, campaign: Campaign, agent: str, chance: Chance) -> str | None:
    """Now and then an item whose answer is known, less often with experience."""
    finished = queues.finished(desk.index.read(), campaign.slug, agent)
    if chance() >= campaign.routing.gold_odds(finished):
        return None
    unseen = gold.unseen(desk.index.read(), campaign.slug, agent)
    return unseen[int(chance() * len(unseen))] if unseen else None


def _shuffle(agent: str) -> Callable[[str], bytes]:
    """An order of one's own, the same every time, among what is of equal rank."""
    return lambda thing: hashlib.blake2b(f"{agent}\n{thing}".encode(), digest_size=8).digest()


def _free(
    desk: Desk, campaign: Campaign, kept: Holds, agent: str, now: datetime, found: Iterable[str]
) -> str | None:
    """The first that nobody else has before them, else the first with an open place."""
    open_place = None
    for iri in found:
        others = given_items.others(campaign, kept, agent, iri, now)
        if not others:
            return iri
        if open_place is None and given_items.has_place(desk, campaign, iri, others):
            open_place = iri
    return open_place


def get_item(desk: Desk, viewer: Viewer, campaign: Campaign, item_id: str) -> ItemRow:
    """An item of the campaign. Raises NotFound, or Gone for a tombstone."""
    row = get_row(desk, viewer, item_id)
    if not queues.in_queue(desk.index.read(), campaign.slug, row.iri):
        raise NotFound(_("This item is not part of the campaign."))
    return row


def finished(desk: Desk, campaign: Campaign, person: Person | None) -> int:
    """How many items of the campaign this person has finished."""
    if person is None:
        return 0
    return queues.finished(desk.index.read(), campaign.slug, person.agent.value)


def total(desk: Desk, campaign: Campaign) -> int:
    """How many items the campaign has."""
    return queues.progress(desk.index.read(), campaign.slug).items


# --- proposals -------------------------------------------------------------------------------


def next_proposals(
    desk: Desk, campaign: Campaign, person: Person, limit: int, now: datetime,
    after: Collection[str] = (),
) -> list[AnnotationRow]:  # fmt: skip
    """Proposals that wait for this person's vote, the most needed first; not those of `after`.

    Contested ones come first, then those that somebody judged. Never their own, one they voted on,
    or one that enough people judged. What they put off comes at the end.
    """
    connection, queue = desk.index.read(), proposal_queues.QUEUE + campaign.slug
    agent, kept = person.agent.value, holds.of(desk)
    shuffle = _shuffle(agent) if campaign.random_order or campaign.blind else None
    later = kept.later(queue, agent)
    shown, found = {*after, *later}, []
    for looked, iri in enumerate(picking.waiting(connection, queue, agent, shuffle)):
        if iri not in shown:
            found.append(iri)
        if len(found) == limit or looked >= _MOST_LOOKED_AT:
            break
    back = [iri for iri in later if iri not in after and _still_waits(desk, queue, agent, iri)]
    found += back[: limit - len(found)]
    for iri in found:
        kept.note(queue, agent, iri, now)
    rows = (queues.find_annotation(connection, iri) for iri in found)
    return [row for row in rows if row is not None]


def _still_waits(desk: Desk, queue: str, agent: str, iri: str) -> bool:
    connection = desk.index.read()
    return picking.waits(connection, queue, iri) and not picking.has_met(
        connection, queue, agent, iri
    )


def put_off(desk: Desk, campaign: Campaign, person: Person, annotation: str) -> None:
    """ "Not now": the proposal (an IRI) comes back to them when no other waits.

    Kept in memory, as what people have before them is: a restart brings it back earlier.
    """
    queue = proposal_queues.QUEUE + campaign.slug
    holds.of(desk).put_off(queue, person.agent.value, annotation)
