"""Leaving the page of an item, in whatever way, gives back the place that was kept."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from server.domain import holds
from server.domain.routing_rules import Routing
from tests import worlds
from tests.browser.conftest import Watch
from tests.web import campaign_site
from tests.web.campaign_site import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("leaving") / "data") as made:
        yield made


def kept(world: World, slug: str) -> int:
    """For how many people an item of the campaign is kept."""
    held, now, items = holds.of(world.desk), datetime.now(UTC), range(campaign_site.ITEMS)
    return sum(held.others(f"item/{slug}", "", worlds.item(n), now) for n in items)


def waited(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def start(page: Page, world: World, slug: str) -> None:
    page.goto(f"{world.address}/campaigns/{slug}")
    page.locator(f"form[action='/campaigns/{slug}/start'] button").first.click()
    page.wait_for_url("**/items/*")


@pytest.mark.parametrize("way", ["another page", "closed"])
def test_leaving_frees_the_item(world: World, browser: Browser, watch: Watch, way: str) -> None:
    slug = world.campaign(routing=Routing(answers_needed=1))
    context = watch.context(browser)
    page = context.new_page()
    start(page, world, slug)
    assert kept(world, slug) == 1
    if way == "closed":
        page.close(run_before_unload=True)
    else:
        page.goto(f"{world.address}/collections")
    assert waited(lambda: kept(world, slug) == 0)
    context.close()


def test_finishing_frees_the_item_and_keeps_the_next(
    world: World, browser: Browser, watch: Watch
) -> None:
    slug = world.campaign(routing=Routing(answers_needed=1))
    page = watch.context(browser).new_page()
    start(page, world, slug)
    first = page.url
    page.locator("form[action$='/finish'] button").click()
    page.wait_for_url(lambda address: "/items/" in address and address != first)
    assert kept(world, slug) == 1
    page.reload()  # whichever of leaving and coming back is heard first, the item stays theirs
    assert page.url != first
    page.goto(f"{world.address}/campaigns/{slug}/next")
    assert waited(lambda: kept(world, slug) == 1)
