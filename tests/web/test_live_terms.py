"""/terms/live: terms from sources elsewhere, and copying the chosen one here."""

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from server.app import create_app
from server.domain import (
    live_lookup,
    live_searches,
    made_terms,
    made_vocabularies,
    opening,
    vocabularies,
)
from server.domain.campaigns import Task
from server.errors import CrowdHeritageError, Forbidden
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import DC, DCTERMS, OWL, RDF, SKOS
from server.settings import Settings
from tests.remote_server import Answer, Asked, RemoteServer, remote_server
from tests.web import campaign_site, loopback
from tests.web.campaign_site import World, now
from tests.web.live_apis import (
    AAT,
    ATHENS,
    GREECE,
    PAINTINGS,
    PLACES,
    POSTER,
    PRINT,
    WATERCOLOUR,
    WD,
    apis,
    as_json,
    wikidata_entity,
    wikidata_hit,
)
from tests.web.visitors import Visitor

JSON = {"Accept": "application/json"}
SLUGS = {"wikidata": (f"{WD}", PRINT), "getty": (AAT, PAINTINGS), "places": (PLACES, GREECE)}


@contextmanager
def served(data: Path, remote: RemoteServer, **changes: Any) -> Iterator[World]:
    """A site whose sources elsewhere are all at one loopback port."""
    base = remote.address("").rstrip("/")
    live: dict[str, Any] = {
        "live_lookup": "wikidata, getty, geonames", "live_wikidata": base, "live_getty": base,
        "live_geonames": base, "live_geonames_user": "museum", "remote_hosts": remote.host,
    }  # fmt: skip
    settings = Settings(data, rate=1_000_000, login_attempts=10_000, min_free=0, **live | changes)
    opening.create(settings)
    app = create_app(settings)
    with loopback.serve(app) as address, ExitStack() as visitors:
        world = World(f"http://{address}", app.state.desk, visitors=visitors)
        campaign_site.furnish(world)
        furnish(world)
        yield world


def furnish(world: World) -> None:
    """A vocabulary of each source, with the term that stands above the one to be chosen."""
    for slug, (scheme, above) in SLUGS.items():
        triples = [
            Triple(NamedNode(above), RDF.type, SKOS.Concept),
            Triple(NamedNode(above), SKOS.prefLabel, Literal(f"above {slug}", language="en")),
        ]
        data = VocabularyData(scheme, ((DCTERMS.title, Literal(slug)),), as_statements(triples))
        vocabularies.load(world.desk, world.people["olga"], slug, data, now=now())
    branch = (AAT + "300000202",)
    tasks = (
        Task(1, DC.subject.value, {"en": "What is shown?"}, ("wikidata",)),
        Task(2, DC.type.value, {"en": "What is it?"}, ("getty", "places")),
        Task(3, DC.format.value, {"en": "Which kind?"}, ("wikidata",), branches=branch),
        Task(4, DC.coverage.value, {"en": "Where?"}, ("places",)),
    )
    world.campaign(slug="live", tasks=tasks)


@pytest.fixture(scope="module")
def remote() -> Iterator[RemoteServer]:
    with remote_server(apis) as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, remote: RemoteServer) -> Iterator[World]:
    with served(tmp_path_factory.mktemp("live") / "data", remote) as world:
        yield world


@pytest.fixture
def ada(site: World, remote: RemoteServer) -> Iterator[Visitor]:
    """Somebody who takes part; the sources answer as they should, and were asked nothing yet."""
    remote.handle = apis
    remote.asked.clear()
    site.visitor("ada").start("live")
    yield site.visitor("ada")


_TYPED = itertools.count()


def fresh(text: str) -> str:
    """The same search, which was not remembered yet: words in other letters, or spaces, are one."""
    return f"{text} {next(_TYPED)}"


def looked_up(visitor: Visitor, q: str, **more: object) -> list[dict[str, Any]]:
    more = more or {"vocabulary": "wikidata"}
    answer = visitor.get(f"/terms/live?{urlencode({'q': q, **more})}", headers=JSON)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


# --- searching ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("slug", "typed", "iri", "source"), [
    ("wikidata", "poster", POSTER, "Wikidata"), ("getty", "watercol", WATERCOLOUR, "Getty"),
    ("places", "Athens", ATHENS, "GeoNames"),
])  # fmt: skip
def test_each_source_is_asked_for_its_vocabulary(
    ada: Visitor, slug: str, typed: str, iri: str, source: str
) -> None:
    (hit,) = looked_up(ada, typed, vocabulary=slug)
    assert (hit["iri"], hit["vocabulary"], hit["source"]) == (iri, slug, source)


def test_answers_have_what_suggestions_have(ada: Visitor) -> None:
    (live,) = looked_up(ada, "posters")
    local = ada.get("/terms/suggest?q=above", headers=JSON).json()[0]
    assert local.keys() <= live.keys()
    assert live["breadcrumb"] == []
    assert live["matched"] == "posters"


def test_the_box_is_given_a_list_under_the_name_of_the_source(ada: Visitor) -> None:
    answer = ada.get("/terms/live?q=poster&campaign=live&task=1")
    assert f'data-iri="{POSTER}"' in answer.text
    assert 'data-vocabulary="wikidata"' in answer.text
    assert "Wikidata" in answer.text
    assert "<html" not in answer.text


def test_the_page_tells_the_box_where_to_ask(site: World, ada: Visitor) -> None:
    page = ada.get(f"/campaigns/live/items/{site.item(1)}").text
    assert page.count('data-live="/terms/live"') == 3  # not for the branch


def test_a_task_asks_the_sources_of_its_vocabularies(ada: Visitor, remote: RemoteServer) -> None:
    assert looked_up(ada, fresh("athens"), campaign="live", task=2)
    assert {asked.path for asked in remote.asked} == {"/sparql.json", "/searchJSON"}


def test_a_branch_is_not_looked_up_elsewhere(ada: Visitor, remote: RemoteServer) -> None:
    assert looked_up(ada, fresh("poster"), campaign="live", task=3) == []
    assert not remote.asked


def test_the_reader_s_language_is_asked_for(ada: Visitor, remote: RemoteServer) -> None:
    (hit,) = looked_up(ada, "plakat", vocabulary="wikidata", lang="de-AT")
    assert (hit["label"], hit["lang"]) == ("Plakat", "de")
    (greek,) = looked_up(ada, "Αθήνα", vocabulary="places", lang="el")
    assert greek["label"] == "Αθήνα"


def test_sources_are_told_who_asks(ada: Visitor, remote: RemoteServer, site: World) -> None:
    looked_up(ada, fresh("poster"))
    assert site.desk.names.base in remote.asked[0].headers["user-agent"]
    looked_up(ada, fresh("athens"), vocabulary="places")
    assert remote.asked[1].query["username"] == "museum"


def test_the_same_words_are_asked_once(ada: Visitor, remote: RemoteServer) -> None:
    word = fresh("poster")
    for typed in (word, f"  {word.upper()} ", word.replace(" ", "  ")):
        assert looked_up(ada, typed)
    assert len(remote.asked) == 1


@pytest.mark.parametrize("typed", ["", " ", "a", "\u00a0"])
def test_too_little_is_not_looked_up(ada: Visitor, remote: RemoteServer, typed: str) -> None:
    assert looked_up(ada, typed) == []
    assert not remote.asked


@pytest.mark.parametrize("typed", [
    'poster" } DROP ALL #', "poster\\", "poster\x00\x1b", "poster&action=delete", "p" * 5_000,
    "\ud83d\ude00poster", "' OR 1=1", "../../etc", "poster\n\r\nHost: evil",
])  # fmt: skip
@pytest.mark.parametrize("slug", list(SLUGS))
def test_nothing_that_is_typed_breaks_out(
    ada: Visitor, remote: RemoteServer, typed: str, slug: str
) -> None:
    looked_up(ada, typed.encode("utf-16", "surrogatepass").decode("utf-16"), vocabulary=slug)
    for asked in remote.asked:
        assert asked.path in ("/w/api.php", "/sparql.json", "/searchJSON")
        assert asked.query.get("action", "wbsearchentities") == "wbsearchentities"
        assert len(asked.query.get("search", "")) <= 100
        if "query" in asked.query:
            words = asked.query["query"].split("luc:term ")[1].split(" ;")[0]
            assert set('"#}\\') & set(words[1:-1]) == set()


def test_strangers_and_unknown_vocabularies_are_given_nothing(
    site: World, ada: Visitor, remote: RemoteServer
) -> None:
    assert looked_up(site.visitor(), fresh("poster")) == []
    assert looked_up(ada, fresh("poster"), vocabulary="nothing,..%2Fx") == []
    assert not remote.asked
    assert ada.get("/terms/live?q=poster&campaign=nothing").status_code == 404
    assert ada.get("/terms/live?q=poster&campaign=live&task=99").status_code == 404
    assert ada.get("/terms/live?q=poster&campaign=hidden").status_code == 404


# --- sources that misbehave --------------------------------------------------------------------


@pytest.mark.parametrize("given", [
    Answer(b"<html>busy</html>"), Answer(b"", 500), Answer(b"", 404), Answer(b"[1]"), Answer(b""),
    as_json({"error": {"code": "ratelimited"}}), Answer(b"\xff\xfe"), Answer(b"[" * 200_000),
    as_json({"search": [{"id": "P31"}, "x", {}]}),
    Answer(b"", 302, {"Location": "http://127.0.0.1:1/"}),
    Answer(b"", 302, {"Location": "http://169.254.169.254/"}),
    Answer(b"\x1f\x8b", 200, {"Content-Encoding": "gzip"}),
])  # fmt: skip
def test_a_source_that_fails_gives_nothing(
    ada: Visitor, remote: RemoteServer, given: Answer
) -> None:
    remote.handle = lambda _: given
    word = fresh("poster")
    assert looked_up(ada, word) == []
    before = len(remote.asked)
    assert looked_up(ada, word) == []  # remembered, for some seconds
    assert len(remote.asked) == before


def test_an_endless_answer_is_cut_off(ada: Visitor, remote: RemoteServer) -> None:
    remote.handle = lambda _: Answer(itertools.repeat(b" " * 100_000))
    assert looked_up(ada, fresh("poster")) == []


def test_html_in_labels_is_shown_as_text(ada: Visitor, remote: RemoteServer) -> None:
    evil = '<img src=x onerror="alert(1)">'
    hit = wikidata_hit() | {"display": {"label": {"value": evil, "language": "en"}}}
    remote.handle = lambda _: as_json({"search": [hit | {"description": evil}]})
    page = ada.get(f"/terms/live?{urlencode({'q': fresh('poster'), 'vocabulary': 'wikidata'})}")
    assert "<img" not in page.text
    assert "&lt;img" in page.text


def test_a_hit_of_another_kind_is_left_out(ada: Visitor, remote: RemoteServer) -> None:
    row = {"item": {"type": "uri", "value": "http://evil.example/aat/1"}}
    row["label"] = {"type": "literal", "value": "evil"}
    remote.handle = lambda _: as_json({"results": {"bindings": [row]}})
    assert looked_up(ada, fresh("evil"), vocabulary="getty") == []


def test_a_slow_source_is_not_waited_for(ada: Visitor, remote: RemoteServer) -> None:
    """It answers long after the limit; meanwhile what is here is found."""
    go_on = threading.Event()

    def slow(asked: Asked) -> Answer:
        go_on.wait(30)
        return apis(asked)

    remote.handle = slow
    try:
        with ThreadPoolExecutor(8) as pool:
            waiting = [pool.submit(looked_up, ada, fresh("poster")) for _ in range(8)]
            while len(remote.asked) < live_searches.AT_ONCE:
                time.sleep(0.01)
            local = ada.get("/terms/suggest?q=above&vocabulary=wikidata", headers=JSON).json()
            assert [each["iri"] for each in local] == [PRINT]
            assert [each.result() for each in waiting] == [[]] * 8
        assert len(remote.asked) == live_searches.AT_ONCE
    finally:
        go_on.set()


def test_a_source_that_asks_for_rest_is_left_alone(tmp_path: Path) -> None:
    with (
        remote_server(lambda _: Answer(b"", 429, {"Retry-After": "60"})) as busy,
        served(tmp_path / "data", busy) as site,
    ):
        ada = site.visitor("ada")
        ada.start("live")
        for _ in range(3):
            assert looked_up(ada, fresh("poster")) == []
        assert len(busy.asked) == 1
        looked_up(ada, fresh("athens"), vocabulary="places")  # another source
        assert len(busy.asked) == 2


def test_it_is_off_by_default_and_private_addresses_need_to_be_listed(tmp_path: Path) -> None:
    with remote_server(apis) as other:
        for name, changes in (("off", {"live_lookup": ""}), ("private", {"remote_hosts": ""})):
            with served(tmp_path / name, other, **changes) as site:
                ada = site.visitor("ada")
                ada.start("live")
                assert looked_up(ada, fresh("poster")) == []
                page = ada.get(f"/campaigns/live/items/{site.item(1)}").text
                assert ("data-live" in page) == (name == "private")
        assert not other.asked


# --- choosing ----------------------------------------------------------------------------------


def chosen(visitor: Visitor, site: World, term: str, task: int, slug: str) -> Any:
    return visitor.propose("live", site.item(1), term, task=str(task), live=slug)


def said(site: World, iri: str) -> set[tuple[NamedNode, Any]]:
    return set(site.desk.about("public", NamedNode(iri)))


@pytest.mark.parametrize(("slug", "task", "iri", "above", "label"), [
    ("wikidata", 1, POSTER, PRINT, Literal("αφίσα", language="el")),
    ("getty", 2, WATERCOLOUR, PAINTINGS, Literal("aquarellen", language="nl")),
    ("places", 4, ATHENS, GREECE, Literal("Αθήνα", language="el")),
])  # fmt: skip
def test_choosing_a_hit_copies_the_term_and_proposes_it(
    site: World, ada: Visitor, slug: str, task: int, iri: str, above: str, label: Literal
) -> None:
    answer = chosen(ada, site, iri, task, slug)
    assert answer.status_code == 200, answer.text
    assert "proposal-" in answer.text
    about = said(site, iri)
    assert (RDF.type, SKOS.Concept) in about
    assert (SKOS.prefLabel, label) in about
    assert [value.value for each, value in about if each == SKOS.broader] == [above]
    found = ada.get(
        f"/terms/suggest?{urlencode({'q': label.value, 'vocabulary': slug})}", headers=JSON
    ).json()
    assert iri in [each["iri"] for each in found]
    before = site.last()
    assert chosen(site.visitor("ada"), site, iri, task, slug).status_code == 200
    assert site.last() == before  # here already, and proposed already


def adopt(site: World, iri: str, slug: str = "wikidata", who: str = "ada", **more: Any) -> str:
    more = {"campaign": "live", **more}
    return live_lookup.adopt(
        site.desk, site.people[who], more["campaign"], slug, iri, now=now(),
        languages=more.get("languages", ()),
    )  # fmt: skip


def test_the_reader_s_own_languages_come_too(site: World, ada: Visitor) -> None:
    iri = adopt(site, f"{WD}Q5001", languages=("JA",))
    labels = {value for each, value in said(site, iri) if each == SKOS.prefLabel}
    assert Literal("ポスター", language="ja") in labels
    assert Literal("poster", language="en") in labels


def test_a_merged_item_is_copied_under_its_new_number(
    site: World, ada: Visitor, remote: RemoteServer
) -> None:
    entity = wikidata_entity("Q5003") | {"redirects": {"from": "Q5002", "to": "Q5003"}}
    remote.handle = lambda _: as_json({"entities": {"Q5003": entity}})
    assert adopt(site, f"{WD}Q5002") == f"{WD}Q5003"
    assert said(site, f"{WD}Q5003")
    assert not said(site, f"{WD}Q5002")


@pytest.mark.parametrize(("iri", "slug"), [
    (WATERCOLOUR, "wikidata"), ("http://evil.example/Q1", "wikidata"), (f"{WD}P31", "wikidata"),
    (f"{WD}Q1/../Q2", "wikidata"), (f"{WD}Q0", "wikidata"), ("javascript:alert(1)", "wikidata"),
    (f"{AAT}300/x", "getty"), (f"{PLACES}1", "places"), (f"{PLACES}1/\n", "places"), ("", "getty"),
    (f"{WD}Q5", "aat"), (f"{WD}Q5", "nothing"), (f"{WD}Q5", "../x"), (f"{WD}Q٣", "wikidata"),
])  # fmt: skip
def test_only_terms_of_the_source_s_own_kind_are_copied(
    site: World, ada: Visitor, remote: RemoteServer, iri: str, slug: str
) -> None:
    before = site.last()
    answer = chosen(ada, site, iri or " ", 1, slug)
    assert answer.status_code == 422
    assert not remote.asked
    assert site.last() == before


@pytest.mark.parametrize("given", [
    Answer(b"", 500), Answer(b"<html>"), Answer(b"", 429), as_json({}), as_json({"entities": {}}),
    as_json({"entities": {"Q6000": {"id": "Q6000", "missing": ""}}}),
    as_json({"entities": {"Q6000": wikidata_entity("Q1")}}),
    as_json({"entities": {"Q6000": wikidata_entity("Q6000") | {"labels": {}}}}),
    as_json({"entities": {"Q6000": wikidata_entity("Q6000") | {"type": "property"}}}),
    Answer(b"", 302, {"Location": "http://127.0.0.1:1/"}),
])  # fmt: skip
def test_a_term_that_does_not_come_is_not_copied(
    site: World, ada: Visitor, remote: RemoteServer, given: Answer
) -> None:
    remote.handle = lambda _: given
    before = site.last()
    answer = chosen(ada, site, f"{WD}Q6000", 1, "wikidata")
    assert answer.status_code == 422
    assert "Wikidata" in answer.text
    assert site.last() == before


def test_an_endless_term_is_cut_off(site: World, ada: Visitor, remote: RemoteServer) -> None:
    remote.handle = lambda _: Answer(itertools.repeat(b" " * 100_000))
    assert chosen(ada, site, f"{WD}Q6000", 1, "wikidata").status_code == 422


def test_odd_texts_of_a_term_are_left_out(site: World, ada: Visitor, remote: RemoteServer) -> None:
    entity = wikidata_entity("Q6001")
    entity["labels"]["de"]["value"] = "x" * 5_000
    entity["labels"]["el"]["value"] = "α\x00φίσα\u202e"
    entity["labels"]["it"] = {"language": "it", "value": "<b>manifesto</b>"}
    entity["claims"]["P18"] = [
        {"mainsnak": {"snaktype": "value", "datavalue": {"value": "a <script>.jpg"}}}
    ]
    remote.handle = lambda _: as_json({"entities": {"Q6001": entity}})
    adopt(site, f"{WD}Q6001")
    labels = {value.language: value.value for each, value in said(site, f"{WD}Q6001")
              if each == SKOS.prefLabel}  # fmt: skip
    assert labels.keys() == {"en", "el", "it"}
    assert "\x00" not in labels["el"]
    page = ada.get(f"/terms?{urlencode({'iri': f'{WD}Q6001', 'lang': 'it'})}").text
    assert "<b>manifesto" not in page
    assert "<script>." not in page


@pytest.mark.parametrize(("who", "campaign", "kind"), [
    ("ben", "live", Forbidden), ("ada", "subjects", CrowdHeritageError),
    ("ada", "done", CrowdHeritageError), ("ada", "hidden", CrowdHeritageError),
    ("ada", "nothing", CrowdHeritageError),
])  # fmt: skip
def test_only_who_takes_part_copies_terms(
    site: World, ada: Visitor, remote: RemoteServer, who: str, campaign: str,
    kind: type[Exception],
) -> None:  # fmt: skip
    with pytest.raises(kind):
        adopt(site, f"{WD}Q7000", who=who, campaign=campaign)
    assert not said(site, f"{WD}Q7000")
    assert not remote.asked


def test_nobody_copies_a_term_without_signing_in(site: World, remote: RemoteServer) -> None:
    remote.asked.clear()
    answer = chosen(site.visitor(), site, f"{WD}Q7001", 1, "wikidata")
    assert answer.status_code in (303, 401)
    assert not remote.asked


def test_a_retired_term_is_not_brought_back(site: World, ada: Visitor) -> None:
    iri = adopt(site, f"{WD}Q8000")
    made_terms.retire(site.desk, site.people["olga"], "wikidata", iri, "", now=now())
    assert chosen(ada, site, iri, 1, "wikidata").status_code == 422
    assert (OWL.deprecated, Literal(True)) in said(site, iri)


def test_two_who_choose_at_once_make_one_term(site: World, ada: Visitor) -> None:
    iri = f"{WD}Q8001"
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(adopt, site, iri) for _ in range(4)]
        assert {each.result() for each in done} == {iri}
    types = [value for each, value in said(site, iri) if each == RDF.type]
    assert types == [SKOS.Concept]


def test_a_vocabulary_without_terms_may_name_its_source(site: World, ada: Visitor) -> None:
    olga = site.people["olga"]
    said_of_it = made_vocabularies.Said("empty", "Things", source="https://www.wikidata.org/")
    made_vocabularies.create(site.desk, olga, said_of_it, now=now())
    tasks = (Task(1, DC.subject.value, {"en": "What is shown?"}, ("empty",)),)
    slug = site.campaign(tasks=tasks)
    ada.start(slug)
    (hit,) = looked_up(ada, fresh("poster"), campaign=slug, task=1)
    answer = ada.propose(slug, site.item(1), hit["iri"], live=hit["vocabulary"])
    assert answer.status_code == 200, answer.text
    found = ada.get("/terms/suggest?q=poster&vocabulary=empty", headers=JSON).json()
    assert [each["iri"] for each in found] == [POSTER]
