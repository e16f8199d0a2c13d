"""Queries at a SPARQL endpoint: Oxigraph behind a loopback port, and servers that misbehave."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
)

from server.domain.remote_addresses import Listed, Unreachable
from server.domain.remote_queries import Asking, pull
from server.errors import Invalid, Malformed, NotFound, Unavailable
from server.formats import sparql_pages
from server.formats.sparql_queries import ClassQuery, Query, TextQuery
from server.formats.vocabularies import Reading, as_triples
from server.names import RDF, RDFS, SKOS, WGS84, XSD
from tests.remote_server import Answer, Asked, RemoteServer, remote_server

WD, WDT = "http://www.wikidata.org/entity/", "http://www.wikidata.org/prop/direct/"
EX = "http://example.org/"
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def endpoint(store: Store) -> Callable[[Asked], Answer]:
    """SPARQL 1.1 Protocol, as far as an asker sees it."""

    def handle(asked: Asked) -> Answer:
        try:
            results = store.query(asked.query["query"])
        except (SyntaxError, KeyError):
            return Answer(b"no", 400)
        if isinstance(results, QuerySolutions):
            form: Any = QueryResultsFormat.JSON
        else:
            assert isinstance(results, QueryTriples)
            form = RdfFormat.N_TRIPLES
        assert form.media_type in asked.headers["accept"]
        body = results.serialize(format=form)
        return Answer(body or b"", headers={"Content-Type": form.media_type})

    return handle


def wikidata() -> Store:
    """Twelve paintings, some kinds of painting, and a city that is neither."""
    store = Store()

    def say(number: int, prop: NamedNode | str, value: Any) -> None:
        predicate = NamedNode(WDT + prop) if isinstance(prop, str) else prop
        store.add(Quad(NamedNode(f"{WD}Q{number}"), predicate, value))

    for number, above in ((3305213, 838948), (191163, 3305213)):
        say(number, "P279", NamedNode(f"{WD}Q{above}"))
    for number in (3305213, 191163, 838948, 64):
        say(number, RDFS.label, Literal(f"class {number}", language="en"))
    for number in range(101, 113):
        say(number, "P31", NamedNode(f"{WD}Q191163"))
        for lang in ("en", "el", "de"):
            say(number, RDFS.label, Literal(f"painting {number}", language=lang))
        say(number, SKOS.altLabel, Literal(f"P{number}", language="en"))
    point = NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")
    say(101, "P625", Literal("Point(23.7275 37.9838)", datatype=point))
    return store


@pytest.fixture
def remote() -> Iterator[RemoteServer]:
    with remote_server(endpoint(wikidata())) as found:
        yield found


class Clock:
    """Waits without waiting; what it was asked to wait."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)


def asking(remote: RemoteServer, clock: Clock | None = None, **how: Any) -> Asking:
    listed = Listed.parse(remote.host)
    plain = Asking(listed, "https://heritage.example/", 5, pause=clock or Clock(), now=lambda: NOW)
    return replace(plain, **how)


def pulled(remote: RemoteServer, query: Query, folder: Path, **how: Any) -> set[Triple]:
    found = pull(remote.address("/sparql"), query, folder, asking(remote, **how))
    data = sparql_pages.read([found], sparql_pages.Options(), Reading(folder))
    return set(as_triples(data.statements))


def concepts(triples: set[Triple]) -> set[str]:
    return {str(t.subject.value)[len(WD) :] for t in triples if t.object == SKOS.Concept}  # type: ignore[union-attr]


PAINTINGS = {f"Q{number}" for number in range(101, 113)}
SELECT = f"SELECT ?item ?label WHERE {{ ?item <{RDFS.label.value}> ?label }}"


# --- what comes --------------------------------------------------------------------------------


def test_a_class_comes_page_by_page_with_subclasses_and_instances(
    remote: RemoteServer, tmp_path: Path
) -> None:
    triples = pulled(remote, ClassQuery(["Q3305213"], ["en", "el"]), tmp_path)
    assert concepts(triples) == PAINTINGS | {"Q3305213", "Q191163"}
    me = NamedNode(f"{WD}Q101")
    assert {(t.predicate, t.object) for t in triples if t.subject == me} == {
        (RDF.type, SKOS.Concept),
        (SKOS.inScheme, NamedNode(WD)),
        (SKOS.notation, Literal("Q101")),
        (SKOS.prefLabel, Literal("painting 101", language="en")),
        (SKOS.prefLabel, Literal("painting 101", language="el")),
        (SKOS.altLabel, Literal("P101", language="en")),
        (SKOS.broader, NamedNode(f"{WD}Q191163")),
        (WGS84.lat, Literal("37.9838", datatype=XSD.decimal)),
        (WGS84.long, Literal("23.7275", datatype=XSD.decimal)),
    }
    assert len(remote.asked) == 4  # 14 items by fives, then an empty page


def test_what_is_broader_stands_in_the_vocabulary(remote: RemoteServer, tmp_path: Path) -> None:
    triples = pulled(remote, ClassQuery(["Q3305213"]), tmp_path)
    assert NamedNode(f"{WD}Q838948") not in {t.object for t in triples}


def test_a_select_is_ordered_and_cut_into_pages(remote: RemoteServer, tmp_path: Path) -> None:
    triples = pulled(remote, TextQuery(SELECT + " # all }"), tmp_path)
    assert len(concepts(triples)) == 16
    assert len([t for t in triples if t.predicate == SKOS.prefLabel]) == 12 * 3 + 4
    assert len(remote.asked) == 40 // 5 + 1


def test_a_query_with_a_limit_is_asked_once(remote: RemoteServer, tmp_path: Path) -> None:
    triples = pulled(remote, TextQuery(SELECT + "\nORDER BY ?item LIMIT 7"), tmp_path)
    assert len(remote.asked) == 1
    assert len([t for t in triples if t.predicate == SKOS.prefLabel]) == 7


def test_a_construct_is_read_like_any_vocabulary(remote: RemoteServer, tmp_path: Path) -> None:
    text = f"""CONSTRUCT {{ ?item <{RDFS.label.value}> ?label ; <{SKOS.broader.value}> ?up }}
      WHERE {{ ?item <{RDFS.label.value}> ?label OPTIONAL {{ ?item <{WDT}P279> ?up }} }}"""
    triples = pulled(remote, TextQuery(text), tmp_path)
    assert len(concepts(triples)) == 16
    assert Triple(NamedNode(f"{WD}Q191163"), SKOS.broader, NamedNode(f"{WD}Q3305213")) in triples


def test_an_endpoint_may_give_fewer_rows_than_asked(tmp_path: Path) -> None:
    full = endpoint(wikidata())

    def capped(asked: Asked) -> Answer:
        answer = full(asked)
        document = json.loads(bytes(answer.body))  # type: ignore[arg-type]
        document["results"]["bindings"] = document["results"]["bindings"][:3]
        return Answer(json.dumps(document).encode())

    with remote_server(capped) as remote:
        assert len(concepts(pulled(remote, TextQuery(SELECT), tmp_path))) == 16


def test_other_vocabularies_than_wikidata_come_too(tmp_path: Path) -> None:
    store = Store()
    for name, above in (("a", "b"), ("b", "a"), ("c", "d")):
        me = NamedNode(EX + name)
        store.add(Quad(me, SKOS.prefLabel, Literal(f"Begriff {name}", language="DE")))
        store.add(Quad(me, SKOS.broader, NamedNode(EX + above)))
    text = "SELECT * { ?item ?p ?x OPTIONAL { ?item skos:prefLabel ?label } "
    text = f"PREFIX skos: <{SKOS}>\n{text} OPTIONAL {{ ?item skos:broader ?broader }} }}"
    with remote_server(endpoint(store)) as remote:
        found = pull(remote.address("/"), TextQuery(text), tmp_path, asking(remote))
        reading = Reading(tmp_path)
        data = sparql_pages.read([found], sparql_pages.Options(), reading)
        triples = set(as_triples(data.statements))
    assert data.scheme is None
    assert {t for t in triples if t.predicate == SKOS.prefLabel} == {
        Triple(NamedNode(EX + n), SKOS.prefLabel, Literal(f"Begriff {n}", language="de"))
        for n in "abc"
    }
    assert len([t for t in triples if t.predicate == SKOS.broader]) == 1  # a circle is cut
    assert sum(reading.left_out.values()) == 1


# --- how it is asked ---------------------------------------------------------------------------


def test_we_say_who_we_are(remote: RemoteServer, tmp_path: Path) -> None:
    pulled(remote, TextQuery(SELECT), tmp_path)
    agent = remote.asked[0].headers["user-agent"]
    assert agent.startswith("CrowdHeritage/")
    assert agent.endswith("(+https://heritage.example/)")


def test_a_short_query_goes_by_get_and_a_long_one_by_post(
    remote: RemoteServer, tmp_path: Path
) -> None:
    pulled(remote, TextQuery(SELECT + "LIMIT 5"), tmp_path)
    pulled(remote, TextQuery(SELECT + "#" + "long" * 1_000 + "\nLIMIT 5"), tmp_path)
    assert [asked.method for asked in remote.asked] == ["GET", "POST"]


@pytest.mark.parametrize(("header", "seconds"), [
    ("7", 7.0), (format_datetime(NOW.replace(minute=1), usegmt=True), 60.0),
    (format_datetime(NOW.replace(hour=9), usegmt=True), 0.0), ("soon", 1.0), ("-5", 1.0),
    (None, 1.0),
])  # fmt: skip
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(
    tmp_path: Path, header: str | None, seconds: float, status: int
) -> None:
    answers = endpoint(wikidata())
    headers = {"Retry-After": header} if header else {}
    turns = itertools.count()
    clock = Clock()

    def busy_once(asked: Asked) -> Answer:
        return Answer(b"busy", status, headers) if next(turns) == 0 else answers(asked)

    with remote_server(busy_once) as remote:
        pulled(remote, TextQuery(SELECT), tmp_path, clock=clock)
    assert clock.waited == [seconds]


def test_who_asks_for_too_much_patience_is_left_for_now(tmp_path: Path) -> None:
    with remote_server(lambda _: Answer(b"", 429, {"Retry-After": "86400"})) as remote:
        clock = Clock()
        with pytest.raises(Unavailable, match="86400"):
            pulled(remote, TextQuery(SELECT), tmp_path, clock=clock)
        assert clock.waited == []


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_we_wait_longer_each_time_and_give_up(tmp_path: Path, status: int) -> None:
    clock = Clock()
    with remote_server(lambda _: Answer(b"no", status)) as remote:
        with pytest.raises(Unreachable, match=str(status)):
            pulled(remote, TextQuery(SELECT), tmp_path, clock=clock, tries=5)
        assert clock.waited == [1, 2, 4, 8]
        assert len(remote.asked) == 5


@pytest.mark.parametrize(("status", "kind"), [
    (400, Malformed), (401, Unreachable), (403, Unreachable), (404, Unreachable),
])  # fmt: skip
def test_a_refusal_is_not_asked_again(tmp_path: Path, status: int, kind: type[Exception]) -> None:
    with remote_server(lambda _: Answer(b"no", status)) as remote:
        with pytest.raises(kind):
            pulled(remote, TextQuery(SELECT), tmp_path)
        assert len(remote.asked) == 1


def test_smaller_pages_are_asked_where_one_takes_too_long(tmp_path: Path) -> None:
    answers = endpoint(wikidata())

    def tired(asked: Asked) -> Answer:
        size = int(asked.query["query"].rpartition("LIMIT ")[2].split(" ")[0])
        return Answer(b"timeout", 504) if size > 30 else answers(asked)

    with remote_server(tired) as remote:
        assert len(concepts(pulled(remote, TextQuery(SELECT), tmp_path, size=100))) == 16


# --- going on ----------------------------------------------------------------------------------


def test_a_pull_goes_on_where_it_stopped(remote: RemoteServer, tmp_path: Path) -> None:
    query = ClassQuery(["Q3305213"])
    turns = itertools.count()
    with pytest.raises(Unavailable):
        pulled(remote, query, tmp_path, stop=lambda: next(turns) == 2)
    before = len(remote.asked)
    assert before == 2
    assert len(concepts(pulled(remote, query, tmp_path))) == 14
    assert len(remote.asked) == 4
    pulled(remote, query, tmp_path)
    assert len(remote.asked) == 4


def test_a_pull_that_was_killed_goes_on(tmp_path: Path) -> None:
    answers = endpoint(wikidata())
    turns = itertools.count()

    def stuck(asked: Asked) -> Answer:
        if next(turns) == 2:
            time.sleep(5)
        return answers(asked)

    script = (
        "import sys; from pathlib import Path\n"
        "from server.domain.remote_addresses import Listed\n"
        "from server.domain.remote_queries import Asking, pull\n"
        "from server.formats.sparql_queries import ClassQuery\n"
        "asking = Asking(Listed.parse('127.0.0.1'), size=5)\n"
        "pull(sys.argv[1], ClassQuery(['Q3305213']), Path(sys.argv[2]), asking)\n"
    )
    with remote_server(stuck) as remote:
        address = remote.address("/sparql")
        child = subprocess.Popen([sys.executable, "-c", script, address, str(tmp_path)], cwd=ROOT)
        while len(remote.asked) < 3:
            assert child.poll() is None
            time.sleep(0.01)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert len(concepts(pulled(remote, ClassQuery(["Q3305213"]), tmp_path))) == 14
        assert len(remote.asked) == 5


def test_another_query_or_endpoint_starts_anew(remote: RemoteServer, tmp_path: Path) -> None:
    pulled(remote, TextQuery(SELECT + "LIMIT 3"), tmp_path)
    pulled(remote, TextQuery(SELECT + "LIMIT 4"), tmp_path)
    with remote_server(endpoint(wikidata())) as other:
        pulled(other, TextQuery(SELECT + "LIMIT 3"), tmp_path)
        assert len(other.asked) == 1
    assert len(remote.asked) == 2


def test_an_answer_that_is_not_complete_is_not_read(remote: RemoteServer, tmp_path: Path) -> None:
    turns = itertools.count()
    with pytest.raises(Unavailable):
        pulled(remote, TextQuery(SELECT), tmp_path, stop=lambda: next(turns) == 2)
    (folder,) = tmp_path.iterdir()
    with pytest.raises(Malformed, match="not complete"):
        sparql_pages.read([folder], sparql_pages.Options(), Reading(tmp_path))
    with pytest.raises(NotFound):
        sparql_pages.read([tmp_path], sparql_pages.Options(), Reading(tmp_path))


# --- who misbehaves ----------------------------------------------------------------------------


BINDING = {"item": {"type": "uri", "value": f"{WD}Q1"}, "label": {"type": "literal", "value": "x"}}


@pytest.mark.parametrize("body", [
    b"<html>Sign in</html>", b"", b"[]", b'{"results": {"bindings": [5]}}', b'{"results": 5}',
    b'{"head": {}, "results": {"bindings": [{"item"', b"[" * 100_000, b"\xff\xfe",
    b'{"boolean": true}', b'{"results": {"bindings": [{"item": {"type": "uri"}}]}}',
])  # fmt: skip
def test_what_is_no_result_is_refused_after_some_tries(tmp_path: Path, body: bytes) -> None:
    with remote_server(lambda _: Answer(body)) as remote:
        with pytest.raises(Malformed, match="no SPARQL result"):
            pulled(remote, TextQuery(SELECT), tmp_path, tries=3)
        assert len(remote.asked) == 3


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"{}", b"<a> <b> <c> .\n<d> <e"])
def test_what_is_no_graph_is_refused(tmp_path: Path, body: bytes) -> None:
    query = TextQuery("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    with (
        remote_server(lambda _: Answer(body)) as remote,
        pytest.raises(Malformed, match="no N-Triples"),
    ):
        pulled(remote, query, tmp_path, tries=2)


def test_an_answer_without_rows_says_so(tmp_path: Path) -> None:
    with (
        remote_server(endpoint(Store())) as remote,
        pytest.raises(Malformed, match="found nothing"),
    ):
        pulled(remote, TextQuery(SELECT), tmp_path)


def test_an_endless_answer_is_cut_off(tmp_path: Path) -> None:
    with (
        remote_server(lambda _: Answer(itertools.repeat(b" " * 100_000))) as remote,
        pytest.raises(Unreachable, match="larger"),
    ):
        pulled(remote, TextQuery(SELECT), tmp_path, tries=2, most=1_000_000)


def test_a_slow_endpoint_is_left(tmp_path: Path) -> None:
    def slow(_asked: Asked) -> Answer:
        time.sleep(1)
        return Answer(b"")

    with (
        remote_server(slow) as remote,
        pytest.raises(Unreachable, match="in time"),
    ):
        pulled(remote, TextQuery(SELECT), tmp_path, tries=2, seconds=0.2)


def test_a_private_endpoint_is_refused_at_once(remote: RemoteServer, tmp_path: Path) -> None:
    clock = Clock()
    with pytest.raises(Unreachable):
        pulled(remote, TextQuery(SELECT), tmp_path, clock=clock, listed=Listed.parse(""))
    assert not remote.asked
    assert not clock.waited


def test_a_redirect_to_a_private_address_is_refused(remote: RemoteServer, tmp_path: Path) -> None:
    headers = {"Location": remote.address("/sparql")}
    with remote_server(lambda _: Answer(status=307, headers=headers)) as other:
        with pytest.raises(Unreachable):
            pulled(other, TextQuery(SELECT), tmp_path)
        assert len(other.asked) == 1
    assert not remote.asked


def test_odd_rows_are_faults_or_left_out(tmp_path: Path) -> None:
    rows = [
        BINDING,
        {"label": BINDING["label"]},
        {"item": {"type": "bnode", "value": "b"}, "label": BINDING["label"]},
        {"item": {"type": "uri", "value": "javascript:alert(1)"}, "label": BINDING["label"]},
        {"item": BINDING["item"], "label": {"type": "literal", "value": "y" * 1_000_000}},
        {"item": BINDING["item"], "alt": {"type": "literal", "value": "z", "xml:lang": "no tag"}},
        {"item": BINDING["item"], "image": {"type": "uri", "value": "http://x/<script>"}},
        {"item": BINDING["item"], "coordinates": {"type": "literal", "value": "Point(500 1)"}},
    ]
    body = json.dumps({"results": {"bindings": rows}}).encode()
    reading = Reading(tmp_path)
    with remote_server(lambda _: Answer(body)) as remote:
        query = TextQuery(SELECT + "LIMIT 10")
        found = pull(remote.address("/"), query, tmp_path, asking(remote))
        data = sparql_pages.read([found], sparql_pages.Options(), reading)
        triples = list(as_triples(data.statements))
    assert {t.subject for t in triples} == {NamedNode(f"{WD}Q1")}
    assert len(triples) == 4
    assert [fault.line for fault in reading.faults] == [2, 3]
    assert sum(reading.left_out.values()) == 5


@pytest.mark.parametrize("text", [
    "", "ASK { ?item ?p ?o }", "INSERT DATA { <a:a> <a:b> <a:c> }", "SELECT ?s WHERE { ?s ?p ?o }",
    "DROP ALL", "DESCRIBE <a:a>", "# SELECT ?item", "x" * 200_000,
    "PREFIX a: <b> DELETE WHERE { ?item ?p ?o }",
])  # fmt: skip
def test_other_queries_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        TextQuery(text)


@pytest.mark.parametrize("classes", [[], ["P31"], ["Q5", "x"], ["Q5> } DROP"]])
def test_a_class_must_be_an_item(classes: list[str]) -> None:
    with pytest.raises(Invalid):
        ClassQuery(classes)


def test_languages_cannot_break_out_of_the_query() -> None:
    text = ClassQuery(["Q5"], ['en") } DROP ALL #', "el\\"]).page(f"{WD}Q9", 5)
    with pytest.raises(SyntaxError):
        Store().query(text + "nonsense")
    Store().query(text)
