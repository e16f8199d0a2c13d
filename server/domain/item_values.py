"""The metadata values of an item that people are asked about: as its providers gave them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import fields
from server.index import labels
from server.index.items import ItemRow
from server.names import DC, short_hash
from server.patches import Dataset
from server.viewers import Viewer

#: What is asked about where a task names no property.
USUAL = (DC.title.value, DC.description.value)
Term: TypeAlias = Literal | NamedNode


@dataclass(frozen=True, slots=True)
class ItemValue:
    """One value of a field (an IRI): a text with its language tag or "", or an IRI."""

    field: str
    term: Term
    text: str

    @property
    def id(self) -> str:
        """By which a form names it: the same as long as the value stays the same."""
        return short_hash(f"{self.field} {self.term}")

    @property
    def lang(self) -> str:
        return (self.term.language or "") if isinstance(self.term, Literal) else ""

    @property
    def iri(self) -> str:
        return self.term.value if isinstance(self.term, NamedNode) else ""

    @property
    def label(self) -> str:
        """What people call the property."""
        return fields.label(self.field)


def of_item(
    desk: Desk, viewer: Viewer, row: ItemRow, properties: Sequence[str], language: str
) -> list[ItemValue]:
    """In the order of the properties; texts first, then what has an IRI, by its label."""
    dataset: Dataset = "work" if row.dataset == "work" else "public"
    return described(desk, viewer, standing(desk, dataset, row.iri, properties), language)


def standing(
    desk: Desk, dataset: Dataset, item: str, properties: Sequence[str]
) -> list[tuple[str, Term]]:
    """(property, value) of each, in the order of the properties."""
    rows = desk.select(
        "item_values", dataset, item=NamedNode(item),
        properties=[NamedNode(each) for each in properties],
    )  # fmt: skip
    places = {each: place for place, each in enumerate(properties)}
    found = [(row["p"].value, row["o"]) for row in rows]
    return sorted(
        found, key=lambda pair: (places[pair[0]], isinstance(pair[1], NamedNode), str(pair[1]))
    )


def described(
    desk: Desk, viewer: Viewer, values: Iterable[tuple[str, Term]], language: str
) -> list[ItemValue]:
    """With the labels of terms that we know, else their IRIs."""
    known = list(values)
    iris = [term.value for _property, term in known if isinstance(term, NamedNode)]
    named = labels.labels_of(viewer, desk.index, iris, language) if iris else {}
    return [
        ItemValue(property_, term, named.get(term.value, (term.value, ""))[0])
        if isinstance(term, NamedNode)
        else ItemValue(property_, term, term.value)
        for property_, term in known
    ]
