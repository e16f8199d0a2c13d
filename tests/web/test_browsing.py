"""Browsing: the tree, names from A to Z, the pages of vocabularies and terms."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from lxml import html
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from server.domain import graph_states, vocabularies
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import (
    CH,
    DC,
    DCTERMS,
    FOAF,
    GN,
    OWL,
    RDF,
    SKOS,
    WGS84,
    XSD,
)
from server.patches import Patch, on
from tests import worlds
from tests.web.campaign_site import COMPLEXES, FARMS, GUIDE, RESORTS, VINEYARDS, World, now
from tests.web.test_accessibility import problems
from tests.web.visitors import Visitor

BASE = "http://plants.example.org/"
MANY = 5_000
SCRIPT = "<script>alert(1)</script>"
TURTLE = {"Accept": "text/turtle"}


def iri(name: str) -> str:
    return BASE + name


class Terms:
    """Concepts in plain SKOS, one call each."""

    def __init__(self) -> None:
        self.triples: list[Triple] = []

    def add(self, name: str, *broader: str, label: str = "", **labels: str) -> NamedNode:
        me = NamedNode(iri(name))
        self.say(me, RDF.type, SKOS.Concept)
        for tag, text in {"en": label or name, **labels}.items():
            self.say(me, SKOS.prefLabel, Literal(text, language=tag))
        for up in broader:
            self.say(me, SKOS.broader, NamedNode(iri(up)))
        return me

    def say(self, me: NamedNode, property_: NamedNode, value: NamedNode | Literal) -> None:
        self.triples.append(Triple(me, property_, value))


def plants() -> Terms:
    made = Terms()
    made.say(made.add("by-use", label="plants by use"), CH.guideTerm, Literal(True))
    made.add("trees", label="trees", de="Bäume", el="δέντρα")
    oak = made.add("oak", "trees", "by-use", label="oak", de="Eiche")
    made.say(oak, SKOS.altLabel, Literal("quercus", language="en"))
    made.say(oak, SKOS.altLabel, Literal("Ähre der Eiche", language="de"))
    for tag, text in (("en", "A tree with acorns."), ("de", "Ein Baum mit Eicheln.")):
        made.say(oak, SKOS.scopeNote, Literal(text, language=tag))
    made.say(oak, SKOS.definition, Literal("A kind of Quercus.", language="en"))
    made.say(oak, SKOS.notation, Literal("P-17"))
    made.say(oak, SKOS.related, NamedNode(iri("many")))
    made.say(oak, SKOS.exactMatch, NamedNode("http://elsewhere.example.org/oak"))
    made.say(oak, SKOS.closeMatch, NamedNode(FARMS))
    made.say(oak, FOAF.depiction, NamedNode("http://pictures.example.org/oak.jpg"))
    made.add("cycle-a", "cycle-b", label="cycle a")
    made.add("cycle-b", "cycle-a", label="cycle b")
    made.add("self", "self", label="a loop")
    made.add("lost", "nowhere", label="lost child")
    made.add("markup", "trees", label=f"xyl {SCRIPT}", de='" onmouseover="alert(2)')
    made.add("quo'te", "trees", label="quoted")
    made.add("1789", label="1789 roses")
    made.add("many", label="many")
    for number in range(MANY):
        made.add(f"many-{number}", "many", label=f"leaf {number:04}")
    place = made.add("athens", label="Athens")
    made.say(place, WGS84.lat, Literal("37.98376", datatype=XSD.decimal))
    made.say(place, WGS84.long, Literal("23.72784", datatype=XSD.decimal))
    made.say(place, GN.countryCode, Literal("GR"))
    made.say(place, GN.population, Literal("664046"))
    made.say(place, GN.featureClass, GN.P)
    for name, latitude in (("pole", "90.5"), ("words", "north"), ("nan", "NaN")):
        odd = made.add(f"place-{name}", label=f"place {name}")
        made.say(odd, WGS84.lat, Literal(latitude))
        made.say(odd, WGS84.long, Literal("10"))
    made.say(made.add("green", label="green"), CH.hex, Literal("#00ff7f"))
    made.say(made.add("odd", label="odd colour"), CH.hex, Literal('red"/><script>'))
    old = made.add("old", label="old name")
    made.say(old, OWL.deprecated, Literal(True))
    made.say(old, DCTERMS.isReplacedBy, NamedNode(iri("oak")))
    return made


@pytest.fixture(scope="module", autouse=True)
def loaded(world: World) -> None:
    metadata = (
        (DCTERMS.title, Literal("Plants", language="en")),
        (DCTERMS.description, Literal("What grows.", language="en")),
        (DCTERMS.source, NamedNode("http://plants.example.org/about")),
        (DCTERMS.license, NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")),
        (OWL.versionInfo, Literal("7th edition")),
    )
    data = VocabularyData(BASE, metadata, as_statements(plants().triples))
    vocabularies.load(world.desk, world.people["olga"], "plants", data, now=now())
    also = Terms()
    also.add("oak", label="oak")
    title = ((DCTERMS.title, Literal("Timber", language="en")),)
    timber = VocabularyData(f"{BASE}timber", title, as_statements(also.triples))
    vocabularies.load(world.desk, world.people["olga"], "timber", timber, now=now())


def address(name: str, **more: object) -> str:
    return f"/terms?{urlencode({'iri': iri(name), **more})}"


def read(visitor: Visitor, path: str) -> html.HtmlElement:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.text
    return html.document_fromstring(answer.text)


def fragment(visitor: Visitor, path: str) -> list[html.HtmlElement]:
    """The nodes of a branch, as its page fetches it."""
    answer = visitor.get(path, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.text
    assert "<html" not in answer.text
    return items(html.fragment_fromstring(answer.text, create_parent="ul"))


def items(tree: html.HtmlElement) -> list[html.HtmlElement]:
    return list(tree.xpath(".//*[@role='treeitem']"))


def named(item: html.HtmlElement) -> str:
    found = item.xpath(".//*[@class='name']")
    return str(found[0].text_content()) if found else str(item.text_content()).strip()


def words(tree: html.HtmlElement) -> str:
    return " ".join(tree.text_content().split())


def test_the_page_of_a_vocabulary_says_what_it_is(visitor: Visitor) -> None:
    page = read(visitor, "/vocabularies/plants")
    text = words(page)
    for said in ("Plants", "What grows.", "7th edition", "CC0 1.0", "Last change", "5,018"):
        assert said in text, said
    links = page.xpath("//main//@href")
    for link in (
        "http://plants.example.org/about", "/vocabularies/plants/terms.ttl",
        "/vocabularies/plants/index",
    ):  # fmt: skip
        assert link in links


def test_the_languages_stand_with_the_number_of_their_names(visitor: Visitor) -> None:
    page = read(visitor, "/vocabularies/plants")
    counted = [words(each) for each in page.xpath("//*[@class='counted']/li")]
    assert "German 4" in counted and "Greek 1" in counted


def test_a_vocabulary_names_the_campaigns_that_use_it_but_no_draft(
    world: World, visitor: Visitor, organiser: Visitor
) -> None:
    assert "/campaigns/subjects" in read(visitor, "/vocabularies/aat").xpath("//main//@href")
    assert "/campaigns/hidden" not in visitor.get("/vocabularies/aat").text
    assert "/campaigns/hidden" in read(organiser, "/vocabularies/aat").xpath("//main//@href")


def test_only_those_who_may_import_are_offered_to_change_it(
    visitor: Visitor, organiser: Visitor
) -> None:
    links = ("/vocabularies/plants/edit", "/vocabularies/plants/terms/new")
    assert not any(link in visitor.get("/vocabularies/plants").text for link in links)
    assert all(link in organiser.get("/vocabularies/plants").text for link in links)


def test_a_branch_is_a_fragment_with_levels_and_places(visitor: Visitor) -> None:
    found = fragment(visitor, f"/vocabularies/plants/tree?under={iri('trees')}&level=2")
    assert [named(each) for each in found] == ["oak", "quoted", f"xyl {SCRIPT}"]
    assert [each.get("aria-posinset") for each in found] == ["1", "2", "3"]
    assert {each.get("aria-setsize") for each in found} == {"3"}
    assert {each.get("aria-level") for each in found} == {"2"}


def test_a_branch_of_thousands_comes_a_hundred_at_a_time(visitor: Visitor) -> None:
    seen: list[str] = []
    path = f"/vocabularies/plants/tree?under={iri('many')}&level=2"
    while path:
        *nodes, last = fragment(visitor, path)
        path = last.get("data-more") or ""
        seen += [named(each) for each in (nodes if path else [*nodes, last])]
        assert len(nodes) <= 100
    assert seen == [f"leaf {number:04}" for number in range(MANY)]


def test_the_places_of_a_long_branch_go_on(visitor: Visitor) -> None:
    found = fragment(visitor, f"/vocabularies/plants/tree?under={iri('many')}&offset=4000")
    assert (found[0].get("aria-posinset"), found[0].get("aria-setsize")) == ("4001", str(MANY))


def test_the_tree_opens_at_a_term_among_thousands(visitor: Visitor) -> None:
    page = read(visitor, f"/vocabularies/plants?open={iri('many-3700')}")
    (current,) = page.xpath("//*[@role='treeitem'][@aria-current]")
    assert named(current) == "leaf 3700"
    group = current.xpath("ancestor::ul[@role='group'][1]")[0]
    around = [named(each) for each in items(group)]
    assert "leaf 3699" in around and "leaf 3701" in around and len(around) <= 102
    owner = page.xpath("//*[@aria-owns=$id]", id=group.get("id"))[0]
    assert (named(owner), owner.get("aria-expanded")) == ("many", "true")
    before = items(group)[0].get("data-more")
    assert named(fragment(visitor, before)[-1]) == "leaf 3679"


def test_a_node_says_whether_and_how_much_is_below_it(visitor: Visitor) -> None:
    tops = {named(each): each for each in items(read(visitor, "/vocabularies/plants"))}
    assert tops["many"].get("aria-expanded") == "false"
    assert "5,000 narrower terms" in tops["many"].text_content()
    assert tops["1789 roses"].get("aria-expanded") is None


def test_a_guide_term_is_shown_as_one(visitor: Visitor) -> None:
    page = read(visitor, "/vocabularies/plants")
    assert "<plants by use>" in [named(each) for each in items(page)]
    assert "arranges others" in words(read(visitor, address("by-use")))


def test_a_term_under_two_parents_stands_below_both(visitor: Visitor) -> None:
    for parent in ("trees", "by-use"):
        found = fragment(visitor, f"/vocabularies/plants/tree?under={iri(parent)}")
        assert "oak" in [named(each) for each in found]
    page = read(visitor, address("oak"))
    crumbs = [words(each) for each in page.xpath("//*[@class='crumbs']")]
    assert sorted(crumbs) == ["Plants › plants by use", "Plants › trees"]


@pytest.mark.parametrize("name", ["cycle-a", "cycle-b", "self", "lost"])
def test_cycles_and_lost_parents_do_no_harm(visitor: Visitor, name: str) -> None:
    page = read(visitor, f"/vocabularies/plants?open={iri(name)}")
    assert len(page.xpath("//*[@role='treeitem'][@aria-current]")) == 1
    assert problems(visitor.get(address(name)).text) == []
    assert visitor.get(f"/vocabularies/plants/tree?under={iri(name)}").status_code == 200


def test_every_link_of_the_tree_works_without_a_script(visitor: Visitor) -> None:
    page = read(visitor, f"/vocabularies/plants?open={iri('many')}")
    links = page.xpath("//ul[@role='tree']//a/@href")
    for link in [*links[:12], *links[-8:]]:
        assert visitor.get(link.partition("#")[0]).status_code == 200, link
    more = [each.get("href") for each in items(page) if each.get("data-more")]
    assert "leaf 0100" in visitor.get(more[0]).text


def test_names_are_shown_in_the_language_one_chooses(visitor: Visitor) -> None:
    page = read(visitor, f"/vocabularies/plants?lang=de&open={iri('oak')}")
    assert {"Bäume", "Eiche"} <= {named(each) for each in items(page)}
    found = {named(each): each for each in items(page)}
    assert found["Eiche"].xpath(".//*[@lang='de']")
    assert all("lang=de" in each.get("href") for each in items(page))
    term = read(visitor, address("oak", lang="de"))
    assert term.xpath("//h1")[0].text == "Eiche" and term.get("lang") == "en"
    assert all("lang=de" in link for link in term.xpath("//*[@class='crumbs']//a/@href"))


@pytest.mark.parametrize("lang", ["xx", "de\r\nX: y", "<b>", "a" * 500, "''", "en-GB-x-1"])
def test_a_language_that_is_none_is_passed_over(visitor: Visitor, lang: str) -> None:
    asked = urlencode({"lang": lang})
    for path, said in (
        ("/vocabularies/plants?", "trees"),
        ("/vocabularies/plants/index?", "1789 roses"),
        (address("oak") + "&", "oak"),
    ):
        assert said in words(read(visitor, path + asked).xpath("//main")[0])


@pytest.mark.parametrize("lang", ["xx", "grc", "zh-Hant"])
def test_the_words_of_the_page_are_in_its_own_language(visitor: Visitor, lang: str) -> None:
    page = words(read(visitor, address("athens", lang=lang)))
    assert "Greece" in page and "664,046" in page


def test_names_from_a_to_z_with_the_one_in_use(visitor: Visitor) -> None:
    page = read(visitor, "/vocabularies/plants/index?start=q")
    first, second = (words(each) for each in page.xpath("//*[@class='names']/li")[:2])
    assert (first, second) == ("quercus → oak", "quoted")
    letters = [each.text for each in page.xpath("//*[@class='letters']/a")]
    assert letters == ["0–9", "A", "C", "G", "L", "M", "O", "P", "Q", "T", "X"]
    assert page.xpath("//*[@class='letters']/a[@aria-current]")[0].text == "Q"


def test_names_from_a_to_z_come_a_page_at_a_time(visitor: Visitor) -> None:
    seen: list[str] = []
    path = "/vocabularies/plants/index?start=leaf+4800"
    while path:
        page = read(visitor, path)
        seen += [words(each) for each in page.xpath("//*[@class='names']/li")]
        following = page.xpath("//*[@class='pager']//a[@rel='next']/@href")
        path = following[0] if following else ""
    assert seen[:200] == [f"leaf {number:04}" for number in range(4800, MANY)]
    assert seen[200:202] == ["lost child", "many"] and len(seen) == len(set(seen))


def test_letters_are_of_the_scripts_that_occur(visitor: Visitor) -> None:
    page = read(visitor, "/vocabularies/plants/index?lang=el")
    assert [each.text for each in page.xpath("//*[@class='letters']/a")] == ["Δ"]
    german = read(visitor, "/vocabularies/plants/index?lang=de")
    listed = [words(each) for each in german.xpath("//*[@class='names']/li")]
    assert listed[0] == "Ähre der Eiche → Eiche"


def test_a_search_stays_in_its_branch(visitor: Visitor) -> None:
    asked = {"q": "vineyards", "vocabulary": "aat"}
    for branch, expected in ((FARMS, True), (COMPLEXES, True), (RESORTS, False)):
        page = read(visitor, f"/terms?{urlencode({**asked, 'branch': branch})}")
        links = page.xpath("//*[@class='list']//a/@href")
        assert any(quote(VINEYARDS, safe="") in link for link in links) is expected, branch
    assert "farms" in words(read(visitor, f"/terms?{urlencode({'q': 'v', 'branch': FARMS})}"))


def test_the_page_of_a_term_says_all_that_is_known(visitor: Visitor) -> None:
    page = read(visitor, address("oak"))
    text = words(page)
    for said in (
        "Eiche", "quercus", "Ähre der Eiche", "A tree with acorns.", "Ein Baum mit Eicheln.",
        "A kind of Quercus.", "P-17", "many", "Timber",
    ):  # fmt: skip
        assert said in text, said
    assert page.xpath("//*[@lang='de'][contains(., 'Ein Baum')]")
    links = page.xpath("//main//a/@href")
    assert "http://elsewhere.example.org/oak" in links
    assert any(quote(FARMS, safe="") in link for link in links)
    assert "http://pictures.example.org/oak.jpg" in links
    assert not page.xpath("//main//img[contains(@src, 'pictures.example.org')]")


def test_a_term_of_several_vocabularies_is_named_as_each_names_it(visitor: Visitor) -> None:
    plants_, timber = (
        read(visitor, address("oak", vocabulary=slug)).xpath("//dl[1]/dd/text()")
        for slug in ("plants", "timber")
    )
    assert "Eiche" in plants_ and "Eiche" not in timber
    assert visitor.get(address("oak", vocabulary="aat")).status_code == 404


def test_narrower_terms_come_a_page_at_a_time(visitor: Visitor) -> None:
    page = read(visitor, address("many", narrower=100))
    listed = [words(each) for each in page.xpath("//*[@id='narrower']//ul/li")]
    assert listed[0] == "leaf 0100" and len(listed) == 100
    assert "101 to 200 of 5,000" in words(page)


def test_a_place_has_a_map_and_its_coordinates_as_text(visitor: Visitor) -> None:
    page = read(visitor, address("athens"))
    (drawn,) = page.xpath("//*[@data-map]")
    assert (drawn.get("data-lat"), drawn.get("data-long")) == ("37.98376", "23.72784")
    assert drawn.get("data-tiles") is None and drawn.get("aria-label") == "Map of Athens"
    assert "Latitude 37.984, longitude 23.728" in words(page) and "City or village" in words(page)
    for name in ("data-library", "data-world"):
        assert visitor.get(drawn.get(name)).status_code == 200


@pytest.mark.parametrize("name", ["place-pole", "place-words", "place-nan", "oak"])
def test_what_is_no_place_has_no_map(visitor: Visitor, name: str) -> None:
    assert not read(visitor, address(name)).xpath("//*[@data-map]")


def test_a_colour_is_shown_and_nothing_else_is_one(visitor: Visitor) -> None:
    assert read(visitor, address("green")).xpath("//rect[@fill='#00ff7f']")
    odd = visitor.get(address("odd"))
    assert 'class="swatch big"' not in odd.text and "/><script>" not in odd.text


def test_a_retired_term_names_its_replacement(visitor: Visitor) -> None:
    page = read(visitor, address("old"))
    assert "has been retired" in words(page)
    assert page.xpath("//*[contains(@class, 'message')]//a[normalize-space()='oak']")


def test_a_term_that_only_its_retirement_is_known_of_has_a_page(
    world: World, visitor: Visitor
) -> None:
    gone, graph = NamedNode(iri("gone")), world.desk.names.graph("terms", "plants")
    quads = [
        Quad(gone, OWL.deprecated, Literal(True), graph),
        Quad(gone, DCTERMS.isReplacedBy, NamedNode(iri("oak")), graph),
    ]
    world.desk.commit(
        lambda _desk: (on("public", add=quads), None), by="test", action="test", now=now()
    )
    page = read(visitor, address("gone"))
    assert "has been retired" in words(page) and "oak" in words(page)
    assert problems(visitor.get(address("gone")).text) == []


def test_the_items_that_carry_a_term_and_the_campaigns_that_put_it_there(
    visitor: Visitor,
) -> None:
    page = read(visitor, f"/terms?iri={quote(FARMS, safe='')}")
    assert "Print 0" in words(page.xpath("//*[@id='items']")[0])
    assert "/campaigns/done" in page.xpath("//main//a/@href")


def test_items_that_came_with_a_term_in_their_metadata(world: World, visitor: Visitor) -> None:
    class Tagged(worlds.Thing):
        def lines(self) -> Iterator[str]:
            yield from super().lines()
            yield f"{NamedNode(self.iri)} {DC.subject} {NamedNode(iri('oak'))}"

    things = [Tagged(f"oak-{number:02}", f"Oak picture {number:02}") for number in range(30)]
    worlds.import_things(world.desk, world.people["olga"], "oaks", things)
    page = read(visitor, address("oak"))
    first = page.xpath("//*[@id='own']//h3")
    assert len(first) == 24
    following = page.xpath("//*[@id='own']//a[@rel='next']/@href")[0]
    second = read(visitor, following.partition("#")[0]).xpath("//*[@id='own']//h3")
    titles = {each.text_content() for each in [*first, *second]}
    assert titles == {f"Oak picture {number:02}" for number in range(30)}


def test_a_term_and_a_vocabulary_are_data_too(visitor: Visitor) -> None:
    for path in (address("oak"), f"{address('oak')}&format=.ttl"):
        answer = visitor.get(path, headers=TURTLE)
        assert answer.headers["Content-Type"].startswith("text/turtle")
        assert "P-17" in answer.text
    assert "7th edition" in visitor.get("/vocabularies/plants.ttl").text


def test_the_download_holds_all_terms_and_can_be_read(visitor: Visitor) -> None:
    answer = visitor.get("/vocabularies/plants/terms.ttl")
    assert answer.headers["Content-Type"].startswith("text/turtle")
    assert answer.text.count("@prefix skos:") == 1
    found = set(parse(answer.content, RdfFormat.TURTLE))
    said = {quad.triple for quad in found}
    assert set(plants().triples) <= said
    title = Literal("Plants", language="en")
    assert any((each.predicate, each.object) == (DCTERMS.title, title) for each in said)


@pytest.mark.parametrize(
    "wrong",
    [
        "http://plants.example.org/none", "javascript:alert(1)", "x", "http://a b", BASE + '"',
        BASE + "<b>", BASE + "'; DROP", "http://plants.example.org/" + "a" * 4000, "\0", "urn:x y",
    ],
)  # fmt: skip
def test_what_is_no_term_is_not_found(visitor: Visitor, wrong: str) -> None:
    asked = quote(wrong, safe="")
    for path in (
        f"/terms?iri={asked}", f"/vocabularies/plants?open={asked}",
        f"/vocabularies/plants/tree?open={asked}", f"/vocabularies/plants/tree?under={asked}",
        f"/terms?q=a&vocabulary=plants&branch={asked}",
    ):  # fmt: skip
        answer = visitor.get(path)
        assert answer.status_code == 404, path
        assert "<b>" not in answer.text.partition("<main")[2]


def test_an_iri_with_a_quote_is_a_term_like_others(visitor: Visitor) -> None:
    assert read(visitor, address("quo'te")).xpath("//h1")[0].text == "quoted"
    tree = read(
        visitor, f"/vocabularies/plants?{urlencode({'open': iri(chr(39).join(('quo', 'te')))})}"
    )
    assert named(tree.xpath("//*[@aria-current='true'][@role='treeitem']")[0]) == "quoted"


@pytest.mark.parametrize(
    "odd", ["-1", "abc", "9" * 5000, "²", "1e9", "", "0x10", "99999999", "%00", "1;2"]
)
def test_numbers_that_are_none_are_passed_over(visitor: Visitor, odd: str) -> None:
    asked = quote(odd, safe="")
    for path in (
        f"/vocabularies/plants/tree?under={iri('trees')}&offset={asked}&end={asked}&level={asked}",
        f"/vocabularies/plants?offset={asked}&end={asked}&level={asked}",
        f"{address('trees')}&narrower={asked}&items={asked}&own={asked}",
    ):  # fmt: skip
        assert visitor.get(path).status_code == 200, path
    levels = fragment(visitor, f"/vocabularies/plants/tree?under={iri('trees')}&level={asked}")
    assert all(1 <= int(each.get("aria-level")) <= 99 for each in levels)


@pytest.mark.parametrize(
    "start",
    ["\0", "%", "_", "'", "}{", "\U0001f33f", "z" * 9000, "ﬀ", "\ud7ff", "a\n" + "9" * 90, "a\n²"],
)
def test_the_alphabet_begins_anywhere(visitor: Visitor, start: str) -> None:
    answer = visitor.get(f"/vocabularies/plants/index?{urlencode({'start': start})}")
    assert answer.status_code == 200


def test_unknown_vocabularies_are_not_found(visitor: Visitor) -> None:
    for path in ("", "/tree", "/index", "/tree?under=x", "/terms.ttl"):
        assert visitor.get(f"/vocabularies/nothing{path}").status_code == 404
    assert visitor.get("/terms?q=a&vocabulary=nothing").status_code == 404


def test_markup_in_a_name_is_text_everywhere(visitor: Visitor) -> None:
    for path in (
        address("markup"), address("trees"), f"/vocabularies/plants?open={iri('markup')}",
        f"/vocabularies/plants/tree?under={iri('trees')}", "/vocabularies/plants/index?start=x",
        f"/vocabularies/plants/tree?under={iri('trees')}&lang=de", "/terms?q=xyl",
        "/vocabularies/plants/index?lang=de", address("markup", lang="de"),
    ):  # fmt: skip
        text = visitor.get(path).text
        assert SCRIPT not in text, path
        assert not re.search(r"<[^>]+\" onmouseover=", text), path


def test_a_private_vocabulary_is_nobodys_to_see(world: World, visitor: Visitor) -> None:
    desk = world.desk
    hidden = Terms()
    hidden.add("secret", label="zzsecret word")
    node, graph = desk.names.vocabulary("secrets"), desk.names.graph("vocabulary", "secrets")
    prepared = graph_states.prepare(desk, "work", graph, as_statements(hidden.triples))
    about = [
        Quad(node, RDF.type, CH.Vocabulary, graph),
        Quad(node, DCTERMS.title, Literal("Hidden words", language="en"), graph),
    ]
    patch = Patch(work=on("work", add=about).work, bulk=(prepared.bulk,))
    desk.commit(lambda _desk: (patch, None), by="test", action="test", now=now())
    desk.run_bulk(lambda *_: None)
    for path in (
        "/vocabularies/secrets", "/vocabularies/secrets/tree", "/vocabularies/secrets/index",
        "/vocabularies/secrets/terms.ttl", "/vocabularies/secrets.ttl", address("secret"),
        f"{address('secret')}&format=.ttl", address("secret", vocabulary="secrets"),
        "/terms?q=zzsecret&vocabulary=secrets",
    ):  # fmt: skip
        assert visitor.get(path).status_code == 404, path
    for path in ("/vocabularies", "/terms?q=zzsecret", "/terms/suggest?q=zzsecret"):
        text = visitor.get(path).text
        assert "Hidden words" not in text and "secret word" not in text, path


PAGES = [
    "/vocabularies/plants", f"/vocabularies/plants?open={iri('oak')}", "/vocabularies/plants/index",
    "/vocabularies/plants/index?lang=el", address("oak"), address("many"), address("athens"),
    address("old"), address("green"), f"/terms?q=leaf&vocabulary=plants&branch={iri('many')}",
    f"/terms?iri={GUIDE}",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_browsing_can_be_read_aloud(visitor: Visitor, path: str) -> None:
    assert problems(visitor.get(path).text) == []


def test_items_of_the_tree_own_groups_that_are_there(visitor: Visitor) -> None:
    page = read(visitor, f"/vocabularies/plants?open={iri('oak')}")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(page.xpath("//@aria-owns")) == set(page.xpath("//ul[@role='group']/@id"))
