"""The rows of a whole collection from the file of its state, without asking the store.

What `queries/items_summary.rq` asks of a store is picked here from the lines of the file.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from server.domain.item_identifiers import OF_AGGREGATION as NAMING_AGGREGATIONS
from server.domain.item_identifiers import OF_ITEM as NAMING
from server.domain.sensitivity import PROPERTIES as OF_CARE
from server.names import CH, DC, DCTERMS, EDM, ORE, RDF, Namespace

EBUCORE = Namespace("http://www.ebu.ch/metadata/ontologies/ebucore/ebucore#")
Term = NamedNode | Literal
Said = dict[NamedNode, list[Term]]

_ITEM, _PROXY = str(EDM.ProvidedCHO), str(ORE.proxyFor)
_KINDS = {_ITEM, str(CH.Tombstone)}
_OWNS, _STANDS_FOR = EDM.aggregatedCHO, ORE.proxyFor
_TYPE, _AGGREGATED, _SHOWN = str(RDF.type), str(EDM.aggregatedCHO), str(EDM.isShownBy)
_OF_TITLE = (DC.title, DCTERMS.alternative, DC.description, EDM.type, *OF_CARE, *NAMING)
_OF_ITEM = (*_OF_TITLE, DCTERMS.replaces)
_OF_AGGREGATION = (
    EDM.isShownBy, EDM["object"], EDM.dataProvider, EDM.rights, *NAMING_AGGREGATIONS
)  # fmt: skip
_OF_PICTURE = (
    EBUCORE.width, EBUCORE.height, EDM.componentColor, EBUCORE.hasMimeType, *OF_CARE
)  # fmt: skip
_UNIQUE = {*NAMING, *NAMING_AGGREGATIONS}  # what each item has a value of its own for
_NAMES = {str(node): node for node in (RDF.type, *_OF_ITEM, *_OF_AGGREGATION, *_OF_PICTURE)}
_WANTED = {*_NAMES, _AGGREGATED, _PROXY}


def read(path: Path) -> Iterator[tuple[str, Said]]:
    """(item IRI, what lists show of it) for each item and tombstone of a sorted N-Quads file."""
    subjects: dict[str, dict[str, list[str]]] = {}
    kinds: dict[str, list[str]] = {}
    owners: dict[str, list[tuple[str, tuple[NamedNode, ...]]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            subject, predicate, rest = line.split(" ", 2)
            if predicate not in _WANTED:
                continue
            thing = rest.rsplit(" ", 2)[0]
            if predicate == _TYPE:
                if thing in _KINDS:
                    kinds.setdefault(subject, []).append(thing)
            elif predicate == _AGGREGATED:
                owners[thing].append((subject, _OF_AGGREGATION))
            elif predicate == _PROXY:
                owners[thing].append((subject, _OF_TITLE))
            else:
                subjects.setdefault(subject, {}).setdefault(predicate, []).append(thing)
    known: dict[str, Term] = {}
    for item, types in kinds.items():
        parts = [(item, _OF_ITEM), *owners.get(item, ())]
        yield item[1:-1], _said(parts, types, subjects, known)


def _said(
    parts: list[tuple[str, tuple[NamedNode, ...]]],
    types: list[str],
    subjects: dict[str, dict[str, list[str]]],
    known: dict[str, Term],
) -> Said:
    said: Said = defaultdict(list)
    said[RDF.type] = [_term(one, known) for one in types]
    for subject, properties in parts:
        if properties is not _OF_ITEM:
            owning = _OWNS if properties is _OF_AGGREGATION else _STANDS_FOR
            said[owning].append(NamedNode(subject[1:-1]))
        about = subjects.get(subject, {})
        _add(said, about, properties, known)
        if properties is _OF_AGGREGATION:
            for picture in about.get(_SHOWN, ()):
                _add(said, subjects.get(picture, {}), _OF_PICTURE, known)
    return said


def _add(
    said: Said, about: dict[str, list[str]], properties: tuple[NamedNode, ...],
    known: dict[str, Term],
) -> None:  # fmt: skip
    for predicate, things in about.items():
        if (name := _NAMES[predicate]) in properties:
            if name in _UNIQUE:
                said[name] += [_made(thing) for thing in things]
            else:
                said[name] += [_term(thing, known) for thing in things]


def _term(token: str, known: dict[str, Term]) -> Term:
    """The term that an N-Triples token writes; what repeats is made once."""
    term = known.get(token)
    if term is None:
        term = _made(token)
        if len(known) < 10_000:
            known[token] = term
    return term


def _made(token: str) -> Term:
    if token[0] == "<":
        return NamedNode(token[1:-1])
    end = token.rindex('"')
    kind = token[end + 1 :]
    if "\\" in token or kind[:1] == "^":
        (triple,) = parse(f"<x:s> <x:p> {token} .", RdfFormat.N_TRIPLES)
        found: Term = triple.object
        return found
    return Literal(token[1:end], language=kind[1:] or None)
