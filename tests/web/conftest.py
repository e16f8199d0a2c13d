"""The running site that the tests of its pages and addresses share."""

from collections.abc import Iterator

import pytest

from tests.web import campaign_site
from tests.web.campaign_site import World
from tests.web.visitors import Visitor


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for a file: tests that change something make a campaign of their own."""
    with campaign_site.serve(tmp_path_factory.mktemp("site") / "data") as made:
        yield made


@pytest.fixture
def visitor(world: World) -> Visitor:
    """Somebody whom nobody knows."""
    return world.visitor()


@pytest.fixture(scope="module")
def organiser(world: World) -> Visitor:
    """Olga, who made the campaigns."""
    return world.visitor("olga")
