"""Jobs that a test runs in a child process, most of them bad."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pyoxigraph

from server.errors import Invalid, TooLarge
from server.formats import children


def main(job: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> None:
    send({"started": job["do"]})
    _JOBS[job["do"]]()
    send({"done": True})


def take_memory() -> None:
    kept = []
    while True:
        kept.append(bytearray(50_000_000))


def overflow_the_native_stack() -> None:
    deep = "{" * 60_000
    pyoxigraph.Store().query(f"SELECT * WHERE {deep}")


def go_on_forever() -> None:
    while True:
        time.sleep(0.05)


def connect() -> None:
    try:
        socket.create_connection(("127.0.0.1", 9))
    except PermissionError as error:
        raise Invalid("no network") from error


def start_a_program() -> None:
    try:
        subprocess.run(["true"], check=True)
    except PermissionError as error:
        raise TooLarge("no programs") from error


def complain() -> None:
    raise TooLarge("It is too large.")


_JOBS: dict[str, Callable[[], None]] = {
    "nothing": lambda: None,
    "memory": take_memory,
    "overflow": overflow_the_native_stack,
    "forever": go_on_forever,
    "connect": connect,
    "program": start_a_program,
    "complain": complain,
    "exit": lambda: os._exit(3),
    "error": lambda: sys.modules["no such module"],  # type: ignore[dict-item, return-value]
}

if __name__ == "__main__":
    children.serve(main)
