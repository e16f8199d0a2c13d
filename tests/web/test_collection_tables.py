"""A collection goes back to its museum as a table: its own columns unchanged, others beside."""

import csv
import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from server.domain import contributing, imports, participation, publishing
from server.domain.collections import Said
from server.domain.contributing import Proposal
from server.domain.imports import Options
from server.formats import sheet_writing
from server.formats.sheet_mapping import ID, Mapping
from server.formats.sheet_records import item_iri
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, VINEYARDS, World, now
from tests.web.visitors import Visitor

HEADER = ["Inv. no.", "Titel", "Formule", "", "Titel"]
ROWS = [
    ["A 1", "Ποτάμι", "=1+1", "-", "second title"],
    ["A 2", "Śpiący | lew", "@SUM(A1)", "+49 30", ""],
    ["A 3", "zip\tcode, \"quoted\"\nline", "0012", "", "x"],
]  # fmt: skip
TAG = '=HYPERLINK("http://evil.example.org","x")'


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("tables") / "data") as site:
        bring_in(site, tmp_path_factory.mktemp("source") / "inventory.csv")
        yield site


def bring_in(site: World, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    olga = site.people["olga"]
    options = Options(Said("inventory", "Inventory"), (path,))
    survey = imports.survey(site.desk, path)
    defaults = {"data_provider": "A museum", "provider": "A museum", "type": "IMAGE",
                "rights": "http://creativecommons.org/publicdomain/zero/1.0/"}  # fmt: skip
    mapping = mapped(survey.mapping, defaults)
    prepared = imports.prepare(
        site.desk, olga, Options(options.said, options.sources, mapping=mapping), now=now()
    )
    imports.apply(site.desk, olga, prepared, now=now())


def mapped(guessed: Mapping, defaults: dict[str, str]) -> Mapping:
    said = json.loads(guessed.to_json())
    for column, meaning in zip(said["columns"], (ID, "dc:title", "", "", ""), strict=True):
        column["property"] = meaning
    said["defaults"] |= defaults
    return Mapping.from_json(json.dumps(said))


def thing(site: World, number: str) -> str:
    return item_iri(site.desk.names.base, "inventory", number)


def say(site: World, slug: str, number: str, term: str, publish: bool = True) -> str:
    ada, ben, olga = (site.people[name] for name in ("ada", "ben", "olga"))
    for person in (ada, ben):
        participation.agree(site.desk, person, slug, now=now())
    proposal = Proposal.of_term(slug, thing(site, number), 1, term)
    iri = contributing.propose(site.desk, ada, proposal, now=now())
    contributing.vote(site.desk, ben, iri, "approve", now=now())
    if publish:
        publishing.publish(site.desk, olga, slug, now=now())
    return iri


def made(visitor: Visitor, **wish: object) -> bytes:
    """The newest table, once the work is done."""
    answer = visitor.submit("/collections/inventory/tables", **wish)
    assert answer.status_code == 303, answer.text
    job = answer.headers["Location"]
    for _attempt in range(600):
        text = visitor.get(job, headers={"HX-Request": "true"}).text
        assert 'role="alert"' not in text, text
        if "/collections/inventory/tables" in text:
            break
        time.sleep(0.05)
    page = visitor.get("/collections/inventory/tables").text
    newest = re.search(r'href="(/collections/inventory/tables/[^"]+)"', page)
    assert newest is not None, page
    return visitor.get(newest[1]).content


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


def files(data: bytes) -> dict[str, list[list[str]]]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8-sig")
            found[name] = list(csv.reader(io.StringIO(text, newline="")))
    return found


@pytest.fixture(scope="module")
def slug(world: World) -> str:
    return world.campaign(collections=("inventory",))


def test_its_rows_come_back_as_they_went_in_with_what_was_added(world: World, slug: str) -> None:
    annotation = say(world, slug, "A 1", FARMS)
    say(world, slug, "A 2", VINEYARDS, publish=False)
    olga = world.visitor("olga")
    book = sheets(made(olga, form="xlsx"))
    header, *rows = book["Objects"]
    assert header[: len(HEADER)] == [name or None for name in HEADER]
    assert header[len(HEADER) :] == ["dc:subject (crowd)", "dc:subject (crowd) IRI"]
    own = [[cell or None for cell in row] for row in ROWS]
    assert [row[: len(HEADER)] for row in rows] == own
    assert [row[len(HEADER) :] for row in rows] == [
        ["farms", FARMS], [None, None], [None, None],
    ]  # fmt: skip
    names, *statements = book["Statements"]
    (said,) = [dict(zip(names, row, strict=True)) for row in statements]
    assert said["Annotation"] == annotation
    assert (said["Identifier"], said["Approvals"], said["Rejections"]) == (
        thing(world, "A 1"),
        2,
        0,
    )
    about = {row[0]: row[1] for row in book["About"]}
    assert about["Statements that were"] == "published"


def test_what_is_accepted_comes_on_wish(world: World, slug: str) -> None:
    book = sheets(made(world.visitor("olga"), form="xlsx", status="accepted"))
    assert [row[-1] for row in book["Objects"][1:]] == [FARMS, VINEYARDS, None]


def test_csv_gives_the_museums_cells_back_and_disarms_those_of_others(
    world: World, slug: str
) -> None:
    found = files(made(world.visitor("olga"), form="csv"))
    header, *rows = found["Objects.csv"]
    assert header[: len(HEADER)] == HEADER
    assert [row[: len(HEADER)] for row in rows] == ROWS
    path = io.BytesIO()
    target = Path(world.desk.settings.data) / "hostile.zip"
    with sheet_writing.open_workbook(target, "csv") as book:
        book.add("Objects", ["=1", TAG, "-5", "+1,5", "-rm", None, 3], given=1)
    path.write(target.read_bytes())
    (cells,) = files(path.getvalue())["Objects.csv"]
    assert cells == ["=1", f"'{TAG}", "-5", "+1,5", "'-rm", "", "3"]


def test_nothing_in_an_excel_sheet_is_calculated(tmp_path: Path) -> None:
    target = tmp_path / "x.xlsx"
    hostile = [TAG, "@SUM(A1)", "a\x00b\x0bc\ud800", "x" * 40_000]
    with sheet_writing.open_workbook(target, "xlsx") as book:
        book.add("Objects", hostile)
        assert book.cut == 1
    (row,) = openpyxl.load_workbook(target)["Objects"].iter_rows()
    assert [cell.data_type for cell in row] == ["s", "s", "s", "s"]
    assert row[0].value == TAG and row[2].value == "a\ufffdb\ufffdc\ufffd"
    assert len(str(row[3].value)) == sheet_writing.LONGEST_CELL


def test_only_what_changed_since_the_last_one(world: World, slug: str) -> None:
    olga = world.visitor("olga")
    made(olga, form="xlsx")
    page = olga.get("/collections/inventory/tables").text
    since = re.findall(r'<option value="(\d+)"', page)[1]
    say(world, slug, "A 3", VINEYARDS)  # what was accepted before goes out with it
    changed = sheets(made(olga, form="xlsx", since=since))["Objects"][1:]
    assert [row[0] for row in changed] == ["A 2", "A 3"]


def test_a_collection_of_records_is_listed_by_its_items(world: World) -> None:
    world.publish("subjects", number=4)
    olga = world.visitor("olga")
    answer = olga.submit("/collections/prints/tables", form="csv")
    job = answer.headers["Location"]
    for _attempt in range(600):
        if "/collections/prints/tables" in olga.get(job, headers={"HX-Request": "true"}).text:
            break
        time.sleep(0.05)
    page = olga.get("/collections/prints/tables").text
    newest = re.search(r'href="(/collections/prints/tables/[^"]+)"', page)
    assert newest is not None
    rows = files(olga.get(newest[1]).content)["Objects.csv"]
    assert len(rows) == campaign_site.ITEMS + 1
    assert [row[-1] for row in rows if row[1] == "Print 4"] == [FARMS]


@pytest.mark.parametrize("name", ["", "ada"])
def test_it_is_for_organisers(world: World, name: str) -> None:
    visitor = world.visitor(name)
    assert visitor.get("/collections/inventory/tables").status_code in (303, 401, 403)
    assert visitor.submit("/collections/inventory/tables").status_code in (401, 403)


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"campaign": "subjects"}, 422),
        ({"campaign": '"><script>'}, 422),
        ({"since": "99999999"}, 422),
        ({"since": "-1"}, 422),
        ({"since": "9" * 30}, 422),
        ({"form": "exe", "status": "rejected"}, 303),
    ],
)
def test_what_cannot_be_is_refused(world: World, wish: dict[str, str], status: int) -> None:
    answer = world.visitor("olga").submit("/collections/inventory/tables", **wish)
    assert answer.status_code == status, answer.text
    assert "<script>" not in answer.text.replace("<script type", "")


@pytest.mark.parametrize("name", ["x", "%2e%2e", "0195-nothing"])
def test_what_is_no_table_is_not_found(world: World, name: str) -> None:
    olga = world.visitor("olga")
    assert olga.get(f"/collections/inventory/tables/{name}").status_code == 404
    assert olga.get(f"/collections/nowhere/tables/{name}").status_code == 404
    assert olga.get("/collections/nowhere/tables").status_code == 404
