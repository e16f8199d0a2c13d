"""Reading a campaign: what is kept in memory never outlives a change."""

import dataclasses
from pathlib import Path

from server.domain import campaigns, opening
from server.viewers import Viewer
from tests import worlds

_ORGANISER = Viewer(sees_work=True)


def test_a_campaign_is_read_as_it_was_last_edited(tmp_path: Path) -> None:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        world = worlds.furnish(desk)
        for title in ("One", "Two"):
            before = campaigns.get_campaign(desk, _ORGANISER, "subjects")
            changed = dataclasses.replace(before, title={"en": title})
            campaigns.edit(desk, world.organiser, changed, now=worlds.now())
            assert campaigns.get_campaign(desk, _ORGANISER, "subjects").title == {"en": title}


def test_a_campaign_is_read_wherever_it_went(tmp_path: Path) -> None:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        world = worlds.furnish(desk)
        for state in ("draft", "open", "closed"):
            campaigns.set_state(desk, world.organiser, "subjects", state, now=worlds.now())
            assert campaigns.get_campaign(desk, _ORGANISER, "subjects").state == state
            assert campaigns.find_standing(desk, "subjects") == campaigns.get_campaign(
                desk, _ORGANISER, "subjects"
            )
