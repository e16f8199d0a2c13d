"""What the IRIs in metadata mean to people: the names of terms and of what a record describes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from babel.core import Locale, UnknownLocaleError
from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import links, metadata_dates, texts
from server.index import labels
from server.names import DCTERMS, EDM, FOAF, RDFS, SKOS, WGS84
from server.patches import Dataset
from server.viewers import Viewer

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_NAMES = (SKOS.prefLabel, FOAF.name, RDFS.label, DCTERMS.title)
Facts = Mapping[NamedNode, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Name:
    """A label with its language or "", where it leads, and where on Earth it is (degrees)."""

    label: str
    lang: str = ""
    href: str | None = None
    spot: tuple[float, float] | None = None


def names(
    desk: Desk, viewer: Viewer, dataset: Dataset, nodes: Iterable[NamedNode], language: str
) -> dict[str, Name]:
    """By IRI: our own terms first, else what the record says, else the end of the IRI."""
    wanted = sorted(set(nodes), key=str)
    if not wanted:
        return {}
    facts = _facts(desk, dataset, wanted)
    known = labels.labels_of(viewer, desk.index, [node.value for node in wanted], language)
    return {
        node.value: _name(node.value, facts.get(node.value, {}), known.get(node.value), language)
        for node in wanted
    }


def readable(iri: str) -> str:
    """The end of an IRI as words; where that is a mere number, with whose it is."""
    parts = urlsplit(iri)
    path = parts.fragment or parts.path.rstrip("/") or parts.netloc
    end = " ".join(unquote(path).rpartition("/")[2].replace("_", " ").split())
    if not end or not end.isprintable():
        return iri
    if any(each.isalpha() for each in end) or not parts.netloc:
        return end
    return f"{parts.netloc.removeprefix('www.')} {end}"


def language_name(code: str, language: str) -> str | None:
    """What a language is called, by its tag; None for what is none."""
    if not _TAG.fullmatch(code):
        return None
    try:
        return Locale.parse(code, sep="-").get_display_name(language)
    except (ValueError, UnknownLocaleError):
        return None


def _facts(
    desk: Desk, dataset: Dataset, nodes: Iterable[NamedNode]
) -> dict[str, dict[NamedNode, list[Any]]]:
    found: dict[str, dict[NamedNode, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in desk.select("node_facts", dataset, nodes=nodes):
        found[row["node"].value][row["p"]].append(row["value"])
    return found


def _name(iri: str, facts: Facts, term: tuple[str, str] | None, language: str) -> Name:
    label, lang = term or _label(facts, language) or (readable(iri), "")
    href = "/terms?iri=" + quote(iri, safe="") if term else links.address(iri)
    return Name(label, lang, href, _spot(facts))


def _label(facts: Facts, language: str) -> tuple[str, str] | None:
    """(label, language); a time without a name is called by its years."""
    for property_ in _NAMES:
        literals = [each for each in facts.get(property_, ()) if isinstance(each, Literal)]
        if wanted := texts.collect(literals):
            text = texts.choose(wanted, language)
            return text, next(code for code, each in wanted.items() if each == text)
    begin, end = (_first(facts, each) for each in (EDM.begin, EDM.end))
    said = metadata_dates.interval_words(begin, end, language) if begin or end else None
    return (said, "") if said else None


def _first(facts: Facts, property_: NamedNode) -> str:
    return next((str(each.value) for each in facts.get(property_, ())), "")


def _spot(facts: Facts) -> tuple[float, float] | None:
    """(latitude, longitude), where both are numbers of this Earth."""
    try:
        lat, long = float(_first(facts, WGS84.lat)), float(_first(facts, WGS84.long))
    except ValueError:
        return None
    here = isfinite(lat) and isfinite(long) and abs(lat) <= 90 and abs(long) <= 180
    return (lat, long) if here else None
