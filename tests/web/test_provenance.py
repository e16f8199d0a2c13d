"""“Why is this here?”: the page and PROV-O of what is published."""

from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from rdflib import Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.namespace import DC, PROV, RDF, RDFS

from server.domain import (
    accounts,
    campaigns,
    contributing,
    participation,
    publishing,
    software_claims,
)
from server.domain.acceptance import Acceptance
from server.domain.contributing import Proposal
from server.domain.software import Software
from server.names import CH
from server.viewers import Viewer
from tests import worlds
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, PASSWORD, RESORTS, VINEYARDS, World, now
from tests.web.visitors import Visitor

LOOKER = Software("Looker <b>", "2.1", "https://software.example.org/looker-2.1")
WORDS = ("CanaryReason", "CanaryComment", "CanaryDecision", "CanaryShy")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("why") / "data") as world:
        yield world


@pytest.fixture(scope="module")
def stated(site: World) -> str:
    """The `{id}` of what Ada, a program and somebody shy proposed, Ben rejected, Olga accepted."""
    desk, slug = site.desk, site.campaign()
    ada, ben, olga = (site.people[name] for name in ("ada", "ben", "olga"))
    accounts.change_profile(desk, ada, "Ada Lovelace", show_name=True)
    shy = accounts.create_user(
        desk, "CanaryShy", "shy@example.org", PASSWORD, "contributor", now=now()
    )
    for person in (ada, ben, shy):
        participation.agree(desk, person, slug, now=now())
    proposal = Proposal.of_term(slug, worlds.item(2), 1, FARMS)
    iri = contributing.propose(desk, ada, proposal, now=now())
    contributing.propose(desk, shy, proposal, now=now())
    software_claims.claim(desk, olga, LOOKER, proposal, 0.93, now=now())
    contributing.vote(
        desk, ben, iri, "reject", now=now(), reason="CanaryReason", comment="CanaryComment"
    )
    publishing.decide(desk, olga, iri, "accept", "CanaryDecision", now=now())
    publishing.publish(desk, olga, slug, now=now())
    return iri.rpartition("/")[2]


def graph_of(site: World, path: str) -> Graph:
    answer = site.visitor().get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.text, format="turtle")


# --- what it says ---------------------------------------------------------------------------------


def test_a_page_tells_who_what_and_by_which_rule(site: World, stated: str) -> None:
    text = " ".join(unescape(site.visitor().get(f"/why/{stated}").text).split())
    for words in (
        "farms", "Print 2", "by 2 people", "Ada Lovelace", "Looker", "2.1", "93% sure",
        "2 yes", "1 no", "0 not sure", "An organiser accepted it", "people approve",
        "Harvesters can fetch it", "CC0",
    ):  # fmt: skip
        assert words in text, words
    assert "<b>" not in site.visitor().get(f"/why/{stated}").text.replace("&lt;b&gt;", "")


def test_no_words_and_no_names_get_out(site: World, stated: str) -> None:
    for accept in ("text/html", "text/turtle", "application/ld+json"):
        for path in (f"/why/{stated}", f"/why?iri={worlds.item(2)}"):
            answer = site.visitor().get(path, headers={"Accept": accept}, follow_redirects=True)
            assert answer.status_code == 200
            assert [word for word in WORDS if word in answer.text] == []
            assert site.people["ben"].id not in answer.text


def test_it_is_prov_o(site: World, stated: str) -> None:
    """https://www.w3.org/TR/prov-o/: what stands where."""
    graph, names = graph_of(site, f"/why/{stated}"), site.desk.names
    annotation = URIRef(names.annotation(stated).value)
    (statement,) = graph.subjects(RDF.type, RDF.Statement)
    assert graph.value(statement, RDF.subject) == URIRef(names.proxy(worlds.item(2)).value)
    assert graph.value(statement, RDF.predicate) == DC.subject
    assert graph.value(statement, RDF.object) == URIRef(FARMS)
    assert (statement, RDF.type, PROV.Entity) in graph
    assert (statement, PROV.wasDerivedFrom, annotation) in graph
    (publication,) = graph.objects(statement, PROV.wasGeneratedBy)
    assert (publication, RDF.type, PROV.Activity) in graph
    olga = URIRef(site.people["olga"].agent.value)
    assert (publication, PROV.wasAssociatedWith, olga) in graph
    assert graph.value(publication, PROV.endedAtTime) is not None
    people = {URIRef(site.people["ada"].agent.value), URIRef(LOOKER.iri)}
    assert people < set(graph.objects(annotation, PROV.wasAttributedTo))
    assert (URIRef(LOOKER.iri), RDF.type, PROV.SoftwareAgent) in graph
    (votes,) = [
        graph.value(each, PROV.influencer)
        for each in graph.objects(annotation, PROV.qualifiedInfluence)
    ]  # fmt: skip
    counts = [int(graph.value(votes, URIRef(each.value))) for each in  # type: ignore[arg-type]
              (CH.approvals, CH.rejections, CH.unsure)]  # fmt: skip
    assert counts == [2, 1, 0]
    (rule,) = graph.subjects(RDF.type, PROV.Plan)
    assert int(graph.value(rule, URIRef(CH.minimumApprovals.value))) == 2  # type: ignore[arg-type]
    assert (publication, PROV.used, rule) in graph
    (decision,) = graph.objects(publication, PROV.wasInformedBy)
    assert graph.value(decision, URIRef(CH.verdict.value)) == URIRef(CH.Accept.value)
    (vocabulary,) = graph.subjects(PROV.specializationOf, URIRef(names.vocabulary("aat").value))
    assert (publication, PROV.used, vocabulary) in graph


def test_what_it_is_derived_from_is_what_is_published(site: World, stated: str) -> None:
    """The statement that it explains stands in the public data, word for word."""
    graph = graph_of(site, f"/why/{stated}")
    (statement,) = graph.subjects(RDF.type, RDF.Statement)
    triple = tuple(
        graph.value(statement, each) for each in (RDF.subject, RDF.predicate, RDF.object)
    )
    assert triple in graph_of(site, f"/items/{site.item(2)}.ttl")


def test_the_rule_is_the_one_of_its_time(site: World) -> None:
    desk, olga, slug = site.desk, site.people["olga"], site.campaign()
    made = site.publish(slug, 4, RESORTS)
    standing = campaigns.get_campaign(desk, Viewer(sees_work=True), slug)
    stricter = replace(standing, acceptance=Acceptance(7, 3, 0.9, 2))
    campaigns.edit(desk, olga, stricter, now=now())
    page = unescape(site.visitor().get(f"/why/{made}").text)
    assert "the campaign has another one by now" in page
    graph = graph_of(site, f"/why/{made}")
    (rule,) = graph.subjects(RDF.type, PROV.Plan)
    assert int(graph.value(rule, URIRef(CH.minimumApprovals.value))) == 2  # type: ignore[arg-type]
    (comment,) = graph.objects(rule, RDFS.comment)
    assert comment == RdfLiteral(Acceptance().sentence(), lang="en")


def test_data_are_the_same_in_every_language(site: World, stated: str) -> None:
    path = f"/why/{stated}.nt"
    texts = {
        site.visitor().get(path, headers={"Accept-Language": code}).text for code in ("en", "el")
    }
    assert len(texts) == 1


# --- finding it -----------------------------------------------------------------------------------


def test_it_is_reached_from_the_item_and_the_annotation(site: World, stated: str) -> None:
    for path in (f"/items/{site.item(2)}", f"/annotation/{stated}"):
        assert f'href="/why/{stated}"' in site.visitor().get(path).text


def test_it_is_found_by_annotation_item_proxy_field_and_value(site: World, stated: str) -> None:
    names = site.desk.names
    for asked in (
        {"iri": names.annotation(stated).value},
        {"iri": worlds.item(2)},
        {"iri": names.proxy(worlds.item(2)).value},
        {"iri": worlds.item(2), "field": str(DC.subject)},
        {"iri": worlds.item(2), "field": str(DC.subject), "value": FARMS},
    ):
        answer = site.visitor().get("/why", params=asked)
        assert (answer.status_code, answer.headers.get("Location")) == (303, f"/why/{stated}")


def test_several_are_listed_and_told_together(site: World) -> None:
    slug = site.campaign()
    made = {site.publish(slug, 6, term) for term in (FARMS, RESORTS)}
    page = site.visitor().get("/why", params={"iri": worlds.item(6)})
    assert page.status_code == 200
    assert all(f'href="/why/{each}"' in page.text for each in made)
    answer = site.visitor().get(
        "/why", params={"iri": worlds.item(6)}, headers={"Accept": "text/turtle"}
    )
    graph = Graph().parse(data=answer.text, format="turtle")
    assert len(set(graph.subjects(RDF.type, RDF.Statement))) == 2
    one = site.visitor().get("/why", params={"iri": worlds.item(6), "value": FARMS})
    assert one.status_code == 303


@pytest.mark.parametrize(
    "asked",
    ["nothing", "http://nowhere.example/", 'x" } UNION {', "javascript:alert(1)", "\u202ex",
     "<script>alert(1)</script>", worlds.item(11), "x" * 5000],
)  # fmt: skip
def test_what_means_nothing_published_is_not_found(site: World, asked: str) -> None:
    for accept in ("text/html", "text/turtle"):
        answer = site.visitor().get("/why", params={"iri": asked}, headers={"Accept": accept})
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text


# --- what is not public ---------------------------------------------------------------------------


@pytest.fixture
def pending(site: World) -> str:
    slug = site.campaign()
    return site.visitor("ada").start(slug).proposed(slug, site.item(8), VINEYARDS)


@pytest.mark.parametrize("name", ["", "ada", "ben", "olga"])
def test_nothing_is_told_before_it_is_published(site: World, pending: str, name: str) -> None:
    iri = site.desk.names.annotation(pending).value
    for accept in ("text/html", "text/turtle"):
        headers = {"Accept": accept}
        visitor: Visitor = site.visitor(name)
        assert visitor.get(f"/why/{pending}", headers=headers).status_code == 404
        assert visitor.get("/why", params={"iri": iri}, headers=headers).status_code == 404
        answer = visitor.get("/why", params={"iri": worlds.item(8)}, headers=headers)
        assert pending not in answer.text


def test_what_was_withdrawn_is_gone(site: World) -> None:
    slug = site.campaign()
    made = site.publish(slug, 9, RESORTS)
    site.visitor("olga").submit(f"/campaigns/{slug}/unpublish")
    for accept in ("text/html", "text/turtle"):
        answer = site.visitor().get(f"/why/{made}", headers={"Accept": accept})
        assert answer.status_code == 410
