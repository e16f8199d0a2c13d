"""What the scopes of a token are, in words; for the account page and the page about the API."""

from server.domain.accounts import SCOPES, Scope
from server.i18n import _


def scopes() -> list[tuple[Scope, str]]:
    words = {
        "read": _("read what you may read"),
        "contribute": _("propose, vote, and take it back"),
        "publish": _("publish what was accepted, and take it back"),
        "organise": _("import collections and vocabularies, make and run campaigns"),
        "admin": _("whatever else administrators may do"),
    }
    return [(scope, words[scope]) for scope in SCOPES]
