"""Publishing by itself: at its time, once, and after each day; whatever becomes of the server."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from server.domain import campaigns, opening, publication_outcomes, publishing_schedules
from tests import worlds
from tests.worlds import World, now


@pytest.fixture
def scheduled(tmp_path: Path) -> Iterator[tuple[World, Path]]:
    made = worlds.create(tmp_path / "data")
    with opening.opened(made) as desk:
        yield worlds.furnish(desk), tmp_path


def plan(world: World, **changes: object) -> None:
    standing = campaigns.find_standing(world.desk, world.campaign)
    assert standing
    changed = replace(standing, **changes)  # type: ignore[arg-type]
    campaigns.edit(world.desk, world.organiser, changed, now=now())


def agree_on(world: World, item: int, term: int) -> str:
    (iri,) = {world.propose(each, worlds.item(item), worlds.term(term)) for each in world.people}
    return iri


def run_due(world: World, when: datetime) -> list[publishing_schedules.Due]:
    found = publishing_schedules.due(world.desk, when)
    for each in found:
        publishing_schedules.run(world.desk, each, now=when)
    return found


def statuses(world: World) -> dict[str, int]:
    found = world.desk.index.read().execute(
        "SELECT status, COUNT(*) FROM annotation GROUP BY status"
    )
    return dict(found.fetchall())


AT = datetime(2030, 5, 6, 12, tzinfo=UTC)  # a Monday


def test_it_is_published_at_its_time_and_once(scheduled: tuple[World, Path]) -> None:
    world, _folder = scheduled
    agree_on(world, 0, 0)
    plan(world, publish_at=AT)
    assert run_due(world, AT.replace(hour=11)) == []
    assert len(run_due(world, AT)) == 1
    assert statuses(world) == {"published": 1}
    agree_on(world, 1, 0)
    assert run_due(world, AT.replace(hour=13)) == []
    assert statuses(world) == {"published": 1, "accepted": 1}


def test_a_restart_publishes_nothing_again(tmp_path: Path) -> None:
    made = worlds.create(tmp_path / "data")
    with opening.opened(made) as desk:
        world = worlds.furnish(desk)
        agree_on(world, 0, 0)
        plan(world, publish_at=AT)
        (due,) = publishing_schedules.due(desk, AT)
        run_due(world, AT)
        # As if the process had ended before it was noted that it is done.
        desk.journal.set_fact(due.name, "")
        agree_on(world, 1, 0)
        ids = [person.id for person in world.people]
    with opening.opened(made) as desk:
        world = worlds.revisit(desk, ids)
        before = desk.journal.last()
        assert run_due(world, AT) == [due]
        assert run_due(world, AT) == []
        assert desk.journal.last() == before
        assert statuses(world) == {"published": 1, "accepted": 1}


@pytest.mark.parametrize(
    ("every", "first"),
    [("day", datetime(2030, 5, 7, tzinfo=UTC)), ("week", datetime(2030, 5, 13, tzinfo=UTC))],
)
def test_regularly_means_after_each_one(
    scheduled: tuple[World, Path], every: str, first: datetime
) -> None:
    world, _folder = scheduled
    agree_on(world, 0, 0)
    plan(world, publish_every=every)
    standing = campaigns.find_standing(world.desk, world.campaign)
    assert standing
    assert publishing_schedules.following(standing, AT) == first
    assert run_due(world, AT) == [], "the first time is the next midnight"
    assert [each.at for each in run_due(world, first)] == [first]
    assert statuses(world) == {"published": 1}
    assert run_due(world, first.replace(hour=23)) == []
    # Days that no server ran are made up for once.
    late = first.replace(month=8)
    assert len(run_due(world, late)) == 1
    assert run_due(world, late) == []


def test_what_cannot_be_published_is_told_and_not_tried_for_ever(
    scheduled: tuple[World, Path],
) -> None:
    world, _folder = scheduled
    agree_on(world, 0, 0)
    plan(world, publish_at=AT, embargo=date(2090, 1, 1))
    assert len(run_due(world, AT)) == 1
    assert run_due(world, AT) == []
    outcome = publication_outcomes.last(world.desk, world.campaign)
    assert outcome is not None
    assert "2090-01-01" in outcome.sentence()
    assert statuses(world) == {"accepted": 1}


def test_the_running_server_begins_what_is_due(scheduled: tuple[World, Path]) -> None:
    world, _folder = scheduled
    agree_on(world, 0, 0)
    plan(world, publish_at=AT)
    before = world.desk.journal.last()
    for _attempt in range(500):
        publishing_schedules.keep(world.desk, AT)
        if not publishing_schedules.due(world.desk, AT):
            break
        time.sleep(0.01)
    assert statuses(world) == {"published": 1}
    assert world.desk.journal.last() == before + 1
