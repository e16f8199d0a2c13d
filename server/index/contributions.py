"""Annotations, who contributed to them, and the tallies and queues that follow by triggers.

Every row is keyed, so that writing it twice changes nothing; tallies are sums kept by triggers,
so nothing that a person waits for counts rows.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from operator import attrgetter

SCHEMA = """
CREATE TABLE campaign (
    slug TEXT PRIMARY KEY, dataset TEXT NOT NULL, state TEXT NOT NULL, title TEXT NOT NULL,
    created TEXT NOT NULL, rule TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE campaign_collection (
    campaign TEXT, collection TEXT, PRIMARY KEY (campaign, collection)
) WITHOUT ROWID;
CREATE INDEX collection_campaign ON campaign_collection (collection, campaign);

CREATE TABLE queue (
    campaign TEXT, item TEXT, contributions INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, item)
) WITHOUT ROWID;
CREATE INDEX queue_order ON queue (campaign, contributions, item);

CREATE TABLE annotation (
    iri TEXT PRIMARY KEY, campaign TEXT NOT NULL, item TEXT NOT NULL, field TEXT NOT NULL,
    body TEXT NOT NULL, status TEXT NOT NULL, approvals INTEGER NOT NULL,
    rejections INTEGER NOT NULL, unsure INTEGER NOT NULL, created TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX annotation_status ON annotation (campaign, status, created);
CREATE INDEX annotation_created ON annotation (campaign, created, iri);
CREATE INDEX annotation_item ON annotation (item, campaign);
CREATE INDEX annotation_body ON annotation (body, status, campaign);

CREATE TABLE contribution (
    annotation TEXT, agent TEXT, kind TEXT, campaign TEXT NOT NULL, item TEXT NOT NULL,
    verdict TEXT, at TEXT NOT NULL, PRIMARY KEY (annotation, agent, kind)
) WITHOUT ROWID;
CREATE INDEX contribution_agent ON contribution (agent, at);

CREATE TABLE visit (
    campaign TEXT, agent TEXT, item TEXT, outcome TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (campaign, agent, item)
) WITHOUT ROWID;
CREATE TABLE visit_tally (
    campaign TEXT, agent TEXT, finished INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (campaign, agent)
) WITHOUT ROWID;
CREATE TRIGGER visit_added AFTER INSERT ON visit WHEN new.outcome = 'finished' BEGIN
    INSERT INTO visit_tally VALUES (new.campaign, new.agent, 1)
        ON CONFLICT DO UPDATE SET finished = finished + 1; END;
CREATE TRIGGER visit_removed AFTER DELETE ON visit WHEN old.outcome = 'finished' BEGIN
    UPDATE visit_tally SET finished = finished - 1
        WHERE campaign = old.campaign AND agent = old.agent; END;

CREATE TABLE agreement (
    campaign TEXT, agent TEXT, licence TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (campaign, agent)
) WITHOUT ROWID;

CREATE TABLE campaign_tally (
    campaign TEXT PRIMARY KEY, contributions INTEGER NOT NULL DEFAULT 0,
    people INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0,
    items_begun INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE status_tally (
    campaign TEXT, status TEXT, annotations INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, status)
) WITHOUT ROWID;
CREATE TABLE agent_tally (
    campaign TEXT, agent TEXT, contributions INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, agent)
) WITHOUT ROWID;

CREATE TRIGGER contribution_added AFTER INSERT ON contribution BEGIN
    INSERT INTO campaign_tally (campaign, contributions) VALUES (new.campaign, 1)
        ON CONFLICT DO UPDATE SET contributions = contributions + 1;
    INSERT INTO agent_tally VALUES (new.campaign, new.agent, 1)
        ON CONFLICT DO UPDATE SET contributions = contributions + 1;
    UPDATE campaign_tally SET people = people + 1 WHERE campaign = new.campaign AND 1 = (
        SELECT contributions FROM agent_tally
        WHERE campaign = new.campaign AND agent = new.agent);
    UPDATE queue SET contributions = contributions + 1
        WHERE campaign = new.campaign AND item = new.item; END;
CREATE TRIGGER contribution_removed AFTER DELETE ON contribution BEGIN
    UPDATE campaign_tally SET contributions = contributions - 1 WHERE campaign = old.campaign;
    UPDATE agent_tally SET contributions = contributions - 1
        WHERE campaign = old.campaign AND agent = old.agent;
    UPDATE campaign_tally SET people = people - 1 WHERE campaign = old.campaign AND 0 = (
        SELECT contributions FROM agent_tally
        WHERE campaign = old.campaign AND agent = old.agent);
    DELETE FROM agent_tally
        WHERE campaign = old.campaign AND agent = old.agent AND contributions = 0;
    UPDATE queue SET contributions = contributions - 1
        WHERE campaign = old.campaign AND item = old.item; END;
CREATE TRIGGER queue_added AFTER INSERT ON queue BEGIN
    INSERT INTO campaign_tally (campaign, items, items_begun)
        VALUES (new.campaign, 1, new.contributions > 0)
        ON CONFLICT DO UPDATE SET items = items + 1,
            items_begun = items_begun + (new.contributions > 0); END;
CREATE TRIGGER queue_removed AFTER DELETE ON queue BEGIN
    UPDATE campaign_tally SET items = items - 1,
        items_begun = items_begun - (old.contributions > 0) WHERE campaign = old.campaign; END;
CREATE TRIGGER queue_begun AFTER UPDATE ON queue
    WHEN (new.contributions > 0) <> (old.contributions > 0) BEGIN
    UPDATE campaign_tally
        SET items_begun = items_begun + (new.contributions > 0) - (old.contributions > 0)
        WHERE campaign = new.campaign; END;
CREATE TRIGGER annotation_added AFTER INSERT ON annotation BEGIN
    INSERT INTO status_tally VALUES (new.campaign, new.status, 1)
        ON CONFLICT DO UPDATE SET annotations = annotations + 1; END;
CREATE TRIGGER annotation_removed AFTER DELETE ON annotation BEGIN
    UPDATE status_tally SET annotations = annotations - 1
        WHERE campaign = old.campaign AND status = old.status;
    DELETE FROM status_tally
        WHERE campaign = old.campaign AND status = old.status AND annotations = 0; END;

CREATE TABLE history (
    subject TEXT, seq INTEGER, at TEXT NOT NULL, agent TEXT NOT NULL, action TEXT NOT NULL,
    PRIMARY KEY (subject, seq)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """`item` is the item as it stands by now, also where the annotation names a former one."""

    iri: str
    campaign: str
    item: str
    field: str
    body: str
    status: str
    approvals: int
    rejections: int
    unsure: int
    created: str


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """`kind` is claim or vote; `agent` an IRI; `verdict` of a vote."""

    annotation: str
    agent: str
    kind: str
    campaign: str
    item: str
    verdict: str | None
    at: str


_annotation_values = attrgetter(*(field.name for field in fields(AnnotationRow)))
_contribution_values = attrgetter(*(field.name for field in fields(ContributionRow)))


def put_annotation(
    connection: sqlite3.Connection, row: AnnotationRow, contributions: Iterable[ContributionRow]
) -> None:
    """Write the annotation and exactly these contributions to it; what stood before goes.

    Only what differs is written: each row that comes or goes moves the tallies.
    """
    wanted, found = _annotation_values(row), _standing(connection, "annotation", "iri", row.iri)
    if wanted not in found:
        connection.execute("DELETE FROM annotation WHERE iri = ?", (row.iri,))
        connection.execute("INSERT INTO annotation VALUES (?,?,?,?,?,?,?,?,?,?)", wanted)
    rows = {_contribution_values(each) for each in contributions}
    standing = _standing(connection, "contribution", "annotation", row.iri)
    connection.executemany(
        "DELETE FROM contribution WHERE annotation = ? AND agent = ? AND kind = ?",
        [each[:3] for each in standing - rows],
    )
    connection.executemany("INSERT INTO contribution VALUES (?,?,?,?,?,?,?)", rows - standing)


def _standing(
    connection: sqlite3.Connection, table: str, column: str, iri: str
) -> set[tuple[object, ...]]:
    found = connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", (iri,))
    return {tuple(row) for row in found}


def remove_annotation(connection: sqlite3.Connection, iri: str) -> None:
    connection.execute("DELETE FROM contribution WHERE annotation = ?", (iri,))
    connection.execute("DELETE FROM annotation WHERE iri = ?", (iri,))


def put_visit(
    connection: sqlite3.Connection, campaign: str, agent: str, item: str, outcome: str, at: str
) -> None:
    """`outcome` is finished or skipped."""
    connection.execute(
        "DELETE FROM visit WHERE campaign = ? AND agent = ? AND item = ?", (campaign, agent, item)
    )
    connection.execute("INSERT INTO visit VALUES (?,?,?,?,?)", (campaign, agent, item, outcome, at))


def put_agreement(
    connection: sqlite3.Connection, campaign: str, agent: str, licence: str | None, at: str
) -> None:
    """Without a licence, the agreement is forgotten."""
    connection.execute("DELETE FROM agreement WHERE campaign = ? AND agent = ?", (campaign, agent))
    if licence:
        connection.execute("INSERT INTO agreement VALUES (?,?,?,?)", (campaign, agent, licence, at))


def put_history(
    connection: sqlite3.Connection, subject: str, seq: int, at: str, agent: str, action: str
) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO history VALUES (?,?,?,?,?)", (subject, seq, at, agent, action)
    )


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """`rule` is the acceptance rule as JSON; `dataset` public, or work for a draft."""

    slug: str
    dataset: str
    state: str
    title: str
    created: str
    rule: str


def put_campaign(
    connection: sqlite3.Connection, row: CampaignRow, collections: Iterable[str]
) -> None:
    """Write the campaign; where its collections changed, bring its queue level with their items."""
    slug = row.slug
    connection.execute("INSERT OR REPLACE INTO campaign VALUES (?,?,?,?,?,?)", astuple(row))
    connection.execute("INSERT OR IGNORE INTO campaign_tally (campaign) VALUES (?)", (slug,))
    standing = connection.execute(
        "SELECT collection FROM campaign_collection WHERE campaign = ?", (slug,)
    )
    wanted = set(collections)
    if {each[0] for each in standing} == wanted:
        return
    connection.execute("DELETE FROM campaign_collection WHERE campaign = ?", (slug,))
    connection.executemany(
        "INSERT OR IGNORE INTO campaign_collection VALUES (?,?)",
        [(slug, collection) for collection in wanted],
    )
    level_queue(connection, slug)


def campaign_rule(connection: sqlite3.Connection, slug: str) -> str | None:
    row = connection.execute("SELECT rule FROM campaign WHERE slug = ?", (slug,)).fetchone()
    return str(row[0]) if row else None


def level_queue(connection: sqlite3.Connection, campaign: str) -> None:
    """The queue holds each standing item of the campaign's collections, and no other."""
    connection.execute(
        "DELETE FROM queue WHERE campaign = ? AND item NOT IN ("
        "SELECT iri FROM item JOIN campaign_collection USING (collection) "
        "WHERE campaign = ? AND gone = 0)",
        (campaign, campaign),
    )
    connection.execute(
        "INSERT OR IGNORE INTO queue SELECT campaign, iri, ("
        "SELECT COUNT(*) FROM annotation JOIN contribution ON annotation.iri = annotation "
        "WHERE annotation.item = item.iri AND annotation.campaign = campaign_collection.campaign) "
        "FROM campaign_collection JOIN item USING (collection) WHERE campaign = ? AND gone = 0",
        (campaign,),
    )


def queue_item(connection: sqlite3.Connection, item: str, collection: str, gone: bool) -> None:
    """Put one item into the queues of the campaigns of its collection, or take it out."""
    if gone:
        connection.execute("DELETE FROM queue WHERE item = ?", (item,))
        return
    connection.execute(
        "INSERT OR IGNORE INTO queue SELECT campaign, ?, (SELECT COUNT(*) FROM annotation "
        "JOIN contribution ON annotation.iri = annotation WHERE annotation.item = ? "
        "AND annotation.campaign = campaign_collection.campaign) "
        "FROM campaign_collection WHERE collection = ?",
        (item, item, collection),
    )


def remove_campaign(connection: sqlite3.Connection, slug: str) -> None:
    for table in ("campaign_collection", "queue", "campaign_tally"):
        connection.execute(f"DELETE FROM {table} WHERE campaign = ?", (slug,))
    connection.execute("DELETE FROM campaign WHERE slug = ?", (slug,))
