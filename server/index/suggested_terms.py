"""A term as it is suggested."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from server.index.term_names import classes_in, name_in, note_in
from server.index.term_searches import IDENTIFIER, MATCHES, NOTE, Hit
from server.index.term_trees import crumbs, remember
from server.index.vocabulary_readers import Source

_READ = """SELECT id, (SELECT broader FROM broader WHERE term = id AND position = 0),
    iri, shown, notes, hex, classes FROM term WHERE id IN (SELECT value FROM json_each(?))"""


class Suggestion(NamedTuple):
    """A term that was found; `matched` is the label that matched, where it is not the one shown.

    `breadcrumb` holds the labels of the broader terms, from the top to the nearest. `used` counts
    annotations of the campaign, or published ones overall where none was named. `match` says how
    the label fits (`term_searches.MATCHES`).
    """

    iri: str
    label: str
    lang: str
    matched: str | None
    matched_lang: str | None
    breadcrumb: tuple[str, ...]
    note: str | None
    vocabulary: str
    hex: str | None
    used: int = 0
    match: str = "prefix"
    classes: tuple[str, ...] = ()


def suggested(
    source: Source, chosen: Sequence[tuple[Hit, int]], languages: tuple[str, ...]
) -> list[Suggestion]:
    """These terms of a vocabulary, each with how often it is used."""
    rows = source.connection.execute(_READ, (json.dumps([hit.term for hit, _used in chosen]),))
    found = {row[0]: row for row in rows}
    source.facts.remember({number: (row[2], row[3], row[1]) for number, row in found.items()})
    remember(source, (row[1] for row in found.values()))
    return [_suggestion(source, found[hit.term], hit, used, languages) for hit, used in chosen]


def _suggestion(
    source: Source, row: sqlite3.Row, hit: Hit, used: int, languages: tuple[str, ...]
) -> Suggestion:
    _number, _up, iri, shown, notes, hex_, classes = row
    _place, label, lang = name_in(shown, languages) or (0, iri, "")
    other = hit.text != label and hit.match not in (IDENTIFIER, NOTE)
    return Suggestion(
        iri=iri,
        label=label,
        lang=lang,
        matched=hit.text if other else None,
        matched_lang=hit.lang if other else None,
        breadcrumb=tuple(text for _iri, text in crumbs(source, hit.term, languages)),
        note=note_in(notes, languages),
        vocabulary=source.slug,
        hex=hex_,
        used=used,
        match=MATCHES[hit.match],
        classes=classes_in(classes),
    )
