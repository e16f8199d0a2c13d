"""For what a token must be good to send something to an address.

Reading by a token is reading as its person. What the domain requires of a person it requires of
the token as well (`permissions.NEEDED`); this table stands before it, so that nothing is forgotten:
an address that is not in it takes tokens for administration only.
"""

import re

from server.domain import permissions
from server.domain.accounts import Person, Scope
from server.errors import Forbidden
from server.i18n import _

#: One's account is changed by whoever signs in themselves.
_ACCOUNT = re.compile(r"/(account|login|logout|register)(/.*)?")
_SLUG = r"/campaigns/[^/]+"
_RULES: tuple[tuple[re.Pattern[str], Scope], ...] = (
    (re.compile(rf"/campaigns/new|{_SLUG}/(edit|open|close|gold)(/.*)?"), "organise"),
    (re.compile(rf"{_SLUG}/(start|items|validate|values|batches)(/.*)?"), "contribute"),
    (re.compile(rf"{_SLUG}/.*|/releases(/.*)?"), "publish"),
    (re.compile(r"/annotation/[^/]+/decide"), "organise"),
    (re.compile(r"/(annotations?|undo|jobs)(/.*)?"), "contribute"),
    (re.compile(r"/(collections|vocabularies|providers)(/.*)?"), "organise"),
    (re.compile(r"/(language|sparql|q|reconcile|oai)(/.*)?"), "read"),
)


def needed(path: str) -> Scope | None:
    """The scope for unsafe requests to an address; None where no token will do."""
    if _ACCOUNT.fullmatch(path):
        return None
    return next((scope for pattern, scope in _RULES if pattern.fullmatch(path)), "admin")


def require(person: Person, path: str) -> None:
    """Raises Forbidden, or OutOfScope with the scope that the token lacks."""
    scope = needed(path)
    if scope is None:
        raise Forbidden(_("Accounts cannot be changed by a token; please sign in."))
    permissions.require_scope(person, scope)
