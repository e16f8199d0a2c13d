"""What is not public yet, and what never will be, appears in no answer to a stranger."""

import gzip
import json
import re
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import Literal, Quad, RdfFormat, serialize
from starlette.routing import Route

from server.domain import accounts, campaigns, contributing, graph_states, participation, publishing
from server.domain.contributing import Proposal
from server.index import queues
from server.names import CH, DCTERMS, EDM, RDF
from server.patches import Dataset, Patch, on
from server.viewers import Viewer
from server.web.routes import routes
from tests import worlds
from tests.web.campaign_site import FARMS, PASSWORD, RESORTS, VINEYARDS, World, now
from tests.web.visitors import Visitor
from tests.worlds import Thing

ACCEPTED = (
    "text/html", "text/turtle", "application/ld+json", "application/n-triples",
    "application/rdf+xml", "application/json", "application/sparql-results+json", "*/*",
)  # fmt: skip
GETS = [each for each in routes if isinstance(each, Route) and "GET" in (each.methods or ())]


@dataclass
class Secrets:
    """What was planted: words that nobody outside may read, and addresses to try."""

    words: set[str] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    #: pending annotations, and people of whom nothing is public
    hidden: set[str] = field(default_factory=set)

    def word(self, what: str) -> str:
        made = f"Canary{what}Zq{len(self.words)}"
        self.words.add(made)
        return made


@pytest.fixture(scope="module")
def secrets(world: World) -> Secrets:
    """Drafts, pending proposals, votes with words, decisions, a private collection, people."""
    found, desk = Secrets(), world.desk
    email = f"{found.word('Mail').lower()}@example.org"
    found.words = {word.lower() if word.lower() in email else word for word in found.words}
    shy = accounts.create_user(desk, found.word("Name"), email, PASSWORD, "contributor", now=now())
    guest = accounts.guest(desk, now=now())
    found.words.add(guest.name)
    slug = world.campaign(title={"en": "A public campaign with secrets"})
    for person in (shy, guest, world.people["ada"], world.people["ben"]):
        participation.agree(desk, person, slug, now=now())
    _contribute(world, found, slug, shy, guest)
    draft = world.campaign(
        "draft",
        slug="canary-draft-zq",
        title={"en": found.word("Draft")},
        description={"en": found.word("Description")},
        instructions={"en": found.word("Instructions")},
    )
    found.words.add(draft)
    _private_collection(world, found)
    _reopened_as_draft(world, found)
    found.slugs |= {slug, "done", "subjects", "aat", "prints", "maps"}
    found.ids |= {world.item(3), shy.id, guest.id}
    found.hidden = {*unpublished(world), *hidden_agents(world)} - once_public(world)
    return found


def _contribute(
    world: World, found: Secrets, slug: str, shy: accounts.Person, guest: accounts.Person
) -> None:
    desk, ben, olga = world.desk, world.people["ben"], world.people["olga"]
    for number, person in enumerate((shy, guest)):
        proposal = Proposal.of_term(slug, worlds.item(number), 1, VINEYARDS)
        iri = contributing.propose(desk, person, proposal, now=now())
        contributing.vote(
            desk, ben, iri, "reject", now=now(), reason=found.word("Reason"),
            comment=found.word("Comment"),
        )  # fmt: skip
        publishing.decide(desk, olga, iri, "reject", found.word("Decision"), now=now())
    withdrawn = contributing.propose(
        desk, shy, Proposal.of_term(slug, worlds.item(2), 1, RESORTS), now=now()
    )
    contributing.withdraw(desk, shy, withdrawn, now=now())
    # What is published has words behind it that are not.
    public = contributing.propose(
        desk, world.people["ada"], Proposal.of_term(slug, worlds.item(3), 1, FARMS), now=now()
    )
    contributing.vote(
        desk, ben, public, "approve", now=now(), reason=found.word("Reason"),
        comment=found.word("Comment"),
    )  # fmt: skip
    publishing.decide(desk, olga, public, "accept", found.word("Decision"), now=now())
    publishing.publish(desk, olga, slug, now=now())


def _private_collection(world: World, found: Secrets) -> None:
    desk, thing = world.desk, Thing("secret", found.word("Item"))
    graph, me = desk.names.graph("collection", "secret-zq"), desk.names.collection("secret-zq")
    prepared = graph_states.prepare(desk, "work", graph, list(thing.lines()))
    about = [
        Quad(me, RDF.type, EDM.Collection, graph),
        Quad(me, DCTERMS.title, Literal(found.word("Collection"), language="en"), graph),
        Quad(me, CH.state, CH.Private, graph),
    ]
    olga = world.people["olga"].agent.value
    desk.commit(
        lambda _desk: (Patch(bulk=(prepared.bulk,)) + on("work", add=about), None),
        by=olga, action="import", now=now(),
    )  # fmt: skip
    desk.run_bulk()
    found.words.add("secret-zq")
    found.words.add(desk.names.item_id(thing.iri))


def _reopened_as_draft(world: World, found: Secrets) -> None:
    """A campaign that was public, and then taken back, with work done in it."""
    slug = world.campaign(title={"en": found.word("TakenBack")})
    ada = world.people["ada"]
    participation.agree(world.desk, ada, slug, now=now())
    contributing.propose(
        world.desk, ada, Proposal.of_term(slug, worlds.item(5), 1, RESORTS), now=now()
    )
    standing = campaigns.get_campaign(world.desk, Viewer(sees_work=True), slug)
    olga = world.people["olga"]
    campaigns.edit(world.desk, olga, replace(standing, state="draft"), now=now())


def unpublished(world: World) -> dict[str, str]:
    """Annotations that are not public: their identifiers, and why."""
    rows = world.desk.index.read().execute("SELECT iri, status FROM annotation")
    return {iri.rpartition("/")[2]: status for iri, status in rows if status != "published"}


def once_public(world: World) -> set[str]:
    """The identifiers of what was published and withdrawn: harvesters and feeds are told that."""
    return {name for (name,) in world.desk.index.read().execute("SELECT id FROM record")}


def hidden_agents(world: World) -> set[str]:
    """The identifiers of people of whom nothing is public."""
    known = {
        value for (value,) in world.desk.index.read().execute("SELECT agent FROM contribution")
    }
    public = dump(world, "public")
    return {agent.rpartition("/")[2] for agent in known if f"<{agent}>" not in public}


def dump(world: World, dataset: Dataset) -> str:
    return serialize(world.desk.datasets[dataset].store, format=RdfFormat.N_QUADS).decode()


def assert_discreet(secrets: Secrets, answer: httpx.Response) -> None:
    # What somebody asked for may be repeated to them.
    told = answer.text.replace(answer.request.url.path, "").lower()
    for word in (*secrets.words, *secrets.hidden, PASSWORD, "argon2"):
        assert word.lower() not in told, (answer.request.url, word)


def addresses(world: World, secrets: Secrets, route: str) -> list[str]:
    """The route with everything that exists filled in, secrets too."""
    names = sorted(secrets.slugs | secrets.words) if "{slug}" in route else [""]
    ids: list[str] = [""]
    if "/annotation/" in route or "/why/" in route:
        ids = [row[0].rpartition("/")[2] for row in _annotations(world)]
    elif "{id}" in route:
        ids = [world.item(0), *sorted(secrets.ids)]
        names = [sorted(secrets.slugs)[0], "prints", "secret-zq"] if "{slug}" in route else names
    found = []
    for slug in names:
        for each in ids:
            values = {
                "slug": slug, "id": each, "suffix": ".ttl", "canvas": "1", "key": "a-museum",
                "page": "after-0",
            }  # fmt: skip
            found.append(
                re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: quote(values.get(m[1], "all.nq")), route)  # noqa: B023
            )
    return found


def _annotations(world: World) -> list[tuple[str]]:
    slugs = [row.slug for row in queues.campaigns(Viewer(sees_work=True), world.desk.index.read())]
    marks = ",".join("?" for _ in slugs)
    query = f"SELECT iri FROM annotation WHERE campaign IN ({marks}) ORDER BY iri LIMIT 30"
    return [tuple(row) for row in world.desk.index.read().execute(query, slugs)]


@pytest.mark.parametrize("route", GETS, ids=[each.path for each in GETS])
def test_no_address_tells_a_stranger_what_is_not_public(
    world: World, secrets: Secrets, visitor: Visitor, route: Route
) -> None:
    for address in addresses(world, secrets, route.path):
        accepted = ACCEPTED if "{" not in route.path else ACCEPTED[:2]
        for accept in accepted:
            answer = visitor.get(address, headers={"Accept": accept})
            if answer.headers.get("Content-Type", "").startswith(("text", "application")):
                assert_discreet(secrets, answer)


@pytest.mark.parametrize("path", ["/terms/suggest?q={}", "/terms?q={}", "/collections/prints?q={}"])
def test_no_search_finds_what_is_not_public(
    world: World, secrets: Secrets, visitor: Visitor, path: str
) -> None:
    for word in secrets.words:
        listed = path.replace("/prints?", "/prints/items?").format(quote(word))
        answer = visitor.get(listed, headers={"Accept": "application/json"})
        assert "iri" not in answer.text
        page = visitor.get(path.format(quote(word)))
        assert 'href="/items/' not in page.text


QUERIES = [
    "SELECT * WHERE {{ ?s ?p ?o }}",
    "SELECT * WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{base}graph/annotations/{slug}> WHERE {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{base}graph/annotations/{slug}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * WHERE {{ GRAPH <{base}graph/campaign/canary-draft-zq> {{ ?s ?p ?o }} }}",
    "SELECT * WHERE {{ GRAPH <{base}graph/collection/secret-zq> {{ ?s ?p ?o }} }}",
    "SELECT * WHERE {{ ?s <https://w3id.org/crowdheritage/ns#verdict> ?o }}",
    "DESCRIBE <{base}campaign/canary-draft-zq>",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), 'Zq')) }}",
]


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_finds_what_is_not_public(
    world: World, secrets: Secrets, visitor: Visitor, query: str
) -> None:
    slug = sorted(secrets.slugs)[0]
    text = query.format(base=world.desk.names.base, slug=slug)
    answer = visitor.post("/sparql", data={"query": text}, headers={"Accept": "*/*"})
    assert answer.status_code == 200, answer.text
    assert_discreet(secrets, answer)
    if "GRAPH <" in query or "verdict" in query:
        assert answer.json()["results"]["bindings"] == []


def test_the_public_store_holds_nothing_that_is_not_public(world: World, secrets: Secrets) -> None:
    text = dump(world, "public")
    for word in (*secrets.words, *unpublished(world)):
        assert word not in text
    assert "Ada" not in text
    kinds = [CH.Vote, CH.Claim, CH.Decision, CH.Agreement, CH.Visit]
    assert not [kind for kind in kinds if f" {kind} " in text]


@pytest.mark.parametrize("name", [
    "all/enriched.nq.gz", "all/enriched.ttl.gz", "all/enriched.edm.xml.gz",
    "all/enrichments.jsonld.gz", "collections/prints/enriched.nq.gz",
    "campaigns/subjects/enriched.edm.xml.gz", "campaigns/subjects/enriched.nq.gz",
])  # fmt: skip
def test_no_download_holds_what_is_not_public(
    world: World, secrets: Secrets, visitor: Visitor, name: str
) -> None:
    while (answer := visitor.get(f"/dumps/{name}")).status_code == 503:
        time.sleep(float(answer.headers["Retry-After"]) / 10)
    assert answer.status_code == 200, answer.text
    text = gzip.decompress(answer.content).decode()
    assert worlds.item(0) in text or name.startswith("campaigns/")
    for word in (*secrets.words, *secrets.hidden):
        assert word not in text


@pytest.mark.parametrize("question", [
    "verb=ListSets", "verb=Identify", "verb=ListIdentifiers&metadataPrefix=oai_dc",
    *(f"verb=ListRecords&metadataPrefix={each}" for each in (
        "oai_dc", "edm", "edm_enriched", "rdf")),
])  # fmt: skip
def test_no_harvest_holds_what_is_not_public(
    world: World, secrets: Secrets, visitor: Visitor, question: str
) -> None:
    answer = visitor.get(f"/oai?{question}")
    assert answer.status_code == 200 and "<error" not in answer.text
    assert "resumptionToken" not in answer.text  # all of it is looked at
    assert "metadataPrefix" not in question or f":{world.item(0)}<" in answer.text
    for word in (*secrets.words, *secrets.hidden):
        assert word not in answer.text


@pytest.mark.parametrize("kind", ["collection", "campaign"])
def test_no_set_is_harvested_that_is_not_public(
    secrets: Secrets, visitor: Visitor, kind: str
) -> None:
    for word in secrets.words:
        answer = visitor.get("/oai", params={
            "verb": "ListIdentifiers", "metadataPrefix": "edm", "set": f"{kind}:{word}",
        })  # fmt: skip
        assert "<header" not in answer.text


def test_the_secrets_are_really_there(world: World, secrets: Secrets) -> None:
    """Else the tests above would prove nothing."""
    text = dump(world, "work")
    planted = {w for w in secrets.words if w.startswith("Canary") and "Name" not in w}
    assert {word for word in planted if word not in text} == set()
    assert {"rejected", "pending", "withdrawn"} <= set(unpublished(world).values())
    assert hidden_agents(world)


def test_a_name_is_published_only_where_its_owner_wants(world: World, visitor: Visitor) -> None:
    person = accounts.create_user(
        world.desk, "Nora Named", "nora@example.org", PASSWORD, "contributor", now=now()
    )
    path = f"/agent/{person.id}.ttl"
    assert "Nora" not in visitor.get(path).text
    accounts.change_profile(world.desk, person, "Nora Named", show_name=True)
    assert "Nora Named" in visitor.get(path).text
    assert "nora@" not in visitor.get(path).text


def test_answers_for_one_person_are_kept_by_no_cache(world: World) -> None:
    ada = world.visitor("ada")
    for path in ("/", "/campaigns/subjects", f"/items/{world.item(0)}", "/account/export"):
        assert ada.get(path).headers["Cache-Control"] == "no-store"


def test_the_journal_and_other_files_are_no_pages(
    world: World, visitor: Visitor, organiser: Visitor
) -> None:
    """Nor is anything in their folders, even where a page has the name of a folder.

    But for the kept images of collections: those are pages for whoever may see the collection.
    """
    data = Path(world.desk.settings.data)
    files = [file.relative_to(data) for file in data.rglob("*") if file.is_file()]
    files = [file for file in files if file.parts[0] != "media"]
    assert "report.json" in [file.name for file in files if file.parts[0] == "vocabularies"]
    folders = {Path(file.parts[0]) for file in files} - {Path("vocabularies")}
    for person in (visitor, organiser):
        for file in (*files, *folders):
            for path in (f"/{file}", f"/static/{file}", f"/dumps/{file}"):
                answer = person.get(path)
                assert answer.status_code in (307, 404), path  # /dumps leads to /dumps/


#: With {slug} and {word} for campaigns, public and not, and {iri} for terms that are used and not.
QUESTIONS = [
    "/terms?iri={iri}", "/terms?iri={iri}&vocabulary=aat&items=2&own=2", "/terms?q={word}",
    "/terms/suggest?q=farms&campaign={slug}", "/terms/suggest?q=&campaign={slug}&task=1",
    "/terms/suggest?q=vineyard&campaign={slug}&task=1&group=1", "/terms/suggest?q={word}",
    "/terms/suggest?q=&vocabulary={slug}", "/terms/live?q=farms&campaign={slug}",
    "/vocabularies/aat?open={iri}", "/vocabularies/aat/tree?under={iri}",
    "/vocabularies/aat/index?start={word}", "/reconcile/aat/preview?id={iri}",
    "/reconcile/aat/flyout/entity?id={iri}", "/reconcile/aat/suggest/entity?prefix={word}",
    "/reconcile/aat?queries=%7B%22q%22%3A%7B%22query%22%3A%22{word}%22%7D%7D",
    "/reconcile/{slug}", "/vocabularies/{slug}/loads", "/vocabularies/load?slug={slug}",
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_about_terms_tells_a_stranger_what_is_not_public(
    world: World, secrets: Secrets, visitor: Visitor, question: str
) -> None:
    words = sorted(secrets.words | secrets.slugs | {"farms"})
    for iri in (FARMS, VINEYARDS, RESORTS) if "{iri}" in question else ("",):
        for word in words if "{slug}" in question or "{word}" in question else ("",):
            told = quote(word)
            address = question.format(iri=quote(iri, safe=""), slug=told, word=told)
            for accept in ("text/html", "application/json"):
                answer = visitor.get(address, headers={"Accept": accept})
                text = answer.text.replace(word, "")  # what was asked may be repeated
                asked = httpx.Response(200, text=text, request=answer.request)
                assert_discreet(replace(secrets, words=secrets.words - {word}), asked)


@pytest.mark.parametrize("query", ["vineyards", VINEYARDS])
def test_services_do_not_count_what_is_not_published(
    world: World, secrets: Secrets, visitor: Visitor, query: str
) -> None:
    """A proposal that was refused makes its term no more likely than it was."""
    rows = world.desk.index.read().execute(
        "SELECT status FROM annotation WHERE body = ?", (VINEYARDS,)
    )
    statuses = [status for (status,) in rows]
    assert "rejected" in statuses
    asked = {"q": {"query": query}}
    answer = visitor.post("/reconcile/aat", data={"queries": json.dumps(asked)})
    features = {each["id"]: each["value"] for each in answer.json()["q"]["result"][0]["features"]}
    count = statuses.count("published")
    assert features["usage"] == pytest.approx(count / (count + 10))


def test_a_stranger_cannot_contribute_where_work_is_hidden(
    world: World, secrets: Secrets, visitor: Visitor
) -> None:
    """Pending proposals of a campaign that was taken back are not shown to those who take part."""
    guest = visitor.start("subjects")
    for name, status in unpublished(world).items():
        row = world.row(name)
        standing = queues.find_campaign(Viewer(), world.desk.index.read(), row.campaign)
        if standing is None or status == "withdrawn":
            assert guest.get(f"/annotation/{name}").status_code in (404, 410)
