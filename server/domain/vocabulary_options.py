"""What is asked of a load of a vocabulary."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.domain.vocabulary_reports import Report
from server.domain.vocabulary_sources import SOURCES
from server.errors import Invalid, Problem
from server.formats import aat_read
from server.i18n import _
from server.names import is_slug

_TAKEN = ("load", "new")  # pages stand at these addresses


@dataclass(frozen=True, slots=True)
class Options:
    """What to load as which vocabulary.

    `source` is one of `vocabulary_sources.SOURCES`, `reader` the options of its reader by name;
    `paths` are its files, or `url` where it is fetched from, or `query` (SPARQL) with an `endpoint`
    that answers it. `replace` lets it take the place of another vocabulary of this short name.
    """

    slug: str
    source: str
    paths: tuple[Path, ...] = ()
    url: str = ""
    query: str = ""
    endpoint: str = ""
    title: str = ""
    replace: bool = False
    reader: dict[str, Any] = field(default_factory=dict)


def require_usable(options: Options) -> None:
    """Raises Invalid for a short name or a source that is none."""
    if not is_slug(options.slug) or options.slug in _TAKEN:
        message = _("A short name has small letters, digits and hyphens only.")
        raise Invalid(message, (Problem("slug", message),))
    if options.source not in SOURCES:
        raise Invalid(_("There is no source “{name}”.", name=options.source))
    if options.source == "aat" and options.reader.get("scheme", "aat") not in aat_read.SCHEMES:
        names = ", ".join(aat_read.SCHEMES)
        message = _("Getty's vocabularies are {names}.", names=names)
        raise Invalid(message, (Problem("scheme", message),))


def with_base(report: Report, site: str) -> dict[str, Any]:
    """What the reader is told; terms of a table that have no IRI get one of this site."""
    if report.source == "csv" and not report.options.get("base"):
        return {**report.options, "base": f"{site}term/{report.slug}/"}
    return report.options


def reader_options(options: Options) -> dict[str, Any]:
    """Getty's vocabularies share a layout: one of its short names says which is meant."""
    if options.source == "aat" and options.slug in aat_read.SCHEMES:
        return {"scheme": options.slug, **options.reader}
    return dict(options.reader)
