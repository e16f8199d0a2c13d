"""A vocabulary built as a whole says the same as one filled term by term, in any parts."""

import random
import sqlite3
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from server.domain import vocabulary_build
from server.domain.opening import SCHEMAS
from server.errors import Malformed
from server.formats.children import run_child
from server.index import labels, vocabulary_builds, vocabulary_writes
from server.index.database import Database
from server.index.labels import TermRow
from server.names import CH, GN, GVP, OWL, RDF, SKOS, WGS84
from server.viewers import PUBLIC
from tests import worlds

GRAPH = NamedNode("http://example.org/graph")
TERM = "http://example.org/"


def statements(number: int) -> list[Quad]:
    """Concepts of every kind, with what makes lines hard to read."""
    chance = random.Random(number)
    texts = ['plain', 'with "quotes"', "back\\slash", "two\nlines", "Köln", "梧州市", "tab\there",
             "😀", "red (colour)", "a@en", "<x>", "ends ."]  # fmt: skip
    found = []
    for n in range(number):
        me = NamedNode(f"{TERM}{'é' if n % 7 == 0 else ''}{n}")

        def say(property_: NamedNode, value: NamedNode | Literal, me: NamedNode = me) -> None:
            found.append(Quad(me, property_, value, GRAPH))

        say(RDF.type, SKOS.Concept)
        for _label in range(chance.randrange(4)):
            tag = chance.choice(["en", "de", "de-AT", ""])
            text = f"{chance.choice(texts)} {chance.randrange(30)}"
            kind = chance.choice([SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel])
            say(kind, Literal(text, language=tag) if tag else Literal(text))
        if n % 3:
            say(SKOS.broader, NamedNode(f"{TERM}{chance.randrange(number + 3)}"))
            say(GVP.broaderPreferred, NamedNode(f"{TERM}{chance.randrange(number)}"))
        if n % 4 == 0:
            say(SKOS.scopeNote, Literal(f"A note\nof {n} \\ lines", language="en"))
            say(SKOS.notation, Literal(f"N{n}"))
            say(GN.featureClass, GN.P)
            say(GN.population, Literal(n * 1000))
            say(WGS84.lat, Literal(str(n % 120 - 30)))
            say(WGS84.long, Literal(n / 10))
        if n % 11 == 0:
            say(CH.guideTerm, Literal(True))
        if n % 13 == 0:
            say(OWL.deprecated, Literal(True))
        say(NamedNode(f"{TERM}other"), Literal("something else"))
    return found


def write(path: Path, quads: list[Quad]) -> Path:
    path.write_text("".join(sorted(f"{quad} .\n" for quad in quads)), encoding="utf-8")
    return path


def rows(path: Path) -> list[TermRow]:
    with path.open("rb") as file:
        size = path.stat().st_size
        return list(vocabulary_build.terms(file, f" {GRAPH} .\n".encode(), 0, size))


@pytest.mark.parametrize("many", [1, 2, 3, 7, 50])
def test_the_parts_of_a_file_have_each_term_once(tmp_path: Path, many: int) -> None:
    path = write(tmp_path / "full.nq", statements(40))
    size, found = path.stat().st_size, list[TermRow]()
    for number in range(many):
        with path.open("rb") as file:
            start, stop = size * number // many, size * (number + 1) // many
            found += vocabulary_build.terms(file, f" {GRAPH} .\n".encode(), start, stop)
    assert found == rows(path)


def test_a_child_builds_what_putting_each_term_gives(tmp_path: Path) -> None:
    path = write(tmp_path / "full.nq", statements(200))
    (tmp_path / "folder").mkdir()
    job = {
        "source": str(path), "folder": str(tmp_path / "folder"), "graph": GRAPH.value,
        "target": str(tmp_path / "built.sqlite"), "state": "",
    }  # fmt: skip
    run_child(
        "server.domain.vocabulary_build", job, memory=1 << 30, seconds=60.0,
        on_message=lambda _message: None,
    )  # fmt: skip
    index = Database(tmp_path / "index.sqlite", SCHEMAS)
    terms = rows(path)
    random.Random(1).shuffle(terms)
    labels.put_terms(index, "v", "public", [TermRow(TERM + "gone", (("pref", "gone", "en"),))])
    labels.put_terms(index, "v", "public", terms)
    labels.put_terms(index, "v", "public", terms[::3])
    labels.remove_terms(index, "v", [TERM + "gone"])
    index.write.commit()
    name = vocabulary_writes.file_of(index, "v")
    assert name
    put = worlds.vocabulary_tables(index.vocabularies.path(name))
    built = worlds.vocabulary_tables(tmp_path / "built.sqlite")
    for table, expected in put.items():
        assert built[table] == expected, table
    assert built["astray"] == []
    index.close()


def test_a_built_file_takes_more_terms(tmp_path: Path) -> None:
    index = Database(tmp_path / "index.sqlite", SCHEMAS)
    labels.replace_vocabulary(index, "v", "public", rows(write(tmp_path / "a.nq", statements(50))))
    added = TermRow(TERM + "new", (("pref", "Brandneu", "de"),), broader=(TERM + "unheard",))
    labels.put_terms(index, "v", "public", [added])
    index.write.commit()
    assert [each.iri for each in labels.suggest(PUBLIC, index, "brand")] == [TERM + "new"]
    name = vocabulary_writes.file_of(index, "v")
    assert name
    with sqlite3.connect(index.vocabularies.path(name)) as connection:
        connection.execute("INSERT INTO label_search (label_search) VALUES ('integrity-check')")
        connection.execute("INSERT INTO note_search (note_search) VALUES ('integrity-check')")
    connection.close()
    index.close()


def test_a_build_that_fails_says_so(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    job = {
        "source": str(tmp_path / "missing.nq"), "folder": str(tmp_path / "folder"),
        "graph": GRAPH.value, "target": str(tmp_path / "built.sqlite"), "state": "",
    }  # fmt: skip
    with pytest.raises(Malformed):
        run_child(
            "server.domain.vocabulary_build", job, memory=1 << 30, seconds=60.0,
            on_message=lambda _message: None,
        )  # fmt: skip


def test_an_empty_vocabulary_can_be_built(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    vocabulary_builds.build([], tmp_path / "folder", tmp_path / "built.sqlite")
    assert worlds.vocabulary_tables(tmp_path / "built.sqlite")["term"] == []
