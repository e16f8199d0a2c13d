"""Sorting and comparing states of a graph, and keeping them as files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import Damaged, StorageFull
from server.journal import bulk_files
from server.journal.differences import removed_and_added
from server.patches import BulkFile
from server.sorting import sorted_lines

#: Lines as canonical N-Quads have them: no control characters inside, but all else that looks like
#: the end of a line to Python.
LINES = st.lists(
    st.text(st.characters(min_codepoint=32, blacklist_categories=["Cs"])).map(
        lambda text: text + "\n"
    )
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bulk")


def keep(folder: Path, lines: list[str]) -> Path | None:
    file = bulk_files.write(folder, sorted_lines(lines, folder))
    return bulk_files.path(folder, file) if file else None


@given(old=LINES, new=LINES)
def test_a_difference_takes_the_old_state_to_the_new_one(
    folder: Path, old: list[str], new: list[str]
) -> None:
    before, after = keep(folder, old), keep(folder, [*new, "last\n"])
    assert after is not None
    found = list(removed_and_added(before, after))
    removed = [line for sign, line in found if sign == "-"]
    added = [line for sign, line in found if sign == "+"]
    wanted = {*new, "last\n"}
    assert set(removed) == set(old) - wanted and len(set(removed)) == len(removed)
    assert set(added) == wanted - set(old) and len(set(added)) == len(added)


def test_a_kept_file_is_known_by_its_content(tmp_path: Path) -> None:
    file = bulk_files.write(tmp_path, ["a\n", "b\n"])
    assert file == bulk_files.write(tmp_path, ["a\n", "b\n"])
    assert file and file.quads == 2 and bulk_files.path(tmp_path, file).read_text() == "a\nb\n"
    assert bulk_files.write(tmp_path, []) is None
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_kept_file_that_was_changed_or_lost_is_damaged(tmp_path: Path) -> None:
    file = bulk_files.write(tmp_path, ["a\n"])
    assert file
    (tmp_path / file.name).write_text("b\n")
    with pytest.raises(Damaged):
        bulk_files.path(tmp_path, file)
    with pytest.raises(Damaged):
        bulk_files.path(tmp_path, BulkFile("none.nq", "0", 1))


def test_an_interrupted_file_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken(error: Exception):  # type: ignore[no-untyped-def]
        yield "a\n"
        raise error

    for error, expected in ((OSError(28, "full"), StorageFull), (KeyError("x"), KeyError)):
        with pytest.raises(expected):
            bulk_files.write(tmp_path, broken(error))
    (tmp_path / "1-2.partial").touch()
    bulk_files.remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []
