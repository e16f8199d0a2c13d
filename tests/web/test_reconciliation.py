"""Vocabularies as reconciliation services, against the API's own schemas and examples."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pyoxigraph import Literal, NamedNode, Triple
from referencing import Registry
from referencing.jsonschema import DRAFT7

from server.domain import vocabularies
from server.domain.reconciliation_identifiers import Space
from server.domain.reconciliation_scores import likeness
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import DCTERMS, GN, RDF, SKOS, WGS84, XSD, is_safe_iri
from tests.web.campaign_site import AAT, COMPLEXES, FARMS, GUIDE, VINEYARDS, World, now
from tests.web.visitors import Visitor

GEONAMES = "https://sws.geonames.org/"
#: Identifiers and codes as GeoNames has them: (label, class, code, country, population, broader).
PLACES = {
    "390903": ("Greece", "A", "A.PCLI", "GR", 10_727_668, None),
    "6692632": ("Attica", "A", "A.ADM1", "GR", 3_814_064, "390903"),
    "264371": ("Athens", "P", "P.PPLC", "GR", 664_046, "6692632"),
    "4180386": ("Athens", "P", "P.PPLA2", "US", 116_714, None),
    "264351": ("Athens Airport", "S", "S.AIRP", "GR", 0, "6692632"),
}
SCRIPT = '<script>alert("x")</script>'
HOSTILE = "http://terms.example.org/markup/"
CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
Ask = Callable[..., list[dict[str, Any]]]


def place(number: str) -> str:
    return f"{GEONAMES}{number}/"


def triples_of_places() -> Iterator[Triple]:
    for number, (label, class_, code, country, population, broader) in PLACES.items():
        me = NamedNode(place(number))
        yield Triple(me, RDF.type, SKOS.Concept)
        yield Triple(me, SKOS.prefLabel, Literal(label, language="en"))
        yield Triple(me, SKOS.notation, Literal(number))
        yield Triple(me, GN.featureClass, GN[class_])
        yield Triple(me, GN.featureCode, GN[code])
        yield Triple(me, GN.countryCode, Literal(country))
        yield Triple(me, GN.population, Literal(population))
        if broader:
            yield Triple(me, SKOS.broader, NamedNode(place(broader)))
    athens = NamedNode(place("264371"))
    yield Triple(athens, SKOS.prefLabel, Literal("Αθήνα", language="el"))
    yield Triple(athens, SKOS.altLabel, Literal("Athenai", language="en"))
    yield Triple(athens, SKOS.scopeNote, Literal("The capital.", language="en"))
    yield Triple(athens, SKOS.exactMatch, NamedNode("http://www.wikidata.org/entity/Q1524"))
    yield Triple(athens, WGS84.lat, Literal("37.98376", datatype=XSD.decimal))
    yield Triple(athens, WGS84.long, Literal("23.72784", datatype=XSD.decimal))


def triples_of_markup() -> Iterator[Triple]:
    me = NamedNode(HOSTILE + "1")
    yield Triple(me, RDF.type, SKOS.Concept)
    yield Triple(me, RDF.type, NamedNode(HOSTILE + "Type"))
    for property_ in (SKOS.prefLabel, SKOS.altLabel, SKOS.scopeNote):
        yield Triple(me, property_, Literal(SCRIPT + property_.value[-8:], language="en"))


@pytest.fixture(scope="module", autouse=True)
def loaded(world: World) -> None:
    for slug, scheme, triples in (
        ("places", GEONAMES, triples_of_places()),
        ("markup", HOSTILE, triples_of_markup()),
    ):
        title = ((DCTERMS.title, Literal(f"{slug} {SCRIPT}", language="en")),)
        data = VocabularyData(scheme, title, as_statements(triples))
        vocabularies.load(world.desk, world.people["olga"], slug, data, now=now())


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    """A program: no cookies, no wish for pages."""
    with httpx.Client(base_url=world.address, verify=False, timeout=60) as made:
        yield made


@pytest.fixture
def ask(client: httpx.Client) -> Ask:
    """The candidates for one query."""

    def asking(slug: str, query: str = "", **fields: Any) -> list[dict[str, Any]]:
        said = fields | ({"query": query} if query else {})
        answer = post(client, slug, {"q": said})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["q"]["result"]
        return found

    return asking


def post(client: httpx.Client, slug: str, queries: Any, **more: Any) -> httpx.Response:
    return client.post(f"/reconcile/{slug}", data={"queries": json.dumps(queries)}, **more)


def extend(client: httpx.Client, slug: str, ids: list[str], *wanted: Any) -> httpx.Response:
    named = [{"id": each} if isinstance(each, str) else each for each in wanted]
    said = {"ids": ids, "properties": named}
    return client.post(f"/reconcile/{slug}", data={"extend": json.dumps(said)})


# --- the API's schemas and examples ---------------------------------------------------------------


@pytest.fixture(scope="session")
def specification(shared_data: Path) -> Path:
    folder = shared_data / "reconciliation"
    if not folder.is_dir():
        pytest.skip("../shared/data/reconciliation is not there")
    return folder


@pytest.fixture(scope="session")
def conforms(specification: Path) -> Callable[[str, Any], None]:
    """Raises where a value breaks the API's schema of that name."""
    files = {path.stem: json.loads(path.read_text()) for path in specification.glob("schemas/*")}
    resources = [(each["$id"].rstrip("#"), DRAFT7.create_resource(each)) for each in files.values()]
    registry: Registry[Any] = Registry().with_resources(resources)

    def check(name: str, value: Any) -> None:
        Draft7Validator(files[name], registry=registry).validate(value)

    return check


Conforms = Callable[[str, Any], None]


@pytest.mark.parametrize("slug", ["aat", "places", "markup"])
def test_the_manifest_keeps_the_schema(client: httpx.Client, conforms: Conforms, slug: str) -> None:
    answer = client.get(f"/reconcile/{slug}")
    assert answer.headers["Content-Type"] == "application/json"
    conforms("manifest", answer.json())


def test_every_answer_keeps_its_schema(client: httpx.Client, conforms: Conforms) -> None:
    batch = post(client, "places", {"a": {"query": "athens"}, "b": {"query": "nowhere at all"}})
    conforms("reconciliation-result-batch", batch.json())
    for kind, name in (("entity", "entities"), ("property", "properties"), ("type", "types")):
        for prefix in ("a", "co", ""):
            answer = client.get(f"/reconcile/places/suggest/{kind}", params={"prefix": prefix})
            conforms(f"suggest-{name}-response", answer.json())
    proposed = client.get("/reconcile/places/properties?type=&limit=5").json()
    conforms("data-extension-property-proposal", proposed)
    wanted = [
        each["id"] for each in client.get("/reconcile/places/properties").json()["properties"]
    ]
    extended = extend(client, "places", ["264371", "390903", "none"], *wanted)
    conforms("data-extension-response", extended.json())


def test_queries_that_the_api_calls_valid_are_answered(
    client: httpx.Client, specification: Path, conforms: Conforms
) -> None:
    paths = sorted(specification.glob("examples/reconciliation-query-batch/valid/*.json"))
    assert len(paths) == 4
    for path in paths:
        queries = json.loads(path.read_text())
        conforms("reconciliation-query-batch", queries)
        answer = post(client, "aat", queries)
        assert answer.status_code == 200, path.name
        assert answer.json().keys() == queries.keys()
        conforms("reconciliation-result-batch", answer.json())


def test_queries_that_the_api_calls_invalid_are_refused(
    client: httpx.Client, specification: Path
) -> None:
    paths = sorted(specification.glob("examples/reconciliation-query-batch/invalid/*.json"))
    assert len(paths) == 3
    for path in paths:
        answer = post(client, "aat", json.loads(path.read_text()))
        assert answer.status_code == 422, path.name
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["errors"]


def test_properties_of_other_services_are_named_in_the_refusal(
    client: httpx.Client, specification: Path
) -> None:
    for path in specification.glob("examples/data-extension-query/valid/*.json"):
        answer = client.post("/reconcile/aat", data={"extend": path.read_text()})
        assert answer.status_code == 422
        assert "variantName" in answer.json()["detail"]


# --- the manifest ---------------------------------------------------------------------------------


def test_the_manifest_says_what_the_service_is(world: World, client: httpx.Client) -> None:
    said = client.get("/reconcile/aat").json()
    assert said["versions"] == ["0.1", "0.2"]
    assert said["identifierSpace"] == AAT
    assert said["schemaSpace"] == CONCEPT
    assert said["batchSize"] == 50
    assert said["defaultTypes"][0]["id"] == CONCEPT
    assert "authentication" not in said


def test_what_a_manifest_points_at_is_there(world: World, client: httpx.Client) -> None:
    said = client.get("/reconcile/places").json()
    athens = quote("264371", safe="")
    templates = [said["view"]["url"], said["preview"]["url"], said["feature_view"]["url"]]
    addresses = [each.replace("{{id}}", athens) for each in templates]
    for suggest in said["suggest"].values():
        addresses.append(f"{suggest['service_url']}{suggest['service_path']}?prefix=a")
    entity = said["suggest"]["entity"]
    flyout = f"{entity['service_url']}{entity['flyout_service_path']}"
    propose = said["extend"]["propose_properties"]
    addresses += [
        flyout.replace("${id}", athens), f"{propose['service_url']}{propose['service_path']}",
        said["documentation"], said["logo"],
    ]  # fmt: skip
    for address in addresses:
        assert address.startswith(world.address)
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
    assert place("264371") in client.get(addresses[0], follow_redirects=True).text


def test_every_feature_is_explained(client: httpx.Client, ask: Ask) -> None:
    said = client.get("/reconcile/places").json()
    page = client.get("/reconcile", headers={"Accept": "text/html"}).text
    conditions = [{"pid": "broader", "v": "Greece"}, {"pid": "country", "v": "GR"}]
    (best, *_others) = ask("places", "athens", properties=conditions)
    assert {"name", "exact", "preferred", "language", "usage", "type"} <= {
        each["id"] for each in best["features"]
    }
    for each in best["features"]:
        anchor = said["feature_view"]["url"].replace("{{id}}", each["id"]).partition("#")[2]
        assert f'id="{anchor}"' in page
        assert 0 <= each["value"] <= 1


def test_the_services_are_listed_for_people_and_programs(client: httpx.Client) -> None:
    rows = client.get("/reconcile").json()
    assert any(each["url"].endswith("/reconcile/aat") for each in rows)
    page = client.get("/reconcile", headers={"Accept": "text/html"})
    assert "/reconcile/aat</code>" in page.text
    assert SCRIPT not in page.text


# --- identifiers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("space", "iri", "identifier"),
    [
        (AAT, AAT + "300000206", "300000206"),
        (GEONAMES, GEONAMES + "264371/", "264371"),
        (GEONAMES, GEONAMES + "264371", GEONAMES + "264371"),
        (GEONAMES, "http://sws.geonames.org/264371/", "http://sws.geonames.org/264371/"),
        ("http://x.org/terms#", "http://x.org/terms#a/b?c", "a/b?c"),
        ("http://x.org/scheme", "http://x.org/scheme/1", "http://x.org/scheme/1"),
        ("http://x.org/", "http://x.org/", "http://x.org/"),
        ("http://x.org/", "http://x.org/http://y.org/", "http://x.org/http://y.org/"),
        ("urn:x:", "urn:x:1", "1"),
    ],
)
def test_an_identifier_is_what_stands_below_the_space(
    space: str, iri: str, identifier: str
) -> None:
    assert Space(space).identifier_of(iri) == identifier
    assert Space(space).iri_of(identifier) == iri


IRIS = st.builds(
    "".join,
    st.lists(
        st.sampled_from(["http://x.org/", "https://sws.geonames.org/", "a", "/", "#", "1", "urn:"]),
        min_size=1,
        max_size=6,
    ),
).map(lambda text: "http://x.org/" + text)


@given(st.sampled_from(["http://x.org/", "http://x.org", GEONAMES, "http://x.org/a#"]), IRIS)
def test_an_identifier_leads_back_to_its_term(space: str, iri: str) -> None:
    assume(is_safe_iri(iri))
    assert Space(space).iri_of(Space(space).identifier_of(iri)) == iri


@pytest.mark.parametrize("text", ["", " ", "a b", "<x>", "\0", "javascript:alert(1)\n", "x" * 5000])
def test_what_can_be_no_identifier_is_none(text: str) -> None:
    assert Space(AAT).iri_of(text) is None


# --- candidates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [("kitten", "sitting", 4), ("agcat", "gac", 2), ("abcbdab", "bdcaba", 4), ("", "abc", 0)],
)
def test_likeness_is_twice_the_longest_common_subsequence(
    one: str, other: str, common: int
) -> None:
    """The lengths are textbook ones (Cormen et al., Introduction to Algorithms, 15.4, for two)."""
    assert likeness(one, other) == pytest.approx(2 * common / (len(one) + len(other)))


def test_the_very_name_is_a_match(ask: Ask) -> None:
    best = ask("aat", "Farms")[0]
    assert (best["id"], best["name"], best["match"]) == ("300000206", "farms", True)
    assert best["score"] > 90
    assert "complexes (buildings)" in best["description"]
    assert best["type"][0]["id"] == CONCEPT


def test_words_in_another_order_are_close_but_no_match(ask: Ask) -> None:
    best = ask("aat", "resorts seaside")[0]
    assert best["name"] == "seaside resorts"
    assert 80 < best["score"] < 97
    assert not best["match"]


@pytest.mark.parametrize("text", ["300000206", FARMS])
def test_an_identifier_or_iri_finds_its_term(ask: Ask, text: str) -> None:
    best = ask("aat", text)[0]
    assert (best["id"], best["score"], best["match"]) == ("300000206", 100.0, True)


def test_homonyms_are_no_match(ask: Ask) -> None:
    first, second = ask("places", "Athens")[:2]
    assert {first["id"], second["id"]} == {"264371", "4180386"}
    assert not first["match"] and not second["match"]


@pytest.mark.parametrize(
    "condition",
    [
        {"pid": "country", "v": "GR"},
        {"pid": "country", "v": "Greece"},
        {"pid": "country", "v": "Ελλάδα"},
        {"pid": "country", "v": ["IT", "GR"]},
        {"pid": str(GN.countryCode.value), "v": "gr"},
        {"p": "country", "v": "GR"},
        {"pid": "broader", "v": "Attica"},
        {"pid": "broader", "v": "greece"},
        {"pid": "broader", "v": {"id": "390903", "name": "Greece"}},
        {"pid": "broader", "v": "390903"},
        {"pid": "broader", "v": place("390903")},
        {"pid": "featureCode", "v": "PPLC"},
        {"pid": "featureCode", "v": "P.PPLC"},
        {"pid": "notation", "v": "264371"},
        {"pid": "notation", "v": 264371},
        {"pid": "exactMatch", "v": "http://www.wikidata.org/entity/Q1524"},
        {"pid": "prefLabel@el", "v": "αθηνα"},
    ],
)
def test_a_condition_tells_homonyms_apart(ask: Ask, condition: dict[str, Any]) -> None:
    first, second = ask("places", "Athens", properties=[condition])[:2]
    assert (first["id"], first["match"]) == ("264371", True)
    assert second["score"] < first["score"] / 1.5


def test_conditions_that_do_not_hold_prevent_a_match(ask: Ask) -> None:
    best = ask("aat", "farms", properties=[{"pid": "broader", "v": "vineyards"}])[0]
    assert (best["id"], best["match"]) == ("300000206", False)
    assert best["score"] < 60


@pytest.mark.parametrize("pid", ["colour of hair", "prefLabel@el@de", "hex@en", "", "' OR 1=1"])
def test_an_unknown_property_is_never_agreed_with(ask: Ask, pid: str) -> None:
    best = ask("aat", "farms", properties=[{"pid": pid, "v": "x"}])[0]
    assert (best["id"], best["match"]) == ("300000206", False)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"pid": "notation", "v": "264371"}, ["264371"]),
        ({"pid": "exactMatch", "v": "http://www.wikidata.org/entity/Q1524"}, ["264371"]),
        ({"pid": "broader", "v": "Attica"}, ["264351", "264371"]),
        ({"pid": "country", "v": "GR"}, []),
        ({"pid": "notation", "v": "1"}, []),
    ],
)
def test_a_query_without_a_text_is_answered_from_its_conditions(
    ask: Ask, condition: dict[str, Any], expected: list[str]
) -> None:
    found = ask("places", properties=[condition])
    assert sorted(each["id"] for each in found) == sorted(expected)
    assert [each["match"] for each in found] == [len(expected) == 1] * len(found)


def test_types_are_kept_to(ask: Ask) -> None:
    populated = str(GN.P.value)
    found = ask("places", "athens", type=populated, type_strict="any")
    assert {each["id"] for each in found} == {"264371", "4180386"}
    assert all(populated in [one["id"] for one in each["type"]] for each in found)
    both = [populated, str(GN["P.PPLC"].value)]
    (only,) = ask("places", "athens", type=both, type_strict="all")
    assert (only["id"], only["match"]) == ("264371", True)


def test_types_that_only_should_be_come_first(ask: Ask) -> None:
    airport = str(GN.S.value)
    found = ask("places", "athens airport", type=airport, type_strict="should")
    assert (found[0]["id"], found[0]["match"]) == ("264351", True)
    wrong = ask("places", "athens airport", type=[str(GN.P.value)], type_strict="should")
    (same,) = [each for each in wrong if each["id"] == "264351"]
    assert same["score"] < 60
    assert not same["match"]


def test_an_unknown_type_has_no_terms(ask: Ask) -> None:
    assert ask("aat", "farms", type="http://nowhere.example.org/Type") == []
    assert ask("aat", "farms", type="Person'\"<") == []
    assert not any(each["match"] for each in ask("aat", "farms", type="P", type_strict="should"))


def test_every_term_is_a_concept(ask: Ask) -> None:
    assert ask("aat", "farms", type=CONCEPT, type_strict="should")[0]["match"]


def test_guide_terms_are_no_candidates(ask: Ask) -> None:
    for text in ("built complexes", GUIDE, GUIDE.rpartition("/")[2]):
        assert GUIDE.rpartition("/")[2] not in [each["id"] for each in ask("aat", text)]


def test_guide_terms_narrow_a_search(ask: Ask) -> None:
    guide = GUIDE.rpartition("/")[2]
    assert ask("aat", "farms", properties=[{"pid": "broader", "v": guide}])[0]["match"]


@pytest.mark.parametrize(
    ("limit", "most"), [(1, 1), (2, 2), (2.0, 2), (0, 10), (-3, 10), (None, 10), (1e300, 50)]
)
def test_the_limit_is_kept_within_bounds(ask: Ask, limit: Any, most: int) -> None:
    assert len(ask("aat", "s", limit=limit)) <= most


def test_one_candidate_alone_is_no_match_because_others_were_not_asked_for(ask: Ask) -> None:
    (only,) = ask("places", "Athens", limit=1)
    assert not only["match"]


def test_terms_are_named_in_the_language_asked_for(client: httpx.Client) -> None:
    in_greek = client.post(
        "/reconcile/places?lang=el", data={"queries": json.dumps({"q": {"query": "ΑΘΗΝΑ"}})}
    )
    best = in_greek.json()["q"]["result"][0]
    assert (best["name"], best["match"]) == ("Αθήνα", True)
    accepted = post(client, "places", {"q": {"query": "αθήνα"}}, headers={"Accept-Language": "el"})
    assert accepted.json()["q"]["result"][0]["name"] == "Αθήνα"


# --- what is sent ---------------------------------------------------------------------------------


def test_fifty_queries_are_a_batch_and_more_are_too_many(client: httpx.Client) -> None:
    queries = {f"q{number}": {"query": "farms"} for number in range(50)}
    answer = post(client, "aat", queries)
    assert answer.json().keys() == queries.keys()
    elsewhere = {"Origin": "https://elsewhere.example.org"}
    too_many = post(client, "aat", queries | {"more": {"query": "farms"}}, headers=elsewhere)
    assert too_many.status_code == 413
    assert too_many.headers["Content-Type"] == "application/problem+json"
    assert too_many.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", "3", '"x"', "[[" * 5000, '{"q": NaN}', "\ufeff"]
)
@pytest.mark.parametrize("field", ["queries", "extend"])
def test_what_is_no_json_object_is_refused(client: httpx.Client, field: str, text: str) -> None:
    answer = client.post("/reconcile/aat", data={field: text})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert client.get("/reconcile/aat", params={field: text[:500]}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        [], None, "farms", {}, {"query": 3}, {"query": ["farms"]}, {"query": "x", "limit": "two"},
        {"query": "x", "limit": True}, {"query": "x", "type": 3}, {"query": "x", "type": [[]]},
        {"query": "x", "type_strict": "most"}, {"query": "x", "properties": {}},
        {"query": "x", "properties": ["broader"]}, {"query": "x", "properties": [{"v": "x"}]},
        {"query": "x", "properties": [{"pid": "broader"}]},
        {"query": "x", "properties": [{"pid": "broader", "v": {"name": "x"}}]},
        {"query": "x", "properties": [{"pid": "broader", "v": [["x"]]}]},
    ],
)  # fmt: skip
def test_a_faulty_query_is_named(client: httpx.Client, query: Any) -> None:
    answer = post(client, "aat", {"good": {"query": "farms"}, "bad": query})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["bad"]


ODD = [
    "a" * 10_000, "farms " * 2_000, "\0", "\u202efarms", "👩‍🎨", '"', "NEAR(a b)", "*",
    "' OR 1=1 --", 'x" } UNION {', SCRIPT, "ß" * 3_000, " ", "http://" + "x" * 5_000, "{{id}}",
    "\ud7ff", "%FF",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_whatever_is_asked_is_only_text(client: httpx.Client, text: str) -> None:
    conditions = [{"pid": pid, "v": text} for pid in ("broader", "country", "exactMatch", text)]
    queries = {
        text: {"query": text, "type": text, "type_strict": "should"},
        "c": {"query": text, "properties": conditions},
        "p": {"properties": conditions},
    }
    answer = post(client, "places", queries)
    assert answer.status_code == 200
    assert list(answer.json()) == list(queries)
    extended = extend(client, "places", [text], "prefLabel", "broader")
    assert extended.json()["rows"] == {text: {"prefLabel": [], "broader": []}}
    for kind in ("entity", "property", "type"):
        found = client.get(f"/reconcile/places/suggest/{kind}", params={"prefix": text[:4000]})
        assert found.status_code == 200
        flyout = client.get(f"/reconcile/places/flyout/{kind}", params={"id": text[:4000]})
        assert flyout.status_code == 404


def test_a_query_may_be_blank(ask: Ask, client: httpx.Client) -> None:
    assert post(client, "aat", {"q": {"query": ""}}).json() == {"q": {"result": []}}
    assert post(client, "aat", {}).json() == {}


def test_queries_may_be_sent_by_get(client: httpx.Client) -> None:
    asked = {"queries": json.dumps({"q": {"query": "farms"}})}
    found = client.get("/reconcile/aat", params=asked).json()
    assert found["q"]["result"][0]["match"]


def test_a_post_without_a_question_is_refused(client: httpx.Client) -> None:
    assert client.post("/reconcile/aat", data={"query": "farms"}).status_code == 400
    assert client.post("/reconcile/aat", json={"queries": {}}).status_code == 400
    assert client.put("/reconcile/aat").status_code in (403, 405)


def test_a_large_body_is_refused(client: httpx.Client) -> None:
    answer = client.post("/reconcile/aat", data={"queries": "x" * 3_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["", "/suggest/entity", "/flyout/entity", "/preview", "/view"])
def test_what_is_no_public_vocabulary_is_not_there(client: httpx.Client, path: str) -> None:
    assert client.get(f"/reconcile/nothing{path}").status_code == 404
    assert post(client, "nothing", {"q": {"query": "farms"}}).status_code == 404
    assert extend(client, "no..thing", ["1"], "prefLabel").status_code == 404


@pytest.mark.parametrize("path", ["suggest/nothing", "flyout/nothing", "preview?id=1", "view?id="])
def test_what_a_service_does_not_have_is_not_there(client: httpx.Client, path: str) -> None:
    assert client.get(f"/reconcile/aat/{path}").status_code == 404


# --- who may ask ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/reconcile", "/reconcile/aat", "/reconcile/aat/suggest/entity?prefix=f",
        "/reconcile/aat/flyout/entity?id=300000206", "/reconcile/aat/preview?id=300000206",
        "/reconcile/aat/properties", "/reconcile/aat/suggest/nothing", "/reconcile/nothing",
    ],
)  # fmt: skip
def test_pages_of_any_origin_may_read(client: httpx.Client, path: str) -> None:
    elsewhere = {"Origin": "https://elsewhere.example.org"}
    answer = client.get(path, headers=elsewhere)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "accept"}
    preflight = client.options(path, headers=elsewhere | asked)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"


def test_a_preflight_allows_posts(client: httpx.Client) -> None:
    asked = {"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    assert (
        "POST"
        in client.options("/reconcile/aat", headers=asked).headers["Access-Control-Allow-Methods"]
    )
    assert client.options("/reconcile/aat").status_code == 204


def test_questions_need_no_token_set_no_cookie_and_write_nothing(
    world: World, organiser: Visitor
) -> None:
    before = world.last()
    queries = {"queries": json.dumps({"q": {"query": "farms"}})}
    answer = organiser.post(
        "/reconcile/aat", data=queries, headers={"Origin": "https://elsewhere.example.org"}
    )
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Set-Cookie" not in organiser.get("/reconcile/aat/preview?id=300000206").headers
    assert world.last() == before


def test_only_previews_may_be_framed(client: httpx.Client) -> None:
    framed = client.get("/reconcile/aat/preview?id=300000206")
    policy = framed.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy and "default-src 'none'" in policy
    assert "X-Frame-Options" not in framed.headers
    term = f"/terms?iri={quote(FARMS, safe='')}"
    others = ("", "/aat", "/aat/view?id=300000206", "/aat/preview?id=nothing", "/aat/properties")
    for path in ("/", term, *(f"/reconcile{each}" for each in others)):
        answer = client.get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


# --- scripts elsewhere ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cb", "jQuery123_45", "a.b.c", "$_"])
@pytest.mark.parametrize("path", ["?", "/suggest/entity?prefix=far&", "/properties?"])
def test_an_answer_may_be_a_script_that_calls_a_function(
    client: httpx.Client, path: str, name: str
) -> None:
    answer = client.get(f"/reconcile/aat{path}callback={name}")
    assert answer.headers["Content-Type"].startswith("application/javascript")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    start, end = f"/**/{name}(", ");"
    assert answer.text.startswith(start) and answer.text.endswith(end)
    json.loads(answer.text.removeprefix(start).removesuffix(end))


@pytest.mark.parametrize(
    "name",
    ["", "alert(1)", "a;b", "a b", "a.b.", ".a", "1a", "a[0]", "<script>", "a\n", "é", "a" * 101,
     "a/**/", "\u2028", "a.b.c.d.e.f.g"],
)  # fmt: skip
def test_nothing_but_a_name_is_called(client: httpx.Client, name: str) -> None:
    answer = client.get("/reconcile/aat", params={"callback": name})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_script_holds_no_markup(client: httpx.Client) -> None:
    answer = client.get("/reconcile/markup/suggest/entity", params={"prefix": "1", "callback": "f"})
    assert "<" not in answer.text
    assert json.loads(answer.text[6:-2])["result"][0]["name"].startswith(SCRIPT)


# --- suggestions and previews ---------------------------------------------------------------------


def suggested(client: httpx.Client, slug: str, kind: str, prefix: str, **more: Any) -> list[str]:
    address = f"/reconcile/{slug}/suggest/{kind}"
    found = client.get(address, params={"prefix": prefix, **more}).json()["result"]
    return [each["id"] for each in found]


def test_terms_are_suggested_by_prefix_name_and_identifier(client: httpx.Client) -> None:
    for prefix in ("far", "farms", "300000206", FARMS):
        assert suggested(client, "aat", "entity", prefix)[0] == "300000206"
    assert suggested(client, "aat", "entity", "") == []


def test_a_cursor_skips_suggestions(client: httpx.Client) -> None:
    first, second = (suggested(client, "aat", "entity", "s", cursor=n) for n in (0, 10))
    assert len(first) == 10
    assert second and not set(first) & set(second)
    for cursor in ("-1", "x", "9" * 500, "5000"):
        assert len(suggested(client, "aat", "entity", "s", cursor=cursor)) <= 10


def test_properties_and_types_are_suggested(client: httpx.Client) -> None:
    assert suggested(client, "places", "property", "coun") == ["country"]
    assert "broader" in suggested(client, "aat", "property", "broader term")
    assert str(GN.P.value) in suggested(client, "places", "type", "city")
    assert CONCEPT in suggested(client, "aat", "type", "")


@pytest.mark.parametrize(
    ("kind", "identifier", "text"),
    [("entity", "264371", "The capital."), ("property", "broader", "Broader term"),
     ("type", str(GN.P.value), "City")],
)  # fmt: skip
def test_a_flyout_tells_what_something_is(
    client: httpx.Client, kind: str, identifier: str, text: str
) -> None:
    said = client.get(f"/reconcile/places/flyout/{kind}", params={"id": identifier}).json()
    assert said["id"] == identifier
    assert text in said["html"]


def test_a_preview_shows_a_term(client: httpx.Client) -> None:
    page = client.get("/reconcile/places/preview?id=264371").text
    for text in ("Athens", "The capital.", "Αθήνα", "Athenai", "Greece", "Attica"):
        assert text in page
    whole = client.get(f"/reconcile/places/preview?id={quote(place('264371'), safe='')}")
    assert "Athens" in whole.text


def test_what_a_vocabulary_says_is_never_active(client: httpx.Client) -> None:
    preview = client.get("/reconcile/markup/preview?id=1").text
    flyout = client.get("/reconcile/markup/flyout/entity?id=1").json()["html"]
    kind = client.get("/reconcile/markup/flyout/type", params={"id": HOSTILE + "Type"}).json()
    for html in (preview, flyout, kind["html"]):
        assert "<script" not in html
    assert "&lt;script&gt;" in preview and "&lt;script&gt;" in flyout


# --- data extension -------------------------------------------------------------------------------


def test_values_are_fetched(client: httpx.Client) -> None:
    answer = extend(
        client, "places", ["264371", "4180386"], "prefLabel", "prefLabel@el", "altLabel",
        "scopeNote", "exactMatch", "broader", "notation", "country", "population", "latitude",
        "coordinates",
    ).json()  # fmt: skip
    assert answer["rows"]["264371"] == {
        "prefLabel": [{"str": "Athens"}],
        "prefLabel@el": [{"str": "Αθήνα"}],
        "altLabel": [{"str": "Athenai"}],
        "scopeNote": [{"str": "The capital."}],
        "exactMatch": [{"str": "http://www.wikidata.org/entity/Q1524"}],
        "broader": [{"id": "6692632", "name": "Attica"}],
        "notation": [{"str": "264371"}],
        "country": [{"str": "GR"}],
        "population": [{"int": 664046}],
        "latitude": [{"float": 37.98376}],
        "coordinates": [{"str": "37.98376,23.72784"}],
    }
    assert answer["rows"]["4180386"]["coordinates"] == []
    assert [each["id"] for each in answer["meta"]][:2] == ["prefLabel", "prefLabel@el"]


def test_settings_say_how_many_in_which_language_and_form(client: httpx.Client) -> None:
    wanted = [
        {"id": "prefLabel", "settings": {"language": "el"}},
        {"id": "broader", "settings": {"content": "id", "limit": "1"}},
        {"id": "featureClass", "settings": {}},
        {"id": "featureCode", "settings": {"content": "id"}},
    ]
    row = extend(client, "places", ["264371"], *wanted).json()["rows"]["264371"]
    assert row["prefLabel"] == [{"str": "Αθήνα"}]
    assert row["broader"] == [{"str": place("6692632")}]
    assert row["featureClass"] == [{"str": "City, village"}]
    assert row["featureCode"] == [{"str": str(GN["P.PPLC"].value)}]
    every = {"id": "prefLabel", "settings": {"language": "all"}}
    found = extend(client, "places", ["264371"], every).json()["rows"]["264371"]["prefLabel"]
    assert sorted(each["str"] for each in found) == ["Athens", "Αθήνα"]
    none = {"id": "prefLabel", "settings": {"language": "pl"}}
    assert extend(client, "places", ["264371"], none).json()["rows"]["264371"]["prefLabel"] == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 422), ({"ids": "264371", "properties": []}, 422), 
        ({"ids": [3], "properties": []}, 422),
        ({"ids": [], "properties": ["x"]}, 422), ({"ids": [], "properties": [{"id": "x"}]}, 422),
        ({"ids": [], "properties": [{"id": "notation", "settings": []}]}, 200),
        ({"ids": [], "properties": [{"id": "notation", "settings": "x"}]}, 422),
        ({"ids": ["x"] * 1001, "properties": []}, 413),
        ({"ids": [], "properties": [{"id": "notation"}] * 51}, 413),
    ],
)  # fmt: skip
def test_a_faulty_extension_is_refused(client: httpx.Client, said: Any, status: int) -> None:
    answer = client.post("/reconcile/places", data={"extend": json.dumps(said)})
    assert answer.status_code == status


def test_properties_are_proposed_by_type(client: httpx.Client) -> None:
    def proposed(query: str) -> list[str]:
        found = client.get(f"/reconcile/places/properties?{query}").json()["properties"]
        return [each["id"] for each in found]

    assert {"country", "population", "prefLabel@el"} <= set(proposed(f"type={quote(GN.P.value)}"))
    assert "country" not in proposed("type=http://example.org/Person")
    assert len(proposed("type=&limit=3")) == 3


def test_broader_terms_and_vineyards_are_still_what_they_were(ask: Ask) -> None:
    condition = {"pid": "broader", "v": COMPLEXES}
    assert ask("aat", "vineyards", properties=[condition])[0]["id"] == VINEYARDS.rpartition("/")[2]
