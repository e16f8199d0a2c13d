"""`crowdheritage dump`: whole files, clear refusals, and where to go while a server runs."""

import fcntl
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from pyoxigraph import RdfFormat, parse

from server.domain import opening
from tests import sites, worlds


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("dump") / "data"
    with opening.opened(worlds.create(folder)) as desk:
        worlds.furnish(desk)
    yield folder


def dump(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return sites.command(data, "dump", *arguments, check=False)


def test_a_file_is_written_and_named_by_its_output(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.nq.gz"
    done = dump(data, "--format", "nquads", "--output", str(target))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["all.nq.gz"]
    assert target.read_bytes()[:2] == b"\x1f\x8b"


def test_standard_output_has_the_dump_alone(data: Path) -> None:
    done = dump(data, "--format", "edm", "--output", "-", "--collection", "prints")
    assert done.returncode == 0, done.stderr
    assert len(etree.fromstring(done.stdout.encode())) == 12  # items and aggregations
    done = dump(data, "--format", "turtle", "--output", "-")
    assert len(list(parse(done.stdout, RdfFormat.TURTLE))) > 50


def test_content_scope_and_checksum_can_be_said(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "plain.jsonld.zst"
    arguments = ("--format", "jsonld", "--content", "plain", "--provider", "a-museum")
    done = dump(data, *arguments, "--output", str(target), "--checksum")
    assert done.returncode == 0, done.stderr
    line = (tmp_path / "plain.jsonld.zst.sha256").read_text()
    assert line == f"{hashlib.sha256(target.read_bytes()).hexdigest()}  plain.jsonld.zst\n"
    for scope in (("--campaign", "subjects"), ("--collection", "prints")):
        done = dump(data, "--format", "ntriples", "--output", "-", *scope)
        assert done.returncode == 0, done.stderr
        assert "campaign/subjects" in done.stdout
        assert list(parse(done.stdout, RdfFormat.N_TRIPLES))


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--format", "nquads", "--output", "x.zip"), 2, ".zip"),
        (("--format", "rdfa", "--output", "x.html"), 2, "rdfa"),
        (("--format", "edm", "--output", "/nowhere/x.xml"), 1, "/nowhere/x.xml"),
        (("--format", "edm", "--output", "-", "--collection", "none"), 1, "none"),
        (("--format", "edm", "--output", "-", "--provider", "../x"), 1, "../x"),
        (("--format", "edm", "--output", "-", "--campaign", "x", "--provider", "y"), 2, "several"),
        (("--format", "edm", "--output", "-", "--checksum"), 2, "file"),
        (("--format", "edm", "--output", "x", "--content", "rich"), 2, "rich"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    data: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    done = dump(data, *arguments)
    assert done.returncode == status
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_reader_who_leaves_early_is_no_error_in_words(data: Path) -> None:
    command = [sys.executable, "-m", "server", "--data", str(data), "dump"]
    with subprocess.Popen(
        [*command, "--format", "nquads", "--output", "-"], cwd=sites.ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
        assert process.wait(60) == 1
    assert "Traceback" not in errors and "Exception ignored" not in errors


def test_while_a_server_has_the_data_its_address_is_named(data: Path, tmp_path: Path) -> None:
    with (data / "lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = dump(data, "--format", "nquads", "--output", str(tmp_path / "x.nq"))
    assert done.returncode == 1
    assert "/dumps/" in done.stderr
    assert list(tmp_path.iterdir()) == []
