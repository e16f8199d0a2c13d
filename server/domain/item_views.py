"""Items in grids."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.domain import items
from server.domain.items import Picture
from server.index.items import ItemRow


@dataclass(frozen=True, slots=True)
class ItemCard:
    id: str
    title: str
    subtitle: str
    picture: Picture | None


def cards(rows: Iterable[ItemRow], language: str) -> list[ItemCard]:
    return [
        ItemCard(row.id, title, row.provider or "", items.thumbnail(row, title))
        for row in rows
        for title in [row.title(language)]
    ]
