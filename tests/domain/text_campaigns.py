"""Items with texts, and campaigns that ask about them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import campaigns, item_values
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.item_values import ItemValue
from server.names import CH, DC, DCTERMS, EDM, ORE, RDF
from tests.worlds import Thing, now

#: An emoji before each word that is looked for: one code point, two UTF-16 units.
TITLE = Literal("📷 Ship at the quay", language="en")
DESCRIPTION = Literal("A ship, a 🏺 and another ship, café\u0301s too.\nSecond line", language="en")
PLAIN = Literal("Zonder taal")


@dataclass(frozen=True)
class Written(Thing):
    """An item with these values in place of its title, and these pictures."""

    title: str = ""
    pages: tuple[str, ...] = ()
    said: tuple[tuple[NamedNode, Any], ...] = ((DC.title, TITLE), (DC.description, DESCRIPTION))

    def lines(self) -> Iterator[str]:
        me = NamedNode(self.iri)
        yield f"{me} {RDF.type} {EDM.ProvidedCHO}"
        yield f"{me} {EDM.type} {Literal('IMAGE')}"
        for property_, value in self.said:
            yield f"{me} {property_} {value}"
        aggregation = NamedNode(f"{self.iri}#aggregation")
        if self.pages:
            yield f"{aggregation} {RDF.type} {ORE.Aggregation}"
            yield f"{aggregation} {EDM.aggregatedCHO} {me}"
        for place, page in enumerate(self.pages):
            yield f"{aggregation} {EDM.hasView if place else EDM.isShownBy} {NamedNode(page)}"


TASKS = (
    Task(1, "", {"en": "Which words name a thing?"}, ("kinds",), kind=CH.TextSpan.value),
    Task(2, "", {"en": "What is written there?"}, kind=CH.Transcription.value),
    Task(
        3, "", {"en": "What is wrong?"}, kind=CH.Correction.value,
        about=(DC.title.value, DC.description.value, DCTERMS.spatial.value),
    ),
    Task(
        4, "", {"en": "Translate it"}, kind=CH.Translation.value, about=(DC.title.value,),
        languages=("nl", "el"),
    ),
    Task(
        5, "", {"en": "Is it right?"}, kind=CH.Question.value,
        about=(DC.title.value, DC.description.value),
    ),
    Task(6, "", {"en": "Is it a picture?"}, kind=CH.Question.value),
)  # fmt: skip


def create(desk: Desk, organiser: Person, vocabulary: str, collection: str, slug: str) -> None:
    tasks = tuple(_with(task, vocabulary) for task in TASKS)
    title, description = {"en": slug.title()}, {"en": "About texts"}
    campaign = Campaign(slug, title, description, (collection,), tasks, target=100, state="open")
    campaigns.create(desk, organiser, campaign, now=now())


def _with(task: Task, vocabulary: str) -> Task:
    return replace(task, vocabularies=(vocabulary,)) if task.vocabularies else task


def value_id(property_: NamedNode, term: Literal | NamedNode) -> str:
    """By which a form names a value."""
    return ItemValue(property_.value, term, "").id


def standing(desk: Desk, item: str, *properties: NamedNode) -> list[tuple[str, Any]]:
    return item_values.standing(desk, "public", item, [each.value for each in properties])
