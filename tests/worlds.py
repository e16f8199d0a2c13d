"""What many tests start from: a data directory with people, a vocabulary, items and a campaign."""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from server.commit import Desk
from server.domain import (
    accounts,
    campaigns,
    contributing,
    graph_states,
    opening,
    participation,
    vocabularies,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.contributing import Proposal
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import CH, DC, DCTERMS, EDM, ORE, RDF, SKOS
from server.patches import DATASETS, Bulk, Patch, on
from server.settings import Settings

PASSWORD = "a long pass phrase"
TERMS = "http://terms.example.org/"
ITEMS = "http://items.example.org/"
_clock = count()


def now() -> datetime:
    """A time later than the last one."""
    return datetime(2026, 11, 22, 10, tzinfo=UTC) + timedelta(seconds=next(_clock))


def term(number: int) -> str:
    return f"{TERMS}{number}"


def item(number: int | str) -> str:
    return f"{ITEMS}{number}"


@dataclass(frozen=True)
class Thing:
    """An item as a test imports it."""

    number: int | str
    title: str
    replaces: tuple[str, ...] = ()
    picture: bool = True
    gone: bool = False

    @property
    def iri(self) -> str:
        return item(self.number)

    def lines(self) -> Iterator[str]:
        me, aggregation = NamedNode(self.iri), NamedNode(f"{self.iri}#aggregation")
        if self.gone:
            yield f"{me} {RDF.type} {CH.Tombstone}"
            return
        yield f"{me} {RDF.type} {EDM.ProvidedCHO}"
        yield f"{me} {DC.title} {Literal(self.title, language='en')}"
        yield f"{me} {EDM.type} {Literal('IMAGE')}"
        for former in self.replaces:
            yield f"{me} {DCTERMS.replaces} {NamedNode(former)}"
        if self.picture:
            yield f"{aggregation} {RDF.type} {ORE.Aggregation}"
            yield f"{aggregation} {EDM.aggregatedCHO} {me}"
            yield f"{aggregation} {EDM.isShownBy} {NamedNode(f'{self.iri}.jpg')}"
            yield f"{aggregation} {EDM.dataProvider} {Literal('A museum')}"


@dataclass
class World:
    """The open desk with the people who use it; `campaign` is the slug of the open campaign."""

    desk: Desk
    organiser: Person
    people: list[Person] = field(default_factory=list)
    campaign: str = "subjects"
    collection: str = "prints"

    def propose(self, person: Person, item_iri: str, term_iri: str, **key: str) -> str:
        proposal = Proposal.of_term(self.campaign, item_iri, 1, term_iri)
        return contributing.propose(self.desk, person, proposal, now=now(), **key)

    def agree(self, person: Person) -> None:
        participation.agree(self.desk, person, self.campaign, now=now())


def create(folder: Path, **settings: object) -> Settings:
    made = Settings(data=folder, min_free=0, **settings)  # type: ignore[arg-type]
    opening.create(made)
    return made


def furnish(desk: Desk, *, items: int = 6, terms: int = 8, guests: int = 2) -> World:
    """An organiser, guests who agreed, a vocabulary, a collection and an open campaign."""
    organiser = accounts.create_user(
        desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=now()
    )
    world = World(desk, organiser)
    load_vocabulary(desk, organiser, "kinds", terms)
    import_things(desk, organiser, "prints", [Thing(n, f"Print {n}") for n in range(items)])
    task = Task(1, DC.subject.value, {"en": "What is shown?"}, ("kinds",))
    title, description = {"en": "Subjects"}, {"en": "Of prints"}
    campaign = Campaign(
        "subjects", title, description, ("prints",), (task,), target=100, state="open"
    )
    campaigns.create(desk, organiser, campaign, now=now())
    world.people = [organiser, *(accounts.guest(desk, now=now()) for _ in range(guests))]
    for person in world.people:
        world.agree(person)
    return world


def revisit(desk: Desk, ids: Iterable[str]) -> World:
    """The world of an opened desk that was furnished before; the organiser's identifier first."""
    people = [accounts.get_person(desk, each) for each in ids]
    return World(desk, people[0], people)


def load_vocabulary(desk: Desk, organiser: Person, slug: str, terms: int) -> None:
    data = VocabularyData(
        TERMS,
        ((DCTERMS.title, Literal("Kinds", language="en")),),
        as_statements(concepts(terms)),
    )
    vocabularies.load(desk, organiser, slug, data, now=now())


def concepts(number: int) -> Iterator[Triple]:
    for n in range(number):
        me = NamedNode(term(n))
        yield Triple(me, RDF.type, SKOS.Concept)
        yield Triple(me, SKOS.prefLabel, Literal(f"kind {n}", language="en"))


def import_things(desk: Desk, organiser: Person, slug: str, things: Iterable[Thing]) -> int:
    """Make the collection hold exactly these; returns the number of the entry."""
    lines = [line for thing in things for line in thing.lines()]
    prepared = graph_states.prepare(desk, "public", desk.names.graph("collection", slug), lines)
    return commit_bulk(desk, organiser, slug, prepared.bulk)


def commit_bulk(desk: Desk, organiser: Person, slug: str, bulk: Bulk) -> int:
    def decide(desk: Desk) -> tuple[Patch, None]:
        me, graph = desk.names.collection(slug), desk.names.graph("collection", slug)
        about = [
            Quad(me, RDF.type, EDM.Collection, graph),
            Quad(me, DCTERMS.title, Literal(slug.title(), language="en"), graph),
        ]
        return Patch(bulk=(bulk,)) + on("public", add=about), None

    desk.commit(decide, by=organiser.agent.value, action="import", now=now())
    desk.run_bulk()
    return desk.journal.last()


# --- comparing with a rebuild --------------------------------------------------------------------


def quads(desk: Desk) -> dict[str, list[str]]:
    """All that each store holds, markers included, sorted."""
    return {name: sorted(map(str, desk.datasets[name].store)) for name in DATASETS}


def tables(path: Path) -> dict[str, list[str]]:
    """Every table of the index by name, its rows sorted; of full text what is searched for.

    The files of vocabularies as `vocabulary_tables` has them; without what is random.
    """
    connection = sqlite3.connect(path)
    try:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND name NOT LIKE '%\\_search%' ESCAPE '\\'"
        )
        queries = {name: f"SELECT * FROM {name}" for (name,) in found}
        queries["item_search"] = "SELECT folded, scope FROM item_search"
        queries["item_identifier"] = (
            "SELECT name, iri FROM item_identifier AS named JOIN item ON item.rowid = named.item"
        )
        queries["term_vocabulary"] = "SELECT slug, dataset FROM term_vocabulary"
        queries["term_use"] = "SELECT campaign FROM term_use"
        files = connection.execute("SELECT slug, file FROM term_vocabulary").fetchall()
        return _rows(connection, queries) | {
            f"{slug}: {name}": rows
            for slug, file in files
            for name, rows in vocabulary_tables(path.with_suffix("") / file).items()
        }
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection, queries: dict[str, str]) -> dict[str, list[str]]:
    return {
        name: sorted(str(tuple(row)) for row in connection.execute(query))
        for name, query in queries.items()
    }


def vocabulary_tables(path: Path) -> dict[str, list[str]]:
    """What the file of a vocabulary says, however it came in: numbers differ by the way.

    Each label is looked for in the full-text index, and no other may be there.
    """
    connection = sqlite3.connect(path)
    queries = {
        "about": "SELECT name, value FROM about WHERE name IN ('terms', 'labels', 'full')",
        "term": "SELECT iri, rank, hex, deprecated, guide, shown, notes, notations, classes"
        " FROM term WHERE stands",
        "broader": "SELECT term.iri, position, up.iri FROM broader JOIN term ON term.id = term"
        " LEFT JOIN term AS up ON up.id = broader",
        "class": "SELECT class.iri, term.iri FROM term_class JOIN class ON class.id = class"
        " JOIN term ON term.id = term",
        "place": "SELECT iri, band, lat, long FROM place JOIN term ON id = term",
        "notation": "SELECT text, iri FROM notation JOIN term ON id = term",
        "language": "SELECT tag, labels FROM language WHERE labels > 0",
        "label": "SELECT iri, label.id >> 32, text, lang, kind, folded, variant, offered FROM label"
        " JOIN term ON term.id = term",
        "word": "SELECT word, labels FROM word WHERE labels > 0",
        "searched": "SELECT iri, text, lang FROM label_words JOIN label ON label.id = doc"
        " JOIN term ON term.id = label.term",
        "astray": "SELECT 1 FROM label_words WHERE doc NOT IN (SELECT id FROM label)",
    }
    try:
        connection.execute(
            "CREATE VIRTUAL TABLE temp.label_words USING fts5vocab (main, label_search, instance)"
        )
        return _rows(connection, queries)
    finally:
        connection.close()


@contextmanager
def rebuilt(settings: Settings, folder: Path) -> Iterator[Desk]:
    """A desk in a fresh directory that has nothing but the journal and its bulk files."""
    (folder / "bulk").mkdir(parents=True)
    for file in (settings.data / "bulk").glob("*.nq"):
        shutil.copy(file, folder / "bulk")
    source = sqlite3.connect(settings.data / "journal.sqlite")
    target = sqlite3.connect(folder / "journal.sqlite")
    source.backup(target)
    source.close()
    target.close()
    with opening.opened(Settings(data=folder, min_free=0)) as desk:
        yield desk


def assert_equals_rebuild(desk: Desk, folder: Path) -> None:
    """Both stores and every table of the index are what the journal says."""
    stores, index = quads(desk), tables(desk.index.path)
    with rebuilt(desk.settings, folder) as fresh:
        assert stores == quads(fresh)
    found = tables(folder / "index.sqlite")
    assert index.keys() == found.keys()
    for name, rows in index.items():
        assert rows == found[name], (name, set(rows) ^ set(found[name]))
    assert not desk.behind
    assert desk.journal.set_aside_entries() == []
