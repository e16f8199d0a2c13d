"""`crowdheritage annotations export`: each form, read back by something else."""

import csv
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.domain import contributing, opening, publishing, software_claims
from server.domain.contributing import Proposal
from server.domain.software import Software
from server.formats import crowdheritage_write
from server.names import CH, DC, OA, Names
from tests import worlds
from tests.web.annotation_client import said

NAMES = Names("http://127.0.0.1:8000/")
ROBOT = Software("=Robot", "1.2", "https://robots.example.org/r")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One annotation is published, one a program's with a vote against it, one pending."""
    folder = tmp_path_factory.mktemp("exports") / "data"
    with opening.opened(worlds.create(folder)) as desk:
        world = worlds.furnish(desk)
        _olga, ada, _ben = world.people
        for person in (world.organiser, ada):
            world.propose(person, worlds.item(0), worlds.term(0))
        publishing.publish(desk, world.organiser, world.campaign, now=worlds.now())
        world.propose(ada, worlds.item(1), worlds.term(1))
        proposal = Proposal.of_term(world.campaign, worlds.item(2), 1, worlds.term(2))
        made = software_claims.claim(desk, world.organiser, ROBOT, proposal, 0.75, now=worlds.now())
        contributing.vote(desk, ada, made, "reject", now=worlds.now(), comment="CanaryWordsZq")
    return folder


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "annotations", "export", *arguments])


def exported(data: Path, *arguments: str) -> str:
    done = run(data, "subjects", *arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_json_ld_and_turtle_say_the_same(data: Path) -> None:
    for status in ("published", "all"):
        document = json.loads(exported(data, "--format", "jsonld", "--status", status))
        turtle = exported(data, "--format", "turtle", "--status", status)
        found = {str(quad.triple) for quad in ox.parse(turtle, ox.RdfFormat.TURTLE)}
        assert said(document, NAMES) == found
        assert len(document["@graph"]) == (1 if status == "published" else 3)
        assert "CanaryWordsZq" not in turtle


def test_a_table_has_a_row_for_each(data: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(data, "--format", "csv", "--status", "all"))))
    assert [(row["item"], row["status"]) for row in rows] == [
        (worlds.item(0), "published"), (worlds.item(1), "pending"), (worlds.item(2), "pending"),
    ]  # fmt: skip
    assert rows[0]["body"] == worlds.term(0)
    assert rows[0]["text"] == "kind 0"
    assert (rows[0]["field"], rows[0]["approvals"]) == ("dc:subject", "2")
    assert rows[2]["generator"] == ROBOT.iri
    assert rows[2]["creator"] == ""


def test_crowdheritages_own_form(data: Path, shared_data: Path) -> None:
    document = json.loads(exported(data, "--format", "crowdheritage", "--status", "all"))
    theirs = json.loads((shared_data / "crowdheritage" / "aister-stage-1.json").read_text())
    assert document["@context"] == theirs["@context"]
    published, pending, robot = document["@graph"]
    keys = {key for each in theirs["@graph"] for key in each}
    assert all(set(each) <= keys for each in document["@graph"])
    assert published["target"] == {"source": worlds.item(0)}
    assert (published["scope"], published["creator"], published["confidence"]) == (
        "dc:subject",
        {},
        0,
    )
    assert "review" not in pending
    assert robot["creator"] == {"id": ROBOT.iri, "name": "=Robot 1.2", "type": "Software"}
    assert robot["confidence"] == 0.75
    assert robot["review"] == {
        "type": "Validation", "upvotes": 0, "downvotes": 1, "recommendation": "reject"
    }  # fmt: skip


def test_its_times_and_names_are_those_of_the_platform() -> None:
    """From an export of its: 'Thu Mar 19 16:09:24 UTC 2026', '/1413/KYD1748'."""
    time = crowdheritage_write.moment("2026-03-19T16:09:24.000Z")
    assert time == "Thu Mar 19 16:09:24 UTC 2026"
    item = "http://data.europeana.eu/item/1413/KYD1748"
    assert crowdheritage_write.source(item) == "/1413/KYD1748"
    assert crowdheritage_write.scope(DC.subject.value) == "dc:subject"


def test_a_file_appears_when_it_is_whole(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.ttl"
    exported(data, "--format", "turtle", "--output", str(target))
    found = [quad.triple for quad in ox.parse(path=target)]
    assert any(t.predicate == CH.campaign for t in found)
    assert any(t.object == OA.Annotation for t in found)
    assert [each.name for each in tmp_path.iterdir()] == ["out.ttl"]
    refused = run(data, "subjects", "--output", str(tmp_path / "none" / "x"))
    assert refused.exit_code == 1
    assert "cannot be written" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["nothing"], 1),
        ([], 2),
        (["subjects", "--format", "xml"], 2),
        (["subjects", "--status", "x"], 2),
    ],
)
def test_wrong_usage_is_told(data: Path, arguments: list[str], status: int) -> None:
    assert run(data, *arguments).exit_code == status
