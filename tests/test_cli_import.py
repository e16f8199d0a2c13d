"""`crowdheritage import`: the real command, as a process of its own."""

import gzip
import io
import json
import os
import pty
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests import worlds
from tests.domain.test_imports import HEAD, RIGHTS, record
from tests.sites import ROOT, command


@pytest.fixture
def data(tmp_path: Path) -> Path:
    worlds.create(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "a.rdf", 1, 2, 3)


def write(path: Path, *numbers: int) -> Path:
    path.write_text(f"{HEAD}{''.join(map(record, numbers))}</rdf:RDF>")
    return path


def test_a_collection_is_imported_shown_again_confirmed_and_taken_back(
    data: Path, file: Path, tmp_path: Path
) -> None:
    to = ("--collection", "prints")
    done = command(data, "import", str(file), *to, "--title", "Prints")
    assert "3 records imported" in done.stdout
    assert "nothing changes" in command(data, "import", str(file), *to).stdout
    other = str(write(tmp_path / "b.rdf", 1, 9))
    refused = command(data, "import", other, *to, check=False)
    assert refused.returncode == 1
    assert "1 added, 0 changed, 2 gone" in refused.stdout
    assert "--yes" in refused.stderr
    assert "2 records imported" in command(data, "import", other, *to, "--yes").stdout
    assert "taken back" in command(data, "import", "--undo", *to).stdout
    assert "nothing changes" in command(data, "import", str(file), *to).stdout


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "gz", "folder", "-"])
def test_archives_folders_and_standard_input_are_read(
    data: Path, file: Path, tmp_path: Path, kind: str
) -> None:
    path, content = tmp_path / f"in.{kind}", file.read_bytes()
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x/a.rdf", content)
    elif kind == "tar.gz":
        with tarfile.open(path, "w:gz") as archive:
            member = tarfile.TarInfo("x/a.rdf")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    elif kind == "gz":
        path.write_bytes(gzip.compress(content))
    elif kind == "folder":
        (path / "deep").mkdir(parents=True)
        (path / "deep" / "a.rdf").write_bytes(content)
    source = "-" if kind == "-" else str(path)
    stdin = content.decode() if kind == "-" else ""
    done = command(data, "import", source, "--collection", "c", "--title", "C", stdin=stdin)
    assert "3 records imported" in done.stdout


def test_a_strict_import_of_a_faulty_file_fails_with_its_reasons(
    data: Path, tmp_path: Path
) -> None:
    faulty = tmp_path / "a.rdf"
    faulty.write_text(f"{HEAD}{record(1)}</rdf:RDF>".replace("xml:lang", "lang"))
    arguments = ("import", str(faulty), "--collection", "c", "--title", "C")
    refused = command(data, *arguments, "--strict", check=False)
    assert refused.returncode == 1
    assert "a.rdf" in refused.stderr
    mended = command(data, *arguments)
    assert "mended: 1" in mended.stderr


def test_a_spreadsheet_without_answers_names_the_options_and_fails_as_usage(
    data: Path, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,title,subject\n1,A vase,red|round\n")
    arguments = ("import", str(table), "--collection", "c", "--title", "C")
    asked = command(data, *arguments, check=False)
    assert asked.returncode == 2
    assert "--data-provider" in asked.stderr and "--rights" in asked.stderr
    assert "dc:title" in asked.stderr and "A vase" in asked.stderr
    given = ("--data-provider", "M", "--provider", "M", "--rights", "CC0", "--language", "en",
             "--type", "IMAGE")  # fmt: skip
    assert "1 records imported" in command(data, *arguments, *given).stdout


def test_a_mapping_can_be_corrected_without_the_file(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,title,colour\n1,A vase,red\n")
    columns = [{"header": "id", "property": "id"}, {"header": "title", "property": "dc:title"}]
    mapping = {
        "columns": columns,
        "defaults": {"data_provider": "M", "provider": "M", "rights": RIGHTS, "type": "IMAGE",
                     "language": "en"},
    }  # fmt: skip
    path = tmp_path / "m.json"
    path.write_text(json.dumps(mapping))
    to = ("--collection", "c", "--mapping", str(path))
    command(data, "import", str(table), *to, "--title", "C")
    table.unlink()
    columns.append({"header": "colour", "property": "dc:subject"})
    path.write_text(json.dumps(mapping))
    assert "0 added, 1 changed, 0 gone" in command(data, "import", *to, "--yes").stdout


@pytest.mark.parametrize(
    "wrong", [("--collection", "Not A Slug"), ("--format", "word"), ("--rights", "mine"), ()]
)
def test_wrong_usage_is_status_2(data: Path, file: Path, wrong: tuple[str, ...]) -> None:
    given = wrong if wrong[:1] != ("--rights",) else (*wrong, "--collection", "c")
    given = given if wrong[:1] != ("--format",) else (*wrong, "--collection", "c")
    assert command(data, "import", str(file), *given, check=False).returncode == 2


def test_a_missing_file_or_title_fails_in_words(data: Path, file: Path) -> None:
    gone = command(data, "import", "nothing.rdf", "--collection", "c", "--title", "C", check=False)
    assert (gone.returncode, "nothing.rdf" in gone.stderr) == (1, True)
    untitled = command(data, "import", str(file), "--collection", "c", check=False)
    assert (untitled.returncode, "title" in untitled.stderr) == (1, True)


def test_on_a_terminal_what_is_missing_is_asked_once(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,title,photo\n1,A vase,x.jpg\n")
    here, there = pty.openpty()
    arguments = [sys.executable, "-m", "server", "--data", str(data), "import", str(table),
                 "--collection", "c", "--title", "C"]  # fmt: skip
    process = subprocess.Popen(arguments, stdin=there, stdout=subprocess.PIPE, cwd=ROOT,
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
    os.close(there)
    os.write(here, b"A museum\nAn aggregator\nCC0\nen\n")
    out, err = process.communicate(timeout=60)
    os.close(here)
    assert process.returncode == 0, err
    assert "1 records imported" in out
    assert "Which institution" in err
