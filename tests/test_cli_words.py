"""What goes wrong on the command line is said in words, with exit status 1."""

import os
from pathlib import Path

import pytest

from tests import sites, worlds
from tests.sites import command


@pytest.fixture
def data(tmp_path: Path) -> Path:
    worlds.create(tmp_path / "data")
    return tmp_path / "data"


def test_a_second_server_on_the_same_data_is_refused(data: Path) -> None:
    with sites.serving_process(data):
        done = command(data, "serve", "--port", "0", check=False)
        listed = command(data, "campaign", "list", check=False)
    assert listed.returncode == 1
    assert "address /campaigns" in listed.stderr
    assert done.returncode == 1
    assert "has this data directory open" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_under_another_address_than_its_data_is_refused(data: Path) -> None:
    os.environ["CROWDHERITAGE_BASE_IRI"] = "http://elsewhere.example.org/"
    try:
        done = command(data, "serve", "--port", "0", check=False)
    finally:
        del os.environ["CROWDHERITAGE_BASE_IRI"]
    assert done.returncode == 1
    assert "cannot change" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("slug", ["a b", "a/b", "A", ""])
def test_a_campaign_has_a_short_name(data: Path, slug: str) -> None:
    done = command(data, "campaign", "create", "--slug", slug, "--title", "X", check=False)
    assert done.returncode in (1, 2)
    assert "short name" in done.stderr or "--slug" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_text_is_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "c.ttl").write_bytes(b"\xff\xfe\x00")
    done = command(data, "campaign", "create", str(tmp_path / "c.ttl"), check=False)
    assert done.returncode == 1
    assert "UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_wrong_is_said_once(data: Path) -> None:
    done = command(data, "import", "--collection", "x", "--title", "X", check=False)
    assert done.returncode == 1
    assert done.stderr.count("name the file to import") == 1
