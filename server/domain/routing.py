"""Which item a person gets next: fewest contributions first, never one that they finished."""

from server.commit import Desk
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.items import get_row
from server.errors import NotFound
from server.i18n import _
from server.index import items, queues
from server.index.items import ItemRow
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


def next_item(desk: Desk, campaign: Campaign, person: Person | None) -> str | None:
    """The `{id}` of the next item, None when nothing is left for this person."""
    connection = desk.index.read()
    iri = queues.next_item(connection, campaign.slug, person.agent.value if person else "")
    if iri is None:
        return None
    row = items.find_item_by_iri(_ALL, connection, iri)
    return row.id if row else None


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
