"""Imports point down only, and rooms of one level don't know each other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[1] / "server"

#: From the top down. Modules of one level may import each other where they stand in one set.
LEVELS: list[list[set[str]]] = [
    [{"__main__", "cli", "console", "serving"}],
    [{"app"}],
    [{"demo"}],
    [{"web"}],
    [{"domain"}],
    [{"commit", "opening", "replays", "bulk_changes", "bulk_jobs", "maintenance", "turns"}],
    [{"formats"}, {"journal"}, {"store"}, {"index"}],
    [
        {"patches", "sandbox", "i18n", "shape_texts", "viewers", "names", "settings"}
        | {"resources", "sorting", "example_texts", "ahead"}
    ],
    [{"errors"}],
]


def room(module: str) -> str:
    """`web` of `server.web.items`; `cli_x` belongs to the command as `cli` does."""
    name = module.split(".")[1] if "." in module else ""
    return "cli" if name.startswith("cli_") else name


def place(name: str) -> tuple[int, int]:
    for level, rooms in enumerate(LEVELS):
        for number, members in enumerate(rooms):
            if name in members:
                return level, number
    raise LookupError(f"{name} has no level: add it to LEVELS")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of each import of ours."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "server":
            names = [f"server.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.startswith("server."))


def test_imports_point_down_only() -> None:
    wrong = []
    for path in sorted(SERVER.rglob("*.py")):
        inside = path.relative_to(SERVER.parent).with_suffix("").parts
        here = room(".".join(inside))
        if here == "__init__":
            continue
        for line, module in imports(path):
            there = room(module)
            if there == "__version__" or there == here:
                continue
            (level, number), (below, beside) = place(here), place(there)
            if below < level or (below == level and number != beside):
                wrong.append(f"{'/'.join(inside)}.py:{line} imports {module}")
    assert wrong == []


@pytest.mark.parametrize("path", sorted(SERVER.rglob("*.py")), ids=lambda p: p.name)
def test_each_module_has_a_level(path: Path) -> None:
    inside = path.relative_to(SERVER.parent).with_suffix("").parts
    if (here := room(".".join(inside))) != "__init__":
        place(here)
