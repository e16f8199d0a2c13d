"""Providers as pages show them: the list, one with its items, and what these gained."""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from pyoxigraph import Literal

from server.commit import Desk
from server.domain import fields, item_views, links, paging, provider_merges
from server.domain.campaign_views import Named
from server.domain.item_views import ItemCard
from server.domain.paging import Pages
from server.errors import NotFound
from server.i18n import _
from server.index import items, provider_gains, providers, queues
from server.index.folding import fold
from server.index.providers import ProviderRow
from server.viewers import Viewer

PAGE = 100  # providers
ITEMS = 48
_OFFERED = 300  # names in a form
_QUERY = """# {title}
PREFIX ch: <https://w3id.org/crowdheritage/ns#>
PREFIX edm: <http://www.europeana.eu/schemas/edm/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX ore: <http://www.openarchives.org/ore/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?item ?field ?value ?annotation WHERE {{
  ?proxy ore:proxyFor ?item ; prov:wasDerivedFrom ?annotation .
  ?annotation ch:field ?field ; oa:hasBody ?value .
  ?aggregation edm:aggregatedCHO ?item ; edm:dataProvider ?provider .
  FILTER (STR(?provider) IN ({names}))
}}
LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class ProviderCard:
    key: str
    label: str
    items: int
    enrichments: int


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """`same` are addresses of it elsewhere on the web, `merged` the keys that were counted apart
    before; the rest are addresses of ours. `earlier` and `later` are queries of its other pages."""

    key: str
    label: str
    items: int
    enrichments: int
    spellings: tuple[str, ...]
    same: list[tuple[str, str | None]]
    merged: list[str]
    fields: list[tuple[str, str, int]]
    campaigns: list[Named]
    cards: list[ItemCard]
    earlier: str | None
    later: str | None
    oai: str
    container: str
    dumps: str
    query: str


def listing(
    desk: Desk, viewer: Viewer, text: str, number: int
) -> tuple[list[ProviderCard], int, Pages]:
    """A page of those with these words in their names, how many there are, and the other pages."""
    connection, words = desk.index.read(), fold(text).split()
    found = [
        row for row in providers.providers(viewer, connection)
        if all(word in fold(" ".join(row.spellings)) for word in words)
    ]  # fmt: skip
    last = paging.pages_of(len(found), PAGE)
    number = min(number, last)
    shown = found[(number - 1) * PAGE : number * PAGE]
    gained = provider_gains.totals(connection, [row.key for row in shown])
    cards = [ProviderCard(row.key, name(row), row.items, gained.get(row.key, 0)) for row in shown]
    asked = {"q": text} if text else {}
    before, after = (
        f"/providers?{urlencode(asked | {'page': n})}" for n in (number - 1, number + 1)
    )
    pages = Pages(number, last, before if number > 1 else None, after if number < last else None)
    return cards, len(found), pages


def name(row: ProviderRow) -> str:
    return row.label.strip() or row.key


def get_row(desk: Desk, viewer: Viewer, key: str) -> ProviderRow:
    """Raises NotFound."""
    row = providers.find_provider(viewer, desk.index.read(), key)
    if row is None:
        raise NotFound(_("There is no such provider."))
    return row


def moved_to(desk: Desk, viewer: Viewer, key: str) -> str | None:
    """The key of the provider that this one is by now; None where it is itself, or is not there."""
    connection = desk.index.read()
    end = providers.same_as(connection, key)
    if end == key or providers.find_provider(viewer, connection, end) is None:
        return None
    return end


def page(
    desk: Desk, viewer: Viewer, key: str, language: str, after: str = "", before: str = ""
) -> ProviderPage:
    """With the items after or before one (its `{id}`). Raises NotFound."""
    row, connection = get_row(desk, viewer, key), desk.index.read()
    gains = provider_gains.of_provider(connection, key)
    by_field: dict[str, int] = defaultdict(int)
    by_campaign: dict[str, int] = defaultdict(int)
    for gain in gains:
        by_field[gain.field] += gain.annotations
        by_campaign[gain.campaign] += gain.annotations
    cards, earlier, later = _items(desk, viewer, key, language, after, before)
    return ProviderPage(
        key=key,
        label=name(row),
        items=row.items,
        enrichments=sum(by_field.values()),
        spellings=tuple(each for each in row.spellings if each != row.label),
        same=[(each, links.address(each)) for each in provider_merges.standing(desk, key).links],
        merged=[each for each, to in providers.steps(connection).items() if to == key],
        fields=[(fields.label(each) if each else "", each, n) for each, n in _most(by_field)],
        campaigns=_campaigns(desk, viewer, by_campaign),
        cards=cards,
        earlier=earlier,
        later=later,
        oai=f"/oai?verb=ListRecords&metadataPrefix=edm&set=provider:{key}",
        container=f"/annotations/providers/{key}/",
        dumps=f"/dumps/providers/{key}/",
        query=f"/sparql?query={quote(example(row))}",
    )


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _campaigns(desk: Desk, viewer: Viewer, counts: dict[str, int]) -> list[Named]:
    found = (
        (queues.find_campaign(viewer, desk.index.read(), slug), count)
        for slug, count in _most(counts)
    )
    return [Named(row.slug, row.title, count, row.state) for row, count in found if row]


def _items(
    desk: Desk, viewer: Viewer, key: str, language: str, after: str, before: str
) -> tuple[list[ItemCard], str | None, str | None]:
    """By title, from a place on: however many there are, a page takes the same."""
    connection = desk.index.read()
    start, end = items.place(connection, after), items.place(connection, before)
    rows = items.items_provided(
        viewer, connection, key, limit=ITEMS + 1, after=start or ("", ""), before=end
    )
    more = len(rows) > ITEMS
    rows = rows[-ITEMS:] if end else rows[:ITEMS]
    earlier = bool(start) or (bool(end) and more)
    later = more if not end else True
    return (
        item_views.cards(rows, language),
        f"?before={rows[0].id}" if rows and earlier else None,
        f"?after={rows[-1].id}" if rows and later else None,
    )


def example(row: ProviderRow) -> str:
    """A query for what was added to its items; names enter as literals are written."""
    names = ", ".join(str(Literal(each)) for each in row.spellings)
    title = _("What was added to the objects of {name}", name=" ".join(name(row).split()))
    return _QUERY.format(title=title.replace("\n", " "), names=names)


def offered(desk: Desk, viewer: Viewer, key: str) -> list[str]:
    """The names of others, for the form that says which it is the same as."""
    found = providers.providers(viewer, desk.index.read())
    return [name(row) for row in found if row.key != key][:_OFFERED]


def key_of(desk: Desk, viewer: Viewer, text: str) -> str:
    """The key of the provider that somebody writes: by its name, its key or its address."""
    text = text.strip()
    path = text.removeprefix(desk.names.base).strip("/")
    for kind in ("providers/", "provider/"):
        if path.startswith(kind):
            text = path.removeprefix(kind)
    connection = desk.index.read()
    if providers.find_provider(viewer, connection, text) is not None:
        return text
    return providers.same_as(connection, providers.provider_key(text)) if text else ""
