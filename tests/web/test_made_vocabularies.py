"""An organiser makes a vocabulary in the browser: by hand, from lists of IRIs, from tables."""

import csv
import io
import re
import time
from itertools import count
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import made_terms
from server.names import CH, DCTERMS, OWL, RDF, SKOS, WGS84
from tests.web.campaign_site import FARMS, RESORTS, VINEYARDS, World
from tests.web.test_accessibility import problems
from tests.web.visitors import Visitor

_NUMBERS = count(1)
HOSTILE = 'x" } UNION { ?s ?p ?o } <script>alert(1)</script>'


@pytest.fixture
def slug(organiser: Visitor) -> str:
    """The short name of a new vocabulary."""
    slug = f"made-{next(_NUMBERS)}"
    answer = organiser.submit("/vocabularies/new", title=f"Made {slug}", slug=slug, language="en")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/vocabularies/{slug}")
    return slug


def iri_of(answer: httpx.Response) -> str:
    """The term that a form has led to."""
    assert answer.status_code == 303, answer.text
    return str(httpx.URL(answer.headers["Location"]).params["iri"])


def add(visitor: Visitor, slug: str, label: str, **fields: object) -> str:
    said = {"label-1-language": "en", "label-1-text": label, **fields}
    return iri_of(visitor.submit(f"/vocabularies/{slug}/terms/new", **said))


def said(desk: Desk, slug: str, iri: str) -> set[tuple[NamedNode, object]]:
    return set(made_terms.standing(desk, slug, [iri]).get(iri, set()))


def upload(visitor: Visitor, slug: str, table: str | bytes, **fields: str) -> httpx.Response:
    data = table if isinstance(table, bytes) else table.encode()
    return visitor.post(
        f"/vocabularies/{slug}/terms/add",
        data={"csrf": visitor.token(), **fields},
        files={"file": ("terms.csv", data)},
        headers=visitor.origin,
    )


def finished(visitor: Visitor, answer: httpx.Response, text: str = "href=") -> str:
    """The page of a job once it has come to its end."""
    assert answer.status_code == 303, answer.text
    job = answer.headers["Location"]
    assert job.startswith("/jobs/")
    for _attempt in range(1200):
        page = visitor.get(job, headers={"HX-Request": "true"}).text
        if "/vocabularies/" in page or 'role="alert"' in page:
            return page
        time.sleep(0.05)
    raise AssertionError(page)


def test_a_vocabulary_is_made_and_said_otherwise(organiser: Visitor, world: World) -> None:
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    fields = {"title": "Küsten & Häfen", "description": HOSTILE, "language": "de",
              "licence": licence, "source": "An atlas", "attribution": "The museum"}  # fmt: skip
    answer = organiser.submit("/vocabularies/new", **fields)
    assert answer.headers["Location"] == "/vocabularies/kusten-hafen"
    shown = organiser.get("/vocabularies/kusten-hafen").text
    assert "Küsten &amp; Häfen" in shown and "CC0 1.0" in shown and "<script>alert" not in shown
    address = "/vocabularies/kusten-hafen/edit"
    assert organiser.submit(address, title="Coasts", language="en").status_code == 303
    node = world.desk.names.vocabulary("kusten-hafen")
    stored = set(world.desk.about("public", node))
    assert {o for p, o in stored if p == DCTERMS.title} == {
        Literal("Küsten & Häfen", language="de"), Literal("Coasts", language="en"),
    }  # fmt: skip
    assert (RDF.type, CH.Vocabulary) in stored
    assert "Küsten" in organiser.get(address + "?lang=de").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "A", "slug": "aat"}, "already"),
        ({"title": "A", "slug": "new"}, "small letters"),
        ({"title": "A", "slug": "Not A Slug"}, "small letters"),
        ({"title": "", "slug": "untitled"}, "title"),
        ({"title": "A" * 201, "slug": "untitled"}, "200 characters"),
        ({"title": "A", "slug": "untitled", "licence": "javascript:alert(1)"}, "licence"),
        ({"title": "Ω", "slug": ""}, "small letters"),
    ],
)
def test_what_is_wrong_with_a_vocabulary_is_said_beside_its_field(
    fields: dict[str, str], words: str, organiser: Visitor, world: World
) -> None:
    before = world.last()
    answer = organiser.submit("/vocabularies/new", language="en", **fields)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text and words in answer.text
    assert world.last() == before


def test_a_term_by_hand_says_all_that_the_form_has(
    organiser: Visitor, world: World, slug: str
) -> None:
    sea = add(organiser, slug, "seas")
    assert sea == world.desk.names.path(f"term/{slug}/seas").value
    fields = {
        "label-2-language": "el", "label-2-text": "ακτές", "label-3-language": "",
        "label-3-text": "", "other-1-language": "en", "other-1-text": HOSTILE,
        "note-1-language": "en", "note-1-text": "Where land\r\nand sea meet", "broader": sea,
        "mapping-1-kind": "exactMatch", "mapping-1-iri": "https://www.wikidata.org/wiki/Q93352",
        "mapping-2-kind": "closeMatch", "mapping-2-iri": FARMS, "hex": "#b22222",
        "latitude": "37,98", "longitude": "-23.7",
    }  # fmt: skip
    coast = add(organiser, slug, "coasts", **fields)
    stored = said(world.desk, slug, coast)
    assert stored == {
        (RDF.type, SKOS.Concept), (SKOS.inScheme, world.desk.names.vocabulary(slug)),
        (SKOS.prefLabel, Literal("coasts", language="en")),
        (SKOS.prefLabel, Literal("ακτές", language="el")),
        (SKOS.altLabel, Literal(HOSTILE, language="en")),
        (SKOS.scopeNote, Literal("Where land\nand sea meet", language="en")),
        (SKOS.broader, NamedNode(sea)),
        (SKOS.exactMatch, NamedNode("http://www.wikidata.org/entity/Q93352")),
        (SKOS.closeMatch, NamedNode(FARMS)), (CH.hex, Literal("#B22222")),
        *((p, o) for p, o in stored if p in (WGS84.lat, WGS84.long)),
    }  # fmt: skip
    assert {o.value for p, o in stored if p in (WGS84.lat, WGS84.long)} == {"37.98", "-23.7"}  # type: ignore[attr-defined]
    page = organiser.get(f"/vocabularies/{slug}/terms/edit?iri={quote(coast, safe='')}").text
    assert "ακτές" in page and "<script>alert" not in page and problems(page) == []


def test_a_term_without_a_latin_name_and_a_second_of_one_name_get_an_address(
    organiser: Visitor, world: World, slug: str
) -> None:
    start = world.desk.names.path(f"term/{slug}/").value
    addresses = [add(organiser, slug, label) for label in ("Γάτα", "cats", "cats")]
    assert addresses[1] == f"{start}cats"
    assert len(set(addresses)) == 3 and all(each.startswith(start) for each in addresses)


@pytest.mark.parametrize(
    ("fields", "beside", "words"),
    [
        ({"label-1-text": " "}, "label-1-text", "needs a label"),
        ({"label-1-language": "klingonese"}, "label-1-language", "no language"),
        ({"label-1-text": "x" * 2_001}, "label-1-text", "2000"),
        ({"label-1-text": "a\x07b"}, "label-1-text", "control"),
        ({"label-2-language": "en", "label-2-text": "b"}, "label-2-text", "already"),
        ({"mapping-1-kind": "exactMatch", "mapping-1-iri": "javascript:x"}, "mapping-1-iri", "IRI"),
        ({"hex": "red"}, "hex", "hexadecimal"),
        ({"latitude": "91", "longitude": "1"}, "latitude", "from -90 to 90"),
        ({"latitude": "nan", "longitude": "1"}, "latitude", "from -90 to 90"),
        ({"latitude": "1"}, "longitude", "neither"),
        ({"pasted": "http://nobody.example/x"}, "broader", "No vocabulary here"),
        ({"pasted": "javascript:alert(1)"}, "broader", "no IRI"),
    ],
)
def test_what_is_wrong_with_a_term_is_said_beside_its_field(
    fields: dict[str, str], beside: str, words: str, organiser: Visitor, slug: str, world: World
) -> None:
    before = world.last()
    sent = {"label-1-language": "en", "label-1-text": "a", **fields}
    answer = organiser.submit(f"/vocabularies/{slug}/terms/new", **sent)
    assert answer.status_code == 422
    message = re.search(rf'id="{beside}-error">([^<]+)<', answer.text)
    assert message is not None and words in message[1]
    assert world.last() == before
    assert problems(answer.text) == []


def test_rows_are_added_without_scripts_and_nothing_is_stored(
    organiser: Visitor, slug: str, world: World
) -> None:
    before = world.last()
    sent = {"label-1-language": "en", "label-1-text": "a", "words": "farm"}
    for action, name in (
        ("add-label", "label-2-text"), ("add-other", "other-1-text"), ("add-note", "note-1-text"),
        ("add-mapping", "mapping-1-iri"), ("find-broader", "words"),
    ):  # fmt: skip
        answer = organiser.submit(f"/vocabularies/{slug}/terms/new", then=action, **sent)
        assert answer.status_code == 200
        assert f'name="{name}"' in answer.text and 'value="a"' in answer.text
        assert problems(answer.text) == []
    assert world.last() == before


def test_changing_a_term_keeps_what_the_form_does_not_show(
    organiser: Visitor, slug: str, world: World
) -> None:
    upload(organiser, slug, "label@en,related,definition@en\nred,green,a colour\ngreen,,\n")
    red = world.desk.names.path(f"term/{slug}/red").value
    sent = {"iri": red, "label-1-language": "en", "label-1-text": "reds"}
    assert organiser.submit(f"/vocabularies/{slug}/terms/edit", **sent).status_code == 303
    stored = said(world.desk, slug, red)
    assert (SKOS.prefLabel, Literal("reds", language="en")) in stored
    assert (SKOS.definition, Literal("a colour", language="en")) in stored
    assert any(p == SKOS.related for p, _o in stored)


def test_a_term_below_itself_is_refused_in_words(
    organiser: Visitor, slug: str, world: World
) -> None:
    top = add(organiser, slug, "top")
    middle = add(organiser, slug, "middle", broader=top)
    below = add(organiser, slug, "below", broader=middle)
    for parent in (below, top):
        sent = {"iri": top, "label-1-language": "en", "label-1-text": "top", "broader": parent}
        answer = organiser.submit(f"/vocabularies/{slug}/terms/edit", **sent)
        assert answer.status_code == 422
        assert "below itself" in answer.text
    table = f"iri,broader\n{top},{below}\n"
    assert "below itself" in upload(organiser, slug, table).text
    assert not any(p == SKOS.broader for p, _o in said(world.desk, slug, top))


def test_a_retired_term_stays_and_names_its_replacement(
    organiser: Visitor, slug: str, world: World
) -> None:
    old, new = add(organiser, slug, "old name"), add(organiser, slug, "new name")
    address = f"/vocabularies/{slug}/terms/retire"
    for wrong in (old, "http://nobody.example/x"):
        answer = organiser.submit(address, iri=old, replacement=wrong)
        assert answer.status_code == 422 and 'id="replacement-error"' in answer.text
    assert organiser.submit(address, iri=old, replacement=new).status_code == 303
    assert said(world.desk, slug, old) >= {
        (OWL.deprecated, Literal(True)), (DCTERMS.isReplacedBy, NamedNode(new)),
        (SKOS.prefLabel, Literal("old name", language="en")),
    }  # fmt: skip
    assert "retired itself" in organiser.submit(address, iri=new, replacement=old).text
    page = organiser.get(f"/vocabularies/{slug}/terms")
    assert "old name" in page.text and "Retired" in page.text
    answer = organiser.submit(address, iri=old, then="restore")
    assert answer.status_code == 303
    assert not any(p == OWL.deprecated for p, _o in said(world.desk, slug, old))


def test_a_term_in_use_or_with_others_below_is_not_taken_out(
    organiser: Visitor, slug: str, world: World
) -> None:
    # The annotations of the site name this term of the AAT.
    answer = organiser.submit(f"/vocabularies/{slug}/terms/add", iris=FARMS)
    assert answer.status_code == 303
    address = f"/vocabularies/{slug}/terms/remove"
    refused = organiser.submit(address, iri=FARMS)
    assert refused.status_code == 409 and "Retire it instead" in refused.text
    top = add(organiser, slug, "top")
    below = add(organiser, slug, "below", broader=top)
    assert organiser.submit(address, iri=top).status_code == 409
    assert organiser.submit(address, iri=below).status_code == 303
    assert organiser.submit(address, iri=top).status_code == 303
    assert said(world.desk, slug, top) == set()
    assert organiser.submit(address, iri=top).status_code == 404


def test_a_list_of_iris_takes_labels_from_what_is_loaded(
    organiser: Visitor, slug: str, world: World
) -> None:
    page_of_getty = RESORTS.replace("/aat/", "/page/aat/")
    unknown = "http://terms.example.org/nobody-knows"
    lines = f"{FARMS}\n{page_of_getty}\n{unknown}\nnot an iri\n{world.desk.names.base}data x\n"
    answer = organiser.submit(f"/vocabularies/{slug}/terms/add", iris=lines)
    assert answer.status_code == 422
    assert problems(answer.text) == []
    listed = answer.text.partition('id="unknown"')[2].partition("</ul>")[0]
    assert listed.count("<li>") == 3 and unknown in listed
    assert said(world.desk, slug, FARMS) == set()
    answer = organiser.submit(f"/vocabularies/{slug}/terms/add", iris=lines, then="known")
    assert answer.status_code == 303
    assert (SKOS.prefLabel, Literal("farms", language="en")) in said(world.desk, slug, FARMS)
    assert said(world.desk, slug, RESORTS)
    answer = organiser.submit(f"/vocabularies/{slug}/terms/add", iris=f"{unknown} Küsten@de")
    assert answer.status_code == 303
    stored = said(world.desk, slug, unknown)
    assert (SKOS.prefLabel, Literal("Küsten", language="de")) in stored
    again = world.last()
    assert organiser.submit(f"/vocabularies/{slug}/terms/add", iris=FARMS).status_code == 303
    assert world.last() == again


def test_nothing_pasted_and_nothing_chosen_is_said(organiser: Visitor, slug: str) -> None:
    answer = organiser.submit(f"/vocabularies/{slug}/terms/add", iris=" ")
    assert answer.status_code == 422 and 'id="iris-error"' in answer.text


def test_a_table_makes_terms_and_its_download_makes_them_again(
    organiser: Visitor, slug: str, world: World
) -> None:
    table = (
        "label@en,label@el,altLabel@en,note@en,broader,notation,hex,lat,long,exactMatch\n"
        '"=colours","χρώματα",a|b\\|c,A note | with a bar,,C,,,,\n'
        "red,,,,=colours,,b22222,-1.5,2,http://www.wikidata.org/entity/Q3142\n"
    )
    assert upload(organiser, slug, table).status_code == 303
    colours = world.desk.names.path(f"term/{slug}/c").value
    red = world.desk.names.path(f"term/{slug}/red").value
    before = {iri: said(world.desk, slug, iri) for iri in (colours, red)}
    assert (SKOS.prefLabel, Literal("=colours", language="en")) in before[colours]
    assert (SKOS.altLabel, Literal("b|c", language="en")) in before[colours]
    assert (SKOS.broader, NamedNode(colours)) in before[red]
    answer = organiser.get(f"/vocabularies/{slug}/terms.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["iri"] for row in rows} == {colours, red}
    assert rows[0]["prefLabel@en"] == "'=colours"
    other = f"{slug}-again"
    organiser.submit("/vocabularies/new", title="Again", slug=other, language="en")
    for iri in (red, colours):  # the same terms stand in one vocabulary only
        organiser.submit(f"/vocabularies/{slug}/terms/remove", iri=iri)
    assert upload(organiser, slug, answer.text).status_code == 303
    assert {iri: said(world.desk, slug, iri) for iri in (colours, red)} == before


def test_a_column_says_all_there_is_of_it_and_leaves_the_rest(
    organiser: Visitor, slug: str, world: World
) -> None:
    upload(organiser, slug, "label@en,label@de,altLabel@en\nred,rot,ruddy\n")
    red = world.desk.names.path(f"term/{slug}/red").value
    upload(organiser, slug, f"iri,label@en\n{red},reds\n")
    labels = {(p, o) for p, o in said(world.desk, slug, red) if p != RDF.type}
    assert labels >= {
        (SKOS.prefLabel, Literal("reds", language="en")),
        (SKOS.prefLabel, Literal("rot", language="de")),
        (SKOS.altLabel, Literal("ruddy", language="en")),
    }
    assert (SKOS.prefLabel, Literal("red", language="en")) not in labels


def test_a_table_of_iris_alone_takes_labels_from_what_is_loaded(
    organiser: Visitor, slug: str, world: World
) -> None:
    assert upload(organiser, slug, f"{VINEYARDS}\n{RESORTS}\n").status_code == 303
    labels = [o for p, o in said(world.desk, slug, VINEYARDS) if p == SKOS.prefLabel]
    assert Literal("vineyards", language="en") in labels
    before = world.last()
    answer = upload(organiser, slug, f"{FARMS}\nhttp://nobody.example/x\n")
    assert answer.status_code == 422 and "http://nobody.example/x" in answer.text
    assert world.last() == before


def test_faulty_tables_store_nothing_unless_one_says_so(
    organiser: Visitor, slug: str, world: World
) -> None:
    table = "iri,label@en,hex\njavascript:alert(1),bad,\n,good,reddish\n,fine,\n"
    before = world.last()
    answer = upload(organiser, slug, table)
    assert answer.status_code == 422
    assert "Line 2" in answer.text and "Line 3" in answer.text and "reddish" in answer.text
    assert problems(answer.text) == []
    for data in (b"PK\x03\x04 nothing", b"", b"a,b\n1,2\n", b"\x00\x01" * 500):
        assert upload(organiser, slug, data).status_code == 422
    assert world.last() == before
    assert upload(organiser, slug, table, lenient="1").status_code == 303
    good = world.desk.names.path(f"term/{slug}/good").value
    assert (SKOS.prefLabel, Literal("good", language="en")) in said(world.desk, slug, good)
    assert not list((world.desk.settings.data / "uploads").glob("*/terms.nt"))


def test_a_table_does_not_change_what_was_loaded(organiser: Visitor, world: World) -> None:
    """All of the AAT, as it is downloaded, with one term more."""
    table = organiser.get("/vocabularies/aat/terms.csv").text
    assert FARMS in table and "farms" in table
    before = world.last()
    few = "".join(table.splitlines(keepends=True)[:40])
    answer = upload(organiser, "aat", few)
    assert answer.status_code == 422 and "cannot be changed here" in answer.text
    assert world.last() == before
    width = few.splitlines()[0].count(",")
    ours = world.desk.names.path("term/aat/ours").value
    more = few.splitlines()[0] + ",label@xx-ours\n"
    more += "".join(f"{line},\n" for line in few.splitlines()[1:]) + f"{ours}{',' * width},ours\n"
    assert upload(organiser, "aat", more, lenient="1").status_code == 303
    assert said(world.desk, "aat", FARMS) == set()
    assert (SKOS.prefLabel, Literal("ours", language="xx-ours")) in said(world.desk, "aat", ours)


def test_a_large_table_is_brought_in_as_work_in_the_background(
    organiser: Visitor, slug: str, world: World
) -> None:
    rows = "".join(f"a term with a rather long name, number {n},a note of it\n" for n in range(900))
    table = "label@en\tnote@en\n" + rows.replace(",a note", "\ta note")
    before = world.last()
    assert f"/vocabularies/{slug}" in finished(organiser, upload(organiser, slug, table))
    assert world.last() == before + 18
    listed = organiser.get(f"/vocabularies/{slug}/terms?page=18").text
    assert "number 9" in listed and "page=19" not in listed
    bad = table + "label\t" + "x" * 3_000 + "\n\n" + "\t\n\tonly a note\n"
    page = finished(organiser, upload(organiser, slug, bad))
    assert "faulty" in page


def test_terms_that_came_in_bulk_are_copied_before_they_are_changed(
    organiser: Visitor, slug: str, world: World
) -> None:
    edit = f"/vocabularies/aat/terms/edit?iri={quote(RESORTS, safe='')}"
    page = organiser.get(edit)
    assert page.status_code == 200 and problems(page.text) == []
    assert f'value="{slug}"' in page.text and 'name="label-1-text"' not in page.text
    sent = {"iri": RESORTS, "label-1-language": "en", "label-1-text": "changed"}
    assert organiser.submit("/vocabularies/aat/terms/edit", **sent).status_code == 404
    answer = organiser.submit("/vocabularies/aat/terms/copy", iri=RESORTS, into=slug)
    assert iri_of(answer) == RESORTS
    assert organiser.submit(f"/vocabularies/{slug}/terms/edit", **sent).status_code == 303
    labels = {o for p, o in said(world.desk, slug, RESORTS) if p == SKOS.prefLabel}
    assert labels == {Literal("changed", language="en")}


def test_the_turtle_holds_the_terms_that_were_made_here(organiser: Visitor, slug: str) -> None:
    add(organiser, slug, "a term of our own")
    turtle = organiser.get(f"/vocabularies/{slug}/terms.ttl").text
    assert '"a term of our own"@en' in turtle and "ch:Vocabulary" in turtle


def test_only_organisers_make_vocabularies(world: World, slug: str) -> None:
    ada, nobody = world.visitor("ada"), world.visitor()
    paths = ["/vocabularies/new", f"/vocabularies/{slug}/edit"]
    paths += [f"/vocabularies/{slug}/terms{each}" for each in ("/new", "/add", "")]
    before = world.last()
    for path in paths:
        assert ada.get(path).status_code == 403, path
        assert nobody.get(path).status_code == 401, path
    for path in [*paths[:-1], *(f"{paths[-1]}/{each}" for each in ("retire", "remove", "copy"))]:
        sent = {"title": "A", "iris": FARMS, "iri": FARMS, "into": slug, "label-1-text": "a"}
        assert ada.submit(path, **sent).status_code == 403, path
        assert nobody.submit(path, **sent).status_code == 401, path
    assert world.last() == before


def test_what_is_not_there_is_not_found(organiser: Visitor, slug: str) -> None:
    for path in (
        "/vocabularies/nothing/edit", "/vocabularies/nothing/terms/new",
        "/vocabularies/nothing/terms/add", "/vocabularies/nothing/terms.csv",
        f"/vocabularies/{slug}/terms/edit?iri=http://nobody.example/x",
        f"/vocabularies/{slug}/terms/edit?iri=javascript:x", f"/vocabularies/{slug}/terms/edit",
    ):  # fmt: skip
        assert organiser.get(path).status_code == 404, path


def test_the_pages_have_what_a_screen_reader_needs(organiser: Visitor, slug: str) -> None:
    add(organiser, slug, "one")
    for path in ("/vocabularies/new", f"/vocabularies/{slug}/edit", f"/vocabularies/{slug}/terms",
                 f"/vocabularies/{slug}/terms/new", f"/vocabularies/{slug}/terms/add"):  # fmt: skip
        assert problems(organiser.get(path).text) == [], path


def suggested(visitor: Visitor, slug: str, text: str) -> list[str]:
    answer = visitor.get(
        f"/terms/suggest?vocabulary={slug}&lang=en&q={quote(text)}",
        headers={"Accept": "application/json"},
    )
    return [each["iri"] for each in answer.json()]


def test_a_term_is_found_as_soon_as_it_is_saved_and_not_once_it_is_retired(
    organiser: Visitor, visitor: Visitor, slug: str
) -> None:
    top = add(organiser, slug, "breakwaters")
    mole = add(organiser, slug, "moles", broader=top, **{"other-1-text": "jetties"})
    assert suggested(visitor, slug, "jett") == [mole]
    assert "breakwaters" in visitor.get(f"/terms?iri={quote(mole, safe='')}").text
    assert "breakwaters" in visitor.get(f"/vocabularies/{slug}").text
    organiser.submit(f"/vocabularies/{slug}/terms/retire", iri=mole, replacement=top)
    assert suggested(visitor, slug, "jett") == []
    page = visitor.get(f"/terms?iri={quote(mole, safe='')}")
    assert page.status_code == 200 and "moles" in page.text
    organiser.submit(f"/vocabularies/{slug}/terms/remove", iri=mole)
    assert visitor.get(f"/terms?iri={quote(mole, safe='')}").status_code == 404
