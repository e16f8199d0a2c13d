"""Compact JSON-LD of any size, made from N-Triples as they come: a node at a time.

The context stands in the file, so that nothing has to be fetched to read it.
Source: JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), sections 4.1.5 and 4.9.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from server.names import PREFIXES, RDF

_TYPE = RDF.type.value
_LINE = re.compile(
    r"(\S+) <([^>]*)> (?:<([^>]*)>|(_:\S+)"
    r'|("[^"\\]*(?:\\.[^"\\]*)*")(?:@(\S+)|\^\^<([^>]*)>)?) \.\n'
)
#: JSON knows the other escapes of N-Triples as they are.
_ONLY_TRIPLES = re.compile(r"\\U([0-9A-Fa-f]{8})")
_CONTROL = re.compile(r"[\x00-\x1f]")
_LOCAL = re.compile(r"[A-Za-z_][\w-]*")
#: Prefixes, and what a reader of JSON expects: `id` and `type` without a sign before them.
CONTEXT: dict[str, Any] = {"id": "@id", "type": "@type", **PREFIXES}


def begin() -> bytes:
    """What stands before the nodes; between them a comma, after them `END`."""
    context = json.dumps(CONTEXT, ensure_ascii=False, separators=(",", ":"))
    return f'{{"@context":{context},"@graph":[\n'.encode()


END = b"\n]}\n"


def nodes(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """N-Triples in pieces that end at lines' ends, to JSON-LD nodes, comma-separated.

    The lines of a subject that stand together make one node. Nothing where there are no lines.
    """
    writer = _Writer()
    for piece in pieces:
        writer.take(piece.decode())
        if writer.done:
            yield writer.taken()
    writer.finish()
    if writer.done:
        yield writer.taken()


class _Writer:
    """`take` goes over every statement of a dump: what it does not call, it does not wait for."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._first = True
        self._subject = ""
        self._types: list[str] = []
        self._values: dict[str, list[str]] = {}

    def take(self, lines: str) -> None:
        for subject, name, iri, blank, text, language, datatype in _LINE.findall(lines):
            if subject != self._subject:
                self.finish()
                self._subject = subject
            if text:
                if "\\" in text or not text.isprintable():
                    text = _escaped(text)
                if language:
                    value = f'{{"@language":"{language}","@value":{text}}}'
                else:
                    value = f'{{"type":{_compact(datatype)},"@value":{text}}}' if datatype else text
            elif iri and name == _TYPE:
                self._types.append(_compact(iri))
                continue
            else:
                value = f'{{"id":{_quoted(iri or blank)}}}'
            if name in self._values:
                self._values[name].append(value)
            else:
                self._values[name] = [value]

    def finish(self) -> None:
        """The node that is being made is whole."""
        if self._subject:
            fields = [f'"id":{_quoted(self._subject.strip("<>"))}']
            if self._types:
                fields.append(f'"type":{_one_or_more(self._types)}')
            fields += [
                f"{_compact(name)}:{values[0] if len(values) == 1 else _one_or_more(values)}"
                for name, values in self._values.items()
            ]
            self.done.append("{" + ",".join(fields) + "}")
            self._types, self._values = [], {}
        self._subject = ""

    def taken(self) -> bytes:
        text = ("" if self._first else ",\n") + ",\n".join(self.done)
        self.done, self._first = [], False
        return text.encode()


def _one_or_more(values: list[str]) -> str:
    return values[0] if len(values) == 1 else "[" + ",".join(values) + "]"


def _escaped(text: str) -> str:
    """The quoted text of N-Triples as one of JSON."""
    if "\\U" in text or "\\'" in text:
        text = _ONLY_TRIPLES.sub(_character, text.replace("\\'", "'"))
    if _CONTROL.search(text) is not None:
        text = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text


def _character(found: re.Match[str]) -> str:
    """An escaped backslash before the U is none of its own."""
    before = found.string[: found.start()]
    odd = (len(before) - len(before.rstrip("\\"))) % 2 == 0
    return json.dumps(chr(int(found[1], 16)))[1:-1] if odd else found[0]


@lru_cache(20_000)
def _compact(iri: str) -> str:
    """`dc:title`, quoted; what has no prefix, or would be read as another thing, stays whole."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return f'"{prefix}:{iri[len(namespace) :]}"'
    return _quoted(iri)


def _quoted(iri: str) -> str:
    return json.dumps(iri, ensure_ascii=False) if "\\" in iri else f'"{iri}"'
