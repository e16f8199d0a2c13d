"""The page of an item with 25 metadata values and 30 annotations, through HTTP and without it.

    python -m bench.item_page [ROUNDS] [--profile]      200 unless told

The pages of somebody who takes part and of a stranger, from a real server process on loopback. The
same handlers, with their look-ups in the stores and the rendering of the template, take turns with
it in this process, on a copy of the data. `--profile` says what they spend their time on.
"""

import argparse
import cProfile
import pstats
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import Response

from bench.clients import Client, Times, load, timed, times
from server.commit import Desk
from server.domain import accounts, campaigns, contributing, opening, participation, sessions
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.contributing import Proposal
from server.names import CH, DC, DCTERMS
from server.settings import Settings
from server.web import contributions, items, templates
from tests import worlds
from tests.sites import serving
from tests.worlds import Thing

SLUG = "desk"
TERMS, TAGS = 20, 10
_FIELDS = (
    DC.description, DC.subject, DC.type, DC.creator, DC.contributor, DC.date, DC.identifier,
    DC["format"], DC.publisher, DC.rights, DC.source, DC.coverage, DCTERMS.medium,
    DCTERMS.spatial, DCTERMS.temporal, DCTERMS.created, DCTERMS.extent, DCTERMS.provenance,
)  # fmt: skip
_VALUES = 25


class Described(Thing):
    """An item with 25 metadata values: the title, and others of several fields."""

    def lines(self) -> Iterator[str]:
        yield from super().lines()
        me = NamedNode(self.iri)
        for number in range(_VALUES - 1):
            text = Literal(f"Value {number} of a catalogue that says much", language="en")
            yield f"{me} {_FIELDS[number % len(_FIELDS)]} {text}"


@dataclass
class Site:
    item: str  # its `{id}`
    secret: str  # the session of somebody who takes part
    person: str


def furnish(data: Path) -> Site:
    settings = worlds.create(data)
    with opening.opened(settings) as desk:
        world = worlds.furnish(desk, items=0, terms=TERMS, guests=3)
        worlds.import_things(desk, world.organiser, world.collection, [Described(1, "A chest")])
        _annotate(desk, world.organiser, world.people[1:])
        now, person = datetime.now(UTC), world.people[1]
        secret = sessions.open_session(desk, person, now=now, days=1)
        return Site(desk.names.item_id(worlds.item(1)), secret, person.id)


def _annotate(desk: Desk, organiser: Person, people: list[Person]) -> None:
    """Terms and tags on the item, each with somebody's vote."""
    now = datetime.now(UTC)
    asked = (
        Task(1, DC.subject.value, {"en": "What is shown?"}, ("kinds",)),
        Task(2, "", {"en": "What comes to mind?"}, kind=CH.FreeTag.value),
    )
    named = {"en": "Desk"}
    campaign = Campaign(SLUG, named, named, ("prints",), asked, target=100, state="open")
    campaigns.create(desk, organiser, campaign, now=now)
    for person in people:
        participation.agree(desk, person, SLUG, now=now)
    for number in range(TERMS + TAGS):
        author, voter = people[number % 3], people[(number + 1) % 3]
        iri = contributing.propose(desk, author, _proposal(number), now=now)
        contributing.vote(desk, voter, iri, "approve", now=now)


def _proposal(number: int) -> Proposal:
    item = worlds.item(1)
    if number < TERMS:
        return Proposal.of_term(SLUG, item, 1, worlds.term(number))
    return Proposal(SLUG, item, 2, {"tag": [f"word {number}"], "tag-lang": ["en"]})


class Handlers:
    """The handlers of the two pages, called as the router calls them, without what is around."""

    def __init__(self, desk: Desk, site: Site) -> None:
        self.state = SimpleNamespace(desk=desk, settings=desk.settings, templates=templates)
        self.person = accounts.get_person(desk, site.person)
        self.site = site

    def contribute(self) -> Response:
        path = f"/campaigns/{SLUG}/items/{self.site.item}"
        return contributions.show(self._request(path, self.person, slug=SLUG))

    def public(self) -> Response:
        return items.show(self._request(f"/items/{self.site.item}", None))

    def _request(self, path: str, person: Person | None, **parts: Any) -> Request:
        return Request({
            "type": "http", "method": "GET", "path": path, "query_string": b"",
            "headers": [(b"accept", b"text/html"), (b"host", b"127.0.0.1")],
            "server": ("127.0.0.1", 80), "scheme": "http",
            "app": SimpleNamespace(state=self.state), "state": {"person": person, "csrf": "0"},
            "path_params": {"id": self.site.item, **parts},
        })  # fmt: skip


@dataclass
class Figures:
    http: Times
    direct: Times

    def __str__(self) -> str:
        ratios = f"{self.http.p50 / self.direct.p50:.2f}, p95 {self.http.p95 / self.direct.p95:.2f}"
        return f"{self.http}\n{'without HTTP':24} {self.direct}   ({ratios} times)"


def run(rounds: int, profile: bool = False) -> dict[str, Figures]:
    """By the name of the page."""
    with tempfile.TemporaryDirectory() as folder:
        data, copy = Path(folder) / "data", Path(folder) / "copy"
        site = furnish(data)
        shutil.copytree(data, copy)
        with (
            serving(data, rate="1000000") as address,
            opening.opened(Settings(data=copy, min_free=0)) as desk,
        ):
            handlers = Handlers(desk, site)
            pages: dict[str, tuple[Callable[[], object], Callable[[], Response]]] = {
                "somebody who takes part": (_getting(address, site), handlers.contribute),
                "a stranger": (_getting(address, site, stranger=True), handlers.public),
            }
            found = {name: _compare(*both, rounds) for name, both in pages.items()}
            if profile:
                for _http, handler in pages.values():
                    _profile(handler, rounds)
            return found


def _getting(address: str, site: Site, stranger: bool = False) -> Callable[[], object]:
    if stranger:
        client, path = Client(address, Accept="text/html"), f"/items/{site.item}"
    else:
        client = Client(address, Accept="text/html", Cookie=f"session={site.secret}")
        path = f"/campaigns/{SLUG}/items/{site.item}"
    return lambda: client.get(path)


def _compare(http: Callable[[], object], direct: Callable[[], Response], rounds: int) -> Figures:
    assert direct().status_code == 200
    for _ in range(10):  # both have their templates and caches
        http(), direct()
    pairs = [(timed(http), timed(direct)) for _ in range(rounds)]
    through, without = zip(*pairs, strict=True)
    return Figures(times(list(through)), times(list(without)))


def _profile(handler: Callable[[], Response], rounds: int) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(rounds):
        handler()
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=200)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    print(f"{_VALUES} metadata values, {TERMS + TAGS} annotations, {load()}")
    for name, figures in run(arguments.rounds, arguments.profile).items():
        print(f"{name:24} {figures}")


if __name__ == "__main__":
    main()
