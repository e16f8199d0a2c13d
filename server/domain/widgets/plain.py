"""Fields of one plain value: a text, a number, a date, yes or no, an address, one of a list."""

import re
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.domain.annotation_contents import Content, Said
from server.domain.kinds import Entry
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, refuse
from server.domain.widgets.paths import along
from server.i18n import _
from server.names import DASH, XSD, is_safe_iri

#: A control character is none that somebody writes; lines and tabs stand in longer texts.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")


def given(entry: Entry, values: Values) -> list[str]:
    """What was written in a field, without what is empty. Raises Invalid for control characters."""
    found = [text for each in values.get(entry.name, ()) if (text := each.strip())]
    for text in found:
        require_plain(entry, text)
    return found


def require_plain(entry: Entry, text: str) -> None:
    """Raises Invalid. By length first: nothing may search a megabyte for a shape's pattern."""
    if entry.longest is not None and len(text) > entry.longest:
        raise refuse(entry, _("Use at most {count} characters.", count=entry.longest))
    if CONTROL.search(text):
        raise refuse(entry, _("There are characters in it that cannot be shown."))


def _read(_asked: Asked, entry: Entry, values: Values) -> list[Said]:
    datatype = entry.datatype or XSD.string
    return [
        said
        for text in given(entry, values)
        for said in along(entry, Literal(text, datatype=datatype))
    ]


def _read_address(_asked: Asked, entry: Entry, values: Values) -> list[Said]:
    found: list[Said] = []
    for text in given(entry, values):
        if not is_safe_iri(text):
            raise refuse(entry, _("Please give an address that begins with https:// or http://."))
        found += along(entry, NamedNode(text))
    return found


def _read_choice(_asked: Asked, entry: Entry, values: Values) -> list[Said]:
    known = {each.value: each for each in entry.choices}
    found: list[Said] = []
    for text in given(entry, values):
        if text not in known:
            raise refuse(entry, _("Please choose one from the list."))
        found += along(entry, known[text])
    return found


def _show(_showing: Showing, entry: Entry, content: Content) -> list[str] | None:
    found = [each.value for each in content.values(*entry.path) if hasattr(each, "value")]
    return found or None


def _words(value: Any) -> str:
    return ", ".join(value)


EDITORS = {
    DASH.TextFieldEditor: Editor("textfield", _read),
    DASH.TextAreaEditor: Editor("textarea", _read),
    DASH.DatePickerEditor: Editor("datepicker", _read),
    DASH.BooleanSelectEditor: Editor("booleanselect", _read),
    DASH.URIEditor: Editor("uri", _read_address),
    DASH.EnumSelectEditor: Editor("enumselect", _read_choice),
}
DISPLAYS = {
    DASH.LiteralViewer: Display("literal", _show, _words),
    DASH.URIViewer: Display("uri", _show, _words),
}
