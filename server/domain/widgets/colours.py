"""Colours: the terms with a colour among those that answer the question, as a palette."""

import math
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.domain import colours, term_scopes, term_views
from server.domain.annotation_contents import Content, Said
from server.domain.kinds import Entry
from server.domain.term_views import TermView
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.domain.widgets.paths import along
from server.i18n import _
from server.index import palettes
from server.index.palettes import Colour
from server.names import CH
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
_GREY = 8.0  # chroma below which a colour is a grey to people


@dataclass(frozen=True, slots=True)
class ColourView:
    term: TermView
    hex: str


def palette(asked: Asked) -> list[Colour]:
    """The greys last, from dark to light; the others as in a rainbow."""
    scopes = term_scopes.of_task(asked.desk, asked.task)
    found = palettes.of_scopes(_ALL, asked.desk.index, scopes, asked.language)
    return sorted((each for each in found if colours.is_hex(each.hex)), key=_hue)


def _hue(colour: Colour) -> tuple[bool, float, float]:
    light, a, b = colours.lab(colour.hex)
    if math.hypot(a, b) < _GREY:
        return (True, light, 0.0)
    return (False, math.atan2(b, a) % math.tau, light)


def _read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    chosen, picked = first(entry, values), first(entry, values, "-hex")
    known = palette(asked) if chosen or picked else []
    if chosen:
        if chosen not in {each.iri for each in known}:
            raise refuse(entry, _("Choose one of the colours of the palette."))
        return along(entry, NamedNode(chosen))
    if picked:
        raise refuse(entry, _advice(picked, known))
    return []


def _advice(picked: str, known: list[Colour]) -> str:
    """Which colour to choose for a value; people choose it themselves."""
    if not colours.is_hex(picked):
        return _("A colour value is written like {example}.", example="#1f4aa8")
    if not known:
        return _("This question has no palette.")
    place, _far = colours.nearest(picked, [each.hex for each in known])
    return _(
        "The nearest colour of the palette is “{name}”: choose it, or another one.",
        name=known[place].label,
    )


def _options(asked: Asked, _entry: Entry) -> dict[str, Any]:
    return {"palette": palette(asked)}


def _show(showing: Showing, entry: Entry, content: Content) -> ColourView | None:
    term = content.text(*entry.path)
    if not term:
        return None
    view = term_views.view(showing.desk, showing.viewer, term, showing.language)
    return ColourView(view, view.hex or "")


def _words(value: Any) -> str:
    return str(value.term.label)


EDITORS = {CH.ColourEditor: Editor("colour", _read, _options, scripts=("colours",))}
DISPLAYS = {CH.ColourViewer: Display("colour", _show, _words)}
