"""Loading vocabularies against real stores and real child processes."""

import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import (
    opening,
    vocabularies,
    vocabulary_lists,
    vocabulary_loads,
)
from server.domain.accounts import Person, create_user
from server.domain.vocabulary_changes import Change
from server.domain.vocabulary_files import Finder, Sorter
from server.domain.vocabulary_loads import Options
from server.domain.vocabulary_reports import Report
from server.errors import (
    Conflict,
    CrowdHeritageError,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    StorageFull,
    TooLarge,
    Unavailable,
)
from server.names import RDF, SKOS
from server.patches import on
from server.settings import Settings
from server.sorting import require_room
from server.viewers import PUBLIC
from tests import worlds
from tests.domain.vocabulary_files import SCHEME, concept, iri, write
from tests.worlds import PASSWORD

KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from server.domain import opening, vocabulary_loads
from server.domain.accounts import SYSTEM, Person
from server.domain.vocabulary_loads import Options
from server.settings import Settings

with opening.opened(Settings(data=Path(sys.argv[1]), min_free=0)) as desk:
    admin = Person(id=SYSTEM, name="System", role="admin", guest=False,
                   agent=desk.names.agent(SYSTEM))
    now = datetime(2027, 1, 1, tzinfo=UTC)
    options = Options("things", "skos", (Path(sys.argv[2]),))
    print("reading", flush=True)
    prepared = vocabulary_loads.prepare(desk, admin, options, now=now)
    print("applying", flush=True)
    vocabulary_loads.apply(desk, admin, prepared, now=now)
    print("done", flush=True)
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opening.opened(worlds.create(tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def olga(desk: Desk) -> Person:
    return create_user(desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now())


def options(*paths: Path, **changes: object) -> Options:
    return replace(Options("things", "skos", paths), **changes)  # type: ignore[arg-type]


def prepare(desk: Desk, person: Person, wanted: Options) -> vocabulary_loads.Prepared:
    return vocabulary_loads.prepare(desk, person, wanted, now=worlds.now())


def load(desk: Desk, person: Person, wanted: Options) -> Report:
    prepared = prepare(desk, person, wanted)
    return vocabulary_loads.apply(desk, person, prepared, now=worlds.now())


def statements(desk: Desk, slug: str = "things") -> set[str]:
    """What the store holds of a vocabulary's concepts."""
    graph = desk.names.graph("vocabulary", slug)
    node = desk.names.vocabulary(slug)
    found = desk.datasets["public"].store.quads_for_pattern(None, None, None, graph)
    return {str(quad.triple) for quad in found if quad.subject != node}


def labels(desk: Desk) -> set[str]:
    return {text.split('"')[1] for text in statements(desk) if "prefLabel" in text}


def state(desk: Desk) -> tuple[object, ...]:
    """What must not change where nothing was stored."""
    data = desk.settings.data
    return (
        desk.journal.last(), worlds.quads(desk), worlds.tables(desk.index.path),
        sorted(path.name for path in (data / "bulk").iterdir()),
        sorted(str(path) for path in (data / "vocabularies").rglob("*")),
    )  # fmt: skip


def changes(desk: Desk, report: Report, *kinds: str) -> dict[str, Change]:
    found = vocabulary_lists.changes(desk.settings.data, report, kinds or vocabulary_lists.KINDS)
    return {change.iri.removeprefix(SCHEME): change for change in found}


# --- the way of a load ---------------------------------------------------------------------------


def test_nothing_is_visible_until_a_load_is_applied(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    prepared = prepare(desk, olga, options(write(tmp_path / "a.ttl", concept(1, "one"))))
    assert prepared.report.terms == 1
    assert statements(desk) == set()
    with pytest.raises(NotFound):
        vocabularies.get_vocabulary(desk, PUBLIC, "things")
    vocabulary_loads.apply(desk, olga, prepared, now=worlds.now())
    assert labels(desk) == {"one"}
    assert vocabularies.get_vocabulary(desk, PUBLIC, "things").title == {"en": "Things"}
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_a_discarded_load_leaves_nothing(desk: Desk, olga: Person, tmp_path: Path) -> None:
    before = state(desk)
    prepared = prepare(desk, olga, options(write(tmp_path / "a.ttl", concept(1, "one"))))
    vocabulary_loads.discard(desk, olga, prepared)
    assert state(desk)[:4] == before[:4]
    with pytest.raises(NotFound):
        vocabulary_loads.find_prepared(desk, "things", prepared.report.id)


def test_the_same_again_changes_nothing(desk: Desk, olga: Person, tmp_path: Path) -> None:
    file = write(tmp_path / "a.ttl", concept(1, "one"))
    load(desk, olga, options(file))
    last = desk.journal.last()
    assert load(desk, olga, options(file)).state == "empty"
    assert desk.journal.last() == last


def test_a_load_is_taken_back_with_what_it_said_of_the_vocabulary(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    load(desk, olga, options(write(tmp_path / "a.ttl", concept(1, "one"))))
    load(desk, olga, options(write(tmp_path / "b.ttl", concept(1, "uno"), title="Others")))
    assert labels(desk) == {"uno"}
    vocabulary_loads.undo(desk, olga, "things", now=worlds.now())
    assert labels(desk) == {"one"}
    assert vocabularies.get_vocabulary(desk, PUBLIC, "things").title == {"en": "Things"}
    vocabulary_loads.undo(desk, olga, "things", now=worlds.now())
    assert vocabularies.find_vocabularies(desk, PUBLIC) == []
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")
    with pytest.raises(NotFound):
        vocabulary_loads.undo(desk, olga, "things", now=worlds.now())


def test_of_two_prepared_loads_the_second_is_refused(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    one, two = (
        prepare(desk, olga, options(write(tmp_path / f"{n}.ttl", concept(n, n)))) for n in "ab"
    )
    vocabulary_loads.apply(desk, olga, one, now=worlds.now())
    with pytest.raises(Conflict):
        vocabulary_loads.apply(desk, olga, two, now=worlds.now())
    with pytest.raises(Conflict):
        vocabulary_loads.apply(desk, olga, one, now=worlds.now())


def test_a_prepared_load_survives_a_restart(tmp_path: Path) -> None:
    settings = worlds.create(tmp_path / "data")
    with opening.opened(settings) as desk:
        olga = create_user(
            desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
        )
        load_id = prepare(
            desk, olga, options(write(tmp_path / "a.ttl", concept(1, "one")))
        ).report.id
    with opening.opened(settings) as desk:
        prepared = vocabulary_loads.find_prepared(desk, "things", load_id)
        vocabulary_loads.apply(desk, olga, prepared, now=worlds.now())
        assert labels(desk) == {"one"}


def test_only_organisers_load(desk: Desk, tmp_path: Path) -> None:
    ada = create_user(desk, "Ada", "ada@example.org", PASSWORD, "contributor", now=worlds.now())
    with pytest.raises(Forbidden):
        prepare(desk, ada, options(write(tmp_path / "a.ttl", concept(1, "one"))))


def test_a_title_that_was_given_stays(desk: Desk, olga: Person, tmp_path: Path) -> None:
    load(desk, olga, options(write(tmp_path / "a.ttl", concept(1, "one")), title="Mine"))
    load(desk, olga, options(write(tmp_path / "b.ttl", concept(1, "uno"))))
    assert vocabularies.get_vocabulary(desk, PUBLIC, "things").title == {"en": "Mine"}


def test_a_vocabulary_is_fetched_from_a_host_that_is_listed_and_from_no_other(
    tmp_path: Path,
) -> None:
    write(tmp_path / "a.ttl", concept(1, "one"))
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{web.server_address[1]}"
        for number, listed in enumerate(("", host)):
            made = worlds.create(tmp_path / f"data-{number}", remote_hosts=listed)
            with opening.opened(made) as desk:
                olga = create_user(
                    desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
                )
                wanted = options(url=f"http://{host}/a.ttl")
                if listed:
                    load(desk, olga, wanted)
                    assert labels(desk) == {"one"}
                else:
                    with pytest.raises(Unavailable):
                        load(desk, olga, wanted)
        web.shutdown()


# --- what changes --------------------------------------------------------------------------------


@pytest.fixture
def compared(desk: Desk, olga: Person, tmp_path: Path) -> tuple[Desk, Report]:
    """Each kind of change once: the name of a term says what becomes of it."""
    old = write(
        tmp_path / "old.ttl", concept("top", "top"), concept("hill", "hill"),
        concept("same", "same"), concept("renamed", "old name"),
        concept("moved", "moved", "; skos:broader :top"), concept("gone", "gone"),
        concept("deprecated", "deprecated"), concept("merged", "merged"),
        concept("mapped", "mapped", "; skos:exactMatch :same"),
        concept("noted", "noted"), concept("both", "both", "; skos:broader :top"),
        concept("a", "prefix"), concept(r"a\/b", "path"),
    )  # fmt: skip
    new = write(
        tmp_path / "new.ttl", concept("top", "top"), concept("hill", "hill"),
        concept("same", "same"), concept("renamed", "new name"),
        concept("moved", "moved", "; skos:broader :hill"),
        concept("deprecated", "deprecated", "; owl:deprecated true"),
        concept("merged", "merged", "; owl:deprecated true ; dct:isReplacedBy :same"),
        concept("noted", "noted", '; skos:scopeNote "now"@en'), concept("added", "added"),
        concept("both", "two", "; skos:broader :hill"), concept("a", "prefix"),
        concept(r"a\/b", "path"),
    )  # fmt: skip
    load(desk, olga, options(old))
    return desk, prepare(desk, olga, options(new)).report


def test_each_change_is_told_by_its_kind(compared: tuple[Desk, Report]) -> None:
    desk, report = compared
    found = {name: change.kinds for name, change in changes(desk, report).items()}
    assert found == {
        "renamed": ("relabelled",), "moved": ("moved",), "both": ("relabelled", "moved"),
        "gone": ("gone",), "deprecated": ("deprecated",), "merged": ("merged",),
        "mapped": ("merged",), "noted": ("changed",), "added": ("added",),
    }  # fmt: skip
    assert report.kinds == {
        "relabelled": 2, "moved": 2, "gone": 1, "deprecated": 1, "merged": 2, "changed": 1,
        "added": 1,
    }  # fmt: skip


def test_a_change_has_the_labels_before_and_after_and_where_it_stood(
    compared: tuple[Desk, Report],
) -> None:
    found = changes(*compared)
    assert (found["renamed"].was, found["renamed"].will) == (("old name", "en"), ("new name", "en"))
    assert found["moved"].broader_was == ((iri("top"), "top"),)
    assert found["moved"].broader_will == ((iri("hill"), "hill"),)
    assert found["merged"].replacement == (iri("same"), "same")
    assert found["mapped"].replacement == (iri("same"), "same")
    assert found["gone"].replacement is None


def test_changes_come_in_pages_and_are_searched(compared: tuple[Desk, Report]) -> None:
    desk, report = compared
    data = desk.settings.data
    first = vocabulary_lists.page(data, report, "relabelled", limit=1)
    assert first.next is not None
    second = vocabulary_lists.page(data, report, "relabelled", limit=1, at=first.next)
    assert (second.next, first.previous, second.previous) == (None, None, 0)
    assert {first.changes[0].iri, second.changes[0].iri} == {iri("renamed"), iri("both")}
    (only,) = vocabulary_lists.page(data, report, "relabelled", query="NEW name").changes
    assert only.iri == iri("renamed")
    assert vocabulary_lists.page(data, report, "relabelled", at=10**9).changes == []
    assert vocabulary_lists.page(data, report, "gone", used=True).changes == []
    with pytest.raises(NotFound):
        vocabulary_lists.page(data, report, "../report")


def test_the_page_before_is_found_from_any_page(
    desk: Desk, olga: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary_lists, "_BACKWARDS", 100)
    load(desk, olga, options(write(tmp_path / "a.ttl", concept("x", "x"))))
    many = (concept(n, f"{'odd' if n % 2 else 'even'} {n}") for n in range(23))
    report = prepare(desk, olga, options(write(tmp_path / "b.ttl", concept("x", "x"), *many)))
    for query, count in (("", 23), ("odd", 11)):
        at: int | None = 0
        starts, seen = [], 0
        while at is not None:
            page = vocabulary_lists.page(
                desk.settings.data, report.report, "added", at=at, limit=4, query=query
            )
            seen += len(page.changes)
            if starts:
                back = vocabulary_lists.page(
                    desk.settings.data, report.report, "added", at=page.previous or 0, limit=4,
                    query=query,
                )  # fmt: skip
                assert back.changes == starts[-1]
            else:
                assert page.previous is None
            starts.append(page.changes)
            at = page.next
        assert seen == count


def test_rows_of_a_table_without_iris_become_terms_of_this_site(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    file = tmp_path / "things.csv"
    file.write_text("label@en,label@de\nOak tree,Eiche\n")
    load(desk, olga, options(file, source="csv"))
    (subject,) = {line.split(" ")[0] for line in statements(desk)}
    assert subject == f"<{desk.names.base}term/things/oak-tree>"


def test_undoing_the_first_load_keeps_the_vocabulary_of_terms_made_by_hand(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    load(desk, olga, options(write(tmp_path / "a.ttl", concept(1, "one"))))
    graph, made = desk.names.graph("terms", "things"), NamedNode(f"{desk.names.base}term/things/x")
    quads = [
        Quad(made, RDF.type, SKOS.Concept, graph),
        Quad(made, SKOS.prefLabel, Literal("by hand", language="en"), graph),
    ]
    desk.commit(
        lambda _desk: (on("public", add=quads), None), by="test", action="test", now=worlds.now()
    )
    vocabulary_loads.undo(desk, olga, "things", now=worlds.now())
    assert statements(desk) == set()
    found = vocabularies.get_vocabulary(desk, PUBLIC, "things")
    assert (found.title, found.terms) == ({"en": "Things"}, 1)
    with worlds.rebuilt(desk.settings, tmp_path / "rebuild") as fresh:
        assert worlds.quads(desk) == worlds.quads(fresh)


def test_changes_as_a_table_name_each_term_once_and_hold_no_formula(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    top = concept("y", "y")
    load(
        desk, olga, options(write(tmp_path / "a.ttl", top, concept("x", "x", "; skos:broader :y")))
    )
    report = load(desk, olga, options(write(tmp_path / "b.ttl", top, concept("x", "=1+1"))))
    lines = list(vocabulary_lists.csv_lines(desk.settings.data, report))
    assert len(lines) == 2
    assert lines[1].split(",")[:4] == [iri("x"), "relabelled moved", "x", "'=1+1"]


def test_what_the_source_declares_retired_is_deprecated_or_merged(desk: Desk, olga: Person) -> None:
    from server.formats.vocabularies import Reading, VocabularyData

    def say(reading: Reading, *names: str) -> None:
        lines = (
            f"<{iri(name)}> {rest}"
            for name in names
            for rest in (
                "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
                "<http://www.w3.org/2004/02/skos/core#Concept>",
                f'<http://www.w3.org/2004/02/skos/core#prefLabel> "{name}"@en',
            )
        )
        data = VocabularyData(SCHEME, (), lines)
        vocabularies.load(desk, olga, "things", data, now=worlds.now(), reading=reading)

    say(Reading(), "a", "b", "c", "d", "e")
    retired: dict[str, str | None] = {
        iri("a"): iri("b"), iri("b"): iri("e"), iri("c"): None, iri("d"): iri("nowhere"),
        iri("never"): iri("e"),
    }  # fmt: skip
    say(Reading(retired=retired), "e")
    found = changes(desk, vocabulary_loads.find_reports(desk, "things")[0])
    assert {name: change.kinds for name, change in found.items()} == {
        "a": ("merged",), "b": ("merged",), "c": ("deprecated",), "d": ("deprecated",),
    }  # fmt: skip
    assert found["a"].replacement == (iri("e"), "e")


def test_a_circle_of_replacements_ends(desk: Desk, olga: Person, tmp_path: Path) -> None:
    old = write(tmp_path / "a.ttl", *(concept(n, n) for n in "abc"))
    round_ = [
        concept(n, n, f"; owl:deprecated true ; dct:isReplacedBy :{other}")
        for n, other in ("ab", "ba")
    ]
    load(desk, olga, options(old))
    new = write(tmp_path / "b.ttl", concept("c", "c"), *round_)
    report = prepare(desk, olga, options(new)).report
    assert {name: change.kinds for name, change in changes(desk, report).items()} == {
        "a": ("deprecated",), "b": ("deprecated",),
    }  # fmt: skip


def test_annotations_that_name_changed_terms_are_counted(tmp_path: Path) -> None:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        world = worlds.furnish(desk)
        for person in world.people[1:]:
            world.propose(person, worlds.item(0), worlds.term(1))
        world.propose(world.people[1], worlds.item(1), worlds.term(1))
        world.propose(world.people[1], worlds.item(1), worlds.term(3))
        kept = [f'<{worlds.term(n)}> a skos:Concept ; skos:prefLabel "kind {n}"@en ; '
                f"skos:inScheme <{worlds.TERMS}> .\n" for n in (0, 2, 3)]  # fmt: skip
        file = write(tmp_path / "b.ttl", *kept, scheme="http://other.example.org/")
        prepared = prepare(desk, world.organiser, options(file, slug="kinds", replace=True))
        report = prepared.report
        assert report.used["gone"] == 1
        assert report.touched["gone"] == {"subjects": {"pending": 2}}
        (change,) = vocabulary_lists.page(desk.settings.data, report, "gone", used=True).changes
        assert (change.iri, change.used) == (worlds.term(1), True)


# --- what is refused -----------------------------------------------------------------------------


def refused(desk: Desk, olga: Person, wanted: Options, error: type[CrowdHeritageError]) -> str:
    """The words of the refusal; nothing was kept."""
    before = state(desk)
    with pytest.raises(error) as found:
        load(desk, olga, wanted)
    assert state(desk) == before
    return str(found.value)


def test_what_is_no_vocabulary_is_refused_in_words(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    empty, broken = tmp_path / "empty.ttl", tmp_path / "broken.ttl"
    empty.write_text("<http://a.example.org/> <http://b.example.org/> 1 .")
    broken.write_text("<http://a.example.org/> <")
    assert "concept" in refused(desk, olga, options(empty), Malformed)
    assert refused(desk, olga, options(broken), Malformed)
    archive = tmp_path / "explicit.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("AATOut_1Subjects.nt", "<http://a.example.org/> " * 1000)
    archive.write_bytes(archive.read_bytes()[:-40])
    assert refused(desk, olga, options(archive, source="aat"), Malformed)
    assert refused(desk, olga, options(empty, source="geonames"), Malformed)
    assert refused(desk, olga, options(tmp_path / "none.ttl"), NotFound)


def test_another_kind_of_file_than_was_said_is_refused(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.ttl", concept(1, "one"))
    for source in ("aat", "geonames", "wikidata"):
        assert refused(desk, olga, options(file, source=source), Malformed)


@pytest.mark.parametrize(
    ("changes_", "field"),
    [({"slug": "Not A Slug"}, "slug"), ({"slug": "load"}, "slug"), ({"source": "x"}, ""),
     ({"source": "aat", "reader": {"scheme": "xyz"}}, "scheme")],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(
    desk: Desk, olga: Person, tmp_path: Path, changes_: dict[str, object], field: str
) -> None:
    wanted = options(write(tmp_path / "a.ttl", concept(1, "one")), **changes_)
    with pytest.raises(Invalid) as found:
        prepare(desk, olga, wanted)
    assert [problem.field for problem in found.value.problems] == ([field] if field else [])


def test_another_vocabulary_takes_a_name_only_where_that_is_said(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    load(desk, olga, options(write(tmp_path / "a.ttl", concept(1, "one"))))
    other = write(tmp_path / "b.ttl", concept(1, "eins"), scheme="http://other.example.org/")
    assert "http://other.example.org/" in refused(desk, olga, options(other), Conflict)
    load(desk, olga, options(other, replace=True))
    assert labels(desk) == {"eins"}


def test_statements_that_speak_for_this_site_are_left_out(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    base = desk.names.base
    forged = (
        f'<{base}campaign/x> a skos:Concept ; skos:prefLabel "x"@en .\n'
        f'<{base}term/things/1> a skos:Concept ; skos:prefLabel "ours"@en .\n'
    )
    report = load(desk, olga, options(write(tmp_path / "a.ttl", concept(1, "one"), forged)))
    assert labels(desk) == {"one", "ours"}
    assert sum(report.left_out.values()) == 2


def test_a_full_disk_stops_the_sorting_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(worlds.create(tmp_path / "data"), min_free=2**62)
    with opening.opened(settings) as desk:
        olga = create_user(
            desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
        )
        file = write(tmp_path / "a.ttl", concept(1, "one"))
        with pytest.raises(Unavailable, match="disk"):
            prepare(desk, olga, options(file))
        assert list((settings.data / "vocabularies").rglob("*")) == []
    with pytest.raises(StorageFull):
        require_room(tmp_path, 2**62)


def test_too_little_memory_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    settings = replace(worlds.create(tmp_path / "data"), vocabulary_memory=450_000_000)
    file = tmp_path / "big.nt"
    with file.open("w") as stream:
        for number in range(300):
            stream.write(f'<{iri(number)}> <http://x.example.org/> "{"x" * 1_000_000}" .\n')
    with opening.opened(settings) as desk:
        olga = create_user(
            desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
        )
        with pytest.raises((TooLarge, Malformed)):
            prepare(desk, olga, options(file))
        assert list((settings.data / "vocabularies").rglob("*")) == []


# --- several at once, stopped, killed ------------------------------------------------------------


def large(path: Path, terms: int = 40_000) -> Path:
    return write(path, *(concept(n, f"term {n}") for n in range(terms)))


def test_a_vocabulary_is_loaded_once_at_a_time_and_may_be_stopped(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    file, begun, stop = large(tmp_path / "a.ttl"), threading.Event(), threading.Event()
    failures: list[Exception] = []

    def first() -> None:
        try:
            vocabulary_loads.prepare(
                desk, olga, options(file), now=worlds.now(),
                progress=lambda *_: begun.set(), stop=lambda: begun.is_set() and stop.is_set(),
            )  # fmt: skip
        except Unavailable as error:
            failures.append(error)

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(60)
    with pytest.raises(Conflict, match="being loaded"):
        prepare(desk, olga, options(write(tmp_path / "b.ttl", concept(1, "one"))))
    stop.set()
    thread.join(60)
    assert len(failures) == 1
    assert list((desk.settings.data / "vocabularies").rglob("*")) == []
    load(desk, olga, options(write(tmp_path / "b.ttl", concept(1, "one"))))
    assert labels(desk) == {"one"}


def test_a_killed_child_is_an_error_in_words(desk: Desk, olga: Person, tmp_path: Path) -> None:
    file, failures = large(tmp_path / "a.ttl"), []

    def kill(*_told: object) -> None:
        children = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children")
        for pid in children.read_text().split():
            os.kill(int(pid), signal.SIGKILL)

    with pytest.raises(CrowdHeritageError) as error:
        vocabulary_loads.prepare(desk, olga, options(file), now=worlds.now(), progress=kill)
    failures.append(str(error.value))
    assert failures[0]
    assert list((desk.settings.data / "vocabularies").rglob("*")) == []


@pytest.mark.parametrize("moment", ["reading", "applying"])
@pytest.mark.parametrize("after", [0.2])
def test_a_killed_load_is_whole_or_invisible_and_can_be_started_again(
    tmp_path: Path, moment: str, after: float
) -> None:
    settings = worlds.create(tmp_path / "data")
    file = large(tmp_path / "a.ttl", 5_000)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(settings.data), str(file)], stdout=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert process.stdout
    while process.stdout.readline().strip() != moment:
        pass
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with opening.opened(settings) as desk:
        assert len(labels(desk)) in (0, 5_000)
        reports = vocabulary_loads.find_reports(desk, "things")
        folders = list((settings.data / "vocabularies").glob("*/*"))
        assert len(folders) == len(reports)
        worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")
        admin = create_user(
            desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
        )
        load(desk, admin, options(file))
        assert len(labels(desk)) == 5_000


# --- sorting and finding -------------------------------------------------------------------------


@pytest.mark.parametrize("run", [200, 10_000_000])
def test_sorted_files_hold_each_line_once_in_the_order_of_their_bytes(
    tmp_path: Path, run: int
) -> None:
    lines = [f"<http://x.example.org/{n % 97}é> <p> {n % 13} .\n".encode() for n in range(3000)]
    sorter = Sorter(tmp_path, run=run)
    for start in range(0, len(lines), 7):
        sorter.add(b"".join(lines[start : start + 7]))
    written = sorter.finish(tmp_path / "all.nq")
    expected = sorted(set(lines))
    assert (tmp_path / "all.nq").read_bytes() == b"".join(expected)
    assert written.quads == len(expected)
    assert [path.name for path in tmp_path.iterdir()] == ["all.nq"]


def test_every_subject_is_found_in_a_sorted_file_and_no_other(tmp_path: Path) -> None:
    subjects = [f"<http://x.example.org/{n}{'/y' * (n % 3)}>" for n in range(0, 300, 3)]
    lines = sorted(
        f"{subject} <p{n}> {'o' * (n * 50)} .\n" for subject in subjects for n in range(4)
    )
    path = tmp_path / "all.nq"
    path.write_text("".join(lines))
    finder = Finder(path)
    for subject in subjects:
        found = finder.find(subject.encode())
        assert [line.decode() for line in found] == [x for x in lines if x.startswith(subject)]
    for other in ("<a>", "<http://x.example.org/1>", "<z>", "<http://x.example.org/>"):
        assert finder.find(other.encode()) == ()
    finder.close()


def test_a_load_that_waited_for_a_month_goes_at_the_next_start(tmp_path: Path) -> None:
    settings = worlds.create(tmp_path / "data")
    with opening.opened(settings) as desk:
        olga = create_user(
            desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
        )
        file = write(tmp_path / "a.ttl", concept(1, "one"))
        days = [31, 29]
        ids = [
            vocabulary_loads.prepare(
                desk, olga, options(file, slug=f"old-{number}"),
                now=datetime.now(UTC) - timedelta(days=number),
            ).report.id
            for number in days
        ]  # fmt: skip
        applied = vocabulary_loads.prepare(
            desk, olga, options(file), now=datetime.now(UTC) - timedelta(days=90)
        )
        vocabulary_loads.apply(desk, olga, applied, now=worlds.now())
    with opening.opened(settings) as desk:
        with pytest.raises(NotFound):
            vocabulary_loads.find_prepared(desk, "old-31", ids[0])
        assert vocabulary_loads.find_prepared(desk, "old-29", ids[1])
        assert len(vocabulary_loads.find_reports(desk, "things")) == 1


def test_leftovers_of_loads_without_a_report_go_at_the_next_start(tmp_path: Path) -> None:
    settings = worlds.create(tmp_path / "data")
    place = settings.data / "vocabularies" / "things" / "0000"
    place.mkdir(parents=True)
    (place / "1.run").write_text("x")
    with ExitStack() as stack:
        stack.enter_context(opening.opened(Settings(data=settings.data, min_free=0)))
        assert not (settings.data / "vocabularies" / "things").exists()
