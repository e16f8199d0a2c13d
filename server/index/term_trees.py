"""Where terms stand in the tree: what is above them, what is below."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.index.database import Database
from server.index.term_names import name_in
from server.index.term_rows import wanted_languages
from server.index.vocabulary_readers import Node, Source, reading
from server.viewers import Viewer

_DEEPEST = 30  # levels of a breadcrumb
_READ = """SELECT id, iri, CASE WHEN stands THEN shown ELSE '' END,
    (SELECT broader FROM broader WHERE term = id AND position = 0)
    FROM term WHERE id IN (SELECT value FROM json_each(?))"""
#: Retired terms are in the tree only where others stand below them.
_IN_TREE = """stands AND NOT (
    deprecated AND NOT EXISTS (SELECT 1 FROM broader AS down WHERE down.broader = term.id))"""
MOST_BELOW = 100_000  # terms of a branch that are counted


@dataclass(frozen=True, slots=True)
class Narrower:
    """A term in the tree; `narrower` counts the terms right below it."""

    iri: str
    label: str
    lang: str
    narrower: int
    guide: bool
    hex: str | None


def chain(source: Source, number: int) -> list[int]:
    """The preferred terms above a term, the top first; cycles are cut."""
    below = [number]
    up = node(source, number)[2]
    while up and up not in below and len(below) <= _DEEPEST:
        _iri, names, further = node(source, up)
        if not names:
            break  # only named, not there
        below.append(up)
        up = further
    return below[:0:-1]


def node(source: Source, number: int) -> Node:
    return source.facts.nodes.get(number) or remember(source, [number])[number]


def remember(source: Source, numbers: Iterable[int]) -> dict[int, Node]:
    """These terms and what is above them, as far as not known: a query for each level."""
    facts, wanted = source.facts, set(numbers)
    found: dict[int, Node] = {}
    while missing := [n for n in wanted if n and n not in found and n not in facts.nodes]:
        rows = source.connection.execute(_READ, (json.dumps(missing),)).fetchall()
        found.update((number, (iri, names, up)) for number, iri, names, up in rows)
        wanted = {up for _number, _iri, _names, up in rows}
    facts.remember(found)
    return found


def crumbs(source: Source, number: int, languages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(IRI, label) of what is above a term, as far as it has labels."""
    for up in chain(source, number):
        iri, names, _up = node(source, up)
        if name := name_in(names, languages):
            yield iri, name[1]


def children(
    viewer: Viewer, index: Database, iri: str, vocabulary: str, lang: str,
    *, limit: int = 100, offset: int = 0,
) -> list[Narrower]:  # fmt: skip
    """The narrower terms of a term, by label; guide terms among them."""
    return _page(
        viewer, index, vocabulary, lang, limit, offset,
        f"JOIN broader ON broader.term = id WHERE {_IN_TREE}"
        " AND broader.broader = (SELECT id FROM term WHERE iri = ?)", iri,
    )  # fmt: skip


def tops(
    viewer: Viewer, index: Database, vocabulary: str, lang: str,
    *, limit: int = 100, offset: int = 0,
) -> list[Narrower]:  # fmt: skip
    """The terms without a broader one that is there, by label."""
    return _page(
        viewer, index, vocabulary, lang, limit, offset,
        f"WHERE {_IN_TREE} AND id IN (SELECT term FROM broader WHERE broader = 0 UNION"
        " SELECT term FROM broader JOIN term AS up ON up.id = broader WHERE NOT up.stands)"
        " AND NOT EXISTS (SELECT 1 FROM broader JOIN term AS up ON up.id = broader"
        " WHERE broader.term = term.id AND up.stands) LIMIT 20000",
    )  # fmt: skip


def _page(
    viewer: Viewer, index: Database, vocabulary: str, lang: str, limit: int, offset: int,
    where: str, *values: str,
) -> list[Narrower]:  # fmt: skip
    with reading(viewer, index, (vocabulary,)) as sources:
        for source in sources:
            rows = source.connection.execute(f"SELECT id, iri, shown FROM term {where}", values)
            named = sorted(_named(rows.fetchall(), wanted_languages(lang)))
            return [_narrower(source, *each) for each in named[offset : offset + limit]]
    return []


def _named(
    rows: Iterable[sqlite3.Row], languages: tuple[str, ...]
) -> Iterator[tuple[str, str, str, int]]:
    """(label, IRI, language, number)."""
    for number, iri, shown in rows:
        _place, text, tag = name_in(shown, languages) or (0, iri, "")
        yield text, iri, tag, number


def _narrower(source: Source, label: str, iri: str, lang: str, number: int) -> Narrower:
    row = source.connection.execute("SELECT guide, hex FROM term WHERE id = ?", (number,))
    guide, hex_ = row.fetchone()
    return Narrower(iri, label, lang, count_narrower(source, number), bool(guide), hex_)


def count_narrower(source: Source, number: int) -> int:
    found = source.connection.execute("SELECT COUNT(*) FROM broader WHERE broader = ?", (number,))
    return int(found.fetchone()[0])


def below(viewer: Viewer, index: Database, iri: str, vocabulary: str) -> int:
    """How many terms stand below a term; counted up to 100,000."""
    with reading(viewer, index, (vocabulary,)) as sources:
        for source in sources:
            start = number_of(source, iri)
            return len(branch(source, [start], MOST_BELOW + 1)) - 1 if start is not None else 0
    return 0


def branch(source: Source, starts: Iterable[int], most: int) -> set[int]:
    """These terms and all below them over any broader; no more than so many."""
    found = source.connection.execute(
        "WITH RECURSIVE node (id) AS (SELECT value FROM json_each(?)"
        " UNION SELECT term FROM node JOIN broader ON broader.broader = node.id)"
        " SELECT id FROM node LIMIT ?",
        (json.dumps(list(starts)), most),
    )
    return {number for (number,) in found}


def is_below(source: Source, number: int, starts: frozenset[int]) -> bool:
    """Whether a term is one of these or stands below one: looked for upwards."""
    seen, waiting = {number}, [number]
    while waiting:
        if not starts.isdisjoint(waiting):
            return True
        ups = source.connection.execute(
            "SELECT broader FROM broader WHERE term IN ({})".format(",".join(map(str, waiting)))
        )
        waiting = [up for up in {up for (up,) in ups} if up not in seen]
        seen.update(waiting)
    return False


def number_of(source: Source, iri: str) -> int | None:
    row = source.connection.execute(
        "SELECT id FROM term WHERE iri = ? AND stands", (iri,)
    ).fetchone()
    return int(row[0]) if row else None
