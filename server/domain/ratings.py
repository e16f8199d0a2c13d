"""Ratings from 0 to 100 in place of yes or no, where a campaign asks for them."""

import re

from server.errors import Invalid, Problem
from server.i18n import _

MOST = 100
#: From which on what is rated is taken as right: half of all.
GOOD = 50
_NUMBER = re.compile(r"[0-9]{1,3}", re.ASCII)


def read(text: str) -> int | None:
    """None where nothing was given. Raises Invalid for what is no whole number from 0 to 100."""
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or int(text) > MOST:
        words = _("A rating is a whole number from 0 to 100.")
        raise Invalid(words, (Problem("rating", words),))
    return int(text)


def verdict(rating: int) -> str:
    """What a rating comes to for the acceptance rule: approve or reject."""
    return "approve" if rating >= GOOD else "reject"
