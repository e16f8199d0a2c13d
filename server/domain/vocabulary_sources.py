"""Where vocabularies come from: the readers by name, and their options as plain values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

from server.errors import Invalid
from server.formats import geonames_package
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _
from server.resources import folder

#: Modules of `server.formats` with `read(paths, options, reading)` and a dataclass `Options`.
_MODULES = {
    "aat": "aat_read",
    "geonames": "geonames_read",
    "wikidata": "wikidata_read",
    "skos": "skos_read",
    "csv": "term_sheets",
}
SOURCES = tuple(_MODULES)
#: What an endpoint answered is read by this one, whichever source it was asked for.
ANSWERS = "sparql"
#: The vocabularies that come with the server: slug and file.
STARTERS = {"aat": "aat-starter.ttl", "wikidata-colours": "wikidata-colours.ttl"}


def starter_path(slug: str) -> Path:
    """Raises Invalid where none of that name comes with the server."""
    if slug not in STARTERS:
        names = ", ".join(STARTERS)
        raise Invalid(_("With the server come: {names}.", names=names))
    return folder("vocabularies") / STARTERS[slug]


def read(
    source: str, paths: Sequence[Path], options: Mapping[str, Any], reading: Reading
) -> VocabularyData:
    """What a source says. Raises Malformed where it cannot be read, Invalid for options."""
    module = _module(source)
    if source == "geonames" and not paths:
        return _package(options)
    reader: Callable[..., VocabularyData] = module.read
    return reader(paths, module.Options(**_typed(module.Options, options)), reading)


def options_of(source: str) -> frozenset[str]:
    """The names of a reader's options. Raises Invalid for a source that is none."""
    return frozenset(each.name for each in fields(_module(source).Options))


def _module(source: str) -> Any:
    name = "sparql_pages" if source == ANSWERS else _MODULES.get(source)
    if name is None:
        raise Invalid(_("There is no source “{name}”.", name=source))
    return import_module(f"server.formats.{name}")


def _package(options: Mapping[str, Any]) -> VocabularyData:
    """The places that come with a package of Python."""
    least, countries = options.get("min_population"), options.get("countries")
    return geonames_package.from_package(least or 15_000, countries or None)


def _typed(of: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as JSON has them: lists become what the field's default is."""
    known = {each.name: each for each in fields(of)}
    if unknown := sorted(set(options) - set(known)):
        raise Invalid(_("This source has no option “{name}”.", name=unknown[0]))
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in options.items()
    }
