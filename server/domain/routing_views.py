"""The items of a campaign as a list to look through, and the way back from an item."""

from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from server.commit import Desk
from server.domain import items, permissions
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.items import Picture
from server.errors import Invalid, NotFound, Problem
from server.i18n import _
from server.index import items as item_index
from server.index import queue_lists
from server.index.queue_lists import SHOWN, SORTS, Shown, Sort, Spot
from server.viewers import Viewer

PAGE = 48
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ItemCard:
    id: str
    title: str
    subtitle: str
    picture: Picture | None
    href: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for: which items, in which order, after which row."""

    shown: Shown = "all"
    sort: Sort = "title"
    after: Spot | None = None


def wanted(campaign: Campaign, person: Person | None, shown: str, sort: str, after: str) -> Wanted:
    """Raises NotFound for a list that there is not, or that is not for this person."""
    filters, sorts = choices(campaign, person)
    chosen = _one_of(filters, shown)
    usual: tuple[Sort, ...] = ("newest",) if chosen == "mine" else ()
    order = _one_of((*usual, *sorts), sort)
    return Wanted(chosen, order, _spot(order, after))


def _one_of(known: tuple[T, ...], name: str) -> T:
    """The first where none is named."""
    found = next((each for each in known if each == name), None) if name else known[0]
    if found is None:
        raise NotFound(_("There is no such list."))
    return found


def choices(
    campaign: Campaign, person: Person | None
) -> tuple[tuple[Shown, ...], tuple[Sort, ...]]:
    """The filters and orders that tell this person nothing that they may not know.

    What others have proposed is not for strangers, and in a blind campaign for nobody but its
    organisers: there neither an order nor a filter may tell it.
    """
    if permissions.may(person, "moderate", campaign):
        return SHOWN, SORTS
    if person is None:
        return ("all",), ("title",)
    if campaign.blind:
        return ("all", "mine", "others"), ("title",)
    return SHOWN, SORTS


def _spot(sort: str, text: str) -> Spot | None:
    if not text:
        return None
    value, space, item = text.rpartition(" ")
    if not space or (sort == "fewest" and not (value.isascii() and value.isdecimal())):
        message = _("This page of the list cannot be found.")
        raise Invalid(message, (Problem("after", message),))
    return Spot(value[:9] if sort == "fewest" else value, item)


def page(
    desk: Desk, viewer: Viewer, campaign: Campaign, person: Person | None, asked: Wanted,
    language: str,
) -> dict[str, Any]:  # fmt: skip
    """The context of the page: cards of items, and where the next page begins."""
    agent = person.agent.value if person else ""
    found = queue_lists.page(
        desk.index.read(), campaign.slug, agent, asked.shown, asked.sort, asked.after, PAGE
    )
    rows = item_index.find_items(viewer, desk.index.read(), found.items)
    filters, sorts = choices(campaign, person)
    return {
        "items": [_card(campaign, row, language) for row in rows],
        "shown": asked.shown,
        "sort": asked.sort,
        "filters": filters,
        "sorts": sorts,
        "begun": asked.after is not None,
        "following": _address(asked, found.following) if found.following else None,
    }


def _card(campaign: Campaign, row: item_index.ItemRow, language: str) -> ItemCard:
    title = row.title(language)
    href = f"/campaigns/{campaign.slug}/items/{row.id}"
    return ItemCard(row.id, title, row.provider or "", items.thumbnail(row, title), href)


def _address(asked: Wanted, spot: Spot) -> str:
    after = f"{spot.value} {spot.item}"
    return "?" + urlencode({"show": asked.shown, "sort": asked.sort, "after": after})


def previous(desk: Desk, campaign: Campaign, person: Person | None, item: str) -> str | None:
    """The address of the item that this person had before them before this one (an IRI)."""
    if person is None:
        return None
    connection = desk.index.read()
    found = queue_lists.previous(connection, campaign.slug, person.agent.value, item)
    return f"/campaigns/{campaign.slug}/items/{desk.names.item_id(found)}" if found else None
