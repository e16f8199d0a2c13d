"""Our own client of OAI-PMH: it reads our own server back, and survives others."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Triple

from server.commit import Desk
from server.domain import accounts, harvests, harvests_europeana, imports, opening
from server.domain.accounts import Person
from server.domain.collections import Said
from server.domain.harvest_fetching import Asking
from server.domain.harvests import Wanted
from server.domain.remote_addresses import Listed, Refused, Unreachable
from server.errors import Invalid, Malformed, Unavailable
from server.index import items
from server.names import CH
from server.viewers import PUBLIC
from tests import worlds
from tests.domain.test_imports import HEAD
from tests.domain.test_imports import record as edm
from tests.remote_server import Answer, Asked, RemoteServer, remote_server
from tests.sites import command
from tests.web import oai_site
from tests.web.oai_site import Print
from tests.worlds import PASSWORD

DATE = "2026-11-22T10:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opening.opened(worlds.create(tmp_path / "here")) as opened:
        yield opened


@pytest.fixture
def olga(desk: Desk) -> Person:
    return accounts.create_user(
        desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
    )


def asking(**changes: Any) -> Asking:
    """Loopback is allowed, and nobody waits; `waits` tells how long they would have."""
    local = Listed(frozenset({"127.0.0.1"}))
    return replace(Asking(local, pause=lambda _seconds: None), **changes)


def harvest(desk: Desk, olga: Person, wanted: Wanted, **changes: Any) -> None:
    """As the command does it: fetch, import, remember."""
    fetch = harvests_europeana if wanted.url.startswith("europeana:") else harvests
    pages = fetch.harvest(desk, wanted, asking(**changes))
    if pages.state.fresh:
        options = harvests.options(desk, wanted, Said(wanted.slug, "Harvested"))
        prepared = imports.prepare(desk, olga, options, now=worlds.now())
        imports.apply(desk, olga, prepared, now=worlds.now())
        harvests.imported(desk, wanted)


def standing(desk: Desk, slug: str) -> set[str]:
    rows = items.items_of(PUBLIC, desk.index.read(), slug, limit=1000)
    return {row.iri for row in rows if not row.gone}


def triples(desk: Desk, slug: str) -> set[Triple]:
    """What the collection says, without what is said of the collection and of what left it."""
    graph, me = desk.names.graph("collection", slug), desk.names.collection(slug)
    found = {q.triple for q in desk.datasets["public"].store.quads_for_pattern(
        None, None, None, graph
    )}  # fmt: skip
    left = {t.subject for t in found if t.object == CH.Tombstone}
    return {t for t in found if t.subject != me and t.subject not in left}


# --- our own server ------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["edm", "rdf"])
def test_it_reads_our_own_server_back_with_the_same_triples(
    desk: Desk, olga: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    monkeypatch.setattr("server.domain.oai_lists.RECORDS", 4)
    with oai_site.serve(tmp_path / "there") as (address, world):
        oai_site.things(world, 10)
        wanted = Wanted(address, "copies", set="collection:prints", prefix=prefix)
        harvest(desk, olga, wanted)
        assert triples(desk, "copies") == triples(world.desk, "prints")
        assert len(standing(desk, "copies")) == 10


def test_it_reads_real_records_back(
    desk: Desk, olga: Person, tmp_path: Path, shared_data: Path
) -> None:
    """Internal and external EDM from several providers; without resources that nothing names."""
    with oai_site.serve(tmp_path / "there") as (address, world):
        for name in ("ekt", "europeana"):
            options = imports.Options(Said(name, name), (shared_data / "edm" / name,))
            prepared = imports.prepare(world.desk, world.organiser, options, now=worlds.now())
            imports.apply(world.desk, world.organiser, prepared, now=worlds.now())
            harvest(desk, olga, Wanted(address, name, set=f"collection:{name}", prefix="rdf"))
            assert standing(world.desk, name) == standing(desk, name)
            there, here = triples(world.desk, name), triples(desk, name)
            assert here <= there
            assert {t.subject for t in there - here}.isdisjoint(t.object for t in there)


def test_again_it_asks_for_what_changed_alone(desk: Desk, olga: Person, tmp_path: Path) -> None:
    with oai_site.serve(tmp_path / "there") as (address, world):
        oai_site.things(world, 6)
        wanted = Wanted(address, "copies", set="collection:prints")
        harvest(desk, olga, wanted)
        pages = harvests.harvest(desk, wanted, asking())
        assert pages.state.since
        prints = [Print(n, f"Print {n}") for n in (0, 1, 3, 4)]
        changed = [*prints, Print(2, "Another"), Print(5, "", gone=True), Print(6, "New")]
        worlds.import_things(world.desk, world.organiser, "prints", changed)
        harvest(desk, olga, replace(wanted, since=DATE))
        assert standing(desk, "copies") == {worlds.item(n) for n in (0, 1, 2, 3, 4, 6)}
        assert triples(desk, "copies") == triples(world.desk, "prints")


def test_the_command_harvests_and_says_what_it_did(tmp_path: Path) -> None:
    data = worlds.create(tmp_path / "here").data
    with oai_site.serve(tmp_path / "there") as (address, world):
        where = address.removeprefix("http://").removesuffix("/oai")
        arguments = ("harvest", address, "--collection", "copies", "--set", "collection:prints")
        private = command(data, *arguments, "--title", "Copies", check=False)
        assert private.returncode == 1
        assert "public web" in private.stderr
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CROWDHERITAGE_REMOTE_HOSTS", where)
            untitled = command(data, *arguments, check=False)
            assert (untitled.returncode, "title" in untitled.stderr) == (1, True)
            done = command(data, *arguments, "--title", "Copies")
            assert "6 records imported" in done.stdout
            oai_site.things(world, 5)
            refused = command(data, *arguments, "--from", "2000-01-01", check=False)
            assert refused.returncode == 1 and "--yes" in refused.stderr
            assert "records imported" in command(data, *arguments, "--yes").stdout
    with opening.opened(worlds.create(data)) as desk:
        assert len(standing(desk, "copies")) == 5


# --- somebody else's -----------------------------------------------------------------------------


class Museum:
    """A server of OAI-PMH as simple as can be: its lists come in parts of two."""

    def __init__(self, numbers: list[int], deleted: str = "persistent") -> None:
        self.numbers, self.deleting = numbers, deleted
        self.gone: list[int] = []
        self.hooks: list[Callable[[Asked], Answer | None]] = []

    def __call__(self, asked: Asked) -> Answer:
        for hook in self.hooks:
            if (answer := hook(asked)) is not None:
                return answer
        if asked.query["verb"] == "Identify":
            return xml(
                "<Identify><repositoryName>M</repositoryName><granularity>YYYY-MM-DD</granularity>"
                f"<deletedRecord>{self.deleting}</deletedRecord></Identify>"
            )
        if asked.query["verb"] == "ListMetadataFormats":
            return xml("<metadataFormat><metadataPrefix>ese</metadataPrefix></metadataFormat>")
        start = int(asked.query.get("resumptionToken", "0"))
        all_ = [*self.numbers, *self.gone]
        shown = all_[start : start + 2]
        following = str(start + 2) if start + 2 < len(all_) else ""
        records = "".join(deleted(n) if n in self.gone else record(n) for n in shown)
        return xml(
            f"<ListRecords>{records}<resumptionToken>{following}</resumptionToken></ListRecords>"
        )


def xml(content: str, status: int = 200) -> Answer:
    text = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{DATE}</responseDate>{content}</OAI-PMH>"
    )
    return Answer(text.encode(), status)


def record(number: int, title: str = "") -> str:
    return (
        f"<record><header><identifier>oai:m:{number}</identifier></header><metadata>"
        f"{HEAD}{edm(number, title)}</rdf:RDF></metadata></record>"
    )


def deleted(number: int) -> str:
    return (
        f'<record><header status="deleted"><identifier>oai:m:{number}</identifier></header>'
        "</record>"
    )


def prints(*numbers: int) -> set[str]:
    return {worlds.item(n) for n in numbers}


@pytest.fixture
def museum() -> Iterator[tuple[Museum, RemoteServer]]:
    made = Museum([1, 2, 3, 4, 5])
    with remote_server(made) as server:
        yield made, server


def wanted_of(server: RemoteServer, **changes: Any) -> Wanted:
    return replace(Wanted(server.address("/oai"), "prints"), **changes)


def lists(server: RemoteServer) -> list[dict[str, str]]:
    """What was asked by ListRecords."""
    return [each.query for each in server.asked if each.query["verb"] == "ListRecords"]


def test_a_server_that_tells_by_day_is_asked_by_day(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer]
) -> None:
    made, server = museum
    harvest(desk, olga, wanted_of(server))
    assert standing(desk, "prints") == prints(1, 2, 3, 4, 5)
    made.numbers, made.gone = [6], [2]
    harvest(desk, olga, wanted_of(server))
    assert lists(server)[-1]["from"] == "2026-11-22"
    assert standing(desk, "prints") == prints(1, 3, 4, 5, 6)


@pytest.mark.parametrize("deleting", ["no", "transient"])
def test_a_server_that_forgets_its_deletions_is_asked_for_everything(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer], deleting: str
) -> None:
    made, server = museum
    made.deleting = deleting
    harvest(desk, olga, wanted_of(server))
    made.numbers = [1, 3]
    harvest(desk, olga, wanted_of(server))
    assert "from" not in lists(server)[-1]
    assert standing(desk, "prints") == prints(1, 3)


def test_a_harvest_that_was_stopped_goes_on_where_it_was(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer]
) -> None:
    _made, server = museum
    with pytest.raises(Unavailable):
        harvest(desk, olga, wanted_of(server), stop=lambda: len(lists(server)) == 2)
    assert standing(desk, "prints") == set()
    harvest(desk, olga, wanted_of(server))
    assert [each.get("resumptionToken") for each in lists(server)] == [None, "2", "4"]
    assert standing(desk, "prints") == prints(1, 2, 3, 4, 5)


def test_a_list_whose_token_is_known_no_more_is_begun_anew(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer]
) -> None:
    made, server = museum
    with pytest.raises(Unavailable):
        harvest(desk, olga, wanted_of(server), stop=lambda: len(lists(server)) == 2)
    made.numbers = [7, 8, 9]

    def forgets(asked: Asked) -> Answer | None:
        if asked.query.get("resumptionToken") == "4":
            return xml('<error code="badResumptionToken">expired</error>')
        return None

    made.hooks.append(forgets)
    harvest(desk, olga, wanted_of(server))
    assert standing(desk, "prints") == prints(7, 8, 9)


def test_it_waits_as_long_as_it_is_told_and_tries_again(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer]
) -> None:
    made, server = museum
    answers = [
        Answer(status=503, headers={"Retry-After": "7"}), Answer(status=500), Answer(status=429),
    ]  # fmt: skip
    made.hooks.append(lambda _asked: answers.pop() if answers else None)
    waited: list[float] = []
    harvest(desk, olga, wanted_of(server), pause=waited.append)
    assert sum(waited) >= 7
    assert standing(desk, "prints") == prints(1, 2, 3, 4, 5)


def test_a_packed_answer_is_unpacked(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer]
) -> None:
    made, server = museum
    packed = xml("<ListRecords>" + record(1) + "</ListRecords>")
    assert isinstance(packed.body, bytes)
    answer = Answer(gzip.compress(packed.body), headers={"Content-Encoding": "gzip"})
    made.hooks.append(lambda asked: answer if asked.query["verb"] == "ListRecords" else None)
    harvest(desk, olga, wanted_of(server))
    assert standing(desk, "prints") == prints(1)
    assert server.asked[0].headers["accept-encoding"] == "gzip"


def test_what_stands_twice_in_a_list_counts_as_it_stands_last(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer]
) -> None:
    made, server = museum
    made.numbers, made.gone = [1, 2, 1, 3], [2]
    harvest(desk, olga, wanted_of(server))
    assert standing(desk, "prints") == prints(1, 3)


def test_a_format_that_is_not_there_is_answered_with_those_that_are(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer]
) -> None:
    made, server = museum
    refusal = xml('<error code="cannotDisseminateFormat">no</error>')
    made.hooks.append(lambda asked: refusal if asked.query["verb"] == "ListRecords" else None)
    with pytest.raises(Invalid, match="ese"):
        harvest(desk, olga, wanted_of(server, prefix="edm"))


BOMB = gzip.compress(b" " * 3_000_000)
DTD = b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><x>&a;&c;</x>'
HARMFUL = {
    "a document type": Answer(DTD),
    "no XML": Answer(b"<OAI-PMH"),
    "a web page": Answer(b"<html><body>Welcome</body></html>"),
    "nothing": Answer(b""),
    "an error": xml('<error code="badArgument">&lt;script&gt;</error>'),
    "a record without identifier": xml("<ListRecords><record/></ListRecords>"),
    "a long token": xml(
        f"<ListRecords><resumptionToken>{'x' * 5000}</resumptionToken></ListRecords>"
    ),
    "too much": Answer(b"<x>" + b" " * 3_000_000),
    "a bomb": Answer(BOMB, headers={"Content-Encoding": "gzip"}),
    "a cut answer": Answer(BOMB[:-20], headers={"Content-Encoding": "gzip"}),
    "another packing": Answer(b"x", headers={"Content-Encoding": "br"}),
    "not found": Answer(b"", 404),
    "inwards": Answer(b"", 302, {"Location": "http://169.254.169.254/latest"}),
    "a very long wait": Answer(b"", 503, {"Retry-After": "99999999"}),
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_a_harmful_answer_ends_the_harvest_in_words(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer], kind: str
) -> None:
    made, server = museum
    made.hooks.append(lambda asked: HARMFUL[kind] if asked.query["verb"] == "ListRecords" else None)
    before = desk.journal.last()
    with pytest.raises((Malformed, Invalid, Unavailable)) as error:
        harvest(desk, olga, wanted_of(server), most=2_000_000)
    assert str(error.value)
    assert desk.journal.last() == before


def test_a_list_that_leads_round_in_a_circle_is_left(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer]
) -> None:
    made, server = museum

    def circle(asked: Asked) -> Answer | None:
        if asked.query["verb"] != "ListRecords":
            return None
        following = (int(asked.query.get("resumptionToken", "0")) + 1) % 5
        return xml(
            f"<ListRecords>{record(1)}<resumptionToken>{following}</resumptionToken></ListRecords>"
        )

    made.hooks.append(circle)
    with pytest.raises(Malformed):
        harvest(desk, olga, wanted_of(server))


def test_it_does_not_go_into_private_networks(
    desk: Desk, olga: Person, museum: tuple[Museum, RemoteServer]
) -> None:
    _made, server = museum
    with pytest.raises(Refused):
        harvest(desk, olga, wanted_of(server), listed=Listed(frozenset()))
    for address in ("file:///etc/passwd", "ftp://127.0.0.1/oai", "//127.0.0.1/oai", "nonsense"):
        with pytest.raises(Unreachable):
            harvest(desk, olga, wanted_of(server, url=address))
    assert server.asked == []


# --- Europeana -----------------------------------------------------------------------------------


class Europeana:
    """The Search, Record and User Set APIs, as far as a harvester sees them."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers

    def __call__(self, asked: Asked) -> Answer:
        if asked.headers.get("x-api-key") != "secret":
            return Answer(b'{"success": false, "error": "Invalid API key"}', 401)
        if asked.path == "/record/v2/search.json":
            return self._search(asked)
        if asked.path.startswith("/set/"):
            return self._set(asked)
        return self._record(int(asked.path.removesuffix(".rdf").rpartition("/")[2]))

    def _search(self, asked: Asked) -> Answer:
        cursor = asked.query["cursor"]
        start = 0 if cursor == "*" else int(cursor)
        shown = self.numbers[start : start + 2]
        entries = ", ".join(f'{{"id": "/1/{n}"}}' for n in shown)
        more = f', "nextCursor": "{start + 2}"' if start + 2 < len(self.numbers) else ""
        return Answer(f'{{"success": true, "items": [{entries}]{more}}}'.encode())

    def _set(self, asked: Asked) -> Answer:
        if "page" not in asked.query:
            return Answer(b'{"first": "http://data.europeana.eu/set/7?page=1&pageSize=2"}')
        page = int(asked.query["page"])
        shown = self.numbers[2 * page - 2 : 2 * page]
        entries = ", ".join(f'"http://data.europeana.eu/item/1/{n}"' for n in shown)
        more = f', "next": "http://data.europeana.eu/set/7?page={page + 1}&pageSize=2"'
        more = more if 2 * page < len(self.numbers) else ""
        return Answer(f'{{"items": [{entries}]{more}}}'.encode())

    def _record(self, number: int) -> Answer:
        if number == 404:
            return Answer(b"", 404)
        return Answer(f"{HEAD}{edm(number)}</rdf:RDF>".encode())


@pytest.fixture
def europeana(tmp_path: Path) -> Iterator[tuple[Europeana, Desk, Person]]:
    made = Europeana([1, 2, 404, 3])
    with remote_server(made) as server:
        settings = worlds.create(
            tmp_path / "e", europeana_search=server.address("/record/v2/search.json"),
            europeana_rate=10_000.0,
        )  # fmt: skip
        with opening.opened(settings) as desk:
            person = accounts.create_user(
                desk, "Olga", "olga@example.org", PASSWORD, "organiser", now=worlds.now()
            )
            yield made, desk, person


@pytest.mark.parametrize("query", ["vases AND flowers", "gallery/7"])
def test_a_search_and_a_gallery_of_europeana_become_a_collection(
    europeana: tuple[Europeana, Desk, Person], query: str
) -> None:
    made, desk, olga = europeana
    wanted = Wanted(f"europeana:{query}", "vases")
    harvest(desk, olga, wanted, key="secret")
    assert standing(desk, "vases") == prints(1, 2, 3)
    made.numbers = [2, 5]
    harvest(desk, olga, wanted, key="secret")
    assert standing(desk, "vases") == prints(2, 5)


@pytest.mark.parametrize(
    ("query", "key"), [("", "secret"), ("vases", ""), ("gallery/x", "secret"), ("vases", "wrong")]
)
def test_without_a_query_or_a_key_europeana_is_not_harvested(
    europeana: tuple[Europeana, Desk, Person], query: str, key: str
) -> None:
    _made, desk, olga = europeana
    with pytest.raises((Invalid, Unreachable)):
        harvest(desk, olga, Wanted(f"europeana:{query}", "vases"), key=key)
