"""Numbers in the form of a campaign, and what is said of those that are none."""

from server.errors import Invalid, Problem
from server.i18n import _


def number_in(name: str, text: str, least: int) -> int:
    """A whole number that was written in a field. Raises Invalid."""
    if not text.isascii() or not text.removeprefix("-").isdecimal() or len(text) > 9:
        raise wrong(name, _("This must be a whole number."))
    if int(text) < least:
        raise wrong(name, _("This must be at least {least}.", least=least))
    return int(text)


def share_in(name: str, text: str) -> float:
    """A number from 0 to 1 that was written in a field. Raises Invalid."""
    try:
        share = float(text)
    except ValueError:
        raise wrong(name, _("This must be a number from 0 to 1.")) from None
    if not 0 <= share <= 1:
        raise wrong(name, _("This must be a number from 0 to 1."))
    return round(share, 4)


def wrong(name: str, message: str) -> Invalid:
    return Invalid(message, (Problem(name, message),))
