"""Terms by their IRI: labels in the reader's language, breadcrumbs, notes."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from server.errors import NotFound
from server.i18n import _
from server.index.database import Database
from server.index.term_names import name_in, note_in
from server.index.term_rows import WRITTEN, wanted_languages
from server.index.term_scopes import Scope, holds
from server.index.term_trees import count_narrower, crumbs, number_of
from server.index.vocabulary_readers import Source, reading
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is shown; `breadcrumb` holds (IRI, label) from the top to the nearest.

    `labels` are (kind, text, language), `notes` (text, language), `note` the one for the reader;
    `narrower` counts the terms right below, `depth` those above.
    """

    iri: str
    vocabulary: str
    label: str
    lang: str
    labels: tuple[tuple[str, str, str], ...]
    breadcrumb: tuple[tuple[str, str], ...]
    broader: tuple[str, ...]
    note: str | None
    hex: str | None
    deprecated: bool
    guide: bool
    notations: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    narrower: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term in one line; `breadcrumb` holds the labels above it, from the top to the nearest."""

    iri: str
    label: str
    lang: str
    note: str | None
    breadcrumb: tuple[str, ...]
    hex: str | None


def find_line(viewer: Viewer, index: Database, iri: str, lang: str) -> TermLine | None:
    """What a list of terms shows of one, from the first vocabulary by name that has it."""
    languages = wanted_languages(lang)
    with reading(viewer, index) as sources:
        for source in sources:
            if (number := number_of(source, iri)) is not None:
                row = _row(source, number)
                _place, label, tag = name_in(row["shown"], languages) or (0, iri, "")
                above = tuple(text for _iri, text in crumbs(source, number, languages))
                note = note_in(row["notes"], languages)
                return TermLine(iri, label, tag, note, above, row["hex"])
    return None


def get_term(viewer: Viewer, index: Database, iri: str, lang: str, vocabulary: str = "") -> Term:
    """A term of the given vocabulary, else of the first by name that has it; or `NotFound`."""
    with reading(viewer, index, (vocabulary,) if vocabulary else None) as sources:
        for source in sources:
            if (number := number_of(source, iri)) is not None:
                return _term(source, number, lang)
    raise NotFound(_("There is no term {iri} here.", iri=iri))


def _term(source: Source, number: int, lang: str) -> Term:
    row, languages = _row(source, number), wanted_languages(lang)
    labels = source.connection.execute(
        "SELECT kind, text, lang FROM label WHERE term = ? AND variant = ?"
        " ORDER BY kind DESC, lang, id", (number, WRITTEN),
    )  # fmt: skip
    broader = source.connection.execute(
        "SELECT iri FROM broader JOIN term ON id = broader WHERE term = ? ORDER BY position",
        (number,),
    )
    _place, label, tag = name_in(row["shown"], languages) or (0, row["iri"], "")
    above = tuple(crumbs(source, number, languages))
    return Term(
        row["iri"], source.slug, label, tag, tuple((kind, text, la) for kind, text, la in labels),
        above, tuple(iri for (iri,) in broader), note_in(row["notes"], languages), row["hex"],
        bool(row["deprecated"]), bool(row["guide"]), tuple(orjson.loads(row["notations"])),
        tuple(orjson.loads(row["classes"])),
        tuple((text, la) for text, la in orjson.loads(row["notes"])),
        count_narrower(source, number), len(above),
    )  # fmt: skip


def _row(source: Source, number: int) -> sqlite3.Row:
    row: sqlite3.Row = source.connection.execute(
        "SELECT * FROM term WHERE id = ?", (number,)
    ).fetchone()
    return row


def labels_of(
    viewer: Viewer, index: Database, iris: Iterable[str], lang: str
) -> dict[str, tuple[str, str]]:
    """The best (label, language) of each IRI that is a term somewhere: `lang`, English, any."""
    wanted, languages = json.dumps(list(iris)), wanted_languages(lang)
    best: dict[str, tuple[int, str, str]] = {}
    with reading(viewer, index) as sources:
        for source in sources:
            found = source.connection.execute(
                "SELECT iri, shown FROM term WHERE stands"
                " AND iri IN (SELECT value FROM json_each(?))", (wanted,),
            )  # fmt: skip
            for iri, shown in found:
                name = name_in(shown, languages)
                if name and (iri not in best or name[0] < best[iri][0]):
                    best[iri] = name
    return {iri: (text, tag) for iri, (_place, text, tag) in sorted(best.items())}


def offers(viewer: Viewer, index: Database, iri: str, scopes: Iterable[Scope]) -> bool:
    """Whether one of the scopes offers this term: neither deprecated nor a guide term."""
    wanted = list(scopes)
    with reading(viewer, index, {scope.vocabulary for scope in wanted}) as sources:
        for source in sources:
            number = number_of(source, iri)
            if number is not None and any(
                scope.vocabulary == source.slug and holds(source, scope, number) for scope in wanted
            ):
                return True
    return False
