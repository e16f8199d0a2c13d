"""Colours, regions and comparisons through their forms: what is stored, and what never is."""

import html
import io
import re
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image
from pyoxigraph import Literal, NamedNode

from server.domain import campaigns
from server.domain.comparisons import pairs
from server.index import items
from server.names import CH, DCTERMS, OA, RDF
from server.viewers import Viewer
from tests import worlds
from tests.web import visual_site
from tests.web.campaign_site import FARMS, World, now
from tests.web.visitors import Visitor
from tests.web.visual_site import BLUE, MAKERS, RED, answer, path, stored

SCRIPT = '<svg onload="alert(1)"><script>alert(1)</script></svg>'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with visual_site.serve(tmp_path_factory.mktemp("visual") / "data") as made:
        yield made


@pytest.fixture
def colours(site: World) -> str:
    return visual_site.campaign(site, visual_site.colour_task())


@pytest.fixture
def regions(site: World) -> str:
    return visual_site.campaign(site, visual_site.region_task())


@pytest.fixture
def comparing(site: World) -> str:
    return visual_site.campaign(site, visual_site.comparison_task())


def page(site: World, who: Visitor, slug: str, work: str = "painting") -> str:
    found = who.get(path(site, slug, work))
    assert found.status_code == 200, found.text
    return found.text


def beside(answer_: httpx.Response, field: str) -> str:
    """The message of a field of the first question, which its control or group points to."""
    name = f"task-1-{field}-error"
    found = re.search(rf'<p class="error" id="{name}" role="alert">(.*?)</p>', answer_.text)
    assert found is not None, answer_.text
    assert re.search(rf'aria-describedby="[^"]*{name}', answer_.text)
    return html.unescape(found[1])


def refused(
    site: World, who: Visitor, slug: str, field: str, work: str = "painting", **fields: object
) -> str:
    """The message beside the field of an answer that is refused and stores nothing."""
    before = site.last()
    found = answer(site, who, slug, work, **fields)
    assert found.status_code == 422, found.text
    assert site.last() == before
    assert "<script>alert" not in found.text
    return beside(found, field)


# --- colours --------------------------------------------------------------------------------------


def test_the_palette_is_the_questions_terms_with_a_colour(site: World, colours: str) -> None:
    text = page(site, site.visitor("ada").start(colours), colours)
    shown = re.findall(r'name="colour" value="([^"]+)" data-hex="(#[0-9A-F]{6})"', text)
    assert (RED, "#FF0000") in shown and (BLUE, "#0000FF") in shown
    assert all(iri.startswith(visual_site.WIKIDATA) for iri, _hex in shown)
    greys = [iri for iri, hex_ in shown if len({hex_[1:3], hex_[3:5], hex_[5:]}) == 1]
    assert [iri for iri, _hex in shown][-len(greys) :] == greys


def test_a_colour_joins_and_each_says_its_share(site: World, colours: str) -> None:
    for name, share in (("ada", "40"), ("ben", "35")):
        who = site.visitor(name).start(colours)
        assert answer(site, who, colours, "painting", colour=BLUE, share=share).status_code == 200
    (found,) = stored(site, colours, "painting")
    assert found.body == BLUE and found.kind == CH.ColourTag.value
    assert found.content.text(OA.motivatedBy) == OA.tagging.value
    assert sorted(claim.content.text(CH.share) for claim in found.claims) == ["35", "40"]


def test_a_colour_is_shown_with_its_swatch_and_name(site: World, colours: str) -> None:
    who = site.visitor("ada").start(colours)
    shown = answer(site, who, colours, "painting", colour=RED).text
    assert re.search(r'fill="#FF0000"/></svg><span lang="en">red|fill="#FF0000".*?>red<', shown)


@pytest.mark.parametrize("value", [
    "#GGG", "#ff0000", FARMS, "http://www.wikidata.org/entity/Q1", "javascript:alert(1)",
    'x" } UNION { ?s ?p ?o }', SCRIPT, "a" * 5000,
])  # fmt: skip
def test_only_a_colour_of_the_palette_is_taken(site: World, colours: str, value: str) -> None:
    who = site.visitor("ada").start(colours)
    assert "palette" in refused(site, who, colours, "colour", colour=value)


@pytest.mark.parametrize(
    ("value", "words"),
    [("#1414e0", "“blue”"), ("#e81010", "“red”"), ("#GGG", "#1f4aa8"), (SCRIPT, "#1f4aa8")],
)
def test_a_value_without_a_choice_is_answered_with_the_nearest(
    site: World, colours: str, value: str, words: str
) -> None:
    who = site.visitor("ada").start(colours)
    assert words in refused(site, who, colours, "colour", colour_hex=value)


@pytest.mark.parametrize("share", ["101", "-1", "NaN", "1e999", "half", "12.5", SCRIPT])
def test_a_share_is_a_whole_number_of_per_cent(site: World, colours: str, share: str) -> None:
    who = site.visitor("ada").start(colours)
    assert "0 to 100" in refused(site, who, colours, "share", colour=BLUE, share=share)


# --- regions --------------------------------------------------------------------------------------


def rectangle(x: object, y: object, width: object, height: object, **more: object) -> dict:  # type: ignore[type-arg]
    sides = {"x": x, "y": y, "width": width, "height": height}
    said = {f"selector_{name}": str(value) for name, value in sides.items()}
    return {"selector_shape": "rectangle", "selector_unit": "pixel", **said, **more}


def polygon(points: str, **more: object) -> dict:  # type: ignore[type-arg]
    said = {"selector_shape": "polygon", "selector_unit": "pixel", "selector_points": points}
    return {**said, **more}


def said_of(site: World, slug: str, work: str = "painting") -> dict[str, str]:
    """What the one stored region is, by its properties' local names."""
    (found,) = stored(site, slug, work)
    selector = found.content.of("selector")
    target = found.content.of("target")
    return {
        p.value.rpartition("#")[2].rpartition("/")[2]: o[0].value
        for about in (target, selector)
        for p, o in about.items()
        if hasattr(o[0], "value")
    }


def test_a_rectangle_is_a_fragment_of_the_image_within_its_item(site: World, regions: str) -> None:
    who = site.visitor("ada").start(regions)
    form = rectangle(10, 20, 30, 40, tag="a dog", tag_lang="en")
    assert answer(site, who, regions, "painting", **form).status_code == 200
    (found,) = stored(site, regions, "painting")
    content, work = found.content, visual_site.works(site.desk.names.base)["painting"]
    assert found.item == work.iri
    assert content.value(OA.hasTarget, OA.hasSource) == NamedNode(work.picture(0))
    at = (OA.hasTarget, OA.hasSelector)
    assert content.value(*at, RDF.type) == OA.FragmentSelector
    assert content.text(*at, DCTERMS.conformsTo) == "http://www.w3.org/TR/media-frags/"
    assert content.value(*at, RDF.value) == Literal("xywh=pixel:10,20,30,40")
    assert content.value(OA.hasBody, RDF.value) == Literal("a dog", language="en")
    assert content.value(OA.hasBody, RDF.type) == OA.TextualBody
    assert content.value(OA.motivatedBy) == OA.tagging


def test_a_polygon_is_an_svg_that_we_write(site: World, regions: str) -> None:
    who = site.visitor("ada").start(regions)
    form = polygon("10,20 300,40; 150,600", term=FARMS)
    assert answer(site, who, regions, "painting", **form).status_code == 200
    assert said_of(site, regions)["value"] == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800">'
        '<polygon points="10,20 300,40 150,600"/></svg>'
    )
    assert stored(site, regions, "painting")[0].body == FARMS


def test_a_comment_alone_comments(site: World, regions: str) -> None:
    who = site.visitor("ada").start(regions)
    form = rectangle(1, 2, 3, 4, comment="Damaged here.")
    assert answer(site, who, regions, "painting", **form).status_code == 200
    (found,) = stored(site, regions, "painting")
    assert found.content.value(OA.motivatedBy) == OA.commenting
    assert found.content.text(OA.bodyValue) == "Damaged here."


def test_without_a_known_size_per_cent_are_kept(site: World, regions: str) -> None:
    who = site.visitor("ada").start(regions)
    form = rectangle(10, 20, 30.5, 40, tag="x", selector_unit="percent")
    assert answer(site, who, regions, "unsized", **form).status_code == 200
    assert said_of(site, regions, "unsized")["value"] == "xywh=percent:10,20,30.5,40"


def test_the_size_of_a_picture_that_was_measured_is_known(site: World, regions: str) -> None:
    """Whoever opens the zoom has it measured."""
    work = visual_site.works(site.desk.names.base)["other-versions"]
    item = site.desk.names.item_id(work.iri)
    who = site.visitor("ada").start(regions)
    assert who.get(f"/images/{item}/1/info").json()["width"] == 1200
    form = rectangle(10, 20, 30, 40, tag="x", selector_unit="percent", selector_image="1")
    assert answer(site, who, regions, "other-versions", **form).status_code == 200
    assert said_of(site, regions, "other-versions")["value"] == "xywh=pixel:120,160,360,320"


def test_of_several_pictures_one_is_named(site: World, regions: str) -> None:
    who = site.visitor("ada").start(regions)
    form = rectangle(10, 20, 30, 40, tag="x")
    assert "pictures" in refused(site, who, regions, "selector", "book", **form)
    for wrong in ("3", "-1", "x", "http://example.org/foreign.png", SCRIPT):
        wrongly = {**form, "selector_image": wrong}
        assert "pictures" in refused(site, who, regions, "selector", "book", **wrongly)
    form["selector_image"] = "2"
    assert answer(site, who, regions, "book", **form).status_code == 200
    assert said_of(site, regions, "book")["hasSource"].endswith("page-2.png")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (polygon("10,10 20,20"), "3 to 200 points"),
        (polygon("10,10 500,500 500,10 10,500"), "cross"),
        (polygon("10,10 20,20 30,30"), "one line"),
        (polygon("NaN,10 20,20 30,10"), "not a number"),
        (polygon("10,10 1e999,20 30,10"), "not a number"),
        (polygon("10,10 1201,20 30,10"), "1200 × 800"),
        (polygon(SCRIPT), "two numbers"),
        (polygon(f"10,{SCRIPT} 20,20 30,10"), "number"),
        (polygon("1,1 " * 4000), "too long"),
        (rectangle("NaN", 0, 5, 5), "not a number"),
        (rectangle(0, "1e999", 5, 5), "not a number"),
        (rectangle(0, 0, "", 5), "not a number"),
        (rectangle(0, 0, 0, 5), "above 0"),
        (rectangle(0, 0, 5, -5), "above 0"),
        (rectangle(1190, 0, 20, 5), "outside"),
        (rectangle(0, 0, 101, 5, selector_unit="percent"), "0 to 100"),
        (rectangle(0, 0, 5, 5, selector_unit="cm"), "pixels or in per cent"),
        (rectangle(0, 0, 5, 5, selector_image="7"), "pictures"),
        ({"selector_shape": "rectangle"}, ""),
    ],
)
def test_what_is_no_region_of_the_picture_is_refused(
    site: World, regions: str, form: dict[str, str], words: str
) -> None:
    who = site.visitor("ada").start(regions)
    assert words in refused(site, who, regions, "selector", tag="x", **form)


def test_a_region_needs_one_thing_that_is_there(site: World, regions: str) -> None:
    who, before = site.visitor("ada").start(regions), site.last()
    for form in ({}, {"tag": "x", "comment": "y"}, {"term": FARMS, "comment": "y"}):
        found = answer(site, who, regions, "painting", **rectangle(1, 2, 3, 4), **form)
        assert found.status_code == 422 and site.last() == before
        assert "Say what is there" in found.text


@pytest.mark.parametrize(
    ("field", "form"),
    [("term", {"term": BLUE}), ("tag", {"tag": "x" * 65}), ("tag", {"tag": "see www.example.org"})],
)
def test_what_is_there_is_checked_as_elsewhere(
    site: World, regions: str, field: str, form: dict[str, str]
) -> None:
    who = site.visitor("ada").start(regions)
    refused(site, who, regions, field, **rectangle(1, 2, 3, 4), **form)


def test_a_region_is_shown_over_its_picture(site: World, regions: str) -> None:
    who = site.visitor("ada").start(regions)
    answer(site, who, regions, "painting", **rectangle(120, 80, 600, 400, tag="a dog"))
    shown = page(site, site.visitor("ben").start(regions), regions)
    assert 'points="0.1,0.1 0.6,0.1 0.6,0.6 0.1,0.6"' in shown
    assert "Rectangle, 10 % from the left, 10 % from the top, 50 % wide, 50 % high" in shown
    assert "Is “a dog” right?" in html.unescape(shown)


def test_the_region_alone_is_cut_from_the_original(site: World, regions: str) -> None:
    who = site.visitor("ada").start(regions)
    item = site.desk.names.item_id(worlds.item("painting"))
    who.get(f"/images/{item}/1/info")
    answer(site, who, regions, "painting", **rectangle(610, 10, 300, 200, tag="all blue"))
    found = re.search(r'href="(/images/[^"]+/iiif/[^"]+)"', page(site, who, regions))
    assert found is not None and "/610,10,300,200/" in found[1]
    image = Image.open(io.BytesIO(who.get(found[1]).content)).convert("RGB")
    assert image.size == (300, 200)
    red, green, blue = image.getpixel((150, 100))  # type: ignore[misc]
    assert blue > 200 and red < 40 and green < 40


def test_ones_region_can_be_changed(site: World, regions: str) -> None:
    who = site.visitor("ada").start(regions)
    answer(site, who, regions, "painting", **polygon("10,20 300,40 150,600", tag="a dog"))
    (found,) = stored(site, regions, "painting")
    name = found.iri.rpartition("/")[2]
    form = who.get(f"/annotation/{name}/edit", headers={"HX-Request": "true"}).text
    assert ">10,20 300,40 150,600</textarea>" in form
    assert re.search(r'name="selector-shape" value="polygon" checked', form)
    changed = rectangle(5, 6, 7, 8, tag="a cat", tag_lang="en", replaces=name)
    assert answer(site, who, regions, "painting", **changed).status_code == 200
    kept = [each for each in stored(site, regions, "painting") if each.claims]
    assert [each.content.body_text for each in kept] == ["a cat"]


# --- comparisons ----------------------------------------------------------------------------------


def pair_of(text: str) -> tuple[str, str]:
    """The token of the pair that a page asks about, and the address of its sides."""
    found = re.search(r'data-compare="([^"]+)"', text)
    assert found is not None, text
    return found[1].rpartition("/")[2], found[1]


def picture_of(site: World, slug: str, who: str, work: str, address: str) -> tuple[str, str]:
    """The makers of the left and the right one, as the server's own domain has them."""
    campaign = campaigns.get_campaign(site.desk, Viewer(sees_work=True), slug)
    row = items.find_item_by_iri(Viewer(sees_work=True), site.desk.index.read(), worlds.item(work))
    assert row is not None
    agent = site.people[who].agent.value
    found = pairs(site.desk, Viewer(), campaign, campaign.tasks[0], row, agent)
    (pair,) = [each for each in found if each.token == address.rpartition("/")[2]]
    return pair.left.maker, pair.right.maker


def compare(site: World, slug: str, name: str, work: str, prefers: tuple[str, ...]) -> int:
    """Answer all pairs as somebody who prefers these makers in this order; how many there were."""
    who = site.visitor(name).start(slug)
    for number in range(20):
        text = page(site, who, slug, work)
        if "data-compare=" not in text:
            return number
        token, address = pair_of(text)
        left, right = picture_of(site, slug, name, work, address)
        rank = {maker: place for place, maker in enumerate(prefers)}
        better = "left" if rank[left] < rank[right] else "right"
        found = answer(site, who, slug, work, better=better, better_pair=token)
        assert found.status_code == 200, found.text
    raise AssertionError("there is always another pair")


def test_all_pairs_are_asked_once_and_who_wins_is_counted(site: World, comparing: str) -> None:
    assert compare(site, comparing, "ada", "versions", MAKERS) == 3
    assert compare(site, comparing, "ben", "versions", MAKERS[::-1]) == 3
    assert compare(site, comparing, "ada", "other-versions", MAKERS) == 1
    found = [each for each in stored(site, comparing, "versions") if each.claims]
    assert len(found) == 6
    for each in found:
        images = {value.value for value in each.content.values(CH.compares)}
        assert len(images) == 2 and each.body in images
        assert len(each.content.values(CH.comparesMaker)) == 2
    results = site.visitor("olga").get(f"/campaigns/{comparing}/comparisons")
    assert results.status_code == 200 and "7 answers" in results.text
    assert "Alpha filter" in results.text and ">gamma<" in results.text


def test_no_difference_is_an_answer(site: World, comparing: str) -> None:
    who = site.visitor("ada").start(comparing)
    token, _address = pair_of(page(site, who, comparing, "other-versions"))
    found = answer(site, who, comparing, "other-versions", better="none", better_pair=token)
    assert found.status_code == 200 and "You have compared all of them" in found.text
    (made,) = stored(site, comparing, "other-versions")
    assert made.body == CH.NoDifference.value
    assert made.content.values(CH.preferredMaker) == []


def test_nothing_on_the_page_tells_who_made_which(site: World, comparing: str) -> None:
    who = site.visitor("ada").start(comparing)
    work = visual_site.works(site.desk.names.base)["versions"]
    text = page(site, who, comparing, "versions")
    assert not [maker for maker in MAKERS if maker.rpartition("/")[2] in text]
    assert not [each.name for each in work.pictures if each.name in text]
    assert not re.search(r"/images/\w+/\d", text)
    _token, address = pair_of(text)
    assert re.search(r"/pairs/\d+/[a-z2-7]{16}$", address)  # the end is a keyed hash
    for side in ("left", "right"):
        found = who.get(f"{address}/{side}")
        assert found.status_code == 200 and found.headers["content-type"] == "image/png"
        assert "no-store" in found.headers["cache-control"]
        told = " ".join(f"{name}: {value}" for name, value in found.headers.items())
        assert not re.search(r"r[123]\.png|alpha|beta|gamma|filename", told, re.IGNORECASE)


def test_a_reload_shows_the_same_and_others_see_other_tokens(site: World, comparing: str) -> None:
    ada, ben = (site.visitor(name).start(comparing) for name in ("ada", "ben"))
    first = pair_of(page(site, ada, comparing, "versions"))
    assert pair_of(page(site, ada, comparing, "versions")) == first
    assert pair_of(page(site, ben, comparing, "versions")) != first
    assert ben.get(f"{first[1]}/left").status_code == 404


def test_sides_and_order_are_fair(site: World) -> None:
    campaign = campaigns.Campaign("fair", {}, {}, (), (visual_site.comparison_task(),), 0)
    row = items.find_item_by_iri(
        Viewer(sees_work=True), site.desk.index.read(), worlds.item("versions")
    )
    assert row is not None
    lefts, firsts, rounds = Counter[str](), Counter[tuple[str, str]](), 600
    for number in range(rounds):
        found = pairs(site.desk, Viewer(), campaign, campaign.tasks[0], row, f"agent-{number}")
        assert len(found) == 3 and len({pair.token for pair in found}) == 3
        firsts[found[0].images] += 1
        lefts.update(pair.left.maker for pair in found)
    # Six standard deviations of as many throws.
    assert all(abs(count - rounds) < 6 * (rounds / 2) ** 0.5 for count in lefts.values())
    assert all(abs(count - rounds / 3) < 6 * (rounds * 2 / 9) ** 0.5 for count in firsts.values())


@pytest.mark.parametrize(
    ("better", "token", "words"),
    [
        ("both", None, "Choose"),
        (SCRIPT, None, "Choose"),
        ("left", "0" * 16, "not compared here"),
        ("left", "", "not compared here"),
        ("right", 'x" } UNION {', "not compared here"),
    ],
)
def test_only_a_pair_that_was_asked_is_answered(
    site: World, comparing: str, better: str, token: str | None, words: str
) -> None:
    who = site.visitor("ada").start(comparing)
    shown, _address = pair_of(page(site, who, comparing, "versions"))
    form = {"better": better, "better_pair": shown if token is None else token}
    assert words in refused(site, who, comparing, "better", "versions", **form)


def test_a_pair_is_answered_once(site: World, comparing: str) -> None:
    who = site.visitor("ada").start(comparing)
    token, _address = pair_of(page(site, who, comparing, "versions"))
    assert answer(
        site, who, comparing, "versions", better="left", better_pair=token
    ).status_code == 200  # fmt: skip
    form = {"better": "right", "better_pair": token}
    assert "already" in refused(site, who, comparing, "better", "versions", **form)


def test_only_makers_that_the_question_names_are_compared(site: World) -> None:
    slug = visual_site.campaign(site, visual_site.comparison_task(1, *MAKERS[:2]))
    assert compare(site, slug, "ada", "versions", MAKERS) == 1
    who = site.visitor("ada")
    assert "no two pictures" in page(site, who, slug, "alone")


@pytest.mark.parametrize("side", ["middle", "LEFT", "1", "..%2Fleft"])
def test_there_are_two_sides(site: World, comparing: str, side: str) -> None:
    who = site.visitor("ada").start(comparing)
    _token, address = pair_of(page(site, who, comparing, "versions"))
    assert who.get(f"{address}/{side}").status_code == 404


def test_results_are_for_organisers_until_the_campaign_is_closed(
    site: World, comparing: str
) -> None:
    address = f"/campaigns/{comparing}/comparisons"
    assert site.visitor("ada").get(address).status_code == 403
    assert site.visitor().get(address).status_code == 403
    assert "Nobody has compared anything" in site.visitor("olga").get(address).text
    campaigns.set_state(site.desk, site.people["olga"], comparing, "closed", now=now())
    assert site.visitor().get(address).status_code == 200


def test_a_campaign_that_compares_nothing_has_no_results(site: World, colours: str) -> None:
    assert site.visitor("olga").get(f"/campaigns/{colours}/comparisons").status_code == 404


def test_what_others_prefer_is_not_shown_to_those_who_answer(site: World, comparing: str) -> None:
    compare(site, comparing, "ada", "versions", MAKERS)
    text = page(site, site.visitor("ben").start(comparing), comparing, "versions")
    assert 'class="proposal"' not in text and "comparison-view" not in text
    assert "comparison-view" in page(site, site.visitor("ada"), comparing, "versions")


def test_nobody_else_has_agreed_for_them(site: World, comparing: str) -> None:
    """A form before the agreement is refused as elsewhere."""
    guest = site.visitor()
    found = answer(site, guest, comparing, "versions", better="left", better_pair="0" * 16)
    assert found.status_code in (401, 403)
