"""The folders of shapes, queries and vocabularies are found, or their absence is told."""

import pytest

from server import resources
from server.errors import Damaged


@pytest.mark.parametrize("name", ["shapes", "queries", "vocabularies"])
def test_a_checkout_has_its_folders_beside_the_package(name: str) -> None:
    assert resources.folder(name).name == name
    assert resources.folder(name).is_dir()


def test_a_missing_folder_is_named() -> None:
    with pytest.raises(Damaged, match="“nowhere”"):
        resources.folder("nowhere")
