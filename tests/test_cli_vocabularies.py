"""`crowdheritage vocabulary`: the real command, as a process of its own."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import worlds
from tests.domain.vocabulary_files import SCHEME, concept, write
from tests.sites import ROOT, command, serving


@pytest.fixture
def data(tmp_path: Path) -> Path:
    worlds.create(tmp_path / "data")
    return tmp_path / "data"


def vocabulary(
    data: Path, *arguments: object, check: bool = True
) -> subprocess.CompletedProcess[str]:
    return command(data, "vocabulary", *map(str, arguments), check=check)


def test_a_vocabulary_is_loaded_shown_again_confirmed_and_taken_back(
    data: Path, tmp_path: Path
) -> None:
    old = write(tmp_path / "things.ttl", concept(1, "one"), concept(2, "two"))
    new = write(tmp_path / "newer.ttl", concept(1, "uno"), concept(3, "three"))
    done = vocabulary(data, "load", "skos", old)
    assert "things: 2 terms" in done.stdout
    assert "nothing changes" in vocabulary(data, "load", "skos", old).stdout

    to = ("load", "skos", new, "--slug", "things")
    shown = vocabulary(data, *to, "--dry-run")
    for line in ("gone: 1 terms", "relabelled: 1 terms", "added: 1 terms", "one → uno"):
        assert line in shown.stdout
    refused = vocabulary(data, *to, check=False)
    assert refused.returncode == 1 and "--yes" in refused.stderr
    assert vocabulary(data, "list").stdout.startswith("things\t2\t2\t\tThings")
    assert "things: 2 terms" in vocabulary(data, *to, "--yes").stdout

    assert "one → uno" in vocabulary(data, "changes", "things").stdout
    table = vocabulary(data, "changes", "things", "--csv", "--kind", "relabelled").stdout
    rows = list(csv.reader(io.StringIO(table)))
    assert rows[1][:4] == [f"{SCHEME}1", "relabelled", "one", "uno"]
    assert "taken back" in vocabulary(data, "undo", "things").stdout
    assert "nothing changes" in vocabulary(data, "load", "skos", old).stdout


def test_the_starters_and_the_places_of_the_package_need_no_file(data: Path) -> None:
    assert "aat: " in vocabulary(data, "load", "starter", "--slug", "aat").stdout
    to = ("load", "geonames", "--min-population", "500000", "--country", "GR")
    assert "geonames: " in vocabulary(data, *to).stdout
    assert len(vocabulary(data, "list").stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("load", "skos"), "Name the file"), (("load", "starter", "--slug", "x"), "--slug must be"),
     (("load", "skos", "x.ttl", "--country", "GR"), "--country is no option of skos"),
     (("load", "nothing", "x.ttl"), "nothing"),
     (("load", "geonames", "--min-population", "-1"), "-1")],
)  # fmt: skip
def test_wrong_usage_is_said_with_status_2(
    data: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = vocabulary(data, *arguments, check=False)
    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("load", "skos", "none.ttl"), "no file"), (("undo", "x"), "no such vocabulary"),
     (("changes", "x"), "no such load"), (("load", "skos", "http://127.0.0.1:9/x.ttl"), "")],
)  # fmt: skip
def test_what_fails_is_said_with_status_1(
    data: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = vocabulary(data, *arguments, check=False)
    assert done.returncode == 1
    assert words in done.stderr and "Traceback" not in done.stderr


def test_what_cannot_be_read_is_said_with_status_1(data: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<http://a.example.org/> <")
    done = vocabulary(data, "load", "skos", broken, check=False)
    assert done.returncode == 1 and "broken.ttl" in done.stderr
    assert vocabulary(data, "list").stdout == ""


def test_another_vocabulary_needs_replace(data: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "b.ttl", concept(1, "b"), scheme="http://other.example.org/")
    vocabulary(data, "load", "skos", write(tmp_path / "a.ttl", concept(1, "a")), "--slug", "a")
    to = ("load", "skos", other, "--slug", "a")
    done = vocabulary(data, *to, "--yes", check=False)
    assert done.returncode == 1 and "http://other.example.org/" in done.stderr
    assert vocabulary(data, *to, "--replace", "--yes").returncode == 0


def test_while_a_server_runs_its_page_is_named(data: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "a.ttl", concept(1, "a"))
    with serving(data):
        done = vocabulary(data, "load", "skos", file, check=False)
    assert done.returncode == 1
    assert "/vocabularies/load" in done.stderr


def test_a_killed_command_leaves_nothing_and_can_be_started_again(
    data: Path, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.ttl", *(concept(n, f"term {n}") for n in range(60_000)))
    program = [sys.executable, "-m", "server", "--data", str(data), "vocabulary", "load", "skos",
               str(file), "--slug", "large"]  # fmt: skip
    process = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.DEVNULL)
    while not list((data / "vocabularies").glob("large/*/*")):
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert vocabulary(data, "list").stdout == ""
    assert not (data / "vocabularies" / "large").exists()
    assert "large: 60000 terms" in vocabulary(data, "load", "skos", file, "--slug", "large").stdout
