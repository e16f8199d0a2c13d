"""The real command and the real server, as processes of their own on a data directory."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "a long enough password"


def command(
    data: Path, *arguments: str, stdin: str = "", check: bool = True
) -> subprocess.CompletedProcess[str]:
    """`crowdheritage ARGUMENTS --data DATA`, to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "server", "--data", str(data), *arguments],
        input=stdin, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False,
    )  # fmt: skip
    assert not check or done.returncode == 0, done.stderr or done.stdout
    return done


def create_user(data: Path, email: str, name: str, role: str = "contributor") -> None:
    """An account whose password is PASSWORD."""
    arguments = ("user", "create", "--email", email, "--name", name, "--role", role)
    command(data, *arguments, stdin=PASSWORD + "\n")


@contextlib.contextmanager
def serving(data: Path, **environment: str) -> Iterator[str]:
    """The address of a server of this data directory, stopped by SIGTERM at the end."""
    with serving_process(data, **environment) as (address, process):
        yield address
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)


@contextlib.contextmanager
def serving_process(
    data: Path, **environment: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """(address, process): killed at the end if it is still there."""
    settings = {f"CROWDHERITAGE_{name.upper()}": value for name, value in environment.items()}
    program = [sys.executable, "-m", "server", "--data", str(data), "serve"]
    with running(program, ROOT, {**os.environ, **settings}) as started:
        yield started


@contextlib.contextmanager
def running(
    program: list[str], cwd: Path, environment: dict[str, str]
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """(address, process) of a program that serves at `--port`, once it is ready."""
    port = _free_port()
    process = subprocess.Popen([*program, "--port", str(port)], cwd=cwd, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, process)
        yield address, process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(1800):
        assert process.poll() is None, "the server ended"
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/ready").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
