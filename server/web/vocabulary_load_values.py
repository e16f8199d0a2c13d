"""The fields of the form that loads a vocabulary, and what they ask for."""

from dataclasses import dataclass, field
from typing import Any

from server.domain.vocabulary_loads import Options
from server.domain.vocabulary_reports import Report
from server.domain.vocabulary_sources import SOURCES, options_of
from server.errors import Invalid, Problem
from server.i18n import _
from server.web.forms import Form

#: The fields of the form that hold several values, parted by commas or spaces.
_LISTS = ("classes", "languages", "countries", "feature_classes")
_TEXTS = ("scheme", "base")
#: The fields of the form that are no options of a reader, and whose they are.
_OWN = {"url": ["skos"], "query": ["wikidata"], "endpoint": ["wikidata"]}


@dataclass(frozen=True, slots=True)
class LoadForm:
    source: str = "skos"
    slug: str = ""
    title: str = ""
    url: str = ""
    query: str = ""
    endpoint: str = ""
    replace: bool = False
    reader: dict[str, str] = field(default_factory=dict)


def as_before(last: Report) -> LoadForm:
    """As it was loaded the last time."""
    reader = {
        name: ", ".join(value) if isinstance(value, list) else str(value)
        for name, value in last.options.items()
    }
    return LoadForm(last.source, last.slug, last.title, reader=reader)


def fields() -> dict[str, list[str]]:
    """By each field that not all have the sources that have it."""
    names = (*_LISTS, *_TEXTS, "min_population")
    readers = {name: [each for each in SOURCES if name in options_of(each)] for name in names}
    return {**readers, **_OWN}


def sources() -> list[tuple[str, str]]:
    words = {
        "skos": _("SKOS, in any form of RDF"),
        "csv": _("A table: CSV or Excel"),
        "aat": _("Getty: the explicit export of AAT, TGN or ULAN"),
        "geonames": _("GeoNames: places"),
        "wikidata": _("Wikidata: a dump, a class or a query"),
    }
    return [(source, words[source]) for source in ("skos", "csv", "aat", "geonames", "wikidata")]


def read(given: Form) -> LoadForm:
    names = (*_LISTS, *_TEXTS, "min_population")
    reader = {name: text for name in names if (text := given.get(name).strip())}
    return LoadForm(
        given.get("source"), given.get("slug").strip(), given.get("title").strip(),
        given.get("url").strip(), given.get("query").strip(), given.get("endpoint").strip(),
        given.flag("replace"), reader,
    )  # fmt: skip


def options(asked: LoadForm) -> Options:
    """Raises Invalid. What is said of other sources in the same form is passed over."""
    if asked.source not in SOURCES:
        message = _("Choose what it is.")
        raise Invalid(message, (Problem("source", message),))
    known, reader = options_of(asked.source), {}
    for name, text in asked.reader.items():
        if name in known:
            reader[name] = _value(name, text)
    return Options(
        asked.slug, asked.source, (), asked.url if asked.source == "skos" else "",
        asked.query if asked.source == "wikidata" else "",
        asked.endpoint if asked.source == "wikidata" else "", asked.title, asked.replace, reader,
    )  # fmt: skip


def _value(name: str, text: str) -> Any:
    if name in _LISTS:
        return text.replace(",", " ").split()
    if name == "min_population":
        if not (text.isascii() and text.isdecimal() and len(text) < 12):
            message = _("Write a number.")
            raise Invalid(message, (Problem(name, message),))
        return int(text)
    return text


def is_elsewhere(options: Options) -> bool:
    """Whether it needs no file: some places come with the server, the rest is fetched."""
    if options.source == "wikidata":
        return bool(options.query or options.reader.get("classes"))
    return bool(options.url) or options.source == "geonames"
