"""How large a picture is in the original, as far as it is known without fetching it."""

import json
from dataclasses import replace

from server.commit import Desk
from server.domain import pictures
from server.domain.media import Medium
from server.index.items import ItemRow


def with_size(desk: Desk, row: ItemRow, medium: Medium) -> Medium:
    """With the size that the record names; else the one that was measured when it was shown."""
    if medium.width and medium.height:
        return medium
    size = measured(desk, row, medium)
    return replace(medium, width=size[0], height=size[1]) if size else medium


def measured(desk: Desk, row: ItemRow, medium: Medium) -> tuple[int, int] | None:
    """The size in pixels of a picture that was shown here before."""
    name = pictures.name_of(row, medium.iri)
    try:
        said = json.loads((desk.settings.data / "thumbnails" / f"{name}.json").read_bytes())
        return int(said["width"]), int(said["height"])
    except (OSError, ValueError, KeyError):
        return None
