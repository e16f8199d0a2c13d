"""Annotations that are not public, in the order in which they were made: of a campaign, or own."""

import sqlite3
from collections.abc import Iterator

from server.index.contributions import AnnotationRow
from server.index.published_annotations import Cursor

_BLOCK = 100


def of_campaign(
    connection: sqlite3.Connection, campaign: str, status: str, place: Cursor, *, backwards: bool
) -> Iterator[tuple[Cursor, AnnotationRow]]:
    """With the place of each: when it was made, and its IRI."""
    sign, order = _direction(backwards)
    while True:
        found = connection.execute(
            "SELECT * FROM annotation WHERE campaign = ? AND status = ? "
            f"AND (created, iri) {sign} (?, ?) ORDER BY created {order}, iri {order} LIMIT ?",
            (campaign, status, *place, _BLOCK),
        ).fetchall()
        rows = [AnnotationRow(*each) for each in found]
        yield from (((row.created, row.iri), row) for row in rows)
        if len(rows) < _BLOCK:
            return
        place = (rows[-1].created, rows[-1].iri)


def of_maker(
    connection: sqlite3.Connection, agent: str, place: Cursor, *, backwards: bool
) -> Iterator[tuple[Cursor, AnnotationRow]]:
    """What an agent (an IRI) claims, with the place of each: when they did, and its IRI."""
    sign, order = _direction(backwards)
    while True:
        found = connection.execute(
            "SELECT contribution.at, annotation.* FROM contribution "
            "JOIN annotation ON iri = annotation WHERE agent = ? AND contribution.kind = 'claim' "
            f"AND (contribution.at, annotation) {sign} (?, ?) "
            f"ORDER BY contribution.at {order}, annotation {order} LIMIT ?",
            (agent, *place, _BLOCK),
        ).fetchall()
        rows = [(str(each[0]), AnnotationRow(*each[1:])) for each in found]
        yield from (((at, row.iri), row) for at, row in rows)
        if len(rows) < _BLOCK:
            return
        place = (rows[-1][0], rows[-1][1].iri)


def claims(connection: sqlite3.Connection, iri: str, agent: str) -> bool:
    """Whether an agent claims an annotation."""
    found = connection.execute(
        "SELECT 1 FROM contribution WHERE annotation = ? AND agent = ? AND kind = 'claim'",
        (iri, agent),
    )
    return found.fetchone() is not None


def _direction(backwards: bool) -> tuple[str, str]:
    return ("<", "DESC") if backwards else (">", "ASC")
