"""What Wikidata's interface answers.

https://www.wikidata.org/w/api.php?action=help&modules=wbsearchentities and wbgetentities
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.formats import wikidata_entities
from server.formats.live_answers import (
    MOST_STATEMENTS,
    Hit,
    LiveTerm,
    guarded,
    labelled,
    listed,
    short,
)
from server.formats.statement_texts import language
from server.formats.vocabularies import Reading, as_triples
from server.formats.wikidata_lines import SAME
from server.formats.wikidata_terms import ENTITY, Terms, number_of
from server.names import RDF, SKOS


def hits(data: bytes) -> list[Hit]:
    """Of action=wbsearchentities. Raises Malformed, for answers that tell of an error too."""
    found: list[Hit] = guarded(data, lambda answer: listed(answer["search"], _hit))
    return found


def _hit(row: dict[str, Any]) -> Hit | None:
    number = number_of(row["id"])
    if number is None:
        return None
    display = row.get("display") or {}
    label = display.get("label") or {"value": row.get("label") or row["id"]}
    note = (display.get("description") or {}).get("value") or row.get("description")
    match, shown = row.get("match") or {}, short(label["value"])
    other = short(match.get("text")) if match.get("type") == "alias" else ""
    return Hit(
        f"{ENTITY}Q{number}", shown, language(str(label.get("language", ""))) or "", short(note),
        (), other if other != shown else "", language(str(match.get("language", ""))) or "",
    )  # fmt: skip


def term(data: bytes, iri: str, languages: Sequence[str]) -> LiveTerm:
    """Of action=wbgetentities. Raises Malformed where it is not about this item."""
    found: LiveTerm = guarded(data, lambda answer: _term(answer, iri, languages))
    return found


def _term(answer: Any, iri: str, languages: Sequence[str]) -> LiveTerm:
    asked = number_of(iri)
    (entity,) = answer["entities"].values()
    number = wikidata_entities.number(entity)
    links = list(wikidata_entities.links_of(entity))
    if number is None or (number != asked and (SAME, asked, number) not in links):
        raise ValueError
    # subclass of (P279) before instance of (P31)
    above = sorted((link for link in links if link[0] != SAME), key=lambda link: -link[0])
    term = LiveTerm(f"{ENTITY}Q{number}", broader=[f"{ENTITY}Q{to}" for _kind, _from, to in above])
    term.said = {
        (triple.predicate, triple.object)
        for triple in as_triples(islice(_statements(entity, number, languages), MOST_STATEMENTS))
        if triple.predicate not in (RDF.type, SKOS.inScheme)
        and isinstance(triple.object, NamedNode | Literal)
    }
    return labelled(term)


def _statements(entity: dict[str, Any], number: int, languages: Sequence[str]) -> Iterator[str]:
    with TemporaryDirectory(prefix="live-") as folder:
        reading = Reading(Path(folder))
        with Terms(tuple(languages), reading) as terms:
            terms.turn_to(number)
            wikidata_entities.take(terms, entity, reading)
            yield from terms.finish()
