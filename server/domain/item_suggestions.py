"""The box for items: by words of their titles, by their address here, or by their IRI."""

import re
import unicodedata
from dataclasses import dataclass

from server.commit import Desk
from server.domain import items as item_pages
from server.domain.items import Picture
from server.index import items
from server.index.items import ItemRow
from server.names import is_safe_iri
from server.viewers import Viewer

MOST = 10
#: The `{id}` of an item is 130 bits of a hash: another server has none that is the same.
#: Of Unicode: controls, format characters (such as a space of no width), odd blanks, unassigned.
_UNSEEN = ("Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Zs")
_JOINERS = {"\u200c", "\u200d"}  # which some languages write with
_PAGE_OF = re.compile(r"(?:https?://[^/?#]+)?/items/([a-z2-7]{26})/?(?:[?#].*)?")


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item in one line; `path` is that of its page."""

    iri: str
    id: str
    title: str
    provider: str
    picture: Picture | None

    @property
    def path(self) -> str:
        return f"/items/{self.id}"


def suggest(
    desk: Desk, viewer: Viewer, text: str, language: str, *, without: str = "", limit: int = MOST
) -> list[ItemLine]:
    """Items that the viewer may see; `without` is the `{id}` of one that is not meant."""
    found = _named(desk, viewer, text.strip(), limit + 1)
    return [line(row, language) for row in found if row.id != without][:limit]


def line(row: ItemRow, language: str) -> ItemLine:
    title = row.title(language)
    picture = item_pages.thumbnail(row, title)
    return ItemLine(row.iri, row.id, title, row.provider or "", picture)


def find(desk: Desk, viewer: Viewer, address: str) -> ItemRow | None:
    """The standing item that an address means: that of its page, whatever name this server goes
    by, or its IRI, also a former one."""
    connection = desk.index.read()
    if page := _PAGE_OF.fullmatch(address):
        found = items.find_item(viewer, connection, page[1])
    else:
        iri = items.current_item(connection, address)
        found = items.find_item_by_iri(viewer, connection, iri)
    return found if found is not None and not found.gone else None


def is_here(desk: Desk, address: str) -> bool:
    """Whether an address is that of an item's page, of this server by its own name."""
    return address.startswith(("/items/", f"{desk.names.base}items/"))


def on_the_web(desk: Desk, text: str) -> str:
    """An address (http, https) that is pasted and may be linked to; "" for any other text."""
    address = text.strip()
    on_web = is_safe_iri(address) and not address.lower().startswith("urn:")
    return address if on_web and not is_here(desk, address) and _is_frank(address) else ""


def _is_frank(address: str) -> bool:
    """Whether it shows where it leads: no name before the host (`https://museum.org@elsewhere/`),
    nothing that is not seen."""
    host = address.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
    unseen = {sign for sign in address if unicodedata.category(sign) in _UNSEEN}
    return "@" not in host and not unseen - _JOINERS and not unseen.intersection(host)


def _named(desk: Desk, viewer: Viewer, text: str, limit: int) -> list[ItemRow]:
    if text.startswith("/") or is_safe_iri(text):
        found = find(desk, viewer, text)
        return [found] if found else []
    return items.items_titled(viewer, desk.index.read(), text, limit=limit)
