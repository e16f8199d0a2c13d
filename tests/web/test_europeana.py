"""The pages about Europeana: for the organiser of a campaign alone, and nothing leaves unasked."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from server.app import create_app
from server.domain import campaigns, europeana_jobs, jobs, opening, publishing
from server.domain.jobs import Job
from server.journal import europeana as table
from server.settings import Settings
from tests import europeana_server, worlds
from tests.europeana_server import KEY, TOKEN, Europeana, validate
from tests.web import campaign_site, loopback
from tests.web.campaign_site import FARMS, RESORTS, World, now
from tests.web.test_accessibility import problems
from tests.web.test_europeana_pushes import Record, record

PAGES = ("", "/annotations", "/matches")
POSTS = ("/push", "/automatic", "/matches", "/search")


@pytest.fixture(scope="module")
def there() -> Iterator[Europeana]:
    with europeana_server.serving() as made:
        yield made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, there: Europeana) -> Iterator[World]:
    data: Path = tmp_path_factory.mktemp("site") / "data"
    settings = Settings(
        data=data, rate=1_000_000, login_attempts=10_000, min_free=0, **there.settings()
    )
    opening.create(settings)
    app = create_app(settings)
    with loopback.serve(app) as address, ExitStack() as visitors:
        made = World(f"http://{address}", app.state.desk, visitors=visitors)
        campaign_site.furnish(made)
        things = [Record(n, f"Print {n}") for n in range(3)]
        things += [Record(n, f"Own print {n}", known=False) for n in range(3)]
        worlds.import_things(made.desk, made.people["olga"], "posters", things)
        yield made


@pytest.fixture
def slug(world: World, there: Europeana) -> str:
    with table.create_tables(world.desk.accounts).begin() as connection:
        for each in (table.push, table.match, table.lookup):
            connection.execute(each.delete())
    there.reset()
    return world.campaign(collections=("posters",))


def published(world: World, slug: str, item: str, term: str = FARMS) -> str:
    """The `{id}` of an annotation that Ada proposed, and that is published."""
    ada = world.visitor("ada").start(slug)
    name = ada.proposed(slug, world.desk.names.item_id(item), term)
    publishing.decide(
        world.desk, world.people["olga"], world.iri(name), "accept", "Good.", now=now()
    )
    publishing.publish(world.desk, world.people["olga"], slug, now=now())
    return name


def finished(world: World, answer: httpx.Response) -> Job:
    """The job that a form has started, when it is done."""
    assert answer.status_code == 303, answer.text
    job = jobs.of(world.desk).get(answer.headers["Location"].rpartition("/")[2])
    return ended(job)


def ended(job: Job) -> Job:
    for _turn in range(3000):
        if job.state in ("done", "failed"):
            return job
        time.sleep(0.01)
    raise AssertionError(job.state)


def test_nobody_else_sees_or_starts_anything(world: World, slug: str, there: Europeana) -> None:
    base = f"/campaigns/{slug}/europeana"
    people = {"": 401, "ada": 403, "otto": 403}
    for name, status in people.items():
        visitor = world.visitor(name)
        for path in PAGES:
            answer = visitor.get(base + path)
            assert answer.status_code in (status, 303), (name, path)
        for path in POSTS:
            answer = visitor.submit(base + path, on="1", same="a b")
            assert answer.status_code in (status, 303), (name, path)
            assert "/jobs/" not in answer.headers.get("Location", "")
    assert world.visitor("olga").get("/campaigns/nothing/europeana").status_code == 404
    assert there.asked == []


def test_a_dry_run_shows_what_would_be_sent(world: World, slug: str, there: Europeana) -> None:
    known, unknown = Record(0, "").iri, Record(0, "", known=False).iri
    name = published(world, slug, known)
    published(world, slug, unknown)
    olga, base = world.visitor("olga"), f"/campaigns/{slug}/europeana"
    assert finished(world, olga.submit(f"{base}/push", dry="1")).state == "done"
    assert there.asked == []
    page = olga.get(base).text
    assert problems(page) == []
    assert "is new" in page
    assert "Nobody knows yet which item of Europeana it is." in page
    shown = olga.get(f"{base}/annotations/{name}")
    assert shown.json()["target"] == known
    validate(shown.json())
    assert olga.get(f"{base}?state=unsendable").text.count("Nobody knows yet") >= 1
    assert olga.get(f"{base}?state=nothing").status_code == 404


def test_what_is_sent_is_shown_with_its_address_there(
    world: World, slug: str, there: Europeana
) -> None:
    published(world, slug, Record(0, "").iri)
    olga, base = world.visitor("olga"), f"/campaigns/{slug}/europeana"
    job = finished(world, olga.submit(f"{base}/push"))
    assert (job.state, job.message) == ("done", "new: 1")
    page = olga.get(base).text
    assert 'href="http://data.europeana.eu/annotation/1"' in page
    for secret in (KEY, TOKEN):
        assert secret not in page
    olga.submit(f"/campaigns/{slug}/unpublish")
    finished(world, olga.submit(f"{base}/push"))
    assert there.standing() == []


def test_the_download_holds_what_is_published_alone(
    world: World, slug: str, there: Europeana
) -> None:
    name = published(world, slug, Record(0, "").iri)
    secret = world.visitor("ada").proposed(
        slug, world.desk.names.item_id(Record(1, "").iri), RESORTS
    )
    olga, base = world.visitor("olga"), f"/campaigns/{slug}/europeana"
    answer = olga.get(f"{base}/annotations")
    found = answer.json()
    assert answer.headers["Content-Type"].startswith("application/ld+json")
    assert found["type"] == "AnnotationPage"
    assert [one["canonical"] for one in found["items"]] == [world.iri(name)]
    assert secret not in answer.text
    lines = olga.get(f"{base}/annotations?format=lines").text.splitlines()
    assert [json.loads(line) for line in lines] == found["items"]
    assert olga.get(f"{base}/annotations/{secret}").status_code == 404
    assert there.asked == []


def test_of_a_blind_campaign_nothing_is_given(world: World, slug: str) -> None:
    standing = campaigns.find_standing(world.desk, slug)
    assert standing is not None
    olga = world.visitor("olga")
    campaigns.edit(world.desk, world.people["olga"], replace(standing, blind=True), now=now())
    assert olga.get(f"/campaigns/{slug}/europeana/annotations").status_code == 409
    assert olga.get(f"/campaigns/{slug}/europeana").status_code == 200


def test_matches_are_searched_confirmed_and_sent(world: World, slug: str, there: Europeana) -> None:
    unknown = Record(1, "", known=False).iri
    name = published(world, slug, unknown)
    there.records = [record(1), record(1, id="/666/x", edmIsShownAt=[])]
    olga, base = world.visitor("olga"), f"/campaigns/{slug}/europeana"
    finished(world, olga.submit(f"{base}/push", dry="1"))
    job = finished(world, olga.submit(f"{base}/search"))
    assert (job.state, job.message) == ("done", "1 item has a candidate.")
    page = olga.get(f"{base}/matches").text
    assert "https://www.europeana.eu/item/555/own_1" in page
    assert problems(page) == []
    keys = re.findall(r'name="same" value="([^"]+)"', page)
    assert keys[0] == f"http://data.europeana.eu/item/555/own_1 {unknown}"
    answer = olga.submit(f"{base}/matches", same=keys[0], other=keys[1:])
    assert answer.status_code == 303
    finished(world, olga.submit(f"{base}/push"))
    assert there.by_source(world.iri(name))[0]["target"].endswith("/555/own_1")
    assert "own_1" in olga.get(f"{base}/matches").text


def test_an_item_can_be_named_by_hand(world: World, slug: str, there: Europeana) -> None:
    unknown = Record(2, "", known=False).iri
    published(world, slug, unknown)
    item = world.desk.names.item_id(unknown)
    olga, base = world.visitor("olga"), f"/campaigns/{slug}/europeana"
    finished(world, olga.submit(f"{base}/push", dry="1"))
    wrong = olga.submit(f"{base}/matches", item=item, address="https://example.org/item/1/2")
    assert wrong.status_code == 422
    assert "That is no item of Europeana." in wrong.text
    assert problems(wrong.text) == []
    right = olga.submit(
        f"{base}/matches", item=item, address="https://www.europeana.eu/en/item/777/by_hand"
    )
    assert right.status_code == 303
    finished(world, olga.submit(f"{base}/push"))
    assert there.standing()[0]["target"] == "http://data.europeana.eu/item/777/by_hand"


@pytest.mark.parametrize("key", ["", "a", "http://data.europeana.eu/item/1/2 javascript:x", "  "])
def test_a_made_up_match_is_refused(world: World, slug: str, key: str) -> None:
    before = world.last()
    answer = world.visitor("olga").submit(f"/campaigns/{slug}/europeana/matches", same=key)
    assert answer.status_code == 422
    assert world.last() == before


def test_what_is_published_goes_by_itself_where_the_campaign_says_so(
    world: World, slug: str, there: Europeana
) -> None:
    olga, base = world.visitor("olga"), f"/campaigns/{slug}/europeana"
    first = published(world, slug, Record(0, "").iri)
    europeana_jobs.push_by_themselves(world.desk)
    assert there.asked == []
    assert olga.submit(f"{base}/automatic", on="1").status_code == 303
    wait_for(world, lambda: len(there.by_source(world.iri(first))) == 1)
    assert olga.submit(f"/campaigns/{slug}/unpublish").status_code == 303
    wait_for(world, lambda: not there.standing())
    assert "ch:toEuropeana true" in olga.get(f"/campaigns/{slug}.ttl").text
    olga.submit(f"{base}/automatic", on="0")
    assert "toEuropeana" not in olga.get(f"/campaigns/{slug}.ttl").text


def wait_for(world: World, done: Callable[[], bool]) -> None:
    """As the server's housekeeping does it, until it is done."""
    for _turn in range(20):
        job = europeana_jobs.push_by_themselves(world.desk)
        if job is not None:
            ended(job)
        if done():
            return
    raise AssertionError("it was not sent")


def test_the_campaigns_page_leads_there_for_its_organiser(world: World, slug: str) -> None:
    link = f'href="/campaigns/{slug}/europeana"'
    assert link in world.visitor("olga").get(f"/campaigns/{slug}").text
    assert link not in world.visitor().get(f"/campaigns/{slug}").text
