"""Vocabularies elsewhere that can be asked while somebody types: how each is asked."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from server.domain.remote_addresses import Question
from server.formats import live_geonames, live_getty, live_wikidata
from server.formats.live_answers import Hit, LiveTerm
from server.formats.live_geonames import GEONAMES
from server.formats.wikidata_terms import ENTITY, EVERY_LANGUAGE
from server.settings import Settings

_WIKIDATA = re.compile(r"https?://www\.wikidata\.org(?:/|$)")
_GETTY = re.compile(r"https?://vocab\.getty\.edu/(aat|tgn|ulan)(?:/|$)")
_GEONAMES = re.compile(r"https?://(?:sws|www)\.geonames\.org(?:/|$)")
_MOST = 10
_JSON = {"Accept": "application/json"}
_RESULTS = {"Accept": "application/sparql-results+json"}


@dataclass(frozen=True, slots=True)
class Source:
    """One of them, as one of our vocabularies needs it. `name` is shown to people.

    `iris` is the pattern of its terms; `search` and `fetch` say what to ask, `hits` and `term`
    read what is answered.
    """

    name: str
    iris: re.Pattern[str]
    search: Callable[[str, str], Question]
    hits: Callable[[bytes, str], list[Hit]]
    fetch: Callable[[str, Sequence[str]], Question]
    term: Callable[[bytes, str, Sequence[str]], LiveTerm]


def find(settings: Settings, scheme: str) -> Source | None:
    """The source of a concept scheme (an IRI, or an address), if it is one that is switched on."""
    on = {name.strip().lower() for name in settings.live_lookup.split(",")}
    if "wikidata" in on and _WIKIDATA.match(scheme):
        return _wikidata(settings.live_wikidata.rstrip("/"))
    if "getty" in on and (getty := _GETTY.match(scheme)):
        return _getty(settings.live_getty.rstrip("/"), f"http://vocab.getty.edu/{getty[1]}/")
    if "geonames" in on and settings.live_geonames_user and _GEONAMES.match(scheme):
        return _geonames(settings.live_geonames.rstrip("/"), settings.live_geonames_user)
    return None


# --- Wikidata: https://www.wikidata.org/w/api.php ----------------------------------------------


def _wikidata(base: str) -> Source:
    def ask(**parameters: str | int) -> Question:
        query = urlencode({"format": "json", **parameters})
        return Question(f"{base}/w/api.php?{query}", _JSON)

    return Source(
        "Wikidata",
        re.compile(re.escape(ENTITY) + r"Q[1-9]\d{0,9}", re.ASCII),
        lambda text, lang: ask(
            action="wbsearchentities", search=text, language=lang, uselang=lang, type="item",
            limit=_MOST,
        ),
        lambda data, _lang: live_wikidata.hits(data),
        lambda iri, languages: ask(
            action="wbgetentities", ids=iri.removeprefix(ENTITY), redirects="yes",
            props="info|labels|aliases|descriptions|claims",
            languages="|".join((*languages, EVERY_LANGUAGE)),
        ),
        live_wikidata.term,
    )  # fmt: skip


# --- the Getty: http://vocab.getty.edu/queries#Full_Text_Search_Query ---------------------------


def _getty(base: str, scheme: str) -> Source:
    def ask(query: str) -> Question:
        return Question(f"{base}/sparql.json?{urlencode({'query': query})}", _RESULTS)

    def search(text: str, lang: str) -> Question:
        words = " AND ".join(f"{word}*" for word in re.findall(r"\w+", text)[:8])
        # An endpoint takes no bindings: values stand in the text, each written by `str(term)`.
        return ask(
            _GETTY_SEARCH % {
                "words": Literal(words), "lang": Literal(lang), "scheme": NamedNode(scheme),
                "most": _MOST,
            }
        )  # fmt: skip

    return Source(
        "Getty",
        re.compile(re.escape(scheme) + r"\d{1,12}", re.ASCII),
        search,
        lambda data, _lang: live_getty.hits(data, scheme),
        lambda iri, _languages: ask(_GETTY_TERM % {"item": NamedNode(iri)}),
        live_getty.term,
    )


_GETTY_PREFIXES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xl: <http://www.w3.org/2008/05/skos-xl#>
PREFIX gvp: <http://vocab.getty.edu/ontology#>
PREFIX luc: <http://www.ontotext.com/owlim/lucene#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#>
"""
_GETTY_SEARCH = (
    _GETTY_PREFIXES
    + """
SELECT ?item ?label (SAMPLE(?owns) AS ?own) (SAMPLE(?above) AS ?parents) (SAMPLE(?notes) AS ?note)
WHERE {
  ?item luc:term %(words)s ; a skos:Concept ; skos:inScheme %(scheme)s ;
    gvp:prefLabelGVP [ xl:literalForm ?label ] .
  OPTIONAL { ?item xl:prefLabel [ xl:literalForm ?owns ] FILTER(LANG(?owns) = %(lang)s) }
  OPTIONAL { ?item gvp:parentStringAbbrev ?above }
  OPTIONAL { ?item skos:scopeNote [ rdf:value ?notes ] FILTER(LANG(?notes) = %(lang)s) }
} GROUP BY ?item ?label LIMIT %(most)d
"""
)
_GETTY_TERM = (
    _GETTY_PREFIXES
    + """
SELECT ?item ?label ?alt ?note ?broader ?lat ?long WHERE {
  VALUES ?item { %(item)s }
  ?item a skos:Concept .
  { ?item xl:prefLabel [ xl:literalForm ?label ] }
  UNION { ?item xl:altLabel [ xl:literalForm ?alt ] }
  UNION { ?item skos:scopeNote [ rdf:value ?note ] }
  UNION { ?item gvp:broaderPreferred ?broader }
  UNION { ?item foaf:focus [ wgs:lat ?lat ; wgs:long ?long ] }
} LIMIT 1000
"""
)


# --- GeoNames: https://www.geonames.org/export/geonames-search.html -----------------------------


def _geonames(base: str, user: str) -> Source:
    def ask(service: str, **parameters: str | int) -> Question:
        query = urlencode({"username": user, "style": "FULL", **parameters})
        return Question(f"{base}/{service}?{query}", _JSON)

    return Source(
        "GeoNames",
        re.compile(re.escape(GEONAMES) + r"[1-9]\d{0,11}/", re.ASCII),
        lambda text, lang: ask("searchJSON", q=text, lang=lang, searchlang=lang, maxRows=_MOST),
        live_geonames.hits,
        lambda iri, _languages: ask("getJSON", geonameId=iri.removeprefix(GEONAMES).rstrip("/")),
        live_geonames.term,
    )
