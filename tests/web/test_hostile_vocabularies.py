"""What people with bad intentions load as vocabularies, say of terms and ask about them."""

import bz2
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

from server.domain import term_table_reading, vocabulary_loads
from server.domain.vocabulary_loads import Options
from tests.domain.vocabulary_files import concept, iri, write
from tests.remote_server import Answer, remote_server
from tests.web.campaign_site import World, now
from tests.web.test_vocabulary_loads import bring_in, ended, finished, send
from tests.web.visitors import Visitor

_NUMBERS = count(1)
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SKOS = "http://www.w3.org/2004/02/skos/core#"
NT = f'<{iri(1)}> {TYPE} <{SKOS}Concept> .\n<{iri(1)}> <{SKOS}prefLabel> "one"@en .\n'
SWOLLEN = b"\n" * 120_000_000
RDF_XML = (
    '<?xml version="1.0"?><!DOCTYPE r [{entities}]><rdf:RDF xmlns:rdf="'
    f'http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="{SKOS}">'
    f'<skos:Concept rdf:about="{iri(1)}"><skos:prefLabel xml:lang="en">x&last;'
    "</skos:prefLabel></skos:Concept></rdf:RDF>"
)
LAUGHS = '<!ENTITY e0 "haha">' + "".join(
    f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12)
)


@pytest.fixture
def slug() -> str:
    """A short name that nothing has."""
    return f"hostile-{next(_NUMBERS)}"


def zipped(**members: str | bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def locked() -> bytes:
    """A zip whose only member says that it is encrypted."""
    data = bytearray(zipped(**{"a.nt": NT}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


#: Files from which nothing can be loaded, as they are called.
FILES: dict[str, Callable[[], bytes]] = {
    "bomb.nt.gz": lambda: gzip.compress(SWOLLEN),
    "bomb.nt.bz2": lambda: bz2.compress(SWOLLEN),
    "bomb.zip": lambda: zipped(**{"a.nt": SWOLLEN}),
    "bomb-line.ttl.gz": lambda: gzip.compress(b'<a:b> <a:c> "' + b"a" * 120_000_000),
    "bomb.rdf": lambda: RDF_XML.format(entities=LAUGHS + '<!ENTITY last "&e11;">').encode(),
    "secret.rdf": lambda: RDF_XML.format(
        entities='<!ENTITY last SYSTEM "file:///etc/passwd">'
    ).encode(),
    "cut.nt.gz": lambda: gzip.compress(NT.encode())[:-20],
    "cut.zip": lambda: zipped(**{"a.nt": NT})[:-30],
    "locked.zip": locked,
    "empty.zip": lambda: zipped(),
    "deep.jsonld": lambda: b"[" * 1_000_000,
    "deep.ttl": lambda: b"<a:b> <a:c> " + b"(" * 200_000,
    "page.ttl": lambda: b"<html><script>alert(1)</script>",
    "nothing.nt": lambda: b"",
    "zeros.ttl": lambda: b"\0" * 1000,
    "wide.nt": lambda: NT.encode("utf-16"),
}


def left(world: World, slug: str) -> list[Path]:
    """What is still on the disk of uploads and loads under this name."""
    data = world.desk.settings.data
    return [*(data / "uploads").glob("*"), *(data / "vocabularies" / slug).glob("*")]


@pytest.mark.parametrize("source", ["skos", "csv", "aat", "geonames", "wikidata"])
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_a_trap_is_an_error_in_words_and_leaves_nothing(
    world: World, organiser: Visitor, tmp_path: Path, slug: str, name: str, source: str
) -> None:
    if source not in ("skos", "csv") and "bomb" in name:
        pytest.skip("read as the others are")
    file, before = tmp_path / name, world.last()
    file.write_bytes(FILES[name]())
    text = ended(organiser, send(organiser, file, slug=slug, source=source))
    assert 'role="alert"' in text
    for words in ("our side", "crash", "root:", "<script>alert", str(world.desk.settings.data)):
        assert words not in text
    assert organiser.get(f"/vocabularies/{slug}").status_code == 404
    assert world.last() == before
    assert left(world, slug) == []


def test_names_in_a_zip_lead_nowhere(
    world: World, organiser: Visitor, tmp_path: Path, slug: str
) -> None:
    names = ("../../../evil.nt", "/evil.nt", "..\\evil.nt", "a/../../evil.nt", "evil\n.nt")
    members = {name: NT.replace(iri(1), iri(f"z{n}")) for n, name in enumerate(names)}
    file = tmp_path / "names.zip"
    file.write_bytes(zipped(**members))
    bring_in(organiser, file, slug=slug)
    data = world.desk.settings.data
    assert [*data.parent.rglob("*evil*"), *Path("/").glob("*evil*")] == []
    assert len(world.visitor().get(f"/vocabularies/{slug}/terms.csv").text.splitlines()) == 6


@pytest.mark.parametrize(
    "name", ["../../evil.nt", "/etc/evil.nt", ".nt", "a\\..\\evil.nt", "é\u202e.nt"]
)
def test_the_name_of_an_upload_leads_nowhere(
    world: World, organiser: Visitor, slug: str, name: str
) -> None:
    answer = organiser.post(
        "/vocabularies/load", data={"csrf": organiser.token(), "source": "skos", "slug": slug},
        files=[("files", (name, NT.encode()))], headers=organiser.origin,
    )  # fmt: skip
    assert "our side" not in ended(organiser, answer)
    assert [*world.desk.settings.data.parent.rglob("*evil*")] == []


def test_what_a_document_names_elsewhere_is_not_fetched(
    organiser: Visitor, tmp_path: Path, slug: str
) -> None:
    with remote_server(lambda _asked: Answer(b"{}")) as remote:
        term = {"@context": remote.address("/c"), "@id": iri(1), "@type": f"{SKOS}Concept"}
        document = tmp_path / "a.jsonld"
        document.write_text(json.dumps(term))
        entity = f'<!ENTITY last SYSTEM "{remote.address("/e")}">'
        xml = tmp_path / "a.rdf"
        xml.write_text(RDF_XML.format(entities=entity))
        for file in (document, xml):
            assert 'role="alert"' in ended(organiser, send(organiser, file, slug=slug))
        assert remote.asked == []


def test_texts_beyond_all_measure_are_left_out_and_told(
    organiser: Visitor, visitor: Visitor, tmp_path: Path, slug: str
) -> None:
    many = "".join(f' ; skos:altLabel "n{n}"@en' for n in range(2_000))
    above = "".join(f" ; skos:broader :b{n}" for n in range(500))
    below = [concept(n, f"below {n}", "; skos:broader :top") for n in range(10_000)]
    file = write(
        tmp_path / "a.ttl", concept("huge", "a" * 1_000_000), concept("top", "top"),
        concept("named", "named", many), concept("high", "high", above),
        concept("odd", "odd", f'; skos:prefLabel "x"@{"a" * 8}{"-bbbbbbbb" * 200}'), *below,
    )  # fmt: skip
    report = bring_in(organiser, file, slug=slug)
    assert "texts of more than 2000 characters" in organiser.get(report).text
    for path in (
        f"/vocabularies/{slug}", f"/vocabularies/{slug}/tree?under={quote(iri('top'))}&offset=9900",
        f"/vocabularies/{slug}/index", f"/terms?iri={quote(iri('named'))}",
        f"/terms?iri={quote(iri('high'))}", f"/terms?iri={quote(iri('top'))}&narrower=9900",
        f"/vocabularies/{slug}/terms.csv", f"/reconcile/{slug}/preview?id={quote(iri('odd'))}",
    ):  # fmt: skip
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert "a" * 3_000 not in answer.text


def test_what_is_said_of_a_vocabulary_as_a_whole_is_only_text(
    world: World, organiser: Visitor, visitor: Visitor, tmp_path: Path, slug: str
) -> None:
    file = write(tmp_path / "a.ttl", concept(1, "one"))
    script = '<script>alert(1)</script>" onload="x'
    with file.open("a", encoding="utf-8") as more:
        more.write(
            f":s dct:title {json.dumps(script)}@x-{'y' * 8}-abcdefghi, {json.dumps(script)}@EN-gb ;"
            f" dct:description {json.dumps(script)} ; dct:license <javascript:alert(1)> ;"
            f" dct:source <{world.desk.names.base}campaign/done> ;"
            f" a <https://w3id.org/crowdheritage/ns#Campaign> ."
        )
    text = ended(organiser, send(organiser, file, slug=slug))
    if 'role="alert"' not in text:  # else refused in words
        (report,) = set(re.findall(rf"/vocabularies/{slug}/loads/[^\"]+", text))
        assert finished(organiser, organiser.submit(f"{report}/apply"))
        for path in (f"/vocabularies/{slug}", "/vocabularies", report):
            shown = organiser.get(path).text
            assert "<script>alert" not in shown and 'href="javascript' not in shown
    assert "our side" not in text
    assert f"/campaigns/{slug}" not in visitor.get("/campaigns").text


def test_numbers_that_are_none_do_no_harm(
    organiser: Visitor, visitor: Visitor, tmp_path: Path, slug: str
) -> None:
    prefixes = "@prefix gn: <http://www.geonames.org/ontology#> .\n"
    prefixes += "@prefix w: <http://www.w3.org/2003/01/geo/wgs84_pos#> .\n"
    numbers = ("9" * 30, "9" * 5_000, "-1", "NaN", "1e999999", "١٢", "INF", "0x10", " 1 ")
    said = [
        concept(n, f"place {n}", f'; gn:population "{text}" ; w:lat "{text}" ; w:long "{text}"')
        for n, text in enumerate(numbers)
    ]
    file = write(tmp_path / "a.ttl", *said)
    file.write_text(prefixes + file.read_text(encoding="utf-8"), encoding="utf-8")
    bring_in(organiser, file, slug=slug)
    wanted = [{"id": name} for name in ("population", "latitude", "longitude", "coordinates")]
    asked = {"ids": [iri(n) for n in range(len(numbers))], "properties": wanted}
    answer = visitor.post(f"/reconcile/{slug}", data={"extend": json.dumps(asked)})
    assert answer.status_code == 200 and set(answer.json()["rows"]) == set(asked["ids"])
    for term in asked["ids"]:
        assert visitor.get("/terms", params={"iri": term}).status_code == 200


# --- who reads it ---------------------------------------------------------------------------------


def confined(pid: str) -> tuple[bool, int]:
    """Whether a process has a filter of system calls, and its limit of address space."""
    status = Path(f"/proc/{pid}/status").read_text()
    limits = Path(f"/proc/{pid}/limits").read_text()
    (space,) = re.findall(r"Max address space +(\w+)", limits)
    return "Seccomp:\t2" in status, int(space) if space.isdecimal() else 0


def descendants(pid: str = "self") -> list[str]:
    children = [
        child
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for child in task.read_text().split()
    ]
    return [*children, *(each for child in children for each in descendants(child))]


def readers() -> list[tuple[bool, int]]:
    """The processes below this one that read strangers' files, and how they are confined."""
    found = []
    for pid in descendants():
        try:
            if re.search(rb"server\.domain\.(vocabulary|term)_child", command(pid)):
                found.append(confined(pid))
        except OSError:  # it has ended
            continue
    return found


def command(pid: str) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_vocabularies_are_read_in_confined_processes(
    world: World, tmp_path: Path, slug: str
) -> None:
    file = write(tmp_path / "a.ttl", *(concept(n, f"label {n}") for n in range(20_000)))
    seen: list[tuple[bool, int]] = []
    vocabulary_loads.prepare(
        world.desk, world.people["olga"], Options(slug, "skos", (file,)), now=now(),
        progress=lambda *_: seen.extend(readers()),
    )  # fmt: skip
    assert set(seen) == {(True, world.desk.settings.vocabulary_memory)}


def test_tables_of_terms_are_read_in_confined_processes(world: World, organiser: Visitor) -> None:
    organiser.submit("/vocabularies/new", title="Tables", slug="tables-of-terms")
    table = "iri,label@en\n" + "".join(f"http://t.example/{n},l{n}\n" for n in range(60_000))
    path = term_table_reading.keep(world.desk, "a.csv", io.BytesIO(table.encode()))
    seen: list[tuple[bool, int]] = []
    read = term_table_reading.read(
        world.desk, world.people["olga"], "tables-of-terms", path,
        progress=lambda *_: seen.extend(readers()),
    )  # fmt: skip
    read.close()
    assert seen and all(filtered and memory <= 1_000_000_000 for filtered, memory in seen)
