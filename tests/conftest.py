"""Fixtures that all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples each time: a change is refused for what it did. `search` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.register_profile("search", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

#: Files that take long go first, so that no worker is left alone with one at the end.
_LONG = (
    "test_loading_server", "test_cli_vocabularies", "test_packaging", "test_stateful",
    "test_durability", "test_box", "test_item_page", "test_vocabulary_loads", "test_blind",
    "test_cli_import", "test_hostile_vocabularies", "test_cli_campaigns", "test_stage",
    "test_focus", "test_imports", "test_browsing", "test_walk", "test_shortcuts", "test_regions",
    "test_tiles", "test_places", "test_hostile_kinds",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {name: rank for rank, name in enumerate(_LONG)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(ranks)))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real third-party data beside the checkout; tests that need it are skipped without it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is not there")
    return folder
