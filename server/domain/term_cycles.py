"""Whether terms would stand below themselves."""

from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import statements
from server.errors import Invalid, Problem
from server.i18n import _
from server.names import SKOS

_MOST = 2_000  # terms above one; a tree with more above one is nobody's


def require_no_cycle(desk: Desk, broader: Mapping[str, Iterable[str]]) -> None:
    """Raises Invalid where one of the terms would stand below itself.

    `broader` is what some terms are about to say; others say what stands.
    """
    looked_up: dict[str, list[str]] = {}
    sound: set[str] = set()  # what no cycle goes through, so that nothing above them is either
    for iri, parents in broader.items():
        queue = dict.fromkeys(each for each in parents if each not in sound)
        waiting = list(queue)
        while waiting and len(queue) <= _MOST:
            each = waiting.pop()
            if each == iri:
                message = _("The term {iri} would stand below itself (a cycle).", iri=iri)
                raise Invalid(message, (Problem("broader", message),))
            if each not in broader and each not in looked_up:
                looked_up[each] = _standing(desk, each)
            above = broader[each] if each in broader else looked_up[each]
            new = [one for one in above if one not in queue and one not in sound]
            queue.update(dict.fromkeys(new))
            waiting += new
        if not waiting:
            sound.add(iri)


def _standing(desk: Desk, iri: str) -> list[str]:
    said = statements.about(desk, "public", NamedNode(iri))
    return [each.value for each in said.get(SKOS.broader, []) if isinstance(each, NamedNode)]
