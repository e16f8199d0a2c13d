"""Collections in the browser: pages, the whole way of an import, kept images, permissions."""

import re
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from server.domain import campaigns, collections, imports
from server.domain.campaigns import Campaign, Task
from server.domain.collections import Said
from server.domain.imports import Options
from server.errors import Invalid
from server.index import items
from server.names import DC
from server.viewers import PUBLIC
from tests import worlds
from tests.domain.test_imports import HEAD, RIGHTS, record
from tests.web.campaign_site import World
from tests.web.visitors import Visitor


def send(visitor: Visitor, files: dict[str, tuple[str, bytes]], **fields: str) -> httpx.Response:
    """Upload as the form of the first step does."""
    return visitor.post(
        "/collections/import",
        data={"csrf": visitor.token(), **fields},
        files=files,
        headers=visitor.origin,
    )


def finished(visitor: Visitor, answer: httpx.Response) -> str:
    """Where a job leads to when it is done."""
    assert answer.status_code == 303, answer.text
    job = answer.headers["Location"]
    for _attempt in range(600):
        text = visitor.get(job, headers={"HX-Request": "true"}).text
        if found := re.search(r'href="(/collections/[^"]+)"', text):
            return found[1]
        assert 'role="alert"' not in text, text
        time.sleep(0.05)
    raise AssertionError(text)


def edm(*numbers: int | str) -> dict[str, tuple[str, bytes]]:
    text = f"{HEAD}{''.join(record(number) for number in numbers)}</rdf:RDF>"
    return {"files": ("records.rdf", text.encode())}


def picture(colour: str = "#aa2211") -> bytes:
    data = BytesIO()
    Image.new("RGB", (60, 40), colour).save(data, "PNG")
    return data.getvalue()


def test_an_organiser_imports_looks_confirms_and_takes_back(organiser: Visitor) -> None:
    answer = send(organiser, edm("w1", "w2"), title="From the web", slug="web")
    report = finished(organiser, answer)
    assert organiser.get("/collections/web").status_code == 404
    text = organiser.get(report).text
    assert f'action="{report}/apply"' in text
    assert finished(organiser, organiser.submit(f"{report}/apply")) == report
    assert "Print w1" in organiser.get("/collections/web").text
    assert 'action="/collections/web/undo"' in organiser.get(report).text
    assert finished(organiser, organiser.submit("/collections/web/undo")) == "/collections/web"
    assert "Print w1" not in organiser.get("/collections/web").text


def test_leaving_all_as_it_is_forgets_the_import(organiser: Visitor) -> None:
    report = finished(organiser, send(organiser, edm("x1"), title="Nothing", slug="nothing"))
    assert organiser.submit(f"{report}/discard").status_code == 303
    assert organiser.get(report).status_code == 404
    assert organiser.get("/collections/nothing").status_code == 404


def test_a_spreadsheet_with_photos_is_mapped_and_shown(organiser: Visitor, world: World) -> None:
    table = b"Inv. No;Title;Image\n1;A red vase;one.png\n"
    files = {"files": ("vases.csv", table), "images": ("one.png", picture())}
    step = send(organiser, files, title="Vases").headers["Location"]
    assert re.fullmatch(r"/collections/import/[0-9a-f-]+", step)
    page = organiser.get(step).text
    assert "A red vase" in page and 'name="data_provider"' in page
    columns = {"property-0": "id", "property-1": "dc:title", "property-2": "image file"}
    missing = organiser.submit(step, **columns, then="import")
    assert missing.status_code == 422
    assert 'aria-invalid="true"' in missing.text
    said = {"data_provider": "A museum", "provider": "A museum", "rights": RIGHTS,
            "language": "en", "type": "IMAGE"}  # fmt: skip
    report = finished(organiser, organiser.submit(step, **columns, **said, then="import"))
    finished(organiser, organiser.submit(f"{report}/apply"))
    assert "A red vase" in organiser.get("/collections/vases").text
    media = world.desk.settings.data / "media" / "vases"
    assert len(list(media.glob("*.png"))) == 1

    # The same again without a file: its columns are understood as before, and can be corrected.
    step = organiser.submit("/collections/import", slug="vases").headers["Location"]
    assert "A museum" in organiser.get(step).text
    columns["property-1"] = "dc:description"
    report = finished(organiser, organiser.submit(step, **columns, **said, then="import"))
    assert not re.search(r"is not there", organiser.get(report).text)
    finished(organiser, organiser.submit(f"{report}/apply"))
    row = items.items_of(PUBLIC, world.desk.index.read(), "vases", limit=2)[0]
    assert (row.title("en"), row.picture is not None) == ("A red vase", True)


def test_what_is_wrong_with_an_upload_is_said_beside_its_field(organiser: Visitor) -> None:
    bad = send(organiser, edm("y"), title="Y", slug="Not A Slug")
    assert bad.status_code == 422
    assert "small letters" in bad.text
    none = organiser.submit("/collections/import", title="Y", slug="y")
    assert none.status_code == 422
    assert "Choose at least one file" in none.text


def test_files_that_cannot_be_read_fail_in_words(organiser: Visitor) -> None:
    files = {"files": ("bad.rdf", b"<rdf:RDF>")}
    job = send(organiser, files, title="Bad", slug="bad").headers["Location"]
    for _attempt in range(200):
        text = organiser.get(job).text
        if 'role="alert"' in text:
            break
        time.sleep(0.05)
    assert "nothing was imported" in text and "bad.rdf" in text
    assert organiser.get("/collections/bad").status_code == 404


@pytest.mark.parametrize("name", ["", "ada"])
def test_importing_is_for_organisers(world: World, name: str) -> None:
    visitor, status = world.visitor(name), 403 if name else 401
    assert visitor.get("/collections/import").status_code == status
    last = world.last()
    assert send(visitor, edm("z"), title="Z", slug="z").status_code == status
    for path in ("undo", "publish", "imports/x/apply", "imports/x/discard"):
        assert visitor.submit(f"/collections/prints/{path}").status_code in (401, 403, 404)
    assert visitor.submit("/jobs/x/stop").status_code == status
    assert world.last() == last


def test_a_form_from_elsewhere_is_refused(organiser: Visitor, world: World) -> None:
    last = world.last()
    answer = organiser.post("/collections/prints/undo", data={}, headers=organiser.origin)
    assert (answer.status_code, world.last()) == (403, last)


def test_the_list_and_the_page_of_a_collection(visitor: Visitor) -> None:
    assert "Prints" in visitor.get("/collections").text
    page = visitor.get("/collections/prints").text
    assert "Print 3" in page
    found = visitor.get("/collections/prints", params={"q": "print 11"}).text
    assert "Print 11" in found and "Print 3" not in found
    assert visitor.get("/collections/prints?page=nonsense").status_code == 200
    assert visitor.get("/collections/unknown").status_code == 404


@pytest.mark.parametrize(
    ("suffix", "kind"), [(".ttl", "text/turtle"), (".nt", "application/n-triples")]
)
def test_a_collection_is_linked_data(visitor: Visitor, suffix: str, kind: str) -> None:
    by_name = visitor.get(f"/collections/prints{suffix}")
    asked = visitor.get("/collections/prints", headers={"Accept": kind})
    assert by_name.headers["Content-Type"].startswith(kind)
    assert sorted(by_name.text.splitlines()) == sorted(asked.text.splitlines())
    assert worlds.item(3) in by_name.text
    assert visitor.get("/collection/prints").headers["Location"] == "/collections/prints"


def test_kept_images_never_change_and_do_nothing(world: World, tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>'
    (tmp_path / "a.svg").write_text(svg)
    (tmp_path / "a.png").write_bytes(picture())
    (tmp_path / "m.csv").write_text("id;title;image\nm1;One;a.svg\nm2;Two;a.png\n")
    said = Said("media", "Media")
    bring_in(world, Options(said, (tmp_path / "m.csv",), tmp_path))
    visitor = world.visitor()
    folder = world.desk.settings.data / "media" / "media"
    for path in folder.iterdir():
        answer = visitor.get(f"/media/media/{path.name}")
        assert answer.content == path.read_bytes()
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if path.suffix == ".svg":
            assert "sandbox" in answer.headers["Content-Security-Policy"]
        again = {"If-None-Match": answer.headers["ETag"]}
        assert visitor.get(f"/media/media/{path.name}", headers=again).status_code == 304
    for name in ("x.png", "..%2Freport.json", f"{'0' * 32}.html", f"{'0' * 32}.png"):
        assert visitor.get(f"/media/media/{name}").status_code == 404


def test_a_private_collection_is_for_organisers_until_it_is_public(
    world: World, organiser: Visitor, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(picture("#123456"))
    (tmp_path / "p.csv").write_text("id;title;image\np1;A secret thing;a.png\n")
    said = Said("secret", "The secret ones", private=True)
    bring_in(world, Options(said, (tmp_path / "p.csv",), tmp_path))
    visitor = world.visitor()
    image = next((world.desk.settings.data / "media" / "secret").glob("*.png")).name
    addresses = ("/collections/secret", "/collections/secret.ttl", f"/media/secret/{image}")
    for address in addresses:
        assert visitor.get(address).status_code == 404
    assert "secret" not in visitor.get("/collections").text
    with pytest.raises(Invalid, match="private"):
        campaigns.create(world.desk, world.people["olga"], about_secret("open"), now=worlds.now())
    draft = campaigns.create(
        world.desk, world.people["olga"], about_secret("draft"), now=worlds.now()
    )
    assert organiser.submit(f"/campaigns/{draft.slug}/open").status_code == 422
    assert "A secret thing" in organiser.get("/collections/secret").text
    assert organiser.get(f"/media/secret/{image}").status_code == 200
    finished(organiser, organiser.submit("/collections/secret/publish"))
    for address in addresses:
        assert visitor.get(address).status_code == 200
    assert collections.standing_in(world.desk, "secret") == "public"


def about_secret(state: str) -> Campaign:
    task = Task(1, DC.subject.value, {"en": "What is shown?"}, ("aat",))
    title = {"en": "About the secret ones"}
    return Campaign(f"secret-{state}", title, title, ("secret",), (task,), 10, state=state)


def bring_in(world: World, options: Options) -> None:
    olga, desk = world.people["olga"], world.desk
    mapping = imports.survey(desk, options.sources[0]).mapping
    prepared = imports.prepare(desk, olga, replace(options, mapping=mapping), now=worlds.now())
    imports.apply(desk, olga, prepared, now=worlds.now())
