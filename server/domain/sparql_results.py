"""What a query found, as a table of values: from SPARQL Results JSON, or from triples."""

import re
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import orjson
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from server.i18n import _
from server.names import XSD

#: Rows that a page shows: the rest is in the downloads.
MOST_ROWS = 1000
_ALL = re.compile(r"(?i)\bselect\s+(distinct\s+|reduced\s+)?\*")
_TRIPLE = ("subject", "predicate", "object")
_WHOLE = r"integer|int|long|short|byte|(nonN|n)egativeInteger|(nonP|p)ositiveInteger"
_NUMBER = re.compile(rf"{re.escape(str(XSD))}({_WHOLE}|unsigned\w+|decimal|double|float)")


@dataclass(frozen=True, slots=True)
class Value:
    """A cell: `kind` is iri, literal or blank; `datatype` an IRI, empty for plain text."""

    kind: str
    text: str
    lang: str = ""
    datatype: str = ""

    @property
    def number(self) -> float | None:
        """What a number says, None for other values and for what is not finite."""
        return _finite(self.text) if _NUMBER.fullmatch(self.datatype) else None


Row = list[Value | None]


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of an answer; `total` counts all that came."""

    columns: list[str]
    rows: list[Row]
    total: int

    def column(self, number: int) -> Row:
        return [row[number] for row in self.rows]

    def as_written(self, query: str) -> "Table":
        """With the columns in the order of the query, where that says `SELECT *`."""
        if not _ALL.search(query):
            return self
        places = [re.search(rf"[?$]{re.escape(name)}\b", query) for name in self.columns]
        order = sorted(
            range(len(places)),
            key=lambda n: found.start() if (found := places[n]) else len(query),
        )
        rows = [[row[n] for n in order] for row in self.rows]
        return Table([self.columns[n] for n in order], rows, self.total)


def read(body: bytes) -> Table:
    """A table of SPARQL Results JSON (https://www.w3.org/TR/sparql11-results-json/)."""
    told = orjson.loads(body)
    if "boolean" in told:
        answer = Value("literal", _("yes") if told["boolean"] else _("no"))
        return Table([_("Answer")], [[answer]], 1)
    columns, found = told["head"]["vars"], told["results"]["bindings"]
    rows = [[_value(row.get(name)) for name in columns] for row in found[:MOST_ROWS]]
    return Table(columns, rows, len(found))


def read_triples(body: bytes) -> Table:
    """A table of N-Triples, a row for each; what is in no order comes by subject."""
    lines = sorted(line for line in body.split(b"\n") if line)
    rows: list[Row] = [
        [_term(triple.subject), _term(triple.predicate), _term(triple.object)]
        for triple in parse(b"\n".join(lines[:MOST_ROWS]), RdfFormat.N_TRIPLES)
    ]
    return Table([*_TRIPLE], rows, len(lines))


def _value(said: dict[str, Any] | None) -> Value | None:
    if said is None:
        return None
    if said["type"] == "triple":
        return Value("literal", _quoted(said["value"]))
    kind = {"uri": "iri", "bnode": "blank"}.get(said["type"], "literal")
    return Value(kind, str(said["value"]), said.get("xml:lang", ""), said.get("datatype", ""))


def _quoted(triple: dict[str, Any]) -> str:
    parts = (_value(triple[name]) for name in _TRIPLE)
    return f"<< {' '.join(part.text for part in parts if part)} >>"


def _term(term: Any) -> Value:
    match term:
        case NamedNode():
            return Value("iri", term.value)
        case BlankNode():
            return Value("blank", term.value)
        case Literal(language=str(lang)):
            return Value("literal", term.value, lang)
        case Literal():
            plain = term.datatype == XSD.string
            return Value("literal", term.value, "", "" if plain else term.datatype.value)
    return Value("literal", str(term))


def _finite(text: str) -> float | None:
    try:
        number = float(text) if len(text) < 400 else nan
    except ValueError:
        return None
    return number if isfinite(number) else None
