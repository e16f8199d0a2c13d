"""Links from an item to another one or to something on the web, and what it has to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.domain import item_suggestions
from server.domain.annotation_contents import Content, Said
from server.domain.item_suggestions import ItemLine
from server.domain.kinds import Entry
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.domain.widgets.paths import along
from server.i18n import _
from server.names import CH, DCTERMS, EDM, OWL


@dataclass(frozen=True, slots=True)
class Link:
    """What a link leads to: an item that the reader may see, else an address on the web."""

    iri: str
    item: ItemLine | None

    @property
    def label(self) -> str:
        return self.item.title if self.item else self.iri


@dataclass(frozen=True, slots=True)
class Relation:
    iri: str
    label: str


def relation_label(iri: str) -> str:
    """Between the item and what it is linked to: “is part of”; the IRI of what we do not know."""
    words = {
        DCTERMS.relation: _("has to do with"), DCTERMS.isPartOf: _("is part of"),
        DCTERMS.hasPart: _("has as a part"), DCTERMS.isVersionOf: _("is a version of"),
        DCTERMS.references: _("refers to"), DCTERMS.isReferencedBy: _("is mentioned by"),
        EDM.isSimilarTo: _("is similar to"), EDM.isRepresentationOf: _("shows"),
        EDM.isDerivativeOf: _("was made from"), OWL.sameAs: _("is the same as"),
    }  # fmt: skip
    return words.get(NamedNode(iri), iri)


def read_relation(_asked: Asked, entry: Entry, values: Values) -> list[Said]:
    chosen = first(entry, values)
    if not chosen:
        return []
    if chosen not in {each.value for each in entry.choices}:
        raise refuse(entry, _("Please choose one from the list."))
    return along(entry, NamedNode(chosen))


def read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    """The item that was chosen, else the address that was typed or pasted."""
    address = first(entry, values, "-chosen") or _meant(asked, entry, values)
    if not address:
        return []
    item = item_suggestions.find(asked.desk, asked.viewer, address)
    if item is not None:
        return along(entry, NamedNode(_other(asked, entry, item.iri)))
    if item_suggestions.is_here(asked.desk, address):
        raise refuse(entry, _("There is no such object here."))
    if not item_suggestions.on_the_web(asked.desk, address):
        raise refuse(
            entry, _("Choose an object, or give an address that begins with https:// or http://.")
        )
    return along(entry, NamedNode(_other(asked, entry, address)))


def _meant(asked: Asked, entry: Entry, values: Values) -> str:
    """What stands in the box, unless it only names what was chosen before."""
    chosen, typed = first(entry, values), first(entry, values, "-q")
    if not (chosen and typed):
        return chosen or typed
    item = item_suggestions.find(asked.desk, asked.viewer, chosen)
    title = item.title(asked.language) if item else chosen
    return chosen if typed.split() == title.split() else typed


def _other(asked: Asked, entry: Entry, iri: str) -> str:
    if iri == asked.item.iri:
        raise refuse(entry, _("That is this object itself."))
    return iri


def _relations(_asked: Asked, entry: Entry) -> dict[str, Any]:
    return {"relations": [(each.value, relation_label(each.value)) for each in entry.choices]}


def _named(asked: Asked, _entry: Entry) -> dict[str, Any]:
    """`named` finds items for what was typed, where no script does."""

    def named(text: str) -> list[ItemLine]:
        return item_suggestions.suggest(
            asked.desk, asked.viewer, text, asked.language, without=asked.item.id
        )

    return {"named": named, "item": asked.item.id}


def _fill(asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    iri = content.text(*entry.path)
    if not iri:
        return {}
    item = item_suggestions.find(asked.desk, asked.viewer, iri)
    return {entry.name: [iri], f"{entry.name}-q": [item.title(asked.language) if item else iri]}


def _show(showing: Showing, entry: Entry, content: Content) -> Link | None:
    iri = content.text(*entry.path)
    if not iri:
        return None
    item = item_suggestions.find(showing.desk, showing.viewer, iri)
    return Link(iri, item_suggestions.line(item, showing.language) if item else None)


def _show_relation(_showing: Showing, entry: Entry, content: Content) -> Relation | None:
    iri = content.text(*entry.path)
    return Relation(iri, relation_label(iri)) if iri else None


def _words(value: Any) -> str:
    return str(value.label)


EDITORS: Mapping[NamedNode, Editor] = {
    CH.RelationEditor: Editor("relation", read_relation, _relations),
    CH.LinkEditor: Editor("link", read, _named, _fill, scripts=("combobox",)),
}
DISPLAYS: Mapping[NamedNode, Display] = {
    CH.RelationViewer: Display("relation", _show_relation, _words),
    CH.LinkViewer: Display("link", _show, _words),
}
