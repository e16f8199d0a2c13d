"""Sending to Europeana: what is there, is there once, and goes when it is taken back here."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import (
    accounts,
    campaigns,
    contributing,
    europeana_exports,
    europeana_items,
    europeana_matches,
    europeana_plans,
    europeana_runs,
    opening,
    participation,
    publishing,
)
from server.domain.contributing import Proposal
from server.domain.europeana_clients import Client
from server.domain.europeana_deliveries import Run
from server.domain.europeana_matches import Verdict
from server.domain.europeana_requests import Barred, Limited, Unanswered
from server.errors import Conflict, CrowdHeritageError, Forbidden, Invalid, Unavailable
from server.journal import europeana as table
from server.journal.accounts import writing
from server.journal.europeana import PushRow
from server.names import DC, EDM, ORE, OWL, RDF
from server.settings import Settings
from tests import europeana_server, sites, worlds
from tests.europeana_server import CLIENT, KEY, SECRET, TOKEN, Europeana, Fault
from tests.worlds import Thing, World, now, term

ITEM = "http://data.europeana.eu/item/123/"
CREATE = "POST"
FOUND_AT = "https://museum.example.org/objects/"


@dataclass(frozen=True)
class Record(Thing):
    """An item as a museum gives it; those without `known` are not known at Europeana."""

    known: bool = True

    @property
    def iri(self) -> str:
        return f"{ITEM}i{self.number}" if self.known else worlds.item(f"own-{self.number}")

    def lines(self) -> Iterator[str]:
        me, aggregation = NamedNode(self.iri), NamedNode(f"{self.iri}#aggregation")
        yield f"{me} {RDF.type} {EDM.ProvidedCHO}"
        yield f"{me} {DC.title} {Literal(self.title, language='en')}"
        yield f"{me} {DC.identifier} {Literal(f'INV-{self.number}')}"
        yield f"{me} {EDM.type} {Literal('IMAGE')}"
        yield f"{aggregation} {RDF.type} {ORE.Aggregation}"
        yield f"{aggregation} {EDM.aggregatedCHO} {me}"
        yield f"{aggregation} {EDM.dataProvider} {Literal('A museum')}"
        yield f"{aggregation} {EDM.isShownAt} {NamedNode(f'{FOUND_AT}{self.number}')}"


@dataclass
class Site:
    """A desk with an open campaign, and Europeana beside it."""

    world: World
    there: Europeana
    slug: str = "subjects"
    clock: datetime = field(default_factory=now)

    @property
    def desk(self) -> Desk:
        return self.world.desk

    def accept(self, number: int, kind: int = 0, *, known: bool = True) -> str:
        """The `{id}` of an annotation that is accepted."""
        item = Record(number, "", known=known).iri
        proposal = Proposal.of_term(self.slug, item, 1, term(kind))
        iri = contributing.propose(self.desk, self.world.people[1], proposal, now=now())
        publishing.decide(self.desk, self.world.organiser, iri, "accept", "Good.", now=now())
        return iri.rpartition("/")[2]

    def publish(self, *numbers: int, **said: Any) -> list[str]:
        """The identifiers of annotations that are published."""
        made = [self.accept(number, **said) for number in numbers]
        publishing.publish(self.desk, self.world.organiser, self.slug, now=now())
        return made

    def withdraw(self, name: str) -> None:
        iri = self.desk.names.annotation(name).value
        publishing.unpublish(self.desk, self.world.organiser, self.slug, now=now(), iri=iri)

    def plan(self, again: bool = False) -> None:
        europeana_plans.prepare(self.desk, self.slug, now=self.clock, again=again)

    def client(self, **changes: Any) -> Client:
        settings = replace(self.desk.settings, **changes)
        return Client(settings, pause=lambda _seconds: None, seconds=changes.pop("wait", 5.0))

    def push(self, *, again: bool = False, **changes: Any) -> dict[str, int]:
        self.plan(again)
        run = Run(self.desk, self.slug, self.client(**changes), clock=lambda: self.clock)
        return dict(europeana_runs.send(run))

    def row(self, name: str) -> PushRow:
        with table.create_tables(self.desk.accounts).connect() as connection:
            return table.find(connection, [name])[name]

    def there_of(self, name: str) -> list[dict[str, Any]]:
        return self.there.by_source(self.desk.names.annotation(name).value)


@contextmanager
def site(folder: Path, **settings: Any) -> Iterator[Site]:
    with europeana_server.serving() as there, furnished(folder, there, **settings) as made:
        yield made


@contextmanager
def furnished(folder: Path, there: Europeana, **settings: Any) -> Iterator[Site]:
    made = worlds.create(folder, **there.settings(**settings))
    with opening.opened(made) as desk:
        world = worlds.furnish(desk, items=0)
        things = [Record(n, f"Print {n}") for n in range(6)]
        things += [Record(n, f"Own print {n}", known=False) for n in range(4)]
        worlds.import_things(desk, world.organiser, "prints", things)
        yield Site(world, there)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("europeana") / "data") as made:
        yield made


_numbers = count(1)


@pytest.fixture
def here(shared: Site) -> Site:
    """A campaign of its own, and a Europeana where nothing stands."""
    desk, world, slug = shared.desk, shared.world, f"campaign-{next(_numbers)}"
    standing = campaigns.find_standing(desk, "subjects")
    assert standing is not None
    campaigns.create(desk, world.organiser, replace(standing, slug=slug), now=now())
    participation.agree(desk, world.people[1], slug, now=now())
    with writing(table.create_tables(desk.accounts)) as connection:
        for each in (table.push, table.match, table.lookup):
            connection.execute(each.delete())
    shared.there.reset()
    return Site(world, shared.there, slug)


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Site]:
    """Where tests say which items are which."""
    with site(tmp_path / "data") as made:
        yield made


# --- what is there --------------------------------------------------------------------------------


def test_what_is_published_is_created_there_and_nothing_else(here: Site) -> None:
    first, second = here.publish(0, 1)
    secret = here.accept(2)
    assert here.push() == {"created": 2}
    (made,) = here.there_of(first)
    iri = here.desk.names.annotation(first).value
    assert made["motivation"] == "tagging"
    assert made["target"] == f"{ITEM}i0"
    assert made["body"] == term(0)
    assert made["via"] == made["canonical"] == iri
    assert made["generator"]["id"] == here.desk.names.base
    assert made["creator"]["id"] == here.world.people[1].agent.value
    assert "name" not in made["creator"]
    assert here.there_of(secret) == []
    assert all(secret.encode() not in asked.body for asked in here.there.asked)
    row = here.row(second)
    assert (row.state, row.remote) == ("sent", "http://data.europeana.eu/annotation/2")
    assert row.sent


def test_what_stands_there_is_not_sent_again(here: Site) -> None:
    here.publish(0, 1)
    here.push()
    before = len(here.there.asked)
    assert here.push() == {}
    assert len(here.there.asked) == before


def test_a_dry_run_sends_nothing(here: Site) -> None:
    (name,) = here.publish(0)
    here.plan()
    assert here.there.asked == []
    assert (here.row(name).state, here.row(name).task) == ("waiting", "create")


def test_what_is_taken_back_here_is_deleted_there(here: Site) -> None:
    first, second = here.publish(0, 1)
    here.push()
    here.withdraw(first)
    assert here.push() == {"deleted": 1}
    assert here.there_of(first) == []
    assert len(here.there_of(second)) == 1
    assert here.row(first).state == "deleted"
    publishing.publish(here.desk, here.world.organiser, here.slug, now=now())
    assert here.push() == {"created": 1}
    assert len(here.there_of(first)) == 1


def test_what_was_taken_back_before_it_was_sent_never_leaves(here: Site) -> None:
    (name,) = here.publish(0)
    here.plan()
    here.withdraw(name)
    run = Run(here.desk, here.slug, here.client(), clock=lambda: here.clock)
    assert dict(europeana_runs.send(run)) == {}
    assert here.there.stored == {}


def test_of_a_draft_things_are_still_taken_back(here: Site) -> None:
    here.publish(0)
    here.push()
    publishing.unpublish(here.desk, here.world.organiser, here.slug, now=now())
    campaigns.set_state(here.desk, here.world.organiser, here.slug, "draft", now=now())
    assert here.push() == {"deleted": 1}
    assert here.there.standing() == []


def test_what_changed_is_updated_with_its_entity_tag(here: Site) -> None:
    (name,) = here.publish(0)
    here.push()
    mark_changed(here, name)
    assert here.push() == {"updated": 1}
    assert here.there.asked[-1].headers["if-match"] == '"1-1"'
    assert len(here.there_of(name)) == 1


def mark_changed(here: Site, name: str) -> None:
    """As if what was sent had been something else."""
    with writing(here.desk.accounts) as connection:
        table.put(connection, [replace(here.row(name), sent_digest="before")])


def test_what_somebody_changed_there_is_fetched_before_it_is_updated(here: Site) -> None:
    (name,) = here.publish(0)
    here.push()
    mark_changed(here, name)
    here.there.stored[1].version = 7
    assert here.push() == {"updated": 1}
    assert here.row(name).etag == '"1-8"'


def test_what_was_deleted_there_is_not_made_again_unasked(here: Site) -> None:
    (name,) = here.publish(0)
    here.push()
    mark_changed(here, name)
    here.there.stored[1].disabled = True
    assert here.push() == {"refused": 1}
    assert (here.row(name).reason, here.row(name).state) == ("410", "refused")
    assert here.push() == {}
    assert here.push(again=True) == {"created": 1}


def test_deleting_what_is_gone_there_is_done(here: Site) -> None:
    (name,) = here.publish(0)
    here.push()
    here.withdraw(name)
    here.there.stored[1].disabled = True
    assert here.push() == {"deleted": 1}


def test_an_item_that_nobody_knows_there_is_listed_and_not_sent(here: Site) -> None:
    (name,) = here.publish(1, known=False)
    assert here.push() == {}
    assert (here.row(name).state, here.row(name).reason) == ("unsendable", "item")
    assert here.there.writes() == []


# --- nothing twice --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault(done=True, drop=True, only=CREATE),
        Fault(done=True, status=500, body=b"<html>oops</html>", only=CREATE),
        Fault(done=True, status=504, only=CREATE),
        Fault(done=True, status=201, body=b"<html>created</html>", only=CREATE),
        Fault(done=True, status=201, body=b'{"id": "http://evil.example/1"}', only=CREATE),
        Fault(done=True, status=200, body=b"x" * 6_000_000, only=CREATE),
        Fault(drop=True, only=CREATE),
        Fault(status=500, only=CREATE),
    ],
    ids=["dropped", "500", "504", "no JSON", "another's", "huge", "dropped before", "500 before"],
)
def test_an_answer_that_does_not_come_creates_nothing_twice(here: Site, fault: Fault) -> None:
    (name,) = here.publish(0)
    here.there.faults = [fault]
    here.push()
    assert len(here.there_of(name)) == 1
    assert here.row(name).state == "sent"


def test_a_late_answer_creates_nothing_twice(here: Site) -> None:
    (name,) = here.publish(0)
    here.there.faults = [Fault(done=True, wait=0.6, only=CREATE)]
    here.plan()
    client = Client(here.desk.settings, pause=lambda _seconds: None, seconds=0.3)
    europeana_runs.send(Run(here.desk, here.slug, client, clock=lambda: here.clock))
    assert len(here.there_of(name)) == 1


def test_a_process_that_ends_while_sending_creates_nothing_twice(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with europeana_server.serving() as there:
        with furnished(data, there) as here:
            names = here.publish(0, 1, 2)
            ids = [person.id for person in here.world.people]
        settings = there.settings(min_free=0)
        environment = {f"CROWDHERITAGE_{k.upper()}": str(v) for k, v in settings.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "server", "--data", str(data), "europeana", "push", "subjects"],
            env={**os.environ, **environment}, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        kill = Fault(done=True, drop=True, act=process.kill, only=CREATE)
        there.faults = [Fault(only=CREATE), kill]
        assert process.wait(60) == -signal.SIGKILL
        assert len(there.standing()) == 2
        with opening.opened(Settings(data=data, **settings)) as desk:
            again = Site(worlds.revisit(desk, ids), there)
            states = sorted(again.row(name).state for name in names)
            assert states == ["sending", "sent", "waiting"]
            again.push()
            assert [len(again.there_of(name)) for name in names] == [1, 1, 1]
            assert {again.row(name).state for name in names} == {"sent"}


def test_the_commands_do_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    with europeana_server.serving() as there:
        with furnished(data, there) as here:
            (name,) = here.publish(0)
            here.publish(0, known=False)
            iri = here.desk.names.annotation(name).value
        for key, value in there.settings(min_free=0).items():
            monkeypatch.setenv(f"CROWDHERITAGE_{key.upper()}", str(value))
        there.records = [record(0)]
        asking = (("export", "subjects"), ("push", "subjects", "--dry-run"), ("match", "subjects"))
        exported, dry, matched = (sites.command(data, "europeana", *each).stdout for each in asking)
        assert [one["canonical"] for one in json.loads(exported)["items"]] == [iri]
        assert "Waiting (create)\t1" in dry
        assert "Nobody knows yet which item of Europeana it is.\t1" in dry
        assert matched == "1 with candidates\n"
        assert there.writes() == []


def test_what_was_being_created_and_is_taken_back_is_found_and_deleted(here: Site) -> None:
    (name,) = here.publish(0)
    here.there.faults = [Fault(done=True, drop=True, only=CREATE), *([Fault(status=500)] * 50)]
    here.push()
    assert here.row(name).state == "sending"
    here.there.faults = []
    here.withdraw(name)
    here.clock += timedelta(days=1)
    assert here.push() == {"deleted": 1}
    assert here.there.standing() == []


def test_what_stands_there_from_before_a_backup_is_taken_on(here: Site) -> None:
    (name,) = here.publish(0)
    here.push()
    with writing(here.desk.accounts) as connection:
        table.remove(connection, name)
    assert here.push() == {"updated": 1}
    assert len(here.there.standing()) == 1
    assert here.row(name).remote.endswith("/1")


def test_what_somebody_else_said_there_is_refused_with_its_reason(here: Site) -> None:
    (name,) = here.publish(0)
    here.there.stored[1] = europeana_server.Stored({
        "id": "http://data.europeana.eu/annotation/1", "motivation": "tagging", "body": term(0),
        "target": f"{ITEM}i0",
    })  # fmt: skip
    assert here.push() == {"refused": 1}
    assert here.row(name).reason == "400"
    assert "duplicate" in here.row(name).detail
    assert here.push() == {}


def test_the_same_from_two_questions_is_sent_once(here: Site) -> None:
    standing = campaigns.find_standing(here.desk, here.slug)
    assert standing is not None
    other = replace(standing.tasks[0], number=2, field=DC.type.value)
    campaigns.edit(
        here.desk,
        here.world.organiser,
        replace(standing, tasks=(*standing.tasks, other)),
        now=now(),
    )
    (first,) = here.publish(0)
    proposal = Proposal.of_term(here.slug, f"{ITEM}i0", 2, term(0))
    second = contributing.propose(here.desk, here.world.people[1], proposal, now=now())
    publishing.decide(here.desk, here.world.organiser, second, "accept", "Good.", now=now())
    here.publish()
    twin = second.rpartition("/")[2]
    assert here.push() == {"created": 1}
    states = {here.row(name).state for name in (first, twin)}
    assert states == {"sent", "unsendable"}
    sent, left = (first, twin) if here.row(first).state == "sent" else (twin, first)
    assert (here.row(left).reason, here.row(left).detail) == ("twice", sent)
    here.withdraw(sent)
    here.push()
    here.push()
    assert here.row(left).state == "sent"


# --- errors ---------------------------------------------------------------------------------------


def test_too_many_requests_end_the_run_until_the_time_that_was_named(here: Site) -> None:
    names = here.publish(0, 1, 2)
    here.there.faults = [Fault(only=CREATE), Fault(status=429, headers={"Retry-After": "3600"})]
    with pytest.raises(Limited):
        here.push()
    assert len(here.there.standing()) == 1
    before = len(here.there.asked)
    assert here.push() == {}
    assert len(here.there.asked) == before
    here.clock += timedelta(hours=1, seconds=1)
    assert here.push() == {"created": 2}
    assert [len(here.there_of(name)) for name in names] == [1, 1, 1]


def test_silence_ends_the_run_and_is_tried_again_later(here: Site) -> None:
    names = here.publish(0, 1, 2, 3)
    here.there.faults = [Fault(status=503)] * 200
    with pytest.raises(Unanswered):
        here.push()
    assert here.there.standing() == []
    here.there.faults = []
    here.clock += timedelta(hours=7)
    here.push()
    assert [len(here.there_of(name)) for name in names] == [1, 1, 1, 1]


def test_what_is_refused_stays_so_with_the_reason(here: Site) -> None:
    first, second = here.publish(0, 1)
    here.there.faults = [Fault(status=400, body=b'{"error": "We do not like it"}', only=CREATE)]
    assert here.push() == {"refused": 1, "created": 1}
    refused = first if here.row(first).state == "refused" else second
    assert (here.row(refused).reason, here.row(refused).detail) == ("400", "We do not like it")
    assert here.push() == {}
    assert here.push(again=True) == {"created": 1}


def test_a_key_that_is_refused_ends_the_run(here: Site) -> None:
    (name,) = here.publish(0)
    with pytest.raises(Barred):
        here.push(europeana_key="wrong")
    assert here.row(name).state == "waiting"
    assert here.push() == {"created": 1}


def test_without_a_key_nothing_is_asked(here: Site) -> None:
    here.publish(0)
    for missing in ({"europeana_key": ""}, {"europeana_token": ""}):
        with pytest.raises(Invalid):
            here.push(**missing)
    assert here.there.asked == []


def test_keys_show_nowhere(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    (name,) = here.publish(0)
    echo = json.dumps({"error": f"not with {KEY} and Bearer {TOKEN} or {SECRET}"}).encode()
    here.there.faults = [Fault(status=400, body=echo)]
    changes = {"europeana_secret": SECRET}
    here.push(**changes)
    assert here.row(name).detail.startswith("not with …")
    messages = [here.row(name).detail, repr(here.desk.settings), caplog.text]
    with pytest.raises(Barred) as refused:
        here.push(again=True, europeana_token=f"{TOKEN}-old", **changes)
    messages.append(str(refused.value))
    for secret in (KEY, TOKEN, SECRET):
        assert all(secret not in message for message in messages)
    assert all(KEY not in str(asked.query) for asked in here.there.asked)


def test_what_leads_elsewhere_is_not_followed(here: Site) -> None:
    (name,) = here.publish(0)
    with europeana_server.serving() as other:
        target = f"http://{other.host}/annotation/"
        here.there.faults = [Fault(status=307, headers={"Location": target})]
        here.push(remote_hosts=f"{here.there.host},{other.host}")
        assert other.asked == []
    assert here.row(name).state == "refused"


def test_keys_go_over_https_or_to_hosts_that_are_named(here: Site) -> None:
    here.publish(0)
    with pytest.raises(Invalid):
        here.push(remote_hosts="")
    with pytest.raises(CrowdHeritageError):
        here.push(remote_hosts="", europeana_annotations=f"https://{here.there.host}/annotation")
    assert here.there.asked == []


def test_a_token_is_fetched_and_renewed(here: Site) -> None:
    oauth = {
        "europeana_token": "", "europeana_client": CLIENT, "europeana_secret": SECRET,
    }  # fmt: skip
    here.publish(0, 1)
    here.plan()
    client = here.client(**oauth)
    client.require_access()
    here.there.valid = set()  # it has expired over there
    run = Run(here.desk, here.slug, client, clock=lambda: here.clock)
    assert dict(europeana_runs.send(run)) == {"created": 2}
    assert here.there.tokens == 2
    with pytest.raises(Unavailable) as refused:
        here.client(**{**oauth, "europeana_secret": "secret-wrong"}).require_access()
    assert "secret-wrong" not in str(refused.value)


def test_one_run_at_a_time(here: Site) -> None:
    here.publish(0)
    with europeana_runs.alone(here.desk), pytest.raises(Conflict):
        here.push()


# --- several at once ------------------------------------------------------------------------------


def test_several_go_in_one_upload(tmp_path: Path) -> None:
    with site(tmp_path / "data", europeana_batch=10) as here:
        here.there.admin = True
        names = here.publish(0, 1, 2)
        assert here.push() == {"created": 3}
        assert here.there.writes() == ["POST"]
        assert [len(here.there_of(name)) for name in names] == [1, 1, 1]
        assert here.row(names[0]).remote == here.there_of(names[0])[0]["id"]


@pytest.mark.parametrize("fault", [None, Fault(done=True, drop=True, only=CREATE)])
def test_an_upload_that_is_refused_or_lost_goes_one_by_one(
    tmp_path: Path, fault: Fault | None
) -> None:
    with site(tmp_path / "data", europeana_batch=10) as here:
        here.there.admin = fault is not None
        here.there.faults = [fault] if fault else []
        names = here.publish(0, 1, 2)
        here.push()
        assert [len(here.there_of(name)) for name in names] == [1, 1, 1]
        assert {here.row(name).state for name in names} == {"sent"}


# --- items ----------------------------------------------------------------------------------------


def record(number: int, **said: Any) -> dict[str, Any]:
    """As the Search API has it."""
    return {
        "id": f"/555/own_{number}", "title": [f"Own print {number}"], "type": "IMAGE",
        "dataProvider": ["A museum"], "edmIsShownAt": [f"{FOUND_AT}{number}"],
        "dcIdentifier": [f"INV-{number}"], **said,
    }  # fmt: skip


def found(here: Site, number: int) -> list[tuple[str, int]]:
    item = Record(number, "", known=False).iri
    with here.desk.accounts.connect() as connection:
        rows = table.matches(connection, [item]).get(item, [])
    return [(row.candidate, row.score) for row in rows]


def search(here: Site, again: bool = False) -> int:
    return europeana_matches.search(
        here.desk, here.slug, here.client(), now=here.clock, again=again
    )


def judge(here: Site, number: int, candidate: str, same: bool) -> None:
    verdict = Verdict(Record(number, "", known=False).iri, candidate, same)
    europeana_matches.judge(
        here.desk, here.world.organiser, here.slug, [verdict], now=now()
    )  # fmt: skip


def test_candidates_are_found_and_the_likeliest_comes_first(here: Site) -> None:
    here.publish(0, 1, 2, 3, known=False)
    here.there.records = [
        record(0),
        record(1, edmIsShownAt=[]),
        record(3, edmIsShownAt=[], dcIdentifier=[]),
        record(2, edmIsShownAt=[], dcIdentifier=["other"], dataProvider=["Another museum"]),
    ]
    here.plan()
    assert search(here) == 3
    assert found(here, 0) == [("http://data.europeana.eu/item/555/own_0", 100)]
    # 40 for the identifier, 15 for the institution, 25 for the title, 5 for the kind of media
    assert found(here, 1) == [("http://data.europeana.eu/item/555/own_1", 85)]
    assert found(here, 3) == [("http://data.europeana.eu/item/555/own_3", 45)]
    assert found(here, 2) == []
    before = len(here.there.asked)
    assert search(here) == 0
    assert len(here.there.asked) == before


def test_a_confirmed_match_is_where_annotations_go(apart: Site) -> None:
    (name,) = apart.publish(0, known=False)
    apart.there.records = [record(0)]
    apart.plan()
    search(apart)
    europeana = "http://data.europeana.eu/item/555/own_0"
    judge(apart, 0, europeana, True)
    assert apart.push() == {"created": 1}
    assert apart.there_of(name)[0]["target"] == europeana
    item = Record(0, "", known=False).iri
    assert (OWL.sameAs, NamedNode(europeana)) in apart.desk.about("public", NamedNode(item))
    judge(apart, 0, europeana, False)
    assert apart.push() == {"deleted": 1}
    assert apart.there_of(name) == []


def test_what_was_rejected_is_not_proposed_again(apart: Site) -> None:
    apart.publish(0, known=False)
    apart.there.records = [record(0)]
    apart.plan()
    search(apart)
    judge(apart, 0, "http://data.europeana.eu/item/555/own_0", False)
    search(apart, again=True)
    assert found(apart, 0) == []


def test_words_in_a_query_are_words(here: Site) -> None:
    known = europeana_items.Known(
        "urn:x", "prints", titles=('a" OR *:* \\',), providers=('b"',), identifiers=(), shown_at=()
    )
    assert europeana_matches.queries(known) == ['title:"a\\" OR *:* \\\\" AND DATA_PROVIDER:"b\\""']


@pytest.mark.parametrize(
    "candidate", ["http://evil.example/item/1/2", "javascript:alert(1)", "", ITEM]
)
def test_what_is_no_item_of_europeana_is_not_confirmed(here: Site, candidate: str) -> None:
    before = here.desk.journal.last()
    with pytest.raises(Invalid):
        judge(here, 0, candidate, True)
    assert here.desk.journal.last() == before


def test_one_item_is_one_there(here: Site) -> None:
    item = Record(0, "", known=False).iri
    both = [Verdict(item, f"{ITEM}{n}", True) for n in ("a", "b")]
    with pytest.raises(Invalid):
        europeana_matches.judge(here.desk, here.world.organiser, here.slug, both, now=now())


def test_nobody_but_the_organiser_says_what_an_item_is(here: Site) -> None:
    other = accounts.create_user(
        here.desk, "Otto", "otto@example.org", worlds.PASSWORD, "organiser", now=now()
    )
    verdict = Verdict(Record(0, "", known=False).iri, f"{ITEM}a", True)
    with pytest.raises(Forbidden):
        europeana_matches.judge(here.desk, other, "subjects", [verdict], now=now())


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"items": 7}', b"x" * 6_000_000])
def test_a_strange_answer_of_the_search_is_an_error_in_words(here: Site, body: bytes) -> None:
    here.publish(0, known=False)
    here.plan()
    here.there.faults = [Fault(status=200, body=body)] * 10
    if body == b"{}":
        assert search(here) == 0
        return
    with pytest.raises(Unanswered):
        search(here)


def test_the_export_has_what_is_sent(here: Site) -> None:
    here.publish(0, 1)
    here.accept(2)
    here.push()
    made = list(europeana_exports.annotations(here.desk, here.slug))
    standing = [{k: v for k, v in one.items() if k != "id"} for one in here.there.standing()]
    assert sorted(made, key=str) == sorted(standing, key=str)
