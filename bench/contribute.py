"""A contribution through HTTP against a bare durable insert plus `extend` of the same quads.

    python -m bench.contribute [CONTRIBUTIONS]      400 unless told, half of them votes

A real server process on loopback; people propose terms and vote on each other's, by the forms that
browsers send. The bare way (SQLite in WAL mode with synchronous=FULL, then `Store.extend`) takes
turns with it on the same disk. Then four people at once; then the same use cases without HTTP, and
where their time goes.
"""

import json
import re
import sqlite3
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Store

from bench.clients import Client, Times, load, timed, times
from server.commit import Desk
from server.domain import (
    accounts,
    annotation_statements,
    annotations,
    contributing,
    opening,
    sessions,
)
from server.domain.accounts import Person
from server.domain.annotation_contents import Content, Part
from server.names import CH, DC, OA, Names, timestamp
from server.patches import Patch, bound, on
from server.settings import Settings
from tests import worlds
from tests.sites import serving

PEOPLE = 8
TERMS = 50
_FORM_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Site:
    """What the clients need to know: sessions of people, and each item as (IRI, identifier)."""

    secrets: list[str]
    items: list[tuple[str, str]]
    campaign: str
    names: Names


class Contributor:
    """One browser of one person who takes part."""

    def __init__(self, address: str, site: Site, secret: str) -> None:
        self.campaign = site.campaign
        self.client = Client(address, Cookie=f"session={secret}")
        form = self.client.get(f"/campaigns/{site.campaign}/items/{site.items[0][1]}").decode()
        found = _FORM_TOKEN.search(form)
        assert found
        self.token = found[1]
        self.client.headers |= {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}

    def propose(self, item: str, term: str) -> None:
        self._post(f"/campaigns/{self.campaign}/items/{item}/annotations", task=1, body=term)

    def approve(self, annotation: str) -> None:
        self._post(f"/annotation/{annotation}/vote", verdict="approve")

    def _post(self, path: str, **values: Any) -> None:
        self.client.post(path, urlencode({**values, "csrf": self.token}))


class Bare:
    """What a contribution cannot do without: one durable insert, one `extend`."""

    def __init__(self, folder: Path) -> None:
        self.journal = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
        self.journal.execute("PRAGMA journal_mode=WAL")
        self.journal.execute("PRAGMA synchronous=FULL")
        self.journal.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, patch TEXT)")
        self.store = Store(folder / "bare")

    def write(self, patch: Patch) -> None:
        text = json.dumps(patch.to_json())
        self.journal.execute("INSERT INTO entry (patch) VALUES (?)", (text,))
        self.store.extend(patch.work.add)


@dataclass
class Figures:
    """`parts` of propose and of vote: name to median milliseconds, in this process."""

    propose: Times
    vote: Times
    bare: Times
    four: Times
    four_per_second: float
    direct: Times
    parts: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.propose.p50 / self.bare.p50


def run(contributions: int = 400) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        rounds = contributions // 2
        site, patches = furnish(path / "data", rounds)
        with serving(path / "data", rate="1000000") as address:
            people = [Contributor(address, site, secret) for secret in site.secrets]
            alone = _alone(people, site, Bare(path), patches, rounds)
            four, spent = _four(people, site, rounds)
        parts, direct = _direct(path / "data", rounds)
        propose, vote, bare = (times(each) for each in alone)
        return Figures(propose, vote, bare, times(four), len(four) / spent, direct, parts)


def furnish(data: Path, rounds: int) -> tuple[Site, list[Patch]]:
    """A campaign with people and items; and what proposals on them come to as quads."""
    settings = worlds.create(data)
    with opening.opened(settings) as desk:
        world = worlds.furnish(desk, items=rounds, terms=TERMS, guests=PEOPLE)
        now = datetime.now(UTC)
        secrets = [sessions.open_session(desk, p, now=now, days=1) for p in world.people[1:]]
        items = [(worlds.item(n), desk.names.item_id(worlds.item(n))) for n in range(rounds)]
        patches = [_patch(desk, world.people[1], worlds.item(n)) for n in range(rounds)]
        return Site(secrets, items, world.campaign, desk.names), patches


def _patch(desk: Desk, person: Person, item: str) -> Patch:
    now, term = datetime.now(UTC), worlds.term(0)
    content = _content(desk.names, "bare", item, term)
    iri = annotations.identify(desk.names, "bare", CH.SemanticTag.value, content).value
    claim = annotation_statements.content_statements(iri, content, timestamp(now))
    by = annotation_statements.by_statements(iri, person, now)
    return on("work", add=bound(desk.names.graph("annotations", "bare"), *claim, *by))


def _alone(
    people: list[Contributor], site: Site, bare: Bare, patches: list[Patch], rounds: int
) -> tuple[list[float], list[float], list[float]]:
    """One client at a time: a proposal, a vote on it by somebody else, a bare write."""
    proposed, voted, written = list[float](), list[float](), list[float]()
    for number in range(rounds):
        (iri, item), term = site.items[number], worlds.term(number % TERMS)
        proposed.append(timed(lambda i=item, t=term: people[0].propose(i, t)))  # type: ignore[misc]
        annotation = _identify(site, iri, term)
        voted.append(timed(lambda a=annotation: people[1].approve(a)))  # type: ignore[misc]
        written.append(timed(lambda p=patches[number]: bare.write(p)))  # type: ignore[misc]
    return proposed[5:], voted[5:], written[5:]


def _identify(site: Site, item: str, term: str) -> str:
    content = _content(site.names, site.campaign, item, term)
    iri = annotations.identify(site.names, site.campaign, CH.SemanticTag.value, content).value
    return site.names.local(iri, "annotation") or ""


def _content(names: Names, campaign: str, item: str, term: str) -> Content:
    me = names.campaign(campaign)
    return Content((
        ("", CH.campaign, me), ("", CH.task, NamedNode(f"{me.value}#task-1")),
        ("", OA.hasTarget, Part("target")), ("", CH.field, DC.subject),
        ("target", OA.hasSource, NamedNode(item)), ("", OA.hasBody, NamedNode(term)),
        ("", CH.kind, CH.SemanticTag), ("", OA.motivatedBy, OA.tagging),
    ))  # fmt: skip


def _four(people: list[Contributor], site: Site, rounds: int) -> tuple[list[float], float]:
    """Four people propose at once, each another term on each item."""
    took: list[float] = []

    def contribute(number: int) -> None:
        for at in range(number, rounds, 4):
            item, term = site.items[at][1], worlds.term((at + 7) % TERMS)
            took.append(timed(lambda i=item, t=term: people[number + 2].propose(i, t)))  # type: ignore[misc]

    threads = [threading.Thread(target=contribute, args=(number,)) for number in range(4)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, time.perf_counter() - start


# --- without HTTP ----------------------------------------------------------------------------


def _direct(data: Path, rounds: int) -> tuple[dict[str, dict[str, float]], Times]:
    with opening.opened(Settings(data=data)) as desk:
        clock = Clock(desk)
        people = [accounts.get_person(desk, each) for each in _ids(desk)]
        proposed, voted = list[float](), list[float]()
        parts = {}
        iris = []
        for number in range(rounds):
            given = contributing.Proposal.of_term(
                "subjects", worlds.item(number), 1, worlds.term((number + 13) % TERMS)
            )
            proposed.append(timed(lambda g=given: iris.append(  # type: ignore[misc]
                contributing.propose(desk, people[0], g, now=datetime.now(UTC)))))  # fmt: skip
        parts["propose"] = clock.medians(proposed)
        for iri in iris:
            voted.append(timed(lambda i=iri: contributing.vote(  # type: ignore[misc]
                desk, people[1], i, "approve", now=datetime.now(UTC))))  # fmt: skip
        parts["vote"] = clock.medians(voted)
        return parts, times(proposed)


def _ids(desk: Desk) -> Iterator[str]:
    query = "SELECT DISTINCT agent FROM agreement ORDER BY agent"
    for (agent,) in desk.index.read().execute(query):
        yield desk.names.local(agent, "agent") or ""


class Clock:
    """Times the steps of each commit of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        commit = desk.commit
        desk.commit = lambda decide, **values: commit(  # type: ignore[method-assign,assignment]
            self._timing("decide", decide), **values
        )
        desk.journal.append = self._timing("journal", desk.journal.append)  # type: ignore[method-assign]
        work = desk.datasets["work"]
        work.apply = self._timing("store", work.apply)  # type: ignore[method-assign]
        desk.project_index = self._timing("index", desk.project_index)  # type: ignore[method-assign]

    def _timing(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timing(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return work(*given, **named)
            finally:
                self.seconds[name].append(time.perf_counter() - start)

        return timing

    def medians(self, whole: list[float]) -> dict[str, float]:
        """Milliseconds by step since the last call; `rest` is what no step accounts for."""
        found = {name: times(each).p50 for name, each in self.seconds.items()}
        self.seconds.clear()
        return {**found, "rest": times(whole).p50 - sum(found.values())}


def main(contributions: int = 400) -> None:
    print(f"{contributions} contributions, {load()}")
    found = run(contributions)
    print(f"propose through HTTP     {found.propose}")
    print(f"vote through HTTP        {found.vote}")
    print(f"bare insert and extend   {found.bare}   ({found.ratio:.1f} times)")
    print(f"four people at once      {found.four}   {found.four_per_second:.0f}/s")
    print(f"propose without HTTP     {found.direct}")
    for name, parts in found.parts.items():
        print(f"{name}: " + ", ".join(f"{step} {spent:.2f} ms" for step, spent in parts.items()))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
