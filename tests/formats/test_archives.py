import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from server.errors import Malformed, NotFound, TooLarge
from server.formats.archives import Member, members
from server.formats.limited_streams import Limits
from server.formats.records import Unreadable


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


def tarred(mode: str = "w:gz", **files: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def taken(path: Path, limits: Limits | None = None) -> dict[str, bytes | str]:
    """Name → content, or the reason why there is none."""
    found: dict[str, bytes | str] = {}
    for one in members([path], limits):
        if isinstance(one, Member):
            found[one.name] = one.stream.read()
        else:
            found[one.file] = one.reason
    return found


def put(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_a_plain_file_is_its_own_member(tmp_path):
    assert taken(put(tmp_path, "a.xml", b"<a/>")) == {"a.xml": b"<a/>"}


def test_a_folder_is_walked_in_order_without_hidden_files(tmp_path):
    put(tmp_path, "b.xml", b"b")
    put(tmp_path, ".DS_Store", b"x")
    (tmp_path / "a").mkdir()
    put(tmp_path / "a", "c.xml", b"c")
    assert taken(tmp_path) == {"b.xml": b"b", "a/c.xml": b"c"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", zipped(a=b"1", b=b"2")),
        ("x.tar.gz", tarred(a=b"1", b=b"2")),
        ("x.tgz", tarred(a=b"1", b=b"2")),
        ("x.tar", tarred("w", a=b"1", b=b"2")),
    ],
)
def test_archives_give_their_files(tmp_path, name, data):
    assert list(taken(put(tmp_path, name, data)).values()) == [b"1", b"2"]


def test_a_gz_file_is_unpacked_and_loses_its_extension(tmp_path):
    assert taken(put(tmp_path, "a.xml.gz", gzip.compress(b"<a/>", mtime=0))) == {"a.xml": b"<a/>"}


@pytest.mark.parametrize("data", [b"<a/>", gzip.compress(b"<a/>", mtime=0), zipped(a=b"<a/>")])
def test_standard_input_may_be_a_file_or_an_archive(data):
    walk = members(["-"], stdin=io.BytesIO(data))
    found = next(walk)
    assert isinstance(found, Member)
    assert found.stream.read() == b"<a/>"


def test_archives_in_archives_are_opened_one_level_deep(tmp_path):
    inner = zipped(a=b"1")
    outer = zipped(inner=inner, deeper=zipped(inner=inner), packed=gzip.compress(b"2", mtime=0))
    found = taken(put(tmp_path, "x.zip", outer))
    assert found["x.zip/inner/a"] == b"1"
    assert found["x.zip/packed"] == b"2"
    assert "not opened" in str(found["x.zip/deeper/inner"])


def test_a_spreadsheet_is_one_file_and_no_archive(tmp_path):
    assert list(taken(put(tmp_path, "x.xlsx", zipped(a=b"1")))) == ["x.xlsx"]


def test_names_that_climb_out_are_only_names(tmp_path):
    found = taken(put(tmp_path, "x.zip", zipped(**{"..__..__etc__passwd": b"1"})))
    assert found == {"x.zip/../../etc/passwd": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


def test_links_in_a_tar_are_not_followed(tmp_path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        link = tarfile.TarInfo("link.xml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (reason,) = taken(put(tmp_path, "x.tgz", buffer.getvalue())).values()
    assert "no file" in str(reason)


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz", "x.xml.gz"])
def test_a_damaged_archive_is_reported_and_the_rest_goes_on(tmp_path, name):
    make = {"x.zip": zipped, "x.tar.gz": tarred}.get(name)
    data = make(a=bytes(range(256)) * 99) if make else gzip.compress(bytes(range(256)) * 99)
    put(tmp_path, name, data[: len(data) // 2])
    put(tmp_path, "y.xml", b"<y/>")
    found: dict[str, bytes] = {}
    faults: list[str] = []
    for one in members([tmp_path]):
        try:
            if isinstance(one, Unreadable):
                faults.append(one.reason)
            else:
                found[one.name] = one.stream.read()
        except Malformed as error:
            faults.append(str(error))
    assert faults
    assert found["y.xml"] == b"<y/>"


def test_a_gzip_bomb_is_stopped(tmp_path):
    bomb = put(tmp_path, "x.xml.gz", gzip.compress(bytes(20_000_000)))
    with pytest.raises(TooLarge, match="bomb"):
        taken(bomb)


def test_a_zip_bomb_is_stopped(tmp_path):
    with pytest.raises(TooLarge, match="bomb"):
        taken(put(tmp_path, "x.zip", zipped(a=bytes(20_000_000))))


def test_too_many_files_and_too_many_bytes_are_refused(tmp_path):
    many = put(tmp_path, "many.zip", zipped(**{f"f{n}": b"x" for n in range(12)}))
    with pytest.raises(TooLarge, match="more than 10 files"):
        taken(many, Limits(members=10))
    with pytest.raises(TooLarge, match="larger than"):
        taken(put(tmp_path, "large.xml", b"x" * 101), Limits(member=100))
    with pytest.raises(TooLarge, match="holds more than"):
        taken(many, Limits(total=11))


def test_a_source_that_is_not_there_is_named(tmp_path):
    with pytest.raises(NotFound, match=r"gone\.zip"):
        list(members([tmp_path / "gone.zip"]))
