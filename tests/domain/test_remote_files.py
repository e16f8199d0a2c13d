"""A vocabulary's file from somebody else's server."""

import gzip
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.domain import remote_files
from server.domain.remote_addresses import Late, Listed, Oversized, Unreachable
from server.errors import Unavailable
from tests.remote_server import Answer, Asked, RemoteServer, remote_server

TURTLE = b"<http://example.org/1> a <http://www.w3.org/2004/02/skos/core#Concept> .\n"


def answer(asked: Asked) -> Answer:
    """`/NAME` with what the query says of its headers."""
    return Answer(TURTLE, headers={"Content-Type": "text/turtle; charset=utf-8"})


@pytest.fixture
def remote() -> Iterator[RemoteServer]:
    with remote_server(answer) as found:
        yield found


def fetch(
    remote: RemoteServer, folder: Path, path: str = "/terms.ttl", *, listed: str | None = None,
    most: int = 1_000_000, seconds: float = 20.0,
) -> Path:  # fmt: skip
    return remote_files.fetch(
        remote.address(path), folder,
        Listed.parse(remote.host if listed is None else listed), most=most, seconds=seconds,
    )  # fmt: skip


def test_a_file_comes_under_its_name(remote: RemoteServer, tmp_path: Path) -> None:
    found = fetch(remote, tmp_path, "/vocabularies/terms.ttl?version=2")
    assert found == tmp_path / "terms.ttl"
    assert found.read_bytes() == TURTLE
    assert remote.asked[0].headers["user-agent"].startswith("CrowdHeritage/")
    assert "text/turtle" in remote.asked[0].headers["accept"]


@pytest.mark.parametrize(("path", "media_type", "name"), [
    ("/scheme", "text/turtle; charset=utf-8", "scheme.ttl"),
    ("/scheme/", "application/rdf+xml", "scheme.rdf"),
    ("/", "application/ld+json", "vocabulary.jsonld"),
    ("/a.php", "application/n-triples", "a.php.nt"),
    ("/a.ttl.gz", "application/gzip", "a.ttl.gz"),
    ("/%2e%2e%2f..%2fetc%2fpasswd", "text/turtle", "passwd.ttl"),
    ("/..%00%0aa%22%3Cb%3E.ttl", "text/turtle", "a-b-.ttl"),
    ("/" + "x" * 300 + ".ttl", "text/turtle", "x" * 96 + ".ttl"),
    ("/%CE%B8%CE%AD%CE%BC%CE%B1.nt", "text/plain", "θέμα.nt"),
])  # fmt: skip
def test_the_name_is_safe_and_tells_the_syntax(
    remote: RemoteServer, tmp_path: Path, path: str, media_type: str, name: str
) -> None:
    remote.handle = lambda _: Answer(TURTLE, headers={"Content-Type": media_type})
    assert fetch(remote, tmp_path, path) == tmp_path / name


def test_a_redirect_is_followed(remote: RemoteServer, tmp_path: Path) -> None:
    remote.handle = lambda asked: (
        answer(asked)
        if asked.path == "/new.ttl"
        else Answer(status=302, headers={"Location": "/new.ttl"})
    )
    assert fetch(remote, tmp_path, "/old").name == "new.ttl"


def test_packed_transfer_is_kept_packed(remote: RemoteServer, tmp_path: Path) -> None:
    headers = {"Content-Type": "text/turtle", "Content-Encoding": "gzip"}
    remote.handle = lambda _: Answer(gzip.compress(TURTLE), headers=headers)
    found = fetch(remote, tmp_path)
    assert found.name == "terms.ttl.gz"
    assert gzip.decompress(found.read_bytes()) == TURTLE


def test_progress_is_told(remote: RemoteServer, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    listed = Listed.parse(remote.host)
    remote_files.fetch(
        remote.address("/a.ttl"), tmp_path, listed, most=1_000, seconds=20,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told[-1] == (len(TURTLE), len(TURTLE))


def refused(remote: RemoteServer, folder: Path, kind: type[Exception] = Unreachable, **how) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(kind, match=r"\w+ \w+"):
        fetch(remote, folder, **how)
    assert not list(folder.iterdir())


def test_a_private_address_is_refused_unless_listed(remote: RemoteServer, tmp_path: Path) -> None:
    refused(remote, tmp_path, listed="")
    assert not remote.asked


def test_a_redirect_to_a_private_address_is_refused(remote: RemoteServer, tmp_path: Path) -> None:
    with remote_server(answer) as inside:
        remote.handle = lambda _: Answer(status=302, headers={"Location": inside.address("/a.ttl")})
        refused(remote, tmp_path)
        assert not inside.asked


@pytest.mark.parametrize("location", [
    "file:///etc/passwd", "ftp://127.0.0.1/a", "http://user:secret@127.0.0.1/", "//", "http://",
    "http://[::1]/", "http://0.0.0.0/", "http://169.254.169.254/latest", "/a b\tc",
    "http://127.0.0.1:99999/", "http://x.invalid/",
])  # fmt: skip
def test_a_redirect_to_elsewhere_is_refused(
    remote: RemoteServer, tmp_path: Path, location: str
) -> None:
    remote.handle = lambda asked: (
        Answer(status=301, headers={"Location": location})
        if asked.path == "/terms.ttl"
        else Answer(status=404)
    )
    refused(remote, tmp_path)


def test_redirects_without_end_are_refused(remote: RemoteServer, tmp_path: Path) -> None:
    remote.handle = lambda _: Answer(status=302, headers={"Location": "/again"})
    refused(remote, tmp_path)
    assert len(remote.asked) == 4


@pytest.mark.parametrize("given", [
    Answer(b"<html>Sign in</html>", headers={"Content-Type": "text/html; charset=utf-8"}),
    Answer(status=404), Answer(status=500), Answer(status=204), Answer(status=401),
    Answer(b"\x1b\x00", headers={"Content-Type": "text/turtle", "Content-Encoding": "br"}),
])  # fmt: skip
def test_what_is_no_file_is_refused(remote: RemoteServer, tmp_path: Path, given: Answer) -> None:
    remote.handle = lambda _: given
    refused(remote, tmp_path)


def test_an_endless_file_is_cut_off(remote: RemoteServer, tmp_path: Path) -> None:
    endless = Answer(itertools.repeat(b"x" * 100_000), headers={"Content-Type": "text/turtle"})
    remote.handle = lambda _: endless
    refused(remote, tmp_path, Oversized)


def test_a_file_that_breaks_off_is_refused(remote: RemoteServer, tmp_path: Path) -> None:
    headers = {"Content-Type": "text/turtle", "Content-Length": "5000"}
    remote.handle = lambda _: Answer(iter([TURTLE]), headers=headers)
    refused(remote, tmp_path)


def drip() -> Iterator[bytes]:
    while True:
        yield b"x"
        time.sleep(0.05)


def test_a_slow_server_is_left(remote: RemoteServer, tmp_path: Path) -> None:
    remote.handle = lambda _: Answer(drip(), headers={"Content-Type": "text/turtle"})
    refused(remote, tmp_path, Late, seconds=0.5)


def test_who_stops_leaves_nothing(remote: RemoteServer, tmp_path: Path) -> None:
    listed = Listed.parse(remote.host)
    with pytest.raises(Unavailable):
        remote_files.fetch(
            remote.address("/a.ttl"), tmp_path, listed, most=1_000, seconds=20, stop=lambda: True
        )
    assert not list(tmp_path.iterdir())
