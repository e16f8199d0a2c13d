"""Finding terms on pages: in everything, in a vocabulary, or below one of its terms."""

from dataclasses import dataclass

from server.commit import Desk
from server.domain import term_views
from server.domain.term_views import TermView
from server.index import labels
from server.index.labels import Scope
from server.viewers import Viewer

_MOST = 50


@dataclass(frozen=True, slots=True)
class Found(TermView):
    """`matched` is the other name that fitted, `vocabulary` where the term was found."""

    matched: str | None = None
    matched_lang: str | None = None
    vocabulary: str = ""


def find(
    desk: Desk, viewer: Viewer, text: str, vocabulary: str, branch: str, language: str
) -> list[Found]:
    """The best terms; a branch needs its vocabulary, and both may be empty."""
    scopes = [Scope(vocabulary, (branch,) if branch else ())] if vocabulary else []
    found = labels.suggest(viewer, desk.index, text, scopes=scopes, lang=language, limit=_MOST)
    return [
        Found(
            each.iri, each.label, each.lang, each.note, term_views.trail(each.breadcrumb),
            each.hex, each.matched, each.matched_lang, each.vocabulary,
        )
        for each in found
    ]  # fmt: skip


def get_branch(desk: Desk, viewer: Viewer, iri: str, vocabulary: str, language: str) -> labels.Term:
    """The term below which one searches. Raises NotFound."""
    return labels.get_term(viewer, desk.index, iri, language, vocabulary)
