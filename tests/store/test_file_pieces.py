"""A large file in pieces: all of it, each line in one of them."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from server.store import datasets, file_pieces
from server.store.datasets import OxigraphDataset


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_pieces_end_where_lines_end_and_are_the_file(size: int, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"".join(b"x" * (n % 11) + b"\n" for n in range(50)) + b"no end")
    read = []
    for piece in file_pieces.pieces(path, size):
        with piece:
            read.append(piece.read())
    assert b"".join(read) == path.read_bytes()
    assert all(part.endswith(b"\n") for part in read[:-1])


def test_an_empty_file_has_no_pieces(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert list(file_pieces.pieces(tmp_path / "empty", 5)) == []


def test_a_file_that_is_loaded_in_pieces_is_there_as_a_whole_and_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "PIECE", 1_000)
    lines = [f'<http://x.org/{n}> <http://x.org/p> "{n}" <http://x.org/g> .' for n in range(500)]
    path = tmp_path / "all.nq"
    path.write_text("\n".join([*lines, ""]))
    dataset = OxigraphDataset(tmp_path / "store", NamedNode("http://x.org/data"))
    for _time in range(2):
        dataset.bulk_load(path)
        assert {f"{quad} ." for quad in dataset.store} == set(lines)
    dataset.close()
