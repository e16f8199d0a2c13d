"""Schemathesis, which nobody here wrote, calls every address that /api/openapi.json describes.

It sends what the description allows and what it forbids, and compares every answer with it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from server.domain import tokens
from tests.web import campaign_site
from tests.web.campaign_site import World

ROOT = Path(__file__).parents[2]
#: What may be sent depends on what is there as well: a term of a vocabulary, a campaign's field, a
#: reason that it offers; or on another parameter. What does not fit then is told by 422.
BY_CONTENT = (
    "propose", "vote", "judge", "decide", "preview", "publish", "withdraw_published",
    "suggest_places",
)  # fmt: skip
#: Fetched from a museum, which answers nothing here: documented, and no fault of ours.
FROM_ELSEWHERE = ("image_info", "iiif_info")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("site") / "data") as made:
        yield made


def configuration(world: World) -> str:
    annotation = world.publish("subjects", 3)
    known = {
        "/annotation/{id}/history": annotation, "/annotation/{id}/vote": annotation,
        "/annotation/{id}/decide": annotation, "/annotation/{id}/withdraw": annotation,
    }  # fmt: skip
    lines = [
        f"[[operations]]\ninclude-path = {json.dumps(path)}\n"
        f"parameters = {{ id = {json.dumps(name)} }}\n"
        for path, name in known.items()
    ]
    accepted = '["2xx", "3xx", "401", "403", "404", "409", "422", "429"]'
    lines += [f"[[operations]]\ninclude-operation-id = {json.dumps(name)}\n[operations.checks]\n"
              f"positive_data_acceptance.expected-statuses = {accepted}\n"
              for name in BY_CONTENT]  # fmt: skip
    lines += [f"[[operations]]\ninclude-operation-id = {json.dumps(name)}\n[operations.checks]\n"
              'not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "502", "504"]\n'
              for name in FROM_ELSEWHERE]  # fmt: skip
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["", "max"])
def test_schemathesis_finds_no_fault(site: World, tmp_path: Path, who: str) -> None:
    """As a stranger, and by the token of an administrator."""
    config = tmp_path / "schemathesis.toml"
    config.write_text(configuration(site))
    headers = ["-H", "Accept: application/json"]
    if who:
        now = datetime.now(UTC)
        secret = tokens.create_token(site.desk, site.people[who], "schemathesis", now=now)
        headers += ["-H", f"Authorization: Bearer {secret}"]
    program = Path(sys.executable).with_name("schemathesis")
    command = [
        str(program), "--config-file", str(config), "run", f"{site.address}/api/openapi.json",
        "--phases", "examples,coverage,fuzzing", "--max-examples", "2", "--seed", "5",
        "--generation-database", "none", "--continue-on-failure", "--no-color", *headers,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[:8000] + done.stderr[-2000:]
    assert httpx.get(f"{site.address}/ready").status_code == 200
