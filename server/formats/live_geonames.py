"""What GeoNames' interface answers: https://www.geonames.org/export/geonames-search.html"""

from collections.abc import Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.formats.live_answers import Hit, LiveTerm, guarded, labelled, listed, short
from server.formats.statement_texts import LONGEST_LABEL
from server.names import GN, RDF, SKOS

GEONAMES = "https://sws.geonames.org/"


def hits(data: bytes, lang: str) -> list[Hit]:
    """Of searchJSON. Raises Malformed, for answers that tell of an error too."""

    def read(row: dict[str, Any]) -> Hit | None:
        iri, name, other = _place(row), short(row["name"]), short(row.get("toponymName"))
        above = [short(row.get(part)) for part in ("countryName", "adminName1")]
        return Hit(
            iri, name, lang if other and other != name else "", short(row.get("fcodeName")),
            tuple(part for part in above if part and part != name),
            other if other != name else "",
        )  # fmt: skip

    found: list[Hit] = guarded(data, lambda answer: listed(answer["geonames"], read))
    return found


def _place(row: dict[str, Any], name: str = "geonameId") -> str:
    number = int(row[name])
    if not 0 < number < 10**12:
        raise ValueError
    return f"{GEONAMES}{number}/"


def term(data: bytes, iri: str, languages: Sequence[str]) -> LiveTerm:
    """Of getJSON. Raises Malformed where it is not about this place."""
    found: LiveTerm = guarded(data, lambda answer: _term(answer, iri, languages))
    return found


def _term(answer: Any, iri: str, languages: Sequence[str]) -> LiveTerm:
    if _place(answer) != iri:
        raise ValueError
    term = LiveTerm(iri, {(RDF.type, GN.Feature)})
    term.said.add((SKOS.notation, Literal(str(int(answer["geonameId"])))))
    term.add(SKOS.prefLabel, str(answer.get("toponymName") or answer["name"]), "", LONGEST_LABEL)
    done: set[str] = set()
    names = [name for name in answer.get("alternateNames") or () if name.get("lang") in languages]
    for name in sorted(names, key=lambda name: not name.get("isPreferredName")):
        kind = SKOS.altLabel if name["lang"] in done else SKOS.prefLabel
        term.add(kind, str(name["name"]), name["lang"], LONGEST_LABEL)
        done.add(name["lang"])
    term.place(answer.get("lat"), answer.get("lng"))
    feature, code, country = (str(answer.get(n, "")) for n in ("fcl", "fcode", "countryCode"))
    if len(feature) == 1 and feature.isascii() and feature.isalpha():
        term.said.add((GN.featureClass, _node(feature)))
        if code.isascii() and code.isalnum() and len(code) <= 10:
            term.said.add((GN.featureCode, _node(f"{feature}.{code}")))
    if len(country) == 2 and country.isascii() and country.isalpha():
        term.said.add((GN.countryCode, Literal(country.upper())))
    for level in ("adminId5", "adminId4", "adminId3", "adminId2", "adminId1", "countryId"):
        if answer.get(level) and (above := _place(answer, level)) != iri:
            term.broader.append(above)
    return labelled(term)


def _node(name: str) -> NamedNode:
    """A feature class or code, as `geonames_read` writes it."""
    return NamedNode(f"https://www.geonames.org/ontology#{name}")
