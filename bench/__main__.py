"""All figures at modest sizes, as one Markdown table; about seven minutes.

    python -m bench [NAME]...
        imports, replace, vocabularies, contribute, votes, item-page, dereference, next-item,
        suggest, typos, dumps, sparql, oai, shapes

Each benchmark runs in a process of its own, one after the other; run alone, they take sizes.
"""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from bench.clients import load

ROOT = Path(__file__).parent.parent
#: By name: the module and its arguments.
SIZES = {
    "imports": ("imports", "5000", "3"),
    "replace": ("replace", "200000"),
    "vocabularies": ("vocabularies", "5000", "20000", "2"),
    "contribute": ("contribute", "300"),
    "votes": ("votes", "300"),
    "item-page": ("item_page", "200"),
    "dereference": ("dereference", "1000"),
    "next-item": ("next_item", "100000", "200"),
    "suggest": ("suggest_http", "400000", "200"),
    "typos": ("typos", "400000", "300"),
    "dumps": ("dumps", "10000", "3"),
    "sparql": ("sparql", "50000", "1000"),
    "oai": ("oai", "20000"),
    "shapes": ("shapes", "--rounds", "100", "--agree", "10000"),
}
TITLES = {
    "imports": "Import",
    "replace": "Contributions while a collection is replaced",
    "vocabularies": "Vocabulary",
    "contribute": "Contribution",
    "votes": "Vote",
    "item-page": "Page of an item",
    "dereference": "An item as Turtle",
    "next-item": "Next item",
    "suggest": "Suggestion",
    "typos": "Misspelled words",
    "dumps": "Dumps",
    "sparql": "SPARQL",
    "oai": "OAI-PMH",
    "shapes": "SHACL",
}


def main(names: list[str]) -> int:
    """Prints the table; the exit status says whether every benchmark ran."""
    print(f"{machine()}.\n")
    print("| Benchmark | Figures |\n|---|---|")
    failed = False
    for name in names or SIZES:
        before = load()
        done = run(*SIZES[name])
        failed |= done.returncode != 0
        lines = (done.stdout if done.returncode == 0 else done.stderr[-500:]).splitlines()
        text = "<br>".join(_cell(line) for line in lines if line.strip())
        print(f"| {TITLES[name]}<br>({before}, then {load()}) | {text} |", flush=True)
    return int(failed)


def machine() -> str:
    """What the figures depend on."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, "
        f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}"
    )


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _cell(line: str) -> str:
    return " ".join(line.split()).replace("|", "\\|")


if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - set(SIZES):
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(SIZES)}")
    sys.exit(main(sys.argv[1:]))
