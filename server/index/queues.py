"""Reading queues and tallies: what is in a campaign, how far it is, who did what."""

import sqlite3
from dataclasses import dataclass

from server.index.contributions import AnnotationRow, CampaignRow
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of one campaign; `people` have contributed, `items_begun` have a contribution."""

    contributions: int
    people: int
    items: int
    items_begun: int
    by_status: dict[str, int]

    @property
    def accepted(self) -> int:
        return self.by_status.get("accepted", 0) + self.by_status.get("published", 0)

    @property
    def pending(self) -> int:
        return self.by_status.get("pending", 0) + self.by_status.get("contested", 0)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`answers` counts people; `disputed`: they disagree; `retired`: no more are wanted."""

    id: str
    answers: int
    disputed: bool
    retired: bool


def in_queue(connection: sqlite3.Connection, campaign: str, item: str) -> bool:
    return (
        connection.execute(
            "SELECT 1 FROM queue WHERE campaign = ? AND item = ?", (campaign, item)
        ).fetchone()
        is not None
    )


def place(connection: sqlite3.Connection, campaign: str, item: str) -> QueueRow | None:
    """An item's place in the campaign's queue; None where it is not in it."""
    row = connection.execute(
        "SELECT id, answers, contested > 0 OR divided, level IS NULL FROM queue "
        "WHERE campaign = ? AND item = ?",
        (campaign, item),
    ).fetchone()
    return QueueRow(row[0], row[1], bool(row[2]), bool(row[3])) if row else None


def outcome(connection: sqlite3.Connection, campaign: str, agent: str, item: str) -> str:
    """How somebody's visit ended: finished, skipped, or "" where it has not."""
    row = connection.execute(
        "SELECT outcome FROM visit WHERE campaign = ? AND agent = ? AND item = ?",
        (campaign, agent, item),
    ).fetchone()
    return str(row[0]) if row else ""


def finished(connection: sqlite3.Connection, campaign: str, agent: str) -> int:
    """How many items of the campaign this agent has finished."""
    row = connection.execute(
        "SELECT finished FROM visit_tally WHERE campaign = ? AND agent = ?", (campaign, agent)
    ).fetchone()
    return row[0] if row else 0


def agreed_licence(connection: sqlite3.Connection, campaign: str, agent: str) -> str | None:
    row = connection.execute(
        "SELECT licence FROM agreement WHERE campaign = ? AND agent = ?", (campaign, agent)
    ).fetchone()
    return str(row[0]) if row else None


def progress(connection: sqlite3.Connection, campaign: str) -> Progress:
    row = connection.execute(
        "SELECT contributions, people, items, items_begun FROM campaign_tally WHERE campaign = ?",
        (campaign,),
    ).fetchone() or (0, 0, 0, 0)
    statuses = connection.execute(
        "SELECT status, annotations FROM status_tally WHERE campaign = ?", (campaign,)
    )
    return Progress(row[0], row[1], row[2], row[3], dict(tuple(each) for each in statuses))


def campaigns(viewer: Viewer, connection: sqlite3.Connection) -> list[CampaignRow]:
    """Open ones first, then the newest."""
    marks = ",".join("?" for _ in viewer.datasets)
    found = connection.execute(
        f"SELECT * FROM campaign WHERE dataset IN ({marks}) "
        "ORDER BY state <> 'open', state <> 'draft', created DESC",
        viewer.datasets,
    )
    return [CampaignRow(*row) for row in found]


def find_campaign(viewer: Viewer, connection: sqlite3.Connection, slug: str) -> CampaignRow | None:
    marks = ",".join("?" for _ in viewer.datasets)
    row = connection.execute(
        f"SELECT * FROM campaign WHERE slug = ? AND dataset IN ({marks})", (slug, *viewer.datasets)
    ).fetchone()
    return CampaignRow(*row) if row else None


def campaigns_of_item(
    viewer: Viewer, connection: sqlite3.Connection, item: str
) -> list[CampaignRow]:
    marks = ",".join("?" for _ in viewer.datasets)
    found = connection.execute(
        f"SELECT campaign.* FROM queue JOIN campaign ON slug = campaign "
        f"WHERE item = ? AND dataset IN ({marks}) ORDER BY created DESC",
        (item, *viewer.datasets),
    )
    return [CampaignRow(*row) for row in found]


def campaigns_of_collection(connection: sqlite3.Connection, collection: str) -> list[str]:
    found = connection.execute(
        "SELECT campaign FROM campaign_collection WHERE collection = ?", (collection,)
    )
    return [row[0] for row in found]


def first_items(connection: sqlite3.Connection, campaign: str, limit: int) -> list[str]:
    """Some items with a picture, for the campaign's card."""
    found = connection.execute(
        "SELECT iri FROM campaign_collection JOIN item USING (collection) "
        "WHERE campaign = ? AND gone = 0 AND picture IS NOT NULL ORDER BY collection, sort LIMIT ?",
        (campaign, limit),
    )
    return [row[0] for row in found]


def annotations_of_item(
    connection: sqlite3.Connection, item: str, campaign: str | None = None
) -> list[AnnotationRow]:
    """Oldest first, in one campaign or in all; for those who may see work."""
    found = connection.execute(
        "SELECT * FROM annotation WHERE item = ? AND (? IS NULL OR campaign = ?) ORDER BY created",
        (item, campaign, campaign),
    )
    return [AnnotationRow(*row) for row in found]


def annotations_of_items(
    connection: sqlite3.Connection, items: list[str], campaigns: tuple[str, ...]
) -> dict[str, list[AnnotationRow]]:
    """By item, oldest first, in these campaigns; for those who may see work."""
    marks, asked = (",".join("?" for _ in values) for values in (items, campaigns))
    rows = connection.execute(
        f"SELECT * FROM annotation WHERE item IN ({marks}) AND campaign IN ({asked}) "
        "ORDER BY created, iri",
        (*items, *campaigns),
    )
    found: dict[str, list[AnnotationRow]] = {}
    for row in rows:
        found.setdefault(row["item"], []).append(AnnotationRow(*row))
    return found


def contributors(connection: sqlite3.Connection, campaign: str, limit: int) -> list[str]:
    """The agents (IRIs) who took part in a campaign, those with the most contributions first."""
    found = connection.execute(
        "SELECT agent FROM agent_tally WHERE campaign = ? "
        "ORDER BY contributions DESC, agent LIMIT ?",
        (campaign, limit),
    )
    return [row[0] for row in found]


def find_annotation(connection: sqlite3.Connection, iri: str) -> AnnotationRow | None:
    row = connection.execute("SELECT * FROM annotation WHERE iri = ?", (iri,)).fetchone()
    return AnnotationRow(*row) if row else None


def annotations_by_status(
    connection: sqlite3.Connection, campaign: str, status: str, *, limit: int, after: str = ""
) -> list[AnnotationRow]:
    """A page, oldest first; `after` is `created iri` of the last one seen.

    Of one status; of all but what was withdrawn where the status is empty.
    """
    created, _, iri = after.partition(" ")
    wanted = "status = ?" if status else "status <> 'withdrawn' AND '' = ?"
    found = connection.execute(
        f"SELECT * FROM annotation WHERE campaign = ? AND {wanted} AND (created, iri) > (?, ?) "
        "ORDER BY created, iri LIMIT ?",
        (campaign, status, created, iri, limit),
    )
    return [AnnotationRow(*row) for row in found]


def recent_annotations(
    connection: sqlite3.Connection, campaign: str, limit: int
) -> list[AnnotationRow]:
    """The newest published ones: what everybody may see."""
    found = connection.execute(
        "SELECT * FROM annotation WHERE campaign = ? AND status = 'published' "
        "ORDER BY created DESC LIMIT ?",
        (campaign, limit),
    )
    return [AnnotationRow(*row) for row in found]


def published_items_with(
    connection: sqlite3.Connection, body: str, limit: int, offset: int = 0
) -> list[str]:
    """Items that carry a term by a published annotation."""
    found = connection.execute(
        "SELECT DISTINCT item FROM annotation WHERE body = ? AND status = 'published'"
        " LIMIT ? OFFSET ?",
        (body, limit, offset),
    )
    return [row[0] for row in found]


def count_published_with(connection: sqlite3.Connection, body: str, most: int) -> int:
    """How many items carry a term by a published annotation; counting ends at `most`."""
    found = connection.execute(
        "SELECT COUNT(*) FROM (SELECT DISTINCT item FROM annotation"
        " WHERE body = ? AND status = 'published' LIMIT ?)",
        (body, most),
    )
    return int(found.fetchone()[0])


def campaigns_with(connection: sqlite3.Connection, body: str, limit: int) -> list[str]:
    """The campaigns in which a term was published: from one to the next, whatever lies between."""
    found = connection.execute(
        "WITH RECURSIVE each (campaign) AS (SELECT MIN(campaign) FROM annotation"
        " WHERE body = :body AND status = 'published' UNION ALL SELECT (SELECT MIN(campaign)"
        " FROM annotation WHERE body = :body AND status = 'published'"
        " AND campaign > each.campaign) FROM each WHERE each.campaign IS NOT NULL)"
        " SELECT campaign FROM each WHERE campaign IS NOT NULL LIMIT :limit",
        {"body": body, "limit": limit},
    )
    return [row[0] for row in found]


def annotation_iris(
    connection: sqlite3.Connection, *, item: str | None = None, campaign: str | None = None
) -> list[str]:
    """The annotations of an item in every campaign, or of a whole campaign."""
    column, value = ("item", item) if item else ("campaign", campaign)
    found = connection.execute(f"SELECT iri FROM annotation WHERE {column} = ?", (value,))
    return [row[0] for row in found]


def selecting_iris(connection: sqlite3.Connection, item: str) -> list[str]:
    """The annotations that are about a part of an item, such as one of its values."""
    found = connection.execute(
        "SELECT iri FROM annotation WHERE item = ? AND selector <> ''", (item,)
    )
    return [row[0] for row in found]


def selectors_of(
    connection: sqlite3.Connection, campaign: str, item: str, task: int, agent: str
) -> set[str]:
    """What of an item somebody has answered a question about."""
    found = connection.execute(
        "SELECT selector FROM annotation JOIN contribution ON contribution.annotation = iri "
        "WHERE annotation.item = ? AND annotation.campaign = ? AND task = ? AND agent = ? "
        "AND contribution.kind = 'claim'",
        (item, campaign, task, agent),
    )
    return {row[0] for row in found}


def history(connection: sqlite3.Connection, subject: str) -> list[tuple[int, str, str, str]]:
    """(sequence, time, agent IRI, action) of each entry about a subject, oldest first."""
    found = connection.execute(
        "SELECT seq, at, agent, action FROM history WHERE subject = ? ORDER BY seq", (subject,)
    )
    return [tuple(row) for row in found]


def last_entry(connection: sqlite3.Connection, subject: str) -> int:
    """The number of the last entry about a subject; 0 where there is none."""
    found = connection.execute("SELECT MAX(seq) FROM history WHERE subject = ?", (subject,))
    return int(found.fetchone()[0] or 0)
