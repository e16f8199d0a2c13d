"""Dumps for download: every scope, content and form; made once, kept, pruned, never half there."""

import gzip
import hashlib
import io
import json
import os
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import zstandard
from lxml import etree
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from server.commit import Desk
from server.domain import contributing, dump_kept, dump_offers, dumps, opening, publishing
from server.domain.campaigns import Campaign, Task, create
from server.domain.dump_files import DumpFiles
from server.domain.dump_kept import Dump
from server.domain.dump_offers import CAMPAIGNS, COLLECTIONS, PROVIDERS, Offer, Scope
from server.domain.dump_plans import Plan
from server.errors import NotFound, StorageFull, TooMany, Unavailable
from server.index import providers
from server.names import DC, EDM, OA, RDF
from server.patches import on
from tests import worlds
from tests.worlds import Thing, World, now

VASE = worlds.item("vase")
REJECTED = NamedNode("http://rejected.example.org/canary")


@dataclass(frozen=True)
class Foreign(Thing):
    """An item of another provider."""

    def lines(self) -> Iterator[str]:
        for line in super().lines():
            yield line.replace("A museum", "Another museum")


def furnish(desk: Desk) -> World:
    """Two collections of one provider, a campaign that has published on the first, rejections."""
    world = worlds.furnish(desk)
    accept(world, worlds.item(0), worlds.term(2))
    publishing.publish(desk, world.organiser, world.campaign, now=now())
    world.propose(world.people[1], worlds.item(5), worlds.term(7))  # a canary: pending
    worlds.import_things(desk, world.organiser, "vases", [Thing("vase", "A vase")])
    graph = desk.names.graph("rejections", world.campaign)
    quad = Quad(REJECTED, RDF.type, OA.Annotation, graph)
    desk.commit(lambda _desk: (on("public", add=[quad]), None), by="x", action="x", now=now())
    return world


def accept(world: World, item: str, term: str) -> None:
    iri = world.propose(world.people[1], item, term)
    for voter in (world.organiser, world.people[2]):
        contributing.vote(world.desk, voter, iri, "approve", now=now())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """For tests that change nothing."""
    with opening.opened(worlds.create(tmp_path_factory.mktemp("dumps") / "data")) as desk:
        yield furnish(desk)


@pytest.fixture(scope="module")
def files(world: World) -> DumpFiles:
    return DumpFiles(world.desk)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[World]:
    """For tests that change something."""
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        yield furnish(desk)


def provider(desk: Desk) -> Scope:
    return Scope(PROVIDERS, providers.provider_key("A museum"))


SCOPES = [Scope(), Scope(COLLECTIONS, "prints"), Scope(CAMPAIGNS, "subjects"), Scope(PROVIDERS)]


@dataclass
class Written:
    """What a dump would be, without a process of its own."""

    offer: Offer
    data: bytes


def write(world: World, scope: Scope, name: str) -> Written:
    offer, out = dump_offers.find(scope, name), io.BytesIO()
    names = (scope.name,) if scope.name else ()
    plan = Plan(offer.form, offer.content, scope.kind, names, offer.name)
    dumps.write_stream(world.desk, out, offer.form, plan=plan)
    return Written(offer, out.getvalue())


def unpack(dump: Dump | Written) -> bytes:
    data = dump.data if isinstance(dump, Written) else dump.path.read_bytes()
    if dump.offer.name.endswith(".gz"):
        return gzip.decompress(data)
    if dump.offer.name.endswith(".zst"):
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return b"".join(archive.read(name) for name in archive.namelist())


def quads(dump: Dump | Written) -> set[Quad]:
    """Without their graphs where the form has none."""
    form = {"nquads": RdfFormat.N_QUADS, "turtle": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}
    return set(parse(unpack(dump), form[dump.offer.form]))


def make(files: DumpFiles, scope: Scope, name: str) -> Dump:
    return files.make(dump_offers.find(scope, name)).result()


def nameless(found: set[Quad]) -> set[Quad]:
    return {Quad(*quad.triple, DefaultGraph()) for quad in found}


# --- what is in them -----------------------------------------------------------------------------


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.kind)
@pytest.mark.parametrize("content", ["plain", "enriched", "enrichments"])
def test_the_forms_of_a_dump_say_the_same(world: World, scope: Scope, content: str) -> None:
    scope = scope if scope.kind != PROVIDERS else provider(world.desk)
    nquads = quads(write(world, scope, f"{content}.nq.gz"))
    public = set(world.desk.datasets["public"].store)
    assert nquads <= public
    assert quads(write(world, scope, f"{content}.jsonld.gz")) == nquads
    unrejected = {quad for quad in nquads if "graph/rejections" not in str(quad.graph_name)}
    assert quads(write(world, scope, f"{content}.ttl.zst")) == nameless(unrejected)
    text = "\n".join(map(str, nquads))
    assert (worlds.item(0) in text, worlds.term(2) in text) == (True, content != "plain")
    assert (VASE in text) == (scope.kind in ("all", PROVIDERS) and content != "enrichments")
    assert (worlds.item(3) in text) == (scope.kind != CAMPAIGNS and content != "enrichments")
    assert ("canary" in text) == (scope.kind == "all" and content == "enriched")
    assert worlds.term(7) not in text or scope.kind == "all"  # the vocabulary is public


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.kind)
@pytest.mark.parametrize(
    ("content", "items"),
    [("plain", (7, 6, 1, 7)), ("enriched", (7, 6, 1, 7)), ("enrichments", (1, 1, 1, 1))],
)
def test_the_records_of_a_dump_are_those_of_its_scope(
    world: World, scope: Scope, content: str, items: tuple[int, ...]
) -> None:
    wanted = items[SCOPES.index(scope)]
    scope = scope if scope.kind != PROVIDERS else provider(world.desk)
    dump = write(world, scope, f"{content}.edm.zip")
    with zipfile.ZipFile(io.BytesIO(dump.data)) as archive:
        names = archive.namelist()
        found = {quad.triple for name in names for quad in
                 parse(archive.read(name), RdfFormat.RDF_XML)}  # fmt: skip
    assert len(names) == len(set(names)) == wanted
    assert all(name.endswith(".xml") and not name.startswith(("/", ".")) for name in names)
    subjects = {(s.value, o.value) for s, p, o in found if p == DC.subject}  # type: ignore[union-attr]
    added = set() if content == "plain" else {(worlds.item(0), worlds.term(2))}
    assert subjects == added
    whole = etree.fromstring(unpack(write(world, scope, f"{content}.edm.xml.gz")))
    cho = f"{{{EDM}}}ProvidedCHO"
    assert len(whole.findall(cho)) == wanted
    assert "canary" not in str(found)


def test_a_collection_has_no_statements_of_others_in_its_campaigns(own: World) -> None:
    """Of a campaign over two collections only what is about its own items."""
    desk = own.desk
    task = Task(1, DC.subject.value, {"en": "What?"}, ("kinds",))
    both = Campaign("both", {"en": "B"}, {"en": "B"}, ("prints", "vases"), (task,), 9, state="open")
    create(desk, own.organiser, both, now=now())
    own.campaign = "both"
    for person in own.people:
        own.agree(person)
    for item, term in ((VASE, worlds.term(4)), (worlds.item(1), worlds.term(5))):
        accept(own, item, term)
    publishing.publish(desk, own.organiser, "both", now=now())
    for name in ("enriched.nq.gz", "enrichments.nq.gz"):
        text = unpack(write(own, Scope(COLLECTIONS, "vases"), name)).decode()
        assert worlds.term(4) in text and "graph/published/both" in text
        assert desk.names.proxy(VASE).value in text
        assert worlds.term(5) not in text and worlds.item(1) not in text
        assert unpack(write(own, provider(desk), name)).decode().count(worlds.term(5)) >= 2
    texts = [unpack(write(own, Scope(CAMPAIGNS, slug), "enriched.edm.zip")).decode()
             for slug in ("both", "subjects")]  # fmt: skip
    assert [VASE in text for text in texts] == [True, False]


def test_a_provider_that_shares_a_collection_has_its_own_items_alone(own: World) -> None:
    things = [Thing("vase", "A vase"), Foreign("bowl", "A bowl")]
    worlds.import_things(own.desk, own.organiser, "vases", things)
    scopes = [provider(own.desk), Scope(PROVIDERS, providers.provider_key("Another museum"))]
    for content in ("plain", "enriched"):
        for ending in ("edm.zip", "nq.gz", "ttl.gz", "jsonld.gz"):
            texts = [unpack(write(own, each, f"{content}.{ending}")).decode() for each in scopes]
            assert [VASE in text for text in texts] == [True, False], ending
            assert [worlds.item("bowl") in text for text in texts] == [False, True], ending
            found = [worlds.term(2) in text for text in texts]
            assert found == [content == "enriched", False], ending


def test_values_of_former_identifiers_are_in_every_dump_of_their_item(own: World) -> None:
    things = [Thing("new", "Print 0", replaces=(worlds.item(0),))]
    worlds.import_things(own.desk, own.organiser, "prints", things)
    for scope in (Scope(COLLECTIONS, "prints"), provider(own.desk)):
        assert worlds.term(2) in unpack(write(own, scope, "enrichments.edm.zip")).decode()
        text = unpack(write(own, scope, "enrichments.nq.gz")).decode()
        assert own.desk.names.proxy(worlds.item(0)).value in text
        assert worlds.term(2) in text


def test_texts_of_any_kind_come_back_from_json(own: World) -> None:
    texts = ["a\\Ub", "\\U0001F600", "tab\t", "line\nend .\n", 'quo"te', "\x01\x7f", "\\", "😀",
             "\u202e", "</script>", "\u2028", " .\n<http://x> "]  # fmt: skip
    graph = own.desk.names.graph("collection", "prints")
    odd = [
        Quad(NamedNode(worlds.item(0)), DC.description, Literal(text, language=language), graph)
        for text in texts
        for language in (None, "el")
    ]
    own.desk.commit(lambda _desk: (on("public", add=odd), None), by="x", action="x", now=now())
    for name in ("plain.jsonld.gz", "plain.nq.gz"):
        assert set(odd) <= quads(write(own, Scope(COLLECTIONS, "prints"), name))


# --- when they are made --------------------------------------------------------------------------


def test_a_dump_is_made_once_for_each_change_of_its_scope(own: World) -> None:
    files, desk = DumpFiles(own.desk), own.desk
    prints, vases = Scope(COLLECTIONS, "prints"), Scope(COLLECTIONS, "vases")
    first = [make(files, scope, "plain.nq.gz") for scope in (prints, vases)]
    own.propose(own.people[1], worlds.item(4), worlds.term(6))  # work only
    assert [files.current(dump.offer) for dump in first] == first
    worlds.import_things(desk, own.organiser, "vases", [Thing("vase", "Another vase")])
    assert files.current(first[0].offer) == first[0]
    assert files.current(first[1].offer) is None
    second = make(files, vases, "plain.nq.gz")
    assert second.sequence > first[1].sequence and second.sha256 != first[1].sha256
    assert first[1].path.exists()  # somebody may be downloading it


def test_every_change_of_what_is_published_makes_new_dumps_of_its_campaign(own: World) -> None:
    files = DumpFiles(own.desk)
    scope = Scope(CAMPAIGNS, "subjects")
    assert make(files, scope, "enriched.edm.zip").records == 1
    accept(own, worlds.item(3), worlds.term(3))
    publishing.publish(own.desk, own.organiser, own.campaign, now=now())
    assert make(files, scope, "enriched.edm.zip").records == 2
    publishing.unpublish(own.desk, own.organiser, own.campaign, now=now())
    dump = make(files, scope, "enriched.edm.zip")
    assert dump.records == 0
    with zipfile.ZipFile(dump.path) as archive:
        assert archive.namelist() == []


def test_two_who_ask_at_once_wait_for_one_file(own: World) -> None:
    files = DumpFiles(own.desk)
    offer = dump_offers.find(Scope(), "enriched.nq.zst")
    futures = [files.make(offer) for _ in range(5)]
    assert len({future.result().path for future in futures}) == 1
    assert len(dump_kept.standing(own.desk, offer)) == 1
    assert files.progress(offer) is None


def test_a_dump_is_described_by_what_is_in_its_file(world: World, files: DumpFiles) -> None:
    dump = make(files, Scope(), "plain.edm.zip")
    data = dump.path.read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (dump.size, dump.sha256)
    assert dump.at.tzinfo is not None and dump.collections == {"prints", "vases"}


# --- what must not happen ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"),
    [(COLLECTIONS, "none"), (COLLECTIONS, ""), (COLLECTIONS, "../prints"), (CAMPAIGNS, "prints"),
     (PROVIDERS, "a-museum/.."), ("all", "prints"), (COLLECTIONS, "x" * 5000), (CAMPAIGNS, "\0")],
)  # fmt: skip
def test_there_are_no_dumps_of_what_is_not_public(world: World, kind: str, name: str) -> None:
    with pytest.raises(NotFound):
        dump_offers.require(world.desk, kind, name)


@pytest.mark.parametrize(
    "name",
    ["", "enriched", "enriched.", "rich.nq.gz", "plain.nq", "plain.nq.gz.json", "plain..nq.gz",
     "../plain.nq.gz", "plain.nq.gz/", "plain.edm.zip\0"],
)  # fmt: skip
def test_other_names_are_of_no_dump(name: str) -> None:
    with pytest.raises(NotFound):
        dump_offers.find(Scope(), name)


def test_a_file_without_its_description_is_no_dump_and_goes(own: World) -> None:
    files, root = DumpFiles(own.desk), own.desk.settings.data / "dumps"
    dump = make(files, Scope(), "plain.nq.gz")
    dump.path.with_name(f"{dump.path.name}.json").unlink()
    assert files.current(dump.offer) is None
    (root / ".snapshot-1").mkdir()
    (root / ".7.plain.nq.gz").write_text("half")
    DumpFiles(own.desk)
    assert not [path for path in root.rglob("*") if path.is_file()]
    assert not (root / ".snapshot-1").exists()


def test_a_description_without_its_file_is_no_dump(own: World) -> None:
    files = DumpFiles(own.desk)
    dump = make(files, Scope(), "plain.nq.gz")
    dump.path.unlink()
    assert files.current(dump.offer) is None
    assert make(files, Scope(), "plain.nq.gz").path.exists()


def test_nobody_fills_the_queue_for_everybody(own: World) -> None:
    files, gate = DumpFiles(own.desk), threading.Event()
    files._builder.submit(gate.wait)  # what is being made takes long
    offers, made = dump_offers.of(Scope()), []
    try:
        with pytest.raises(TooMany):
            for offer in offers:
                made.append(files.make(offer, "somebody"))
        assert 0 < len(made) < len(offers)
        assert files.make(offers[0], "somebody") is made[0]  # what they wait for already
        made.append(files.make(offers[-1], "another"))
    finally:
        gate.set()
    assert all(future.result().path.exists() for future in made[:1] + made[-1:])
    files._builder.shutdown(cancel_futures=True)


def test_what_fails_leaves_the_former_dump_and_nothing_else(own: World) -> None:
    files = DumpFiles(own.desk)
    first = make(files, Scope(), "enriched.nq.gz")
    accept(own, worlds.item(3), worlds.term(3))
    publishing.publish(own.desk, own.organiser, own.campaign, now=now())
    settings = own.desk.settings
    object.__setattr__(settings, "dump_memory", 60_000_000)  # the process cannot even begin
    before = sorted(settings.data.joinpath("dumps").rglob("*"))
    with pytest.raises(Unavailable):
        make(files, Scope(), "enriched.nq.gz")
    assert sorted(settings.data.joinpath("dumps").rglob("*")) == before
    assert dump_kept.standing(own.desk, first.offer) == [first]


def test_no_dump_is_begun_on_a_full_disk(own: World) -> None:
    object.__setattr__(own.desk.settings, "min_free", 1 << 60)
    with pytest.raises(StorageFull):
        make(DumpFiles(own.desk), Scope(), "plain.nq.gz")


def test_no_dump_is_made_while_a_collection_is_updated_or_when_the_server_stops(own: World) -> None:
    files = DumpFiles(own.desk)
    own.desk._bulk_running.set()
    with pytest.raises(Unavailable):
        make(files, Scope(), "plain.nq.gz")
    own.desk._bulk_running.clear()
    threading.Timer(0.05, own.desk.stopping.set).start()
    with pytest.raises(Unavailable):
        for number in range(1000):
            offer = Offer(Scope(), "plain", ("nq.gz", "ttl.gz", "edm.zip")[number % 3])
            dump = files.make(offer).result()
            dump.path.unlink()
    own.desk.stopping.clear()


def test_those_that_nobody_asked_for_go_where_there_is_no_room(own: World) -> None:
    files = DumpFiles(own.desk)
    made = [make(files, Scope(), f"plain.{ending}") for ending in ("nq.gz", "ttl.gz", "edm.zip")]
    for age, dump in enumerate(reversed(made[:2])):
        about = dump.path.with_name(f"{dump.path.name}.json")
        os.utime(about, (1000 - age, 1000 - age))
    dump_kept.used(made[0])
    room = sum(dump.size for dump in made)
    object.__setattr__(own.desk.settings, "dump_cache", room)
    last = make(files, Scope(COLLECTIONS, "vases"), "plain.nq.gz")
    assert [dump.path.exists() for dump in (*made, last)] == [True, False, True, True]
    object.__setattr__(own.desk.settings, "dump_cache", 0)
    assert make(files, Scope(COLLECTIONS, "vases"), "plain.ttl.gz").path.exists()


def test_dumps_of_what_is_public_no_more_go(own: World) -> None:
    files, root = DumpFiles(own.desk), own.desk.settings.data / "dumps"
    gone = root / "collections" / "secret"
    gone.mkdir(parents=True)
    (gone / "000000000001.plain.nq.gz").write_text("canary")
    (gone / "000000000001.plain.nq.gz.json").write_text(json.dumps({}))
    make(files, Scope(), "plain.nq.gz")
    assert not gone.exists()
