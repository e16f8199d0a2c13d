"""The terms that a campaign uses, and that are used overall, as they stand in a vocabulary."""

import json
import sqlite3
from dataclasses import dataclass

from server.index import usage
from server.index.database import Database
from server.index.recent_suggestions import Recent
from server.index.vocabulary_readers import Source

_OF_CAMPAIGN = 100  # terms that are put in front where they fit
_OVERALL = 2_000
#: (id, term, text, language, folded) as the searches have them
LabelFound = tuple[int, int, str, str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose use counts; `of_campaign` and `overall` are states of the tallies."""

    campaign: str
    standing: bool
    of_campaign: int
    overall: int


@dataclass(frozen=True, slots=True)
class Familiar:
    """By the number of a term how often it is used, and the labels of those of the campaign."""

    of_campaign: dict[int, int]
    overall: dict[int, int]
    labels: list[LabelFound]


_NOTHING = Familiar({}, {}, [])
_kept: Recent[Familiar] = Recent(64)


def asked(index: Database, campaign: str, standing: bool) -> Asked:
    connection = index.read()
    of_campaign = usage.state(connection, campaign, standing) if campaign else 0
    return Asked(campaign, standing, of_campaign, usage.state(connection, "", False))


def familiar(index: Database, source: Source, wanted: Asked) -> Familiar:
    """What is used of a vocabulary; remembered until the tallies or the vocabulary change."""
    if not (wanted.of_campaign or wanted.overall):
        return _NOTHING
    key = (source.state, wanted)
    found = _kept.get(key)
    if found is None:
        found = _read(index.read(), source, wanted)
        _kept.put(key, found)
    return found


def _read(connection: sqlite3.Connection, source: Source, wanted: Asked) -> Familiar:
    chosen: dict[int, int] = {}
    if wanted.campaign:
        used = usage.most(connection, wanted.campaign, wanted.standing, _OF_CAMPAIGN)
        chosen = _numbers(source, dict(used))
    overall = _numbers(source, dict(usage.most(connection, "", False, _OVERALL)))
    labels = source.connection.execute(
        "SELECT id, term, text, lang, folded FROM label WHERE offered AND term IN"
        " (SELECT value FROM json_each(?))", (json.dumps(list(chosen)),),
    )  # fmt: skip
    return Familiar(chosen, overall, [tuple(row) for row in labels])


def _numbers(source: Source, used: dict[str, int]) -> dict[int, int]:
    found = source.connection.execute(
        "SELECT id, iri FROM term WHERE stands AND iri IN (SELECT value FROM json_each(?))",
        (json.dumps(list(used)),),
    )
    return {number: used[iri] for number, iri in found}
