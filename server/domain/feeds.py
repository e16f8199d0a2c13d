"""What changed when, for those who follow: pages of changes that stay what they are.

A page is named by the change that it begins after, or ends before, and by its filter. Changes are
only ever added at the end, so whoever goes on from page to page meets each once. A collection that
is being imported comes in pieces under one number: until it is all there, the feed ends before it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from server.commit import Desk
from server.domain import annotation_bodies, annotations, campaigns, collection_views, fields, texts
from server.errors import Invalid, NotFound, Problem
from server.i18n import _
from server.index import change_counts, changes, items, providers, queues
from server.index.changes import Among, Cursor, Record
from server.viewers import PUBLIC

PAGE = 250
KINDS = ("item", "annotation")
_ROUNDS = 4  # how many pages are looked at for one of those who stand as they changed last


@dataclass(frozen=True, slots=True)
class Part:
    """Changes in their order; whether there are some before them, and after."""

    records: Sequence[Record]
    before: bool
    after: bool


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
    return Among(
        kind=chosen, collection=collection, campaign=campaign, provider=provider,  # type: ignore[arg-type]
        last_seq=settled(desk),
    )  # fmt: skip


def settled(desk: Desk) -> int:
    """The last entry up to which nothing comes between any more."""
    done = desk.index.marked("bulk")
    waiting = next(iter(desk.journal.bulk_sequences(done)), None)
    return waiting - 1 if waiting else max(done, desk.index.marked("sequence"))


def after(desk: Desk, wanted: Among, cursor: Cursor, limit: int) -> Part:
    found = changes.log(desk.index.read(), wanted, limit=limit + 1, after=cursor)
    return Part(found[:limit], cursor > changes.START, len(found) > limit)


def before(desk: Desk, wanted: Among, cursor: Cursor, limit: int) -> Part:
    connection = desk.index.read()
    found = changes.log_before(connection, wanted, limit=limit + 1, before=cursor)
    shown = found[-limit:]
    more = bool(shown) and changes.log(connection, wanted, limit=1, after=shown[-1].cursor)
    return Part(shown, len(found) > limit, bool(more))


_counted: WeakKeyDictionary[Desk, tuple[int, int]] = WeakKeyDictionary()
_lock = threading.Lock()


def total(desk: Desk, last_seq: int) -> int:
    """How many changes there are: those since it was asked last are added to what it was then."""
    with _lock:
        seq, number = _counted.get(desk, (0, 0))
        if last_seq > seq:
            number += change_counts.between(desk.index.read(), seq, last_seq)
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
            cursor = record.cursor
            if record.latest:
                found.append(record)
            if len(found) == limit:
                return found, cursor
        if not part.before:
            return found, None
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
