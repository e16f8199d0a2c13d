"""A vocabulary as a whole: how large it is, its languages, its labels by the alphabet."""

from dataclasses import dataclass

from server.index import usage
from server.index.database import Database
from server.index.folding import fold
from server.index.term_names import name_in
from server.index.term_rows import WRITTEN, wanted_languages
from server.index.term_trees import node, number_of
from server.index.vocabulary_readers import Source, reading
from server.viewers import Viewer

_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class Size:
    terms: int
    labels: int


@dataclass(frozen=True, slots=True)
class Letters:
    """A page of the alphabetical view: (label, language, kind, IRI of the term, its preferred
    label), and where the next one starts, empty at the end."""

    entries: list[tuple[str, str, str, str, str]]
    next: str


def count(viewer: Viewer, index: Database, vocabulary: str) -> Size:
    """How many terms and labels a vocabulary has; none where there is no such vocabulary."""
    with reading(viewer, index, (vocabulary,)) as sources:
        for source in sources:
            found = dict(source.connection.execute("SELECT name, value FROM about").fetchall())
            return Size(int(found["terms"]), int(found["labels"]))
    return Size(0, 0)


def languages(viewer: Viewer, index: Database, vocabulary: str) -> list[tuple[str, int]]:
    """The language tags of a vocabulary's labels, each with the number of its labels."""
    with reading(viewer, index, (vocabulary,)) as sources:
        for source in sources:
            found = source.connection.execute(
                "SELECT tag, labels FROM language WHERE labels > 0 AND tag <> '' ORDER BY tag"
            )
            return [(tag, number) for tag, number in found]
    return []


def alphabet(
    viewer: Viewer, index: Database, vocabulary: str, lang: str, *, start: str = "", limit: int = 50
) -> Letters:
    """The labels with a language tag (of any, where it is empty) from the first at `start`."""
    with reading(viewer, index, (vocabulary,)) as sources:
        for source in sources:
            return _letters(source, lang, start, limit)
    return Letters([], "")


def _letters(source: Source, lang: str, start: str, limit: int) -> Letters:
    folded, _, running = start.partition("\n")
    where = ("lang = ? AND", (lang,)) if lang else ("offered AND", ())
    rows = source.connection.execute(
        f"SELECT text, lang, kind, term, folded, id FROM label WHERE {where[0]} variant = ?"
        " AND (folded, id) >= (?, ?) ORDER BY folded, id LIMIT ?",
        (*where[1], WRITTEN, fold(folded), _place(running), limit + 1),
    ).fetchall()
    entries = []
    for text, tag, kind, term, _folded, _id in rows[:limit]:
        iri, shown, _up = node(source, term)
        name = name_in(shown, wanted_languages(lang))
        entries.append((text, tag, kind, iri, name[1] if name else iri))
    more = rows[limit] if len(rows) > limit else None
    return Letters(entries, f"{more['folded']}\n{more['id']}" if more else "")


def _place(text: str) -> int:
    """The number of a label, as SQLite has them; 0 where a text is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def samples(
    viewer: Viewer, index: Database, vocabulary: str, lang: str, limit: int = 6
) -> list[tuple[str, str]]:
    """A few terms that are offered: (IRI, label); the weightiest, then those with a colour."""
    with reading(viewer, index, (vocabulary,)) as sources:
        for source in sources:
            rows = source.connection.execute(
                "SELECT iri, shown FROM (SELECT * FROM term WHERE stands AND NOT guide"
                " AND NOT deprecated LIMIT ?) ORDER BY rank DESC, hex IS NULL, iri LIMIT ?",
                (_LOOKED_AT, limit),
            )
            names = ((iri, name_in(shown, wanted_languages(lang))) for iri, shown in rows)
            found = [(iri, name[1]) for iri, name in names if name]
            return sorted(found, key=lambda each: each[1])
    return []


def used_most(
    viewer: Viewer, index: Database, vocabulary: str, limit: int
) -> list[tuple[str, int]]:
    """The terms of a vocabulary with the most published annotations: (IRI, how many)."""
    found: list[tuple[str, int]] = []
    with reading(viewer, index, (vocabulary,)) as sources:
        for source in sources:
            for iri, number in usage.most(index.read(), "", False, _LOOKED_AT):
                if number_of(source, iri) is not None:
                    found.append((iri, number))
                    if len(found) == limit:
                        break
    return found
