"""`crowdheritage user token`: what it prints is good for what was asked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import main
from server.domain import opening, tokens
from server.settings import Settings


@pytest.fixture
def data(tmp_path: Path) -> Path:
    run = CliRunner().invoke
    folder = tmp_path / "data"
    assert run(main, ["--data", str(folder), "init", "--base-iri", "http://e.org/"]).exit_code == 0
    made = run(
        main,
        ["--data", str(folder), "user", "create", "--email", "a@e.org", "--name", "Ada"],
        input="a long pass phrase\n",
    )
    assert made.exit_code == 0, made.output
    return folder


def token(data: Path, *options: str) -> tuple[int, str]:
    command = ["--data", str(data), "user", "token", "--email", "a@e.org", *options]
    done = CliRunner().invoke(main, command)
    return done.exit_code, done.output.strip()


def test_a_token_has_the_scopes_and_the_end_that_were_asked_for(data: Path) -> None:
    _status, everything = token(data)
    _status, some = token(data, "--scope", "publish", "--scope", "contribute", "--expires", "3")
    now = datetime.now(UTC)
    with opening.opened(Settings(data=data)) as desk:
        for secret, scopes in ((everything, tokens.ALL), (some, {"read", "publish", "contribute"})):
            found = tokens.bearer(desk, secret, now=now)
            assert found is not None and found.scopes == scopes
        later = now + timedelta(days=4)
        assert tokens.bearer(desk, some, now=later) is None
        assert tokens.bearer(desk, everything, now=later) is not None


@pytest.mark.parametrize("wrong", [("--scope", "root"), ("--expires", "0"), ("--expires", "x")])
def test_what_is_no_scope_and_no_number_of_days_is_wrong_usage(
    data: Path, wrong: tuple[str, str]
) -> None:
    assert token(data, *wrong)[0] == 2
