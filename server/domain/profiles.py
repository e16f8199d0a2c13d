"""What a person's name and e-mail address must be."""

import re
import unicodedata

from server.errors import Problem
from server.i18n import _

LONGEST_NAME = 80
LONGEST_EMAIL = 254

# The address syntax of HTML's <input type=email>, with a dot in the domain.
# https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_STRANGE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}  # Unicode categories of control and no characters


def folded(email: str) -> str:
    """The address as accounts are told apart by it."""
    return email.strip().casefold()


def tidy(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


def name_problems(name: str) -> list[Problem]:
    """What is wrong with a tidy name; empty when nothing is."""
    if not any(character.isalnum() for character in name):
        return [Problem("name", _("A name has at least one letter."))]
    if len(name) > LONGEST_NAME:
        return [Problem("name", _("Use at most {count} characters.", count=LONGEST_NAME))]
    if _BIDI.search(name) or any(unicodedata.category(c) in _STRANGE for c in name):
        return [Problem("name", _("A name has no invisible control characters."))]
    return []


def email_problems(email: str) -> list[Problem]:
    """What is wrong with an address; empty when nothing is."""
    if len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email):
        return []
    return [Problem("email", _("This is not an e-mail address, such as you@example.org."))]
