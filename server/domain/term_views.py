"""Terms as pages show them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.commit import Desk
from server.index import labels
from server.viewers import Viewer

SEPARATOR = " › "
#: What a thesaurus says about its own order, and no reader needs.
_HOUSEKEEPING = re.compile(r" \(hierarchy name\)$")


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
    """`matched` is the other name that fitted; `used` how often the campaign has the term."""

    matched: str | None = None
    matched_lang: str | None = None
    vocabulary: str = ""
    used: int = 0


def view(desk: Desk, viewer: Viewer, iri: str, language: str) -> TermView:
    """The term; where no vocabulary has it any more, its IRI in place of a label."""
    term = labels.find_line(viewer, desk.index.read(), iri, language)
    if term is None:
        return TermView(iri, iri)
    return TermView(iri, term.label, term.lang, term.note, trail(term.breadcrumb), term.hex)


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
    found = labels.labels_of(viewer, desk.index.read(), wanted, language)
    return {iri: TermView(iri, *found.get(iri, (iri, ""))) for iri in wanted}


def suggest(
    desk: Desk, viewer: Viewer, text: str, vocabularies: Sequence[str], language: str, limit: int
) -> list[SuggestionView]:
    """The best terms for what somebody typed."""
    found = labels.suggest(
        viewer, desk.index.read(), text, vocabularies=vocabularies, lang=language, limit=limit
    )
    return [
        SuggestionView(
            iri=each.iri, label=each.label, lang=each.lang, note=each.note,
            breadcrumb=trail(each.breadcrumb), hex=each.hex, matched=each.matched,
            matched_lang=each.matched_lang, vocabulary=each.vocabulary,
        )
        for each in found
    ]  # fmt: skip
