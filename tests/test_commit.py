"""The one write path: what is decided, what is refused, who waits for whom."""

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, Store

from server.commit import Desk
from server.domain import contributing, opening
from server.errors import Conflict, CrowdHeritageError, NotFound, Unavailable
from server.index import queues
from server.index.database import Database
from server.names import CH, DCTERMS
from server.patches import Bulk, BulkFile, Change, Patch, bound, on
from server.settings import Settings
from tests import worlds
from tests.worlds import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        yield worlds.furnish(desk)


def note(desk: Desk, text: str, dataset: str = "work") -> Patch:
    node, graph = desk.names.path("note"), desk.names.graph("annotations", "subjects")
    return on(dataset, add=bound(graph, (node, DCTERMS.title, Literal(text))))  # type: ignore[arg-type]


def write(desk: Desk, patch: Patch, **key: str) -> None:
    desk.commit(lambda _: (patch, None), by="x", action="note", now=worlds.now(), **key)


def test_the_value_that_was_decided_is_returned_and_an_empty_patch_writes_nothing(
    world: World,
) -> None:
    last = world.desk.journal.last()
    found = world.desk.commit(lambda _: (Patch(), 7), by="x", action="no", now=worlds.now())
    assert (found, world.desk.journal.last()) == (7, last)


def test_what_a_decision_refuses_is_not_stored(world: World) -> None:
    before, last = worlds.quads(world.desk), world.desk.journal.last()
    with pytest.raises(NotFound):
        world.propose(world.people[1], worlds.item(99), worlds.term(0))
    with pytest.raises(CrowdHeritageError):
        world.propose(world.people[1], worlds.item(0), worlds.term(99))
    assert (worlds.quads(world.desk), world.desk.journal.last()) == (before, last)


def test_only_the_store_that_an_entry_touches_moves_its_marker(world: World) -> None:
    public, work = (world.desk.datasets[name] for name in ("public", "work"))  # type: ignore[index]
    before = public.sequence()
    write(world.desk, note(world.desk, "x"))
    assert (public.sequence(), work.sequence()) == (before, world.desk.journal.last())
    assert world.desk.public_sequence() == max(before, public.sequence(CH.bulkSequence))


def test_what_was_written_is_read_by_whoever_asks_next(world: World) -> None:
    """Each thread reads the index by a connection of its own."""
    with ThreadPoolExecutor(4) as threads:
        for term in range(8):
            iri = world.propose(world.people[1], worlds.item(0), worlds.term(term))
            found = threads.map(
                lambda _, iri=iri: queues.find_annotation(world.desk.index.read(), iri), range(4)
            )
            assert all(found)


def test_of_two_who_decide_at_once_only_one_wins(world: World) -> None:
    """Reading and writing of a decision is one step."""
    work = world.desk.datasets["work"].store
    node = world.desk.names.path("note")

    def once(desk: Desk) -> tuple[Patch, None]:
        if list(work.quads_for_pattern(node, None, None, None)):
            raise Conflict("taken")
        return note(desk, threading.current_thread().name), None

    def attempt(_: int) -> bool:
        try:
            world.desk.commit(once, by="x", action="note", now=worlds.now())
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(32))) == 1


def test_many_at_once_leave_what_a_rebuild_gives(tmp_path: Path, world: World) -> None:
    def contribute(number: int) -> None:
        person = world.people[number % 3]
        iri = world.propose(person, worlds.item(number % 6), worlds.term(number // 6 % 8))
        other = world.people[(number + 1) % 3]
        with suppress(Conflict):  # they proposed it as well
            contributing.vote(world.desk, other, iri, "approve", now=worlds.now())

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(contribute, range(96)))
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuild")


def test_contributions_go_through_between_the_chunks_of_a_bulk_job(world: World) -> None:
    public, done = world.desk.datasets["public"], []
    real = public.run_chunk

    def counting(update: str) -> None:
        done.append(len(done))
        real(update)

    public.run_chunk = counting  # type: ignore[method-assign]
    seen: list[int] = []

    def progress(what: str, *_: int) -> None:
        if what == "remove":
            seen.append(world.desk.journal.last())
            write(world.desk, note(world.desk, str(len(seen))))
            assert world.desk.updating

    graph = world.desk.names.graph("collection", "prints").value
    _seq, file = world.desk.journal.graph_file("public", graph) or (0, None)
    assert file
    bulk = Bulk("public", graph, remove=BulkFile(**file))
    write(world.desk, Patch(bulk=(bulk,)))
    world.desk.run_bulk(progress)
    assert seen and done and not world.desk.updating
    assert queues.progress(world.desk.index.read(), world.campaign).items == 0


def test_a_clock_set_back_does_not_set_the_journal_back(world: World) -> None:
    early = worlds.now() - timedelta(hours=1)
    for when in (worlds.now(), early):
        world.desk.commit(
            lambda desk, when=when: (note(desk, str(when)), None), by="x", action="n", now=when
        )
    times = [(entry.seq, entry.at) for entry in world.desk.journal.entries()]
    assert times == sorted(times) and [at for _, at in times] == sorted(at for _, at in times)


def test_a_desk_that_is_closed_refuses_in_words(tmp_path: Path) -> None:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        pass
    with pytest.raises(Unavailable):
        write(desk, note(desk, "late"))


def test_a_query_that_reads_either_dataset_is_told_which(world: World) -> None:
    with pytest.raises(TypeError):
        world.desk.ask("campaign_exists", campaign=world.desk.names.campaign("subjects"))


def test_a_snapshot_holds_what_was_committed_before(tmp_path: Path, world: World) -> None:
    write(world.desk, note(world.desk, "seen", "public"))
    world.desk.snapshot(tmp_path / "copy")
    write(world.desk, note(world.desk, "not yet", "public"))
    titles = [quad.object.value for quad in Store.read_only(str(tmp_path / "copy"))]  # type: ignore[union-attr]
    assert "seen" in titles and "not yet" not in titles


def test_a_patch_is_the_same_after_the_journal_kept_it() -> None:
    graph = worlds.NamedNode("http://example.org/g")
    quad = Quad(graph, DCTERMS.title, Literal('x" \\u0041 \n', language="en"), graph)
    file = BulkFile("a.nq", "0", 1)
    patch = Patch(
        Change((quad,), (quad,)), Change(add=(quad,)), (Bulk("work", graph.value, add=file),)
    )
    assert Patch.from_json(patch.to_json()) == patch
    assert Patch.from_json(Patch().to_json()) == Patch() and not Patch()
    assert (patch + patch).work.add == (quad, quad)
    assert patch.touches("work") and not on("public", add=[quad]).touches("work")
    assert patch.public.graphs() == {graph.value}


def test_the_connections_of_threads_that_ended_are_closed(tmp_path: Path) -> None:
    database = Database(tmp_path / "index.sqlite", ())
    for _ in range(20):
        thread = threading.Thread(target=database.read)
        thread.start()
        thread.join()
    gc.collect()
    assert len(database._readers) == 0
    database.read()
    database.close()


def test_readers_cannot_write_the_index(world: World) -> None:
    with pytest.raises(Exception, match="readonly"):
        world.desk.index.read().execute("DELETE FROM annotation")


@pytest.mark.parametrize(
    ("host", "port", "base"),
    [("127.0.0.1", 8765, "http://127.0.0.1:8765/"), ("localhost", 80, "http://localhost:80/"),
     ("127.0.0.1", 0, "http://127.0.0.1:8000/"), ("0.0.0.0", 8765, "http://127.0.0.1:8000/")],
)  # fmt: skip
def test_without_a_base_iri_it_is_the_address(
    tmp_path: Path, host: str, port: int, base: str
) -> None:
    made = Settings(data=tmp_path / "data", host=host, port=port)
    opening.create(made)
    with opening.opened(made) as desk:
        assert desk.names.base == base


def test_a_setting_of_another_base_iri_is_refused(tmp_path: Path) -> None:
    made = worlds.create(tmp_path / "data")
    other = Settings(data=made.data, base_iri="https://other.example.org/")
    with pytest.raises(Conflict), opening.opened(other):
        pass
    with opening.opened(made):
        pass
