"""Which of an object's pictures, such as the pages of a book, is meant; or all of it."""

from typing import Any

from pyoxigraph import NamedNode

from server.domain import media
from server.domain.annotation_contents import TARGET, Content, Said
from server.domain.kinds import Entry
from server.domain.media import Medium
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.i18n import _
from server.index import items
from server.names import CH, OA

_SHOWN = ("image", "text")  # what has something to read


def _read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    wanted = first(entry, values)
    if not wanted:
        return []
    page = next((each for each in _pages(asked) if str(each.number) == wanted), None)
    if page is None:
        raise refuse(entry, _("Choose one of the pictures of this object."))
    return [
        (TARGET, OA.hasSource, NamedNode(page.iri)),
        (TARGET, OA.hasScope, NamedNode(asked.item.iri)),
    ]


def _pages(asked: Asked) -> list[Medium]:
    found = media.of_item(asked.desk, asked.viewer, asked.item, asked.language)
    return [each for each in found if each.kind in _SHOWN]


def _options(asked: Asked, _entry: Entry) -> dict[str, Any]:
    """Where there is only one, there is nothing to choose."""
    pages = _pages(asked)
    return {"pages": pages if len(pages) > 1 else []}


def _fill(asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    source = content.text(OA.hasTarget, OA.hasSource)
    return {entry.name: [str(each.number) for each in _pages(asked) if each.iri == source]}


def _show(showing: Showing, _entry: Entry, content: Content) -> Medium | None:
    """Nothing for the object as a whole, or for a picture that it no longer has."""
    source, connection = content.text(OA.hasTarget, OA.hasSource), showing.desk.index.read()
    if source == content.item:
        return None
    item = items.current_item(connection, showing.item)
    row = items.find_item_by_iri(showing.viewer, connection, item)
    found = media.of_item(showing.desk, showing.viewer, row, showing.language) if row else ()
    return next((each for each in found if each.iri == source), None)


def _words(_value: Any) -> str:
    """Nothing: an annotation is called by what it says."""
    return ""


EDITORS = {CH.PageEditor: Editor("page", _read, _options, _fill, scripts=("values",))}
DISPLAYS = {CH.PageViewer: Display("page", _show, _words)}
