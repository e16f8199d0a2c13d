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
    for iri, parents in broader.items():
        queue = list(dict.fromkeys(parents))
        for each in queue:
            if each == iri:
                message = _("The term {iri} would stand below itself (a cycle).", iri=iri)
                raise Invalid(message, (Problem("broader", message),))
            above = broader[each] if each in broader else _standing(desk, each)
            known = set(queue)
            queue += [one for one in above if one not in known]
            if len(queue) > _MOST:
                break


def _standing(desk: Desk, iri: str) -> list[str]:
    said = statements.about(desk, "public", NamedNode(iri))
    return [each.value for each in said.get(SKOS.broader, []) if isinstance(each, NamedNode)]
