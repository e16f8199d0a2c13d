"""Imports against real stores and real child processes."""

import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image

from server.commit import Desk
from server.domain import collections, import_reports, imports, item_rows, opening
from server.domain.accounts import Person, create_user
from server.domain.collections import Said
from server.domain.import_checks import Checks
from server.domain.imports import Options
from server.domain.items import get_row
from server.errors import Conflict, Forbidden, Gone, Invalid, NotFound, Unavailable
from server.formats import edm_read
from server.formats.sheet_mapping import missing
from server.index import items, queues
from server.viewers import PUBLIC, Viewer
from tests import worlds
from tests.worlds import PASSWORD, World

ALL = Viewer(sees_work=True)
HEAD = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:edm="http://www.europeana.eu/schemas/edm/" '
    'xmlns:ore="http://www.openarchives.org/ore/terms/">'
)
RIGHTS = "http://creativecommons.org/publicdomain/mark/1.0/"


def record(number: int | str, title: str = "", former: int | str | None = None) -> str:
    iri = worlds.item(number)
    replaces = f'<dcterms:replaces rdf:resource="{worlds.item(former)}"/>' if former else ""
    return (
        f'<edm:ProvidedCHO rdf:about="{iri}"><dc:title xml:lang="en">{title or f"Print {number}"}'
        f"</dc:title><dc:type>print</dc:type>{replaces}<edm:type>IMAGE</edm:type>"
        f'</edm:ProvidedCHO><ore:Aggregation rdf:about="{iri}#aggregation">'
        f'<edm:aggregatedCHO rdf:resource="{iri}"/><edm:dataProvider>A museum</edm:dataProvider>'
        f'<edm:isShownBy rdf:resource="{iri}.jpg"/><edm:provider>A museum</edm:provider>'
        f'<edm:rights rdf:resource="{RIGHTS}"/></ore:Aggregation>'
    )


def write(path: Path, *records: str) -> Path:
    path.write_text(f"{HEAD}{''.join(records)}</rdf:RDF>")
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opening.opened(worlds.create(tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def olga(desk: Desk) -> Person:
    return create_user(desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now())


def options(*sources: Path, slug: str = "prints", **changes: object) -> Options:
    return replace(Options(Said(slug, "The prints"), sources), **changes)  # type: ignore[arg-type]


def bring_in(desk: Desk, person: Person, wanted: Options) -> import_reports.Report:
    prepared = imports.prepare(desk, person, wanted, now=worlds.now())
    return imports.apply(desk, person, prepared, now=worlds.now())


def rows(desk: Desk, slug: str = "prints") -> list[str]:
    return [row.iri for row in items.items_of(ALL, desk.index.read(), slug, limit=1000)]


def untouched(desk: Desk, before: tuple[object, ...]) -> bool:
    return state(desk) == before


def state(desk: Desk) -> tuple[object, ...]:
    """What must not change where nothing was stored."""
    data = desk.settings.data
    return (
        desk.journal.last(), worlds.quads(desk), worlds.tables(desk.index.path),
        sorted(path.name for path in (data / "bulk").iterdir()),
        sorted(str(path) for path in (data / "sources").rglob("*")),
    )  # fmt: skip


# --- real files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "records"), [("bronbeek", 150), ("ekt", 59), ("europeana", 371)])
def test_all_real_records_go_in(
    desk: Desk, olga: Person, shared_data: Path, tmp_path: Path, name: str, records: int
) -> None:
    report = bring_in(desk, olga, options(shared_data / "edm" / name))
    assert (report.records, report.problems) == (records, 0)
    assert report.added == len(rows(desk)) + len(
        [row for row in worlds.tables(desk.index.path)["item"] if row.endswith(", 1)")]
    )
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_each_faulty_record_is_refused_or_mended_and_never_half_stored(
    desk: Desk, olga: Person, shared_data: Path
) -> None:
    for file in sorted((shared_data / "edm" / "faulty").glob("*.xml")):
        before = state(desk)
        wanted = options(file)  # each takes the place of the one before
        try:
            report = bring_in(desk, olga, wanted)
        except Invalid as error:
            assert error.problems and file.name in error.problems[0].message
            assert untouched(desk, before), file.name
        else:
            assert report.problems or report.mends or report.warnings or report.records, file.name


def test_items_look_the_same_read_from_the_file_or_from_the_store(
    tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for number, most in enumerate((0, 1_000_000)):
        monkeypatch.setattr(item_rows, "_MOST_QUADS", most)
        with opening.opened(worlds.create(tmp_path / str(number))) as desk:
            olga = create_user(
                desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
            )
            sources = (shared_data / "edm" / name for name in ("bronbeek", "ekt", "europeana"))
            bring_in(desk, olga, options(*sources))
            tables = worlds.tables(desk.index.path)
            found.append([tables["item"], tables["item_search"], tables["collection_tally"]])
    assert found[0] == found[1]


def test_remembered_forms_give_the_same_warnings_as_the_shapes(shared_data: Path) -> None:
    checks = Checks()
    sources = [shared_data / "edm" / name for name in ("bronbeek", "ekt", "europeana", "faulty")]
    for found in edm_read.read(sources, base="http://127.0.0.1:8000/"):
        if hasattr(found, "lines"):
            assert checks.warnings(found.lines) == checks.check(found.lines), found.item


# --- importing again -----------------------------------------------------------------------------


def test_the_same_files_again_change_nothing(desk: Desk, olga: Person, tmp_path: Path) -> None:
    file = write(tmp_path / "a.rdf", *(record(n) for n in range(5)))
    first = bring_in(desk, olga, options(file))
    before, last = worlds.quads(desk), desk.journal.last()
    again = bring_in(desk, olga, options(file))
    assert (first.added, first.state, again.state) == (5, "applied", "empty")
    assert (again.added, again.changed, again.gone) == (0, 0, 0)
    assert (desk.journal.last(), worlds.quads(desk)) == (last, before)


def test_what_would_change_is_said_before_it_does(desk: Desk, olga: Person, tmp_path: Path) -> None:
    bring_in(desk, olga, options(write(tmp_path / "a.rdf", *(record(n) for n in range(5)))))
    before = worlds.quads(desk)
    file = write(tmp_path / "b.rdf", record(1), record(2, "Other"), record(3), record(9))
    prepared = imports.prepare(desk, olga, options(file), now=worlds.now())
    assert imports.summary(prepared.report) == {
        "records": 4, "added": 1, "changed": 1, "gone": 2, "annotations": 0,
        "problems": 0, "warnings": 0, "mends": 0,
    }  # fmt: skip
    assert worlds.quads(desk) == before
    imports.apply(desk, olga, imports.find_prepared(desk, "prints", prepared.report.id),
                  now=worlds.now())  # fmt: skip
    assert sorted(rows(desk)) == sorted(worlds.item(n) for n in (1, 2, 3, 9))
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_a_gone_item_leaves_a_tombstone_until_it_comes_back(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    both = write(tmp_path / "a.rdf", record(1), record(2))
    one = write(tmp_path / "b.rdf", record(1))
    bring_in(desk, olga, options(both))
    bring_in(desk, olga, options(one))
    with pytest.raises(Gone):
        get_row(desk, PUBLIC, desk.names.item_id(worlds.item(2)))
    assert bring_in(desk, olga, options(one)).state == "empty"
    bring_in(desk, olga, options(both))
    assert get_row(desk, PUBLIC, desk.names.item_id(worlds.item(2))).title("en") == "Print 2"
    assert not [quad for quad in worlds.quads(desk)["public"] if "Tombstone" in quad]
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_undoing_restores_what_stood_also_after_the_first_import(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    bring_in(desk, olga, options(write(tmp_path / "a.rdf", record(1), record(2))))
    before = [
        quad for quad in worlds.quads(desk)["public"] if "/object/" in quad or "items." in quad
    ]
    bring_in(desk, olga, options(write(tmp_path / "b.rdf", record(2, "Other"), record(3))))
    imports.undo(desk, olga, "prints", now=worlds.now())
    after = [
        quad for quad in worlds.quads(desk)["public"] if "/object/" in quad or "items." in quad
    ]
    assert after == before
    imports.undo(desk, olga, "prints", now=worlds.now())
    assert rows(desk) == []
    with pytest.raises(Conflict):
        imports.undo(desk, olga, "prints", now=worlds.now())
    assert [one.state for one in imports.find_reports(desk, "prints")] == ["undone", "undone"]
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_an_aggregation_that_goes_alone_takes_its_picture_along(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    bring_in(desk, olga, options(write(tmp_path / "a.rdf", record(1), record(2))))
    alone = record(1).partition("<ore:")[0]
    bring_in(desk, olga, options(write(tmp_path / "b.rdf", alone, record(2))))
    row = items.find_item_by_iri(PUBLIC, desk.index.read(), worlds.item(1))
    assert row is not None and row.picture is None
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_an_import_waiting_while_another_was_applied_is_refused(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    first = write(tmp_path / "a.rdf", record(1))
    waiting = imports.prepare(desk, olga, options(first), now=worlds.now())
    bring_in(desk, olga, options(write(tmp_path / "b.rdf", record(2))))
    with pytest.raises(Conflict):
        imports.apply(desk, olga, waiting, now=worlds.now())
    assert rows(desk) == [worlds.item(2)]
    imports.discard(desk, olga, waiting)
    with pytest.raises(NotFound):
        imports.find_prepared(desk, "prints", waiting.report.id)


# --- annotations ---------------------------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Prints 0 to 5 in an open campaign; three people agreed to its licence."""
    with opening.opened(worlds.create(tmp_path / "world")) as desk:
        yield worlds.furnish(desk)


def annotated(world: World, number: int) -> str:
    return world.propose(world.organiser, worlds.item(number), worlds.term(1))


def test_annotations_follow_an_item_to_its_new_identifier(world: World, tmp_path: Path) -> None:
    desk, annotation = world.desk, annotated(world, 3)
    numbers = [record(n) for n in (0, 1, 2, 4, 5)]
    file = write(tmp_path / "a.rdf", *numbers, record("new", "Print 3", former=3))
    prepared = imports.prepare(desk, world.organiser, options(file), now=worlds.now())
    assert prepared.report.annotations == 1
    assert prepared.report.gone == 0
    imports.apply(desk, world.organiser, prepared, now=worlds.now())
    row = queues.find_annotation(desk.index.read(), annotation)
    assert row is not None and (row.item, row.status) == (worlds.item("new"), "pending")
    assert queues.in_queue(desk.index.read(), world.campaign, worlds.item("new"))
    assert not queues.in_queue(desk.index.read(), world.campaign, worlds.item(3))
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_annotations_of_a_gone_item_are_orphaned_and_come_back_with_it(
    world: World, tmp_path: Path
) -> None:
    desk, annotation = world.desk, annotated(world, 3)
    file = write(tmp_path / "a.rdf", *(record(n) for n in (0, 1, 2, 4, 5)))
    report = bring_in(desk, world.organiser, options(file))
    assert (report.gone, report.annotations >= 1) == (1, True)
    row = queues.find_annotation(desk.index.read(), annotation)
    assert row is not None and row.status == "orphaned"
    imports.undo(desk, world.organiser, "prints", now=worlds.now())
    row = queues.find_annotation(desk.index.read(), annotation)
    assert row is not None and row.status == "pending"
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


# --- refusing ------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_reported_with_its_place_while_the_rest_goes_in(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "good.rdf", record(1))
    (folder / "bad.rdf").write_text(f"{HEAD}\n<edm:ProvidedCHO>\n</rdf:RDF>")
    report = bring_in(desk, olga, options(folder))
    (line,) = import_reports.lines(desk.settings.data, report, "problems")
    assert (line.file, line.line) == ("bad.rdf", 3)
    assert rows(desk) == [worlds.item(1)]


def test_strict_refuses_everything_where_anything_is_wrong(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "good.rdf", record(1))
    write(folder / "lang.rdf", record(2).replace('xml:lang="en"', 'lang="en"'))
    before = state(desk)
    with pytest.raises(Invalid) as error:
        imports.prepare(desk, olga, options(folder, strict=True), now=worlds.now())
    assert "lang.rdf" in error.value.problems[0].message
    assert untouched(desk, before)


@pytest.mark.parametrize(
    "text",
    ["", "nothing", f"{HEAD}</rdf:RDF>", '<!DOCTYPE x [<!ENTITY a "b">]>' + HEAD + "</rdf:RDF>"],
)
def test_a_file_without_records_is_refused(
    desk: Desk, olga: Person, tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.rdf").write_text(text)
    before = state(desk)
    with pytest.raises(Invalid):
        imports.prepare(desk, olga, options(tmp_path / "a.rdf"), now=worlds.now())
    assert untouched(desk, before)


def test_a_file_cannot_speak_for_the_site(desk: Desk, olga: Person, tmp_path: Path) -> None:
    base = desk.names.base
    evil = (
        f'<rdf:Description rdf:about="{base}data"><dc:title>evil</dc:title></rdf:Description>'
        f'<rdf:Description rdf:about="{base}annotation/x"><dc:title>evil</dc:title>'
        f"</rdf:Description>"
    )
    tomb = '<rdf:type rdf:resource="https://w3id.org/crowdheritage/ns#Tombstone"/>'
    one = record(1).replace("<dc:type>", f"{tomb}<dc:type>", 1)
    report = bring_in(desk, olga, options(write(tmp_path / "a.rdf", evil, one)))
    assert report.mends == 1
    assert rows(desk) == [worlds.item(1)]
    assert not [quad for quad in worlds.quads(desk)["public"] if "evil" in quad]


def test_an_item_stands_in_one_collection(desk: Desk, olga: Person, tmp_path: Path) -> None:
    file = write(tmp_path / "a.rdf", record(1))
    bring_in(desk, olga, options(file))
    with pytest.raises(Conflict):
        imports.prepare(desk, olga, options(file, slug="others"), now=worlds.now())


def test_only_organisers_import(desk: Desk, tmp_path: Path) -> None:
    ada = create_user(desk, "Ada", "ada@example.org", PASSWORD, "contributor", now=worlds.now())
    with pytest.raises(Forbidden):
        imports.prepare(desk, ada, options(write(tmp_path / "a.rdf", record(1))), now=worlds.now())


def test_a_new_collection_needs_a_title_and_a_plain_name(desk: Desk, olga: Person) -> None:
    for said in (Said("prints"), Said("Prints", "P"), Said("import", "P"), Said("../x", "P")):
        with pytest.raises(Invalid):
            imports.prepare(desk, olga, Options(said), now=worlds.now())


def test_a_stopped_import_leaves_nothing(desk: Desk, olga: Person, tmp_path: Path) -> None:
    file = write(tmp_path / "a.rdf", *(record(n) for n in range(50)))
    before = state(desk)
    with pytest.raises(Unavailable):
        imports.prepare(desk, olga, options(file), now=worlds.now(), stop=lambda: True)
    assert untouched(desk, before)


def test_an_import_whose_reader_is_killed_leaves_nothing(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.rdf", *(record(n) for n in range(3000)))
    before = state(desk)
    ended = threading.Event()
    killer = threading.Thread(target=kill_children, args=(ended,))
    killer.start()
    try:
        with pytest.raises(Unavailable):
            imports.prepare(desk, olga, options(file), now=worlds.now())
    finally:
        ended.set()
        killer.join()
    assert untouched(desk, before)


def kill_children(ended: threading.Event) -> None:
    """Kill each reader that this process starts, until told to end."""
    me = os.getpid()
    while not ended.wait(0.005):
        found = Path(f"/proc/{me}/task").glob("*/children")
        for pid in " ".join(one.read_text() for one in found).split():
            command = Path(f"/proc/{pid}/cmdline")
            if command.exists() and b"import_child" in command.read_bytes():
                os.kill(int(pid), signal.SIGKILL)


KILLED = """
import sys, threading, os
from pathlib import Path
from tests import worlds
from tests.domain import test_imports as t
from server.domain import accounts, imports, opening
from server.settings import Settings
data, file, when = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
with opening.opened(Settings(data=data, min_free=0)) as desk:
    olga = accounts.get_by_email(desk, "olga@example.org")
    if when == "reading":
        threading.Timer(0.3, os._exit, (9,)).start()
    prepared = imports.prepare(desk, olga, t.options(file), now=worlds.now())
    if when == "waiting":
        os._exit(9)
    desk.run_bulk = lambda progress=None: os._exit(9)
    imports.apply(desk, olga, prepared, now=worlds.now())
"""


@pytest.mark.parametrize("when", ["reading", "waiting", "journalled"])
def test_a_killed_server_shows_an_import_wholly_or_not_at_all(tmp_path: Path, when: str) -> None:
    settings = worlds.create(tmp_path / "data")
    with opening.opened(settings) as desk:
        create_user(desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now())
    file = write(tmp_path / "a.rdf", *(record(n) for n in range(2000 if when == "reading" else 20)))
    arguments = [sys.executable, "-c", KILLED, str(settings.data), str(file), when]
    done = subprocess.run(arguments, cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert done.returncode == 9
    with opening.opened(settings) as desk:
        assert len(rows(desk)) == (20 if when == "journalled" else 0)
        left = list((settings.data / "sources").glob("*/*/"))
        assert len(left) == (0 if when == "reading" else 1)
        worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


# --- spreadsheets --------------------------------------------------------------------------------

TABLE = "Inv. No;Title;Maker;Subject;Image\n1;A vase;Ann|Bob;red | clay;one.jpg\n2;A cup;;;TWO\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "objects.csv"
    path.write_bytes(TABLE.encode("cp1252"))
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    path = tmp_path / "pictures.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, colour in (("photos/One.JPG", "#aa2211"), ("two.png", "#1122aa")):
            data = BytesIO()
            Image.new("RGB", (80, 60), colour).save(data, "JPEG" if "JPG" in name else "PNG")
            archive.writestr(name, data.getvalue())
    return path


def mapped(desk: Desk, table: Path) -> Options:
    survey = imports.survey(desk, table)
    given = replace(
        survey.mapping.defaults, data_provider="A museum", provider="A museum", rights=RIGHTS,
        language="en", type="IMAGE",
    )  # fmt: skip
    mapping = replace(survey.mapping, defaults=given)
    assert missing(mapping) == []
    return options(table, mapping=mapping)


def test_a_spreadsheet_with_photos_becomes_a_collection(
    desk: Desk, olga: Person, table: Path, pictures: Path, tmp_path: Path
) -> None:
    survey = imports.survey(desk, table)
    assert (survey.total, len(survey.previews)) == (2, 2)
    report = bring_in(desk, olga, replace(mapped(desk, table), images=pictures))
    assert (report.records, report.warnings, report.mends) == (2, 1, 0)
    found = items.items_of(PUBLIC, desk.index.read(), "prints", limit=9)
    assert [(row.title("en"), row.width, row.height) for row in found] == [
        ("A cup", 80, 60), ("A vase", 80, 60),
    ]  # fmt: skip
    assert found[0].colour == "#1122aa"
    assert (found[1].colour or "").startswith("#aa22")  # JPEG keeps colours nearly
    for row in found:
        assert row.picture is not None
        file = desk.settings.data / row.picture.removeprefix(desk.names.base)
        assert file.is_file()
        assert file.with_name(f"{file.stem}.400.webp").is_file()
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_a_mapping_is_corrected_without_the_file(
    desk: Desk, olga: Person, table: Path, pictures: Path
) -> None:
    first = replace(mapped(desk, table), images=pictures)
    bring_in(desk, olga, first)
    table.unlink()
    pictures.unlink()
    assert first.mapping is not None
    columns = tuple(
        replace(column, property="dcterms:medium") if column.header == "Subject" else column
        for column in first.mapping.columns
    )
    again = Options(Said("prints"), mapping=replace(first.mapping, columns=columns))
    report = bring_in(desk, olga, again)
    assert (report.added, report.changed, report.gone) == (0, 1, 0)
    assert all(row.picture for row in items.items_of(PUBLIC, desk.index.read(), "prints", limit=9))
    assert imports.find_mapping(desk, "prints") == again.mapping


def test_a_column_that_comes_with_a_later_file_is_understood_as_well(
    desk: Desk, olga: Person, table: Path
) -> None:
    given = mapped(desk, table)
    assert given.mapping is not None
    odd = tuple(
        replace(column, property="dcterms:medium") if column.header == "Subject" else column
        for column in given.mapping.columns
    )
    bring_in(desk, olga, replace(given, mapping=replace(given.mapping, columns=odd)))
    table.write_text("id;Subject;Former identifier\nn1;Ware;o1\n")
    again = imports.survey_again(desk, table, "prints").mapping
    assert [(column.header, column.property) for column in again.columns] == [
        ("id", "id"), ("Subject", "dcterms:medium"), ("Former identifier", "former id"),
    ]  # fmt: skip
    assert again.defaults == given.mapping.defaults


def test_an_excel_file_with_a_column_of_former_identifiers_keeps_annotations(
    world: World, tmp_path: Path
) -> None:
    def book(name: str, *rows_: tuple[str, ...]) -> Path:
        made = Workbook()
        for row in rows_:
            made.active.append(row)
        made.save(tmp_path / name)
        return tmp_path / name

    desk, olga = world.desk, world.organiser
    old = book("old.xlsx", ("id", "title"), ("A1", "A vase"))
    bring_in(desk, olga, replace(mapped(desk, old), said=Said("vases", "Vases")))
    (before,) = rows(desk, "vases")
    new = book("new.xlsx", ("id", "title", "former id"), ("B7", "A vase", "A1"))
    report = bring_in(desk, olga, replace(mapped(desk, new), said=Said("vases", "Vases")))
    assert (report.added, report.gone) == (1, 0)
    (now_,) = rows(desk, "vases")
    assert items.current_item(desk.index.read(), before) == now_
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


# --- private collections -------------------------------------------------------------------------


def test_a_private_collection_is_nowhere_public_until_it_is_published(
    desk: Desk, olga: Person, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.rdf", record(1), record(2))
    said = Said("prints", "Prints", private=True)
    bring_in(desk, olga, replace(options(file), said=said))
    assert not [quad for quad in worlds.quads(desk)["public"] if "items.example" in quad]
    assert items.find_collection(PUBLIC, desk.index.read(), "prints") is None
    assert items.items_of(PUBLIC, desk.index.read(), "prints", limit=9) == []

    collections.publish_collection(desk, olga, "prints", now=worlds.now())
    assert len(items.items_of(PUBLIC, desk.index.read(), "prints", limit=9)) == 2
    assert not [quad for quad in worlds.quads(desk)["work"] if "items.example" in quad]
    with pytest.raises(Conflict):
        collections.publish_collection(desk, olga, "prints", now=worlds.now())
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")
    assert bring_in(desk, olga, options(file)).state == "empty"


def test_publishing_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    settings = worlds.create(tmp_path / "data")
    with opening.opened(settings) as desk:
        olga = create_user(
            desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
        )
        file = write(tmp_path / "a.rdf", record(1), record(2))
        bring_in(desk, olga, replace(options(file), said=Said("prints", "P", private=True)))
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr(collections, "_require_complete", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                collections.publish_collection(desk, olga, "prints", now=worlds.now())
    with opening.opened(settings) as desk:
        collections.publish_collection(desk, olga, "prints", now=worlds.now())
        assert len(items.items_of(PUBLIC, desk.index.read(), "prints", limit=9)) == 2
        assert not [quad for quad in worlds.quads(desk)["work"] if "items.example" in quad]
        worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_reports_tell_mends_record_by_record(desk: Desk, olga: Person, tmp_path: Path) -> None:
    file = write(tmp_path / "a.rdf", record(1), record(2).replace("xml:lang", "lang"))
    report = bring_in(desk, olga, options(file))
    (line,) = import_reports.lines(desk.settings.data, report, "mends")
    assert (line.file, line.record) == ("a.rdf", worlds.item(2))
    assert "lang" in line.message
