"""In a blind campaign a proposal that exists cannot be told from none, until one has answered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx
import pytest
from starlette.routing import Route

from server.domain import (
    accounts,
    annotations,
    bulk_votes,
    campaigns,
    contributing,
    participation,
    publishing,
    software_claims,
)
from server.domain.accounts import Person
from server.domain.contributing import Proposal
from server.domain.software import Software
from server.errors import Forbidden
from server.names import DC, short_hash
from server.viewers import Viewer
from server.web.routes import routes
from tests import worlds
from tests.web.campaign_site import COMPLEXES, FARMS, RESORTS, World, now
from tests.web.visitors import Visitor, proposals

GETS = [each for each in routes if isinstance(each, Route) and "GET" in (each.methods or ())]
SUFFIXES = ("", ".ttl", ".jsonld", ".nt", ".rdf", ".html")
ACCEPTED = ("text/html", "application/json", "text/turtle")
#: What others say here, and where.
ITEM = 1
#: Made by jobs beside the answers; it holds what is public alone (test_privacy.py).
BESIDE = ("/dumps/", "/jobs/", "/ready")
MORE = (
    "/terms/suggest?q=&campaign={slug}&task=1", "/terms/suggest?q=farm&campaign={slug}&task=1",
    "/terms/suggest?q=farm&campaign={slug}", "/terms/suggest?q=f&vocabulary=aat",
    "/places/suggest?q=farm&campaign={slug}&task=1", "/terms?iri={term}", "/terms?q=farms",
    "/campaigns/{slug}/items?show=undecided", "/campaigns/{slug}/items?sort=fewest",
    "/campaigns/{slug}/items?sort=newest", "/campaigns/{slug}/items?show=mine",
    "/campaigns/{slug}/items?show=others", "/campaigns/{slug}/items?sort=title",
    "/campaigns/{slug}/validate?at={annotation}", "/campaigns/{slug}/validate?last={annotation}",
    "/campaigns/{slug}/moderate?status=pending", "/annotation/{annotation}/history?before=9999",
)  # fmt: skip


@dataclass
class Blind:
    """A blind campaign, the people who look at it, and what is said in it after a while."""

    world: World
    slug: str
    people: dict[str, Visitor]

    def annotation(self, term: str = FARMS, item: int = ITEM) -> str:
        """The `{id}` that such a proposal has, whether it is there or not."""
        campaign = self.world.desk.names.campaign(self.slug).value
        claim = (campaign, worlds.item(item), DC.subject.value, "", term)
        return short_hash("\n".join(claim))

    def snapshot(self) -> dict[tuple[str, str, str], bytes]:
        """Every answer to everybody: status, headers and body."""
        return {
            (name, address, accept): told(person.get(address, headers={"Accept": accept}))
            for name, person in self.people.items()
            for address in self.addresses()
            for accept in ACCEPTED
        }

    def addresses(self) -> Iterator[str]:
        values = {"slug": self.slug, "term": FARMS, "annotation": self.annotation()}
        for route in GETS:
            if not route.path.startswith(BESIDE):
                yield from self._filled(route.path)
        for path in MORE:
            yield path.format(**values)

    def _filled(self, path: str) -> Iterator[str]:
        kind = path.split("/")[1]
        slugs = {"vocabular": "aat", "collection": "prints", "reconcile": "aat"}
        slug = next((slug for start, slug in slugs.items() if kind.startswith(start)), self.slug)
        ids = [self.world.item(ITEM), self.world.item(0)]
        if kind == "annotation":
            ids = [self.annotation() + suffix for suffix in SUFFIXES]
        elif kind == "agent":
            ids = [self.world.people["ben"].id]
        for each in ids if "{id}" in path else ids[:1]:
            values = {"slug": slug, "id": each, "suffix": ".ttl"}
            yield re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: values.get(m[1], "1"), path)  # noqa: B023


def told(answer: httpx.Response) -> bytes:
    """All that an answer tells, but for its time, and how often one was given an item oneself."""
    content = re.sub(rb"release\?turn=\d+", b"release", answer.content)
    content = re.sub(rb"<responseDate>[^<]+", b"<responseDate>", content)
    left_out = ("date", "content-length")
    headers = sorted((k, v) for k, v in answer.headers.items() if k not in left_out)
    return f"{answer.status_code} {headers}".encode() + content


def agreed(world: World, person: Person, slug: str) -> Person:
    participation.agree(world.desk, person, slug, now=now())
    return person


@pytest.fixture
def blind(world: World) -> Blind:
    slug = world.campaign(blind=True, purpose="annotate")
    people = {
        "a stranger": world.visitor(),
        "a guest": world.visitor().start(slug),
        "a contributor": world.visitor("ada").start(slug),
        "another organiser": world.visitor("otto").start(slug),
    }
    for person in people.values():
        person.token()  # whose cookie every page would set that has a form
    made = Blind(world, slug, people)
    for person in people.values():  # who has which item before them shows in what is next
        for address in made.addresses():
            if slug in address:
                person.get(address)
    return made


def speak(blind: Blind) -> None:
    """People and software propose, vote, decide, finish."""
    desk, slug = blind.world.desk, blind.slug
    ben, olga = (agreed(blind.world, blind.world.people[name], slug) for name in ("ben", "olga"))
    other = agreed(blind.world, accounts.guest(desk, now=now()), slug)
    contributing.visit(desk, other, slug, worlds.item(ITEM), "finished", now=now())
    for term in (FARMS, COMPLEXES):
        iri = contributing.propose(
            desk, ben, Proposal.of_term(slug, worlds.item(ITEM), 1, term), now=now()
        )
        contributing.vote(desk, other, iri, "reject", now=now(), reason="because")
    publishing.decide(desk, olga, iri, "accept", "I know it", now=now())
    contributing.visit(desk, ben, slug, worlds.item(ITEM), "finished", now=now())
    software(blind)


def software(blind: Blind) -> None:
    looker = Software("Looker", "1.0", "https://software.example.org/looker")
    proposal = Proposal.of_term(blind.slug, worlds.item(ITEM), 1, FARMS)
    olga = blind.world.people["olga"]
    software_claims.claim(blind.world.desk, olga, looker, proposal, 0.93, now=now())


def test_no_address_tells_whether_anybody_said_anything(blind: Blind) -> None:
    before = blind.snapshot()
    speak(blind)
    after = blind.snapshot()
    assert {key: after[key] for key in before if before[key] != after[key]} == {}


def test_there_was_something_to_tell(blind: Blind) -> None:
    """Else the test above would prove nothing: whoever has answered is told of it."""
    speak(blind)
    ada, item = blind.people["a contributor"], blind.world.item(ITEM)
    path = f"/campaigns/{blind.slug}/items/{item}"
    assert proposals(ada.get(path)) == []
    ada.proposed(blind.slug, item, RESORTS)
    shown = ada.get(path)
    assert set(proposals(shown)) == {blind.annotation(each) for each in (FARMS, COMPLEXES, RESORTS)}
    assert "Looker 1.0" in shown.text
    for suffix in ("", "/history"):
        assert ada.get(f"/annotation/{blind.annotation()}{suffix}").status_code == 200
    elsewhere = ada.get(f"/campaigns/{blind.slug}/items/{blind.world.item(0)}")
    assert proposals(elsewhere) == []


HIDDEN_POSTS = [
    ("/annotation/{id}/vote", {"verdict": "approve"}),
    ("/annotation/{id}/vote", {"verdict": "none"}),
    ("/annotation/{id}/vote", {"verdict": "perhaps"}),
    ("/annotation/{id}/withdraw", {}),
    ("/annotation/{id}/decide", {"verdict": "accept"}),
    ("/annotation/{id}/decide", {"verdict": "none"}),
    ("/campaigns/{slug}/validate", {"annotation": "{id}", "verdict": "approve"}),
    ("/campaigns/{slug}/validate", {"annotation": "{id}", "verdict": "later"}),
    ("/campaigns/{slug}/validate", {"annotation": "{id}", "verdict": "none"}),
    ("/campaigns/{slug}/validate", {"annotation": "{id}", "rating": "70"}),
    ("/campaigns/{slug}/items/{item}/annotations", {"task": "1", "body": COMPLEXES,
                                                    "replaces": "{id}"}),
    ("/campaigns/{slug}/items/{item}/annotations", {"task": "1", "q": "farms"}),
    ("/campaigns/{slug}/items/{item}/annotations", {"task": "1", "body": "http://nowhere.org/"}),
    ("/campaigns/{slug}/publish", {}),
    ("/campaigns/{slug}/unpublish", {}),
]  # fmt: skip


def test_no_form_that_is_refused_tells_it_either(blind: Blind) -> None:
    def answers() -> list[bytes]:
        values = {
            "id": blind.annotation(), "slug": blind.slug, "item": blind.world.item(ITEM),
        }  # fmt: skip
        return [
            told(person.submit(path.format(**values), htmx=htmx, **{
                name: text.format(**values) for name, text in fields.items()
            }))
            for path, fields in HIDDEN_POSTS
            for htmx in (True, False)
            for person in blind.people.values()
        ]  # fmt: skip

    before = answers()
    speak(blind)
    last = blind.world.last()
    assert answers() == before
    assert blind.world.last() == last  # nothing was stored, and nothing was counted


@pytest.mark.parametrize("htmx", [True, False])
def test_joining_what_stands_answers_as_proposing_anew(blind: Blind, htmx: bool) -> None:
    """Two people say the same: the second does not learn from the answer that there was a first."""
    item = blind.world.item(ITEM)

    def answer(person: Visitor) -> str:
        own = person.propose(blind.slug, item, RESORTS, htmx=htmx)
        found = told(own) + told(person.propose(blind.slug, item, FARMS, htmx=htmx))
        text = found.decode().replace(person.token(), "TOKEN")
        return re.sub(r"/undo/\d+|notice=\d+", "NUMBER", text)

    first = answer(blind.people["a guest"])
    speak(blind)
    assert answer(blind.world.visitor().start(blind.slug)) == first


def test_whoever_takes_their_answer_back_is_told_no_more(blind: Blind) -> None:
    ada, item = blind.people["a contributor"], blind.world.item(ITEM)
    speak(blind)
    mine = ada.proposed(blind.slug, item, RESORTS)
    taken = ada.submit(f"/annotation/{mine}/withdraw", htmx=True)
    assert taken.status_code == 200
    assert proposals(taken) == []
    assert ada.get(f"/annotation/{blind.annotation()}").status_code == 404


def test_whoever_finished_the_item_is_told(blind: Blind) -> None:
    speak(blind)
    ada, item = blind.people["a contributor"], blind.world.item(ITEM)
    path = f"/campaigns/{blind.slug}/items/{item}"
    ada.submit(f"{path}/skip")
    assert proposals(ada.get(path)) == []
    ada.submit(f"{path}/finish")
    assert len(proposals(ada.get(path))) == 2


def test_whoever_moderates_sees_everything(blind: Blind) -> None:
    speak(blind)
    olga = blind.world.visitor("olga")
    page = olga.get(f"/campaigns/{blind.slug}/items/{blind.world.item(ITEM)}")
    assert len(proposals(page)) == 2
    assert olga.get(f"/annotation/{blind.annotation()}/history").status_code == 200
    assert "Looker" in olga.get(f"/campaigns/{blind.slug}/moderate").text


def test_nothing_is_published_before_it_is_closed(blind: Blind) -> None:
    speak(blind)
    olga = blind.world.visitor("olga")
    refused = olga.submit(f"/campaigns/{blind.slug}/publish")
    assert refused.status_code == 409
    assert "blind" in refused.text
    campaigns.set_state(
        blind.world.desk, blind.world.people["olga"], blind.slug, "closed", now=now()
    )
    assert olga.submit(f"/campaigns/{blind.slug}/publish").status_code == 303
    assert blind.world.row(blind.annotation(COMPLEXES)).status == "published"


def test_when_it_is_closed_it_is_blind_no_more(blind: Blind) -> None:
    speak(blind)
    stranger, ada = blind.people["a stranger"], blind.people["a contributor"]
    campaigns.set_state(
        blind.world.desk, blind.world.people["olga"], blind.slug, "closed", now=now()
    )
    assert ada.get(f"/annotation/{blind.annotation()}").status_code == 200
    assert stranger.get(f"/annotation/{blind.annotation()}").status_code == 404
    assert "Accepted" in stranger.get(f"/campaigns/{blind.slug}").text


# --- where proposals are judged one by one -------------------------------------------------------


@pytest.fixture
def judged(world: World) -> Blind:
    slug = world.campaign(blind=True, purpose="both")
    made = Blind(world, slug, {"a contributor": world.visitor("ada").start(slug)})
    desk, ben = world.desk, agreed(world, world.people["ben"], slug)
    contributing.propose(desk, ben, Proposal.of_term(slug, worlds.item(ITEM), 1, FARMS), now=now())
    return made


def test_in_the_focus_view_the_proposal_is_bare_until_one_has_voted(judged: Blind) -> None:
    ada, path = judged.people["a contributor"], f"/campaigns/{judged.slug}/validate"
    before = ada.get(path).text
    software(judged)
    other = agreed(judged.world, accounts.guest(judged.world.desk, now=now()), judged.slug)
    iri = judged.world.iri(judged.annotation())
    contributing.visit(
        judged.world.desk, other, judged.slug, worlds.item(ITEM), "finished", now=now()
    )
    contributing.vote(judged.world.desk, other, iri, "reject", now=now())
    after = ada.get(path).text
    assert f'data-id="{judged.annotation()}"' in before
    assert after == before
    answer = {"annotation": judged.annotation(), "verdict": "approve"}
    assert ada.submit(path, **answer).status_code == 303
    assert "Looker" in ada.get(f"{path}?at={judged.annotation()}").text
    assert ada.get(f"/annotation/{judged.annotation()}").status_code == 200


def test_what_one_was_given_to_judge_can_be_voted_on_and_nothing_else(judged: Blind) -> None:
    ada, name = judged.people["a contributor"], judged.annotation()
    assert ada.vote(name, "approve").status_code == 404
    shown = ada.get(f"/campaigns/{judged.slug}/validate")
    assert name in shown.text
    assert ada.get(f"/annotation/{name}").status_code == 404  # who and how many stay hidden
    assert ada.vote(name, "approve").status_code == 200
    assert annotations.get(judged.world.desk, judged.world.iri(name)).counts.approvals == 2


def test_the_order_of_proposals_does_not_follow_the_votes(judged: Blind) -> None:
    world, slug = judged.world, judged.slug
    desk, ben = world.desk, world.people["ben"]
    for number in range(2, 8):
        contributing.propose(
            desk, ben, Proposal.of_term(slug, worlds.item(number), 1, FARMS), now=now()
        )
    ada, path = judged.people["a contributor"], f"/campaigns/{slug}/validate/next?limit=20"
    order = re.findall(r'data-id="(\w+)"', ada.get(path).text)
    other = agreed(world, accounts.guest(desk, now=now()), slug)
    for verdict, name in zip(("reject", "approve", "unsure"), reversed(order), strict=False):
        item = world.row(name).item
        contributing.visit(desk, other, slug, item, "finished", now=now())
        contributing.vote(desk, other, world.iri(name), verdict, now=now())
    waiting = {row.rpartition("/")[2] for row in undecided(world, slug)}
    again = re.findall(r'data-id="(\w+)"', ada.get(path).text)
    assert len(order) == 7
    assert again == [name for name in order if name in waiting]


def undecided(world: World, slug: str) -> list[str]:
    rows = world.desk.index.read().execute(
        "SELECT iri FROM annotation WHERE campaign = ? AND status IN ('pending', 'contested')",
        (slug,),
    )
    return [row[0] for row in rows]


def test_many_at_once_are_for_organisers(judged: Blind) -> None:
    """A grid of all that was proposed would tell it before one has looked."""
    standing = campaigns.get_campaign(judged.world.desk, Viewer(sees_work=True), judged.slug)
    opened = replace(standing, blind=False)
    desk, ada = judged.world.desk, judged.world.people["ada"]
    iri = judged.world.iri(judged.annotation())
    with pytest.raises(Forbidden):
        bulk_votes.cast(desk, ada, judged.slug, FARMS, [iri], "approve", now=now())
    campaigns.edit(desk, judged.world.people["olga"], opened, now=now())
    assert bulk_votes.cast(desk, ada, judged.slug, FARMS, [iri], "approve", now=now()).cast == 1
