"""The items of each campaign: who answered them, whether more people are wanted, and which first.

An item is retired when enough different people answered it (a claim, a vote, or "finished" without
either), by the campaign's rules; more are wanted where people disagree. All of it follows from
contributions and visits by triggers, row by row.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from server.names import CH

QUEUE = "item/"
#: Above this number of answers it no longer matters which item has fewer: so an answer moves the
#: item for few others.
MOST_COUNTED = 9
_UNDECIDED = "('pending', 'contested')"
_CONTESTED = "('contested')"
_DISPUTED = "({row}.contested > 0 OR {row}.divided)"
#: The answer that most people give has a smaller share than the rules ask for.
_DIVIDED = f"""EXISTS (SELECT 1 FROM annotation AS said WHERE said.item = {{row}}.item
    AND said.campaign = {{row}}.campaign AND said.kind = '{CH.Question.value}'
    AND said.status NOT IN ('withdrawn', 'orphaned')
    GROUP BY said.task, said.field, said.selector HAVING SUM(said.approvals) > 1
    AND MAX(said.approvals) < SUM(said.approvals) * (
        SELECT agreement FROM campaign_routing AS rules WHERE rules.campaign = {{row}}.campaign))"""
_LEVEL = f"""(SELECT CASE WHEN needed > 0 AND {{row}}.answers >= CASE WHEN {_DISPUTED} THEN most
        ELSE needed END THEN NULL
    ELSE (100 - {{row}}.priority) * 100
        + CASE WHEN disputed_first AND {_DISPUTED} THEN 0 ELSE 50 END
        + COALESCE(by_answers, 1) * MIN({{row}}.answers, {MOST_COUNTED}) END
    FROM (SELECT 1) LEFT JOIN campaign_routing AS rules ON rules.campaign = {{row}}.campaign)"""
_PRIORITY = """COALESCE((SELECT level FROM campaign_priority AS p
        WHERE p.campaign = {row}.campaign AND subject = {row}.item),
    (SELECT p.level FROM item JOIN campaign_priority AS p ON subject = 'collection/' || collection
        WHERE item.iri = {row}.item AND p.campaign = {row}.campaign), 0)"""
_STATUS = """(SELECT COUNT(*) FROM annotation AS said WHERE said.item = {row}.item
    AND said.campaign = {row}.campaign AND said.status IN {statuses})"""
_ANSWERS = """(SELECT COUNT(*) FROM encounter WHERE encounter.campaign = {row}.campaign
    AND encounter.item = {row}.item AND (contributions > 0 OR outcome = 'finished'))"""

#: In `campaign_routing`, `needed` and `votes_needed` are 0 for any number of people. In `queue`,
#: `undecided` and `contested` count proposals, `divided` says that people answer a question
#: differently; `level` is where the item stands among those that wait, NULL once it is retired.
SCHEMA = f"""
CREATE TABLE campaign_routing (
    campaign TEXT PRIMARY KEY, needed INTEGER NOT NULL, most INTEGER NOT NULL,
    votes_needed INTEGER NOT NULL, votes_most INTEGER NOT NULL, agreement REAL NOT NULL,
    disputed_first INTEGER NOT NULL, by_answers INTEGER NOT NULL, blind INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE campaign_priority (
    campaign TEXT, subject TEXT, level INTEGER NOT NULL, PRIMARY KEY (campaign, subject)
) WITHOUT ROWID;

CREATE TABLE queue (
    campaign TEXT, item TEXT, id TEXT NOT NULL, sort TEXT NOT NULL,
    contributions INTEGER NOT NULL, answers INTEGER NOT NULL, undecided INTEGER NOT NULL,
    contested INTEGER NOT NULL, divided INTEGER NOT NULL, newest TEXT NOT NULL,
    priority INTEGER NOT NULL, level INTEGER,
    PRIMARY KEY (campaign, item)
) WITHOUT ROWID;
CREATE INDEX queue_answers ON queue (campaign, answers, id);
CREATE INDEX queue_sort ON queue (campaign, sort, id);
CREATE INDEX queue_newest ON queue (campaign, newest, id);
CREATE INDEX queue_undecided ON queue (campaign, answers, id) WHERE undecided > 0;
CREATE INDEX queue_undecided_sort ON queue (campaign, sort, id) WHERE undecided > 0;
CREATE INDEX queue_undecided_newest ON queue (campaign, newest, id) WHERE undecided > 0;

CREATE INDEX annotation_question ON annotation (item, campaign, task, field, selector, approvals)
    WHERE kind = '{CH.Question.value}';

CREATE TRIGGER queue_added AFTER INSERT ON queue BEGIN
    INSERT INTO campaign_tally (campaign, items, items_begun)
        VALUES (new.campaign, 1, new.contributions > 0)
        ON CONFLICT DO UPDATE SET items = items + 1,
            items_begun = items_begun + (new.contributions > 0); END;
CREATE TRIGGER queue_removed AFTER DELETE ON queue BEGIN
    UPDATE campaign_tally SET items = items - 1,
        items_begun = items_begun - (old.contributions > 0) WHERE campaign = old.campaign;
    DELETE FROM pick WHERE queue = '{QUEUE}' || old.campaign AND thing = old.item; END;
CREATE TRIGGER queue_begun AFTER UPDATE OF contributions ON queue
    WHEN (new.contributions > 0) <> (old.contributions > 0) BEGIN
    UPDATE campaign_tally
        SET items_begun = items_begun + (new.contributions > 0) - (old.contributions > 0)
        WHERE campaign = new.campaign; END;
CREATE TRIGGER queue_levelled AFTER UPDATE OF answers, contested, divided ON queue
    WHEN new.answers <> old.answers
    OR {_DISPUTED.format(row="new")} <> {_DISPUTED.format(row="old")} BEGIN
    UPDATE queue SET level = {_LEVEL.format(row="new")}
        WHERE campaign = new.campaign AND item = new.item; END;
CREATE TRIGGER queue_waits AFTER INSERT ON queue WHEN new.level IS NOT NULL BEGIN
    INSERT INTO pick VALUES (
        '{QUEUE}' || new.campaign, new.item, new.level, substr(new.id, -2)); END;
CREATE TRIGGER queue_moved AFTER UPDATE OF level ON queue
    WHEN old.level IS NOT NULL AND new.level IS NOT NULL AND old.level <> new.level BEGIN
    UPDATE pick SET level = new.level
        WHERE queue = '{QUEUE}' || new.campaign AND thing = new.item; END;
CREATE TRIGGER queue_retired AFTER UPDATE OF level ON queue
    WHEN old.level IS NOT NULL AND new.level IS NULL BEGIN
    DELETE FROM pick WHERE queue = '{QUEUE}' || old.campaign AND thing = old.item; END;
CREATE TRIGGER queue_reopened AFTER UPDATE OF level ON queue
    WHEN old.level IS NULL AND new.level IS NOT NULL BEGIN
    INSERT INTO pick VALUES (
        '{QUEUE}' || new.campaign, new.item, new.level, substr(new.id, -2)); END;
CREATE TRIGGER item_renamed AFTER INSERT ON item BEGIN
    UPDATE queue SET sort = new.sort WHERE item = new.iri AND campaign IN (
        SELECT campaign FROM campaign_collection WHERE collection = new.collection); END;
"""
#: The tables that hold what a campaign's rules say.
RULES = ("campaign_routing", "campaign_priority")
_ROWS = f"""INSERT OR IGNORE INTO queue
    WITH member AS (SELECT campaign, iri AS item, id, sort FROM campaign_collection
        JOIN item USING (collection) WHERE {{which}} AND gone = 0),
    counted AS (SELECT member.*,
        (SELECT COUNT(*) FROM contribution AS c WHERE c.campaign = member.campaign
            AND c.item = member.item) AS contributions,
        {_ANSWERS.format(row="member")} AS answers,
        {_STATUS.format(row="member", statuses=_UNDECIDED)} AS undecided,
        {_STATUS.format(row="member", statuses=_CONTESTED)} AS contested,
        {_DIVIDED.format(row="member")} AS divided,
        COALESCE((SELECT MAX(at) FROM contribution AS c WHERE c.campaign = member.campaign
            AND c.item = member.item), '') AS newest,
        {_PRIORITY.format(row="member")} AS priority FROM member)
    SELECT counted.*, {_LEVEL.format(row="counted")} FROM counted"""


def level_queue(connection: sqlite3.Connection, campaign: str) -> None:
    """The queue holds each standing item of the campaign's collections, and no other."""
    connection.execute(
        "DELETE FROM queue WHERE campaign = ? AND item NOT IN ("
        "SELECT iri FROM item JOIN campaign_collection USING (collection) "
        "WHERE campaign = ? AND gone = 0)",
        (campaign, campaign),
    )
    connection.execute(_ROWS.format(which="campaign = ?"), (campaign,))


def queue_item(connection: sqlite3.Connection, item: str, collection: str, gone: bool) -> None:
    """Put one item into the queues of the campaigns of its collection, or take it out."""
    if gone:
        connection.execute(
            "DELETE FROM queue WHERE item = ? AND campaign IN (SELECT slug FROM campaign)", (item,)
        )
        return
    connection.execute(_ROWS.format(which="collection = ? AND iri = ?"), (collection, item))


@dataclass(frozen=True, slots=True)
class RoutingRow:
    """The rules as the triggers read them: numbers of people, 0 for any number.

    `by_answers`: of equal priority, items with fewer answers come first. `blind`: the order of
    proposals tells nothing of the votes on them.
    """

    campaign: str
    needed: int
    most: int
    votes_needed: int
    votes_most: int
    agreement: float
    disputed_first: bool
    by_answers: bool
    blind: bool


def put_routing(
    connection: sqlite3.Connection, row: RoutingRow, priorities: Iterable[tuple[str, int]]
) -> bool:
    """Write the rules; whether they changed. Priorities are of IRIs, or of `collection/slug`."""
    wanted, slug = dict(priorities), row.campaign
    before = connection.execute(
        "SELECT * FROM campaign_routing WHERE campaign = ?", (slug,)
    ).fetchone()
    standing = connection.execute(
        "SELECT subject, level FROM campaign_priority WHERE campaign = ?", (slug,)
    )
    same = before is not None and tuple(before) == astuple(row)
    if same and {each[0]: each[1] for each in standing} == wanted:
        return False
    connection.execute(
        "INSERT OR REPLACE INTO campaign_routing VALUES (?,?,?,?,?,?,?,?,?)", astuple(row)
    )
    connection.execute("DELETE FROM campaign_priority WHERE campaign = ?", (slug,))
    connection.executemany(
        "INSERT INTO campaign_priority VALUES (?,?,?)",
        [(slug, subject, level) for subject, level in wanted.items()],
    )
    return True


def relevel(connection: sqlite3.Connection, campaign: str) -> None:
    """After a change of the rules: each item's place by the new ones."""
    connection.execute(
        f"UPDATE queue SET priority = {_PRIORITY.format(row='queue')}, "
        f"divided = {_DIVIDED.format(row='queue')} WHERE campaign = ?",
        (campaign,),
    )
    connection.execute(
        f"UPDATE queue SET level = {_LEVEL.format(row='queue')} WHERE campaign = ?", (campaign,)
    )


def count_proposal(
    connection: sqlite3.Connection, campaign: str, item: str, status: str, by: int
) -> None:
    """One proposal more or less (`by` is 1 or -1) of that status."""
    if status in ("pending", "contested"):
        connection.execute(
            "UPDATE queue SET undecided = undecided + ?, contested = contested + ? "
            "WHERE campaign = ? AND item = ?",
            (by, by * (status == "contested"), campaign, item),
        )


def count_answers(connection: sqlite3.Connection, campaign: str, item: str) -> None:
    """Whether people answer a question about the item differently."""
    connection.execute(
        f"UPDATE queue SET divided = {_DIVIDED.format(row='queue')} "
        "WHERE campaign = ? AND item = ?",
        (campaign, item),
    )
