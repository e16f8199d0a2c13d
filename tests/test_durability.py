"""What was acknowledged is there after a crash, and what is damaged is rebuilt."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, Quad

from server import opening as plain
from server.commit import Desk
from server.domain import contributing, opening
from server.errors import CrowdHeritageError, Locked, StorageFull, Unavailable
from server.index import labels, queues
from server.journal.entries import RepeatedKey
from server.names import DCTERMS
from server.patches import Change, Patch, on
from server.settings import Settings
from server.store import datasets
from server.store.datasets import OxigraphDataset
from server.viewers import PUBLIC
from tests import worlds
from tests.worlds import World

ITEMS, TERMS, ROUNDS = 12, 400, 12


def stream(data: Path, ids: list[str], start: int) -> None:
    """In a child process: contribute without end, and tell of each acknowledged contribution."""
    with opening.opened(Settings(data=data, min_free=0)) as desk:
        world, annotations = worlds.revisit(desk, ids), []
        for number in range(start, ITEMS * TERMS):
            person = world.people[number % 2]
            item, term = worlds.item(number % ITEMS), worlds.term(number // ITEMS)
            annotations.append(iri := world.propose(person, item, term))
            tell(["claim", iri, person.agent.value])
            if number % 3 == 0:
                iri, voter = random.choice(annotations), world.people[2]
                contributing.vote(desk, voter, iri, "approve", now=worlds.now())
                tell(["vote", iri, voter.agent.value])
            if number % 50 == 0:
                contributing.visit(desk, person, world.campaign, item, "finished", now=worlds.now())


def tell(what: list[str]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    stream(Path(sys.argv[1]), sys.argv[2].split(","), int(sys.argv[3]))
    sys.exit()


# --- a stream of contributions, killed ------------------------------------------------------------


def cut_log(data: Path, chance: random.Random) -> None:
    """Cut the write-ahead log of a store to a third."""
    log = max((data / chance.choice(["public", "work"])).glob("*.log"), key=_size)
    os.truncate(log, _size(log) // 3)


def overwrite_table(data: Path, chance: random.Random) -> None:
    """Overwrite the middle of a table file that was there when the store was closed last."""
    store = data / chance.choice(["public", "work"])
    known = json.loads((store / "digests.json").read_text())
    tables = [store / name for name in sorted(known) if (store / name).exists()]
    assert tables
    _overwrite(max(tables, key=_size))


def delete_store(data: Path, chance: random.Random) -> None:
    shutil.rmtree(data / chance.choice(["public", "work"]))


def delete_index(data: Path, _chance: random.Random) -> None:
    for file in data.glob("index.sqlite*"):
        file.unlink()


def overwrite_index(data: Path, _chance: random.Random) -> None:
    for file in data.glob("index.sqlite-*"):
        file.unlink()
    _overwrite(data / "index.sqlite")


def cut_index(data: Path, _chance: random.Random) -> None:
    os.truncate(data / "index.sqlite", _size(data / "index.sqlite") // 2 + 100)


def overwrite_vocabulary(data: Path, _chance: random.Random) -> None:
    for file in (data / "index").glob("*-wal"):
        file.unlink()
    _overwrite(max((data / "index").glob("*.sqlite"), key=_size))


def delete_vocabulary(data: Path, _chance: random.Random) -> None:
    shutil.rmtree(data / "index")


def nothing(_data: Path, _chance: random.Random) -> None:
    """The kill is enough."""


DAMAGES = [
    nothing, cut_log, overwrite_table, delete_store, delete_index, overwrite_index, cut_index,
    overwrite_vocabulary, delete_vocabulary,
]  # fmt: skip


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_whenever_it_is_killed_and_whatever_is_damaged(
    tmp_path: Path,
) -> None:
    data, chance = tmp_path / "data", random.Random(7)
    settings = worlds.create(data)
    with opening.opened(settings) as desk:
        world = worlds.furnish(desk, items=ITEMS, terms=TERMS)
        ids = [person.id for person in world.people]
    acknowledged: list[list[str]] = []
    for number in range(ROUNDS):
        acknowledged += _killed_stream(data, ids, _claims(acknowledged), chance)
        damage = DAMAGES[number % len(DAMAGES)]
        damage(data, chance)
        before = _moved_aside(data)
        with opening.opened(settings) as desk:
            _assert_all_there(desk, acknowledged)
            worlds.assert_equals_rebuild(desk, tmp_path / f"rebuild-{number}")
        if damage is overwrite_table:
            assert _moved_aside(data) == before + 1
    assert len(acknowledged) > 10 * ROUNDS


def _killed_stream(
    data: Path, ids: list[str], start: int, chance: random.Random
) -> list[list[str]]:
    child = subprocess.Popen(
        [sys.executable, __file__, data, ",".join(ids), str(start)],
        stdout=subprocess.PIPE, text=True, env=_environment(),
    )  # fmt: skip
    assert child.stdout
    first = child.stdout.readline()
    time.sleep(chance.uniform(0.02, 0.5))
    child.send_signal(signal.SIGKILL)
    rest, _ = child.communicate()
    lines = [first, *rest.splitlines(keepends=True)]
    return [json.loads(line) for line in lines if line.endswith("\n")]


def _assert_all_there(desk: Desk, acknowledged: list[list[str]]) -> None:
    rows = desk.index.read().execute("SELECT kind, annotation, agent FROM contribution")
    found = {tuple(row) for row in rows}
    assert {tuple(each) for each in acknowledged} <= found
    stored = {quad.subject.value for quad in desk.datasets["work"].store}  # type: ignore[union-attr]
    assert {iri for _kind, iri, _agent in acknowledged} <= stored


def _claims(acknowledged: list[list[str]]) -> int:
    return sum(kind == "claim" for kind, _iri, _agent in acknowledged)


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}


def _moved_aside(data: Path) -> int:
    return len(list(data.glob("*.damaged-*")))


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(_size(path) // 2)
        file.write(os.urandom(max(_size(path) // 4, 64)))


def _size(path: Path) -> int:
    return path.stat().st_size


# --- what fails in between ------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return worlds.create(tmp_path / "data")


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    with opening.opened(settings) as desk:
        yield worlds.furnish(desk)


class _Failing(OxigraphDataset):
    """A store that cannot be written to, like on a disk that is full."""

    failures = 0

    def apply(self, change: Change, seq: int) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError(28, "No space left on device")
        super().apply(change, seq)


def _fail(desk: Desk, name: Any, times: int) -> None:
    dataset = desk.datasets[name]
    dataset.__class__ = _Failing
    dataset.failures = times  # type: ignore[attr-defined]


def test_what_a_store_could_not_take_is_there_after_a_restart(
    tmp_path: Path, settings: Settings
) -> None:
    with opening.opened(settings) as desk:
        world = worlds.furnish(desk)
        _fail(desk, "work", 99)
        iri = world.propose(world.people[1], worlds.item(0), worlds.term(0))
        assert desk.behind
        assert queues.find_annotation(desk.index.read(), iri) is None
    with opening.opened(settings) as desk:
        assert queues.find_annotation(desk.index.read(), iri)
        worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_a_store_that_failed_once_catches_up_at_once(tmp_path: Path, world: World) -> None:
    _fail(world.desk, "work", 1)
    iri = world.propose(world.people[1], worlds.item(0), worlds.term(0))
    assert queues.find_annotation(world.desk.index.read(), iri)
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuild")


def test_nothing_is_decided_on_a_store_that_lags_and_nothing_is_set_aside(
    tmp_path: Path, world: World
) -> None:
    desk, person = world.desk, world.people[1]
    _fail(desk, "work", 4)
    first = world.propose(person, worlds.item(0), worlds.term(0))
    last = desk.journal.last()
    with pytest.raises(Unavailable):
        world.propose(person, worlds.item(0), worlds.term(1))
    assert desk.journal.last() == last
    _fail(desk, "work", 0)
    world.propose(person, worlds.item(0), worlds.term(1))
    assert queues.find_annotation(desk.index.read(), first)
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


@pytest.mark.parametrize("name", ["public", "work"])
def test_an_entry_that_a_store_refuses_twice_is_set_aside_and_start_up_goes_on(
    settings: Settings, name: str
) -> None:
    with opening.opened(settings) as desk:
        ids = [person.id for person in worlds.furnish(desk).people]
        journal = desk.journal
        broken = {name: {"add": ["<http://x/ not a statement"], "remove": []}}
        entry = journal.append(broken, agent="x", action="broken", now=worlds.now(), key=None)
    with opening.opened(settings) as desk:
        aside = {(seq, to) for seq, to, _error in desk.journal.set_aside_entries()}
        assert aside == {(entry.seq, name), (entry.seq, "index")}
        world = worlds.revisit(desk, ids)
        iri = world.propose(world.people[1], worlds.item(0), worlds.term(0))
        assert queues.find_annotation(desk.index.read(), iri)
        assert not desk.behind


def test_an_entry_that_the_index_refuses_twice_is_set_aside(settings: Settings) -> None:
    with opening.opened(settings) as desk:
        world = worlds.furnish(desk)
        real = desk.projection.entry

        def refusing(desk: Desk, entry: Any, patch: Any) -> None:
            if entry.action == "visit":
                raise KeyError("nothing of the kind")
            real(desk, entry, patch)

        desk.projection.entry = refusing  # type: ignore[method-assign]
        desk.projection.replay = lambda *_: iter([lambda: {}["none"]])  # type: ignore[method-assign, assignment]
        desk.commit(lambda desk: (_statement(desk), None), by="x", action="visit", now=worlds.now())
        assert [to for _, to, _ in desk.journal.set_aside_entries()] == ["index"]
        assert not desk.behind
        iri = world.propose(world.people[1], worlds.item(0), worlds.term(0))
        assert queues.find_annotation(desk.index.read(), iri)


def test_a_bulk_file_that_is_damaged_is_set_aside_and_start_up_goes_on(
    settings: Settings,
) -> None:
    with opening.opened(settings) as desk:
        worlds.furnish(desk)
        graph = desk.names.graph("collection", "prints").value
        _seq, file = desk.journal.graph_file("public", graph) or (0, None)
    assert file
    _overwrite(settings.data / "bulk" / file["name"])
    shutil.rmtree(settings.data / "public")
    with opening.opened(settings) as desk:
        assert [to for _, to, _ in desk.journal.set_aside_entries()] == ["bulk"]
        assert not desk.updating
        assert labels.count(PUBLIC, desk.index, "kinds").terms == 8


def _statement(desk: Desk) -> Patch:
    graph = desk.names.graph("annotations", "subjects")
    node = desk.names.path("campaign/subjects#note")
    return on("work", add=[Quad(node, DCTERMS.title, Literal("a note"), graph)])


def test_the_same_key_twice_is_one_contribution(tmp_path: Path, world: World) -> None:
    person, item = world.people[1], worlds.item(0)
    world.propose(person, item, worlds.term(0), key="once")
    seq = world.desk.journal.last()
    for term in (worlds.term(0), worlds.term(1)):
        with pytest.raises(RepeatedKey) as repeated:
            world.propose(person, item, term, key="once")
        assert repeated.value.seq == seq == world.desk.journal.last()
    assert queues.progress(world.desk.index.read(), world.campaign).contributions == 1


def test_a_second_process_on_the_same_data_is_refused_in_words(settings: Settings) -> None:
    program = (
        "import sys; from pathlib import Path; from server.domain import opening\n"
        "from server.settings import Settings; from server.errors import Locked\n"
        "try:\n"
        "    with opening.opened(Settings(data=Path(sys.argv[1]))): pass\n"
        "except Locked as error: print(error)\n"
    )
    with opening.opened(settings):
        said = subprocess.run(
            [sys.executable, "-c", program, settings.data],
            capture_output=True, text=True, env=_environment(), check=True,
        ).stdout  # fmt: skip
        assert f"({os.getpid()})" in said and "Another process" in said
        with pytest.raises(Locked), opening.opened(settings):
            pass
    with opening.opened(settings):
        pass  # and it is free again


def test_a_disk_without_room_refuses_before_anything_is_written(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomless = Settings(data=world.desk.settings.data, min_free=2**62)
    last = world.desk.journal.last()
    monkeypatch.setattr(world.desk, "settings", roomless)
    with pytest.raises(StorageFull):
        world.propose(world.people[1], worlds.item(0), worlds.term(0))
    assert world.desk.journal.last() == last
    monkeypatch.undo()
    world.propose(world.people[1], worlds.item(0), worlds.term(0))
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuild")


def test_a_journal_that_cannot_be_written_acknowledges_nothing_and_resumes(
    tmp_path: Path, world: World
) -> None:
    """SQLite's own limit of pages makes the failure a real one."""
    person, last = world.people[1], world.desk.journal.last()
    _limit_pages(world.desk, to_what_stands=True)
    with pytest.raises(StorageFull):
        for number in range(100):
            world.propose(person, worlds.item(number % 6), worlds.term(number // 6 % 8))
            last = world.desk.journal.last()
    assert world.desk.journal.last() == last
    assert queues.progress(world.desk.index.read(), world.campaign).items == 6
    _limit_pages(world.desk, to_what_stands=False)
    contributing.visit(
        world.desk, person, world.campaign, worlds.item(0), "finished", now=worlds.now()
    )
    assert world.desk.journal.last() == last + 1
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuild")


def _limit_pages(desk: Desk, *, to_what_stands: bool) -> None:
    def limit() -> None:
        connection = desk.journal._writer.connection.dbapi_connection
        assert connection is not None
        cursor = connection.cursor()
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages if to_what_stands else 2**30}")
        cursor.close()

    desk.write(limit)


def test_a_store_of_a_later_journal_is_rebuilt(tmp_path: Path, settings: Settings) -> None:
    """A backup of the journal was put back, the stores and the index were left."""
    with opening.opened(settings) as desk:
        ids = [person.id for person in worlds.furnish(desk).people]
    shutil.copy(settings.data / "journal.sqlite", tmp_path / "kept.sqlite")
    with opening.opened(settings) as desk:
        world = worlds.revisit(desk, ids)
        iri = world.propose(world.people[1], worlds.item(0), worlds.term(0))
    for file in settings.data.glob("journal.sqlite*"):
        file.unlink()
    shutil.copy(tmp_path / "kept.sqlite", settings.data / "journal.sqlite")
    with opening.opened(settings) as desk:
        assert queues.find_annotation(desk.index.read(), iri) is None
        worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_closing_waits_for_what_was_accepted_and_a_bulk_job_goes_on_at_the_next_start(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "CHUNK", 3)
    errors: list[Exception] = []
    with opening.opened(settings) as desk:
        world = worlds.furnish(desk, items=40)
        begun = threading.Event()
        real = desk.datasets["public"].run_chunk

        def slow(update: str) -> None:
            real(update)
            begun.set()
            time.sleep(0.01)

        desk.datasets["public"].run_chunk = slow  # type: ignore[method-assign]

        def replace() -> None:
            try:
                worlds.import_things(desk, world.organiser, "prints", [worlds.Thing(1, "Anew")])
            except CrowdHeritageError as error:
                errors.append(error)

        job = threading.Thread(target=replace)
        job.start()
        begun.wait()
        begun.clear()
        begun.wait()
    job.join()
    assert [type(error) for error in errors] == [Unavailable]
    with opening.opened(settings) as desk:
        assert queues.progress(desk.index.read(), "subjects").items == 1
        worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_a_snapshot_is_not_taken_of_half_a_collection(world: World, tmp_path: Path) -> None:
    world.desk.behind.add("bulk")
    with pytest.raises(Unavailable):
        world.desk.snapshot(tmp_path / "snapshot")
    world.desk.run_bulk()
    world.desk.snapshot(tmp_path / "snapshot")
    assert (tmp_path / "snapshot").is_dir()


def test_only_the_base_iri_of_the_data_directory_is_taken(tmp_path: Path) -> None:
    made = worlds.create(tmp_path / "data", base_iri="https://crowd.example.org")
    with opening.opened(made) as desk:
        assert desk.names.base == "https://crowd.example.org/"
    with pytest.raises(CrowdHeritageError, match=r"crowd\.example\.org"):
        plain.create(Settings(data=made.data, base_iri="https://other.example.org/"))
