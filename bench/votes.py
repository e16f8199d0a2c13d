"""A vote through HTTP against a bare durable insert plus `extend` of the same quads.

    python -m bench.votes [VOTES] [--profile]      300 unless told

A real server process on loopback; one person votes on what another proposed, by the form that
browsers send. The bare way takes turns with it on the same disk, as in bench.contribute. Then the
same use case without HTTP, and where its time goes.
"""

import argparse
import cProfile
import pstats
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.clients import Times, load, timed, times
from bench.contribute import PEOPLE, Bare, Clock, Contributor, Site
from server.commit import Desk
from server.domain import annotation_statements, contributing, opening, sessions
from server.domain.accounts import Person
from server.patches import Patch, bound, on
from server.settings import Settings
from tests import worlds
from tests.sites import serving


@dataclass
class Figures:
    """`parts`: name to median milliseconds, in this process."""

    vote: Times
    bare: Times
    direct: Times
    parts: dict[str, float]

    @property
    def ratio(self) -> float:
        return self.vote.p50 / self.bare.p50


@dataclass
class Ready:
    """Proposals (IRIs) to vote on, half of them for later, and who votes."""

    site: Site
    iris: list[str]
    patches: list[Patch]
    people: list[str]


def run(votes: int = 300, profile: bool = False) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        ready = furnish(path / "data", votes)
        with serving(path / "data", rate="1000000") as address:
            voted, written = _through_http(address, ready, Bare(path), votes)
        with opening.opened(Settings(data=path / "data", min_free=0)) as desk:
            clock, voter = Clock(desk), worlds.revisit(desk, ready.people).people[2]
            direct = [_vote(desk, voter, iri) for iri in ready.iris[votes:]]
            parts = clock.medians(direct)
            if profile:
                _profile(desk, worlds.revisit(desk, ready.people).people[3], ready.iris)
        return Figures(times(voted), times(written), times(direct), parts)


def furnish(data: Path, votes: int) -> Ready:
    """Twice as many proposals as votes, each on an item of its own; what votes come to as quads."""
    with opening.opened(worlds.create(data)) as desk:
        world = worlds.furnish(desk, items=2 * votes, terms=1, guests=PEOPLE)
        now, (_olga, author, *voters) = datetime.now(UTC), world.people
        numbers = range(2 * votes)
        iris = [world.propose(author, worlds.item(n), worlds.term(0)) for n in numbers]
        items = [(worlds.item(n), desk.names.item_id(worlds.item(n))) for n in numbers]
        secrets = [sessions.open_session(desk, each, now=now, days=1) for each in voters]
        patches = [_patch(desk, voters[0], iri) for iri in iris[:votes]]
        site = Site(secrets, items, world.campaign, desk.names)
        return Ready(site, iris, patches, [each.id for each in world.people])


def _patch(desk: Desk, person: Person, iri: str) -> Patch:
    now = datetime.now(UTC)
    said = annotation_statements.vote_statements(iri, person, "approve", "", "", now)
    return on("work", add=bound(desk.names.graph("annotations", "bare"), *said))


def _through_http(
    address: str, ready: Ready, bare: Bare, votes: int
) -> tuple[list[float], list[float]]:
    voter = Contributor(address, ready.site, ready.site.secrets[0])
    voted, written = list[float](), list[float]()
    for iri, patch in zip(ready.iris[:votes], ready.patches, strict=True):
        name = ready.site.names.local(iri, "annotation") or ""
        voted.append(timed(lambda n=name: voter.approve(n)))  # type: ignore[misc]
        written.append(timed(lambda p=patch: bare.write(p)))  # type: ignore[misc]
    return voted[5:], written[5:]


def _vote(desk: Desk, voter: Person, iri: str) -> float:
    return timed(lambda: contributing.vote(desk, voter, iri, "approve", now=datetime.now(UTC)))


def _profile(desk: Desk, voter: Person, iris: list[str]) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for iri in iris:
        _vote(desk, voter, iri)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("votes", nargs="?", type=int, default=300)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    print(f"{arguments.votes} votes, {load()}")
    found = run(arguments.votes, arguments.profile)
    print(f"vote through HTTP        {found.vote}")
    print(f"bare insert and extend   {found.bare}   ({found.ratio:.1f} times)")
    print(f"vote without HTTP        {found.direct}")
    print("of it: " + ", ".join(f"{step} {spent:.2f} ms" for step, spent in found.parts.items()))


if __name__ == "__main__":
    main()
