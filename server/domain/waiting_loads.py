"""Loads of vocabularies that wait to be applied: which there are, and some of their terms."""

from itertools import islice

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from server.commit import Desk
from server.domain import vocabulary_reports
from server.domain.texts import choose
from server.domain.vocabulary_reports import Report
from server.names import SKOS, is_slug

_LINES = 2_000  # of the new state that are looked at
_TERMS = 12
Names = dict[NamedNode, dict[str, str]]


def find(desk: Desk) -> list[Report]:
    """Of every vocabulary, the newest first: also of those that do not stand yet."""
    folders = (desk.settings.data / "vocabularies").glob("*/")
    slugs = [each.name for each in folders if is_slug(each.name)]
    found = [one for slug in slugs for one in vocabulary_reports.find_all(desk.settings.data, slug)]
    waiting = (one for one in found if one.state == "waiting")
    return sorted(waiting, key=lambda one: one.created, reverse=True)


def sample(desk: Desk, report: Report, language: str) -> list[tuple[str, str]]:
    """Names, with their languages, of some terms of a load that waits; they come by address."""
    path = vocabulary_reports.folder(desk.settings.data, report.slug, report.id) / "full.nq"
    if report.state != "waiting":
        return []
    try:
        with path.open("rb") as file:
            lines = b"".join(islice(file, _LINES))
    except FileNotFoundError:  # applied just now
        return []
    return [_name(names, language) for names in islice(_names(lines).values(), _TERMS)]


def _names(lines: bytes) -> Names:
    found: Names = {}
    for quad in parse(lines, RdfFormat.N_QUADS, lenient=True):
        if quad.predicate == SKOS.prefLabel and isinstance(quad.object, Literal):
            of_term = found.setdefault(NamedNode(quad.subject.value), {})
            of_term[quad.object.language or ""] = quad.object.value
    return found


def _name(names: dict[str, str], language: str) -> tuple[str, str]:
    chosen = choose(names, language)
    return chosen, next(tag for tag, text in names.items() if text == chosen)
