"""Annotations, who contributed to them, and the tallies that follow by triggers.

Every row is keyed, so that writing it twice changes nothing; tallies are sums kept by triggers,
so nothing that a person waits for counts rows.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from operator import attrgetter

from server.index import item_queues, proposal_queues

SCHEMA = """
CREATE TABLE campaign (
    slug TEXT PRIMARY KEY, dataset TEXT NOT NULL, state TEXT NOT NULL, title TEXT NOT NULL,
    created TEXT NOT NULL, rule TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE campaign_collection (
    campaign TEXT, collection TEXT, PRIMARY KEY (campaign, collection)
) WITHOUT ROWID;
CREATE INDEX collection_campaign ON campaign_collection (collection, campaign);

CREATE TABLE annotation (
    iri TEXT PRIMARY KEY, campaign TEXT NOT NULL, item TEXT NOT NULL, kind TEXT NOT NULL,
    task INTEGER NOT NULL, field TEXT NOT NULL, selector TEXT NOT NULL, body TEXT NOT NULL,
    text TEXT NOT NULL, status TEXT NOT NULL, approvals INTEGER NOT NULL,
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
        WHERE campaign = old.campaign AND agent = old.agent;
    DELETE FROM visit_tally
        WHERE campaign = old.campaign AND agent = old.agent AND finished = 0; END;

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
    UPDATE queue SET contributions = contributions + 1, newest = MAX(newest, new.at)
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
    UPDATE queue SET contributions = contributions - 1, newest = COALESCE((
        SELECT MAX(at) FROM contribution WHERE campaign = old.campaign AND item = old.item), '')
        WHERE campaign = old.campaign AND item = old.item; END;
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
CREATE INDEX history_agent ON history (agent, seq, at, action);
"""


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """`item` is the item as it stands by now, also where the annotation names a former one.

    `kind`, `field` ("" for none) and `body` ("" for a text) are IRIs; `task` is the number of the
    question, 0 where none is named; `selector` says what of the item is meant, "" for all of it.
    """

    iri: str
    campaign: str
    item: str
    kind: str
    task: int
    field: str
    selector: str
    body: str
    text: str
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


_COLUMNS = tuple(field.name for field in fields(AnnotationRow))
_annotation_values = attrgetter(*_COLUMNS)
_contribution_values = attrgetter(*(field.name for field in fields(ContributionRow)))


def put_annotation(
    connection: sqlite3.Connection, row: AnnotationRow, contributions: Iterable[ContributionRow]
) -> None:
    """Write the annotation and exactly these contributions to it; what stood before goes.

    Only what differs is written: each row that comes or goes moves the tallies.
    """
    wanted, found = _annotation_values(row), _standing(connection, "annotation", "iri", row.iri)
    if wanted not in found:
        before = next((AnnotationRow(*each) for each in found), None)  # type: ignore[arg-type]
        _replace(connection, before, row)
        proposal_queues.moved(connection, before, row)
    rows = {_contribution_values(each) for each in contributions}
    standing = _standing(connection, "contribution", "annotation", row.iri)
    connection.executemany(
        "DELETE FROM contribution WHERE annotation = ? AND agent = ? AND kind = ?",
        [each[:3] for each in standing - rows],
    )
    connection.executemany("INSERT INTO contribution VALUES (?,?,?,?,?,?,?)", rows - standing)


def _replace(
    connection: sqlite3.Connection, before: AnnotationRow | None, row: AnnotationRow
) -> None:
    """A vote that leaves the status as it was changes nothing that tallies or lists go by."""
    yes, no, unsure = row.approvals, row.rejections, row.unsure
    if before and row == replace(before, approvals=yes, rejections=no, unsure=unsure):
        connection.execute(
            "UPDATE annotation SET approvals = ?, rejections = ?, unsure = ? WHERE iri = ?",
            (yes, no, unsure, row.iri),
        )
        return
    connection.execute("DELETE FROM annotation WHERE iri = ?", (row.iri,))
    marks = ",".join("?" * len(_COLUMNS))
    connection.execute(f"INSERT INTO annotation VALUES ({marks})", _annotation_values(row))


def _standing(
    connection: sqlite3.Connection, table: str, column: str, iri: str
) -> set[tuple[object, ...]]:
    found = connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", (iri,))
    return {tuple(row) for row in found}


def remove_annotation(connection: sqlite3.Connection, iri: str) -> None:
    connection.execute("DELETE FROM contribution WHERE annotation = ?", (iri,))
    for before in _standing(connection, "annotation", "iri", iri):
        connection.execute("DELETE FROM annotation WHERE iri = ?", (iri,))
        proposal_queues.moved(connection, AnnotationRow(*before), None)  # type: ignore[arg-type]


def put_visit(
    connection: sqlite3.Connection, campaign: str, agent: str, item: str, outcome: str, at: str
) -> None:
    """`outcome` is finished or skipped."""
    connection.execute(
        "DELETE FROM visit WHERE campaign = ? AND agent = ? AND item = ?", (campaign, agent, item)
    )
    connection.execute("INSERT INTO visit VALUES (?,?,?,?,?)", (campaign, agent, item, outcome, at))


def remove_visit(connection: sqlite3.Connection, campaign: str, agent: str, item: str) -> None:
    connection.execute(
        "DELETE FROM visit WHERE campaign = ? AND agent = ? AND item = ?", (campaign, agent, item)
    )


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
    item_queues.level_queue(connection, slug)


def campaign_rule(connection: sqlite3.Connection, slug: str) -> str | None:
    row = connection.execute("SELECT rule FROM campaign WHERE slug = ?", (slug,)).fetchone()
    return str(row[0]) if row else None


def remove_campaign(connection: sqlite3.Connection, slug: str) -> None:
    for table in ("campaign_collection", "queue", "campaign_tally", *item_queues.RULES):
        connection.execute(f"DELETE FROM {table} WHERE campaign = ?", (slug,))
    connection.execute("DELETE FROM campaign WHERE slug = ?", (slug,))
