"""Terms of vocabularies: a search box over those that answer the question."""

from typing import Any

from pyoxigraph import NamedNode

from server.domain import term_scopes, term_views
from server.domain.annotation_contents import Content, Said
from server.domain.kinds import Entry
from server.domain.term_views import TermView
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.domain.widgets.paths import along
from server.i18n import _
from server.names import DASH, is_safe_iri


def read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    """The chosen term, which must be one of the question's."""
    term = first(entry, values)
    if not term:
        return []
    if not is_safe_iri(term) or not term_scopes.offers(asked.desk, asked.task, term):
        raise refuse(entry, _("Please choose one of the suggested terms."))
    return along(entry, NamedNode(term))


def _fill(asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    term = content.text(*entry.path)
    view = term_views.view(asked.desk, asked.viewer, term, asked.language) if term else None
    return {entry.name: [term], "q": [view.label]} if view else {}


def _show(showing: Showing, entry: Entry, content: Content) -> TermView | None:
    term = content.text(*entry.path)
    if not term:
        return None
    return term_views.view(showing.desk, showing.viewer, term, showing.language)


def _words(value: Any) -> str:
    return str(value.label)


EDITORS = {
    DASH.AutoCompleteEditor: Editor("autocomplete", read, fill=_fill, scripts=("combobox",)),
}
DISPLAYS = {DASH.LabelViewer: Display("term", _show, _words)}
