"""Snapshots of the public store: fresh, whole, and gone when nobody uses them."""

import threading
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from server.store.snapshots import Snapshots


class Public:
    """A public store with the marker that the commit desk moves."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path)
        self.sequence = 0
        self.backups = 0

    def write(self) -> None:
        self.sequence += 1
        thing = NamedNode(f"http://x/{self.sequence}")
        self.store.add(Quad(thing, thing, thing))

    def backup(self, path: Path) -> None:
        self.backups += 1
        self.store.backup(path)


@pytest.fixture
def public(tmp_path: Path) -> Public:
    public = Public(tmp_path / "public")
    public.write()
    return public


def make(tmp_path: Path, public: Public, max_age: float = 0) -> Snapshots:
    return Snapshots(tmp_path / "snapshots", public.backup, lambda: public.sequence, max_age)


def paths(tmp_path: Path) -> set[Path]:
    return set((tmp_path / "snapshots").iterdir())


def test_a_new_snapshot_is_made_only_when_the_store_moved(tmp_path: Path, public: Public) -> None:
    snapshots = make(tmp_path, public)
    first = snapshots.refresh()
    assert snapshots.refresh() is first
    public.write()
    second = snapshots.refresh()
    assert second.number > first.number and second.sequence == 2
    assert len(list(Store.read_only(str(second.path)).quads_for_pattern(None, None, None))) == 2


def test_no_snapshot_is_made_before_the_last_one_is_old_enough(
    tmp_path: Path, public: Public
) -> None:
    snapshots = make(tmp_path, public, max_age=3600)
    first = snapshots.refresh()
    public.write()
    assert snapshots.refresh() is first
    assert public.backups == 1


def test_a_used_snapshot_stays_until_it_is_released(tmp_path: Path, public: Public) -> None:
    snapshots = make(tmp_path, public)
    used = snapshots.acquire()
    assert snapshots.acquire() is used
    public.write()
    newest = snapshots.refresh()
    assert not snapshots.is_current(used)
    snapshots.release(used)
    assert paths(tmp_path) == {used.path, newest.path}
    snapshots.release(used)
    assert paths(tmp_path) == {newest.path}


def test_an_unused_snapshot_goes_when_the_next_is_made(tmp_path: Path, public: Public) -> None:
    snapshots = make(tmp_path, public)
    snapshots.refresh()
    public.write()
    newest = snapshots.refresh()
    assert paths(tmp_path) == {newest.path}


def test_what_a_former_process_left_is_removed_at_start(tmp_path: Path, public: Public) -> None:
    make(tmp_path, public).refresh()
    make(tmp_path, public)
    assert paths(tmp_path) == set()


def test_a_failed_copy_leaves_the_last_snapshot_in_place(tmp_path: Path, public: Public) -> None:
    snapshots = make(tmp_path, public)
    first = snapshots.refresh()
    public.write()
    (tmp_path / "snapshots" / f"{first.number + 1:08d}").mkdir()  # backup refuses to overwrite
    with pytest.raises(RuntimeError):
        snapshots.refresh()
    assert snapshots.is_current(first)
    assert snapshots.refresh().sequence == 2


def test_threads_that_refresh_at_once_make_one_snapshot(tmp_path: Path, public: Public) -> None:
    snapshots = make(tmp_path, public)
    threads = [threading.Thread(target=snapshots.refresh) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert public.backups == 1
