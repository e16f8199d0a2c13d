"""What an annotation says, for people: each value as its kind's shape wants it shown."""

from dataclasses import dataclass, field
from typing import Any

from server.commit import Desk
from server.domain import kinds, widgets
from server.domain.annotation_contents import Content
from server.domain.annotations import Annotation
from server.domain.kinds import Entry
from server.domain.term_views import TermView
from server.domain.widgets import Showing
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Shown:
    """One value: `name` is the display's template, `words` the value in plain words."""

    name: str
    label: str
    value: Any
    words: str


@dataclass(frozen=True, slots=True)
class BodyView:
    """`label` says the whole in plain words, in the language `lang` ("" for the reader's own);
    `term` is the term that it comes to, if it does."""

    label: str
    kind: str
    shown: list[Shown] = field(default_factory=list)
    term: TermView | None = None
    lang: str = ""


def view(desk: Desk, viewer: Viewer, annotation: Annotation, language: str) -> BodyView:
    """Where no file describes the kind any more, the body's IRI or text."""
    kind = kinds.find(desk, annotation.kind)
    if kind is None:
        return BodyView(annotation.body or annotation.content.body_text, annotation.kind)
    showing = Showing(desk, viewer, language, annotation.iri, annotation.item)
    shown = [
        found
        for entry in kind.shown
        if entry.of == "annotation" and (found := _shown(showing, entry, annotation.content))
    ]
    worded = [each for each in shown if each.words]
    label = " · ".join(each.words for each in worded) or kind.label
    lang = str(getattr(worded[0].value, "lang", "")) if len(worded) == 1 else ""
    terms = (each.value for each in shown if isinstance(each.value, TermView))
    return BodyView(label, kind.label, shown, next(terms, None), lang)


def details(showing: Showing, annotation: Annotation, own: Content) -> list[Shown]:
    """What somebody says for themselves on their claim."""
    kind = kinds.find(showing.desk, annotation.kind)
    entries = kind.shown if kind else ()
    found = (_shown(showing, entry, own) for entry in entries if entry.of == "claim")
    return [each for each in found if each]


def _shown(showing: Showing, entry: Entry, content: Content) -> Shown | None:
    display = widgets.DISPLAYS.get(entry.viewer) if entry.viewer else None
    value = display.show(showing, entry, content) if display else None
    if display is None or value is None:
        return None
    return Shown(display.name, entry.label, value, display.words(value))
