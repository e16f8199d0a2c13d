"""What changed when, for those who follow: pages of changes that stay what they are.

A page is named by the change that it begins after, or ends before, and by its filter. Changes are
only ever added at the end, so whoever goes on from page to page meets each once. A collection that
is being imported comes in pieces under one number: until it is all there, the feed ends before it.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from server.commit import Desk
from server.domain import annotation_bodies, annotations, campaigns, collection_views, fields, texts
from server.errors import Invalid, NotFound, Problem
from server.i18n import _
from server.index import change_windows, changes, items, providers, queues
from server.index.changes import Among, Cursor, Record
from server.viewers import PUBLIC

PAGE = 250
LOOKED_AT = 20_000  # changes, for a page of those that fit a filter
KINDS = ("item", "annotation")
_ROUNDS = 4  # how many pages are looked at for one of those who stand as they changed last


@dataclass(frozen=True, slots=True)
class Part:
    """Changes in their order; before which the page before them ends, after which the next begins;
    None where there is none."""

    records: Sequence[Record]
    back: Cursor | None
    on: Cursor | None


@dataclass(frozen=True, slots=True)
class Line:
    """A change in words: `title` of the item, `summary` says what was published; "" where gone."""

    record: Record
    title: str
    summary: str


def among(
    desk: Desk, *, kind: str = "", collection: str = "", campaign: str = "", provider: str = ""
) -> Among:
    """Raises NotFound for what is not public, and Invalid for no such kind."""
    if kind and kind not in KINDS:
        words = _("It is one of {values}.", values=", ".join(KINDS))
        raise Invalid(words, (Problem("kind", words),))
    if collection:
        collection_views.get_row(desk, PUBLIC, collection)
    if campaign:
        campaigns.get_campaign(desk, PUBLIC, campaign)
    if provider and providers.find_provider(PUBLIC, desk.index.read(), provider) is None:
        raise NotFound(_("There is no such provider."))
    chosen = next((each for each in KINDS if each == kind), None)
    scopes = {"collection": collection, "campaign": campaign, "provider": provider}
    return Among(
        kind=chosen, collection=collection, campaign=campaign, provider=provider,  # type: ignore[arg-type]
        last_seq=min(settled(desk), *_ends(desk, scopes)),
    )  # fmt: skip


def _ends(desk: Desk, scopes: Mapping[str, str]) -> list[int]:
    """The last change of each of the sets that are named: after it none of theirs comes."""
    connection = desk.index.read()
    return [
        changes.scope_sequence(connection, f"{kind}:{name}" if name else "")
        for kind, name in scopes.items()
    ]


def settled(desk: Desk) -> int:
    """The entry of the last change, up to which nothing comes between any more.

    Entries that change nothing public do not move it: nobody is told that there are some.
    """
    waiting = next(iter(desk.journal.bulk_sequences(desk.index.marked("bulk"))), None)
    last = changes.last(desk.index.read())
    return min(last, waiting - 1) if waiting else last


def after(desk: Desk, wanted: Among, cursor: Cursor, limit: int) -> Part:
    """The changes after a cursor. At most `LOOKED_AT` are looked at, however few of them fit."""
    connection, last = desk.index.read(), wanted.last_seq or 0
    first, end = change_windows.ahead(connection, cursor, last, LOOKED_AT)
    found = changes.log(connection, wanted, limit=limit + 1, after=cursor, until=end)
    on = found[limit - 1].cursor if len(found) > limit else end
    on = on if on and _any_after(desk, on, last) else None
    return Part(found[:limit], first if cursor > changes.START else None, on)


def before(desk: Desk, wanted: Among, cursor: Cursor, limit: int) -> Part:
    """The changes before a cursor, in their order; as `after`."""
    connection, last = desk.index.read(), wanted.last_seq or 0
    top, end = change_windows.back(connection, cursor, last, LOOKED_AT)
    found = changes.log_before(
        connection, wanted, limit=limit + 1, before=cursor, since=end or changes.START
    )
    shown = found[-limit:]
    back = shown[0].cursor if len(found) > limit else end
    back = back if back and _any_before(desk, back, last) else None
    return Part(shown, back, top if top and _any_after(desk, top, last) else None)


def _any_after(desk: Desk, cursor: Cursor, last: int) -> bool:
    return change_windows.ahead(desk.index.read(), cursor, last, 1)[0] is not None


def _any_before(desk: Desk, cursor: Cursor, last: int) -> bool:
    return change_windows.back(desk.index.read(), cursor, last, 1)[0] is not None


_counted: WeakKeyDictionary[Desk, tuple[int, int]] = WeakKeyDictionary()
_lock = threading.Lock()


def total(desk: Desk, last_seq: int) -> int:
    """How many changes there are: those since it was asked last are added to what it was then."""
    with _lock:
        seq, number = _counted.get(desk, (0, 0))
        if last_seq > seq:
            number += change_windows.between(desk.index.read(), seq, last_seq)
            _counted[desk] = last_seq, number
        return number


def newest(
    desk: Desk, wanted: Among, cursor: Cursor, limit: int
) -> tuple[list[Record], Cursor | None]:
    """What changed before a cursor, newest first, without changes that others followed; and where
    the next page begins, None after the last."""
    found: list[Record] = []
    for _round in range(_ROUNDS):
        part = before(desk, wanted, cursor, limit)
        for record in reversed(part.records):
            if record.latest:
                found.append(record)
            if len(found) == limit:
                return found, record.cursor
        if part.back is None:
            return found, None
        cursor = part.back
    return found, cursor


def lines(desk: Desk, records: Sequence[Record], language: str) -> list[Line]:
    """In words, of what is public alone."""
    connection = desk.index.read()
    standing = [each for each in records if not each.deleted]
    rows = {
        row.iri: row
        for each in standing
        if each.kind == "annotation" and (row := queues.find_annotation(connection, each.iri))
    }
    about = [row.item for row in rows.values()]
    known = {
        row.iri: row.title(language)
        for row in items.find_items(
            PUBLIC, connection, [*about, *(each.iri for each in standing if each.kind == "item")]
        )
    }
    said = annotations.find_all(desk, list(rows))
    found = []
    for each in records:
        row = rows.get(each.iri)
        if each.kind == "item":
            title, summary = known.get(each.iri, ""), _item_words(each)
        elif row is not None and row.status == "published" and each.iri in said:
            label = annotation_bodies.view(desk, PUBLIC, said[each.iri], language).label
            title = known.get(row.item, "")
            summary = f"{fields.label(row.field)}: {label}" if row.field else label
        else:
            title = summary = ""
        found.append(Line(each, title, summary if title else ""))
    return found


def _item_words(record: Record) -> str:
    return _("New") if record.first else _("Changed, or enriched")


def title(desk: Desk, wanted: Among, language: str) -> str:
    """What a feed of these is called."""
    if wanted.campaign:
        campaign = campaigns.get_campaign(desk, PUBLIC, wanted.campaign)
        return texts.choose(campaign.title, language)
    if wanted.collection:
        return collection_views.page(desk, PUBLIC, wanted.collection, language).title
    if wanted.provider:
        row = providers.find_provider(PUBLIC, desk.index.read(), wanted.provider)
        return row.label if row else wanted.provider
    return _("What was published")


def of_annotations(wanted: Among) -> Among:
    """For people: what was published, unless they ask for items."""
    return wanted if wanted.kind else replace(wanted, kind="annotation")
