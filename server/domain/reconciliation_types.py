"""The types of terms: all are concepts; a vocabulary may say more."""

from dataclasses import dataclass

from server.commit import Desk
from server.domain import reconciliation_services as services
from server.domain.reconciliation_services import Service
from server.i18n import _
from server.index import labels
from server.index.folding import fold
from server.names import CH, GN, SKOS
from server.viewers import PUBLIC

CONCEPT = SKOS.Concept.value
#: What every vocabulary says of itself or its terms, and nobody narrows a query by.
_HOUSEKEEPING = (CONCEPT, SKOS.ConceptScheme.value, CH.Vocabulary.value)


@dataclass(frozen=True, slots=True)
class Type:
    identifier: str
    name: str
    broader: tuple[str, ...] = ()


def concept() -> Type:
    """What every term is."""
    return Type(CONCEPT, _("Term"))


def named(desk: Desk, iris: list[str], language: str) -> dict[str, Type]:
    """The types with these IRIs, named by the vocabularies here where they are terms themselves."""
    shown = labels.labels_of(PUBLIC, desk.index, iris, language)
    known = _names()
    found = {}
    for iri in iris:
        name = known.get(iri) or (shown[iri][0] if iri in shown else _tail(iri))
        above = (CONCEPT,) if iri != CONCEPT else ()
        found[iri] = Type(iri, name, above)
    return found


def find_types(desk: Desk, service: Service, prefix: str, language: str) -> list[Type]:
    """The types in a vocabulary whose name or identifier has words that begin with the prefix."""
    wanted = fold(prefix)
    classes = [iri for iri in services.types_of(desk, service) if iri not in _HOUSEKEEPING]
    every = named(desk, [CONCEPT, *classes], language).values()
    return [
        each
        for each in every
        if not wanted or f" {wanted}" in f" {fold(each.name)} {fold(_tail(each.identifier))}"
        or each.identifier == prefix
    ]  # fmt: skip


def _tail(iri: str) -> str:
    return iri.rstrip("/").replace("#", "/").rpartition("/")[2] or iri


def _names() -> dict[str, str]:
    """Of the types that many vocabularies have; GeoNames' classes by what they hold."""
    classes = {
        "A": _("Country, state, region"),
        "H": _("Stream, lake, sea"),
        "L": _("Park, area"),
        "P": _("City, village"),
        "R": _("Road, railway"),
        "S": _("Spot, building, farm"),
        "T": _("Mountain, hill, rock"),
        "U": _("Undersea"),
        "V": _("Forest, heath"),
    }
    return {CONCEPT: concept().name, **{GN[code].value: name for code, name in classes.items()}}
