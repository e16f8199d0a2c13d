"""That a provider is the same as another: said by organisers, and followed by the rows of items.

It is data, in `graph/provider/{key}` of the public dataset: `owl:sameAs` the one that it is, here
or elsewhere on the web (Wikidata, an ISIL). It is a bulk entry, since a museum has many items: they
move to the other provider a page at a time, between contributions.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import NamedNode, RdfFormat, parse

from server.commit import Desk, Step
from server.domain import change_rows, graph_states, item_rows, permissions
from server.domain.accounts import Person
from server.errors import Invalid, NotFound, Problem
from server.i18n import _
from server.index import changes, items, providers
from server.index.items import ItemRow
from server.journal import bulk_files
from server.journal.entries import Entry
from server.names import OWL, Names, is_safe_iri, value_of
from server.patches import Bulk, BulkFile, Patch
from server.viewers import Viewer

_PAGE = 50
_MOST_LINKS = 10
_ALL = Viewer(sees_work=True)


@dataclass(frozen=True, slots=True)
class Same:
    """What a provider is the same as: the `key` of another here ("" for none), IRIs elsewhere."""

    key: str = ""
    links: tuple[str, ...] = ()


def standing(desk: Desk, key: str) -> Same:
    """What was said of a key, also where that is not worked in yet."""
    graph = desk.names.graph("provider", key)
    _since, full = graph_states.standing(desk, "public", graph)
    return _read(desk, full)


def _read(desk: Desk, file: BulkFile | None) -> Same:
    if file is None:
        return Same()
    with bulk_files.path(desk.bulk_folder, file).open("rb") as stream:
        said = [value_of(quad.object) for quad in parse(stream, RdfFormat.N_QUADS)]
    keys = [key for each in said if (key := desk.names.local(each, "provider"))]
    links = tuple(each for each in said if desk.names.local(each, "provider") is None)
    return Same(keys[0] if keys else "", links)


def say(desk: Desk, organiser: Person, key: str, same: Same, *, now: datetime) -> None:
    """Replace what is said of a provider; `desk.run_bulk` then moves its items.

    Raises NotFound for a provider that is none, Invalid for one that would be the same as itself
    and for links that are no addresses.
    """
    permissions.require(organiser, "import")
    _require_known(desk, key)
    same = Same(same.key, _links(desk.names, same.links))
    me, graph = desk.names.provider(key), desk.names.graph("provider", key)
    others = [desk.names.provider(same.key)] if same.key else []
    lines = [f"{me} {OWL.sameAs} {each}" for each in (*others, *map(NamedNode, same.links))]
    prepared = graph_states.prepare(desk, "public", graph, lines)

    def decide(desk: Desk) -> tuple[Patch, None]:
        graph_states.require_unchanged(desk, prepared)
        if same.key:
            _require_known(desk, same.key)
            _require_no_circle(desk, key, same.key)
        return Patch(bulk=(prepared.bulk,)) if prepared.changes_something else Patch(), None

    desk.commit(decide, by=organiser.agent.value, action="merge providers", now=now)


def is_known(desk: Desk, key: str) -> bool:
    """Whether something is, or was, provided under that key."""
    connection = desk.index.read()
    standing = providers.find_provider(_ALL, connection, key)
    return standing is not None or key in providers.steps(connection)


def _require_known(desk: Desk, key: str) -> None:
    if not is_known(desk, key):
        raise NotFound(_("There is no such provider."))


def _require_no_circle(desk: Desk, key: str, other: str) -> None:
    """However many steps it takes; as the journal has it, whatever is worked in."""
    seen: set[str] = set()
    while other and other not in seen:
        seen.add(other)
        if other == key:
            message = _("It would be the same as itself.")
            raise Invalid(message, (Problem("same", message),))
        other = standing(desk, other).key


def _links(names: Names, links: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(link for each in links if (link := each.strip())))
    wrong = [each for each in found if not is_safe_iri(each) or each.startswith(names.base)]
    if wrong or len(found) > _MOST_LINKS:
        message = _("Give addresses elsewhere that begin with http:// or https://, ten at most.")
        raise Invalid(message, (Problem("links", message),))
    return found


# --- the rows that follow ------------------------------------------------------------------------


def project_bulk(desk: Desk, key: str, bulk: Bulk, entry: Entry) -> Iterator[Step]:
    """The key leads elsewhere; then the items that stood where it led before, a page at a time."""
    after = _read(desk, bulk.full).key
    before = _before(desk, bulk, after)
    yield lambda: providers.put_same(desk.index.write, key, after)
    if before == after:
        return
    steps = providers.steps(desk.index.read())
    left = providers.end({**steps, key: before}, key)
    merged = {each: providers.end(steps, each) for each in steps}
    iri = ""
    while rows := items.provided_otherwise(desk.index.read(), [left], iri, _PAGE):
        iri = rows[-1].iri
        if moved := [row for row in rows if _key(row, merged) != row.provider_key]:
            yield lambda r=moved: _move(desk, r, left, entry)  # type: ignore[misc]


def _before(desk: Desk, bulk: Bulk, after: str) -> str:
    """Which other it was the same as before the change."""
    removed, added = (_read(desk, file).key for file in (bulk.remove, bulk.add))
    return removed if removed or added else after


def _key(row: ItemRow, merged: dict[str, str]) -> str:
    raw = providers.provider_key(row.provider)
    return merged.get(raw, raw)


def _move(desk: Desk, rows: list[ItemRow], left: str, entry: Entry) -> None:
    by_collection: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        by_collection[row.dataset, row.collection].append(row.iri)
    for (dataset, slug), iris in by_collection.items():
        item_rows.project(desk, slug, iris)
        if dataset == "public":
            change_rows.project_items(desk, slug, iris, entry.seq, entry.at)
            changes.touch(desk.index.write, entry.seq, f"provider:{left}")
