"""What keeps an accepted annotation from being published, and in which words that is said.

The checks are those of EDM and of `shapes/publication.ttl`; what they refuse stays accepted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from server.commit import Desk
from server.domain import publication_entities, publications, shapes, statements
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.domain.publication_entities import Said
from server.i18n import _
from server.index.items import ItemRow
from server.names import DCTERMS

Reason = Literal["gone", "private", "embargo", "field", "name", "shape"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an annotation (an IRI) of an item (an IRI) is not published; `words` of a shape."""

    iri: str
    item: str
    reason: Reason
    words: str = ""


def about_item(
    desk: Desk, campaign: Campaign, row: ItemRow | None, item: str, today: date
) -> Reason | None:
    """What keeps everything about an item from being public; None where nothing does."""
    if row is None or row.gone:
        return "gone"
    if row.dataset != "public":
        return "private"
    days = [day for iri, day in campaign.embargoes if iri == item]
    available = statements.about(desk, "public", NamedNode(item)).get(DCTERMS.available, ())
    days += [day for each in available if (day := _day(each)) is not None]
    return "embargo" if any(today < day for day in days) else None


def _day(value: Any) -> date | None:
    """The first day of `dcterms:available`: of `2027`, `2027-05`, `2027-05-01`; else None."""
    text = value.value.strip()[:10] if isinstance(value, ox.Literal) else ""
    for end in ("", "-01", "-01-01"):
        try:
            return date.fromisoformat(text + end)
        except ValueError:
            continue
    return None


def about_value(annotation: Annotation, said: Said) -> Reason | None:
    """Whether its value may stand in its field; `said` is what its vocabulary says of the term."""
    value = publications.enriching(annotation)
    if not isinstance(value, NamedNode) or value.value.startswith(f"{annotation.iri}#"):
        return None
    if not publication_entities.is_named(said):
        return "name"
    known = publication_entities.class_of(said)
    return None if publication_entities.fits(NamedNode(annotation.field), known) else "field"


def about_statements(said: Iterable[tuple[Any, NamedNode, Any]]) -> str:
    """What the shape of publications finds wrong with them, in words; "" where nothing is."""
    triples = (Triple(s, p, o) for s, p, o in said)
    found = shapes.problems(shapes.load("publication").validate(triples))
    return found[0].message if found else ""


def words(reason: Reason) -> str:
    """Why it is refused, as people say it."""
    return {
        "gone": _("The object, or the value that it is about, is no longer there."),
        "private": _("The object is in a private collection."),
        "embargo": _("The object is under embargo."),
        "field": _(
            "The value is of another kind than its field holds, such as a place for a person."
        ),
        "name": _("The value has no name in the public data."),
        "shape": _("It breaks a rule of the published data."),
    }[reason]
