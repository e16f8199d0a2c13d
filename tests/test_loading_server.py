"""Loading vocabularies with the real server and the real command, as processes of their own."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import worlds
from tests.domain.test_remote_queries import endpoint, wikidata
from tests.domain.vocabulary_files import concept, write
from tests.remote_server import remote_server
from tests.sites import PASSWORD, command, create_user, serving, serving_process
from tests.web.test_vocabulary_loads import bring_in, finished, send
from tests.web.visitors import Visitor

TERMS = 20_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    worlds.create(tmp_path / "data")
    create_user(tmp_path / "data", "olga@example.org", "Olga", "organiser")
    return tmp_path / "data"


@contextmanager
def signed_in(address: str) -> Iterator[Visitor]:
    with Visitor(address) as visitor:
        visitor.sign_in("olga@example.org", PASSWORD)
        yield visitor


def test_a_class_of_an_endpoint_is_loaded_with_the_form_and_with_the_command(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint answers with Oxigraph's SPARQL."""
    with remote_server(endpoint(wikidata())) as remote:
        where = remote.address("/sparql")
        with serving(data, remote_hosts=remote.host) as address, signed_in(address) as olga:
            bring_in(olga, slug="forms", source="wikidata", classes="Q3305213", endpoint=where)
            by_form = olga.get("/vocabularies/forms/terms.csv").text
        monkeypatch.setenv("CROWDHERITAGE_REMOTE_HOSTS", remote.host)
        query = tmp_path / "query.rq"
        query.write_text(
            "SELECT ?item ?label WHERE { "
            "?item <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
        )
        to = ("vocabulary", "load", "wikidata", "--endpoint", where)
        by_class = command(data, *to, "--class", "Q3305213", "--slug", "forms", "--yes").stdout
        by_query = command(data, *to, "--query", str(query), "--slug", "asked").stdout
    assert "http://www.wikidata.org/entity/Q" in by_form
    assert "forms: nothing changes" in by_class
    assert "asked: " in by_query and " terms" in by_query


def large(path: Path, label: str = "term") -> Path:
    return write(path, *(concept(n, f"{label} {n}") for n in range(TERMS)))


def size(data: Path) -> int:
    """How many terms are listed by the command; 0 where there is no such vocabulary."""
    lines = command(data, "vocabulary", "list").stdout.splitlines()
    return next((int(line.split("\t")[1]) for line in lines if line.startswith("large\t")), 0)


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.4])
def test_a_server_killed_while_it_reads_leaves_nothing_and_the_load_is_started_again(
    data: Path, tmp_path: Path, after: float
) -> None:
    file = large(tmp_path / "a.ttl")
    with serving_process(data) as (address, process), signed_in(address) as olga:
        send(olga, file, slug="large")
        while not list((data / "vocabularies").glob("large/*/*")):
            time.sleep(0.01)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert size(data) == 0
    with serving(data) as address, signed_in(address) as olga:
        bring_in(olga, file, slug="large")
        assert olga.get("/vocabularies/large").status_code == 200
    assert size(data) == TERMS


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.6])
def test_a_server_killed_while_it_applies_shows_the_whole_change_or_none_of_it(
    data: Path, tmp_path: Path, after: float
) -> None:
    """The second release changes every label: half of it would show both."""
    with serving_process(data) as (address, process), signed_in(address) as olga:
        bring_in(olga, large(tmp_path / "a.ttl", "old"), slug="large")
        report = finished(olga, send(olga, large(tmp_path / "b.ttl", "new"), slug="large"))
        olga.submit(f"{report}/apply")
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with serving(data) as address, signed_in(address) as olga:
        labels = olga.get("/vocabularies/large/terms.csv", timeout=300).text
        counts = [labels.count(f"{word} ") for word in ("old", "new")]
        assert sorted(counts) == [0, TERMS]
        if counts[0]:
            assert finished(olga, olga.submit(f"{report}/apply")) == report
            assert "new 7" in olga.get("/vocabularies/large/terms.csv", timeout=300).text
