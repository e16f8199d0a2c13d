"""Playing the answers of the demo: what they say in short becomes the values of a form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pyoxigraph import Literal

from server.commit import Desk
from server.demo import samples
from server.demo.answers import PROGRAMS, Answer, Preference
from server.demo.contributions import Verdict
from server.demo.terms import TERMS
from server.domain import (
    campaigns,
    comparisons,
    contributing,
    fields,
    item_values,
    permissions,
    software_claims,
)
from server.domain.accounts import Person
from server.domain.contributing import Proposal
from server.domain.software import Software
from server.index import items
from server.index.items import ItemRow
from server.names import value_of
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: the six by their keys, and the organiser, who runs the programs."""

    organiser: Person
    people: Mapping[str, Person]


def item(desk: Desk, record: str) -> str:
    """The item's IRI by the identifier in the record, in whichever collection it is."""
    for sample in samples.SAMPLES:
        graph = desk.names.graph("collection", sample.slug)
        found = desk.select("item_by_identifier", graph=graph, identifier=Literal(record))
        if found:
            return value_of(found[0]["item"])
    raise KeyError(record)


def answer(desk: Desk, cast: Cast, given: Answer, when: datetime) -> None:
    """Somebody's answer, then the votes on it, some minutes apart."""
    about = item(desk, given.record)
    values = {name: [_meant(desk, given, text)] for name, text in given.values.items()}
    proposal = Proposal(given.campaign, about, given.task, values)
    if given.by in PROGRAMS:
        name, version = PROGRAMS[given.by]
        agent = desk.names.agent(f"{given.by}-{version}").value
        iri = software_claims.claim(
            desk, cast.organiser, Software(name, version, agent), proposal, given.confidence,
            now=when,
        )  # fmt: skip
    else:
        iri = contributing.propose(desk, cast.people[given.by], proposal, now=when)
    vote(desk, cast, iri, given.campaign, about, given.votes, when)


def vote(
    desk: Desk, cast: Cast, annotation: str, campaign: str, about: str,
    votes: Iterable[tuple[str, Verdict]], when: datetime,
) -> None:  # fmt: skip
    """Each who votes is done with the item (an IRI) then."""
    for number, (key, verdict) in enumerate(votes, 1):
        later = when + timedelta(minutes=7 * number)
        contributing.vote(desk, cast.people[key], annotation, verdict, now=later)
        contributing.visit(desk, cast.people[key], campaign, about, "finished", now=later)


def prefer(desk: Desk, cast: Cast, given: Preference, when: datetime) -> None:
    """An answer to a comparison: of the pair as this very person sees it."""
    person, row = cast.people[given.by], _row(desk, given.record)
    viewer = permissions.viewer(person)
    campaign = campaigns.get_campaign(desk, viewer, given.campaign)
    pairs = comparisons.pairs(desk, viewer, campaign, campaign.tasks[0], row, person.agent.value)
    pair = next(p for p in pairs if {p.left.maker, p.right.maker} == set(given.makers))
    sides = {pair.left.maker: "left", pair.right.maker: "right"}
    values = {"better": [sides.get(given.better, "none")], "better-pair": [pair.token]}
    proposal = Proposal(given.campaign, row.iri, 1, values)
    contributing.propose(desk, person, proposal, now=when)


def _row(desk: Desk, record: str) -> ItemRow:
    found = items.find_item_by_iri(_ALL, desk.index.read(), item(desk, record))
    assert found is not None
    return found


def _meant(desk: Desk, given: Answer, text: str) -> str:
    """`term:ships`, `value:dc:title@fr`, `choice:2` and `item:calvi-1928` as a form has them."""
    what, _colon, name = text.partition(":")
    if what == "term":
        return TERMS[name]
    if what == "item":
        return item(desk, name)
    if what == "choice":
        return f"{desk.names.campaign(given.campaign).value}#task-{given.task}-choice-{name}"
    return _value(desk, given.record, name) if what == "value" else text


def _value(desk: Desk, record: str, name: str) -> str:
    """What the form calls a text of the record: its first one of this field and language."""
    field, _at, language = name.partition("@")
    properties = (fields.iri(field) or "",)
    found = item_values.of_item(desk, _ALL, _row(desk, record), properties, "en")
    return {value.lang: value.id for value in reversed(found)}[language]
