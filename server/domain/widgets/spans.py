"""Words of a metadata value: chosen with mouse, finger or keyboard, or typed."""

import re
from dataclasses import dataclass
from typing import Any

from server.domain import fields, text_anchors, value_selectors
from server.domain.annotation_contents import Content, Said
from server.domain.item_values import ItemValue
from server.domain.kinds import Entry
from server.domain.text_anchors import Span
from server.domain.widgets import item_values
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.i18n import _, ngettext
from server.names import CH

_NUMBER = re.compile(r"[0-9]{1,9}")
_LONGEST = 2000  # code points, as the shape has it
_AROUND = 60  # code points of the text that are shown before and after the words


@dataclass(frozen=True, slots=True)
class ShownSpan:
    """Words in their text; `label` names the field. `more_before` and `more_after` say that the
    text goes on there, `changed` that it is no longer the one in which the words were chosen."""

    label: str
    before: str
    exact: str
    after: str
    lang: str
    more_before: bool
    more_after: bool
    changed: bool


def _read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    value = item_values.chosen(asked, entry, values)
    exact = next(iter(values.get(f"{entry.name}-exact", ())), "")
    if value is None:
        if exact.strip() or first(entry, values, "-start"):
            raise refuse(entry, _("Choose the text that the words stand in."))
        return []
    if value.iri:
        raise refuse(entry, _("Choose words of a text."))
    start, end = (first(entry, values, suffix) for suffix in ("-start", "-end"))
    if start or end:
        span = _positions(entry, value.text, start, end, exact)
    else:
        span = _typed(entry, value.text, exact.strip(), first(entry, values, "-which"))
    if span[1] - span[0] > _LONGEST:
        raise refuse(entry, _("Choose at most {count} characters.", count=_LONGEST))
    return value_selectors.said(value.field, value.term, span)


def _positions(entry: Entry, text: str, start: str, end: str, exact: str) -> Span:
    """As the script counts them: code points, and the words that it found there."""
    if not _NUMBER.fullmatch(start) or not _NUMBER.fullmatch(end):
        raise refuse(entry, _("Please choose the words anew: their place is not two numbers."))
    span = int(start), int(end)
    if not span[0] < span[1] <= len(text):
        raise refuse(entry, _("Please choose the words anew: their place is not in the text."))
    if exact and not text_anchors.same(text[slice(*span)], exact):
        raise refuse(entry, _("Please choose the words anew: others stand at that place."))
    return span


def _typed(entry: Entry, text: str, exact: str, which: str) -> Span:
    """The words as somebody typed them; if they stand there several times, the which-th."""
    if not exact:
        raise refuse(entry, _("Choose some words of the text."))
    found = text_anchors.occurrences(text, exact.replace("\r\n", "\n"))
    if not found:
        raise refuse(entry, _("These words do not stand in the text, letter by letter."))
    if len(found) == 1:
        return found[0]
    if not _NUMBER.fullmatch(which) or not 1 <= int(which) <= len(found):
        message = ngettext(
            "These words stand in the text {count} time. Say which one you mean by its number.",
            "These words stand in the text {count} times. Say which one you mean by its number.",
            len(found),
        )
        raise refuse(entry, message)
    return found[int(which) - 1]


def _options(asked: Asked, _entry: Entry) -> dict[str, Any]:
    return {"values": [value for value in item_values.offered(asked) if _is_text(value)]}


def _is_text(value: ItemValue) -> bool:
    return not value.iri and bool(value.text.strip())


def _fill(_asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    about = value_selectors.meant(content)
    if about is None or about.quote is None:
        return {}
    value = ItemValue(about.field, about.term, about.term.value)
    end = about.start + len(about.quote.exact)
    return {
        entry.name: [value.id], f"{entry.name}-exact": [about.quote.exact],
        f"{entry.name}-start": [str(about.start)], f"{entry.name}-end": [str(end)],
    }  # fmt: skip


def _show(showing: Showing, _entry: Entry, content: Content) -> ShownSpan | None:
    """Where the words stand by now; where they are gone, as they once stood."""
    about = value_selectors.meant(content)
    if about is None or about.quote is None:
        return None
    now = item_values.standing(showing, about)
    text, lang = about.term.value, getattr(about.term, "language", None) or ""
    span = about.start, about.start + len(about.quote.exact)
    if now and now.span:
        text, lang, span = now.term.value, getattr(now.term, "language", None) or "", now.span
    start, end = span
    return ShownSpan(
        label=fields.label(about.field), lang=lang,
        before=text[max(0, start - _AROUND) : start], exact=text[start:end],
        after=text[end : end + _AROUND],
        more_before=start > _AROUND, more_after=end + _AROUND < len(text),
        changed=now is None or now.changed,
    )  # fmt: skip


def _words(value: Any) -> str:
    return _("“{words}” in {field}", words=item_values.short(value.exact), field=value.label)


EDITORS = {CH.SpanEditor: Editor("span", _read, _options, _fill, scripts=("spans",))}
DISPLAYS = {CH.SpanViewer: Display("span", _show, _words)}
