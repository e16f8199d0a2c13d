"""What a screen reader needs of every page, as far as the HTML alone shows it."""

from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from tests import worlds
from tests.domain.vocabulary_files import concept, write
from tests.web.campaign_site import COMPLEXES, FARMS, World
from tests.web.test_campaigns import FORM
from tests.web.test_vocabulary_loads import bring_in, finished, send
from tests.web.visitors import Visitor

PAGES = [
    "/", "/campaigns", "/about", "/campaigns/subjects", "/campaigns/done", "/campaigns/new",
    "/campaigns/subjects/items", "/campaigns/subjects/items?show=mine", "/campaigns/subjects/gold",
    "/campaigns/done/moderate?status=published", "/campaigns/subjects/edit", "/collections",
    "/collections/prints", "/collections/import", "/vocabularies", "/vocabularies/aat", "/data",
    f"/terms?iri={FARMS}", "/terms?q=farm", "/terms?q=xyzzy", "/sparql", "/login", "/register",
    "/account", "/nothing", "/items/nothing", "/reconcile", "/oai",
    f"/vocabularies/aat?open={FARMS}", "/vocabularies/aat/index", "/vocabularies/aat/index?lang=de",
    f"/terms?q=farm&vocabulary=aat&branch={COMPLEXES}", "/vocabularies/new", "/vocabularies/load",
    "/vocabularies/load?slug=aat", "/vocabularies/aat/edit", "/vocabularies/aat/loads",
    "/vocabularies/aat/terms", "/vocabularies/aat/terms/new", "/vocabularies/aat/terms/add",
    f"/vocabularies/aat/terms/edit?iri={FARMS}", "/vocabularies/aat/loads/nothing",
    "/sparql?query=SELECT%20*%20WHERE%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%203",
]  # fmt: skip
LABELLED = "input[not(@type='hidden')] | select | textarea"


def problems(text: str) -> list[str]:
    """What is wrong with a page, in words."""
    tree = html.document_fromstring(text)
    found = [] if tree.get("lang") else ["no language"]
    if len(tree.xpath("//h1")) != 1:
        found.append(f"{len(tree.xpath('//h1'))} h1")
    if not (tree.findtext(".//title") or "").partition("·")[0].strip():
        found.append("no title")
    if len(tree.xpath("//main")) != 1 or tree.xpath("//main")[0].get("id") != "main":
        found.append("no main for the skip link")
    ids = Counter(tree.xpath("//@id"))
    found += [f"id {name} {count} times" for name, count in ids.items() if count > 1]
    for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        for value in tree.xpath(f"//@{name}"):
            found += [f"{name} of no id: {each}" for each in value.split() if each not in ids]
    found += [f"img without alt: {img.get('src')}" for img in tree.xpath("//img[not(@alt)]")]
    for control in tree.xpath("|".join(f"//{each.strip()}" for each in LABELLED.split("|"))):
        if not has_name(tree, control):
            found.append(f"no label: {html.tostring(control)[:120]!r}")
    for button in tree.xpath("//button[not(@hidden)] | //a[@href] | //summary"):
        if not (button.text_content().strip() or button.get("aria-label") or images(button)):
            found.append(f"no words: {html.tostring(button)[:120]!r}")
    levels = [
        int(each.tag[1]) for each in tree.xpath("//main//*[self::h1 or self::h2 or self::h3]")
    ]
    jumps = [pair for pair in zip(levels, levels[1:], strict=False) if pair[1] > pair[0] + 1]
    return found + [f"headings jump from h{a} to h{b}" for a, b in jumps]


def has_name(tree: html.HtmlElement, control: html.HtmlElement) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby"):
        return True
    labels = tree.xpath("//label[@for=$id]", id=control.get("id", ""))
    labels += control.xpath("ancestor::label")
    return any(label.text_content().strip() for label in labels)


def images(element: html.HtmlElement) -> bool:
    return any(alt.strip() for alt in element.xpath(".//img/@alt"))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("name", ["", "max"])
def test_every_page_can_be_read_aloud(world: World, path: str, name: str) -> None:
    answer = world.visitor(name).get(path, follow_redirects=True)
    assert answer.headers["Content-Type"].startswith("text/html"), answer.status_code
    assert problems(answer.text) == []


def test_the_page_of_a_picture_can_be_read_aloud(world: World, visitor: Visitor) -> None:
    slug = world.campaign()
    path = f"/campaigns/{slug}/items/{world.item(0)}"
    made = world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    assert problems(visitor.get(path).text) == []
    guest = world.visitor().start(slug)
    assert made in guest.get(path).text
    assert problems(guest.get(path).text) == []
    for q in ("farm", "xyzzy"):
        answer = guest.propose(slug, world.item(0), "", htmx=False, q=q)
        assert problems(answer.text) == []
    assert problems(guest.get(f"/annotation/{made}").text) == []


def test_pages_of_items_and_their_ends_can_be_read_aloud(world: World, visitor: Visitor) -> None:
    lost = world.desk.names.item_id(worlds.item("lost"))
    for path in (f"/items/{world.item(0)}", f"/items/{lost}"):
        assert problems(visitor.get(path).text) == []
    slug = world.campaign()
    ada = world.visitor("ada").start(slug)
    while item := ada.next(slug):
        ada.submit(f"/campaigns/{slug}/items/{item}/finish")
    assert problems(ada.get(f"/campaigns/{slug}/next").text) == []


def test_forms_with_errors_can_be_read_aloud(organiser: Visitor, visitor: Visitor) -> None:
    bad = FORM | {"target": "abc"}
    worse = FORM | {"description": "", "collections": [], "task-1-question": "a" * 400}
    for form in (bad, worse, FORM | {"then": "add-task"}):
        assert problems(organiser.submit("/campaigns/new", **form).text) == []
    for path in ("new", "load", "aat/edit", "aat/terms/new", "aat/terms/add"):
        sent = {"slug": "Not One", "source": "x", "language": "<b>", "iris": "x\ny", "hex": "red"}
        answer = organiser.submit(f"/vocabularies/{path}", **sent)
        assert (answer.status_code, problems(answer.text)) == (422, []), path
    assert problems(visitor.submit("/login", email="x", password="y").text) == []
    assert problems(visitor.submit("/register", name="", email="x", password="y").text) == []


def test_a_preview_can_be_read_aloud(visitor: Visitor) -> None:
    """It is a few lines in a frame: there is nothing to skip."""
    page = visitor.get("/reconcile/aat/preview?id=300000206").text
    assert problems(page) == ["no main for the skip link"]


def test_what_a_load_changes_can_be_read_aloud(organiser: Visitor, tmp_path: Path) -> None:
    first = write(tmp_path / "a.ttl", concept(1, "one"), concept(2, "two"))
    applied = bring_in(organiser, first, slug="read-aloud")
    newer = write(tmp_path / "b.ttl", concept(1, "uno"), concept(3, "three"))
    sent = send(organiser, newer, slug="read-aloud")
    assert problems(organiser.get(sent.headers["Location"]).text) == []
    waiting = finished(organiser, sent)
    for path in (applied, waiting, f"{waiting}?kind=gone", f"{waiting}?kind=added&q=xyzzy",
                 "/vocabularies/read-aloud/loads"):  # fmt: skip
        assert problems(organiser.get(path).text) == [], path


def test_organisers_pages_can_be_read_aloud(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    for number in range(3):
        made = ada.proposed(slug, world.item(number), FARMS)
        ben.vote(made, ("approve", "reject", "unsure")[number])
    for status in ("", "?status=accepted", "?status=pending", "?status=nonsense"):
        assert problems(organiser.get(f"/campaigns/{slug}/moderate{status}").text) == []
