"""Each setting, command and address is documented."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from starlette.routing import Route

from server.cli import main
from server.settings import PREFIX, Settings
from server.web.routes import routes

ROOT = Path(__file__).parents[1]
PATHS = {route.path for route in routes if isinstance(route, Route)}
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def text() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in FILES)


def commands(group: click.Group, before: str = "crowdheritage") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def is_named(text: str, what: str) -> bool:
    """As a word of its own: `/terms` is not named by `/terms/suggest`."""
    return re.search(re.escape(what) + r"(?![\w/{-])", text) is not None


@pytest.mark.parametrize("name", [PREFIX + field.name.upper() for field in fields(Settings)])
def test_every_setting_is_documented(text: str, name: str) -> None:
    assert is_named(text, name)


@pytest.mark.parametrize("name", list(commands(main)))
def test_every_command_is_documented(text: str, name: str) -> None:
    assert is_named(text, name)


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_address_is_documented(text: str, path: str) -> None:
    assert is_named(text, path)


def test_no_setting_command_or_address_is_documented_that_is_not_there(text: str) -> None:
    reference = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    assert set(re.findall(rf"`({PREFIX}\w+)`", reference)) == known
    told = re.findall(r"^\| `crowdheritage ([a-z ]+?)(?: [^a-z`][^`]*)?` \|", reference, re.M)
    assert {f"crowdheritage {each}" for each in told} == set(commands(main))
    rows = [row.split("|")[1] for row in reference.splitlines() if row.startswith("| `/")]
    addresses = {a.partition("?")[0] for row in rows for a in re.findall(r"`(/[^`]*)`", row)}
    assert addresses <= PATHS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if not link.startswith(("http:", "https:")):
            assert (path.parent / link).exists(), link
