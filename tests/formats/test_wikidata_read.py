"""Dumps of Wikidata: facts as on wikidata.org, files written here in its layouts."""

import bz2
import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from server.errors import CrowdHeritageError, Invalid, Malformed, NotFound
from server.formats import wikidata_read
from server.formats.vocabularies import Reading, as_triples
from server.formats.wikidata_numbers import Numbers, Pairs, add_below, closing
from server.formats.wikidata_read import Options
from server.names import FOAF, GVP, RDF, SKOS, WGS84, XSD
from tests.indexed_terms import terms_from_triples

WD = "http://www.wikidata.org/entity/"
WDT = "http://www.wikidata.org/prop/direct/"
PAINTING, VISUAL_ARTWORK, WORK_OF_ART, MONA_LISA, BELGIUM = 3305213, 4502142, 838948, 12418, 31


def item(number: int) -> NamedNode:
    return NamedNode(f"{WD}Q{number}")


def labels(number: int, **texts: str) -> str:
    """A label thrice, as the dumps have it."""
    return "".join(
        f"<{WD}Q{number}> <{predicate}> {Literal(text, language=lang)} .\n"
        for lang, text in texts.items()
        for predicate in (
            "http://www.w3.org/2000/01/rdf-schema#label",
            f"{SKOS}prefLabel",
            "http://schema.org/name",
        )
    )


def claim(number: int, prop: int, value: int | str) -> str:
    text = f"<{WD}Q{value}>" if isinstance(value, int) else value
    return f"<{WD}Q{number}> <{WDT}P{prop}> {text} .\n"


TRUTHY = "".join(
    (
        f"<{WD}Q{PAINTING}> <{RDF}type> <http://wikiba.se/ontology#Item> .\n",
        labels(PAINTING, en="painting", el="πίνακας ζωγραφικής"),
        claim(PAINTING, 279, VISUAL_ARTWORK),
        labels(VISUAL_ARTWORK, en="visual artwork"),
        claim(VISUAL_ARTWORK, 279, WORK_OF_ART),
        labels(WORK_OF_ART, en="work of art"),
        f"<https://www.wikidata.org/wiki/Special:EntityData/Q{MONA_LISA}> "
        f"<http://schema.org/about> <{WD}Q{MONA_LISA}> .\n",
        labels(MONA_LISA, en="Mona Lisa", it="Gioconda"),
        f'<{WD}Q{MONA_LISA}> <{SKOS}altLabel> "La Joconde"@en .\n',
        f'<{WD}Q{MONA_LISA}> <http://schema.org/description> "painting by Leonardo"@en .\n',
        claim(MONA_LISA, 31, PAINTING),
        claim(
            MONA_LISA, 18, "<http://commons.wikimedia.org/wiki/Special:FilePath/Mona%20Lisa.jpg>"
        ),
        f'<{WD}Q{MONA_LISA}> <{WDT}P571> "+1503-00-00T00:00:00Z"^^<{XSD}dateTime> .\n',
        labels(BELGIUM, en="Belgium"),
        claim(BELGIUM, 625, '"Point(4.668055555 50.641111111)"^^<http://x.test/wktLiteral>'),
        f"<{WD}Q999> <http://www.w3.org/2002/07/owl#sameAs> <{WD}Q{MONA_LISA}> .\n",
    )
)  # fmt: skip


def write(folder: Path, text: str | bytes, name: str = "dump.nt") -> Path:
    data = text.encode() if isinstance(text, str) else text
    pack: Callable[[bytes], bytes] = {".gz": gzip.compress, ".bz2": bz2.compress}.get(
        Path(name).suffix, bytes
    )
    (folder / name).write_bytes(pack(data))
    return folder / name


def read(
    source: Path | list[Path], reading: Reading | None = None, **options: tuple[str, ...]
) -> set[Triple]:
    paths = source if isinstance(source, list) else [source]
    data = wikidata_read.read(paths, Options(**options), reading or Reading())
    return set(as_triples(data.statements))


def concepts(triples: set[Triple]) -> set[int]:
    found = {t.subject for t in triples if t.object == SKOS.Concept}
    return {int(node.value.rpartition("Q")[2]) for node in found if isinstance(node, NamedNode)}


def broader(triples: set[Triple], predicate: NamedNode = SKOS.broader) -> set[tuple[int, int]]:
    return {
        tuple(int(node.value.rpartition("Q")[2]) for node in (t.subject, t.object))  # type: ignore[union-attr,misc]
        for t in triples
        if t.predicate == predicate
    }


def entity(number: int, **more: Any) -> dict[str, Any]:
    """As in the JSON dumps."""
    empty: dict[str, Any] = {"labels": {}, "descriptions": {}, "aliases": {}, "claims": {}}
    return {"type": "item", "id": f"Q{number}", **empty, **more}


def said(**texts: str) -> dict[str, Any]:
    return {lang: {"language": lang, "value": text} for lang, text in texts.items()}


def snak(value: Any, rank: str = "normal") -> dict[str, Any]:
    return {"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "rank": rank}


def link(number: int, rank: str = "normal") -> dict[str, Any]:
    return snak({"entity-type": "item", "id": f"Q{number}", "numeric-id": number}, rank)


ENTITIES = [
    entity(
        PAINTING,
        labels=said(en="painting", el="πίνακας ζωγραφικής"),
        claims={"P279": [link(VISUAL_ARTWORK)]},
    ),
    entity(
        VISUAL_ARTWORK,
        labels=said(en="visual artwork"),
        claims={"P279": [link(WORK_OF_ART)]},
    ),
    entity(WORK_OF_ART, labels=said(en="work of art"), descriptions=[]),
    entity(
        MONA_LISA,
        labels=said(en="Mona Lisa", it="Gioconda"),
        aliases={"en": [{"language": "en", "value": "La Joconde"}]},
        descriptions=said(en="painting by Leonardo"),
        claims={"P31": [link(PAINTING)], "P18": [snak("Mona Lisa.jpg")]},
    ),
    entity(
        BELGIUM,
        labels=said(en="Belgium"),
        claims={
            "P625": [
                snak(
                    {"latitude": 50.641111111, "longitude": 4.668055555, "globe": f"{WD}Q2"},
                )
            ]
        },
    ),
    entity(MONA_LISA, redirects={"from": "Q999", "to": f"Q{MONA_LISA}"}),
]
DUMP = "[\n" + ",\n".join(json.dumps(one) for one in ENTITIES) + "\n]\n"
TURTLE = f"@prefix wd: <{WD}> .\n{TRUTHY}".replace(f"<{WD}Q{BELGIUM}>", f"wd:Q{BELGIUM}")


def as_folder(folder: Path) -> Path:
    inside = folder / "entities"
    inside.mkdir()
    for number, one in enumerate(ENTITIES):
        (inside / f"{number}.json").write_text(json.dumps(one, indent="\t"))
    return inside


@pytest.fixture(
    params=[
        lambda f: write(f, TRUTHY),
        lambda f: write(f, TRUTHY, "dump.nt.gz"),
        lambda f: write(f, TRUTHY, "dump.nt.bz2"),
        lambda f: write(f, TURTLE, "dump.ttl"),
        lambda f: write(f, TURTLE, "dump.ttl.gz"),
        lambda f: write(f, DUMP, "dump.json"),
        lambda f: write(f, DUMP, "dump.json.gz"),
        lambda f: write(f, DUMP, "dump.json.bz2"),
        as_folder,
    ],
    ids=["nt", "nt.gz", "nt.bz2", "ttl", "ttl.gz", "json", "json.gz", "json.bz2", "folder"],
)
def dump(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same facts in each layout."""
    found: Path = request.param(tmp_path)
    return found


def test_labels_come_once(dump: Path) -> None:
    statements = list(wikidata_read.read([dump], Options(), Reading()).statements)
    assert len(statements) == len(set(statements))


def test_a_term_has_labels_aliases_a_description_and_its_number(dump: Path) -> None:
    me = item(MONA_LISA)
    about = {(t.predicate, t.object) for t in read(dump) if t.subject == me}
    assert about == {
        (RDF.type, SKOS.Concept),
        (SKOS.notation, Literal("Q12418")),
        (SKOS.inScheme, NamedNode(WD)),
        (SKOS.prefLabel, Literal("Mona Lisa", language="en")),
        (SKOS.prefLabel, Literal("Gioconda", language="it")),
        (SKOS.altLabel, Literal("La Joconde", language="en")),
        (SKOS.definition, Literal("painting by Leonardo", language="en")),
        (SKOS.broader, item(PAINTING)),
        (
            FOAF.depiction,
            NamedNode("http://commons.wikimedia.org/wiki/Special:FilePath/Mona%20Lisa.jpg"),
        ),
    }


def test_a_place_has_its_coordinates(dump: Path) -> None:
    about = {(t.predicate, t.object) for t in read(dump) if t.subject == item(BELGIUM)}
    assert (WGS84.lat, Literal("50.641111111", datatype=XSD.decimal)) in about
    assert (WGS84.long, Literal("4.668055555", datatype=XSD.decimal)) in about


def test_a_class_brings_its_subclasses_and_their_instances(dump: Path) -> None:
    triples = read(dump, classes=(f"Q{WORK_OF_ART}",))
    assert concepts(triples) == {WORK_OF_ART, VISUAL_ARTWORK, PAINTING, MONA_LISA}
    assert broader(triples) == {
        (VISUAL_ARTWORK, WORK_OF_ART),
        (PAINTING, VISUAL_ARTWORK),
        (MONA_LISA, PAINTING),
    }


def test_only_the_languages_asked_for_are_read(dump: Path) -> None:
    triples = read(dump, languages=("it",))
    assert concepts(triples) == {MONA_LISA}
    assert {t.object.language for t in triples if isinstance(t.object, Literal)} == {None, "it"}


def test_a_redirect_retires_the_old_number(dump: Path) -> None:
    reading = Reading()
    read(dump, reading)
    assert reading.retired == {f"{WD}Q999": f"{WD}Q{MONA_LISA}"}


def test_the_terms_are_what_vocabularies_are_made_of(dump: Path) -> None:
    terms = {term.iri: term for term in terms_from_triples(read(dump))}
    assert terms[f"{WD}Q{MONA_LISA}"].broader == (f"{WD}Q{PAINTING}",)
    assert len(terms) == 5


@pytest.mark.parametrize(
    "form",
    [
        "https://www.wikidata.org/entity/Q",
        "http://wikidata.org/wiki/Q",
        "https://www.wikidata.org/wiki/Q",
        "https://www.wikidata.org/wiki/Special:EntityData/Q",
    ],
)
def test_other_forms_of_addresses_are_the_same_item(tmp_path: Path, form: str) -> None:
    text = TRUTHY.replace(f"{WD}Q", form)
    triples = read(write(tmp_path, text), classes=(f"{form}{VISUAL_ARTWORK}",))
    assert concepts(triples) == {VISUAL_ARTWORK, PAINTING, MONA_LISA}


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("> <", ">\t<"),
    lambda text: text.replace(" .\n", ".\n"),
    lambda text: "# a remark\n\n" + text,
    lambda text: "\ufeff" + text,
    lambda text: text[:-1],
    lambda text: "".join(sorted(text.splitlines(keepends=True), key=lambda s: s.split(" ")[1:])),
], ids=["crlf", "tabs", "tight", "remarks", "mark", "no-end", "by-predicate"])  # fmt: skip
def test_lines_may_be_written_otherwise(tmp_path: Path, change: Callable[[str], str]) -> None:
    assert read(write(tmp_path, change(TRUTHY))) == read(write(tmp_path, TRUTHY, "usual.nt"))


def test_a_redirected_class_is_followed(tmp_path: Path) -> None:
    text = labels(1, en="one") + labels(3, en="three") + labels(4, en="four")
    text += claim(4, 31, 2)
    text += "".join(
        f"<{WD}Q{old}> <http://www.w3.org/2002/07/owl#sameAs> <{WD}Q{new}> .\n"
        for old, new in ((2, 5), (5, 1), (7, 8), (8, 7), (9, 9))
    )
    reading = Reading()
    triples = read(write(tmp_path, text), reading, classes=("Q2",))
    assert concepts(triples) == {1, 4}
    assert broader(triples) == {(4, 1)}
    assert reading.retired == {f"{WD}Q2": f"{WD}Q1", f"{WD}Q5": f"{WD}Q1"}


def test_subclass_of_is_preferred_to_instance_of(tmp_path: Path) -> None:
    text = "".join(labels(number, en=f"n{number}") for number in (1, 2, 3))
    triples = read(write(tmp_path, text + claim(3, 31, 1) + claim(3, 279, 2)))
    assert broader(triples) == {(3, 1), (3, 2)}
    assert broader(triples, GVP.broaderPreferred) == {(3, 2)}


def test_what_closes_a_circle_is_left_out_and_counted(tmp_path: Path) -> None:
    text = "".join(labels(number, en=f"n{number}") for number in range(1, 7))
    for narrower, above in ((2, 1), (3, 2), (1, 3), (4, 3), (5, 5)):
        text += claim(narrower, 279, above)
    reading = Reading()
    triples = read(write(tmp_path, text + claim(6, 31, 5)), reading)
    found = broader(triples)
    assert {(4, 3), (6, 5)} < found
    assert len(found) == 4
    assert set(reading.left_out.values()) == {2}
    assert concepts(read(write(tmp_path, text), classes=("Q2",))) == {1, 2, 3, 4}


def test_items_without_a_label_are_no_terms_nor_broader(tmp_path: Path) -> None:
    text = labels(1, de="eins") + claim(1, 31, 2)
    text += f'<{WD}Q2> <http://schema.org/description> "nameless"@de .\n'
    reading = Reading()
    triples = read(write(tmp_path, text), reading)
    assert concepts(triples) == {1}
    assert not broader(triples)
    assert all(t.subject == item(1) for t in triples)
    assert sum(reading.left_out.values()) == 1


def test_labels_for_all_languages_are_read_with_any_language(tmp_path: Path) -> None:
    triples = read(write(tmp_path, labels(1, mul="Ada")), languages=("el",))
    assert Triple(item(1), SKOS.prefLabel, Literal("Ada", language="mul")) in triples


def test_the_best_rank_counts(tmp_path: Path) -> None:
    classes = [link(1), link(2, "preferred"), link(3, "deprecated")]
    entities = [entity(n, labels=said(en=f"n{n}")) for n in (1, 2, 3)]
    entities.append(entity(4, labels=said(en="four"), claims={"P31": classes}))
    entities.append(
        entity(
            5,
            labels=said(en="five"),
            claims={"P31": [{"mainsnak": {"snaktype": "somevalue"}, "rank": "preferred"}, link(1)]},
        )
    )
    text = "\n".join(json.dumps(one) for one in entities)
    assert broader(read(write(tmp_path, text, "d.json"))) == {(4, 2)}


def test_a_crater_of_the_moon_has_no_place_on_earth(tmp_path: Path) -> None:
    moon = {"latitude": 1.0, "longitude": 2.0, "globe": f"{WD}Q405"}
    odd = {"latitude": 91, "longitude": 2.0, "globe": f"{WD}Q2"}
    entities = [
        entity(1, labels=said(en="crater"), claims={"P625": [snak(moon)]}),
        entity(2, labels=said(en="nowhere"), claims={"P625": [snak(odd)]}),
    ]
    lines = labels(3, en="crater") + claim(3, 625, f'"<{WD}Q405> Point(1 2)"^^<http://x.test/w>')
    reading = Reading()
    paths = [write(tmp_path, json.dumps(entities), "a.json"), write(tmp_path, lines)]
    assert not [t for t in read(paths, reading) if t.predicate == WGS84.lat]
    assert set(reading.left_out.values()) == {3}


def test_other_entities_are_passed_over(tmp_path: Path) -> None:
    text = TRUTHY + "".join(
        f'<{WD}{name}> <http://www.w3.org/2000/01/rdf-schema#label> "no item"@en .\n'
        for name in ("P31", "L99", "Q0", "Q99999999999", "Qx")
    )
    assert len(concepts(read(write(tmp_path, text)))) == 5
    odd = [*ENTITIES, {"type": "property", "id": "P31", "labels": said(en="instance of")}]
    odd += [{"type": "lexeme", "id": "L1"}, {"id": "Q7", "missing": ""}]
    assert len(concepts(read(write(tmp_path, json.dumps(odd), "x.json")))) == 5


def test_a_line_that_is_no_triple_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = TRUTHY.splitlines(keepends=True)
    bad = ["nonsense .\n", f'<{WD}Q1> <{SKOS}prefLabel> "open .\n', f"<{WD}Q1> is <d> .\n"]
    text = "".join([*lines[:3], bad[0], *lines[3:5], *bad[1:], *lines[5:]])
    reading = Reading()
    assert len(concepts(read(write(tmp_path, text), reading))) == 5
    assert [(fault.file, fault.line) for fault in reading.faults] == [
        ("dump.nt", 4), ("dump.nt", 7), ("dump.nt", 8),
    ]  # fmt: skip


def test_a_faulty_entity_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = DUMP.splitlines(keepends=True)
    bad = ['{"id": "Q1", \n', '{"type":"item","id":"Q1","labels":{"en":5}},\n', "[" * 5_000 + ",\n"]
    reading = Reading()
    path = write(tmp_path, "".join([lines[0], *bad, *lines[1:]]), "dump.json")
    assert len(concepts(read(path, reading))) == 5
    assert sorted(fault.line for fault in reading.faults) == [2, 3, 4]


def test_a_fault_in_turtle_is_named(tmp_path: Path) -> None:
    reading = Reading()
    text = "\n".join([TURTLE, "wd:Q1 wd:p ;; nonsense [ .", labels(5, en="after")])
    assert concepts(read(write(tmp_path, text, "dump.ttl"), reading)) >= {MONA_LISA}
    assert reading.faults[0].line == TURTLE.count("\n") + 2


def test_too_many_faults_end_the_reading(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="dump.nt"):
        read(write(tmp_path, TRUTHY + "nonsense\n" * 30), Reading(most_faults=20))


@pytest.mark.parametrize("name", ["d.nt.gz", "d.nt.bz2", "d.json.gz", "d.ttl.gz", "d.ttl.bz2"])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, name: str) -> None:
    content = {"nt": TRUTHY, "json": DUMP, "ttl": TURTLE}[name.split(".")[1]]
    path = write(tmp_path, content, name)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Malformed, match="damaged"):
        read(path)


@pytest.mark.parametrize("data", [
    b"", b"<!DOCTYPE html><html><body>Not found</body></html>", b"<?xml version='1.0'?><rdf/>",
    b"id,label\n1,one\n", bytes(5_000), b"PK\x03\x04" + bytes(100), b"\x1f\x8b" + bytes(50),
    b"BZh9" + bytes(50), b"{}", b"[]", b"[1, 2, null]", b'{"entities": {"Q1": 5}}',
    b'<http://acme.test/Q1> <http://www.w3.org/2000/01/rdf-schema#label> "label:Q1"@en .\n',
])  # fmt: skip
@pytest.mark.parametrize("name", ["dump.nt", "dump.json", "dump.ttl"])
def test_other_files_are_refused_in_words(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CrowdHeritageError, match=r"\w+ \w+"):
        read(tmp_path / name)


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read(tmp_path / "none.nt")
    with pytest.raises(Malformed):
        read(tmp_path)


@pytest.mark.parametrize("text", ["", "5", "P31", "Q", "http://example.org/Q5", "Q5; DROP"])
def test_a_class_must_be_an_item(tmp_path: Path, text: str) -> None:
    with pytest.raises(Invalid):
        read(write(tmp_path, TRUTHY), classes=(text,))


def test_long_texts_and_control_characters_are_left_out_and_counted(tmp_path: Path) -> None:
    label = '"%s"@%s'
    long = [
        label % ("x" * 1_000_000, "de"),
        label % ("y" * 2_001, "fr"),
        label % ("a\\u0007b", "nl"),
    ]
    text = TRUTHY + "".join(f"<{WD}Q{MONA_LISA}> <{SKOS}altLabel> {one} .\n" for one in long)
    reading = Reading()
    triples = read(write(tmp_path, text), reading)
    alt = {t.object for t in triples if t.predicate == SKOS.altLabel}
    assert alt == {Literal("La Joconde", language="en"), Literal("ab", language="nl")}
    assert sum(reading.left_out.values()) == 3


def test_escapes_mean_what_they_stand_for(tmp_path: Path) -> None:
    text = f'<{WD}Q1> <{SKOS}prefLabel> "\\u0391\\u03B8\\U0001F600 \\"a\\" \\\\n \\tb"@EL .\n'
    (triple,) = (t for t in read(write(tmp_path, text)) if t.predicate == SKOS.prefLabel)
    assert triple.object == Literal('Αθ😀 "a" \\n \tb', language="el")


@pytest.mark.parametrize("value", [b'"\xff\xfe"@en', b'"\\UFFFFFFFF"@en'])
def test_text_that_is_no_text_is_a_fault(tmp_path: Path, value: bytes) -> None:
    line = f"<{WD}Q1> <{SKOS}prefLabel> ".encode() + value + b" .\n"
    reading = Reading()
    read(write(tmp_path, TRUTHY.encode() + line), reading)
    assert [fault.line for fault in reading.faults] == [TRUTHY.count("\n") + 1]


def test_an_unsafe_image_is_left_out(tmp_path: Path) -> None:
    lines = [claim(BELGIUM, 18, address) for address in ("<javascript:alert(1)>", "<http://a b>")]
    triples = read(write(tmp_path, TRUTHY + "".join(lines)), Reading())
    assert {t.subject for t in triples if t.predicate == FOAF.depiction} == {item(MONA_LISA)}


def test_progress_ends_where_the_source_ends(dump: Path) -> None:
    told: list[tuple[int, int]] = []
    read(dump, Reading(progress=lambda done, total: told.append((done, total))))
    assert told[-1][0] == told[-1][1] > 0
    assert told == sorted(told)


def test_a_line_without_end_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "dump.nt.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(TRUTHY.encode())
        file.write(f'<{WD}Q1> <{SKOS}prefLabel> "'.encode())
        for _ in range(80):
            file.write(b"x" * 1_000_000)
        file.write(b'"@en .\n')
        file.write(labels(5, en="after").encode())
    reading = Reading()
    assert 5 in concepts(read(path, reading))
    assert [fault.line for fault in reading.faults] == [TRUTHY.count("\n") + 1]


def test_memory_does_not_grow_with_the_dump(tmp_path: Path) -> None:
    """In a process that may not have more than 600 MB of address space."""
    path = tmp_path / "dump.nt.gz"
    with gzip.open(path, "wt", compresslevel=1) as file:
        for number in range(1, 60_001):
            file.write(labels(number * 2_000, en=f"term {number}", de=f"Begriff {number}"))
            file.write(claim(number * 2_000, 31, (number // 100 + 1) * 2_000))
    script = (
        "import resource, sys; from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_AS, (600_000_000, 600_000_000))\n"
        "from server.formats import wikidata_read as w\n"
        "from server.formats.vocabularies import Reading\n"
        "data = w.read([Path(sys.argv[1])], w.Options(), Reading(Path(sys.argv[2])))\n"
        "print(sum(1 for _ in data.statements))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert int(done.stdout) == 60_000 * 6 - 1  # one closes a circle


def test_pairs_and_numbers_hold_what_was_put_in(tmp_path: Path) -> None:
    pairs = Pairs(tmp_path / "pairs")
    told = [(number, number // 3) for number in range(1, 400_000)]
    for pair in told:
        pairs.add(*pair)
    assert list(pairs) == told
    found = Numbers([5])
    assert found.add(399_999_999)
    assert not found.add(5)
    assert 399_999_999 in found
    assert 399_999_998 not in found


def test_everything_below_is_found_in_any_order(tmp_path: Path) -> None:
    pairs = Pairs(tmp_path / "pairs")
    for narrower, above in ((4, 3), (3, 2), (2, 1), (9, 8), (1, 4)):
        pairs.add(narrower, above)
    found = Numbers([2])
    add_below(found, pairs)
    assert [n for n in range(10) if n in found] == [1, 2, 3, 4]


def test_a_hierarchy_without_circles_stays_whole(tmp_path: Path) -> None:
    diamond = [(2, 1), (3, 1), (4, 2), (4, 3), *((n, n - 1) for n in range(5, 500))]
    assert closing(diamond, tmp_path) == set()
    assert closing([*diamond, (1, 499)], tmp_path) != set()


# --- real samples ------------------------------------------------------------------------------


def test_douglas_adams_as_wikidata_gives_him(shared_data: Path) -> None:
    path = shared_data / "wikidata" / "Q42.ttl"
    triples = read(path)
    with path.open("rb") as file:
        real = [q.triple for q in parse(file, RdfFormat.TURTLE, lenient=True)]
    about = [t for t in real if t.subject == item(42)]
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for theirs, ours in ((label, SKOS.prefLabel), (SKOS.altLabel, SKOS.altLabel)):
        wanted = {t.object for t in about if t.predicate == theirs}
        assert {t.object for t in triples if t.predicate == ours} == wanted
    assert concepts(triples) == {42}


def test_single_entities_from_wikibase(shared_data: Path) -> None:
    triples = read(shared_data / "wikidata" / "json")
    assert concepts(triples) == {2}
    assert Triple(item(2), SKOS.altLabel, Literal("Land Berlin", language="en")) in triples


def test_the_dump_of_another_wikibase_is_refused(shared_data: Path) -> None:
    with pytest.raises(Malformed, match="Wikidata"):
        read(shared_data / "wikidata" / "truthy-dump-entities.nt")
