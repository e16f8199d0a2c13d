"""SHACL on the way of a contribution: `shapes/*.ttl`, compiled when they are first used.

>>> load("item").validate(triples)      # what is wrong, as results
>>> check("vote", statements)           # Invalid, with a problem per field, if anything is
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, Triple, parse

from server.domain.shape_compiler import Entry, compile_graph
from server.domain.shape_graphs import Index, ShapeGraph
from server.domain.shape_results import Result, problem, problems
from server.errors import Damaged, Invalid
from server.i18n import _
from server.resources import folder

__all__ = [
    "Result",
    "ShapeGraph",
    "Shapes",
    "check",
    "compile_shapes",
    "files",
    "load",
    "load_all",
    "problem",
    "problems",
]


class Shapes:
    """Compiled shapes: `validate` is safe to call from any thread."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries

    def validate(self, data: Iterable[Triple | Quad] | Index | ShapeGraph) -> list[Result]:
        """The validation results: of each shape, of each focus node, in the order of `sh:order`.

        `data` is triples, quads (their graph does not count), or the same as a mapping
        subject -> predicate -> objects without duplicates, which is used as it is.
        """
        graph = _graph(data)
        results: list[Result] = []
        for entry in self._entries:
            for focus in entry.focus_nodes(graph):
                entry.run(graph, focus, results)
        return results

    def require(self, data: Iterable[Triple | Quad] | Index | ShapeGraph) -> None:
        """Raise Invalid with the problems where a result has the severity sh:Violation."""
        found = problems(result for result in self.validate(data) if result.is_violation)
        if found:
            raise Invalid(_("Some of this is missing or wrong."), found)


def _graph(data: Iterable[Triple | Quad] | Index | ShapeGraph) -> ShapeGraph:
    if isinstance(data, ShapeGraph):
        return data
    return ShapeGraph(data) if isinstance(data, Mapping) else ShapeGraph.of(data)


def compile_shapes(*paths: Path) -> Shapes:
    """Compile Turtle files and folders of them, as one graph of shapes.

    Damaged names the construct that the compiler does not know: nothing falls through.
    """
    names = ", ".join(path.name for path in paths)
    try:
        return Shapes(compile_graph(_read(paths)))
    except (ValueError, SyntaxError) as error:
        message = _("The shapes {names} cannot be used: {error}", names=names, error=error)
        raise Damaged(message) from error


def _read(paths: Iterable[Path]) -> ShapeGraph:
    found = [file for path in paths for file in (sorted(path.rglob("*.ttl")) or [path])]
    return ShapeGraph.of(
        statement
        for file in found
        for statement in parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )


def files(*names: str) -> list[Path]:
    """The shape files of names such as `annotation/semantic-tag`.

    With a kind of annotation come what all have, and claims: the part by which each proposes it.
    """
    wanted = dict.fromkeys(names)
    if any(name.startswith("annotation/") for name in names):
        wanted |= {"annotation": None, "claim": None}
    return [folder("shapes") / f"{name}.ttl" for name in wanted]


@cache
def load(*names: str) -> Shapes:
    """The shapes of our own files, compiled once."""
    return compile_shapes(*files(*names))


def load_all() -> dict[str, Shapes]:
    """Every shape file of ours by name, compiled: called at start, so that a bad one shows then."""
    root = folder("shapes")
    names = sorted(
        path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.ttl")
    )
    return {name: load(name) for name in names}


def check(name: str, statements: Iterable[tuple[Any, Any, Any]]) -> None:
    """Raise Invalid, with a problem per field, where what is about to be written breaks a rule.

    Statements are (subject, predicate, object); `name` is that of the shape file.
    """
    load(name).require(Triple(*statement) for statement in statements)
