"""Looking annotations up by what they are about, what they say, who made them, and when.

What is published is everybody's. Of the rest one finds one's own, and in a campaign that one
moderates what others said there.
"""

from collections.abc import Callable, Iterator
from typing import Literal

from server.commit import Desk
from server.domain import blindness, campaigns, item_suggestions, kinds, permissions
from server.domain.accounts import Person
from server.domain.annotation_filters import Search
from server.domain.campaigns import Campaign
from server.errors import NotFound
from server.index import labels, published_annotations, unpublished_annotations
from server.index.contributions import AnnotationRow
from server.index.folding import fold
from server.index.published_annotations import END, MOST, START, Asked, Cursor, Found
from server.viewers import PUBLIC, Viewer

_ALL = Viewer(sees_work=True)
_MOST_TERMS = 20  # that a word may mean
Way = Literal["on", "back"]


def total(desk: Desk, search: Search) -> int | None:
    """How many there are, where that is known without going through them."""
    if not search.public:
        return None
    return published_annotations.total(desk.index.read(), _asked(desk, search))


def find(
    desk: Desk, person: Person | None, search: Search, place: Cursor, *, limit: int, way: Way
) -> Found:
    """The next ones on from a place, or back from it; no more than `MOST` are looked at."""
    connection = desk.index.read()
    if not search.public:
        return _unpublished(desk, person, search, place, limit, way == "back")
    asked = _asked(desk, search)
    if way == "back":
        return published_annotations.page(connection, asked, limit=limit, before=place)
    return published_annotations.page(connection, asked, limit=limit, after=place)


def start(way: Way) -> Cursor:
    return START if way == "on" else END


def _asked(desk: Desk, search: Search) -> Asked:
    groups: list[tuple[str, ...]] = [(search.scope,)] if search.scope else []
    for name, value in search.filters:
        if name == "target":
            groups.append(_about(desk, value))
        elif name == "q":
            groups += _meaning(desk, value)
        elif name not in ("from", "to", "status"):
            groups.append((f"{name}:{value}",))
    unique = tuple(dict.fromkeys(groups))
    return Asked(unique, search.get("from"), search.get("to") or "~")


def _about(desk: Desk, target: str) -> tuple[str, ...]:
    """An item by its own IRI, a former one or the address of its page; or a picture."""
    item = item_suggestions.find(desk, PUBLIC, target)
    return (f"item:{item.iri if item else target}", f"target:{target}")


def _meaning(desk: Desk, text: str) -> list[tuple[str, ...]]:
    """Each word stands in the text, or the whole names the term that is said."""
    hits = labels.suggest(PUBLIC, desk.index, text, scopes=[], lang="en", limit=_MOST_TERMS)
    terms = tuple(f"body:{hit.iri}" for hit in hits if _is_named(text, hit.label, hit.matched))
    return [(f"word:{word}", *terms) for word in text.split()] or [("word:",)]


def _is_named(text: str, *names: str | None) -> bool:
    words = set(text.split())
    return any(name and words <= set(fold(name).split()) for name in names)


def _unpublished(
    desk: Desk, person: Person | None, search: Search, place: Cursor, limit: int, backwards: bool
) -> Found:
    found: list[Cursor] = []
    for looked, (cursor, row) in enumerate(_candidates(desk, person, search, place, backwards)):
        if len(found) == limit or looked == MOST:
            return Found(found[::-1] if backwards else found, place, True)
        place = cursor
        if _fits(desk, person, search, row):
            found.append(cursor)
    return Found(found[::-1] if backwards else found, place, False)


def _candidates(
    desk: Desk, person: Person | None, search: Search, place: Cursor, backwards: bool
) -> Iterator[tuple[Cursor, AnnotationRow]]:
    connection, slug = desk.index.read(), _campaign_of(search)
    who = permissions.require_somebody(person)
    campaign = _standing(desk, who, slug) if slug else None
    if campaign and permissions.may(who, "moderate", campaign):
        return unpublished_annotations.of_campaign(
            connection, slug, search.status, place, backwards=backwards
        )
    return unpublished_annotations.of_maker(connection, who.agent.value, place, backwards=backwards)


def _standing(desk: Desk, person: Person, slug: str) -> Campaign | None:
    try:
        return campaigns.get_campaign(desk, permissions.viewer(person), slug)
    except NotFound:
        return None


def _campaign_of(search: Search) -> str:
    kind, _colon, slug = search.scope.partition(":")
    return search.get("campaign") or (slug if kind == "campaign" else "")


def _fits(desk: Desk, person: Person | None, search: Search, row: AnnotationRow) -> bool:
    campaign = campaigns.get_campaign(desk, _ALL, row.campaign)
    status = "pending" if blindness.binds(campaign, person) else row.status
    if status != search.status or not _in_scope(desk, search, row):
        return False
    return all(_TESTS[name](desk, row, value) for name, value in search.filters if name in _TESTS)


def _in_scope(desk: Desk, search: Search, row: AnnotationRow) -> bool:
    kind, _colon, value = search.scope.partition(":")
    if kind == "provider":
        item = item_suggestions.find(desk, _ALL, row.item)
        return item is not None and item.provider_key == value
    return kind not in ("campaign", "item") or value == getattr(row, kind)


_TESTS: dict[str, Callable[[Desk, AnnotationRow, str], bool]] = {
    "target": lambda desk, row, value: f"item:{row.item}" in _about(desk, value),
    "body": lambda _desk, row, value: row.body == value,
    "field": lambda _desk, row, value: row.field == value,
    "kind": lambda _desk, row, value: row.kind == value,
    "campaign": lambda _desk, row, value: row.campaign == value,
    "creator": lambda desk, row, value: unpublished_annotations.claims(
        desk.index.read(), row.iri, value
    ),
    "generator": lambda _desk, _row, _value: False,
    "motivation": lambda desk, row, value: _motivated(desk, row.kind) in ("", value),
    "from": lambda _desk, row, value: row.created >= value,
    "to": lambda _desk, row, value: row.created <= value,
    "q": lambda _desk, row, value: set(value.split()) <= set(fold(row.text).split()),
}


def _motivated(desk: Desk, kind: str) -> str:
    found = kinds.find(desk, kind)
    return found.motivation if found else ""
