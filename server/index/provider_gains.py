"""What the items of providers gained: tallies of what is published, kept by triggers.

Each counts the published annotations of the items that stand under a provider, whichever of the two
rows comes or goes.
"""

import sqlite3
from dataclasses import dataclass

SCHEMA = """
CREATE TABLE provider_gain (
    provider TEXT, campaign TEXT, field TEXT, annotations INTEGER NOT NULL,
    PRIMARY KEY (provider, campaign, field)
) WITHOUT ROWID;
CREATE TRIGGER gain_published AFTER INSERT ON annotation WHEN new.status = 'published' BEGIN
    INSERT INTO provider_gain SELECT provider_key, new.campaign, new.field, 1 FROM item
        WHERE iri = new.item AND provider_key <> ''
        ON CONFLICT DO UPDATE SET annotations = annotations + 1; END;
CREATE TRIGGER gain_withdrawn AFTER DELETE ON annotation WHEN old.status = 'published' BEGIN
    UPDATE provider_gain SET annotations = annotations - 1
        WHERE provider = (SELECT provider_key FROM item WHERE iri = old.item)
        AND campaign = old.campaign AND field = old.field;
    DELETE FROM provider_gain
        WHERE provider = (SELECT provider_key FROM item WHERE iri = old.item)
        AND campaign = old.campaign AND field = old.field AND annotations = 0; END;
CREATE TRIGGER gain_came AFTER INSERT ON item WHEN new.provider_key <> ''
    AND EXISTS (SELECT 1 FROM annotation WHERE item = new.iri)
BEGIN
    INSERT INTO provider_gain SELECT new.provider_key, campaign, field, COUNT(*) FROM annotation
        WHERE item = new.iri AND status = 'published' GROUP BY campaign, field
        ON CONFLICT DO UPDATE SET annotations = annotations + excluded.annotations; END;
CREATE TRIGGER gain_went AFTER DELETE ON item WHEN old.provider_key <> ''
    AND EXISTS (SELECT 1 FROM annotation WHERE item = old.iri)
BEGIN
    UPDATE provider_gain SET annotations = annotations - (
            SELECT COUNT(*) FROM annotation AS each
            WHERE each.item = old.iri AND each.status = 'published'
            AND each.campaign = provider_gain.campaign AND each.field = provider_gain.field)
        WHERE provider = old.provider_key;
    DELETE FROM provider_gain WHERE provider = old.provider_key AND annotations = 0; END;
"""


@dataclass(frozen=True, slots=True)
class Gain:
    """How many published annotations of a campaign (a slug) there are for a field (an IRI, "" for
    none) of the provider's items."""

    campaign: str
    field: str
    annotations: int


def of_provider(connection: sqlite3.Connection, key: str) -> list[Gain]:
    """The most first."""
    found = connection.execute(
        "SELECT campaign, field, annotations FROM provider_gain WHERE provider = ? "
        "ORDER BY annotations DESC, campaign, field",
        (key,),
    )
    return [Gain(*row) for row in found]


def totals(connection: sqlite3.Connection, keys: list[str]) -> dict[str, int]:
    """By the key of the provider."""
    marks = ",".join("?" for _ in keys)
    found = connection.execute(
        f"SELECT provider, SUM(annotations) FROM provider_gain WHERE provider IN ({marks}) "
        "GROUP BY provider",
        keys,
    )
    return {row[0]: int(row[1]) for row in found}
