"""Publishing and taking back: one entry, only differences, all or nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from server.domain import (
    accounts,
    annotations,
    campaigns,
    contributing,
    graph_states,
    opening,
    publication_outcomes,
    publication_plans,
    publishing,
    vocabularies,
)
from server.domain.acceptance import Acceptance
from server.domain.accounts import Person
from server.domain.publication_plans import Figures
from server.domain.publication_rules import PublicationRule
from server.domain.publication_selections import Selection
from server.errors import Conflict, Forbidden, NotFound
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import CH, DC, DCTERMS, EDM, OA, ORE, PROV, RDF, SKOS, WGS84
from server.patches import Patch, on
from tests import worlds
from tests.worlds import Thing, World, now

FILES = 0  # nothing is small


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        yield worlds.furnish(desk)


def agree_on(world: World, item: int, term: int) -> str:
    """An annotation of which three people say that it is right."""
    (iri,) = {world.propose(each, worlds.item(item), worlds.term(term)) for each in world.people}
    return iri


def publish(world: World, **said: object) -> Figures:
    said = {"now": now(), **said}
    return publishing.carry_out(
        world.desk,
        world.organiser,
        world.campaign,
        "publish",
        **said,  # type: ignore[arg-type]
    )


def withdraw(world: World, **said: object) -> Figures:
    return publishing.carry_out(
        world.desk,
        world.organiser,
        world.campaign,
        "withdraw",
        now=now(),
        **said,  # type: ignore[arg-type]
    )


def published(world: World) -> set[str]:
    graph = world.desk.names.graph("published", world.campaign)
    found = world.desk.datasets["public"].store.quads_for_pattern(
        None, RDF.type, OA.Annotation, graph
    )
    return {quad.subject.value for quad in found}


def in_graph(world: World, kind: str = "published") -> set[str]:
    graph = world.desk.names.graph(kind, world.campaign)
    store = world.desk.datasets["public"].store
    return {str(quad) for quad in store.quads_for_pattern(None, None, None, graph)}


def change(world: World, **changes: object) -> None:
    standing = campaigns.find_standing(world.desk, world.campaign)
    assert standing
    changed = replace(standing, **changes)  # type: ignore[arg-type]
    campaigns.edit(world.desk, world.organiser, changed, now=now())


def told_of(world: World, iri: str, property_: NamedNode) -> list[str]:
    return [o.value for p, o in world.desk.about("public", NamedNode(iri)) if p == property_]


# --- one entry --------------------------------------------------------------------------------


@pytest.mark.parametrize("small", [FILES, 1_000])
def test_publishing_and_taking_back_are_one_entry_each(
    world: World, tmp_path: Path, small: int
) -> None:
    iris = {agree_on(world, item, term) for item in range(4) for term in range(3)}
    empty, before = worlds.quads(world.desk)["public"], world.desk.journal.last()
    found = publish(world, small=small)
    assert (found.added, found.items, found.removed) == (12, 4, 0)
    assert world.desk.journal.last() == before + 1
    assert published(world) == iris
    worlds.assert_equals_rebuild(world.desk, tmp_path / "published")
    found = withdraw(world, small=small)
    assert (found.removed, found.items) == (12, 4)
    assert world.desk.journal.last() == before + 2
    assert in_graph(world) == set()
    marks = ("sequence>", "bulkSequence>", "orderedSequence>")
    assert [q for q in worlds.quads(world.desk)["public"] if not any(m in q for m in marks)] == [
        q for q in empty if not any(m in q for m in marks)
    ]
    worlds.assert_equals_rebuild(world.desk, tmp_path / "withdrawn")


def test_files_say_the_same_as_a_patch(world: World) -> None:
    for item in range(3):
        for term in range(2):
            agree_on(world, item, term)
    when = now()
    publish(world, small=FILES, now=when)
    by_files = in_graph(world)
    withdraw(world, small=FILES)
    publish(world, small=1_000, now=when)
    assert in_graph(world) == by_files


@pytest.mark.parametrize("small", [FILES, 1_000])
def test_publishing_again_writes_only_what_differs(world: World, small: int) -> None:
    first = agree_on(world, 0, 0)
    publish(world, small=small)
    before, standing = world.desk.journal.last(), in_graph(world)
    found = publish(world, small=small)
    assert (found.stays, found.changes_something) == (1, False)
    assert world.desk.journal.last() == before
    agree_on(world, 0, 1)
    second = publish(world, small=small)
    assert (second.added, second.stays, second.changed) == (1, 1, 0)
    # The first annotation keeps the time of its publication, and all else that was said of it.
    assert standing <= in_graph(world)
    assert published(world) > {first}


def test_names_of_terms_are_brought_up_to_date(world: World) -> None:
    agree_on(world, 0, 0)
    publish(world)
    data = VocabularyData(
        worlds.TERMS, ((DCTERMS.title, Literal("Kinds", language="en")),),
        as_statements([
            *worlds.concepts(8),
            Triple(NamedNode(worlds.term(0)), SKOS.prefLabel, Literal("Sorte 0", language="de")),
        ]),
    )  # fmt: skip
    vocabularies.load(world.desk, world.organiser, "kinds", data, now=now())
    publish(world)
    assert any('"Sorte 0"@de' in quad for quad in in_graph(world))


@pytest.mark.parametrize("small", [FILES, 1_000])
def test_what_is_no_longer_accepted_is_taken_back_if_asked(world: World, small: int) -> None:
    iri = agree_on(world, 0, 0)
    stays = agree_on(world, 0, 1)
    publish(world)
    for person in world.people[1:]:
        contributing.withdraw(world.desk, person, iri, now=now())
    assert publish(world, small=small).removed == 0
    assert publish(world, small=small, take_out=True).removed == 1
    assert published(world) == {stays}
    # What the other one says on the same proxy is still there.
    proxy = world.desk.names.proxy(worlds.item(0)).value
    assert told_of(world, proxy, DC.subject) == [worlds.term(1)]
    assert told_of(world, proxy, PROV.wasDerivedFrom) == [stays]


def test_fields_kinds_and_single_annotations_are_chosen(world: World) -> None:
    one, other = agree_on(world, 0, 0), agree_on(world, 0, 1)
    assert publish(world, selection=Selection(fields=(DC.type.value,))).added == 0
    assert publish(world, selection=Selection(kinds=(CH.Place.value,))).added == 0
    assert publish(world, selection=Selection(annotations=("http://nobody/",))).added == 0
    assert publish(world, selection=Selection(annotations=(one,))).added == 1
    assert published(world) == {one}
    assert publish(world, selection=Selection(fields=(DC.subject.value,))).added == 1
    assert withdraw(world, selection=Selection(annotations=(other,))).removed == 1
    assert published(world) == {one}


def test_an_annotation_of_another_campaign_is_not_chosen(world: World) -> None:
    foreign = agree_on(world, 0, 0)
    standing = campaigns.find_standing(world.desk, world.campaign)
    assert standing
    other = replace(standing, slug="other")
    campaigns.create(world.desk, world.organiser, other, now=now())
    found = publishing.carry_out(
        world.desk, world.organiser, "other", "publish", Selection(annotations=(foreign,)),
        now=now(),
    )  # fmt: skip
    assert found == Figures()


# --- what people say meanwhile ----------------------------------------------------------------


def test_what_people_say_meanwhile_is_not_lost(world: World, tmp_path: Path) -> None:
    desk = world.desk
    voted, refused, taken, other = (agree_on(world, item, 0) for item in range(4))
    late = accounts.guest(desk, now=now())
    world.agree(late)
    seen = []

    def told(what: str, _done: int, _total: int) -> None:
        if what in seen:
            return
        seen.append(what)
        verdict = {"read": "reject", "add": "approve"}[what]
        contributing.vote(desk, late, voted, verdict, now=now())
        if what == "add":
            publishing.decide(desk, world.organiser, refused, "reject", "no", now=now())
            for person in world.people:
                contributing.withdraw(desk, person, taken, now=now())
            assert desk.updating, "nothing half done is copied for strangers"

    publish(world, small=FILES, told=told)
    assert seen == ["read", "add"]
    assert not desk.updating
    assert published(world) == {voted, other}
    assert told_of(world, voted, CH.approvals) == ["4"]
    assert told_of(world, voted, CH.rejections) == ["0"]
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuilt")
    contributing.vote(desk, late, voted, "unsure", now=now())
    assert told_of(world, voted, CH.unsure) == ["1"]
    worlds.assert_equals_rebuild(desk, tmp_path / "again")


def test_the_campaign_is_looked_at_again_before_anything_is_written(world: World) -> None:
    agree_on(world, 0, 0)
    changed: list[str] = []

    def told(what: str, _done: int, _total: int) -> None:
        if what == "read" and not changed:
            changed.append(what)
            change(world, embargo=date(2090, 1, 1))

    with pytest.raises(Conflict):
        publish(world, small=FILES, told=told)
    assert published(world) == set()


def test_two_organisers_do_not_publish_at_once(world: World) -> None:
    agree_on(world, 0, 0)
    refused = []

    def told(_what: str, _done: int, _total: int) -> None:
        with pytest.raises(Conflict):
            withdraw(world)
        refused.append(True)

    publish(world, small=FILES, told=told)
    assert refused
    assert len(published(world)) == 1


def test_what_was_seen_must_still_hold(world: World) -> None:
    seen = publication_outcomes.edition(world.desk, world.campaign)
    agree_on(world, 0, 0)
    publish(world, seen=seen)  # more was accepted: that is taken in
    with pytest.raises(Conflict):
        withdraw(world, seen=seen)
    seen = publication_outcomes.edition(world.desk, world.campaign)
    change(world, target=7)
    with pytest.raises(Conflict):
        withdraw(world, seen=seen)
    assert len(published(world)) == 1


# --- all or nothing ---------------------------------------------------------------------------

_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from server.domain import accounts, opening, published_rows, publishing, publishing_schedules
from server.settings import Settings
from pathlib import Path
data, deed, where = sys.argv[1:]
def told(what, done, total):
    if what == where:
        os.kill(os.getpid(), signal.SIGKILL)
with opening.opened(Settings(data=Path(data), min_free=0)) as desk:
    if where == "rows":
        def project(*_):
            os.kill(os.getpid(), signal.SIGKILL)
        published_rows._project = project
    who = publishing_schedules.system(desk)
    publishing.carry_out(desk, who, "subjects", deed, now=datetime.now(UTC), told=told, small=0)
"""


@pytest.mark.parametrize(("where", "outcome"), [("read", 0), ("add", 6), ("rows", 6)])
def test_a_killed_publication_is_whole_or_not_there(
    tmp_path: Path, where: str, outcome: int
) -> None:
    made = worlds.create(tmp_path / "data")
    with opening.opened(made) as desk:
        world = worlds.furnish(desk)
        for item in range(6):
            agree_on(world, item, item)
        ids = [person.id for person in world.people]
    _kill(made.data, "publish", where)
    with opening.opened(made) as desk:
        world = worlds.revisit(desk, ids)
        assert len(published(world)) == outcome
        rows = desk.index.read().execute("SELECT COUNT(*) FROM annotation WHERE status = ?",
                                         ("published",))  # fmt: skip
        assert rows.fetchone()[0] == outcome
        assert not desk.updating
        worlds.assert_equals_rebuild(desk, tmp_path / "rebuilt")
        contributing.vote(desk, _voter(world), sorted(_accepted(world))[0], "reject", now=now())
        worlds.assert_equals_rebuild(desk, tmp_path / "later")


def test_a_killed_withdrawal_is_whole(tmp_path: Path) -> None:
    made = worlds.create(tmp_path / "data")
    with opening.opened(made) as desk:
        world = worlds.furnish(desk)
        for item in range(4):
            agree_on(world, item, 0)
        publish(world)
        ids = [person.id for person in world.people]
    _kill(made.data, "withdraw", "remove")
    with opening.opened(made) as desk:
        world = worlds.revisit(desk, ids)
        assert in_graph(world) == set()
        worlds.assert_equals_rebuild(desk, tmp_path / "rebuilt")


def _kill(data: Path, deed: str, where: str) -> None:
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", _KILLED, str(data), deed, where], cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def _voter(world: World) -> Person:
    made = accounts.guest(world.desk, now=now())
    world.agree(made)
    return made


def _accepted(world: World) -> list[str]:
    found = world.desk.index.read().execute("SELECT iri FROM annotation")
    return [iri for (iri,) in found]


# --- who may, and when ------------------------------------------------------------------------


def test_only_those_who_run_a_campaign_publish_it(world: World) -> None:
    agree_on(world, 0, 0)
    stranger = accounts.create_user(
        world.desk, "Otto", "otto@example.org", worlds.PASSWORD, "organiser", now=now()
    )
    for deed in ("publish", "withdraw"):
        with pytest.raises(Forbidden):
            publishing.carry_out(world.desk, stranger, world.campaign, deed, now=now())  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            publishing.carry_out(world.desk, stranger, "nothing", deed, now=now())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes", [{"state": "draft"}, {"blind": True}, {"embargo": date(2090, 1, 1)}]
)
def test_drafts_blind_campaigns_and_embargoes_publish_nothing(
    world: World, changes: dict[str, object]
) -> None:
    agree_on(world, 0, 0)
    change(world, **changes)
    with pytest.raises(Conflict):
        publish(world)
    assert published(world) == set()


def test_an_embargo_ends_on_its_day(world: World) -> None:
    agree_on(world, 0, 0)
    change(world, embargo=now().date())
    assert publish(world).added == 1


def test_no_embargo_is_set_on_what_is_public(world: World) -> None:
    agree_on(world, 0, 0)
    publish(world)
    with pytest.raises(Conflict):
        change(world, embargo=date(2090, 1, 1))
    withdraw(world)
    change(world, embargo=date(2090, 1, 1))


@pytest.mark.parametrize("small", [FILES, 1_000])
def test_items_under_embargo_wait(world: World, small: int) -> None:
    waits, goes = agree_on(world, 0, 0), agree_on(world, 1, 0)
    change(world, embargoes=((worlds.item(0), date(2090, 1, 1)),))
    found = publish(world, small=small)
    assert (found.added, found.refused) == (1, 1)
    assert published(world) == {goes}
    change(world, embargoes=())
    publish(world, small=small)
    assert published(world) == {goes, waits}
    change(world, embargoes=((worlds.item(0), date(2090, 1, 1)),))
    assert publish(world, small=small).removed == 1
    assert published(world) == {goes}


def test_a_record_that_is_available_later_waits(world: World) -> None:
    things = [Thing(n, f"Print {n}") for n in range(6)]
    late = f'<{worlds.item(0)}> {DCTERMS.available} "2090-05"'
    lines = [line for thing in things for line in thing.lines()]
    graph = world.desk.names.graph("collection", "prints")
    prepared = graph_states.prepare(world.desk, "public", graph, [*lines, late])
    worlds.commit_bulk(world.desk, world.organiser, "prints", prepared.bulk)
    agree_on(world, 0, 0)
    plan = publication_plans.make(
        world.desk, publishing.order(world.desk, world.organiser, "subjects", "publish", now=now())
    )
    assert dict(plan.refused) == {"embargo": 1}


# --- what is said -------------------------------------------------------------------------------


def load(world: World, statements: list[Triple]) -> None:
    data = VocabularyData(
        worlds.TERMS, ((DCTERMS.title, Literal("Kinds", language="en")),),
        as_statements(statements),
    )  # fmt: skip
    vocabularies.load(world.desk, world.organiser, "kinds", data, now=now())


def test_a_place_is_published_as_one_with_all_its_names(world: World) -> None:
    change(world, tasks=(_task(world, field=DCTERMS.spatial.value),))
    me = NamedNode(worlds.term(0))
    load(world, [
        *worlds.concepts(8),
        Triple(me, SKOS.prefLabel, Literal("Sorte 0", language="de")),
        Triple(me, WGS84.lat, Literal("48.5")), Triple(me, WGS84.long, Literal("2.25")),
    ])  # fmt: skip
    iri = agree_on(world, 0, 0)
    publish(world)
    about = world.desk.select("published_term", graph=_graph(world), term=me)
    said = {(row["p"], row["o"]) for row in about}
    assert (RDF.type, EDM.Place) in said
    assert (SKOS.prefLabel, Literal("Sorte 0", language="de")) in said
    assert (SKOS.prefLabel, Literal("kind 0", language="en")) in said
    assert {p for p, _o in said} >= {WGS84.lat, WGS84.long}
    proxy = world.desk.names.proxy(worlds.item(0)).value
    assert told_of(world, proxy, DCTERMS.spatial) == [worlds.term(0)]
    assert told_of(world, proxy, ORE.proxyFor) == [worlds.item(0)]
    assert told_of(world, proxy, EDM.europeanaProxy) == ["false"]
    assert told_of(world, proxy, PROV.wasDerivedFrom) == [iri]
    # What it was used as does not decide what it may be used as.
    change(world, tasks=(_task(world, field=DCTERMS.temporal.value),))
    agree_on(world, 0, 0)
    assert publish(world).added == 1


def _task(world: World, **changes: object) -> campaigns.Task:
    standing = campaigns.find_standing(world.desk, world.campaign)
    assert standing
    return replace(standing.tasks[0], **changes)  # type: ignore[arg-type]


def _graph(world: World) -> NamedNode:
    return world.desk.names.graph("published", world.campaign)


def test_values_of_another_kind_and_without_a_name_are_refused(world: World) -> None:
    change(world, tasks=(_task(world, field=DC.creator.value),))
    right, place, nameless = (agree_on(world, 0, term) for term in range(3))

    def also(desk: object) -> tuple[Patch, None]:
        graph = world.desk.names.graph("vocabulary", "kinds")
        spot = Quad(NamedNode(worlds.term(1)), RDF.type, EDM.Place, graph)
        name = Quad(
            NamedNode(worlds.term(2)), SKOS.prefLabel, Literal("kind 2", language="en"), graph
        )
        return on("public", add=[spot], remove=[name]), None

    world.desk.commit(also, by="test", action="test", now=now())
    plan = publication_plans.make(
        world.desk, publishing.order(world.desk, world.organiser, "subjects", "publish", now=now())
    )
    assert dict(plan.refused) == {"field": 1, "name": 1}
    assert [one.iri for one in plan.refusals["field"]] == [place]
    assert [one.iri for one in plan.refusals["name"]] == [nameless]
    assert publish(world).added == 1
    assert published(world) == {right}


def test_what_is_about_items_that_are_gone_is_refused(world: World) -> None:
    agree_on(world, 5, 0)
    things = [Thing(n, f"Print {n}", gone=n == 5) for n in range(6)]
    worlds.import_things(world.desk, world.organiser, "prints", things)
    found = publish(world)
    assert (found.added, found.refused) == (0, 1)


@pytest.mark.parametrize("small", [FILES, 1_000])
def test_a_rule_chooses_among_the_answers(world: World, small: int) -> None:
    """Two at most, and one that beats ties: the third of three with equally many votes."""
    _olga, ada, ben = world.people
    rule = PublicationRule(most=2, beats_ties=worlds.term(2))
    easy = Acceptance(minimum_approvals=1, signed_in_approvals=0)
    change(world, tasks=(_task(world, publication=rule),), acceptance=easy)
    first = agree_on(world, 0, 0)
    tied = [world.propose(ada, worlds.item(0), worlds.term(n)) for n in (1, 2)]
    found = publish(world, small=small)
    assert (found.added, found.left_out) == (2, 1)
    assert published(world) == {first, tied[1]}
    contributing.vote(world.desk, ben, tied[0], "approve", now=now())
    found = publish(world, small=small)
    assert (found.added, found.removed, found.stays) == (1, 1, 1)
    assert published(world) == {first, tied[0]}


def test_ratings_are_published_as_a_mean_with_their_number(world: World) -> None:
    change(world, tasks=(_task(world, publication=PublicationRule(ratings=True)),))
    _olga, ada, ben = world.people
    iri = world.propose(world.organiser, worlds.item(0), worlds.term(0))
    for person, rating in ((ada, 90), (ben, 71)):
        contributing.vote(world.desk, person, iri, "approve", now=now(), rating=rating)
    publish(world)
    assert (told_of(world, iri, CH.meanRating), told_of(world, iri, CH.raters)) == (["80.5"], ["2"])
    contributing.vote(world.desk, ben, iri, "approve", now=now(), rating=70)
    assert told_of(world, iri, CH.meanRating) == ["80"]


def test_it_keeps_its_licence(world: World) -> None:
    iri = agree_on(world, 0, 0)
    publish(world)
    before = told_of(world, iri, DCTERMS.license)
    change(world, licence="https://creativecommons.org/licenses/by/4.0/")
    publish(world)
    assert told_of(world, iri, DCTERMS.license) == before
    assert annotations.get(world.desk, iri)
