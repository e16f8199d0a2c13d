"""What pages show of an item's media where the organiser says that they are sensitive."""

import pytest

from tests.web.campaign_site import World


@pytest.mark.parametrize("sensitive", [True, False])
def test_a_campaign_can_have_all_its_pictures_blurred(world: World, sensitive: bool) -> None:
    slug = world.campaign(sensitive=sensitive)
    visitor = world.visitor("olga")
    page = visitor.get(f"/campaigns/{slug}/items/{world.item(1)}").text
    assert ("stage-frame veiled" in page) is sensitive
    assert ('<details class="veil">' in page) is sensitive
    banner = visitor.get(f"/campaigns/{slug}").text
    assert (' veiled" data-veil="Sensitive"' in banner) is sensitive


def test_the_item_itself_is_not_blurred_by_somebody_elses_campaign(world: World) -> None:
    world.campaign(sensitive=True)
    assert "veiled" not in world.visitor().get(f"/items/{world.item(1)}").text
