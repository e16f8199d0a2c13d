"""Whatever people do, and wherever it crashes: everything follows from the journal."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from pyoxigraph import NamedNode

from server.domain import (
    accounts,
    campaigns,
    contributing,
    graph_states,
    item_rows,
    publication_writing,
    published_rows,
    publishing,
)
from server.domain import opening as instances
from server.domain.acceptance import Acceptance
from server.domain.routing_rules import Priority, Routing
from server.errors import CrowdHeritageError
from server.names import DC, OA, ORE, PROV, RDF
from server.patches import Patch
from server.settings import Settings
from server.store import datasets
from tests import worlds
from tests.worlds import Thing, World

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
NUMBERS = st.integers(0, 7)
PEOPLE = st.integers(0, 2)
#: One that nearly everything meets, one that nothing does, and one in between.
RULES = [Acceptance(1, None, None, 0), Acceptance(4), Acceptance(2, None, 0.75, 1)]
ROUTINGS = [
    Routing(),
    Routing(answers_needed=1, votes_needed=1, disputed_first=True),
    Routing(answers_needed=2, answers_at_most=3, priorities=(Priority(1, ("prints",)),)),
]
#: What has become of an item since it was first imported.
FATES = ["again", "without picture", "gone", "missing", "replaced", "replaced twice"]
CHANGES = st.dictionaries(NUMBERS, st.sampled_from(FATES), max_size=4)
#: Where the process may die: after this call has returned.
CRASHES: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "journal": lambda desk: (desk.journal, "append"),
    "public": lambda desk: (desk.datasets["public"], "apply"),
    "work": lambda desk: (desk.datasets["work"], "apply"),
    "index, before it is committed": lambda desk: (desk.projection, "entry"),
    "index": lambda desk: (desk, "project_index"),
    "chunk": lambda desk: (desk.datasets["public"], "run_chunk"),
    "load": lambda desk: (desk.datasets["public"], "bulk_load"),
    "mark": lambda desk: (desk.datasets["public"], "mark"),
    "mark of work": lambda desk: (desk.datasets["work"], "mark"),
    "mark in the index": lambda desk: (desk.index, "mark"),
    "items": lambda desk: (desk.projection, "bulk"),
}


def imported(changes: dict[int, str]) -> Iterator[Thing]:
    """Eight items, of which some have changed."""
    for number in range(8):
        fate, title = changes.get(number), f"Print {number}"
        if fate in ("replaced", "replaced twice"):
            former = (worlds.item(number),)
            yield Thing(number + 10, title, replaces=former)
            if fate == "replaced twice":
                yield Thing(number + 20, title, replaces=former)
        elif fate != "missing":
            title += ", again" if fate == "again" else ""
            yield Thing(number, title, picture=fate != "without picture", gone=fate == "gone")


class Crash(BaseException):
    """The process is gone; nothing after it happens."""


def arm(desk: Any, point: str, calls: int) -> None:
    """Let the desk crash after so many calls of what the point names."""
    target, name = CRASHES[point](desk)
    real, left = getattr(target, name), [calls]

    def crashing(*args: Any, **named: Any) -> Any:
        left[0] -= 1
        if name == "bulk":
            return _crashing_steps(real(*args, **named), left)
        found = real(*args, **named)
        if left[0] <= 0:
            raise Crash
        return found

    setattr(target, name, crashing)


def _crashing_steps(steps: Iterator[Any], left: list[int]) -> Iterator[Any]:
    for step in steps:
        if left[0] <= 0:
            raise Crash
        left[0] -= 1
        yield step


class Instance(RuleBasedStateMachine):
    template: Path
    ids: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.data = self.folder / "data"
        shutil.copytree(self.template, self.data)
        self.ids = list(self.ids)
        self.rebuilds = 0
        self.open()

    def open(self) -> None:
        self.stack = ExitStack()
        settings_ = Settings(data=self.data, min_free=0)
        self.world: World = worlds.revisit(
            self.stack.enter_context(instances.opened(settings_)), self.ids
        )
        self.desk = self.world.desk

    def check(self) -> None:
        self.rebuilds += 1
        worlds.assert_equals_rebuild(self.desk, self.folder / f"rebuild-{self.rebuilds}")

        self.check_published()

    def check_published(self) -> None:
        """Each published annotation has its enrichment, and nothing else is left there."""
        graph = self.desk.names.graph("published", self.world.campaign)
        found = set(self.desk.datasets["public"].store.quads_for_pattern(None, None, None, graph))
        said = {(q.subject, q.predicate, q.object) for q in found}
        published = {s for s, p, o in said if (p, o) == (RDF.type, OA.Annotation)}
        bodies = {(s, o) for s, p, o in said if p == OA.hasBody}
        assert {s for s, _ in bodies} == published
        proxies = {(s, o) for s, p, o in said if p == PROV.wasDerivedFrom}
        assert {annotation for _, annotation in proxies} == published
        for annotation, body in bodies:
            assert any((proxy, DC.subject, body) in said for proxy, a in proxies if a == annotation)
        parts = {NamedNode(f"{annotation.value}#target") for annotation in published}
        homes = {o for s, p, o in said if p == ORE.proxyIn}
        expected = published | parts | homes | {s for s, _ in proxies} | {o for _, o in bodies}
        assert {s for s, _, _ in said} <= expected
        values = {(s, o) for s, p, o in said if p == DC.subject}
        assert values == {(p, o) for p, a in proxies for s, o in bodies if s == a}

    def teardown(self) -> None:
        try:
            self.check()
        finally:
            self.stack.close()
            shutil.rmtree(self.folder)

    def do(self, work: Callable[[], Any]) -> None:
        """What the domain refuses is refused; what crashes is started again."""
        try:
            with suppress(CrowdHeritageError):
                work()
        except Crash:
            self.restart()

    def item(self, number: int) -> str:
        found = self.desk.index.read().execute("SELECT item FROM queue ORDER BY item")
        iris = [row[0] for row in found] or [worlds.item(number)]
        return iris[number % len(iris)]

    def annotation(self, number: int) -> str:
        found = self.desk.index.read().execute("SELECT iri FROM annotation ORDER BY created, iri")
        iris = [row[0] for row in found] or ["http://127.0.0.1:8000/annotation/none"]
        return iris[number % len(iris)]

    # --- what people do ----------------------------------------------------------------------

    @initialize(number=NUMBERS)
    def begin(self, number: int) -> None:
        """So that there is something to decide on."""
        self.agree_on(number, 0)
        self.propose(1, number + 1, 1)
        self.publish()

    @rule(person=PEOPLE, number=NUMBERS, term=st.integers(0, 3))
    def propose(self, person: int, number: int, term: int) -> None:
        who, item = self.world.people[person], self.item(number)
        self.do(lambda: self.world.propose(who, item, worlds.term(term)))

    @rule(number=NUMBERS, term=st.integers(0, 3))
    def agree_on(self, number: int, term: int) -> None:
        self.set_state("open")
        for person in range(3):
            self.propose(person, number, term)

    @rule(
        person=PEOPLE, number=st.integers(0, 20),
        verdict=st.sampled_from(["approve", "reject", "unsure", None]),
    )  # fmt: skip
    def vote(self, person: int, number: int, verdict: str | None) -> None:
        who, iri = self.world.people[person], self.annotation(number)
        self.do(lambda: contributing.vote(self.desk, who, iri, verdict, now=worlds.now()))

    @rule(person=PEOPLE, number=st.integers(0, 20))
    def withdraw(self, person: int, number: int) -> None:
        who, iri = self.world.people[person], self.annotation(number)
        self.do(lambda: contributing.withdraw(self.desk, who, iri, now=worlds.now()))

    @rule(person=PEOPLE, number=NUMBERS, outcome=st.sampled_from(["finished", "skipped"]))
    def visit(self, person: int, number: int, outcome: str) -> None:
        who, item = self.world.people[person], self.item(number)
        slug = self.world.campaign
        self.do(lambda: contributing.visit(self.desk, who, slug, item, outcome, now=worlds.now()))

    @rule(person=st.integers(1, 2))
    def erase(self, person: int) -> None:
        accounts.erase(self.desk, self.world.people[person], now=worlds.now())
        who = accounts.guest(self.desk, now=worlds.now())
        self.world.people[person], self.ids[person] = who, who.id
        self.do(lambda: self.world.agree(who))

    # --- what organisers do ------------------------------------------------------------------

    @rule(number=st.integers(0, 20), verdict=st.sampled_from(["accept", "reject", None]))
    def decide(self, number: int, verdict: str | None) -> None:
        iri, who = self.annotation(number), self.world.organiser
        self.do(lambda: publishing.decide(self.desk, who, iri, verdict, "so", now=worlds.now()))

    @rule()
    def publish(self) -> None:
        slug, who = self.world.campaign, self.world.organiser
        self.do(lambda: publishing.publish(self.desk, who, slug, now=worlds.now()))

    @rule(number=st.none() | st.integers(0, 20))
    def unpublish(self, number: int | None) -> None:
        slug, who = self.world.campaign, self.world.organiser
        iri = None if number is None else self.annotation(number)
        self.do(lambda: publishing.unpublish(self.desk, who, slug, iri=iri, now=worlds.now()))

    @rule(acceptance=st.sampled_from(RULES), routing=st.sampled_from(ROUTINGS))
    def change_the_rules(self, acceptance: Acceptance, routing: Routing) -> None:
        standing = campaigns.find_standing(self.desk, self.world.campaign)
        assert standing
        changed = campaigns.replace(standing, acceptance=acceptance, routing=routing)
        who = self.world.organiser
        self.do(lambda: campaigns.edit(self.desk, who, changed, now=worlds.now()))

    @rule(state=st.sampled_from(["closed", "draft", "open"]))
    def set_state(self, state: str) -> None:
        slug, who = self.world.campaign, self.world.organiser
        self.do(lambda: campaigns.set_state(self.desk, who, slug, state, now=worlds.now()))

    @rule(changes=CHANGES)
    def import_again(self, changes: dict[int, str]) -> None:
        who, slug = self.world.organiser, self.world.collection
        things = list(imported(changes))
        self.do(lambda: worlds.import_things(self.desk, who, slug, things))

    @rule()
    def undo_the_import(self) -> None:
        graph = self.desk.names.graph("collection", self.world.collection).value
        found = [
            bulk
            for seq in self.desk.journal.bulk_sequences()
            for bulk in Patch.from_json(self.desk.journal.get(seq).patch).bulk
            if bulk.graph == graph
        ]
        if len(found) > 1:
            bulk = graph_states.inverse(found[-1], found[-2].full)
            who, slug = self.world.organiser, self.world.collection
            self.do(lambda: worlds.commit_bulk(self.desk, who, slug, bulk))

    @rule(terms=st.integers(2, 8))
    def load_vocabulary(self, terms: int) -> None:
        self.do(lambda: worlds.load_vocabulary(self.desk, self.world.organiser, "kinds", terms))

    # --- what happens to the machine ---------------------------------------------------------

    @rule()
    def restart(self) -> None:
        self.stack.close()
        self.open()
        self.check()

    @rule(
        point=st.sampled_from(sorted(CRASHES)), calls=st.integers(1, 3),
        work=st.sampled_from(["agree on", "publish", "unpublish", "import", "undo", "draft",
                              "terms"]),
        number=NUMBERS, changes=CHANGES,
    )  # fmt: skip
    def crash_soon(
        self, point: str, calls: int, work: str, number: int, changes: dict[int, str]
    ) -> None:
        arm(self.desk, point, calls)
        works: dict[str, Callable[[], None]] = {
            "agree on": lambda: self.agree_on(number, number % 4),
            "publish": self.publish,
            "unpublish": lambda: self.unpublish(None),
            "import": lambda: self.import_again(changes),
            "undo": self.undo_the_import,
            "draft": lambda: self.set_state("draft"),
            "terms": lambda: self.load_vocabulary(number + 1),
        }
        works[work]()

    @rule(lost=st.sampled_from(["public", "work", "index.sqlite"]))
    def lose(self, lost: str) -> None:
        self.stack.close()
        path = self.data / lost
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        self.open()
        self.check()


@pytest.mark.slow
def test_everything_follows_from_the_journal_whatever_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Small pages, so that a crash falls between them.
    monkeypatch.setattr(datasets, "CHUNK", 5)
    monkeypatch.setattr(item_rows, "PAGE", 2)
    monkeypatch.setattr(publication_writing, "SMALL", 2)
    monkeypatch.setattr(published_rows, "PAGE", 2)
    with instances.opened(worlds.create(tmp_path / "template")) as desk:
        world = worlds.furnish(desk)
        monkeypatch.setattr(Instance, "ids", [person.id for person in world.people], raising=False)
    monkeypatch.setattr(Instance, "template", tmp_path / "template", raising=False)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Instance,
        settings=settings(
            max_examples=200 if THOROUGH else 15,
            stateful_step_count=50 if THOROUGH else 30,
            derandomize=not THOROUGH,
            database=None,
            deadline=None,
            # Shrinking takes minutes: a failure is best looked into with the thorough profile.
            phases=list(Phase) if THOROUGH else [Phase.generate],
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
