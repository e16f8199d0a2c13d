"""Who may do what: one table, a readable predicate for each action."""

from collections.abc import Callable
from typing import Literal, Protocol

from pyoxigraph import NamedNode

from server.domain.accounts import Person, Scope
from server.errors import Forbidden, NotSignedIn, OutOfScope
from server.i18n import _
from server.viewers import PUBLIC, Viewer

Action = Literal[
    "contribute", "vote", "import", "create campaign", "edit campaign", "moderate", "publish",
    "administer", "see work",
]  # fmt: skip


class Target(Protocol):
    """What the rules need to know of the campaign that an action is about."""

    @property
    def creator(self) -> NamedNode | str | None: ...
    @property
    def guests(self) -> bool: ...


def _takes_part(person: Person, target: Target | None) -> bool:
    return not person.guest or (target is not None and target.guests)


def _organises(person: Person, _target: Target | None) -> bool:
    return not person.guest and person.role in ("organiser", "admin")


def _runs_it(person: Person, target: Target | None) -> bool:
    return _administers(person, target) or (
        _organises(person, target) and target is not None and _is_creator(person, target)
    )


def _administers(person: Person, _target: Target | None) -> bool:
    return not person.guest and person.role == "admin"


def _is_creator(person: Person, target: Target) -> bool:
    creator = target.creator
    return (creator.value if isinstance(creator, NamedNode) else creator) == person.agent.value


RULES: dict[Action, Callable[[Person, Target | None], bool]] = {
    "contribute": _takes_part,
    "vote": _takes_part,
    "import": _organises,
    "create campaign": _organises,
    "see work": _organises,
    "edit campaign": _runs_it,
    "moderate": _runs_it,
    "publish": _runs_it,
    "administer": _administers,
}


#: Without which a token is of no use for it, whatever its person may do.
NEEDED: dict[Action, Scope] = {
    "contribute": "contribute",
    "vote": "contribute",
    "import": "organise",
    "create campaign": "organise",
    "see work": "read",
    "edit campaign": "organise",
    "moderate": "organise",
    "publish": "publish",
    "administer": "admin",
}


def may(person: Person | None, action: Action, target: Target | None = None) -> bool:
    """For pages that show or hide a button; `require` is what decides."""
    allowed = person is not None and RULES[action](person, target)
    return allowed and has_scope(person, NEEDED[action])


def require(person: Person | None, action: Action, target: Target | None = None) -> Person:
    """The person, who may do it. Raises NotSignedIn where signing in could help, or Forbidden."""
    if person is not None and RULES[action](person, target):
        return require_scope(person, NEEDED[action])
    if person is None:
        raise NotSignedIn(_("Please sign in first."))
    if person.guest:
        raise NotSignedIn(_("Guests cannot do that. Please sign in or create an account."))
    raise Forbidden(_refusal(action))


def has_scope(person: Person | None, scope: Scope) -> bool:
    """Whether they act themselves, or by a token that is good for this."""
    return person is None or person.scopes is None or scope in person.scopes


def require_scope(person: Person, scope: Scope) -> Person:
    """Raises OutOfScope, a Forbidden that names the scope."""
    if not has_scope(person, scope):
        message = _("This token is not good for that: it lacks the scope “{scope}”.", scope=scope)
        raise OutOfScope(message, scope)
    return person


def require_somebody(person: Person | None) -> Person:
    """The person, guests too. Raises NotSignedIn."""
    if person is None:
        raise NotSignedIn(_("Please sign in first."))
    return person


def require_account(person: Person | None) -> Person:
    """The person, who is signed in with an account of their own. Raises NotSignedIn."""
    if person is None or person.guest:
        raise NotSignedIn(_("Please sign in first."))
    return person


def viewer(person: Person | None) -> Viewer:
    """As whom somebody reads the index."""
    if person is None:
        return PUBLIC
    return Viewer(person.agent.value, sees_work=may(person, "see work"))


def _refusal(action: Action) -> str:
    if RULES[action] is _organises:
        return _("Only organisers and administrators may do that.")
    if RULES[action] is _runs_it:
        return _("Only the campaign's organiser and administrators may do that.")
    return _("Only administrators may do that.")
