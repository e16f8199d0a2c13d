"""The sets of OAI-PMH: collections, campaigns and providers, each below the set of all of them.

`collection:posters`, `campaign:subjects` (the items that its published annotations enrich, or
did), `provider:a-museum` (spellings merged).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.formats import oai_dc
from server.formats.oai_dc import Value
from server.i18n import _
from server.index import changes, items, providers, queues
from server.index.changes import Among, Record
from server.index.providers import ProviderRow
from server.names import DCTERMS
from server.viewers import PUBLIC

ITEMS = Among(kind="item")
_ELEMENTS = {DCTERMS["title"]: "title", DCTERMS.description: "description"}


@dataclass(frozen=True, slots=True)
class OaiSet:
    """`description` is an `oai_dc:dc` element."""

    spec: str
    name: str
    description: bytes


def find_sets(desk: Desk, after: str = "") -> Iterator[OaiSet]:
    """In the order of their setSpecs, those after one; each is looked up when it is its turn."""
    makers = dict(_makers(desk))
    return (makers[spec](spec) for spec in sorted(makers) if spec > after)


def _makers(desk: Desk) -> Iterator[tuple[str, Callable[[str], OaiSet]]]:
    connection, names = desk.index.read(), desk.names
    yield "campaign", lambda spec: _top(spec, _("Items that a campaign enriches"))
    yield "collection", lambda spec: _top(spec, _("Items of all collections"))
    yield "provider", lambda spec: _top(spec, _("Items whose provider is named"))
    for campaign in queues.campaigns(PUBLIC, connection):
        node = names.campaign(campaign.slug)
        yield f"campaign:{campaign.slug}", partial(_described, desk, campaign.title, node)
    for collection in items.collections(PUBLIC, connection):
        node = names.collection(collection.slug)
        yield f"collection:{collection.slug}", partial(_described, desk, collection.title, node)
    for provider in providers.providers(PUBLIC, connection):
        yield f"provider:{provider.key}", partial(_provider, desk, provider)


def _top(spec: str, name: str) -> OaiSet:
    return OaiSet(spec, name, oai_dc.describing([("title", (name, ""))]))


def _described(desk: Desk, name: str, node: NamedNode, spec: str) -> OaiSet:
    """With what its Turtle says in all languages."""
    found: list[tuple[str, Value]] = []
    for property_, value in desk.about("public", node):
        if isinstance(value, Literal) and (element := _ELEMENTS.get(property_)):
            found.append((element, (value.value, value.language or "")))
    described = [*sorted(found, reverse=True), ("identifier", (node.value, ""))]
    return OaiSet(spec, name or spec, oai_dc.describing(described))


def _provider(desk: Desk, row: ProviderRow, spec: str) -> OaiSet:
    said = [("title", (spelling, "")) for spelling in row.spellings]
    address = desk.names.path(f"providers/{row.key}").value
    return OaiSet(spec, row.label, oai_dc.describing([*said, ("identifier", (address, ""))]))


def among(spec: str) -> Among | None:
    """Which records are in a set; None where there is no such set."""
    kind, colon, name = spec.partition(":")
    if not spec or spec == "collection":
        return ITEMS
    if kind not in ("campaign", "collection", "provider") or ":" in name:
        return None
    meant = {kind: name if colon else changes.ANY}
    return replace(ITEMS, **meant)  # type: ignore[arg-type]


def is_public(desk: Desk, spec: str) -> bool:
    """Whether the campaign is that a set is of: one that is a draft again is as one that never
    was, whatever it had published before."""
    kind, _colon, name = spec.partition(":")
    if kind != "campaign" or not name:
        return True
    return queues.find_campaign(PUBLIC, desk.index.read(), name) is not None


class Specs:
    """The setSpecs of records, without campaigns that are not public any more."""

    def __init__(self, desk: Desk) -> None:
        self._campaigns = {row.slug for row in queues.campaigns(PUBLIC, desk.index.read())}

    def of(self, record: Record) -> list[str]:
        found = [f"campaign:{slug}" for slug in record.campaigns if slug in self._campaigns]
        found.append(f"collection:{record.collection}")
        return [*found, f"provider:{record.provider}"] if record.provider else found
