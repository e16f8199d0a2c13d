"""The page about harvesting, for people."""

from typing import Any

from server.commit import Desk
from server.domain import oai_records
from server.i18n import _
from server.index import items, providers, queues
from server.viewers import PUBLIC, Viewer

_MOST = 200  # sets of a kind that are shown


def page(desk: Desk, _viewer: Viewer, _language: str) -> dict[str, Any]:
    """The context: what strangers get, whoever looks."""
    connection = desk.index.read()
    base_url = desk.names.path("oai").value
    return {
        "base_url": base_url,
        "formats": [(prefix, _about(prefix)) for prefix in oai_records.FORMATS],
        "sets": [
            (_("Collections"), _sets(
                "collection", [(row.slug, row.title, row.items)
                               for row in items.collections(PUBLIC, connection)]
            )),
            (_("Campaigns"), _sets(
                "campaign", [(row.slug, row.title, None)
                             for row in queues.campaigns(PUBLIC, connection)]
            )),
            (_("Providers"), _sets(
                "provider", [(row.key, row.label, row.items)
                             for row in providers.providers(PUBLIC, connection)]
            )),
        ],
        "examples": [f"/oai?{query}" for query in _EXAMPLES],
        "command": f"crowdheritage harvest {base_url} --collection SLUG --title TITLE",
    }  # fmt: skip


_EXAMPLES = (
    "verb=Identify", "verb=ListMetadataFormats", "verb=ListSets",
    "verb=ListIdentifiers&metadataPrefix=oai_dc", "verb=ListRecords&metadataPrefix=edm_enriched",
)  # fmt: skip


def _sets(kind: str, rows: list[tuple[str, str, int | None]]) -> list[tuple[str, str, int | None]]:
    """(setSpec, name, number of items where it is known)"""
    return [(f"{kind}:{key}", name or key, number) for key, name, number in rows[:_MOST]]


def _about(prefix: str) -> str:
    return {
        "oai_dc": _("Dublin Core, published values included."),
        "edm": _("The record as it came: external EDM, or internal where its source was."),
        "edm_enriched": _("The same with the values that were published."),
        "rdf": _("All that is public about an item, published annotations included."),
    }[prefix]
