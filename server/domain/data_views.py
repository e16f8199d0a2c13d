"""What the instance offers to those who take data: figures, downloads, licences."""

from typing import Any

from server.commit import Desk
from server.domain import dump_views, links, texts, vocabularies, vocabulary_views
from server.i18n import _
from server.index import items, queues
from server.viewers import Viewer

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


def page(desk: Desk, viewer: Viewer, language: str) -> dict[str, Any]:
    """The context of /data."""
    connection = desk.index.read()
    collections = items.collections(viewer, connection)
    published = sum(
        queues.progress(connection, row.slug).by_status.get("published", 0)
        for row in queues.campaigns(viewer, connection)
    )
    found = vocabularies.find_vocabularies(desk, viewer)
    return {
        "figures": [
            (_("items"), sum(row.items for row in collections)),
            (_("terms"), sum(each.terms for each in found)),
            (_("published enrichments"), published),
        ],
        "dumps": dump_views.first(desk),
        "services": _services(),
        "licences": [
            (_("Contributions"), _CC0, "CC0 1.0", ""),
            *(
                (
                    texts.choose(each.title, language, each.slug),
                    licence,
                    vocabulary_views.licence_name(each.licence),
                    texts.choose(each.attribution, language),
                )
                for each in found
                if (licence := links.address(each.licence))
            ),
        ],
        "base": desk.names.base,
    }


def _services() -> list[tuple[str, str, str]]:
    """(address, name, what one does there)"""
    return [
        ("/oai", "OAI-PMH", _("Harvest records, all or those that changed since.")),
        ("/annotations/", "Web Annotations", _("Read and write what people say, as W3C has it.")),
        (
            "/reconcile",
            "Reconciliation",
            _("Match a table against the vocabularies, in OpenRefine."),
        ),
        ("/feed", "IIIF Change Discovery", _("Follow what changes, in its order.")),
        ("/api", "API", _("Do by program what the pages do.")),
    ]
