"""Who has met which item: answered it (a claim, a vote, or "finished"), or put it off.

Rows follow from contributions and visits, one for each person and item; from them follow how many
people answered an item, and what somebody has met (`picking`).
"""

from server.index import picking
from server.index.item_queues import QUEUE

_DONE = "({row}.contributions > 0 OR {row}.outcome = 'finished')"
_THEIRS = f"('{QUEUE}' || new.campaign)"
_LATER = f"CASE WHEN {_DONE.format(row='new')} THEN NULL ELSE new.visited END"
_MEET = picking.meet(_THEIRS, "new.agent", "new.item", _LATER)
_SAME = "campaign = {row}.campaign AND agent = {row}.agent AND item = {row}.item"
_OLD = _SAME.format(row="old")
_ANSWERED = """UPDATE queue SET answers = answers + {by}
        WHERE campaign = {row}.campaign AND item = {row}.item;"""
#: What follows where the last contribution, or the visit, is taken back.
_FORGOTTEN = f"DELETE FROM encounter WHERE {_OLD} AND contributions = 0 AND outcome = '';"

#: `said` is the time of the last contribution, `visited` when they left the item, `at` the later.
SCHEMA = f"""
CREATE TABLE encounter (
    campaign TEXT, agent TEXT, item TEXT, contributions INTEGER NOT NULL, outcome TEXT NOT NULL,
    said TEXT NOT NULL, visited TEXT NOT NULL,
    at TEXT NOT NULL GENERATED ALWAYS AS (MAX(said, visited)) STORED,
    PRIMARY KEY (campaign, agent, item)
) WITHOUT ROWID;
CREATE INDEX encounter_item ON encounter (campaign, item);
CREATE INDEX encounter_at ON encounter (campaign, agent, at, item);
CREATE INDEX encounter_done ON encounter (campaign, agent, at, item)
    WHERE contributions > 0 OR outcome = 'finished';
CREATE INDEX contribution_item ON contribution (campaign, item, agent, at);

CREATE TRIGGER contribution_met AFTER INSERT ON contribution BEGIN
    INSERT INTO encounter (campaign, agent, item, contributions, outcome, said, visited)
        VALUES (new.campaign, new.agent, new.item, 1, '', new.at, '') ON CONFLICT DO UPDATE
        SET contributions = contributions + 1, said = MAX(said, excluded.said); END;
CREATE TRIGGER contribution_unmet AFTER DELETE ON contribution BEGIN
    UPDATE encounter SET contributions = contributions - 1, said = COALESCE((
        SELECT MAX(at) FROM contribution WHERE {_OLD}), '') WHERE {_OLD};
    {_FORGOTTEN} END;
CREATE TRIGGER visit_met AFTER INSERT ON visit BEGIN
    INSERT INTO encounter (campaign, agent, item, contributions, outcome, said, visited)
        VALUES (new.campaign, new.agent, new.item, 0, new.outcome, '', new.at)
        ON CONFLICT DO UPDATE SET outcome = excluded.outcome, visited = excluded.visited; END;
CREATE TRIGGER visit_unmet AFTER DELETE ON visit BEGIN
    UPDATE encounter SET outcome = '', visited = '' WHERE {_OLD};
    {_FORGOTTEN} END;

CREATE TRIGGER encounter_added AFTER INSERT ON encounter BEGIN {_MEET} END;
CREATE TRIGGER encounter_answered AFTER INSERT ON encounter WHEN {_DONE.format(row="new")} BEGIN
    {_ANSWERED.format(by=1, row="new")} END;
CREATE TRIGGER encounter_changed AFTER UPDATE OF contributions, outcome, visited ON encounter
    WHEN {_DONE.format(row="new")} <> {_DONE.format(row="old")}
        OR (NOT {_DONE.format(row="new")} AND new.visited <> old.visited) BEGIN
    {_MEET}
    {_ANSWERED.format(by=f"{_DONE.format(row='new')} - {_DONE.format(row='old')}", row="new")} END;
CREATE TRIGGER encounter_removed AFTER DELETE ON encounter BEGIN
    DELETE FROM met WHERE queue = '{QUEUE}' || old.campaign AND agent = old.agent
        AND thing = old.item; END;
"""
