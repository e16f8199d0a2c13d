"""Marker words stand in all that is not public; everything that is public is looked through.

A stranger's crawler follows every address that it is told of, in every form; a guest's looks at
what is published. What is asked for by name, and is not public, answers as what never was.
"""

import gzip
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from server.app import create_app
from server.domain import (
    accounts,
    campaigns,
    contributing,
    dump_offers,
    dump_plans,
    dump_snapshots,
    dumps,
    gold,
    graph_states,
    opening,
    participation,
    publishing,
    releases,
    tokens,
)
from server.domain.accounts import Person
from server.domain.campaigns import Task
from server.domain.contributing import Proposal
from server.domain.dump_offers import Scope
from server.domain.dump_plans import Plan
from server.domain.dump_records import CONTENTS
from server.domain.gold import Known
from server.domain.releases import Wish
from server.names import CH, DC, DCTERMS, EDM, ORE, OWL, RDF
from server.patches import Patch, on
from server.settings import Settings
from tests import worlds
from tests.domain.text_campaigns import value_id
from tests.web import loopback
from tests.web.campaign_site import PASSWORD, World, now
from tests.web.visitors import Visitor
from tests.worlds import Thing

#: Each marker begins with one of these; case folding and IRIs leave them as they are.
CANARY, PUBLIC = "zqcanary", "zqpublic"
TITLE = Literal("Print 0", language="en")
LOOKED_AT = 1_500  # addresses of a crawl, at most: it ends long before
#: By kind of annotation with a text of one's own: the fields of its form.
TEXTS = {
    2: ("tag", {"tag-lang": ["en"]}),
    3: ("text", {"text-lang": ["en"]}),
    4: ("comment", {"comment-lang": ["en"]}),
    5: ("text", {"text-lang": ["nl"], "value": [value_id(DC.title, TITLE)]}),
    6: ("text", {"text-lang": ["en"], "value": [value_id(DC.title, TITLE)]}),
}
TASKS = (
    Task(1, DC.subject.value, {"en": "What is shown?"}, ("kinds",)),
    Task(2, DC.subject.value, {"en": "Any word?"}, kind=CH.FreeTag.value),
    Task(3, "", {"en": "What is written there?"}, kind=CH.Transcription.value),
    Task(4, "", {"en": "Anything else?"}, kind=CH.Comment.value),
    Task(5, "", {"en": "In Dutch?"}, kind=CH.Translation.value, about=(DC.title.value,),
         languages=("nl",)),
    Task(6, "", {"en": "What is wrong?"}, kind=CH.Correction.value, about=(DC.title.value,)),
)  # fmt: skip
#: How addresses begin that were looked at, and what stood there at least once.
FAMILIES = {
    "/items/": f"{PUBLIC}text", "/iiif/": f"{PUBLIC}text", "/annotation/": f"{PUBLIC}text",
    "/annotations/": f"{PUBLIC}text", "/why/": f"{PUBLIC}text", "/campaigns/": f"{PUBLIC}title",
    "/collections/": f"{PUBLIC}title", "/providers/": f"{PUBLIC}museum", "/feed.atom": PUBLIC,
    "/feed/pages/": "Create", "/oai?": f"{PUBLIC}text", "/sitemaps/": "/items/",
    "/data": f"{PUBLIC}title", "/releases/": PUBLIC, "/agent/": f"{PUBLIC}name",
    "/api/openapi.json": "openapi", "/dumps/": "enriched.nq.gz", "/sparql?": f"{PUBLIC}text",
    "/.well-known/void": "/data", "/items?iri=": "/items/", "/proxy/": f"{PUBLIC}text",
}  # fmt: skip
QUERIES = (
    "SELECT * WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(!STRSTARTS(STR(?s), "
    "'http://vocab.getty.edu/')) }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(!STRSTARTS(STR(?s), 'http://vocab')) }",
    "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g # zqpublictext",
)


@dataclass(frozen=True)
class Print(Thing):
    """An item as a museum gives it, with a marker in all that is said of it."""

    mark: str = PUBLIC
    museum: str = f"{PUBLIC}museum"

    def lines(self) -> Iterator[str]:
        yield from (line for line in super().lines() if "dataProvider" not in line)
        if self.gone:
            return
        me, aggregation = NamedNode(self.iri), NamedNode(f"{self.iri}#aggregation")
        yield f"{me} {DC.identifier} {Literal(f'{self.mark}-inventory-{self.number}')}"
        yield f"{me} {DC.description} {Literal(f'{self.mark}description')}"
        yield f"{me} {OWL.sameAs} {NamedNode(f'http://data.europeana.eu/item/1/{self.number}')}"
        yield f"{aggregation} {RDF.type} {ORE.Aggregation}"
        yield f"{aggregation} {EDM.dataProvider} {Literal(self.museum)}"
        yield f"{aggregation} {EDM.provider} {Literal(f'{self.mark}aggregator')}"
        landing = f"https://{self.mark}.example.org/page/{self.number}"
        yield f"{aggregation} {EDM.isShownAt} {NamedNode(landing)}"
        yield f"{aggregation} {EDM.hasView} {NamedNode(f'{landing}/view.jpg')}"


@dataclass
class Planted:
    """What is not public, by which it could be asked for: identifiers, each with its like."""

    annotations: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    campaigns: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    secrets = {
        f"europeana_{each}": f"{CANARY}{each}"
        for each in ("key", "token", "client", "secret", "user", "password")
    }
    settings = Settings(
        data=tmp_path_factory.mktemp("canaries") / "data", rate=1_000_000,
        login_attempts=10_000, min_free=0, snapshot_seconds=0, **secrets,  # type: ignore[arg-type]
    )  # fmt: skip
    opening.create(settings)
    app = create_app(settings)
    with loopback.serve(app) as address, ExitStack() as visitors:
        made = World(f"http://{address}", app.state.desk, visitors=visitors)
        for name, role in {"olga": "organiser", "max": "admin", "ben": "contributor"}.items():
            made.people[name] = accounts.create_user(
                made.desk, name.title(), f"{name}@example.org", PASSWORD, role, now=now()
            )
        worlds.load_vocabulary(made.desk, made.people["olga"], "kinds", 4)
        yield made


@pytest.fixture(scope="module")
def planted(world: World) -> Planted:
    found, desk, olga = Planted(), world.desk, world.people["olga"]
    things = [Print(f"p{n}", f"{PUBLIC}title {n}") for n in range(4)]
    former = [Print("p4", f"{CANARY}former"), Print("p5", "x", mark=f"{CANARY}gone")]
    worlds.import_things(desk, olga, "plates", [*things, *former])
    now_ = [Print("p4", "Corrected"), Print("p5", "", gone=True)]
    worlds.import_things(desk, olga, "plates", [*things, *now_])
    _private_collection(world)
    people = _people(world, found)
    _said(world, found, people)
    _other_campaigns(world, found, people)
    tokens.create_token(desk, olga, f"{CANARY}label", now=now())
    releases.make(desk, olga, "open", Wish(f"{PUBLIC}release"), now=now())
    return found


def _people(world: World, found: Planted) -> dict[str, Person]:
    """Ada shows her name; Ben did once; others never."""
    desk = world.desk
    made = {"guest": accounts.guest(desk, now=now())}
    for name in ("named", "former", "shy", "quiet"):
        words = f"{PUBLIC}name" if name == "named" else f"{CANARY}{name}"
        made[name] = accounts.create_user(
            desk, words, f"{CANARY}mail.{name}@example.org", PASSWORD, "contributor", now=now()
        )
    accounts.change_profile(desk, made["named"], f"{PUBLIC}name", show_name=True)
    accounts.change_profile(desk, made["former"], f"{CANARY}former", show_name=True)
    accounts.change_profile(desk, made["former"], f"{CANARY}former", show_name=False)
    found.people = [made["quiet"].id, world.people["max"].id]
    return made


def _campaign(world: World, slug: str, **changes: object) -> str:
    title = {"title": {"en": f"{PUBLIC}title {slug}"}, "collections": ("plates",), "tasks": TASKS}
    world.campaign(slug=slug, **{**title, **changes})  # type: ignore[arg-type]
    return slug


def _agree(world: World, slug: str, people: dict[str, Person]) -> None:
    for person in (*people.values(), world.people["ben"]):
        participation.agree(world.desk, person, slug, now=now())


def _propose(world: World, person: Person, slug: str, task: int, item: str, text: str) -> str:
    name, more = TEXTS[task]
    about = Literal(f"{PUBLIC}title {item[1:]}", language="en")
    more = {**more, "value": [value_id(DC.title, about)]} if "value" in more else more
    values = {name: [text], **more}
    proposal = Proposal(slug, worlds.item(item), task, values)
    return contributing.propose(world.desk, person, proposal, now=now())


def _said(world: World, found: Planted, people: dict[str, Person]) -> None:
    """One text of each kind for each thing that can become of one; the first is published."""
    desk, olga, ben = world.desk, world.people["olga"], world.people["ben"]
    slug = _campaign(world, "open")
    _agree(world, slug, people)
    once: list[str] = []
    for task in TEXTS:
        text = f"{PUBLIC}text{task}"
        shown = _propose(world, people["named"], slug, task, "p0", text)
        found.published.append(shown)
        back = _propose(world, people["former"], slug, task, "p1", f"{CANARY}back{task}")
        for iri in (shown, back):
            contributing.vote(
                desk, ben, iri, "approve", now=now(), reason=f"{CANARY}reason",
                comment=f"{CANARY}comment",
            )  # fmt: skip
            publishing.decide(desk, olga, iri, "accept", f"{CANARY}decision", now=now())
        once.append(back)
    publishing.publish(desk, olga, slug, now=now())
    for number, iri in enumerate(once):
        if number % 2:
            publishing.unpublish(desk, olga, slug, now=now(), iri=iri)
        else:
            publishing.decide(desk, olga, iri, "reject", f"{CANARY}taken", now=now())
    for task in TEXTS:
        by = people["shy"] if task % 2 else people["guest"]
        for fate in ("pending", "rejected", "accepted", "withdrawn"):
            iri = _propose(world, by, slug, task, "p1", f"{CANARY}{fate}{task}")
            _end(world, by, iri, fate)
            found.annotations.append(iri)
    item = desk.names.item_id(worlds.item("p2"))
    known = Known(item, 2, (f"{CANARY}gold", worlds.term(1)), {"en": f"{CANARY}because"})
    gold.mark(desk, olga, slug, known, now=now())


def _end(world: World, by: Person, iri: str, fate: str) -> None:
    desk, olga, ben = world.desk, world.people["olga"], world.people["ben"]
    if fate == "withdrawn":
        contributing.withdraw(desk, by, iri, now=now())
    elif fate == "pending":
        words = {"reason": f"{CANARY}why", "comment": f"{CANARY}said"}
        contributing.vote(desk, ben, iri, "unsure", now=now(), **words)
    else:
        verdict = "accept" if fate == "accepted" else "reject"
        publishing.decide(desk, olga, iri, verdict, f"{CANARY}word", now=now())


def _other_campaigns(world: World, found: Planted, people: dict[str, Person]) -> None:
    desk, olga, quiet = world.desk, world.people["olga"], people["quiet"]
    loud = _campaign(world, "loud", publish_rejections=True)
    quieter = _campaign(world, "quieter", publish_rejections=True)
    for slug, text in ((loud, f"{PUBLIC}rejected"), (quieter, f"{CANARY}rejections")):
        _agree(world, slug, people)
        iri = _propose(world, people["shy"], slug, 2, "p2", text)
        words = {"reason": f"{CANARY}own reason", "comment": f"{CANARY}no"}
        contributing.vote(desk, world.people["ben"], iri, "reject", now=now(), **words)
        publishing.decide(desk, olga, iri, "reject", f"{CANARY}no", now=now())
        publishing.publish(desk, olga, slug, now=now())
    standing = campaigns.find_standing(desk, quieter)
    assert standing is not None
    campaigns.edit(desk, olga, replace(standing, publish_rejections=False), now=now())
    blind = _campaign(world, "blind", blind=True)
    taken = _campaign(world, f"{CANARY}-taken", title={"en": f"{CANARY}taken"})
    for slug in (blind, taken):
        _agree(world, slug, people)
        iri = _propose(world, quiet, slug, 2, "p3", f"{CANARY}in {slug}")
        publishing.decide(desk, olga, iri, "accept", f"{CANARY}word", now=now())
        if slug == blind:  # what was public once answers 410, and says no more
            found.annotations.append(iri)
    publishing.publish(desk, olga, taken, now=now())
    publishing.unpublish(desk, olga, taken, now=now())
    campaigns.set_state(desk, olga, taken, "draft", now=now())
    texts = {name: {"en": f"{CANARY}{name}"} for name in ("title", "description", "instructions")}
    draft = _campaign(world, f"{CANARY}-draft", state="draft", **texts)
    found.campaigns = [taken, draft]


def _private_collection(world: World) -> None:
    desk, slug = world.desk, f"{CANARY}-collection"
    graph, me = desk.names.graph("collection", slug), desk.names.collection(slug)
    thing = Print(f"{CANARY}-item", f"{CANARY}item", mark=CANARY, museum=f"{CANARY}museum",
                  replaces=(f"http://{CANARY}.example.org/before",))  # fmt: skip
    prepared = graph_states.prepare(desk, "work", graph, list(thing.lines()))
    about = [
        Quad(me, RDF.type, EDM.Collection, graph),
        Quad(me, DCTERMS.title, Literal(f"{CANARY}collection", language="en"), graph),
        Quad(me, CH.state, CH.Private, graph),
    ]
    by = world.people["olga"].agent.value
    desk.commit(
        lambda _desk: (Patch(bulk=(prepared.bulk,)) + on("work", add=about), None),
        by=by, action="import", now=now(),
    )  # fmt: skip
    desk.run_bulk()


# --- what is looked through -----------------------------------------------------------------------


#: Pages of the crowd's work, on which guests vote, with what others said of it.
WORK = re.compile(
    r"/campaigns/[^/]+/(items|validate|next|values|moderate|comparisons).*"
    r"|/annotation/[^/.]+(/history.*)?"
)
NOT_FOLLOWED = re.compile(
    r"/static/.*|/images/.*|/media/.*|/vocabular.*|/language|/reconcile.*|/terms.*|/login.*"
    r"|/kinds/.*|/object/.*|/\.well-known/genid.*|/sparql.*|/dumps/.+/.+|.*/crate\.zip"
    r"|/campaigns/[^/]+/items/.+/.+|.*&gt.*"
)
ONE_FORM = re.compile(r"/(oai|feed|sitemap|api|robots|iiif)|.*\.(ttl|nt|rdf|jsonld|html)$|.*/edm")
ADDRESS = re.compile(r"""(?:https?://[^\s"'<>\\)]+|(?<=["'<])/[^\s"'<>\\]+)""")
FORMS = ("text/html", "application/json", "application/ld+json")
PREFIXES = ("oai_dc", "edm", "edm_enriched", "rdf")


def seeds(world: World) -> list[str]:
    """What nothing leads to, or with parameters that no link has."""
    item, names = worlds.item("p0"), world.desk.names
    found = [
        "/", "/sitemap.xml", "/robots.txt", "/data.ttl", "/data.jsonld", "/.well-known/void",
        "/feed", "/feed?kind=annotation", "/feed?campaign=open", "/feed.atom", "/annotations/",
        "/feed.atom?kind=item", "/feed.atom?campaign=open", "/feed.atom?collection=plates",
        "/api/openapi.json", "/providers", "/dumps/", "/campaigns", "/collections",
        f"/items?iri={quote(item)}", f"/why?iri={quote(item)}", "/releases/open/1",
        f"/items?iri={quote(f'https://{PUBLIC}.example.org/page/p0')}",
        *(f"/{kind}/{names.item_id(item)}{more}" for kind, more in (
            ("proxy", ""), ("aggregation", ""), ("items", "/edm?content=plain"),
            ("items", "/edm?content=enrichments"), ("iiif", "/manifest"),
            ("iiif", "/annotations/1"), ("iiif", "/annotations/object"),
        )),
        "/campaigns/loud", "/campaigns/quieter", "/campaigns/blind", "/campaigns/open/releases",
        f"/collections/plates/items?q={PUBLIC}", "/annotations/open/", "/annotations/blind/",
        *(f"/annotations/?{each}" for each in (
            f"target={quote(item)}", "campaign=open", "q=zqpublictext2", "motivation=tagging",
            "status=published", "from=2000-01-01&to=2999-01-01", f"field={quote(DC.subject.value)}",
            "kind=free-tag", "iris=1", "page=0",
        )),
        *(f"/graph/{kind}/open" for kind in ("campaign", "published", "rejections")),
        "/oai?verb=Identify", "/oai?verb=ListSets", "/oai?verb=ListMetadataFormats",
        *(f"/oai?verb=List{what}&metadataPrefix={prefix}{given}"
          for prefix in PREFIXES for what in ("Records", "Identifiers")
          for given in ("", "&set=campaign:open", "&set=collection:plates",
                        f"&set=provider:{PUBLIC}museum")),
        *(f"/sparql?query={quote(query)}" for query in QUERIES),
    ]  # fmt: skip
    return found


@dataclass
class Crawl:
    """All that one visitor was told: the address, the media type, the text with its headers."""

    who: httpx.Client
    base: str
    told: list[tuple[str, str, str]] = field(default_factory=list)

    def go(self, addresses: list[str]) -> None:
        waiting, seen = deque(addresses), set(addresses)
        while waiting and len(seen) < LOOKED_AT:
            for found in self.look(waiting.popleft()):
                if found not in seen and not NOT_FOLLOWED.fullmatch(found):
                    seen.add(found)
                    waiting.append(found)
        assert not waiting, list(waiting)[:20]

    def look(self, address: str) -> list[str]:
        """The addresses that it leads to."""
        found: list[str] = []
        for accept in FORMS[:1] if ONE_FORM.match(address) else FORMS:
            answer = self.who.get(address, headers={"Accept": accept})
            assert answer.status_code < 500, (address, answer.text)
            kind = answer.headers.get("Content-Type", "").partition(";")[0]
            if not self.told or answer.text != self.told[-1][2]:
                told = answer.text + "".join(f"\n{k}: {v}" for k, v in answer.headers.items())
                self.told.append((address, kind, told))
            found += self._addresses(answer)
        return found

    def _addresses(self, answer: httpx.Response) -> Iterator[str]:
        text = answer.text + answer.headers.get("Location", "") + answer.headers.get("Link", "")
        text = text.replace("&amp;", "&").replace("&#34;", '"')
        for token in re.findall(r"<resumptionToken[^>]*>([^<]+)<", text):
            yield f"/oai?verb={answer.request.url.params['verb']}&resumptionToken={token}"
        for found in ADDRESS.findall(text):
            path = found if found.startswith("/") else self._path(found)
            if path.startswith("/") and not path.startswith("//"):
                yield path.partition("#")[0].rstrip(".,;")

    def _path(self, address: str) -> str:
        for base in (self.base, str(self.who.base_url)):
            if address.startswith(base.rstrip("/") + "/"):
                parts = urlsplit(address)
                return parts.path + (f"?{parts.query}" if parts.query else "")
        return ""


@pytest.fixture(scope="module")
def strangers(world: World, planted: Planted) -> Crawl:
    made = Crawl(world.visitor(), world.desk.names.base)
    made.go(seeds(world))
    return made


def assert_silent(told: str, where: object) -> None:
    found = told.lower().find(CANARY)
    assert found < 0, (where, told[max(0, found - 200) : found + 200])


def test_a_stranger_who_follows_every_address_is_told_nothing(
    planted: Planted, strangers: Crawl
) -> None:
    hidden = [each.rpartition("/")[2] for each in planted.annotations] + planted.people
    for address, kind, told in strangers.told:
        assert_silent(told, (address, kind))
        for name in hidden:
            assert name not in told, (address, kind, name)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_crawl_really_saw_what_is_public(
    planted: Planted, strangers: Crawl, family: str
) -> None:
    told = [text for address, _kind, text in strangers.told if address.startswith(family)]
    assert any(FAMILIES[family] in text for text in told), [
        each[:2] for each in strangers.told if each[0].startswith(family)
    ]


def test_a_guest_is_told_no_more_where_things_are_published(
    world: World, planted: Planted, strangers: Crawl
) -> None:
    """What a stranger is led to from one kind of address, once of each kind."""
    made = Crawl(world.visitor().start("open"), world.desk.names.base)
    names = re.compile(r"[a-z2-7]{26}|[0-9a-f-]{36}|[0-9]+|=[^&]*")
    kinds = {names.sub("x", each): each for each, *_rest in strangers.told}
    for address in kinds.values():
        if not WORK.fullmatch(address):
            made.look(address)
    for address, kind, told in made.told:
        assert_silent(told, (address, kind))
    assert any(f"{PUBLIC}text" in told for _address, _kind, told in made.told)


# --- files ----------------------------------------------------------------------------------------


SCOPES = (
    Scope(), Scope("collections", "plates"), Scope("campaigns", "open"),
    Scope("campaigns", "loud"), Scope("campaigns", "blind"), Scope("campaigns", "quieter"),
    Scope("providers", f"{PUBLIC}museum"),
)  # fmt: skip


def unpacked(data: bytes, name: str) -> str:
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(f"{each}\n{archive.read(each).decode()}" for each in archive.namelist())
    return gzip.decompress(data).decode() if name.endswith(".gz") else data.decode()


def test_no_dump_of_any_scope_content_or_form_tells(
    world: World, planted: Planted, tmp_path: Path
) -> None:
    """As the process writes them that makes the files for download."""
    hidden = [each.rpartition("/")[2] for each in planted.annotations] + planted.people
    endings = [each for each in dump_offers.ENDINGS if not each.endswith(".zst")]
    seen: set[tuple[str, str]] = set()
    with dump_snapshots.snapshot(world.desk) as state:
        for scope in SCOPES:
            for content in CONTENTS:
                for ending in endings:
                    form = dump_offers.ENDINGS[ending][0]
                    names = (scope.name,) if scope.name else ()
                    plan = Plan(form, content, scope.kind, names, f"{content}.{ending}")
                    plan = dump_plans.listing(world.desk, plan, tmp_path)
                    file = tmp_path / "dump"
                    with file.open("wb") as out:
                        dumps.write(state, plan, out, lambda *_: None)
                    text = unpacked(file.read_bytes(), ending)
                    assert_silent(text, (scope, content, ending))
                    assert not [name for name in hidden if name in text]
                    if PUBLIC in text:
                        seen.add((scope.path, f"{content}.{ending}"))
    expected = {(s.path, f"{c}.{e}") for s in SCOPES[:3] for c in CONTENTS for e in endings}
    assert seen >= expected, expected - seen


@pytest.mark.parametrize("name", ["all/enriched.nq.gz", "campaigns/open/enrichments.edm.zip"])
def test_no_download_tells(world: World, planted: Planted, name: str) -> None:
    visitor = world.visitor()
    while (answer := visitor.get(f"/dumps/{name}")).status_code == 503:
        pass  # it is being made: the server answers after two seconds
    assert answer.status_code == 200, answer.text
    text = unpacked(answer.content, name) + str(answer.headers)
    assert PUBLIC in text
    assert_silent(text, name)


def test_no_file_of_a_release_tells(world: World, planted: Planted) -> None:
    answer = world.visitor().get("/releases/open/1/crate.zip")
    text = unpacked(answer.content, ".zip")
    assert f"{PUBLIC}text" in text and f"{PUBLIC}name" in text
    assert_silent(text + str(answer.headers), "release")


def test_what_goes_to_europeana_tells_nothing(world: World, planted: Planted) -> None:
    """It is made for an organiser, but goes to everybody."""
    organiser = world.visitor("olga")
    for slug, status in {"open": 200, "loud": 200, "quieter": 200, "blind": 409}.items():
        answer = organiser.get(f"/campaigns/{slug}/europeana/annotations")
        assert answer.status_code == status
        assert (f"{PUBLIC}text" in answer.text) == (slug == "open")
        assert slug == "blind" or CANARY not in answer.text.lower()


# --- what is asked for by name --------------------------------------------------------------------


#: Asked with what is hidden, and then with what never was.
PROBES = (
    "/items/{item_id}", "/items/{item_id}.ttl", "/items/{item_id}/edm", "/iiif/{item_id}/manifest",
    "/iiif/{item_id}/annotations/1", "/annotations/items/{item_id}/", "/images/{item_id}",
    "/images/{item_id}/1", "/images/{item_id}/1/info", "/media/{item_id}/1",
    "/proxy/{item_id}", "/aggregation/{item_id}",
    "/oai?verb=GetRecord&metadataPrefix=edm&identifier=oai:{host}:{item_id}",
    "/oai?verb=ListMetadataFormats&identifier=oai:{host}:{item_id}",
    "/items?iri={item}", "/items?iri={landing}", "/items?iri={inventory}", "/items?iri={before}",
    "/why?iri={item}", "/why?iri={annotation}", "/why?iri={item}&field=dc:subject",
    "/why/{annotation_id}", "/why/{annotation_id}.ttl", "/annotation/{annotation_id}",
    "/annotation/{annotation_id}.jsonld", "/annotation/{annotation_id}/history",
    "/annotations/?target={item}", "/annotations/?target={landing}", "/annotations/?q={text}",
    "/annotations/?body={annotation}", "/annotations/?creator={person}",
    "/annotations/?campaign={campaign}", "/annotations/{campaign}/",
    "/annotations/providers/{museum}/", "/providers/{museum}", "/provider/{museum}",
    "/campaigns/{campaign}", "/campaigns/{campaign}.ttl",
    "/campaigns/{campaign}/releases", "/campaigns/{campaign}/items", "/campaign/{campaign}",
    "/collections/{collection}", "/collections/{collection}.ttl", "/collections/{collection}/items",
    "/oai?verb=ListRecords&metadataPrefix=edm&set=collection:{collection}",
    "/oai?verb=ListRecords&metadataPrefix=edm&set=campaign:{campaign}",
    "/oai?verb=ListRecords&metadataPrefix=edm&set=provider:{museum}",
    "/feed?collection={collection}", "/feed?campaign={campaign}", "/feed?provider={museum}",
    "/feed/pages/after-0?campaign={campaign}", "/feed.atom?campaign={campaign}",
    "/feed.atom?collection={collection}", "/feed.atom?provider={museum}",
    "/dumps/collections/{collection}/", "/dumps/campaigns/{campaign}/enriched.nq.gz",
    "/dumps/providers/{museum}/", "/releases/{campaign}/1", "/campaigns/{campaign}/publish",
    "/campaigns/{campaign}/europeana", "/campaigns/{campaign}/europeana/annotations",
    "/collections/{collection}/tables", "/collections/plates/items?q={text}",
)  # fmt: skip


def hidden_values(world: World, planted: Planted) -> Iterator[dict[str, str]]:
    names, item = world.desk.names, worlds.item(f"{CANARY}-item")
    for number, annotation in enumerate(planted.annotations[:4] + planted.annotations[-1:]):
        yield {
            "item": item, "item_id": names.item_id(item), "annotation": annotation,
            "annotation_id": annotation.rpartition("/")[2], "collection": f"{CANARY}-collection",
            "person": planted.people[number % len(planted.people)],
            "campaign": planted.campaigns[number % len(planted.campaigns)],
            "landing": f"https://{CANARY}.example.org/page/{CANARY}-item",
            "inventory": f"{CANARY}-inventory-{CANARY}-item", "museum": f"{CANARY}museum",
            "before": f"http://{CANARY}.example.org/before", "text": f"{CANARY}pending2",
            "host": urlsplit(names.base).hostname or "",
        }  # fmt: skip


def like(value: str, name: str) -> str:
    """Another of the same form, that never was."""
    if name.endswith("_id") or name == "person":
        return "a" * len(value)
    if name == "annotation":
        return value.rpartition("/")[0] + "/" + "a" * len(value.rpartition("/")[2])
    return value if name == "host" else value.replace(CANARY, "q" * len(CANARY))


@pytest.mark.parametrize("probe", PROBES)
def test_what_is_hidden_answers_as_what_never_was(
    world: World, planted: Planted, probe: str
) -> None:
    visitor, needed = world.visitor(), re.findall(r"{(\w+)}", probe)
    asked: set[tuple[str, ...]] = set()
    for values in hidden_values(world, planted):
        if (key := tuple(values[name] for name in needed)) in asked:
            continue
        asked.add(key)
        others = {name: like(value, name) for name, value in values.items()}
        for accept in FORMS:
            found, none = (_told(visitor, probe, each, needed, accept) for each in (values, others))
            assert found == none, (probe, values, accept)


def _told(
    visitor: Visitor, probe: str, values: dict[str, str], needed: list[str], accept: str
) -> tuple[int, str]:
    """Status and text; each value that was asked for under the name that it has here."""
    given = {name: quote(value, safe="") for name, value in values.items()}
    answer = visitor.get(probe.format(**given), headers={"Accept": accept})
    text = unquote(answer.text)
    for name in sorted(needed, key=lambda each: -len(values[each])):
        text = text.replace(values[name], f"({name})")
    text = re.sub(r"<responseDate>[^<]*|\"20\d\d-[^\"]*\"|[0-9a-f]{64}", "", text)
    return answer.status_code, text


def test_the_canaries_are_really_there(world: World, planted: Planted) -> None:
    """Else nothing above would prove anything."""
    organiser = world.visitor("olga")
    for address in ("/campaigns/open/moderate", f"/campaigns/{CANARY}-draft", "/collections"):
        assert CANARY in organiser.get(address).text
    rows = world.desk.index.read().execute("SELECT iri, status FROM annotation").fetchall()
    statuses = {iri: status for iri, status in rows}
    assert {statuses[iri] for iri in planted.annotations} >= {
        "pending", "rejected", "accepted", "withdrawn"
    }  # fmt: skip
    assert {statuses[iri] for iri in planted.published} == {"published"}
