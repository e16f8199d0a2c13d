"""schema.org about the pages, for search engines (https://schema.org/Dataset)."""

from typing import Any

from server.commit import Desk
from server.domain import catalogue, catalogue_graphs, dump_offers, texts
from server.domain.collection_views import CollectionPage
from server.domain.items import Item
from server.domain.links import address
from server.index.items import ItemRow

Said = dict[str, Any]


def whole(desk: Desk, language: str) -> Said:
    """The data as a catalogue of datasets, with the dumps of all."""
    names = desk.names
    parts = [part for part in catalogue_graphs.parts(desk) if part.kind != "vocabulary"]
    return {
        "@type": ["DataCatalog", "Dataset"],
        "@id": names.data.value,
        "name": catalogue.TITLE,
        "description": "Cultural heritage, and what people agreed on about it, as linked data.",
        "url": names.data.value,
        "license": catalogue.CC0.value,
        "creator": {"@type": "Organization", "name": desk.settings.publisher or catalogue.TITLE},
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": names.path(f"dumps/{name}").value,
                "encodingFormat": media_type,
            }
            for name, (_form, media_type) in dump_offers.OFFERED.items()
        ],
        "dataset": [
            {
                "@type": "Dataset",
                "@id": part.iri.value,
                "name": texts.choose(texts.collect(part.titles), language),
                "url": part.iri.value,
            }
            for part in parts[:200]
        ],
    }


def collection(desk: Desk, shown: CollectionPage) -> Said:
    """A collection as a dataset."""
    iri = desk.names.collection(shown.slug).value
    return _present(
        {
            "@type": "Dataset",
            "@id": iri,
            "name": shown.title,
            "description": shown.description or shown.title,
            "url": iri,
            "license": address(shown.rights.iri) if shown.rights else None,
            "creator": {"@type": "Organization", "name": shown.provider} if shown.provider else "",
            "dateModified": shown.modified.isoformat() if shown.modified else None,
            "size": f"{shown.items} items",
            "includedInDataCatalog": {"@type": "DataCatalog", "@id": desk.names.data.value},
            "isAccessibleForFree": True,
        }
    )


def item(desk: Desk, row: ItemRow, shown: Item, language: str) -> Said:
    """What it is called, who made it and when, as its page has it."""
    values = {field.name: [value.text for value in field.values] for field in shown.fields}
    pictured = row.type in (None, "IMAGE")
    return _present(
        {
            "@type": "VisualArtwork" if pictured else "CreativeWork",
            "@id": row.iri,
            "name": row.title(language),
            "url": desk.names.path(f"items/{row.id}").value,
            "identifier": row.iri,
            "description": " ".join(values.get("dc:description", ())[:1])[:1000],
            "creator": values.get("dc:creator"),
            "dateCreated": _first(values, "dcterms:created", "dc:date"),
            "keywords": values.get("dc:subject"),
            "artMedium": values.get("dcterms:medium") if pictured else None,
            "image": desk.names.path(f"images/{row.id}").value if row.picture else None,
            "license": address(row.rights),
            "provider": row.provider,
            "isPartOf": desk.names.collection(row.collection).value,
        }
    )


def _present(said: Said) -> Said:
    return {name: value for name, value in said.items() if value}


def _first(values: dict[str, list[str]], *names: str) -> str | None:
    return next((values[name][0] for name in names if values.get(name)), None)
