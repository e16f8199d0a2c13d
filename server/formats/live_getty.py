"""What the Getty's SPARQL endpoint answers (SPARQL 1.1 Query Results JSON)."""

from collections.abc import Sequence
from typing import Any

from pyoxigraph import Literal

from server.formats.live_answers import Hit, LiveTerm, guarded, labelled, listed, short
from server.formats.statement_texts import LONGEST_LABEL, LONGEST_NOTE, language
from server.names import SKOS, is_safe_iri


def hits(data: bytes, scheme: str) -> list[Hit]:
    """Of a SELECT of ?item ?label ?own ?parents ?note. Raises Malformed."""

    def read(row: dict[str, Any]) -> Hit | None:
        iri = row["item"]["value"]
        if not is_term(iri, scheme):
            return None
        label, own = row["label"], row.get("own")
        shown = own or label
        # parentStringAbbrev: from the nearest to the top, parted by commas
        parents = [part.strip() for part in row.get("parents", {}).get("value", "").split(",")]
        return Hit(
            iri, short(shown["value"]), language(shown.get("xml:lang", "")) or "",
            short(row.get("note", {}).get("value")),
            tuple(short(part) for part in reversed(parents[:3]) if part and part != "..."),
        )  # fmt: skip

    found: list[Hit] = guarded(data, lambda answer: listed(answer["results"]["bindings"], read))
    return found


def is_term(iri: str, scheme: str) -> bool:
    number = iri.removeprefix(scheme)
    return number != iri and number.isascii() and number.isdecimal() and len(number) <= 12


def term(data: bytes, iri: str, languages: Sequence[str]) -> LiveTerm:
    """Of a SELECT of ?item with one of ?label ?alt ?note ?broader ?lat ?long in each row."""
    found: LiveTerm = guarded(data, lambda answer: _term(answer, iri, languages))
    return found


def _term(answer: Any, iri: str, languages: Sequence[str]) -> LiveTerm:
    term = LiveTerm(iri, {(SKOS.notation, Literal(iri.rpartition("/")[2]))})
    texts = {"label": SKOS.prefLabel, "alt": SKOS.altLabel, "note": SKOS.scopeNote}
    place: dict[str, str] = {}
    for row in answer["results"]["bindings"]:
        if row["item"]["value"] != iri:
            raise ValueError
        for name, cell in row.items():
            tag, value = cell.get("xml:lang", ""), str(cell["value"])
            if name in texts and (not tag or tag.lower() in languages):
                longest = LONGEST_NOTE if name == "note" else LONGEST_LABEL
                term.add(texts[name], value, tag, longest)
            elif name == "broader" and is_safe_iri(value):
                term.broader.append(value)
            elif name in ("lat", "long"):
                place[name] = value
    if len(place) == 2:
        term.place(place["lat"], place["long"])
    return labelled(term)
