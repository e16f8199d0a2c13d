"""Finds `shapes/`, `queries/` and `vocabularies/`, in a checkout as in an installed wheel."""

from pathlib import Path

from server.errors import Damaged
from server.i18n import _

PACKED = Path(__file__).parent / "_resources"  # the wheel packs them here
CHECKOUT = Path(__file__).parent.parent


def folder(name: str) -> Path:
    """The folder `shapes`, `queries` or `vocabularies`; Damaged where the installation lacks it."""
    # A wheel's neighbours in site-packages may bear the same names, so its own come first.
    for parent in (PACKED, CHECKOUT):
        if (parent / name).is_dir():
            return parent / name
    raise Damaged(_("The folder “{name}” is missing from this installation.", name=name))
