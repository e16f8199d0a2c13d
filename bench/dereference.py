"""An item as Turtle: through HTTP against its query and serialisation in process, in turns.

    python -m bench.dereference [ITEMS] [--profile]      2000 unless told

The items are records of 24 triples, each with a published term, or ten. A real server process on
loopback is asked for one after the other, each for the first time and then again; in turns with it
the same descriptions are asked for and written in this process, on a copy of the data.
"""

import argparse
import cProfile
import pstats
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.clients import Client, Times, load, timed, times
from bench.imports import write
from server.commit import Desk
from server.domain import (
    campaigns,
    contributing,
    descriptions,
    imports,
    opening,
    participation,
    publishing,
)
from server.domain.campaigns import Campaign, Task
from server.domain.collections import Said
from server.domain.contributing import Proposal
from server.domain.imports import Options
from server.names import DC
from server.settings import Settings
from server.web import linked_data, negotiation
from tests import worlds
from tests.sites import serving

TERMS = 20
TURN = 50  # items
WARM = 50  # items by which both get their caches of queries


def furnish(data: Path, number: int, terms: int) -> list[str]:
    """The `{id}`s of items with so many published terms each."""
    with opening.opened(worlds.create(data)) as desk:
        world = worlds.furnish(desk, items=0, terms=TERMS)
        parts, _whole = write(data.parent, number)
        options = Options(Said("drawings", "Drawings"), (parts,))
        prepared = imports.prepare(desk, world.organiser, options, now=worlds.now())
        imports.apply(desk, world.organiser, prepared, now=worlds.now())
        iris = [f"http://museum.example/object/{each:07d}" for each in range(number)]
        _enrich(desk, world, iris, terms)
        return [desk.names.item_id(iri) for iri in iris]


def _enrich(desk: Desk, world: worlds.World, iris: list[str], terms: int) -> None:
    task = Task(1, DC.subject.value, {"en": "What is shown?"}, ("kinds",))
    named = {"en": "Drawings"}
    campaign = Campaign("drawn", named, named, ("drawings",), (task,), target=100, state="open")
    campaigns.create(desk, world.organiser, campaign, now=worlds.now())
    for person in world.people[:2]:
        participation.agree(desk, person, "drawn", now=worlds.now())
        for number, iri in enumerate(iris):
            for each in range(number, number + terms):
                proposal = Proposal.of_term("drawn", iri, 1, worlds.term(each % TERMS))
                contributing.propose(desk, person, proposal, now=worlds.now())
    publishing.publish(desk, world.organiser, "drawn", now=worlds.now())


def describe(desk: Desk, item_id: str) -> bytes:
    """The work itself: what is said of it, written down."""
    return linked_data.write(dict.fromkeys(descriptions.item(desk, item_id)), negotiation.TURTLE)


def compare(
    ids: list[str], http: Callable[[str], bytes], direct: Callable[[str], bytes]
) -> tuple[Times, Times]:
    """In turns, some at a time: each has its caches of the processor when it begins."""
    through: list[float] = []
    without: list[float] = []
    for start in range(0, len(ids), TURN):
        for found, ask in ((through, http), (without, direct)):
            found += [timed(lambda i=each, a=ask: a(i)) for each in ids[start : start + TURN]]  # type: ignore[misc]
    return times(through), times(without)


def profile(ids: list[str], direct: Callable[[str], bytes]) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for item_id in ids[:500]:
        direct(item_id)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def run(items: int, terms: int, profiled: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data, copy = Path(folder) / "data", Path(folder) / "copy"
        ids = furnish(data, items + WARM, terms)
        shutil.copytree(data, copy)
        with (
            serving(data) as address,
            opening.opened(Settings(data=copy, min_free=0)) as desk,
        ):
            client = Client(address, Accept="text/turtle")
            http = lambda each: client.get(f"/items/{each}")  # noqa: E731
            direct = lambda each: describe(desk, each)  # noqa: E731
            for item_id in ids[:WARM]:
                assert http(item_id) == direct(item_id)
            print(f"{items} items with {terms} published terms, {load()}")
            for name in ("for the first time", "again"):
                through, without = compare(ids[WARM:], http, direct)
                print(
                    f"through HTTP, {name:18} {through}   ({through.p50 / without.p50:.2f} times)"
                )
                print(f"query and serialisation          {without}")
            nothing = times([timed(lambda: client.get("/health")) for _ in range(500)])
            print(f"a route that does nothing        {nothing}")
            if profiled:
                profile(ids, direct)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", nargs="?", type=int, default=2_000)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    run(arguments.items, 1, arguments.profile)
    run(arguments.items // 5, 10, arguments.profile)


if __name__ == "__main__":
    main()
