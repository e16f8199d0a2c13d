"""Which item comes next, through HTTP, in a campaign of 100 items and in one of 100,000.

    python -m bench.next_item [ITEMS] [ROUNDS]      100000 and 200 unless told

One person goes through both campaigns in turns, one item of each at a time, and finishes or puts
off every one, in one real server process on loopback. What is timed is the picking alone.
"""

import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.clients import Client, Times, load, timed, times
from bench.contribute import _FORM_TOKEN
from server.commit import Desk
from server.domain import campaigns, opening, participation, sessions
from server.domain.campaigns import Campaign, Task
from server.names import DC
from tests import worlds
from tests.sites import serving
from tests.worlds import Thing

FEW = 100


@dataclass
class Figures:
    few: Times
    many: Times

    @property
    def ratio(self) -> float:
        return self.many.p50 / self.few.p50


def run(items: int = 100_000, rounds: int = 200) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        secret = furnish(data, items)
        with serving(data, rate="1000000") as address:
            visitor = Visitor(address, secret)
            took: dict[str, list[float]] = {"few": [], "many": []}
            for number in range(rounds):
                for slug in took:
                    took[slug].append(visitor.next(slug))
                    visitor.leave("skip" if number >= FEW - 10 or number % 5 == 4 else "finish")
        return Figures(times(took["few"][5:]), times(took["many"][5:]))


class Visitor:
    """One browser of one person, who has one item before them."""

    def __init__(self, address: str, secret: str) -> None:
        self.client = Client(address, Cookie=f"session={secret}")
        self.item = ""
        found = _FORM_TOKEN.search(
            self.client.get(self.client.follow("/campaigns/few/next")).decode()
        )
        assert found
        self.token = found[1]
        self.client.headers["Sec-Fetch-Site"] = "same-origin"

    def next(self, slug: str) -> float:
        """Seconds until one is sent to the next item."""
        spent = timed(lambda: self.client.follow(f"/campaigns/{slug}/next"))
        self.item = self.client.sent_to
        assert self.item.startswith(f"/campaigns/{slug}/items/"), self.item
        return spent

    def leave(self, how: str) -> None:
        self.client.post(f"{self.item}/{how}", f"csrf={self.token}")


def furnish(data: Path, items: int) -> str:
    """The session of somebody who takes part in both campaigns."""
    with opening.opened(worlds.create(data)) as desk:
        world = worlds.furnish(desk, items=0, terms=1, guests=1)
        for slug, count in (("few", FEW), ("many", items)):
            things = (Thing(f"{slug}-{n}", f"{slug} {n}") for n in range(count))
            worlds.import_things(desk, world.organiser, slug, things)
            _campaign(desk, world, slug)
        return sessions.open_session(desk, world.people[1], now=datetime.now(UTC), days=1)


def _campaign(desk: Desk, world: worlds.World, slug: str) -> None:
    now, named = datetime.now(UTC), {"en": slug}
    task = Task(1, DC.subject.value, {"en": "What is shown?"}, ("kinds",))
    made = Campaign(slug, named, named, (slug,), (task,), target=100, state="open")
    campaigns.create(desk, world.organiser, made, now=now)
    participation.agree(desk, world.people[1], slug, now=now)


def main(items: int = 100_000, rounds: int = 200) -> None:
    print(f"{rounds} items given of each campaign, {load()}")
    found = run(items, rounds)
    print(f"next of {FEW:7,} items   {found.few}")
    print(f"next of {items:7,} items   {found.many}   ({found.ratio:.2f} times)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
