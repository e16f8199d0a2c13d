"""A world whose campaign hands out items by rules, and people who go through them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from server.domain import accounts, campaigns, contributing, opening, routing
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.routing_rules import Routing
from server.viewers import Viewer
from tests import worlds
from tests.worlds import World


@contextmanager
def opened(folder: Path, *, items: int = 6, guests: int = 3, **changes: object) -> Iterator[World]:
    """The open campaign with these fields; the items are `worlds.item(0)` and on."""
    with opening.opened(worlds.create(folder / "data")) as desk:
        world = worlds.furnish(desk, items=items, guests=guests)
        if changes:
            change(world, **changes)
        yield world


def campaign(world: World) -> Campaign:
    return campaigns.get_campaign(world.desk, Viewer(sees_work=True), world.campaign)


def change(world: World, **fields: object) -> None:
    """The organiser changes the campaign; `routing` may be a dict of its fields."""
    if isinstance(fields.get("routing"), dict):
        fields["routing"] = replace(Routing(), **fields["routing"])  # type: ignore[arg-type]
    changed = replace(campaign(world), **fields)  # type: ignore[arg-type]
    campaigns.edit(world.desk, world.organiser, changed, now=worlds.now())


def newcomer(world: World) -> Person:
    person = accounts.guest(world.desk, now=worlds.now())
    world.agree(person)
    return person


def never() -> float:
    """No gold, whatever the odds."""
    return 1.0


def give(world: World, person: Person | None, now: datetime | None = None) -> str | None:
    """The IRI of the item that this person gets."""
    row = routing.give(world.desk, campaign(world), person, now or worlds.now(), never)
    return row.iri if row else None


def finish(world: World, person: Person, item: str, now: datetime | None = None) -> None:
    contributing.visit(
        world.desk, person, world.campaign, item, "finished", now=now or worlds.now()
    )


def skip(world: World, person: Person, item: str) -> None:
    contributing.visit(world.desk, person, world.campaign, item, "skipped", now=worlds.now())


def all_of(world: World, person: Person) -> list[str]:
    """What this person gets, one after the other, finishing each."""
    found: list[str] = []
    while (item := give(world, person)) is not None:
        found.append(item)
        finish(world, person, item)
        assert len(found) < 1000
    return found
