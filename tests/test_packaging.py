"""The wheel holds all that the server needs, and runs outside of the checkout."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx
import pytest

from server.demo.samples import CAMPAIGNS
from tests.sites import running

ROOT = Path(__file__).parents[1]
RESOURCES = ("shapes", "queries", "vocabularies")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    return next(folder.glob("crowdheritage-*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `crowdheritage` program of a new virtual environment that has the wheel.

    Start it with `run_installed`, or with Popen and `cwd` and `env` as there. The dependencies are
    those of the running environment, seen through a .pth file: a real install takes a minute.
    """
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    program = folder / "bin" / "python"
    pip("--python", str(program), "install", "--no-deps", "--no-index", str(wheel))
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder / "bin" / "crowdheritage"


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def clean_environment() -> dict[str, str]:
    """Without anything that could lead the installed program back to the checkout."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {
        name: value
        for name, value in os.environ.items()
        if name not in dropped and not name.startswith("CROWDHERITAGE_")
    }


def run_installed(program: Path, *arguments: str, cwd: Path) -> str:
    """The output of one command of the installed program, run outside of the checkout."""
    done = subprocess.run(
        [str(program), *arguments],
        cwd=cwd,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_templates_and_static_files(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "static"):
        expected = {f"server/{folder}/{name}" for name in files_below(ROOT / "server" / folder)}
        assert expected and expected <= packed


def test_the_wheel_holds_the_third_party_scripts_and_fonts(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "server/static/vendor/htmx/htmx.min.js",
        "server/static/vendor/openseadragon/openseadragon.min.js",
        "server/static/vendor/leaflet/leaflet.js",
        "server/static/vendor/world/countries.json",
        "server/static/vendor/yasqe/yasqe.min.js",
        "server/static/vendor/yasqe/yasqe.min.css",
        "server/static/vendor/fonts/literata-latin-opsz-normal.woff2",
        "server/static/vendor/fonts/commissioner-greek-wght-normal.woff2",
    } <= packed


@pytest.mark.parametrize("folder", RESOURCES)
def test_the_wheel_holds_the_resources(wheel: Path, folder: str) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    expected = files_below(ROOT / folder)
    assert expected and {f"server/_resources/{folder}/{name}" for name in expected} <= packed


def test_the_installed_program_runs_outside_of_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    from server import __version__

    assert __version__ in run_installed(installed, "--version", cwd=tmp_path)


def test_the_installed_program_serves_the_demo_and_keeps_it(
    installed: Path, tmp_path: Path
) -> None:
    program = [str(installed), "demo", "--data", str(tmp_path / "demo")]
    for _start in (1, 2):
        with running(program, tmp_path, clean_environment()) as (address, _process):
            home = httpx.get(address, headers={"Accept": "text/html"})
            assert home.text.count('href="/campaigns/') == len(CAMPAIGNS)
            item = httpx.get(f"{address}/campaigns/painted-vessels.ttl")
            assert item.headers["content-type"].startswith("text/turtle")


def test_the_installed_server_is_the_one_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import server; print(server.__file__)"
    where = run_installed(installed.with_name("python"), "-c", code, cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parents[1])


def test_locked_npm_packages_have_versions_and_hashes_but_no_addresses() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert "://" not in text and '"resolved"' not in text
    assert text.count('"integrity"') == text.count('"node_modules/')


def test_constraints_are_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_every_declared_dependency_is_pinned() -> None:
    pinned = {
        normal(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text().splitlines()
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["test"],
    ]
    assert {requirement_name(text) for text in declared} <= pinned


def test_what_the_server_imports_is_what_it_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {requirement_name(text) for text in project["dependencies"]}
    owners = packages_distributions()
    imported = {
        normal(owners[name][0])
        for path in (ROOT / "server").rglob("*.py")
        for name in imported_packages(path)
        if name not in sys.stdlib_module_names and name != "server" and name in owners
    }
    assert imported - declared == set()


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def requirement_name(text: str) -> str:
    match = re.match(r"[\w.-]+", text)
    assert match
    return normal(match[0])


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
