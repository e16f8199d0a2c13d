"""The programs of docs/api.md and of the page /api, run as they stand."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from server.domain import tokens
from server.web.api_examples import EXAMPLES, SERVER, TOKEN
from tests.web import campaign_site
from tests.web.campaign_site import RESORTS, World

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """At its own name: the feed's pages lead to each other by their IRIs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    with campaign_site.serve(tmp_path_factory.mktemp("site") / "data", port) as made:
        yield made


def run(site: World, language: str, text: str, annotation: str = "") -> str:
    now = datetime.now(UTC)
    secret = tokens.create_token(
        site.desk, site.people["ada"], "example", now=now, scopes=["contribute"]
    )
    told = text.replace(SERVER, site.address).replace(TOKEN, secret)
    told = told.replace("ANNOTATION", annotation)
    command = (
        [sys.executable, "-c", told] if language == "python" else ["bash", "-c", f"{told} -fsS"]
    )
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


TOLD = {
    "campaigns": '"slug":"subjects"',
    "vote": '"my_verdict":"approve"',
    "propose": "pending",
    "list": "Print 11",
    "follow": "Create http://items.example.org/0",
}


@pytest.mark.parametrize("name, language, text", EXAMPLES, ids=[each[0] for each in EXAMPLES])
def test_an_example_does_what_it_says(site: World, name: str, language: str, text: str) -> None:
    annotation = ""
    if name == "vote":
        site.visitor("ada").start("subjects")
        annotation = (
            site.visitor("ben").start("subjects").proposed("subjects", site.item(9), RESORTS)
        )
    assert TOLD[name] in run(site, language, text.rstrip("\n"), annotation)


def test_the_document_and_the_page_have_the_same_examples(site: World) -> None:
    found = re.findall(r"```(bash|python)\n(.*?)```", DOCS.read_text("utf-8"), re.S)
    known = [(language, text) for _name, language, text in EXAMPLES]
    assert sorted(found) == sorted(known)
    page = site.visitor().get("/api").text
    shown = re.findall(r'data-language="(\w+)"><code>(.*?)</code></pre>', page, re.S)
    assert [(language, unescape(text)) for language, text in shown] == known
