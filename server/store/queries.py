"""Named queries: `queries/<thing>_<what>.rq`, with `$name` as input and `?name` as output.

The header says which dataset a query reads, and its inputs and outputs. Values enter as N-Triples
terms written by pyoxigraph (`str(term)`), never as text. Those of a `numbered` input each come with
their number from 0 on, as `VALUES (?n ?thing) { $things }` takes them: reading back a number takes
no time, reading back an IRI 2 µs (measured).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

Term = NamedNode | Literal
Value = Term | Iterable[Term]

_HEADER = re.compile(r"^# (dataset|in|out|numbered):(.*)$", re.MULTILINE)
_INPUT = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """`dataset` is public or work, or `either` where the caller says which."""

    name: str
    dataset: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    text: str
    numbered: tuple[str, ...] = ()

    def bind(self, values: dict[str, Value], limit: int | None, offset: int) -> str:
        """The query text with each `$name` replaced by its term, or by its terms in a row."""
        if set(values) != set(self.inputs):
            raise TypeError(f"{self.name} takes {self.inputs}, not {tuple(values)}")
        written = {
            name: _numbered(value) if name in self.numbered else _written(value)
            for name, value in values.items()
        }
        text = _INPUT.sub(lambda found: written[found[1]], self.text)
        if limit is not None:
            text += f"\nLIMIT {int(limit)}"
        return f"{text}\nOFFSET {int(offset)}" if offset else text


def load(folder: Path) -> dict[str, NamedQuery]:
    """Every query of the folder by its name (the file's, without `.rq`)."""
    return {path.stem: read(path) for path in sorted(folder.glob("*.rq"))}


def read(path: Path) -> NamedQuery:
    source = path.read_text(encoding="utf-8")
    header = {name: value.split() for name, value in _HEADER.findall(source)}
    body = "\n".join(line for line in source.splitlines() if not line.startswith("#"))
    return NamedQuery(
        name=path.stem,
        dataset=header["dataset"][0],
        inputs=tuple(name.removeprefix("$") for name in header.get("in", ())),
        outputs=tuple(name.removeprefix("?") for name in header.get("out", ())),
        text=body,
        numbered=tuple(name.removeprefix("$") for name in header.get("numbered", ())),
    )


def _written(value: Value) -> str:
    if isinstance(value, NamedNode | Literal):
        return str(value)
    return " ".join(str(term) for term in value)


def _numbered(value: Value) -> str:
    terms = (value,) if isinstance(value, NamedNode | Literal) else value
    return " ".join(f"({number} {term})" for number, term in enumerate(terms))
