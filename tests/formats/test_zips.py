"""Zip archives that Python's own reader takes: small, of very many files, and none broken off."""

import io
import zipfile
from pathlib import Path

import pytest

from server.formats.zips import ZipWriter


@pytest.mark.parametrize("files", [0, 1, 65_534, 65_535, 70_000])
def test_any_number_of_files_comes_back(files: int) -> None:
    stream = io.BytesIO()
    with ZipWriter(stream) as archive:
        for number in range(files):
            archive.add(f"prints/é{number}.xml", b"<a/>" * (number % 3))
    with zipfile.ZipFile(stream) as archive_read:
        names = archive_read.namelist()
        assert names == [f"prints/é{number}.xml" for number in range(files)]
        for number in range(0, files, 5_000):
            assert archive_read.read(names[number]) == b"<a/>" * (number % 3)
        assert all(info.external_attr >> 16 == 0o100644 for info in archive_read.infolist()[:9])


def test_beyond_four_gigabytes_offsets_are_told_in_64_bits(tmp_path: Path) -> None:
    class Far:
        """As if much had been written before."""

        def __init__(self) -> None:
            self.data = bytearray()

        def write(self, data: bytes) -> int:
            self.data += data
            return len(data)

    stream, start = Far(), 5_000_000_000
    with ZipWriter(stream) as archive:  # type: ignore[arg-type]
        archive._at = start
        archive.add("x.xml", b"<x/>")
    path = tmp_path / "far.zip"
    with path.open("wb") as file:  # the hole takes no room on the disk
        file.seek(start)
        file.write(stream.data)
    with zipfile.ZipFile(path) as found:
        assert found.read("x.xml") == b"<x/>"


def test_one_that_was_broken_off_does_not_look_whole() -> None:
    stream = io.BytesIO()
    with pytest.raises(OSError, match="no space"), ZipWriter(stream) as archive:
        archive.add("x.xml", b"<x/>")
        raise OSError("no space")
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(stream)


def test_the_same_files_give_the_same_archive() -> None:
    def made() -> bytes:
        stream = io.BytesIO()
        with ZipWriter(stream) as archive:
            archive.add("x.xml", b"<x/>")
        return stream.getvalue()

    assert made() == made()
