"""The whole server on a loopback port, with people, a vocabulary, collections and campaigns."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from server.app import create_app
from server.commit import Desk
from server.domain import (
    accounts,
    campaigns,
    contributing,
    opening,
    participation,
    publishing,
    vocabularies,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.contributing import Proposal
from server.formats import skos_read
from server.formats.vocabularies import Reading
from server.index import queues
from server.index.contributions import AnnotationRow
from server.names import DC
from server.resources import folder
from server.settings import Settings
from tests import worlds
from tests.web import loopback
from tests.web.visitors import Visitor
from tests.worlds import Thing

PASSWORD = "a long pass phrase"
AAT = "http://vocab.getty.edu/aat/"
#: Terms of the starter vocabulary.
FARMS, VINEYARDS, RESORTS, COMPLEXES = (
    AAT + number for number in ("300000206", "300000248", "300000547", "300000202")
)
#: A term that only arranges others.
GUIDE = AAT + "300000201"
ITEMS = 12
_NUMBERS = count(1)


@dataclass
class World:
    """The running site; `desk` is the server's own, for looking at what is stored."""

    address: str
    desk: Desk
    people: dict[str, Person] = field(default_factory=dict)
    visitors: ExitStack = field(default_factory=ExitStack)
    sessions: dict[str, str] = field(default_factory=dict)

    def visitor(self, name: str = "") -> Visitor:
        """A new browser; signed in as one of the people if a name is given."""
        made = self.visitors.enter_context(Visitor(self.address))
        if name and name not in self.sessions:
            made.sign_in(f"{name}@example.org", PASSWORD)
            self.sessions[name] = made.cookies["session"]
        elif name:  # as if the same person had another window
            made.cookies.set("session", self.sessions[name])
        return made

    def campaign(self, state: str = "open", by: str = "olga", **changes: object) -> str:
        """The slug of a new campaign on the prints, with terms of the AAT."""
        task = Task(1, DC.subject.value, {"en": "What is shown?"}, ("aat",))
        slug = f"campaign-{next(_NUMBERS)}"
        made = Campaign(
            slug, {"en": f"The {slug}"}, {"en": "About prints."}, ("prints",), (task,), 100,
            state=state,
        )  # fmt: skip
        campaigns.create(self.desk, self.people[by], replace(made, **changes), now=now())  # type: ignore[arg-type]
        return slug

    def item(self, number: int) -> str:
        """The `{id}` of a print."""
        return self.desk.names.item_id(worlds.item(number))

    def iri(self, annotation: str) -> str:
        return self.desk.names.annotation(annotation).value

    def row(self, annotation: str) -> AnnotationRow:
        found = queues.find_annotation(self.desk.index.read(), self.iri(annotation))
        assert found is not None
        return found

    def last(self) -> int:
        """The number of the journal's last entry: what is stored moves it."""
        return self.desk.journal.last()

    def publish(self, slug: str, number: int = 0, term: str = FARMS) -> str:
        """The `{id}` of an annotation that Ada proposed, Ben approved and Olga published."""
        ada, ben, olga = (self.people[name] for name in ("ada", "ben", "olga"))
        for person in (ada, ben):
            participation.agree(self.desk, person, slug, now=now())
        proposal = Proposal.of_term(slug, worlds.item(number), 1, term)
        iri = contributing.propose(self.desk, ada, proposal, now=now())
        contributing.vote(self.desk, ben, iri, "approve", now=now())
        publishing.publish(self.desk, olga, slug, now=now())
        return iri.rpartition("/")[2]


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def serve(data: Path, port: int = 0) -> Iterator[World]:
    """A furnished site; its limits on requests are out of the way of tests. With a port of its own
    its IRIs lead to it."""
    settings = Settings(data=data, rate=1_000_000, login_attempts=10_000, min_free=0)
    if port:
        settings = replace(settings, base_iri=f"http://127.0.0.1:{port}/")
    opening.create(settings)
    app = create_app(settings)
    with loopback.serve(app, port=port) as address, ExitStack() as visitors:
        world = World(f"http://{address}", app.state.desk, visitors=visitors)
        furnish(world)
        yield world


def furnish(world: World) -> None:
    roles = {"olga": "organiser", "otto": "organiser", "max": "admin"}
    for name in ("olga", "otto", "max", "ada", "ben"):
        role = roles.get(name, "contributor")
        world.people[name] = accounts.create_user(
            world.desk, name.title(), f"{name}@example.org", PASSWORD, role, now=now()
        )
    desk, olga = world.desk, world.people["olga"]
    starter = folder("vocabularies") / "aat-starter.ttl"
    aat = skos_read.read([starter], skos_read.Options(), Reading())
    vocabularies.load(desk, olga, "aat", aat, now=now())
    worlds.import_things(desk, olga, "prints", [Thing(n, f"Print {n}") for n in range(ITEMS)])
    maps = [Thing("map", "A map"), Thing("lost", "A lost map")]
    worlds.import_things(desk, olga, "maps", maps)
    worlds.import_things(desk, olga, "maps", [maps[0], replace(maps[1], gone=True)])
    world.campaign("draft", slug="hidden", title={"en": "Hidden"})
    world.campaign(slug="subjects", title={"en": "Subjects"})
    world.campaign(slug="done", title={"en": "Done"})
    world.publish("done", 0, FARMS)
    world.publish("done", 1, RESORTS)
    campaigns.set_state(desk, olga, "done", "closed", now=now())
