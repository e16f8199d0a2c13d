"""Campaigns in which people rate proposals from 0 to 100, and what is said on one's own claim."""

import pytest

from server.domain import annotations
from server.domain.campaigns import Task
from server.names import CH, DC
from tests.web.campaign_site import FARMS, World


def rated(world: World) -> tuple[str, str]:
    """(campaign, annotation that Ada proposed)."""
    slug = world.campaign(feedback="rating")
    return slug, world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)


def test_a_rating_is_kept_and_stands_for_yes_or_no(world: World) -> None:
    slug, made = rated(world)
    ben = world.visitor("ben").start(slug)
    for rating, verdict in (
        ("80", "approve"),
        ("50", "approve"),
        ("20", "reject"),
        ("0", "reject"),
    ):
        assert ben.submit(f"/annotation/{made}/vote", htmx=True, rating=rating).status_code == 200
        (vote,) = annotations.get(world.desk, world.iri(made)).votes
        assert (vote.rating, vote.verdict) == (int(rating), verdict)


def test_the_page_asks_for_a_rating_in_place_of_yes_and_no(world: World) -> None:
    slug, made = rated(world)
    page = world.visitor("ben").start(slug).get(f"/campaigns/{slug}/items/{world.item(0)}").text
    assert f'id="rate-{made}"' in page
    assert f'id="vote-{made}-yes"' not in page


@pytest.mark.parametrize("rating", ["101", "-1", "NaN", "1e2", "٣", "", "x" * 1000, "9" * 400])
def test_what_is_no_rating_is_refused(world: World, rating: str) -> None:
    slug, made = rated(world)
    ben = world.visitor("ben").start(slug)
    before = world.last()
    assert ben.submit(f"/annotation/{made}/vote", htmx=True, rating=rating).status_code == 422
    assert world.last() == before


def test_what_people_say_of_a_translation_for_themselves_is_shown(world: World) -> None:
    about = (DC.title.value,)
    task = Task(1, "", {"en": "How good is it?"}, kind=CH.Translation.value, about=about)
    slug = world.campaign(tasks=(task,))
    ada = world.visitor("ada").start(slug)
    address = f"/campaigns/{slug}/items/{world.item(1)}"
    page = ada.get(address).text
    value = page.split('name="value" value="')[1].split('"')[0]
    answer = ada.submit(
        f"{address}/annotations", htmx=True, task="1", value=value, rating="35",
        comment="Too literal for a title",
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    shown = world.visitor("ben").start(slug).get(address).text
    assert "Too literal for a title" in shown
    assert '<meter min="0" max="100" value="35"' in shown
