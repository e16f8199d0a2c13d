"""The widgets by which forms edit and pages show: found by `dash:editor` and `dash:viewer`."""

from pyoxigraph import NamedNode

from server.domain.widgets import (
    choices,
    colours,
    comparisons,
    item_values,
    links,
    pages,
    places,
    plain,
    regions,
    spans,
    terms,
    texts,
    translations,
)
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values

__all__ = ["DISPLAYS", "EDITORS", "Asked", "Display", "Editor", "Showing", "Values"]

_MODULES = (
    plain, texts, terms, choices, spans, item_values, translations, pages, places, links, colours,
    regions, comparisons,
)  # fmt: skip
EDITORS: dict[NamedNode, Editor] = {
    iri: editor for module in _MODULES for iri, editor in module.EDITORS.items()
}
DISPLAYS: dict[NamedNode, Display] = {
    iri: display for module in _MODULES for iri, display in module.DISPLAYS.items()
}
