"""Terms as pages show them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from server.commit import Desk
from server.index import labels
from server.index.labels import Scope, Suggestion
from server.viewers import Viewer

SEPARATOR = " › "
#: What a thesaurus says about its own order, and no reader needs.
_HOUSEKEEPING = re.compile(r" \(hierarchy name ?\)$")


@dataclass(frozen=True, slots=True)
class TermView:
    """`breadcrumb` is text, from the top to the nearest broader term."""

    iri: str
    label: str
    lang: str = ""
    note: str | None = None
    breadcrumb: str = ""
    hex: str | None = None


@dataclass(frozen=True, slots=True)
class SuggestionView(TermView):
    """`matched` is the other name that fitted, `match` how well; `used` how often the campaign has
    the term; `group` the number of the task's group that it is from."""

    matched: str | None = None
    matched_lang: str | None = None
    vocabulary: str = ""
    used: int = 0
    match: str = ""
    group: int | None = None


def view(desk: Desk, viewer: Viewer, iri: str, language: str) -> TermView:
    """The term; where no vocabulary has it any more, its IRI in place of a label."""
    term = labels.find_line(viewer, desk.index, iri, language)
    if term is None:
        return TermView(iri, iri)
    return TermView(iri, term.label, term.lang, term.note, trail(term.breadcrumb), term.hex)


@lru_cache(8_192)  # the same terms stand above many others
def crumb(label: str) -> str:
    """The label of a broader term as it stands in a breadcrumb."""
    return _HOUSEKEEPING.sub("", label)


def trail(breadcrumb: Sequence[str]) -> str:
    """The three nearest broader terms as text."""
    return SEPARATOR.join(crumb(label) for label in breadcrumb[-3:])


def short_views(
    desk: Desk, viewer: Viewer, iris: Iterable[str], language: str
) -> dict[str, TermView]:
    """Many terms by their labels alone."""
    wanted = list(iris)
    found = labels.labels_of(viewer, desk.index, wanted, language)
    return {iri: TermView(iri, *found.get(iri, (iri, ""))) for iri in wanted}


def suggestion(found: Suggestion, group: int = 0) -> SuggestionView:
    """A hit of the index as the box shows it, from that group of a task's terms."""
    return SuggestionView(
        iri=found.iri, label=found.label, lang=found.lang, note=found.note,
        breadcrumb=trail(found.breadcrumb), hex=found.hex, matched=found.matched,
        matched_lang=found.matched_lang, vocabulary=found.vocabulary, used=found.used,
        match=found.match, group=group or None,
    )  # fmt: skip


def suggest(
    desk: Desk, viewer: Viewer, text: str, vocabularies: Sequence[str], language: str, limit: int
) -> list[SuggestionView]:
    """The best terms for what somebody typed, of these vocabularies or of all."""
    found = labels.suggest(
        viewer, desk.index, text, scopes=[Scope(slug) for slug in vocabularies], lang=language,
        limit=limit,
    )  # fmt: skip
    return [suggestion(each) for each in found]
