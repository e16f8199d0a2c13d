"""The file of a whole vocabulary from its N-Quads: `python -m server.domain.vocabulary_build`.

A child of the server with a limit on its memory. It forks: two processes read half of the
statements each and spool the terms; then one writes terms and labels, the other the full-text
index (`index.vocabulary_builds`). Nothing is read but our own bulk file.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import NamedNode, RdfFormat, parse

from server.domain import concept_rows
from server.domain.concept_rows import Value
from server.errors import Malformed
from server.formats.children import Message, serve
from server.i18n import _
from server.index.labels import TermRow
from server.index.vocabulary_builds import build_search, build_terms, join
from server.index.vocabulary_spools import Spool

_MANY = 2
_SEARCH = "search.sqlite"
_PROPERTIES = {f"<{iri}>".encode(): iri for iri in concept_rows.PROPERTIES}
#: What the parts of a line are.
_Line = tuple[bytes, str, Value]


def main(job: Message, send: Callable[[Message], None]) -> None:
    folder, target = Path(job["folder"]), Path(job["target"])
    source, graph = Path(job["source"]), job["graph"]
    _together(
        lambda: spool(source, graph, folder, 1),
        lambda: spool(source, graph, folder, 0),
    )
    _together(
        lambda: build_search(folder, folder / _SEARCH),
        lambda: build_terms(folder, target, job["state"], lambda n: send({"labels": n})),
    )
    join(target, folder / _SEARCH)


def _together(there: Callable[[], object], here: Callable[[], object]) -> None:
    """Both at once, one in a process of its own. Raises Malformed where that one fails."""
    gc.freeze()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            there()
            status = 0
        finally:
            os._exit(status)
    try:
        here()
    finally:
        _pid, waited = os.waitpid(child, 0)
    if waited != 0:
        raise Malformed(_("The index of the vocabulary could not be made."))


def spool(source: Path, graph: str, folder: Path, number: int, many: int = _MANY) -> None:
    """The terms of one part of the file."""
    spooled = Spool(folder, number, many)
    size = source.stat().st_size
    with source.open("rb") as file:
        for term in terms(file, f" <{graph}> .\n".encode(), size * number // many,
                          size * (number + 1) // many):  # fmt: skip
            spooled.add(term)
    spooled.close()


def terms(file: BinaryIO, end: bytes, start: int, stop: int) -> Iterator[TermRow]:
    """The terms whose first line begins at one of these places of the file."""
    place = _first_subject(file, start)
    subject, said = b"", dict[str, set[Value]]()
    for line in file:
        here = line.partition(b" ")[0]
        if here != subject:
            if subject and (found := concept_rows.term(_iri(subject), said)) is not None:
                yield found
            if place >= stop:
                return
            subject, said = here, {}
        place += len(line)
        parts = line.split(b" ", 2)
        property_ = _PROPERTIES.get(parts[1])
        if property_ is not None:
            said.setdefault(property_, set()).add(_value(line, parts[2], end))
    if subject and (found := concept_rows.term(_iri(subject), said)) is not None:
        yield found


def _first_subject(file: BinaryIO, start: int) -> int:
    """Go to the first line at or after a place that another subject than before begins with."""
    if start == 0:
        return 0
    file.seek(start - 1)
    file.readline()
    place = file.tell()
    before = _subject_before(file, place)
    file.seek(place)
    for line in file:
        if line.partition(b" ")[0] != before:
            break
        place += len(line)
    file.seek(place)
    return place


def _subject_before(file: BinaryIO, place: int) -> bytes:
    """The subject of the line that ends at a place."""
    size = 1 << 12
    while True:
        start = max(place - size, 0)
        file.seek(start)
        text = file.read(place - start)[:-1]
        if b"\n" in text or start == 0:
            return text.rpartition(b"\n")[2].partition(b" ")[0]
        size *= 8


def _iri(node: bytes) -> str:
    text = node.decode()
    if "\\" in text:
        (quad,) = parse(f"{text} <x:p> <x:o> .", RdfFormat.N_QUADS)
        return str(quad.subject.value)
    return text[1:-1]


def _value(line: bytes, rest: bytes, end: bytes) -> Value:
    """The object of a line; of plain ones without the parser, which takes ten times as long."""
    if b"\\" in line or not rest.endswith(end):
        (quad,) = parse(line, RdfFormat.N_QUADS)
        is_iri = isinstance(quad.object, NamedNode)
        return quad.object.value, None if is_iri else quad.object.language or ""
    node = rest[: -len(end)].decode()
    if node.startswith("<"):
        return node[1:-1], None
    text, _, tag = node.rpartition('"')
    return text[1:], tag[1:].lower() if tag.startswith("@") else ""


if __name__ == "__main__":
    serve(main)
