"""A release of a campaign's result: an RO-Crate that never changes, and can be cited."""

import csv
import hashlib
import io
import json
import re
import time
import zipfile
from collections.abc import Iterator

import pytest
import yaml
from pyoxigraph import RdfFormat, parse

from server.domain import accounts
from server.formats import citations
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, VINEYARDS, World
from tests.web.visitors import Visitor


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("releases") / "data") as site:
        yield site


@pytest.fixture(scope="module")
def slug(world: World) -> str:
    made = world.campaign(title={"en": 'Vines </script> & "farms"'})
    accounts.change_profile(world.desk, world.people["ada"], "Ada", show_name=True)
    world.publish(made, 1, FARMS)
    world.publish(made, 2, VINEYARDS)
    return made


def release(visitor: Visitor, slug: str, **wish: str) -> str:
    """The address of a new release, once it is made."""
    answer = visitor.submit(f"/campaigns/{slug}/releases", **wish)
    assert answer.status_code == 303, answer.text
    job = answer.headers["Location"]
    for _attempt in range(600):
        text = visitor.get(job, headers={"HX-Request": "true"}).text
        assert 'role="alert"' not in text, text
        if found := re.search(r'href="(/releases/[^"]+)"', text):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(text)


@pytest.fixture(scope="module")
def made(world: World, slug: str) -> str:
    return release(world.visitor("olga"), slug, title="Vines, the first", version="1.0")


@pytest.fixture(scope="module")
def crate(world: World, made: str) -> zipfile.ZipFile:
    answer = world.visitor().get(f"{made}/crate.zip")
    assert answer.headers["content-type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_each_file_is_described_with_its_size_and_checksum(crate: zipfile.ZipFile) -> None:
    said = json.loads(crate.read("ro-crate-metadata.json"))
    assert said["@context"] == "https://w3id.org/ro/crate/1.1/context"
    about = {each["@id"]: each for each in said["@graph"]}
    assert about["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = about["./"]
    described = {each["@id"] for each in root["hasPart"]}
    of_itself = {"ro-crate-metadata.json", "ro-crate-preview.html"}
    assert described == set(crate.namelist()) - of_itself
    for name in described:
        data = crate.read(name)
        assert int(about[name]["contentSize"]) == len(data)
        assert about[name]["sha256"] == hashlib.sha256(data).hexdigest()
    for named in ("license", "publisher"):
        assert root[named]["@id"] in about


def test_the_same_annotations_stand_in_each_form(
    world: World, slug: str, crate: zipfile.ZipFile
) -> None:
    triples = list(parse(crate.read("data/enrichments.nt"), RdfFormat.N_TRIPLES))
    bodies = {t.object.value for t in triples if t.predicate.value.endswith("#hasBody")}
    assert bodies == {FARMS, VINEYARDS}
    documents = [json.loads(line) for line in crate.read("data/annotations.jsonl").splitlines()]
    assert {each["type"] for each in documents} == {"Annotation"}
    table = list(csv.DictReader(io.StringIO(crate.read("data/statements.csv").decode())))
    assert {row["value"] for row in table} == {FARMS, VINEYARDS}
    assert {row["annotation"] for row in table} == {each["id"] for each in documents}
    assert {row["label"] for row in table} == {"farms", "vineyards"}
    assert {(row["approvals"], row["field"]) for row in table} == {("2", "dc:subject")}
    assert crate.read("data/edm.xml").count(b"<edm:ProvidedCHO ") == 2


def test_only_who_agreed_is_named(crate: zipfile.ZipFile) -> None:
    whole = b"".join(crate.read(name) for name in crate.namelist()).decode()
    assert "Ada" in whole
    assert not re.search(r"\b(Ben|Olga)\b|@example\.org|password", whole)
    lines = list(csv.reader(io.StringIO(crate.read("contributors.csv").decode())))
    assert [line[0] for line in lines] == ["name", "Ada", "1 others, not named"]


def test_what_cites_it_is_read_by_others(crate: zipfile.ZipFile) -> None:
    cff = yaml.safe_load(crate.read("CITATION.cff"))
    assert (cff["cff-version"], cff["type"], cff["license"]) == ("1.2.0", "dataset", "CC0-1.0")
    assert cff["title"] == "Vines, the first" and cff["authors"][0]["name"]
    datacite = json.loads(crate.read("datacite.json"))
    for mandatory in ("titles", "creators", "publisher", "publicationYear", "types", "url"):
        assert datacite[mandatory], mandatory
    assert "doi" not in datacite


def test_a_release_never_changes_and_the_next_is_another(
    world: World, slug: str, made: str
) -> None:
    first = world.visitor().get(f"{made}/crate.zip")
    world.publish(slug, 3, FARMS)
    second = release(world.visitor("olga"), slug)
    assert second.endswith("/2")
    again = world.visitor().get(f"{made}/crate.zip")
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    unchanged = {"If-None-Match": first.headers["etag"]}
    assert world.visitor().get(f"{made}/crate.zip", headers=unchanged).status_code == 304
    assert world.visitor().get(f"{second}/crate.zip").content != first.content


def test_its_page_speaks_to_people_and_to_registries(world: World, made: str) -> None:
    visitor = world.visitor()
    text = visitor.get(made).text
    assert "Vines, the first" in text and "Ada" in text and "</script> &" not in text
    answer = visitor.get(made, headers={"Accept": "application/vnd.datacite.datacite+json"})
    assert answer.json()["version"] == "1.0" and "Accept" in answer.headers["vary"]
    bibtex = visitor.get(made, headers={"Accept": "application/x-bibtex"}).text
    assert bibtex.startswith("@misc{") and "title = {Vines, the first}" in bibtex


def test_a_doi_is_noted(world: World, made: str) -> None:
    olga = world.visitor("olga")
    wrong = olga.submit(f"{made}/doi", doi='10.1/"><script>')
    assert wrong.status_code == 422 and "<script>" not in wrong.text.replace("<script type", "")
    assert olga.submit(f"{made}/doi", doi="https://doi.org/10.5281/zenodo.77").status_code == 303
    assert "https://doi.org/10.5281/zenodo.77" in world.visitor().get(made).text
    told = world.visitor().get(made, headers={"Accept": "application/vnd.datacite.datacite+json"})
    assert told.json()["doi"] == "10.5281/zenodo.77"
    assert world.visitor("ada").submit(f"{made}/doi", doi="10.5281/x").status_code == 403


def test_who_may_and_what_may_be_released(world: World, slug: str) -> None:
    empty = world.campaign()
    nothing = world.visitor("olga").submit(f"/campaigns/{empty}/releases")
    assert nothing.status_code == 409 and "Nothing of this campaign is published" in nothing.text
    long = world.visitor("olga").submit(f"/campaigns/{slug}/releases", title="x" * 301)
    assert long.status_code == 422
    for name in ("", "ada"):
        answer = world.visitor(name).submit(f"/campaigns/{slug}/releases")
        assert answer.status_code in (401, 403)
    assert world.visitor("olga").submit("/campaigns/hidden/releases").status_code == 404
    assert world.visitor().get("/campaigns/hidden/releases").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "1e1", "٣", "..", "9" * 30])
def test_what_is_no_release_is_not_found(world: World, slug: str, number: str) -> None:
    assert world.visitor().get(f"/releases/{slug}/{number}").status_code == 404
    assert world.visitor().get(f"/releases/{slug}/{number}/crate.zip").status_code == 404
    assert world.visitor().get(f"/releases/no-campaign/{number}").status_code == 404


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.5281/zenodo.1234", "10.5281/zenodo.1234"),
        (" https://doi.org/10.1000/182 ", "10.1000/182"),
        ("doi:10.1000/182", "10.1000/182"),
        ("", ""),
        ("zenodo.1234", None),
        ("10.5281/a b", None),
        ("10.5281/<x>", None),
        ("javascript:10.5281/x", None),
    ],
)
def test_a_doi_is_known_by_its_form(text: str, doi: str | None) -> None:
    assert citations.read_doi(text) == doi
