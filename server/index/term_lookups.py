"""Terms by their IRI: labels in the reader's language, breadcrumbs, notes, narrower terms."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import orjson

from server.errors import NotFound
from server.i18n import _
from server.index.label_rows import primary_language
from server.viewers import Viewer

_DEEPEST = 30  # levels of a breadcrumb
_VISIBLE = "(SELECT slug FROM term_vocabulary WHERE dataset IN (SELECT value FROM json_each(?)))"


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is shown; `breadcrumb` holds (IRI, label) from the top to the nearest."""

    iri: str
    vocabulary: str
    label: str
    lang: str
    labels: tuple[tuple[str, str, str], ...]  # (kind, text, language)
    breadcrumb: tuple[tuple[str, str], ...]
    broader: tuple[str, ...]
    note: str | None
    hex: str | None
    deprecated: bool
    guide: bool


@dataclass(frozen=True, slots=True)
class Size:
    terms: int
    labels: int


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term in one line; `breadcrumb` holds the labels above it, from the top to the nearest."""

    iri: str
    label: str
    lang: str
    note: str | None
    breadcrumb: tuple[str, ...]
    hex: str | None


def find_line(
    viewer: Viewer, connection: sqlite3.Connection, iri: str, lang: str
) -> TermLine | None:
    """What a list of terms shows of one, from the first vocabulary by name that has it."""
    found = connection.execute(
        f"SELECT MIN(vocabulary) FROM term WHERE iri = ? AND vocabulary IN {_VISIBLE}",
        (iri, json.dumps(viewer.datasets)),
    ).fetchone()[0]
    terms = with_broader(connection, [(iri, found)]) if found else {}
    return line(terms, iri, found, lang) if (iri, found) in terms else None


def get_term(
    viewer: Viewer, connection: sqlite3.Connection, iri: str, lang: str, vocabulary: str = ""
) -> Term:
    """A term of the given vocabulary, else of the first by name that has it; or `NotFound`."""
    row = connection.execute(
        f"SELECT * FROM term WHERE iri = ? AND vocabulary IN {_VISIBLE} AND ? IN ('', vocabulary)"
        " ORDER BY vocabulary LIMIT 1",
        (iri, json.dumps(viewer.datasets), vocabulary),
    ).fetchone()
    if row is None:
        raise NotFound(_("There is no term {iri} here.", iri=iri))
    found = connection.execute(
        "SELECT kind, text, lang FROM label WHERE term = ? AND vocabulary = ?"
        " ORDER BY kind DESC, lang, id",
        (iri, row["vocabulary"]),
    )
    labels = tuple((kind, text, tag) for kind, text, tag in found)
    above = chain(with_broader(connection, [(iri, row["vocabulary"])]), iri, row["vocabulary"])
    best = labels_of(viewer, connection, [iri, *above], lang)
    label, shown = best.get(iri, (iri, ""))
    return Term(
        iri, row["vocabulary"], label, shown, labels,
        tuple((up, best[up][0]) for up in above if up in best),
        tuple(iri for (iri,) in _broader(connection, iri, row["vocabulary"])),
        note_in(row["notes"], lang), row["hex"], bool(row["deprecated"]), bool(row["guide"]),
    )  # fmt: skip


def labels_of(
    viewer: Viewer, connection: sqlite3.Connection, iris: Iterable[str], lang: str
) -> dict[str, tuple[str, str]]:
    """The best (label, language) of each IRI that is a term somewhere: `lang`, English, any."""
    found = connection.execute(
        f"SELECT iri, shown FROM term WHERE vocabulary IN {_VISIBLE}"
        " AND iri IN (SELECT value FROM json_each(?)) ORDER BY iri, vocabulary",
        (json.dumps(viewer.datasets), json.dumps(list(iris))),
    )
    best: dict[str, tuple[int, str, str]] = {}
    for iri, shown in found:
        name = name_in(shown, lang)
        if name and (iri not in best or name[0] < best[iri][0]):
            best[iri] = name
    return {iri: (text, tag) for iri, (_place, text, tag) in best.items()}


def offers(
    viewer: Viewer, connection: sqlite3.Connection, iri: str, vocabularies: Iterable[str]
) -> bool:
    """Whether one of the vocabularies offers this term: neither deprecated nor a guide term."""
    found = connection.execute(
        "SELECT 1 FROM term WHERE iri = ? AND NOT deprecated AND NOT guide"
        f" AND vocabulary IN (SELECT value FROM json_each(?)) AND vocabulary IN {_VISIBLE}",
        (iri, json.dumps(list(vocabularies)), json.dumps(viewer.datasets)),
    )
    return found.fetchone() is not None


def children(
    viewer: Viewer, connection: sqlite3.Connection, iri: str, vocabulary: str, lang: str,
    *, limit: int = 100, offset: int = 0,
) -> list[tuple[str, str]]:  # fmt: skip
    """The narrower terms (IRI, label) of a term, by label; guide terms among them."""
    found = connection.execute(
        "SELECT iri FROM term_broader WHERE broader = ? AND vocabulary = ?"
        f" AND vocabulary IN {_VISIBLE}",
        (iri, vocabulary, json.dumps(viewer.datasets)),
    )
    narrower = [iri for (iri,) in found]
    labels = labels_of(viewer, connection, narrower, lang)
    named = sorted((labels.get(iri, (iri, ""))[0], iri) for iri in narrower)
    return [(iri, label) for label, iri in named[offset : offset + limit]]


def tops(
    viewer: Viewer, connection: sqlite3.Connection, vocabulary: str, lang: str, limit: int = 60
) -> list[tuple[str, str]]:
    """The terms without a broader one that have narrower ones, else some terms: (IRI, label)."""
    visible = (vocabulary, json.dumps(viewer.datasets))
    found = connection.execute(
        f"SELECT iri FROM term WHERE vocabulary = ? AND vocabulary IN {_VISIBLE} AND NOT EXISTS"
        " (SELECT 1 FROM term_broader AS up WHERE up.iri = term.iri"
        " AND up.vocabulary = term.vocabulary) LIMIT ?",
        (*visible, limit),
    )
    return _labelled(viewer, connection, [iri for (iri,) in found], lang)


def samples(
    viewer: Viewer, connection: sqlite3.Connection, vocabulary: str, lang: str, limit: int = 6
) -> list[tuple[str, str]]:
    """A few terms that are offered: (IRI, label), those with a colour first."""
    found = connection.execute(
        f"SELECT iri FROM term WHERE vocabulary = ? AND vocabulary IN {_VISIBLE} AND NOT guide"
        " AND NOT deprecated ORDER BY rank DESC, hex IS NULL, iri LIMIT ?",
        (vocabulary, json.dumps(viewer.datasets), limit),
    )
    return _labelled(viewer, connection, [iri for (iri,) in found], lang)


def languages(viewer: Viewer, connection: sqlite3.Connection, vocabulary: str) -> list[str]:
    """The language tags of a vocabulary's labels."""
    found = connection.execute(
        f"SELECT DISTINCT lang FROM label WHERE vocabulary = ? AND vocabulary IN {_VISIBLE}"
        " AND lang <> '' ORDER BY lang",
        (vocabulary, json.dumps(viewer.datasets)),
    )
    return [lang for (lang,) in found]


def _labelled(
    viewer: Viewer, connection: sqlite3.Connection, iris: list[str], lang: str
) -> list[tuple[str, str]]:
    labels = labels_of(viewer, connection, iris, lang)
    return sorted(((iri, labels[iri][0]) for iri in iris if iri in labels), key=lambda t: t[1])


def count(viewer: Viewer, connection: sqlite3.Connection, vocabulary: str) -> Size:
    """How many terms and labels a vocabulary has; none where there is no such vocabulary."""
    row = connection.execute(
        f"SELECT terms, labels FROM term_vocabulary WHERE slug = ? AND slug IN {_VISIBLE}",
        (vocabulary, json.dumps(viewer.datasets)),
    ).fetchone()
    return Size(*row) if row else Size(0, 0)


def with_broader(
    connection: sqlite3.Connection, terms: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], sqlite3.Row]:
    """By (IRI, vocabulary) the terms and all above them; `up` is the preferred broader term."""
    found = connection.execute(
        "WITH RECURSIVE node (iri, vocabulary, up) AS ("
        " SELECT value ->> 0, value ->> 1, broader FROM json_each(?) LEFT JOIN term_broader"
        " ON iri = value ->> 0 AND vocabulary = value ->> 1 AND position = 0"
        " UNION SELECT up, node.vocabulary, broader FROM node LEFT JOIN term_broader"
        " ON term_broader.iri = up AND term_broader.vocabulary = node.vocabulary AND position = 0"
        " WHERE up IS NOT NULL"
        ") SELECT iri, vocabulary, up, shown, notes, hex"
        " FROM node JOIN term USING (iri, vocabulary)",
        (json.dumps(list(terms)),),
    )
    return {(row["iri"], row["vocabulary"]): row for row in found}


def chain(terms: dict[tuple[str, str], sqlite3.Row], iri: str, vocabulary: str) -> list[str]:
    """Of what `with_broader` found, the IRIs above a term, the top first."""
    below: list[str] = []
    row = terms.get((iri, vocabulary))
    while row is not None and row["iri"] not in below and len(below) <= _DEEPEST:
        below.append(row["iri"])
        row = terms.get((row["up"], vocabulary))
    return below[:0:-1]


def line(
    terms: dict[tuple[str, str], sqlite3.Row], iri: str, vocabulary: str, lang: str
) -> TermLine:
    """One of the terms that `with_broader` found; without any label, its IRI stands for it."""
    term = terms[iri, vocabulary]
    above = (name_in(terms[up, vocabulary]["shown"], lang) for up in chain(terms, iri, vocabulary))
    _place, label, tag = name_in(term["shown"], lang) or (0, iri, "")
    crumbs = tuple(name[1] for name in above if name)
    return TermLine(iri, label, tag, note_in(term["notes"], lang), crumbs, term["hex"])


@lru_cache(4_096)  # the same terms stand above many others
def name_in(shown: str, lang: str) -> tuple[int, str, str] | None:
    """What a term is called, as the index keeps it: (place of the language, text, its tag)."""
    names = orjson.loads(shown)
    for place, language in enumerate((*_wanted(lang), *names)):
        if language in names:
            return place, *names[language]
    return None


def note_in(notes: str, lang: str) -> str | None:
    """Of the notes of a term, as the index keeps them, the one in the best language."""
    return (_best(orjson.loads(notes), lang) or (None,))[0]


def _broader(connection: sqlite3.Connection, iri: str, vocabulary: str) -> sqlite3.Cursor:
    return connection.execute(
        "SELECT broader FROM term_broader WHERE iri = ? AND vocabulary = ? ORDER BY position",
        (iri, vocabulary),
    )


def _best(labels: Sequence[Sequence[str]], lang: str) -> tuple[str, str] | None:
    """Of (text, language) the first in the best language that there is."""
    if not labels:
        return None
    order = {language: place for place, language in enumerate(_wanted(lang))}
    best = min(labels, key=lambda each: order.get(primary_language(each[1]), 3))
    return best[0], best[1]


@cache
def _wanted(lang: str) -> tuple[str, ...]:
    """Primary languages, the most wanted first: the reader's, English, none said."""
    return tuple(dict.fromkeys((primary_language(lang), "en", "")))
